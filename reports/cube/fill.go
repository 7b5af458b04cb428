package cube

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/oas/tipstat/reports/table"
)

// fill puts the figures of a table into the cube (first), or holds them
// against those that are there, and adds the labels and notes of its language.
func (m *maker) fill(t *table.Table, first bool) error {
	notes := noteTexts(t)
	seen := map[string]int{}
	var total []int // of the last total, whose number of States follows it
	for _, r := range t.Rows {
		if r.Kind == table.AbsentRow || r.Kind == table.CoveredRow {
			m.beside(t, r, total)
			continue
		}
		key := rowKey(r)
		at, ok := m.rows[fmt.Sprint(key, sep, seen[key])]
		seen[key]++
		if !ok || len(r.Cells) != len(t.Columns) {
			return m.apart(t, strings.ReplaceAll(key, sep, " "))
		}
		if total = nil; r.Kind == table.TotalRow {
			total = at
		}
		m.labelRow(t, r, at)
		m.rowNote(t.Lang, at, notes, r.Marks, first)
		for j, c := range r.Cells {
			if err := m.cell(t, at, j, c, notes, first); err != nil {
				return err
			}
		}
	}
	m.labelColumns(t, notes)
	return nil
}

// apart says that two languages do not have the same table.
func (m *maker) apart(t *table.Table, where string) error {
	return fmt.Errorf("table %s differs between %s and %s at %s", t.ID, m.langs[0], t.Lang, where)
}

// cell puts one cell of the table at its places of the cube.
func (m *maker) cell(t *table.Table, at []int, col int, c table.Cell, notes map[string]string, first bool) error {
	key := slices.Clone(at)
	for i, code := range t.Columns[col].Codes {
		n, ok := m.index[len(m.keys)+i][code]
		if !ok {
			return m.apart(t, "column "+code)
		}
		key = append(key, n)
	}
	for f, cell := range cellsOf(t, c) {
		i := m.c.Index(append(slices.Clone(key), f))
		if first {
			cell.Note = map[string]string{}
			m.c.Cells[i] = cell
		} else if old := m.c.Cells[i]; old.Kind != cell.Kind || old.Value != cell.Value || old.Status != cell.Status || old.Grade != cell.Grade {
			return m.apart(t, strings.Join(t.Columns[col].Codes, " "))
		}
		if f == 0 {
			addNote(m.c.Cells[i].Note, t.Lang, cellNote(t, c, notes))
		}
	}
	return nil
}

// cellsOf gives value and bounds of a cell, or the dates of a treaty's.
func cellsOf(t *table.Table, c table.Cell) []Cell {
	if t.WideText {
		return treatyCells(c)
	}
	one := func(v *float64) Cell {
		if v == nil {
			return Cell{Kind: kindOf(c), Status: c.Status}
		}
		return Cell{Kind: Number, Value: *v, Status: c.Status, Grade: c.Grade}
	}
	out := []Cell{one(c.Value), one(c.Lower), one(c.Upper)}
	if c.Figure() {
		out[0].Grade = c.Grade
		for i := range out {
			if out[i].Kind != Number {
				out[i].Kind = NotAvailable
			}
		}
		if c.Value == nil {
			out[0].Kind = Range
		}
	}
	return out
}

// kindOf tells the kinds of nothing apart, as a table's symbols do.
func kindOf(c table.Cell) Kind {
	switch c.Status {
	case "M":
		return NotApplicable
	case "L":
		return NotCollected
	case "Q":
		return Suppressed
	}
	return NotAvailable
}

// treatyCells gives the day on which a State became party and that of its
// signature. What a depositary's list does not name did not happen.
func treatyCells(c table.Cell) []Cell {
	none := Cell{Kind: NotAvailable, Status: c.Status}
	if c.Status == "A" {
		none = Cell{Kind: NotApplicable, Status: "M"}
	}
	out := []Cell{none, none}
	put := func(i int, day string) {
		if n, err := strconv.Atoi(strings.ReplaceAll(day, "-", "")); err == nil {
			out[i] = Cell{Kind: Number, Value: float64(n), Status: "A"}
		}
	}
	if c.Derivation == "party" {
		put(0, c.TimePeriod)
	}
	for _, a := range c.Actions {
		if a.Action == "SIGNATURE" {
			put(1, a.Date)
		}
	}
	return out
}

// noteTexts gives the text behind each mark: of the note, where there is one,
// or of the symbol.
func noteTexts(t *table.Table) map[string]string {
	out, times := map[string]string{}, map[string]int{}
	for _, n := range t.Notes {
		if n.Mark != "" {
			out[n.Mark] = n.Text
			times[n.Mark]++
		}
	}
	for _, s := range t.Symbols {
		if out[s.Symbol] == "" || times[s.Symbol] > 1 {
			out[s.Symbol] = s.Text
		}
	}
	return out
}

func cellNote(t *table.Table, c table.Cell, notes map[string]string) string {
	var parts []string
	if c.Value == nil && (c.Figure() || t.WideText) {
		parts = append(parts, c.Text)
	}
	if c.Grade != "" && (c.Grade != "A" || len(c.Marks) > 0 || c.Value == nil) {
		parts = append(parts, word(t.Lang, "grade", "grade", c.Grade))
	}
	return strings.Join(append(parts, marked(notes, c.Marks)...), " · ")
}

func marked(notes map[string]string, marks []string) []string {
	var out []string
	for _, m := range marks {
		if notes[m] != "" {
			out = append(out, notes[m])
		} else {
			out = append(out, m)
		}
	}
	return out
}

// addNote adds to what is noted in a language.
func addNote(to map[string]string, lang, text string) {
	switch {
	case text == "":
	case to[lang] == "":
		to[lang] = text
	default:
		to[lang] += " · " + text
	}
}

// rowNote notes what holds for all figures of a row.
func (m *maker) rowNote(lang string, at []int, notes map[string]string, marks []string, first bool) {
	text := strings.Join(marked(notes, marks), " · ")
	if text == "" {
		return
	}
	key := slices.Clone(at)
	for len(key) < len(m.c.Dimensions) {
		key = append(key, -1)
	}
	i := slices.IndexFunc(m.c.RowNotes, func(k KeyNote) bool { return slices.Equal(k.At, key) })
	if i < 0 {
		m.c.RowNotes = append(m.c.RowNotes, KeyNote{key, map[string]string{}})
		i = len(m.c.RowNotes) - 1
	}
	m.c.RowNotes[i].Text[lang] = text
}

// beside takes the rows that are no figures of the cube: a State without any
// gives its name, the number of States in a total goes with it as a note.
func (m *maker) beside(t *table.Table, r table.Row, total []int) {
	if r.Kind == table.AbsentRow {
		if i, ok := m.index[0][r.Area]; ok {
			m.c.Dimensions[0].Categories[i].Label[t.Lang] = r.Stub[0].Name
		}
		return
	}
	label := r.Stub[0].Name
	var list []string
	for j, c := range r.Cells {
		if total == nil {
			list = append(list, strings.Join(t.Columns[j].Labels, ", ")+" "+c.Text)
			continue
		}
		key := slices.Clone(total)
		for i, code := range t.Columns[j].Codes {
			key = append(key, m.index[len(m.keys)+i][code])
		}
		note := m.c.Cells[m.c.Index(append(key, 0))].Note
		addNote(note, t.Lang, word(t.Lang, "covered", "label", label, "n", c.Text))
	}
	if len(list) > 0 {
		m.c.Notes[t.Lang] = append(m.c.Notes[t.Lang], word(t.Lang, "covered", "label", label, "n", strings.Join(list, "; ")))
	}
}
