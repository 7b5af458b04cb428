package reports

import (
	"fmt"
	"strings"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/record"
)

// Address finds the cell of the model that stands at a place of a written
// report: an A1 address of the xlsx (the figure's cell or that of its marks),
// any cell of a line of the csv, or, in any format, the codes of the stub and
// of the column parted by commas: "PER,2021" or "PER,PER_PNP,2021". Codes of
// the stub may be left out from the end as long as one row is meant. The
// answer indexes t.Rows and its Cells.
func Address(t *table.Table, format, cell string) (row, col int, err error) {
	cell = strings.TrimSpace(cell)
	if strings.Contains(cell, ",") {
		return byCodes(t, cell)
	}
	sheet, at, found := cutLast(cell, "!")
	if !found {
		at = cell
	} else if sheet = strings.ReplaceAll(strings.Trim(sheet, "'"), "''", "'"); format == "xlsx" && sheet != table.Word(t.Lang, "sheet.table") {
		return 0, 0, fmt.Errorf("sheet %q holds no figures; want %q", sheet, table.Word(t.Lang, "sheet.table"))
	}
	r, c, ok := record.ParseCell(at)
	if !ok {
		return 0, 0, fmt.Errorf("%q is not a cell; want an address such as D14 or codes such as PER,2021", cell)
	}
	switch format {
	case "xlsx":
		g := newGrid(t)
		row, col = r-g.firstRow, (c-g.firstCol)/g.step
		if row < 0 || row >= len(t.Rows) || c < g.firstCol || col >= len(t.Columns) {
			return 0, 0, fmt.Errorf("no figure stands at %s; the figures of table %s are in %s:%s", cell, t.ID,
				record.CellName(g.firstRow, g.firstCol), record.CellName(g.lastRow(), g.lastCol()))
		}
		return row, col, nil
	case "csv":
		n := r - 2
		if n < 0 || n >= len(t.Rows)*len(t.Columns) {
			return 0, 0, fmt.Errorf("no figure stands at %s; the figures of table %s are in lines 2 to %d", cell, t.ID, len(t.Rows)*len(t.Columns)+1)
		}
		return n / len(t.Columns), n % len(t.Columns), nil
	}
	return 0, 0, fmt.Errorf("a cell of the format %q has no address %s; give codes such as PER,2021", format, cell)
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return "", s, false
}

// byCodes finds a cell by codes: those of the stub, then one for each level of
// the columns.
func byCodes(t *table.Table, cell string) (int, int, error) {
	codes := strings.Split(cell, ",")
	for i := range codes {
		codes[i] = strings.TrimSpace(codes[i])
	}
	levels := len(t.Levels)
	stub := len(codes) - levels
	if stub < 1 || stub > len(t.Stub) {
		return 0, 0, fmt.Errorf("%q: want codes of the stub (%s) and of the column (%s)", cell, names(t.Stub), strings.Join(t.Levels, ", "))
	}
	col := -1
	for j, h := range t.Columns {
		if strings.Join(h.Codes, ",") == strings.Join(codes[stub:], ",") {
			col = j
		}
	}
	if col < 0 {
		return 0, 0, fmt.Errorf("table %s has no column %s", t.ID, strings.Join(codes[stub:], ","))
	}
	var found []int
	for i, r := range t.Rows {
		match := r.Kind != table.CoveredRow || stub == len(t.Stub) && t.WideText
		for k, c := range codes[:stub] {
			match = match && r.Stub[k].Code == c
		}
		if match {
			found = append(found, i)
		}
	}
	switch len(found) {
	case 0:
		return 0, 0, fmt.Errorf("table %s has no row %s", t.ID, strings.Join(codes[:stub], ","))
	case 1:
		return found[0], col, nil
	}
	var list []string
	for _, i := range found {
		var c []string
		for _, l := range t.Rows[i].Stub {
			c = append(c, l.Code)
		}
		list = append(list, strings.Join(c, ","))
	}
	return 0, 0, fmt.Errorf("%d rows of table %s are %s: give one of %s (rows alike in all codes have an address in the xlsx or csv)",
		len(found), t.ID, strings.Join(codes[:stub], ","), strings.Join(list, "; "))
}

func names(hs []table.Heading) string {
	var out []string
	for _, h := range hs {
		out = append(out, h.Codes[0])
	}
	return strings.Join(out, ", ")
}
