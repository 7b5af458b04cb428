package gate

import (
	"hash/maphash"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/oas/tipstat/transform/codelist"
)

// mark is what a text was recognised as: a bit for each content, the year of a
// full date, and whether it is a year alone.
type mark struct {
	bits uint64
	date int
	year int
}

// memoSize bounds the texts whose marks are remembered: labels repeat, free
// text does not.
const memoSize = 1 << 15

// marker gives marks, and remembers them.
type marker struct {
	*lexicon
	memo map[string]mark
	long map[uint64]mark // of longer texts, by their hash
	seed maphash.Seed
	form []byte
}

func newMarker(lx *lexicon, codes *codelist.Set) *marker {
	own := *lx // what the code lists say is this file's: a workspace has synonyms of its own
	own.common = sync.OnceValue(func() *common { return commonOf(codes) })
	return &marker{lexicon: &own, memo: map[string]mark{}, long: map[uint64]mark{}, seed: maphash.MakeSeed()}
}

func (m *marker) mark(text string) mark {
	if len(text) > 64 {
		// A workbook of 5 kB can show one text of 32,767 characters a million times.
		key := maphash.String(m.seed, text)
		k, ok := m.long[key]
		if !ok {
			k = m.make(text)
			if len(m.long) == memoSize {
				clear(m.long)
			}
			m.long[key] = k
		}
		return k
	}
	k, ok := m.memo[text]
	if !ok {
		k = m.make(text)
		if len(m.memo) == memoSize {
			clear(m.memo)
		}
		m.memo[text] = k
	}
	return k
}

// make recognises a text. Most have too few digits and words for most contents.
func (m *marker) make(text string) (k mark) {
	text = clean(text)
	words, digits := 0, 0
	blank := true
	for _, r := range text {
		switch {
		case unicode.IsSpace(r):
			blank = true
			continue
		case r >= '0' && r <= '9':
			digits++
		}
		if blank {
			words++
		}
		blank = false
	}
	if digits == 4 && len(text) == 4 {
		k.year = yearOf(text)
	}
	if digits >= 5 {
		k.date = dateYear(text)
	}
	if digits >= 6 && k.date == 0 {
		k.bits |= m.formed(text, m.forms)
		if words > 1 {
			for w := range strings.FieldsFuncSeq(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;:()[]{}\"'«»", r) }) {
				k.bits |= m.formed(strings.Trim(w, "."), m.within)
			}
		}
	}
	announced := m.announced(text)
	for _, c := range m.loose {
		if words < c.Words || digits < c.Digits || c.after != 0 && announced&c.after == 0 {
			continue
		}
		found := true
		switch {
		case c.re != nil:
			found = m.said(c, text)
		default:
			found = c.check(m.lexicon, text)
		}
		if found {
			k.bits |= c.bit
		}
	}
	return k
}

// announced gives the lists of which a word stands in a text. Patterns are slow,
// and few texts have a word that announces a person.
func (m *marker) announced(text string) (lists uint64) {
	after := 0
	for w := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		after += strings.Index(text[after:], w) + len(w)
		if len(w) == 1 && after < len(text) && text[after] >= '0' && text[after] <= '9' {
			continue // C5000 is a cell, and no calle (c/)
		}
		if bits, is := m.announce[w]; is {
			lists |= bits
		} else if strings.IndexFunc(w, unicode.IsUpper) >= 0 {
			lists |= m.announce[strings.ToLower(w)]
		}
	}
	return lists
}

// said tells whether a pattern finds what the check confirms: the first group
// that holds something. A match without one is of words that mean something else.
func (m *marker) said(c *content, text string) bool {
	if c.check == nil {
		return c.re.MatchString(text)
	}
	for _, g := range c.re.FindAllStringSubmatch(text, -1) {
		i := slices.IndexFunc(g[1:], func(s string) bool { return s != "" })
		if i >= 0 && c.check(m.lexicon, g[1+i]) {
			return true
		}
	}
	return false
}

