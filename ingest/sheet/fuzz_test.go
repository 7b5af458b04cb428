package sheet_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/oas/tipstat/ingest/sheet"
)

// small keeps a fuzzed file from asking for more than a test should do.
var small = sheet.Limits{FileBytes: 1 << 20, PartBytes: 1 << 20, Cells: 100_000, Rows: 2000, Columns: 500}

// ordered reads a file and fails when rows or cells come out of order, or
// something comes that should not. It gives the error of the file.
func ordered(t *testing.T, data []byte, opts sheet.Options) error {
	ctx := context.Background()
	w, err := sheet.Open(ctx, bytes.NewReader(data), int64(len(data)), "f", opts)
	if err != nil {
		return ours(t, err)
	}
	defer w.Close()
	for _, info := range w.Sheets() {
		last := 0
		err := w.Read(ctx, info.Index, func(r *sheet.Row) error {
			if r.Number <= last || len(r.Cells) == 0 {
				t.Fatalf("row %d after %d, %d cells", r.Number, last, len(r.Cells))
			}
			last = r.Number
			col := 0
			for _, c := range r.Cells {
				if c.Col <= col || c.Kind == 0 || c.Text == "" && c.Kind != sheet.NoValue || c.Number-c.Number != 0 {
					t.Fatalf("row %d: %+v after column %d", r.Number, c, col)
				}
				col = c.Col
			}
			return nil
		})
		if err != nil {
			return ours(t, err)
		}
		if _, err := w.Details(ctx, info.Index); err != nil {
			return ours(t, err)
		}
	}
	return nil
}

func ours(t *testing.T, err error) error {
	var e *sheet.Error
	if !errors.As(err, &e) {
		t.Fatalf("an error without a code: %v", err)
	}
	if e.Code == sheet.CodeFault {
		t.Fatalf("a panic at %s: %v", e.Found, err)
	}
	if f := e.Finding(); f.Message("fr") == "" || f.Hint("pt") == "" {
		t.Fatalf("%s has no text", e.Code)
	}
	return err
}

// stored builds a zip whose entries are not compressed: the compressor would
// take most of a fuzzer's time.
func stored(tb testing.TB, entries ...entry) []byte {
	for i := range entries {
		entries[i].mutate = func(*zip.FileHeader) {}
	}
	return zipOf(tb, entries...)
}

func FuzzWorkbook(f *testing.F) {
	parts := func(rows string) (string, string, string) {
		b := bookOf(sheetOf(rows))
		return b[6].body, b[4].body, b[5].body
	}
	for _, rows := range []string{
		`<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" s="1"><v>45000.5</v></c><c r="D1" t="b"><v>1</v></c></row>`,
		`<row><c t="inlineStr"><is><r><t>a</t></r></is></c><c t="e"><v>#N/A</v></c><c><f>1</f></c></row><row hidden="1"/><!-- x --><?p i?>`,
		`<row><c t="d"><v>2020-01-01</v></c><c t="str"><v><![CDATA[x]]>&#x41;&amp;_x000D_</v></c><extLst><ext/></extLst></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells><extLst><x/></extLst>`,
	} {
		a, b, c := parts(rows)
		f.Add(a, b, c)
	}
	f.Fuzz(func(t *testing.T, sheetXML, sst, styles string) {
		data := stored(t, bookOf(sheetXML, entry{name: "xl/sharedStrings.xml", body: sst}, entry{name: "xl/styles.xml", body: styles})...)
		if ordered(t, data, sheet.Options{Limits: small}) != nil {
			return
		}
		// What is accepted is XML by another's judgement too.
		for _, part := range []string{sheetXML, sst, styles} {
			d := xml.NewDecoder(strings.NewReader(part))
			d.CharsetReader = func(label string, r io.Reader) (io.Reader, error) { return r, nil } // us-ascii
			for {
				if _, err := d.Token(); err == io.EOF {
					break
				} else if err != nil {
					t.Fatalf("accepted, but encoding/xml says %v:\n%q", err, part)
				}
			}
		}
	})
}

