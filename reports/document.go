package reports

import (
	"bytes"
	"fmt"
	"html/template"
	"io"

	_ "embed"

	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/record"
)

// Document is a number of tables with what stands before and between them: all
// in one language. It is written as one pdf, one workbook, or pages that lead to
// each other.
type Document struct {
	Lang     string
	Title    string
	Cover    []string // lines below the title
	Chapters []Chapter
}

// Chapter is a heading, paragraphs, and tables.
type Chapter struct {
	Title  string
	Text   []string
	Tables []Part
}

// Part is a table of a document. Name is unlike that of any other, of letters,
// digits and hyphens, 27 at most: it names a sheet and a page. Title goes before
// the table's own: the State of a profile.
type Part struct {
	Name  string
	Title string
	Table *table.Table
}

// Heading is how a contents names the table.
func (p Part) Heading() string {
	if p.Title != "" {
		return p.Title
	}
	return p.Table.Title
}

// WriteXLSXDocument writes a document as one workbook: contents with links, and
// for each table a sheet, one for its notes, and one for its chart.
func WriteXLSXDocument(w io.Writer, d *Document) (err error) {
	f := excelize.NewFile()
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	first := &book{f: f, t: &table.Table{Lang: d.Lang, Title: d.Title}, styles: map[string]int{}}
	first.contents(d)
	for _, c := range d.Chapters {
		for _, part := range c.Tables {
			b := &book{f: f, t: part.Table, g: newGrid(part.Table), styles: first.styles, main: part.Name, notes: part.Name + " (n)"}
			_, err := f.NewSheet(b.main)
			b.do(err)
			b.title()
			b.headings()
			b.body()
			b.page()
			b.notesSheet()
			b.chartSheet(part.Name + " (c)")
			if b.err != nil {
				return fmt.Errorf("table %s as xlsx: %w", part.Name, b.err)
			}
		}
	}
	first.properties()
	f.SetActiveSheet(0)
	if first.err != nil {
		return fmt.Errorf("contents as xlsx: %w", first.err)
	}
	_, err = f.WriteTo(w)
	return err
}

// contents writes the first sheet: the cover, the paragraphs, and links.
func (b *book) contents(d *Document) {
	const width = 76.0 // of a portrait page in the widest of the usual letters: LibreOffice fits no single column
	b.main = table.Word(d.Lang, "document.contents")
	b.do(b.f.SetSheetName("Sheet1", b.main))
	b.do(b.f.SetColWidth(b.main, "A", "A", width))
	row := 0
	line := func(s string, l look) {
		row++
		l.wrap = true
		b.text(b.main, row, 1, s, b.style(l))
		size := max(l.size, 10) / 10
		b.do(b.f.SetRowHeight(b.main, row, min(409, lineHeight*size*float64(lines(s, width/size*fits))+1.5)))
	}
	line(d.Title, look{bold: true, size: 16})
	for _, s := range d.Cover {
		line(s, look{})
	}
	for _, c := range d.Chapters {
		row++
		line(c.Title, look{bold: true, size: 12, head: true})
		for _, s := range c.Text {
			line(s, look{})
		}
		for _, part := range c.Tables {
			line(part.Heading(), look{})
			at := record.CellName(row, 1)
			b.do(b.f.SetCellHyperLink(b.main, at, "'"+part.Name+"'!A1", "Location"))
			style, err := b.f.NewStyle(&excelize.Style{Font: &excelize.Font{Family: "Calibri", Size: 10, Color: "1F4E9E", Underline: "single"}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top", Indent: 1}})
			b.do(err)
			b.do(b.f.SetCellStyle(b.main, at, at, style))
		}
	}
	one, tall, a4, fit := 1, 0, 9, true
	b.do(b.f.SetSheetProps(b.main, &excelize.SheetPropsOptions{FitToPage: &fit}))
	b.do(b.f.SetPageLayout(b.main, &excelize.PageLayoutOptions{Size: &a4, FitToWidth: &one, FitToHeight: &tall}))
	b.footer(b.main)
}

//go:embed index.html
var indexHTML string

var index = template.Must(template.New("index").Parse(indexHTML))

// WriteHTMLDocument writes a document as pages that need no network: index.html
// and one for each table. Create gives the file of a name.
func WriteHTMLDocument(d *Document, create func(name string) (io.WriteCloser, error)) error {
	write := func(name string, page func(io.Writer) error) error {
		var b bytes.Buffer
		if err := page(&b); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		f, err := create(name)
		if err != nil {
			return err
		}
		_, err = f.Write(b.Bytes())
		if e := f.Close(); err == nil {
			err = e
		}
		return err
	}
	err := write("index.html", func(w io.Writer) error {
		return index.Execute(w, struct {
			*Document
			Style template.CSS
		}{d, template.CSS(pageCSS)})
	})
	if err != nil {
		return err
	}
	for _, c := range d.Chapters {
		for _, part := range c.Tables {
			if err := write(part.Name+".html", func(w io.Writer) error {
				return writeHTML(w, part.Table, part.Title, link{"index.html", d.Title})
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// link is where a page leads back to.
type link struct{ Href, Text string }
