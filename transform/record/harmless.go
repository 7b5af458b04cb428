package record

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Harmless keeps a spreadsheet from taking a text of a csv file for a formula: an
// apostrophe goes before what begins like one (=, +, -, @, full-width ones too, whatever
// blanks, signs that can't be seen, and quotation marks stand before it). Numbers stay.
//
// A comma does not end a field in every country: where Excel parts columns by semicolons,
// it cuts the text `see;=1+1` of a comma-separated file in two, quotation marks or not,
// and runs the second. So every piece between semicolons, tabs and ends of lines is looked
// at alone. Unmarked gives the text again.
func Harmless(s string) string { return pieces(s, func(p string) string { return "'" + p }) }

// Unmarked takes off what Harmless put into a text.
func Unmarked(s string) string {
	return pieces(s, func(p string) string { return strings.TrimPrefix(p, "'") })
}

// ends are the signs that may end a field, by the separator that a program takes.
const ends = ";\t\n\r"

// pieces changes those pieces of a text that could be taken for a formula.
func pieces(s string, change func(string) string) string {
	if !strings.ContainsFunc(s, starts) {
		return s
	}
	var out strings.Builder
	for s != "" {
		i := strings.IndexAny(s, ends)
		if i < 0 {
			i = len(s)
		}
		piece := s[:i]
		if formula(piece) {
			piece = change(piece)
		}
		out.WriteString(piece)
		if s = s[i:]; s != "" {
			out.WriteByte(s[0])
			s = s[1:]
		}
	}
	return out.String()
}

var reNumber = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]{1,3})?$`)

// formula tells whether a field begins as a formula does. What an apostrophe stands before
// already is one too: only so can Unmarked tell whose apostrophe it is.
func formula(s string) bool {
	for _, r := range s {
		if starts(r) {
			return !reNumber.MatchString(strings.Trim(s, " '"))
		}
		if !passedOver(r) {
			return false
		}
	}
	return false
}

// starts tells whether a formula begins with a sign. Other widths of it are the same to a
// program that makes text plain (NFKC), as those for East Asia do.
func starts(r rune) bool {
	switch {
	case r < 0x80:
		return strings.ContainsRune("=+-@", r)
	case r < 0xFE00: // the small and the full-width forms lie above
		return false
	}
	plain := norm.NFKC.String(string(r))
	return len(plain) == 1 && strings.Contains("=+-@", plain)
}

// passedOver tells whether some program takes a sign away before it looks for a formula.
func passedOver(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune("\"'`´‘’“”«»\u00a0\ufeff", r)
}
