package codelist

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Normalise reduces a text to the form in which spellings are compared: lower
// case, no accents, full-width forms and ligatures resolved, invisible
// characters dropped, and every run of spaces and punctuation made one space,
// with none at the ends. The signs < > = + ≤ ≥ stay, since "<18" and "18+" say
// different things; U+FFFD stays too, since a lost character is not a space.
// Normalising twice changes nothing.
func Normalise(s string) string {
	var buf [96]byte
	return string(appendNormal(buf[:0], s))
}

// appendNormal appends the normalised form of s to dst, whose content must be
// empty. A short ASCII text costs no allocation.
func appendNormal(dst []byte, s string) []byte {
	ascii := true
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if ascii {
		for i := 0; i < len(s); i++ {
			dst = appendSimple(dst, rune(s[i]))
		}
		return trimSpace(dst)
	}
	var scratch [192]byte
	d := norm.NFKD.AppendString(scratch[:0], strings.ToValidUTF8(s, "\uFFFD"))
	for i := 0; i < len(d); {
		r, n := utf8.DecodeRune(d[i:])
		i += n
		dst = appendFolded(dst, r)
	}
	return trimSpace(dst)
}

func trimSpace(b []byte) []byte {
	if n := len(b); n > 0 && b[n-1] == ' ' {
		return b[:n-1]
	}
	return b
}

// appendSimple appends one ASCII character.
func appendSimple(dst []byte, r rune) []byte {
	switch {
	case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
		return append(dst, byte(r))
	case r >= 'A' && r <= 'Z':
		return append(dst, byte(r)|0x20)
	case r == '<', r == '>', r == '=', r == '+':
		return append(trimSpace(dst), byte(r)) // "18 +" is "18+"
	}
	if n := len(dst); n == 0 || dst[n-1] == ' ' || isSign(dst[n-1]) {
		return dst
	}
	return append(dst, ' ')
}

func isSign(b byte) bool { return b == '<' || b == '>' || b == '=' || b == '+' }

// letters that NFKD does not take apart.
var letters = map[rune]string{
	'ß': "ss", 'ẞ': "ss", 'æ': "ae", 'Æ': "ae", 'œ': "oe", 'Œ': "oe", 'ø': "o", 'Ø': "o", 'đ': "d", 'Đ': "d",
	'ð': "d", 'Ð': "d", 'ł': "l", 'Ł': "l", 'þ': "th", 'Þ': "th", 'ı': "i", 'ħ': "h", 'Ħ': "h", 'ς': "σ",
	'≤': "<=", '≥': ">=",
}

// appendFolded appends one character of a text in NFKD.
func appendFolded(dst []byte, r rune) []byte {
	if r < utf8.RuneSelf {
		return appendSimple(dst, r)
	}
	if as, ok := letters[r]; ok {
		for _, x := range as {
			if x < utf8.RuneSelf {
				dst = appendSimple(dst, x)
			} else {
				dst = utf8.AppendRune(dst, x)
			}
		}
		return dst
	}
	switch {
	case r == '\u0338': // a stroke through a sign denies it: keep it apart
		return utf8.AppendRune(dst, r)
	case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Me, r), unicode.Is(unicode.Cf, r):
		return dst
	case r == utf8.RuneError, unicode.IsLetter(r), unicode.IsNumber(r), unicode.Is(unicode.Mc, r):
		low := unicode.ToLower(r)
		if low == r {
			return utf8.AppendRune(dst, r)
		}
		for _, x := range norm.NFKD.String(string(low)) {
			if !unicode.Is(unicode.Mn, x) {
				dst = utf8.AppendRune(dst, x)
			}
		}
		return dst
	}
	return appendSimple(dst, ' ')
}
