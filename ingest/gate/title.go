package gate

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/oas/tipstat/transform/codelist"
)

// caseWord is what a file about one case is called: caso, víctima, ficha, with its number.
const caseWord = `(?i:caso|case|cas|v[ií]ctima|victime?|ficha|entrevista|interview|entretien)(?: (?:n[°º.o]? ?)?\d+)?`

// reCaseOf and reCaseAfter are names of such files: "caso Roodly Jean", "Roodly Jean caso 12".
var (
	reCaseOf    = regexp.MustCompile(`^` + caseWord + ` (\pL.*)$`)
	reCaseAfter = regexp.MustCompile(`^(\pL.*?) ` + caseWord + `$`)
)

// caseOf tells whether the name of a file is that of a case of somebody: two words or more
// of capital letters, of which one is a given name that we know.
func (m *marker) caseOf(codes *codelist.Set, name string) bool {
	g := reCaseOf.FindStringSubmatch(unsigned(name))
	if g == nil {
		g = reCaseAfter.FindStringSubmatch(unsigned(name))
	}
	if g == nil {
		return false
	}
	rest := lettersOf(g[1])
	parts := m.parts(rest)
	return len(parts) > 1 && capitals(rest) && slices.ContainsFunc(parts, func(w string) bool { return m.given[w] }) && !m.plainly(rest) && !m.listed(rest) && !label(codes, rest)
}

// reJoined is where a number follows a word at once: DNI45678912.
var reJoined = regexp.MustCompile(`(\pL)(\d)`)

// title tells whether the name of a sheet, a file or cells names a person, and by
// what kind. A sign stands in it where no blank may.
func (m *marker) title(codes *codelist.Set, name string) (kind int, is bool) {
	texts := []string{name, unsigned(name)}
	if !shortDate(digitsOf(name)) { // run20240131 is no number of a person
		texts = append(texts, reJoined.ReplaceAllString(unsigned(name), "$1 $2"))
	}
	for _, text := range texts {
		letters := lettersOf(text)
		bits := m.mark(text).bits
		for _, c := range m.contents {
			if c.single() && bits&c.bit != 0 || c.Check == "person" && c.re == nil && person(m.lexicon, letters) && !label(codes, letters) {
				return c.kind, true
			}
		}
	}
	return 0, false
}

// perhaps tells whether the name of a sheet may be a person's, or a telephone: too
// little for a file of figures. Of a name one word is known; where the sheet tells one
// age, as a form about one person does, none need be.
func (m *marker) perhaps(codes *codelist.Set, name string, ofOne bool) (kind int, is bool) {
	bits := m.mark(strings.TrimSpace(name)).bits
	for _, c := range m.contents {
		if m.Kinds[c.kind].Looks == "phone" && c.re == nil && bits&c.bit != 0 {
			return c.kind, true
		}
	}
	name = unsigned(name)
	words := strings.Fields(name)
	if len(words) < 2 || len(words) > 5 || lettersOf(name) != name || !capitals(name) || len(m.parts(name)) < 2 || m.plainly(name) || label(codes, name) {
		return 0, false
	}
	return m.who, ofOne || known(m.lexicon, name) && !m.listed(name)
}

// unsigned writes blanks for the signs that stand for them in names of files and sheets.
func unsigned(name string) string {
	return strings.TrimSpace(strings.NewReplacer("_", " ", "-", " ", ".", " ").Replace(name))
}

func lettersOf(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' }), " ")
}

// title judges the name of the sheet, which every finding would tell.
func (s *scan) title() []Suspicion {
	kind, few, is := s.titled()
	if !is {
		return nil
	}
	x := s.suspicion(0, kind, nil)
	x.Cells, x.Few = 1, few
	return []Suspicion{x}
}

// titled tells whether the name of the sheet names a person, by what kind, and
// whether that is too little for figures.
func (s *scan) titled() (kind int, few, is bool) {
	if kind, is = s.m.title(s.codes, s.info.Name); is {
		return kind, false, true
	}
	kind, is = s.m.perhaps(s.codes, s.info.Name, s.ofOne)
	return kind, is, is
}
