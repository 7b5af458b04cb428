package audit

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// solving computes the bounds of a system.
type solving struct {
	*system
	sets    []set
	solver  func() (Solver, error) // called where a linear programme is needed
	wanted  func(v int) bool       // whose bounds are asked for
	only    func(v int) bool       // components with such alone are looked at; nil: all are
	plain   bool                   // no short cuts: for tests
	enough  func(v int) float64    // width at which a cell is safe and no more is asked of it; nil: all bounds are
	weaker  int                    // sets that became Σ parts ≤ total, to have a solution
	dropped int                    // constraints dropped for it
	solves  int                    // linear programmes solved
}

// all computes the bounds of all wanted unknowns.
func (s *solving) all(ctx context.Context) error {
	var rows []int
	for i := range s.rows {
		rows = append(rows, i)
	}
	for _, c := range s.components(rows) {
		if !slices.ContainsFunc(c.vars, s.wanted) || s.only != nil && !slices.ContainsFunc(c.vars, s.only) || !s.plain && s.silent(c) {
			continue
		}
		if err := s.component(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// silent tells whether no figure at all was printed of a component. How its
// categories hang together may then force a cell to 0, such as those of unknown
// age and sex, of whom the forms of exploitation do not tell; but whoever had
// nobody there would not have withheld it, so that nothing follows.
func (s *solving) silent(c component) bool {
	for _, i := range c.rows {
		r := s.rows[i]
		if r.lower != 0 || r.upper != 0 && !math.IsInf(r.upper, 1) {
			return false
		}
		for _, v := range r.vars {
			if s.lo[v] != 0 || !math.IsInf(s.hi[v], 1) {
				return false
			}
		}
	}
	return true
}

// wholeRounds bounds how often a component is solved again with bounds rounded
// to whole numbers.
const wholeRounds = 5

// component computes the bounds of one component; where it has no solution,
// constraints give way until it has.
func (s *solving) component(ctx context.Context, c component) error {
	ok, err := s.bounds(ctx, c)
	for ; err == nil && !ok; ok, err = s.bounds(ctx, c) {
		if c, err = s.giveWay(ctx, c); err != nil {
			return err
		}
	}
	for range wholeRounds {
		lo, hi := slices.Clone(s.lo), slices.Clone(s.hi)
		if err != nil || !s.round(c) {
			return err
		}
		if ok, err = s.bounds(ctx, c); err == nil && !ok { // no whole numbers solve it: leave it at real ones
			s.lo, s.hi = lo, hi
			return nil
		}
	}
	return err
}

// round takes the bounds of whole numbers inward. It tells whether that moved any
// by more than a computer's rounding.
func (s *solving) round(c component) (moved bool) {
	for _, v := range c.vars {
		if !s.vars[v].whole {
			continue
		}
		lo, hi := math.Ceil(s.lo[v]-tiny), math.Floor(s.hi[v]+tiny)
		if lo > hi {
			continue
		}
		moved = moved || lo > s.lo[v]+tiny || hi < s.hi[v]-tiny
		s.lo[v], s.hi[v] = lo+0, hi+0 // -0 is 0
	}
	return moved
}

// bounds computes the bounds of a component's unknowns; ok is false, and they are
// as they were, if it has no solution.
func (s *solving) bounds(ctx context.Context, c component) (ok bool, err error) {
	lo, hi := map[int]float64{}, map[int]float64{}
	for _, v := range c.vars {
		lo[v], hi[v] = s.lo[v], s.hi[v]
	}
	defer func() {
		if !ok {
			for _, v := range c.vars {
				s.lo[v], s.hi[v] = lo[v], hi[v]
			}
		}
	}()
	if s.plain {
		return s.programmes(ctx, c)
	}
	if !s.propagate(c) {
		return false, nil
	}
	for _, part := range s.components(c.rows) { // what is known now parts it further
		if s.tree(part) {
			continue
		}
		if ok, err := s.programmes(ctx, part); err != nil || !ok {
			return false, err
		}
	}
	return true, nil
}

// problem gives the linear programme of a component, what is known taken out.
func (s *solving) problem(c component) (p Problem, at map[int]int) {
	at = map[int]int{}
	for i, v := range c.vars {
		at[v] = i
		p.Columns = append(p.Columns, Bounds{s.lo[v], s.hi[v]})
	}
	for _, i := range c.rows {
		r := s.rows[i]
		lr := LPRow{Bounds: Bounds{r.lower, r.upper}}
		scale := 0.0
		for k, v := range r.vars {
			if _, is := at[v]; !is {
				lr.Lower -= r.coefs[k] * s.lo[v]
				lr.Upper -= r.coefs[k] * s.lo[v]
				continue
			}
			if r.coefs[k] != 0 {
				lr.Terms = append(lr.Terms, LPTerm{at[v], r.coefs[k]})
				scale = max(scale, math.Abs(r.coefs[k]))
			}
		}
		for k := range lr.Terms { // so that a solver's tolerance means the same in each
			lr.Terms[k].Coef /= scale
		}
		lr.Lower, lr.Upper = lr.Lower/max(scale, 1e-12), lr.Upper/max(scale, 1e-12)
		p.Rows = append(p.Rows, lr)
	}
	return p, at
}

// together is how often sums of unknowns are solved for before each is alone, where
// a width is enough.
const together = 3

// programmes computes bounds by linear programmes: the least and the greatest of
// each wanted unknown, unless a solution met on the way attains its bound already.
func (s *solving) programmes(ctx context.Context, c component) (ok bool, err error) {
	solver, err := s.solver()
	if err != nil {
		return false, err
	}
	p, _ := s.problem(c)
	if err := solver.Load(p); err != nil {
		return false, err
	}
	n := len(c.vars)
	least, most := make([]float64, n), make([]float64, n)
	for i := range n {
		least[i], most[i] = math.Inf(1), math.Inf(-1)
	}
	solve := func(sense int, cost []LPTerm) (Solution, error) {
		s.solves++
		sol, err := solver.Optimum(ctx, sense, cost)
		for i, x := range sol.X {
			least[i], most[i] = min(least[i], x), max(most[i], x)
		}
		return sol, err
	}
	open := func(i int) bool { // whole numbers within what solutions reached
		v := c.vars[i]
		return s.wanted(v) && (s.enough == nil || math.Floor(most[i]+tiny)-math.Ceil(least[i]-tiny) < s.enough(v)-tiny)
	}
	for range together {
		for _, sense := range []int{1, -1} {
			var every []LPTerm // many unknowns are at a bound where their sum is
			for i := range c.vars {
				if open(i) {
					every = append(every, LPTerm{i, 1})
				}
			}
			sol, err := solve(sense, every)
			if err != nil || sol.Status == Infeasible {
				return false, err
			}
		}
		if s.enough == nil {
			break
		}
	}
	found := make([]Bounds, n)
	for i, v := range c.vars {
		found[i] = Bounds{s.lo[v], s.hi[v]}
		if !open(i) {
			continue
		}
		if s.plain || least[i] > s.lo[v]+tiny/10 {
			sol, err := solve(1, []LPTerm{{i, 1}})
			if err != nil {
				return false, err
			}
			if sol.Status == Optimal {
				found[i].Lower = max(found[i].Lower, settle(sol.X[i]))
			}
		}
		if s.plain || most[i] < s.hi[v]-tiny/10 {
			sol, err := solve(-1, []LPTerm{{i, 1}})
			if err != nil {
				return false, err
			}
			if sol.Status == Optimal {
				found[i].Upper = min(found[i].Upper, settle(sol.X[i]))
			}
		}
	}
	for i, v := range c.vars {
		s.lo[v], s.hi[v] = found[i].Lower, max(found[i].Lower, found[i].Upper)
	}
	return true, nil
}

// settle takes a solver's figure to the whole number that it misses by its tolerance.
func settle(x float64) float64 {
	if r := math.Round(x); math.Abs(x-r) < tiny {
		return r + 0 // -0 is 0
	}
	return x
}

// giveWay lets constraints of a component without solution give way: all those that
// are violated in any of the solutions that violate the least in sum, since nobody
// can tell which of them is wrong. An equation whose parts can only lack something
// of the total becomes an inequality, anything else is dropped.
func (s *solving) giveWay(ctx context.Context, c component) (component, error) {
	solver, err := s.solver()
	if err != nil {
		return c, err
	}
	p, _ := s.problem(c)
	n := len(p.Columns)
	var cost []LPTerm
	for i := range p.Rows {
		for _, sign := range []float64{1, -1} {
			cost = append(cost, LPTerm{len(p.Columns), 1})
			p.Rows[i].Terms = append(p.Rows[i].Terms, LPTerm{len(p.Columns), sign})
			p.Columns = append(p.Columns, Bounds{0, math.Inf(1)})
		}
	}
	optimum := func(sense int, cost []LPTerm) ([]float64, error) {
		s.solves++
		sol, err := solver.Optimum(ctx, sense, cost)
		if err == nil && sol.Status != Optimal {
			err = fmt.Errorf("the constraints can't be relaxed: the solver says status %d", sol.Status)
		}
		return sol.X, err
	}
	if err := solver.Load(p); err != nil {
		return c, err
	}
	x, err := optimum(1, cost)
	if err != nil {
		return c, err
	}
	least := 0.0
	for _, t := range cost {
		least += x[t.Col]
	}
	p.Rows = append(p.Rows, LPRow{Bounds: Bounds{math.Inf(-1), least + tiny}, Terms: cost})
	if err := solver.Load(p); err != nil {
		return c, err
	}
	var kept []int
	gave := false
	for i, row := range c.rows {
		var by [2]float64 // the most by which it may have too little of its parts, and too much
		for sign := range by {
			at := n + 2*i + sign
			if by[sign] = x[at]; by[sign] > slackOf(least) {
				continue
			}
			y, err := optimum(-1, []LPTerm{{at, 1}})
			if err != nil {
				return c, err
			}
			by[sign] = y[at]
		}
		r := &s.rows[row]
		switch lacks, exceeds := by[1] > slackOf(least), by[0] > slackOf(least); {
		case !lacks && !exceeds:
			kept = append(kept, row)
			continue
		case r.set >= 0 && r.upper == 0 && !exceeds: // the total is more than its parts
			r.upper = math.Inf(1)
			s.sets[r.set].kind = Short
			s.weaker++
			kept = append(kept, row)
		default:
			s.drop(row)
		}
		gave = true
	}
	if !gave { // a matter of rounding: the last one goes
		last := len(c.rows) - 1
		s.drop(c.rows[last])
		kept = kept[:last]
	}
	c.rows = kept
	return c, nil
}

// drop takes a row out: no unknown hangs on it.
func (s *solving) drop(row int) {
	r := &s.rows[row]
	if r.set >= 0 {
		s.sets[r.set].kind = Contradictory
	}
	r.vars, r.coefs = nil, nil
	s.dropped++
}

// slackOf is how much a constraint must be violated for it to count, where all are
// violated by so much in sum: the sum is bound no more exactly than that.
func slackOf(least float64) float64 { return 10 * tiny * max(1, least) }
