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

// words that are no components of the structure but can be read from a column.
var words = map[string]string{
	"YEAR": "", "MONTH": "CL_MONTH", "QUARTER": "", "DATE": "", "AREA_DETAIL": "", "breakdown": "", "role": "",
}

// listOf gives the code list of a concept; ok is false when there is no such concept.
func listOf(concept string) (list string, ok bool) {
	if l, ok := words[concept]; ok {
		return l, true
	}
	c, ok := record.ConceptOf(concept)
	if !ok {
		return "", false
	}
	return c.Component().Codelist, true
}

// check finds every fault of a layout, not the first.
func (l *Layout) check(codes *codelist.Set) error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	code := func(where, concept, list, code string) {
		if list == "" {
			own, ok := listOf(concept)
			if !ok {
				bad("%s: no concept %q", where, concept)
				return
			}
			list = own
		}
		if list == "" || code == "=REF_AREA" {
			return
		}
		cl, ok := codes.List(list)
		if !ok {
			bad("%s: no code list %q", where, list)
			return
		}
		if _, ok := cl.Code(code); !ok {
			bad("%s: %s has no code %q", where, list, code)
		}
	}
	if l.ID == "" || l.Version == "" || l.Title["en"] == "" {
		bad("id, version and title.en are needed")
	}
	code("agency", "", "CL_AGENCY", l.Agency)
	code("record", "", "CL_RECORD", l.Record)
	if !slices.Contains([]string{"figure", "case", "treaty"}, l.Rows) {
		bad("rows: want figure, case or treaty, have %q", l.Rows)
	}
	if !slices.Contains([]string{"", "conflict", "add", "keep"}, l.Repeats) {
		bad("repeats: want conflict, add or keep, have %q", l.Repeats)
	}
	if len(l.Match.Header) == 0 {
		bad("match.header: at least one heading is needed")
	}
	if l.Match.HeaderRows < 0 || l.Match.HeaderRows > 3 {
		bad("match.header_rows: want 1 to 3")
	}
	if l.Match.Enough > len(l.Match.Anchors) {
		bad("match.enough: more than there are anchors")
	}
	for _, a := range l.Match.Anchors {
		if len(a) != len(l.Match.Header) {
			bad("match.anchors: %q: want a text for each heading", a)
		}
	}
	for k, v := range l.Constants {
		code("constants."+k, k, "", v)
	}
	for s, v := range l.Values.Symbols {
		if _, err := parsePlain(v); err != nil {
			code("values.symbols."+s, "OBS_STATUS", "", v)
		}
	}
	if l.Values.Blank != "" {
		code("values.blank", "OBS_STATUS", "", l.Values.Blank)
	}
	if d := l.Time.Date; d != "" && datePatterns[d] == "" {
		bad("time.date: want one of %s", strings.Join(slices.Sorted(maps.Keys(datePatterns)), ", "))
	}
	if fs := l.Time.FiscalStart; fs != "" && !regexp.MustCompile(`^(0[1-9]|1[0-2])-01$`).MatchString(fs) {
		bad("time.fiscal_start: want the first day of a month as MM-DD, have %q", fs)
	}
	if l.Time.FiscalStart != "" && l.Time.FiscalNamed != "start" && l.Time.FiscalNamed != "end" {
		bad("time.fiscal_named: want start or end")
	}
	rules := map[string]bool{}
	conds := func(where string, c Conditions) {
		if _, err := c.compile(); err != nil {
			bad("%s: %w", where, err)
		}
	}
	for _, s := range l.OutOfScope {
		if s.Rule == "" || s.Why["en"] == "" {
			bad("out_of_scope: every rule needs a name and a reason (why.en)")
		}
		rules[s.Rule] = true
		conds("out_of_scope."+s.Rule, s.When)
	}
	conds("footer", l.Footer)
	values := 0
	for i, c := range l.Columns {
		where := fmt.Sprintf("columns[%d] %s%s", i, c.Header, c.Pattern)
		conds(where+".when", c.When)
		if (c.Header == "") == (c.Pattern == "") {
			bad("%s: want either header or pattern", where)
		}
		if c.Pattern != "" {
			re, err := regexp.Compile(c.Pattern)
			if err != nil {
				bad("%s: %w", where, err)
			} else {
				for _, g := range re.SubexpNames() {
					if g != "" {
						if _, ok := listOf(g); !ok {
							bad("%s: group %q is no concept", where, g)
						}
					}
				}
			}
		}
		if c.Value || c.Treaty != nil {
			values++
		}
		if c.Concept != "" {
			if _, ok := listOf(c.Concept); !ok {
				bad("%s: no concept %q", where, c.Concept)
			}
			for t, v := range c.Map {
				code(where+".map."+t, c.Concept, c.Codes, v)
			}
			for _, v := range []string{c.Else, c.Blank} {
				if v != "" {
					code(where, c.Concept, c.Codes, v)
				}
			}
		}
		for t, set := range c.Sets {
			for k, v := range set {
				if k == "out_of_scope" {
					if !rules[v] {
						bad("%s.sets.%s: no out_of_scope rule %q", where, t, v)
					}
					continue
				}
				code(where+".sets."+t, k, "", v)
			}
		}
		for k, v := range c.Set {
			code(where+".set", k, "", v)
		}
		if c.Years != nil {
			for v := range c.Years.Bands {
				code(where+".years", "AGE", "", v)
			}
		}
		if c.Treaty != nil {
			for _, a := range append(slices.Sorted(maps.Values(c.Treaty.Marks)), c.Treaty.Action, c.Treaty.Unsigned) {
				if a != "" {
					code(where+".treaty", "", "CL_TREATY_ACTION", a)
				}
			}
		}
	}
	if l.Rows == "treaty" {
		code("instrument", "", "CL_INSTRUMENT", l.Instrument)
	}
	if l.Rows != "case" && values == 0 {
		bad("columns: none holds a value")
	}
	for b, dims := range l.Partitions {
		for _, d := range dims {
			if c, ok := record.ConceptOf(d); !ok || c.Component().Role != "dimension" {
				bad("partitions.%s: %q is no dimension", b, d)
			}
		}
	}
	return errors.Join(errs...)
}
