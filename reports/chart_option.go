package reports

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
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

const black, narrowest = "#1a1a1a", 600 // a drawing less wide than this, in pixels, is laid out for a phone

// chartOption writes a chart as an option of ECharts, keys in order.
func chartOption(c *table.Chart) ([]byte, error) {
	p, err := colours()
	if err != nil {
		return nil, err
	}
	o := object{
		"animation": false,
		// Only parts of a bar need more than their place to be told apart.
		"aria":  object{"enabled": true, "label": object{"description": plain(c.Description)}, "decal": object{"show": c.Kind == table.StackedChart}},
		"color": p.Series, "textStyle": object{"fontFamily": "system-ui, sans-serif", "fontSize": 13},
		// Text on the drawing, which is never markup.
		"tooltip": object{"renderMode": "richText", "confine": true},
	}
	var wide, narrow object
	switch c.Kind {
	case table.SankeyChart:
		wide, narrow = sankeyOption(o, c, p)
	case table.FunnelChart:
		wide, narrow = funnelOption(o, c, p)
	case table.MapChart:
		wide, narrow = mapOption(o, c, p)
	default:
		wide, narrow = axes(o, c)
		o["series"] = seriesOption(c, p)
	}
	o["media"] = []object{{"query": object{"maxWidth": narrowest}, "option": narrow}, {"option": wide}}
	return json.Marshal(o)
}

// axes names the categories on one axis and measures on the other: years from
// left to right, all else from top to bottom.
func axes(o object, c *table.Chart) (wide, narrow object) {
	labels := []string{}
	for _, k := range c.Categories {
		labels = append(labels, plain(k.Label))
	}
	names := object{"type": "category", "data": labels, "axisLabel": object{"color": black}}
	values := object{"type": "value", "name": plain(c.Unit), "nameLocation": "middle", "nameGap": 34, "axisLabel": object{"color": black, "hideOverlap": true},
		"nameTextStyle": object{"color": black}, "min": 0}
	o["tooltip"].(object)["trigger"] = "axis"
	right, bottom := 24, 16
	wide, narrow = object{}, object{}
	if len(c.Series) > 1 || c.Kind == table.LinesChart {
		list, rows := []string{}, 0
		for _, s := range c.Series {
			list = append(list, plain(s.Label))
			rows += lines(plain(s.Label), 30)
		}
		o["legend"] = object{"orient": "vertical", "itemGap": 12, "data": list, "textStyle": object{"overflow": "break", "color": black}}
		wide["legend"] = object{"left": "auto", "right": 0, "top": 8, "bottom": "auto", "textStyle": object{"width": 180}}
		narrow["legend"] = object{"left": 0, "right": "auto", "top": "auto", "bottom": 0, "textStyle": object{"width": 220}}
		right, bottom = 250, 24+14*rows+12*len(list)
	}
	// The first year's point and the axis labels keep within the drawing.
	o["grid"] = object{"left": 16, "top": 16, "outerBoundsMode": "same", "outerBoundsContain": "all"}
	wide["grid"], narrow["grid"] = object{"right": right, "bottom": 16}, object{"right": 24, "bottom": bottom}
	if c.Kind == table.LinesChart {
		o["xAxis"], o["yAxis"] = names, values
		return wide, narrow
	}
	names["inverse"] = true // the first row stands above
	names["axisLabel"].(object)["interval"] = 0
	o["yAxis"], o["xAxis"] = names, values
	wide["yAxis"], narrow["yAxis"] = wrapped(220), wrapped(96)
	wide["xAxis"], narrow["xAxis"] = object{"splitNumber": 5, "name": plain(c.Unit)}, object{"splitNumber": 3, "name": broken(plain(c.Unit), 30)}
	return wide, narrow
}

// wrapped breaks the labels of an axis.
func wrapped(width int) object {
	return object{"axisLabel": object{"width": width, "overflow": "break"}}
}

// broken breaks the name of an axis, which ECharts does not.
func broken(s string, width int) string {
	out, used := "", 0
	for _, word := range strings.Fields(s) {
		n := len([]rune(word))
		switch {
		case used == 0:
		case used+1+n > width:
			out, used = out+"\n", 0
		default:
			out, used = out+" ", used+1
		}
		out, used = out+word, used+n
	}
	return out
}

func seriesOption(c *table.Chart, p palette) []object {
	var list []object
	for n, s := range c.Series {
		colour := p.of(n, s.Total && mixed(c))
		one := object{"type": "bar", "name": plain(s.Label), "data": s.Values, "itemStyle": object{"color": colour, "borderColor": p.Line, "borderWidth": 0.5}}
		switch c.Kind {
		case table.StackedChart:
			one["stack"] = "all"
		case table.BarsChart:
			one["label"] = object{"show": true, "position": "right", "color": black}
		case table.LinesChart:
			width := 2
			if s.Total && mixed(c) {
				width = 4
			}
			one = object{"type": "line", "name": plain(s.Label), "data": s.Values, "connectNulls": false, "symbol": marks[n%len(marks)], "symbolSize": 8, "showAllSymbol": true,
				"itemStyle": object{"color": colour}, "lineStyle": object{"color": colour, "width": width, "type": dashes[n%len(dashes)]}}
		}
		list = append(list, one)
	}
	return list
}

