package reports

import (
	"math"
	"slices"
	"strings"

	"github.com/oas/tipstat/reports/table"
)

type pdfCell struct {
	text, marks, align string
	bold               bool
}

func pdfMarks(grade string, marks []string) string {
	if len(marks) == 0 {
		return grade
	}
	return grade + "(" + strings.Join(marks, ",") + ")"
}

// row gives all cells of a row: the stub's, then the columns'. What the row
// above says in the same words is not said again; above is nil on top of a page.
func (p *pdfWriter) row(r table.Row, above *table.Row) []pdfCell {
	var list []pdfCell
	marks, again := pdfMarks("", r.Marks), above != nil && above.Kind == r.Kind
	for i, l := range r.Stub {
		c := pdfCell{align: "L", bold: r.Kind == table.TotalRow}
		again = again && i < len(r.Stub)-1 && l.Text == above.Stub[i].Text
		if !again && i >= p.first() {
			c.text, c.marks, marks = plain(l.Text), marks, ""
		}
		list = append(list, c)
	}
	align := "R"
	if p.t.WideText {
		align = "L"
	}
	for _, c := range r.Cells {
		list = append(list, pdfCell{text: plain(c.Text), marks: pdfMarks(c.Grade, c.Marks), align: align, bold: r.Kind == table.TotalRow})
	}
	return list
}

// String joins what is said and its marks so that no line ends between them.
func (c pdfCell) String() string { return strings.Trim(c.text+"\u00a0"+c.marks, " \u00a0") }

// measure finds the widths: what the longest cell needs, and the longest word
// of the heading, within bounds; widest is that of a column of the stub.
func (p *pdfWriter) measure(widest float64) {
	stub := len(p.t.Stub)
	p.widths = make([]float64, stub+len(p.t.Columns))
	for i, h := range append(append([]table.Heading{}, p.t.Stub...), p.t.Columns...) {
		p.SetFont("Go", "B", p.text)
		for _, l := range h.Labels {
			p.widths[i] = math.Max(p.widths[i], math.Min(p.GetStringWidth(plain(l))/pdfHead+4, widest))
			for _, word := range strings.Fields(plain(l) + " " + pdfMarks("", h.Marks)) {
				p.widths[i] = math.Max(p.widths[i], p.GetStringWidth(word)+4)
			}
		}
	}
	for _, r := range p.t.Rows {
		for i, c := range p.row(r, nil) {
			most := pdfWord
			if i < stub {
				most = widest
			}
			need := math.Min(p.GetStringWidth(c.String())+6, most)
			if i < stub { // Saint-Vincent-et-les-Grenadines is one word
				for _, word := range strings.Fields(c.text) {
					need = math.Max(need, math.Min(p.GetStringWidth(word)+3, pdfWord))
				}
			}
			p.widths[i] = math.Max(p.widths[i], need)
		}
	}
	for i := range p.first() {
		p.widths[i] = 0
	}
}

// first is the first column of the stub that is drawn: not the State where the
// title names it.
func (p *pdfWriter) first() int {
	if p.of != "" && len(p.t.Stub) > 1 {
		return 1
	}
	return 0
}

func (p *pdfWriter) sum() (sum float64) {
	for _, w := range p.widths {
		sum += w
	}
	return sum
}

// spread gives the columns what room is left beside them.
func (p *pdfWriter) spread() {
	width, _ := p.GetPageSize()
	n := float64(len(p.t.Columns))
	if spare := width - 2*pdfMargin - p.sum(); spare > 0 && n > 0 {
		for j := range p.t.Columns {
			p.widths[len(p.t.Stub)+j] += math.Min(spare/n, pdfSpread)
		}
	}
}

// parts cuts columns that do not fit beside each other; each part has the stub.
// What stands under one heading is kept together where it fits.
func (p *pdfWriter) parts() [][]int {
	width, _ := p.GetPageSize()
	room := width - 2*pdfMargin
	for i := range p.t.Stub {
		room -= p.widths[i]
	}
	parts, used := [][]int{nil}, 0.0
	for j := range p.t.Columns {
		w := p.widths[len(p.t.Stub)+j]
		if last := len(parts) - 1; used+w > room+0.01 && used > 0 {
			first := slices.IndexFunc(parts[last], func(k int) bool { return len(p.t.Levels) > 1 && p.t.Columns[k].Codes[0] == p.t.Columns[j].Codes[0] })
			var kept []int
			if first > 0 {
				kept = slices.Clone(parts[last][first:])
				parts[last] = parts[last][:first]
			}
			parts, used = append(parts, kept), 0
			for _, k := range kept {
				used += p.widths[len(p.t.Stub)+k]
			}
		}
		parts[len(parts)-1] = append(parts[len(parts)-1], j)
		used += w
	}
	return parts
}

