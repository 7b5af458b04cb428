package template

import (
	"fmt"
	"strconv"

	"github.com/oas/tipstat/transform/record"
)

// span is a run of rows or columns.
type span struct{ first, last int }

func (s span) ref(row int) string {
	return fmt.Sprintf("%s%d:%s%d", record.ColumnName(s.first), row, record.ColumnName(s.last), row)
}

// sheet writes one sheet of tables, one below the other.
func (w *writer) sheet(s Sheet) {
	name := w.words["sheet."+s.ID]
	w.newSheet(name)
	choices, columns := 1, 0 // columns that the widest table takes for what its rows are, and for figures
	for _, t := range s.Tables {
		choices, columns = max(choices, len(t.Rows.Concepts)), max(columns, len(t.Columns.all()))
	}
	w.do(w.f.SetColWidth(name, "A", "A", codeWidth))
	label := 44.0
	if choices > 1 {
		label = 26
	}
	w.do(w.f.SetColWidth(name, "B", record.ColumnName(labelCol+choices-1), label))
	w.do(w.f.SetColWidth(name, record.ColumnName(labelCol+choices), record.ColumnName(labelCol+choices+8), 13))
	w.do(w.f.SetColWidth(name, record.ColumnName(labelCol+choices+columns), record.ColumnName(labelCol+choices+columns), 20))
	row := 1
	w.put(name, row, labelCol, w.words["sheet."+s.ID]+" · "+w.label("CL_AREA", w.opts.State)+" · "+fmt.Sprint(w.opts.Year), w.style.title)
	row += 2
	head := 1 // rows that stay in sight: with one long table, those above its first row too
	for i, t := range s.Tables {
		if i > 0 && (t.Rows.Open > 0 || s.Tables[i-1].Rows.Open > 0) {
			w.do(w.f.InsertPageBreak(name, record.CellName(row, codeCol)))
		}
		var first int
		if t.Case {
			first, row = w.cases(name, row, t)
		} else {
			first, row = w.table(name, row, t, choices)
		}
		if t.Rows.Open > 0 && len(s.Tables) == 1 {
			head = first - 1
		}
		row += 2
	}
	w.freeze(name, head)
	w.repeat(name, 1, head)
	orientation := "portrait"
	if choices > 1 {
		orientation = "landscape"
	}
	w.page(name, orientation)
}

