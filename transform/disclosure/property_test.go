package disclosure

import (
	"context"
	"database/sql"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/disclosure/audit"
)

// protected runs the whole chain over tables, in a store of their own.
func protected(t testing.TB, tables []*randomTable, opt Options) (*sql.DB, Summary) {
	t.Helper()
	db := storeOf(t, opt.Codes, tables)
	s, err := Protect(context.Background(), db, opt)
	if err != nil {
		t.Fatal(err)
	}
	return db, s
}

// attacked gives what the attacker finds of hidden cells, by observation.
func attacked(t testing.TB, opt Options, pubs ...audit.Published) (map[int64]audit.Finding, *audit.Report) {
	t.Helper()
	r, err := audit.Run(context.Background(), pubs, audit.Options{Codes: opt.Codes, Wholes: opt.Policy.Wholes(), Among: opt.Policy.Among, Protection: opt.Policy.Protection})
	if err != nil {
		t.Fatal(err)
	}
	found := map[int64]audit.Finding{}
	for _, f := range r.Findings {
		found[f.Obs] = f
	}
	return found, r
}

func (t *randomTable) group() group {
	return group{state: t.state, indicator: t.indicator, year: t.year}
}

// censored tells whether its reporter withheld any of its figures.
func (t *randomTable) censored() bool {
	return slices.ContainsFunc(t.cells, func(c randomCell) bool { return c.told })
}

// mustHide tells whether a count is small, as far as its reporter told it.
func (c randomCell) mustHide(p Policy) bool { return !c.told && c.value > 0 && c.value < p.Threshold }

// TestRandomTables: of a thousand random tables, of two to four dimensions, with
// hierarchies and linked to others by cells that they share, an outsider who has all
// that can be read, and who shares no code with what withholds, can tell no hidden
// cell more narrowly than the policy says.
func TestRandomTables(t *testing.T) {
	n := 1000
	if testing.Short() {
		n = 120
	}
	opt := options(t)
	var err error
	if opt.Decisions, err = ReadDecisions(nil); err != nil {
		t.Fatal(err)
	}
	tables := randomTables(t, opt.Codes, 0, n, shapes)
	db, s := protected(t, tables, opt)
	found, r := attacked(t, opt, readable(t, db, "random"))
	if len(s.Unsafe) > 0 || r.Weakened+r.Dropped+r.Contradicted > 0 {
		t.Errorf("wholly withheld: %v; constraints of consistent tables that gave way: %d, %d, %d", s.Unsafe, r.Weakened, r.Dropped, r.Contradicted)
	}
	mended := map[string]int{}
	for _, d := range opt.Decisions.byKey {
		mended[d.Group] = d.Mended
	}
	count := map[string]int{}
	for _, tb := range tables {
		count[tb.shape]++
		count["censored"] += oneIf(tb.censored())
		count["without zeros"] += oneIf(tb.sparse)
		if mended[tb.group().String()] > 0 {
			count["mended"]++
			// The suppressor alone withholds enough, where zeros are printed: it makes no
			// cells that are not, as the attacker does.
			if !tb.sparse {
				t.Errorf("%s: the attacker told what the suppressor took for safe, and %d more were withheld", tb, mended[tb.group().String()])
			}
		}
		for _, c := range tb.cells {
			count["cells"]++
			f, hidden := found[c.id]
			if !hidden {
				if c.mustHide(opt.Policy) || c.told {
					t.Errorf("%s: %v is %v, and stands", tb, c.key, c.value)
				}
				continue
			}
			count["hidden"]++
			if f.Verdict != audit.Safe || c.value < f.Lower || c.value > f.Upper {
				t.Errorf("%s: %v is %v, inferred %v: %s", tb, c.key, c.value, f.Bounds, f.Verdict)
			}
			if !c.mustHide(opt.Policy) {
				continue
			}
			// Small ones have more: the width of the threshold, and the threshold itself
			// within it. What its reporter told of others may leave less.
			count["small"]++
			if f.Width() < opt.Policy.Threshold || f.Upper < opt.Policy.Threshold {
				if count["small, narrower"]++; !tb.censored() && !tb.sparse {
					t.Errorf("%s: %v is %v, inferred %v, narrower than the threshold", tb, c.key, c.value, f.Bounds)
				}
			}
			count["small, not 0"] += oneIf(f.Lower > 0)
		}
	}
	t.Logf("%v", count)
	for _, s := range shapes {
		if count[s.name] == 0 {
			t.Errorf("no table of shape %s", s.name)
		}
	}
	if count["mended"] > n/80 {
		t.Errorf("%d of %d tables needed mending", count["mended"], n)
	}
	if count["hidden"] < 15*n || count["small"] < 4*n {
		t.Errorf("%v: the tables test little", count)
	}
}

