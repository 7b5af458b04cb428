package reports

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/oas/tipstat/reports/table"
)

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
