package reports

import (
	"cmp"
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

// clipper is a canvas that keeps what is drawn to a shape.
type clipper interface {
	within(corners []vg.Point, draw func())
}

// silentArea is the outline of a State of which no figure can be drawn: hatched, or dotted
// where it is withheld.
type silentArea struct {
	*plotter.Polygon
	withheld bool
}

func (a silentArea) Plot(c draw.Canvas, p *plot.Plot) {
	below := c.Canvas
	for inner, ok := below.(draw.Canvas); ok; inner, ok = below.(draw.Canvas) { // a part of a canvas holds the whole
		below = inner.Canvas
	}
	page, ok := below.(clipper)
	if !ok {
		return
	}
	x, y := p.Transforms(&c)
	var corners []vg.Point
	for _, at := range a.XYs[0] {
		corners = append(corners, vg.Point{X: x(at.X), Y: y(at.Y)})
	}
	box := vg.Rectangle{Min: corners[0], Max: corners[0]}
	for _, at := range corners {
		box.Min.X, box.Min.Y, box.Max.X, box.Max.Y = min(box.Min.X, at.X), min(box.Min.Y, at.Y), max(box.Max.X, at.X), max(box.Max.Y, at.Y)
	}
	page.within(corners, func() {
		if a.withheld {
			dotted(c, box)
		} else {
			hatchWithin(c, box, draw.LineStyle{Color: color.Gray{Y: 150}, Width: 0.3}, -1)
		}
	})
}

// dotted fills a box with points on one grid of the whole drawing.
func dotted(c draw.Canvas, box vg.Rectangle) {
	const step, size = 3.2, 1.0
	from := vg.Length(math.Floor(float64(box.Min.X/step))) * step
	style := draw.LineStyle{Color: color.Gray{Y: 60}, Width: size, Dashes: []vg.Length{size, step - size}}
	for y := vg.Length(math.Floor(float64(box.Min.Y/step))) * step; y < box.Max.Y; y += step {
		c.StrokeLine2(style, from, y, box.Max.X, y)
	}
}

// islands are those too small to be seen: each has a dot in the colour of its figure, or a
// circle of its size, and beside the map its code and its figure, or the sign of what is not known.
type islands struct {
	plotter.XYs
	fills    []color.Color
	withheld []bool
	labels   []string
	line     color.Color
	style    text.Style
}

// atlantic is the longitude at which the names of islands stand.
const atlantic = -43.0

func (s islands) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	order := make([]int, len(s.XYs))
	middle := vg.Length(0)
	for i, at := range s.XYs {
		order[i] = i
		middle += y(at.Y) / vg.Length(len(s.XYs))
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(s.XYs[j].Y, s.XYs[i].Y) })
	step := s.style.Font.Size * 1.15
	to := vg.Point{X: x(atlantic), Y: middle + step*vg.Length(len(order)-1)/2}
	for _, i := range order {
		at := vg.Point{X: x(s.XYs[i].X), Y: y(s.XYs[i].Y)}
		c.StrokeLine2(draw.LineStyle{Color: color.Gray{Y: 150}, Width: 0.3}, at.X, at.Y, to.X-1.5, to.Y)
		c.FillText(s.style, to, s.labels[i])
		to.Y -= step
		dots := []draw.GlyphStyle{{Color: s.line, Radius: 1.9}, {Color: s.fills[i], Radius: 1.5}}
		if s.withheld[i] {
			dots = append(dots, draw.GlyphStyle{Color: s.line, Radius: 0.6})
		}
		for _, g := range dots {
			g.Shape = draw.CircleGlyph{}
			c.DrawGlyphNoClip(g, at)
		}
	}
}

// circles stand on the States, as large as their figures, the largest first, so that none
// is hidden; each has the code of its State and its figure.
type circles struct {
	plotter.XYs
	values []float64
	labels []string // empty: it is named beside the map
	top    float64
	fill   color.Color
	line   draw.LineStyle
	style  text.Style
}

const widest = 17.0 // points, the radius of the largest circle

func (s circles) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	order := make([]int, len(s.values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(s.values[j], s.values[i]) })
	var taken []vg.Rectangle
	for _, i := range order {
		at, r := vg.Point{X: x(s.XYs[i].X), Y: y(s.XYs[i].Y)}, vg.Length(max(1.2, widest*math.Sqrt(s.values[i]/s.top)))
		s.circle(c, at, r)
		if s.labels[i] != "" {
			taken = append(taken, s.name(c, at, r, s.labels[i], taken))
		}
	}
}

