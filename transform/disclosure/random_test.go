package disclosure

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// axis is one dimension of a random table: its finest codes, and those that hold
// several of them, the total among them.
type axis struct {
	dim    int
	finest []string
	above  []code
}

// code holds finest codes, by their positions.
type code struct {
	id string
	of []int
}

// flat is an axis whose codes make up the total; sometimes some are unknown.
func flat(r *rand.Rand, dim int, codes ...string) axis {
	a := axis{dim: dim, finest: codes}
	if r.IntN(3) == 0 {
		a.finest = append(a.finest, "_U")
	}
	return a.hold("_T", 0, len(a.finest))
}

// hold adds a code above those from a position to another, the last not included.
func (a axis) hold(id string, from, to int) axis {
	c := code{id: id}
	for i := range to - from {
		c.of = append(c.of, from+i)
	}
	a.above = append(slices.Clone(a.above), c)
	return a
}

func sexes(r *rand.Rand) axis { return flat(r, 0, "F", "M") }
func bands(r *rand.Rand) axis { return flat(r, dimAge, "Y0T17", "Y_GE18") }
func forms(r *rand.Rand) axis {
	return flat(r, 2, []string{"SEXUAL", "LABOUR", "OTHER"}[:2+r.IntN(2)]...)
}
func citizens(r *rand.Rand) axis {
	return flat(r, 3, []string{"BRA", "COL", "HND", "PER"}[:2+r.IntN(2)]...)
}
func origins(r *rand.Rand) axis { return flat(r, 4, "BOL", "CUB", "HTI") }

// fineAges are bands within minors and within adults, fineForms forms with parents.
func fineAges(r *rand.Rand) axis {
	if r.IntN(2) == 0 {
		return flat(r, dimAge, "Y0T8", "Y9T17", "Y_GE18").hold("Y0T17", 0, 2)
	}
	return flat(r, dimAge, "Y0T5", "Y6T11", "Y12T17", "Y18T29", "Y30T59", "Y_GE60").hold("Y0T17", 0, 3).hold("Y_GE18", 3, 6)
}

func fineForms(r *rand.Rand) axis {
	if r.IntN(2) == 0 {
		return flat(r, 2, "SEXUAL_PROSTITUTION", "SEXUAL_NEC", "LABOUR").hold("SEXUAL", 0, 2)
	}
	return flat(r, 2, "SEXUAL", "BEGGING", "OTHER_NEC", "DOMESTIC_SERVITUDE", "LABOUR_NEC").hold("OTHER", 1, 3).hold("LABOUR", 3, 5)
}

// The year of a period is put in where the table gets one: % stands for it.
func quarterly(*rand.Rand) axis {
	return axis{dim: dimPeriod, finest: []string{"%-Q1", "%-Q2", "%-Q3", "%-Q4"}}.hold("%", 0, 4)
}

func monthly(r *rand.Rand) axis {
	a := axis{dim: dimPeriod}
	for m := range 12 {
		a.finest = append(a.finest, fmt.Sprintf("%%-%02d", m+1))
	}
	if a = a.hold("%", 0, 12); r.IntN(2) == 0 { // both are printed
		for q := range 4 {
			a = a.hold(fmt.Sprintf("%%-Q%d", q+1), 3*q, 3*q+3)
		}
	}
	return a
}

// shape says of what axes a table is made, and which of them each of its prints
// breaks down: tables of the same persons, linked by the cells that they share.
type shape struct {
	name   string
	share  int // of all tables
	axes   []func(*rand.Rand) axis
	prints [][]int
}

type axesOf = []func(*rand.Rand) axis

var shapes = []shape{
	{"two", 17, axesOf{sexes, bands}, [][]int{{0, 1}}},
	{"two-wide", 14, axesOf{forms, citizens}, [][]int{{0, 1}}},
	{"hierarchy-age", 10, axesOf{fineAges, sexes}, [][]int{{0, 1}}},
	{"hierarchy-form", 10, axesOf{fineForms, citizens}, [][]int{{0, 1}}},
	{"hierarchies", 3, axesOf{fineForms, fineAges}, [][]int{{0, 1}}},
	{"quarters", 6, axesOf{quarterly, sexes}, [][]int{{0, 1}}},
	{"months", 2, axesOf{monthly, bands}, [][]int{{0, 1}}},
	{"three", 7, axesOf{sexes, bands, forms}, [][]int{{0, 1, 2}}},
	{"three-hierarchy", 2, axesOf{sexes, fineForms, bands}, [][]int{{0, 1, 2}}},
	{"four", 1, axesOf{sexes, bands, forms, citizens}, [][]int{{0, 1, 2, 3}}},
	{"one-way", 4, axesOf{sexes, fineAges, forms, citizens, origins}, [][]int{{0}, {1}, {2}, {3}, {4}}},
	{"linked", 11, axesOf{sexes, bands, forms}, [][]int{{0, 1}, {0, 2}}},
	{"linked-three", 4, axesOf{sexes, bands, forms}, [][]int{{0, 1}, {0, 2}, {1, 2}}},
	{"linked-hierarchy", 5, axesOf{fineAges, sexes, fineForms, citizens}, [][]int{{0, 1}, {2, 3}, {1, 2}}},
	{"linked-period", 4, axesOf{quarterly, sexes, forms}, [][]int{{0, 1}, {1, 2}}},
}

