//go:build unix

package oracle_test

import (
	"archive/zip"
	"bufio"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"github.com/oas/tipstat/testdata/realdata"
)

// benchCase is one file that the readers are timed on.
type benchCase struct {
	name, file string
	rows, cols int // of each sheet; 0 for a real file
	sheets     int
	write      func(io.Writer, benchCase) error // nil for a real file
	readers    []string
}

// benchEveryReader are those that open a workbook of Excel.
var benchEveryReader = []string{"tipstat", "inflate (Go)", "inflate (klauspost)", "excelize Rows", "readxl", "openpyxl", "pandas", "SheetJS"}

// benchCases are the files of issue 3.
var benchCases = []benchCase{
	{"shared", "shared.xlsx", 200_000, 12, 1, benchWriteShared, benchEveryReader},
	{"inline", "inline.xlsx", 200_000, 12, 1, benchWriteInline, benchEveryReader},
	{"glotip", "unodc-glotip/data_glotip.xlsx", 0, 0, 1, nil, benchEveryReader},
	{"two sheets", "two.xlsx", 200_000, 12, 2, benchWriteShared, []string{"tipstat", "tipstat parallel"}},
	{"million", "million.xlsx", 1_000_000, 8, 1, benchWriteShared, benchEveryReader},
	{"csv", "table.csv", 200_000, 12, 1, benchWriteCSV, []string{"tipstat", "Go csv", "pandas read_csv"}},
	{"ods", "table.ods", 20_000, 12, 1, benchWriteODS, []string{"tipstat", "inflate (Go)", "inflate (klauspost)", "pandas odf", "SheetJS"}},
}

// benchDir holds the files that were made; TestMain removes it.
var benchDir = sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "tipstat-bench") })

// path gives the case's file, and makes it on first use.
func (c benchCase) path(b *testing.B) string {
	if c.write == nil {
		return realdata.File(b, c.file)
	}
	dir, err := benchDir()
	if err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(dir, c.file)
	if _, err := os.Stat(path); err == nil {
		return path
	}
	if err := c.create(path); err != nil {
		b.Fatal(err)
	}
	return path
}

// create streams the file to disk. What this process holds in memory matters:
// Linux counts it as a child's peak until the child is a program of its own.
func (c benchCase) create(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	if err := c.write(w, c); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}

// benchTexts is how many texts there are to choose from.
const benchTexts = 500

// text gives the number of the text of a cell: half of the columns are texts,
// as in tables of cases. ok is false for a number.
func (c benchCase) text(row, col int) (n int, ok bool) {
	return (row*7 + col) % benchTexts, col < c.cols/2
}

// number gives a number of a cell: whole, and with cents in the last column.
func (c benchCase) number(row, col int) string {
	if col == c.cols-1 {
		return strconv.Itoa(row%977) + ".25"
	}
	return strconv.Itoa((row*13 + col) % 10000)
}

const (
	benchDecl    = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	benchMain    = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	benchRel     = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	benchType    = "application/vnd.openxmlformats-officedocument.spreadsheetml."
	benchPackage = "http://schemas.openxmlformats.org/package/2006/"
)

func benchWriteShared(w io.Writer, c benchCase) error { return benchWriteXLSX(w, c, false) }
func benchWriteInline(w io.Writer, c benchCase) error { return benchWriteXLSX(w, c, true) }

// benchWriteXLSX writes a workbook as Excel does: rows with their number and spans,
// cells with their address. It has every part that some reader asks for.
func benchWriteXLSX(out io.Writer, c benchCase, inline bool) error {
	z := zip.NewWriter(out)
	var types, sheets, rels string
	for i := 1; i <= c.sheets; i++ {
		types += fmt.Sprintf(`<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="%sworksheet+xml"/>`, i, benchType)
		sheets += fmt.Sprintf(`<sheet name="Sheet%d" sheetId="%d" r:id="rId%d"/>`, i, i, i)
		rels += fmt.Sprintf(`<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i, benchRel, i)
	}
	parts := []struct{ name, body string }{
		{"[Content_Types].xml", `<Types xmlns="` + benchPackage + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="` + benchType + `sheet.main+xml"/>` + types +
			`<Override PartName="/xl/sharedStrings.xml" ContentType="` + benchType + `sharedStrings+xml"/><Override PartName="/xl/styles.xml" ContentType="` + benchType + `styles+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="` + benchPackage + `relationships"><Relationship Id="rId1" Type="` + benchRel + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook ` + benchMain + ` xmlns:r="` + benchRel + `"><sheets>` + sheets + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + benchPackage + `relationships">` + rels +
			`<Relationship Id="rId98" Type="` + benchRel + `/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId99" Type="` + benchRel + `/styles" Target="styles.xml"/></Relationships>`},
		{"xl/styles.xml", `<styleSheet ` + benchMain + `><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
			`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
			`<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`},
	}
	for _, p := range parts {
		if err := benchWritePart(z, p.name, func(w *bufio.Writer) { w.WriteString(benchDecl + p.body) }); err != nil {
			return err
		}
	}
	err := benchWritePart(z, "xl/sharedStrings.xml", func(w *bufio.Writer) {
		w.WriteString(benchDecl + `<sst ` + benchMain + `>`)
		for i := range benchTexts {
			fmt.Fprintf(w, "<si><t>category %d</t></si>", i)
		}
		w.WriteString("</sst>")
	})
	for i := 1; i <= c.sheets && err == nil; i++ {
		err = benchWritePart(z, fmt.Sprintf("xl/worksheets/sheet%d.xml", i), func(w *bufio.Writer) { c.worksheet(w, inline) })
	}
	if err != nil {
		return err
	}
	return z.Close()
}

