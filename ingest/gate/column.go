package gate

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/oas/tipstat/transform/record"
)

// shownCells is how many cells a finding lists.
const shownCells = 20

// enough is how many different texts are told apart; no threshold is higher.
const enough = 16

// hits are the cells in which something was recognised.
type hits struct {
	cells       int
	first, last int // rows
	at          []string
	different   map[string]struct{}
}

func (h *hits) add(row, col int, text string) {
	if h.cells++; h.first == 0 {
		h.first = row
	}
	h.last = row
	if len(h.at) < shownCells {
		h.at = append(h.at, record.CellName(row, col))
	}
	if len(h.different) < enough {
		if h.different == nil {
			h.different = map[string]struct{}{}
		}
		h.different[text] = struct{}{}
	}
}

func (h *hits) merge(o *hits) {
	if h.cells == 0 {
		h.first = o.first
	}
	h.cells, h.last = h.cells+o.cells, o.last
	h.at = append(h.at, o.at[:min(len(o.at), shownCells-len(h.at))]...)
	if h.different == nil {
		h.different = map[string]struct{}{}
	}
	maps.Copy(h.different, o.different)
}

// join adds hits that may be in the same cells, of another content: a cell counts once. Of
// more than are listed, the count is at least so many.
func (h *hits) join(o *hits) {
	most := max(h.cells, o.cells)
	all := append(slices.Clone(h.at), o.at...)
	slices.SortFunc(all, func(x, y string) int { return cmp.Or(len(x)-len(y), strings.Compare(x, y)) }) // of one column: by row
	all = slices.Compact(all)
	first, last := min(h.first, o.first), max(h.last, o.last)
	if h.cells == 0 {
		first = o.first
	}
	h.merge(o)
	h.first, h.last, h.at = first, last, all[:min(len(all), shownCells)]
	if h.cells = len(all); most > shownCells {
		h.cells = most
	}
}

// column is what was seen of one column in one part of a sheet.
type column struct {
	filled   int
	headed   int           // of them below the heading, which may stand far down
	ages     int           // of these, whole numbers that may be ages
	contents map[int]*hits // by content
	under    map[int]*hits // by kind: cells that look as its heading says
	known    hits          // cells that hold a known name, under a weak heading
	who      hits          // cells that may be names, under a heading of persons alone
	aged     hits          // the same, of one word too, if ages stand beside them
	persons  hits          // names that we know, there
	dates    hits
	born     map[int]int // years of full dates
	years    map[int]int // years that stand alone
}

func newColumn() *column {
	return &column{contents: map[int]*hits{}, under: map[int]*hits{}, born: map[int]int{}, years: map[int]int{}}
}

func hit(m map[int]*hits, key, row, col int, text string) {
	h := m[key]
	if h == nil {
		h = &hits{}
		m[key] = h
	}
	h.add(row, col, text)
}

// addTo merges hits into those of a key.
func addTo(m map[int]*hits, key int, h *hits) {
	if m[key] == nil {
		m[key] = &hits{}
	}
	m[key].merge(h)
}

// joinTo joins hits to those of a kind.
func joinTo(m map[int]*hits, kind int, h *hits) {
	if m[kind] == nil {
		m[kind] = &hits{}
	}
	m[kind].join(h)
}

func (c *column) merge(o *column) {
	c.filled, c.headed, c.ages = c.filled+o.filled, c.headed+o.headed, c.ages+o.ages
	for _, pair := range [][2]map[int]*hits{{c.contents, o.contents}, {c.under, o.under}} {
		for key, h := range pair[1] {
			addTo(pair[0], key, h)
		}
	}
	c.known.merge(&o.known)
	c.who.merge(&o.who)
	c.aged.merge(&o.aged)
	c.persons.merge(&o.persons)
	c.dates.merge(&o.dates)
	for y, n := range o.born {
		c.born[y] += n
	}
	for y, n := range o.years {
		c.years[y] += n
	}
}

// columns are those of one part of a sheet, by column.
type columns map[int]*column

func (cs columns) at(col int) *column {
	c := cs[col]
	if c == nil {
		c = newColumn()
		cs[col] = c
	}
	return c
}

func (cs columns) merge(o columns) {
	for col, c := range o {
		cs.at(col).merge(c)
	}
}

// quantile gives the year below which a share of them lies.
func quantile(years map[int]int, share float64) int {
	total := 0
	for _, n := range years {
		total += n
	}
	seen, want := 0, int(share*float64(total))
	for _, y := range slices.Sorted(maps.Keys(years)) {
		if seen += years[y]; seen > want {
			return y
		}
	}
	return 0
}

