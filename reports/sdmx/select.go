package sdmx

import (
	"context"
	"fmt"
	"slices"
)

// Component describes a dimension, the measure or an attribute to those who make queries.
type Component struct {
	ID       string
	Role     Role
	Codelist string // empty where the values are no codes
	Number   bool   // values are numbers
}

// Role is what a component is for.
type Role int

// The roles; a key has one value for each Dimension, in their order.
const (
	Dimension Role = iota
	Time
	Measure
	Attribute
)

// Components are those of the data structure: the dimensions in the order of the key,
// time, the measure, the attributes.
func (e *Export) Components() []Component {
	d := e.design
	var out []Component
	for _, c := range d.components() {
		role := Dimension
		switch {
		case c.ID == d.Time:
			role = Time
		case contains(d.measures, c.ID):
			role = Measure
		case contains(d.Attributes, c.ID):
			role = Attribute
		}
		out = append(out, Component{c.ID, role, c.Codelist, c.kind != "text"})
	}
	return out
}

// Match tells whether a value is taken; a nil one takes all.
type Match func(value string) bool

// Query says what of the data is asked for; the zero Query is all.
type Query struct {
	Keys          [][]Match        // any must match: one Match for each dimension but time
	Filters       map[string]Match // all must match: by component
	First, Last   int              // at most so many observations of each series, from either end; 0: all
	Offset, Limit int              // of the observations that remain; Limit 0: all
	// Attributes and Measures are those that are wanted by their ids; nil: all. With
	// none of either, and series, the keys of the series alone are given.
	Attributes, Measures func(id string) bool
	Flat                 bool // dimensionAtObservation=AllDimensions: no series
	ByStructure          bool // the data are said to be of the data structure
	// Except is a dimension whose filters are left out: what might be asked for next.
	Except string
}

// Select gives what a query takes of an Export that is frozen. The message says of each
// component only the values that are left.
func (e *Export) Select(ctx context.Context, q Query) (*Export, error) {
	if e.frozen == nil {
		return nil, fmt.Errorf("select: the export is not frozen")
	}
	out := *e
	out.flat, out.byStructure = q.Flat, q.ByStructure
	out.shape(q)
	taken, err := e.matching(ctx, q)
	if err != nil {
		return nil, err
	}
	if !contains(out.design.dimensions, e.design.Time) {
		taken = e.firstOfSeries(taken, 1, 0)
	} else if q.First > 0 || q.Last > 0 {
		taken = e.firstOfSeries(taken, q.First, q.Last)
	}
	taken = taken[min(q.Offset, len(taken)):]
	if q.Limit > 0 {
		taken = taken[:min(q.Limit, len(taken))]
	}
	out.taken = taken
	out.Observations, out.Series, out.Withheld = int64(len(taken)), 0, 0
	for n, row := range taken {
		if n == 0 || !e.sameSeriesAt(taken[n-1], row) {
			out.Series++
		}
	}
	out.values = out.valuesLeft()
	if len(taken) < len(e.taken) || len(out.design.components()) < len(e.design.components()) || out.flat || out.byStructure {
		out.content = out.selected(e.content)
	}
	return &out, nil
}

// shape leaves out the components that are not wanted.
func (e *Export) shape(q Query) {
	d := *e.design
	keep := func(list []component, wanted func(string) bool) []component {
		if wanted == nil {
			return list
		}
		return slices.DeleteFunc(slices.Clone(list), func(c component) bool { return !wanted(c.ID) })
	}
	d.measures, d.Attributes = keep(d.measures, q.Measures), keep(d.Attributes, q.Attributes)
	if len(d.measures)+len(d.Attributes) == 0 && !q.Flat {
		d.dimensions = d.series()
	}
	e.design = &d
}

// matching gives the rows that pass the keys and the filters. Each value is looked at
// once, whatever the number of rows.
func (e *Export) matching(ctx context.Context, q Query) ([]int, error) {
	type test struct {
		at    []uint32
		takes []bool
	}
	compile := func(id string, m Match) (test, error) {
		c, ok := e.frozen.columns[id]
		if !ok {
			return test{}, fmt.Errorf("select: no component %s", id)
		}
		t := test{c.at, make([]bool, len(c.values))}
		for i, v := range c.values {
			t.takes[i] = m(v)
		}
		return t, nil
	}
	var all []test
	for id, m := range q.Filters {
		if id == q.Except || m == nil {
			continue
		}
		t, err := compile(id, m)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	var keys [][]test
	series := e.design.series()
	for _, key := range q.Keys {
		var tests []test
		for i, m := range key {
			if m == nil || i >= len(series) || series[i].ID == q.Except {
				continue
			}
			t, err := compile(series[i].ID, m)
			if err != nil {
				return nil, err
			}
			tests = append(tests, t)
		}
		keys = append(keys, tests)
	}
	passes := func(tests []test, row int) bool {
		for _, t := range tests {
			if !t.takes[t.at[row]] {
				return false
			}
		}
		return true
	}
	out := []int{}
	for n, row := range e.taken {
		if n%checkEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if passes(all, row) && (len(keys) == 0 || slices.ContainsFunc(keys, func(k []test) bool { return passes(k, row) })) {
			out = append(out, row)
		}
	}
	return out, nil
}

// firstOfSeries keeps the first and the last observations of each series; rows stand
// series by series, each in the order of time.
func (e *Export) firstOfSeries(rows []int, first, last int) []int {
	var out []int
	for from := 0; from < len(rows); {
		to := from + 1
		for to < len(rows) && e.sameSeriesAt(rows[from], rows[to]) {
			to++
		}
		for i := from; i < to; i++ {
			if i-from < first || to-i <= last {
				out = append(out, rows[i])
			}
		}
		from = to
	}
	return out
}

// sameSeriesAt tells whether two rows differ in time alone.
func (e *Export) sameSeriesAt(x, y int) bool {
	for _, c := range e.design.dimensions {
		if at := e.frozen.columns[c.ID].at; c.ID != e.design.Time && at[x] != at[y] {
			return false
		}
	}
	return true
}

// valuesLeft are the values that the rows have, in the order of those of the whole.
func (e *Export) valuesLeft() map[string][]string {
	out := map[string][]string{}
	for id, all := range e.values {
		c, ok := e.frozen.columns[id]
		if !ok {
			continue
		}
		there := map[string]bool{}
		seen := make([]bool, len(c.values))
		for _, row := range e.taken {
			if at := c.at[row]; !seen[at] {
				seen[at] = true
				there[c.values[at]] = true
			}
		}
		for _, v := range all {
			if there[v] {
				out[id] = append(out[id], v)
			}
		}
	}
	return out
}

// Values are the values that a dimension, or another component of a code list, has, in
// the order of the list; those of time in its order.
func (e *Export) Values(id string) []string { return e.values[id] }
