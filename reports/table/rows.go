package table

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/collate"
)

// series is the material of one row.
type series struct {
	stub  []string // codes of the stub columns
	id    []string // codes of seriesColumns
	split []string // values of the columns that part it from its like
	obs   []observation
}

// seriesColumns tell one series from another, whether the stub shows them or not.
var seriesColumns = []string{colArea, colAgency, colLayout, colUnit, colVictim, "INDICATOR"}

// splitColumns part a series further, where it would put two figures in one cell.
var splitColumns = []string{"IDENTIFIED_BY", "COVERAGE", "LEGAL_ARTICLE", "PERIOD_KIND"}

// splitLists are the code lists of columns that may have to be shown to tell two rows apart.
var splitLists = map[string]string{colUnit: "CL_COUNTING_UNIT", colVictim: "CL_VICTIM_STATUS", "IDENTIFIED_BY": "CL_IDENTIFIED_BY",
	"COVERAGE": "CL_COVERAGE", "INDICATOR": "CL_INDICATOR"}

// groupSeries puts observations into rows: one State, source, layout, counting
// unit and kind of victim each.
func (b *builder) groupSeries(obs []observation) []series {
	isLevel := func(col string) bool {
		return slices.ContainsFunc(b.spec.Columns, func(l LevelSpec) bool { return strings.EqualFold(l.From, col) })
	}
	byKey := map[string]*series{}
	var order []string
	for _, o := range obs {
		if !b.shown(o) {
			continue
		}
		var s series
		for _, c := range b.spec.Stub {
			s.stub = append(s.stub, o.text[strings.ToUpper(c.Column)])
		}
		for _, c := range seriesColumns {
			v := o.text[c]
			if isLevel(c) {
				v = ""
			}
			s.id = append(s.id, v)
		}
		key := strings.Join(s.stub, sep) + sep + sep + strings.Join(s.id, sep)
		if byKey[key] == nil {
			byKey[key] = &s
			order = append(order, key)
		}
		byKey[key].obs = append(byKey[key].obs, o)
	}
	var out []series
	for _, key := range order {
		out = append(out, b.part(*byKey[key])...)
	}
	return out
}

// part splits a series in which two figures would share a cell by what tells
// them apart, so that none is chosen in silence.
func (b *builder) part(s series) []series {
	cells := map[string][]observation{}
	var keys []string
	for _, o := range s.obs {
		if _, ok := o.annual(); !ok {
			continue
		}
		k := b.columnKey(o)
		if cells[k] == nil {
			keys = append(keys, k)
		}
		cells[k] = append(cells[k], o)
	}
	var by []string
	for _, c := range splitColumns {
		differs := slices.ContainsFunc(keys, func(k string) bool {
			os := newest(cells[k])
			return slices.ContainsFunc(os, func(o observation) bool { return splitValue(o, c) != splitValue(os[0], c) })
		})
		if differs {
			by = append(by, c)
		}
	}
	if len(by) == 0 {
		return []series{s}
	}
	parts := map[string]*series{}
	var order []string
	for _, o := range s.obs {
		values := make([]string, len(splitColumns))
		for i, c := range splitColumns {
			if slices.Contains(by, c) {
				values[i] = splitValue(o, c)
			}
		}
		key := strings.Join(values, sep)
		if parts[key] == nil {
			parts[key] = &series{stub: s.stub, id: s.id, split: values}
			order = append(order, key)
		}
		parts[key].obs = append(parts[key].obs, o)
	}
	var out []series
	for _, key := range order {
		out = append(out, *parts[key])
	}
	return out
}

func splitValue(o observation, col string) string {
	if col != "PERIOD_KIND" {
		return o.text[col]
	}
	if s, ok := o.annual(); ok && !s.calendar() {
		return fmt.Sprintf("%02d", mod12(s.start)+1)
	}
	return ""
}

// newest keeps what the newest of the files says: an older one may still be
// current for another breakdown that leads to the same figure.
func newest(os []observation) []observation {
	last := int64(-1)
	for _, o := range os {
		last = max(last, o.seq)
	}
	return slices.DeleteFunc(slices.Clone(os), func(o observation) bool { return o.seq != last })
}

