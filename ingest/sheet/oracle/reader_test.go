package oracle_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/xuri/excelize/v2"
)

// kind is what a reader says that a cell holds; anyKind where it doesn't say.
type kind string

const (
	anyKind kind = ""
	text    kind = "text"
	number  kind = "number"
	boolean kind = "bool"
	date    kind = "date"
	fault   kind = "error"
)

// value is a cell's value, as one reader gives it.
type value struct {
	kind kind
	text string  // of a date ISO 8601; empty where the reader gives only the serial
	num  float64 // of a date the serial; NaN where the reader gives none
}

// cell is one cell that is not empty.
type cell struct {
	row, col int
	value
	hidden bool // its row, where ours tells
}

// tab is one sheet, its cells in order.
type tab struct {
	name   string
	hidden bool
	cells  []cell
}

// book is a workbook as one reader gives it, or why it refuses it.
type book struct {
	tabs []tab
	err  error
}

// Reader is a program that others wrote.
type Reader struct {
	Name    string
	Missing func() string // what has to be installed; empty when all is there
	Read    func(tb testing.TB, files []string) map[string]book
}

// need skips the test where a reader is not installed.
func need(tb testing.TB, readers ...Reader) {
	tb.Helper()
	for _, r := range readers {
		if m := r.Missing(); m != "" {
			tb.Skipf("%s: %s", r.Name, m)
		}
	}
}

// command gives the path of a program, or the name it is looked for by.
func command(name string) (path string, ok bool) {
	path, err := exec.LookPath(name)
	return path, err == nil
}

// python is Debian's, which has Debian's modules, wherever another stands first.
func python() string {
	if _, err := os.Stat("/usr/bin/python3"); err == nil {
		return "/usr/bin/python3"
	}
	return "python3"
}

func missingModule(module string) func() string {
	return func() string {
		if exec.Command(python(), "-c", "import "+module).Run() != nil {
			return "python3 with " + module + " is not there (Debian: python3-" + strings.ReplaceAll(module, ", ", ", python3-") + ")"
		}
		return ""
	}
}

func missingNode(module string) func() string {
	return func() string {
		if _, ok := command("node"); !ok {
			return "node is not there (Debian: nodejs)"
		}
		if _, err := os.Stat(filepath.Join("testdata", "node_modules", module)); err != nil {
			return "npm ci --prefix ingest/sheet/oracle/testdata was not run"
		}
		return ""
	}
}

var (
	openpyxl = Reader{"openpyxl", missingModule("openpyxl"), script(func() []string { return []string{python(), "testdata/readers/openpyxl.py"} })}
	// The same library's other reader, which holds no workbook in memory.
	openpyxlStream = Reader{"openpyxl", missingModule("openpyxl"), script(func() []string { return []string{python(), "testdata/readers/openpyxl.py", "--stream"} })}
	sheetJS        = Reader{"sheetjs", missingNode("xlsx"), script(func() []string { return []string{"node", "testdata/readers/sheetjs.mjs"} })}
	exceljs        = Reader{"exceljs", missingNode("exceljs"), script(func() []string { return []string{"node", "testdata/readers/exceljs.mjs"} })}
	pandasODF      = Reader{"pandas", missingModule("pandas, odf"), script(func() []string { return []string{python(), "testdata/readers/pandas.py"} })}
	excelizeRows   = Reader{"excelize", func() string { return "" }, readExcelize}
)

// script reads files with a program that takes a list of them and writes lines
// of JSON, all in one process.
func script(argv func() []string) func(testing.TB, []string) map[string]book {
	return func(tb testing.TB, files []string) map[string]book {
		tb.Helper()
		dir := tb.TempDir()
		list, out := filepath.Join(dir, "list"), filepath.Join(dir, "out")
		if err := os.WriteFile(list, []byte(strings.Join(files, "\n")), 0o600); err != nil {
			tb.Fatal(err)
		}
		args := append(argv(), list, out)
		cmd := exec.CommandContext(tb.Context(), args[0], args[1:]...)
		cmd.WaitDelay = time.Second
		if b, err := cmd.CombinedOutput(); err != nil {
			tb.Fatalf("%v: %v\n%.2000s", args, err, b)
		}
		f, err := os.Open(out)
		if err != nil {
			tb.Fatal(err)
		}
		defer f.Close()
		books := map[string]book{}
		for d := json.NewDecoder(f); d.More(); {
			var line struct {
				File, Sheet, Error string
				Hidden             bool
				Cells              [][]string
			}
			if err := d.Decode(&line); err != nil {
				tb.Fatal(err)
			}
			b := books[line.File]
			if line.Error != "" {
				b.err = errors.New(line.Error)
			} else {
				b.tabs = append(b.tabs, tab{line.Sheet, line.Hidden, parseCells(tb, line.Cells)})
			}
			books[line.File] = b
		}
		return books
	}
}