// randomTable is a table whose every figure is known to the test. It stands in the
// store as a group of its own.
type randomTable struct {
	shape     string
	seed      uint64
	state     string
	indicator string
	year      int
	axes      []axis
	prints    [][]int
	finest    []float64 // of all axes together, the last axis fastest
	cells     []randomCell
	sparse    bool // zeros are not printed
}

// randomCell is an observation of it. The value is the true one; the other two are
// what its reporter told in its place.
type randomCell struct {
	id           int64
	key          [dims]string
	agency       string
	indicator    string // where it is not the table's
	value        float64
	told         bool
	lower, upper float64
}

// newRandomTable makes the table of a seed.
func newRandomTable(seed uint64, shapes []shape) *randomTable {
	r := rand.New(rand.NewPCG(seed, 77))
	all := 0
	for _, s := range shapes {
		all += s.share
	}
	at, n := 0, r.IntN(all)
	for n >= shapes[at].share {
		n -= shapes[at].share
		at++
	}
	t := &randomTable{shape: shapes[at].name, seed: seed, prints: shapes[at].prints, year: 1990 + int(seed%40)}
	for _, f := range shapes[at].axes {
		t.axes = append(t.axes, f(r))
	}
	t.fill(r)
	t.print(r)
	return t
}

// fill makes the figures: persons spread unevenly, with zeros, over all cells.
func (t *randomTable) fill(r *rand.Rand) {
	size := 1
	for _, a := range t.axes {
		size *= len(a.finest)
	}
	persons, zeros := math.Exp(1.5+4.5*r.Float64()), 0.6*r.Float64()
	share, sum := make([]float64, size), 0.0
	for i := range share {
		if r.Float64() >= zeros {
			share[i] = math.Exp(1.3 * r.NormFloat64())
		}
		sum += share[i]
	}
	for _, s := range share {
		v := persons * s / max(sum, 1e-9)
		t.finest = append(t.finest, math.Floor(v+r.Float64()))
	}
}

// print makes the cells: some of them censored by their reporter, zeros sometimes
// left out, and sometimes another agency that tells some of the same.
func (t *randomTable) print(r *rand.Rand) {
	censored := []float64{0, 0, 0.5, 1}[r.IntN(4)]
	t.sparse = r.IntN(4) == 0
	met := map[[dims]string]bool{}
	for _, axes := range t.prints {
		t.each(axes, func(key [dims]string, value float64) {
			if met[key] {
				return
			}
			met[key] = true
			c := randomCell{key: key, value: value, agency: "UNODC"}
			if value < 5 && r.Float64() < censored {
				c.told, c.lower, c.upper = true, 0, 4
			}
			if value > 0 || c.told || !t.sparse {
				t.cells = append(t.cells, c)
			}
		})
	}
	if r.IntN(6) > 0 {
		return
	}
	other := 1 + r.IntN(2) // 1: the same figures
	t.each([]int{0}, func(key [dims]string, value float64) {
		t.cells = append(t.cells, randomCell{key: key, value: value * float64(other), agency: "PER_PNP"})
	})
}

// each calls f for every cell of a print.
func (t *randomTable) each(axes []int, f func([dims]string, float64)) {
	key := [dims]string{"_T", "_T", "_T", "_T", "_T", "_T", "_T", "%"}
	var next func(n int, of []int)
	next = func(n int, of []int) {
		if n == len(t.axes) {
			sum := 0.0
			for _, i := range of {
				sum += t.finest[i]
			}
			f(key, sum)
			return
		}
		a := t.axes[n]
		step := func(c code) {
			var below []int
			for _, i := range of {
				for _, j := range c.of {
					below = append(below, i*len(a.finest)+j)
				}
			}
			key[a.dim] = c.id
			next(n+1, below)
		}
		if slices.Contains(axes, n) {
			for i, c := range a.finest {
				step(code{c, []int{i}})
			}
			for _, c := range a.above {
				step(c)
			}
			return
		}
		step(a.above[0])
	}
	next(0, []int{0})
}

func (t *randomTable) String() string {
	return fmt.Sprintf("seed %d (%s): %s %s %d", t.seed, t.shape, t.state, t.indicator, t.year)
}
