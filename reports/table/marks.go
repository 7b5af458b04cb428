package table

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"database/sql"
)

// draft is a note before it has its number. Two places with the same words
// share one.
type draft struct {
	kind, text, mark string
}

func (b *builder) draft(kind, text string) *draft {
	key := kind + sep + text
	if b.drafts[key] == nil {
		b.drafts[key] = &draft{kind: kind, text: text}
	}
	return b.drafts[key]
}

// mark puts a note at a place, once.
func (b *builder) mark(at *[]*draft, d *draft) {
	same := func(o *draft) bool { return o == d || (d.mark != "" && o.mark == d.mark && o.text == d.text) }
	if !slices.ContainsFunc(*at, same) {
		*at = append(*at, d)
	}
}

// finish numbers the notes in the order in which a reader meets them, and puts
// all that explains the table below it.
func (b *builder) finish() {
	t := b.t
	n := 0
	var numbered []Note
	number := func(ds []*draft) []string {
		var marks []string
		for _, d := range ds {
			if d.mark == "" {
				n++
				d.mark = strconv.Itoa(n)
				numbered = append(numbered, Note{Mark: d.mark, Kind: d.kind, Text: d.text})
			}
			if !slices.Contains(marks, d.mark) {
				marks = append(marks, d.mark)
			}
		}
		slices.SortStableFunc(marks, func(x, y string) int {
			i, errX := strconv.Atoi(x)
			j, errY := strconv.Atoi(y)
			switch {
			case errX == nil && errY == nil:
				return cmp.Compare(i, j)
			case errX == nil:
				return -1
			case errY == nil:
				return 1
			}
			return cmp.Compare(x, y)
		})
		return marks
	}
	for i := range t.Columns {
		t.Columns[i].Marks = number(t.Columns[i].notes)
	}
	for i := range t.Rows {
		t.Rows[i].Marks = number(t.Rows[i].notes)
		for j := range t.Rows[i].Cells {
			t.Rows[i].Cells[j].Marks = number(t.Rows[i].Cells[j].notes)
		}
	}
	for _, text := range b.spec.Notes {
		t.Notes = append(t.Notes, Note{Kind: "fixed", Text: text[b.p.Lang]})
	}
	for _, d := range b.general {
		t.Notes = append(t.Notes, Note{Kind: d.kind, Text: d.text})
	}
	t.Notes = append(t.Notes, numbered...)
	for _, d := range b.lettered {
		t.Notes = append(t.Notes, Note{Mark: d.mark, Kind: d.kind, Text: d.text})
	}
	b.explainSymbols()
}

// explainSymbols lists the symbols that the table uses, in a fixed order.
func (b *builder) explainSymbols() {
	show := map[string]string{"range": b.w.count(0) + "–" + b.w.count(4), "atleast": "≥", "atmost": "≤", "grade": "A B C D"}
	for _, s := range []string{"-", "..", "...", "nc", "c", "range", "atleast", "atmost", "grade", "r"} {
		if b.symbols[s] {
			b.t.Symbols = append(b.t.Symbols, Symbol{Symbol: cmp.Or(show[s], s), Text: b.symbolText(s)})
		}
	}
	for _, s := range []string{"B", "D", "E", "F", "I", "N", "P", "U", "V"} {
		if b.symbols["status."+s] {
			mark := string(s[0] | 0x20)
			b.t.Symbols = append(b.t.Symbols, Symbol{Symbol: mark, Text: b.w.word("status." + s)})
		}
	}
}

// reasons puts the reasons of the grades as notes: at the row's label where
// all its figures share them, at the cell otherwise.
func (b *builder) reasons() {
	for i := range b.t.Rows {
		r := &b.t.Rows[i]
		count, figures := map[string]int{}, 0 // by text: rules for several indicators say the same
		texts := make([][]string, len(r.Cells))
		for j, c := range r.Cells {
			if !c.Figure() {
				continue
			}
			figures++
			for _, reason := range c.Reasons {
				if text := b.v.rule(reason, b.p.Lang); !slices.Contains(texts[j], text) {
					texts[j] = append(texts[j], text)
					count[text]++
				}
			}
		}
		for j := range r.Cells {
			for _, text := range texts[j] {
				at := &r.Cells[j].notes
				if count[text] == figures {
					at = &r.notes
				}
				b.mark(at, b.draft("comparability", text))
			}
		}
	}
}

// members puts a note at the label of each State that is not a member like
// the others on that day.
func (b *builder) members(day string) {
	for i := range b.t.Rows {
		r := &b.t.Rows[i]
		if text := b.v.membershipNote(b.w, r.Area, day); r.Area != "" && text != "" {
			b.mark(&r.notes, b.draft("membership", text))
		}
	}
}

// sources lists the files behind what is shown.
func (b *builder) sources(ctx context.Context) error {
	ids := make([]string, 0, len(b.submissions))
	for id := range b.submissions {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	list, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	return b.r.each(ctx, "sources", []any{sql.Named("ids", string(list))}, func(scan func(...any) error) error {
		var s Source
		if err := scan(&s.SubmissionID, &s.Agency, &s.File, &s.SHA256, &s.Layout, &s.Version, &s.Received, &s.ReferenceDate); err != nil {
			return err
		}
		s.AgencyLabel = b.v.label("CL_AGENCY", s.Agency, b.p.Lang)
		agency := s.Agency
		if s.AgencyLabel != s.Agency {
			agency += ", " + s.AgencyLabel
		}
		s.Text = b.w.word("source.line", "agency", agency, "file", s.File, "sha", s.SHA256[:min(12, len(s.SHA256))],
			"layout", s.Layout, "version", s.Version, "date", b.w.date(s.Received))
		b.t.Sources = append(b.t.Sources, s)
		return nil
	})
}
