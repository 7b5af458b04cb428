package reports

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/testdata/golden"
	"github.com/oas/tipstat/transform/record"
)

func written(t *testing.T, tab *table.Table, write func(io.Writer, *table.Table) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, tab); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGoldenText(t *testing.T) {
	db := fixture(t)
	specs, err := table.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range specs {
		for _, lang := range record.Languages {
			t.Run(s.ID+"/"+lang, func(t *testing.T) {
				tab := build(t, db, s.ID, table.Params{Lang: lang})
				golden.Compare(t, fmt.Sprintf("%s.%s.txt", s.ID, lang), written(t, tab, WriteText))
			})
		}
	}
}

func TestGoldenCSV(t *testing.T) {
	db := fixture(t)
	for _, c := range []struct{ id, lang string }{{"victims", "en"}, {"victims", "fr"}, {"treaties", "es"},
		{"mirror", "en"}, {"quality-completeness", "es"}, {"children-share", "pt"}, {"regional", "fr"}} {
		t.Run(c.id+"/"+c.lang, func(t *testing.T) {
			golden.Compare(t, c.id+"."+c.lang+".csv", written(t, build(t, db, c.id, table.Params{Lang: c.lang}), WriteCSV))
		})
	}
}

// TestGoldenXLSX compares a workbook as its cells.
func TestGoldenXLSX(t *testing.T) {
	db := fixture(t)
	for _, c := range []struct{ id, lang string }{{"victims", "en"}, {"victims", "es"}, {"justice", "pt"}, {"treaties", "fr"},
		{"mirror", "fr"}, {"quality-next-steps", "pt"}, {"rates-population", "en"}, {"regional", "es"}} {
		t.Run(c.id+"/"+c.lang, func(t *testing.T) {
			b := written(t, build(t, db, c.id, table.Params{Lang: c.lang}), WriteXLSX)
			golden.Compare(t, c.id+"."+c.lang+".cells", cells(t, b))
		})
	}
}

func cells(t *testing.T, b []byte) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out bytes.Buffer
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for r, row := range rows {
			for c, v := range row {
				if v == "" {
					continue
				}
				at := record.CellName(r+1, c+1)
				kind, err := f.GetCellType(sheet, at)
				if err != nil {
					t.Fatal(err)
				}
				number := ""
				if kind != excelize.CellTypeSharedString {
					number = " #"
				}
				fmt.Fprintf(&out, "%s!%s%s %s\n", sheet, at, number, v)
			}
		}
		merged, err := f.GetMergeCells(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range merged {
			fmt.Fprintf(&out, "%s merged %s:%s\n", sheet, m.GetStartAxis(), m.GetEndAxis())
		}
	}
	for _, d := range f.GetDefinedName() {
		fmt.Fprintf(&out, "%s %s\n", d.Name, d.RefersTo)
	}
	return out.Bytes()
}

func TestSameBytes(t *testing.T) {
	db := fixture(t)
	for name, write := range map[string]func(io.Writer, *table.Table) error{"text": WriteText, "csv": WriteCSV, "xlsx": WriteXLSX, "html": WriteHTML, "md": WriteMarkdown} {
		for _, id := range []string{"victims", "citizenship", "treaties", "mirror", "citizens", "quality-completeness"} {
			first := written(t, build(t, db, id, table.Params{}), write)
			for range 5 {
				if !bytes.Equal(first, written(t, build(t, db, id, table.Params{}), write)) {
					t.Fatalf("%s of %s differs from one time to the next", name, id)
				}
			}
		}
	}
}

