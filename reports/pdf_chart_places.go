package reports

import (
	"encoding/json"
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/oas/tipstat/reports/table"
)

// outline is a State on the map: the rings of its polygons, in longitude and latitude.
type outline struct {
	name     string
	polygons [][]plotter.XYs
}

// outlines reads the map that the page draws too.
func outlines() ([]outline, error) {
	var m struct {
		Features []struct {
			Properties struct{ Name string }
			Geometry   struct{ Coordinates [][][][2]float64 }
		}
	}
	if err := json.Unmarshal([]byte(americasJSON), &m); err != nil {
		return nil, fmt.Errorf("chart/americas.json: %w", err)
	}
	var list []outline
	for _, f := range m.Features {
		o := outline{name: f.Properties.Name}
		for _, polygon := range f.Geometry.Coordinates {
			var rings []plotter.XYs
			for _, points := range polygon {
				var ring plotter.XYs
				for _, at := range points {
					ring = append(ring, plotter.XY{X: at[0], Y: at[1]})
				}
				rings = append(rings, ring)
			}
			o.polygons = append(o.polygons, rings)
		}
		list = append(list, o)
	}
	return list, nil
}

// mapNarrow is the width of a degree of longitude to one of latitude, as the
// page draws them; islands narrower than mapDot degrees are drawn as dots.
const (
	mapNarrow = 0.9
	mapDot    = 1.2
)

// silentArea hatches the outline of a State of which no figure can be drawn.
type silentArea struct{ *plotter.Polygon }

func (a silentArea) Plot(c draw.Canvas, p *plot.Plot) {
	below := c.Canvas
	for inner, ok := below.(draw.Canvas); ok; inner, ok = below.(draw.Canvas) { // a part of a canvas holds the whole
		below = inner.Canvas
	}
	page, ok := below.(*pdfCanvas)
	if !ok {
		return
	}
	x, y := p.Transforms(&c)
	var corners []vg.Point
	for _, at := range a.XYs[0] {
		corners = append(corners, vg.Point{X: x(at.X), Y: y(at.Y)})
	}
	page.within(corners, func() { hatch(c, draw.LineStyle{Color: color.Gray{Y: 150}, Width: 0.3}, -1) })
}

func (d *drawing) drawMap(c draw.Canvas) error {
	list, err := outlines()
	if err != nil {
		return err
	}
	values, top := map[string]*float64{}, d.top()
	for i, k := range d.c.Categories {
		values[k.Code] = d.c.Series[0].Values[i]
	}
	p, line := d.plot(), draw.LineStyle{Color: d.colour(d.colours.Line), Width: 0.4}
	p.HideAxes()
	dots := map[color.Color]plotter.XYs{}
	var order []color.Color
	for _, o := range list {
		fill := color.Color(d.colour(d.colours.White))
		if v := values[o.name]; v != nil {
			fill = d.shade(*v / top)
		}
		var all plotter.XYs
		for _, rings := range o.polygons {
			shape := &plotter.Polygon{XYs: rings, LineStyle: line, Color: fill}
			p.Add(shape)
			if v, there := values[o.name]; there && v == nil {
				p.Add(silentArea{shape})
			}
			all = append(all, rings[0]...)
		}
		west, east, south, north := plotter.XYRange(all)
		if east-west < mapDot && north-south < mapDot {
			if dots[fill] == nil {
				order = append(order, fill)
			}
			dots[fill] = append(dots[fill], plotter.XY{X: (west + east) / 2, Y: (south + north) / 2})
		}
	}
	for _, fill := range order {
		for _, g := range []draw.GlyphStyle{{Color: line.Color, Radius: 1.9}, {Color: fill, Radius: 1.5}} {
			s, err := plotter.NewScatter(dots[fill])
			if err != nil {
				return err
			}
			g.Shape = draw.CircleGlyph{}
			s.GlyphStyle = g
			p.Add(s)
		}
	}
	c, side := aside(c)
	height := c.Max.Y - c.Min.Y
	width := height * vg.Length((p.X.Max-p.X.Min)*mapNarrow/(p.Y.Max-p.Y.Min))
	if most := c.Max.X - c.Min.X; width > most {
		height, width = height*most/width, most
	}
	left := (c.Max.X - c.Min.X - width) / 2
	p.Draw(draw.Crop(c, left, -left, c.Max.Y-c.Min.Y-height, 0))
	legend := d.legend()
	legend.Padding = 0
	for _, t := range slices.Backward(d.ticks()) { // the darkest above
		v := min(t.Value, top)
		legend.Add(d.figure(v), &plotter.Polygon{LineStyle: line, Color: d.shade(v / top)})
	}
	legend.Draw(side)
	return nil
}

// shade is the colour of a share of the largest value. A zero is a little
// darker than in the page, to be told from white on paper.
func (d *drawing) shade(share float64) color.Color {
	const least = 0.12
	stops := d.colours.Map
	at := (least + (1-least)*share) * float64(len(stops)-1)
	i := min(int(at), len(stops)-2)
	a, b, f := d.colour(stops[i]), d.colour(stops[i+1]), at-float64(i)
	mix := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + (float64(y)-float64(x))*f)) }
	return color.NRGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
}