func (c benchCase) worksheet(w *bufio.Writer, inline bool) {
	fmt.Fprintf(w, `%s<worksheet %s><dimension ref="A1:%c%d"/><sheetData>`, benchDecl, benchMain, 'A'+c.cols-1, c.rows)
	for r := 1; r <= c.rows; r++ {
		fmt.Fprintf(w, `<row r="%d" spans="1:%d">`, r, c.cols)
		for col := range c.cols {
			n, isText := c.text(r, col)
			switch {
			case isText && inline:
				fmt.Fprintf(w, `<c r="%c%d" t="inlineStr"><is><t>category %d</t></is></c>`, 'A'+col, r, n)
			case isText:
				fmt.Fprintf(w, `<c r="%c%d" t="s"><v>%d</v></c>`, 'A'+col, r, n)
			default:
				fmt.Fprintf(w, `<c r="%c%d"><v>%s</v></c>`, 'A'+col, r, c.number(r, col))
			}
		}
		w.WriteString("</row>")
	}
	w.WriteString("</sheetData></worksheet>")
}

// benchWriteODS writes what LibreOffice would, without its styles.
func benchWriteODS(out io.Writer, c benchCase) error {
	z := zip.NewWriter(out)
	const mime = "application/vnd.oasis.opendocument.spreadsheet"
	// The type stands first, not compressed and with its size before it, so that
	// it can be seen in the bytes.
	size := uint64(len(mime))
	w, err := z.CreateRaw(&zip.FileHeader{Name: "mimetype", Method: zip.Store, CRC32: crc32.ChecksumIEEE([]byte(mime)),
		CompressedSize64: size, UncompressedSize64: size})
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, mime); err != nil {
		return err
	}
	const ns = "urn:oasis:names:tc:opendocument:xmlns:"
	err = benchWritePart(z, "META-INF/manifest.xml", func(w *bufio.Writer) {
		w.WriteString(benchDecl + `<manifest:manifest xmlns:manifest="` + ns + `manifest:1.0" manifest:version="1.2"><manifest:file-entry manifest:full-path="/" manifest:version="1.2" manifest:media-type="` + mime + `"/>` +
			`<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>`)
	})
	if err != nil {
		return err
	}
	err = benchWritePart(z, "content.xml", func(w *bufio.Writer) {
		w.WriteString(benchDecl + `<office:document-content xmlns:office="` + ns + `office:1.0" xmlns:table="` + ns + `table:1.0" xmlns:text="` + ns + `text:1.0" office:version="1.2"><office:body><office:spreadsheet><table:table table:name="Sheet1">`)
		fmt.Fprintf(w, `<table:table-column table:number-columns-repeated="%d"/>`, c.cols)
		for r := 1; r <= c.rows; r++ {
			w.WriteString("<table:table-row>")
			for col := range c.cols {
				if n, isText := c.text(r, col); isText {
					fmt.Fprintf(w, `<table:table-cell office:value-type="string"><text:p>category %d</text:p></table:table-cell>`, n)
				} else {
					fmt.Fprintf(w, `<table:table-cell office:value-type="float" office:value="%[1]s"><text:p>%[1]s</text:p></table:table-cell>`, c.number(r, col))
				}
			}
			w.WriteString("</table:table-row>")
		}
		w.WriteString("</table:table></office:spreadsheet></office:body></office:document-content>")
	})
	if err != nil {
		return err
	}
	return z.Close()
}

func benchWriteCSV(out io.Writer, c benchCase) error {
	w := bufio.NewWriter(out)
	for r := 1; r <= c.rows; r++ {
		for col := range c.cols {
			if col > 0 {
				w.WriteByte(',')
			}
			if n, isText := c.text(r, col); isText {
				fmt.Fprintf(w, "category %d", n)
			} else {
				w.WriteString(c.number(r, col))
			}
		}
		w.WriteByte('\n')
	}
	return w.Flush()
}

// benchWritePart writes one compressed part of a zip.
func benchWritePart(z *zip.Writer, name string, body func(*bufio.Writer)) error {
	f, err := z.Create(name)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	body(w)
	return w.Flush()
}
