package table

import (
	"math"
	"math/rand/v2"
	"testing"
)

// figure makes a quantity: one number is exact, two are bounds (NaN: unknown).
func figure(bounds ...float64) quantity {
	q := quantity{status: "A"}
	if len(bounds) == 0 {
		return quantity{status: "L"}
	}
	lower, upper := bounds[0], bounds[len(bounds)-1]
	if !math.IsNaN(lower) {
		q.lower = &lower
	}
	if !math.IsNaN(upper) {
		q.upper = &upper
	}
	return q
}

// hidden is a figure that is withheld.
var hidden = quantity{status: "Q"}

func values(parts ...quantity) (out []observation) {
	for _, p := range parts {
		out = append(out, observation{value: p})
	}
	return out
}

// TestWorstOfWithheld: the grade of a sum tells nothing of a part that is withheld.
func TestWorstOfWithheld(t *testing.T) {
	grade, reasons := worst([]observation{{value: figure(5), grade: "A"}, {value: hidden, grade: "B", reasons: []string{"value-censored"}}})
	if grade != "A" || len(reasons) > 0 {
		t.Errorf("grade %s, %v", grade, reasons)
	}
}

func TestDerived(t *testing.T) {
	open := math.NaN()
	w := newWriter("en", 1)
	for _, c := range []struct {
		what string
		got  quantity
		want string
	}{
		{"exact ratio", ratio(figure(40), figure(90), 100, 0), "44.4"},
		{"censored above", ratio(figure(0, 4), figure(40), 100, 0), "0.0–10.0"},
		{"censored below", ratio(figure(10), figure(1, 4), 100, 0), "250.0–1,000.0"},
		{"below may be nil", ratio(figure(10), figure(0, 4), 100, 0), "≥250.0"},
		{"below open", ratio(figure(10), figure(20, open), 100, 0), "≤50.0"},
		{"nil above", ratio(figure(0), figure(40), 100, 0), "-"},
		{"nil below", ratio(figure(3), figure(0), 100, 0), "..."},
		{"nothing known of either", ratio(figure(0, 4), figure(0, 4), 100, 0), ".."},
		{"above not collected", ratio(figure(), figure(40), 100, 0), "nc"},
		{"below not collected", ratio(figure(40), figure(), 100, 0), "nc"},
		{"change", ratio(figure(160), figure(1150), 100, -100), "-86.1"},
		{"no change", ratio(figure(7), figure(7), 100, -100), "-"},
		{"exact share", share(figure(100), figure(60), 100), "62.5"},
		{"share is tighter than a ratio", share(figure(8, 12), figure(148), 100), "5.1–7.5"},
		{"share of an open rest", share(figure(10), figure(30, open), 100), "0.0–25.0"},
		{"share that can be anything", share(figure(0, 4), figure(0, 4), 100), ".."},
		{"share of nil", share(figure(0), figure(0), 100), "..."},
		{"difference", difference(figure(12), figure(5, 8)), "4.0–7.0"},
		{"difference below zero", difference(figure(5, 8), figure(12)), "-7.0–-4.0"},
		{"difference to nothing", difference(figure(5), figure()), "nc"},
		{"sum", added([]observation{{value: figure(12)}, {value: figure(0, 4)}}), "12.0–16.0"},
		{"sum with a part missing", added([]observation{{value: figure(12)}, {value: figure()}}), "≥12.0"},
		{"sum of what is missing", added([]observation{{value: figure()}}), "nc"},
		{"sum of nothing", added(nil), ".."},
		{"sum of withheld parts", added(values(hidden, hidden)), "c"},
		{"sum of a withheld part and nil", added(values(figure(0), hidden)), "c"},
		{"sum of a withheld part and a range from nil", added(values(hidden, figure(0, 4))), "c"},
		{"sum of a withheld part and another", added(values(hidden, figure(5))), "≥5.0"},
		{"sum of a withheld part and one not collected", added(values(hidden, figure())), ".."},
		{"sum of a withheld part, nil and one not collected", added(values(figure(0), hidden, figure())), ".."},
		{"sum of parts missing for two reasons", added(values(figure(), quantity{status: "M"})), ".."},
		{"ratio to a withheld figure", ratio(figure(40), hidden, 100, 0), "c"},
		{"share of a withheld part", share(hidden, figure(0, 4), 100), "c"},
		{"share of a withheld rest and nil", share(figure(3), added(values(hidden, figure(0))), 100), "c"},
		{"ratio of a withheld figure to none", ratio(hidden, added(nil), 100, 0), ".."},
		{"ratio of one not collected to a withheld one", ratio(figure(), hidden, 100, 0), "nc"},
		{"difference to what is withheld", difference(figure(12), hidden), "c"},
	} {
		if got, _ := c.got.text(w); got != c.want {
			t.Errorf("%s: %s; want %s", c.what, got, c.want)
		}
	}
}

// TestDerivedHolds: whatever the figures truly are within their bounds, what
// is made from them lies within its own.
func TestDerivedHolds(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	holds := func(q quantity, truth float64) bool {
		lower, upper := q.bounds()
		return (lower == nil || *lower <= truth+1e-9) && (upper == nil || truth <= *upper+1e-9)
	}
	for range 20000 {
		x, y := float64(r.IntN(20)), float64(r.IntN(20))
		around := func(v float64) quantity {
			if r.IntN(4) == 0 {
				return figure(v)
			}
			upper := v + float64(r.IntN(5))
			if r.IntN(5) == 0 {
				upper = math.NaN()
			}
			return figure(max(0, v-float64(r.IntN(5))), upper)
		}
		qx, qy := around(x), around(y)
		if y > 0 && !holds(ratio(qx, qy, 100, 0), x/y*100) {
			t.Fatalf("ratio of %v and %v", x, y)
		}
		if y > 0 && !holds(ratio(qx, qy, 100, -100), (x-y)/y*100) {
			t.Fatalf("change from %v to %v", y, x)
		}
		if x+y > 0 && !holds(share(qx, qy, 100), x/(x+y)*100) {
			t.Fatalf("share of %v beside %v", x, y)
		}
		if !holds(difference(qx, qy), x-y) || !holds(added([]observation{{value: qx}, {value: qy}}), x+y) {
			t.Fatalf("difference or sum of %v and %v", x, y)
		}
	}
}
