package layout

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

// trim drops spaces and invisible characters (zero width, marks of direction)
// from both ends.
func trim(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) })
}

// key is the form in which the texts of a layout and of a file are compared:
// [codelist.Normalise], but a figure keeps its sign and marks (-1 is not 1),
// and signs such as "-" or ".." stay what they are, since neither is a blank.
// Only a blank has the key "".
func key(text string) string {
	t := trim(numeral.Replace(text))
	if _, err := parsePlain(t); err == nil {
		return t
	}
	return cmp.Or(codelist.Normalise(t), t)
}

// refusedLabel is the code of labels that the layout itself refuses, row by row.
const refusedLabel = "TIP-V017"

// label reads a cell that says what the figure is of.
func (r *reader) label(c *column) {
	text := r.text(c.col)
	if cell := r.cellAt(c.col); cell != nil && (cell.Kind == sheet.ErrorValue || cell.Kind == sheet.NoValue) {
		r.fail("TIP-V009", c.col, r.quote(c, text), "")
		return
	}
	if len(c.refuse) > 0 {
		if why, ok := c.refuse[c.keyOf(text)]; ok {
			r.failed = refusedLabel
			r.log.cell(refusedLabel, r.place(c.col), r.quote(c, text), why, r.near(c, c.list, text))
			return
		}
	}
	if len(c.sets) > 0 {
		set, ok := c.sets[c.keyOf(text)]
		if !ok { // what is declared out of scope was set aside before
			r.unmapped(c, text, "")
			return
		}
		for _, k := range sortedKeys(set) {
			r.say(c, k, set[k], set[k])
		}
		return
	}
	if c.Years != nil {
		r.age(c, text)
		return
	}
	switch c.Concept {
	case "YEAR", "QUARTER", "TIME_PERIOD", "AREA_DETAIL", "LOWER_BOUND", "UPPER_BOUND", "UNIT_MULT", "DECIMALS", "COMPARABILITY_REASONS":
		r.say(c, c.Concept, text, r.quote(c, text))
		return
	case "DATE":
		if cell := r.cellAt(c.col); cell != nil && cell.Kind == sheet.Date {
			text, _, _ = strings.Cut(text, "T") // the time of day is not asked for
		}
		r.say(c, c.Concept, text, r.quote(c, text))
		return
	case "MONTH":
		if _, ok := readMonth(text); ok {
			r.say(c, c.Concept, text, "")
			return
		}
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

// say gives a concept of the row its value, or says at the column's cell why
// it can't have it; found is how the finding may quote it.
func (r *reader) say(c *column, concept, value, found string) bool {
	p := r.assign(concept, value)
	if p == nil {
		return true
	}
	if p.code == "TIP-V011" && r.l.Kind() == record.KindCase {
		p.expected = "DD/MM/YYYY | MM/DD/YYYY" // the readings would tell the date of a person's row
	}
	r.fail(p.code, c.col, found, p.expected)
	return false
}

// assign gives a concept of the row its value.
func (r *reader) assign(concept, value string) *problem {
	if p, is := r.l.Time.read(concept, value, &r.time); is {
		return p
	}
	if concept == "AREA_DETAIL" { // the parts of a place, the greater first
		if v := strings.TrimSpace(value); v != "" {
			if was := r.extra[concept]; was != "" {
				v = was + " / " + v
			}
			r.extra[concept] = v
		}
		return nil
	}
	if _, p, is := readNumber(concept, value); is && p != nil {
		return p
	}
	if concept == "COMPARABILITY_REASONS" {
		ids, p := readRules(value)
		r.extra[concept] = ids
		return p
	}
	if c, ok := record.ConceptOf(concept); ok {
		r.cur[c] = value
	} else {
		r.extra[concept] = value
	}
	return nil
}

// aside gives the out_of_scope rule that the columns of the row name. It is
// asked before anything is read: what is out of scope can't be wrong.
func (r *reader) aside() string {
	for _, c := range r.asides {
		if len(c.when) > 0 && !r.all(c.when) {
			continue
		}
		k := c.keyOf(r.text(c.col))
		if _, refused := c.refuse[k]; refused {
			continue
		}
		if cell := r.cellAt(c.col); cell != nil && (cell.Kind == sheet.ErrorValue || cell.Kind == sheet.NoValue) {
			continue
		}
		set, ok := c.sets[k]
		if !ok && c.Else != "" { // declared: what is not listed is set aside
			return c.Else
		}
		if rule := set["out_of_scope"]; rule != "" {
			return rule
		}
	}
	return ""
}

// lookup finds the code of a text: the layout's own map, then the list.
func (r *reader) lookup(c *column, text string) mapped {
	memo := memoKey{text, r.time.year}
	if m, ok := c.memo[memo]; ok {
		return m
	}
	k := key(text)
	var m mapped
	if code, ok := c.maps[k]; ok {
		m = mapped{code: code, ok: true}
	} else if k == "" && c.Blank != "" {
		m = mapped{code: c.Blank, ok: true}
	} else if c.list == "" && r.l.Kind() != record.KindCase { // of a case row only codes are kept
		m = mapped{code: strings.TrimSpace(text), ok: true}
	} else if found, ok := r.codes.Lookup(c.list, text, r.time.year); ok && k != "" && (c.Concept != "REF_AREA" || found.Code != codelist.RefArea) {
		m = mapped{code: found.Code, ok: true, repair: found.How == codelist.Repaired}
	} else if c.Else != "" {
		m = mapped{code: c.Else, ok: true}
	}
	if len(c.memo) < memoSize {
		c.memo[memo] = m
	}
	return m
}

// unmapped says that a text has no code. A text that is not quoted gets no
// proposals either: they would tell it, and stand for all texts of the column.
func (r *reader) unmapped(c *column, text, list string) {
	r.failed = "TIP-V004"
	r.log.cell("TIP-V004", r.place(c.col), r.quote(c, text), cmp.Or(list, c.heading), r.near(c, list, text))
}

// near seeks the nearest codes of a text, where it may be shown.
func (r *reader) near(c *column, list, text string) func() []string {
	if list == "" || !r.quotes(c) || trim(text) == "" {
		return nil
	}
	return func() []string { return r.codes.Propose(list, text, 3) }
}

// quotes tells whether findings may show the column's texts: not those that
// may tell of a person.
func (r *reader) quotes(c *column) bool { return !c.Free && r.l.Kind() != record.KindCase }

// quote gives a cell's text for a finding, if it may be shown.
func (r *reader) quote(c *column, text string) string {
	if !r.quotes(c) {
		return record.Unquoted
	}
	if cell := r.cellAt(c.col); cell != nil && cell.Kind == sheet.NoValue {
		return "=" + record.Unquoted
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
	k := c.keyOf(text)
	if c.missing[k] || k == "" && c.Blank != "" {
		r.cur[cAge] = cmp.Or(c.Blank, "_U")
		return
	}
	years, err := strconv.Atoi(k)
	if err == nil && 0 <= years && years <= c.Years.Max {
		for _, b := range c.bands {
			if years >= b.from {
				r.cur[cAge] = b.code
				return
			}
		}
	}
	lowest := 0
	if len(c.bands) > 0 {
		lowest = c.bands[len(c.bands)-1].from
	}
	r.fail("TIP-V013", c.col, r.quote(c, text), fmt.Sprintf("%d–%d", lowest, c.Years.Max))
}