// table writes a table from a row on and gives its first and its last row for
// figures. Values begin after the columns of choices, so that all tables of a
// sheet stand in line.
func (w *writer) table(sheet string, row int, t Table, choices int) (first, last int) {
	valueCol := labelCol + choices
	cols := t.Columns.all()
	values := span{valueCol, valueCol + len(t.Columns.Codes) - 1}
	lastCol := valueCol + len(cols) - 1

	w.put(sheet, row, codeCol, markTable+t.ID, w.style.code)
	w.put(sheet, row, labelCol, w.words["title."+t.ID], w.style.heading)
	w.explain(sheet, record.CellName(row, labelCol), "INDICATOR", t.Concepts["INDICATOR"])
	for col := labelCol + 1; col <= lastCol; col++ {
		w.put(sheet, row, col, nil, w.style.heading)
	}
	row++
	w.put(sheet, row, codeCol, markEmpty, w.style.code)
	w.put(sheet, row, labelCol, w.words["table.empty"], w.style.help)
	empty := record.CellName(row, valueCol)
	w.put(sheet, row, valueCol, nil, w.style.choice)
	w.put(sheet, row, valueCol+1, nil, w.style.choice)
	w.do(w.f.MergeCell(sheet, empty, record.CellName(row, valueCol+1)))
	w.choose(sheet, empty, "tip_empty")
	if t.Rows.Open > 0 {
		help := w.words["open.help"]
		if len(t.Rows.Concepts) > 1 {
			help = w.words["open."+t.ID+".help"]
		}
		row++
		w.put(sheet, row, labelCol, help, w.style.help)
	}
	row++
	for i, c := range t.Rows.Concepts {
		w.put(sheet, row, labelCol+i, w.conceptName(c), w.style.column)
	}
	if t.Rows.Open == 0 {
		w.put(sheet, row, labelCol, w.conceptName(t.Rows.Concept), w.style.column)
	}
	for i, code := range cols {
		text := w.conceptLabel(t.Columns.Concept, code)
		if code == "_T" {
			text = w.words["column.total"]
		}
		w.put(sheet, row, valueCol+i, text, w.style.column)
		w.explain(sheet, record.CellName(row, valueCol+i), t.Columns.Concept, code)
	}
	w.put(sheet, row, lastCol+1, w.words["table.check"], w.style.help)
	if w.last != nil {
		w.put(sheet, row, lastCol+2, strconv.Itoa(w.last.Year), w.style.last)
		w.put(sheet, row+1, lastCol+2, markLast+strconv.Itoa(w.last.Year), w.style.code)
	}
	row++
	w.put(sheet, row, codeCol, markColumns, w.style.code)
	for i, c := range t.Rows.Concepts {
		w.put(sheet, row, labelCol+i, c, w.style.code)
	}
	for i, code := range cols {
		w.put(sheet, row, valueCol+i, code, w.style.code)
	}
	first, last = row+1, row+len(t.Rows.Codes)
	a := area{cols: span{valueCol, lastCol}, partCol: values, empty: empty}
	if t.Rows.Open > 0 {
		last = row + t.Rows.Open
		a.choices = span{labelCol, labelCol + len(t.Rows.Concepts) - 1}
	}
	a.parts = span{first, last}
	a.rows = span{first, last + btoi(t.Rows.Total != "")}
	if t.Rows.Open > 0 {
		var chosen []map[string]string
		if w.last != nil {
			chosen = w.last.chosen(&t)
		}
		for i := range t.Rows.Open {
			row++
			w.put(sheet, row, codeCol, markOpen, w.style.code)
			for j, c := range t.Rows.Concepts {
				var choice any
				if i < len(chosen) && chosen[i][c] != "_T" {
					choice = w.conceptLabel(c, chosen[i][c])
				}
				w.put(sheet, row, labelCol+j, choice, w.style.choice)
			}
			w.row(sheet, row, t, a)
			if i < len(chosen) {
				w.reference(sheet, row, lastCol+2, &t, chosen[i])
			}
		}
		for j := range t.Rows.Concepts {
			at := record.ColumnName(labelCol + j)
			w.choose(sheet, fmt.Sprintf("%s%d:%s%d", at, first, at, row), "tip_area")
		}
	} else {
		for _, code := range t.Rows.Codes {
			row++
			w.put(sheet, row, codeCol, code, w.style.code)
			text := w.conceptLabel(t.Rows.Concept, code)
			w.put(sheet, row, labelCol, text, w.style.label)
			w.explain(sheet, record.CellName(row, labelCol), t.Rows.Concept, code)
			if len([]rune(text)) > 46 { // two lines in the column of labels
				w.do(w.f.SetRowHeight(sheet, row, 30))
			}
			w.row(sheet, row, t, a)
			w.reference(sheet, row, lastCol+2, &t, map[string]string{t.Rows.Concept: code})
		}
	}
	if t.Rows.Total != "" {
		row++
		w.put(sheet, row, codeCol, t.Rows.Total, w.style.code)
		w.put(sheet, row, labelCol, w.words["column.total"], w.style.labelTotal)
		w.row(sheet, row, t, a)
		w.reference(sheet, row, lastCol+2, &t, map[string]string{t.Rows.Concept: t.Rows.Total})
		row++
		w.put(sheet, row, labelCol, w.words["table.check"], w.style.help)
		for col := valueCol; col <= lastCol; col++ {
			at := record.ColumnName(col)
			w.formula(sheet, row, col, disagree(fmt.Sprintf("%s%d", at, row-1), fmt.Sprintf("%s%d:%s%d", at, first, at, last), last-first+1), w.style.check)
		}
	}
	w.validate(sheet, a)
	return first, row
}

