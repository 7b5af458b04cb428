package cube

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/oas/tipstat/reports/table"
)

// Cube is a table as a cube. Texts are by language; Langs[0] leads.
type Cube struct {
	ID         string
	Langs      []string
	Title      map[string]string
	Measure    map[string]string
	Decimals   int
	Updated    string // YYYY-MM-DD, of the newest source
	Dimensions []Dimension
	Cells      []Cell              // the last dimension turns fastest
	Release    map[string]string   // the note that must be read
	Notes      map[string][]string // all other notes of the table, with their marks
	RowNotes   []KeyNote           // on all figures of a row
	Symbols    map[string][]table.Symbol
	Sources    map[string][]string
}

// Dimension is one dimension; Role is geo, time, metric or empty, as in JSON-stat.
type Dimension struct {
	ID, Role   string
	Name       map[string]string
	Stub       bool // it names rows
	Categories []Category
}

// Category is one category of a dimension.
type Category struct {
	Code  string
	Label map[string]string
	Note  map[string]string
}

// Kind says what stands in a cell.
type Kind int

// Kinds of cells. The order of those after Number is that of the symbols of a PX file.
const (
	Number Kind = iota
	NotAvailable
	NotApplicable
	NotCollected
	Suppressed
	Range // known by its bounds alone, which stand beside it
)

// Cell is one place of the cube. Status is a code of SDMX CL_OBS_STATUS.
type Cell struct {
	Kind   Kind
	Value  float64
	Status string
	Grade  string
	Note   map[string]string
}

// KeyNote is a note on all figures of some categories; -1 stands for every category.
type KeyNote struct {
	At   []int
	Text map[string]string
}

// Dimensions that a table does not have of its own.
const (
	area   = "REF_AREA"
	year   = "REF_YEAR"
	series = "SERIES"
	figure = "FIGURE"
	none   = "_Z" // the category of what has none
)

// MaxCells bounds a cube: a question that wide is asked in parts.
const MaxCells = 3_000_000

// ErrTooLarge is a table whose cube would have more cells than MaxCells.
var ErrTooLarge = errors.New("too large")

// Make makes the cube of one table, given in one or several languages.
func Make(tables []*table.Table) (*Cube, error) {
	if len(tables) == 0 {
		return nil, errors.New("no table")
	}
	if _, err := texts(); err != nil {
		return nil, err
	}
	m := &maker{t: tables[0]}
	for _, t := range tables {
		m.langs = append(m.langs, t.Lang)
	}
	return m.make(tables)
}

// maker holds what the steps share. Its first table decides the shape.
type maker struct {
	t      *table.Table
	langs  []string
	c      *Cube
	keys   []string           // ids of the dimensions that come from the stub
	rows   map[string][]int   // categories of a row, by its key and occurrence
	index  []map[string]int   // by dimension, of codes
	suffix map[string]*coding // series that only words tell apart
}

// coding numbers the words that tell like series apart.
type coding struct{ numbers map[string]int }

func (m *maker) make(tables []*table.Table) (*Cube, error) {
	m.c = &Cube{ID: m.t.ID, Langs: m.langs, Decimals: m.t.Decimals, Title: map[string]string{}, Measure: map[string]string{},
		Release: map[string]string{}, Notes: map[string][]string{}, Symbols: map[string][]table.Symbol{}, Sources: map[string][]string{}}
	seen := map[string]bool{}
	for _, h := range m.t.Columns {
		key := strings.Join(h.Codes, " ")
		if len(h.Codes) != len(m.t.Levels) || seen[key] {
			return nil, fmt.Errorf("table %s as a cube: column %s has not one code for each of its levels, or stands twice", m.t.ID, key)
		}
		seen[key] = true
	}
	m.dimensions()
	m.categories()
	size := 1
	for _, d := range m.c.Dimensions {
		size *= len(d.Categories)
		if size > MaxCells {
			return nil, fmt.Errorf("table %s as a cube: %w: more than %d cells; ask for fewer States (--states) or years (--years)", m.t.ID, ErrTooLarge, MaxCells)
		}
	}
	m.c.Cells = make([]Cell, size)
	for i := range m.c.Cells {
		m.c.Cells[i] = Cell{Kind: NotAvailable, Status: "O"}
	}
	for i, t := range tables {
		if err := m.fill(t, i == 0); err != nil {
			return nil, err
		}
		m.words(t)
	}
	m.unlike()
	return m.c, nil
}

// seriesColumns are the columns of a stub that tell of the series and not of
// what is counted.
func seriesColumn(column string) bool {
	return slices.Contains([]string{"SOURCE_AGENCY", "LAYOUT", "COUNTING_UNIT", "VICTIM_STATUS", "IDENTIFIED_BY", "COVERAGE"}, strings.ToUpper(column))
}

func (m *maker) dimensions() {
	add := func(id, role string, stub bool) {
		m.c.Dimensions = append(m.c.Dimensions, Dimension{ID: id, Role: role, Stub: stub, Name: map[string]string{}})
		m.index = append(m.index, map[string]int{})
	}
	role := func(id string) string { return map[string]string{area: "geo", year: "time"}[id] }
	m.keys = []string{area}
	add(area, "geo", true)
	withSeries := slices.ContainsFunc(m.t.Stub, func(h table.Heading) bool { return seriesColumn(h.Codes[0]) }) ||
		slices.ContainsFunc(m.t.Rows, func(r table.Row) bool { return suffix(r) != "" }) || alike(m.t.Rows)
	if withSeries {
		m.keys = append(m.keys, series)
		add(series, "", true)
	}
	for _, h := range m.t.Stub {
		if id := h.Codes[0]; id != area && !seriesColumn(id) {
			m.keys = append(m.keys, id)
			add(id, role(id), true)
		}
	}
	for _, l := range m.t.Levels {
		add(l, role(l), false)
	}
	add(figure, "metric", false)
}

