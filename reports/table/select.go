package table

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// origin is what a table remembers of its making, so that a part of it can be drawn and
// explained like the whole.
type origin struct {
	spec     Spec
	w        writer
	unit     string
	from, to int
	areas    map[string]string // names of its States
	files    map[int64]string  // submissions of the observations behind its cells
	whole    []Facet
}

// origin keeps it.
func (b *builder) origin() {
	o := &origin{spec: b.spec, w: b.w, unit: b.spec.Measure[b.p.Lang], from: b.from, to: b.to, areas: map[string]string{}, files: map[int64]string{}}
	for _, r := range b.t.Rows {
		if r.Area != "" {
			o.areas[r.Area] = b.v.label("CL_AREA", r.Area, b.p.Lang)
		}
		for _, c := range r.Cells {
			for _, id := range c.ObsIDs {
				o.files[id] = b.behind[id].text["SUBMISSION_ID"]
			}
		}
	}
	b.t.made = o
	o.whole = b.t.facets()
}

// charts draws the charts that the spec asks for.
func (t *Table) charts() {
	t.Chart, t.Views = nil, nil
	if s := t.made.spec.Chart; s != nil {
		t.Chart = t.draw(s)
	}
	for i := range t.made.spec.Views {
		t.Views = append(t.Views, t.draw(&t.made.spec.Views[i]))
	}
}

// Concepts by which a finished table can be narrowed.
var Concepts = []string{colArea, colYear, "SEX", "AGE", "EXPLOITATION"}

// Facet is what of a concept stands in a table, in its order. Known are those codes of which
// something is known or withheld.
type Facet struct {
	Concept string
	Codes   []string
	Known   map[string]bool
}

// Facets are the concepts by which the table can be narrowed, as it was published whole.
func (t *Table) Facets() []Facet { return t.made.whole }

func (t *Table) facets() (all []Facet) {
	for _, concept := range Concepts {
		f := Facet{Concept: concept, Known: map[string]bool{}}
		add := func(code string, known bool) {
			if code != "" && !slices.Contains(f.Codes, code) {
				f.Codes = append(f.Codes, code)
			}
			if known {
				f.Known[code] = true
			}
		}
		level := slices.Index(t.Levels, concept)
		for _, r := range t.Rows {
			if level < 0 {
				some := slices.ContainsFunc(r.Cells, said)
				for _, code := range t.rowCodes(r, concept) {
					add(code, some)
				}
			}
		}
		for j, h := range t.Columns {
			if level >= 0 {
				add(h.Codes[level], slices.ContainsFunc(t.Rows, func(r Row) bool { return said(r.Cells[j]) }))
			}
		}
		if len(f.Codes) > 0 {
			all = append(all, f)
		}
	}
	return all
}

// said tells whether a cell is more than a silence.
func said(c Cell) bool { return c.Figure() || c.Status != "O" }

// rowCodes are the codes that a row has of a concept. Flows between States are of both.
func (t *Table) rowCodes(r Row, concept string) (codes []string) {
	total := r.Kind == TotalRow || r.Kind == CoveredRow
	for i, h := range t.Stub {
		switch c := h.Codes[0]; {
		case c == concept && (concept != colArea || !total) && r.Stub[i].Code != "":
			codes = append(codes, r.Stub[i].Code)
		case concept == colArea && r.Area == "" && !total && (c == colOrigin || c == colDestination):
			codes = append(codes, r.Stub[i].Code)
		}
	}
	return codes
}

// Selection keeps the rows and columns of some codes, by concept. A concept that is not
// named is kept whole.
type Selection map[string][]string

