package reports

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"github.com/oas/tipstat/reports/table"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

//go:embed page.js
var pageJS string

var page = template.Must(template.New("page").Parse(pageHTML))

// htmlMark is a mark that leads to its note, or to nothing if Target is empty.
type htmlMark struct{ Text, Target, ID string }

type htmlCell struct {
	Text, Grade string
	Explain     string // what a sign in place of a figure means
	Sort        string // the figure to sort by; empty where there is none
	Marks       []htmlMark
}

type htmlHead struct {
	Text, Scope      string
	Colspan, Rowspan int
	Sortable, Stub   bool
	Marks            []htmlMark
}

type htmlRow struct {
	Kind        table.Kind
	Stub, Cells []htmlCell
}

type htmlNote struct{ ID, Mark, Back, Text string }

type htmlPage struct {
	*table.Table
	Over           string
	Home           link
	Head           [][]htmlHead
	Body, Foot     []htmlRow
	Symbols, Notes []htmlNote
	Words          map[string]string
	Policy         string
	Drawing        *htmlChart
	Style          template.CSS
	Script         template.JS
	targets, first map[string]string
	cited          map[string]int
}

// WriteHTML writes a table as one page that needs nothing else: no network, no
// other file, and no script to be read (scripts sort, fit to paper, and draw
// what stands in the table). What comes from files is escaped by html/template,
// and the page's own policy forbids a browser to load or run anything beside
// what stands in it.
func WriteHTML(w io.Writer, t *table.Table) error { return writeHTML(w, t, "", link{}) }

// writeHTML writes a page with a title before the table's own, and a link back
// to the pages that it belongs to; either may be empty.
func writeHTML(w io.Writer, t *table.Table, over string, home link) error {
	p := newPage(t, over, home)
	if err := p.chart(t.Chart); err != nil {
		return err
	}
	return p.write(w, "page")
}

// WriteHTMLPart writes the table of [WriteHTML] alone, with its signs, notes and sources, to
// stand on a page of somebody else's: markup without style or script.
func WriteHTMLPart(w io.Writer, t *table.Table) error {
	return newPage(t, "", link{}).write(w, "table")
}

func newPage(t *table.Table, over string, home link) *htmlPage {
	p := &htmlPage{Table: t, Over: plain(over), Home: home, Style: template.CSS(pageCSS), Script: template.JS(pageJS), Words: map[string]string{},
		targets: map[string]string{}, first: map[string]string{}, cited: map[string]int{}}
	for key, word := range map[string]string{"symbols": "head.symbols", "notes": "head.notes", "sources": "head.sources", "sort": "sort.hint", "back": "note.back"} {
		p.Words[key] = table.Word(t.Lang, word)
	}
	p.place()
	p.heads()
	p.rows()
	for i := range p.Notes { // all citations are known only now
		p.Notes[i].Back = p.first[p.Notes[i].Mark]
	}
	return p
}

func (p *htmlPage) write(w io.Writer, name string) error {
	var b bytes.Buffer // a page is written whole or not at all
	if err := page.ExecuteTemplate(&b, name, p); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// place gives every symbol and note its place; a mark leads to the first note
// that bears it, else to the symbol.
func (p *htmlPage) place() {
	for i, n := range p.Table.Notes {
		id := fmt.Sprintf("note-%d", i+1)
		p.Notes = append(p.Notes, htmlNote{ID: id, Mark: n.Mark, Text: plain(n.Text)})
		if _, ok := p.targets[n.Mark]; !ok && n.Mark != "" {
			p.targets[n.Mark] = id
		}
	}
	for i, s := range p.Table.Symbols {
		id := fmt.Sprintf("symbol-%d", i+1)
		p.Symbols = append(p.Symbols, htmlNote{ID: id, Mark: s.Symbol, Text: plain(s.Text)})
		if _, ok := p.targets[s.Symbol]; !ok {
			p.targets[s.Symbol] = id
		}
	}
}

func (p *htmlPage) marks(marks []string) []htmlMark {
	var list []htmlMark
	for _, m := range marks {
		p.cited[m]++
		id := ""
		if target := p.targets[m]; target != "" {
			id = fmt.Sprintf("%s-from-%d", target, p.cited[m])
			if p.first[m] == "" {
				p.first[m] = id
			}
		}
		list = append(list, htmlMark{Text: m, Target: p.targets[m], ID: id})
	}
	return list
}

// heads joins neighbouring columns of one group under one heading.
func (p *htmlPage) heads() {
	t := p.Table
	last := len(t.Levels) - 1
	// A total between the rows belongs to those above it: such a table is not sorted.
	sortable := p.totalsLast()
	for level := range max(1, len(t.Levels)) {
		var row []htmlHead
		if level == 0 {
			for _, h := range t.Stub {
				row = append(row, htmlHead{Text: plain(h.Labels[0]), Scope: "col", Rowspan: max(1, len(t.Levels)), Colspan: 1, Sortable: sortable, Stub: true, Marks: p.marks(h.Marks)})
			}
		}
		for j := 0; j < len(t.Columns) && level <= last; {
			h, n := t.Columns[j], 1
			for level < last && j+n < len(t.Columns) && slices.Equal(t.Columns[j+n].Codes[:level+1], h.Codes[:level+1]) {
				n++
			}
			head := htmlHead{Text: heading(t, h, level), Scope: "colgroup", Rowspan: 1, Colspan: n}
			if level == last {
				head.Scope, head.Sortable, head.Marks = "col", sortable, p.marks(h.Marks)
			}
			row = append(row, head)
			j += n
		}
		p.Head = append(p.Head, row)
	}
}

func total(r table.Row) bool { return r.Kind == table.TotalRow || r.Kind == table.CoveredRow }

func (p *htmlPage) totalsLast() bool {
	i := slices.IndexFunc(p.Table.Rows, total)
	return i < 0 || !slices.ContainsFunc(p.Table.Rows[i:], func(r table.Row) bool { return !total(r) })
}

func (p *htmlPage) rows() {
	explain := map[string]string{}
	for _, s := range p.Table.Symbols {
		explain[s.Symbol] = plain(s.Text)
	}
	foot := p.totalsLast()
	for _, r := range p.Table.Rows {
		row := htmlRow{Kind: r.Kind}
		for i, l := range r.Stub {
			c := htmlCell{Text: plain(l.Text)}
			if i == 0 {
				c.Marks = p.marks(r.Marks)
			}
			row.Stub = append(row.Stub, c)
		}
		for _, c := range r.Cells {
			h := htmlCell{Text: plain(c.Text), Grade: c.Grade, Explain: explain[strings.TrimSpace(c.Text)], Marks: p.marks(c.Marks)}
			for _, v := range []*float64{c.Value, c.Lower, c.Upper} { // a range sorts by its lower bound
				if v != nil {
					h.Sort = number(v)
					break
				}
			}
			row.Cells = append(row.Cells, h)
		}
		if foot && total(r) {
			p.Foot = append(p.Foot, row)
		} else {
			p.Body = append(p.Body, row)
		}
	}
}
