package reports

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"github.com/oas/tipstat/reports/table"
)

const (
	pdfMargin = 12.0 // mm
	pdfLine   = 4.0  // mm
	pdfSize   = 8.0  // points
	pdfStub   = 42.0 // mm, widest column of the stub
	pdfWord   = 55.0 // mm, widest column of words
	pdfSpread = 9.0  // mm, by which a column may be wider than it needs to be
	pdfHead   = 5.0  // lines that a heading of a column should take at most
)

// pdfEpoch stands where a PDF wants the time of its making: the same table
// gives the same bytes.
var pdfEpoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

type pdfCell struct {
	text, marks, align string
	bold               bool
}

type pdfWriter struct {
	*fpdf.Fpdf
	size        fpdf.SizeType // of the paper, upright
	orientation string        // of the table's pages
	head, foot  string        // what stands at the top and the bottom of each page
	t           *table.Table
	widths      []float64 // of the stub, then of the columns
	starts      int       // page on which the table starts
}

// WritePDF writes a table for paper: "a4" or "letter". It is black on white.
func WritePDF(w io.Writer, t *table.Table, paper string) error {
	p, err := newPDF(t.Lang, t.Title, paper)
	if err != nil {
		return err
	}
	p.AliasNbPages("{nb}")
	p.write(t, "")
	return p.Output(w)
}

// write puts a table on pages of its own.
func (p *pdfWriter) write(t *table.Table, over string) {
	p.t, p.head = t, t.Title
	if over != "" {
		p.head = over + ": " + t.Title
	}
	p.widths = nil
	p.measure()
	orientation := "P"
	if p.sum() > p.size.Wd-2*pdfMargin {
		orientation = "L"
	}
	head := []pdfText{{p.head, "B", 12}}
	for _, s := range []string{t.Question, t.Paragraph, t.Measure} {
		head = append(head, pdfText{s, "", 9})
	}
	d := p.drawing()
	p.orientation = orientation
	alone := d != nil && !d.beside(head)
	p.page()
	p.starts, p.foot = p.PageNo(), t.ID // adding a page ended the one before, with its own foot
	for _, one := range head {
		p.paragraph(one.text, one.style, one.size)
	}
	switch {
	case alone: // people look before they read
		d.fill()
		p.orientation = orientation
		p.page()
	case d != nil:
		p.Ln(3)
		d.words(d.height())
	}
	p.spread()
	for _, cols := range p.parts() {
		p.Ln(3)
		p.table(cols)
	}
	p.section("head.symbols", len(t.Symbols), func(i int) string { return t.Symbols[i].Symbol + "   " + t.Symbols[i].Text })
	p.section("head.notes", len(t.Notes), func(i int) string {
		if n := t.Notes[i]; n.Mark != "" {
			return "(" + n.Mark + ")  " + n.Text
		}
		return t.Notes[i].Text
	})
	p.section("head.sources", len(t.Sources), func(i int) string { return t.Sources[i].Text })
}

// pdfText is a paragraph: its style (B or nothing) and size in points.
type pdfText struct {
	text, style string
	size        float64
}

// tall is the height of paragraphs on a page of a width.
func (p *pdfWriter) tall(list []pdfText, width float64) (sum float64) {
	for _, t := range list {
		if t.text != "" {
			p.SetFont("Go", t.style, t.size)
			sum += float64(len(p.SplitText(plain(t.text), width-2*pdfMargin-2*p.GetCellMargin()))) * t.size * 0.5
		}
	}
	return sum
}

// page adds a page that lies as the table's first.
func (p *pdfWriter) page() { p.AddPageFormat(p.orientation, p.size) }

// room is the height left on a page.
func (p *pdfWriter) room() float64 {
	_, height := p.GetPageSize()
	return height - pdfMargin - 4 - p.GetY()
}

func newPDF(lang, title, paper string) (*pdfWriter, error) {
	size := map[string]string{"a4": "A4", "letter": "Letter"}[paper]
	if size == "" {
		return nil, fmt.Errorf("paper %q: want a4 or letter", paper)
	}
	f := fpdf.New("P", "mm", size, "")
	p := &pdfWriter{Fpdf: f, size: f.GetPageSizeStr(size), head: title}
	f.SetCreationDate(pdfEpoch)
	f.SetModificationDate(pdfEpoch)
	f.SetCatalogSort(true)
	f.SetTitle(title, true)
	f.SetLang(lang)
	f.AddUTF8FontFromBytes("Go", "", goregular.TTF)
	f.AddUTF8FontFromBytes("Go", "B", gobold.TTF)
	f.SetMargins(pdfMargin, pdfMargin+6, pdfMargin)
	f.SetAutoPageBreak(true, pdfMargin+4)
	f.SetHeaderFunc(func() {
		f.SetY(pdfMargin - 3)
		f.SetFont("Go", "", 7)
		f.CellFormat(0, 4, plain(p.head), "B", 1, "L", false, 0, "")
		f.SetY(pdfMargin + 6)
	})
	f.SetFooterFunc(func() {
		f.SetY(-pdfMargin)
		f.SetFont("Go", "", 7)
		f.CellFormat(0, 4, fmt.Sprintf("%s   %d / {nb}", p.foot, f.PageNo()), "", 0, "R", false, 0, "")
	})
	f.SetFont("Go", "", pdfSize)
	return p, nil
}

