package table

import (
	"cmp"
	"slices"
	"strings"
)

// lines draws rows, or columns, over the years.
func (m *charting) lines() {
	if m.spec.Series == "columns" {
		for _, r := range m.t.Rows {
			l := m.stub(r, colYear)
			m.c.Categories = append(m.c.Categories, Category{l.Code, l.Text})
		}
		for j := range m.t.Columns {
			if !m.wanted(j) {
				continue
			}
			s := ChartSeries{Label: m.label(j)}
			known := false
			for _, r := range m.t.Rows {
				v := m.value(r, r.Cells[j])
				known, s.Values = known || v != nil, append(s.Values, v)
			}
			if known {
				m.add(s)
			} else {
				m.without = append(m.without, s.Label)
			}
		}
		return
	}
	var columns []int
	for j := range m.t.Columns {
		if m.wanted(j) {
			y, _ := m.split(j)
			columns = append(columns, j)
			m.c.Categories = append(m.c.Categories, Category{y, y})
		}
	}
	var list []strip
	for i, r := range m.t.Rows {
		if !m.taken(r) {
			continue
		}
		s := strip{row: i}
		known := false
		for _, j := range columns {
			v := m.value(r, r.Cells[j])
			if v != nil {
				s.size, known = max(s.size, *v), true
			}
			s.values = append(s.values, v)
		}
		if known {
			list = append(list, s)
		} else if r.Kind == TotalRow {
			m.without = append(m.without, r.Stub[0].Text)
		}
	}
	m.silent(list)
	m.name(list)
	for _, s := range m.largest(list) {
		m.add(ChartSeries{Label: s.label, Total: m.t.Rows[s.row].Kind == TotalRow, Values: s.values})
	}
}

func (m *charting) add(s ChartSeries) {
	m.gaps = m.gaps || slices.Contains(s.Values, nil)
	m.c.Series = append(m.c.Series, s)
}

// bars draws the rows of one year: bars, stacked bars, or a map.
func (m *charting) bars() {
	m.chooseYear()
	var columns []int
	seen := map[string]int{}
	for j := range m.t.Columns {
		y, rest := m.split(j)
		key := strings.Join(rest, sep)
		if _, ok := seen[key]; !m.wanted(j) || ok || (y != "" && y != m.year) {
			continue
		}
		seen[key] = len(columns)
		columns = append(columns, j)
	}
	var list []strip
	for i, r := range m.t.Rows {
		if y := m.stub(r, colYear).Code; !m.taken(r) || (y != "" && y != m.year) {
			continue
		}
		s := strip{row: i}
		known := false
		for _, j := range columns {
			v := m.value(r, r.Cells[j])
			if v != nil {
				s.size, known = s.size+*v, true
			}
			s.values = append(s.values, v)
		}
		if known {
			list = append(list, s)
		}
	}
	if m.c.Mapped() {
		list = m.oneEach(list, columns)
		m.withheld(list, columns)
	}
	m.silent(list)
	m.name(list)
	list = m.largest(list)
	for _, s := range list {
		code := m.t.Rows[s.row].Area
		lacks := m.lacks(s, columns, list)
		if m.spec.Kind == StackedChart && lacks {
			m.short = append(m.short, s.label)
		}
		if m.spec.Kind == StackedChart && m.exceeds(s, columns) {
			m.long = append(m.long, s.label)
		}
		m.c.Categories = append(m.c.Categories, Category{code, s.label})
		if !lacks && !slices.ContainsFunc(s.values, func(v *float64) bool { return v != nil && *v != 0 }) {
			m.nils = append(m.nils, s.label) // a bar of no length is easily missed, and so is the lightest colour
		}
	}
	for k, j := range columns {
		s := ChartSeries{Label: m.label(j)}
		known := false
		for _, x := range list {
			known = known || x.values[k] != nil
			s.Values = append(s.Values, x.values[k])
		}
		for range m.blank {
			s.Values = append(s.Values, nil)
		}
		if known { // a part that nobody gives has no place in the legend
			m.add(s)
		}
	}
	if !m.c.Empty() {
		m.c.Categories = append(m.c.Categories, m.blank...)
	}
}

// withheld names the States of a map of which nothing is drawn since it is not told.
func (m *charting) withheld(drawn []strip, columns []int) {
	for _, r := range m.t.Rows {
		y := m.stub(r, colYear).Code
		hidden := slices.ContainsFunc(columns, func(j int) bool { return r.Cells[j].Withheld() })
		shown := slices.ContainsFunc(drawn, func(s strip) bool { return m.t.Rows[s.row].Area == r.Area })
		if r.Area != "" && hidden && !shown && (y == "" || y == m.year) && !slices.Contains(m.c.Withheld, r.Area) {
			m.c.Withheld = append(m.c.Withheld, r.Area)
		}
	}
}

// exceeds tells whether the parts of a bar add up to more than the row's total:
// its source contradicts itself.
func (m *charting) exceeds(s strip, columns []int) bool {
	year, _ := m.split(columns[0])
	for j := range m.t.Columns {
		y, rest := m.split(j)
		all := y == year && !slices.ContainsFunc(rest, func(code string) bool { return code != "_T" })
		if c := m.t.Rows[s.row].Cells[j]; all && c.Upper != nil && s.size > *c.Upper {
			return true
		}
	}
	return false
}

// oneEach keeps one row for each State, chosen as totals choose.
func (m *charting) oneEach(list []strip, columns []int) []strip {
	best := map[string]addend{}
	for _, s := range list {
		r := m.t.Rows[s.row]
		a := addend{s.row, r.Cells[columns[0]].Grade, r.Cells[columns[0]].seq}
		if old, ok := best[r.Area]; !ok || a.better(old) {
			best[r.Area] = a
		}
	}
	return slices.DeleteFunc(list, func(s strip) bool {
		drop := best[m.t.Rows[s.row].Area].row != s.row
		if drop {
			m.other++
		}
		return drop
	})
}

