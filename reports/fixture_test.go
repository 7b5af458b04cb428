package reports

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/oas/tipstat/reports/table"
)

// fixture opens a store in memory, made by the store's own migrations and
// filled by testdata/fixture.sql.
func fixture(t testing.TB) *sql.DB {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	migrations, err := filepath.Glob("../transform/store/migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(migrations, "testdata/fixture.sql") {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.ExecContext(context.Background(), string(b)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	return db
}

func build(t testing.TB, db *sql.DB, id string, p table.Params) *table.Table {
	t.Helper()
	specs, err := table.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range specs {
		if s.ID == id {
			tab, err := table.Build(context.Background(), db, s, p)
			if err != nil {
				t.Fatal(err)
			}
			return tab
		}
	}
	t.Fatalf("no table %s", id)
	return nil
}
