package layout

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

// checker gathers the faults of a layout.
type checker struct {
	l     *Layout
	codes *codelist.Set
	rules map[string]bool // out_of_scope rules
	errs  []error
}

func (k *checker) bad(format string, args ...any) {
	k.errs = append(k.errs, fmt.Errorf(format, args...))
}

// check finds every fault of a layout, not the first.
func (l *Layout) check(codes *codelist.Set) error {
	k := &checker{l: l, codes: codes, rules: map[string]bool{}}
	k.head()
	k.match()
	k.figures()
	k.time()
	for _, s := range l.OutOfScope {
		if s.Rule == "" || s.Why["en"] == "" {
			k.bad("out_of_scope: every rule needs a name and a reason (why.en)")
		}
		if s.Rule == "footer" {
			k.bad("out_of_scope: footer is the name of the rows under the table")
		}
		k.rules[s.Rule] = true
		k.conditions("out_of_scope."+s.Rule, s.When)
	}
	k.conditions("footer", l.Footer)
	k.drop()
	values := 0
	for i := range l.Columns {
		c := &l.Columns[i]
		if c.Value || c.Treaty != nil {
			values++
		}
		k.column(fmt.Sprintf("columns[%d] %s%s", i, c.Header, c.Pattern), c)
	}
	if l.Rows != "case" && values == 0 {
		k.bad("columns: none holds a value")
	}
	for _, b := range sortedKeys(l.Partitions) {
		for _, d := range l.Partitions[b] {
			if c, ok := record.ConceptOf(d); !ok || c.Component().Role != "dimension" {
				k.bad("partitions.%s: %q is no dimension", b, d)
			}
		}
	}
	return errors.Join(k.errs...)
}

func (k *checker) head() {
	l := k.l
	if l.ID == "" || l.Version == "" || l.Title["en"] == "" {
		k.bad("id, version and title.en are needed")
	}
	k.code("agency", "CL_AGENCY", l.Agency)
	for of := range strings.SplitSeq(l.Record, ",") {
		k.code("record", "CL_RECORD", of)
	}
	if !slices.Contains([]string{"figure", "case", "treaty"}, l.Rows) {
		k.bad("rows: want figure, case or treaty, have %q", l.Rows)
	}
	if !slices.Contains([]string{"", "conflict", "add", "keep"}, l.Repeats) {
		k.bad("repeats: want conflict, add or keep, have %q", l.Repeats)
	}
	if l.Rows == "treaty" {
		k.code("instrument", "CL_INSTRUMENT", l.Instrument)
	}
	for _, c := range sortedKeys(l.Constants) {
		k.gives("constants."+c, c, "", l.Constants[c])
	}
}

func (k *checker) match() {
	m := k.l.Match
	k.sdmx()
	if len(m.Header) == 0 {
		k.bad("match.header: at least one heading is needed")
	}
	if m.HeaderRows < 0 || m.HeaderRows > 3 {
		k.bad("match.header_rows: want 1 to 3")
	}
	if m.Enough < 0 || m.Enough > len(m.Anchors) {
		k.bad("match.enough: more than there are anchors")
	}
	if m.Enough == 0 && len(m.Anchors) > 0 {
		k.bad("match.enough: say how many of the anchors must be found")
	}
	if m.Tolerance < 0 || m.Tolerance >= 1 {
		k.bad("match.tolerance: want a part of one, have %v", m.Tolerance)
	}
	for _, a := range m.Anchors {
		if len(a) != len(m.Header) {
			k.bad("match.anchors: %q: want a text for each heading", a)
		}
	}
	for i, c := range m.Has {
		k.conditions(fmt.Sprintf("match.has[%d]", i), c)
	}
}

func (k *checker) figures() {
	v := k.l.Values
	if !slices.Contains([]string{"", ".", ","}, v.Decimal) {
		k.bad("values.decimal: want a point or a comma, have %q", v.Decimal)
	}
	if g := numeral.Replace(v.Group); !slices.Contains([]string{"", ".", ",", " ", "'"}, g) || g != "" && g == v.Decimal {
		k.bad("values.group: want a point, a comma, a space or ', and not the decimal mark; have %q", v.Group)
	}
	if v.Decimals < 0 {
		k.bad("values.decimals: below zero")
	}
	if c := v.CensoredFrom; c != nil && *c != 0 && *c != 1 {
		k.bad("values.censored_from: want 0 or 1, have %v", *c)
	}
	alike := map[string]string{}
	for _, s := range sortedKeys(v.Symbols) {
		means, like := v.Symbols[s], strings.ToLower(trim(numeral.Replace(s)))
		if like == "" {
			k.bad("values.symbols: %q is a blank: declare values.blank", s)
		} else if was, ok := alike[like]; ok && was != means {
			k.bad("values.symbols.%s: stands for %s and for %s", s, was, means)
		}
		alike[like] = means
		if _, err := parsePlain(means); err != nil {
			k.gives("values.symbols."+s, "OBS_STATUS", "", means)
		}
	}
	if v.Blank != "" && v.Blank != fromStatus {
		k.gives("values.blank", "OBS_STATUS", "", v.Blank)
	}
}