func (p *pdfWriter) paragraph(s, style string, size float64) {
	if s == "" {
		return
	}
	p.SetFont("Go", style, size)
	p.MultiCell(0, size*0.5, plain(s), "", "L", false)
}

func (p *pdfWriter) section(key string, n int, item func(int) string) {
	if n == 0 {
		return
	}
	p.Ln(3)
	p.paragraph(table.Word(p.t.Lang, key), "B", 9)
	for i := range n {
		p.paragraph(item(i), "", pdfSize)
	}
}

func pdfMarks(grade string, marks []string) string {
	if len(marks) == 0 {
		return grade
	}
	return grade + "(" + strings.Join(marks, ",") + ")"
}

// row gives all cells of a row: the stub's, then the columns'.
func (p *pdfWriter) row(r table.Row) []pdfCell {
	var list []pdfCell
	for i, l := range r.Stub {
		c := pdfCell{text: plain(l.Text), align: "L", bold: r.Kind == table.TotalRow}
		if i == 0 {
			c.marks = pdfMarks("", r.Marks)
		}
		list = append(list, c)
	}
	align := "R"
	if p.t.WideText {
		align = "L"
	}
	for _, c := range r.Cells {
		list = append(list, pdfCell{text: plain(c.Text), marks: pdfMarks(c.Grade, c.Marks), align: align, bold: r.Kind == table.TotalRow})
	}
	return list
}

// String joins what is said and its marks so that no line ends between them.
func (c pdfCell) String() string { return strings.Trim(c.text+"\u00a0"+c.marks, " \u00a0") }

// measure finds the widths: what the longest cell needs, and the longest word
// of the heading, within bounds.
func (p *pdfWriter) measure() {
	stub := len(p.t.Stub)
	p.widths = make([]float64, stub+len(p.t.Columns))
	for i, h := range append(append([]table.Heading{}, p.t.Stub...), p.t.Columns...) {
		p.SetFont("Go", "B", pdfSize)
		for _, l := range h.Labels {
			p.widths[i] = math.Max(p.widths[i], math.Min(p.GetStringWidth(plain(l))/pdfHead+4, pdfStub))
			for _, word := range strings.Fields(plain(l) + " " + pdfMarks("", h.Marks)) {
				p.widths[i] = math.Max(p.widths[i], p.GetStringWidth(word)+4)
			}
		}
	}
	for _, r := range p.t.Rows {
		for i, c := range p.row(r) {
			most := pdfWord
			if i < stub {
				most = pdfStub
			}
			need := math.Min(p.GetStringWidth(c.String())+6, most)
			if i < stub { // Saint-Vincent-et-les-Grenadines is one word
				for _, word := range strings.Fields(c.text) {
					need = math.Max(need, math.Min(p.GetStringWidth(word)+3, pdfWord))
				}
			}
			p.widths[i] = math.Max(p.widths[i], need)
		}
	}
}

func (p *pdfWriter) sum() (sum float64) {
	for _, w := range p.widths {
		sum += w
	}
	return sum
}

// spread gives the columns what room is left beside them.
func (p *pdfWriter) spread() {
	width, _ := p.GetPageSize()
	n := float64(len(p.t.Columns))
	if spare := width - 2*pdfMargin - p.sum(); spare > 0 && n > 0 {
		for j := range p.t.Columns {
			p.widths[len(p.t.Stub)+j] += math.Min(spare/n, pdfSpread)
		}
	}
}

// parts cuts columns that do not fit beside each other; each part has the stub.
// What stands under one heading is kept together where it fits.
func (p *pdfWriter) parts() [][]int {
	width, _ := p.GetPageSize()
	room := width - 2*pdfMargin
	for i := range p.t.Stub {
		room -= p.widths[i]
	}
	parts, used := [][]int{nil}, 0.0
	for j := range p.t.Columns {
		w := p.widths[len(p.t.Stub)+j]
		if last := len(parts) - 1; used+w > room+0.01 && used > 0 {
			first := slices.IndexFunc(parts[last], func(k int) bool { return len(p.t.Levels) > 1 && p.t.Columns[k].Codes[0] == p.t.Columns[j].Codes[0] })
			var kept []int
			if first > 0 {
				kept = slices.Clone(parts[last][first:])
				parts[last] = parts[last][:first]
			}
			parts, used = append(parts, kept), 0
			for _, k := range kept {
				used += p.widths[len(p.t.Stub)+k]
			}
		}
		parts[len(parts)-1] = append(parts[len(parts)-1], j)
		used += w
	}
	return parts
}

