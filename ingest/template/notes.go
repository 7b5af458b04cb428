package template

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/record"
)

// noteRows is how many notes the form has room for.
const noteRows = 15

// notes writes the sheet for what a reader of the figures has to know.
func (w *writer) notes() {
	name := w.words["sheet.notes"]
	w.newSheet(name)
	w.do(w.f.SetColWidth(name, "A", "A", codeWidth))
	w.do(w.f.SetColWidth(name, "B", "B", 42))
	w.do(w.f.SetColWidth(name, "C", "C", 84))
	w.put(name, 1, 2, w.words["notes.title"], w.style.title)
	w.paragraph(name, 2, 2, 3, w.words["notes.intro"])
	w.put(name, 4, 2, w.words["notes.table"], w.style.column)
	w.put(name, 4, 3, w.words["notes.note"], w.style.column)
	w.fit(name, 4, 2, []string{w.words["notes.table"]})
	for row := 5; row < 5+noteRows; row++ {
		w.put(name, row, codeCol, markNote, w.style.code)
		w.put(name, row, 2, nil, w.style.choice)
		w.put(name, row, 3, nil, w.style.wide)
		w.do(w.f.SetRowHeight(name, row, 32))
	}
	w.choose(name, record.CellName(5, 2)+":"+record.CellName(4+noteRows, 2), "tip_table")
	w.freeze(name, 4)
	w.page(name, "landscape")
}

// note is a row of that sheet, as it came back.
type note struct {
	table string // id; empty: all figures
	text  string
}

// note reads one: the table that it is about, and what it says.
func (r *reader) note(info sheet.Info, row *sheet.Row) {
	var n note
	var at string
	for _, c := range row.Cells {
		text := strings.Join(strings.Fields(c.Text), " ")
		switch {
		case text == "":
		case c.Col == r.first+1:
			if n.table = r.tableOf(text); n.table == "" {
				r.find("TIP-T010", info.Name, row.Address(c), record.Unquoted)
			}
		case c.Col == r.first+2:
			n.text, at = text, row.Address(c)
		}
	}
	switch length := len([]rune(n.text)); {
	case length == 0:
	case record.MayTellOfPerson(n.text):
		r.find("TIP-T012", info.Name, at, record.Unquoted)
	case length > record.LongestNote:
		r.find("TIP-T013", info.Name, at, strconv.Itoa(length)).Expected = strconv.Itoa(record.LongestNote)
	default:
		r.said = append(r.said, n)
	}
}

// tableOf gives the table of a title in any of the languages.
func (r *reader) tableOf(title string) string {
	all, err := texts()
	if err != nil {
		return ""
	}
	for id := range r.tables {
		for _, words := range all {
			if normal(words["title."+id]) == normal(title) {
				return id
			}
		}
	}
	return ""
}

// notes gives the notes with the cells that they are about: those of the table's
// figures. A note on a table without figures is about nothing that is published.
func (r *reader) notes() (all []record.Note) {
	for _, n := range r.said {
		x := record.Note{At: record.Place{File: r.opts.File}, Lang: r.Lang, Text: n.text}
		if n.table != "" {
			for _, p := range r.figures {
				switch {
				case p.fig != nil && p.fig.Breakdown == n.table && x.At.Cell == "":
					x.At.Sheet, x.At.Cell = p.fig.Sheet, p.fig.Cell
				case p.fig != nil && p.fig.Breakdown == n.table:
					x.Cells = append(x.Cells, p.fig.Cell)
				case p.row != nil && r.sheetOf[n.table].ID == p.sheet:
					x.At.Sheet = p.row.Sheet // cases: the whole sheet
				}
			}
			if x.At.Sheet == "" {
				continue
			}
		}
		all = append(all, x)
	}
	return all
}

// asOf is the day on which the figures were known, as the cover says.
func (r *reader) asOf(info sheet.Info, row *sheet.Row) {
	i := slices.IndexFunc(row.Cells, func(c sheet.Cell) bool { return c.Col == r.first+2 })
	if i < 0 || strings.TrimSpace(row.Cells[i].Text) == "" {
		return
	}
	day, err := time.Parse(time.DateOnly, strings.TrimSpace(row.Cells[i].Text))
	if err != nil {
		r.find("TIP-V010", info.Name, row.Address(row.Cells[i]), record.Unquoted).Expected = strconv.Itoa(r.Year+1) + "-02-28"
		return
	}
	r.known = day
}
