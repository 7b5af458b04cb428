package template

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

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
	choices := 1 // columns that the widest choice of an open row takes
	for _, t := range s.Tables {
		choices = max(choices, len(t.Rows.Concepts))
	}
	w.do(w.f.SetColWidth(name, "A", "A", codeWidth))
	label := 44.0
	if choices > 1 {
		label = 26
	}
	w.do(w.f.SetColWidth(name, "B", record.ColumnName(labelCol+choices-1), label))
	w.do(w.f.SetColWidth(name, record.ColumnName(labelCol+choices), record.ColumnName(labelCol+choices+8), 13))
	row := 1
	w.put(name, row, labelCol, w.words["sheet."+s.ID]+" · "+w.label("CL_AREA", w.opts.State)+" · "+fmt.Sprint(w.opts.Year), w.style.title)
	row += 2
	for _, t := range s.Tables {
		if t.Case {
			row = w.cases(name, row, t) + 2
			continue
		}
		row = w.table(name, row, t, choices) + 2
	}
	w.do(w.f.SetPanes(name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
	w.page(name)
}

// table writes a table from a row on and gives its last row. Values begin after
// the columns of choices, so that all tables of a sheet stand in line.
func (w *writer) table(sheet string, row int, t Table, choices int) int {
	valueCol := labelCol + choices
	cols := t.Columns.all()
	values := span{valueCol, valueCol + len(t.Columns.Codes) - 1}
	lastCol := valueCol + len(cols) - 1

	w.put(sheet, row, codeCol, markTable+t.ID, w.style.code)
	w.put(sheet, row, labelCol, w.words["title."+t.ID], w.style.heading)
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
	w.choose(sheet, empty, "tip_empty", true)
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
	if t.Columns.Total != "" {
		w.put(sheet, row, lastCol+1, w.words["table.check"], w.style.help)
	}
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
	first := row + 1
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
			w.row(sheet, row, t, values, span{})
			if i < len(chosen) {
				w.reference(sheet, row, lastCol+2, &t, chosen[i])
			}
		}
		for j := range t.Rows.Concepts {
			at := record.ColumnName(labelCol + j)
			w.choose(sheet, fmt.Sprintf("%s%d:%s%d", at, first, at, row), "tip_area", true)
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
			w.row(sheet, row, t, values, span{})
			w.reference(sheet, row, lastCol+2, &t, map[string]string{t.Rows.Concept: code})
		}
	}
	last := row
	if t.Rows.Total != "" {
		row++
		w.put(sheet, row, codeCol, t.Rows.Total, w.style.code)
		w.put(sheet, row, labelCol, w.words["column.total"], w.style.labelTotal)
		w.row(sheet, row, t, values, span{first, last})
		w.reference(sheet, row, lastCol+2, &t, map[string]string{t.Rows.Concept: t.Rows.Total})
		row++
		w.put(sheet, row, labelCol, w.words["table.check"], w.style.help)
		for col := valueCol; col <= lastCol; col++ {
			at := record.ColumnName(col)
			w.formula(sheet, row, col, disagree(fmt.Sprintf("%s%d", at, row-1), fmt.Sprintf("%s%d:%s%d", at, first, at, last), last-first+1), w.style.check)
		}
	}
	w.validate(sheet, span{first, last + btoi(t.Rows.Total != "")}, span{valueCol, lastCol}, span{first, last}, values, empty)
	return row
}

// cases writes a table of cases: a row for each victim, choices alone.
func (w *writer) cases(sheet string, row int, t Table) int {
	w.put(sheet, row, codeCol, markTable+t.ID, w.style.code)
	for i := range t.Rows.Concepts {
		w.put(sheet, row, labelCol+i, nil, w.style.heading)
	}
	w.put(sheet, row, labelCol, w.words["title."+t.ID], w.style.heading)
	row++
	w.put(sheet, row, labelCol, w.words["open."+t.ID+".help"], w.style.help)
	row++
	for i, c := range t.Rows.Concepts {
		w.put(sheet, row, labelCol+i, w.conceptName(c), w.style.column)
		w.put(sheet, row+1, labelCol+i, c, w.style.code)
	}
	row++
	w.put(sheet, row, codeCol, markColumns, w.style.code)
	first := row + 1
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
		w.choose(sheet, fmt.Sprintf("%s%d:%s%d", at, first, at, row), list, true)
	}
	return row
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

