package reports

import (
	"cmp"
	"image/color"
	"math"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/image/font"
	"gonum.org/v1/plot"
	plotfont "gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/oas/tipstat/reports/table"
)

const (
	chartTable  = 60.0 // mm, of the table that should stand below a chart on its page
	chartSize   = 8.0  // points
	chartLine   = 3.2  // mm, a line of text in a drawing
	chartLegend = 60.0 // mm
	chartName   = 50.0 // mm, widest name of a bar or a flow's end
	chartStage  = 80.0 // mm, of a stage, which says more than a name
	chartAxis   = 9.0  // mm, of an axis and its labels
	chartGrows  = 1.8  // by which a drawing may grow on a page of its own
)

// drawing is a chart on its way to paper: gonum/plot draws it, as shapes and
// text that can be searched. What tells colours apart in the other forms is
// told here without colour too, since delegates print in black and white.
type drawing struct {
	*pdfWriter
	c       *table.Chart
	colours palette
	text    text.Handler
}

// drawing gives the table's chart; nil if it has none.
func (p *pdfWriter) drawing() *drawing {
	if p.t.Chart == nil {
		return nil
	}
	d := &drawing{pdfWriter: p, c: p.t.Chart}
	var err error
	if d.colours, err = colours(); err != nil {
		p.SetError(err)
		return nil
	}
	if d.text, err = plotText(); err != nil {
		p.SetError(err)
		return nil
	}
	return d
}

// beside tells whether the chart stands on one page with the table's
// beginning. If not, it has the first page, below the table's head; that stands
// upright if the chart is too tall for one that lies.
func (d *drawing) beside(head []pdfText) bool {
	if d.c.Empty() {
		return true
	}
	width, height := d.size.Wd, d.size.Ht
	if d.orientation == "L" {
		width, height = height, width
	}
	taken := d.tall(head, width) + d.around(width) + d.height() + 2*pdfMargin + 13
	if taken+chartTable <= height {
		return true
	}
	if taken > height {
		d.orientation = "P"
	}
	return false
}

// fill draws the chart in what room its page has, up to a size.
func (d *drawing) fill() {
	d.Ln(3)
	width, _ := d.GetPageSize()
	d.words(min(d.height()*chartGrows, d.room()-d.around(width)))
}

// head and foot are what stands above and below the drawing.
func (d *drawing) head() []pdfText {
	list := []pdfText{{d.c.Title, "B", 10}}
	if !d.c.Empty() {
		list = append(list, pdfText{d.c.Unit, "", 9})
	}
	return list
}

func (d *drawing) foot() (list []pdfText) {
	for _, s := range d.c.Notes {
		list = append(list, pdfText{s, "", pdfSize})
	}
	if !d.c.Empty() && d.c.Mapped() {
		list = append(list, pdfText{table.Word(d.t.Lang, "chart.dots"), "", pdfSize})
	}
	if !d.c.Empty() {
		list = append(list, pdfText{d.c.Source, "", pdfSize})
	}
	return list
}

// around is the height of what stands around the drawing.
func (d *drawing) around(width float64) float64 {
	return d.tall(append(d.head(), d.foot()...), width) + 4
}

// words writes the chart with what stands around it.
func (d *drawing) words(height float64) {
	for _, t := range d.head() {
		d.paragraph(t.text, t.style, t.size)
	}
	if !d.c.Empty() {
		d.Ln(2)
		width, _ := d.GetPageSize()
		x, y := pdfMargin+d.GetCellMargin(), d.GetY() // where the text begins
		c, end := d.canvas(x, y, width-2*x, height)
		if err := d.draw(c); err != nil {
			d.SetError(err)
		}
		end()
		d.SetXY(pdfMargin, y+height+2)
	}
	for _, t := range d.foot() {
		d.paragraph(t.text, t.style, t.size)
	}
}

// height is what the drawing takes, in mm.
func (d *drawing) height() float64 {
	legend := 0.0
	if d.legends() {
		lines := 1
		for _, s := range d.c.Series {
			lines = max(lines, d.lines(s.Label, chartLegend-12))
		}
		legend = float64(len(d.c.Series)) * (float64(lines)*chartLine + 1.5)
	}
	switch d.c.Kind {
	case table.LinesChart:
		return max(78, legend)
	case table.MapChart, table.CirclesChart:
		return 108
	case table.SankeyChart:
		from, to := d.ends()
		return min(150, max(60, float64(max(len(from), len(to)))*9+chartAxis))
	}
	return max(legend, float64(len(d.c.Categories))*d.slot()+chartAxis)
}

// slot is the height that a bar and its name take.
func (d *drawing) slot() float64 {
	lines, series := 1, 1
	for _, k := range d.c.Categories {
		lines = max(lines, d.lines(k.Label, d.name()))
	}
	if d.c.Kind == table.BarsChart {
		series = len(d.c.Series)
	}
	return max(float64(lines)*chartLine+2.4, float64(series)*4.4+2)
}

