package reports

import (
	"image"
	"image/color"
	"math"
	"sync"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	plotfont "gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const pdfPoint = 25.4 / 72 // mm

// plotText measures and breaks text of charts in the fonts that the PDF embeds.
// It has a cache of its own: gonum's is shared by all of a program.
var plotText = sync.OnceValues(func() (text.Handler, error) {
	var faces plotfont.Collection
	for _, w := range []struct {
		weight font.Weight
		data   []byte
	}{{font.WeightNormal, goregular.TTF}, {font.WeightBold, gobold.TTF}} {
		f, err := opentype.Parse(w.data)
		if err != nil {
			return nil, err
		}
		faces = append(faces, plotfont.Face{Font: plotfont.Font{Typeface: "Go", Weight: w.weight}, Face: f})
	}
	return text.Plain{Fonts: plotfont.NewCache(faces)}, nil
})

// pdfCanvas lets gonum/plot draw on the current page, within a box whose lower
// left corner stands at x, y. Its points run upwards, the page's mm downwards.
type pdfCanvas struct {
	*fpdf.Fpdf
	x, y  float64
	stack []pdfPen
	pen   pdfPen
}

// pdfPen is what fpdf does not bring back by itself when a state is popped.
type pdfPen struct {
	colour color.Color
	width  vg.Length
	dashes []vg.Length
	offset vg.Length
}

// canvas gives a box of the current page to draw on, and what sets the page's
// pen back when all is drawn.
func (p *pdfWriter) canvas(x, y, width, height float64) (draw.Canvas, func()) {
	c := &pdfCanvas{Fpdf: p.Fpdf, x: x, y: y + height}
	p.SetLineJoinStyle("round") // outlines have sharp corners
	vg.Initialize(c)
	return draw.NewCanvas(c, vg.Length(width/pdfPoint), vg.Length(height/pdfPoint)), func() {
		vg.Initialize(c)
		p.SetLineJoinStyle("miter")
	}
}

func (c *pdfCanvas) at(p vg.Point) (x, y float64) {
	return c.x + p.X.Points()*pdfPoint, c.y - p.Y.Points()*pdfPoint
}

func (c *pdfCanvas) SetLineWidth(w vg.Length) {
	c.pen.width = w
	c.Fpdf.SetLineWidth(w.Points() * pdfPoint)
}

func (c *pdfCanvas) SetLineDash(pattern []vg.Length, offset vg.Length) {
	c.pen.dashes, c.pen.offset = pattern, offset
	list := make([]float64, len(pattern))
	for i, d := range pattern {
		list[i] = d.Points() * pdfPoint
	}
	c.SetDashPattern(list, offset.Points()*pdfPoint)
}

func (c *pdfCanvas) SetColor(colour color.Color) {
	if colour == nil {
		colour = color.Black
	}
	c.pen.colour = colour
	n := color.NRGBAModel.Convert(colour).(color.NRGBA)
	r, g, b := int(n.R), int(n.G), int(n.B)
	c.SetFillColor(r, g, b)
	c.SetDrawColor(r, g, b)
	c.SetTextColor(r, g, b)
	if alpha := float64(n.A) / 255; alpha != 1 || c.opacity() != 1 {
		c.SetAlpha(alpha, "Normal")
	}
}

func (c *pdfCanvas) opacity() float64 {
	a, _ := c.GetAlpha()
	return a
}

func (c *pdfCanvas) Rotate(angle float64) { c.TransformRotate(angle*180/math.Pi, c.x, c.y) }

func (c *pdfCanvas) Translate(p vg.Point) {
	c.TransformTranslate(p.X.Points()*pdfPoint, -p.Y.Points()*pdfPoint)
}

func (c *pdfCanvas) Scale(x, y float64) { c.TransformScale(x*100, y*100, c.x, c.y) }

func (c *pdfCanvas) Push() {
	c.stack = append(c.stack, c.pen)
	c.TransformBegin()
}

func (c *pdfCanvas) Pop() {
	last := len(c.stack) - 1
	pen := c.stack[last]
	c.stack = c.stack[:last]
	c.TransformEnd()
	c.SetColor(pen.colour)
	c.SetLineWidth(pen.width)
	c.SetLineDash(pen.dashes, pen.offset)
}

func (c *pdfCanvas) Stroke(p vg.Path) {
	if c.pen.width > 0 {
		c.path(p, "D")
	}
}

func (c *pdfCanvas) Fill(p vg.Path) { c.path(p, "F") }

func (c *pdfCanvas) path(p vg.Path, style string) {
	for _, part := range p {
		x, y := c.at(part.Pos)
		switch part.Type {
		case vg.MoveComp:
			c.MoveTo(x, y)
		case vg.LineComp:
			c.LineTo(x, y)
		case vg.ArcComp:
			r, from := part.Radius.Points()*pdfPoint, part.Start*180/math.Pi
			c.ArcTo(x, y, r, r, 0, from, from+part.Angle*180/math.Pi)
		case vg.CurveComp:
			if len(part.Control) == 1 {
				cx, cy := c.at(part.Control[0])
				c.CurveTo(cx, cy, x, y)
				continue
			}
			ax, ay := c.at(part.Control[0])
			bx, by := c.at(part.Control[1])
			c.CurveBezierCubicTo(ax, ay, bx, by, x, y)
		case vg.CloseComp:
			c.ClosePath()
		}
	}
	c.DrawPath(style)
}

// within keeps what is drawn to a shape.
func (c *pdfCanvas) within(corners []vg.Point, draw func()) {
	var list []fpdf.PointType
	for _, p := range corners {
		x, y := c.at(p)
		list = append(list, fpdf.PointType{X: x, Y: y})
	}
	c.ClipPolygon(list, false)
	draw()
	c.ClipEnd()
}

func (c *pdfCanvas) FillString(f plotfont.Face, p vg.Point, s string) {
	style := ""
	if f.Font.Weight == font.WeightBold {
		style = "B"
	}
	c.SetFont("Go", style, f.Font.Size.Points())
	x, y := c.at(p)
	c.Text(x, y, s)
}

// DrawImage is asked for by no chart: all is drawn in lines and fills.
func (c *pdfCanvas) DrawImage(vg.Rectangle, image.Image) {
	c.SetErrorf("a chart has no images")
}
