package harmonize_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/harmonize"
	"github.com/oas/tipstat/transform/store"
)

// noted gives the observations that a note on a cell goes with.
func noted(t *testing.T, s *store.Store, submission, sheet, cell string) map[int64]bool {
	t.Helper()
	ctx := context.Background()
	for _, q := range []string{"DELETE FROM note", "DELETE FROM observation_note", "INSERT INTO note SELECT submission_id, 1, 'TIP-V020', '" + sheet + "', '" + cell + "', '', 'es', 'así es' FROM submission"} {
		if _, err := s.DB().ExecContext(ctx, q); err != nil {
			t.Fatal(err)
		}
	}
	conn, err := s.DB().Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := harmonize.Notes(ctx, conn, submission); err != nil {
		t.Fatal(err)
	}
	rows, err := conn.QueryContext(ctx, "SELECT obs_id FROM observation_note")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[int64]bool{}
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		if out[id] {
			t.Errorf("%d has the note twice", id)
		}
		out[id] = true
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestNotes: in every fixture a note on a cell goes with the observations that
// Trace finds to be made from it, and a note on the whole file with all.
func TestNotes(t *testing.T) {
	for _, name := range fixtures(t) {
		fx := readFixture(t, name)
		t.Run(fx.name, func(t *testing.T) {
			s := openStore(t, 1)
			id := take(t, s, fx)
			want := map[[2]string][]string{}
			keys := map[int64]string{}
			for _, o := range tracedObservations(t, s, id) {
				keys[o.id] = fmt.Sprint(o.id, " ", o.key(), " ", o.text["step"], " ", o.derivation)
				if o.derivation == "counted" {
					continue
				}
				for _, c := range o.from.Cells {
					want[[2]string{c.Place.Sheet, c.Place.Cell}] = append(want[[2]string{c.Place.Sheet, c.Place.Cell}], keys[o.id])
				}
			}
			for at, traced := range want {
				var got []string
				for obs := range noted(t, s, id, at[0], at[1]) {
					got = append(got, keys[obs])
				}
				slices.Sort(got)
				slices.Sort(traced)
				if d := cmp.Diff(slices.Compact(traced), got); d != "" {
					t.Errorf("a note on %s %s (-traced +noted):\n%s", at[0], at[1], d)
				}
			}
			if got := noted(t, s, id, "", ""); len(got) != len(keys) {
				t.Errorf("a note on the file goes with %d of %d observations: %v", len(got), len(keys), slices.Collect(maps.Keys(got)))
			}
		})
	}
}
