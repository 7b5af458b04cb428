package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/store"
)

// TestMain: with HOLD_STORE set the test binary is another process that opens
// the store of that name and holds it until its standard input ends.
func TestMain(m *testing.M) {
	path := os.Getenv("HOLD_STORE")
	if path == "" {
		os.Exit(m.Run())
	}
	s, err := store.Open(context.Background(), path)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("held")
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		os.Exit(1)
	}
	if err := s.Close(); err != nil {
		os.Exit(1)
	}
}

// open opens a store that is closed at the end of the test.
func open(t *testing.T, path string) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// lines runs a query of one column of text.
func lines(t *testing.T, s *store.Store, query string, args ...any) []string {
	t.Helper()
	rows, err := s.DB().QueryContext(context.Background(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := []string{}
	for rows.Next() {
		var x string
		if err := rows.Scan(&x); err != nil {
			t.Fatal(err)
		}
		out = append(out, x)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// catalogue gives what stands in the store: tables, views, columns, comments,
// macros (which DuckDB prints with other quotes after reading them from the file).
func catalogue(t *testing.T, s *store.Store) []string {
	t.Helper()
	return lines(t, s, `SELECT concat_ws('|', table_name, column_name, data_type, is_nullable, comment) FROM duckdb_columns() WHERE NOT internal
		UNION ALL SELECT concat_ws('|', table_name, comment) FROM duckdb_tables()
		UNION ALL SELECT concat_ws('|', view_name, comment) FROM duckdb_views() WHERE NOT internal
		UNION ALL SELECT concat_ws('|', function_name, parameters::VARCHAR, replace(macro_definition, '"', '')) FROM duckdb_functions() WHERE NOT internal
		ORDER BY ALL`)
}

func TestMigrationsApplyOnce(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "store.duckdb")
	s, err := store.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob("migrations/*.sql")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	if d := cmp.Diff(names, lines(t, s, `SELECT name FROM schema_migration ORDER BY name`)); d != "" {
		t.Errorf("migrations (-want +got):\n%s", d)
	}
	before := catalogue(t, s)
	put(t, s, sample("a"), nil)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		s, err = store.Open(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(before, catalogue(t, s)); d != "" {
			t.Errorf("opening again changed the store (-before +after):\n%s", d)
		}
		if n := len(lines(t, s, `SELECT submission_id FROM submission`)); n != 1 {
			t.Errorf("%d submissions after opening again", n)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff(before, catalogue(t, open(t, ""))); d != "" {
		t.Errorf("a store in memory differs (-file +memory):\n%s", d)
	}
}

// TestLocked: a store that another process holds says so, and who it is; when
// that process is gone, even killed, the store opens.
func TestLocked(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "store.duckdb")
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(exe)
	child.Env = append(os.Environ(), "HOLD_STORE="+path)
	stdin, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	stdout, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if line, _ := bufio.NewReader(stdout).ReadString('\n'); line != "held\n" {
		t.Fatalf("the other process says %q", line)
	}
	for name, openIt := range map[string]func(context.Context, string) (*store.Store, error){"Open": store.Open, "OpenReadOnly": store.OpenReadOnly} {
		_, err := openIt(ctx, path)
		if !errors.Is(err, store.ErrLocked) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, part := range []string{path, fmt.Sprintf("(PID %d)", child.Process.Pid), filepath.Base(exe)} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: the error does not say %s: %v", name, part, err)
			}
		}
		if strings.Contains(err.Error(), "duckdb.org") {
			t.Errorf("%s: the error sends one to DuckDB's pages: %v", name, err)
		}
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // killed
	open(t, path)
}

// TestOpenReadOnly: several readers at once; nothing can be written.
func TestOpenReadOnly(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "store.duckdb")
	if _, err := store.OpenReadOnly(ctx, path); err == nil || !strings.Contains(err.Error(), "tipstat init") || !strings.Contains(err.Error(), path) {
		t.Errorf("a store that is not there: %v", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("reading made a file: %v", err)
	}
	s, err := store.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, sample("a"), nil)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		r, err := store.OpenReadOnly(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := r.Close(); err != nil {
				t.Error(err)
			}
		}()
		if n := len(lines(t, r, `SELECT submission_id FROM submission`)); n != 1 {
			t.Errorf("%d submissions", n)
		}
		if _, err := r.DB().ExecContext(ctx, `DELETE FROM submission`); err == nil {
			t.Error("a reader can delete")
		}
	}
}

// TestNotAStore: other files are refused with their name, and left as they are.
func TestNotAStore(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	for name, content := range map[string]string{"text.duckdb": "Año;Víctimas\n2023;12\n", "zeros.duckdb": strings.Repeat("\x00", 5000), "one.duckdb": "x"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		for how, openIt := range map[string]func(context.Context, string) (*store.Store, error){"Open": store.Open, "OpenReadOnly": store.OpenReadOnly} {
			if _, err := openIt(ctx, path); err == nil || !strings.Contains(err.Error(), path) || errors.Is(err, store.ErrLocked) {
				t.Errorf("%s %s: %v", how, name, err)
			}
		}
		if b, err := os.ReadFile(path); err != nil || string(b) != content {
			t.Errorf("%s was changed (%v)", name, err)
		}
	}
	if _, err := store.Open(ctx, filepath.Join(dir, "no", "such", "folder", "s.duckdb")); err == nil {
		t.Error("a store in no folder opens")
	}
	// A DuckDB file of another program, or of an older tipstat.
	path := filepath.Join(dir, "other.duckdb")
	s, err := store.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.DB().ExecContext(ctx, `DELETE FROM schema_migration`); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := store.OpenReadOnly(ctx, path); !errors.Is(err, store.ErrNotStore) || !strings.Contains(err.Error(), path) {
		t.Errorf("a store without our migrations: %v", err)
	}
}

// TestNoNetwork: an ingestion never waits for an extension to be fetched.
func TestNoNetwork(t *testing.T) {
	s := open(t, "")
	got := lines(t, s, `SELECT name || '=' || value FROM duckdb_settings() WHERE name LIKE 'auto%_known_extensions' ORDER BY name`)
	if d := cmp.Diff([]string{"autoinstall_known_extensions=false", "autoload_known_extensions=false"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	start := time.Now()
	if _, err := s.DB().Exec(`SELECT * FROM read_xlsx('x.xlsx')`); err == nil || time.Since(start) > 5*time.Second {
		t.Errorf("read_xlsx after %v: %v", time.Since(start), err)
	}
}