var kinds = map[string]kind{"s": text, "n": number, "b": boolean, "d": date, "e": fault}

func parseCells(tb testing.TB, lines [][]string) []cell {
	cells := make([]cell, 0, len(lines))
	for _, l := range lines {
		col, row, err := excelize.CellNameToCoordinates(l[0])
		k, ok := kinds[l[1]]
		if err != nil || !ok {
			// The address is not one of a sheet: no reader of ours could give it.
			cells = append(cells, cell{value: value{kind: k, text: l[0]}})
			continue
		}
		v := value{kind: k, text: l[2], num: math.NaN()}
		switch k {
		case number:
			v.num, err = strconv.ParseFloat(l[2], 64)
		case date:
			v.num, err = strconv.ParseFloat(l[3], 64)
		}
		if err != nil && !errors.Is(err, strconv.ErrRange) {
			v.num = math.NaN()
		}
		cells = append(cells, cell{row: row, col: col, value: v})
	}
	inOrder(cells)
	return cells
}

func inOrder(cells []cell) {
	slices.SortStableFunc(cells, func(a, b cell) int { return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.col, b.col)) })
}

// readExcelize takes the rows as excelize streams them, their values raw. It
// says nothing of kinds.
func readExcelize(_ testing.TB, files []string) map[string]book {
	books := map[string]book{}
	for _, name := range files {
		books[name] = excelizeBook(name)
	}
	return books
}

func excelizeBook(name string) (b book) {
	defer func() {
		if p := recover(); p != nil {
			b.err = fmt.Errorf("panic: %v", p)
		}
	}()
	f, err := excelize.OpenFile(name, excelize.Options{RawCellValue: true, UnzipSizeLimit: 1 << 30})
	if err != nil {
		return book{err: err}
	}
	defer f.Close()
	for _, title := range f.GetSheetList() {
		shown, _ := f.GetSheetVisible(title)
		t := tab{name: title, hidden: !shown}
		rows, err := f.Rows(title)
		if err != nil {
			return book{err: err}
		}
		for at := 1; rows.Next(); at++ {
			cols, err := rows.Columns()
			if err != nil {
				return book{err: err}
			}
			for i, v := range cols {
				if v != "" {
					t.cells = append(t.cells, cell{row: at, col: i + 1, value: value{text: v, num: math.NaN()}})
				}
			}
		}
		if err := cmp.Or(rows.Error(), rows.Close()); err != nil {
			return book{err: err}
		}
		b.tabs = append(b.tabs, t)
	}
	if len(b.tabs) == 0 {
		b.err = errors.New("no sheets")
	}
	return b
}

// ours reads a file with package sheet. Formulas without a value are left out:
// there is nothing in them to compare.
func ours(tb testing.TB, name string, data []byte) (b book) {
	tb.Helper()
	defer func() {
		var e *sheet.Error
		if b.err != nil && (!errors.As(b.err, &e) || e.Code == "" || e.Finding().Message("en") == "") {
			tb.Errorf("%s: refused without a code: %v", name, b.err)
		}
	}()
	ctx := context.Background()
	w, err := sheet.Open(ctx, bytes.NewReader(data), int64(len(data)), name, sheet.Options{})
	if err != nil {
		return book{err: err}
	}
	defer w.Close()
	for i, info := range w.Sheets() {
		t := tab{name: info.Name, hidden: info.Visibility != sheet.Visible}
		err := w.Read(ctx, i, func(r *sheet.Row) error {
			for _, c := range r.Cells {
				if c.Kind != sheet.NoValue {
					t.cells = append(t.cells, cell{r.Number, c.Col, value{kind(c.Kind.String()), c.Text, c.Number}, r.Hidden})
				}
			}
			return nil
		})
		if err != nil {
			return book{err: err}
		}
		b.tabs = append(b.tabs, t)
	}
	return b
}
