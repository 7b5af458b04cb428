package layout

import (
	"slices"
	"strings"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/record"
)

// strays tells of values in a row that stand under no heading: in csv the row was
// cut into more fields than the heading has, as by a decimal comma, and what
// stands under the headings may be wrong; in a workbook it may be a remark.
func (r *reader) strays() {
	code := "TIP-L016"
	if r.format == sheet.CSV {
		code = "TIP-L014"
	}
	for col, c := range r.cells {
		if c != nil && !r.headed[col] && (c.Kind != sheet.Text || trim(c.Text) != "") {
			r.log.cell(code, r.place(col), record.Unquoted, "", nil)
		}
	}
}

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
	for _, m := range d.Merges {
		if i := slices.IndexFunc(r.values, func(c *column) bool { return m.FirstCol <= c.col && c.col <= m.LastCol }); i >= 0 && m.FirstRow > r.fs.HeaderRow && m.LastRow > m.FirstRow {
			f := record.NewFinding("TIP-L015", record.Place{File: r.file, Sheet: r.sheet, Cell: record.CellName(m.FirstRow, m.FirstCol)})
			f.Found = record.CellName(m.FirstRow, m.FirstCol) + ":" + record.CellName(m.LastRow, m.LastCol)
			r.log.add(f)
		}
	}
	comments := d.WithoutReview()
	if n := len(comments); n > 0 {
		first := comments[0]
		f := record.NewFinding("TIP-L013", record.Place{File: r.file, Sheet: r.sheet, Cell: record.CellName(first.Row, first.Col)})
		f.Count = n
		for _, c := range comments[:min(n, cellsShown)] {
			f.Cells = append(f.Cells, record.CellName(c.Row, c.Col))
		}
		r.log.add(f)
	}
}