// rows makes the rows: every series, and one for each State without any.
func (b *builder) rows(obs []observation) {
	column := map[string]int{}
	for i, h := range b.t.Columns {
		column[strings.Join(h.Codes, sep)] = i
	}
	var all []series
	has := map[string]bool{}
	for _, s := range b.groupSeries(obs) {
		all = append(all, s)
		has[s.id[0]] = true
	}
	b.sortSeries(all)
	labels := b.stubLabels(all)
	byArea := map[string][]int{}
	for i, s := range all {
		byArea[s.id[0]] = append(byArea[s.id[0]], i)
	}
	for _, area := range b.states {
		if !has[area] {
			b.t.Rows = append(b.t.Rows, b.absent(area))
			continue
		}
		for _, i := range byArea[area] {
			b.t.Rows = append(b.t.Rows, b.row(all[i], labels[i], column))
		}
	}
}

func (b *builder) sortSeries(all []series) {
	c := collate.New(numberTags[b.p.Lang])
	slices.SortStableFunc(all, func(x, y series) int {
		for i, st := range b.spec.Stub {
			if x.stub[i] == y.stub[i] {
				continue
			}
			if n := st.rank(b.v, x.stub[i]) - st.rank(b.v, y.stub[i]); n != 0 && st.Codelist != "CL_AREA" {
				return n
			}
			if n := c.CompareString(b.v.label(st.Codelist, x.stub[i], b.p.Lang), b.v.label(st.Codelist, y.stub[i], b.p.Lang)); n != 0 {
				return n
			}
			return cmp.Compare(x.stub[i], y.stub[i])
		}
		return cmp.Or(slices.Compare(x.id, y.id), slices.Compare(x.split, y.split))
	})
}

// stubLabels gives the labels of each series; series that would read the same
// are told apart by what differs between them.
func (b *builder) stubLabels(all []series) [][]Label {
	out := make([][]Label, len(all))
	same := map[string][]int{}
	for i, s := range all {
		for j, st := range b.spec.Stub {
			name := st.name(b.v, s.stub[j], b.p.Lang)
			l := Label{Code: s.stub[j], Name: name, Text: name}
			if st.Show == "code" {
				l.Text = l.Code
			}
			out[i] = append(out[i], l)
		}
		key := strings.Join(s.stub, sep)
		same[key] = append(same[key], i)
	}
	at := max(0, slices.IndexFunc(b.spec.Stub, func(s StubSpec) bool { return s.Column == colAgency }))
	columns := slices.Concat(seriesColumns, splitColumns)
	value := func(s series, c int) string {
		if c < len(s.id) {
			return s.id[c]
		}
		if c -= len(s.id); c < len(s.split) {
			return s.split[c]
		}
		return ""
	}
	for _, group := range same {
		if len(group) < 2 {
			continue
		}
		for c, col := range columns {
			first := value(all[group[0]], c)
			if !slices.ContainsFunc(group, func(i int) bool { return value(all[i], c) != first }) {
				continue
			}
			for _, i := range group {
				if v := value(all[i], c); v != "" {
					out[i][at].Text += " · " + b.v.label(splitLists[col], v, b.p.Lang)
				}
			}
		}
	}
	return out
}

func (b *builder) absent(area string) Row {
	r := Row{Kind: AbsentRow, Area: area, Cells: make([]Cell, len(b.t.Columns))}
	for _, st := range b.spec.Stub {
		var l Label
		switch st.Column {
		case colArea:
			l = Label{Code: area, Name: b.v.label("CL_AREA", area, b.p.Lang)}
			l.Text = l.Name
		case colYear:
			switch {
			case b.to == 0: // the store holds no year
			case b.from == b.to:
				l.Text = fmt.Sprint(b.to)
			default:
				l.Text = fmt.Sprintf("%d–%d", b.from, b.to)
			}
			l.Name = l.Text
		}
		r.Stub = append(r.Stub, l)
	}
	for i := range r.Cells {
		r.Cells[i] = b.silence()
	}
	return r
}

