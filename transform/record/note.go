package record

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Note is a remark of those who sent a file, published as a footnote: the
// explanation of a finding, or a note written into the form (no code then).
type Note struct {
	Code  string
	At    Place    // what it is about; no cell: the whole sheet, no sheet: the whole file
	Cells []string // further cells
	Lang  string
	Text  string
}

// LongestNote is how many characters a note may have.
const LongestNote = 500

// longNumber is how many digits make a number that may be a document's or a
// telephone's.
const longNumber = 8

const (
	year = `(?:19|20)\d\d`
	// A date; a span of years or a fiscal year (2020/21); a month of a year; a
	// law and its year (13.344/2016, 26.364 (2008)).
	timeOrLaw = `(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}[/.-]\d{1,2}[/.-]\d{1,2}|` + year + `(?: ?[-/–] ?(?:` + year + `|\d\d))?|\d{1,2}/` + year +
		`|(?:\d{1,3}\.\d{3}|\d{1,5}) ?[-/]? ?\(?` + year + `)`
)

var (
	eMail    = regexp.MustCompile(`[\pL\p{Nd}._%+-]+@[\pL\p{Nd}.-]+\.\pL{2,}`)
	link     = regexp.MustCompile(`https?://|www\.`)
	lettered = regexp.MustCompile(`(?i)\b[A-Z]{1,4}-?\d{6,}`) // passports, and codes made of names and birth dates
	digits   = regexp.MustCompile(`\p{Nd}(?:[ ./()–-]{0,2}\p{Nd})*`)
	harmless = regexp.MustCompile(`^` + timeOrLaw + `(?:[ .()–-]{1,3}` + timeOrLaw + `)*$`)
)

// MayTellOfPerson tells whether a text that is to be published or kept holds a
// contact or the number of a document. Names can't be told from other words, nor
// can a number that looks like two years. What whole columns show, names too, is
// told by ingest/gate.
func MayTellOfPerson(text string) bool {
	text = norm.NFKC.String(text)
	return HoldsEMail(text) || link.MatchString(text) || lettered.MatchString(text) || HoldsLongNumber(text)
}

// HoldsEMail tells whether an e-mail address stands in a text.
func HoldsEMail(text string) bool { return strings.Contains(text, "@") && eMail.MatchString(text) }

// HoldsLongNumber tells whether a text holds a number of eight digits or more
// that is no date, span of years or law.
func HoldsLongNumber(text string) bool {
	for _, run := range digits.FindAllString(text, -1) {
		n := 0
		for _, r := range run {
			if unicode.IsDigit(r) {
				n++
			}
		}
		if n >= longNumber && !IsTimeOrLaw(run) {
			return true
		}
	}
	return false
}

// IsTimeOrLaw tells whether a run of digits is a date, a span of years, or a
// law and its year, or several of them.
func IsTimeOrLaw(run string) bool { return harmless.MatchString(run) }
