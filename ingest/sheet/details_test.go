package sheet_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/oas/tipstat/ingest/sheet"
	"github.com/xuri/excelize/v2"
)

// furnished is a workbook of excelize's with all that may stand around cells.
func furnished(t *testing.T) []byte {
	f := excelize.NewFile()
	defer f.Close()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := f.NewSheet("Notes & more")
	check(err)
	for i, row := range [][]any{{"State", "Year", "Victims"}, {"HND", 2023, 12}, {"GTM", 2023, 7}} {
		check(f.SetSheetRow("Sheet1", fmt.Sprint("B", i+2), &row))
	}
	yes := true
	check(f.AddTable("Sheet1", &excelize.Table{Range: "B2:D4", Name: "Victims", ShowHeaderRow: &yes}))
	check(f.AddComment("Sheet1", excelize.Comment{Cell: "D4", Author: "A. Person", Paragraph: []excelize.RichTextRun{{Text: "provisional", Font: &excelize.Font{Bold: true}}, {Text: ", until\nMarch"}}}))
	check(f.AddComment("Sheet1", excelize.Comment{Cell: "B2", Text: "ISO 3166"}))
	check(f.AddComment("Notes & more", excelize.Comment{Cell: "A1", Text: "elsewhere"}))
	check(f.SetColVisible("Sheet1", "C", false))
	check(f.SetColVisible("Sheet1", "F:H", false))
	check(f.SetColWidth("Sheet1", "I", "I", 0))
	check(f.MergeCell("Sheet1", "F1", "G2"))
	check(f.SetDefinedName(&excelize.DefinedName{Name: "victims_2023", RefersTo: "Sheet1!$D$3:$D$4"}))
	check(f.SetDefinedName(&excelize.DefinedName{Name: "local", RefersTo: "'Notes & more'!$A$1", Scope: "Notes & more"}))
	check(f.SetCellValue("Notes & more", "A1", "x"))
	var buf bytes.Buffer
	check(f.Write(&buf))
	return buf.Bytes()
}

type surroundings struct {
	Details []sheet.Details
	Names   []sheet.Name
}

// around reads the details before or after the cells: they have to be the same.
func around(t *testing.T, data []byte, cellsFirst bool) surroundings {
	t.Helper()
	ctx := context.Background()
	w, err := sheet.Open(ctx, bytes.NewReader(data), int64(len(data)), "f", sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	s := surroundings{Names: w.Names()}
	for _, info := range w.Sheets() {
		if cellsFirst {
			if err := w.Read(ctx, info.Index, func(*sheet.Row) error { return nil }); err != nil {
				t.Fatal(err)
			}
		}
		d, err := w.Details(ctx, info.Index)
		if err != nil {
			t.Fatal(err)
		}
		s.Details = append(s.Details, d)
	}
	return s
}

func TestDetails(t *testing.T) {
	data := furnished(t)
	want := surroundings{
		Details: []sheet.Details{
			{
				Merges:        []sheet.Range{{FirstRow: 1, FirstCol: 6, LastRow: 2, LastCol: 7}},
				HiddenColumns: []sheet.Columns{{First: 3, Last: 3}, {First: 6, Last: 9}},
				Comments:      []sheet.Comment{{Row: 2, Col: 2, Text: "ISO 3166"}, {Row: 4, Col: 4, Text: "provisional, until\nMarch"}},
				Tables:        []sheet.Table{{Name: "Victims", Range: sheet.Range{FirstRow: 2, FirstCol: 2, LastRow: 4, LastCol: 4}, Header: true, Columns: []string{"State", "Year", "Victims"}}},
			},
			{Comments: []sheet.Comment{{Row: 1, Col: 1, Text: "elsewhere"}}},
		},
		Names: []sheet.Name{{Name: "victims_2023", RefersTo: "Sheet1!$D$3:$D$4"}, {Name: "local", Sheet: "Notes & more", RefersTo: "'Notes & more'!$A$1"}},
	}
	for _, cellsFirst := range []bool{true, false} {
		if diff := cmp.Diff(want, around(t, data, cellsFirst)); diff != "" {
			t.Errorf("cells first %v (-want +got)\n%s", cellsFirst, diff)
		}
	}
	d := want.Details[0]
	for col, hidden := range map[int]bool{1: false, 3: true, 4: false, 6: true, 9: true, 10: false} {
		if d.HiddenColumn(col) != hidden {
			t.Errorf("column %d: hidden %v", col, !hidden)
		}
	}
}

// TestDetailsOfLibreOffice reads the same in what LibreOffice makes of it.
func TestDetailsOfLibreOffice(t *testing.T) {
	if testing.Short() {
		t.Skip("starts LibreOffice")
	}
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("soffice is not there")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "in.xlsx")
	if err := os.WriteFile(file, furnished(t), 0o600); err != nil {
		t.Fatal(err)
	}
	want := around(t, furnished(t), true)
	want.Details[0].HiddenColumns[1].Last = 8 // it gives a column of no width some
	for _, format := range []string{"xlsx", "ods"} {
		cmd := exec.Command(office, "-env:UserInstallation=file://"+filepath.ToSlash(dir)+"/profile", "--headless", "--convert-to", format, "--outdir", filepath.Join(dir, format), file)
		if b, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("soffice: %v\n%s", err, b)
		}
		data, err := os.ReadFile(filepath.Join(dir, format, "in."+format))
		if err != nil {
			t.Fatal(err)
		}
		w := want
		if format == "ods" { // addresses are written otherwise, and headings of tables are not told
			w.Names = []sheet.Name{{Name: "victims_2023", RefersTo: "$Sheet1.$D$3:.$D$4"}, {Name: "local", Sheet: "Notes & more", RefersTo: "$'Notes & more'.$A$1"}}
			w.Details = append([]sheet.Details(nil), want.Details...)
			w.Details[0].Tables = []sheet.Table{want.Details[0].Tables[0]}
			w.Details[0].Tables[0].Columns = nil
		}
		byName := cmp.Transformer("sorted", func(n []sheet.Name) map[string]sheet.Name {
			m := map[string]sheet.Name{}
			for _, x := range n {
				m[x.Name] = x
			}
			return m
		})
		if diff := cmp.Diff(w, around(t, data, false), byName); diff != "" {
			t.Errorf("%s (-want +got)\n%s", format, diff)
		}
	}
}

