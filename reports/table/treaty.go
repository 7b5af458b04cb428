package table

import (
	"context"
	"slices"
	"strings"
)

// list is the newest status list of one instrument.
type list struct{ submission, date string }

// bindings are the actions by which a State consents to be bound.
var bindings = []string{"RATIFICATION", "ACCESSION", "ACCEPTANCE", "APPROVAL", "SUCCESSION", "CONSENT_U"}

// treaties fills a table of treaty status as of a day. Only depositaries'
// lists are read, which name every State that acted: a State that such a list
// does not name did not act. Without a list, nothing is known.
func (b *builder) treaties(ctx context.Context) error {
	lists, newest, err := b.lists(ctx)
	if err != nil {
		return err
	}
	if b.p.AsOf == "" {
		b.p.AsOf = newest
	}
	level := b.spec.Columns[0]
	codes := slices.Clone(level.Codes)
	if level.Present {
		codes = slices.DeleteFunc(codes, func(c string) bool { _, ok := lists[c]; return !ok })
	}
	if b.p.AsOf == "" || len(codes) == 0 {
		b.general = append(b.general, &draft{kind: "coverage", text: b.w.word("note.nodata")})
		codes = nil
	}
	for _, code := range codes {
		h := b.heading([]string{code})
		key := "note.treaty"
		switch l, ok := lists[code]; {
		case !ok:
			key = "note.treaty.none"
		case l.date == "":
			key = "note.treaty.undated"
		}
		b.mark(&h.notes, b.draft("period", b.w.word(key, "instrument", h.Labels[0], "date", b.w.date(lists[code].date))))
		b.t.Columns = append(b.t.Columns, h)
		if l, ok := lists[code]; ok {
			b.submissions[l.submission] = true
		}
	}
	if b.p.AsOf != "" { // no status list: of no day
		key := "head.asof"
		for _, code := range codes {
			if l := lists[code]; l.date != "" && l.date < b.p.AsOf {
				key = "head.asof.far"
			}
		}
		b.t.Measure += ". " + b.w.word(key, "date", b.w.date(b.p.AsOf))
	}
	actions, err := b.actions(ctx)
	if err != nil {
		return err
	}
	parties := make([]float64, len(codes))
	for _, area := range b.states {
		r := Row{Kind: SeriesRow, Area: area, Cells: make([]Cell, len(codes))}
		for _, st := range b.spec.Stub {
			l := Label{}
			if st.Column == colArea {
				l = Label{Code: area, Name: b.v.label("CL_AREA", area, b.p.Lang), Text: b.v.label("CL_AREA", area, b.p.Lang)}
			}
			r.Stub = append(r.Stub, l)
		}
		for i, code := range codes {
			if _, ok := lists[code]; !ok {
				r.Cells[i] = b.silence()
				continue
			}
			var party bool
			r.Cells[i], party = b.status(actions[area+sep+code])
			if party && len(b.v.members[area]) > 0 {
				parties[i]++
			}
		}
		b.t.Rows = append(b.t.Rows, r)
	}
	if len(codes) > 0 {
		b.parties(parties, codes, lists)
	}
	b.members(b.p.AsOf)
	return nil
}

// lists finds the newest status list of each instrument, and the last day to
// which one of them goes.
func (b *builder) lists(ctx context.Context) (map[string]list, string, error) {
	lists, newest := map[string]list{}, ""
	err := b.r.each(ctx, "reference_dates", nil, func(scan func(...any) error) error {
		var instrument string
		var l list
		if err := scan(&instrument, &l.submission, &l.date); err != nil {
			return err
		}
		lists[instrument] = l
		newest = max(newest, l.date)
		return nil
	})
	return lists, newest, err
}

// actions reads what each State did under each instrument up to the day.
func (b *builder) actions(ctx context.Context) (map[string][]Action, error) {
	out := map[string][]Action{}
	if b.p.AsOf == "" {
		return out, nil
	}
	states, err := b.areas()
	if err != nil {
		return nil, err
	}
	params := map[string]any{"states": states, "as_of": b.p.AsOf}
	want := []string{colArea, "INSTRUMENT", "ACTION", "ACTION_DATE", "SUBMISSION_ID", "ROW_SEQ", "SHEET", "CELL", "RAW_TEXT"}
	err = b.r.records(ctx, b.spec, params, want, func(text map[string]string, raw map[string]any) error {
		key := text[colArea] + sep + text["INSTRUMENT"]
		out[key] = append(out[key], Action{SubmissionID: text["SUBMISSION_ID"], RowSeq: integer(raw["ROW_SEQ"]), Sheet: text["SHEET"],
			Cell: text["CELL"], Raw: text["RAW_TEXT"], Action: text["ACTION"], Date: text["ACTION_DATE"]})
		return nil
	})
	return out, err
}

// status says what a State's actions make it: party, signatory or neither.
func (b *builder) status(actions []Action) (Cell, bool) {
	slices.SortStableFunc(actions, func(x, y Action) int { return strings.Compare(x.Date, y.Date) })
	c := Cell{Status: "A", Text: b.w.word("treaty.none"), Actions: actions}
	if len(actions) > 0 {
		c.SubmissionID = actions[0].SubmissionID
	}
	for _, a := range actions {
		if slices.Contains(bindings, a.Action) {
			c.Text = b.w.word("treaty.party", "action", b.w.word("action."+a.Action), "date", b.w.date(a.Date))
			c.Derivation, c.TimePeriod = "party", a.Date
			return c, true
		}
	}
	for _, a := range actions {
		if a.Action == "SIGNATURE" {
			c.Text = b.w.word("treaty.signed", "date", b.w.date(a.Date))
			c.Derivation, c.TimePeriod = "signed", a.Date
		}
	}
	return c, false
}

// parties counts the States party to each instrument.
func (b *builder) parties(n []float64, codes []string, lists map[string]list) {
	members := 0
	for _, s := range b.states {
		if len(b.v.members[s]) > 0 {
			members++
		}
	}
	r := Row{Kind: CoveredRow}
	for _, st := range b.spec.Stub {
		l := Label{}
		if st.Column == colArea {
			l = Label{Code: "_T", Text: b.w.word("total.parties", "total", b.w.count(members))}
			l.Name = l.Text
		}
		r.Stub = append(r.Stub, l)
	}
	for i, code := range codes {
		c := Cell{Text: b.w.count(int(n[i])), Value: &n[i], Lower: &n[i], Upper: &n[i], Status: "A"}
		if _, ok := lists[code]; !ok {
			c = b.silence()
		}
		r.Cells = append(r.Cells, c)
	}
	b.t.Rows = append(b.t.Rows, r)
}
