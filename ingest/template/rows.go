package template

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/record"
)

// tableRow reads one row under the codes of the columns.
func (r *reader) tableRow(b *block, row *sheet.Row, mark string) {
	known := mark == markOpen && b.t.Rows.Open > 0 || b.t.Rows.Open == 0 && slices.Contains(b.t.Rows.all(), mark)
	switch {
	case mark != "" && !known, mark != "" && mark != markOpen && b.rows[mark]:
		r.find("TIP-T009", b.sheet, row.Address(row.Cells[0]), mark)
		return
	case mark == "": // the row that checks the sums; anything else doesn't belong here
		for _, c := range row.Cells {
			if _, ok := b.columns[c.Col]; ok && !c.Formula {
				r.find("TIP-T008", b.sheet, row.Address(c), r.title(b))
			}
		}
		return
	}
	cells := map[int]sheet.Cell{}
	for _, c := range row.Cells {
		cells[c.Col] = c
		if _, ok := b.columns[c.Col]; !ok && c.Col > r.first+1 && !c.Formula && !b.aside[c.Col] {
			r.find("TIP-T008", b.sheet, row.Address(c), r.title(b))
		}
	}
	concepts := maps.Clone(b.t.Concepts)
	if concepts == nil {
		concepts = map[string]string{}
	}
	if b.t.Rows.Open > 0 {
		if !r.chosen(b, row, cells, concepts) {
			return
		}
	} else {
		b.rows[mark] = true
		concepts[b.t.Rows.Concept] = mark
		maps.Copy(concepts, b.t.Rows.Each[mark])
	}
	before, said := len(r.figures), len(r.findings)
	if b.t.Case {
		b.filled++
		cs := r.concepts(concepts)
		r.figures = append(r.figures, pending{concepts: cs, sheet: b.form.ID, row: &record.Case{Sheet: b.sheet, RowNo: row.Number, Concepts: cs}})
	}
	for _, col := range slices.Sorted(maps.Keys(b.columns)) {
		code := b.columns[col]
		if slices.Contains(b.t.Rows.Concepts, code) {
			continue
		}
		of := maps.Clone(concepts)
		of[b.t.Columns.Concept] = code
		total := code == b.t.Columns.Total && code != "" || b.t.Rows.Total != "" && mark == b.t.Rows.Total
		r.figure(b, row, col, cells, of, total)
	}
	st := rowState{row: row.Number, observed: len(r.figures) > before}
	if i := slices.IndexFunc(r.findings[said:], func(f record.Finding) bool { return f.Severity == record.Error }); i >= 0 {
		st.refused = r.findings[said+i].Code
	}
	b.states = append(b.states, st)
}

// chosen reads the choices of an open row; false when the row is empty or can't
// be told what it is about.
func (r *reader) chosen(b *block, row *sheet.Row, cells map[int]sheet.Cell, concepts map[string]string) bool {
	some, whole := false, true
	for col, code := range b.columns {
		if c, ok := cells[col]; ok && strings.TrimSpace(c.Text) != "" && !(c.Formula && c.Kind == sheet.NoValue) {
			some = some || slices.Contains(b.t.Rows.Concepts, code) || !c.Formula
		}
	}
	if !some {
		r.rows[record.RowAccount{Sheet: b.sheet, Outcome: record.OutOfScope, Rule: "blank"}]++
		return false
	}
	for _, col := range slices.Sorted(maps.Keys(b.columns)) {
		concept := b.columns[col]
		if !slices.Contains(b.t.Rows.Concepts, concept) {
			continue
		}
		text := strings.TrimSpace(cells[col].Text)
		list, _ := listOf(concept)
		m, ok := r.codes.Lookup(list, text, r.Year)
		switch {
		case text == "" && slices.Contains(b.t.Rows.Optional, concept):
		case text == "", !ok, m.Code == "_T":
			at := record.CellName(row.Number, col)
			switch {
			case text == "":
				r.find("TIP-T017", b.sheet, at, "")
			case b.t.Case: // what a row of a case says is not quoted
				r.find("TIP-T010", b.sheet, at, record.Unquoted)
			default:
				r.find("TIP-T010", b.sheet, at, text)
			}
			whole = false
		default:
			concepts[concept] = m.Code
		}
	}
	if !whole {
		r.rows[record.RowAccount{Sheet: b.sheet, Outcome: record.Refused, Rule: "TIP-T010"}]++
	}
	return whole
}

