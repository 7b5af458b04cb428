package table

import (
	"fmt"
	"slices"
	"strings"
)

// ChartSpec says what a chart takes of its table.
type ChartSpec struct {
	Kind ChartKind `yaml:"kind"`
	// Title says what the chart shows; {year} is the year that it shows.
	Title Text `yaml:"title"`
	// Series are rows (the default) or columns; of a chart of lines.
	Series string `yaml:"series"`
	// Rows are states (the default), totals or both.
	Rows string `yaml:"rows"`
	// Columns are the codes of the columns taken, without the year; none: all
	// but those in Without.
	Columns [][]string `yaml:"columns"`
	Without []string   `yaml:"without"`
	// Largest bounds the series, bars or flows; a note names the rest.
	Largest int `yaml:"largest"`
	// Grades and CountingUnit keep figures out that do not compare.
	Grades       []string `yaml:"grades"`
	CountingUnit string   `yaml:"counting_unit"`
}

// ChartKind is how a chart is drawn.
type ChartKind string

const (
	LinesChart   ChartKind = "lines"   // a line for each series over the years
	BarsChart    ChartKind = "bars"    // a bar for each category
	StackedChart ChartKind = "stacked" // bars of parts
	MapChart     ChartKind = "map"     // States coloured by their figure
	SankeyChart  ChartKind = "sankey"  // flows from origin to destination
	FunnelChart  ChartKind = "funnel"  // the stages of a procedure
	CirclesChart ChartKind = "circles" // a map with circles as large as the figures: of numbers, where a map's colours are of rates
)

// Chart is what is drawn, worked out: a renderer only draws.
type Chart struct {
	Kind        ChartKind
	Title       string
	Unit        string
	Description string // for those who do not see it
	Decimals    int
	Categories  []Category
	Series      []ChartSeries
	Flows       []Flow   // of a sankey, in place of the others
	Notes       []string // what is not drawn, and why
	Source      string
	Withheld    []string `json:",omitempty"` // States of a map whose figure is there and not told
}

// Category is a year, State, or stage.
type Category struct{ Code, Label string }

// ChartSeries has a value for each category; nil is a gap.
type ChartSeries struct {
	Label  string
	Total  bool
	Values []*float64
}

// Flow goes from one State to another.
type Flow struct {
	Origin, Destination Category
	Value               float64
}

// Mapped tells whether the chart has a place for each State.
func (c *Chart) Mapped() bool { return c.Kind == MapChart || c.Kind == CirclesChart }

// Empty tells whether there is nothing to draw.
func (c *Chart) Empty() bool { return len(c.Series) == 0 && len(c.Flows) == 0 }

func (s Spec) checkChart() (errs []error) {
	if s.Chart != nil {
		errs = s.Chart.check(s)
		if s.Chart.Kind == CirclesChart {
			errs = append(errs, fmt.Errorf("chart: circles stand among views alone"))
		}
	}
	for i := range s.Views {
		errs = append(errs, s.Views[i].check(s)...)
	}
	return errs
}

func (c *ChartSpec) check(s Spec) (errs []error) {
	add := func(format string, args ...any) { errs = append(errs, fmt.Errorf("chart: "+format, args...)) }
	if l, bad := c.Title.missing(); bad {
		add("title has no text in %q", l)
	}
	if !slices.Contains([]ChartKind{LinesChart, BarsChart, StackedChart, MapChart, SankeyChart, FunnelChart, CirclesChart}, c.Kind) {
		add("kind is %q; want lines, bars, stacked, map, sankey, funnel or circles", c.Kind)
	}
	if !slices.Contains([]string{"", "rows", "columns"}, c.Series) || (c.Series == "columns" && c.Kind != LinesChart) {
		add("series is %q; want rows, or columns in a chart of lines", c.Series)
	}
	if !slices.Contains([]string{"", "states", "totals", "both"}, c.Rows) {
		add("rows is %q; want states, totals or both", c.Rows)
	}
	if c.Largest < 0 {
		add("largest is %d", c.Largest)
	}
	has := func(col string) bool {
		return slices.ContainsFunc(s.Stub, func(st StubSpec) bool { return st.Column == col })
	}
	across := len(s.Columns) == 1 && s.Columns[0].From == colDestination
	if c.Kind == SankeyChart && (!has(colOrigin) || !across && (!has(colDestination) || len(c.Columns) == 0)) {
		add("a sankey needs ORIGIN and DESTINATION in the stub, and columns, the first choice first; or DESTINATION over the columns")
	}
	levels := 0
	for _, l := range s.Columns {
		if l.From != colYear {
			levels++
		}
	}
	if c.Kind == LinesChart && c.Series != "columns" && (levels > 0 && len(c.Columns) != 1 || len(c.Columns) > 1) {
		add("lines of rows want one of its columns for each year")
	}
	if s.Kind == kindTreaties {
		add("a table of treaties has no figures to draw")
	}
	return errs
}