// TestCells checks what a cell tells beside its kind and text.
func TestCells(t *testing.T) {
	styles := entry{name: "xl/styles.xml", body: `<styleSheet ` + nsMain + `><numFmts><numFmt numFmtId="170" formatCode="0.0%"/><numFmt numFmtId="171" formatCode="General"/></numFmts><cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="10"/><xf numFmtId="171"/><xf numFmtId="27"/></cellXfs></styleSheet>`}
	data := zipOf(t, bookOf(sheetOf(`<row r="3"><c r="A3"><v>0.30000000000000004</v></c><c r="B3" s="1"><v>45019</v></c><c r="C3" s="2"><v>0.25</v></c><c r="D3" s="3"><f>C3*2</f><v>0.5</v></c>`+
		`<c r="E3" t="b"><v>1</v></c><c r="F3" t="s"><v>0</v></c><c r="G3" s="2"><f>1/0</f></c><c r="H3" t="d"><v>2023-04-03T00:00:00</v></c><c r="I3" s="4"><v>1E2</v></c><c r="J3" s="5"><v>1</v></c><c r="K3" t="e"><f>NA()</f><v>#N/A</v></c></row>`), styles)...)
	want := map[string]sheet.Cell{
		"A3": {Kind: sheet.Number, Text: "0.3", Raw: "0.30000000000000004", Number: 0.3},
		"B3": {Kind: sheet.Date, Text: "2023-04-03", Raw: "45019", NumFmt: "mm-dd-yy", Number: 45019},
		"C3": {Kind: sheet.Number, Text: "0.25", Raw: "0.25", NumFmt: "0.0%", Number: 0.25},
		"D3": {Kind: sheet.Number, Formula: true, Text: "0.5", Raw: "0.5", NumFmt: "0.00%", Number: 0.5},
		"E3": {Kind: sheet.Bool, Text: "TRUE", Raw: "1", Number: 1},
		"F3": {Kind: sheet.Text, Text: "hello", Raw: "hello"},
		"G3": {Kind: sheet.NoValue, Formula: true, NumFmt: "0.0%"},
		"H3": {Kind: sheet.Date, Text: "2023-04-03", Raw: "2023-04-03T00:00:00", Number: 45019},
		"I3": {Kind: sheet.Number, Text: "100", Raw: "1E2", Number: 100},
		"J3": {Kind: sheet.Date, Text: "1900-01-01", Raw: "1", Number: 1},
		"K3": {Kind: sheet.ErrorValue, Formula: true, Text: "#N/A", Raw: "#N/A"},
	}
	compareCells(t, data, want)
	compareCells(t, odsOf(t, `<table:table table:name="A"><table:table-row><table:table-cell office:value-type="percentage" office:value="0.125"/><table:table-cell table:formula="of:=[.A1]*2" office:value-type="float" office:value="0.250"/><table:table-cell office:value-type="date" office:date-value="2023-04-03T00:00:00"/><table:table-cell office:value-type="boolean" office:boolean-value="false"/></table:table-row></table:table>`),
		map[string]sheet.Cell{
			"A1": {Kind: sheet.Number, Text: "0.125", Raw: "0.125", NumFmt: "0%", Number: 0.125},
			"B1": {Kind: sheet.Number, Formula: true, Text: "0.25", Raw: "0.250", Number: 0.25},
			"C1": {Kind: sheet.Date, Text: "2023-04-03", Raw: "2023-04-03T00:00:00", Number: 45019},
			"D1": {Kind: sheet.Bool, Text: "FALSE", Raw: "false"},
		})
	compareCells(t, []byte("a;1,5\n"), map[string]sheet.Cell{
		"A1": {Kind: sheet.Text, Text: "a", Raw: "a"}, "B1": {Kind: sheet.Text, Text: "1,5", Raw: "1,5"},
	})
}

func compareCells(t *testing.T, data []byte, want map[string]sheet.Cell) {
	t.Helper()
	ctx := context.Background()
	w, err := sheet.Open(ctx, bytes.NewReader(data), int64(len(data)), "f", sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]sheet.Cell{}
	err = w.Read(ctx, 0, func(r *sheet.Row) error {
		for _, c := range r.Cells {
			at := r.Address(c)
			c.Col = 0
			got[at] = c
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