// Select gives a part of a finished table: its rows and columns of the codes that are named,
// each cell as it is. Nothing is worked out anew, so that no selection tells what the whole
// does not: totals over States stay those of the whole, whatever States are chosen, and say
// so; what is withheld stays so.
func (t *Table) Select(s Selection) *Table {
	out := *t
	out.Columns, out.Rows = nil, nil
	var columns []int
	for j, h := range t.Columns {
		keep := true
		for level, concept := range t.Levels {
			keep = keep && s.has(concept, h.Codes[level:level+1])
		}
		if keep {
			columns = append(columns, j)
			out.Columns = append(out.Columns, h)
		}
	}
	for _, r := range t.Rows {
		keep := true
		for concept := range s {
			if codes := t.rowCodes(r, concept); len(codes) > 0 {
				keep = keep && s.has(concept, codes)
			}
		}
		if !keep {
			continue
		}
		cells := make([]Cell, 0, len(columns))
		for _, j := range columns {
			cells = append(cells, r.Cells[j])
		}
		r.Cells = cells
		out.Rows = append(out.Rows, r)
	}
	out.explain(t)
	if note := t.made.selected(s); note != "" {
		out.Notes = append([]Note{{Kind: "selection", Text: note}}, out.Notes...)
	}
	out.charts()
	return &out
}

// has tells whether one of some codes is chosen.
func (s Selection) has(concept string, codes []string) bool {
	chosen, ok := s[concept]
	return !ok || slices.ContainsFunc(codes, func(c string) bool { return slices.Contains(chosen, c) })
}

// selected says that this is a part.
func (o *origin) selected(s Selection) string {
	if len(s) == 0 {
		return ""
	}
	return o.w.word("note.selection")
}

// explain keeps the notes, signs and sources of what is left, and numbers the notes anew.
func (t *Table) explain(whole *Table) {
	cited := map[string]bool{}
	for _, h := range t.Columns {
		cite(cited, h.Marks)
	}
	texts, ids, signs := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, r := range t.Rows {
		cite(cited, r.Marks)
		for _, c := range r.Cells {
			cite(cited, c.Marks)
			texts[strings.TrimSpace(c.Text)] = true
			signs["A B C D"] = signs["A B C D"] || c.Grade != ""
			signs["≥"] = signs["≥"] || c.Lower != nil && c.Upper == nil
			signs["≤"] = signs["≤"] || c.Lower == nil && c.Upper != nil
			if c.Lower != nil && c.Upper != nil && *c.Lower != *c.Upper {
				signs[whole.made.w.count(0)+"–"+whole.made.w.count(4)] = true
			}
			ids[c.SubmissionID] = true
			for _, id := range c.ObsIDs {
				ids[whole.made.files[id]] = true
			}
			for _, a := range c.Actions {
				ids[a.SubmissionID] = true
			}
		}
	}
	maps.Copy(signs, texts)
	maps.Copy(signs, cited)
	t.Symbols = slices.DeleteFunc(slices.Clone(whole.Symbols), func(s Symbol) bool { return !signs[s.Symbol] })
	t.Notes = slices.DeleteFunc(slices.Clone(whole.Notes), func(n Note) bool { return n.Mark != "" && !cited[n.Mark] })
	if whole.made.spec.Kind == kindFigures { // rows of cells name their files beside them
		t.Sources = slices.DeleteFunc(slices.Clone(whole.Sources), func(s Source) bool { return !ids[s.SubmissionID] })
	}
	number, n := map[string]string{}, 0
	for i, note := range t.Notes {
		if _, err := strconv.Atoi(note.Mark); err != nil {
			continue
		}
		if number[note.Mark] == "" {
			n++
			number[note.Mark] = strconv.Itoa(n)
		}
		t.Notes[i].Mark = number[note.Mark]
	}
	for j := range t.Columns {
		t.Columns[j].Marks = renumber(t.Columns[j].Marks, number)
	}
	for i := range t.Rows {
		t.Rows[i].Marks = renumber(t.Rows[i].Marks, number)
		for j := range t.Rows[i].Cells {
			t.Rows[i].Cells[j].Marks = renumber(t.Rows[i].Cells[j].Marks, number)
		}
	}
}

func cite(cited map[string]bool, marks []string) {
	for _, m := range marks {
		cited[m] = true
	}
}

func renumber(marks []string, number map[string]string) (out []string) {
	for _, m := range marks {
		if n := number[m]; n != "" {
			m = n
		}
		out = append(out, m)
	}
	return out
}