// TestPageBreaks: a page of a wide table ends where a year does, and holds no more than it can.
func TestPageBreaks(t *testing.T) {
	tab := build(t, fixture(t), "justice", table.Params{FromYear: 2010, ToYear: 2024})
	g := newGrid(tab)
	sheet := string(unzipped(t, written(t, tab, WriteXLSX), "xl/worksheets/sheet1.xml"))
	_, sheet, _ = strings.Cut(sheet, "<colBreaks")
	from, breaks := g.firstCol, 0
	for _, b := range strings.Split(sheet, `<brk id="`)[1:] {
		id, err := strconv.Atoi(b[:strings.Index(b, `"`)])
		if err != nil {
			t.Fatal(err)
		}
		breaks++
		if j := (id + 1 - g.firstCol) / g.step; g.col(j) != id+1 || tab.Columns[j].Codes[0] == tab.Columns[j-1].Codes[0] {
			t.Errorf("a page ends before column %d, within a year or a figure", id+1)
		}
		if w := g.width(1, len(tab.Stub)) + g.width(from, id); w > 180 {
			t.Errorf("a page is %v wide", w)
		}
		from = id + 1
	}
	if breaks == 0 {
		t.Error("no page ends")
	}
}

// TestNoFormula looks for anything that a spreadsheet would run. A file in the
// fixture has the name of a formula.
func TestNoFormula(t *testing.T) {
	db := fixture(t)
	tab := build(t, db, "victims", table.Params{})
	tab.Rows[0].Stub[0].Text, tab.Rows[0].Stub[0].Name = "=1+1", "@SUM(1)"
	tab.Rows[0].Cells[0].Text, tab.Rows[0].Cells[0].Value = "+2", nil
	f, err := excelize.OpenReader(bytes.NewReader(written(t, tab, WriteXLSX)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for r, row := range rows {
			for c := range row {
				formula, err := f.GetCellFormula(sheet, record.CellName(r+1, c+1))
				if err != nil || formula != "" {
					t.Errorf("%s!%s: formula %q, %v", sheet, record.CellName(r+1, c+1), formula, err)
				}
			}
		}
	}
	csv := string(written(t, tab, WriteCSV))
	if strings.Contains(csv, ",=cmd") || strings.Contains(csv, ",@SUM") || !strings.Contains(csv, ",'=cmd") {
		t.Errorf("csv holds text that a spreadsheet runs:\n%s", csv)
	}
}

func TestAddress(t *testing.T) {
	db := fixture(t)
	tab := build(t, db, "victims", table.Params{})
	g := newGrid(tab)
	for i := range tab.Rows {
		for j := range tab.Columns {
			for k := range g.step {
				at := record.CellName(g.firstRow+i, g.col(j)+k)
				if r, c, err := Address(tab, "xlsx", at); err != nil || r != i || c != j {
					t.Errorf("%s: %d, %d, %v; want %d, %d", at, r, c, err, i, j)
				}
			}
		}
	}
	find := func(format, cell string) string {
		r, c, err := Address(tab, format, cell)
		if err != nil {
			return err.Error()
		}
		return fmt.Sprint(tab.Rows[r].Stub[0].Code, " ", tab.Rows[r].SourceAgency, " ", tab.Columns[c].Codes[0], " ", tab.Rows[r].Cells[c].Text)
	}
	for _, c := range []struct{ format, cell, want string }{
		{"text", "PER,PER_PNP,2021", "PER PER_PNP 2021 725"},
		{"csv", "ARG, 2021", "ARG UNODC 2021 1,150"},
		{"csv", "A2", "ARG UNODC 2021 1,150"},
		{"xlsx", "Table!$E$8", "BRA UNODC 2021 nc"},
		{"xlsx", "_T,2021", "_T  2021 .."},
		{"text", "PER,2021", "2 rows of table victims are PER: give one of PER,UNODC,PERSON,DETECTED; PER,PER_PNP,PERSON,PRESUMED (rows alike in all codes have an address in the xlsx or csv)"},
		{"text", "PER,1999", "table victims has no column 1999"},
		{"text", "XXX,2021", "table victims has no row XXX"},
		{"xlsx", "A1", "no figure stands at A1; the figures of table victims are in E7:J19"},
		{"xlsx", "Notes!B3", `sheet "Notes" holds no figures; want "Table"`},
		{"text", "D7", `a cell of the format "text" has no address D7; give codes such as PER,2021`},
		{"xlsx", "seven", `"seven" is not a cell; want an address such as D14 or codes such as PER,2021`},
	} {
		if got := find(c.format, c.cell); got != c.want {
			t.Errorf("%s %s:\n got %s\nwant %s", c.format, c.cell, got, c.want)
		}
	}
}