// mixed tells whether a total stands among series of States, and so stands out.
func mixed(c *table.Chart) bool {
	return slices.ContainsFunc(c.Series, func(s table.ChartSeries) bool { return !s.Total }) && c.Kind == table.LinesChart
}

// mapOption colours States by their figure. One without is hatched, so that it
// is not taken for one with few or none. Islands too small to be seen stand a
// second time, larger, in the Pacific.
func mapOption(o object, c *table.Chart, p palette) (wide, narrow object) {
	data, top := []object{}, 0.0
	hatch := object{"symbol": "rect", "symbolSize": 1, "dashArrayX": []int{1, 0}, "dashArrayY": []int{1, 4}, "rotation": -0.785, "color": "#8C8C8C"}
	dots := object{"symbol": "circle", "symbolSize": 0.6, "dashArrayX": []int{4, 4}, "dashArrayY": []int{4, 4}, "color": "#555555"}
	for i, k := range c.Categories {
		one := object{"name": k.Code, "text": plain(k.Label)}
		if v := c.Series[0].Values[i]; v != nil {
			one["value"] = *v
			top = max(top, *v)
		} else if slices.Contains(c.Withheld, k.Code) {
			one["itemStyle"] = object{"decal": dots}
		} else {
			one["itemStyle"] = object{"decal": hatch}
		}
		data = append(data, one)
	}
	if top == 0 {
		top = 1
	}
	o["visualMap"] = object{"type": "continuous", "min": 0, "max": top, "calculable": false, "left": 8, "text": []string{plain(c.Unit), ""},
		"inRange": object{"color": p.Map}, "textStyle": object{"color": black}}
	world := object{"type": "map", "map": "americas", "data": data, "selectedMode": false, "aspectScale": 0.9, "top": 8,
		"itemStyle": object{"areaColor": p.White, "borderColor": p.Line, "borderWidth": 0.6}, "emphasis": object{"label": object{"show": false}}}
	islands := object{}
	for k, v := range world {
		islands[k] = v
	}
	islands["map"] = "islands"
	o["series"] = []object{world, islands}
	wide = object{"visualMap": object{"orient": "vertical", "bottom": 24, "itemHeight": 140, "textStyle": object{"fontSize": 12}},
		"series": []object{{"left": "center", "right": "auto", "bottom": 8}, {"left": "34%", "top": "55%", "width": 110, "height": 140}}}
	narrow = object{"visualMap": object{"orient": "horizontal", "bottom": 8, "itemHeight": 44, "textStyle": object{"fontSize": 11}},
		"series": []object{{"left": 8, "right": 8, "bottom": "auto"}, {"left": 24, "top": "48%", "width": 90, "height": 110}}}
	return wide, narrow
}

// sankeyOption draws a State twice, as origin and as destination: flows run both ways.
func sankeyOption(o object, c *table.Chart, p palette) (wide, narrow object) {
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
	o["series"] = []object{{"type": "sankey", "data": nodes, "links": links, "top": 16, "bottom": 16, "nodeGap": 10, "draggable": false, "layoutIterations": 32,
		"lineStyle": object{"color": "source", "opacity": 0.5}, "itemStyle": object{"borderColor": p.Line, "borderWidth": 0.5},
		"edgeLabel": object{"show": true, "color": black, "fontSize": 11}, "label": object{"color": black, "overflow": "break"}}}
	margins := func(n, size int) object {
		return object{"series": []object{{"left": n, "right": n, "label": object{"width": n - 10, "fontSize": size}}}}
	}
	return margins(190, 13), margins(100, 12)
}

// funnelOption draws the stages as bars about a common middle, whose lengths
// are the figures: ECharts' own funnel narrows each stage to the next, and the
// last to nothing. The order is kept: more may be convicted than were
// prosecuted in the year.
func funnelOption(o object, c *table.Chart, p palette) (wide, narrow object) {
	labels, before, top := []string{}, []float64{}, 0.0
	s := c.Series[0]
	for _, v := range s.Values {
		top = max(top, *v)
	}
	for i, k := range c.Categories {
		label := plain(k.Label)
		if at := strings.LastIndex(label, " ("); at > 0 { // the number of States has a line of its own
			label = label[:at] + "\n" + label[at+1:]
		}
		labels = append(labels, label)
		before = append(before, (top-*s.Values[i])/2)
	}
	o["grid"] = object{"left": 16, "right": 24, "top": 16, "bottom": 16, "outerBoundsMode": "same", "outerBoundsContain": "all"}
	o["xAxis"] = object{"type": "value", "show": false, "min": 0, "max": top, "axisLabel": object{}}
	o["yAxis"] = object{"type": "category", "data": labels, "inverse": true, "axisLine": object{"show": false}, "axisTick": object{"show": false}, "axisLabel": object{"color": black, "interval": 0, "lineHeight": 15}}
	o["series"] = []object{
		{"type": "bar", "stack": "all", "silent": true, "data": before, "itemStyle": object{"color": "transparent"}, "tooltip": object{"show": false}},
		{"type": "bar", "stack": "all", "barCategoryGap": "12%", "data": s.Values, "itemStyle": object{"color": p.of(0, false), "borderColor": p.Line, "borderWidth": 0.5}},
	}
	return object{"yAxis": wrapped(320)}, object{"yAxis": wrapped(140)}
}
