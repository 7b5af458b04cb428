package inbox_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/ingest/gate"
	"github.com/oas/tipstat/ingest/inbox"
	"github.com/oas/tipstat/ingest/layout"
	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/testdata/realdata"
	"github.com/oas/tipstat/testdata/samples"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/store"
)

// benchCases is the number of case rows, 12 columns each.
const benchCases = 200_000

// caseWorkbook is a generated workbook of case rows that the sample layout of
// Costa Rica reads; five further columns are not in the layout.
var caseWorkbook = sync.OnceValues(func() ([]byte, error) {
	r := rand.New(rand.NewPCG(2026, 200_000))
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	f := excelize.NewFile()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return nil, err
	}
	row := []any{"Fecha de registro", "Sexo", "Edad", "Nacionalidad", "Forma de explotación", "Condición", "Delito",
		"Provincia", "Cantón", "Oficina", "Año de cierre", "Turno"}
	for i := range benchCases + 1 {
		if i > 0 {
			row = []any{fmt.Sprintf("%02d/%02d/%d", 1+r.IntN(28), 1+r.IntN(12), 2019+r.IntN(5)),
				pick("Mujer", "F", "Hombre", "No indica"), 1 + r.IntN(70),
				pick("Costarricense", "Nicaragüense", "Colombiana", "Rep. Dominicana", "Venezolana", "Hondureña"),
				pick("Explotación sexual", "Trabajos forzados", "Mendicidad forzada", "Sin especificar"),
				pick("Víctima identificada", "Presunta víctima"), "Trata de personas",
				pick("San José", "Limón", "Puntarenas"), pick("Central", "Escazú", "Pococí"), r.IntN(90), 2024, pick("A", "B")}
		}
		if err := w.SetRow("A"+strconv.Itoa(i+1), row); err != nil {
			return nil, err
		}
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = f.Write(&b)
	return b.Bytes(), err
})

// peak measures the most memory that the process held from its call on, in MB
// of 10^6 bytes (VmHWM of /proc/self/status, proc(5)).
func peak(b *testing.B) func() {
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // where it can't be reset, the peak of the whole run is told
	return func() {
		status, err := os.ReadFile("/proc/self/status")
		if err != nil {
			return
		}
		if m := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status); m != nil {
			kb, _ := strconv.ParseFloat(string(m[1]), 64) // digits, by the expression
			b.ReportMetric(kb*1024/1e6, "peak-MB")
		}
	}
}

// BenchmarkIngest shows where the time from xlsx to observation goes: each
// stage holds the ones before it. excelize-rows reads the same cells with the
// row iterator of excelize and does nothing else.
func BenchmarkIngest(b *testing.B) {
	codes, err := codelist.Load(nil)
	if err != nil {
		b.Fatal(err)
	}
	sub, err := fs.Sub(samples.Files, "layouts")
	if err != nil {
		b.Fatal(err)
	}
	layouts, err := layout.Load(sub, codes)
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name string
		rows int
		data func() ([]byte, error)
	}{
		{"glotip", 46_556, func() ([]byte, error) { return os.ReadFile(realdata.File(b, "unodc-glotip/data_glotip.xlsx")) }},
		{"cases-200000", benchCases, caseWorkbook},
	} {
		b.Run(c.name, func(b *testing.B) {
			data, err := c.data()
			if err != nil {
				b.Fatal(err)
			}
			name := filepath.Join(b.TempDir(), "in.xlsx")
			if err := os.WriteFile(name, data, 0o600); err != nil {
				b.Fatal(err)
			}
			stage := func(stage string, f func(b *testing.B)) {
				b.Run(stage, func(b *testing.B) {
					done := peak(b)
					for b.Loop() {
						f(b)
					}
					b.ReportMetric(float64(c.rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
					done()
				})
			}
			stage("excelize-rows", func(b *testing.B) { excelizeRows(b, name) })
			stage("1-cells", func(b *testing.B) { readStage(b, name, codes, layouts, nil) })
			stage("1-gate", func(b *testing.B) { gateStage(b, name, codes) })
			stage("2-arrow", func(b *testing.B) {
				readStage(b, name, codes, layouts, func(arrow.RecordBatch) error { return nil })
			})
			stage("3-observations", func(b *testing.B) { ingestStage(b, name, codes, layouts) })
		})
	}
}

func excelizeRows(b *testing.B, name string) {
	f, err := excelize.OpenFile(name, excelize.Options{RawCellValue: true})
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	rows, err := f.Rows(f.GetSheetName(0))
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		if _, err := rows.Columns(); err != nil {
			b.Fatal(err)
		}
	}
}

// opened opens a workbook; the function closes it.
func opened(b *testing.B, name string) (*sheet.Workbook, func()) {
	f, err := os.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		b.Fatal(err)
	}
	wb, err := sheet.Open(context.Background(), f, info.Size(), "in.xlsx", sheet.Options{})
	if err != nil {
		b.Fatal(err)
	}
	return wb, func() { wb.Close(); f.Close() }
}

// readStage reads the cells of the first sheet or, with emit, the records.
func readStage(b *testing.B, name string, codes *codelist.Set, layouts []*layout.Layout, emit func(arrow.RecordBatch) error) {
	ctx := context.Background()
	wb, done := opened(b, name)
	defer done()
	if emit == nil {
		if err := wb.Read(ctx, 0, func(*sheet.Row) error { return nil }); err != nil {
			b.Fatal(err)
		}
		return
	}
	found, faults, err := layout.Recognise(ctx, wb, "in.xlsx", layouts, "")
	if found == nil {
		b.Fatal(faults, err)
	}
	builder := record.NewBuilder(memory.DefaultAllocator, found.Layout.Kind(), emit)
	defer builder.Release()
	if _, err := layout.Read(ctx, wb, found, codes, layout.Options{File: "in.xlsx", Builder: builder}); err != nil {
		b.Fatal(err)
	}
}

// gateStage opens the file and looks for what names persons, as ingestion does
// before all else: it reads every cell once for itself.
func gateStage(b *testing.B, name string, codes *codelist.Set) {
	wb, done := opened(b, name)
	defer done()
	seen, err := gate.Look(context.Background(), wb, codes)
	if err != nil || len(seen.Suspicions) > 0 {
		b.Fatal(seen, err)
	}
}

// ingestStage takes the file into a new store on disk.
func ingestStage(b *testing.B, name string, codes *codelist.Set, layouts []*layout.Layout) {
	ctx := context.Background()
	dir := b.TempDir()
	st, err := store.Open(ctx, filepath.Join(dir, "tipstat.duckdb"))
	if err != nil {
		b.Fatal(err)
	}
	in := &inbox.Inbox{Store: st, Codes: codes, Layouts: layouts, Originals: filepath.Join(dir, "originals"), Now: time.Now, RunID: "bench"}
	r, err := in.File(ctx, name, inbox.Options{})
	if err != nil || r.Outcome != inbox.Accepted {
		b.Fatal(r, err)
	}
	if err := st.Close(); err != nil {
		b.Fatal(err)
	}
}
