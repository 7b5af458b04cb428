package reports

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/oas/tipstat/reports/table"
)

// paperDashes and paperMarks tell lines apart without colour.
var (
	paperDashes = [][]vg.Length{nil, {5, 2}, {1.5, 1.5}, {6, 2, 1.5, 2}}
	paperMarks  = []draw.GlyphDrawer{draw.CircleGlyph{}, draw.BoxGlyph{}, draw.PyramidGlyph{}, draw.CrossGlyph{},
		draw.RingGlyph{}, draw.SquareGlyph{}, draw.TriangleGlyph{}, draw.PlusGlyph{}}
)

// grid draws lines to read values by.
func (d *drawing) grid(upright bool) *plotter.Grid {
	g := plotter.NewGrid()
	line := draw.LineStyle{Color: color.Gray{Y: 200}, Width: 0.4}
	if g.Vertical, g.Horizontal = (draw.LineStyle{}), line; upright {
		g.Vertical, g.Horizontal = line, draw.LineStyle{}
	}
	return g
}

func (d *drawing) drawLines(c draw.Canvas) error {
	c, side := aside(c)
	p, legend := d.plot(), d.legend()
	ticks := d.ticks()
	p.Y.Tick.Marker = ticks
	p.Add(d.grid(false))
	for n, s := range d.c.Series {
		total := s.Total && mixed(d.c)
		line := draw.LineStyle{Color: ink(d.colour(d.colours.of(n, total))), Width: 1.2, Dashes: paperDashes[n%len(paperDashes)]}
		if total {
			line.Width = 2.6
		}
		var all, run plotter.XYs
		add := func() error { // a gap ends a line
			if len(run) > 1 {
				l, err := plotter.NewLine(run)
				if err != nil {
					return err
				}
				l.LineStyle = line
				p.Add(l)
			}
			run = nil
			return nil
		}
		for i, v := range s.Values {
			if v != nil {
				at := plotter.XY{X: float64(i), Y: *v}
				all, run = append(all, at), append(run, at)
			} else if err := add(); err != nil {
				return err
			}
		}
		if err := add(); err != nil {
			return err
		}
		points, err := plotter.NewScatter(all)
		if err != nil {
			return err
		}
		points.GlyphStyle = draw.GlyphStyle{Color: line.Color, Radius: 2.6, Shape: paperMarks[n%len(paperMarks)]}
		p.Add(points)
		legend.Add(d.wrap(s.Label, chartLegend-12), &plotter.Line{LineStyle: line}, points)
	}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, float64(len(d.c.Categories)-1), 0, ticks[len(ticks)-1].Value
	p.X.Padding, p.Y.Padding = 3, 4
	p.X.Tick.Marker = d.names(c.Max.X - c.Min.X - 40)
	p.Draw(c)
	legend.Draw(side)
	return nil
}

// ink darkens what is too light for a line on white paper: yellow.
func ink(c color.NRGBA) color.NRGBA {
	if color.GrayModel.Convert(c).(color.Gray).Y < 200 {
		return c
	}
	return color.NRGBA{c.R / 3 * 2, c.G / 3 * 2, c.B / 3 * 2, 255}
}

// names are the years below an axis, as many as stand apart; the last always.
func (d *drawing) names(width vg.Length) plot.ConstantTicks {
	var list plot.ConstantTicks
	widest, style, last := vg.Length(0), d.style(text.XCenter, text.YTop), len(d.c.Categories)-1
	for _, k := range d.c.Categories {
		widest = max(widest, style.Width(plain(k.Label)))
	}
	every := 1
	for last > 0 && vg.Length(every)*width/vg.Length(last) < widest+5 && every < last {
		every++
	}
	for i, k := range d.c.Categories {
		t := plot.Tick{Value: float64(i)}
		if (last-i)%every == 0 {
			t.Label = plain(k.Label)
		}
		list = append(list, t)
	}
	return list
}

