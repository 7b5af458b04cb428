package table

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/collate"

	"github.com/oas/tipstat/transform/record"
)

// Params says which part of a table is wanted. The zero value is the whole
// table in English for the last years with data.
type Params struct {
	Lang     string   // en, es, pt or fr
	States   []string // codes of CL_AREA; empty: every OAS State
	FromYear int
	ToYear   int
	AsOf     string // YYYY-MM-DD, for treaties; empty: the day to which the sources go
	Since    string // YYYY-MM-DD, for revisions: those received after this day; empty: all
	// Control says what disclosure control the figures have passed before they
	// are read; nil: none.
	Control *Control
}

// Chooses tells whether the figures of a State and a year may be in a table.
func (p Params) Chooses(state string, year int) bool {
	return (len(p.States) == 0 || slices.Contains(p.States, state)) && year >= p.FromYear && (p.ToYear == 0 || year <= p.ToYear)
}

// Control is the disclosure control that figures have passed (transform/disclosure):
// counts of persons below the thresholds are withheld, and what would give them away.
type Control struct {
	Method         string  // suppression
	Threshold      float64 // of figures that were reported
	ThresholdCases float64 // of figures counted from case rows
	// Low and High are the least and the greatest of those that hold for some States or
	// records in place of Threshold; 0: there are none.
	Low, High float64
	// Rounding says how figures of persons were rounded, in place of being
	// withheld; nil: not at all.
	Rounding *Rounding
	// Trial is a table that is made to see what would be withheld: nobody else may have it.
	Trial bool
}

// maxYears bounds the columns that a call can ask for.
const maxYears = 100

// Build makes a table from the store. The same store and the same parameters
// give the same table.
func Build(ctx context.Context, db *sql.DB, spec Spec, p Params) (*Table, error) {
	return NewReader(db).Build(ctx, spec, p)
}

func (b *builder) build(ctx context.Context, p Params) (_ *Table, err error) {
	if err := b.params(p); err != nil {
		return nil, err
	}
	if err := b.chooseStates(); err != nil {
		return nil, err
	}
	spec := b.spec
	b.t = &Table{ID: spec.ID, Lang: b.p.Lang, Title: spec.Title[b.p.Lang], Question: spec.Question[b.p.Lang], Decimals: spec.Decimals,
		Paragraph: b.w.word("head.paragraph", "n", spec.Paragraph), Compact: spec.Compact, WideText: spec.wide(),
		Measure: b.w.word("head.measure", "measure", spec.Measure[b.p.Lang])}
	b.t.Released = p.Control != nil
	for _, s := range spec.Stub {
		b.t.Stub = append(b.t.Stub, Heading{Codes: []string{s.Column}, Labels: []string{s.Heading[b.p.Lang]}})
	}
	for _, l := range spec.Columns {
		b.t.Levels = append(b.t.Levels, l.From)
	}
	switch spec.Kind {
	case kindTreaties:
		err = b.treaties(ctx)
	case kindCells:
		err = b.cells(ctx)
	default:
		err = b.figures(ctx)
	}
	if err != nil {
		return nil, err
	}
	if err := b.sources(ctx); err != nil {
		return nil, err
	}
	b.rounded()
	b.finish()
	b.origin()
	b.t.charts()
	return b.t, nil
}

// release says whether the table may be published.
func (b *builder) release() *draft { return &draft{kind: "release", text: b.p.Release()} }

// Release says, in the language of the parameters, what disclosure control the
// figures have passed, and so whether they may be published.
func (p Params) Release() string {
	w := newWriter(p.Lang, 0)
	switch c := p.Control; {
	case c == nil:
		return w.word("note.release")
	case c.Trial:
		return w.word("note.trial")
	case c.Rounding != nil:
		return c.Rounding.note(w)
	default:
		text := w.word("note.released", "threshold", w.count(int(c.Threshold)), "cases", w.count(int(c.ThresholdCases)))
		if c.High > 0 {
			text += " " + w.word("note.released.others", "low", w.count(int(c.Low)), "high", w.count(int(c.High)))
		}
		return text
	}
}