// row writes the cells for the figures of a row. parts are the rows that it adds
// up, when it is a total.
func (w *writer) row(sheet string, row int, t Table, values, parts span) {
	for col := values.first; col <= values.last; col++ {
		if parts.first == 0 {
			w.put(sheet, row, col, nil, w.style.input)
			continue
		}
		at := record.ColumnName(col)
		w.formula(sheet, row, col, sum(fmt.Sprintf("%s%d:%s%d", at, parts.first, at, parts.last), parts.last-parts.first+1), w.style.total)
	}
	if t.Columns.Total == "" {
		return
	}
	n := values.last - values.first + 1
	total := values.last + 1
	w.formula(sheet, row, total, sum(values.ref(row), n), w.style.total)
	w.formula(sheet, row, total+1, disagree(record.CellName(row, total), values.ref(row), n), w.style.check)
}

// sum adds up n parts when all of them are figures.
func sum(parts string, n int) string {
	return fmt.Sprintf(`IF(COUNT(%s)=%d,SUM(%s),"")`, parts, n, parts)
}

// disagree shows the sum of the parts where it can't be that of the total.
func disagree(total, parts string, n int) string {
	return fmt.Sprintf(`IF(AND(ISNUMBER(%[1]s),COUNT(%[2]s)>0),IF(OR(SUM(%[2]s)>%[1]s,AND(COUNT(%[2]s)=%[3]d,SUM(%[2]s)<>%[1]s)),SUM(%[2]s),""),"")`, total, parts, n)
}

func (w *writer) formula(sheet string, row, col int, formula string, style int) {
	at := record.CellName(row, col)
	w.do(w.f.SetCellFormula(sheet, at, formula))
	w.do(w.f.SetCellStyle(sheet, at, at, style))
}

// choose gives cells a drop-down. A strict one takes nothing else.
func (w *writer) choose(sheet, ref, list string, strict bool) {
	dv := excelize.NewDataValidation(true)
	dv.SetSqref(ref)
	dv.SetSqrefDropList(list)
	dv.ShowErrorMessage = strict
	if strict {
		dv.SetError(excelize.DataValidationErrorStyleStop, w.words["error.title"], w.words["error.list"])
	}
	w.do(w.f.AddDataValidation(sheet, dv))
}

// validate marks what can't be: a figure that is not a whole number of zero or
// more and no choice of the list (red), and an empty cell in a table that was
// begun and does not say what its empty cells mean (orange). rows and cols are
// all cells for figures, parts those without the totals.
func (w *writer) validate(sheet string, rows, cols, partRows, partCols span, empty string) {
	ref := fmt.Sprintf("%s%d:%s%d", record.ColumnName(cols.first), rows.first, record.ColumnName(cols.last), rows.last)
	w.choose(sheet, ref, "tip_status", false)
	at := record.CellName(rows.first, cols.first)
	parts := fmt.Sprintf("$%s$%d:$%s$%d", record.ColumnName(partCols.first), partRows.first, record.ColumnName(partCols.last), partRows.last)
	fixed := "$" + strings.TrimRight(empty, "0123456789") + "$" + strings.TrimLeft(empty, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	partRef := strings.ReplaceAll(parts, "$", "")
	w.do(w.f.SetConditionalFormat(sheet, ref, []excelize.ConditionalFormatOptions{{Type: "formula", Format: &w.style.bad,
		Criteria: fmt.Sprintf(`AND(LEN(%[1]s)>0,NOT(IF(ISNUMBER(%[1]s),AND(%[1]s>=0,%[1]s=INT(%[1]s)),COUNTIF(tip_status,%[1]s)>0)))`, at)}}))
	w.do(w.f.SetConditionalFormat(sheet, partRef, []excelize.ConditionalFormatOptions{{Type: "formula", Format: &w.style.asks,
		Criteria: fmt.Sprintf(`AND(ISBLANK(%s),COUNTA(%s)>0,LEN(%s)=0)`, at, parts, fixed)}}))
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
