package harmonize_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/harmonize"
	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/store"
)

// noted gives, of a note on each of the places, the observations that it goes with.
func noted(t *testing.T, s *store.Store, submission string, places []record.Place) [][]int64 {
	t.Helper()
	ctx := context.Background()
	conn, err := s.DB().Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for i, p := range places {
		if _, err := conn.ExecContext(ctx, "INSERT INTO note VALUES (?, ?, 'TIP-V020', ?, ?, '', 'es', 'así es')", submission, i, p.Sheet, p.Cell); err != nil {
			t.Fatal(err)
		}
	}
	if err := harmonize.Notes(ctx, conn, submission); err != nil {
		t.Fatal(err)
	}
	rows, err := conn.QueryContext(ctx, "SELECT note_seq, obs_id FROM observation_note ORDER BY ALL")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := make([][]int64, len(places))
	for rows.Next() {
		var i int
		var id int64
		if err := rows.Scan(&i, &id); err != nil {
			t.Fatal(err)
		}
		out[i] = append(out[i], id)
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
			places := []record.Place{{}} // the whole file
			want := map[record.Place][]int64{}
			names := map[int64]string{}
			for _, o := range tracedObservations(t, s, id) {
				names[o.id] = fmt.Sprint(o.id, " ", o.key(), " ", o.text["step"], " ", o.derivation)
				want[places[0]] = append(want[places[0]], o.id)
				for _, c := range o.from.Cells {
					if c.Place.File = ""; o.derivation != "counted" {
						if want[c.Place] == nil {
							places = append(places, c.Place)
						}
						want[c.Place] = append(want[c.Place], o.id)
					}
				}
			}
			label := func(ids []int64) (out []string) {
				for _, id := range slices.Compact(ids) {
					out = append(out, names[id])
				}
				return out
			}
			for i, ids := range noted(t, s, id, places) {
				if len(ids) != len(slices.Compact(slices.Clone(ids))) {
					t.Errorf("a note on %v stands twice: %v", places[i], ids)
				}
				if d := cmp.Diff(label(want[places[i]]), label(ids)); d != "" {
					t.Errorf("a note on %v (-traced +noted):\n%s", places[i], d)
				}
			}
		})
	}
}
