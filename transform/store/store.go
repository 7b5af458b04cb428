package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/oas/tipstat/transform/record"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Store is an open store. It is safe for use by several goroutines; one
// submission is written at a time.
type Store struct {
	db      *sql.DB
	held    bool // Hold was called
	path    string
	temp    string        // folder that DuckDB may fill where memory is short
	writing chan struct{} // holds one token while a submission is written
}

// ErrNotStore says that a DuckDB file is not a store of this tipstat.
var ErrNotStore = errors.New("not a store of this version of tipstat")

// ErrLocked says that another process holds the store.
var ErrLocked = errors.New("the store is in use by another process")

// Open is Settings.Open with the defaults.
func Open(ctx context.Context, path string) (*Store, error) { return Settings{}.Open(ctx, path) }

// OpenReadOnly is Settings.OpenReadOnly with the defaults.
func OpenReadOnly(ctx context.Context, path string) (*Store, error) {
	return Settings{}.OpenReadOnly(ctx, path)
}

// OpenAsOf is Settings.OpenAsOf with the defaults.
func OpenAsOf(ctx context.Context, path string, day time.Time) (*Store, error) {
	return Settings{}.OpenAsOf(ctx, path, day)
}

// OpenReadOnly opens an existing store for reading; several processes may. What is
// withdrawn is not seen.
func (s Settings) OpenReadOnly(ctx context.Context, path string) (*Store, error) {
	return s.openBefore(ctx, path, time.Time{})
}

// OpenAll opens an existing store for reading, with what is withdrawn.
func (s Settings) OpenAll(ctx context.Context, path string) (*Store, error) {
	return s.openExisting(ctx, path, "")
}

// OpenAsOf opens an existing store for reading as it stood at the end of a day
// (UTC): submissions accepted later are not seen, and those that they
// superseded are current. The zero time is now.
func (s Settings) OpenAsOf(ctx context.Context, path string, day time.Time) (*Store, error) {
	if day.IsZero() {
		return s.OpenReadOnly(ctx, path)
	}
	return s.openBefore(ctx, path, day.AddDate(0, 0, 1))
}

// ErrNoRun says that no file was stored by a run.
var ErrNoRun = errors.New("no file was stored by it")

// OpenAfterRun opens an existing store for reading as it stood after a run had stored its
// files; ErrNoRun if it stored none.
func (s Settings) OpenAfterRun(ctx context.Context, path, run string) (_ *Store, err error) {
	now, err := s.OpenAll(ctx, path)
	if err != nil {
		return nil, err
	}
	var last sql.NullTime
	err = now.DB().QueryRowContext(ctx, "SELECT max(received_at) FROM submission WHERE run_id = $1", run).Scan(&last)
	if err := errors.Join(err, now.Close()); err != nil {
		return nil, err
	}
	if !last.Valid {
		return nil, ErrNoRun
	}
	return s.openBefore(ctx, path, last.Time.Add(time.Microsecond))
}

// openBefore opens an existing store for reading as it stood before a time; the zero time
// is now.
func (s Settings) openBefore(ctx context.Context, path string, before time.Time) (*Store, error) {
	if before.IsZero() {
		return s.openExisting(ctx, path, withdrawn)
	}
	return s.openExisting(ctx, path, strings.ReplaceAll(asOf, "{before}", before.UTC().Format("2006-01-02 15:04:05.999999")))
}

// openExisting opens a store for reading; what each connection sees of it is told by SQL.
func (s Settings) openExisting(ctx context.Context, path, sees string) (*Store, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("no store at %s: run tipstat init there first", path)
	}
	return s.open(ctx, path, true, sees)
}

var (
	//go:embed as_of.sql
	asOf string
	//go:embed withdrawn.sql
	withdrawn string
)

func (s Settings) open(ctx context.Context, path string, readOnly bool, sees string) (*Store, error) {
	temp := makeTemp(path)
	var each func(driver.ExecerContext) error
	if sees != "" {
		each = func(conn driver.ExecerContext) error { return show(ctx, conn, sees) }
	}
	connector, err := duckdb.NewConnector(s.dsn(path, temp, readOnly), each)
	if err != nil {
		return nil, errors.Join(openError(path, err), removeTemp(temp))
	}
	st := &Store{db: sql.OpenDB(connector), path: path, temp: temp, writing: make(chan struct{}, 1)}
	if err := lockdown(ctx, connector); err != nil {
		return nil, errors.Join(openError(path, err), st.Close())
	}
	if readOnly {
		if err := st.upToDate(ctx); err != nil {
			return nil, errors.Join(Explained(err), st.Close())
		}
		return st, nil
	}
	if err := st.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("store %s: %w", path, Explained(err)), st.Close())
	}
	if path != "" {
		if err := sweep(path); err != nil {
			return nil, errors.Join(fmt.Errorf("store %s: %w", path, err), st.Close())
		}
	}
	return st, nil
}

