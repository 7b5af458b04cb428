package main

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/transform/record"
)

// A workbook as text, one cell a line, so that a script shows it on a screen:
//
//	# a comment
//	Sheet!A1 text as it is
//	'Two words'!B2 12.5          a number
//	Sheet!B3 "12"                text, whatever it looks like
//	Sheet!B4 2023-04-03          a date
//	Sheet!B5 =B2/0               a formula without a stored result
//	Sheet!A1:C1 merged
//	Sheet!C hidden               (a column; a row: Sheet!7 hidden)
//	Sheet!B6 // a comment
//	Sheet hidden                 (or veryHidden)
//
// Read back, there may be more, which workbookOf does not take:
//
//	Sheet!B6 // "a comment\nof two lines"
//	Sheet!B6 -> Other!A1         a link within the workbook
//	Sheet!B6 B8:B9 F4A582        cells in the colour of a conditional format

var (
	reCellLine = regexp.MustCompile(`^(?:'((?:[^']|'')+)'|([^'!\s]+))(?:!([A-Z]+[0-9]+(?::[A-Z]+[0-9]+)?|[A-Z]+|[0-9]+))? (.*)$`)
	reDate     = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
)

// dateFormat is the number format of dates, Excel's own short one.
const dateFormat = 14

// workbookOf builds a workbook from its text.
func workbookOf(text string) (_ []byte, err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	date, err := f.NewStyle(&excelize.Style{NumFmt: dateFormat})
	if err != nil {
		return nil, err
	}
	first := true
	for i, line := range strings.Split(text, "\n") {
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		m := reCellLine.FindStringSubmatch(line)
		if m == nil {
			return nil, fmt.Errorf("line %d: want SHEET!CELL VALUE, have %q", i+1, line)
		}
		sheet, cell, value := strings.ReplaceAll(m[1], "''", "'")+m[2], m[3], m[4]
		if first {
			err = f.SetSheetName("Sheet1", sheet)
			first = false
		} else {
			_, err = f.NewSheet(sheet)
		}
		if err == nil {
			err = put(f, date, sheet, cell, value)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func put(f *excelize.File, date int, sheet, cell, value string) error {
	number, notNumber := strconv.ParseFloat(value, 64)
	from, to, isRange := strings.Cut(cell, ":")
	switch {
	case cell == "" && (value == "hidden" || value == "veryHidden"):
		return f.SetSheetVisible(sheet, false, value == "veryHidden")
	case cell == "":
		return fmt.Errorf("of a sheet want hidden or veryHidden, have %q", value)
	case value == "hidden":
		if row, err := strconv.Atoi(cell); err == nil {
			return f.SetRowVisible(sheet, row, false)
		}
		return f.SetColVisible(sheet, cell, false)
	case strings.HasPrefix(value, "// "):
		return f.AddComment(sheet, excelize.Comment{Cell: cell, Text: value[3:]})
	case isRange && value == "merged":
		return f.MergeCell(sheet, from, to)
	case isRange:
		return fmt.Errorf("of a range want merged, have %q", value)
	case strings.HasPrefix(value, `"`):
		s, err := strconv.Unquote(value)
		if err != nil {
			return fmt.Errorf("%s: %w", value, err)
		}
		return f.SetCellStr(sheet, cell, s)
	case strings.HasPrefix(value, "="):
		return f.SetCellFormula(sheet, cell, value[1:])
	case reDate.MatchString(value):
		t, err := time.Parse("2006-01-02", value)
		if err != nil {
			return err
		}
		days := t.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24
		return errors.Join(f.SetCellFloat(sheet, cell, days, -1, 64), f.SetCellStyle(sheet, cell, cell, date))
	case notNumber == nil:
		return f.SetCellFloat(sheet, cell, number, -1, 64)
	}
	return f.SetCellStr(sheet, cell, value)
}

// cellsOf gives the text of a workbook.
func cellsOf(b []byte) (_ string, err error) {
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var out strings.Builder
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			return "", err
		}
		for r, row := range rows {
			for c, raw := range row {
				at := record.CellName(r+1, c+1)
				value, err := valueOf(f, sheet, at, raw)
				if err != nil {
					return "", err
				}
				if value != "" {
					fmt.Fprintf(&out, "%s!%s %s\n", quoteSheet(sheet), at, value)
				}
			}
		}
		merged, err := f.GetMergeCells(sheet)
		if err != nil {
			return "", err
		}
		for _, m := range merged {
			fmt.Fprintf(&out, "%s!%s:%s merged\n", quoteSheet(sheet), m.GetStartAxis(), m.GetEndAxis())
		}
		if err := aroundOf(&out, f, sheet); err != nil {
			return "", err
		}
		if visible, err := f.GetSheetVisible(sheet); err != nil {
			return "", err
		} else if !visible {
			fmt.Fprintf(&out, "%s hidden\n", quoteSheet(sheet))
		}
	}
	return out.String(), nil
}

// aroundOf writes the comments, links and colours of a sheet.
func aroundOf(out *strings.Builder, f *excelize.File, sheet string) error {
	comments, err := f.GetComments(sheet)
	if err != nil {
		return err
	}
	for _, c := range comments {
		text := c.Text
		for _, r := range c.Paragraph {
			text += r.Text
		}
		if strings.Contains(text, "\n") {
			text = strconv.Quote(text)
		}
		fmt.Fprintf(out, "%s!%s // %s\n", quoteSheet(sheet), c.Cell, text)
	}
	links, err := f.GetHyperLinkCells(sheet, "Location")
	if err != nil {
		return err
	}
	for _, at := range links {
		_, to, err := f.GetCellHyperLink(sheet, at)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s!%s -> %s\n", quoteSheet(sheet), at, to)
	}
	formats, err := f.GetConditionalFormats(sheet)
	if err != nil {
		return err
	}
	for _, cells := range slices.Sorted(maps.Keys(formats)) {
		for _, c := range formats[cells] {
			if c.Format == nil {
				continue
			}
			style, err := f.GetConditionalStyle(*c.Format)
			if err != nil {
				return err
			}
			fmt.Fprintf(out, "%s!%s %s\n", quoteSheet(sheet), cells, strings.Join(style.Fill.Color, " "))
		}
	}
	return nil
}

// valueOf writes one cell as workbookOf reads it.
func valueOf(f *excelize.File, sheet, at, raw string) (string, error) {
	formula, err := f.GetCellFormula(sheet, at)
	if err != nil {
		return "", err
	}
	if formula != "" {
		return "=" + formula, nil
	}
	kind, err := f.GetCellType(sheet, at)
	if err != nil || raw == "" {
		return "", err
	}
	if kind != excelize.CellTypeSharedString && kind != excelize.CellTypeInlineString {
		id, err := f.GetCellStyle(sheet, at)
		if err != nil {
			return "", err
		}
		style, err := f.GetStyle(id)
		if err != nil {
			return "", err
		}
		if days, err := strconv.ParseFloat(raw, 64); err == nil && style.NumFmt == dateFormat {
			return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(days)).Format("2006-01-02"), nil
		}
		return raw, nil
	}
	_, notNumber := strconv.ParseFloat(raw, 64)
	if notNumber == nil || reDate.MatchString(raw) || strings.HasPrefix(raw, "=") || strings.ContainsAny(raw, "\"\n\t\r") || strings.TrimSpace(raw) != raw {
		return strconv.Quote(raw), nil
	}
	return raw, nil
}

