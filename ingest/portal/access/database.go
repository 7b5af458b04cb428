package access

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/oas/tipstat/transform/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// ErrInUse says that another process, or another Control of this one, holds the file.
var ErrInUse = errors.New("the accounts are in use by another process")

var claimed sync.Map // files that a Control of this process holds

// claim takes a file for this process's use: DuckDB keeps other processes from it, but would
// give it to us twice, and two writers would each go on from their own end of the log.
func claim(path string) (func(), error) {
	dir, err := filepath.Abs(filepath.Dir(path))
	if err == nil {
		dir, err = filepath.EvalSymlinks(dir)
	}
	if err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	key := filepath.Join(dir, filepath.Base(path))
	if _, held := claimed.LoadOrStore(key, true); held {
		return nil, fmt.Errorf("%w: %s", ErrInUse, path)
	}
	return func() { claimed.Delete(key) }, nil
}

// openFile opens the database. A new one is made in a folder for its owner alone and then
// moved, since DuckDB makes files that others may read.
func openFile(ctx context.Context, path string) (*sql.DB, error) {
	_, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		err = makeFile(ctx, path)
	}
	if err == nil {
		err = os.Chmod(path, 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("accounts %s can't be opened: %w", path, err)
	}
	db, err := openDuckDB(ctx, path, "READ_WRITE")
	if err != nil {
		return nil, err
	}
	err = errors.Join(sweep(path), privateLog(path))
	if err == nil {
		err = migrate(ctx, db)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("accounts %s: %w", path, err), db.Close())
	}
	return db, nil
}

// making begins the names of folders in which a file is made.
func making(path string) string { return "." + filepath.Base(path) + ".new-" }

// sweep removes what processes that were killed left of such folders. Whoever has opened the
// file is alone with it, and needs none.
func sweep(path string) error {
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return err
	}
	for _, e := range left {
		if e.IsDir() && strings.HasPrefix(e.Name(), making(path)) {
			if err := os.RemoveAll(filepath.Join(filepath.Dir(path), e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

func makeFile(ctx context.Context, path string) (err error) {
	dir, err := os.MkdirTemp(filepath.Dir(path), making(path))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	made := filepath.Join(dir, filepath.Base(path))
	db, err := openDuckDB(ctx, made, "READ_WRITE")
	if err != nil {
		return err
	}
	if err := errors.Join(migrate(ctx, db), db.Close(), os.Chmod(made, 0o600)); err != nil {
		return err
	}
	// A link, since a file that another process has made meanwhile is not to be lost.
	err = os.Link(made, path)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

// checkpointAt is how long DuckDB's log grows before it goes into the file; tests make it short.
var checkpointAt = "16MB"

// openDuckDB opens a file as the store is opened: SQL reaches its tables and nothing else.
func openDuckDB(ctx context.Context, path, mode string) (*sql.DB, error) {
	q := url.Values{"memory_limit": {"256MB"}, "threads": {"1"}, "checkpoint_threshold": {checkpointAt}, "access_mode": {mode}}
	store.NoExtensions(q)
	connector, err := duckdb.NewConnector(path+"?"+q.Encode(), nil)
	if err != nil {
		if strings.Contains(err.Error(), "Conflicting lock") {
			return nil, fmt.Errorf("%w: %s: %w", ErrInUse, path, err)
		}
		return nil, fmt.Errorf("accounts %s can't be opened: %w", path, err)
	}
	db := sql.OpenDB(connector)
	db.SetMaxIdleConns(8)
	_, err = db.ExecContext(ctx, "SET temp_directory = ''; SET enable_external_access = false; SET lock_configuration = true")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("accounts %s can't be opened: %w", path, err), db.Close())
	}
	return db, nil
}

// migrate brings the tables up to date.
func migrate(ctx context.Context, db *sql.DB) error {
	changed, err := store.Migrate(ctx, db, migrations)
	if err != nil || !changed {
		return err
	}
	_, err = db.ExecContext(ctx, `CHECKPOINT`) // leave no DDL in DuckDB's log
	return err
}

// change is one transaction that writes.
type change struct {
	tx   *sql.Tx
	ctx  context.Context
	c    *Control
	now  time.Time
	head Anchor
}

// write runs one transaction; no other writes meanwhile. A caller that goes away while it
// waits is left out; once begun the transaction is ended, so that nobody can drop the
// connection to have a failure not counted.
func (c *Control) write(ctx context.Context, do func(*change) error) (err error) {
	select {
	case c.writing <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-c.writing }()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeFor)
	defer cancel()
	if c.stale {
		if c.head, err = lastRow(ctx, c.db); err != nil {
			return fmt.Errorf("audit log: %w", err)
		}
		c.stale = false
	}
	if err := privateLog(c.path); err != nil {
		return fmt.Errorf("accounts: %w", err)
	}
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("accounts: %w", err)
	}
	w := &change{tx: tx, ctx: ctx, c: c, now: c.now(), head: c.head}
	if err := do(w); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	c.stale = true // until it is known to be written
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("accounts: %w", err)
	}
	c.head, c.stale = w.head, false
	return nil
}

// privateLog makes DuckDB's log of changes for its owner alone, before DuckDB makes it for
// everyone: it is there no more after each checkpoint.
func privateLog(path string) error {
	f, err := os.OpenFile(path+".wal", os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// exec runs a statement and gives the number of rows that it touched.
func (w *change) exec(query string, args ...any) (int64, error) {
	r, err := w.tx.ExecContext(w.ctx, query, args...)
	if err != nil {
		return 0, fmt.Errorf("accounts: %w", err)
	}
	n, err := r.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("accounts: %w", err)
	}
	return n, nil
}

// all runs statements that take the same argument.
func (w *change) all(arg any, queries ...string) error {
	for _, q := range queries {
		if _, err := w.exec(q, arg); err != nil {
			return err
		}
	}
	return nil
}

// scan reads one row; found is false where there is none.
func (w *change) scan(query string, args []any, into ...any) (found bool, err error) {
	return scan(w.ctx, w.tx, query, args, into...)
}

// reader is a database or a transaction.
type reader interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func scan(ctx context.Context, r reader, query string, args []any, into ...any) (found bool, err error) {
	err = r.QueryRowContext(ctx, query, args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("accounts: %w", err)
	}
	return true, nil
}

// list reads all rows of a query.
func list[T any](ctx context.Context, r reader, query string, args []any, row func(func(...any) error) (T, error)) (out []T, err error) {
	rows, err := r.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		v, err := row(rows.Scan)
		if err != nil {
			return nil, fmt.Errorf("accounts: %w", err)
		}
		out = append(out, v)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	return out, nil
}