// builder holds what the steps of Build share.
type builder struct {
	r    *Reader
	spec Spec
	p    Params
	w    writer
	v    *vocabulary
	t    *Table

	states   []string // rows, in the order of their names
	selected bool     // the caller named the States
	from, to int

	drafts      map[string]*draft
	general     []*draft // on the whole table, unnumbered
	lettered    []*draft
	symbols     map[string]bool
	submissions map[string]bool
	behind      map[int64]observation // the observations behind the cells, by id
}

func (b *builder) params(p Params) error {
	if p.Lang == "" {
		p.Lang = "en"
	}
	if !slices.Contains(record.Languages, p.Lang) {
		return fmt.Errorf("language %q; want one of %s", p.Lang, strings.Join(record.Languages, ", "))
	}
	if p.FromYear < 0 || p.ToYear < 0 || (p.FromYear > 0 && p.ToYear > 0 && p.FromYear > p.ToYear) {
		return fmt.Errorf("years %d to %d: the first must not be after the last", p.FromYear, p.ToYear)
	}
	for name, day := range map[string]string{"as-of": p.AsOf, "since": p.Since} {
		if _, _, _, ok := splitDate(day); day != "" && !ok {
			return fmt.Errorf("%s date %q; want YYYY-MM-DD", name, day)
		}
	}
	if _, err := texts(); err != nil {
		return err
	}
	b.p, b.w = p, newWriter(p.Lang, b.spec.Decimals)
	return nil
}

// chooseStates puts the States in the order of their names in the language.
func (b *builder) chooseStates() error {
	b.selected = len(b.p.States) > 0
	for _, s := range b.p.States {
		if _, ok := b.v.codes[codeKey{"CL_AREA", s}]; !ok && len(b.v.members[s]) == 0 {
			return fmt.Errorf("State %q is not in CL_AREA", s)
		}
		b.states = append(b.states, s)
	}
	if !b.selected {
		for s := range b.v.members {
			b.states = append(b.states, s)
		}
	}
	b.sortByLabel("CL_AREA", b.states)
	b.states = slices.Compact(b.states)
	return nil
}

// areas are the States as a select takes them, in one order for all languages.
func (b *builder) areas() (string, error) {
	list, err := json.Marshal(slices.Sorted(slices.Values(b.states)))
	return string(list), err
}

// sortByLabel sorts codes as a reader of the language looks them up.
func (b *builder) sortByLabel(list string, codes []string) {
	c := collate.New(numberTags[b.p.Lang])
	slices.SortFunc(codes, func(x, y string) int {
		if n := c.CompareString(b.v.label(list, x, b.p.Lang), b.v.label(list, y, b.p.Lang)); n != 0 {
			return n
		}
		return strings.Compare(x, y)
	})
}

// figures fills a table of figures.
func (b *builder) figures(ctx context.Context) error {
	obs, err := b.observations(ctx)
	if err != nil {
		return err
	}
	if err := b.derive(ctx, obs); err != nil {
		return err
	}
	if err := b.chooseYears(ctx, obs); err != nil {
		return err
	}
	b.columns(obs)
	b.rows(obs)
	b.reasons()
	b.periods()
	b.partials(obs)
	b.members(fmt.Sprintf("%04d-12-31", b.to))
	if err := b.conflicts(ctx); err != nil {
		return err
	}
	if err := b.remarks(ctx); err != nil {
		return err
	}
	if err := b.revisions(ctx); err != nil {
		return err
	}
	b.summary()
	b.totals()
	return nil
}

// chooseYears settles the years: those asked for, or the last with any figure.
func (b *builder) chooseYears(ctx context.Context, obs []observation) error {
	var with []int
	for _, o := range obs {
		if _, ok := o.annual(); !ok {
			continue
		}
		if lower, upper := o.value.bounds(); lower != nil || upper != nil || o.value.withheld() {
			with = append(with, o.year)
		}
	}
	if len(with) == 0 { // every State is silent: in the years of which the store speaks
		var err error
		if with, err = b.storeYears(ctx); err != nil {
			return err
		}
		b.general = append(b.general, &draft{kind: "coverage", text: b.w.word("note.nodata")})
		if err := b.elsewhere(ctx); err != nil {
			return err
		}
	}
	slices.Sort(with)
	with = slices.Compact(with)
	b.from, b.to = b.p.FromYear, b.p.ToYear
	if b.to == 0 {
		b.to = b.from
		if n := len(with); n > 0 {
			b.to = max(b.from, with[n-1])
		}
	}
	if b.from == 0 {
		b.from = max(1, b.to-b.spec.years()+1)
		i, found := slices.BinarySearch(with, b.to)
		if found {
			i++
		}
		if i > 0 { // the last years with data, up to the last year asked for
			b.from = min(with[max(0, i-b.spec.years())], b.to)
		}
	}
	if b.to-b.from >= maxYears {
		return fmt.Errorf("years %d to %d: at most %d years fit into a table", b.from, b.to, maxYears)
	}
	if b.to == 0 {
		b.from = 1 // no year at all: no year columns
	}
	return nil
}

