package table

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestSelect: of random parts every cell is the whole's, totals are the whole's, notes and signs
// are those cited, and the whole is left as it was.
func TestSelect(t *testing.T) {
	db := fixture(t)
	for _, id := range []string{"victims", "victims-sex-age", "victims-exploitation", "routes", "mirror", "treaties", "regional"} {
		whole := build(t, db, spec(t, id), Params{Lang: "es"})
		key := func(t *Table, r Row, j int) string {
			return fmt.Sprintf("%s %v %v %s %q %v %v %v", r.Kind, r.Stub, t.Columns[j].Codes, r.Cells[j].Text, r.Cells[j].Status, r.Cells[j].Grade, r.Cells[j].ObsIDs, r.Cells[j].TimePeriod)
		}
		cells := func(t *Table) (all []string) {
			for _, r := range t.Rows {
				for j := range r.Cells {
					all = append(all, key(t, r, j))
				}
			}
			return all
		}
		all := cells(whole)
		before := fmt.Sprintf("%+v", whole.Rows)
		for _, f := range whole.Facets() {
			if f.Concept == colYear {
				continue
			}
			for n := range min(4, len(f.Codes)) {
				part := whole.Select(Selection{f.Concept: f.Codes[n : n+1]})
				got := cells(part)
				if len(got) > len(all) || len(got) == 0 && len(all) > 0 && f.Concept != "SEX" && f.Concept != "AGE" {
					t.Errorf("%s by %s %s: %d cells of %d", id, f.Concept, f.Codes[n], len(got), len(all))
				}
				for _, c := range got {
					if !slices.Contains(all, c) {
						t.Fatalf("%s by %s %s has %s, which the whole has not", id, f.Concept, f.Codes[n], c)
					}
				}
				for _, r := range part.Rows {
					if codes := part.rowCodes(r, f.Concept); len(codes) > 0 && !slices.Contains(codes, f.Codes[n]) {
						t.Errorf("%s by %s %s has a row of %v", id, f.Concept, f.Codes[n], codes)
					}
				}
				cited := map[string]bool{}
				for _, r := range part.Rows {
					cite(cited, r.Marks)
					for _, c := range r.Cells {
						cite(cited, c.Marks)
					}
				}
				for _, h := range part.Columns {
					cite(cited, h.Marks)
				}
				for _, note := range part.Notes {
					if note.Mark != "" && !cited[note.Mark] {
						t.Errorf("%s by %s %s: note %s is cited nowhere", id, f.Concept, f.Codes[n], note.Mark)
					}
					delete(cited, note.Mark)
				}
				for mark := range cited {
					if !slices.ContainsFunc(part.Symbols, func(s Symbol) bool { return s.Symbol == mark }) {
						t.Errorf("%s by %s %s: no note %s", id, f.Concept, f.Codes[n], mark)
					}
				}
				if part.Notes[0].Kind != "selection" {
					t.Errorf("%s: it does not say that it is a part", id)
				}
				totals := func(t *Table) (list []string) {
					for _, r := range t.Rows {
						if r.Kind == TotalRow {
							list = append(list, fmt.Sprint(r.Stub, len(r.Cells)))
						}
					}
					return list
				}
				if f.Concept == colArea && strings.Join(totals(part), ";") != strings.Join(totals(whole), ";") {
					t.Errorf("%s of one State has other totals", id)
				}
			}
		}
		if fmt.Sprintf("%+v", whole.Rows) != before {
			t.Errorf("%s: the whole was changed", id)
		}
	}
}

// TestSelectNothing: no choice is the whole.
func TestSelectNothing(t *testing.T) {
	whole := build(t, fixture(t), spec(t, "victims"), Params{})
	part := whole.Select(nil)
	if fmt.Sprintf("%+v %+v %+v %+v", part.Rows, part.Notes, part.Symbols, part.Sources) != fmt.Sprintf("%+v %+v %+v %+v", whole.Rows, whole.Notes, whole.Symbols, whole.Sources) {
		t.Errorf("%+v\n%+v", part.Notes, whole.Notes)
	}
}

// TestFlowsAcross: of a flow that two States report the State of destination is drawn.
func TestFlowsAcross(t *testing.T) {
	cell := func(v float64) Cell { return Cell{Value: &v, Lower: &v, Upper: &v, Grade: "A"} }
	row := func(area, from string, cells ...Cell) Row {
		return Row{Kind: SeriesRow, Area: area, CountingUnit: "PERSON", Cells: cells,
			Stub: []Label{{Code: area, Text: area}, {Code: "2023", Text: "2023"}, {Code: from, Text: from}}}
	}
	none := Cell{Text: "c", Status: "Q"}
	tab := &Table{Levels: []string{colDestination}, Stub: []Heading{{Codes: []string{colArea}}, {Codes: []string{colYear}}, {Codes: []string{colOrigin}}},
		Columns: []Heading{{Codes: []string{"_T"}, Labels: []string{"Total"}}, {Codes: []string{"MEX"}, Labels: []string{"MEX"}}, {Codes: []string{"GTM"}, Labels: []string{"GTM"}}},
		Rows:    []Row{row("HND", "HND", cell(30), cell(20), cell(0)), row("MEX", "HND", cell(9), cell(7), none), row("MEX", "_T", cell(9), cell(9), none), row("MEX", "GTM", cell(3), none, cell(4))},
		made:    &origin{w: newWriter("en", 0)}}
	c := tab.draw(&ChartSpec{Kind: SankeyChart, Title: Text{}})
	if len(c.Flows) != 1 || c.Flows[0].Value != 7 || c.Flows[0].Origin.Code != "HND" || c.Flows[0].Destination.Code != "MEX" {
		t.Errorf("%+v", c.Flows)
	}
}
