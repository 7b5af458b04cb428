package table

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// periods notes what a year is where it is not the calendar year: once for a
// series whose years all run alike, at each figure otherwise.
func (b *builder) periods() {
	type year struct {
		place
		span
		reported string
	}
	bySeries := map[string][]year{}
	var order []string
	for i, r := range b.t.Rows {
		key := strings.Join([]string{r.Area, r.SourceAgency, r.Layout, r.CountingUnit, r.VictimStatus, r.Stub[0].Text}, sep)
		if bySeries[key] == nil {
			order = append(order, key)
		}
		for j, c := range r.Cells {
			s, ok := parsePeriod(c.TimePeriod)
			if !c.Figure() || !ok {
				continue
			}
			y := year{place{i, j}, s, c.PeriodAsReported}
			if y.reported == c.TimePeriod {
				y.reported = ""
			}
			bySeries[key] = append(bySeries[key], y)
		}
	}
	for _, key := range order {
		years := bySeries[key]
		var reported []string
		alike := true
		for _, y := range years {
			alike = alike && !y.calendar() && mod12(y.start) == mod12(years[0].start)
			if y.reported != "" && !slices.Contains(reported, y.reported) {
				reported = append(reported, y.reported)
			}
		}
		for _, y := range years {
			r := &b.t.Rows[y.row]
			switch {
			case alike && len(years) > 1:
				text := b.w.word("note.fiscal", "period", b.w.year(years[0].span), "reported", b.reported(strings.Join(reported, ", ")))
				b.mark(&r.notes, b.draft("period", text))
			case !y.calendar() || y.reported != "":
				text := b.w.word("note.period", "period", b.w.months(y.span), "reported", b.reported(y.reported))
				b.mark(&r.Cells[y.col].notes, b.draft("period", text))
			}
		}
	}
}

func (b *builder) reported(s string) string {
	if s == "" {
		return ""
	}
	return b.w.word("note.reported", "period", s)
}

// partials lists what covers no year, and so stands in no year's column.
func (b *builder) partials(obs []observation) {
	type key struct{ id string }
	annual := map[string][]span{}
	parts := map[key][]observation{}
	var order []key
	for _, o := range obs {
		if s, ok := o.annual(); ok {
			annual[b.thing(o)] = append(annual[b.thing(o)], s)
		}
	}
	for _, o := range obs {
		// Beyond the last year with a whole year's figures there may be newer ones.
		if _, ok := o.annual(); ok || o.year < b.from || (o.year > b.to && b.p.ToYear > 0) {
			continue
		}
		if lower, upper := o.value.bounds(); b.spec.Derive != nil && lower == nil && upper == nil {
			continue
		}
		s, _ := parsePeriod(o.text["TIME_PERIOD"])
		if slices.ContainsFunc(annual[b.thing(o)], s.within) {
			continue
		}
		k := key{strings.Join([]string{o.text[colArea], o.text[colAgency], o.text[colLayout], o.text[colUnit], o.text[colVictim]}, sep)}
		if parts[k] == nil {
			order = append(order, k)
		}
		parts[k] = append(parts[k], o)
	}
	slices.SortFunc(order, func(x, y key) int { return strings.Compare(x.id, y.id) })
	for _, k := range order {
		for _, p := range longest(parts[k]) {
			b.partial(p)
		}
	}
}

// thing is what an observation is about, whatever its period.
func (b *builder) thing(o observation) string {
	var key []string
	for _, c := range seriesColumns {
		key = append(key, o.text[c])
	}
	for _, c := range b.spec.Stub {
		if c.Column != colYear {
			key = append(key, o.text[strings.ToUpper(c.Column)])
		}
	}
	for _, l := range b.spec.Columns {
		if l.From != colYear {
			key = append(key, o.text[strings.ToUpper(l.From)])
		}
	}
	return strings.Join(key, sep)
}

// run is a period, or several of one length in a row, with what stands there.
type run struct {
	span
	each int // months of one of its periods
	obs  []observation
}

// longest gives the periods that lie in no longer one, in their order; runs of
// periods of one length are taken together.
func longest(obs []observation) []run {
	byText := map[string]*run{}
	var all []*run
	for _, o := range obs {
		s, _ := parsePeriod(o.text["TIME_PERIOD"])
		if byText[s.text] == nil {
			byText[s.text] = &run{span: s, each: s.months}
			all = append(all, byText[s.text])
		}
		byText[s.text].obs = append(byText[s.text].obs, o)
	}
	slices.SortStableFunc(all, func(x, y *run) int {
		if x.start != y.start {
			return x.start - y.start
		}
		return y.months - x.months
	})
	var out []run
	for _, r := range all {
		if slices.ContainsFunc(all, func(o *run) bool { return o != r && r.within(o.span) && o.months > r.months }) {
			continue
		}
		if n := len(out); n > 0 && out[n-1].each == r.months && out[n-1].start+out[n-1].months == r.start && r.months > 0 {
			out[n-1].months += r.months
			out[n-1].obs = append(out[n-1].obs, r.obs...)
			continue
		}
		out = append(out, *r)
	}
	return out
}

