package audit

import (
	"cmp"
	"math"
	"slices"

	"github.com/oas/tipstat/transform/record"
)

// variable is one statistical cell.
type variable struct {
	n            int // its place in the list of all
	key          Key
	obs          int64
	all          []int64 // observations that are hidden somewhere
	lower, upper float64 // as printed, in all places together
	whole        bool
	hidden       bool
	toldLo       float64 // where it is hidden: what stands there of it
	toldHi       float64
	places       []record.Place
	first        string      // file and sheet of the first place
	pub          int         // of the first place
	margin       bool        // published nowhere
	must         bool        // and somebody must be there
	beyond       []*variable // the total of which it is what it has beyond its parts, and these
}

func (v *variable) known() bool { return v.lower == v.upper }

// meet tells whether two intervals have a point in common.
func meet(lower, upper, lo, hi float64) bool { return max(lower, lo) <= min(upper, hi) }

// variables are all cells that were published or that something published names.
type variables struct {
	all   []*variable
	byObs map[int64]*variable
	byKey map[Key][]*variable
	own   []map[Key][]*variable // by publication, what stands in it by its codes
	in    []map[*variable]bool  // by publication, what stands in it
	twice int                   // cells whose codes were told of another figure of the same publication
}

// gather makes one variable of each cell, however often it was printed.
func gather(pubs []Published) *variables {
	vs := &variables{byObs: map[int64]*variable{}, byKey: map[Key][]*variable{}}
	for p, pub := range pubs {
		vs.own, vs.in = append(vs.own, map[Key][]*variable{}), append(vs.in, map[*variable]bool{})
		for _, c := range pub.Cells {
			v := vs.same(p, c)
			if v == nil {
				v = vs.add(c)
				v.pub = p
			}
			vs.join(p, v, c)
		}
	}
	for p := range pubs {
		for _, same := range vs.own[p] {
			vs.twice += len(same) - 1
		}
	}
	return vs
}

func (vs *variables) add(c Cell) *variable {
	v := &variable{n: len(vs.all), key: c.Key, obs: c.Obs, upper: math.Inf(1), toldHi: math.Inf(1), whole: c.Whole, first: c.Place.File + "\n" + c.Place.Sheet}
	vs.all = append(vs.all, v)
	if c.Key != (Key{}) {
		vs.byKey[c.Key] = append(vs.byKey[c.Key], v)
	}
	return v
}

// same finds the variable of a cell that was met before: by its observation, or
// by its codes unless the figures say that it is another one. An outsider takes a
// figure that was printed before for that which is hidden now, if nothing speaks
// against it.
func (vs *variables) same(p int, c Cell) *variable {
	if v := vs.byObs[c.Obs]; c.Obs != 0 && v != nil && meet(v.lower, v.upper, c.Lower, c.Upper) {
		return v
	}
	for _, v := range vs.byKey[c.Key] {
		here := p == v.pub
		switch {
		case !meet(v.lower, v.upper, c.Lower, c.Upper):
		case here && c.Obs != 0 && v.obs != 0 && c.Obs != v.obs: // two observations of the same codes
		case here && c.Obs == 0 && v.first == c.Place.File+"\n"+c.Place.Sheet && (v.lower != c.Lower || v.upper != c.Upper): // one table says two things
		default:
			return v
		}
	}
	return nil
}

// join adds what one place says of a variable.
func (vs *variables) join(p int, v *variable, c Cell) {
	v.lower, v.upper = max(v.lower, c.Lower), min(v.upper, c.Upper)
	if c.Hidden {
		v.hidden = true
		v.toldLo, v.toldHi = max(v.toldLo, c.Lower), min(v.toldHi, c.Upper)
	}
	v.places = append(v.places, c.Place)
	v.whole = v.whole || c.Whole
	if c.Obs != 0 {
		vs.byObs[c.Obs] = v
		v.obs = cmp.Or(v.obs, c.Obs)
		if c.Hidden && !slices.Contains(v.all, c.Obs) {
			v.all = append(v.all, c.Obs)
		}
	}
	if c.Key == (Key{}) {
		return
	}
	vs.in[p][v] = true
	if v.key == (Key{}) || c.Key != v.key && len(c.Key.String()) < len(v.key.String()) {
		v.key = c.Key // the plainer one is for the report
	}
	if !slices.Contains(vs.byKey[c.Key], v) { // one cell may have codes in two tables
		vs.byKey[c.Key] = append(vs.byKey[c.Key], v)
	}
	if !slices.Contains(vs.own[p][c.Key], v) {
		vs.own[p][c.Key] = append(vs.own[p][c.Key], v)
	}
}

// find gives the cell that something published names; one that is published
// nowhere becomes a variable of which nothing is known.
func (vs *variables) find(p int, r Ref) *variable {
	if v := vs.byObs[r.Obs]; r.Obs != 0 && v != nil {
		return v
	}
	c := Cell{Key: r.Key, Obs: r.Obs, Upper: math.Inf(1), Whole: true}
	if r.Key != (Key{}) {
		v, doubtful := vs.lookup(p, r.Key)
		switch {
		case v != nil && (r.Obs == 0 || v.obs == 0):
			if r.Obs != 0 {
				v.obs, vs.byObs[r.Obs] = r.Obs, v
			}
			return v
		case v != nil || doubtful: // another observation of the same codes
			c.Key = Key{}
		}
	}
	v := vs.add(c)
	v.margin, v.pub = true, p
	if r.Obs != 0 {
		vs.byObs[r.Obs] = v
	}
	return v
}

// lookup finds a cell by its codes, first in a publication itself, then in all.
// doubtful tells that there are several.
func (vs *variables) lookup(p int, k Key) (v *variable, doubtful bool) {
	for _, list := range [][]*variable{vs.own[p][k], vs.byKey[k]} {
		if len(list) == 1 {
			return list[0], false
		}
		if len(list) > 1 {
			return nil, true
		}
	}
	return nil, false
}