// name writes what a circle is called in it, or else beside it, where no other name stands.
func (s circles) name(c draw.Canvas, at vg.Point, r vg.Length, label string, taken []vg.Rectangle) vg.Rectangle {
	wide, tall := s.style.Width(label), s.style.Font.Size
	box := func(x, y vg.Length) vg.Rectangle {
		return vg.Rectangle{Min: vg.Point{X: at.X + x - wide/2, Y: at.Y + y - tall/2}, Max: vg.Point{X: at.X + x + wide/2, Y: at.Y + y + tall/2}}
	}
	aside, off := r+wide/2+1.5, r+tall/2+1
	places := []vg.Rectangle{box(aside, 0), box(-aside, 0), box(0, off), box(0, -off), box(aside, off), box(-aside, -off), box(aside, -off), box(-aside, off)}
	if r >= wide/2 {
		places = []vg.Rectangle{box(0, 0)}
	}
	free := slices.IndexFunc(places, func(b vg.Rectangle) bool {
		return !slices.ContainsFunc(taken, func(o vg.Rectangle) bool {
			return b.Min.X < o.Max.X && o.Min.X < b.Max.X && b.Min.Y < o.Max.Y && o.Min.Y < b.Max.Y
		})
	})
	chosen := places[max(0, free)]
	c.FillText(s.style, vg.Point{X: (chosen.Min.X + chosen.Max.X) / 2, Y: (chosen.Min.Y + chosen.Max.Y) / 2}, label)
	return chosen
}

func (s circles) circle(c draw.Canvas, at vg.Point, r vg.Length) {
	c.DrawGlyphNoClip(draw.GlyphStyle{Color: s.fill, Radius: r, Shape: draw.CircleGlyph{}}, at)
	c.SetLineStyle(s.line)
	var ring vg.Path
	ring.Move(vg.Point{X: at.X + r, Y: at.Y})
	ring.Arc(at, r, 0, 2*math.Pi)
	ring.Close()
	c.Stroke(ring)
}

func (d *drawing) drawMap(c draw.Canvas) error {
	list, err := outlines()
	if err != nil {
		return err
	}
	values, top, counts := map[string]*float64{}, d.top(), d.c.Kind == table.CirclesChart
	for i, k := range d.c.Categories {
		values[k.Code] = d.c.Series[0].Values[i]
	}
	p, line := d.plot(), draw.LineStyle{Color: d.colour(d.colours.Line), Width: 0.4}
	p.HideAxes()
	small := islands{line: line.Color, style: d.style(text.XLeft, text.YCenter)}
	blue := d.colour(d.colours.of(0, false))
	blue.A = 150
	round := circles{top: top, fill: blue, line: draw.LineStyle{Color: d.colour(black), Width: 0.5}, style: d.style(text.XCenter, text.YCenter)}
	round.style.Font.Size, small.style.Font.Size = 7, 7
	for _, o := range list {
		fill := color.Color(d.colour(d.colours.White))
		if v := values[o.name]; v != nil && !counts {
			fill = d.shade(*v / top)
		}
		withheld := slices.Contains(d.c.Withheld, o.name)
		var all, largest plotter.XYs
		for _, rings := range o.polygons {
			shape := &plotter.Polygon{XYs: rings, LineStyle: line, Color: fill}
			p.Add(shape)
			if v, there := values[o.name]; there && v == nil {
				p.Add(silentArea{shape, withheld})
			}
			all = append(all, rings[0]...)
			if area(rings[0]) > area(largest) {
				largest = rings[0]
			}
		}
		west, east, south, north := plotter.XYRange(all)
		v, there := values[o.name]
		tiny := east-west < mapDot && north-south < mapDot
		if tiny && there {
			small.XYs = append(small.XYs, plotter.XY{X: (west + east) / 2, Y: (south + north) / 2})
			small.fills, small.withheld = append(small.fills, fill), append(small.withheld, withheld)
			small.labels = append(small.labels, o.name+" "+d.known(v, withheld))
		}
		if v != nil && counts {
			label := o.name + " " + d.figure(*v)
			if tiny {
				label = ""
			}
			west, east, south, north := plotter.XYRange(largest)
			round.XYs = append(round.XYs, plotter.XY{X: (west + east) / 2, Y: (south + north) / 2})
			round.values, round.labels = append(round.values, *v), append(round.labels, label)
		}
	}
	p.Add(small, round)
	side := draw.Canvas{}
	if !counts { // circles have their figures, and need no legend
		c, side = aside(c)
	}
	height := c.Max.Y - c.Min.Y
	width := height * vg.Length((p.X.Max-p.X.Min)*mapNarrow/(p.Y.Max-p.Y.Min))
	if most := c.Max.X - c.Min.X; width > most {
		height, width = height*most/width, most
	}
	left := (c.Max.X - c.Min.X - width) / 2
	p.Draw(draw.Crop(c, left, -left, c.Max.Y-c.Min.Y-height, 0))
	legend := d.legend()
	legend.Padding = 0
	if counts {
		return nil
	}
	for _, t := range slices.Backward(d.ticks()) { // the darkest above
		v := min(t.Value, top)
		legend.Add(d.figure(v), &plotter.Polygon{LineStyle: line, Color: d.shade(v / top)})
	}
	legend.Draw(side)
	return nil
}

// known is the figure of a State, or the sign of why there is none.
func (d *drawing) known(v *float64, withheld bool) string {
	switch {
	case v != nil:
		return d.figure(*v)
	case withheld:
		return "c"
	}
	return ".."
}

// area is that of a ring, to tell which part of a State is the largest.
func area(ring plotter.XYs) (sum float64) {
	for i := range ring {
		a, b := ring[i], ring[(i+1)%len(ring)]
		sum += a.X*b.Y - b.X*a.Y
	}
	return math.Abs(sum) / 2
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
