package sheet_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/oas/tipstat/ingest/sheet"
)

// TestNoAllocationPerCell reads a sheet and one with eleven times its rows: what
// the rows in between allocate is a block of text now and then, not a cell's.
func TestNoAllocationPerCell(t *testing.T) {
	repeat := func(row string) func(n int) []byte {
		return func(n int) []byte { return zipOf(t, bookOf(sheetOf(strings.Repeat(row, n)))...) }
	}
	addressed := func(n int) []byte {
		var b strings.Builder
		for r := 1; r <= n; r++ {
			fmt.Fprintf(&b, `<row r="%d"><c r="A%[1]d" t="s"><v>0</v></c><c r="B%[1]d" t="inlineStr"><is><t>víctima</t></is></c><c r="C%[1]d"><v>12</v></c><c r="D%[1]d" s="1"><v>45000</v></c></row>`, r)
		}
		return zipOf(t, bookOf(sheetOf(b.String()))...)
	}
	odsRows := func(n int) []byte {
		row := `<table:table-row><table:table-cell office:value-type="float" office:value="1.5"><text:p>1,5</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="2023-04-03"/><table:table-cell office:value-type="string"><text:p>a b</text:p></table:table-cell><table:table-cell office:value-type="boolean" office:boolean-value="true"/></table:table-row>`
		return odsOf(t, `<table:table table:name="A">`+strings.Repeat(row, n)+`</table:table>`)
	}
	for _, tt := range []struct {
		name string
		file func(rows int) []byte
	}{
		{"xlsx, the usual form", addressed},
		{"xlsx, without addresses", repeat(`<row><c t="s"><v>0</v></c><c t="str"><v>abc</v></c><c><v>0.30000000000000004</v></c><c t="b"><v>1</v></c></row>`)},
		{"xlsx, formulas", repeat(`<row><c><f>1+1</f><v>2</v></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c><c t="d"><v>2023-04-03T10:00:00</v></c><c s="1"><f>1</f><v>3.5</v></c></row>`)},
		{"ods", odsRows},
		{"csv", func(n int) []byte { return []byte(strings.Repeat("a,1.5,\"b\"\"c\",2023\n", n)) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			allocs := func(rows int) float64 {
				data := tt.file(rows)
				return testing.AllocsPerRun(1, func() {
					if n := countCells(t, data); n != 4*rows {
						t.Fatalf("%d cells, want %d", n, 4*rows)
					}
				})
			}
			const cells = 4 * 20_000
			if more := allocs(22_000) - allocs(2000); more > cells/100 {
				t.Errorf("%v allocations more for %d cells more", more, cells)
			} else {
				t.Logf("%v allocations for %d cells", more, cells)
			}
		})
	}
}

func countCells(t *testing.T, data []byte) int {
	ctx := context.Background()
	w, err := sheet.Open(ctx, bytes.NewReader(data), int64(len(data)), "f", sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	if err := w.Read(ctx, 0, func(r *sheet.Row) error { n += len(r.Cells); return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}