// charting is a chart in the making, with what it leaves out.
type charting struct {
	*origin
	t                                *Table
	spec                             *ChartSpec
	c                                *Chart
	year                             string
	ranges, lower, unlike, other     int
	gaps                             bool
	rest, without, nils, short, long []string
	blank                            []Category // States of a map without a figure
}

// draw works out a chart of the table as it stands.
func (t *Table) draw(s *ChartSpec) *Chart {
	m := &charting{origin: t.made, t: t, spec: s, c: &Chart{Kind: s.Kind, Unit: t.made.unit, Decimals: t.Decimals}}
	switch s.Kind {
	case LinesChart:
		m.lines()
	case SankeyChart:
		m.sankey()
	case FunnelChart:
		m.funnel()
	default:
		m.bars()
	}
	m.words()
	return m.c
}

// words says what is drawn and what is not.
func (m *charting) words() {
	c, w := m.c, m.w
	title := m.spec.Title[m.t.Lang]
	if m.year == "" { // nothing is drawn, of no year
		title = strings.ReplaceAll(title, ", {year}", "")
	}
	c.Title = fill(title, "year", m.year)
	note := func(ok bool, key string, pairs ...string) {
		if ok {
			c.Notes = append(c.Notes, w.word(key, pairs...))
		}
	}
	note(c.Empty(), "chart.empty")
	note(m.gaps && c.Kind == LinesChart, "chart.gap")
	note(c.Kind == LinesChart && len(c.Categories) > 1 && slices.ContainsFunc(c.Series, func(s ChartSeries) bool { return s.Total }), "chart.totals")
	note(m.year != "" && m.from != m.to && c.Kind != FunnelChart && !c.Empty(), "chart.year", "year", m.year)
	note(m.ranges > 0, "chart.range", "n", w.count(m.ranges))
	note(m.lower > 0, "chart.lower", "n", w.count(m.lower))
	note(m.unlike > 0, "chart.unlike", "n", w.count(m.unlike), "grades", strings.Join(m.spec.Grades, ", "))
	note(m.other > 0, "chart.other", "n", w.count(m.other))
	note(len(m.rest) > 0, "chart.rest", "n", w.count(m.spec.Largest), "list", m.list(m.rest))
	note(len(m.nils) > 0, "chart.nil", "list", m.list(m.nils))
	note(len(m.short) > 0, "chart.short", "list", m.list(m.short))
	note(len(m.long) > 0, "chart.long", "list", m.list(m.long))
	note(len(m.without) > 0 && !c.Empty(), "chart.without", "list", m.list(m.without))
	note(c.Kind == FunnelChart && !c.Empty(), "chart.stages")
	note(c.Mapped() && !c.Empty(), "chart.map")
	note(len(c.Withheld) > 0, "chart.withheld", "list", m.list(m.names(c.Withheld)))
	var sources, shown []string
	for _, s := range m.t.Sources {
		if !slices.Contains(sources, s.AgencyLabel) {
			sources = append(sources, s.AgencyLabel)
		}
	}
	if len(sources) > 0 {
		c.Source = w.word("chart.source", "list", strings.Join(sources, "; "))
	}
	for _, s := range c.Series {
		if s.Label != "" {
			shown = append(shown, s.Label)
		}
	}
	if c.Kind != LinesChart {
		for i, k := range c.Categories {
			if !c.Mapped() || c.Series[0].Values[i] != nil {
				shown = append(shown, k.Label)
			}
		}
	}
	for _, f := range c.Flows {
		shown = append(shown, f.name())
	}
	c.Description = w.word("chart.description", "kind", w.word("chart.kind."+string(c.Kind)), "title", c.Title, "list", strings.Join(shown, "; "))
}

func (m *charting) names(areas []string) (list []string) {
	for _, a := range areas {
		list = append(list, m.areas[a])
	}
	return list
}

// list names all States, but only ten of flows, which may be hundreds.
func (m *charting) list(names []string) string {
	if n := 10; m.c.Kind == SankeyChart && len(names) > n {
		return strings.Join(names[:n], "; ") + "; … (+" + m.w.count(len(names)-n) + ")"
	}
	return strings.Join(names, "; ")
}

func (f Flow) name() string { return f.Origin.Label + " → " + f.Destination.Label }
