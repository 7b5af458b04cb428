package review

import (
	"fmt"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/record"
)

// colours of severities: told apart by lightness too, so that they are without
// seeing red and green. The text becomes dark, whatever it was.
var colours = map[record.Severity]string{record.Error: "F4A582", record.Warning: "FCE79A", record.Info: "DCEAF5"}

const dark = "1A1A1A"

// author of our comments.
const author = "tipstat"

// severities, the gravest first.
var severities = []record.Severity{record.Error, record.Warning, record.Info}

// unmark takes away what an earlier review wrote: its list and its comments;
// its colours went before (parts).
func (m *marker) unmark() error {
	if list, ok := m.r.wb.Review(); ok && m.r.csvSheet == "" {
		if err := m.f.DeleteSheet(list.Name); err != nil {
			return err
		}
	}
	for _, n := range m.f.GetDefinedName() {
		if n.Name == sheet.ReviewName || n.Name == ofName {
			if err := m.f.DeleteDefinedName(&excelize.DefinedName{Name: n.Name, Scope: scopeOf(n)}); err != nil {
				return err
			}
		}
	}
	if m.r.care == commentNone {
		return nil
	}
	for name, d := range m.r.around {
		if len(d.Comments) > 0 {
			m.part(name) // before there are others
		}
	}
	for _, info := range m.r.wb.Sheets() { // in order: the same bytes each time
		for _, c := range m.r.around[info.Name].Comments {
			at := record.CellName(c.Row, c.Col)
			switch {
			case c.FromReview():
				m.do(m.drop(info.Name, c))
			case strings.Contains(c.Text, sheet.ReviewNote):
				m.cut(info.Name, at)
			}
		}
	}
	return m.err
}

// scopeOf gives the scope as DeleteDefinedName wants it.
func scopeOf(n excelize.DefinedName) string {
	if n.Scope == "Workbook" {
		return ""
	}
	return n.Scope
}

// commented tells whether comments of a sheet may be written.
func (m *marker) commented(name string) bool {
	theirs := slices.ContainsFunc(m.r.around[name].Comments, func(c sheet.Comment) bool { return !c.FromReview() })
	return m.r.care == commentAll || m.r.care == commentNew && !theirs
}

// place is a cell or a range of a sheet.
type place struct{ sheet, ref string }

// first is the cell at the upper left of a place.
func (p place) first() string {
	first, _, _ := strings.Cut(p.ref, ":")
	return first
}

// places gives the cells that a finding is about; none when it is about the
// whole file or sheet. A cell in a merged range is the range.
func (r *review) places(f record.Finding) (all []place) {
	name := f.Subject.Sheet
	if r.csvSheet != "" {
		name = r.csvSheet
	}
	d, ok := r.around[name]
	if !ok {
		return nil
	}
	refs := f.Cells
	if f.Count <= 1 || len(refs) == 0 {
		refs = []string{f.Subject.Cell}
	}
	for _, ref := range refs {
		from, to, isRange := strings.Cut(ref, ":")
		row, col, ok := record.ParseCell(from)
		if !ok {
			continue
		}
		if isRange {
			if _, _, ok := record.ParseCell(to); !ok {
				continue
			}
		} else if i := slices.IndexFunc(d.Merges, func(g sheet.Range) bool {
			return g.FirstRow <= row && row <= g.LastRow && g.FirstCol <= col && col <= g.LastCol
		}); i >= 0 {
			g := d.Merges[i]
			ref = record.CellName(g.FirstRow, g.FirstCol) + ":" + record.CellName(g.LastRow, g.LastCol)
		}
		all = append(all, place{name, ref})
	}
	return all
}

// mark colours the cells with findings and comments them.
func (m *marker) mark() {
	worst := map[place]record.Severity{}
	said := map[place][]record.Finding{} // by the cell of the comment
	var order, cells []place
	for _, f := range m.r.findings {
		for _, p := range m.r.places(f) {
			if was, ok := worst[p]; !ok {
				order = append(order, p)
				worst[p] = f.Severity
			} else if slices.Index(severities, f.Severity) < slices.Index(severities, was) {
				worst[p] = f.Severity
			}
			at := place{p.sheet, p.first()}
			if said[at] == nil {
				cells = append(cells, at)
			}
			said[at] = append(said[at], f)
		}
	}
	for _, severity := range severities {
		refs := map[string][]string{}
		var sheets []string
		for _, p := range order {
			if worst[p] == severity {
				if refs[p.sheet] == nil {
					sheets = append(sheets, p.sheet)
				}
				refs[p.sheet] = append(refs[p.sheet], p.ref)
			}
		}
		for _, name := range sheets {
			m.colour(name, severity, refs[name])
		}
	}
	for i, at := range cells {
		if i == maxComments || m.err != nil {
			break
		}
		m.say(at, said[at])
	}
}

// colour gives cells the colour of a severity, whatever they hold.
func (m *marker) colour(name string, severity record.Severity, refs []string) {
	const together = 200 // ranges of one format
	id, ok := m.styles[string(severity)]
	if !ok {
		var err error
		id, err = m.f.NewConditionalStyle(&excelize.Style{Font: &excelize.Font{Color: dark},
			Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colours[severity]}}})
		m.do(err)
		m.styles[string(severity)] = id
	}
	for some := range slices.Chunk(refs, together) {
		m.do(m.f.SetConditionalFormat(name, strings.Join(some, " "), []excelize.ConditionalFormatOptions{{Type: "formula", Criteria: always, Format: &id}}))
	}
}

// say writes what was found at a cell into its comment, after what the
// ministry wrote there.
func (m *marker) say(at place, found []record.Finding) {
	if !m.commented(at.sheet) {
		return
	}
	const size = 9
	slices.SortStableFunc(found, func(a, b record.Finding) int {
		return slices.Index(severities, a.Severity) - slices.Index(severities, b.Severity)
	})
	var b strings.Builder
	for i, f := range found {
		before := " "
		if i > 0 {
			before = "\n"
		}
		fmt.Fprintf(&b, before+"%s %s\n%s\n→ %s\n", f.Severity.Name(m.r.lang), f.Code, f.Message(m.r.lang), f.Hint(m.r.lang))
	}
	text := strings.TrimRight(plain(b.String()), "\n")
	if r := []rune(text); len(r) > maxText/2 {
		text = string(r[:maxText/2]) + "…"
	}
	m.r.said = append(m.r.said, at)
	for _, c := range m.r.around[at.sheet].Comments {
		if record.CellName(c.Row, c.Col) == at.ref && !c.FromReview() {
			if len([]rune(c.Text)) > maxText/2 || !m.add(at.sheet, at.ref, "\n\n"+sheet.ReviewNote+text) {
				m.r.said = m.r.said[:len(m.r.said)-1]
			}
			return
		}
	}
	const width, line, perLine = 340, 17, 52
	m.do(m.f.AddComment(at.sheet, excelize.Comment{Cell: at.ref, Author: author, Width: width, Height: uint(min(600, line*lines(text, perLine)+14)),
		Paragraph: []excelize.RichTextRun{{Text: sheet.ReviewNote, Font: &excelize.Font{Family: "Calibri", Size: size, Bold: true}},
			{Text: text, Font: &excelize.Font{Family: "Calibri", Size: size}}}}))
}

// lines is how many lines a text takes.
func lines(s string, perLine float64) (n int) {
	for line := range strings.Lines(s) {
		n += max(1, int(float64(len([]rune(line)))/perLine+0.999))
	}
	return max(1, n)
}
