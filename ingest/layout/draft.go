package layout

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/codelist"
)

// draftRows is how far into a sheet a draft looks: far enough to see how often
// a text repeats.
const draftRows = 5000

// Draft proposes a layout for a file that none recognises, from its headings
// and the values under them. What it could not tell stands as a comment with
// the words TO DO; every guess says what it rests on. Values are quoted only of
// files of figures, and only where few texts repeat: others may be about persons.
// The columns with the headings in drop name persons: the draft drops them and says
// nothing else of them.
func Draft(ctx context.Context, wb *sheet.Workbook, file string, codes *codelist.Set, drop ...string) ([]byte, error) {
	for _, info := range wb.Sheets() {
		h, err := readHead(ctx, wb, info, draftRows, &budget{})
		if err != nil {
			return nil, err
		}
		at := h.likelyHeader()
		if at < 0 {
			continue
		}
		return h.draft(at, file, codes, drop), nil
	}
	return nil, &sheet.Error{Code: "TIP-L017", File: file}
}

// likelyHeader finds the first row of at least two texts, none of them a number
// or date, that has as many cells as the rows under it.
func (h *head) likelyHeader() int {
	for at := range min(len(h.rows), searchRows) {
		cells := h.rows[at].Cells
		if len(cells) < 2 || at+1 >= len(h.rows) || slices.ContainsFunc(cells, isData) {
			continue
		}
		if len(cells)*2 >= len(h.rows[at+1].Cells) && len(h.rows[at+1].Cells)*2 >= len(cells) {
			return at
		}
	}
	return -1
}

// reNumberLike is a figure, a date or a number of a document; a year may be a
// heading.
var reNumberLike = regexp.MustCompile(`^[+-]?[\d.,/: -]*\d[\d.,/: %-]*$`)

// isData tells whether a cell can't be a heading. In a file without headings the
// first row is about a person, and must not get into a layout.
func isData(c sheet.Cell) bool {
	text := trim(c.Text)
	return c.Kind != sheet.Text || reNumberLike.MatchString(text) && !isYear(text)
}

func (h *head) draft(at int, file string, codes *codelist.Set, drop []string) []byte {
	cols := slices.DeleteFunc(h.guess(at, codes), func(c *draftColumn) bool { return slices.Contains(drop, c.text) })
	var b, entries bytes.Buffer
	var keys []string
	have := map[string]bool{}
	var values []*draftColumn
	for _, c := range cols {
		if c.concept != "" || c.value {
			keys = append(keys, quote(c.text))
			have[c.concept] = true
		}
		if c.value {
			values = append(values, c)
		}
		fmt.Fprintf(&entries, "  - {header: %s, %s} # %s\n", quote(c.text), c.entry(), c.why)
	}
	for _, c := range cols {
		if len(values) > 0 {
			c.details(&entries, codes)
		}
	}
	if len(keys) == 0 {
		for _, c := range cols {
			keys = append(keys, quote(c.text))
		}
	}
	constant := ""
	for _, c := range []string{"REF_AREA", "INDICATOR"} {
		if !have[c] {
			constant += c + ": TO_DO, "
		}
	}
	asides := ""
	if len(values) > 0 {
		for _, c := range cols {
			if c.concept == "YEAR" {
				asides = c.asides()
			}
		}
	}
	if dims := dimensions(cols); len(values) > 0 && len(dims) > 0 {
		entries.WriteString("# TO DO: of these, name the dimensions that the rows split completely, so that totals can be made and checked:\n" +
			"# partitions: {total: [" + strings.Join(dims, ", ") + "]}\n")
	}
	rows := "figure # or case: one person or case a row"
	if len(values) == 0 {
		rows = "case # one person or case a row, since no column holds figures; or figure"
	}
	fmt.Fprintf(&b, `# Draft made by tipstat layout draft from %s. Complete every TO DO, then try it:
#   tipstat layout check --layout THIS_FILE %s
id: to-do # TO DO: for instance hnd-mp: the State and its office
version: 0.1.0
title: {en: TO DO}
agency: TO_DO # TO DO: a code of CL_AGENCY (tipstat codes CL_AGENCY)
record: victims # or routes, prosecutions, measures
rows: %s
match:
  header: [%s]
%sconstants: {%sCOUNTING_UNIT: PERSON, VICTIM_STATUS: _U, COVERAGE: _U} # TO DO: what is counted, and who counts as a victim
values: %s
%scolumns:
%s`, oneLine(file), oneLine(file), rows, strings.Join(keys, ", "), dropping(drop), constant, writing(values), asides, entries.String())
	return b.Bytes()
}

// dropping lists the columns that name persons.
func dropping(headings []string) string {
	if len(headings) == 0 {
		return ""
	}
	var quoted []string
	for _, h := range headings {
		quoted = append(quoted, quote(h))
	}
	return "drop: [" + strings.Join(quoted, ", ") + "] # they name persons: never read, and the file is not kept\n"
}

// dimensions are what the rows of figures may be split by.
func dimensions(cols []*draftColumn) []string {
	found := map[string]bool{}
	for _, c := range cols {
		found[c.concept] = true
		for k := range c.set {
			found[k] = true
		}
	}
	var out []string
	for _, d := range []string{"SEX", "AGE", "EXPLOITATION", "CITIZENSHIP"} {
		if found[d] {
			out = append(out, d)
		}
	}
	return out
}

// oneLine keeps a file's name within its comment.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// quote writes a heading for YAML; a bar would part two spellings, and to a
// reader of headings it is a space.
func quote(s string) string { return strconv.Quote(strings.ReplaceAll(s, "|", " ")) }

// writing lists what stands in the columns of figures and is none: each sign
// needs a meaning that only the source can give.
func writing(values []*draftColumn) string {
	signs := map[string]bool{}
	blank, censored := false, false
	for _, c := range values {
		blank = blank || c.blanks > 0
		for _, v := range c.values {
			t := trim(numeral.Replace(v))
			_, p := Values{Decimals: 15, CensoredFrom: new(float64)}.number(v)
			switch {
			case strings.HasPrefix(t, "<"):
				censored = true
			case p != nil && p.code == "TIP-V001" && len(signs) < 10 && len(t) <= 20:
				signs[t] = true
			}
		}
	}
	var out []string
	if len(signs) > 0 {
		var list []string
		for _, s := range sortedKeys(signs) {
			list = append(list, strconv.Quote(s)+": TO_DO")
		}
		out = append(out, "symbols: {"+strings.Join(list, ", ")+"}")
	}
	if blank {
		out = append(out, "blank: TO_DO")
	}
	if censored {
		return "{" + strings.Join(out, ", ") + "} # TO DO: censored_from: 0 or 1, the least that a figure such as <5 may stand for; decimal, group"
	}
	return "{" + strings.Join(out, ", ") + "} # TO DO: decimal, group, blank, symbols, censored_from, as the source's notes say"
}