// ends are the States at both ends of flows, in the order of the flows.
func (d *drawing) ends() (from, to []table.Category) {
	met := map[string]bool{}
	for _, f := range d.c.Flows {
		if id := "from " + f.Origin.Code; !met[id] {
			met[id] = true
			from = append(from, f.Origin)
		}
		if id := "to " + f.Destination.Code; !met[id] {
			met[id] = true
			to = append(to, f.Destination)
		}
	}
	return from, to
}

// drawFlows draws flows between two columns of States. gonum sets its stocks
// one upon another: flows that are not drawn keep room for the names between.
func (d *drawing) drawFlows(c draw.Canvas) error {
	from, to := d.ends()
	names, most, sum := map[string]string{}, 1, 0.0
	colours := map[string]color.NRGBA{}
	for _, list := range [][]table.Category{from, to} {
		for _, k := range list {
			names[k.Code] = d.wrap(k.Label, chartName)
			most = max(most, d.lines(k.Label, chartName))
			if _, ok := colours[k.Code]; !ok {
				colours[k.Code] = d.colour(d.colours.of(len(colours), false))
			}
		}
	}
	for _, f := range d.c.Flows {
		sum += f.Value
	}
	room := float64(c.Max.Y-c.Min.Y) - chartAxis/pdfPoint
	between := (float64(most)*chartLine + 0.6) / pdfPoint
	n := max(len(from), len(to))
	gap := between * sum / max(room-float64(n)*between, 1)

	const hidden = "gap" // the group, and the stocks, that keep gaps
	var flows []plotter.Flow
	gaps := 0
	keep := func(category int, size float64) {
		f := plotter.Flow{SourceLabel: fmt.Sprint(hidden, gaps), ReceptorLabel: hidden, SourceCategory: 0, ReceptorCategory: 2, Value: size, Group: hidden}
		if category == 1 {
			f.SourceLabel, f.ReceptorLabel, f.SourceCategory, f.ReceptorCategory = hidden, f.SourceLabel, -1, 1
		}
		gaps++
		flows = append(flows, f)
	}
	keep(0, gap*float64(n-len(from)+1)/2)
	keep(1, gap*float64(n-len(to)+1)/2)
	met := map[string]bool{}
	for _, f := range d.c.Flows {
		a, b := "from "+f.Origin.Code, "to "+f.Destination.Code
		flows = append(flows, plotter.Flow{SourceLabel: f.Origin.Code, ReceptorLabel: f.Destination.Code, ReceptorCategory: 1, Value: f.Value, Group: f.Origin.Code})
		if !met[a] {
			keep(0, gap)
		}
		if !met[b] {
			keep(1, gap)
		}
		met[a], met[b] = true, true
	}
	s, err := plotter.NewSankey(flows...)
	if err != nil {
		return err
	}
	line := draw.LineStyle{Color: d.colour(d.colours.Line), Width: 0.4}
	s.StockBarWidth, s.TextStyle = 10, d.style(text.XCenter, text.YCenter)
	s.FlowStyle = func(group string) (color.Color, draw.LineStyle) {
		if group == hidden {
			return nil, draw.LineStyle{}
		}
		fill := colours[group]
		fill.A = 128
		return fill, line
	}
	s.StockStyle = func(code string, category int) (string, text.Style, vg.Length, vg.Length, color.Color, draw.LineStyle) {
		name, ok := names[code]
		if !ok {
			return "", s.TextStyle, 0, 0, nil, draw.LineStyle{}
		}
		style, aside := d.style(text.XRight, text.YCenter), vg.Length(-8)
		if category == 1 {
			style, aside = d.style(text.XLeft, text.YCenter), 8
		}
		return name, style, aside, 0, colours[code], line
	}
	p := d.plot()
	p.Add(s)
	if err := d.sizes(p, s, room/(sum+gap*float64(n))); err != nil {
		return err
	}
	p.HideAxes()
	p.X.Tick.Label, p.X.Tick.Marker = d.style(text.XCenter, text.YTop), plot.ConstantTicks{{Value: 0, Label: d.stub("ORIGIN")}, {Value: 1, Label: d.stub("DESTINATION")}}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, 1, 0, sum+gap*float64(n+1)
	p.Y.Scale = plot.InvertedScale{Normalizer: plot.LinearScale{}} // the largest flow stands above
	p.Draw(c)
	return nil
}

// sizes writes the figures of the flows that are broad enough to hold them.
func (d *drawing) sizes(p *plot.Plot, s *plotter.Sankey, points float64) error {
	var at plotter.XYLabels
	above := map[string]float64{}
	for _, f := range d.c.Flows {
		low, _, err := s.StockRange(f.Origin.Code, 0)
		if err != nil {
			return err
		}
		middle := low + above[f.Origin.Code] + f.Value/2
		if above[f.Origin.Code] += f.Value; f.Value*points >= chartSize {
			at.XYs, at.Labels = append(at.XYs, plotter.XY{X: 0, Y: middle}), append(at.Labels, d.figure(f.Value))
		}
	}
	if len(at.Labels) == 0 {
		return nil
	}
	l, err := plotter.NewLabels(at)
	if err != nil {
		return err
	}
	l.Offset = vg.Point{X: 9, Y: 1.5}
	for i := range l.TextStyle {
		l.TextStyle[i] = d.style(text.XLeft, text.YCenter)
	}
	p.Add(l)
	return nil
}