// alike tells whether two rows have the same codes.
func alike(rows []table.Row) bool {
	seen := map[string]bool{}
	for _, r := range rows {
		_, key, _ := strings.Cut(rowKey(r), sep) // whatever their kinds
		if r.Kind != table.AbsentRow && r.Kind != table.CoveredRow {
			if seen[key] {
				return true
			}
			seen[key] = true
		}
	}
	return false
}

// suffix gives what a table adds to the words of a row to tell it from its like.
func suffix(r table.Row) string {
	var out string
	for _, l := range r.Stub {
		if rest, ok := strings.CutPrefix(l.Text, l.Name); ok && l.Name != "" {
			out += rest
		} else if rest, ok := strings.CutPrefix(l.Text, l.Code); ok && l.Code != "" {
			out += rest
		}
	}
	return out
}

// category finds a category of a dimension, or adds it.
func (m *maker) category(dim int, code string) int {
	if code == "" {
		code = none
	}
	if i, ok := m.index[dim][code]; ok {
		return i
	}
	d := &m.c.Dimensions[dim]
	m.index[dim][code] = len(d.Categories)
	d.Categories = append(d.Categories, Category{Code: code, Label: map[string]string{}, Note: map[string]string{}})
	return len(d.Categories) - 1
}

// categories finds the categories of every dimension, in the order of the
// table (years in theirs), and the place of every row.
func (m *maker) categories() {
	if i := slices.Index(m.keys, year); i >= 0 { // years in their order, whichever State has them first
		var years []string
		for _, r := range m.t.Rows {
			if code := m.codes(r)[i]; r.Kind != table.AbsentRow && code != "" {
				years = append(years, code)
			}
		}
		slices.Sort(years)
		for _, y := range slices.Compact(years) {
			m.category(i, y)
		}
	}
	m.rows, m.suffix = map[string][]int{}, map[string]*coding{}
	seen, taken := map[string]int{}, map[string]bool{}
	for _, r := range m.t.Rows {
		if r.Kind == table.CoveredRow {
			continue
		}
		codes := m.codes(r)
		if r.Kind == table.AbsentRow {
			m.category(0, codes[0])
			continue
		}
		key := rowKey(r)
		at := m.place(codes, suffix(r), taken)
		m.rows[fmt.Sprint(key, sep, seen[key])] = at
		seen[key]++
	}
	n := len(m.keys)
	for _, h := range m.t.Columns {
		for i, code := range h.Codes {
			m.category(n+i, code)
		}
	}
	for _, f := range m.figures() {
		m.category(len(m.c.Dimensions)-1, f)
	}
	for i, d := range m.c.Dimensions {
		if len(d.Categories) == 0 { // a table without figures: the formats know no dimension without categories
			m.category(i, none)
		}
	}
}

const sep = "\x1f"

func rowKey(r table.Row) string {
	key := []string{string(r.Kind)}
	for _, l := range r.Stub {
		key = append(key, l.Code)
	}
	return strings.Join(key, sep)
}

// codes gives a row's codes in the order of m.keys.
func (m *maker) codes(r table.Row) []string {
	var own, others []string
	a := ""
	for i, h := range m.t.Stub {
		code := r.Stub[i].Code
		switch id := h.Codes[0]; {
		case id == area:
			a = code
		case seriesColumn(id):
			if code == "" {
				code = "_T"
			}
			own = append(own, code)
		default:
			others = append(others, code)
		}
	}
	out := []string{a}
	if slices.Contains(m.keys, series) {
		out = append(out, strings.Join(own, "."))
	}
	return append(out, others...)
}

// place gives a row its categories. Series that words alone tell apart are
// numbered; what is still alike after that, too.
func (m *maker) place(codes []string, words string, taken map[string]bool) []int {
	at := slices.Index(m.keys, series)
	base := ""
	if at >= 0 {
		if base = codes[at]; base == "" {
			base = none
		}
	}
	for again := 1; ; again++ {
		if at >= 0 {
			k := m.suffix[base]
			if k == nil {
				k = &coding{numbers: map[string]int{}}
				m.suffix[base] = k
			}
			w := words
			if again > 1 {
				w = fmt.Sprint(words, sep, again)
			}
			if _, ok := k.numbers[w]; !ok {
				k.numbers[w] = len(k.numbers) + 1
			}
			codes[at] = base
			if n := k.numbers[w]; n > 1 {
				codes[at] = fmt.Sprint(base, ".", n)
			}
		}
		key := strings.Join(codes, sep)
		if at >= 0 && taken[key] {
			continue
		}
		taken[key] = true
		var out []int
		for i, code := range codes {
			out = append(out, m.category(i, code))
		}
		return out
	}
}

// figures are what stands of each cell: its value and bounds, or, in a table
// of treaties, dates.
func (m *maker) figures() []string {
	if m.t.WideText {
		return []string{"PARTY", "SIGNED"}
	}
	return []string{"VALUE", "LOWER_BOUND", "UPPER_BOUND"}
}

// Index gives the place in Cells of one category of each dimension.
func (c *Cube) Index(at []int) int {
	n := 0
	for i, d := range c.Dimensions {
		n = n*len(d.Categories) + at[i]
	}
	return n
}

// Size gives the number of categories of each dimension.
func (c *Cube) Size() []int {
	out := make([]int, 0, len(c.Dimensions))
	for _, d := range c.Dimensions {
		out = append(out, len(d.Categories))
	}
	return out
}
