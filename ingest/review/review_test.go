package review_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/ingest/inbox"
	"github.com/oas/tipstat/ingest/layout"
	"github.com/oas/tipstat/ingest/review"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

const samples = "../../testdata/samples"

// book builds a workbook with a sheet of three rows and whatever more does to it.
func book(t *testing.T, more func(*excelize.File) error) []byte {
	t.Helper()
	f := excelize.NewFile()
	err := f.SetSheetName("Sheet1", "Víctimas d'ici")
	for cell, v := range map[string]any{"A1": "Año", "B1": "Sexo", "C1": "Casos", "A2": 2023, "B2": "=1+1", "C2": "doce", "A3": 2023, "B3": "Hombre", "C3": 9.5} {
		if s, ok := v.(string); ok {
			err = errors.Join(err, f.SetCellStr("Víctimas d'ici", cell, s))
		} else {
			err = errors.Join(err, f.SetCellValue("Víctimas d'ici", cell, v))
		}
	}
	if more != nil {
		err = errors.Join(err, more(f))
	}
	var b bytes.Buffer
	if _, werr := f.WriteTo(&b); err != nil || werr != nil {
		t.Fatal(err, werr)
	}
	return b.Bytes()
}

func finding(code, name, cell string) record.Finding {
	f := record.NewFinding(code, record.Place{File: "v.xlsx", Sheet: name, Cell: cell})
	f.Found = `=HYPERLINK("x")`
	return f
}