// silence is a cell for which no source said anything. It is never a zero.
func (b *builder) silence() Cell {
	b.symbols[".."] = true
	return Cell{Text: "..", Status: "O"}
}

func (b *builder) row(s series, labels []Label, column map[string]int) Row {
	r := Row{Kind: SeriesRow, Stub: labels, Cells: make([]Cell, len(b.t.Columns)),
		Area: s.id[0], SourceAgency: s.id[1], Layout: s.id[2], CountingUnit: s.id[3], VictimStatus: s.id[4]}
	var group []string
	for i, st := range b.spec.Stub {
		switch strings.ToUpper(st.Column) {
		case colArea, colAgency, colLayout, colUnit, colVictim:
		default:
			group = append(group, s.stub[i])
		}
	}
	r.group = strings.Join(group, sep)
	at := make([][]observation, len(r.Cells))
	for _, o := range s.obs {
		if _, ok := o.annual(); !ok {
			continue
		}
		if i, ok := column[b.columnKey(o)]; ok {
			at[i] = append(at[i], o)
		}
	}
	for i, os := range at {
		os = newest(os)
		switch {
		case len(os) == 0:
			r.Cells[i] = b.silence()
		case b.agree(os):
			r.Cells[i] = b.cell(os[0])
		default:
			r.Cells[i] = b.twice(os)
		}
	}
	return r
}

// agree tells whether several observations of one cell say the same.
func (b *builder) agree(os []observation) bool {
	first, _ := os[0].value.text(b.w)
	return !slices.ContainsFunc(os, func(o observation) bool {
		t, _ := o.value.text(b.w)
		return t != first
	})
}

// cell shows one observation.
func (b *builder) cell(o observation) Cell {
	text, symbol := o.value.text(b.w)
	if symbol != "" {
		b.symbols[symbol] = true
	}
	if symbol == "atleast" && slices.ContainsFunc(o.parts, func(p observation) bool { return p.value.withheld() }) {
		b.symbols["atleast.withheld"] = true
	}
	lower, upper := o.value.bounds()
	c := Cell{Text: text, Lower: lower, Upper: upper, Status: o.value.status,
		TimePeriod: o.text["TIME_PERIOD"], PeriodAsReported: o.text["PERIOD_AS_REPORTED"], Derivation: o.text["DERIVATION"],
		Missing: o.value.missing, SubmissionID: o.text["SUBMISSION_ID"], seq: o.seq}
	b.stand(&c, o)
	if len(o.parts) > 0 {
		c.Derivation = "derived"
	}
	if lower != nil && upper != nil && *lower == *upper {
		c.Value = lower
	}
	if o.text["COMMENT_OBS"] == "conflict" {
		key := "note.unclear"
		if c.Figure() {
			key = "note.unclear.part"
		}
		b.mark(&c.notes, b.draft("conflict", b.w.word(key)))
	}
	if !c.Figure() {
		return c
	}
	c.Grade, c.Reasons = o.grade, o.reasons
	if c.Grade != "" {
		b.symbols["grade"] = true
	}
	for _, p := range append([]observation{o}, o.parts...) {
		if key := "status." + p.value.status; Word(b.p.Lang, key) != key {
			b.symbols[key] = true
			b.mark(&c.notes, &draft{kind: "status", text: key, mark: strings.ToLower(p.value.status)})
		}
	}
	return c
}

// twice stands where one source gives unlike figures for one thing.
func (b *builder) twice(os []observation) Cell {
	c := b.silence()
	var list []string
	for _, o := range os {
		text, _ := o.value.text(b.w)
		list = append(list, text)
		b.stand(&c, o)
	}
	c.TimePeriod, c.SubmissionID = os[0].text["TIME_PERIOD"], os[0].text["SUBMISSION_ID"]
	b.mark(&c.notes, b.draft("conflict", b.w.word("note.twice", "n", b.w.count(len(os)), "list", strings.Join(list, "; "))))
	return c
}
