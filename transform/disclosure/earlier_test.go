package disclosure

import (
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
// withheld stays withheld, and who has both packs can tell no more than who has one,
// but for what the earlier one tells.
func TestEarlierPack(t *testing.T) {
	n := 150
	if testing.Short() {
		n = 40
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
	db, s := protected(t, later, opt)
	after := readable(t, db, "second")
	_, report := attacked(t, opt, before, after)
	found := map[audit.Key]audit.Finding{}
	for _, f := range report.Findings {
		found[f.Key] = f
	}
	t.Logf("%+v, %v, weakened %d dropped %d", s, report.ByVerdict, report.Weakened, report.Dropped)
	now := map[int64]audit.Cell{}
	for _, c := range after.Cells {
		now[c.Obs] = c
	}
	count := map[string]int{}
	for k, tb := range later {
		for _, c := range tb.cells {
			a := now[c.id]
			b := was[a.Key]
			printed := b.Lower == b.Upper
			switch count["cells"]++; {
			case c.mustHide(opt.Policy) && !a.Hidden:
				t.Errorf("%s: %v is %v, and stands; before %v", tb, c.key, c.value, b)
			case printed && b.Lower == c.value && a.Hidden:
				t.Errorf("%s: %v is %v, was printed before and is withheld now", tb, c.key, c.value)
			case b.Hidden && b.Upper > 4 && !a.Hidden:
				t.Errorf("%s: %v is %v, was withheld before and is printed now", tb, c.key, c.value)
			}
			f, ok := found[a.Key]
			if !ok {
				continue
			}
			if f.Verdict != audit.Safe {
				t.Errorf("%s revised %t: %v is %v, inferred %v: %s; before %v, now %v", tb, tables[k] != tb, c.key, c.value, f.Bounds, f.Verdict, b, a)
			}
		}
	}
}
