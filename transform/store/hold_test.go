package store_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/store"
)

// TestHold: the current observations are the same held and worked out, now and
// as the store stood on a day before its newest files.
func TestHold(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "store.duckdb")
	s, err := store.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile("../../reports/testdata/fixture.sql")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.DB().ExecContext(ctx, string(b)); err != nil {
		t.Fatal(err)
	}
	days := lines(t, s, `SELECT strftime(received_at, '%Y-%m-%d') FROM submission ORDER BY 1`)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	const current = `SELECT obs_id FROM observation_current ORDER BY ALL`
	counts := map[int]bool{}
	for _, day := range []string{"", days[len(days)/2]} {
		at, _ := time.Parse(time.DateOnly, day) // the zero time is now
		r, err := store.OpenAsOf(ctx, path, at)
		if err != nil {
			t.Fatal(err)
		}
		want := lines(t, r, current)
		if err := r.Hold(ctx); err != nil {
			t.Fatal(err)
		}
		counts[len(want)] = true
		if d := cmp.Diff(want, lines(t, r, current)); d != "" || len(want) == 0 {
			t.Errorf("as of %q (-view +held): %s", day, d)
		}
		if n := lines(t, r, `SELECT count(*)::VARCHAR FROM duckdb_views() WHERE view_name = 'observation_current' AND database_name = 'temp'`); n[0] != "0" {
			t.Error("the view of the day still stands")
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if len(counts) < 2 {
		t.Error("nothing is newer than that day: the test tests nothing")
	}
}
