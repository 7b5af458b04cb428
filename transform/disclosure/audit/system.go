package audit

import (
	"cmp"
	"math"
	"slices"

	"github.com/oas/tipstat/transform/record"
)

// tiny is by how much rounding may move a figure of a table.
const tiny = 1e-6

// row is one constraint: lower ≤ Σ coef·variable ≤ upper.
type row struct {
	vars         []int
	coefs        []float64
	lower, upper float64
	set          int // index of its set; -1: a relation
	place        record.Place
}

// add adds a term; one variable may stand under several codes.
func (r *row) add(v int, coef float64) {
	if i := slices.Index(r.vars, v); i >= 0 {
		r.coefs[i] += coef
		return
	}
	r.vars, r.coefs = append(r.vars, v), append(r.coefs, coef)
}

// system is all variables with all constraints.
type system struct {
	vars   []*variable
	lo, hi []float64 // bounds of each variable, as printed and then as inferred
	rows   []row
	on     [][]int // rows of each variable
}

// newSystem puts sets and relations into rows. It tells how many relations the
// printed figures contradict; these are left out, as contradictory sets are.
func newSystem(vs *variables, sets []set, pubs []Published) (s *system, contradicted int) {
	s = &system{}
	for i, st := range sets {
		if st.kind == Contradictory {
			continue
		}
		r := row{set: i}
		r.add(st.total.n, 1)
		switch {
		case st.beyond != nil:
			r.add(st.beyond.n, -1)
		case st.kind != Whole:
			r.upper = math.Inf(1)
		}
		for _, v := range st.parts {
			r.add(v.n, -1)
		}
		s.rows = append(s.rows, r)
	}
	for p, pub := range pubs {
		for _, rel := range pub.Relations {
			r := row{set: -1, lower: rel.Lower, upper: rel.Upper, place: rel.Place}
			for _, t := range rel.Terms {
				r.add(vs.find(p, t.Ref).n, t.Coef)
			}
			s.rows = append(s.rows, r)
		}
	}
	s.vars = vs.all
	for _, v := range s.vars {
		s.lo, s.hi = append(s.lo, v.lower), append(s.hi, v.upper)
	}
	s.rows = slices.DeleteFunc(s.rows, func(r row) bool {
		least, most := s.reach(r, -1)
		if least > r.upper+slack(r.upper) || most < r.lower-slack(r.lower) {
			contradicted++
			return true
		}
		return false
	})
	s.index()
	return s, contradicted
}

// slack is what rounding in a computer may add to a bound.
func slack(bound float64) float64 { return 1e-9 * max(1, math.Abs(bound)) }

func (s *system) index() {
	s.on = make([][]int, len(s.vars))
	for i, r := range s.rows {
		for _, v := range r.vars {
			s.on[v] = append(s.on[v], i)
		}
	}
}

// reach gives the least and the most that a row's sum can be within the bounds,
// leaving out its term at position but.
func (s *system) reach(r row, but int) (least, most float64) {
	for i, v := range r.vars {
		if i == but || r.coefs[i] == 0 {
			continue
		}
		a, b := r.coefs[i]*s.lo[v], r.coefs[i]*s.hi[v]
		least += min(a, b)
		most += max(a, b)
	}
	return least, most
}

// prune leaves out rows that say nothing: margins made for a set that joins
// nothing else.
func (s *system) prune(sets []set) {
	uses := make([]int, len(s.vars))
	for _, r := range s.rows {
		for _, v := range r.vars {
			uses[v]++
		}
	}
	dropped := make([]bool, len(s.rows))
	var queue []int
	lonely := func(i int) bool {
		r := s.rows[i]
		return !dropped[i] && r.set >= 0 && sets[r.set].total.margin && uses[r.vars[0]] == 1
	}
	for i := range s.rows {
		if lonely(i) {
			queue = append(queue, i)
		}
	}
	for len(queue) > 0 {
		i := queue[0]
		queue = queue[1:]
		if !lonely(i) {
			continue
		}
		dropped[i] = true
		for _, v := range s.rows[i].vars {
			uses[v]--
			for _, j := range s.on[v] {
				if lonely(j) {
					queue = append(queue, j)
				}
			}
		}
	}
	var kept []row
	for i, r := range s.rows {
		if !dropped[i] {
			kept = append(kept, r)
		}
	}
	s.rows = kept
	s.index()
}

