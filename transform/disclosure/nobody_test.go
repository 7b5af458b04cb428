package disclosure

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/oas/tipstat/transform/disclosure/audit"
)

// fewKinds makes case rows of a State of which there are few kinds, so that most
// combinations of two breakdowns are of nobody: what is counted of them, and the
// combinations that are not there.
func fewKinds(r *rand.Rand) (counted []one, nobody [][3]string) {
	axes := [3][]string{{"F", "M", "_U"}, {"Y0T17", "Y_GE18", "_U"}, {"SEXUAL", "LABOUR", "MULTIPLE", "_U"}}
	of, printed := map[[3]string]int{}, map[[3]string]bool{}
	kinds := 2 + r.IntN(5)
	for range kinds {
		var kind [3]string
		for d, codes := range axes {
			kind[d] = codes[min(r.IntN(len(codes)), r.IntN(len(codes)))]
		}
		n := 1 + r.IntN(6)
		if r.IntN(3) > 0 {
			n += 5 + r.IntN(40)
		}
		for by := range 8 {
			key := [3]string{"_T", "_T", "_T"}
			broken := 0
			for d := range axes {
				if by&(1<<d) != 0 {
					key[d] = kind[d]
					broken++
				}
			}
			if broken < 3 {
				of[key] += n
				printed[key] = true
			}
		}
	}
	byCodes := func(a, b [3]string) int { return slices.Compare(a[:], b[:]) }
	for _, key := range slices.SortedFunc(maps.Keys(of), byCodes) {
		counted = append(counted, one{Derivation: "counted", Sex: key[0], Age: key[1], Exploitation: key[2], Value: float64(of[key])})
	}
	for d, codes := range axes {
		e := (d + 1) % len(axes)
		for _, a := range codes {
			for _, b := range axes[e] {
				key := [3]string{"_T", "_T", "_T"}
				key[d], key[e] = a, b
				if !printed[key] {
					nobody = append(nobody, key)
				}
			}
		}
	}
	return counted, nobody
}

// TestNobody: whoever guesses all combinations of case rows that nobody was counted of,
// or works them out (of 31 women 31 were exploited sexually), can tell nothing that is
// withheld, even if told which combinations are.
func TestNobody(t *testing.T) {
	n := 30
	if testing.Short() {
		n = 30
	}
	opt := options(t)
	hiddenCells := 0
	for seed := range n {
		counted, nobody := fewKinds(rand.New(rand.NewPCG(uint64(seed), 7)))
		hidden, pub := published(t, opt, counted)
		layout := pub.Cells[0].Key
		printed := map[int64]bool{}
		for _, c := range pub.Cells {
			printed[c.Obs] = true
		}
		add := func(obs int64, sex, age, exploitation string) {
			c := audit.Cell{Obs: obs, Key: layout, Whole: true}
			for name, code := range map[string]string{"SEX": sex, "AGE": age, "EXPLOITATION": exploitation} {
				c.Key.Set(name, code)
			}
			if obs > 0 {
				hiddenCells++
				c.Hidden = true
				c.Lower, c.Upper = audit.NoBounds()
			}
			c.Place.File = "guessed"
			pub.Cells = append(pub.Cells, c)
		}
		for _, x := range linked(counted) {
			if !printed[x.ID] {
				add(x.ID, x.Sex, x.Age, x.Exploitation)
			}
		}
		for _, key := range nobody {
			add(0, key[0], key[1], key[2])
		}
		if _, r := attacked(t, opt, pub); r.Failed() > 0 {
			var all string
			for _, x := range linked(counted) {
				all += fmt.Sprintf("\n%s %s %s: %v withheld %t", x.Sex, x.Age, x.Exploitation, x.Value, hidden[x.ID-990_000])
			}
			t.Errorf("seed %d: %d can be told, as %v: %v;%s", seed, r.Failed(), r.Failing()[0].Key, r.Failing()[0].Bounds, all)
		}
	}
	t.Logf("%d withheld", hiddenCells)
	if hiddenCells < 3*n {
		t.Error("the tables test little")
	}
}
