package disclosure

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"maps"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	_ "embed"

	"github.com/oas/tipstat/transform/disclosure/suppress"
)

//go:embed cells.sql
var cellsSQL string

// Dimensions of a cell within its group: breakdowns, the period, the status of victims,
// since those detected are the identified and the presumed together, and the indicator,
// since some make others.
const (
	dimSex       = 0
	dimAge       = 1
	dimPeriod    = 7
	dimStatus    = 8
	dimIndicator = 9
	dims         = 10
)

// codeLists are those of the dimensions, in order.
var codeLists = [dims]string{"CL_SEX", "CL_AGE", "CL_EXPLOITATION", "CL_AREA", "CL_AREA", "CL_AREA", "CL_AREA", "", "CL_VICTIM_STATUS", sumsOfPolicy}

// observation is a row of cells.sql.
type observation struct {
	id                  int64
	state, indicator    string
	year                int
	freq                string
	key                 [dims]string
	series              string // of one agency, in one unit: its figures add up
	layout              string
	value, lower, upper *float64
	missing             int64
	derivation, record  string
	preferred, counted  bool
	others              *float64     // of a figure that places make: what all but the largest have
	as                  [dims]string // its codes where it adds up with others: those of key, but see alike
}

// group is what is protected together: the figures of one State, indicator and
// year, of all sources.
type group struct {
	state, indicator string
	year             int
	obs              []observation
}

