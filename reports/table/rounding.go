package table

import (
	"fmt"
	"slices"
)

// Rounding says how figures of persons were rounded before a table was made.
type Rounding struct {
	Base   int    `json:"base"`
	Method string `json:"method"` // random or controlled (transform/disclosure/rounding)
}

// KeepsSums tells whether parts that made up a total still do.
func (r Rounding) KeepsSums() bool { return r.Method == "controlled" }

func (r Rounding) String() string { return fmt.Sprintf("%s %d", r.Method, r.Base) }

// roundedComment is what COMMENT_OBS says of an observation that was rounded: SDMX
// has no status for it.
const roundedComment = "rounded"

// note says on the table how figures were rounded.
func (r Rounding) note(w writer) string {
	return w.word("note.rounded."+r.Method, "base", w.count(r.Base), "most", w.count(r.Base-1)) + " " + w.word("note.rounded.made")
}

// rounded marks the cells that stand on a rounded figure.
func (b *builder) rounded() {
	if c := b.p.Control; c == nil || c.Rounding == nil {
		return
	}
	b.t.Rounding = b.p.Control.Rounding
	for i := range b.t.Rows {
		for j := range b.t.Rows[i].Cells {
			c := &b.t.Rows[i].Cells[j]
			c.Rounded = slices.ContainsFunc(c.ObsIDs, func(id int64) bool { return b.behind[id].text["COMMENT_OBS"] == roundedComment })
		}
	}
}

// symbolText explains a symbol. A zero that was rounded need be none; what a sum
// lacks may be a figure that is withheld.
func (b *builder) symbolText(s string) string {
	switch {
	case s == "-" && b.t.Rounding != nil:
		s += ".rounded"
	case b.symbols[s+".withheld"]:
		s += ".withheld"
	}
	return b.w.word("symbol." + s)
}