// show takes from a connection what it is not to see. A store that lacks what this goes by
// is left as it is: upToDate refuses it.
func show(ctx context.Context, conn driver.ExecerContext, sees string) error {
	q, ok := conn.(driver.QueryerContext)
	if !ok {
		return fmt.Errorf("unexpected connection %T", conn)
	}
	rows, err := q.QueryContext(ctx, "SELECT current_database(), (SELECT count(*) FROM duckdb_columns() WHERE table_name = 'submission' AND column_name = 'first_seq')", nil)
	if err != nil {
		return err
	}
	found := []driver.Value{"", int64(0)} // the name by which the file goes beside the temporary views
	if err := errors.Join(rows.Next(found), rows.Close()); err != nil || found[1] == int64(0) {
		return err
	}
	_, err = conn.ExecContext(ctx, strings.ReplaceAll(sees, "{file}", Quoted(fmt.Sprint(found[0]))), nil)
	return err
}

// Quoted writes a name as SQL does that may hold anything.
func Quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func openError(path string, err error) error {
	msg := err.Error()
	if strings.Contains(msg, "Conflicting lock") {
		holder := ""
		if i := strings.Index(msg, "held in "); i >= 0 {
			holder, _, _ = strings.Cut(msg[i+len("held in "):], ". ")
		}
		return fmt.Errorf("%w: %s is held by %s", ErrLocked, path, holder)
	}
	return fmt.Errorf("store %s can't be opened: %w", path, Explained(err))
}

// Close closes the store.
func (s *Store) Close() error { return errors.Join(s.db.Close(), removeTemp(s.temp)) }

// removeTemp removes the folder of temporary files. DuckDB has removed the files; where
// it has not, since the store is open in this process a second time, the folder stays.
func removeTemp(name string) error {
	if name == "" {
		return nil
	}
	err := os.Remove(name)
	if errors.Is(err, fs.ErrNotExist) || isFull(name) {
		return nil
	}
	return err
}

func isFull(name string) bool {
	left, err := os.ReadDir(name)
	return err == nil && len(left) > 0
}

//go:embed hold.sql
var hold string

// Hold works the current observations out once, for many tables that are made
// from one store: what is read after it comes from one connection, as the store
// stood then. (A pack of 77 tables from GLOTIP took 15 s of processor time
// without it and 6 s with it.) What is held already stays as it is.
func (s *Store) Hold(ctx context.Context) error {
	if s.held {
		return nil
	}
	s.db.SetMaxOpenConns(1) // the table is the connection's own
	s.db.SetConnMaxIdleTime(0)
	s.db.SetConnMaxLifetime(0)
	_, err := s.db.ExecContext(ctx, hold)
	s.held = err == nil
	return err
}

// DB gives the database for reading, as tables and reports do.
func (s *Store) DB() *sql.DB { return s.db }

// upToDate refuses a file that lacks one of our migrations: it can't be
// brought up to date without writing.
func (s *Store) upToDate(ctx context.Context) error {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	for _, name := range names {
		var n int
		err := s.db.QueryRowContext(ctx, `SELECT count(*) FROM schema_migration WHERE name = ?`, name).Scan(&n)
		switch {
		case errors.Is(Explained(err), ErrDamaged):
			return fmt.Errorf("%s: %w", s.path, err)
		case err != nil:
			return fmt.Errorf("%w: %s lacks %s: %w", ErrNotStore, s.path, name, err)
		case n == 0:
			return fmt.Errorf("%w: %s lacks %s; tipstat init on its folder brings it up to date", ErrNotStore, s.path, name)
		}
	}
	return nil
}

// migrate brings the store up to date.
func (s *Store) migrate(ctx context.Context) error {
	changed, err := Migrate(ctx, s.db, migrations)
	if err != nil || !changed {
		return err
	}
	err = s.describe(ctx)
	if err == nil && s.path != "" {
		// DuckDB has open faults in replaying DDL from its log: leave none there.
		_, err = s.db.ExecContext(ctx, `CHECKPOINT`)
	}
	return err
}

// describe comments what no migration does: the table of migrations, and the
// columns that are components of the data structure, in the words of
// record.Structure. COMMENT takes no parameters: the texts are our own data.
func (s *Store) describe(ctx context.Context) error {
	statements := []string{
		`COMMENT ON TABLE schema_migration IS 'One row: one migration that this store has seen.'`,
		`COMMENT ON COLUMN schema_migration.name IS 'File of the migration (transform/store).'`,
	}
	components, err := record.Structure()
	if err != nil {
		return err
	}
	about := map[string]string{}
	for _, c := range components {
		about[c.ID] = c.Name["en"] + "."
		if c.Codelist != "" {
			about[c.ID] = c.Name["en"] + ", a code of " + c.Codelist + "."
		}
	}
	rows, err := s.db.QueryContext(ctx, `SELECT table_name, column_name FROM duckdb_columns()
		WHERE NOT internal AND comment IS NULL AND table_name IN ('figure', 'case_row', 'observation') ORDER BY ALL`)
	if err != nil {
		return err
	}
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			return errors.Join(err, rows.Close())
		}
		if text, ok := about[column]; ok {
			statements = append(statements, fmt.Sprintf(`COMMENT ON COLUMN %s.%s IS '%s'`, table, column, strings.ReplaceAll(text, "'", "''")))
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	_, err = s.db.ExecContext(ctx, strings.Join(statements, ";\n"))
	return err
}
