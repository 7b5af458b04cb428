package reports

import (
	"fmt"
	"io"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"github.com/oas/tipstat/reports/table"
)

const (
	pdfMargin = 12.0 // mm
	pdfLine   = 0.5  // mm of leading to a point of text
	pdfSize   = 8.0  // points
	pdfStub   = 42.0 // mm, widest column of the stub
	pdfNarrow = 32.0 // mm, the same where that lets the table stand upright
	pdfWord   = 55.0 // mm, widest column of words
	pdfSpread = 9.0  // mm, by which a column may be wider than it needs to be
	pdfHead   = 5.0  // lines that a heading of a column should take at most
)

// pdfEpoch stands where a PDF wants the time of its making: the same table
// gives the same bytes.
var pdfEpoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

type pdfWriter struct {
	*fpdf.Fpdf
	size        fpdf.SizeType // of the paper, upright
	orientation string        // of the table's pages
	head, foot  string        // what stands at the top and the bottom of each page
	t           *table.Table
	widths      []float64 // of the stub, then of the columns
	starts      int       // page on which the table starts
	text        float64   // size of a table and its notes, in points
	leading     float64   // height of its lines, in mm
	of          string    // the State that the table is all of, which its rows need not name
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
	p.t, p.head, p.of = t, t.Title, over
	if over != "" {
		p.head = over + ": " + t.Title
	}
	orientation := "L"
	for _, stub := range []float64{pdfStub, pdfNarrow} {
		if p.measure(stub); p.sum() <= p.size.Wd-2*pdfMargin {
			orientation = "P"
			break
		}
	}
	if orientation == "L" {
		p.measure(pdfStub)
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
	p.set(pdfSize)
	f.SetFont("Go", "", pdfSize)
	return p, nil
}

// set sets the size of tables and notes, in points.
func (p *pdfWriter) set(size float64) { p.text, p.leading = size, size*pdfLine }

func (p *pdfWriter) paragraph(s, style string, size float64) {
	if s == "" {
		return
	}
	p.SetFont("Go", style, size)
	p.MultiCell(0, size*pdfLine, plain(s), "", "L", false)
}

func (p *pdfWriter) section(key string, n int, item func(int) string) {
	if n == 0 {
		return
	}
	p.Ln(3)
	p.paragraph(table.Word(p.t.Lang, key), "B", 9)
	for i := range n {
		p.paragraph(item(i), "", p.text)
	}
}