func (k *checker) time() {
	t := k.l.Time
	if t.Date != "" && datePatterns[t.Date] == "" {
		k.bad("time.date: want one of %s", strings.Join(sortedKeys(datePatterns), ", "))
	}
	if t.FiscalStart != "" && !regexp.MustCompile(`^(0[1-9]|1[0-2])-01$`).MatchString(t.FiscalStart) {
		k.bad("time.fiscal_start: want the first day of a month as MM-DD, have %q", t.FiscalStart)
	}
	if t.FiscalStart != "" && t.FiscalNamed != "start" && t.FiscalNamed != "end" {
		k.bad("time.fiscal_named: want start or end")
	}
	if t.FiscalStart == "" && t.FiscalNamed != "" {
		k.bad("time.fiscal_named: needs time.fiscal_start")
	}
	if !slices.Contains([]string{"", "month", "quarter", "year"}, t.Keep) {
		k.bad("time.keep: want month, quarter or year, have %q", t.Keep)
	}
	for _, f := range t.Filed {
		if f.Month < 1 || f.Month > 12 {
			k.bad("time.filed: %d: want a month from 1 to 12, have %d", f.Year, f.Month)
		}
	}
}

// code checks that a list has a code.
func (k *checker) code(where, list, code string) {
	if _, ok := k.codes.List(list); !ok {
		k.bad("%s: no code list %q", where, list)
	} else if !hasCode(k.codes, list, code) {
		k.bad("%s: %s has no code %q", where, list, code)
	}
}

// gives checks that a concept can have a value; list is the column's own, if
// it names one.
func (k *checker) gives(where, concept, list, value string) {
	own, ok := listOf(concept)
	if !ok {
		k.bad("%s: no concept %q", where, concept)
		return
	}
	if list == "" {
		list = own
	}
	if value == codelist.RefArea && own == "CL_AREA" && concept != "REF_AREA" {
		return
	}
	if list != "" {
		k.code(where, list, value)
		return
	}
	if _, p, is := readNumber(concept, value); is && p != nil {
		k.bad("%s: %q is no %s", where, value, concept)
	}
	if p, is := k.l.Time.read(concept, value, &period{}); is && p != nil {
		k.bad("%s: %q is no %s", where, value, concept)
	}
}

// conditions checks that conditions can be read and name columns of the file.
func (k *checker) conditions(where string, c Conditions) {
	if _, err := c.compile(); err != nil {
		k.bad("%s: %w", where, err)
	}
	for _, header := range sortedKeys(c) {
		if !k.hasHeading(header) {
			k.bad("%s: no column has the heading %q", where, header)
		}
	}
}

func (k *checker) hasHeading(header string) bool {
	wanted := spellings(header)
	like := func(other string) bool {
		return slices.ContainsFunc(spellings(other), func(s string) bool { return slices.Contains(wanted, s) })
	}
	return slices.ContainsFunc(k.l.Match.Header, like) || slices.ContainsFunc(k.l.Columns, func(c Column) bool {
		if c.Pattern == "" {
			return like(c.Header)
		}
		re, err := regexp.Compile(c.Pattern)
		return err != nil || re.MatchString(header)
	})
}

// reason is the form of the ids that say why a text is refused.
var reason = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

