package table

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/collate"
)

// CellSpec is one column of a table of kind cells: a column of the select, and
// how it is written.
type CellSpec struct {
	Column  string `yaml:"column"`
	Heading Text   `yaml:"heading"`
	// As is figure (the column names observations by obs_id, one or a list to
	// be added up), difference (of the two columns in Of), number, date, codes
	// (one or a list, with a codelist or words) or text (the default), which is
	// shown as it stands.
	As       string          `yaml:"as"`
	Of       []string        `yaml:"of"`
	Codelist string          `yaml:"codelist"`
	Words    map[string]Text `yaml:"words"` // labels of codes that stand in no code list
}

func (s Spec) checkCells() []error {
	var errs []error
	if s.Kind != kindCells && len(s.Cells) > 0 {
		errs = append(errs, fmt.Errorf("cells: only a table of kind cells has them"))
	}
	columns := map[string]bool{}
	for _, c := range s.Cells {
		columns[c.Column] = true
	}
	for _, c := range s.Cells {
		add := func(format string, args ...any) {
			errs = append(errs, fmt.Errorf("cell "+c.Column+": "+format, args...))
		}
		if l, bad := c.Heading.missing(); bad {
			add("heading has no text in %q", l)
		}
		if !slices.Contains([]string{"", "text", "figure", "difference", "number", "date", "codes"}, c.As) {
			add("as is %q; want figure, difference, number, date, codes or text", c.As)
		}
		if (c.As == "difference") != (len(c.Of) == 2) || (len(c.Of) == 2 && (!columns[c.Of[0]] || !columns[c.Of[1]])) {
			add("of must name two other columns of a difference")
		}
		if (c.As == "codes") != (c.Codelist != "" || len(c.Words) > 0) {
			add("codes, and they alone, need a codelist or words")
		}
		for code, t := range c.Words {
			if l, bad := t.missing(); bad {
				add("word %s has no text in %q", code, l)
			}
		}
	}
	return errs
}

// wide tells whether some cells hold words.
func (s Spec) wide() bool {
	return s.Kind == kindTreaties || slices.ContainsFunc(s.Cells, func(c CellSpec) bool {
		return !slices.Contains([]string{"figure", "difference", "number"}, c.As)
	})
}

// line is one row of the select of a table of cells.
type line struct {
	text map[string]string
	list map[string][]string
}

// cells fills a table whose select gives whole rows.
func (b *builder) cells(ctx context.Context) error {
	b.t.Levels = []string{"COLUMN"}
	for _, c := range b.spec.Cells {
		b.t.Columns = append(b.t.Columns, Heading{Codes: []string{c.Column}, Labels: []string{c.Heading[b.p.Lang]}})
	}
	lines, err := b.lines(ctx)
	if err != nil {
		return err
	}
	var ids []int64
	for _, l := range lines {
		for _, c := range b.spec.Cells {
			if c.As == "figure" {
				ids = append(ids, integers(l.list[c.Column])...)
			}
		}
	}
	byID, err := b.byID(ctx, ids)
	if err != nil {
		return err
	}
	ofState := b.spec.Stub[0].Column == colArea
	byArea := map[string][]line{}
	for _, l := range lines {
		area := ""
		if ofState {
			area = l.text[colArea]
		}
		byArea[area] = append(byArea[area], l)
	}
	areas := []string{""} // one group: rows that are not one State's
	if ofState {
		areas = b.states
	}
	for _, area := range areas {
		if area != "" && len(byArea[area]) == 0 && !b.spec.Listed {
			b.t.Rows = append(b.t.Rows, b.absent(area))
		}
		for _, l := range byArea[area] {
			r, err := b.line(l, byID)
			if err != nil {
				return err
			}
			b.t.Rows = append(b.t.Rows, r)
		}
	}
	b.reasons()
	day := "9999-12-31" // as things stand
	if b.to > 0 {
		day = fmt.Sprintf("%04d-12-31", b.to)
	}
	b.members(day)
	if err := b.remarks(ctx); err != nil {
		return err
	}
	b.general = append(b.general, b.release())
	if len(lines) == 0 {
		key := "note.nodata"
		if b.spec.Listed {
			key = "note.nothing"
		}
		b.general = append(b.general, &draft{kind: "coverage", text: b.w.word(key)})
	}
	return nil
}