func (b *builder) partial(p run) {
	o := p.obs[0]
	name := b.v.label("CL_AREA", o.text[colArea], b.p.Lang) + ", " + o.text[colAgency]
	period := b.w.months(p.span) + b.reported(o.text["PERIOD_AS_REPORTED"])
	text := b.w.word("note.partials", "row", name, "period", period, "n", b.w.count(len(p.obs)))
	if c := b.p.Control; c != nil && c.Rounding == nil {
		// Beside the next edition, or the year, it would tell what the months since then have.
		text = b.w.word("note.partial.kept", "row", name, "period", period)
	} else if len(p.obs) == 1 {
		value, symbol := o.value.text(b.w)
		if symbol != "" {
			b.symbols[symbol] = true
		}
		text = b.w.word("note.partial", "row", name, "period", period, "value", value)
	}
	b.submissions[o.text["SUBMISSION_ID"]] = true
	d := b.draft("partial", text)
	at := -1
	for i, r := range b.t.Rows {
		own := r.SourceAgency == o.text[colAgency] && r.Layout == o.text[colLayout] && r.CountingUnit == o.text[colUnit] && r.VictimStatus == o.text[colVictim]
		if r.Area == o.text[colArea] && (own || r.Kind == AbsentRow) {
			at = i
			if slices.ContainsFunc(r.Stub, func(l Label) bool { return l.Code == o.text[colYear] }) {
				break
			}
		}
	}
	if at < 0 {
		b.general = append(b.general, d)
		return
	}
	b.mark(&b.t.Rows[at].notes, d)
}

// place is where an observation is shown.
type place struct{ row, col int }

// places finds the cells that stand on each observation; totals come later
// and have the notes of their rows.
func (b *builder) places() (map[int64][]place, string, error) {
	at, ids := map[int64][]place{}, []int64{}
	for i, r := range b.t.Rows {
		for j, c := range r.Cells {
			for _, id := range c.ObsIDs {
				at[id] = append(at[id], place{i, j})
				ids = append(ids, id)
			}
		}
	}
	slices.Sort(ids)
	list, err := json.Marshal(ids)
	return at, string(list), err
}

func (b *builder) columnName(col int) string { return strings.Join(b.t.Columns[col].Labels, ", ") }

// rowName names a row in a note: the State, the source, and what else tells it apart.
func (b *builder) rowName(r Row) string {
	var parts []string
	for i, s := range b.spec.Stub {
		switch s.Column {
		case colUnit, colVictim:
		case colAgency:
			parts = append(parts, r.Stub[i].Code)
		default:
			parts = append(parts, r.Stub[i].Text)
		}
	}
	return strings.Join(parts, ", ")
}

// summary says what holds for the table as a whole.
func (b *builder) summary() {
	figures, censored := 0, 0
	with, withheld := map[string]bool{}, map[string]bool{}
	for _, r := range b.t.Rows {
		for _, c := range r.Cells {
			if c.Withheld() {
				withheld[r.Area] = true
			}
			if !c.Figure() {
				continue
			}
			figures++
			with[r.Area] = true
			if c.Value == nil && c.Missing == 0 {
				censored++
			}
		}
	}
	add := func(kind, text string) { b.general = append(b.general, &draft{kind: kind, text: text}) }
	b.general = append(b.general, b.release())
	maps.DeleteFunc(withheld, func(area string, _ bool) bool { return with[area] })
	if silent := len(b.states) - len(with) - len(withheld); silent > 0 && len(b.t.Columns) > 0 {
		add("coverage", b.w.word("note.absent", "n", b.w.count(silent), "total", b.w.count(len(b.states))))
	}
	if n := len(withheld); n > 0 { // reported: not to be taken for silent
		add("coverage", b.w.word("note.absent.withheld", "n", b.w.count(n), "total", b.w.count(len(b.states))))
	}
	if censored > 0 && (b.spec.Total == nil || !b.spec.Total.Alone) {
		add("censoring", b.w.word("note.censored", "n", b.w.count(censored), "total", b.w.count(figures)))
	}
	if b.from < b.to && slices.ContainsFunc(b.spec.Stub, func(s StubSpec) bool { return s.Column == colYear }) {
		add("coverage", b.w.word("note.rowyears"))
	}
	if b.spec.Compact && len(b.t.Columns) > 0 {
		var list []string
		for _, h := range b.t.Columns {
			if code := h.Codes[len(h.Codes)-1]; !strings.HasPrefix(code, "_") {
				list = append(list, code+" "+h.Labels[len(h.Labels)-1])
			}
		}
		add("codes", b.w.word("note.codes", "list", strings.Join(list, ", ")))
	}
}
