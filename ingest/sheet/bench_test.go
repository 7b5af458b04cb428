package sheet_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"

	"archive/zip"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/testdata/realdata"
	"github.com/xuri/excelize/v2"
)

// large makes the sheet of issue 3: rows × 12, with texts either shared or
// inside the cells.
func large(tb testing.TB, rows int, inline bool) []byte {
	var xml bytes.Buffer
	w := bufio.NewWriter(&xml)
	for r := 1; r <= rows; r++ {
		fmt.Fprintf(w, `<row r="%d" spans="1:12">`, r)
		for c := range 12 {
			at := fmt.Sprintf("%c%d", 'A'+c, r)
			switch {
			case c < 6 && inline:
				fmt.Fprintf(w, `<c r="%s" t="inlineStr"><is><t>category %d</t></is></c>`, at, (r*7+c)%500)
			case c < 6:
				fmt.Fprintf(w, `<c r="%s" t="s"><v>%d</v></c>`, at, (r*7+c)%500)
			case c == 11:
				fmt.Fprintf(w, `<c r="%s"><v>%d.25</v></c>`, at, r%977)
			default:
				fmt.Fprintf(w, `<c r="%s"><v>%d</v></c>`, at, (r*13+c)%10000)
			}
		}
		w.WriteString("</row>")
	}
	w.Flush()
	var sst strings.Builder
	sst.WriteString(decl + `<sst ` + nsMain + `>`)
	for i := range 500 {
		fmt.Fprintf(&sst, "<si><t>category %d</t></si>", i)
	}
	sst.WriteString("</sst>")
	return zipOf(tb, bookOf(sheetOf(xml.String()), entry{name: "xl/sharedStrings.xml", body: sst.String()})...)
}

const benchRows = 200_000

var largeShared = sync.OnceValue(func() []byte { return large(new(testing.B), benchRows, false) })
var largeInline = sync.OnceValue(func() []byte { return large(new(testing.B), benchRows, true) })

// glotip is a real file, of UNODC.
func glotip(b *testing.B) []byte {
	data, err := os.ReadFile(realdata.File(b, "unodc-glotip/data_glotip.xlsx"))
	if err != nil {
		b.Fatal(err)
	}
	return data
}

func benchFiles(b *testing.B, f func(b *testing.B, data []byte) int) {
	for _, c := range []struct {
		name string
		data func() []byte
	}{
		{"shared", largeShared}, {"inline", largeInline}, {"glotip", func() []byte { return glotip(b) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			data := c.data()
			b.ReportAllocs()
			b.ResetTimer()
			rows := 0
			for b.Loop() {
				rows += f(b, data)
			}
			b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

func BenchmarkRead(b *testing.B) {
	benchFiles(b, func(b *testing.B, data []byte) int {
		ctx := context.Background()
		w, err := sheet.Open(ctx, bytes.NewReader(data), int64(len(data)), "f", sheet.Options{})
		if err != nil {
			b.Fatal(err)
		}
		rows := 0
		if err := w.Read(ctx, 0, func(r *sheet.Row) error { rows++; return nil }); err != nil {
			b.Fatal(err)
		}
		return rows
	})
}

func BenchmarkExcelizeRows(b *testing.B) {
	benchFiles(b, func(b *testing.B, data []byte) int {
		f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true})
		if err != nil {
			b.Fatal(err)
		}
		defer f.Close()
		it, err := f.Rows(f.GetSheetName(0))
		if err != nil {
			b.Fatal(err)
		}
		defer it.Close()
		rows := 0
		for it.Next() {
			if _, err := it.Columns(); err != nil {
				b.Fatal(err)
			}
			rows++
		}
		return rows
	})
}

// BenchmarkInflate only inflates the sheet, with the standard library.
func BenchmarkInflate(b *testing.B) {
	benchFiles(b, func(b *testing.B, data []byte) int {
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			b.Fatal(err)
		}
		f, err := z.Open("xl/worksheets/sheet1.xml")
		if err != nil {
			b.Fatal(err)
		}
		defer f.Close()
		if _, err := io.Copy(io.Discard, f); err != nil {
			b.Fatal(err)
		}
		return benchRows
	})
}