// lines runs the select and keeps the years asked for, or the last ones.
func (b *builder) lines(ctx context.Context) ([]line, error) {
	states, err := b.areas()
	if err != nil {
		return nil, err
	}
	var want []string
	for _, s := range b.spec.Stub {
		want = append(want, s.Column)
	}
	for _, c := range b.spec.Cells {
		if c.As != "difference" {
			want = append(want, c.Column)
		}
	}
	from, to := b.p.FromYear, b.p.ToYear
	if to == 0 {
		to = 9999
	}
	params := map[string]any{"states": states, "from_year": from, "to_year": to, "since": b.p.Since, "as_of": b.p.AsOf}
	maps.Copy(params, b.spec.Bind)
	var out []line
	var years []int
	err = b.r.records(ctx, b.spec, params, want, func(text map[string]string, raw map[string]any) error {
		l := line{text: text, list: map[string][]string{}}
		for name, v := range raw {
			l.list[name] = asTexts(v)
		}
		for _, id := range l.list["SUBMISSION_ID"] {
			b.submissions[id] = true
		}
		if y, err := strconv.Atoi(text[colYear]); err == nil {
			years = append(years, y)
		}
		out = append(out, l)
		return nil
	})
	if err != nil {
		return nil, err
	}
	b.from, b.to = b.p.FromYear, b.p.ToYear
	slices.Sort(years)
	years = slices.Compact(years)
	if n := len(years); n > 0 {
		if b.to == 0 {
			b.to = years[n-1]
		}
		if b.from == 0 && b.spec.Years > 0 {
			b.from = years[max(0, n-b.spec.Years)]
		}
		out = slices.DeleteFunc(out, func(l line) bool {
			y, err := strconv.Atoi(l.text[colYear])
			return err == nil && (y < b.from || y > b.to)
		})
	}
	b.sortLines(out)
	return out, nil
}

// sortLines puts rows into the order of the labels of their first columns that
// have a code list; those alike keep the order of the select.
func (b *builder) sortLines(lines []line) {
	c := collate.New(numberTags[b.p.Lang])
	slices.SortStableFunc(lines, func(x, y line) int {
		for _, s := range b.spec.Stub {
			if s.Codelist != "CL_AREA" {
				return 0
			}
			if n := c.CompareString(b.v.label(s.Codelist, x.text[s.Column], b.p.Lang), b.v.label(s.Codelist, y.text[s.Column], b.p.Lang)); n != 0 {
				return n
			}
		}
		return 0
	})
}

// line makes one row.
func (b *builder) line(l line, byID map[int64]observation) (Row, error) {
	r := Row{Kind: SeriesRow, Area: l.text[colArea]}
	for _, s := range b.spec.Stub {
		code := l.text[s.Column]
		name := s.name(b.v, code, b.p.Lang)
		label := Label{Code: code, Name: name, Text: name}
		if s.Show == "code" {
			label.Text = code
		}
		r.Stub = append(r.Stub, label)
	}
	values := map[string]quantity{}
	for _, c := range b.spec.Cells {
		text := l.text[c.Column]
		var cell Cell
		switch {
		case c.As == "figure":
			obs, err := pick(byID, integers(l.list[c.Column]))
			if err != nil {
				return r, err
			}
			values[c.Column] = added(obs)
			cell = b.sum(obs)
		case c.As == "difference":
			cell = b.quantityCell(difference(values[c.Of[0]], values[c.Of[1]]))
		case text == "" || text == "[]":
			cell = b.silence()
		case c.As == "number":
			n, err := strconv.ParseFloat(text, 64)
			if err != nil {
				return r, fmt.Errorf("table %s: column %s: %w", b.spec.ID, c.Column, err)
			}
			cell = b.quantityCell(quantity{number: &n, status: "A"})
		case c.As == "date":
			cell = Cell{Text: b.w.date(text), Status: "A"}
		case c.As == "codes":
			var names []string
			for _, code := range l.list[c.Column] {
				name := b.v.label(c.Codelist, code, b.p.Lang)
				if t := c.Words[code][b.p.Lang]; t != "" {
					name = t
				}
				names = append(names, name)
			}
			cell = Cell{Text: strings.Join(names, "; "), Status: "A"}
		default:
			cell = Cell{Text: text, Status: "A"}
		}
		r.Cells = append(r.Cells, cell)
	}
	return r, nil
}

// sum shows several observations added up.
func (b *builder) sum(obs []observation) Cell {
	if len(obs) == 0 {
		return b.silence()
	}
	o := obs[0]
	if len(obs) > 1 {
		o.value, o.parts = added(obs), obs
		o.grade, o.reasons = worst(obs)
	}
	return b.cell(o)
}

// quantityCell shows what stands on no single observation.
func (b *builder) quantityCell(q quantity) Cell {
	text, symbol := q.text(b.w)
	if symbol != "" {
		b.symbols[symbol] = true
	}
	c := Cell{Text: text, Status: q.status}
	c.Lower, c.Upper = q.bounds()
	if c.Lower != nil && c.Upper != nil && *c.Lower == *c.Upper {
		c.Value = c.Lower
	}
	return c
}

// difference gives x-y within its bounds.
func difference(x, y quantity) quantity {
	if q, ok := undefined(x, y); ok {
		return quantity{status: q.status}
	}
	xl, xu := x.bounds()
	yl, yu := y.bounds()
	var lower, upper *float64
	if xl != nil && yu != nil {
		lower = num(*xl - *yu)
	}
	if xu != nil && yl != nil {
		upper = num(*xu - *yl)
	}
	return between(lower, upper)
}

// asTexts gives a value of the select as a list of texts.
func asTexts(v any) []string {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		var out []string
		for _, e := range v {
			if s := asText(e); s != "" {
				out = append(out, s)
			}
		}
		return out
	}
	return []string{asText(v)}
}

func integers(list []string) []int64 {
	var out []int64
	for _, s := range list {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			continue
		}
		out = append(out, n)
	}
	return out
}
