package layout

import (
	"cmp"
	"fmt"
	"hash/maphash"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

func mustConcept(id string) record.Concept {
	c, _ := record.ConceptOf(id) // structure.csv is ours; a test holds these ids against it
	return c
}

var (
	cFreq             = mustConcept("FREQ")
	cRefArea          = mustConcept("REF_AREA")
	cIndicator        = mustConcept("INDICATOR")
	cAge              = mustConcept("AGE")
	cTimePeriod       = mustConcept("TIME_PERIOD")
	cPeriodAsReported = mustConcept("PERIOD_AS_REPORTED")
	cObsStatus        = mustConcept("OBS_STATUS")
	cConfStatus       = mustConcept("CONF_STATUS")
	cSourceAgency     = mustConcept("SOURCE_AGENCY")
)

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

func (p period) String() string {
	if p.month == 0 {
		return strconv.Itoa(p.year)
	}
	return fmt.Sprintf("%04d-%02d", p.year, p.month)
}

// column is one entry of the layout bound to a column of the sheet.
type column struct {
	*Column
	col     int
	heading string
	when    []*condition
	list    string
	set     map[string]string            // of wide tables: concept → code for every value here
	maps    map[string]string            // normalised text → code
	sets    map[string]map[string]string // normalised text → concepts
	refuse  map[string]string
	missing map[string]bool
	bands   []band
	memo    map[memoKey]mapped
}

type band struct {
	from int
	code string
}

type memoKey struct {
	text string
	year int
}

// mapped is what a text became.
type mapped struct {
	code   string
	ok     bool
	repair bool
}

// newReader binds a layout to a sheet.
func newReader(l *Layout, codes *codelist.Set, fs FoundSheet, opts Options, log *log) (*reader, error) {
	r := &reader{l: l, codes: codes, opts: opts, log: log, file: opts.File, sheet: fs.Info.Name, fs: fs,
		header: map[int]string{}, carried: map[string]string{}, filed: map[int]FiledYear{}, months: map[int]map[int]record.Place{}, filled: map[int]*sheet.Cell{},
		extra: map[string]string{}, base: record.NewConcepts(), seen: map[uint64]bool{}, seed: maphash.MakeSeed()}
	for _, f := range l.Time.Filed {
		r.filed[f.Year] = f
	}
	r.base[cSourceAgency] = l.Agency
	for k, v := range l.Constants {
		if c, ok := record.ConceptOf(k); ok {
			r.base[c] = v
		}
	}
	byName := map[string]heading{}
	for _, h := range fs.fit.headings {
		if _, ok := byName[h.norm]; !ok {
			byName[h.norm] = h
		}
	}
	find := func(header string) (heading, bool) {
		for _, s := range spellings(header) {
			if h, ok := byName[s]; ok {
				return h, true
			}
		}
		return heading{}, false
	}
	bind := func(c Conditions) ([]*condition, error) {
		conds, err := c.compile()
		if err != nil {
			return nil, err
		}
		for _, one := range conds {
			if h, ok := find(one.header); ok {
				one.col = h.col
			}
		}
		slices.SortFunc(conds, func(a, b *condition) int { return cmp.Compare(a.col, b.col) })
		return conds, nil
	}
	for i := range l.Columns {
		def := &l.Columns[i]
		var at []heading
		if def.Header != "" {
			h, ok := find(def.Header)
			if !ok {
				if !def.Optional {
					f := record.NewFinding("TIP-L002", record.Place{File: r.file, Sheet: r.sheet, Cell: record.CellName(fs.HeaderRow, 1)})
					f.Expected, f.Found = strings.ReplaceAll(def.Header, "|", " / "), l.ID
					log.add(f)
				}
				continue
			}
			at = append(at, h)
		} else {
			re, err := regexp.Compile(def.Pattern)
			if err != nil {
				return nil, err
			}
			for _, h := range fs.fit.headings {
				if re.MatchString(h.text) {
					at = append(at, h)
				}
			}
		}
		for _, h := range at {
			c, err := r.newColumn(def, h, bind)
			if err != nil {
				return nil, err
			}
			r.carried[h.text] = c.carries()
			if c.Fill {
				r.filled[h.col] = nil
			}
			if c.Ignore != "" {
				continue
			}
			if c.Value || c.Treaty != nil {
				r.values = append(r.values, c)
			} else {
				r.columns = append(r.columns, c)
			}
		}
	}
	// The year decides which meaning of a label was in force: read it first.
	slices.SortStableFunc(r.columns, func(a, b *column) int { return cmp.Compare(timeRank(a), timeRank(b)) })
	for _, h := range fs.fit.headings {
		if _, ok := r.carried[h.text]; !ok {
			r.carried[h.text] = ""
			f := record.NewFinding("TIP-L004", record.Place{File: r.file, Sheet: r.sheet, Cell: record.CellName(fs.HeaderRow, h.col)})
			f.Found = clip(h.text, 60)
			log.add(f)
		}
		if l.Match.HeaderRows < 2 {
			r.header[h.col] = h.text
		}
	}
	if len(r.header) < 2 {
		clear(r.header)
	}
	for _, s := range l.OutOfScope {
		if len(s.When) == 0 {
			continue // named by sets of a column
		}
		conds, err := bind(s.When)
		if err != nil {
			return nil, err
		}
		r.scopes = append(r.scopes, &scope{s.Rule, conds})
	}
	var err error
	r.footer, err = bind(l.Footer)
	return r, err
}

func timeRank(c *column) int {
	switch c.Concept {
	case "YEAR", "DATE", "TIME_PERIOD":
		return 0
	case "REF_AREA":
		return 1
	}
	return 2
}

func (r *reader) newColumn(def *Column, h heading, bind func(Conditions) ([]*condition, error)) (*column, error) {
	c := &column{Column: def, col: h.col, heading: h.text, list: def.Codes, set: map[string]string{}, maps: map[string]string{},
		sets: map[string]map[string]string{}, refuse: map[string]string{}, missing: map[string]bool{}, memo: map[memoKey]mapped{}}
	var err error
	if c.when, err = bind(def.When); err != nil {
		return nil, err
	}
	if c.list == "" && def.Concept != "" {
		c.list, _ = listOf(def.Concept)
	}
	for t, code := range def.Map {
		c.maps[codelist.Normalise(t)] = code
	}
	for t, set := range def.Sets {
		c.sets[codelist.Normalise(t)] = set
	}
	for t, why := range def.Refuse {
		c.refuse[codelist.Normalise(t)] = why
	}
	maps.Copy(c.set, def.Set)
	if def.Years != nil {
		for _, m := range def.Years.Missing {
			c.missing[codelist.Normalise(m)] = true
		}
		for code, from := range def.Years.Bands {
			c.bands = append(c.bands, band{from, code})
		}
		slices.SortFunc(c.bands, func(a, b band) int { return cmp.Compare(b.from, a.from) })
	}
	if def.Pattern == "" {
		return c, nil
	}
	// A heading that carries codes is read like a label cell would be.
	re := regexp.MustCompile(def.Pattern) // compiled once already, by check
	m := re.FindStringSubmatch(h.text)
	for i, g := range re.SubexpNames() {
		if g == "" || i >= len(m) {
			continue
		}
		v := m[i]
		if list, _ := listOf(g); list != "" {
			match, ok := r.codes.Lookup(list, v, 0)
			if !ok {
				f := record.NewFinding("TIP-V004", record.Place{File: r.file, Sheet: r.sheet, Cell: record.CellName(r.fs.HeaderRow, h.col)})
				f.Found, f.Expected, f.Proposals = v, list, r.codes.Propose(list, v, 3)
				r.log.add(f)
			}
			v = match.Code
		}
		c.set[g] = v
	}
	return c, nil
}

// carries says in a few words what the column is read as.
func (c *column) carries() string {
	switch {
	case c.Ignore != "":
		return "not read: " + c.Ignore
	case c.Value:
		s := "value"
		for _, k := range sortedKeys(c.set) {
			s += " " + k + "=" + c.set[k]
		}
		return s
	case c.Treaty != nil:
		return "date of action"
	case c.Concept != "":
		return c.Concept
	}
	return "several concepts"
}

// label reads a cell that says what the figure is of.
func (r *reader) label(c *column) {
	text := r.text(c.col)
	if cell := r.cellAt(c.col); cell != nil && (cell.Kind == sheet.ErrorValue || cell.Kind == sheet.NoValue) {
		r.fail("TIP-V009", c.col, text, "")
		return
	}
	n := ""
	if len(c.sets) > 0 || len(c.refuse) > 0 {
		n = codelist.Normalise(text)
	}
	if why, ok := c.refuse[n]; ok && len(c.refuse) > 0 {
		r.failed = "TIP-V017"
		r.log.cell("TIP-V017", r.place(c.col), r.quote(c, text), why, nil)
		return
	}
	if len(c.sets) > 0 {
		set, ok := c.sets[n]
		if !ok {
			if c.Else != "" { // declared: what is not listed is set aside
				r.out = c.Else
				return
			}
			r.unmapped(c, text, "")
			return
		}
		for k, v := range set {
			if k == "out_of_scope" {
				r.out = v
				return
			}
			r.assign(k, v)
		}
		return
	}
	if c.Years != nil {
		r.age(c, text)
		return
	}
	switch c.Concept {
	case "YEAR":
		y, p := r.l.Time.readYear(text)
		if p != nil {
			r.fail(p.code, c.col, r.quote(c, text), p.expected)
		}
		r.time.year, r.time.reported = y, strings.TrimSpace(text)
		return
	case "MONTH":
		if m, ok := readMonth(text); ok {
			r.time.month = m
			return
		}
	case "QUARTER":
		q, ok := readQuarter(text)
		if !ok {
			r.fail("TIP-V012", c.col, r.quote(c, text), "Q1")
		}
		r.time.quarter = q
		return
	case "TIME_PERIOD":
		if p := r.l.Time.readWhole(text, &r.time); p != nil {
			r.fail(p.code, c.col, r.quote(c, text), p.expected)
		}
		return
	case "DATE":
		d, p := r.l.Time.date(text)
		if p != nil {
			r.fail(p.code, c.col, r.quote(c, text), p.expected)
			return
		}
		r.time.year, r.time.month = d.Year(), int(d.Month())
		return
	case "AREA_DETAIL":
		if t := strings.TrimSpace(text); t != "" {
			if was := r.extra["AREA_DETAIL"]; was != "" {
				t = was + " / " + t
			}
			r.extra["AREA_DETAIL"] = t
		}
		return
	}
	m := r.lookup(c, text)
	if !m.ok {
		r.unmapped(c, text, c.list)
		return
	}
	if m.repair {
		r.log.cell("TIP-V025", r.place(c.col), r.quote(c, text), m.code, nil)
	}
	r.assign(c.Concept, m.code)
}

func (r *reader) assign(concept, code string) {
	if c, ok := record.ConceptOf(concept); ok {
		r.cur[c] = code
		return
	}
	switch concept {
	case "MONTH":
		r.time.month, _ = readMonth(code)
	default:
		r.extra[concept] = code
	}
}

// lookup finds the code of a text: the layout's own map, then the list.
func (r *reader) lookup(c *column, text string) mapped {
	key := memoKey{text, r.time.year}
	if m, ok := c.memo[key]; ok {
		return m
	}
	n := codelist.Normalise(text)
	var m mapped
	if code, ok := c.maps[n]; ok {
		m = mapped{code: code, ok: true}
	} else if n == "" && c.Blank != "" {
		m = mapped{code: c.Blank, ok: true}
	} else if c.list == "" {
		m = mapped{code: strings.TrimSpace(text), ok: true}
	} else if found, ok := r.codes.Lookup(c.list, text, r.time.year); ok && n != "" {
		m = mapped{code: found.Code, ok: true, repair: found.How == "repaired"}
	} else if c.Else != "" {
		m = mapped{code: c.Else, ok: true}
	}
	if len(c.memo) < 1<<16 {
		c.memo[key] = m
	}
	return m
}

func (r *reader) unmapped(c *column, text, list string) {
	r.failed = "TIP-V004"
	var near []string
	if list != "" {
		near = r.codes.Propose(list, text, 3)
	}
	r.log.cell("TIP-V004", r.place(c.col), r.quote(c, text), cmp.Or(list, c.heading), near)
}

// quote gives a cell's text for a finding, unless it may tell of a person.
func (r *reader) quote(c *column, text string) string {
	if c.Free || r.l.Kind() == record.KindCase {
		return ""
	}
	return clip(strings.TrimSpace(text), 60)
}

func (r *reader) cellAt(col int) *sheet.Cell {
	if col < len(r.cells) {
		return r.cells[col]
	}
	return nil
}

// age turns years of age into a band.
func (r *reader) age(c *column, text string) {
	n := codelist.Normalise(text)
	if c.missing[n] || n == "" && c.Blank != "" {
		r.cur[cAge] = cmp.Or(c.Blank, "_U")
		return
	}
	years, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || years < 0 || years > c.Years.Max {
		r.fail("TIP-V013", c.col, r.quote(c, text), fmt.Sprintf("0–%d", c.Years.Max))
		return
	}
	for _, b := range c.bands {
		if years >= b.from {
			r.cur[cAge] = b.code
			return
		}
	}
}
