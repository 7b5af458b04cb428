package sheet

import (
	"strconv"
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
	first   int // first column of the cell
	columns int // columns described so far
	cells   int64
	value   []byte // text of the cell
	white   []byte // white space read and not yet in value
	spoke   bool   // it has a paragraph
	shown   []byte
	work    []byte
	bytes   int // text of the row
	keep    arena
	notes   comments
	comment []byte // text of one
	details Details
	hidden  columnSet
	done    bool
}

// odsCell is what the tag of a cell says.
type odsCell struct {
	repeat, columns, rows int
	kind                  string
	fault, formula        bool
	given                 bool // value or string-value stands in the tag
}

// rows reads the children of a table, or of a group of rows or columns in it.
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
		case t.is(nsTable, "table-column"):
			err = t.column(hidden)
		case t.is(nsTable, "table-columns"), t.is(nsTable, "table-header-columns"):
			err = t.rows(hidden)
		case t.is(nsTable, "table-column-group"):
			err = t.rows(hidden || string(t.attr(nsTable, "display")) == "false")
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

// column reads what is said of a run of columns, of which only hidden ones matter.
func (t *odsTable) column(hidden bool) error {
	repeat, err := t.count("number-columns-repeated")
	if err != nil {
		return err
	}
	first := t.columns + 1
	t.columns += repeat
	v := string(t.attr(nsTable, "visibility"))
	if (hidden || v == "collapse" || v == "filter") && first <= maxCol {
		t.hidden.add(first, min(t.columns, maxCol))
	}
	return t.skip()
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
	t.col, t.bytes = 0, 0
	merged := len(t.details.Merges)
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
		if len(t.details.Merges) == merged {
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
			return err
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
	c.kind = odsKind(t.attr(nsOffice, "value-type"))
	c.fault = string(t.attr(nsCalc, "value-type")) == "error"
	formula := t.attr(nsTable, "formula")
	if c.formula = formula != nil; len(formula) > t.limits.FormulaBytes {
		return tooMuch(CodeFormula, len(formula), t.limits.FormulaBytes)
	}
	first := t.col + 1
	t.first = first
	t.col += c.repeat
	if c.columns > 1 || c.rows > 1 {
		r := Range{t.at, first, t.at + c.rows - 1, first + c.columns - 1}
		if r.LastRow > maxRow || r.LastCol > maxCol {
			return &Error{Code: CodeReference, Part: t.part, Found: itoa(c.rows) + "×" + itoa(c.columns), Expected: "A1–XFD1048576"}
		}
		if len(t.details.Merges) == t.limits.Merges {
			return tooMuch(CodeMerges, len(t.details.Merges)+1, t.limits.Merges)
		}
		t.details.Merges = append(t.details.Merges, r)
	}
	t.shown = t.shown[:0]
	if v := t.attr(nsOffice, valueOf(c.kind)); v != nil {
		c.given = true
		t.shown = append(t.shown, v...)
	}
	if len(t.shown) > t.limits.CellBytes {
		return tooMuch(CodeCellBytes, len(t.shown), t.limits.CellBytes)
	}
	t.value, t.spoke = t.value[:0], false
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
	cell.Formula = c.formula
	if c.kind == "percentage" {
		cell.NumFmt = "0%"
	}
	if t.bytes += c.repeat * cell.size(); t.bytes > t.limits.RowBytes {
		return tooMuch(CodeRowBytes, t.bytes, t.limits.RowBytes)
	}
	for col := first; col <= t.col; col++ {
		cell.Col = col
		t.row.Cells = append(t.row.Cells, cell)
	}
	return nil
}

// valueOf names the attribute that holds a value of a type.
func valueOf(kind string) string {
	switch kind {
	case "date":
		return "date-value"
	case "time":
		return "time-value"
	case "boolean":
		return "boolean-value"
	case "string", "":
		return "string-value"
	}
	return "value"
}

// odsKind is the value type of a cell, without an allocation for those that are.
func odsKind(b []byte) string {
	switch string(b) {
	case "":
		return ""
	case "float":
		return "float"
	case "string":
		return "string"
	case "date":
		return "date"
	case "percentage":
		return "percentage"
	case "currency":
		return "currency"
	case "time":
		return "time"
	case "boolean":
		return "boolean"
	case "void":
		return "void"
	}
	return string(b)
}

// cellValue makes the value of a cell; its kind is 0 when the cell is empty.
func (t *odsTable) cellValue(c odsCell) (Cell, error) {
	raw := func() string { return t.keep.add(t.shown) }
	bad := func() error {
		return &Error{Code: CodeValue, Part: t.part, Found: "office:value-type=" + printable(c.kind), Expected: "OpenDocument"}
	}
	if _, known := errorNames[string(t.value)]; c.fault || known && c.formula {
		if len(t.value) == 0 {
			return Cell{}, bad()
		}
		name := t.keep.add(t.value)
		return Cell{Kind: ErrorValue, Text: name, Raw: name}, nil
	}
	switch c.kind {
	case "float", "percentage", "currency":
		text, n, code := appendNumber(t.work[:0], t.shown)
		if t.work = text; code != "" {
			return Cell{}, &Error{Code: code, Part: t.part, Found: numeral(t.shown), Expected: c.kind}
		}
		return Cell{Kind: Number, Text: t.keep.add(text), Raw: raw(), Number: n}, nil
	case "date":
		text, serial, ok := appendISO(t.work[:0], t.shown, false)
		if t.work = text; !ok {
			return Cell{}, bad()
		}
		return Cell{Kind: Date, Text: t.keep.add(text), Raw: raw(), Number: serial}, nil
	case "time":
		days, ok := duration(string(t.shown))
		if !ok {
			return Cell{}, bad()
		}
		if text, ok := appendDate(nil, days, lookTime, false); ok && days < 1 {
			return Cell{Kind: Date, Text: t.keep.add(text), Raw: raw(), Number: days}, nil
		}
		text, n, _ := appendNumber(nil, strconv.AppendFloat(nil, days, 'g', -1, 64))
		return Cell{Kind: Number, Text: t.keep.add(text), Raw: raw(), Number: n}, nil
	case "boolean":
		b, ok := boolean(t.shown)
		if !ok {
			return Cell{}, bad()
		}
		var cell Cell
		cell.bool(b)
		cell.Raw = raw()
		return cell, nil
	case "string", "":
		v := t.value
		if c.given {
			v = t.shown
		}
		if len(v) > 0 {
			text := t.keep.add(v)
			return Cell{Kind: Text, Text: text, Raw: text}, nil
		}
		// A paragraph, even an empty one, is what the formula gave.
		if c.formula && c.kind == "" && !t.spoke {
			return Cell{Kind: NoValue}, nil
		}
		return Cell{}, nil
	case "void":
		return Cell{}, nil
	}
	return Cell{}, bad()
}
