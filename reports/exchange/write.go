package exchange

import (
	"encoding/csv"
	"errors"
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/reports"
	"github.com/oas/tipstat/transform/record"
)

// head are the rows above the header: what the file is, and the day of the
// newest file behind it, where the published form has its publisher and its
// day of release.
func (e *Export) head() [][]string {
	if e.Form.Head == "" {
		return nil
	}
	day := e.Updated
	if len(day) == len("2006-01-02") {
		day = day[8:] + "/" + day[5:7] + "/" + day[:4]
	}
	head := e.Form.Head
	if e.Working != "" {
		head += ". " + e.Working
	}
	return [][]string{{head}, {day}}
}

// WriteCSV writes the form as csv in UTF-8.
func (e *Export) WriteCSV(w io.Writer) error {
	lines := append(e.head(), e.Columns)
	return writeCSV(w, append(lines, e.Rows...))
}

// WriteMissing writes the list of what is missing as csv.
func (e *Export) WriteMissing(w io.Writer) error {
	lines := [][]string{{"REF_AREA", "REF_AREA_label", "year", "question", "category", "ask", "label", "found"}}
	for _, m := range e.Missing {
		lines = append(lines, []string{m.Area, m.State, strconv.Itoa(m.Year), m.Question, m.Category, m.Ask, m.Label, m.Found})
	}
	return writeCSV(w, lines)
}

func writeCSV(w io.Writer, lines [][]string) error {
	out := csv.NewWriter(w)
	for _, line := range lines {
		safe := make([]string, len(line))
		for i, s := range line {
			safe[i] = reports.Harmless(s)
		}
		if err := out.Write(safe); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// WriteXLSX writes the form as a workbook of one sheet. Every value is text,
// as in the published file.
func (e *Export) WriteXLSX(w io.Writer) (err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := f.SetSheetName("Sheet1", e.Form.Sheet); err != nil {
		return err
	}
	lines := append(e.head(), e.Columns)
	for r, line := range append(lines, e.Rows...) {
		for c, s := range line {
			if s == "" {
				continue
			}
			if err := f.SetCellStr(e.Form.Sheet, record.CellName(r+1, c+1), reports.Harmless(s)); err != nil {
				return err
			}
		}
	}
	day := max(e.Updated, "1970-01-01") + "T00:00:00Z" // of the newest file and not of the clock: the same store gives the same bytes
	if err := f.SetDocProps(&excelize.DocProperties{Title: e.Form.Title["en"], Description: e.Working, Creator: "tipstat", LastModifiedBy: "tipstat", Created: day, Modified: day}); err != nil {
		return err
	}
	_, err = f.WriteTo(w)
	return err
}