func (p *pdfWriter) table(cols []int) {
	index := []int{}
	for i := range p.t.Stub {
		index = append(index, i)
	}
	for _, j := range cols {
		index = append(index, len(p.t.Stub)+j)
	}
	head := func() {
		for level := range p.t.Levels {
			cells := make([]pdfCell, len(p.widths))
			for i, h := range p.t.Stub {
				if level == len(p.t.Levels)-1 {
					cells[i] = pdfCell{text: plain(h.Labels[0]), marks: pdfMarks("", h.Marks), align: "L", bold: true}
				}
			}
			for j, h := range p.t.Columns {
				c := pdfCell{text: heading(p.t, h, level), align: "R", bold: true}
				if p.t.WideText {
					c.align = "L"
				}
				if level == len(p.t.Levels)-1 {
					c.marks = pdfMarks("", h.Marks)
				}
				cells[len(p.t.Stub)+j] = c
			}
			if level == len(p.t.Levels)-1 {
				p.line(cells, index, 0.3)
			} else {
				p.groups(cells, index, level)
			}
		}
	}
	p.rule(index, 0.3)
	head()
	_, height := p.GetPageSize()
	for n, r := range p.t.Rows {
		if n > 0 && r.Kind == table.TotalRow && p.t.Rows[n-1].Kind != table.TotalRow {
			p.rule(index, 0.3)
		}
		cells := p.row(r)
		if p.GetY()+p.height(cells, index) > height-pdfMargin-5 {
			p.page()
			p.rule(index, 0.3)
			head()
		}
		p.line(cells, index, 0.05)
	}
	p.rule(index, 0.3)
}

// groups draws the headings above others: once over all columns that they head.
func (p *pdfWriter) groups(cells []pdfCell, index []int, level int) {
	x, y, stub := pdfMargin, p.GetY(), len(p.t.Stub)
	p.SetLineWidth(0.15)
	for k := 0; k < len(index); {
		i, width, n := index[k], p.widths[index[k]], 1
		if i >= stub {
			for k+n < len(index) && slices.Equal(p.t.Columns[index[k+n]-stub].Codes[:level+1], p.t.Columns[i-stub].Codes[:level+1]) {
				width += p.widths[index[k+n]]
				n++
			}
			p.SetFont("Go", "B", pdfSize)
			p.SetXY(x, y+0.5)
			s := cells[i].text
			if lines := p.SplitText(s, width-2); len(lines) > 1 {
				s = lines[0] + "…"
			}
			p.CellFormat(width, pdfLine, s, "", 0, "C", false, 0, "")
			p.Line(x+1, y+pdfLine+1, x+width-1, y+pdfLine+1)
		}
		x += width
		k += n
	}
	p.SetXY(pdfMargin, y+pdfLine+1)
}

// rule draws a line over the width of a table.
func (p *pdfWriter) rule(index []int, weight float64) {
	x := pdfMargin
	for _, i := range index {
		x += p.widths[i]
	}
	if p.SetLineWidth(weight); weight < 0.1 {
		p.SetDrawColor(150, 150, 150)
		defer p.SetDrawColor(0, 0, 0)
	}
	p.Line(pdfMargin, p.GetY(), x, p.GetY())
}

func (p *pdfWriter) split(c pdfCell, width float64) []string {
	p.SetFont("Go", map[bool]string{true: "B"}[c.bold], pdfSize)
	if c.String() == "" {
		return nil
	}
	return p.SplitText(c.String(), width-2)
}

func (p *pdfWriter) height(cells []pdfCell, index []int) float64 {
	n := 1
	for _, i := range index {
		n = max(n, len(p.split(cells[i], p.widths[i])))
	}
	return float64(n)*pdfLine + 1
}

// line draws one row of cells with a rule below it.
func (p *pdfWriter) line(cells []pdfCell, index []int, weight float64) {
	x, y, h := pdfMargin, p.GetY(), p.height(cells, index)
	for _, i := range index {
		for n, s := range p.split(cells[i], p.widths[i]) {
			p.SetXY(x, y+0.5+float64(n)*pdfLine)
			p.CellFormat(p.widths[i], pdfLine, s, "", 0, cells[i].align, false, 0, "")
		}
		x += p.widths[i]
	}
	p.SetXY(pdfMargin, y+h)
	p.rule(index, weight)
}
