package disclosure

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/oas/tipstat/transform/disclosure/audit"
)

// persons gives, for each finest combination of codes of a table, whether a cell counts
// those of it.
func (t *randomTable) persons(key [dims]string) []float64 {
	of := []float64{1}
	for _, a := range t.axes {
		var next []float64
		for _, x := range of {
			for i, c := range a.finest {
				in := 0.0
				if key[a.dim] == c {
					in = x
				}
				for _, above := range a.above {
					for _, j := range above.of {
						if key[a.dim] == above.id && j == i {
							in = x
						}
					}
				}
				next = append(next, in)
			}
		}
		of = next
	}
	return of
}

// TestRemainders: of tables that lack parts at random, none tells a small count to
// whoever adds and subtracts printed figures, whatever persons it counts: men, or those
// that are neither girls nor adult men. All groups of persons are tried.
func TestRemainders(t *testing.T) {
	n := 200
	if testing.Short() {
		n = 50
	}
	opt := options(t)
	var small []shape
	for _, s := range shapes {
		if s.name == "two" || s.name == "two-wide" || s.name == "three" {
			small = append(small, s)
		}
	}
	tables := randomTables(t, opt.Codes, 60_000, n, small)
	for i, tb := range tables {
		r := rand.New(rand.NewPCG(uint64(i), 9))
		kept := tb.cells[:0]
		for _, c := range tb.cells { // of one source, in figures
			if c.agency == "UNODC" && (len(kept) == 0 && c.key == tb.dated([dims]string{"_T", "_T", "_T", "_T", "_T", "_T", "_T", "%"}) || r.Float64() < 0.6) {
				c.told = false
				kept = append(kept, c)
			}
		}
		tb.cells = kept
	}
	db, s := protected(t, tables, opt)
	found, _ := attacked(t, opt, readable(t, db, "random"))
	tried, bare, told := 0, 0, 0
	for _, tb := range tables {
		if len(tb.finest) > 12 {
			continue
		}
		all := leftOver(tb, nil)
		hidden := map[int64]bool{}
		for id := range found {
			hidden[id] = true
		}
		for _, x := range leftOver(tb, hidden) {
			t.Logf("%s: %s", tb, x)
			told++
		}
		tried, bare = tried+1, bare+oneIf(len(all) > 0)
	}
	t.Logf("%d tables, of which %d would tell; %d withheld for others, %d mended", tried, bare, s.Secondary, s.Mended)
	if told > 0 {
		t.Errorf("%d groups of few persons can be worked out", told)
	}
	if tried < n/3 || bare < tried/3 {
		t.Error("the tables test little")
	}
}

// leftOver gives the groups of persons of whom figures that are not hidden tell that they
// are few: none of those of a hidden figure, which has its interval.
func leftOver(t *randomTable, hidden map[int64]bool) (list []string) {
	width := len(t.finest)
	var rows []float64
	var veiled []int // the persons of each hidden figure
	n := 0
	for _, c := range t.cells {
		of := t.persons(c.key)
		if hidden[c.id] {
			persons := 0
			for i, in := range of {
				persons |= int(in) << i
			}
			veiled = append(veiled, persons)
			continue
		}
		rows = append(rows, of...)
		n++
	}
	if n == 0 {
		return nil
	}
	// What the figures tell is what is orthogonal to all that they leave open.
	var svd mat.SVD
	if !svd.Factorize(mat.NewDense(n, width, rows), mat.SVDFullV) {
		panic("no decomposition")
	}
	var v mat.Dense
	svd.VTo(&v)
	rank := svd.Rank(1e-9)
	for set := 1; set < 1<<width; set++ {
		count := 0.0
		for i := range width {
			if set>>i&1 == 1 {
				count += t.finest[i]
			}
		}
		if count < 1 || count > 4 || open(set, veiled, count) {
			continue
		}
		told := true
		for k := rank; k < width && told; k++ {
			dot := 0.0
			for i := range width {
				if set>>i&1 == 1 {
					dot += v.At(i, k)
				}
			}
			told = math.Abs(dot) < 1e-9
		}
		if told {
			list = append(list, fmt.Sprintf("%v of %012b", count, set))
		}
	}
	return list
}

// open tells whether what is left is open by as much as is asked for: a hidden figure is
// some of it, and may be any from 0 to 4.
func open(set int, veiled []int, count float64) bool {
	return slices.ContainsFunc(veiled, func(of int) bool { return of&set == of && of != set && count == 4 })
}