func (p *pdfWriter) table(cols []int) {
	index := []int{}
	for i := p.first(); i < len(p.t.Stub); i++ {
		index = append(index, i)
	}
	for _, j := range cols {
		index = append(index, len(p.t.Stub)+j)
	}
	last := len(p.t.Levels) - 1
	head := func() {
		p.rule(index, 0.3)
		for level := range last {
			p.groups(p.heads(level), index, level)
		}
		p.line(p.heads(last), index, 0.3)
	}
	_, height := p.GetPageSize()
	// The headings stand on one page, with a row below them.
	most := p.height(p.heads(last), index) + float64(last)*(p.leading+1)
	if len(p.t.Rows) > 0 {
		most += p.height(p.row(p.t.Rows[0], nil), index)
	}
	if p.GetY()+most > height-pdfMargin-5 {
		p.page()
	}
	head()
	for n, r := range p.t.Rows {
		if n > 0 && r.Kind == table.TotalRow && p.t.Rows[n-1].Kind != table.TotalRow {
			p.rule(index, 0.3)
		}
		var above *table.Row
		if n > 0 {
			above = &p.t.Rows[n-1]
		}
		cells := p.row(r, above)
		if p.GetY()+p.height(cells, index) > height-pdfMargin-5 {
			p.page()
			head()
			cells = p.row(r, nil)
		}
		p.line(cells, index, 0.05)
	}
	p.rule(index, 0.3)
}

// heads gives the headings of one level: the stub's stand at the last.
func (p *pdfWriter) heads(level int) []pdfCell {
	cells, last := make([]pdfCell, len(p.widths)), level == len(p.t.Levels)-1
	for i, h := range p.t.Stub {
		if last {
			cells[i] = pdfCell{text: plain(h.Labels[0]), marks: pdfMarks("", h.Marks), align: "L", bold: true}
		}
	}
	for j, h := range p.t.Columns {
		c := pdfCell{text: heading(p.t, h, level), align: "R", bold: true}
		if p.t.WideText {
			c.align = "L"
		}
		if last {
			c.marks = pdfMarks("", h.Marks)
		}
		cells[len(p.t.Stub)+j] = c
	}
	return cells
}

// groups draws the headings above others: once over all columns that they head.
func (p *pdfWriter) groups(cells []pdfCell, index []int, level int) {
	x, y, stub := pdfMargin, p.GetY(), len(p.t.Stub)
	p.SetLineWidth(0.15)
	for k := 0; k < len(index); {
		i, width, n := index[k], p.widths[index[k]], 1
		if i >= stub {
			for k+n < len(index) && slices.Equal(p.t.Columns[index[k+n]-stub].Codes[:level+1], p.t.Columns[i-stub].Codes[:level+1]) {
				width += p.widths[index[k+n]]
				n++
			}
			p.SetFont("Go", "B", p.text)
			p.SetXY(x, y+0.5)
			s := cells[i].text
			if lines := p.SplitText(s, width-2); len(lines) > 1 {
				s = lines[0] + "…"
			}
			p.CellFormat(width, p.leading, s, "", 0, "C", false, 0, "")
			p.Line(x+1, y+p.leading+1, x+width-1, y+p.leading+1)
		}
		x += width
		k += n
	}
	p.SetXY(pdfMargin, y+p.leading+1)
}

// rule draws a line over the width of a table.
func (p *pdfWriter) rule(index []int, weight float64) {
	x := pdfMargin
	for _, i := range index {
		x += p.widths[i]
	}
	if p.SetLineWidth(weight); weight < 0.1 {
		p.SetDrawColor(150, 150, 150)
		defer p.SetDrawColor(0, 0, 0)
	}
	p.Line(pdfMargin, p.GetY(), x, p.GetY())
}

func (p *pdfWriter) split(c pdfCell, width float64) []string {
	p.SetFont("Go", map[bool]string{true: "B"}[c.bold], p.text)
	if c.String() == "" {
		return nil
	}
	return p.SplitText(c.String(), width-2)
}

func (p *pdfWriter) height(cells []pdfCell, index []int) float64 {
	n := 1
	for _, i := range index {
		n = max(n, len(p.split(cells[i], p.widths[i])))
	}
	return float64(n)*p.leading + 1
}

// line draws one row of cells with a rule below it.
func (p *pdfWriter) line(cells []pdfCell, index []int, weight float64) {
	x, y, h := pdfMargin, p.GetY(), p.height(cells, index)
	for _, i := range index {
		for n, s := range p.split(cells[i], p.widths[i]) {
			p.SetXY(x, y+0.5+float64(n)*p.leading)
			p.CellFormat(p.widths[i], p.leading, s, "", 0, cells[i].align, false, 0, "")
		}
		x += p.widths[i]
	}
	p.SetXY(pdfMargin, y+h)
	p.rule(index, weight)
}
