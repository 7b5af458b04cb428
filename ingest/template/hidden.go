package template

import (
	"maps"
	"slices"
	"strings"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/record"
)

// around tells what a person who opens the form may not see, or may think was
// read: hidden rows and columns with figures, and comments.
func (r *reader) around(info sheet.Info, rows []sheet.Row, d sheet.Details) {
	hidden := map[int]bool{}
	var first *sheet.Row
	n := 0
	for i := range rows {
		figures := false
		for _, c := range rows[i].Cells {
			if c.Col > r.first+1 && !c.Formula && c.Kind == sheet.Number {
				figures = true
				if d.HiddenColumn(c.Col) {
					hidden[c.Col] = true
				}
			}
		}
		if rows[i].Hidden && figures {
			if n++; first == nil {
				first = &rows[i]
			}
		}
	}
	if first != nil {
		r.find("TIP-L010", info.Name, first.Address(first.Cells[0]), "").Count = n
	}
	if len(hidden) > 0 {
		var names []string
		for _, col := range slices.Sorted(maps.Keys(hidden)) {
			names = append(names, record.ColumnName(col))
		}
		r.find("TIP-L012", info.Name, names[0]+"1", strings.Join(names, ", ")).Count = len(names)
	}
	if comments := d.WithoutReview(); len(comments) > 0 {
		f := r.find("TIP-L013", info.Name, record.CellName(comments[0].Row, comments[0].Col), "")
		f.Count = len(comments)
	}
}
