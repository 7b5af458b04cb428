package layout_test

import (
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/oas/tipstat/ingest/layout"
	"github.com/oas/tipstat/transform/record"
)

// Every fault of a layout file is named.
func TestParseFaults(t *testing.T) {
	good := figures("", "")
	col := func(entry string) string {
		return figures("", "  - {header: Year, concept: YEAR}\n  - {header: Value, value: true}\n  - "+entry+"\n")
	}
	top := func(s string) string { return figures(s+"\n", "") }
	rules := "out_of_scope: [{rule: aside, why: {en: x}}]\n"
	tests := []struct{ name, layout, want string }{
		{"no YAML", "id: [", "test.yaml"},
		{"a tag", replace(good, "header: [Year, Sex, Value]", "header: !x y"), "can't be read"},
		{"empty", "", "id, version and title.en are needed"},
		{"an unknown key", top("colums: []"), "colums"},
		{"an unknown key below", col("{header: Sex, concept: SEX, mapp: {}}"), "mapp"},
		{"a text for a number", top("values: {decimals: two}"), "two"},
		{"no id", replace(good, "id: test", `id: ""`), "id, version and title.en are needed"},
		{"no version", replace(good, "version: 1.0.0", `version: ""`), "id, version and title.en are needed"},
		{"no English title", replace(good, "{en: Test}", "{es: Prueba}"), "title.en"},
		{"agency", replace(good, "SAMPLE", "NOBODY"), `CL_AGENCY has no code "NOBODY"`},
		{"record", replace(good, "record: victims", "record: suspects"), `CL_RECORD has no code "suspects"`},
		{"a record of a list", replace(good, "record: victims", "record: victims, suspects"), `CL_RECORD has no code "suspects"`},
		{"nothing between commas", replace(good, "record: victims", "record: victims,,routes"), `CL_RECORD has no code ""`},
		{"rows", replace(good, "rows: figure", "rows: figures"), `rows: want figure, case or treaty, have "figures"`},
		{"repeats", top("repeats: sum"), `repeats: want conflict, add or keep, have "sum"`},
		{"instrument", replace(treaty, "UNTOC", "NONE"), `CL_INSTRUMENT has no code "NONE"`},
		{"no header", replace(good, "header: [Year, Sex, Value]", "header: []"), "match.header"},
		{"header rows", replace(good, "match: {", "match: {header_rows: 4, "), "match.header_rows"},
		{"enough", replace(good, "match: {", "match: {enough: 1, "), "match.enough"},
		{"anchors without enough", replace(good, "match: {", "match: {anchors: [[a, b, c]], "), "match.enough"},
		{"anchor of two", replace(good, "match: {", "match: {enough: 1, anchors: [[a, b]], "), "match.anchors"},
		{"tolerance", replace(good, "match: {", "match: {tolerance: 2, "), "match.tolerance"},
		{"has", replace(good, "match: {", "match: {has: [{Age: x}], "), `match.has[0]: no column has the heading "Age"`},

		{"constant concept", replace(good, "INDICATOR:", "INDICATER:"), `constants.INDICATER: no concept "INDICATER"`},
		{"constant code", replace(good, "HND", "HONDURAS"), `CL_AREA has no code "HONDURAS"`},
		{"constant derived", replace(good, "REF_AREA: HND", "FREQ: A"), `no concept "FREQ"`},
		{"constant measure", replace(good, "REF_AREA: HND", "OBS_VALUE: 1"), `no concept "OBS_VALUE"`},
		{"constant year", replace(good, "REF_AREA: HND", "YEAR: soon"), `constants.YEAR: "soon" is no YEAR`},
		{"the State is itself", replace(good, "HND", `"=REF_AREA"`), `CL_AREA has no code "=REF_AREA"`},
		{"sex is the State", replace(good, "REF_AREA: HND", `SEX: "=REF_AREA"`), `CL_SEX has no code "=REF_AREA"`},

		{"decimal", top(`values: {decimal: "5"}`), "values.decimal"},
		{"group", top(`values: {group: ";"}`), "values.group"},
		{"one mark for both", top(`values: {decimal: ",", group: ","}`), "values.group"},
		{"decimals", top("values: {decimals: -1}"), "values.decimals"},
		{"censored", top("values: {censored_from: 2}"), "values.censored_from"},
		{"symbol", top(`values: {symbols: {"..": NONE}}`), `CL_OBS_STATUS has no code "NONE"`},
		{"a blank symbol", top(`values: {symbols: {" ": O}}`), "values.blank"},
		{"symbols alike", top(`values: {symbols: {x: L, X: Q}}`), "stands for Q and for L"},
		{"dashes alike", top(`values: {symbols: {"-": "0", "–": O}}`), "stands for 0 and for O"},
		{"blank", top("values: {blank: none}"), `CL_OBS_STATUS has no code "none"`},

		{"date", top("time: {date: D/M/Y}"), "time.date: want one of D MMM YYYY"},
		{"fiscal start", top("time: {fiscal_start: 04-02, fiscal_named: start}"), "time.fiscal_start"},
		{"fiscal start 13", top("time: {fiscal_start: 13-01, fiscal_named: start}"), "time.fiscal_start"},
		{"fiscal name", top("time: {fiscal_start: 04-01}"), "time.fiscal_named: want start or end"},
		{"fiscal name alone", top("time: {fiscal_named: end}"), "time.fiscal_named: needs"},
		{"keep", top("time: {keep: day}"), `time.keep: want month, quarter or year, have "day"`},
		{"filed", top("time: {filed: [{year: 2023, month: 13}]}"), "time.filed"},

		{"rule without reason", top("out_of_scope: [{rule: x, when: {Year: 1}}]"), "why.en"},
		{"rule named footer", top("out_of_scope: [{rule: footer, when: {Year: 1}, why: {en: x}}]"), "footer is the name"},
		{"rule on no column", top("out_of_scope: [{rule: x, when: {Yaer: 1}, why: {en: x}}]"), `out_of_scope.x: no column has the heading "Yaer"`},
		{"rule that can't be read", top("out_of_scope: [{rule: x, when: {Year: {is: 1}}, why: {en: x}}]"), `"is" is none of blank, not, matches`},
		{"rule with a bad expression", top(`out_of_scope: [{rule: x, when: {Year: {matches: "("}}, why: {en: x}}]`), "missing closing )"},
		{"rule with a bad blank", top("out_of_scope: [{rule: x, when: {Year: {blank: maybe}}, why: {en: x}}]"), "blank is true or false"},
		{"rule with a bad list", top("out_of_scope: [{rule: x, when: {Year: [[1]]}, why: {en: x}}]"), "want a text or a list of texts"},
		{"footer", top("footer: {Note: x}"), `footer: no column has the heading "Note"`},

		{"neither header nor pattern", col("{concept: SEX}"), "want either header or pattern"},
		{"header and pattern", col("{header: Sex, pattern: Sex, concept: SEX}"), "want either header or pattern"},
		{"pattern", col("{pattern: '(', value: true}"), "missing closing )"},
		{"group of a pattern", col("{pattern: '(?P<AGES>.)', value: true}"), `group "AGES" is no concept`},
		{"says nothing", col("{header: Sex}"), "want one of concept, sets, value, treaty, ignore"},
		{"says two things", col("{header: Sex, concept: SEX, ignore: why}"), "want one of concept, sets, value, treaty, ignore"},
		{"concept", col("{header: Sex, concept: GENDER}"), `no concept "GENDER"`},
		{"when", col("{header: Sex, concept: SEX, when: {Gender: x}}"), `when: no column has the heading "Gender"`},
		{"map", col("{header: Sex, concept: SEX, map: {x: W}}"), `map.x: CL_SEX has no code "W"`},
		{"map of a pattern", col("{pattern: '^(?P<SEX>.)$', value: true, map: {x: W}}"), `map.x: CL_SEX has no code "W"`},
		{"map of one text twice", col("{header: Sex, concept: SEX, map: {Niña: F, nina: M}}"), "are one text and mean two things"},
		{"list", col("{header: Sex, concept: SEX, codes: CL_GENDER}"), `no code list "CL_GENDER"`},
		{"else", col("{header: Sex, concept: SEX, else: W}"), `CL_SEX has no code "W"`},
		{"blank of a column", col("{header: Sex, concept: SEX, blank: W}"), `CL_SEX has no code "W"`},
		{"refuse", col("{header: Sex, concept: SEX, refuse: {x: No sense!}}"), "kebab case"},
		{"sets concept", col("{header: Sex, sets: {x: {GENDER: F}}}"), `sets.x: no concept "GENDER"`},
		{"sets code", col("{header: Sex, sets: {x: {SEX: W}}}"), `sets.x: CL_SEX has no code "W"`},
		{"sets rule", col("{header: Sex, sets: {x: {out_of_scope: aside}}}"), `no out_of_scope rule "aside"`},
		{"sets year", col("{header: Sex, sets: {x: {YEAR: then}}}"), `"then" is no YEAR`},
		{"sets else", rules + col("{header: Sex, else: other, sets: {x: {}}}"), `else: no out_of_scope rule "other"`},
		{"set", col("{header: Sex, value: true, set: {SEX: W}}"), `set: CL_SEX has no code "W"`},
		{"set without value", col("{header: Sex, concept: SEX, set: {SEX: F}}"), "only of a column that holds values"},
		{"years of a sex", col("{header: Sex, concept: SEX, years: {bands: {Y0T17: 0}, max: 100}}"), "only of the concept AGE"},
		{"years without bands", col("{header: Sex, concept: AGE, years: {max: 100}}"), "bands and max are needed"},
		{"years without max", col("{header: Sex, concept: AGE, years: {bands: {Y0T17: 0}}}"), "bands and max are needed"},
		{"years of no band", col("{header: Sex, concept: AGE, years: {bands: {YOUNG: 0}, max: 100}}"), `CL_AGE has no code "YOUNG"`},
		{"years with one start", col("{header: Sex, concept: AGE, years: {bands: {Y0T17: 0, Y0T11: 0}, max: 100}}"), "start at the same age"},
		{"treaty in figures", col("{header: Sex, treaty: {action: SIGNATURE}}"), "no value of rows of the kind"},
		{"treaty action", replace(treaty, "action: SIGNATURE", "action: SIGNED"), `CL_TREATY_ACTION has no code "SIGNED"`},
		{"treaty without action", replace(treaty, "action: SIGNATURE", "marks: {a: ACCESSION}"), "say the action"},
		{"treaty mark", replace(treaty, "unsigned: CONSENT_U", "marks: {a: JOINED}"), `CL_TREATY_ACTION has no code "JOINED"`},
		{"no value", figures("", "  - {header: Year, concept: YEAR}\n"), "none holds a value"},
		{"partition", top("partitions: {total: [SEX, UNIT_MEASURE]}"), `partitions.total: "UNIT_MEASURE" is no dimension`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := layout.Parse([]byte(tt.layout), "test.yaml", codes(t))
			if err == nil {
				t.Fatalf("no fault found; want %q", tt.want)
			}
			if !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "test.yaml") {
				t.Errorf("%v\ndoes not say %q and the file", err, tt.want)
			}
		})
	}
}

