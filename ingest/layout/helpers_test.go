package layout_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/ingest/layout"
	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

const samples = "../../testdata/samples"

var loadCodes = sync.OnceValues(func() (*codelist.Set, error) { return codelist.Load(nil) })

func codes(tb testing.TB) *codelist.Set {
	tb.Helper()
	set, err := loadCodes()
	if err != nil {
		tb.Fatal(err)
	}
	return set
}

// builtin gives the built-in layouts, and those of a folder of samples.
func builtin(tb testing.TB, folders ...string) []*layout.Layout {
	tb.Helper()
	all, err := layout.Load(nil, codes(tb))
	if err != nil {
		tb.Fatal(err)
	}
	for _, dir := range folders {
		more, err := layout.Load(os.DirFS(dir), codes(tb))
		if err != nil {
			tb.Fatal(err)
		}
		have := map[string]bool{}
		for _, l := range all {
			have[l.ID] = true
		}
		for _, l := range more {
			if !have[l.ID] {
				all = append(all, l)
			}
		}
	}
	return all
}

func parse(tb testing.TB, yaml string) *layout.Layout {
	tb.Helper()
	l, err := layout.Parse([]byte(yaml), "test.yaml", codes(tb))
	if err != nil {
		tb.Fatalf("%v in:\n%s", err, yaml)
	}
	return l
}

// figures is a layout of figures by year; more is added at the top level, and
// columns take the place of the usual ones.
func figures(more, columns string) string {
	if columns == "" {
		columns = "  - {header: Year, concept: YEAR}\n  - {header: Sex, concept: SEX}\n  - {header: Value, value: true}\n"
	}
	return `id: test
version: 1.0.0
title: {en: Test}
agency: SAMPLE
record: victims
rows: figure
match: {header: [Year, Sex, Value]}
constants: {REF_AREA: HND, INDICATOR: VICTIMS_DETECTED}
columns:
` + columns + more
}

func open(tb testing.TB, name string, file []byte) *sheet.Workbook {
	tb.Helper()
	wb, err := sheet.Open(context.Background(), bytes.NewReader(file), int64(len(file)), name, sheet.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { wb.Close() })
	return wb
}

// row is one record, column by column.
type row map[string]string

// got is what reading a file gave.
type got struct {
	*layout.Result
	records []row
}

// read reads a file through one layout and keeps the records.
func read(tb testing.TB, l *layout.Layout, file string) got {
	tb.Helper()
	return readAll(tb, []*layout.Layout{l}, "in.csv", []byte(file))
}

func readAll(tb testing.TB, ls []*layout.Layout, name string, file []byte) got {
	tb.Helper()
	ctx := context.Background()
	wb := open(tb, name, file)
	found, faults, err := layout.Recognise(ctx, wb, name, ls, "")
	if err != nil {
		tb.Fatal(err)
	}
	if found == nil {
		tb.Fatalf("not recognised: %v", brief(faults))
	}
	return readFound(tb, wb, found, name)
}

func readFound(tb testing.TB, wb *sheet.Workbook, found *layout.Found, name string) got {
	tb.Helper()
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer mem.AssertSize(tb, 0)
	var g got
	b := record.NewBuilder(mem, found.Layout.Kind(), func(batch arrow.RecordBatch) error {
		for i := range int(batch.NumRows()) {
			r := row{}
			for j, f := range batch.Schema().Fields() {
				if !batch.Column(j).IsNull(i) {
					r[f.Name] = batch.Column(j).ValueStr(i)
				}
			}
			g.records = append(g.records, r)
		}
		return nil
	})
	defer b.Release()
	res, err := layout.Read(context.Background(), wb, found, codes(tb), layout.Options{File: name, Builder: b})
	if err != nil {
		tb.Fatal(err)
	}
	g.Result = res
	return g
}

// pick writes some columns of the records, a line each; a null is "?".
func (g got) pick(columns ...string) []string {
	var out []string
	for _, r := range g.records {
		var parts []string
		for _, c := range columns {
			v, ok := r[c]
			if !ok {
				v = "?"
			}
			parts = append(parts, v)
		}
		out = append(out, strings.Join(parts, " "))
	}
	return out
}

// accounts writes the account, a line each.
func (g got) accounts() []string {
	var out []string
	for _, a := range g.Account {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%d %s %s", a.Rows, a.Outcome, a.Rule)))
	}
	return out
}

// brief writes findings as: code at cell "found" → expected ×count.
func brief(fs record.Findings) []string {
	var out []string
	for _, f := range fs {
		s := f.Code
		if f.Subject.Cell != "" {
			s += " " + f.Subject.Cell
		}
		if f.Found != "" {
			s += fmt.Sprintf(" %q", f.Found)
		}
		if f.Expected != "" {
			s += " → " + f.Expected
		}
		if f.Count > 1 {
			s += fmt.Sprintf(" ×%d", f.Count)
		}
		out = append(out, s)
	}
	return out
}

func same[T any](tb testing.TB, what string, want, got T) {
	tb.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		tb.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// fault stands in a test's sheet for a cell that excelize can't write: an
// error value.
const fault = 987654321

// book writes a workbook of one sheet from rows of values; edit may change it.
func book(tb testing.TB, rows [][]any, edit func(f *excelize.File)) []byte {
	tb.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, r := range rows {
		for j, v := range r {
			if v == nil {
				continue
			}
			if err := f.SetCellValue("Sheet1", record.CellName(i+1, j+1), v); err != nil {
				tb.Fatal(err)
			}
		}
	}
	if edit != nil {
		edit(f)
	}
	var buf bytes.Buffer
	if err := f.Write(&buf); err != nil {
		tb.Fatal(err)
	}
	return withFaults(tb, buf.Bytes())
}

// withFaults turns the cells that hold the number fault into error values.
func withFaults(tb testing.TB, file []byte) []byte {
	tb.Helper()
	in, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		tb.Fatal(err)
	}
	var buf bytes.Buffer
	out := zip.NewWriter(&buf)
	for _, e := range in.File {
		r, err := e.Open()
		if err != nil {
			tb.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			tb.Fatal(err)
		}
		b = bytes.ReplaceAll(b, fmt.Appendf(nil, "><v>%d</v>", fault), []byte(` t="e"><v>#N/A</v>`))
		w, err := out.Create(e.Name)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := w.Write(b); err != nil {
			tb.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		tb.Fatal(err)
	}
	return buf.Bytes()
}

func list[T any](items ...T) []T { return items }

func replace(s string, oldnew ...string) string {
	for i := 0; i < len(oldnew); i += 2 {
		if !strings.Contains(s, oldnew[i]) {
			panic("nothing to replace: " + oldnew[i])
		}
		s = strings.ReplaceAll(s, oldnew[i], oldnew[i+1])
	}
	return s
}

func date(y, m, d, hour int) time.Time {
	return time.Date(y, time.Month(m), d, hour, 30, 0, 0, time.UTC)
}
