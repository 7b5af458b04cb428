package record

import "regexp"

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

var (
	// An address of mail or of the web, a run of digits as in numbers of
	// documents and telephones, or letters and digits as in passports.
	personal = regexp.MustCompile(`[\pL\d._%+-]+@[\pL\d.-]+\.\pL{2,}|https?://|www\.|(?:\d[ .\-/()]{0,2}){7,}\d|\b[A-Z]{1,3}-?\d{6,}\b`)
	dates    = regexp.MustCompile(`\b(?:(?:19|20)\d\d ?[-–/] ?(?:19|20)\d\d|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}[/.-]\d{1,2}[/.-]\d{1,2})\b`)
)

// MayTellOfPerson tells whether a text that is to be published holds a contact
// or the number of a document. Names can't be told from other words. Dates
// and spans of years are no such numbers: notes tell of periods.
func MayTellOfPerson(text string) bool {
	return personal.MatchString(dates.ReplaceAllString(text, "x"))
}
