package pack

import (
	"slices"
	"strconv"
	"strings"

	"github.com/oas/tipstat/reports"
	"github.com/oas/tipstat/reports/table"
)

// key makes the chapter of key figures: of each table the regional total of the
// last year that has one, or how many States gave a figure where none has; of
// the treaties how many are parties.
func (b *builder) key() (reports.Chapter, error) {
	s := b.says
	lang := b.o.Params.Lang
	c := reports.Chapter{Title: s.Key.Title[lang]}
	for _, f := range s.Key.Figures {
		if len(b.with(f.Table)) == 0 {
			continue
		}
		t, err := b.table(f.Table)
		if err != nil {
			return c, err
		}
		if f.Code != "" && len(columnsOf(t, f.Code)) == 0 && len(t.Columns) > 0 { // the store holds no list of that treaty
			continue
		}
		label, value := t.Title, s.Key.None[lang]
		total := slices.IndexFunc(t.Rows, func(r table.Row) bool { return r.Kind == table.TotalRow })
		covered := slices.IndexFunc(t.Rows, func(r table.Row) bool { return r.Kind == table.CoveredRow })
		of := columnsOf(t, f.Code)
		for _, j := range of {
			h := t.Columns[j]
			if f.Code != "" {
				label = h.Labels[len(h.Labels)-1]
			}
			switch {
			case total < 0 && covered >= 0: // a table of treaties
				value = table.Fill(s.Key.Parties[lang], "parties", t.Rows[covered].Stub[0].Text, "n", t.Rows[covered].Cells[j].Text, "note", strings.TrimLeft(strings.TrimPrefix(noteOf(t, h, "period"), label), " :\u00a0"))
			case total >= 0 && covered >= 0 && t.Rows[total].Cells[j].Figure():
				value = t.Rows[total].Cells[j].Text + " (" + table.Fill(s.Key.Covered[lang], "year", h.Labels[0], "states", t.Rows[covered].Cells[j].Text) + ")"
			}
		}
		if value == s.Key.None[lang] {
			if year, n, withheld := reporting(t, of); withheld > 0 {
				value = table.Fill(s.Key.FewWithheld[lang], "year", year, "n", strconv.Itoa(n), "withheld", strconv.Itoa(withheld))
			} else if n > 0 {
				value = table.Fill(s.Key.Few[lang], "year", year, "n", strconv.Itoa(n))
			}
		}
		line := table.Fill(s.Key.Line[lang], "label", label, "value", value)
		if !slices.Contains(c.Text, line) { // a table without any figure is named once, not for each of its columns
			c.Text = append(c.Text, line)
		}
	}
	c.Text = append(c.Text, s.Key.Note[lang])
	return c, nil
}

// noteOf gives what a note of a kind says of a column.
func noteOf(t *table.Table, h table.Heading, kind string) string {
	for _, n := range t.Notes {
		if n.Kind == kind && slices.Contains(h.Marks, n.Mark) {
			return n.Text
		}
	}
	return ""
}

// columnsOf are the columns of a code of the lowest level; of none all.
func columnsOf(t *table.Table, code string) []int {
	var out []int
	for j, h := range t.Columns {
		if code == "" || h.Codes[len(h.Codes)-1] == code {
			out = append(out, j)
		}
	}
	return out
}

// reporting counts the States that reported in the last column in which any did,
// and those of them of which all is withheld there.
func reporting(t *table.Table, columns []int) (year string, n, withheld int) {
	for _, j := range columns {
		shown := map[string]bool{} // by State
		for _, r := range t.Rows {
			if c := r.Cells[j]; r.Kind == table.SeriesRow && (c.Figure() || c.Withheld()) {
				shown[r.Area] = shown[r.Area] || c.Figure()
			}
		}
		if len(shown) == 0 {
			continue
		}
		year, n, withheld = t.Columns[j].Labels[0], len(shown), 0
		for _, s := range shown {
			if !s {
				withheld++
			}
		}
	}
	return year, n, withheld
}
