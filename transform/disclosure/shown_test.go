package disclosure

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/disclosure/audit"
)

// reread gives decisions as the next run finds them.
func reread(t *testing.T, d *Decisions) *Decisions {
	t.Helper()
	b, err := d.JSON(nil)
	if err != nil {
		t.Fatal(err)
	}
	again, err := ReadDecisions(b)
	if err != nil {
		t.Fatal(err)
	}
	return again
}

// TestShown: what was made before and what is made after newer files came in tell no
// next to no more together than apart, though nobody names what was made before. What is
// left are older figures that revisions tell (see the package's limits).
func TestShown(t *testing.T) {
	opt := options(t)
	tables := randomTables(t, opt.Codes, 7100, 60, shapes) // of fewer the share that is told says little
	r := rand.New(rand.NewPCG(15, 16))
	later := slices.Clone(tables)
	for i := range later {
		later[i] = later[i].revised(r)
	}
	// told counts the figures that both tell too narrowly, but for older ones that the
	// first printed itself.
	told := func(remember bool) (n int) {
		opt := opt
		opt.Decisions, _ = ReadDecisions(nil)
		first, _ := protected(t, tables, opt)
		before := readable(t, first, "first")
		opt.Decisions = reread(t, opt.Decisions)
		if !remember {
			opt.Decisions, _ = ReadDecisions(nil)
		}
		second, _ := protected(t, later, opt)
		after := readable(t, second, "second")
		was := map[audit.Key]audit.Cell{}
		for _, c := range before.Cells {
			was[c.Key] = c
		}
		_, report := attacked(t, opt, after, before)
		for _, f := range report.Findings {
			if b := was[f.Key]; f.Verdict != audit.Safe && (b.Hidden || math.IsInf(b.Upper, 1)) {
				n++
			}
		}
		return n
	}
	without, with := told(false), told(true)
	t.Logf("with memory %d figures are told, %d without", with, without)
	if without < 5 {
		t.Error("without memory next to nothing is told: the test tests nothing")
	}
	if with*20 > without {
		t.Errorf("with memory %d figures are told, %d without", with, without)
	}
}

// TestLooser: who asks for less is shown more; who asks for the same is not, and what
// was shown meanwhile hides nothing.
func TestLooser(t *testing.T) {
	opt := options(t)
	opt.Decisions, _ = ReadDecisions(nil)
	withheld := func(threshold float64) int {
		opt := opt
		opt.Policy.Threshold = threshold
		opt.Decisions = reread(t, opt.Decisions)
		s, err := Protect(t.Context(), held(t), opt)
		if err != nil {
			t.Fatal(err)
		}
		opt.Decisions = reread(t, opt.Decisions)
		return s.Primary + s.Secondary
	}
	five, three := withheld(5), withheld(3)
	if three >= five {
		t.Errorf("under a threshold of 3 %d are withheld, of 5 %d", three, five)
	}
}

// TestMerged: of two runs that write at once, what both decided and showed is kept.
func TestMerged(t *testing.T) {
	one, _ := ReadDecisions(nil)
	two, _ := ReadDecisions(nil)
	for i, d := range []*Decisions{one, two} {
		d.add([]string{"a", "b"}[i], decision{Group: "g", Withheld: []int64{int64(i)}})
		d.since["g"] = shown{map[string][]float64{"x": {float64(7 + i)}}, map[string][]string{"asks": {[]string{"p", "q"}[i]}}}
	}
	there := reread(t, one)
	b, err := two.JSON(there)
	if err != nil {
		t.Fatal(err)
	}
	var f file
	if err := json.Unmarshal(b, &f); err != nil {
		t.Fatal(err)
	}
	want := map[string]shown{"g": {map[string][]float64{"x": {7, 8}}, map[string][]string{"asks": {"p", "q"}}}}
	if d := cmp.Diff(want, f.Shown); d != "" || len(f.Decisions) != 2 {
		t.Errorf("%d decisions; shown (-want +got)\n%s", len(f.Decisions), d)
	}
}