// figure reads the cell where a row and a column meet.
func (r *reader) figure(b *block, row *sheet.Row, col int, cells map[int]sheet.Cell, concepts map[string]string, total bool) {
	at := record.CellName(row.Number, col)
	c, ok := cells[col]
	text := strings.TrimSpace(c.Text)
	if ok && c.Formula && total && (c.Kind == sheet.NoValue || text == "") {
		return // its parts say it
	}
	if !ok || text == "" && c.Kind == sheet.Text {
		if !total {
			b.blanks = append(b.blanks, blank{row.Number, col, concepts})
		}
		return
	}
	b.filled++
	var v record.Value
	status, choice := r.choices[normal(text)]
	switch {
	case c.Kind == sheet.NoValue || c.Kind == sheet.ErrorValue:
		r.find("TIP-V009", b.sheet, at, cmp.Or(text, "=…"))
		return
	case c.Kind == sheet.Date:
		r.find("TIP-V008", b.sheet, at, text)
		return
	case choice && status == "0":
		v = record.Exact(0)
	case choice:
		v = record.Missing(record.ObsStatus(status))
	default:
		n, err := strconv.ParseFloat(text, 64)
		switch {
		case err != nil || c.Kind == sheet.Bool:
			r.find("TIP-V001", b.sheet, at, text)
			return
		case n < 0:
			r.find("TIP-V007", b.sheet, at, text)
			return
		case n != math.Trunc(n):
			r.find("TIP-V006", b.sheet, at, text)
			return
		}
		v = record.Exact(n)
	}
	r.keep(b, row.Number, at, text, concepts, v)
}

// concepts are those of one record.
func (r *reader) concepts(codes map[string]string) record.Concepts {
	cs := slices.Clone(r.base)
	set := func(concept, code string) {
		if c, ok := record.ConceptOf(concept); ok {
			cs[c] = code
		}
	}
	set("REF_AREA", r.RefArea)
	set("SOURCE_AGENCY", Agency)
	for concept, code := range codes {
		set(concept, code)
	}
	return cs
}

// keep makes a figure.
func (r *reader) keep(b *block, row int, at, raw string, concepts map[string]string, v record.Value) {
	cs := r.concepts(concepts)
	if c, ok := record.ConceptOf("OBS_STATUS"); ok {
		cs[c] = string(v.Status)
	}
	r.figures = append(r.figures, pending{concepts: cs, sheet: b.form.ID, fig: &record.Figure{Sheet: b.sheet, RowNo: row, Cell: at, Raw: raw,
		Breakdown: b.t.ID, Role: "figure", Concepts: cs, Value: v}})
}

// close settles what the empty cells of a table mean.
func (r *reader) close(b *block) {
	if b == nil {
		return
	}
	if b.columns != nil && b.t.Rows.Open == 0 {
		for _, code := range b.t.Rows.all() {
			if !b.rows[code] {
				r.find("TIP-T018", b.sheet, b.heading, code)
			}
		}
	}
	blanks := map[int]bool{}
	for _, x := range b.blanks {
		blanks[x.row] = true
	}
	for _, st := range b.states {
		account := record.RowAccount{Sheet: b.sheet, Outcome: record.OutOfScope, Rule: "blank"}
		switch {
		case st.refused != "":
			account.Outcome, account.Rule = record.Refused, st.refused
		case blanks[st.row] && b.empty == "" && b.filled > 0:
			account.Outcome, account.Rule = record.Refused, "TIP-T005"
		case st.observed, blanks[st.row] && b.empty != "":
			account.Outcome, account.Rule = record.Observed, ""
		}
		r.rows[account]++
	}
	switch {
	case b.empty == "0":
		for _, x := range b.blanks {
			r.keep(b, x.row, record.CellName(x.row, x.col), "", x.concepts, record.Exact(0))
		}
	case b.empty != "":
		for _, x := range b.blanks {
			r.keep(b, x.row, record.CellName(x.row, x.col), "", x.concepts, record.Missing(record.ObsStatus(b.empty)))
		}
	case b.filled == 0:
		r.find("TIP-T006", b.sheet, b.heading, r.title(b))
	case len(b.blanks) > 0:
		f := r.find("TIP-T005", b.sheet, record.CellName(b.blanks[0].row, b.blanks[0].col), r.title(b))
		f.Count = len(b.blanks)
		for _, x := range b.blanks[:min(20, len(b.blanks))] {
			f.Cells = append(f.Cells, record.CellName(x.row, x.col))
		}
	}
}