func (k *checker) column(where string, c *Column) {
	k.conditions(where+".when", c.When)
	if (c.Header == "") == (c.Pattern == "") {
		k.bad("%s: want either header or pattern", where)
	}
	lists := k.pattern(where, c)
	says := 0
	for _, is := range []bool{c.Concept != "", len(c.Sets) > 0, c.Value, c.Treaty != nil, c.Ignore != ""} {
		if is {
			says++
		}
	}
	if says != 1 {
		k.bad("%s: want one of concept, sets, value, treaty, ignore", where)
	}
	if c.Value && k.l.Rows != "figure" || c.Treaty != nil && k.l.Rows != "treaty" {
		k.bad("%s: no value of rows of the kind %q", where, k.l.Rows)
	}
	if c.Years != nil && c.Concept != "AGE" {
		k.bad("%s.years: only of the concept AGE", where)
	}
	if c.Concept != "" {
		lists = append(lists, k.concept(where, c)...)
	}
	if cc, ok := record.ConceptOf(c.Concept); ok && k.l.Rows == "case" && cc.Component().Codelist == "" && cc != cTimePeriod && len(c.Map) == 0 {
		k.bad("%s: %s has no code list: of a case row only codes are kept, give them by map", where, c.Concept)
	}
	if c.Codes != "" {
		lists = []string{c.Codes}
	}
	for _, t := range sortedKeys(c.Map) {
		code := c.Map[t]
		if code == codelist.RefArea && slices.Contains(lists, "CL_AREA") && c.Concept != "REF_AREA" {
			continue
		}
		if len(lists) > 0 && !slices.ContainsFunc(lists, func(l string) bool { return l == "" || hasCode(k.codes, l, code) }) {
			k.bad("%s.map.%s: %s has no code %q", where, t, strings.Join(lists, ", "), code)
		}
	}
	alike(k, where+".map", c.Map, func(a, b string) bool { return a == b })
	alike(k, where+".refuse", c.Refuse, func(a, b string) bool { return a == b })
	alike(k, where+".sets", c.Sets, maps.Equal)
	for _, t := range sortedKeys(c.Refuse) {
		if !reason.MatchString(c.Refuse[t]) {
			k.bad("%s.refuse.%s: want a reason in kebab case, have %q", where, t, c.Refuse[t])
		}
	}
	if len(c.Sets) > 0 && c.Else != "" && !k.rules[c.Else] {
		k.bad("%s.else: no out_of_scope rule %q", where, c.Else)
	}
	for _, t := range sortedKeys(c.Sets) {
		for _, concept := range sortedKeys(c.Sets[t]) {
			v := c.Sets[t][concept]
			if concept != "out_of_scope" {
				k.gives(where+".sets."+t, concept, "", v)
			} else if !k.rules[v] {
				k.bad("%s.sets.%s: no out_of_scope rule %q", where, t, v)
			}
		}
	}
	if len(c.Set) > 0 && !c.Value {
		k.bad("%s.set: only of a column that holds values", where)
	}
	for _, concept := range sortedKeys(c.Set) {
		k.gives(where+".set", concept, "", c.Set[concept])
	}
	if c.Treaty != nil {
		for _, a := range append(slices.Sorted(maps.Values(c.Treaty.Marks)), c.Treaty.Action, c.Treaty.Unsigned) {
			if a != "" {
				k.code(where+".treaty", "CL_TREATY_ACTION", a)
			}
		}
		if c.Treaty.Action == "" {
			k.bad("%s.treaty: say the action of a date without a mark", where)
		}
	}
}

// concept checks the concept of a column and gives its list.
func (k *checker) concept(where string, c *Column) []string {
	list, ok := columnList(c.Concept)
	if !ok {
		k.bad("%s: no concept %q", where, c.Concept)
		return nil
	}
	if c.Codes != "" {
		list = c.Codes
		if _, ok := k.codes.List(list); !ok {
			k.bad("%s: no code list %q", where, list)
		}
	}
	for _, v := range []string{c.Else, c.Blank} {
		if v != "" {
			k.gives(where, c.Concept, c.Codes, v)
		}
	}
	if y := c.Years; y != nil {
		if y.Max <= 0 || len(y.Bands) == 0 {
			k.bad("%s.years: bands and max are needed", where)
		}
		from := map[int]string{}
		for _, band := range sortedKeys(y.Bands) {
			k.code(where+".years", "CL_AGE", band)
			if was, ok := from[y.Bands[band]]; ok {
				k.bad("%s.years: %s and %s start at the same age", where, was, band)
			}
			from[y.Bands[band]] = band
		}
	}
	return []string{list}
}

// pattern checks the pattern of a column and gives the lists of its groups.
func (k *checker) pattern(where string, c *Column) []string {
	re, err := regexp.Compile(c.Pattern)
	if err != nil {
		k.bad("%s: %w", where, err)
		return nil
	}
	var lists []string
	for _, g := range re.SubexpNames() {
		if g == "" {
			continue
		}
		list, ok := listOf(g)
		if !ok {
			k.bad("%s: group %q is no concept", where, g)
		} else if list != "" {
			lists = append(lists, list)
		}
	}
	return lists
}

// alike finds texts that are the same to a reader and yet mean two things.
func alike[V any](k *checker, where string, m map[string]V, equal func(a, b V) bool) {
	seen := map[string]string{}
	for _, t := range sortedKeys(m) {
		id := key(t)
		if was, ok := seen[id]; ok && !equal(m[was], m[t]) {
			k.bad("%s: %q and %q are one text and mean two things", where, was, t)
		}
		seen[id] = t
	}
}
