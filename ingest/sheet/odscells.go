package sheet

import (
	"strconv"
	"strings"
)

// odsTable reads one table of an OpenDocument spreadsheet.
type odsTable struct {
	*scanner
	limits  Limits
	name    string
	fn      func(*Row) error
	row     Row
	at      int // last row begun
	col     int // last column begun
	cells   int64
	value   []byte // text of the cell
	shown   []byte
	keep    arena
	merges  []Range
	done    bool
	stopped error
}

// odsCell is what the tag of a cell says.
type odsCell struct {
	repeat, columns, rows int
	kind                  string
	fault, formula        bool
	given                 bool // value or string-value stands in the tag
}

// rows reads the children of a table, or of a group of rows in it.
func (t *odsTable) rows(hidden bool) error {
	depth := t.depth()
	for {
		tok, err := t.next()
		if err != nil {
			return err
		}
		if tok == tokEnd {
			t.done = t.depth() == 3
			return nil
		}
		if tok == tokText {
			if !blank(t.text) {
				return t.wrong("text where none may be")
			}
			continue
		}
		switch {
		case t.is(nsTable, "table-row"):
			err = t.oneRow(hidden)
		case t.is(nsTable, "table-header-rows"), t.is(nsTable, "table-rows"):
			err = t.rows(hidden)
		case t.is(nsTable, "table-row-group"):
			err = t.rows(hidden || string(t.attr(nsTable, "display")) == "false")
		case t.is(nsTable, "table-cell"), t.is(nsTable, "covered-table-cell"), t.is(nsTable, "table"):
			return t.wrong("an element that is not expected")
		default:
			err = t.skip()
		}
		if err != nil {
			return err
		}
		if t.depth() != depth {
			return t.wrong("an element that is not expected")
		}
	}
}

// count reads an attribute that says how many; 1 when there is none.
func (t *odsTable) count(local string) (int, error) {
	v := t.attr(nsTable, local)
	if v == nil {
		return 1, nil
	}
	n, ok := index(v)
	if !ok || n == 0 {
		return 0, t.wrong(local + " is not a count")
	}
	return n, nil
}

func (t *odsTable) oneRow(hidden bool) error {
	repeat, err := t.count("number-rows-repeated")
	if err != nil {
		return err
	}
	v := string(t.attr(nsTable, "visibility"))
	t.row.Hidden = hidden || v == "collapse" || v == "filter"
	t.row.Cells = t.row.Cells[:0]
	t.at++
	t.col = 0
	merged := len(t.merges)
	for {
		tok, err := t.next()
		if err != nil {
			return err
		}
		if tok == tokEnd {
			break
		}
		if tok == tokText {
			if !blank(t.text) {
				return t.wrong("text where none may be")
			}
			continue
		}
		if !t.is(nsTable, "table-cell") && !t.is(nsTable, "covered-table-cell") {
			return t.wrong("an element that is not expected")
		}
		if err := t.cell(); err != nil {
			return err
		}
	}
	first := t.at
	t.at += repeat - 1
	if len(t.row.Cells) == 0 {
		if first <= t.limits.Rows && t.at > t.limits.Rows {
			return nil // the empty rest of the grid, however long
		}
		if len(t.merges) == merged {
			return nil
		}
	}
	if t.at > t.limits.Rows {
		return tooMuch(CodeRows, t.at, t.limits.Rows)
	}
	if t.cells += int64(len(t.row.Cells)) * int64(repeat-1); t.cells > t.limits.Cells {
		return tooMuch(CodeCells, t.cells, t.limits.Cells)
	}
	if len(t.row.Cells) == 0 {
		return nil
	}
	for n := first; n <= t.at; n++ {
		if err := t.ctxErr(n); err != nil {
			return err
		}
		t.row.Number = n
		if err := t.fn(&t.row); err != nil {
			t.stopped = err
			return errStop
		}
	}
	return nil
}

// ctxErr looks at the context while repeated rows are given, for which nothing
// is read.
func (t *odsTable) ctxErr(n int) error {
	if n%4096 != 0 {
		return nil
	}
	if pt, ok := t.r.(*part); ok && pt.ctx.Err() != nil {
		return canceled(pt.ctx.Err())
	}
	return nil
}

