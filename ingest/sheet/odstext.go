package sheet

import (
	"bytes"
	"strconv"
	"strings"
)

// paragraphs reads the text of a cell, or of a list in it, to its end. Comments
// are kept beside it; drawings and the like are passed over.
func (t *odsTable) paragraphs() error {
	for begun := false; ; {
		tok, err := t.next()
		switch {
		case err != nil:
			return err
		case tok == tokEnd:
			return nil
		case tok == tokText:
			if !blank(t.text) {
				return t.wrong("text where none may be")
			}
		case t.is(nsText, "p"), t.is(nsText, "h"):
			if begun || len(t.value) > 0 {
				t.value = append(t.value, '\n')
			}
			begun, t.spoke = true, true
			if err := t.paragraph(len(t.value)); err != nil {
				return err
			}
		case t.is(nsText, "list"), t.is(nsText, "list-item"), t.is(nsText, "list-header"):
			if err := t.paragraphs(); err != nil {
				return err
			}
		case t.is(nsTable, "table"):
			return t.wrong("a table inside a cell")
		case t.is(nsOffice, "annotation"):
			if err := t.annotation(); err != nil {
				return err
			}
		default:
			if err := t.skip(); err != nil {
				return err
			}
		}
	}
}

// paragraph reads inline text to the end of the element that just began. White
// space with a line end or tab in it is one blank, and none at the start of the
// paragraph: a program has laid out its XML. Blanks alone are kept as they are,
// though OpenDocument (1.2, part 1, 6.1.2) makes one of them: LibreOffice writes
// and reads them so in cells of several lines.
func (t *odsTable) paragraph(from int) error {
	for {
		tok, err := t.next()
		if err == nil && tok != tokText {
			t.blanks(from, tok == tokEnd)
		}
		switch {
		case err != nil:
			return err
		case tok == tokEnd:
			return nil
		case tok == tokText:
			for _, b := range t.text {
				if isSpace(b) {
					t.white = append(t.white, b)
					continue
				}
				if len(t.white) > 0 {
					t.blanks(from, false)
				}
				t.value = append(t.value, b)
			}
		case t.is(nsText, "s"):
			n := 1
			if v := t.attr(nsText, "c"); v != nil {
				ok := false
				if n, ok = index(v); !ok || n > t.limits.CellBytes {
					return t.wrong("a count of blanks is malformed")
				}
			}
			for range n {
				t.value = append(t.value, ' ')
			}
			err = t.skip()
		case t.is(nsText, "tab"):
			t.value = append(t.value, '\t')
			err = t.skip()
		case t.is(nsText, "line-break"):
			t.value = append(t.value, '\n')
			err = t.skip()
		case t.ns == nsText && string(t.local) != "ruby-text" && string(t.local) != "note":
			err = t.paragraph(from)
		default:
			err = t.skip()
		}
		if err != nil {
			return err
		}
		if n := len(t.value) + len(t.white); n > t.limits.CellBytes {
			return tooMuch(CodeCellBytes, n, t.limits.CellBytes)
		}
	}
}

// blanks appends the white space gathered so far, folded as paragraph says.
func (t *odsTable) blanks(from int, end bool) {
	switch {
	case !bytes.ContainsAny(t.white, "\n\t\r"):
		t.value = append(t.value, t.white...)
	case !end && len(t.value) > from && t.value[len(t.value)-1] != ' ':
		t.value = append(t.value, ' ')
	}
	t.white = t.white[:0]
}

// annotation reads a comment. Who wrote it, and when, is passed over.
func (t *odsTable) annotation() error {
	cell := t.value
	t.value = t.comment[:0]
	err := t.comments()
	t.comment, t.value = t.value, cell
	if err != nil {
		return err
	}
	return t.notes.add(t.at, t.first, t.comment)
}

func (t *odsTable) comments() error {
	for begun := false; ; {
		tok, err := t.next()
		switch {
		case err != nil:
			return err
		case tok == tokEnd:
			return nil
		case tok == tokStart && t.is(nsText, "p"):
			if begun {
				t.value = append(t.value, '\n')
			}
			begun = true
			err = t.paragraph(len(t.value))
		case tok == tokStart:
			err = t.skip()
		}
		if err != nil {
			return err
		}
	}
}

// duration reads PT26H30M00.5S, in days.
func duration(s string) (days float64, ok bool) {
	s, neg := strings.CutPrefix(s, "-")
	s, ok = strings.CutPrefix(s, "PT")
	if !ok || s == "" {
		return 0, false
	}
	for _, unit := range []struct {
		mark byte
		days float64
	}{{'H', 24}, {'M', 24 * 60}, {'S', 24 * 60 * 60}} {
		n := strings.IndexByte(s, unit.mark)
		if n < 0 {
			continue
		}
		if !isNumber([]byte(s[:n])) {
			return 0, false
		}
		v, err := strconv.ParseFloat(s[:n], 64)
		if err != nil || v < 0 {
			return 0, false
		}
		days += v / unit.days
		s = s[n+1:]
	}
	if neg {
		days = -days
	}
	return days, s == ""
}
