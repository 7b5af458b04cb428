package disclosure

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
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

// Dimensions of a cell within its group; the period is the last.
const (
	dimAge    = 1
	dimPeriod = 7
	dims      = 8
)

// codeLists are those of the dimensions, in order.
var codeLists = [dims - 1]string{"CL_SEX", "CL_AGE", "CL_EXPLOITATION", "CL_AREA", "CL_AREA", "CL_AREA", "CL_AREA"}

// observation is a row of cells.sql.
type observation struct {
	id                  int64
	state, indicator    string
	year                int
	freq                string
	key                 [dims]string
	series              string
	value, lower, upper *float64
	missing             int64
	derivation, record  string
	preferred, counted  bool
	others              *float64 // of a figure that places make: what all but the largest have
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
			&o.series, &o.value, &o.lower, &o.upper, &o.missing, &o.derivation, &o.preferred, &o.record, &o.counted, &o.others); err != nil {
			return nil, err
		}
		of := cmp.Or(p.Rates[o.indicator], o.indicator)
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
	rates   map[[dims]string][]int64
}

// member is a cell of a series.
type member struct {
	key  [dims]string
	cell int // as a part of others, and where it is exact
	low  int // as a total that is known by a bound made of its parts; -1: it is not
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

// newCells makes the cells and sums of a group.
func newCells(g group, p Policy, t tree) *cells {
	c := &cells{g: g, p: p, tree: t, at: map[string][]member{}, rates: map[[dims]string][]int64{}}
	byKey := map[string][]observation{}
	var order []string
	for _, o := range g.obs {
		if o.indicator != g.indicator {
			c.rates[o.key] = append(c.rates[o.key], o.id)
			continue
		}
		k := o.series + "||" + strings.Join(o.key[:], "|")
		if byKey[k] == nil {
			order = append(order, k)
		}
		byKey[k] = append(byKey[k], o)
	}
	exact := map[string]int{} // cells of other sources that say the same of the same
	for _, k := range order {
		c.cell(byKey[k], exact)
	}
	for _, series := range slices.Sorted(maps.Keys(c.at)) {
		c.sumsOf(c.at[series])
	}
	c.loneRates()
	c.zeros()
	return c
}

// loneRates withholds rates of which the count was not reported: whoever knows the
// population has it all the same, and here nobody can tell whether it is small.
func (c *cells) loneRates() {
	counted := map[[dims]string]bool{}
	for _, members := range c.at {
		for _, m := range members {
			counted[m.key] = true
		}
	}
	for key, ids := range c.rates {
		if !counted[key] {
			c.deep = append(c.deep, ids...)
		}
	}
	slices.Sort(c.deep)
}

// cell makes the cell of one key of one series.
func (c *cells) cell(obs []observation, exact map[string]int) {
	shown := slices.IndexFunc(obs, func(o observation) bool { return o.preferred })
	if shown < 0 {
		return
	}
	o := obs[shown]
	var ids []int64
	for _, other := range obs {
		ids = append(ids, other.id)
	}
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
	m := member{key: o.key, low: -1}
	switch {
	case o.value != nil && o.missing == 0:
		same := strings.Join(o.key[:], "|") + "=" + strconv.FormatFloat(*o.value, 'g', -1, 64)
		if i, ok := exact[same]; ok {
			c.of[i] = append(c.of[i], ids...)
			m.cell = i
			c.cells[i].Primary = c.cells[i].Primary || small(*o.value)
			break
		}
		m.cell = add(suppress.Cell{Value: *o.value, Primary: small(*o.value) || c.p.Dominance && o.others != nil && small(*o.others)})
		exact[same] = m.cell
	case o.value != nil, o.lower != nil && o.upper == nil && !o.reported(): // at least: the sum of the parts that are known
		least := o.value
		if least == nil {
			least = o.lower
		}
		m.low = add(suppress.Cell{Value: *least, Primary: small(*least)})
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

// sumsOf finds the sums of a series: over each dimension, of each total the
// parts that stand below it.
func (c *cells) sumsOf(members []member) {
	for d := range dims {
		rows := map[string]map[string]member{} // cells that differ in this dimension alone
		var order []string
		for _, m := range members {
			k := m.key
			k[d] = ""
			name := strings.Join(k[:], "|")
			if rows[name] == nil {
				rows[name], order = map[string]member{}, append(order, name)
			}
			rows[name][m.key[d]] = m
		}
		for _, name := range order {
			row := rows[name]
			if len(row) < 2 {
				continue
			}
			for _, total := range slices.Sorted(maps.Keys(row)) {
				for _, parts := range c.tree.parts(d, total, row) {
					c.sum(row[total], parts, row)
				}
			}
		}
	}
}

// sum adds the sum of a total. A bound made of parts is the sum of those that
// are exact; a total that is exact is the sum of all.
func (c *cells) sum(total member, parts []string, row map[string]member) {
	var all, known []int
	sum := 0.0
	for _, code := range parts {
		m := row[code]
		switch {
		case m.cell < 0: // itself a bound of parts
			known, sum = append(known, m.low), sum+c.cells[m.low].Value
		case c.cells[m.cell].Told:
			all = append(all, m.cell)
		default:
			all, known, sum = append(all, m.cell), append(known, m.cell), sum+c.cells[m.cell].Value
		}
	}
	if total.low >= 0 && len(known) > 0 {
		if low := &c.cells[total.low]; math.IsNaN(low.Value) {
			low.Value = sum
		}
		c.sums = append(c.sums, suppress.Sum{Total: total.low, Parts: known})
	}
	if total.cell >= 0 && len(all) > 0 {
		// One part alone leaves room for others; but where nothing is known of anybody,
		// those of whom it is unknown are all.
		open := len(all) < 2 && !c.cells[total.cell].Derived && !slices.Equal(parts, []string{"_U"})
		c.sums = append(c.sums, suppress.Sum{Total: total.cell, Parts: all, Open: open})
	}
}

// sensitive tells whether anything of the group is withheld.
func (c *cells) sensitive() bool {
	return len(c.deep) > 0 || slices.ContainsFunc(c.cells, func(s suppress.Cell) bool { return s.Primary || s.Told })
}

// zeros marks those that tell an attribute of every member of a small group:
// where one part alone is not zero.
func (c *cells) zeros() {
	for i := range c.cells {
		if math.IsNaN(c.cells[i].Value) { // a range of no parts that are exact
			c.cells[i].Value = 0
		}
	}
	for _, s := range c.sums {
		total := c.cells[s.Total]
		if total.Told || total.Value <= 0 || total.Value >= c.p.Group || len(s.Parts) < 2 {
			continue
		}
		var zero []int
		for _, i := range s.Parts {
			if !c.cells[i].Told && c.cells[i].Value == 0 {
				zero = append(zero, i)
			}
		}
		if len(zero) == len(s.Parts)-1 {
			for _, i := range zero {
				c.cells[i].Primary = true
			}
		}
	}
}

func (g group) String() string { return fmt.Sprintf("%s %s %d", g.state, g.indicator, g.year) }