// drawBars draws bars beside or upon each other, and the stages of a funnel,
// which keep their order: more may be convicted than were prosecuted.
func (d *drawing) drawBars(c draw.Canvas) error {
	c, side := c, draw.Canvas{}
	if d.legends() {
		c, side = aside(c)
	}
	p, legend := d.plot(), d.legend()
	ticks := d.ticks()
	p.X.Tick.Marker = ticks
	p.Add(d.grid(true))
	last := len(d.c.Categories) - 1
	slot := (c.Max.Y - c.Min.Y - chartAxis/pdfPoint) / vg.Length(last+1)
	width := slot * 0.7
	if d.c.Kind == table.BarsChart {
		width /= vg.Length(len(d.c.Series))
	}
	width = min(width, 18)
	var names plot.ConstantTicks
	shown := make([]*hatched, len(d.c.Series))
	for i, k := range d.c.Categories {
		y := float64(last - i) // the first stands above
		names = append(names, plot.Tick{Value: y, Label: d.wrap(k.Label, d.name())})
		var below *plotter.BarChart
		for n, s := range d.c.Series {
			v := s.Values[i]
			if v == nil { // a gap has no bar, where a zero has its outline
				continue
			}
			b, err := plotter.NewBarChart(plotter.Values{*v}, width)
			if err != nil {
				return err
			}
			b.Horizontal, b.XMin, b.LineStyle = true, y, draw.LineStyle{Color: d.colour(d.colours.Line), Width: 0.5}
			switch d.c.Kind {
			case table.StackedChart:
				if below != nil {
					b.StackOn(below)
				}
				below = b
			case table.BarsChart:
				b.Offset = width * (vg.Length(len(d.c.Series)-1)/2 - vg.Length(n))
				if err := d.value(p, *v, y, b.Offset); err != nil {
					return err
				}
			}
			fill := d.colour(d.colours.of(n, false))
			if shown[n] = (&hatched{b, n % hatches}); n > 0 {
				fill = tint(fill)
			}
			b.Color = fill
			p.Add(shown[n])
		}
	}
	for n, bar := range shown {
		if bar != nil {
			legend.Add(d.wrap(d.c.Series[n].Label, chartLegend-12), bar)
		}
	}
	p.Y.Tick.Marker, p.Y.Tick.Length = names, 0
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, ticks[len(ticks)-1].Value, -0.5, float64(last)+0.5
	p.Draw(c)
	if d.legends() {
		legend.Draw(side)
	}
	return nil
}

// value writes a figure at the end of its bar.
func (d *drawing) value(p *plot.Plot, v, y float64, offset vg.Length) error {
	l, err := plotter.NewLabels(plotter.XYLabels{XYs: plotter.XYs{{X: v, Y: y}}, Labels: []string{d.figure(v)}})
	if err != nil {
		return err
	}
	l.TextStyle[0], l.Offset = d.style(text.XLeft, text.YCenter), vg.Point{X: 3, Y: offset + 1.5}
	p.Add(l)
	return nil
}

// hatched is a bar that is told from others by lines over its fill.
type hatched struct {
	*plotter.BarChart
	pattern int
}

const hatches = 8 // as many as the palette has colours

// tint lightens a colour under hatching, which would darken all alike.
func tint(c color.NRGBA) color.NRGBA {
	half := func(v uint8) uint8 { return v/2 + 127 }
	return color.NRGBA{half(c.R), half(c.G), half(c.B), 255}
}

func (h hatched) Plot(c draw.Canvas, p *plot.Plot) {
	h.BarChart.Plot(c, p)
	x, y := p.Transforms(&c)
	high, middle := h.BarHeight(0), y(h.XMin)+h.Offset
	h.lines(draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{Min: vg.Point{X: x(high - h.Values[0]), Y: middle - h.Width/2}, Max: vg.Point{X: x(high), Y: middle + h.Width/2}}})
}

func (h hatched) Thumbnail(c *draw.Canvas) {
	h.BarChart.Thumbnail(c)
	h.lines(*c)
}

// lines fills a box with the lines of its pattern.
func (h hatched) lines(c draw.Canvas) {
	if h.pattern > 0 {
		hatch(c, draw.LineStyle{Color: color.Black, Width: 0.5}, [hatches][]float64{1: {1}, 2: {-1}, 3: {1, -1}, 4: {0}, 5: {90}, 6: {0, 90}, 7: {1, 1.5}}[h.pattern]...)
	}
}

// hatch fills a box with lines of slopes (90: level ones), which keep to one
// grid of the whole drawing.
func hatch(c draw.Canvas, style draw.LineStyle, slopes ...float64) {
	hatchWithin(c, c.Rectangle, style, slopes...)
}

// hatchWithin draws of these lines those in a part of the box.
func hatchWithin(c draw.Canvas, part vg.Rectangle, style draw.LineStyle, slopes ...float64) {
	const step = 4.0
	for _, slope := range slopes {
		var lines [][]vg.Point
		tall := c.Max.Y - c.Min.Y
		switch slope {
		case 90:
			for y := c.Min.Y + step/2; y < c.Max.Y; y += step {
				lines = append(lines, []vg.Point{{X: c.Min.X, Y: y}, {X: c.Max.X, Y: y}})
			}
		default:
			lean := vg.Length(slope) * tall
			for x := c.Min.X - tall*2; x < c.Max.X+tall*2; x += step {
				lines = append(lines, []vg.Point{{X: x, Y: c.Min.Y}, {X: x + lean, Y: c.Max.Y}})
			}
		}
		if clipped := (&draw.Canvas{Canvas: c.Canvas, Rectangle: part}).ClipLinesXY(lines...); len(clipped) > 0 {
			c.StrokeLines(style, clipped...)
		}
	}
}
