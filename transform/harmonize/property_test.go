package harmonize_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/oas/tipstat/transform/harmonize"
	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/store"
)

// world is what really happened: persons by sex, age band, form, place and
// quarter. A file tells of it with censoring and gaps.
type world struct {
	counts map[[5]string]float64 // sex, age, form, place, period
}

var (
	sexes   = []string{"F", "M"}
	bands   = []string{"Y0T11", "Y12T17", "Y_GE18"}
	forms   = []string{"SEXUAL", "BEGGING", "ORGAN_REMOVAL"}
	towns   = []string{"Lima", "Puno"}
	seasons = []string{"2023-Q1", "2023-Q2", "2023-Q3", "2023-Q4"}
	parents = map[string]string{"Y0T11": "Y0T17", "Y12T17": "Y0T17", "BEGGING": "OTHER", "ORGAN_REMOVAL": "OTHER"}
)

// truth is the real number of persons under a key.
func (w world) truth(sex, age, form, period string) float64 {
	under := func(code, want string) bool { return want == "_T" || code == want || parents[code] == want }
	n := 0.0
	for k, v := range w.counts {
		if under(k[0], sex) && under(k[1], age) && under(k[2], form) && strings.HasPrefix(k[4], period) {
			n += v
		}
	}
	return n
}

// told makes a file of the world. Every part is in it; each is a figure, a
// censored one (<5), split into two reports where repeats add, or nothing.
func (w world) told(t *testing.T, rng *rand.Rand, name string, adds bool, sick float64) *fixture {
	repeats := "conflict"
	if adds {
		repeats = "add"
	}
	fx := parseFixture(t, name, "repeats "+repeats+"\npartition total SEX AGE EXPLOITATION\n")
	row := 0
	say := func(k [5]string, v record.Value) {
		row++
		f := record.Figure{RowNo: row, Cell: record.CellName(row, 2), Raw: v.String(), Breakdown: "total", Role: "figure", AreaDetail: k[3],
			Concepts: record.NewConcepts(), Value: v}
		for id, text := range base {
			c, _ := record.ConceptOf(id)
			f.Concepts[c] = text
		}
		for i, id := range []string{"SEX", "AGE", "EXPLOITATION", "", "TIME_PERIOD", "FREQ", "OBS_STATUS"} {
			if id == "" {
				continue
			}
			c, _ := record.ConceptOf(id)
			f.Concepts[c] = append(k[:], freqOf(k[4]), string(v.Status))[i]
		}
		fx.figures = append(fx.figures, f)
	}
	quantity := func(n float64) record.Value {
		switch {
		case rng.Float64() < sick:
			return record.Missing([]record.ObsStatus{record.NotAvailable, record.NotCollected, record.Suppressed}[rng.IntN(3)])
		case n < 5 && rng.Float64() < 0.3:
			return record.Censored(0, 4)
		}
		return record.Exact(n)
	}
	for _, sex := range sexes {
		for _, band := range bands {
			for _, form := range forms {
				for _, town := range towns {
					for _, season := range seasons {
						k := [5]string{sex, band, form, town, season}
						if adds && w.counts[k] > 1 && rng.IntN(3) == 0 {
							say(k, quantity(1))
							say(k, quantity(w.counts[k]-1))
							continue
						}
						say(k, quantity(w.counts[k]))
					}
				}
			}
		}
	}
	return fx
}

// TestSumsHoldTheTruth: whatever a file holds back, no sum that is made of its
// parts excludes the real number; and what it gives in full is summed exactly.
func TestSumsHoldTheTruth(t *testing.T) {
	s := openStore(t, 2)
	for _, c := range []struct {
		adds  bool
		sick  float64
		trace bool
	}{{false, 0, false}, {false, 0.02, false}, {true, 0, true}, {true, 0.05, false}, {false, 0.5, false}, {true, 0.5, false}} {
		name := fmt.Sprintf("adds=%v sick=%v", c.adds, c.sick)
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(26, uint64(len(name))))
			w := world{counts: map[[5]string]float64{}}
			for _, sex := range sexes {
				for _, band := range bands {
					for _, form := range forms {
						for _, town := range towns {
							for _, season := range seasons {
								w.counts[[5]string{sex, band, form, town, season}] = float64(rng.IntN(12))
							}
						}
					}
				}
			}
			fx := w.told(t, rng, name, c.adds, c.sick)
			id := take(t, s, fx)
			os := observations(t, s, "observation", id)
			if c.trace {
				fx.traceSome(t, s, os)
			}
			made := map[string]int{}
			for _, o := range os {
				made[o.text["step"]]++
				truth := w.truth(o.text["SEX"], o.text["AGE"], o.text["EXPLOITATION"], o.text["TIME_PERIOD"])
				if o.lower.Valid && o.lower.Float64 > truth || o.upper.Valid && o.upper.Float64 < truth || o.value.Valid && o.value.Float64 != truth {
					t.Errorf("%s (%s, over %s): %s, in truth %v", o.key(), o.text["step"], o.over, o.quantity(), truth)
				}
				if o.value.Valid && (o.lower != o.value || o.upper != o.value) {
					t.Errorf("%s: value %v, bounds %v %v", o.key(), o.value, o.lower, o.upper)
				}
				if (o.missing > 0) == o.upper.Valid {
					t.Errorf("%s: upper bound %v with %d missing", o.key(), o.upper, o.missing)
				}
				if c.sick == 0 && !o.upper.Valid {
					t.Errorf("%s: nothing is missing in the file, and there is no upper bound", o.key())
				}
			}
			for _, step := range []string{"20_places", "25_months", "40_rollup_age", "41_rollup_exploitation", "50_totals"} {
				if made[step] == 0 {
					t.Errorf("step %s made nothing", step)
				}
			}
			preferredOnce(t, os)
		})
	}
}

// traceSome traces the sums of places, which together must reach every figure,
// and every twentieth of the others.
func (fx *fixture) traceSome(t *testing.T, s *store.Store, os []observation) {
	t.Helper()
	var leaves []observation
	for i, o := range os {
		leaf := o.text["step"] == "20_places"
		if !leaf && i%20 != 0 {
			continue
		}
		p, err := harmonize.Trace(context.Background(), s.DB(), o.id)
		if err != nil {
			t.Fatal(err)
		}
		o.from = p
		fx.traced(t, o)
		if leaf {
			leaves = append(leaves, o)
		}
	}
	fx.reached(t, leaves)
}

// preferredOnce: a key has one row that tables use.
func preferredOnce(t *testing.T, os []observation) {
	t.Helper()
	n := map[string]int{}
	for _, o := range os {
		key := ""
		for _, c := range []string{"FREQ", "REF_AREA", "INDICATOR", "SEX", "AGE", "EXPLOITATION", "CITIZENSHIP", "ORIGIN", "TRANSIT", "DESTINATION",
			"TIME_PERIOD", "UNIT_MEASURE", "COUNTING_UNIT", "VICTIM_STATUS"} {
			key += " " + o.text[c]
		}
		n[key] += 0
		if o.preferred {
			n[key]++
		}
	}
	for key, k := range n {
		if k != 1 {
			t.Errorf("%s: %d preferred rows", key, k)
		}
	}
}
