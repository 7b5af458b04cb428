package table

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/oas/tipstat/transform/record"
)

// drawn writes a chart as a few lines.
func drawn(c *Chart) string {
	var b strings.Builder
	for _, k := range c.Categories {
		b.WriteString(k.Label + " ")
	}
	for _, s := range c.Series {
		b.WriteString("| " + s.Label)
		for _, v := range s.Values {
			if v == nil {
				b.WriteString(" gap")
			} else {
				fmt.Fprintf(&b, " %.4g", *v)
			}
		}
	}
	for _, f := range c.Flows {
		fmt.Fprintf(&b, "| %s %g", f.name(), f.Value)
	}
	return b.String()
}

func TestChart(t *testing.T) {
	db := fixture(t)
	change := func(id string, f func(*Spec)) Spec {
		s := spec(t, id)
		if s.Chart != nil {
			c := *s.Chart
			s.Chart = &c
		}
		if s.Total != nil {
			total := *s.Total
			s.Total = &total
		}
		f(&s)
		return s
	}
	as := func(*Spec) {}
	for _, c := range []struct {
		what string
		spec Spec
		want string
		note []string // each stands in a note
	}{
		{"lines with gaps; no range, no incident, no 0 for a silence", change("victims-trend", as),
			"2021 2022 2023 | Argentina 1150 160 gap| Peru · PER_PNP 725 0 gap| Mexico 200 gap gap| Peru · UNODC gap gap 20| Jamaica 10 gap gap| Nicaragua 7 gap gap",
			[]string{"never a zero", "not drawn: 3.", "another unit): 2.", "Brazil; Canada; Cuba; United States; Venezuela"}},
		{"the two largest, the rest named", change("victims-trend", func(s *Spec) { s.Chart.Largest = 2 }),
			"2021 2022 2023 | Argentina 1150 160 gap| Peru · PER_PNP 725 0 gap", []string{"among the 2 largest: Mexico; Peru · UNODC; Jamaica; Nicaragua"}},
		{"a total of ranges at its lower bound", change("victims", func(s *Spec) { s.Chart.Rows = "totals"; s.Total.MinStates = 2 }),
			"2021 2022 2023 | Total, OAS 1367 172 gap", []string{"lower bound: 2.", "differ from year to year"}},
		{"nothing to draw", change("victims", func(s *Spec) { s.Chart.Rows = "totals" }), "", []string{"No chart"}},
		{"stacked", change("victims-sex-age", as), "Argentina | Female, 18 years or over 97", []string{"not drawn: 1."}},
		{"a part of all ages is named without them", change("victims-sex-age", func(s *Spec) { s.Chart.Columns = [][]string{{"F", "_T"}} }), "Argentina | Female 100", nil},
		{"a share within bounds is no bar", change("children-share", as), "", []string{"No chart"}},
		{"map, with States of no figure", change("rates-population", as),
			"Argentina Brazil Canada Cuba Jamaica Mexico Nicaragua Peru United States Venezuela |  0.3478 gap gap gap gap gap gap gap gap gap", []string{"Hatched", "Canada"}},
		{"flows: as destination says, else origin; a range is none", change("mirror", as),
			"| Peru → Argentina 12| Bolivia → Peru 5| Argentina → Mexico 3", []string{"Bolivia → Argentina; Peru → Chile"}},
		{"one known stage is no funnel", change("justice", as), "", []string{"No chart"}},
		{"funnel", change("justice", func(s *Spec) { s.Total.MinStates = 1 }),
			"Persons brought into formal contact with the police: 90 (States added: 1) Persons prosecuted: 40 (States added: 1) |  90 40",
			[]string{"Persons convicted", "same States"}},
	} {
		t.Run(c.what, func(t *testing.T) {
			got := build(t, db, c.spec, Params{}).Chart
			if c.want == "" && !got.Empty() || c.want != "" && drawn(got) != c.want {
				t.Errorf(" got %s\nwant %s", drawn(got), c.want)
			}
			notes := strings.Join(got.Notes, "\n")
			if strings.Contains(got.Title, ", ,") || strings.HasSuffix(got.Title, ", ") {
				t.Errorf("a title of no year: %q", got.Title)
			}
			for _, n := range c.note {
				if !strings.Contains(notes, n) {
					t.Errorf("no note has %q:\n%s", n, notes)
				}
			}
		})
	}
}

