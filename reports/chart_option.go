package reports

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"github.com/oas/tipstat/reports/table"
)

//go:embed chart/palette.json
var paletteJSON []byte

// palette is the one set of colours of all charts.
type palette struct {
	About  string   `json:"about"`
	Series []string `json:"series"`
	Total  string   `json:"total"`
	Map    []string `json:"map"`
	White  string   `json:"white"`
	Line   string   `json:"line"`
}

var colours = sync.OnceValues(func() (palette, error) {
	var p palette
	if err := json.Unmarshal(paletteJSON, &p); err != nil {
		return p, fmt.Errorf("chart/palette.json: %w", err)
	}
	return p, nil
})

// of gives the colour of a series.
func (p palette) of(n int, total bool) string {
	if total {
		return p.Total
	}
	return p.Series[n%len(p.Series)]
}

// dashes and marks tell lines apart without colour.
var (
	dashes = []string{"solid", "dashed", "dotted"}
	marks  = []string{"circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect", "emptyTriangle", "emptyDiamond"}
)

type object = map[string]any

// chartOption writes a chart as an option of ECharts, keys in order.
func chartOption(c *table.Chart) ([]byte, error) {
	p, err := colours()
	if err != nil {
		return nil, err
	}
	text := object{"fontFamily": "system-ui, sans-serif", "fontSize": 13}
	o := object{
		"animation": false,
		"aria":      object{"enabled": true, "label": object{"description": plain(c.Description)}, "decal": object{"show": c.Kind != table.MapChart}},
		"color":     p.Series, "textStyle": text,
		// Text on the drawing, which is never markup.
		"tooltip": object{"renderMode": "richText", "confine": true},
	}
	switch c.Kind {
	case table.SankeyChart:
		sankeyOption(o, c, p)
	case table.FunnelChart:
		funnelOption(o, c, p)
	case table.MapChart:
		mapOption(o, c, p)
	case table.LinesChart:
		axes(o, c, p, "xAxis", "yAxis")
		o["series"] = seriesOption(c, p)
	default:
		axes(o, c, p, "yAxis", "xAxis")
		o["yAxis"].(object)["inverse"] = true // the first row stands above
		o["series"] = seriesOption(c, p)
	}
	return json.Marshal(o)
}

// axes names the categories on one axis and measures on the other.
func axes(o object, c *table.Chart, p palette, names, values string) {
	labels := []string{}
	for _, k := range c.Categories {
		labels = append(labels, plain(k.Label))
	}
	grey := object{"color": "#1a1a1a"}
	o[names] = object{"type": "category", "data": labels, "axisLabel": grey}
	o[values] = object{"type": "value", "name": plain(c.Unit), "nameLocation": "middle", "nameGap": 34, "axisLabel": object{"color": "#1a1a1a"},
		"nameTextStyle": grey, "min": 0}
	right := 24
	if len(c.Series) > 1 || c.Kind == table.LinesChart {
		right = 250
		o["legend"] = object{"orient": "vertical", "right": 0, "top": 8, "itemGap": 12, "textStyle": object{"width": 180, "overflow": "break", "color": "#1a1a1a"}, "data": legend(c)}
	}
	// The first year's point and the axis labels keep within the drawing.
	o["grid"] = object{"left": 16, "right": right, "top": 16, "bottom": 16, "outerBoundsMode": "same", "outerBoundsContain": "all"}
	o["tooltip"].(object)["trigger"] = "axis"
}

func legend(c *table.Chart) []string {
	list := []string{}
	for _, s := range c.Series {
		list = append(list, plain(s.Label))
	}
	return list
}