// formed gives the contents whose form a text has and whose check it stands.
func (m *marker) formed(text string, forms map[string][]*content) (bits uint64) {
	if len(text) > 24 {
		return 0
	}
	m.form = m.form[:0]
	for i := range len(text) {
		switch b := text[i]; {
		case b >= '0' && b <= '9':
			b = '9'
			fallthrough
		default:
			m.form = append(m.form, b)
		case b >= 'A' && b <= 'Z', b >= 'a' && b <= 'z':
			m.form = append(m.form, 'A')
		}
	}
	for _, c := range forms[string(m.form)] {
		if c.check == nil || c.check(m.lexicon, text) {
			bits |= c.bit
		}
	}
	return bits
}

// latin are the letters that Cyrillic and Greek ones look like.
var latin = func() map[rune]rune {
	m := map[rune]rune{}
	other, same := []rune("АВЕЅІЈКМНОРСТУХаеѕіјорсухΑΒΕΖΗΙΚΜΝΟΡΤΥΧο"), []rune("ABESIJKMHOPCTYXaesijopcyxABEZHIKMNOPTYXo")
	for i, r := range other {
		m[r] = same[i]
	}
	return m
}()

// clean makes full-width forms and what looks like a Latin letter plain, writes blanks for the low lines between words, takes out what can't be seen, the tags of marked-up
// text and the blanks at the ends.
func clean(text string) string {
	if strings.Contains(text, "<") {
		text = reTag.ReplaceAllString(text, "")
	}
	for i := range len(text) {
		if text[i] < utf8.RuneSelf {
			continue
		}
		text = strings.Map(func(r rune) rune {
			switch {
			case r == '\u200b': // a space of no width, as pages have it between words
				return ' '
			case unicode.Is(unicode.Cf, r):
				return -1
			case unicode.IsDigit(r) && r > unicode.MaxASCII:
				return digit(r)
			case strings.ContainsRune("‐‑–—−", r):
				return '-'
			case latin[r] != 0:
				return latin[r]
			}
			return r
		}, norm.NFKC.String(text))
		break
	}
	if !strings.Contains(text, "@") { // in an address it stands for itself
		text = strings.ReplaceAll(text, "_", " ")
	}
	return strings.TrimLeft(strings.TrimSpace(text), "'’´`") // a number kept as text
}

// digit gives the ASCII digit of one of another script: decimal digits stand
// in runs of ten.
func digit(r rune) rune {
	n := rune(0)
	for n < 9 && unicode.IsDigit(r-n-1) {
		n++
	}
	return '0' + n
}

var (
	reTag    = regexp.MustCompile(`</?[A-Za-z][^<>]{0,60}>`)
	reISO    = regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$`)
	reSlash  = regexp.MustCompile(`^\d{1,2}[-/. ]\d{1,2}[-/. ](\d{4})(?: \d{1,2}:.*)?$`)
	reMonths = regexp.MustCompile(`^(?:\d{1,2}(?:º|°|er)?[-/. ](?:de )?(?:\pL{3,10}|[IVXivx]{1,4})\.?,?[-/. ](?:de |del )?|\pL{3,10}\.? \d{1,2},? )(\d{4})(?: \pL{1,2})?$`)
)

// dateYear gives the year of a text that is a full date; 0: it is none.
func dateYear(s string) int {
	if len(s) < 8 || len(s) > 32 {
		return 0
	}
	for _, re := range []*regexp.Regexp{reISO, reSlash, reMonths} {
		if g := re.FindStringSubmatch(s); g != nil {
			return yearOf(g[1])
		}
	}
	return 0
}

var reShort = regexp.MustCompile(`^\d{1,2}[-/. ](?:\d{1,2}|\pL{3,10}\.?)[-/. ]\d{2}$`)

// shortDate tells whether a text that should be a date is one without a year of
// four digits, or without signs, or the number of a day that lost its format:
// 12/03/01, 20010312, 36962.
func shortDate(s string) bool {
	switch {
	case len(digitsOf(s)) < len(s):
		return reShort.MatchString(s)
	case len(s) == 8:
		return yearOf(s[:4]) > 0 && yymmdd(s[2:]) || yearOf(s[4:]) > 0 && (yymmdd("00"+s[2:4]+s[:2]) || yymmdd("00"+s[:4]))
	}
	return len(s) == 5 && s[0] >= '1' && s[0] <= '4'
}

func yearOf(s string) int {
	y, err := strconv.Atoi(s)
	if err != nil || y < 1900 || y > 2100 {
		return 0
	}
	return y
}
