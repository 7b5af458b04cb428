package highs_test

import (
	"math"
	"strings"
	"testing"

	"github.com/oas/tipstat/transform/disclosure/highs"
)

var inf = math.Inf(1)

func solver(t testing.TB) *highs.Solver {
	t.Helper()
	return limited(t, highs.Limits{})
}

func limited(t testing.TB, limits highs.Limits) *highs.Solver {
	t.Helper()
	s, err := highs.New(t.Context(), limits)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// columns are n of them with the same bounds.
func columns(n int, lower, upper float64, integer bool) []highs.Column {
	c := make([]highs.Column, n)
	for i := range c {
		c[i] = highs.Column{Lower: lower, Upper: upper, Integer: integer}
	}
	return c
}

// terms are those of the columns from the first.
func terms(coefs ...float64) []highs.Term {
	t := make([]highs.Term, len(coefs))
	for i, c := range coefs {
		t[i] = highs.Term{Col: i, Coef: c}
	}
	return t
}

func most(upper float64, coefs ...float64) highs.Row {
	return highs.Row{Lower: -inf, Upper: upper, Terms: terms(coefs...)}
}
func least(lower float64, coefs ...float64) highs.Row {
	return highs.Row{Lower: lower, Upper: inf, Terms: terms(coefs...)}
}
func equal(to float64, coefs ...float64) highs.Row {
	return highs.Row{Lower: to, Upper: to, Terms: terms(coefs...)}
}

var known = []struct {
	name    string
	columns []highs.Column
	rows    []highs.Row
	cost    []highs.Term
	least   highs.Status
	leastIs float64
	most    highs.Status
	mostIs  float64
	mostAt  []float64 // nil: not told
}{
	// Dantzig's and every textbook's since.
	{name: "two products", columns: columns(2, 0, inf, false), rows: []highs.Row{most(4, 1), most(12, 0, 2), most(18, 3, 2)},
		cost: terms(3, 5), least: highs.Optimal, most: highs.Optimal, mostIs: 36, mostAt: []float64{2, 6}},
	{name: "no rows", columns: []highs.Column{{Lower: -2, Upper: 3}, {Lower: 1, Upper: 4}},
		cost: terms(1, -1), least: highs.Optimal, leastIs: -6, most: highs.Optimal, mostIs: 2, mostAt: []float64{3, 1}},
	{name: "a fixed column", columns: []highs.Column{{}, {Upper: 4}},
		cost: terms(7, 1), least: highs.Optimal, most: highs.Optimal, mostIs: 4, mostAt: []float64{0, 4}},
	{name: "free columns", columns: columns(2, -inf, inf, false), rows: []highs.Row{equal(1, 1, 1), {Lower: -3, Upper: 5, Terms: terms(1, -1)}},
		cost: terms(1, 0), least: highs.Optimal, leastIs: -1, most: highs.Optimal, mostIs: 3, mostAt: []float64{3, -2}},
	// Beale's, on which the simplex method of the textbook goes round for ever.
	{name: "degenerate", columns: columns(4, 0, inf, false),
		rows: []highs.Row{most(0, 1./4, -60, -1./25, 9), most(0, 1./2, -90, -1./50, 3), most(1, 0, 0, 1)},
		cost: terms(3./4, -150, 1./50, -6), least: highs.Unbounded, most: highs.Optimal, mostIs: 1. / 20, mostAt: []float64{1. / 25, 0, 1, 0}},
	// Klee and Minty's, on which it visits each corner.
	{name: "many corners", columns: columns(3, 0, inf, false), rows: []highs.Row{most(1, 1), most(100, 20, 1), most(10000, 200, 20, 1)},
		cost: terms(100, 10, 1), least: highs.Optimal, most: highs.Optimal, mostIs: 10000, mostAt: []float64{0, 0, 10000}},
	{name: "redundant equations", columns: columns(4, 0, inf, false),
		rows: []highs.Row{equal(3, 1, 1), equal(7, 0, 0, 1, 1), equal(4, 1, 0, 1), equal(6, 0, 1, 0, 1), equal(10, 1, 1, 1, 1)},
		cost: terms(1), least: highs.Optimal, most: highs.Optimal, mostIs: 3, mostAt: []float64{3, 0, 1, 6}},
	{name: "infeasible", columns: columns(2, 0, inf, false), rows: []highs.Row{most(1, 1, 1), least(2, 1, 1)},
		cost: terms(1), least: highs.Infeasible, most: highs.Infeasible},
	{name: "bounds that cross", columns: columns(1, 2, 1, false),
		cost: terms(1), least: highs.Infeasible, most: highs.Infeasible},
	{name: "infeasible, and unbounded but for that", columns: columns(3, 0, inf, false), rows: []highs.Row{most(1, 1, 1), least(2, 1, 1)},
		cost: terms(0, 0, 1), least: highs.Infeasible, most: highs.Infeasible},
	{name: "unbounded", columns: columns(2, 0, inf, false), rows: []highs.Row{most(1, 1, -1)},
		cost: terms(1), least: highs.Optimal, most: highs.Unbounded},
	{name: "integers", columns: columns(2, 0, inf, true), rows: []highs.Row{most(24, 6, 4), most(6, 1, 2)},
		cost: terms(5, 4), least: highs.Optimal, most: highs.Optimal, mostIs: 20, mostAt: []float64{4, 0}}, // 21 at 3, 1.5
	{name: "some integers", columns: []highs.Column{{Upper: 5, Integer: true}, {Upper: 5}}, rows: []highs.Row{most(4.5, 1, 1), most(5, 2)},
		cost: terms(2, 1), least: highs.Optimal, most: highs.Optimal, mostIs: 6.5, mostAt: []float64{2, 2.5}},
	{name: "a half is no integer", columns: columns(1, -inf, inf, true), rows: []highs.Row{equal(1, 2)},
		cost: terms(1), least: highs.Infeasible, most: highs.Infeasible},
	{name: "no integer, and unbounded but for that", columns: []highs.Column{{Lower: 0, Upper: 9, Integer: true}, {Lower: 0, Upper: 9, Integer: true}, {Upper: inf}},
		rows: []highs.Row{equal(3, 2, 2)},
		cost: terms(0, 0, 1), least: highs.Infeasible, most: highs.Infeasible},
	{name: "unbounded integers", columns: columns(2, 0, inf, true), rows: []highs.Row{most(1, 2, -2)},
		cost: terms(1, 1), least: highs.Optimal, most: highs.Unbounded},
}

func TestKnown(t *testing.T) {
	s := solver(t) // one for all: what one problem leaves behind must not touch the next
	for _, k := range known {
		t.Run(k.name, func(t *testing.T) {
			if err := s.Load(highs.Problem{Columns: k.columns, Rows: k.rows}); err != nil {
				t.Fatal(err)
			}
			for range 2 { // the second time from where the first ended
				got, err := s.Minimise(t.Context(), k.cost)
				if err != nil || got.Status != k.least || !near(got.Objective, k.leastIs) {
					t.Errorf("least: %v %v, want %v %v", got, err, k.least, k.leastIs)
				}
				got, err = s.Maximise(t.Context(), k.cost)
				if err != nil || got.Status != k.most || !near(got.Objective, k.mostIs) {
					t.Errorf("most: %v %v, want %v %v", got, err, k.most, k.mostIs)
				}
				for i, x := range k.mostAt {
					if !near(got.X[i], x) {
						t.Errorf("most at %v, want %v", got.X, k.mostAt)
						break
					}
				}
				if got.Status != highs.Optimal && got.X != nil {
					t.Errorf("%v at %v", got.Status, got.X)
				}
			}
		})
	}
}

// near allows what rounding leaves.
func near(a, b float64) bool { return math.Abs(a-b) <= 1e-7*(1+math.Abs(b)) }

// TestChanges narrows a problem step by step, and loads it again.
func TestChanges(t *testing.T) {
	for _, integer := range []bool{false, true} {
		s := solver(t)
		p := highs.Problem{Columns: columns(2, 0, 10, integer), Rows: []highs.Row{most(12, 1, 1)}}
		if err := s.Load(p); err != nil {
			t.Fatal(err)
		}
		max := func(want float64, cost ...float64) {
			t.Helper()
			got, err := s.Maximise(t.Context(), terms(cost...))
			if err != nil || got.Status != highs.Optimal || !near(got.Objective, want) {
				t.Errorf("integer %v: %v %v, want %v", integer, got, err, want)
			}
		}
		max(22, 1, 2)
		max(10, 1) // the cost of the second column is no longer there
		if err := s.SetBounds(1, 0, 7); err != nil {
			t.Fatal(err)
		}
		max(19, 1, 2)
		if err := s.AddRow(highs.Row{Lower: 2, Upper: 2, Terms: []highs.Term{{Col: 1, Coef: 1}, {Col: 0, Coef: -1}}}); err != nil {
			t.Fatal(err)
		}
		max(19, 1, 2)
		max(5, 1)
		if err := s.SetBounds(0, 6, 6); err != nil {
			t.Fatal(err)
		}
		got, err := s.Maximise(t.Context(), terms(1))
		if err != nil || got.Status != highs.Infeasible {
			t.Errorf("integer %v: %v %v", integer, got, err)
		}
		if err := s.SetBounds(0, 0, 10); err != nil {
			t.Fatal(err)
		}
		max(19, 1, 2)
		if err := s.Load(p); err != nil {
			t.Fatal(err)
		}
		max(22, 1, 2)
		if p.Columns[1].Upper != 10 {
			t.Error("SetBounds changed the caller's problem")
		}
	}
}

// TestNoCost asks whether there is a solution.
func TestNoCost(t *testing.T) {
	s := solver(t)
	if err := s.Load(highs.Problem{Columns: columns(2, 0, inf, false), Rows: []highs.Row{equal(3, 1, 1)}}); err != nil {
		t.Fatal(err)
	}
	got, err := s.Minimise(t.Context(), nil)
	if err != nil || got.Status != highs.Optimal || got.Objective != 0 || !near(got.X[0]+got.X[1], 3) {
		t.Errorf("%v %v", got, err)
	}
}

func TestRefused(t *testing.T) {
	s := solver(t)
	nan := math.NaN()
	if _, err := s.Minimise(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "no problem") {
		t.Errorf("before Load: %v", err)
	}
	for _, c := range []struct {
		p    highs.Problem
		want string
	}{
		{highs.Problem{}, "no columns"},
		{highs.Problem{Columns: columns(1, nan, 1, false)}, "column 0: bounds NaN to 1"},
		{highs.Problem{Columns: columns(1, inf, inf, false)}, "column 0: bounds +Inf to +Inf"},
		{highs.Problem{Columns: columns(1, 0, 1, false), Rows: []highs.Row{most(1), {Lower: 0, Upper: -inf}}}, "row 1: bounds 0 to -Inf"},
		{highs.Problem{Columns: columns(1, 0, 1, false), Rows: []highs.Row{most(1, 1, 1)}}, "row 0: column 1 is none of 0 to 0"},
		{highs.Problem{Columns: columns(1, 0, 1, false), Rows: []highs.Row{{Lower: 0, Upper: 1, Terms: []highs.Term{{Col: -1, Coef: 1}}}}}, "row 0: column -1"},
		{highs.Problem{Columns: columns(1, 0, 1, false), Rows: []highs.Row{{Lower: 0, Upper: 1, Terms: []highs.Term{{Col: 0, Coef: 1}, {Col: 0, Coef: 1}}}}}, "row 0: column 0 stands twice"},
		{highs.Problem{Columns: columns(1, 0, 1, false), Rows: []highs.Row{most(1, 1e-10)}}, "coefficient 1e-10"},
		{highs.Problem{Columns: columns(1, 0, 1, false), Rows: []highs.Row{most(1, nan)}}, "coefficient NaN"},
		{highs.Problem{Columns: columns(1, 0, 1, false), Rows: []highs.Row{most(1, -inf)}}, "coefficient -Inf"},
	} {
		if err := s.Load(c.p); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
	// None of it broke the solver, nor do these.
	if err := s.Load(highs.Problem{Columns: columns(2, 0, 1, false), Rows: []highs.Row{most(1, 1, 0)}}); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"SetBounds of no column":   s.SetBounds(2, 0, 1),
		"SetBounds to no number":   s.SetBounds(0, 0, nan),
		"AddRow of no column":      s.AddRow(most(1, 1, 1, 1)),
		"AddRow with a twin":       s.AddRow(highs.Row{Lower: 0, Upper: 1, Terms: []highs.Term{{Col: 1, Coef: 1}, {Col: 1, Coef: 1}}}),
		"AddRow without a number":  s.AddRow(most(1, nan)),
		"AddRow with crazy bounds": s.AddRow(highs.Row{Lower: inf, Upper: inf, Terms: nil}),
	} {
		if err == nil {
			t.Errorf("%s passes", name)
		}
	}
	if _, err := s.Minimise(t.Context(), terms(1, 1, 1)); err == nil {
		t.Error("a cost of no column passes")
	}
	if got, err := s.Maximise(t.Context(), terms(1, 1)); err != nil || !near(got.Objective, 2) {
		t.Errorf("%v %v", got, err)
	}
}
