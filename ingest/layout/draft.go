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

// guess is what a draft takes a column for.
type guess struct {
	entry string // YAML of the column's entry, without the heading
	why   string
	key   bool // the heading should be asked for in match.header
}

// draftLists are the lists that a column's values are tried against, and the
// concept each would be.
var draftLists = []struct{ list, concept string }{
	{"CL_SEX", "SEX"}, {"CL_AGE", "AGE"}, {"CL_EXPLOITATION", "EXPLOITATION"}, {"CL_AREA", "CITIZENSHIP"}, {"CL_MONTH", "MONTH"},
	{"CL_INDICATOR", "INDICATOR"},
}

var reDateLike = regexp.MustCompile(`^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}$`)

// reMonthLike matches normalised headings of columns of months.
var reMonthLike = regexp.MustCompile(`\b(mes|month|mois)\b`)

// Draft proposes a layout for a file that none recognises, from its headings
// and the values under them. What it could not tell stands as a comment with
// the words TO DO; every guess says what it rests on. Values of columns that
// hold many different texts are not quoted: they may be about persons.
func Draft(ctx context.Context, wb *sheet.Workbook, file string, codes *codelist.Set) ([]byte, error) {
	for _, info := range wb.Sheets() {
		h, err := readHead(ctx, wb, info)
		if err != nil {
			return nil, err
		}
		at := h.likelyHeader()
		if at < 0 {
			continue
		}
		return h.draft(at, file, codes), nil
	}
	return nil, &sheet.Error{Code: "TIP-L001", File: file, Found: "-"}
}

// likelyHeader finds the first row of at least two texts, no numbers, that has
// as many cells as the rows under it.
func (h *head) likelyHeader() int {
	for at := range min(len(h.rows), searchRows) {
		cells := h.rows[at].Cells
		if len(cells) < 2 || at+1 >= len(h.rows) || slices.ContainsFunc(cells, func(c sheet.Cell) bool { return c.Kind == sheet.Number }) {
			continue
		}
		if len(cells)*2 >= len(h.rows[at+1].Cells) && len(h.rows[at+1].Cells)*2 >= len(cells) {
			return at
		}
	}
	return -1
}

func (h *head) draft(at int, file string, codes *codelist.Set) []byte {
	heads := h.headings(at, 1)
	body := h.rows[at+1:]
	var cols bytes.Buffer
	var keys []string
	have := map[string]bool{}
	for _, hd := range heads {
		var values []string
		numbers := 0
		for i := range body {
			for _, c := range body[i].Cells {
				if c.Col == hd.col && strings.TrimSpace(c.Text) != "" {
					values = append(values, c.Text)
					if c.Kind == sheet.Number {
						numbers++
					}
				}
			}
		}
		g := guessColumn(hd, values, numbers, have, codes)
		if g.key {
			keys = append(keys, quote(hd.text))
		}
		fmt.Fprintf(&cols, "  - {header: %s, %s} # %s\n", quote(hd.text), g.entry, g.why)
	}
	if len(keys) == 0 {
		for _, hd := range heads {
			keys = append(keys, quote(hd.text))
		}
	}
	constant := ""
	for _, c := range []string{"REF_AREA", "INDICATOR"} {
		if !have[c] {
			constant += c + ": TO_DO, "
		}
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `# Draft made by tipstat layout draft from %s. Complete every TO DO, then try it:
#   tipstat layout check --layout THIS_FILE %s
id: to-do # TO DO: for instance hnd-mp: the State and its office
version: 0.1.0
title: {en: TO DO}
agency: TO_DO # TO DO: a code of CL_AGENCY (tipstat codes CL_AGENCY)
record: victims # or routes, prosecutions, measures
rows: figure # or case: one person or case a row
match:
  header: [%s]
constants: {%sCOUNTING_UNIT: PERSON, VICTIM_STATUS: _U, COVERAGE: _U} # TO DO: what is counted, and who counts as a victim
values: {} # TO DO: decimal, group, blank, symbols, censored_from, as the source's notes say
columns:
%s`, oneLine(file), oneLine(file), strings.Join(keys, ", "), constant, cols.String())
	return b.Bytes()
}

// oneLine keeps a file's name within its comment.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// quote writes a heading for YAML; a bar would part two spellings, and to a
// reader of headings it is a space.
func quote(s string) string { return strconv.Quote(strings.ReplaceAll(s, "|", " ")) }

// guessColumn takes a column for what most of its values say.
func guessColumn(hd heading, values []string, numbers int, have map[string]bool, codes *codelist.Set) guess {
	distinct := map[string]bool{}
	for _, v := range values {
		distinct[codelist.Normalise(v)] = true
	}
	n := len(distinct)
	share := func(ok func(string) bool) float64 {
		if n == 0 {
			return 0
		}
		hits := 0
		for v := range distinct {
			if ok(v) {
				hits++
			}
		}
		return float64(hits) / float64(n)
	}
	take := func(concept string) bool {
		if have[concept] {
			return false
		}
		have[concept] = true
		return true
	}
	switch {
	case n == 0:
		return guess{entry: "ignore: empty", why: "no value in the first rows"}
	case share(isYear) > 0.9 && take("YEAR"):
		return guess{"concept: YEAR", "every value is a year", true}
	case share(func(v string) bool { return reDateLike.MatchString(strings.ReplaceAll(v, " ", "-")) }) > 0.9 && take("DATE"):
		return guess{"concept: DATE", "values look like dates; TO DO: declare time.date", true}
	}
	digits := share(func(v string) bool { _, err := strconv.Atoi(v); return err == nil }) == 1
	for _, try := range draftLists {
		if digits && !(try.concept == "MONTH" && reMonthLike.MatchString(hd.norm)) {
			continue // 3, 7 and 12 are figures as well as months
		}
		s := share(func(v string) bool { _, ok := codes.Lookup(try.list, v, 0); return ok })
		if s < 0.6 || n > 300 {
			continue
		}
		concept := try.concept
		if concept == "CITIZENSHIP" && strings.Contains(hd.norm, "report") || concept == "CITIZENSHIP" && strings.Contains(hd.norm, "iso") {
			concept = "REF_AREA"
		}
		if take(concept) {
			return guess{"concept: " + concept, fmt.Sprintf("%.0f%% of %d different values have a code in %s", s*100, n, try.list), true}
		}
	}
	numeric := share(func(v string) bool {
		_, p := Values{Decimals: 15, CensoredFrom: new(float64)}.number(v)
		return p == nil || p.code == "TIP-V002"
	})
	if (numbers > len(values)/2 || numeric > 0.8) && !have["value"] {
		have["value"] = true
		return guess{"value: true", "figures; TO DO: is it the count?", true}
	}
	return guess{"ignore: TO DO", fmt.Sprintf("%d different values; TO DO: which concept, or why it is not read", n), false}
}

func isYear(v string) bool {
	y, err := strconv.Atoi(v)
	return err == nil && y >= 1990 && y <= 2100
}
