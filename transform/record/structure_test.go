package record_test

import (
	"slices"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

func structure(t *testing.T) []record.Component {
	t.Helper()
	all, err := record.Structure()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestStructure holds structure.csv against itself and the code lists.
func TestStructure(t *testing.T) {
	codes, err := codelist.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	roles := []string{"dimension", "measure", "attribute"}
	last, measures := 0, 0
	for _, c := range structure(t) {
		if seen[c.ID] {
			t.Errorf("%s stands twice", c.ID)
		}
		seen[c.ID] = true
		at := slices.Index(roles, c.Role)
		if at < last { // dimensions, then the measure, then attributes
			t.Errorf("%s: role %q after %q", c.ID, c.Role, roles[last])
		}
		last = at
		if c.Role == "measure" {
			measures++
		}
		if !slices.Contains([]string{"text", "number", "integer"}, c.Type) {
			t.Errorf("%s: type %q", c.ID, c.Type)
		}
		for _, lang := range record.Languages {
			if c.Name[lang] == "" {
				t.Errorf("%s has no name in %s", c.ID, lang)
			}
		}
		if c.Codelist == "" {
			continue
		}
		if c.Type != "text" {
			t.Errorf("%s: a code list and type %s", c.ID, c.Type)
		}
		l, ok := codes.List(c.Codelist)
		if !ok {
			t.Errorf("%s: no code list %s", c.ID, c.Codelist)
			continue
		}
		if _, ok := l.Code(c.Default); c.Default != "" && !ok {
			t.Errorf("%s: the default %q is no code of %s", c.ID, c.Default, c.Codelist)
		}
	}
	if measures != 1 {
		t.Errorf("%d measures", measures)
	}
}

// TestSchemas pins the columns of the three kinds: what travels from a file to
// the store. A component added to structure.csv must appear in figures by itself.
func TestSchemas(t *testing.T) {
	wantFigure := []string{"row_seq", "sheet", "row_no", "cell", "raw_text", "breakdown", "role", "area_detail"}
	for _, c := range structure(t) {
		wantFigure = append(wantFigure, c.ID)
	}
	received := []string{"derivation", "grade", "grade_reasons"} // NULL of a figure as reported
	wantFigure = append(wantFigure, received...)
	for kind, want := range map[record.Kind][]string{
		record.KindFigure: wantFigure,
		record.KindCase: {"row_seq", "sheet", "row_no", "REF_AREA", "INDICATOR", "SEX", "AGE", "EXPLOITATION", "CITIZENSHIP", "ORIGIN", "TRANSIT",
			"DESTINATION", "TIME_PERIOD", "COUNTING_UNIT", "VICTIM_STATUS", "IDENTIFIED_BY", "COVERAGE", "LEGAL_ARTICLE", "SOURCE_AGENCY"},
		record.KindTreaty: {"row_seq", "sheet", "row_no", "cell", "raw_text", "REF_AREA", "INSTRUMENT", "ACTION", "ACTION_DATE"},
	} {
		var got []string
		for _, f := range record.Schema(kind).Fields() {
			got = append(got, f.Name)
			// Only a figure may be unknown, which is a number, and what another store says of it.
			if f.Nullable != (f.Type.ID() == arrow.FLOAT64 || slices.Contains(received, f.Name)) {
				t.Errorf("%s.%s: %s, nullable %v", kind, f.Name, f.Type, f.Nullable)
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", kind, d)
		}
		if v, _ := record.Schema(kind).Metadata().GetValue("tipstat.kind"); v != string(kind) {
			t.Errorf("the schema of %s says it is of %q", kind, v)
		}
	}
}

func TestConcepts(t *testing.T) {
	cs := record.NewConcepts()
	n := 0
	for _, c := range structure(t) {
		at, ok := record.ConceptOf(c.ID)
		if ok != (c.Type == "text") {
			t.Errorf("%s: a text component is %v, type %s", c.ID, ok, c.Type)
		}
		if !ok {
			continue
		}
		n++
		if at.Component().ID != c.ID || cs.Get(c.ID) != c.Default {
			t.Errorf("%s: component %s, default %q", c.ID, at.Component().ID, cs.Get(c.ID))
		}
		cs[at] = "x" + c.ID
	}
	if len(cs) != n {
		t.Errorf("%d concepts, %d text components", len(cs), n)
	}
	if cs.Get("SEX") != "xSEX" || cs.Get("OBS_VALUE") != "" || cs.Get("no such") != "" {
		t.Errorf("Get: %q %q %q", cs.Get("SEX"), cs.Get("OBS_VALUE"), cs.Get("no such"))
	}
	if fresh := record.NewConcepts(); fresh.Get("SEX") != "_T" {
		t.Error("records share their concepts")
	}
}