// sankey draws the flows of one year: of each the first figure that can be
// drawn, in the order of the spec's columns. Reports are never added.
func (m *charting) sankey() {
	m.chooseYear()
	if slices.Contains(m.t.Levels, colDestination) {
		m.largestFlows(m.across())
		return
	}
	var flows []Flow
	for _, r := range m.t.Rows {
		if m.stub(r, colYear).Code != m.year || !m.taken(r) {
			continue
		}
		from, to := m.stub(r, colOrigin), m.stub(r, colDestination)
		f := Flow{Origin: Category{from.Code, from.Text}, Destination: Category{to.Code, to.Text}}
		found := false
		for _, codes := range m.spec.Columns {
			j := slices.IndexFunc(m.t.Columns, func(h Heading) bool { return slices.Equal(h.Codes, codes) })
			if j < 0 {
				continue
			}
			if v := m.value(r, r.Cells[j]); v != nil && !found {
				f.Value, found = *v, true
			} else if v != nil {
				m.other++
			}
		}
		switch {
		case found && f.Value > 0:
			flows = append(flows, f)
		case found:
			m.nils = append(m.nils, f.name())
		default:
			m.without = append(m.without, f.name())
		}
	}
	m.largestFlows(flows)
}

// largestFlows keeps those that the spec asks for.
func (m *charting) largestFlows(flows []Flow) {
	slices.SortStableFunc(flows, func(x, y Flow) int { return cmp.Compare(y.Value, x.Value) })
	if n := m.spec.Largest; n > 0 && len(flows) > n {
		for _, f := range flows[n:] {
			m.rest = append(m.rest, f.name())
		}
		flows = flows[:n]
	}
	m.c.Flows = flows
}

// across draws a table of rows of origins and columns of destinations. Of a flow that several
// State report one figure is drawn: that of the State of destination, or else of origin, of
// several the best grade, then the file received last. A total, or what is not known, is no place.
func (m *charting) across() (flows []Flow) {
	type report struct {
		rank int
		addend
		value float64
	}
	best, found := map[string]report{}, map[string]Flow{}
	var order []string
	for i, r := range m.t.Rows {
		from := m.stub(r, colOrigin)
		if m.stub(r, colYear).Code != m.year || !m.taken(r) || !isPlace(from.Code) {
			continue
		}
		for j, h := range m.t.Columns {
			to := Category{h.Codes[0], h.Labels[0]}
			if !isPlace(to.Code) || to.Code == from.Code {
				continue
			}
			v := m.value(r, r.Cells[j])
			if v == nil {
				continue
			}
			rank := slices.Index([]string{to.Code, from.Code}, r.Area)
			if rank < 0 {
				rank = 2
			}
			now, key := report{rank, addend{i, r.Cells[j].Grade, r.Cells[j].seq}, *v}, from.Code+sep+to.Code
			was, met := best[key]
			if met {
				m.other++
			} else {
				order = append(order, key)
				found[key] = Flow{Origin: Category{from.Code, from.Text}, Destination: to}
			}
			if !met || now.rank < was.rank || now.rank == was.rank && now.better(was.addend) {
				best[key] = now
			}
		}
	}
	for _, key := range order {
		f := found[key]
		if f.Value = best[key].value; f.Value > 0 {
			flows = append(flows, f)
		} else {
			m.nils = append(m.nils, f.name())
		}
	}
	return flows
}

// isPlace tells a country from totals and from what is not known.
func isPlace(code string) bool { return len(code) == 3 && !strings.HasPrefix(code, "_") }

// funnel draws the stages of the total of one year: the last in which the most
// stages are known. One stage alone is no funnel.
func (m *charting) funnel() {
	i := slices.IndexFunc(m.t.Rows, func(r Row) bool { return r.Kind == TotalRow })
	if i < 0 {
		return
	}
	total, covered := m.t.Rows[i], Row{}
	if i+1 < len(m.t.Rows) && m.t.Rows[i+1].Kind == CoveredRow {
		covered = m.t.Rows[i+1]
	}
	n := map[string]int{}
	for j := range m.t.Columns {
		if v, _ := m.drawable(total, total.Cells[j]); v != nil && m.wanted(j) {
			y := m.yearOf(i, j)
			if n[y]++; n[y] > n[m.year] || (n[y] == n[m.year] && y > m.year) {
				m.year = y
			}
		}
	}
	if n[m.year] < 2 {
		return
	}
	s := ChartSeries{Total: true}
	for j := range m.t.Columns {
		if !m.wanted(j) || m.yearOf(i, j) != m.year {
			continue
		}
		v := m.value(total, total.Cells[j])
		if v == nil {
			m.without = append(m.without, m.label(j))
			continue
		}
		label := m.label(j)
		if covered.Cells != nil {
			label = m.w.word("chart.stage", "stage", label, "value", total.Cells[j].Text, "n", covered.Cells[j].Text)
		}
		_, rest := m.split(j)
		m.c.Categories = append(m.c.Categories, Category{strings.Join(rest, "."), label})
		s.Values = append(s.Values, v)
	}
	m.add(s)
}

// lacks tells whether a bar lacks a part that others have.
func (m *charting) lacks(s strip, columns []int, list []strip) bool {
	for k := range columns {
		if s.values[k] == nil && slices.ContainsFunc(list, func(x strip) bool {
			return x.values[k] != nil || m.t.Rows[x.row].Cells[columns[k]].Figure()
		}) {
			return true
		}
	}
	return false
}