// TestRemainderOf: of what tells a small count of persons by subtraction, something is
// withheld; of the rest nothing is.
func TestRemainderOf(t *testing.T) {
	for name, tt := range map[string]struct {
		withheld bool
		figures  []one
	}{
		"neither women nor adults": {true, []one{{Value: 60}, {Sex: "F", Value: 40}, {Age: "Y_GE18", Value: 50}, {Sex: "F", Age: "Y_GE18", Value: 33}}},
		"and figures of a third dimension": {true, []one{{Value: 60}, {Sex: "F", Value: 40}, {Age: "Y_GE18", Value: 50}, {Sex: "F", Age: "Y_GE18", Value: 33},
			{Sex: "M", Exploitation: "LABOUR", Value: 12}, {Age: "Y0T17", Exploitation: "SEXUAL", Value: 5}}},
		"by sex 54, by age 52, no total":              {true, []one{{Sex: "F", Value: 41}, {Sex: "M", Value: 13}, {Age: "Y0T17", Value: 10}, {Age: "Y_GE18", Value: 42}}},
		"by sex 52, by age 54, no total":              {true, []one{{Sex: "F", Value: 41}, {Sex: "M", Value: 11}, {Age: "Y0T17", Value: 10}, {Age: "Y_GE18", Value: 44}}},
		"total in one form, parts in another":         {true, []one{{Value: 64}, {Submission: "dump", Sex: "F", Value: 42}, {Submission: "dump", Sex: "M", Value: 20}}},
		"total and women in one form, men in another": {true, []one{{Value: 64}, {Sex: "F", Value: 42}, {Submission: "dump", Sex: "M", Value: 20}}},
		"adults, men and boys":                        {true, []one{{Age: "Y_GE18", Value: 13}, {Sex: "M", Value: 48}, {Sex: "M", Age: "Y0T17", Value: 37}, {Sex: "F", Age: "Y_GE18", Value: 2}}},
		"at least 60, 54 by sex, 52 adults":           {false, []one{{Value: 60, Missing: 1}, {Sex: "F", Value: 41}, {Sex: "M", Value: 13}, {Age: "Y_GE18", Value: 52}}},
		"all is printed, and large":                   {false, []one{{Value: 64}, {Sex: "F", Value: 40}, {Sex: "M", Value: 24}, {Age: "Y0T17", Value: 30}, {Age: "Y_GE18", Value: 34}}},
	} {
		t.Run(name, func(t *testing.T) {
			opt := options(t)
			hidden, pub := published(t, opt, tt.figures)
			withheld := false
			for _, h := range hidden {
				withheld = withheld || h
			}
			if _, r := attacked(t, opt, pub); r.Failed() > 0 || withheld != tt.withheld {
				t.Errorf("withheld %v, and %d can be told: %v", hidden, r.Failed(), r.Failing())
			}
		})
	}
}

// TestRemainderPrintedBefore: what an earlier pack told already is not a reason to withhold
// what does not tell it; that it is told is said.
func TestRemainderPrintedBefore(t *testing.T) {
	figures := []one{{Value: 64}, {Sex: "F", Age: "Y0T17", Value: 30}, {Sex: "F", Age: "Y_GE18", Value: 12}, {Sex: "M", Age: "Y0T17", Value: 20}, {Exploitation: "SEXUAL", Value: 25}, {Exploitation: "LABOUR", Value: 39}}
	opt := options(t)
	db := storeOf(t, opt.Codes, nil)
	put(t, db, linked(figures))
	hold(t, db)
	before := readable(t, db, "last")
	before.Cells = slices.DeleteFunc(before.Cells, func(c audit.Cell) bool { return c.Key[audit.Exploitation] != "_T" })
	opt.Earlier = NewEarlier([]audit.Published{before})
	s, err := Protect(t.Context(), db, opt)
	if err != nil {
		t.Fatal(err)
	}
	if s.Primary+s.Secondary+s.Unseen > 0 || len(s.Exposed) != 1 {
		t.Errorf("%+v: want nothing withheld, and one group that is told by the last pack", s)
	}
	if _, r := attacked(t, opt, readable(t, db, "pack")); r.Failed() != 1 {
		t.Errorf("%d can be told, not that one alone: %v", r.Failed(), r.Failing())
	}
}
