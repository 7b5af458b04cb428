package table

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// value gives what is drawn of a cell: an exact figure that compares; of a
// total its lower bound, if both are known, and it is no bound of zero.
// Whatever else is a gap, and counted.
func (m *charting) value(r Row, c Cell) *float64 {
	v, lower := m.drawable(r, c)
	switch {
	case v == nil && c.Figure() && m.compares(r, c):
		m.ranges++
	case v == nil && c.Figure():
		m.unlike++
	case lower:
		m.lower++
	}
	return v
}

func (m *charting) drawable(r Row, c Cell) (v *float64, lower bool) {
	switch {
	case !m.compares(r, c):
		return nil, false
	case c.Value != nil:
		return c.Value, false
	case r.Kind == TotalRow && c.Lower != nil && c.Upper != nil && *c.Lower > 0:
		return c.Lower, true
	}
	return nil, false
}

// compares holds figures to the grades and the counting unit of the spec; a
// total has held its parts to its own.
func (m *charting) compares(r Row, c Cell) bool {
	if r.Kind == TotalRow {
		return true
	}
	return (m.spec.CountingUnit == "" || r.CountingUnit == m.spec.CountingUnit) &&
		(len(m.spec.Grades) == 0 || slices.Contains(m.spec.Grades, c.Grade))
}

// taken tells whether the spec asks for a row.
func (m *charting) taken(r Row) bool {
	switch r.Kind {
	case TotalRow:
		return m.spec.Rows == "totals" || m.spec.Rows == "both"
	case SeriesRow:
		return m.spec.Rows != "totals"
	}
	return false
}

// split parts the codes of a column into its year and the rest.
func (m *charting) split(j int) (year string, rest []string) {
	for i, code := range m.t.Columns[j].Codes {
		if m.t.Levels[i] == colYear {
			year = code
		} else {
			rest = append(rest, code)
		}
	}
	return year, rest
}

// wanted tells whether the spec asks for a column.
func (m *charting) wanted(j int) bool {
	_, rest := m.split(j)
	if len(m.spec.Columns) > 0 {
		return slices.ContainsFunc(m.spec.Columns, func(c []string) bool { return slices.Equal(c, rest) })
	}
	return !slices.ContainsFunc(rest, func(code string) bool { return slices.Contains(m.spec.Without, code) })
}

// label names a column without its year, and without totals of what else tells
// it apart.
func (m *charting) label(j int) string {
	var parts, totals []string
	for i, l := range m.t.Columns[j].Labels {
		switch {
		case m.t.Levels[i] == colYear:
		case m.t.Columns[j].Codes[i] == "_T":
			totals = append(totals, l)
		default:
			parts = append(parts, l)
		}
	}
	if parts == nil {
		parts = totals
	}
	return strings.Join(parts, ", ")
}

func (m *charting) stub(r Row, column string) Label {
	for i, h := range m.t.Stub {
		if h.Codes[0] == column {
			return r.Stub[i]
		}
	}
	return Label{}
}

// yearOf is the year of a cell, by its column or else by its row.
func (m *charting) yearOf(i, j int) string {
	if y, _ := m.split(j); y != "" {
		return y
	}
	return m.stub(m.t.Rows[i], colYear).Code
}

// chooseYear takes the year in which the most rows can be drawn, of several
// the last.
func (m *charting) chooseYear() {
	n := map[string]int{}
	for i, r := range m.t.Rows {
		met := map[string]bool{}
		for j := range m.t.Columns {
			y := m.yearOf(i, j)
			if v, _ := m.drawable(r, r.Cells[j]); v != nil && m.taken(r) && m.wanted(j) && !met[y] {
				met[y] = true
				n[y]++
			}
		}
	}
	for y, k := range n {
		if k > n[m.year] || (k == n[m.year] && y > m.year) {
			m.year = y
		}
	}
}

// strip is one row on its way into a chart.
type strip struct {
	row    int
	label  string
	values []*float64
	size   float64
}

// name calls strips by their State, or what stands first in the stub; those
// that would read the same also by all in which they differ, or by number.
func (m *charting) name(list []strip) {
	same := map[string][]Row{}
	for _, s := range list {
		r := m.t.Rows[s.row]
		same[r.Stub[0].Text] = append(same[r.Stub[0].Text], r)
	}
	met := map[string]int{}
	for k := range list {
		r := m.t.Rows[list[k].row]
		parts := []string{r.Stub[0].Text}
		for n, l := range r.Stub[1:] {
			differs := func(other Row) bool { return other.Stub[n+1].Text != l.Text }
			if l.Text != "" && m.t.Stub[n+1].Codes[0] != colYear && slices.ContainsFunc(same[parts[0]], differs) {
				parts = append(parts, l.Text)
			}
		}
		label := strings.Join(parts, " · ")
		if met[label]++; met[label] > 1 {
			label = fmt.Sprintf("%s (%d)", label, met[label])
		}
		list[k].label = label
	}
}

// largest keeps the largest; totals stay. The rest is named.
func (m *charting) largest(list []strip) []strip {
	isTotal := func(s strip) bool { return m.t.Rows[s.row].Kind == TotalRow }
	slices.SortStableFunc(list, func(x, y strip) int {
		if isTotal(x) != isTotal(y) {
			return map[bool]int{true: 1, false: -1}[isTotal(x)]
		}
		if isTotal(x) { // totals keep the order of the table
			return 0
		}
		return cmp.Compare(y.size, x.size)
	})
	var kept []strip
	n := 0
	for _, s := range list {
		if !isTotal(s) {
			if n++; m.spec.Largest > 0 && n > m.spec.Largest {
				m.rest = append(m.rest, s.label)
				continue
			}
		}
		kept = append(kept, s)
	}
	return kept
}

// silent names the States of which nothing is drawn; a map has their outlines.
func (m *charting) silent(drawn []strip) {
	has := map[string]bool{}
	for _, s := range drawn {
		has[m.t.Rows[s.row].Area] = true
	}
	for _, r := range m.t.Rows {
		if r.Area != "" && !has[r.Area] && m.spec.Rows != "totals" {
			has[r.Area] = true
			label := m.areas[r.Area]
			m.without = append(m.without, label)
			if m.c.Mapped() {
				m.blank = append(m.blank, Category{r.Area, label})
			}
		}
	}
}