func write(t *testing.T, original []byte, name string, lang string, findings ...record.Finding) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := review.Write(t.Context(), &out, bytes.NewReader(original), int64(len(original)), name, findings, lang); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func open(t *testing.T, b []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// comments gives the comments of a sheet by cell.
func comments(t *testing.T, f *excelize.File, name string) map[string]string {
	t.Helper()
	all, err := f.GetComments(name)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, c := range all {
		s := c.Text
		for _, r := range c.Paragraph {
			s += r.Text
		}
		out[c.Cell] = s
	}
	return out
}

// coloured gives the ranges that a review coloured.
func coloured(t *testing.T, f *excelize.File, name string) []string {
	t.Helper()
	all, err := f.GetConditionalFormats(name)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for ref, formats := range all {
		for _, c := range formats {
			if strings.Contains(c.Criteria, "ISNUMBER") {
				out = append(out, ref)
			}
		}
	}
	slices.Sort(out)
	return out
}

const data = "Víctimas d'ici"

func TestMarks(t *testing.T) {
	original := book(t, func(f *excelize.File) error {
		style, err := f.NewStyle(&excelize.Style{NumFmt: 10, Border: []excelize.Border{{Type: "top", Style: 2, Color: "FF0000"}},
			Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"00FF00"}}})
		_, serr := f.NewSheet("Oculta")
		red, rerr := f.NewConditionalStyle(&excelize.Style{Font: &excelize.Font{Color: "FF0000"}})
		return errors.Join(err, serr, rerr, f.SetCellStyle(data, "C3", "C3", style),
			f.MergeCell(data, "E2", "F4"), f.SetCellStr(data, "E2", "junto"),
			f.SetCellStr("Oculta", "A1", "x"), f.SetSheetVisible("Oculta", false),
			f.SetDefinedName(&excelize.DefinedName{Name: "local", RefersTo: "'Oculta'!$A$1", Scope: "Oculta"}),
			f.AddComment(data, excelize.Comment{Cell: "C2", Author: "Ana", Text: "lo dijo el juez"}),
			f.AddComment(data, excelize.Comment{Cell: "A1", Author: "Ana", Text: "otra cosa"}),
			f.SetConditionalFormat(data, "C1:C9", []excelize.ConditionalFormatOptions{{Type: "cell", Criteria: ">", Value: "5", Format: &red}}),
			f.ProtectSheet(data, &excelize.SheetProtectionOptions{Password: "x"}))
	})
	many := finding("TIP-V003", data, "A2")
	many.Count, many.Cells = 3, []string{"A2", "A3", "D4"}
	fs := []record.Finding{finding("TIP-V001", data, "C2"), finding("TIP-V016", data, "C2"), finding("TIP-V006", data, "C3"),
		many, finding("TIP-L015", data, "F3"), finding("TIP-L002", data, "A1:C1"), finding("TIP-L007", "Oculta", ""), finding("TIP-L010", "Oculta", "A1"),
		finding("TIP-F102", "", "")}
	b := write(t, original, "v.xlsx", "es", fs...)
	f := open(t, b)
	if got, want := f.GetSheetList(), []string{"Revisión (tipstat)", data, "Oculta"}; !slices.Equal(got, want) {
		t.Fatalf("sheets %q; want %q", got, want)
	}
	if got, want := coloured(t, f, data), []string{"A1:C1 A2 A3 D4 C2 C3 E2:F4"}; !slices.Equal(got, want) {
		t.Errorf("coloured %q; want %q", got, want)
	}
	notes := comments(t, f, data)
	for cell, want := range map[string]string{"C2": "lo dijo el juez\n\n[tipstat] error TIP-V001\nse esperaba una cifra", "A1": "otra cosa\n\n[tipstat] error TIP-L002",
		"C3": "[tipstat] error TIP-V006", "D4": "[tipstat] error TIP-V003", "E2": "[tipstat] error TIP-L015"} {
		if !strings.HasPrefix(notes[cell], want) {
			t.Errorf("comment of %s: %q; want %q", cell, notes[cell], want)
		}
	}
	if !strings.Contains(notes["C2"], "advertencia TIP-V016") || !strings.Contains(notes["C2"], "\n→ ") {
		t.Errorf("the second finding of a cell, or what to do: %q", notes["C2"])
	}
	// The cells keep their own formats.
	was, now := open(t, original), f
	for _, cell := range []string{"C2", "C3", "E2"} {
		a, err1 := was.GetCellStyle(data, cell)
		b, err2 := now.GetCellStyle(data, cell)
		if a != b || err1 != nil || err2 != nil {
			t.Errorf("%s: style %d, was %d %v %v", cell, b, a, err1, err2)
		}
	}
	for _, n := range f.GetDefinedName() {
		if n.Name == "local" && n.Scope != "Oculta" {
			t.Errorf("the name of a sheet went to %q", n.Scope)
		}
	}
	rows, err := f.GetRows("Revisión (tipstat)")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i, r := range rows {
		if i < 6 {
			continue
		}
		ok, target, err := f.GetCellHyperLink("Revisión (tipstat)", fmt.Sprintf("D%d", i+1))
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(strings.Join(r[:5], "|"), " ", ok, " ", target))
		if strings.Contains(r[5], "=HYPERLINK") {
			if formula, err := f.GetCellFormula("Revisión (tipstat)", fmt.Sprintf("F%d", i+1)); formula != "" || err != nil {
				t.Errorf("a text became the formula %q", formula)
			}
		}
	}
	want := []string{
		"1|observación|todo el archivo||TIP-F102 false ",
		"2|error|Víctimas d'ici|A1:C1|TIP-L002 true 'Víctimas d''ici'!A1:C1",
		"3|error|Víctimas d'ici|A2 y otras, 3 en total|TIP-V003 true 'Víctimas d''ici'!A2",
		"4|error|Víctimas d'ici|C2|TIP-V001 true 'Víctimas d''ici'!C2",
		"5|error|Víctimas d'ici|C3|TIP-V006 true 'Víctimas d''ici'!C3",
		"6|error|Víctimas d'ici|F3|TIP-L015 true 'Víctimas d''ici'!E2:F4",
		"7|advertencia|Víctimas d'ici|C2|TIP-V016 true 'Víctimas d''ici'!C2",
		"8|advertencia|Oculta (oculta)|A1|TIP-L010 true 'Oculta'!A1",
		"9|observación|Oculta (oculta)||TIP-L007 false ",
	}
	if !slices.Equal(got, want) {
		t.Errorf("list:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if again := write(t, original, "v.xlsx", "es", fs...); !bytes.Equal(again, b) {
		t.Error("the same input gave other bytes")
	}
	// The next review takes away what this one wrote.
	second := write(t, b, "v.xlsx", "pt", finding("TIP-V006", data, "C3"))
	f = open(t, second)
	if got, want := f.GetSheetList(), []string{"Revisão (tipstat)", data, "Oculta"}; !slices.Equal(got, want) {
		t.Errorf("sheets of the second review %q; want %q", got, want)
	}
	if got := coloured(t, f, data); !slices.Equal(got, []string{"C3"}) {
		t.Errorf("coloured by the second review: %q", got)
	}
	if all, err := f.GetConditionalFormats(data); err != nil || len(all["C1:C9"]) != 1 {
		t.Errorf("the ministry's conditional format: %v %v", all, err)
	}
	notes = comments(t, f, data)
	if len(notes) != 3 || notes["C2"] != "lo dijo el juez" || notes["A1"] != "otra cosa" || !strings.HasPrefix(notes["C3"], "[tipstat] erro TIP-V006") {
		t.Errorf("comments of the second review: %q", notes)
	}
}

