package template

import (
	"maps"
	"slices"
	"strings"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/record"
)

// block is a table while it is read.
type block struct {
	t       *Table
	form    *Sheet
	sheet   string
	heading string         // cell of its mark
	columns map[int]string // column → code, or the concept of a choice
	aside   map[int]bool   // columns of reference
	rows    map[string]bool
	empty   string // status of its empty cells, "0", or nothing
	blanks  []blank
	filled  int // cells with a figure or a choice
	states  []rowState
}

// rowState is what became of a row of a table.
type rowState struct {
	row      int
	observed bool
	refused  string // code of the finding; empty: none
}

// blank is an empty cell for a figure.
type blank struct {
	row      int
	col      int
	concepts map[string]string
}

// codeColumn finds the column of the codes, which is A unless somebody put a
// column before it.
func (r *reader) codeColumn(rows []sheet.Row) int {
	for _, row := range rows {
		for _, c := range row.Cells {
			text := strings.TrimSpace(c.Text)
			if _, ok := r.attribute(text); ok || text == markNote || strings.HasPrefix(text, markTable) {
				return c.Col
			}
		}
	}
	return codeCol
}

// attribute tells whether a code stands for a question, and its code list.
func (r *reader) attribute(mark string) (list string, ok bool) {
	if mark == "fiscal" {
		return "CL_MONTH", true
	}
	id, attribute, _ := strings.Cut(mark, ".")
	ok = slices.ContainsFunc(r.Form.Sheets, func(s Sheet) bool { return s.ID == id && slices.Contains(s.Attributes, attribute) })
	list, _ = listOf(attribute)
	return list, ok
}

// sheet reads one sheet of the workbook by the codes in its first column.
func (r *reader) sheet(info sheet.Info, rows []sheet.Row) {
	var b *block
	r.first = r.codeColumn(rows)
	if r.frame = r.frameOf(rows); r.frame.kind == "" {
		r.strange(info, rows)
		return
	}
	r.framed[r.frame.kind] = true
	for i := range rows {
		row := &rows[i]
		row.Cells = slices.DeleteFunc(row.Cells, func(c sheet.Cell) bool { return c.Col < r.first })
		if len(row.Cells) == 0 {
			continue
		}
		mark := ""
		if c := row.Cells[0]; c.Col == r.first && c.Kind == sheet.Text {
			mark = strings.TrimSpace(c.Text)
		}
		r.outside(info, row, mark)
		switch {
		case strings.HasPrefix(mark, markTable):
			r.close(b)
			b = r.open(info, row, strings.TrimPrefix(mark, markTable))
		case b == nil && mark == markNote:
			r.note(info, row)
		case b == nil && mark == "as_of":
			r.asOf(info, row)
		case b == nil && (mark == "REF_AREA" || mark == "TIME_PERIOD"):
			r.same(info, row, mark)
		case b == nil && (mark == "authority" || mark == "role"):
			r.impersonal(info, row, r.first+2)
		case b == nil:
			r.answer(info, row, mark)
		case mark == markEmpty:
			r.emptyMeans(b, row)
		case mark == markColumns:
			r.columnCodes(b, row)
		case b.columns == nil:
			// help, and the headings of the columns
		default:
			r.tableRow(b, row, mark)
		}
	}
	r.close(b)
}

func (r *reader) open(info sheet.Info, row *sheet.Row, id string) *block {
	t, ok := r.tables[id]
	at := row.Address(row.Cells[0])
	if !ok || r.seen[id] {
		r.find("TIP-T003", info.Name, at, id)
		return nil
	}
	r.seen[id] = true
	return &block{t: t, form: r.sheetOf[id], sheet: info.Name, heading: at, rows: map[string]bool{}}
}

// title is the table's name in the language of the form.
func (r *reader) title(b *block) string { return r.word("title." + b.t.ID) }

// answer reads a row outside of all tables: the cover and the definitions.
func (r *reader) answer(info sheet.Info, row *sheet.Row, mark string) {
	list, ok := r.attribute(mark)
	if !ok {
		return
	}
	// The answer stands after the sheet and the question; on the cover, after
	// the question.
	col := r.first + 3
	if mark == "fiscal" {
		col = r.first + 2
	}
	i := slices.IndexFunc(row.Cells, func(c sheet.Cell) bool { return c.Col == col })
	if i < 0 || strings.TrimSpace(row.Cells[i].Text) == "" {
		return
	}
	text := strings.TrimSpace(row.Cells[i].Text)
	if list == "" {
		if r.impersonal(info, row, col) {
			r.answers[mark] = text
		}
		return
	}
	m, ok := r.codes.Lookup(list, text, 0)
	if !ok {
		r.find("TIP-T010", info.Name, row.Address(row.Cells[i]), record.Unquoted)
		return
	}
	r.answers[mark] = m.Code
}

func (r *reader) emptyMeans(b *block, row *sheet.Row) {
	for _, c := range row.Cells {
		if c.Col <= r.first+1 || strings.TrimSpace(c.Text) == "" {
			continue
		}
		status, ok := r.choices[normal(c.Text)]
		if !ok && c.Kind == sheet.Number && c.Number == 0 {
			status, ok = "0", true
		}
		if !ok {
			r.find("TIP-T010", b.sheet, row.Address(c), record.Unquoted)
			continue
		}
		b.empty = status
	}
}

// columnCodes reads what each column stands for. Every code must be there once.
func (r *reader) columnCodes(b *block, row *sheet.Row) {
	b.columns, b.aside = map[int]string{}, map[int]bool{}
	want := append(slices.Clone(b.t.Rows.Concepts), b.t.Columns.all()...)
	for _, c := range row.Cells[1:] {
		code := strings.TrimSpace(c.Text)
		if strings.HasPrefix(code, markLast) {
			b.aside[c.Col] = true
			continue
		}
		if !slices.Contains(want, code) || slices.Contains(slices.Collect(maps.Values(b.columns)), code) {
			r.find("TIP-T009", b.sheet, row.Address(c), code)
			continue
		}
		b.columns[c.Col] = code
	}
	for _, code := range want {
		if !slices.Contains(slices.Collect(maps.Values(b.columns)), code) {
			r.find("TIP-T018", b.sheet, row.Address(row.Cells[0]), code)
		}
	}
}
