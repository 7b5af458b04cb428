package reports

import (
	"cmp"
	"fmt"
	"io"
	"math"

	"github.com/oas/tipstat/reports/table"
)

// WritePDFDocument writes a document for paper: a cover, contents with the
// numbers of pages, and each table on pages of its own, with bookmarks.
func WritePDFDocument(w io.Writer, d *Document, paper string) error {
	sizes, err := onePage(d, paper)
	if err != nil {
		return err
	}
	pages := map[string]int{}
	for range 2 { // the contents know the pages the second time
		p, err := newPDF(d.Lang, d.Title, paper)
		if err != nil {
			return err
		}
		last := len(pages) > 0
		p.AliasNbPages("{nb}")
		p.document(d, pages, sizes)
		if last {
			return p.Output(w)
		}
		if err := p.Error(); err != nil {
			return err
		}
	}
	return nil
}

// pdfSmallest is the size in points below which a profile rather takes a second page.
const pdfSmallest = 6.5

// onePage finds the size at which each profile fits on one page: what is said
// of one State is read at one look.
func onePage(d *Document, paper string) (map[string]float64, error) {
	sizes := map[string]float64{}
	p, err := newPDF(d.Lang, d.Title, paper)
	if err != nil {
		return nil, err
	}
	for _, c := range d.Chapters {
		for _, part := range c.Tables {
			for size := pdfSize; part.Title != "" && size >= pdfSmallest; size -= 0.5 {
				p.set(size)
				before := p.PageCount()
				if p.write(part.Table, part.Title); p.PageCount() == before+1 {
					sizes[part.Name] = size
					break
				}
			}
		}
	}
	return sizes, p.Error()
}

// document writes all of it, and where each heading stands.
func (p *pdfWriter) document(d *Document, pages map[string]int, sizes map[string]float64) {
	p.cover(d)
	p.t = &table.Table{Lang: d.Lang}
	p.plainPage(d.Title)
	p.paragraph(table.Word(d.Lang, "document.contents"), "B", 14)
	for i, c := range d.Chapters {
		p.Ln(2)
		p.entry(c.Title, "B", 0, pages[fmt.Sprint(i)])
		for _, part := range c.Tables {
			p.entry(part.Heading(), "", 5, pages[part.Name])
		}
	}
	for i, c := range d.Chapters {
		if len(c.Text) > 0 {
			p.t = &table.Table{Lang: d.Lang}
			p.plainPage(d.Title)
			p.mark(c.Title, 0, fmt.Sprint(i), pages)
			p.paragraph(c.Title, "B", 14)
			for _, s := range c.Text {
				p.Ln(2)
				p.paragraph(s, "", 10)
			}
		}
		for n, part := range c.Tables {
			p.set(cmp.Or(sizes[part.Name], pdfSize))
			p.write(part.Table, part.Title)
			if first := p.starts; n == 0 && len(c.Text) == 0 {
				p.at(first, c.Title, 0, fmt.Sprint(i), pages)
			}
			p.at(p.starts, part.Heading(), 1, part.Name, pages)
		}
	}
}

// plainPage adds a page that belongs to no table.
func (p *pdfWriter) plainPage(head string) {
	p.head = head
	p.AddPageFormat("P", p.size)
	p.foot = ""
}

// mark notes where a heading stands, for the contents and as a bookmark.
func (p *pdfWriter) mark(title string, level int, name string, pages map[string]int) {
	p.at(p.PageNo(), title, level, name, pages)
}

func (p *pdfWriter) at(page int, title string, level int, name string, pages map[string]int) {
	pages[name] = page
	now := p.PageNo()
	p.SetPage(page)
	p.Bookmark(plain(title), level, 0)
	p.SetPage(now)
}

func (p *pdfWriter) cover(d *Document) {
	p.t = &table.Table{Lang: d.Lang}
	p.plainPage("")
	p.SetY(p.size.Ht / 3)
	p.paragraph(d.Title, "B", 22)
	p.Ln(6)
	for _, s := range d.Cover {
		p.paragraph(s, "", 12)
		p.Ln(1)
	}
}

// entry is a line of the contents: what, dots, and the page.
func (p *pdfWriter) entry(s, style string, indent float64, page int) {
	const size, number = 9.0, 10.0
	p.SetFont("Go", style, size)
	width := p.size.Wd - 2*pdfMargin - number - indent
	lines := p.SplitText(plain(s), width)
	for i, line := range lines {
		p.SetX(pdfMargin + indent)
		if i < len(lines)-1 {
			p.CellFormat(width, size*0.5, line, "", 1, "L", false, 0, "")
			continue
		}
		at := 0
		if page > 0 {
			at = p.AddLink()
			p.SetLink(at, 0, page)
		}
		dots := ""
		if free := width - p.GetStringWidth(line) - 2; free > 0 {
			for range int(math.Floor(free / p.GetStringWidth(" ."))) {
				dots += " ."
			}
		}
		p.CellFormat(width, size*0.5, line+dots, "", 0, "L", false, at, "")
		p.CellFormat(number, size*0.5, fmt.Sprint(page), "", 1, "R", false, at, "")
	}
}