func seriesOption(c *table.Chart, p palette) []object {
	var list []object
	n := 0
	for _, s := range c.Series {
		colour := p.of(n, s.Total && mixed(c))
		one := object{"type": "bar", "name": plain(s.Label), "data": s.Values, "itemStyle": object{"color": colour, "borderColor": p.Line, "borderWidth": 0.5}}
		if c.Kind == table.StackedChart {
			one["stack"] = "all"
		}
		if c.Kind == table.LinesChart {
			width := 2
			if s.Total && mixed(c) {
				width = 4
			}
			one = object{"type": "line", "name": plain(s.Label), "data": s.Values, "connectNulls": false, "symbol": marks[n%len(marks)], "symbolSize": 8, "showAllSymbol": true,
				"itemStyle": object{"color": colour}, "lineStyle": object{"color": colour, "width": width, "type": dashes[n%len(dashes)]}}
		}
		n++
		list = append(list, one)
	}
	return list
}

// mixed tells whether a total stands among series of States, and so stands out.
func mixed(c *table.Chart) bool {
	return slices.ContainsFunc(c.Series, func(s table.ChartSeries) bool { return !s.Total }) && c.Kind == table.LinesChart
}

func mapOption(o object, c *table.Chart, p palette) {
	names, data, top := object{}, []object{}, 0.0
	for i, k := range c.Categories {
		names[k.Code] = plain(k.Label)
		if v := c.Series[0].Values[i]; v != nil {
			data = append(data, object{"name": plain(k.Label), "value": *v})
			top = max(top, *v)
		}
	}
	if top == 0 {
		top = 1
	}
	o["visualMap"] = object{"type": "continuous", "min": 0, "max": top, "calculable": true, "left": 8, "bottom": 24, "text": []string{plain(c.Unit), ""},
		"inRange": object{"color": p.Map}, "precision": c.Decimals, "textStyle": object{"color": "#1a1a1a"}}
	o["series"] = []object{{"type": "map", "map": "americas", "nameMap": names, "data": data, "selectedMode": false, "aspectScale": 0.9, "top": 8, "bottom": 8,
		"itemStyle": object{"areaColor": p.White, "borderColor": p.Line, "borderWidth": 0.6}, "emphasis": object{"label": object{"show": false}}}}
}

// sankeyOption draws a State twice, as origin and as destination: flows run both ways.
func sankeyOption(o object, c *table.Chart, p palette) {
	nodes, links, met, colour := []object{}, []object{}, map[string]bool{}, map[string]string{}
	node := func(id string, k table.Category, position string) string {
		if colour[k.Code] == "" {
			colour[k.Code] = p.of(len(colour), false)
		}
		id += k.Code
		if !met[id] {
			met[id] = true
			nodes = append(nodes, object{"name": id, "text": plain(k.Label), "label": object{"position": position}, "itemStyle": object{"color": colour[k.Code]}})
		}
		return id
	}
	for _, f := range c.Flows {
		links = append(links, object{"source": node("from ", f.Origin, "left"), "target": node("to ", f.Destination, "right"), "value": f.Value,
			"text": plain(f.Origin.Label + " → " + f.Destination.Label)})
	}
	o["series"] = []object{{"type": "sankey", "data": nodes, "links": links, "left": 190, "right": 190, "top": 16, "bottom": 16, "nodeGap": 10, "draggable": false,
		"layoutIterations": 32, "lineStyle": object{"color": "source", "opacity": 0.5}, "label": object{"color": "#1a1a1a", "fontSize": 13}}}
}

// funnelOption keeps the order of the stages: more may be convicted than were
// prosecuted in the year.
func funnelOption(o object, c *table.Chart, p palette) {
	data := []object{}
	for i, k := range c.Categories {
		if v := c.Series[0].Values[i]; v != nil {
			data = append(data, object{"name": plain(k.Label), "value": *v, "itemStyle": object{"color": p.of(i, false), "borderColor": p.Line}})
		}
	}
	o["series"] = []object{{"type": "funnel", "sort": "none", "min": 0, "minSize": "0%", "left": 16, "width": "45%", "top": 16, "bottom": 16, "gap": 3, "data": data,
		"label": object{"show": true, "position": "right", "color": "#1a1a1a", "width": 360, "overflow": "break"}}}
}