func oneIf(b bool) int {
	if b {
		return 1
	}
	return 0
}

// TestSameByAll: one worker or two, decisions kept or not, the same is withheld.
func TestSameByAll(t *testing.T) {
	opt := options(t)
	n := 60
	if testing.Short() {
		n = 30
	}
	tables := randomTables(t, opt.Codes, 5000, n, shapes)
	withheld := func(workers int) []string {
		t.Helper()
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(workers))
		db, _ := protected(t, tables, opt)
		return texts(t, db, "SELECT obs_id::VARCHAR FROM withheld ORDER BY obs_id")
	}
	var err error
	if opt.Decisions, err = ReadDecisions(nil); err != nil {
		t.Fatal(err)
	}
	one := withheld(1)
	kept, err := opt.Decisions.JSON(nil)
	if err != nil || len(one) < n || !opt.Decisions.Moved() {
		t.Fatalf("%d withheld, %v", len(one), err)
	}
	opt.Decisions = nil
	slices.Reverse(tables) // as rows are stored does not matter either
	if d := cmp.Diff(one, withheld(2)); d != "" {
		t.Errorf("with two workers (-one +two):\n%s", d)
	}
	if opt.Decisions, err = ReadDecisions(kept); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(one, withheld(2)); d != "" || opt.Decisions.Moved() {
		t.Errorf("with decisions kept (-without +with): %s; anything decided anew: %t", d, opt.Decisions.Moved())
	}
}

// TestMarginsNotPrinted: where a zero total is not printed, the parts below it that
// were told as under 5 are zero for whoever subtracts the other parts from the total
// of all. The suppressor knows sums of printed cells alone; the attacker finds it, and
// more is withheld.
func TestMarginsNotPrinted(t *testing.T) {
	opt := options(t)
	five := 4.0
	tb := &randomTable{shape: "margin", state: "HND", indicator: "VICTIMS_DETECTED", year: 2020}
	for i, c := range []struct {
		form, citizen string
		value         float64
		told          bool
	}{
		{"SEXUAL", "BRA", 0, true}, {"LABOUR", "BRA", 202, false}, {"LABOUR", "COL", 0, true}, {"LABOUR", "HND", 44, false},
		{"SEXUAL", "_T", 0, true}, {"LABOUR", "_T", 246, false}, {"_T", "BRA", 202, false}, {"_T", "HND", 44, false}, {"_T", "_T", 246, false},
	} {
		tb.cells = append(tb.cells, randomCell{id: int64(i + 1), key: [dims]string{"_T", "_T", c.form, c.citizen, "_T", "_T", "_T", "2020"},
			agency: "UNODC", value: c.value, told: c.told, upper: five})
	}
	db, s := protected(t, []*randomTable{tb}, opt)
	if s.Mended == 0 {
		t.Error("the suppressor alone hides it now: TestRandomTables may ask for it of all tables")
	}
	for id, f := range first(attacked(t, opt, readable(t, db, "margin"))) {
		if f.Verdict != audit.Safe {
			t.Errorf("%d: %s %v; withheld %s", id, f.Verdict, f.Bounds, strings.Join(texts(t, db, "SELECT obs_id::VARCHAR FROM withheld"), " "))
		}
	}
}

func first[A, B any](a A, _ B) A { return a }
