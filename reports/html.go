package reports

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"

	"github.com/oas/tipstat/reports/table"
)

//go:embed html
var htmlFiles embed.FS

var htmlTemplates = template.Must(template.ParseFS(htmlFiles, "html/*.tmpl"))

// WriteHTML writes a table as one file that needs nothing else: no network, no
// font. Rows can be sorted by any column; without script, and on paper, the
// table stands as it was made.
func WriteHTML(w io.Writer, t *table.Table) error {
	page, err := newHTMLPage(t.Lang, t.Title, t)
	if err != nil {
		return err
	}
	return htmlTemplates.ExecuteTemplate(w, "page", page)
}

// htmlPage is what the template of a page draws.
type htmlPage struct {
	Lang, Title string
	CSS         template.CSS
	JS          template.JS
	Tables      []htmlTable
}

func newHTMLPage(lang, title string, tables ...*table.Table) (*htmlPage, error) {
	css, err := htmlFiles.ReadFile("html/table.css")
	if err != nil {
		return nil, err
	}
	js, err := htmlFiles.ReadFile("html/table.js")
	if err != nil {
		return nil, err
	}
	p := &htmlPage{Lang: lang, Title: plain(title), CSS: template.CSS(css), JS: template.JS(js)} // our own files, not a ministry's
	for _, t := range tables {
		p.Tables = append(p.Tables, htmlTableOf(t))
	}
	return p, nil
}

// htmlTable is a table in the terms of HTML.
type htmlTable struct {
	ID, Title, Question, Paragraph, Measure             string
	SortBy, BackTo, HeadSymbols, HeadNotes, HeadSources string
	Wide                                                bool
	Head                                                [][]htmlHead
	Body, Foot                                          []htmlRow
	Symbols                                             []table.Symbol
	Notes                                               []htmlNote
	Sources                                             []string
}

type htmlHead struct {
	Text, Scope, Class string
	Rows, Cols         int // spans; 0: one
	Sort               bool
	Marks              []htmlMark
}

type htmlRow struct {
	Class string
	Cells []htmlCell
}

type htmlCell struct {
	Text, Class, Grade, Value string
	Head                      bool
	Marks                     []htmlMark
}

// htmlMark leads to a note; the first of each note is where the note leads back to.
type htmlMark struct{ Text, Note, ID string }

type htmlNote struct{ Mark, ID, Text, Back string }

func htmlTableOf(t *table.Table) htmlTable {
	h := &htmlMaker{t: t, back: map[string]string{}}
	out := htmlTable{ID: t.ID, Title: plain(t.Title), Question: plain(t.Question), Paragraph: plain(t.Paragraph), Measure: plain(t.Measure), Wide: t.WideText,
		SortBy: table.Word(t.Lang, "html.sort"), BackTo: table.Word(t.Lang, "html.back"), HeadSymbols: table.Word(t.Lang, "head.symbols"),
		HeadNotes: table.Word(t.Lang, "head.notes"), HeadSources: table.Word(t.Lang, "head.sources"), Head: h.head()}
	for _, r := range t.Rows {
		row := h.row(r)
		if r.Kind == table.TotalRow || r.Kind == table.CoveredRow {
			out.Foot = append(out.Foot, row)
		} else {
			out.Body = append(out.Body, row)
		}
	}
	for _, s := range t.Symbols {
		out.Symbols = append(out.Symbols, table.Symbol{Symbol: plain(s.Symbol), Text: plain(s.Text)})
	}
	for _, n := range t.Notes {
		note := htmlNote{Mark: n.Mark, Text: plain(n.Text)}
		if n.Mark != "" {
			note.ID, note.Back = h.noteID(n.Mark), h.back[n.Mark]
		}
		out.Notes = append(out.Notes, note)
	}
	for _, s := range t.Sources {
		out.Sources = append(out.Sources, plain(s.Text))
	}
	return out
}

type htmlMaker struct {
	t    *table.Table
	back map[string]string // mark → id of the first place that bears it
}

func (h *htmlMaker) noteID(mark string) string { return h.t.ID + "-note-" + mark }

// marks gives the links to notes. Marks that only a symbol explains (p:
// provisional) lead nowhere.
func (h *htmlMaker) marks(marks []string) (out []htmlMark) {
	for _, m := range marks {
		mark := htmlMark{Text: m, Note: h.noteID(m)}
		if h.back[m] == "" {
			h.back[m] = h.t.ID + "-mark-" + m
			mark.ID = h.back[m]
		}
		out = append(out, mark)
	}
	return out
}

// head makes the rows of headings: what is alike side by side is one cell.
func (h *htmlMaker) head() [][]htmlHead {
	t := h.t
	levels := max(1, len(t.Levels))
	rows := make([][]htmlHead, levels)
	for _, s := range t.Stub {
		rows[0] = append(rows[0], htmlHead{Text: plain(s.Labels[0]), Scope: "col", Class: "stub", Rows: levels, Sort: true})
	}
	for level := range t.Levels {
		last := level == len(t.Levels)-1
		for j := 0; j < len(t.Columns); {
			n := 1
			for !last && j+n < len(t.Columns) && strings.Join(t.Columns[j+n].Codes[:level+1], "\x1f") == strings.Join(t.Columns[j].Codes[:level+1], "\x1f") {
				n++
			}
			c := htmlHead{Text: plain(t.Columns[j].Labels[level]), Scope: "col", Sort: last}
			if !last {
				c.Scope, c.Cols = "colgroup", n
			} else {
				c.Marks = h.marks(t.Columns[j].Marks)
			}
			rows[level] = append(rows[level], c)
			j += n
		}
	}
	return rows
}

func (h *htmlMaker) row(r table.Row) htmlRow {
	row := htmlRow{}
	if r.Kind != table.SeriesRow {
		row.Class = string(r.Kind)
	}
	for i, s := range r.Stub {
		c := htmlCell{Text: plain(s.Text), Head: i == 0, Class: "stub"}
		if i == 0 {
			c.Marks = h.marks(r.Marks)
		}
		row.Cells = append(row.Cells, c)
	}
	for _, cell := range r.Cells {
		c := htmlCell{Text: plain(cell.Text), Grade: cell.Grade, Marks: h.marks(cell.Marks)}
		for _, v := range []*float64{cell.Value, cell.Lower, cell.Upper} {
			if v != nil {
				c.Value = strconv.FormatFloat(*v, 'f', -1, 64)
				break
			}
		}
		row.Cells = append(row.Cells, c)
	}
	return row
}

// notes that a mark leads to must be there: a test asks for it.
func (t htmlTable) lost() (marks []string) {
	have := map[string]bool{}
	for _, n := range t.Notes {
		have[n.ID] = true
	}
	see := func(all []htmlMark) {
		for _, m := range all {
			if !have[m.Note] {
				marks = append(marks, fmt.Sprint(m.Text))
			}
		}
	}
	for _, row := range append(t.Body, t.Foot...) {
		for _, c := range row.Cells {
			see(c.Marks)
		}
	}
	return marks
}
