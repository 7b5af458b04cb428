package gate

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/oas/tipstat/transform/codelist"
)

// Names behind words that announce a person ("víctima: …", "Sra. …", "madre: …").
// There a name need not be one that we know; what is none must be known instead.

// common is what our code lists and synonyms say: countries, demonyms, sexes, forms
// of exploitation.
type common struct{ words, texts map[string]bool }

func commonOf(codes *codelist.Set) *common {
	c := &common{map[string]bool{}, map[string]bool{}}
	add := func(text string) {
		text = codelist.Normalise(text)
		c.texts[text] = true
		for w := range strings.FieldsSeq(text) {
			c.words[w] = true
		}
	}
	for _, id := range codes.Lists() {
		list, _ := codes.List(id)
		for _, code := range list.Codes() {
			for _, name := range code.Name {
				add(name)
			}
		}
	}
	for _, s := range codes.Synonyms() {
		add(s.Spelling)
	}
	return c
}

// listed tells whether a text as a whole is one of our code lists or a region: El
// Salvador, though Salvador is a given name.
func (lx *lexicon) listed(s string) bool {
	return lx.regions[codelist.Normalise(s)] || lx.common != nil && lx.common().texts[codelist.Normalise(s)]
}

// no tells whether a normalised word, or phrase, is known for something that is
// no name. A word of the code lists that persons bear too (Martin, of Saint Martin)
// may be one.
func (lx *lexicon) no(w string) bool {
	if lx.places[w] || lx.plain[w] || lx.nothing[w] || lx.fillers[w] || lx.counted[w] || particles[w] || lx.vocabulary(w) {
		return true
	}
	return lx.common != nil && lx.common().words[w] && !lx.given[w] && !lx.surnames[w]
}

// child tells whether a word of a text is niña or the like, as it is written: Nina
// is a given name.
func (lx *lexicon) child(s string) bool {
	return slices.ContainsFunc(strings.Fields(s), func(w string) bool { return lx.children[strings.ToLower(strings.Trim(w, ",.;:"))] })
}

// plainly tells whether a word of a text is known for no name: a text as a whole is
// then none, or one of an office.
func (lx *lexicon) plainly(s string) bool {
	n := codelist.Normalise(s)
	return lx.nothing[n] || slices.ContainsFunc(strings.Fields(n), func(w string) bool { return !particles[w] && lx.no(w) })
}

// capital tells whether a word has a capital letter and small ones after it, as
// names do in a text; a text all in capitals tells nothing.
func capital(w string) bool {
	letters := []rune(strings.Trim(w, "'’-"))
	return len(letters) > 1 && unicode.IsUpper(letters[0]) && unicode.IsLower(letters[1])
}

var reInitial = regexp.MustCompile(`^\p{Lu}\.$`)

// called tells whether what is announced is a person: a given name that we know and
// more, or two words with a capital letter of which none is known for no name, or one and
// an initial with its dot.
func called(lx *lexicon, s string) bool {
	words := strings.Fields(s)
	if len(words) == 2 && reInitial.MatchString(words[1]) { // Wideline J.
		return capital(words[0]) && len(lx.parts(s)) == 1 && !lx.plainly(words[0]) && !lx.listed(words[0])
	}
	if len(words) < 2 || len(lx.parts(s)) < 2 || lx.plainly(s) || lx.listed(s) {
		return false
	}
	if knownName(lx, s) {
		return true
	}
	return capital(words[0]) && capital(words[1])
}

// titled tells whether a text behind a form of address is a name: one word that we
// know for a name, or as called.
func titled(lx *lexicon, s string) bool {
	words := lx.parts(s)
	if len(words) == 0 || lx.no(words[0]) {
		return false
	}
	return len(words[0]) > 2 && (lx.given[words[0]] || lx.surnames[words[0]]) || called(lx, s)
}

// ranked tells whether a text behind a rank or a profession begins with a name that we
// know: places are called after officers, and what we don't know may be one.
func ranked(lx *lexicon, s string) bool {
	words := lx.parts(s)
	return len(words) > 0 && len(words[0]) > 2 && !lx.no(words[0]) && (lx.given[words[0]] || lx.surnames[words[0]]) && !lx.listed(s)
}

// nickname tells whether a text behind "alias" may be one: it needs no name that we know.
func nickname(lx *lexicon, s string) bool {
	parts := lx.parts(s)
	if first, _, _ := strings.Cut(codelist.Normalise(s), " "); slices.Contains(lx.Many, first) { // a band
		return false
	}
	return len(parts) > 0 && len(parts[0]) > 2 && !lx.plainly(s) && strings.ContainsFunc(s, unicode.IsLower)
}

// initials tells whether letters with dots are a person's: those of a body, a
// country or of nothing (S.D.) are listed, and D.N.I. is a heading.
func initials(lx *lexicon, s string) bool {
	joined := strings.Join(strings.Fields(codelist.Normalise(s)), "")
	if slices.Contains(lx.Initials, joined) || lx.vocabulary(joined) {
		return false
	}
	return !slices.ContainsFunc(lx.Kinds, func(k kind) bool { is, _ := lx.names(&k, joined); return is || lx.short(&k, joined) })
}

// agedLike tells whether a text under a heading of persons, in a row with an age, may be
// a name: words with a capital letter, and none that is known for no name or for kin.
func agedLike(lx *lexicon, s string) bool {
	parts := lx.parts(s)
	if len(parts) == 0 || len(parts[0]) < 3 || lx.plainly(s) || holds(codelist.Normalise(s), lx.Words["kin"]) {
		return false
	}
	return capitals(s)
}

// isAge tells whether a text is a whole number that may be an age in years.
func isAge(s string) bool {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	return err == nil && n >= 0 && n <= 110
}
