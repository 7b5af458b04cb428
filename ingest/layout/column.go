package layout

import (
	"cmp"
	"hash/maphash"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/oas/tipstat/ingest/gate"
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

// column is one entry of the layout bound to a column of the sheet.
type column struct {
	*Column
	col     int
	heading string
	when    []*condition
	list    string
	set     map[string]string            // of wide tables: concept → code for every value here
	maps    map[string]string            // key of a text → code
	sets    map[string]map[string]string // key of a text → concepts
	refuse  map[string]string
	missing map[string]bool
	bands   []band
	memo    map[memoKey]mapped
	keys    map[string]string // text → its key: rows repeat their labels
}

// memoSize bounds what is remembered of a column: one of free text must not
// fill the memory.
const memoSize = 1 << 16

// keyOf gives the key of a text of this column.
func (c *column) keyOf(text string) string {
	k, ok := c.keys[text]
	if !ok {
		k = key(text)
		if len(c.keys) < memoSize {
			c.keys[text] = k
		}
	}
	return k
}

// setsAside tells whether some text of the column puts its row out of scope.
func (c *column) setsAside() bool {
	if len(c.sets) == 0 {
		return false
	}
	if c.Else != "" {
		return true
	}
	for _, set := range c.sets {
		if set["out_of_scope"] != "" {
			return true
		}
	}
	return false
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
		carried: map[string]string{}, filed: map[int]FiledYear{}, months: map[int]map[int]record.Place{}, filled: map[int]*sheet.Cell{},
		extra: map[string]string{}, cur: record.NewConcepts(), seen: map[uint64]bool{}, seed: maphash.MakeSeed()}
	for _, f := range l.Time.Filed {
		r.filed[f.Year] = f
	}
	r.cur[cSourceAgency] = l.Agency
	for _, k := range sortedKeys(l.Constants) {
		r.assign(k, l.Constants[k]) // check read them once already
	}
	r.base, r.baseTime, r.baseExtra = slices.Clone(r.cur), r.time, maps.Clone(r.extra)
	byName := map[string]heading{}
	r.headed = map[int]bool{}
	kept := slices.DeleteFunc(slices.Clone(fs.fit.headings), func(h heading) bool {
		_, drop := l.drops(h)
		return drop
	})
	for _, h := range fs.fit.headings {
		r.headed[h.col] = true
		if _, drop := l.drops(h); drop {
			r.carried[h.text] = "dropped, not read"
		}
	}
	for _, h := range kept {
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
	missing := map[string]bool{}
	for i := range l.Columns {
		def := &l.Columns[i]
		var at []heading
		if def.Header != "" {
			h, ok := find(def.Header)
			if !ok {
				if !def.Optional && !missing[def.Header] {
					missing[def.Header] = true
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
			for _, h := range kept {
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
				if c.setsAside() {
					r.asides = append(r.asides, c)
				}
			}
		}
	}
	r.bindSDMX()
	// The year decides which meaning of a label was in force: read it first.
	slices.SortStableFunc(r.columns, func(a, b *column) int { return cmp.Compare(timeRank(a), timeRank(b)) })
	for _, h := range kept {
		if _, ok := r.carried[h.text]; !ok {
			shown := gate.Quoted(h.text, codes)
			r.carried[shown] = ""
			f := record.NewFinding("TIP-L004", record.Place{File: r.file, Sheet: r.sheet, Cell: record.CellName(fs.HeaderRow, h.col)})
			f.Found = clip(shown, 60)
			log.add(f)
		}
		if l.Match.HeaderRows < 2 {
			r.header = append(r.header, h)
		}
	}
	if len(r.header) < 2 {
		r.header = nil
	}
	// Whether a State has signed must be known before its consent is read.
	slices.SortStableFunc(r.values, func(a, b *column) int { return cmp.Compare(signRank(a), signRank(b)) })
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

func signRank(c *column) int {
	if c.Treaty != nil && c.Treaty.Action == "SIGNATURE" {
		return 0
	}
	return 1
}

func (r *reader) newColumn(def *Column, h heading, bind func(Conditions) ([]*condition, error)) (*column, error) {
	c := &column{Column: def, col: h.col, heading: h.text, list: def.Codes, set: map[string]string{}, maps: map[string]string{},
		sets: map[string]map[string]string{}, refuse: map[string]string{}, missing: map[string]bool{}, memo: map[memoKey]mapped{}, keys: map[string]string{}}
	var err error
	if c.when, err = bind(def.When); err != nil {
		return nil, err
	}
	if c.list == "" && def.Concept != "" {
		c.list, _ = columnList(def.Concept)
	}
	for t, code := range def.Map {
		c.maps[key(t)] = code
	}
	for t, set := range def.Sets {
		c.sets[key(t)] = set
	}
	for t, why := range def.Refuse {
		c.refuse[key(t)] = why
	}
	maps.Copy(c.set, def.Set)
	if def.Years != nil {
		for _, m := range def.Years.Missing {
			c.missing[key(m)] = true
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
	m := re.FindStringSubmatchIndex(h.text)
	for i, g := range re.SubexpNames() {
		if g == "" || 2*i+1 >= len(m) || m[2*i] < 0 {
			continue
		}
		v := strings.TrimSpace(h.text[m[2*i]:m[2*i+1]])
		list, _ := listOf(g)
		if list == "" {
			c.set[g] = v
			continue
		}
		at := record.Place{File: r.file, Sheet: r.sheet, Cell: record.CellName(r.fs.HeaderRow, h.col)}
		if code, ok := c.maps[key(v)]; ok && hasCode(r.codes, list, code) {
			c.set[g] = code
			continue
		}
		match, ok := r.codes.Lookup(list, v, 0)
		switch {
		case !ok:
			f := record.NewFinding("TIP-V004", at)
			f.Found, f.Expected, f.Proposals = clip(v, 60), list, r.codes.Propose(list, v, 3)
			r.log.add(f)
		case match.How == codelist.Repaired:
			f := record.NewFinding("TIP-V025", at)
			f.Found, f.Expected = clip(v, 60), match.Code
			r.log.add(f)
		}
		c.set[g] = match.Code
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