func quoteSheet(name string) string {
	if strings.ContainsAny(name, " '!") {
		return "'" + strings.ReplaceAll(name, "'", "''") + "'"
	}
	return name
}

// TestCells builds a workbook of everything and reads it back.
func TestCells(t *testing.T) {
	const text = `Victims!A1 Title of the sheet
Victims!A2 Sex
Victims!B2 "2023"
Victims!A3 Women, "so called"
Victims!B3 12.5
Victims!C3 2023-04-03
Victims!B4 =B3/0
Victims!C4 "=1+1"
Victims!A5 "2023-04-03"
Victims!B5 " 1 "
Victims!A1:C1 merged
'Two words'!A1 -7
'Two words' hidden
'Don''t'!B2 "one\ntwo"
`
	want := strings.Replace(text, `Women, "so called"`, `"Women, \"so called\""`, 1)
	b, err := workbookOf("# a comment\n\n" + text)
	if err != nil {
		t.Fatal(err)
	}
	got, err := cellsOf(b)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	for _, bad := range []string{"Victims", "Victims!1A x", "Victims visible", "Victims!A1:B2 joined", `Victims!A1 "open`} {
		if _, err := workbookOf(bad); err == nil {
			t.Errorf("%q was taken for a cell", bad)
		}
	}
}
