package reports

import (
	"math"
	"strings"

	"github.com/oas/tipstat/reports/table"
)

// grid says where the parts of a table stand on an xlsx sheet; rows and
// columns are counted from 1.
type grid struct {
	t        *table.Table
	headRow  int // first row of the column headings
	firstRow int // first row of figures
	firstCol int // first column of figures
	step     int // 2 where a narrow column of marks follows each figure
	widths   []float64
}

// maxStub and the others bound the widths, in characters.
const (
	maxStub   = 34.0
	wordWidth = 30.0
	markWidth = 5.0
	pageWidth = 190.0 // characters that still read well when fitted to a landscape page
)

func newGrid(t *table.Table) grid {
	g := grid{t: t, headRow: 6, firstCol: len(t.Stub) + 1, step: 1}
	g.firstRow = g.headRow + max(1, len(t.Levels))
	for _, r := range t.Rows {
		for _, c := range r.Cells {
			if c.Grade != "" || len(c.Marks) > 0 {
				g.step = 2
			}
		}
	}
	for i, h := range t.Stub {
		w := float64(len([]rune(h.Labels[0])))
		for _, r := range t.Rows {
			w = math.Max(w, float64(len([]rune(stubText(r, i)))))
		}
		g.widths = append(g.widths, math.Min(w+2, maxStub))
	}
	for j := range t.Columns {
		w, marks := 5.0, 0.0
		for _, r := range t.Rows {
			w = math.Max(w, float64(len([]rune(r.Cells[j].Text))))
			marks = math.Max(marks, float64(len([]rune(cellMarks(r.Cells[j])))))
		}
		if t.WideText {
			w = wordWidth
		}
		if !t.Compact { // room for the longest word of the heading
			for _, word := range strings.Fields(t.Columns[j].Labels[len(t.Columns[j].Labels)-1]) {
				w = math.Max(w, float64(len([]rune(word)))+1-markWidth*float64(g.step-1))
			}
		}
		g.widths = append(g.widths, math.Min(w+2, wordWidth+4))
		if g.step == 2 {
			g.widths = append(g.widths, math.Max(3, math.Min(marks*0.85+1, 14)))
		}
	}
	return g
}

// col is the sheet's column of a column of figures.
func (g grid) col(j int) int { return g.firstCol + j*g.step }

func (g grid) lastCol() int { return max(1, g.firstCol+len(g.t.Columns)*g.step-1) }

func (g grid) lastRow() int { return g.firstRow + len(g.t.Rows) - 1 }

// width of the columns a to b together.
func (g grid) width(a, b int) float64 {
	sum := 0.0
	for c := a; c <= b && c <= len(g.widths); c++ {
		sum += g.widths[c-1]
	}
	return sum
}

// lines estimates over how many lines a text wraps in a column.
func lines(s string, width float64) int {
	n := 0
	for _, par := range strings.Split(s, "\n") {
		n++
		used := 0.0
		for _, word := range strings.Fields(par) {
			w := float64(len([]rune(word)))
			if used > 0 && used+1+w > width {
				n++
				used = 0
			}
			if used > 0 {
				used++
			}
			for used+w > width && w > width { // a word longer than the line
				n++
				w -= width
			}
			used += w
		}
	}
	return n
}