// cases writes a table of cases: a row for each victim, choices alone.
func (w *writer) cases(sheet string, row int, t Table) (first, last int) {
	w.put(sheet, row, codeCol, markTable+t.ID, w.style.code)
	for i := range t.Rows.Concepts {
		w.put(sheet, row, labelCol+i, nil, w.style.heading)
	}
	w.put(sheet, row, labelCol, w.words["title."+t.ID], w.style.heading)
	w.explain(sheet, record.CellName(row, labelCol), "INDICATOR", t.Concepts["INDICATOR"])
	row++
	w.put(sheet, row, labelCol, w.words["open."+t.ID+".help"], w.style.help)
	row++
	for i, c := range t.Rows.Concepts {
		w.put(sheet, row, labelCol+i, w.conceptName(c), w.style.column)
		w.put(sheet, row+1, labelCol+i, c, w.style.code)
	}
	row++
	w.put(sheet, row, codeCol, markColumns, w.style.code)
	first = row + 1
	for range t.Rows.Open {
		row++
		w.put(sheet, row, codeCol, markOpen, w.style.code)
		for i := range t.Rows.Concepts {
			w.put(sheet, row, labelCol+i, nil, w.style.choice)
		}
	}
	for i, c := range t.Rows.Concepts {
		list := "tip_area"
		if t.Rows.Choices[c] != nil {
			list = "tip_" + t.ID + "_" + c
		}
		at := record.ColumnName(labelCol + i)
		w.choose(sheet, fmt.Sprintf("%s%d:%s%d", at, first, at, row), list)
	}
	return first, row
}

// reference shows last year's figure of a row.
func (w *writer) reference(sheet string, row, col int, t *Table, codes map[string]string) {
	if w.last == nil {
		return
	}
	if s, ok := w.last.total(t, codes); ok {
		n, err := strconv.ParseFloat(s, 64)
		w.do(err)
		w.put(sheet, row, col, n, w.style.last)
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// row writes the cells for the figures of a row, formulas where it is the total
// of the table, and after them what is wrong with it.
func (w *writer) row(sheet string, row int, t Table, a area) {
	asks := "FALSE"
	for col := a.partCol.first; col <= a.partCol.last; col++ {
		if row <= a.parts.last {
			w.put(sheet, row, col, nil, w.style.input)
			continue
		}
		at := record.ColumnName(col)
		w.formula(sheet, row, col, sum(fmt.Sprintf("%s%d:%s%d", at, a.parts.first, at, a.parts.last), a.parts.last-a.parts.first+1), w.style.total)
	}
	parts := a.partCol.ref(row)
	if row <= a.parts.last {
		asks = fmt.Sprintf("AND(COUNTBLANK(%s)>0,%s)", parts, a.asks(row))
	}
	sums := `""`
	if t.Columns.Total != "" {
		n := a.partCol.last - a.partCol.first + 1
		w.formula(sheet, row, a.cols.last, sum(parts, n), w.style.total)
		sums = disagree(record.CellName(row, a.cols.last), parts, n)
	}
	w.formula(sheet, row, a.cols.last+1, w.fault(a.cols.ref(row), asks, sums), w.style.check)
}

func (w *writer) formula(sheet string, row, col int, formula string, style int) {
	at := record.CellName(row, col)
	w.do(w.f.SetCellFormula(sheet, at, formula))
	w.do(w.f.SetCellStyle(sheet, at, at, style))
}

func (w *writer) conceptName(concept string) string {
	all, err := record.Structure()
	w.do(err)
	for _, c := range all {
		if c.ID == concept {
			return c.Name[w.opts.Lang]
		}
	}
	return concept
}
