package exchange

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/reports/query"
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

func made(t testing.TB, db *sql.DB, form string, p table.Params) *Export {
	t.Helper()
	f, err := Load(form)
	if err != nil {
		t.Fatal(err)
	}
	e, err := Make(context.Background(), db, vocabulary(t), f, p)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestGolden(t *testing.T) {
	db := fixture(t)
	for _, form := range Forms() {
		t.Run(form, func(t *testing.T) {
			e := made(t, db, form, table.Params{Lang: "en"})
			var rows, missing bytes.Buffer
			if err := e.WriteCSV(&rows); err != nil {
				t.Fatal(err)
			}
			golden.Compare(t, form+".csv", rows.Bytes())
			e = made(t, db, form, table.Params{Lang: "es", States: []string{"PER", "ARG", "BRA"}, FromYear: 2021, ToYear: 2022})
			if err := e.WriteMissing(&missing); err != nil {
				t.Fatal(err)
			}
			golden.Compare(t, form+".missing.es.csv", missing.Bytes())
			e.Rows, e.Missing = nil, nil
			j, err := json.MarshalIndent(e, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			golden.Compare(t, form+".choices.json", append(j, '\n'))
		})
	}
}

// TestGaps says what is missing in each language.
func TestGaps(t *testing.T) {
	db := fixture(t)
	var b strings.Builder
	for _, form := range Forms() {
		for _, lang := range record.Languages {
			gaps, silent := made(t, db, form, table.Params{Lang: lang, States: []string{"ARG", "CUB"}}).Gaps()
			b.WriteString(form + " " + lang + "\nsilent: " + strings.Join(silent, ", ") + "\n")
			for _, g := range gaps {
				b.WriteString(g.State + ": " + g.Label + ": " + g.Years + "\n")
			}
		}
	}
	golden.Compare(t, "gaps.txt", []byte(b.String()))
}

// TestXLSX holds the workbook against the csv, and the same again.
func TestXLSX(t *testing.T) {
	db := fixture(t)
	for _, form := range Forms() {
		e := made(t, db, form, table.Params{})
		var x, again, c bytes.Buffer
		for _, err := range []error{e.WriteXLSX(&x), made(t, db, form, table.Params{}).WriteXLSX(&again), e.WriteCSV(&c)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(x.Bytes(), again.Bytes()) {
			t.Errorf("%s: not the same bytes twice", form)
		}
		f, err := excelize.OpenReader(&x)
		if err != nil {
			t.Fatal(err)
		}
		got, err := f.GetRows(e.Form.Sheet)
		if err != nil {
			t.Fatal(err)
		}
		r := csv.NewReader(&c)
		r.FieldsPerRecord = -1
		want, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for i := range want { // a sheet's rows end with their last cell
			for len(want[i]) > 0 && want[i][len(want[i])-1] == "" {
				want[i] = want[i][:len(want[i])-1]
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-csv +xlsx):\n%s", form, d)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestNoFormula keeps a label of the workspace's own vocabulary from becoming a formula.
func TestNoFormula(t *testing.T) {
	e := made(t, fixture(t), "glotip", table.Params{})
	e.Rows[0][12] = `=cmd|' /C calc'!A0`
	var b bytes.Buffer
	if err := e.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), ",=cmd") || !strings.Contains(b.String(), ",'=cmd") {
		t.Error("the csv holds a formula")
	}
	e.Missing = []Missing{{State: "@SUM(1)"}}
	b.Reset()
	if err := e.WriteMissing(&b); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), ",'@SUM(1)") {
		t.Error("the list of what is missing holds a formula")
	}
}

// TestValue writes figures as UNODC does.
func TestValue(t *testing.T) {
	n := func(f float64) *float64 { return &f }
	f, err := Load("glotip")
	if err != nil {
		t.Fatal(err)
	}
	sdg, err := Load("sdg")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		cell      table.Cell
		want, sdg string
		ok, sdgOK bool
	}{
		{table.Cell{Value: n(0), Lower: n(0), Upper: n(0)}, "0", "0", true, true},
		{table.Cell{Value: n(4), Lower: n(4), Upper: n(4)}, "<5", "4", true, true},
		{table.Cell{Value: n(5), Lower: n(5), Upper: n(5)}, "5", "5", true, true},
		{table.Cell{Value: n(1757), Lower: n(1757), Upper: n(1757)}, "1,757", "1757", true, true},
		{table.Cell{Lower: n(0), Upper: n(4)}, "<5", "", true, true},
		{table.Cell{Lower: n(3), Upper: n(9)}, "", "", false, true},
		{table.Cell{Lower: n(7)}, "", "", false, true},
		{table.Cell{Upper: n(3)}, "", "", false, true},
		{table.Cell{Status: "O"}, "", "", false, false},
		{table.Cell{Status: "M"}, "", "", false, false},
		{table.Cell{Status: "L"}, "", "", false, false},
		{table.Cell{Status: "Q"}, "", "", false, false},
	} {
		if got, ok := f.value(c.cell); got != c.want || ok != c.ok {
			t.Errorf("glotip: %+v: %q %v, want %q %v", c.cell, got, ok, c.want, c.ok)
		}
		if got, ok := sdg.value(c.cell); got != c.sdg || ok != c.sdgOK {
			t.Errorf("sdg: %+v: %q %v, want %q %v", c.cell, got, ok, c.sdg, c.sdgOK)
		}
	}
}

// TestForms holds the forms to the vocabulary and wants all texts in four languages.
func TestForms(t *testing.T) {
	set := vocabulary(t)
	for _, id := range Forms() {
		f, err := Load(id)
		if err != nil {
			t.Fatal(err)
		}
		texts := []table.Text{f.Title}
		for _, a := range f.Asks {
			texts = append(texts, a.Label)
		}
		for _, q := range f.Questions {
			texts = append(texts, q.Label)
			if _, err := query.Spec(set, f.ask(&q)); err != nil {
				t.Errorf("%s: %s: %v", id, q.ID, err)
			}
		}
		for _, x := range texts {
			for _, lang := range record.Languages {
				if x[lang] == "" {
					t.Errorf("%s.yaml: no text in %s beside %q", id, lang, x["en"])
				}
			}
		}
		for _, g := range set.Groups() {
			if a := f.Areas[g.RefArea]; id == "glotip" && g.Group == "OAS" && (a.Name == "" || a.Region == "" || a.Subregion == "") {
				t.Errorf("glotip.yaml: no name and region of %s", g.RefArea)
			}
		}
	}
	if _, err := Load("eurostat"); err == nil {
		t.Error("a form that there is not")
	}
}

// TestEmpty exports a store without figures.
func TestEmpty(t *testing.T) {
	s, err := store.Open(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	for _, form := range Forms() {
		e := made(t, s.DB(), form, table.Params{})
		if len(e.Rows) != 0 || len(e.Missing) != 0 {
			t.Errorf("%s: %d rows, %d missing", form, len(e.Rows), len(e.Missing))
		}
		e = made(t, s.DB(), form, table.Params{States: []string{}, FromYear: 2020, ToYear: 2020})
		if slices.ContainsFunc(e.Missing, func(m Missing) bool { return m.Year != 2020 }) {
			t.Errorf("%s: other years than asked for", form)
		}
	}
}