// TestChartTexts builds every chart in every language: no text is missing.
func TestChartTexts(t *testing.T) {
	db := fixture(t)
	specs, err := Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[ChartKind]bool{}
	for _, s := range specs {
		for _, lang := range record.Languages {
			if s.Chart == nil {
				continue
			}
			kinds[s.Chart.Kind] = true
			c := build(t, db, s, Params{Lang: lang}).Chart
			if c.Empty() && (strings.HasSuffix(strings.TrimSpace(c.Title), ",") || strings.Contains(c.Title, ",  :")) {
				t.Errorf("%s in %s: a title of no year: %q", s.ID, lang, c.Title)
			}
			for _, text := range append(slices.Clone(c.Notes), c.Title, c.Unit, c.Description) {
				if text == "" || strings.Contains(text, "chart.") || strings.ContainsAny(text, "{}") {
					t.Errorf("%s in %s: %q", s.ID, lang, text)
				}
			}
		}
	}
	if len(kinds) != 6 {
		t.Errorf("kinds in the catalogue: %v", kinds)
	}
}

func TestChartSpec(t *testing.T) {
	for want, f := range map[string]func(*ChartSpec){
		`kind is "pie"`:           func(c *ChartSpec) { c.Kind = "pie" },
		`no text in "fr"`:         func(c *ChartSpec) { c.Title = Text{"en": "a", "es": "a", "pt": "a"} },
		`series is "x"`:           func(c *ChartSpec) { c.Series = "x" },
		`rows is "x"`:             func(c *ChartSpec) { c.Rows = "x" },
		`largest is -1`:           func(c *ChartSpec) { c.Largest = -1 },
		`want one of its columns`: func(c *ChartSpec) { c.Columns = [][]string{{"A"}, {"B"}} },
		`a sankey needs ORIGIN`:   func(c *ChartSpec) { c.Kind = SankeyChart },
		`among views alone`:       func(c *ChartSpec) { c.Kind = CirclesChart },
	} {
		s := spec(t, "victims")
		c := *s.Chart
		s.Chart = &c
		f(&c)
		if errs := fmt.Sprint(s.checkChart()); !strings.Contains(errs, want) {
			t.Errorf("faults %s; want %s", errs, want)
		}
	}
}

// TestChartNil: a bar of which one part is zero and others are not known is not
// said to be reported as none.
func TestChartNil(t *testing.T) {
	zero, ten := 0.0, 10.0
	cell := func(v *float64) Cell { return Cell{Value: v, Lower: v, Upper: v} }
	row := func(area string, cells ...Cell) Row {
		return Row{Kind: SeriesRow, Area: area, Stub: []Label{{Code: area, Text: area}}, Cells: cells}
	}
	tab := &Table{Levels: []string{colYear, "SEX"}, Stub: []Heading{{Codes: []string{colArea}}},
		Columns: []Heading{{Codes: []string{"2023", "F"}, Labels: []string{"2023", "F"}}, {Codes: []string{"2023", "M"}, Labels: []string{"2023", "M"}}},
		Rows:    []Row{row("HND", cell(&zero), cell(nil)), row("JAM", cell(&zero), cell(&zero)), row("MEX", cell(&ten), cell(&ten))}}
	m := &charting{origin: &origin{}, t: tab, spec: &ChartSpec{Kind: StackedChart}, c: &Chart{Kind: StackedChart}}
	m.bars()
	if got := strings.Join(m.nils, ","); got != "JAM" {
		t.Errorf("reported as none: %s", got)
	}
}
