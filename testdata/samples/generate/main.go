// Command generate writes the sample inputs of tipstat demo, the files with
// faults in bad/ and the figures expected of the samples. Run it in the root
// of the repository: go run ./testdata/samples/generate
//
// All figures are invented and the same on every run. What is expected is
// worked out here from the figures themselves; nothing of tipstat is used.
package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// root is where the files go.
const root = "testdata/samples"

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	var want expected
	for _, step := range []func(*expected) error{honduras, brazil, haiti, unitedStates, costaRica, guatemala, jamaica, canada, treaties, population, bad} {
		if err := step(&want); err != nil {
			return err
		}
	}
	return want.write("expected.csv")
}

func write(name string, b []byte) error {
	return os.WriteFile(filepath.Join(root, filepath.FromSlash(name)), b, 0o644)
}

// csvBytes writes rows with a delimiter and the line ends of a spreadsheet.
func csvBytes(comma rune, rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = comma, true
	err := w.WriteAll(rows)
	return b.Bytes(), err
}

func writeCSV(name string, comma rune, rows [][]string) error {
	b, err := csvBytes(comma, rows)
	if err != nil {
		return err
	}
	return write(name, b)
}

// book is one sheet of figures, with an optional sheet of notes.
type book struct {
	sheet  string
	rows   [][]any // from row 1; nil leaves a cell empty
	merges []string
	notes  []string
	dates  []string          // cells shown as dates
	change map[string]any    // address → value, over rows
	formed map[string]string // address → formula without a stored result
}

// bytes gives the workbook; the same input gives the same bytes.
func (b book) bytes() (_ []byte, err error) {
	f := excelize.NewFile()
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	if err := f.SetSheetName("Sheet1", b.sheet); err != nil {
		return nil, err
	}
	for i, row := range b.rows {
		for j, v := range row {
			if v == nil {
				continue
			}
			cell, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err != nil {
				return nil, err
			}
			if _, ok := b.formed[cell]; ok {
				continue // SetCellFormula keeps a value that stands there
			}
			if c, ok := b.change[cell]; ok {
				v = c
			}
			if err := f.SetCellValue(b.sheet, cell, v); err != nil {
				return nil, err
			}
		}
	}
	for _, m := range b.merges {
		from, to, _ := bytes.Cut([]byte(m), []byte(":"))
		if err := f.MergeCell(b.sheet, string(from), string(to)); err != nil {
			return nil, err
		}
	}
	if len(b.dates) > 0 {
		style, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		if err != nil {
			return nil, err
		}
		for _, c := range b.dates {
			if err := f.SetCellStyle(b.sheet, c, c, style); err != nil {
				return nil, err
			}
		}
	}
	for cell, formula := range b.formed {
		if err := f.SetCellFormula(b.sheet, cell, formula); err != nil {
			return nil, err
		}
	}
	if len(b.notes) > 0 {
		if _, err := f.NewSheet("Notas"); err != nil {
			return nil, err
		}
		for i, n := range b.notes {
			if err := f.SetCellValue("Notas", "A"+strconv.Itoa(i+1), n); err != nil {
				return nil, err
			}
		}
	}
	if err := f.SetDocProps(&excelize.DocProperties{Creator: "tipstat", LastModifiedBy: "tipstat", Title: "SAMPLE - invented figures",
		Created: "2024-01-01T00:00:00Z", Modified: "2024-01-01T00:00:00Z"}); err != nil {
		return nil, err
	}
	out, err := f.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func (b book) write(name string) error {
	out, err := b.bytes()
	if err != nil {
		return err
	}
	return write(name, out)
}

// want is one figure that must come out of a sample. Derivation is that of
// the table observation; empty means the preferred figure, however it is made.
type want struct {
	file, area, indicator, sex, age, exploitation, citizenship, origin, destination, period, victims, derivation string
	value, lower, upper                                                                                          string
	status                                                                                                       string
}

type expected struct{ rows []want }

// add takes a figure; dimensions that it leaves out are totals.
func (e *expected) add(w want) {
	for _, d := range []*string{&w.sex, &w.age, &w.exploitation, &w.citizenship, &w.origin, &w.destination} {
		if *d == "" {
			*d = "_T"
		}
	}
	if w.victims == "" {
		w.victims = "_Z"
	}
	if w.status == "" {
		w.status = "A"
	}
	if w.value != "" {
		w.lower, w.upper = w.value, w.value
	}
	e.rows = append(e.rows, w)
}

func (e *expected) write(name string) error {
	out := [][]string{{"file", "REF_AREA", "INDICATOR", "SEX", "AGE", "EXPLOITATION", "CITIZENSHIP", "ORIGIN", "DESTINATION", "TIME_PERIOD",
		"VICTIM_STATUS", "derivation", "OBS_VALUE", "LOWER_BOUND", "UPPER_BOUND", "OBS_STATUS"}}
	for _, w := range e.rows {
		out = append(out, []string{w.file, w.area, w.indicator, w.sex, w.age, w.exploitation, w.citizenship, w.origin, w.destination, w.period,
			w.victims, w.derivation, w.value, w.lower, w.upper, w.status})
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.WriteAll(out); err != nil {
		return err
	}
	return write(name, b.Bytes())
}

func itoa(n int) string { return strconv.Itoa(n) }

func sum(ns ...int) int {
	t := 0
	for _, n := range ns {
		t += n
	}
	return t
}