// FuzzQuick holds the short way through a cell against the long one, which a
// second blank in its tag makes the reader take.
func FuzzQuick(f *testing.F) {
	for _, rows := range []string{
		`<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" s="1"><v>45000.5</v></c><c r="C1" s="5"/><c r="D1" t="b"><v>1</v></c></row>`,
		`<row r="7"><c r="A7" t="inlineStr"><is><t>niña</t></is></c><c r="XFD7" t="str"><v>a]]b_x0041_</v></c><c r="A8"/></row>`,
		`<row><c r="A1" s="9"><v>1</v></c></row><x:row xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="A2"><v>NaN</v></c></x:row>`,
		`<row r="2"><c r="B2" t="s"><v>9</v></c><c r="B2" t="e"><v>#N/A</v></c><c r="AAA2" t="d"><v>2020-01-01</v></c></row>`,
	} {
		f.Add(rows)
	}
	f.Fuzz(func(t *testing.T, rows string) {
		if strings.Contains(rows, "<!") || strings.Contains(rows, "<?") {
			return // "<c " may stand in a comment
		}
		short, err1 := cellsOf(t, rows)
		long, err2 := cellsOf(t, strings.ReplaceAll(rows, "<c ", "<c  "))
		if short != long || codeOf(err1) != codeOf(err2) {
			t.Fatalf("%q\nthe short way: %s %v\nthe long way:  %s %v", rows, short, err1, long, err2)
		}
	})
}

// cellsOf gives all there is in the cells of a sheet.
func cellsOf(t *testing.T, rows string) (string, error) {
	data := stored(t, bookOf(sheetOf(rows))...)
	w, err := sheet.Open(context.Background(), bytes.NewReader(data), int64(len(data)), "f", sheet.Options{Limits: small})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	err = w.Read(context.Background(), 0, func(r *sheet.Row) error {
		fmt.Fprintf(&out, "%+v\n", *r)
		return nil
	})
	return out.String(), err
}

// FuzzContainer gives bytes as they are, so that the zip is what is mutated.
func FuzzContainer(f *testing.F) {
	f.Add(zipOf(f, bookOf(sheetOf(`<row r="1"><c r="A1" t="s"><v>1</v></c></row>`))...))
	f.Add(odsBytes(f))
	f.Add([]byte("%PDF"))
	f.Add([]byte("a;b\n1;2\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_ = ordered(t, data, sheet.Options{Limits: small})
	})
}

func odsBytes(tb testing.TB) []byte {
	return odsOf(tb, `<table:table table:name="A"><table:table-row><table:table-cell office:value-type="float" office:value="1"/><table:table-cell table:number-columns-repeated="3"><text:p>a<text:s/></text:p></table:table-cell></table:table-row></table:table>`)
}

func FuzzODS(f *testing.F) {
	f.Add(`<table:table table:name="A"><table:table-row table:number-rows-repeated="3"><table:table-cell office:value-type="float" office:value="1"/><table:table-cell table:number-columns-repeated="3"><text:p>a<text:s/></text:p></table:table-cell></table:table-row></table:table>`)
	f.Add(`<table:table table:name="A"><table:table-row-group><table:table-row><table:table-cell office:value-type="time" office:time-value="PT08H30M00S"/><table:table-cell office:value-type="date" office:date-value="1890-02-03"/></table:table-row></table:table-row-group></table:table>`)
	f.Fuzz(func(t *testing.T, body string) {
		_ = ordered(t, stored(t, entry{name: "mimetype", body: "application/vnd.oasis.opendocument.spreadsheet"}, entry{name: "content.xml", body: odsBody(body)}), sheet.Options{Limits: small})
	})
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "\"a\"\"\",b\r\n\r\n,2", "\ufeffa;b", "a\xf1o\tb", "\xff\xfea\x00,\x00", "sep=;\na;b"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if bytes.HasPrefix(data, []byte("PK")) {
			return
		}
		_ = ordered(t, data, sheet.Options{Limits: small})
		// With the delimiter given, encoding/csv has to read the same cells.
		opts := sheet.Options{Limits: small, Encoding: "utf-8", Delimiter: ','}
		var got [][]string
		w, err := sheet.Open(context.Background(), bytes.NewReader(data), int64(len(data)), "f", opts)
		if err != nil || bytes.HasPrefix(bytes.ToLower(data), []byte("sep=")) {
			return
		}
		err = w.Read(context.Background(), 0, func(r *sheet.Row) error {
			var cells []string
			for _, c := range r.Cells {
				cells = append(cells, strings.ReplaceAll(c.Text, "\r\n", "\n"))
			}
			got = append(got, cells)
			return nil
		})
		if err != nil {
			return
		}
		r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
		r.FieldsPerRecord = -1
		var want [][]string
		for {
			rec, err := r.Read()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("accepted, but encoding/csv says %v", err)
			}
			rec = slices.DeleteFunc(rec, func(s string) bool { return s == "" })
			if len(rec) > 0 {
				want = append(want, rec)
			}
		}
		if !slices.EqualFunc(got, want, slices.Equal) {
			t.Fatalf("ours %q, encoding/csv %q", got, want)
		}
	})
}