// component is a part of the system that shares no unknown with the rest.
type component struct {
	vars []int // unknowns, in order
	rows []int // of the system
}

// components parts rows by the unknowns that they share.
func (s *system) components(rows []int) []component {
	seenRow := map[int]bool{}
	in := map[int]bool{}
	for _, i := range rows {
		in[i] = true
	}
	var out []component
	for _, i := range rows {
		if seenRow[i] {
			continue
		}
		seenRow[i] = true
		var c component
		seenVar := map[int]bool{}
		for queue := []int{i}; len(queue) > 0; queue = queue[1:] {
			c.rows = append(c.rows, queue[0])
			r := s.rows[queue[0]]
			for k, v := range r.vars {
				if seenVar[v] || s.lo[v] == s.hi[v] || r.coefs[k] == 0 {
					continue
				}
				seenVar[v] = true
				c.vars = append(c.vars, v)
				for _, j := range s.on[v] {
					if in[j] && !seenRow[j] {
						seenRow[j] = true
						queue = append(queue, j)
					}
				}
			}
		}
		if len(c.vars) > 0 {
			slices.Sort(c.vars)
			slices.Sort(c.rows)
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b component) int { return cmp.Compare(a.vars[0], b.vars[0]) })
	return out
}

// tree tells whether a component has no cycle, each row and each unknown a node:
// then propagation alone gives the exact bounds.
func (s *system) tree(c component) bool {
	edges := 0
	for _, i := range c.rows {
		r := s.rows[i]
		for k, v := range r.vars {
			if s.lo[v] != s.hi[v] && r.coefs[k] != 0 {
				edges++
			}
		}
	}
	return edges == len(c.vars)+len(c.rows)-1 // it is connected
}

// rounds bounds how often a row is looked at again: with coefficients that are
// not whole, bounds may creep forever. What is left is for the linear programmes.
const rounds = 50

// propagate narrows the bounds of a component's unknowns by one row at a time,
// until no row narrows any. ok is false if there is no solution.
func (s *system) propagate(c component) (ok bool) {
	count := map[int]int{}
	queued := map[int]bool{}
	queue := slices.Clone(c.rows)
	in := map[int]bool{}
	for _, i := range queue {
		queued[i], in[i] = true, true
	}
	for len(queue) > 0 {
		i := queue[0]
		queue = queue[1:]
		queued[i] = false
		if count[i]++; count[i] > rounds {
			continue
		}
		r := s.rows[i]
		for k, v := range r.vars {
			if r.coefs[k] == 0 || s.lo[v] == s.hi[v] {
				continue
			}
			least, most := s.reach(r, k)
			from, to := (r.lower-most)/r.coefs[k], (r.upper-least)/r.coefs[k]
			if r.coefs[k] < 0 {
				from, to = to, from
			}
			narrowed, good := s.narrow(v, from, to)
			if !good {
				return false
			}
			if !narrowed {
				continue
			}
			for _, j := range s.on[v] {
				if in[j] && !queued[j] {
					queued[j] = true
					queue = append(queue, j)
				}
			}
		}
		if least, most := s.reach(r, -1); least > r.upper+slack(r.upper)+tiny || most < r.lower-slack(r.lower)-tiny {
			return false
		}
	}
	return true
}

// narrow takes an unknown into an interval; good is false where nothing is left.
func (s *system) narrow(v int, from, to float64) (narrowed, good bool) {
	// NaN comes of ∞ less ∞ and says nothing.
	if from > s.lo[v]+slack(from) && !math.IsNaN(from) {
		s.lo[v], narrowed = from, true
	}
	if to < s.hi[v]-slack(to) && !math.IsNaN(to) {
		s.hi[v], narrowed = to, true
	}
	if s.lo[v] > s.hi[v] {
		if s.lo[v] > s.hi[v]+tiny {
			return narrowed, false
		}
		mid := (s.lo[v] + s.hi[v]) / 2
		if s.vars[v].whole {
			mid = math.Round(mid)
		}
		s.lo[v], s.hi[v] = mid, mid
	} else if s.hi[v]-s.lo[v] < slack(s.hi[v]) && s.hi[v] != s.lo[v] {
		s.lo[v] = s.hi[v]
	}
	return narrowed, true
}
