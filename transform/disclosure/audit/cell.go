package audit

import (
	"math"
	"strings"

	"github.com/oas/tipstat/transform/record"
)

// The dimensions of a cell, as positions in its Key.
const (
	RefArea = iota
	Indicator
	Sex
	Age
	Exploitation
	Citizenship
	Origin
	Transit
	Destination
	AreaDetail
	TimePeriod
	Agency
	Layout
	CountingUnit
	VictimStatus
	dimensions
)

// Names are the concepts of a Key's positions, as published csv heads them.
var Names = [dimensions]string{"REF_AREA", "INDICATOR", "SEX", "AGE", "EXPLOITATION", "CITIZENSHIP", "ORIGIN", "TRANSIT", "DESTINATION",
	"AREA_DETAIL", "TIME_PERIOD", "SOURCE_AGENCY", "layout", "COUNTING_UNIT", "VICTIM_STATUS"}

// Key says what a cell counts. The zero Key is that of a cell of which it is not
// known; such cells are told apart by their observation alone.
type Key [dimensions]string

// total is the code of all categories together.
const total = "_T"

// breakdowns are the dimensions over which cells add up to a total.
var breakdowns = []int{Sex, Age, Exploitation, Citizenship, Origin, Transit, Destination, AreaDetail}

// NewKey gives the key of a total over all dimensions that can be summed over.
func NewKey() Key {
	var k Key
	for _, d := range breakdowns {
		k[d] = total
	}
	return k
}

// Set puts a code into a key, by the name of its concept; false for a name that
// is none of Names. What does not apply is as good as not broken down.
func (k *Key) Set(name, code string) bool {
	for d, n := range Names {
		if n != name {
			continue
		}
		k[d] = code
		for _, b := range breakdowns {
			if b == d && (code == "_Z" || code == "") {
				k[d] = total
			}
		}
		return true
	}
	return false
}

// with gives the key with another code in one dimension.
func (k Key) with(dim int, code string) Key { k[dim] = code; return k }

// String gives the codes that say something, as CONCEPT=CODE.
func (k Key) String() string {
	var b []string
	for d, code := range k {
		if code != "" && code != total {
			b = append(b, Names[d]+"="+code)
		}
	}
	return strings.Join(b, " ")
}

// Cell is one figure as it stands in one published place.
type Cell struct {
	Key   Key
	Obs   int64 // id of the observation that it shows; 0: none, or of several
	Lower float64
	Upper float64 // +Inf where no upper bound is told
	// Hidden tells that the figure was suppressed, or censored to the bounds told.
	Hidden bool
	// Whole tells a count: a whole number, which adds up with others.
	Whole bool
	Place record.Place
}

func (c Cell) exact() bool { return c.Lower == c.Upper }

// NoBounds are the bounds of a cell of which nothing was told.
func NoBounds() (lower, upper float64) { return 0, math.Inf(1) }

// Ref names a cell, by the observation that it shows or by its key; what has
// either is found by it. A cell that is published nowhere may be named too.
type Ref struct {
	Key Key
	Obs int64
}

// Term is Coef times a cell.
type Term struct {
	Ref  Ref
	Coef float64
}

// Relation is a linear constraint that a published figure says of others:
// Lower ≤ Σ Coef·cell ≤ Upper. See Share, Ratio and Sum.
type Relation struct {
	Terms []Term
	Lower float64
	Upper float64
	Place record.Place
}

// Share gives what a share of x in x and the rest tells, with the bounds printed
// and half a unit of the last printed digit: lower·(x+rest) ≤ scale·x ≤ upper·(x+rest).
func Share(x Ref, rest []Ref, lower, upper, half, scale float64) []Relation {
	var all []Relation
	add := func(bound, sign float64) {
		r := Relation{Lower: 0, Upper: math.Inf(1), Terms: []Term{{x, sign * (scale - bound)}}}
		for _, y := range rest {
			r.Terms = append(r.Terms, Term{y, -sign * bound})
		}
		all = append(all, r)
	}
	if lower-half > 0 {
		add(lower-half, 1)
	}
	if upper+half < scale {
		add(upper+half, -1)
	}
	return all
}

// Ratio gives what scale·x/y + shift tells, with the bounds printed and half a
// unit of the last printed digit.
func Ratio(x Ref, ys []Ref, lower, upper, half, scale, shift float64) []Relation {
	var all []Relation
	add := func(bound, sign float64) {
		r := Relation{Lower: 0, Upper: math.Inf(1), Terms: []Term{{x, sign * scale}}}
		for _, y := range ys {
			r.Terms = append(r.Terms, Term{y, -sign * (bound - shift)})
		}
		all = append(all, r)
	}
	if lower-half > shift {
		add(lower-half, 1)
	}
	if !math.IsInf(upper, 1) {
		add(upper+half, -1)
	}
	return all
}

// Sum gives that cells add up to what was printed, as wide as that is; whole is
// another cell, or nil where the printed bounds are those of the sum.
func Sum(parts []Ref, whole *Ref, lower, upper float64) Relation {
	r := Relation{Lower: lower, Upper: upper}
	for _, p := range parts {
		r.Terms = append(r.Terms, Term{p, 1})
	}
	if whole != nil {
		r.Terms = append(r.Terms, Term{*whole, -1})
		r.Lower, r.Upper = 0, 0
	}
	return r
}

// Note is a text printed beside figures. Words are not understood here: a person
// reads those that hold a figure.
type Note struct {
	Text  string       `json:"text"`
	Place record.Place `json:"place"` // the first of the lines that have it
}

// Published is what was released together: a pack, or a file.
type Published struct {
	Name      string
	Cells     []Cell
	Relations []Relation
	Notes     []Note // that hold a figure, of tables with a hidden cell
}
