package reports

import (
	"errors"
	"fmt"
	"io"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/oas/tipstat/reports/table"
)

// svgWide is how wide a chart is drawn, in mm: its letters are of a size to be read where it is
// half as wide as a page.
const svgWide = 135.0

// ErrNoChart is a chart in which there is nothing to draw.
var ErrNoChart = errors.New("there is nothing to draw")

// WriteSVG draws one of a table's charts as a picture by itself: what the pdf has, without title,
// unit and notes, which [ChartWords] gives for the page that it stands on. It asks for nothing
// else, and runs nothing.
func WriteSVG(w io.Writer, t *table.Table, chart *table.Chart) error {
	if chart == nil || chart.Empty() {
		return ErrNoChart
	}
	p, err := newPDF(t.Lang, t.Title, "a4") // measures text, and is never written
	if err != nil {
		return err
	}
	one := *t
	one.Chart = chart
	p.t = &one
	d := p.drawing()
	height := d.height()
	c := &svgCanvas{height: height / pdfPoint}
	vg.Initialize(c)
	err = d.draw(draw.NewCanvas(c, vg.Length(svgWide/pdfPoint), vg.Length(height/pdfPoint)))
	c.put("")
	if err := errors.Join(err, c.err, p.Error()); err != nil {
		return fmt.Errorf("chart of %s as svg: %w", t.ID, err)
	}
	wide, tall := decimal(svgWide/pdfPoint), decimal(height/pdfPoint)
	_, err = fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%s" height="%s" xml:lang="%s" role="img" aria-labelledby="t d" font-family="Go, 'DejaVu Sans', Verdana, Arial, sans-serif" stroke-linejoin="round"><title id="t">%s</title><desc id="d">%s</desc><rect width="100%%" height="100%%" fill="#fff"/>%s</svg>`+"\n",
		wide, tall, wide, tall, t.Lang, escaped(plain(chart.Title)), escaped(plain(chart.Description)), c.b.Bytes())
	return err
}

// ChartWords are what stands below a chart that is drawn by [WriteSVG].
func ChartWords(t *table.Table, chart *table.Chart) (notes []string) {
	for _, n := range chart.Notes {
		notes = append(notes, plain(n))
	}
	if !chart.Empty() && chart.Mapped() {
		notes = append(notes, table.Word(t.Lang, "chart.dots"))
	}
	if !chart.Empty() {
		notes = append(notes, plain(chart.Source))
	}
	return notes
}