// groups reads them. Rates stand with what they are rates of.
func groups(ctx context.Context, db *sql.DB, p Policy) (list []group, err error) {
	args, err := p.args()
	if err != nil {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, cellsSQL, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	at := map[string]int{}
	for rows.Next() {
		var o observation
		k := &o.key
		if err := rows.Scan(&o.id, &o.state, &o.indicator, &o.year, &o.freq, &k[dimPeriod], &k[0], &k[1], &k[2], &k[3], &k[4], &k[5], &k[6],
			&k[dimStatus], &o.series, &o.layout, &o.value, &o.lower, &o.upper, &o.missing, &o.derivation, &o.preferred, &o.record, &o.counted, &o.others); err != nil {
			return nil, err
		}
		k[dimIndicator] = cmp.Or(p.Rates[o.indicator], o.indicator)
		of := p.groupOf(o.indicator)
		name := o.state + "|" + of + "|" + strconv.Itoa(o.year)
		if _, ok := at[name]; !ok {
			at[name] = len(list)
			list = append(list, group{state: o.state, indicator: of, year: o.year})
		}
		g := &list[at[name]]
		g.obs = append(g.obs, o)
	}
	return list, rows.Err()
}

// cells are those of a group, and which observations each stands for.
type cells struct {
	g       group
	p       Policy
	tree    tree
	cells   []suppress.Cell
	sums    []suppress.Sum
	of      [][]int64           // observations, by cell
	at      map[string][]member // of each series, the cells by key
	printed []printed           // what stands in tables once the group is touched
	views   [][]bool            // which of it an outsider may have: made by withstand
	deep    []int64             // observations that are withheld unseen: too many breakdowns at once, rates without their count
	rates   map[[dims]string][]observation
	met     map[string]bool // sums that were added
	over    []int           // the dimensions of sums
	derived map[int]bool    // cells that are sums of the printed parts: nothing else was reported of them
	// threshold is the greatest that holds for any of the figures: for what they make together.
	threshold float64
	weights   []float64 // of the cells, whatever was published before
}

// member is a cell of a series.
type member struct {
	key    [dims]string
	layout string
	cell   int // as a part of others, and where it is exact
	low    int // as a total that is known by a bound made of its parts; -1: it is not
}

// printed is an observation that tables print, and the cells that it shows: none
// where nothing is known of it.
type printed struct {
	observation
	cells []int
}

// crossed counts the breakdowns that a figure is of at once; a month is one too.
func (o observation) crossed() int {
	n := o.broken()
	if o.freq != "A" {
		n++
	}
	return n
}

// partOfYear tells whether a figure is of the months of a year that were there, added up
// or reported so. The next edition has more of them, and beside this one tells those.
func (o observation) partOfYear() bool {
	_, length, _ := strings.Cut(o.key[dimPeriod], "/P")
	n, err := strconv.Atoi(strings.TrimSuffix(length, "M"))
	return (o.freq == "I" || o.freq == "S") && !o.reported() || err == nil && n > 0 && n < 12 && 12%n > 0
}

// takePartsOfYear takes them out of a group, and gives their ids. A half of a year that is
// there itself is none: no month is to come, and with the other half it adds up.
func (g *group) takePartsOfYear() (ids []int64) {
	years := map[string]bool{}
	for _, o := range g.obs {
		if o.freq == "A" {
			years[o.series+strings.Join(o.key[:], "|")] = true
		}
	}
	g.obs = slices.DeleteFunc(g.obs, func(o observation) bool {
		of := o.key
		of[dimPeriod] = strconv.Itoa(o.year)
		part := o.partOfYear() && !(o.freq == "S" && years[o.series+strings.Join(of[:], "|")])
		if part {
			ids = append(ids, o.id)
		}
		return part
	})
	return ids
}

// broken counts the dimensions over which a figure is no total.
func (o observation) broken() int { return bits.OnesCount(o.breakdowns()) }

// breakdowns are those dimensions, as bits.
func (o observation) breakdowns() (by uint) {
	for d, code := range o.key[:dimPeriod] {
		if code != "_T" && code != "_Z" {
			by |= 1 << d
		}
	}
	return by
}

func (o observation) reported() bool { return o.derivation == "reported" }

// ofParts tells whether it was made of figures that stand below it. What places or months
// were added up for was reported of the whole: parts of it may lack.
func (o observation) ofParts() bool {
	return o.derivation == "sum-of-parts" || o.derivation == "rolled-up"
}

// newCells makes the cells and sums of a group.
func newCells(g group, p Policy, t tree) *cells {
	c := &cells{g: g, p: p, tree: t, at: map[string][]member{}, rates: map[[dims]string][]observation{}, met: map[string]bool{}, derived: map[int]bool{}, threshold: p.strictest(g, g.counted())}
	byKey := map[string][]observation{}
	var order []string
	for _, o := range g.alike(p) {
		if _, rate := p.Rates[o.indicator]; rate {
			c.rates[rated(o.key)] = append(c.rates[rated(o.key)], o)
			continue
		}
		k := o.series + "||" + o.layout + "||" + strings.Join(o.as[:], "|")
		if byKey[k] == nil {
			order = append(order, k)
		}
		byKey[k] = append(byKey[k], o)
	}
	exact := map[string]int{} // cells of other sources that say the same of the same
	for _, k := range order {
		c.cellsOf(byKey[k], exact)
	}
	for _, series := range slices.Sorted(maps.Keys(c.at)) {
		c.sumsOf(c.at[series])
	}
	c.among()
	c.loneRates()
	c.zeros()
	for _, cell := range c.cells {
		c.weights = append(c.weights, cell.Weight)
	}
	return c
}

// loneRates withholds rates of which the count was not reported by whoever gives the
// rate: whoever knows the population has it all the same, and here nobody can tell
// whether it is small.
func (c *cells) loneRates() {
	type count struct {
		agency string
		key    [dims]string
	}
	counted := map[count]bool{}
	for series, members := range c.at {
		for _, m := range members {
			counted[count{agencyOf(series), m.key}] = true
		}
	}
	for _, rates := range c.rates {
		for _, o := range rates {
			if !counted[count{agencyOf(o.series), o.key}] {
				c.deep = append(c.deep, o.id)
			}
		}
	}
	slices.Sort(c.deep)
}

func agencyOf(series string) string {
	agency, _, _ := strings.Cut(series, "|")
	return agency
}

// rated is the key by which what is withheld finds its rates, whoever gives them and of
// whatever status of victims.
func rated(key [dims]string) [dims]string { key[dimStatus] = ""; return key }

// cellsOf makes the cells of one key of one series in one layout: one, but for
// breakdowns of files that say different things of it.
func (c *cells) cellsOf(obs []observation, exact map[string]int) {
	var shown, others []observation
	for _, o := range obs {
		if o.preferred {
			shown = append(shown, o)
		} else {
			others = append(others, o)
		}
	}
	for i, o := range shown {
		ids := []int64{o.id}
		if i == 0 {
			for _, other := range others {
				ids = append(ids, other.id)
			}
		} else {
			o.layout += "#" + strconv.Itoa(i)
		}
		c.cell(o, ids, exact)
	}
}

// cell makes the cell that an observation shows, and others that are not printed
// beside it.
func (c *cells) cell(o observation, ids []int64, exact map[string]int) {
	if o.counted && o.crossed() > c.p.CrossedCases {
		c.deep = append(c.deep, ids...)
		return
	}
	add := func(s suppress.Cell) int {
		s.Weight = c.weight(o)
		c.cells, c.of = append(c.cells, s), append(c.of, ids)
		return len(c.cells) - 1
	}
	small := func(v float64) bool {
		return v > 0 && v < c.p.threshold(c.g.state, o.record, o.counted)
	}
	dominated := c.p.Dominance && o.others != nil && small(*o.others)
	m := member{key: o.as, layout: o.layout, low: -1}
	switch {
	case o.value != nil && o.missing == 0:
		same := strings.Join(o.as[:], "|") + "=" + strconv.FormatFloat(*o.value, 'g', -1, 64)
		if i, ok := exact[same]; ok {
			c.of[i] = append(c.of[i], ids...)
			m.cell = i
			c.derived[i] = c.derived[i] && o.ofParts()
			c.cells[i].Primary = c.cells[i].Primary || small(*o.value) || dominated
			break
		}
		m.cell = add(suppress.Cell{Value: *o.value, Primary: small(*o.value) || dominated})
		c.derived[m.cell] = o.ofParts()
		exact[same] = m.cell
	case o.value != nil, o.lower != nil && o.upper == nil && !o.reported(): // at least: the sum of the parts that are known
		least := o.value
		if least == nil {
			least = o.lower
		}
		m.low = add(suppress.Cell{Value: *least, Primary: small(*least)})
		c.derived[m.low] = o.ofParts()
		m.cell = -1
	case o.lower != nil && o.upper != nil:
		told := suppress.Cell{Lower: *o.lower, Upper: *o.upper, Told: true}
		if !o.reported() { // its parts bound it, as long as they are published
			told = suppress.Cell{Upper: math.Inf(1), Told: true, Derived: true}
		}
		m.cell = add(told)
		if !o.reported() {
			m.low = add(suppress.Cell{Value: math.NaN()}) // set by its sum
		}
	default: // nothing is known of it
		c.printed = append(c.printed, printed{observation: o})
		return
	}
	shows := []int{m.cell, m.low}
	c.printed = append(c.printed, printed{o, slices.DeleteFunc(shows, func(i int) bool { return i < 0 })})
	c.at[o.series] = append(c.at[o.series], m)
}

// weight is what it costs to withhold a figure.
func (c *cells) weight(o observation) float64 {
	v := 0.0
	for _, b := range []*float64{o.value, o.lower} {
		if b != nil {
			v = max(v, *b)
		}
	}
	w, totals := 1+math.Log2(1+v), dimPeriod-o.broken()
	w *= 1 + float64(totals)/2
	if totals == dimPeriod && o.freq == "A" {
		w *= c.p.TotalWeight
	}
	if v == 0 {
		w *= 4 // who takes a zero for certain is not deceived by its sign
	}
	return w
}

// sensitive tells whether anything of the group is withheld.
func (c *cells) sensitive() bool {
	return len(c.deep) > 0 || slices.ContainsFunc(c.cells, func(s suppress.Cell) bool { return s.Primary || s.Disclosing || s.Told })
}

func (g group) String() string { return Group{g.state, g.indicator, g.year}.String() }