// heading is what stands over a column.
type heading struct {
	row    int
	text   string
	norm   string
	strong []int // kinds that it names
	short  []int // kinds that it names if the numbers are long
	weak   []int
	who    bool // it names persons and nothing else
	name   bool // it is "name" and nothing else
	age    bool
}

// says tells whether it names anything.
func (h *heading) says() bool { return len(h.strong)+len(h.short)+len(h.weak) > 0 || h.who }

// judge gives what a column of a table holds.
func (s *scan) judge(col int) (out []Suspicion) {
	c, h := s.data[col], s.heads[col]
	if h == nil {
		h = &heading{}
	}
	tell := func(kind int, found *hits) {
		for i := range out {
			if out[i].kind == kind {
				if found.cells > out[i].Cells {
					out[i].take(found)
				}
				return
			}
		}
		x := s.suspicion(col, kind, h)
		x.take(found)
		out = append(out, x)
	}
	share := func(h *hits) float64 { return float64(h.cells) / float64(max(c.filled, 1)) }
	under := func(h *hits) float64 { return float64(h.cells) / float64(max(c.headed, 1)) }
	for _, k := range slices.Concat(h.strong, h.short) {
		if found := c.under[k]; found != nil && under(found) >= s.lx.Kinds[k].Share {
			tell(k, found)
		}
	}
	for _, k := range h.weak {
		if len(c.known.different) > 1 && under(&c.known) >= weakShare {
			tell(k, &c.known)
		}
	}
	if (h.who || h.name) && s.besideAges(h) {
		switch w := s.lx.Kinds[s.lx.who].Who; {
		case c.persons.cells > 0:
			tell(s.lx.who, &c.persons)
		case len(c.aged.different) >= w.Aged && under(&c.aged) >= w.Share:
			tell(s.lx.who, &c.aged)
		}
	}
	named := len(out) > 0 // shapes that need a share add nothing to what the heading says
	place, code := holds(h.norm, s.lx.Elsewhere), holds(h.norm, s.lx.Codes)
	thing := s.lx.thing(h.norm)
	silent := func(unless []string) bool {
		return place && slices.Contains(unless, "elsewhere") || code && slices.Contains(unless, "codes") || thing && slices.Contains(unless, "things")
	}
	few := map[int]*hits{}
	for i, content := range s.lx.contents {
		found := c.contents[i]
		if found == nil {
			continue
		}
		need := content.Share
		if place && content.Elsewhere > 0 {
			need = content.Elsewhere
		}
		switch rows := content.Rows; {
		case len(found.different) >= content.Cells && share(found) >= need && !silent(content.Unless) && (content.single() || !named):
			tell(content.kind, found)
		case rows != nil && len(found.different) >= rows.Cells && !silent(rows.Unless):
			joinTo(few, content.kind, found)
		}
	}
	if w := s.lx.Kinds[s.lx.who].Who; h.who && len(c.who.different) >= w.Cells && under(&c.who) >= w.Share &&
		float64(len(c.who.different)) >= w.Different*float64(min(c.who.cells, enough)) {
		joinTo(few, s.lx.who, &c.who)
	}
	if s.bornIn(col, h) {
		tell(s.birth, &c.dates)
	}
	for _, kind := range sortedKeys(few) {
		if slices.ContainsFunc(out, func(x Suspicion) bool { return x.kind == kind }) {
			continue
		}
		tell(kind, few[kind])
		out[len(out)-1].Few = true
	}
	return out
}

// besideAges tells whether a heading stands in a row with one of ages, over ages of
// single persons and not over groups.
func (s *scan) besideAges(h *heading) bool {
	for col, o := range s.heads {
		if c := s.data[col]; o.age && o.row == h.row && c != nil && c.ages > 0 && c.ages*2 >= c.headed {
			return true
		}
	}
	return false
}

// weakShare is how many cells must hold a known name under a heading such as
// "name", which things have too.
const weakShare = 0.3

// bornIn tells whether a column of dates holds dates of birth, by its years.
func (s *scan) bornIn(col int, h *heading) bool {
	c, b := s.data[col], &s.lx.Born
	if len(c.dates.different) < b.Cells || float64(c.dates.cells) < b.Share*float64(c.filled) || holds(h.norm, b.Not) || s.states() {
		return false
	}
	span := quantile(c.born, 0.9) - quantile(c.born, 0.1)
	if span >= b.Alone {
		return true
	}
	if span < b.Span {
		return false
	}
	middle := quantile(c.born, 0.5)
	for other, o := range s.data {
		for _, years := range []map[int]int{o.born, o.years} {
			if other != col && len(years) > 0 && quantile(years, 0.1)-middle >= b.Later {
				return true
			}
		}
	}
	return false
}

func sortedKeys[V any](m map[int]V) []int { return slices.Sorted(maps.Keys(m)) }