// All faults are told at once, in one order.
func TestParseTellsAllFaults(t *testing.T) {
	text := replace(figures("repeats: sum\ntime: {keep: day, date: x}\n", "  - {header: A, concept: B}\n  - {header: C, sets: {x: {D: E, F: G}, y: {H: I}}}\n"), "HND", "NOWHERE")
	var first string
	for range 20 {
		_, err := layout.Parse([]byte(text), "test.yaml", codes(t))
		if err == nil {
			t.Fatal("no fault found")
		}
		if first == "" {
			first = err.Error()
		}
		same(t, "faults", first, err.Error())
	}
	for _, want := range []string{"NOWHERE", "repeats", "time.keep", "time.date", `"B"`, `"D"`, `"F"`, `"H"`, "none holds a value"} {
		if !strings.Contains(first, want) {
			t.Errorf("%q is not told in:\n%s", want, first)
		}
	}
}

// Every layout of ours and of the samples loads; every text that people read
// is there in the four languages of the OAS.
// TestParseRecord: a list given as text may have blanks around its commas, as
// people write it; the store has it without.
func TestParseRecord(t *testing.T) {
	for said, want := range map[string]string{"victims": "victims", "victims,prosecutions": "victims,prosecutions", `" victims , prosecutions "`: "victims,prosecutions", "victims,\tprosecutions": "victims,prosecutions"} {
		same(t, said, want, parse(t, replace(figures("", ""), "record: victims", "record: "+said)).Record)
	}
}

