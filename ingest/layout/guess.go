package layout

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/codelist"
)

// draftColumn is one column of a file that no layout knows, and what a draft
// takes it for.
type draftColumn struct {
	heading
	values   []string // texts that are not blank, in the order of the rows
	blanks   int
	distinct map[string]int // normalised text → how often
	raw      map[string]string
	list     string            // code list that its texts are of
	concept  string            // what it carries
	ages     bool              // ages in years
	value    bool              // it holds figures
	set      map[string]string // concepts that its heading names (wide tables)
	ignore   string
	why      string
}

// draftLists are the lists that a column's values are tried against, and the
// concept each would be.
var draftLists = []struct{ list, concept string }{
	{"CL_SEX", "SEX"}, {"CL_AGE", "AGE"}, {"CL_EXPLOITATION", "EXPLOITATION"}, {"CL_AREA", "CITIZENSHIP"}, {"CL_MONTH", "MONTH"},
	{"CL_INDICATOR", "INDICATOR"},
}

// What headings tell, in the four languages; they are matched after
// normalisation.
var (
	reDateLike   = regexp.MustCompile(`^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}$`)
	reMonthLike  = regexp.MustCompile(`\b(mes|month|mois)\b`)
	reAgeLike    = regexp.MustCompile(`\b(edad|age|idade)\b`)
	reIDLike     = regexp.MustCompile(`\b(id|cod|codigo|code|cve|clave|ccdd|ubigeo|nro|folio|expediente|registro|dossier|processo)\b`)
	reCountLike  = regexp.MustCompile(`\b(valor|value|total|cantidad|quantidade|numero|number|nombre de|casos|cases|victim\w*|vitimas|n|txtvalue|frecuencia|effectif|denuncias)\b`)
	rePersonLike = regexp.MustCompile(`\b(nombres?( y |$)|apellidos?|(first|last|middle|second|full|given|family) ?name|owner|surname|sobrenome|prenom|nom|documento|dni|cedula|pasaporte|passport|passaporte|telefono|telefone|telephone|\w*phone|celular|mobile|street|calle|rua|rue|correo|e ?mail|direccion|endereco|address|adresse|domicilio|nacimiento|nascimento|birth\w*|naissance)\b`)
)

// guess looks at every column: first for labels, then, among what is left, for
// the figures.
func (h *head) guess(at int, codes *codelist.Set) []*draftColumn {
	body := h.rows[at+1:]
	var cols []*draftColumn
	have := map[string]bool{}
	for _, hd := range h.headings(at, 1) {
		c := &draftColumn{heading: hd, distinct: map[string]int{}, raw: map[string]string{}}
		for i := range body {
			found := false
			for _, cell := range body[i].Cells {
				if cell.Col == hd.col && strings.TrimSpace(cell.Text) != "" && cell.Kind != sheet.ErrorValue {
					found = true
					c.values = append(c.values, cell.Text)
					n := codelist.Normalise(cell.Text)
					c.distinct[n]++
					c.raw[n] = strings.TrimSpace(cell.Text)
				}
			}
			if !found {
				c.blanks++
			}
		}
		c.label(codes, have)
		cols = append(cols, c)
	}
	figures(cols, codes)
	return cols
}

// share is the part of the column's different texts that have a property.
func (c *draftColumn) share(ok func(string) bool) float64 {
	hits := 0
	for _, v := range c.raw {
		if ok(v) {
			hits++
		}
	}
	return float64(hits) / float64(max(1, len(c.raw)))
}

// label takes the column for a label where its values say so.
func (c *draftColumn) label(codes *codelist.Set, have map[string]bool) {
	take := func(concept, why string) bool {
		if have[concept] {
			return false
		}
		have[concept] = true
		c.concept, c.why = concept, why
		return true
	}
	n := len(c.distinct)
	digits := c.share(func(v string) bool { _, err := strconv.Atoi(v); return err == nil }) == 1
	switch {
	case n == 0:
		c.ignore, c.why = "empty", "no value in the first rows"
		return
	case rePersonLike.MatchString(c.norm):
		c.ignore, c.why = "tells of a person", "by its heading; TO DO: leave it out of the file, if it is not needed"
		return
	case c.share(isYear) == 1 && take("YEAR", "every value is a year"):
		return
	case c.years() > 0.6 && take("YEAR", "most values are years"):
		return
	case c.share(func(v string) bool { return reDateLike.MatchString(strings.ReplaceAll(v, " ", "-")) }) > 0.9 &&
		take("DATE", "values look like dates; TO DO: declare time.date"):
		return
	case digits && reAgeLike.MatchString(c.norm) && take("AGE", "years of age, by its heading; TO DO: which figure stands for no answer"):
		c.ages = true
		return
	}
	for _, try := range draftLists {
		if digits && !(try.concept == "MONTH" && reMonthLike.MatchString(c.norm)) {
			continue // 3, 7 and 12 are figures as well as months
		}
		s := c.share(func(v string) bool { _, ok := codes.Lookup(try.list, v, 0); return ok })
		if s < 0.6 || n > 300 {
			continue
		}
		concept := try.concept
		if concept == "CITIZENSHIP" && (strings.Contains(c.norm, "report") || strings.Contains(c.norm, "iso")) {
			concept = "REF_AREA"
		}
		if take(concept, fmt.Sprintf("%.0f%% of %d different values have a code in %s", s*100, n, try.list)) {
			c.list = try.list
			return
		}
	}
	c.ignore, c.why = "TO DO", fmt.Sprintf("%d different values; TO DO: which concept, or why it is not read", n)
}