func (t *odsTable) cell() error {
	var c odsCell
	var err error
	if c.repeat, err = t.count("number-columns-repeated"); err != nil {
		return err
	}
	if c.columns, err = t.count("number-columns-spanned"); err != nil {
		return err
	}
	if c.rows, err = t.count("number-rows-spanned"); err != nil {
		return err
	}
	c.kind = string(t.attr(nsOffice, "value-type"))
	c.fault = string(t.attr(nsCalc, "value-type")) == "error"
	c.formula = t.attr(nsTable, "formula") != nil
	first := t.col + 1
	t.col += c.repeat
	if c.columns > 1 || c.rows > 1 {
		r := Range{t.at, first, t.at + c.rows - 1, first + c.columns - 1}
		if r.LastRow > maxRow || r.LastCol > maxCol {
			return &Error{Code: CodeReference, Part: t.part, Found: itoa(c.rows) + "×" + itoa(c.columns), Expected: "A1–XFD1048576"}
		}
		if len(t.merges) == t.limits.Merges {
			return tooMuch(CodeMerges, len(t.merges)+1, t.limits.Merges)
		}
		t.merges = append(t.merges, r)
	}
	t.shown = t.shown[:0]
	for _, a := range t.attrs {
		if a.ns != nsOffice {
			continue
		}
		switch string(a.local) {
		case "value", "date-value", "time-value", "boolean-value", "string-value":
			c.given = true
			t.shown = append(t.shown[:0], a.value...)
		}
	}
	if len(t.shown) > t.limits.CellBytes {
		return tooMuch(CodeCellBytes, len(t.shown), t.limits.CellBytes)
	}
	t.value = t.value[:0]
	if err := t.paragraphs(); err != nil {
		return err
	}
	cell, err := t.cellValue(c)
	if err != nil || cell.Kind == 0 {
		return err
	}
	if t.cells += int64(c.repeat); t.cells > t.limits.Cells {
		return tooMuch(CodeCells, t.cells, t.limits.Cells)
	}
	if t.col > t.limits.Columns {
		return tooMuch(CodeColumns, t.col, t.limits.Columns)
	}
	for col := first; col <= t.col; col++ {
		cell.Col = col
		t.row.Cells = append(t.row.Cells, cell)
	}
	return nil
}

// cellValue makes the value of a cell; its kind is 0 when the cell is empty.
func (t *odsTable) cellValue(c odsCell) (Cell, error) {
	bad := &Error{Code: CodeValue, Part: t.part, Found: "office:value-type=" + printable(c.kind)}
	if _, known := errorNames[string(t.value)]; c.fault || known && c.formula {
		return Cell{Kind: ErrorValue, Text: t.keep.add(t.value)}, nil
	}
	switch c.kind {
	case "float", "percentage", "currency":
		text, n, code := appendNumber(nil, t.shown)
		if code != "" {
			bad.Code, bad.Found = code, numeral(t.shown)
			return Cell{}, bad
		}
		return Cell{Kind: Number, Text: t.keep.add(text), Number: n}, nil
	case "date":
		text, serial, ok := appendISO(nil, t.shown, false)
		if !ok {
			return Cell{}, bad
		}
		return Cell{Kind: Date, Text: t.keep.add(text), Number: serial}, nil
	case "time":
		days, ok := duration(string(t.shown))
		if !ok {
			return Cell{}, bad
		}
		if text, ok := appendDate(nil, days, lookTime, false); ok && days < 1 {
			return Cell{Kind: Date, Text: t.keep.add(text), Number: days}, nil
		}
		text, n, _ := appendNumber(nil, strconv.AppendFloat(nil, days, 'g', -1, 64))
		return Cell{Kind: Number, Text: t.keep.add(text), Number: n}, nil
	case "boolean":
		b, ok := boolean(t.shown)
		if !ok {
			return Cell{}, bad
		}
		if b {
			return Cell{Kind: Bool, Text: boolNames[1], Number: 1}, nil
		}
		return Cell{Kind: Bool, Text: boolNames[0]}, nil
	case "string", "":
		v := t.value
		if c.given {
			v = t.shown
		}
		if len(v) > 0 {
			return Cell{Kind: Text, Text: t.keep.add(v)}, nil
		}
		if c.formula && c.kind == "" {
			return Cell{Kind: NoValue}, nil
		}
		return Cell{}, nil
	case "void":
		return Cell{}, nil
	}
	return Cell{}, bad
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

// paragraphs reads the text of a cell, or of a list in it, to its end. Notes,
// drawings and the like are no part of it.
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
			begun = true
			if err := t.paragraph(len(t.value)); err != nil {
				return err
			}
		case t.is(nsText, "list"), t.is(nsText, "list-item"), t.is(nsText, "list-header"):
			if err := t.paragraphs(); err != nil {
				return err
			}
		case t.is(nsTable, "table"):
			return t.wrong("a table inside a cell")
		default:
			if err := t.skip(); err != nil {
				return err
			}
		}
	}
}

// paragraph reads inline text to the end of the element that just began. Runs
// of white space count as one blank, and none at the start of the paragraph.
func (t *odsTable) paragraph(from int) error {
	for {
		tok, err := t.next()
		switch {
		case err != nil:
			return err
		case tok == tokEnd:
			return nil
		case tok == tokText:
			for _, b := range t.text {
				if isSpace(b) {
					n := len(t.value)
					if n == from || t.value[n-1] == ' ' {
						continue
					}
					b = ' '
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
		if len(t.value) > t.limits.CellBytes {
			return tooMuch(CodeCellBytes, len(t.value), t.limits.CellBytes)
		}
	}
}
