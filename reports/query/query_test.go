package query

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/reports"
	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/testdata/golden"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/store"
)

func vocabulary(t testing.TB) *codelist.Set {
	t.Helper()
	set, err := codelist.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// fixture is the store of the tests of reports.
func fixture(t testing.TB) *sql.DB {
	t.Helper()
	s, err := store.Open(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	b, err := os.ReadFile("../testdata/fixture.sql")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.DB().ExecContext(context.Background(), string(b)); err != nil {
		t.Fatal(err)
	}
	return s.DB()
}

// questions are those of the golden files.
var questions = map[string]Question{
	"sex-year":   {Measures: []string{"VICTIMS_DETECTED"}, Rows: []string{"REF_AREA"}, Columns: []string{"SEX", "TIME_PERIOD"}},
	"children":   {Measures: []string{"victims_detected"}, Where: []string{"AGE=Y0T17"}},
	"forms":      {Measures: []string{"VICTIMS_DETECTED"}, Rows: []string{"REF_AREA", "TIME_PERIOD"}, Columns: []string{"EXPLOITATION"}, Where: []string{"EXPLOITATION=SEXUAL+LABOUR", "VICTIM_STATUS=DETECTED"}},
	"stages":     {Measures: []string{"PERSONS_PROSECUTED", "PERSONS_CONVICTED"}},
	"all-rows":   {Measures: []string{"VICTIMS_DETECTED"}, Rows: []string{"REF_AREA", "TIME_PERIOD", "SEX"}},
	"rates":      {Measures: []string{"VICTIMS_DETECTED_RATE"}},
	"citizens":   {Measures: []string{"VICTIMS_DETECTED"}, Rows: []string{"REF_AREA", "TIME_PERIOD", "CITIZENSHIP"}, Columns: []string{"SEX"}},
	"identified": {Measures: []string{"VICTIMS_DETECTED"}, Rows: []string{"REF_AREA", "IDENTIFIED_BY"}},
}

// TestGolden builds each question in every language: the title, and the table as text.
func TestGolden(t *testing.T) {
	db, set := fixture(t), vocabulary(t)
	for name, q := range questions {
		for _, lang := range record.Languages {
			t.Run(name+"/"+lang, func(t *testing.T) {
				spec, err := Spec(set, q)
				if err != nil {
					t.Fatal(err)
				}
				tab, err := table.Build(context.Background(), db, spec, table.Params{Lang: lang})
				if err != nil {
					t.Fatal(err)
				}
				var b strings.Builder
				if err := reports.WriteText(&b, tab); err != nil {
					t.Fatal(err)
				}
				golden.Compare(t, name+"."+lang+".txt", []byte(b.String()))
			})
		}
	}
}

// TestSameAsCatalogue asks what two tables of the catalogue show, and wants
// the same figures in the same rows.
func TestSameAsCatalogue(t *testing.T) {
	db, set := fixture(t), vocabulary(t)
	specs, err := table.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	for id, q := range map[string]Question{
		"victims":         {Measures: []string{"VICTIMS_DETECTED"}},
		"victims-sex-age": {Measures: []string{"VICTIMS_DETECTED"}, Rows: []string{"REF_AREA", "TIME_PERIOD"}, Columns: []string{"SEX", "AGE"}, Where: []string{"SEX=_T+F+M+_O+_U", "AGE=_T+Y0T17+Y_GE18+_U"}},
	} {
		i := slices.IndexFunc(specs, func(s table.Spec) bool { return s.ID == id })
		want, err := table.Build(context.Background(), db, specs[i], table.Params{FromYear: 2015, ToYear: 2023})
		if err != nil {
			t.Fatal(err)
		}
		spec, err := Spec(set, q)
		if err != nil {
			t.Fatal(err)
		}
		got, err := table.Build(context.Background(), db, spec, table.Params{FromYear: 2015, ToYear: 2023})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(figures(want), figures(got)); d != "" {
			t.Errorf("%s (-catalogue +query):\n%s", id, d)
		}
	}
}

// figures gives what a table shows by its codes; columns without anything are left out.
func figures(t *table.Table) map[string]string {
	out := map[string]string{}
	for i, r := range t.Rows {
		for j, c := range r.Cells {
			if c.Text != ".." {
				codes := slices.Clone(t.Columns[j].Codes)
				slices.Sort(codes)
				out[fmt.Sprint(i, r.Kind, r.Area, r.SourceAgency, r.CountingUnit, r.VictimStatus, codes)] = c.Text + c.Grade
			}
		}
	}
	return out
}

// TestWrong holds what is told of questions that have no answer.
func TestWrong(t *testing.T) {
	set := vocabulary(t)
	victims := []string{"VICTIMS_DETECTED"}
	var b strings.Builder
	for _, q := range []Question{
		{},
		{Measures: []string{"VICTIM_DETECTED"}},
		{Measures: []string{"convicted"}},
		{Measures: []string{"zzzzzzzzzz"}},
		{Measures: victims, Columns: []string{"SEXX"}},
		{Measures: victims, Columns: []string{"HEIGHT"}},
		{Measures: victims, Columns: []string{"REF_AREA"}},
		{Measures: victims, Columns: []string{"OBS_VALUE"}},
		{Measures: victims, Columns: []string{"FREQ"}},
		{Measures: victims, Columns: []string{"COUNTING_UNIT"}},
		{Measures: victims, Columns: []string{"SEX", "sex"}},
		{Measures: victims, Rows: []string{"REF_AREA", "SEX"}, Columns: []string{"SEX"}},
		{Measures: victims, Rows: []string{"SEX", "REF_AREA"}},
		{Measures: victims, Where: []string{"AGE"}},
		{Measures: victims, Where: []string{"AGE="}},
		{Measures: victims, Where: []string{"AGE=children"}},
		{Measures: victims, Where: []string{"AGE=Y0T71"}},
		{Measures: victims, Where: []string{"SEX=mujeres"}},
		{Measures: victims, Where: []string{"SEX=F+M"}},
		{Measures: victims, Where: []string{"REF_AREA=HND"}},
		{Measures: victims, Where: []string{"TIME_PERIOD=2020"}},
		{Measures: victims, Where: []string{"INDICATOR=VICTIMS_DETECTED"}},
		{Measures: victims, Where: []string{"CITIZENSHIP='; DROP TABLE observation; --"}},
		{Measures: []string{"VICTIMS_DETECTED", "VICTIMS_DETECTED_RATE"}},
	} {
		_, err := Spec(set, q)
		if err == nil {
			t.Errorf("%+v: no error", q)
		}
		fmt.Fprintf(&b, "%v rows %v columns %v where %v\n    %v\n", q.Measures, q.Rows, q.Columns, q.Where, err)
	}
	golden.Compare(t, "wrong.txt", []byte(b.String()))
}

// TestSelect holds the fixed select to the data structure: every concept that
// can be asked for is a parameter, and a dimension that is new must be added.
func TestSelect(t *testing.T) {
	spec, err := Spec(vocabulary(t), Question{Measures: []string{"VICTIMS_DETECTED"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range Concepts() {
		if c == area || c == period {
			continue
		}
		if p := strings.ToLower(c); !strings.Contains(spec.SQL, "$"+p) || spec.Bind[p] == nil {
			t.Errorf("query.sql has no parameter $%s", p)
		}
	}
	r, err := loadRules()
	if err != nil {
		t.Fatal(err)
	}
	texts := []table.Text{r.Title, r.Narrowed, r.Equals, r.Between, r.And, r.Question, r.TotalNote, r.OverlapNote}
	for _, n := range r.Names {
		texts = append(texts, n)
	}
	for _, x := range texts {
		for _, lang := range record.Languages {
			if x[lang] == "" {
				t.Errorf("query.yaml: no text in %s beside %q", lang, x["en"])
			}
		}
	}
}

// FuzzQuestion asks anything: the select stays the same, and only codes of the
// lists are bound.
func FuzzQuestion(f *testing.F) {
	f.Add("VICTIMS_DETECTED", "REF_AREA", "SEX", "AGE=Y0T17")
	f.Add("PERSONS_CONVICTED", "CITIZENSHIP", "TIME_PERIOD", "SEX=F+M")
	f.Add("' OR 1=1 --", "$sex", "x\x00", "=")
	set := vocabulary(f)
	f.Fuzz(func(t *testing.T, measure, rows, columns, where string) {
		s, err := Spec(set, Question{Measures: []string{measure}, Rows: strings.Split(rows, ","), Columns: strings.Split(columns, ","), Where: strings.Split(where, ",")})
		if err != nil {
			return
		}
		if s.SQL != selectSQL {
			t.Error("the select changed")
		}
		for name, v := range s.Bind {
			if name == "unit_measure" {
				continue
			}
			var codes []string
			if err := json.Unmarshal([]byte(v.(string)), &codes); err != nil {
				t.Error(err)
			}
			i := strings.ToUpper(name)
			components, _ := record.Structure()
			at := slices.IndexFunc(components, func(c record.Component) bool { return c.ID == i })
			list, _ := set.List(components[at].Codelist)
			for _, code := range codes {
				if _, ok := list.Code(code); !ok && code != "_T" && code != "_Z" {
					t.Errorf("%s: %q is bound and in no list", name, code)
				}
			}
		}
	})
}
