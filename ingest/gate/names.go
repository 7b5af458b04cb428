package gate

import (
	"slices"
	"strings"
	"unicode"

	"github.com/oas/tipstat/transform/codelist"
)

// particles stand between the parts of a name.
var particles = set([]string{"de", "la", "las", "del", "los", "el", "da", "do", "das", "dos", "e", "y", "du", "des", "le", "van", "von", "di", "d", "jr", "sr", "i", "ii", "iii"})

// parts gives the words of a text that may be a name, without particles and
// initials; nil when it is none: digits, signs, too many words, a word of places.
func (lx *lexicon) parts(s string) []string {
	if len(s) > 80 {
		return nil
	}
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) && !strings.ContainsRune(" .,'’-\u00a0", r) {
			return nil
		}
	}
	var out []string
	for _, w := range strings.Fields(codelist.Normalise(s)) {
		if lx.places[w] {
			return nil
		}
		if !particles[w] && len(w) > 1 {
			out = append(out, w)
		}
	}
	if len(out) > 6 {
		return nil
	}
	return out
}

// person tells whether a text is a given name and a surname that we know, in
// either order, and at least as many known words as others.
func person(lx *lexicon, s string) bool {
	words := lx.parts(s)
	if len(words) < 2 {
		return false
	}
	given, surnames, both, known := 0, 0, 0, 0
	for _, w := range words {
		g, f := lx.given[w], lx.surnames[w]
		switch {
		case g && f:
			both++
		case g:
			given++
		case f:
			surnames++
		}
		if g || f {
			known++
		}
	}
	if known*2 < len(words) {
		return false
	}
	return (given > 0 && surnames+both > 0 || surnames > 0 && given+both > 0 || both > 1) && !lx.child(s)
}

// all tells whether every word of a text of up to three is in a list.
func all(s string, list map[string]bool) bool {
	n := 0
	for _, w := range strings.Fields(codelist.Normalise(s)) {
		if particles[w] {
			continue
		}
		if n++; n > 3 || !list[w] {
			return false
		}
	}
	return n > 0
}

// nameLike tells whether a text under a heading of names may be one: words of
// letters, and none of the words for nothing.
func nameLike(lx *lexicon, s string) bool {
	n := codelist.Normalise(s)
	if lx.nothing[n] || len(lx.parts(s)) == 0 {
		return false
	}
	for i := range lx.Kinds { // a label beside which a value stands
		if is, weak := lx.names(&lx.Kinds[i], n); is && !weak {
			return false
		}
	}
	return strings.Trim(n, "x ") != ""
}

// whoLike tells whether a text under a heading of persons may be a name that nobody knows:
// two words or more, each with a capital letter, and none of them a word of headings.
func whoLike(lx *lexicon, s string) bool {
	if len(lx.parts(s)) < 2 || lx.nothing[codelist.Normalise(s)] {
		return false
	}
	for w := range strings.FieldsSeq(s) {
		n := codelist.Normalise(w)
		if particles[n] {
			continue
		}
		if !unicode.IsUpper([]rune(w)[0]) || lx.nothing[n] || lx.vocabulary(n) {
			return false
		}
	}
	return true
}

// known tells whether a text may be a name and holds a word that is one.
func known(lx *lexicon, s string) bool {
	for _, w := range lx.parts(s) {
		if lx.given[w] || lx.surnames[w] {
			return !lx.nothing[codelist.Normalise(s)]
		}
	}
	return false
}

// knownName is the check of what a text calls by name.
func knownName(lx *lexicon, s string) bool {
	words := lx.parts(s)
	if len(words) == 0 || lx.child(s) || lx.listed(s) || slices.ContainsFunc(words, func(w string) bool { return lx.plain[w] }) { // Cruz is a name, Cruz Roja none
		return false
	}
	if lx.given[words[0]] {
		return true
	}
	return len(words) > 1 && lx.surnames[words[0]] && (lx.given[words[1]] || lx.surnames[words[1]])
}

// personsIn counts given names followed by a surname or an initial, capitalised both,
// in a text; not behind a word of places (Hospital Juan Pérez).
func personsIn(lx *lexicon, s string) (persons int) {
	before, given, initial := "", 0, false
	for w := range strings.FieldsSeq(s) {
		word := strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) })
		n := codelist.Normalise(word)
		capital := word != "" && unicode.IsUpper([]rune(word[:min(len(word), 4)])[0])
		if given > 0 && capital && len(n) == 1 && strings.Contains(w, word+".") { // Juan A. Pérez, Yesenia Z.
			initial = true
			continue
		}
		switch {
		case given > 0 && particles[n] && !initial:
			continue
		case given > 0 && capital && lx.surnames[n] && len(n) > 2:
			persons, given, initial = persons+1, 0, false
		default:
			if initial {
				persons, given, initial = persons+1, 0, false
			}
			if capital && lx.given[n] && len(n) > 2 && (given > 0 || !lx.places[before] && !particles[before] || before == "a" || before == "y") {
				given++
			} else {
				given = 0
			}
		}
		if n == "" && strings.Trim(w, ":") == "" { // "Nom du refuge : Marie Dupont" is as "refuge: Marie Dupont"
			given = 0
			continue
		}
		if before = n; strings.ContainsAny(w[len(w)-1:], ".;:!?") {
			given = 0
		}
	}
	if initial {
		persons++
	}
	return persons
}

// personsListed counts the parts of a list that are persons, in any order of their
// names: "ZELAYA, YESENIA; TORRES, KEYLA".
func personsListed(lx *lexicon, s string) (most int) {
	for _, sign := range []string{";", "/", "\n", " - ", "-", " y ", " e ", " and ", " et "} {
		if !strings.Contains(s, sign) {
			continue
		}
		n := 0
		for part := range strings.SplitSeq(s, sign) {
			if part = strings.TrimSpace(part); capitals(part) && person(lx, part) {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// capitals tells whether each word but particles has a capital letter: "casos de
// Benito Juárez" is no part of a list.
func capitals(s string) bool {
	return !slices.ContainsFunc(strings.Fields(s), func(w string) bool {
		return !particles[codelist.Normalise(w)] && !unicode.IsUpper([]rune(w)[0])
	})
}