// name is the widest name of a bar.
func (d *drawing) name() float64 {
	if d.c.Kind == table.FunnelChart {
		return chartStage
	}
	return chartName
}

// legends tells whether series are told apart.
func (d *drawing) legends() bool { return d.c.Kind == table.LinesChart || len(d.c.Series) > 1 }

func (d *drawing) draw(c draw.Canvas) error {
	switch d.c.Kind {
	case table.LinesChart:
		return d.drawLines(c)
	case table.MapChart, table.CirclesChart:
		return d.drawMap(c)
	case table.SankeyChart:
		return d.drawFlows(c)
	}
	return d.drawBars(c)
}

// wrap breaks a name into lines of a width in mm.
func (d *drawing) wrap(s string, width float64) string {
	d.SetFont("Go", "", chartSize)
	return strings.Join(d.SplitText(plain(s), width), "\n")
}

func (d *drawing) lines(s string, width float64) int {
	return 1 + strings.Count(d.wrap(s, width), "\n")
}

// style is that of all text in a drawing, set plot by plot: gonum's defaults
// belong to the whole program.
func (d *drawing) style(x text.XAlignment, y text.YAlignment) text.Style {
	return text.Style{Color: color.Black, Font: plotfont.Font{Typeface: "Go", Weight: font.WeightNormal, Size: chartSize}, XAlign: x, YAlign: y, Handler: d.text}
}

func (d *drawing) plot() *plot.Plot {
	p := plot.New()
	p.BackgroundColor, p.TextHandler = nil, d.text
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Padding, a.Tick.Length = 0, 3
		a.LineStyle.Color, a.Tick.LineStyle.Color = d.colour(d.colours.Line), d.colour(d.colours.Line)
		a.Label.TextStyle = d.style(text.XCenter, text.YBottom)
	}
	p.X.Tick.Label, p.Y.Tick.Label = d.style(text.XCenter, text.YTop), d.style(text.XRight, text.YCenter)
	p.Legend = d.legend()
	return p
}

func (d *drawing) legend() plot.Legend {
	l := plot.NewLegend()
	l.Top, l.Left, l.Padding, l.ThumbnailWidth, l.YPosition = true, true, 4, 26, draw.PosCenter
	l.TextStyle = d.style(text.XLeft, text.YBottom)
	return l
}

// aside parts a legend from the drawing, to the right of it.
func aside(c draw.Canvas) (drawing, legend draw.Canvas) {
	width := vg.Length(chartLegend / pdfPoint)
	return draw.Crop(c, 0, -width, 0, 0), draw.Crop(c, c.Max.X-c.Min.X-width+8, 0, 0, 0)
}

// ticks are the round numbers of an axis from zero to the first beyond the
// largest value, so that no bar ends outside its scale; of a count, none
// between whole numbers. gonum's own are too few to read a value by.
func (d *drawing) ticks() (list plot.ConstantTicks) {
	top := d.top()
	step := math.Pow10(int(math.Floor(math.Log10(top))) - 1)
	if d.c.Decimals == 0 {
		step = max(step, 1)
	}
	for _, times := range []float64{2, 2.5, 2, 2, 2.5} { // 1, 2, 5, 10, 20, 50
		if top/step > 6 {
			step *= times
		}
	}
	for i := range int(math.Ceil(top/step-1e-9)) + 1 {
		v := float64(i) * step
		list = append(list, plot.Tick{Value: v, Label: table.Number(d.t.Lang, v, 0)})
	}
	return list
}

func (d *drawing) figure(v float64) string { return table.Number(d.t.Lang, v, d.c.Decimals) }

// top is the largest value, and never zero.
func (d *drawing) top() float64 {
	top := 0.0
	for i := range d.c.Categories {
		sum := 0.0
		for _, s := range d.c.Series {
			v := s.Values[i]
			if v == nil {
				continue
			}
			if sum += *v; d.c.Kind != table.StackedChart {
				sum = *v
			}
			top = max(top, sum)
		}
	}
	return cmp.Or(top, 1)
}

// colour reads a colour of the palette.
func (d *drawing) colour(hex string) color.NRGBA {
	n, err := strconv.ParseUint(strings.TrimPrefix(hex, "#"), 16, 24)
	if err != nil {
		d.SetError(err)
	}
	return color.NRGBA{R: uint8(n >> 16), G: uint8(n >> 8), B: uint8(n), A: 255}
}

// stub is what the table calls one of its columns.
func (d *drawing) stub(code string) string {
	i := slices.IndexFunc(d.t.Stub, func(h table.Heading) bool { return h.Codes[0] == code })
	if i < 0 {
		return ""
	}
	return plain(d.t.Stub[i].Labels[0])
}
