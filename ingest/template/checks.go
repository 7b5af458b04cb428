package template

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/transform/record"
)

// sum adds up n parts when all of them are figures.
func sum(parts string, n int) string {
	return fmt.Sprintf(`IF(COUNT(%s)=%d,SUM(%s),"")`, parts, n, parts)
}

// disagree shows the sum of the parts where it can't be that of the total.
func disagree(total, parts string, n int) string {
	return fmt.Sprintf(`IF(AND(ISNUMBER(%[1]s),COUNT(%[2]s)>0),IF(OR(SUM(%[2]s)>%[1]s,AND(COUNT(%[2]s)=%[3]d,SUM(%[2]s)<>%[1]s)),SUM(%[2]s),""),"")`, total, parts, n)
}

// fault says in words what is wrong in the cells of a row, since a colour alone
// doesn't: text that is no choice, a figure below zero or with decimals. asks is
// the condition under which empty cells ask for their meaning; then follows what
// is shown otherwise. Choices are compared with =, because COUNTIF and MATCH take
// marks such as * and <5 for patterns.
func (w *writer) fault(cells, asks, otherwise string) string {
	said := func(key string) string { return `"` + strings.ReplaceAll(w.words[key], `"`, `""`) + `"` }
	return fmt.Sprintf(`IFERROR(IF(COUNTIF(%[1]s,"<0")>0,%[2]s,IF(SUMPRODUCT(ISNUMBER(%[1]s)*(TEXT(%[1]s,"0")<>%[1]s&""))>0,%[3]s,`+
		`IF(SUMPRODUCT((1-ISNUMBER(%[1]s))*(LEN(%[1]s)>0))>SUMPRODUCT((1-ISNUMBER(%[1]s))*(LEN(%[1]s)>0)*(tip_status=%[1]s)),%[4]s,IF(%[5]s,%[6]s,%[7]s)))),%[4]s)`,
		cells, said("check.negative"), said("check.decimals"), said("check.word"), asks, said("check.empty"), otherwise)
}

// choose gives cells a drop-down that takes nothing else.
func (w *writer) choose(sheet, ref, list string) {
	dv := excelize.NewDataValidation(true)
	dv.SetSqref(ref)
	dv.SetSqrefDropList(list)
	dv.SetError(excelize.DataValidationErrorStyleStop, w.words["error.title"], w.words["error.list"])
	w.do(w.f.AddDataValidation(sheet, dv))
}

// offer gives cells for figures a drop-down of what may stand in their place,
// and says at the cell what may be written. It can't refuse the rest: a cell has
// one check, and one with a list refuses every figure.
func (w *writer) offer(sheet, ref, prompt string) {
	dv := excelize.NewDataValidation(true)
	dv.SetSqref(ref)
	dv.SetSqrefDropList("tip_status")
	dv.ShowErrorMessage = false
	dv.SetInput("", prompt)
	w.do(w.f.AddDataValidation(sheet, dv))
}

// day has a cell take dates alone, of the form's year or later.
func (w *writer) day(sheet, at string) {
	dv := excelize.NewDataValidation(true)
	dv.SetSqref(at)
	w.do(dv.SetRange(fmt.Sprintf("DATE(%d,1,1)", w.opts.Year), "", excelize.DataValidationTypeDate, excelize.DataValidationOperatorGreaterThanOrEqual))
	dv.SetError(excelize.DataValidationErrorStyleStop, w.words["error.title"], w.words["error.date"])
	w.do(w.f.AddDataValidation(sheet, dv))
}

// area is where the figures of a table stand.
type area struct {
	rows, cols     span   // all cells for figures
	parts, partCol span   // those without the totals
	choices        span   // columns whose choices begin a row; zero when the rows are given
	empty          string // cell that says what empty cells mean
}

// asks is the condition under which the empty cells of a row ask what they mean:
// the table was begun, or the row where its choices are open.
func (a area) asks(row int) string {
	begun := fmt.Sprintf("$%s$%d:$%s$%d", record.ColumnName(a.partCol.first), a.parts.first, record.ColumnName(a.partCol.last), a.parts.last)
	if a.choices.first > 0 {
		begun = fmt.Sprintf("$%s%d:$%s%d", record.ColumnName(a.choices.first), row, record.ColumnName(a.choices.last), row)
	}
	col := strings.TrimRight(a.empty, "0123456789")
	return fmt.Sprintf("COUNTA(%s)>0,LEN($%s$%s)=0", begun, col, strings.TrimPrefix(a.empty, col))
}

// validate offers what may stand in place of a figure, and marks what can't be:
// a figure that is not a whole number of zero or more and no choice of the list
// (red), and an empty cell that has to say what it means (orange).
func (w *writer) validate(sheet string, a area) {
	box := func(cols, rows span) string {
		return record.CellName(rows.first, cols.first) + ":" + record.CellName(rows.last, cols.last)
	}
	w.offer(sheet, box(a.partCol, a.parts), w.words["input.figure"])
	var totals []string
	if a.cols.last > a.partCol.last {
		totals = append(totals, box(span{a.cols.last, a.cols.last}, a.rows))
	}
	if a.rows.last > a.parts.last {
		totals = append(totals, box(a.partCol, span{a.rows.last, a.rows.last}))
	}
	if totals != nil {
		w.offer(sheet, strings.Join(totals, " "), w.words["input.total"])
	}
	at := record.CellName(a.rows.first, a.cols.first)
	w.do(w.f.SetConditionalFormat(sheet, box(a.cols, a.rows), []excelize.ConditionalFormatOptions{{Type: "formula", Format: &w.style.bad,
		Criteria: fmt.Sprintf(`IF(ISERROR(%[1]s),TRUE,IF(ISNUMBER(%[1]s),OR(%[1]s<0,%[1]s<>INT(%[1]s)),AND(LEN(%[1]s)>0,SUMPRODUCT(1*(tip_status=%[1]s))=0)))`, at)}}))
	w.do(w.f.SetConditionalFormat(sheet, box(a.partCol, a.parts), []excelize.ConditionalFormatOptions{{Type: "formula", Format: &w.style.asks,
		Criteria: fmt.Sprintf(`AND(ISBLANK(%s),%s)`, at, a.asks(a.rows.first))}}))
}
