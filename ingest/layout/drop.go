package layout

import (
	"slices"
	"strings"

	"github.com/oas/tipstat/ingest/sheet"
)

// Dropped is a column that a layout drops.
type Dropped struct {
	Sheet   sheet.Info
	Col     int
	Row     int    // of the heading, the last of several
	Heading string // as the layout declares it
}

// Dropped gives the columns of a file that the layout drops. The caller
// withholds them before the file is read.
func (f *Found) Dropped() (all []Dropped) {
	for _, s := range f.Sheets {
		for _, h := range s.fit.headings {
			if d, ok := f.Layout.drops(h); ok {
				all = append(all, Dropped{s.Info, h.col, s.HeaderRow, strings.ReplaceAll(d, "|", " / ")})
			}
		}
	}
	return all
}

// drops tells whether the layout drops the column of a heading, and as what.
func (l *Layout) drops(h heading) (declared string, ok bool) {
	i := slices.IndexFunc(l.Drop, func(d string) bool { return slices.Contains(spellings(d), h.norm) })
	if i < 0 {
		return "", false
	}
	return l.Drop[i], true
}

// drop checks that nothing else in the layout asks for a column that it drops.
func (k *checker) drop() {
	var asked []string
	conds := append([]Conditions{k.l.Footer}, k.l.Match.Has...)
	for _, c := range k.l.Columns {
		if c.Header != "" {
			asked = append(asked, spellings(c.Header)...)
		}
		conds = append(conds, c.When)
	}
	for _, s := range k.l.OutOfScope {
		conds = append(conds, s.When)
	}
	for _, c := range conds {
		for header := range c {
			asked = append(asked, spellings(header)...)
		}
	}
	for _, d := range k.l.Drop {
		for _, s := range spellings(d) {
			if s == "" {
				k.bad("drop: want the text of a heading, have %q", d)
			} else if slices.Contains(asked, s) {
				k.bad("drop: the column %q is read elsewhere in the layout", d)
			}
		}
	}
}