func TestLayoutsLoad(t *testing.T) {
	all := builtin(t, samples+"/layouts", samples+"/bad/layouts")
	if len(all) < 20 {
		t.Fatalf("only %d layouts", len(all))
	}
	version := regexp.MustCompile(`^\d+\.\d+\.\d+$`)
	for _, l := range all {
		if !version.MatchString(l.Version) {
			t.Errorf("%s: version %q", l.ID, l.Version)
		}
		if len(l.SHA256()) != 64 {
			t.Errorf("%s: hash %q", l.ID, l.SHA256())
		}
		for _, lang := range record.Languages {
			if l.Title[lang] == "" || l.Name(lang) != l.Title[lang] {
				t.Errorf("%s: no title in %s", l.ID, lang)
			}
			for _, s := range l.OutOfScope {
				if s.Why[lang] == "" {
					t.Errorf("%s: rule %s has no reason in %s", l.ID, s.Rule, lang)
				}
			}
		}
	}
}

func TestLoad(t *testing.T) {
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	mine := replace(figures("", ""), "id: test", "id: mex-sesnsp", "version: 1.0.0", "version: 9.0.0")
	all, err := layout.Load(fstest.MapFS{"mine.yaml": file(mine), "new.yaml": file(figures("", "")), "notes.txt": file("x")}, codes(t))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "number", len(builtin(t))+1, len(all))
	for i, l := range all {
		if i > 0 && all[i-1].ID >= l.ID {
			t.Errorf("%s stands before %s", all[i-1].ID, l.ID)
		}
		if l.ID == "mex-sesnsp" && l.Version != "9.0.0" {
			t.Error("the overlay does not replace the built-in layout")
		}
	}
	_, err = layout.Load(fstest.MapFS{"a.yaml": file(figures("", "")), "b.yaml": file(figures("", "")), "c.yaml": file("id: [")}, codes(t))
	for _, want := range []string{"b.yaml: the id test is that of a.yaml", "c.yaml"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
}

func TestLayoutSays(t *testing.T) {
	l := parse(t, figures("", ""))
	same(t, "kind", record.KindFigure, l.Kind())
	same(t, "kind of a treaty", record.KindTreaty, parse(t, treaty).Kind())
	same(t, "kind of cases", record.KindCase, caseLayout(t).Kind())
	same(t, "name", "Test", l.Name("fr"))
	same(t, "repeats", "conflict", l.RepeatsOr())
	same(t, "repeats", "add", parse(t, figures("repeats: add\n", "")).RepeatsOr())
	other := parse(t, figures("# a comment\n", ""))
	if l.SHA256() == other.SHA256() {
		t.Error("two texts have one hash")
	}
}
