package disclosure

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/oas/tipstat/transform/disclosure/audit"
)

// revised gives a table as a later report has it: some of its figures changed, and all
// observations new. It leaves out another agency, which would have to change too.
func (t *randomTable) revised(r *rand.Rand) *randomTable {
	n := *t
	n.finest = slices.Clone(t.finest)
	for range 1 + r.IntN(3) {
		i := r.IntN(len(n.finest))
		if n.finest[i] > 0 || !t.sparse { // else the cells that it is in are not printed
			n.finest[i] = max(0, n.finest[i]+float64(r.IntN(11)-4))
		}
	}
	value := map[[dims]string]float64{}
	for _, axes := range n.prints {
		n.each(axes, func(key [dims]string, v float64) { value[n.dated(key)] = v })
	}
	n.cells = nil
	for _, c := range t.cells {
		if c.agency != "UNODC" {
			continue
		}
		c.id, c.value = c.id+500, value[c.key]
		c.told = c.told && c.value <= c.upper
		n.cells = append(n.cells, c)
	}
	return &n
}

// TestEarlierPack: what was printed before is printed again and hides nothing, what was
// withheld stays withheld, and small figures are withheld whatever was printed before.
// Whoever has both packs can tell no more than the earlier one tells of older figures,
// and where revisions tell, to withhold the group ends it.
func TestEarlierPack(t *testing.T) {
	n := 80
	if testing.Short() {
		n = 30
	}
	opt := options(t)
	tables := randomTables(t, opt.Codes, 7000, n, shapes)
	db, _ := protected(t, tables, opt)
	before := readable(t, db, "first")
	was := map[audit.Key]audit.Cell{}
	for _, c := range before.Cells {
		was[c.Key] = c
	}
	r := rand.New(rand.NewPCG(5, 6))
	later := slices.Clone(tables)
	for i := range later {
		if r.IntN(4) > 0 {
			later[i] = later[i].revised(r)
		}
	}
	opt.Earlier = NewEarlier([]audit.Published{before})
	count := map[string]int{}
	// told gives the tables of which more can be told than an earlier pack printed.
	told := func(later []*randomTable, opt Options) (bad []*randomTable) {
		db, _ := protected(t, later, opt)
		after := readable(t, db, "second")
		_, report := attacked(t, opt, after, before)
		found := map[audit.Key]audit.Finding{}
		for _, f := range report.Findings {
			found[f.Key] = f
		}
		now := map[int64]audit.Cell{}
		for _, c := range after.Cells {
			now[c.Obs] = c
		}
		for _, tb := range later {
			for _, c := range tb.cells {
				a := now[c.id]
				b := was[a.Key]
				printed := b.Lower == b.Upper
				switch count["cells"]++; {
				case c.mustHide(opt.Policy) && !a.Hidden:
					t.Errorf("%s: %v is %v, and stands; before %v", tb, c.key, c.value, b)
				case printed && b.Lower == c.value && a.Hidden && !opt.Whole[c.id]:
					t.Errorf("%s: %v is %v, was printed before and is withheld now", tb, c.key, c.value)
				case b.Hidden && math.IsInf(b.Upper, 1) && !a.Hidden:
					t.Errorf("%s: %v is %v, was withheld before and is printed now", tb, c.key, c.value)
				}
				switch f, hidden := found[a.Key]; {
				case !hidden || f.Verdict == audit.Safe:
				case printed && a.Hidden && b.Lower != c.value: // the earlier pack says what it was then
					count["an older figure is told"]++
				case !slices.Contains(bad, tb):
					bad = append(bad, tb)
				}
			}
		}
		return bad
	}
	bad := told(later, opt)
	t.Logf("%v; of %d of %d tables both packs together tell more", count, len(bad), n)
	if len(bad) > n/20 {
		t.Errorf("%d tables: more than there were so far: %v", len(bad), bad)
	}
	opt.Whole = map[int64]bool{}
	for _, tb := range bad {
		for _, c := range tb.cells {
			opt.Whole[c.id] = true
		}
	}
	if worse := told(bad, opt); len(worse) > 0 {
		t.Errorf("wholly withheld, and yet told: %v", worse)
	}
}
