package cube

import (
	"fmt"
	"slices"
	"strings"

	"github.com/oas/tipstat/reports/table"
)

// labelRow gives the categories of a row their names in a language.
func (m *maker) labelRow(t *table.Table, r table.Row, at []int) {
	var own []string
	for i, h := range t.Stub {
		l := r.Stub[i]
		id := h.Codes[0]
		switch {
		case seriesColumn(id):
			if l.Name != "" {
				own = append(own, l.Name)
			}
		default:
			if d := slices.Index(m.keys, id); d >= 0 {
				m.c.Dimensions[d].Categories[at[d]].Label[t.Lang] = l.Name
			}
		}
	}
	d := slices.Index(m.keys, series)
	if d < 0 {
		return
	}
	if r.Kind == table.TotalRow { // it stands on no one source
		own = append([]string{word(t.Lang, "series.none")}, own...)
	}
	name := strings.Join(own, " · ") + suffix(r)
	if name = strings.TrimPrefix(name, " · "); name == "" {
		name = word(t.Lang, "series.none")
	}
	m.c.Dimensions[d].Categories[at[d]].Label[t.Lang] = name
}

// labelColumns names the categories of the columns, and the dimensions.
func (m *maker) labelColumns(t *table.Table, notes map[string]string) {
	for _, h := range t.Columns {
		for i, code := range h.Codes {
			cat := &m.c.Dimensions[len(m.keys)+i].Categories[m.index[len(m.keys)+i][code]]
			cat.Label[t.Lang] = h.Labels[i]
			if i == len(h.Codes)-1 && cat.Note[t.Lang] == "" {
				addNote(cat.Note, t.Lang, strings.Join(marked(notes, h.Marks), " · "))
			}
		}
	}
	for i := range m.c.Dimensions {
		d := &m.c.Dimensions[i]
		d.Name[t.Lang] = dimensionName(t.Lang, d.ID)
		for _, h := range t.Stub {
			if h.Codes[0] == d.ID {
				d.Name[t.Lang] = h.Labels[0]
			}
		}
		if d.ID == figure {
			for j := range d.Categories {
				d.Categories[j].Label[t.Lang] = word(t.Lang, "figure."+d.Categories[j].Code)
			}
		}
	}
}

// words takes what a table says as a whole.
func (m *maker) words(t *table.Table) {
	c := m.c
	c.Title[t.Lang] = t.Title
	c.Measure[t.Lang] = strings.TrimPrefix(t.Measure, table.Word(t.Lang, "head.measure", "measure", "")) // without the word unit
	c.Symbols[t.Lang] = t.Symbols
	notes := []string{t.Question, t.Paragraph}
	if t.Rounding == nil {
		notes = append(notes, word(t.Lang, "note.zero"))
	}
	if slices.Contains(m.keys, series) {
		notes = append(notes, word(t.Lang, "note.empty"))
	}
	for _, n := range t.Notes {
		switch {
		case n.Kind == "release":
			c.Release[t.Lang] = n.Text
		case n.Mark == "":
			notes = append(notes, n.Text)
		default:
			notes = append(notes, n.Mark+" "+n.Text)
		}
	}
	c.Notes[t.Lang] = append(notes, c.Notes[t.Lang]...)
	for _, s := range t.Sources {
		c.Sources[t.Lang] = append(c.Sources[t.Lang], s.Text)
		c.Updated = max(c.Updated, s.Received)
	}
}

// unlike makes names differ: the formats find a dimension, and a category
// within it, by its name.
func (m *maker) unlike() {
	for _, lang := range m.langs {
		names := map[string]bool{}
		for i := range m.c.Dimensions {
			d := &m.c.Dimensions[i]
			if names[d.Name[lang]] {
				d.Name[lang] += " (" + d.ID + ")"
			}
			names[d.Name[lang]] = true
			labels := map[string]bool{}
			for j := range d.Categories {
				cat := &d.Categories[j]
				switch {
				case cat.Label[lang] != "":
				case cat.Code == none:
					cat.Label[lang] = word(lang, "status.M")
				default:
					cat.Label[lang] = cat.Code
				}
				if labels[cat.Label[lang]] {
					cat.Label[lang] = fmt.Sprintf("%s (%s)", cat.Label[lang], cat.Code)
				}
				labels[cat.Label[lang]] = true
			}
		}
	}
}
