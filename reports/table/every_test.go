package table

import (
	"context"
	"regexp"
	"slices"
	"testing"

	"github.com/oas/tipstat/transform/record"
)

// everyState tells whether a table has a row for each State.
func everyState(s Spec) bool {
	return s.Stub[0].Column == colArea && !s.Listed && (s.Total == nil || !s.Total.Alone)
}

// TestEveryTable: each table in each language, with and without anything in
// the store, has all its texts and a row for every State.
func TestEveryTable(t *testing.T) {
	specs, err := Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	key := regexp.MustCompile(`\b(note|symbol|status|total|head|conflict|membership|source|treaty|action)\.[a-z]|\{[a-z]+\}`)
	full, empty := fixture(t), fixture(t)
	if _, err := empty.Exec("DELETE FROM observation; DELETE FROM treaty_action"); err != nil {
		t.Fatal(err)
	}
	for _, s := range specs {
		for _, lang := range record.Languages {
			tab, err := Build(context.Background(), full, s, Params{Lang: lang})
			if err != nil {
				t.Errorf("%s: %v", s.ID, err)
				continue
			}
			says := []string{tab.Title, tab.Question, tab.Paragraph, tab.Measure}
			for _, h := range slices.Concat(tab.Stub, tab.Columns) {
				says = append(says, h.Labels...)
			}
			for _, n := range tab.Notes {
				says = append(says, n.Text)
			}
			for _, n := range tab.Symbols {
				says = append(says, n.Text)
			}
			figures := false
			for _, r := range tab.Rows {
				for _, c := range r.Cells {
					says = append(says, c.Text)
					figures = figures || c.Text != ".."
				}
			}
			if !figures {
				t.Errorf("%s shows nothing of the fixture: it is not tested", s.ID)
			}
			for _, text := range says {
				if text == "" || key.MatchString(text) {
					t.Errorf("%s in %s says %q", s.ID, lang, text)
				}
			}
		}
		tab, err := Build(context.Background(), empty, s, Params{FromYear: 2022, ToYear: 2022})
		if err != nil {
			t.Errorf("%s of an empty store: %v", s.ID, err)
			continue
		}
		silent(t, s, tab)
	}
}

// silent holds a table of an empty store to "..": no State without its row, no zero.
func silent(t *testing.T, s Spec, tab *Table) {
	t.Helper()
	var states []string
	for _, r := range tab.Rows {
		if r.Kind == SeriesRow || r.Kind == AbsentRow {
			states = append(states, r.Area)
		}
		for j, c := range r.Cells {
			words := s.Kind == kindCells && s.Cells[j].As == "codes" // next steps
			if c.Text != ".." && !words && r.Kind != CoveredRow && s.Kind != kindTreaties {
				t.Errorf("%s: an empty store shows %q for %s", s.ID, c.Text, r.Area)
			}
		}
	}
	if len(states) != 10 && everyState(s) {
		t.Errorf("%s: an empty store gives %d States a row; want 10", s.ID, len(states))
	}
}
