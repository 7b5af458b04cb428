package table

import (
	"strings"
	"testing"

	"github.com/oas/tipstat/transform/record"
)

// TestRounding: a table of rounded figures says so in each language, marks the
// cells that stand on them, totals and shares too, and calls no zero a true one.
func TestRounding(t *testing.T) {
	db := fixture(t)
	exec(t, db, `UPDATE observation SET COMMENT_OBS = 'rounded', OBS_VALUE = 0, LOWER_BOUND = 0, UPPER_BOUND = 0 WHERE obs_id = 60`)
	exec(t, db, `UPDATE observation SET COMMENT_OBS = 'rounded' WHERE INDICATOR = 'VICTIMS_DETECTED' AND OBS_VALUE IS NOT NULL`)
	notes := map[string]bool{}
	for _, method := range []string{"random", "controlled"} {
		for _, lang := range record.Languages {
			tab := build(t, db, spec(t, "victims"), Params{Lang: lang, Control: &Control{Rounding: &Rounding{Base: 5, Method: method}}})
			if !tab.Released || tab.Rounding == nil || tab.Rounding.String() != method+" 5" {
				t.Errorf("%s: released %v, %v", lang, tab.Released, tab.Rounding)
			}
			for _, n := range tab.Notes {
				if n.Kind == "release" {
					notes[n.Text] = true
					if !strings.Contains(n.Text, "5") || !strings.Contains(n.Text, "4") || strings.ContainsAny(n.Text, "{}") {
						t.Errorf("%s, %s: %s", method, lang, n.Text)
					}
				}
			}
			marked, bare := 0, 0
			for _, r := range tab.Rows {
				for _, c := range r.Cells {
					switch {
					case c.Rounded:
						marked++
					case r.Kind != CoveredRow && c.Value != nil:
						bare++
						t.Errorf("%s: %s is not marked", lang, c.Text)
					}
				}
			}
			if marked < 10 {
				t.Errorf("%s: %d cells are marked", lang, marked)
			}
			for _, s := range tab.Symbols {
				if s.Symbol == "-" && s.Text != Word(lang, "symbol.-.rounded") {
					t.Errorf("%s: a zero is %s", lang, s.Text)
				}
			}
		}
	}
	if len(notes) != 2*len(record.Languages) {
		t.Errorf("%d notes: %v", len(notes), notes)
	}
	plain := build(t, db, spec(t, "victims"), Params{Control: &Control{Threshold: 5, ThresholdCases: 10}})
	if plain.Rounding != nil {
		t.Errorf("%v", plain.Rounding)
	}
}