// storeYears gives the years for which the store holds any figure.
func (b *builder) storeYears(ctx context.Context) (years []int, err error) {
	err = b.r.each(ctx, "years", nil, func(scan func(...any) error) error {
		var y int
		err := scan(&y)
		years = append(years, y)
		return err
	})
	return years, err
}

// shown tells whether an observation falls into the table's years.
func (b *builder) shown(o observation) bool { return o.year >= b.from && o.year <= b.to }

// columns makes the column headings: the cross product of the levels.
func (b *builder) columns(obs []observation) {
	met := map[string]bool{}
	levels := make([][]string, len(b.spec.Columns))
	for i, l := range b.spec.Columns {
		levels[i] = b.levelCodes(l, obs)
	}
	present := false
	for _, l := range b.spec.Columns {
		present = present || l.Present
	}
	for _, o := range obs {
		if _, ok := o.annual(); ok && b.shown(o) {
			met[b.columnKey(o)] = true
		}
	}
	combos := [][]string{nil}
	for _, codes := range levels {
		var next [][]string
		for _, c := range combos {
			for _, code := range codes {
				next = append(next, append(slices.Clone(c), code))
			}
		}
		combos = next
	}
	for _, c := range combos {
		if present && !met[strings.Join(c, sep)] {
			continue
		}
		b.t.Columns = append(b.t.Columns, b.heading(c))
	}
}

// sep parts the codes of a key; no code holds it.
const sep = "\x1f"

func (b *builder) heading(codes []string) Heading {
	h := Heading{Codes: codes}
	for i, code := range codes {
		label := b.v.label(b.spec.Columns[i].Codelist, code, b.p.Lang)
		if own := b.spec.Columns[i].Labels[code][b.p.Lang]; own != "" {
			label = own
		}
		h.Labels = append(h.Labels, label)
	}
	return h
}

func (b *builder) columnKey(o observation) string {
	var key []string
	for _, l := range b.spec.Columns {
		key = append(key, o.text[strings.ToUpper(l.From)])
	}
	return strings.Join(key, sep)
}

// levelCodes gives the codes of one level in their order.
func (b *builder) levelCodes(l LevelSpec, obs []observation) []string {
	if l.From == colYear {
		var years []string
		for y := b.from; y <= b.to; y++ {
			years = append(years, fmt.Sprintf("%04d", y))
		}
		return years
	}
	if len(l.Codes) > 0 {
		return l.Codes
	}
	seen := map[string]bool{}
	var codes []string
	for _, o := range obs {
		code := o.text[strings.ToUpper(l.From)]
		if _, ok := o.annual(); ok && b.shown(o) && !seen[code] {
			seen[code] = true
			codes = append(codes, code)
		}
	}
	if len(codes) == 0 && b.to > 0 { // every State is silent: the column of their silence
		return l.First
	}
	if l.Sort == "label" {
		b.sortByLabel(l.Codelist, codes)
	} else {
		slices.SortFunc(codes, func(x, y string) int {
			if n := b.v.position(l.Codelist, x) - b.v.position(l.Codelist, y); n != 0 {
				return n
			}
			return strings.Compare(x, y)
		})
	}
	rank := func(code string) int {
		if i := slices.Index(l.First, code); i >= 0 {
			return i - len(l.First)
		}
		return slices.Index(l.Last, code) + 1
	}
	slices.SortStableFunc(codes, func(x, y string) int { return rank(x) - rank(y) })
	return codes
}
