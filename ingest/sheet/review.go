package sheet

import "strings"

// ReviewName is the defined name that marks the sheet of a review workbook
// which lists findings (see ingest/review): it follows the sheet when a person
// renames or moves it. What a review adds is no part of a submission.
const ReviewName = "tipstat_review"

// ReviewNote begins what a review writes into the comment of a cell.
const ReviewNote = "[tipstat]"

// Review gives the sheet that lists findings; ok is false when the workbook has none.
func (w *Workbook) Review() (info Info, ok bool) {
	for _, n := range w.names {
		if n.Name != ReviewName {
			continue
		}
		to := strings.TrimPrefix(n.RefersTo, "$") // as OpenDocument writes it
		for _, s := range w.sheets {
			for _, name := range []string{s.Name, "'" + strings.ReplaceAll(s.Name, "'", "''") + "'"} {
				if rest, is := strings.CutPrefix(to, name); is && (strings.HasPrefix(rest, "!") || strings.HasPrefix(rest, ".")) {
					return s, true
				}
			}
		}
	}
	return Info{}, false
}

// WithoutReview gives the comments that are not a review's alone.
func (d *Details) WithoutReview() (all []Comment) {
	for _, c := range d.Comments {
		if !c.FromReview() {
			all = append(all, c)
		}
	}
	return all
}

// FromReview tells whether a review wrote all of the comment.
func (c *Comment) FromReview() bool { return strings.HasPrefix(c.Text, ReviewNote) }
