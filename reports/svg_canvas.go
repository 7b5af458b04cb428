package reports

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"math"
	"strconv"
	"strings"

	"golang.org/x/image/font"
	plotfont "gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// svgCanvas lets gonum/plot draw as SVG, in points. gonum's own (vg/vgsvg) keeps nothing to a
// shape, which hatching needs, and has no name or description for who does not see it.
type svgCanvas struct {
	b      bytes.Buffer
	height float64
	stack  []svgPen
	pen    svgPen
	clips  int
	filled string // a shape whose outline may follow
	paints string // how it is filled
	err    error
}

// svgPen is the state of the canvas. Rotation is about the place that is moved to.
type svgPen struct {
	colour color.NRGBA
	width  vg.Length
	dashes string
	groups int // open elements, which end with the state
}

func (c *svgCanvas) put(format string, args ...any) {
	if d := c.filled; d != "" {
		c.filled = ""
		c.put(`<path d="%s"%s/>`, d, c.paints)
	}
	fmt.Fprintf(&c.b, format, args...)
}

// decimal writes a length, short: a tenth of a point is not seen.
func decimal(f float64) string {
	s := strconv.FormatFloat(f, 'f', 1, 64)
	if s = strings.TrimRight(strings.TrimRight(s, "0"), "."); s == "-0" {
		return "0"
	}
	return s
}

func (c *svgCanvas) at(p vg.Point) string {
	return decimal(p.X.Points()) + " " + decimal(c.height-p.Y.Points())
}

func (c *svgCanvas) SetLineWidth(w vg.Length) { c.pen.width = w }

func (c *svgCanvas) SetLineDash(pattern []vg.Length, _ vg.Length) {
	var list []string
	for _, d := range pattern {
		list = append(list, decimal(d.Points()))
	}
	c.pen.dashes = strings.Join(list, " ")
}

func (c *svgCanvas) SetColor(colour color.Color) {
	if colour == nil {
		colour = color.Black
	}
	c.pen.colour = color.NRGBAModel.Convert(colour).(color.NRGBA)
}

func (c *svgCanvas) group(transform string) {
	c.put(`<g transform="%s">`, transform)
	c.pen.groups++
}

func (c *svgCanvas) Rotate(angle float64) {
	c.group("rotate(" + decimal(-angle*180/math.Pi) + " 0 " + decimal(c.height) + ")")
}

func (c *svgCanvas) Translate(p vg.Point) {
	c.group("translate(" + decimal(p.X.Points()) + " " + decimal(-p.Y.Points()) + ")")
}

func (c *svgCanvas) Scale(x, y float64) {
	c.group(fmt.Sprintf("translate(0 %s) scale(%g %g) translate(0 %s)", decimal(c.height), x, y, decimal(-c.height)))
}

func (c *svgCanvas) Push() {
	c.stack = append(c.stack, c.pen)
	c.pen.groups = 0
}

func (c *svgCanvas) Pop() {
	c.put("%s", strings.Repeat("</g>", c.pen.groups))
	c.pen = c.stack[len(c.stack)-1]
	c.stack = c.stack[:len(c.stack)-1]
}

func (c *svgCanvas) paint(property string) string {
	n := c.pen.colour
	s := fmt.Sprintf(` %s="#%02x%02x%02x"`, property, n.R, n.G, n.B)
	if n.A != 255 {
		s += fmt.Sprintf(` %s-opacity="%.2f"`, property, float64(n.A)/255)
	}
	return s
}

func (c *svgCanvas) Stroke(p vg.Path) {
	if c.pen.width <= 0 || c.pen.colour.A == 0 {
		return
	}
	dashes := ""
	if c.pen.dashes != "" {
		dashes = ` stroke-dasharray="` + c.pen.dashes + `"`
	}
	d, fill := c.path(p), ` fill="none"`
	if d == c.filled { // one element for both
		c.filled, fill = "", c.paints
	}
	c.put(`<path d="%s"%s%s stroke-width="%s"%s/>`, d, fill, c.paint("stroke"), decimal(c.pen.width.Points()), dashes)
}

func (c *svgCanvas) Fill(p vg.Path) {
	if c.pen.colour.A > 0 {
		c.put("")
		c.filled, c.paints = c.path(p), c.paint("fill")
	}
}

func (c *svgCanvas) path(p vg.Path) string {
	var b strings.Builder
	for i, part := range p {
		switch part.Type {
		case vg.MoveComp:
			b.WriteString("M" + c.at(part.Pos))
		case vg.LineComp:
			b.WriteString("L" + c.at(part.Pos))
		case vg.ArcComp:
			c.arc(&b, part, i == 0)
		case vg.CurveComp:
			kind := map[int]string{1: "Q", 2: "C"}[len(part.Control)]
			for _, at := range part.Control {
				kind += c.at(at) + " "
			}
			b.WriteString(kind + c.at(part.Pos))
		case vg.CloseComp:
			b.WriteString("Z")
		}
	}
	return b.String()
}

// arc writes one in halves: an SVG arc whose ends are one point is nothing.
func (c *svgCanvas) arc(b *strings.Builder, part vg.PathComp, first bool) {
	on := func(angle float64) string {
		return c.at(vg.Point{X: part.Pos.X + part.Radius*vg.Length(math.Cos(angle)), Y: part.Pos.Y + part.Radius*vg.Length(math.Sin(angle))})
	}
	start := "L"
	if first {
		start = "M"
	}
	b.WriteString(start + on(part.Start))
	sweep := 0 // upwards is downwards here
	if part.Angle < 0 {
		sweep = 1
	}
	r := decimal(part.Radius.Points())
	for _, half := range []float64{0.5, 1} {
		fmt.Fprintf(b, "A%s %s 0 0 %d %s", r, r, sweep, on(part.Start+part.Angle*half))
	}
}

// within keeps what is drawn to a shape.
func (c *svgCanvas) within(corners []vg.Point, draw func()) {
	c.clips++
	var list []string
	for _, p := range corners {
		list = append(list, c.at(p))
	}
	c.put(`<clipPath id="c%d"><path d="M%sZ"/></clipPath><g clip-path="url(#c%d)">`, c.clips, strings.Join(list, "L"), c.clips)
	draw()
	c.put("</g>")
}

func (c *svgCanvas) FillString(f plotfont.Face, p vg.Point, s string) {
	bold := ""
	if f.Font.Weight == font.WeightBold {
		bold = ` font-weight="bold"`
	}
	x, y, _ := strings.Cut(c.at(p), " ")
	c.put(`<text x="%s" y="%s" font-size="%s"%s%s textLength="%s">%s</text>`, x, y, decimal(f.Font.Size.Points()), bold, c.paint("fill"), decimal(f.Width(s).Points()), escaped(s))
}

// DrawImage is asked for by no chart: all is drawn in lines and fills.
func (c *svgCanvas) DrawImage(vg.Rectangle, image.Image) {
	c.err = fmt.Errorf("a chart has no images")
}

// escaped writes text as XML does.
func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // to memory
	return b.String()
}