// figures finds the columns that hold figures: all whose headings name a sex,
// an age or a form of exploitation (a wide table), or else the likeliest one.
func figures(cols []*draftColumn, codes *codelist.Set) {
	var best *draftColumn
	var wide []*draftColumn
	most := -1
	for i, c := range cols {
		if c.ignore != "TO DO" {
			continue
		}
		var named map[string]string
		for _, try := range draftLists[:3] {
			if m, ok := codes.Lookup(try.list, c.text, 0); ok && m.Code != "_T" {
				named = map[string]string{try.concept: m.Code}
				break
			}
		}
		need := 0.8 // of the different texts have to be figures
		if named != nil || reCountLike.MatchString(c.norm) {
			need = 0.5
		}
		if c.share(func(v string) bool {
			_, p := Values{Decimals: 15, CensoredFrom: new(float64)}.number(v)
			return p == nil || p.code == "TIP-V002"
		}) <= need {
			continue
		}
		if named != nil {
			c.set = named
			wide = append(wide, c)
		}
		score := 2*i + 1 // the figure stands last, as a rule
		if reCountLike.MatchString(c.norm) {
			score += 100
		}
		if reIDLike.MatchString(c.norm) || len(c.distinct) == len(c.values) && len(c.values) > 50 {
			score -= 200
		}
		if score > most {
			most, best = score, c
		}
	}
	take := func(c *draftColumn, why string) {
		c.value, c.ignore, c.why = true, "", why
	}
	if len(wide) > 1 {
		for _, c := range wide {
			take(c, "figures, of what its heading names; TO DO: is it right?")
		}
		if best != nil && !best.value && best.norm == "total" {
			take(best, "figures, the total")
		}
		return
	}
	if best != nil {
		best.set = nil
		take(best, "figures; TO DO: is it the count?")
	}
}

func isYear(v string) bool {
	y, err := strconv.Atoi(v)
	return err == nil && y >= 1990 && y <= 2100
}

// years is the part of the rows, not of the different texts, that hold a year:
// a column of years may end in totals and notes.
func (c *draftColumn) years() float64 {
	n := 0
	for _, v := range c.values {
		if isYear(strings.TrimSpace(v)) {
			n++
		}
	}
	return float64(n) / float64(max(1, len(c.values)))
}

// asides writes the rules for rows that hold no year where others do: short
// texts (totals) are set aside, long ones (notes) end the table.
func (c *draftColumn) asides() string {
	var short, long []string
	for _, n := range sortedKeys(c.distinct) {
		switch v := c.raw[n]; {
		case isYear(v):
		case len(v) <= 30:
			short = append(short, strconv.Quote(v))
		default:
			word, _, _ := strings.Cut(v, " ")
			if w := regexp.QuoteMeta(strings.TrimRight(word, ":.")); !slices.Contains(long, w) {
				long = append(long, w)
			}
		}
	}
	out := ""
	if len(short) > 0 {
		out += fmt.Sprintf("out_of_scope:\n  - {rule: no-year, when: {%s: [%s]}, why: {en: TO DO}} # TO DO: totals of the file? other rows?\n",
			quote(c.text), strings.Join(short[:min(10, len(short))], ", "))
	}
	if len(long) > 0 {
		out += fmt.Sprintf("footer: {%s: {matches: %s}} # from the first such row on nothing is data\n", quote(c.text),
			strconv.Quote("^("+strings.Join(long[:min(10, len(long))], "|")+")"))
	}
	return out
}

// entry writes what the column is taken for.
func (c *draftColumn) entry() string {
	switch {
	case c.ages:
		return "concept: AGE, years: {bands: {Y0T17: 0, Y_GE18: 18}, max: 110}"
	case c.concept == "YEAR" && c.blanks > 0:
		return "concept: YEAR, fill: true"
	case c.concept != "":
		return "concept: " + c.concept
	case c.value && len(c.set) > 0:
		k := sortedKeys(c.set)[0]
		return "value: true, set: {" + k + ": " + c.set[k] + "}"
	case c.value:
		return "value: true"
	}
	return "ignore: " + c.ignore
}

// details says, as comments, which of its few texts have no code yet, or what
// there is to be told apart in a column that was not understood.
func (c *draftColumn) details(w io.Writer, codes *codelist.Set) {
	if len(c.distinct) > 120 || len(c.values) < 2*len(c.distinct) {
		return // texts that hardly repeat may be about persons
	}
	texts := sortedKeys(c.distinct)
	switch {
	case c.list != "":
		var open []string
		for _, n := range texts {
			if _, ok := codes.Lookup(c.list, c.raw[n], 0); !ok {
				open = append(open, fmt.Sprintf("#   %s  nearest: %s\n", strconv.Quote(c.raw[n]), strings.Join(codes.Propose(c.list, c.raw[n], 3), ", ")))
			}
		}
		if len(open) > 0 {
			fmt.Fprintf(w, "# TO DO: %s has texts without a code in %s; tipstat codes map, or map: {...} in its entry:\n%s", quote(c.text), c.list,
				strings.Join(open[:min(40, len(open))], ""))
		}
	case c.ignore == "TO DO" && !slices.ContainsFunc(c.values, func(v string) bool { return len(v) > 80 }):
		fmt.Fprintf(w, "# TO DO: what the texts of %s mean, if they matter; in its entry, instead of ignore:\n#   sets:\n", quote(c.text))
		for _, n := range texts {
			fmt.Fprintf(w, "#     %s: {} # %d rows\n", strconv.Quote(c.raw[n]), c.distinct[n])
		}
	}
}