// TestUntouched: a review is written over only while nobody has worked in it.
func TestUntouched(t *testing.T) {
	original := book(t, nil)
	b := write(t, original, "v.xlsx", "en", finding("TIP-V001", data, "C2"))
	is := func(b []byte, name string) bool {
		return review.Untouched(context.Background(), bytes.NewReader(b), int64(len(b)), name)
	}
	f := open(t, b)
	if err := f.SetCellInt(data, "C2", 12); err != nil {
		t.Fatal(err)
	}
	var worked bytes.Buffer
	if _, err := f.WriteTo(&worked); err != nil {
		t.Fatal(err)
	}
	for what, got := range map[string]bool{"its own": is(b, "v.xlsx"), "of another file": !is(b, "w.xlsx"), "worked in": !is(worked.Bytes(), "v.xlsx"),
		"no review": !is(original, "v.xlsx"), "no workbook": !is([]byte("a,b\n"), "v.xlsx")} {
		if !got {
			t.Errorf("%s: the wrong answer", what)
		}
	}
	csv := []byte("Año;Casos\n2023;doce\n")
	one := record.NewFinding("TIP-V001", record.Place{File: "v.csv", Cell: "B2"})
	if b := write(t, csv, "v.csv", "es", one); !is(b, "v.csv") {
		t.Error("the review of a csv file is not known again")
	}
}

// TestUnmarkable: what can't be marked is told, and nothing is written.
func TestUnmarkable(t *testing.T) {
	wide := book(t, func(f *excelize.File) error {
		var err error
		for row := 1; row < 300; row++ {
			err = errors.Join(err, f.SetCellInt(data, fmt.Sprintf("XFD%d", row), 1))
		}
		return err
	})
	for name, b := range map[string][]byte{"wide.xlsx": wide, "cut.xlsx": wide[:len(wide)/2], "empty.xlsx": nil} {
		var out bytes.Buffer
		err := review.Write(t.Context(), &out, bytes.NewReader(b), int64(len(b)), name, nil, "en")
		if !errors.Is(err, review.ErrUnmarkable) || out.Len() > 0 {
			t.Errorf("%s: %v, %d bytes", name, err, out.Len())
		}
	}
}

// TestSamples writes reviews of all samples, with the findings that each has,
// and reads them as submissions: they say what the file said.
func TestSamples(t *testing.T) {
	codes, err := codelist.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	layouts, err := layout.Load(os.DirFS(samples+"/layouts"), codes)
	if err != nil {
		t.Fatal(err)
	}
	in := &inbox.Inbox{Codes: codes, Layouts: layouts}
	var names []string
	for _, pattern := range []string{"/*.xlsx", "/*.csv", "/bad/*.xlsx", "/bad/*.csv"} {
		some, err := filepath.Glob(samples + pattern)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, some...)
	}
	reviews := 0
	for _, name := range names {
		r, err := in.Check(t.Context(), name, inbox.Options{})
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		err = review.Write(t.Context(), &out, bytes.NewReader(b), int64(len(b)), r.File, r.Findings, "es")
		if r.Unreadable && errors.Is(err, review.ErrUnmarkable) {
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		reviews++
		again := filepath.Join(t.TempDir(), strings.TrimSuffix(r.File, filepath.Ext(r.File))+".xlsx")
		if err := os.WriteFile(again, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		r2, err := in.Check(t.Context(), again, inbox.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if r2.Outcome != r.Outcome || r2.Layout != r.Layout || r2.Rows != r.Rows {
			t.Errorf("%s: its review is %s by %s, %d rows; the file %s by %s, %d rows", r.File, r2.Outcome, r2.Layout, r2.Rows, r.Outcome, r.Layout, r.Rows)
		}
		if a, b := told(r), told(r2); a != b {
			t.Errorf("%s: findings\n%s\nof its review\n%s", r.File, a, b)
		}
	}
	if reviews < 25 {
		t.Errorf("only %d reviews", reviews)
	}
}

// told lists the findings that tell of cells.
func told(r *inbox.Receipt) string {
	var b strings.Builder
	for _, f := range r.Findings {
		if f.Subject.Cell != "" && f.Severity != record.Info {
			fmt.Fprintln(&b, f.Code, f.Subject.Cell, f.Found, f.Count)
		}
	}
	return b.String()
}
