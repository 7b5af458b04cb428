package sheet_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/testdata/realdata"
	"github.com/xuri/excelize/v2"
)

// compare reads every sheet with excelize's row iterator and with ours, and
// tells the first cells that differ. excelize gives the raw text of a cell.
func compare(t *testing.T, data []byte) (cells int) {
	t.Helper()
	ctx := context.Background()
	w, err := sheet.Open(ctx, bytes.NewReader(data), int64(len(data)), "ours", sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	x, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	for _, info := range w.Sheets() {
		it, err := x.Rows(info.Name)
		if err != nil {
			t.Fatal(err)
		}
		at, bad := 0, 0
		var theirs []string
		advance := func() bool {
			if !it.Next() {
				return false
			}
			at++
			theirs, err = it.Columns()
			if err != nil {
				t.Fatal(err)
			}
			return true
		}
		differ := func(row, col int, ours sheet.Cell, want string) {
			if bad++; bad < 5 {
				t.Errorf("%s row %d column %d: ours %v %q, excelize %q", info.Name, row, col, ours.Kind, ours.Text, want)
			}
		}
		rest := func(row, from int) {
			for c := from; c < len(theirs); c++ {
				if theirs[c] != "" {
					differ(row, c+1, sheet.Cell{}, theirs[c])
				}
			}
		}
		err = w.Read(ctx, info.Index, func(r *sheet.Row) error {
			for at < r.Number {
				if !advance() {
					return fmt.Errorf("excelize ends at row %d, ours has row %d", at, r.Number)
				}
				if at < r.Number {
					rest(at, 0)
				}
			}
			next := 0
			for _, c := range r.Cells {
				cells++
				for ; next < c.Col-1 && next < len(theirs); next++ {
					if theirs[next] != "" {
						differ(r.Number, next+1, sheet.Cell{}, theirs[next])
					}
				}
				want := ""
				if c.Col <= len(theirs) {
					want = theirs[c.Col-1]
				}
				next = c.Col
				if !same(c, want) {
					differ(r.Number, c.Col, c, want)
				}
			}
			rest(r.Number, next)
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		for advance() {
			rest(at, 0)
		}
		it.Close()
	}
	return cells
}

// same compares a cell of ours with the raw text that excelize gives.
func same(c sheet.Cell, raw string) bool {
	switch c.Kind {
	case sheet.Number, sheet.Date:
		n, err := strconv.ParseFloat(raw, 64)
		return err == nil && math.Abs(n-c.Number) <= 1e-14*math.Abs(n)
	case sheet.Bool:
		return raw == "1" && c.Number == 1 || raw == "0" && c.Number == 0 || strings.EqualFold(raw, c.Text)
	case sheet.NoValue:
		return raw == ""
	}
	return c.Text == raw
}

func TestRealAgainstExcelize(t *testing.T) {
	for _, name := range []string{
		"unodc-glotip/data_glotip.xlsx", "per-pnp/DataSet_trata_personas_enero2017_septiembre2025.xlsx",
		"iom-htcds/HTCDS Excel Spreadsheet v2.0.xlsx", "bra-disque100/DicionriodeDadosDisque100.xlsx",
	} {
		t.Run(filepath.Base(name), func(t *testing.T) {
			data, err := os.ReadFile(realdata.File(t, name))
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d cells", compare(t, data))
		})
	}
}

// generated makes a workbook with excelize out of random cells of all kinds.
func generated(t testing.TB, seed uint64, stream bool) []byte {
	rnd := rand.New(rand.NewPCG(seed, 1))
	f := excelize.NewFile()
	defer f.Close()
	date, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		t.Fatal(err)
	}
	words := []string{"víctimas", "a & b", "<5", "  spaces  ", "two\nlines", "😀", "n.d.", "\"q\"", "", "=1+1", "00123", "tab\there"}
	if seed < 1000 { // LibreOffice drops carriage returns in .ods
		words = append(words, "_x000D_")
	}
	value := func() any {
		switch rnd.IntN(8) {
		case 0:
			return rnd.IntN(100000)
		case 1:
			return rnd.NormFloat64() * 1e3
		case 2:
			return rnd.IntN(2) == 1
		case 3:
			return time.Date(1950+rnd.IntN(90), time.Month(1+rnd.IntN(12)), 1+rnd.IntN(28), rnd.IntN(24), rnd.IntN(60), 0, 0, time.UTC)
		case 4:
			return 0.1 + 0.2
		}
		return words[rnd.IntN(len(words))]
	}
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if stream {
		w, err := f.NewStreamWriter("Sheet1")
		check(err)
		for r := 1; r < 60; r += 1 + rnd.IntN(3) {
			var cells []any
			for range rnd.IntN(12) {
				cells = append(cells, value())
			}
			check(w.SetRow(fmt.Sprint("A", r), cells))
		}
		check(w.Flush())
	} else {
		filled := map[string]bool{}
		for range 200 {
			at, err := excelize.CoordinatesToCellName(1+rnd.IntN(30), 1+rnd.IntN(80))
			check(err)
			if filled[at] { // it would keep the style of the value before
				continue
			}
			filled[at] = true
			check(f.SetCellValue("Sheet1", at, value()))
			if seed < 1000 && rnd.IntN(10) == 0 { // LibreOffice makes a date of a boolean with this style
				check(f.SetCellStyle("Sheet1", at, at, date))
			}
		}
		check(f.SetCellRichText("Sheet1", "AF1", []excelize.RichTextRun{{Text: "rich "}, {Text: "text", Font: &excelize.Font{Bold: true}}}))
		if seed < 1000 { // LibreOffice would compute it
			check(f.SetCellFormula("Sheet1", "AF2", "1+1"))
		}
		check(f.MergeCell("Sheet1", "AF3", "AG4"))
		check(f.SetRowVisible("Sheet1", 5, false))
	}
	var buf bytes.Buffer
	check(f.Write(&buf))
	return buf.Bytes()
}

func TestGeneratedAgainstExcelize(t *testing.T) {
	cells := 0
	for seed := range uint64(200) {
		cells += compare(t, generated(t, seed, seed%2 == 0))
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	t.Logf("%d cells in 200 workbooks", cells)
}

// TestLibreOffice has LibreOffice read what excelize wrote and write it as
// .xlsx and .ods of its own; ours has to read the same in all three.
func TestLibreOffice(t *testing.T) {
	if testing.Short() {
		t.Skip("starts LibreOffice")
	}
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("soffice is not there")
	}
	dir := t.TempDir()
	files := []string{}
	for seed := range uint64(20) {
		name := filepath.Join(dir, fmt.Sprintf("g%d.xlsx", seed))
		if err := os.WriteFile(name, generated(t, 1000+seed, seed%2 == 0), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, name)
	}
	for _, format := range []string{"xlsx", "ods"} {
		out := filepath.Join(dir, format)
		cmd := exec.Command(office, append([]string{"-env:UserInstallation=file://" + filepath.ToSlash(dir) + "/profile", "--headless", "--convert-to", format, "--outdir", out}, files...)...)
		if b, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("soffice: %v\n%s", err, b)
		}
		for _, name := range files {
			first, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			second, err := os.ReadFile(filepath.Join(out, strings.TrimSuffix(filepath.Base(name), "xlsx")+format))
			if err != nil {
				t.Fatal(err)
			}
			want, err := read(first, sheet.Options{})
			if err != nil {
				t.Fatal(err)
			}
			got, err := read(second, sheet.Options{})
			if err != nil {
				t.Fatal(err)
			}
			// LibreOffice writes some booleans as the formula FALSE() with the number 0.
			plain := strings.NewReplacer("bool:TRUE", "number:1", "bool:FALSE", "number:0")
			if diffLines(t, plain.Replace(want), plain.Replace(got)) {
				t.Fatalf("%s as %s", name, format)
			}
		}
	}
}

func diffLines(t *testing.T, want, got string) bool {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		a, b := "", ""
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			t.Errorf("line %d\nwant %s\ngot  %s", i+1, a, b)
			return true
		}
	}
	return false
}
