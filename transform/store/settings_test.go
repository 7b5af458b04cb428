package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/store"
)

// TestSandbox runs SQL that reaches for what is not in the store: each statement is refused,
// nothing of it is on the disk afterwards, and the store answers as before.
func TestSandbox(t *testing.T) {
	for _, mode := range []string{"file", "read only", "memory"} {
		t.Run(mode, func(t *testing.T) {
			ctx, dir := t.Context(), t.TempDir()
			path := filepath.Join(dir, "work", "store.duckdb")
			if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			secret := filepath.Join(dir, "secret.csv")
			if err := os.WriteFile(secret, []byte("name\nAna\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			link := filepath.Join(dir, "work", "link.csv")
			if err := os.Symlink(secret, link); err != nil {
				t.Fatal(err)
			}
			s, err := store.Open(ctx, map[bool]string{true: "", false: path}[mode == "memory"])
			if err != nil {
				t.Fatal(err)
			}
			if mode == "read only" {
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				if s, err = store.OpenReadOnly(ctx, path); err != nil {
					t.Fatal(err)
				}
			}
			defer func() {
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			}()
			temp := fmt.Sprintf("%s.tmp-%d", path, os.Getpid())
			for _, q := range []string{
				`SELECT * FROM read_text('/etc/passwd')`, `SELECT * FROM read_blob('/etc/passwd')`, `SELECT * FROM '/etc/passwd'`,
				`SELECT * FROM read_csv('/etc/passwd')`, `SELECT * FROM read_json('/etc/passwd')`, `SELECT * FROM read_parquet('/etc/passwd')`,
				`SELECT * FROM read_csv('` + secret + `')`, `FROM '` + secret + `'`, `SELECT * FROM read_csv('` + link + `')`,
				`SELECT * FROM sniff_csv('` + secret + `')`, `SELECT * FROM glob('/etc/*')`, `SELECT * FROM glob('` + dir + `/*')`,
				`SELECT * FROM parquet_metadata('` + secret + `')`, `SELECT * FROM read_text('` + dir + `/work/../secret.csv')`,
				`SELECT * FROM read_text('` + temp + `/../../secret.csv')`, `SELECT * FROM read_text('file://` + secret + `')`,
				`SELECT * FROM read_csv('http://127.0.0.1:1/x.csv')`, `SELECT * FROM read_text('/proc/self/environ')`, `SELECT getenv('HOME')`,
				`COPY (SELECT 1) TO '` + dir + `/out.csv'`, `COPY (SELECT 1) TO '` + dir + `/out.parquet' (FORMAT parquet)`, `COPY (SELECT 1) TO '/dev/stdout'`,
				`COPY submission FROM '` + secret + `'`, `EXPORT DATABASE '` + dir + `/exported'`, `IMPORT DATABASE '` + dir + `'`,
				`ATTACH '` + dir + `/other.duckdb' AS other`, `ATTACH '` + secret + `' AS other (READ_ONLY)`, `ATTACH 'ducklake:` + dir + `/x' AS lake`,
				`INSTALL httpfs`, `INSTALL excel FROM community`, `INSTALL '` + dir + `/x.duckdb_extension'`, `LOAD httpfs`, `LOAD '` + dir + `/x.duckdb_extension'`, `UPDATE EXTENSIONS`,
				`SET enable_external_access = true`, `SET GLOBAL enable_external_access = true`, `RESET enable_external_access`, `SET lock_configuration = false`, `RESET lock_configuration`,
				`SET allowed_directories = ['/']`, `SET allowed_paths = ['/etc/passwd']`, `SET memory_limit = '100GB'`, `SET threads = 64`, `SET temp_directory = '` + dir + `'`,
				`SET allow_unsigned_extensions = true`, `SET autoinstall_known_extensions = true`, `SET custom_extension_repository = 'http://127.0.0.1:1'`,
				`SET extension_directory = '` + dir + `'`, `SET secret_directory = '` + dir + `'`, `SET home_directory = '` + dir + `'`, `PRAGMA memory_limit = '100GB'`, `PRAGMA threads = 64`,
				`CREATE PERSISTENT SECRET s (TYPE http, BEARER_TOKEN 'x')`, `PRAGMA enable_profiling = 'json'`, `SET profiling_output = '` + dir + `/p.json'`,
				`SET log_query_path = '` + dir + `/log'`,
				`SELECT 1; COPY (SELECT 1) TO '` + dir + `/stacked.csv'`,
			} {
				if err := drain(ctx, s.DB(), q); err == nil {
					t.Errorf("not refused: %s", q)
				}
			}
			var n int
			if err := s.DB().QueryRowContext(ctx, "SELECT count(*) FROM submission").Scan(&n); err != nil || n != 0 {
				t.Errorf("%d submissions, %v", n, err)
			}
			// This one breaks the connections for whoever runs it, and writes nothing.
			_ = drain(ctx, s.DB(), `CALL enable_logging(storage = 'file', storage_path = '`+dir+`/logs')`)
			var there []string
			for _, d := range []string{dir, filepath.Dir(path)} {
				entries, err := os.ReadDir(d)
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range entries {
					there = append(there, e.Name())
				}
			}
			want := []string{"secret.csv", "work", "link.csv"}
			if mode != "memory" {
				want = append(want, "store.duckdb", filepath.Base(temp))
			}
			if d := cmp.Diff(want, there); d != "" {
				t.Errorf("files (-want +got):\n%s", d)
			}
		})
	}
}

// drain runs a statement and takes all that it gives.
func drain(ctx context.Context, db *sql.DB, q string) error {
	rows, err := db.QueryContext(ctx, q)
	if err != nil {
		return err
	}
	for rows.Next() {
	}
	return errors.Join(rows.Err(), rows.Close())
}

// TestSandboxKeepsWorking: with files out of reach the store still writes its own, its log
// and its temporary ones, while another transaction is open, and is opened twice.
func TestSandboxKeepsWorking(t *testing.T) {
	ctx, path := t.Context(), filepath.Join(t.TempDir(), "store.duckdb")
	for range 5 { // the order of the options is random
		s, err := store.Settings{Memory: "64MB", Threads: 2}.Open(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		again, err := store.Settings{Memory: "64MB", Threads: 2}.Open(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		tx, err := again.DB().BeginTx(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		var n int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM submission").Scan(&n); err != nil {
			t.Fatal(err)
		}
		// Committed beside an open transaction, it goes to the log.
		if err := drain(ctx, s.DB(), "CREATE OR REPLACE TABLE scratch AS SELECT range AS i, md5(range::VARCHAR) AS t FROM range(1_000_000)"); err != nil {
			t.Fatal(err)
		}
		if err := tx.Rollback(); err != nil {
			t.Fatal(err)
		}
		for _, q := range []string{
			"CHECKPOINT",
			"CREATE OR REPLACE TABLE sorted AS SELECT t, i FROM scratch ORDER BY t", // more than 64 MB: it spills
			"DROP TABLE sorted", "DROP TABLE scratch", "CHECKPOINT",
		} {
			if err := drain(ctx, s.DB(), q); err != nil {
				t.Fatalf("%s: %v", q, err)
			}
		}
		if err := errors.Join(again.Close(), s.Close()); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// TestTooLittleMemory: what DuckDB can't do with its memory says so; the transaction is
// undone and the store as it was.
func TestTooLittleMemory(t *testing.T) {
	ctx, path := t.Context(), filepath.Join(t.TempDir(), "store.duckdb")
	s, err := store.Settings{Memory: "64MB"}.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	if err := drain(ctx, s.DB(), "INSERT INTO run VALUES ('run-1', now(), 'test', 'go test')"); err != nil {
		t.Fatal(err)
	}
	tx, err := s.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Conn().ExecContext(ctx, "INSERT INTO run VALUES ('run-2', now(), 'test', 'go test')"); err != nil {
		t.Fatal(err)
	}
	_, err = tx.Conn().ExecContext(ctx, "SELECT len(list(md5(range::VARCHAR))) FROM range(10_000_000)") // a list can't spill
	if err := store.Explained(err); !errors.Is(err, store.ErrMemory) {
		t.Errorf("10,000,000 texts in 64 MB: %v", err)
	}
	if err := errors.Join(tx.Rollback(), s.Close()); err != nil {
		t.Error(err)
	}
	s, err = store.OpenReadOnly(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	var runs string
	if err := s.DB().QueryRowContext(ctx, "SELECT string_agg(run_id) FROM run").Scan(&runs); err != nil || runs != "run-1" {
		t.Errorf("runs %q, %v", runs, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestSweep: what a killed process left of temporary files goes when the store is next
// opened for writing; what is not ours stays.
func TestSweep(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	path := filepath.Join(dir, "store.duckdb")
	for _, name := range []string{path + ".tmp-1", path + ".tmp", path + ".tmp-mine", path + ".tmpx", filepath.Join(dir, "other.duckdb.tmp-1")} {
		if err := os.Mkdir(name, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(name, "duckdb_temp_storage-0.tmp"), []byte("rows"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := store.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(fmt.Sprintf("%s.tmp-%d", path, os.Getpid()))
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder for temporary files: %v, %v", info, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	var left []string
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		left = append(left, e.Name())
	}
	if want := "other.duckdb.tmp-1 store.duckdb store.duckdb.tmp-mine store.duckdb.tmpx"; err != nil || strings.Join(left, " ") != want {
		t.Errorf("left: %v, %v; want %s", left, err, want)
	}
}

// TestReadOnlyFolder: where no folder for temporary files can be made, a store is read without one.
func TestReadOnlyFolder(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	path := filepath.Join(dir, "store.duckdb")
	s, err := store.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	// A file in its place stands for a folder that may not be written: root may write any.
	if err := os.WriteFile(fmt.Sprintf("%s.tmp-%d", path, os.Getpid()), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err = store.OpenReadOnly(ctx, path); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestSettings(t *testing.T) {
	for _, tt := range []struct {
		s    store.Settings
		want string
	}{
		{store.Settings{}, ""},
		{store.Settings{Memory: "64MB", Threads: 1}, ""},
		{store.Settings{Memory: "1 GiB", Threads: 1024}, ""},
		{store.Settings{Memory: "63MB"}, "want 64MB or more"},
		{store.Settings{Memory: "2"}, "want a number with MB or GB"},
		{store.Settings{Memory: "80%"}, "want a number with MB or GB"},
		{store.Settings{Memory: "2GB&enable_external_access=true"}, "want a number with MB or GB"},
		{store.Settings{Memory: "2GB\n"}, "want a number with MB or GB"},
		{store.Settings{Threads: -1}, "want a number from 1 to 1024"},
		{store.Settings{Threads: 5000}, "want a number from 1 to 1024"},
	} {
		err := tt.s.Check()
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: %v; want %q", tt.s, err, tt.want)
		}
	}
}
