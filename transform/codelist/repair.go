package codelist

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// wideSpelling is a spelling with characters outside ASCII, accents kept.
type wideSpelling struct {
	runes []rune
	to    target
}

// widen keeps a spelling for the repair of lost characters.
func (sp *spellings) widen(spelling string, to target) {
	if to.code == Ambiguous {
		return
	}
	for i := 0; i < len(spelling); i++ {
		if spelling[i] >= utf8.RuneSelf {
			sp.wide = append(sp.wide, wideSpelling{wideForm([]rune(spelling)), to})
			return
		}
	}
}

// wideForm is lower case with spaces and ASCII punctuation made one space;
// what is outside ASCII stays, since that is what gets lost.
func wideForm(text []rune) []rune {
	out := make([]rune, 0, len(text))
	for _, r := range norm.NFC.String(string(text)) {
		if unicode.IsSpace(r) || r < utf8.RuneSelf && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			if len(out) > 0 && out[len(out)-1] != ' ' {
				out = append(out, ' ')
			}
			continue
		}
		out = append(out, unicode.ToLower(r))
	}
	if n := len(out); n > 0 && out[n-1] == ' ' {
		out = out[:n-1]
	}
	return out
}

// repair tries the two ways in which texts get damaged.
func (sp *spellings) repair(text string, year int) (Match, bool) {
	for range 2 { // files exist that were damaged twice
		fixed, ok := fromMojibake(text)
		if !ok {
			break
		}
		text = fixed
		if m, known, ok := sp.find(text, year); known {
			if ok {
				m.How = Repaired
			}
			return m, ok
		}
	}
	return sp.restore(text, year)
}

// fromMojibake undoes the reading of UTF-8 as Windows-1252 or Latin-1; ok only
// when all of the text turns into valid UTF-8 with fewer characters.
func fromMojibake(text string) (string, bool) {
	b := make([]byte, 0, len(text))
	high := false
	for _, r := range text {
		c, ok := charmap.Windows1252.EncodeRune(r)
		if !ok {
			if r > 0xFF {
				return "", false
			}
			c = byte(r)
		}
		high = high || c >= utf8.RuneSelf
		b = append(b, c)
	}
	return string(b), high && utf8.Valid(b)
}

// restore finds the one code whose spellings have, wherever the text lost
// something (U+FFFD, or a question mark between two letters), a character
// outside ASCII, and agree everywhere else. One lost character may have left
// one sign for each of its bytes; only when nothing fits so, a sign may also
// have swallowed the character that followed.
func (sp *spellings) restore(text string, year int) (Match, bool) {
	runes := []rune(text)
	lost := false
	for i, r := range runes {
		if r == '?' && i > 0 && i+1 < len(runes) && unicode.IsLetter(runes[i-1]) && unicode.IsLetter(runes[i+1]) {
			runes[i] = utf8.RuneError
		}
		lost = lost || runes[i] == utf8.RuneError
	}
	if !lost || strings.Trim(string(runes), "\uFFFD \t") == "" {
		return Match{}, false
	}
	pattern := wideForm(runes)
	for _, swallow := range []int{0, 1} {
		var m Match
		for _, w := range sp.wide {
			if !w.to.validIn(year) || w.to.code == m.Code || !fits(pattern, w.runes, swallow) {
				continue
			}
			if m.Code != "" {
				return Match{}, false
			}
			m = Match{w.to.code, Repaired, w.to.spelling}
		}
		if m.Code != "" { // a synonym may have decided the spelling otherwise
			whole, _, ok := sp.find(m.Synonym, year)
			if !ok || whole.Code != m.Code {
				return Match{}, false
			}
			return m, true
		}
	}
	return Match{}, false
}

// fits tells whether s can have become the pattern by losing characters.
func fits(pattern, s []rune, swallow int) bool {
	for i, r := range pattern {
		if r != utf8.RuneError {
			if len(s) == 0 || s[0] != r {
				return false
			}
			s = s[1:]
			continue
		}
		k := 1
		for i+k < len(pattern) && pattern[i+k] == utf8.RuneError {
			k++
		}
		rest := pattern[i+k:]
		for n := 0; n < k && n < len(s) && s[n] >= utf8.RuneSelf; n++ {
			if (n+1)*3 < k { // UTF-8 has at most three bytes for such a character
				continue
			}
			for extra := 0; extra <= swallow && n+1+extra <= len(s); extra++ {
				if fits(rest, s[n+1+extra:], swallow) {
					return true
				}
			}
		}
		return false
	}
	return len(s) == 0
}
