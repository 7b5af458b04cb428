package reports

import (
	"context"
	"database/sql"
	"os"
	"testing"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/store"
)

// fixture opens a store in memory, made by the store's own migrations and
// filled by testdata/fixture.sql.
func fixture(t testing.TB) *sql.DB {
	t.Helper()
	s, err := store.Open(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	b, err := os.ReadFile("testdata/fixture.sql")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.DB().ExecContext(context.Background(), string(b)); err != nil {
		t.Fatal(err)
	}
	return s.DB()
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
