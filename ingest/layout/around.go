package layout

import (
	"strings"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/record"
)

// around tells what stands around the cells that were read and that a person
// who opens the file sees otherwise, or may think was read: hidden columns and
// comments. What a comment says is not quoted.
func (r *reader) around(d sheet.Details) {
	hidden := map[int]bool{}
	for _, columns := range [][]*column{r.columns, r.values} {
		for _, c := range columns {
			if d.HiddenColumn(c.col) {
				hidden[c.col] = true
			}
		}
	}
	if cols := sortedKeys(hidden); len(cols) > 0 {
		f := record.NewFinding("TIP-L012", record.Place{File: r.file, Sheet: r.sheet, Cell: record.CellName(max(r.fs.HeaderRow, 1), cols[0])})
		var names []string
		for _, col := range cols {
			names = append(names, record.ColumnName(col))
		}
		f.Found, f.Count = strings.Join(names, ", "), len(names)
		r.log.add(f)
	}
	if n := len(d.Comments); n > 0 {
		first := d.Comments[0]
		f := record.NewFinding("TIP-L013", record.Place{File: r.file, Sheet: r.sheet, Cell: record.CellName(first.Row, first.Col)})
		f.Count = n
		for _, c := range d.Comments[:min(n, cellsShown)] {
			f.Cells = append(f.Cells, record.CellName(c.Row, c.Col))
		}
		r.log.add(f)
	}
}
