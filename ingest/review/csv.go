package review

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/ingest/sheet"
)

// csvSheetName makes the name of a sheet from the name of a file.
func csvSheetName(file string) string {
	name := strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`:\/?*[]'`, r) {
			return '_'
		}
		return r
	}, strings.TrimSuffix(file, filepath.Ext(file)))
	for len(name) > 0 && utf16Len(name) > excelize.MaxSheetNameLength {
		name = string([]rune(name)[:len([]rune(name))-1])
	}
	if strings.TrimSpace(name) == "" {
		return "csv"
	}
	return name
}

func utf16Len(s string) (n int) {
	for _, r := range s {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

// csvBook writes the rows of a csv file into a workbook, as the texts that they
// are: nothing becomes a number, a date or a formula on the way.
func (r *review) csvBook() (f *excelize.File, err error) {
	f = excelize.NewFile()
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close())
		}
	}()
	if err := f.SetSheetName("Sheet1", r.csvSheet); err != nil {
		return nil, err
	}
	format := textFormat
	style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
	if err != nil {
		return nil, err
	}
	cells, width, rows := 0, 0, 0
	err = r.wb.Read(r.ctx, 0, func(row *sheet.Row) error {
		if row.Number > excelize.TotalRows {
			return fmt.Errorf("%w: a sheet has %d rows at most", ErrUnmarkable, excelize.TotalRows)
		}
		if n := len(row.Cells); n > 0 {
			cells += row.Cells[n-1].Col // excelize fills a row up to its last cell
		}
		if cells > maxCells {
			return fmt.Errorf("%w: more than %d cells", ErrUnmarkable, maxCells)
		}
		for _, c := range row.Cells {
			if err := f.SetCellStr(r.csvSheet, row.Address(c), c.Text); err != nil {
				return err
			}
			if err := f.SetCellStyle(r.csvSheet, row.Address(c), row.Address(c), style); err != nil {
				return err
			}
			width = max(width, c.Col)
		}
		rows = row.Number
		return nil
	})
	if err != nil || rows == 0 {
		return f, err
	}
	last, err := excelize.CoordinatesToCellName(width, rows)
	if err != nil {
		return nil, err
	}
	lastCol, err := excelize.ColumnNumberToName(width)
	if err != nil {
		return nil, err
	}
	// Figures stand there as text on purpose; Excel need not point at each.
	return f, errors.Join(f.AddIgnoredErrors(r.csvSheet, "A1:"+last, excelize.IgnoredErrorsNumberStoredAsText),
		f.SetColWidth(r.csvSheet, "A", lastCol, 18))
}
