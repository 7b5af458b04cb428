package sheet

import (
	"bytes"
	"context"
	"errors"
	"slices"
)

// worksheet reads one sheet of an xlsx file.
type worksheet struct {
	*scanner
	limits   Limits
	name     string
	from1904 bool
	strings  []string
	styles   []look
	fn       func(*Row) error // nil: nobody asks for the rows, only for what follows them
	row      Row
	at       int // row that is being read
	col      int // last column read of it
	cells    int64
	value    []byte
	shown    []byte // a number or date as it is shown
	keep     arena
	merges   []Range
	stopped  error // what fn gave
}

var errStop = errors.New("stop")

func (x *xlsx) read(ctx context.Context, sheet int, fn func(*Row) error) error {
	sh := x.sheets[sheet]
	if !sh.cells {
		return nil
	}
	ws := &worksheet{limits: x.pack.limits, name: sh.name, from1904: x.from1904, fn: fn, keep: arena{block: 16 << 10}}
	var err error
	if ws.strings, err = x.strings.get(ctx, x.pack, func(s *scanner) ([]string, error) { return readStrings(s, x.pack.limits) }); err != nil {
		return err
	}
	if ws.styles, err = x.styles.get(ctx, x.pack, readStyles); err != nil {
		return err
	}
	err = x.pack.scan(ctx, sh.part, func(s *scanner) error {
		ws.scanner = s
		return ws.read()
	})
	if err == errStop {
		return ws.stopped
	}
	if err != nil {
		return ws.placed(err)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.merged[sheet] = ws.merges
	return nil
}

func (x *xlsx) merges(ctx context.Context, sheet int) ([]Range, error) {
	for range 2 {
		x.mu.Lock()
		ranges, ok := x.merged[sheet]
		x.mu.Unlock()
		if ok || !x.sheets[sheet].cells {
			return slices.Clone(ranges), nil
		}
		if err := x.read(ctx, sheet, nil); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// placed puts the sheet, and the cell that was reached, into an error.
func (ws *worksheet) placed(err error) error {
	if e, ok := err.(*Error); ok {
		e.Sheet = ws.name
		if e.Cell == "" {
			e.Cell = cellName(ws.at, max(ws.col, 1))
		}
	}
	return err
}

func (ws *worksheet) fault(code, found, expected string) error {
	return &Error{Code: code, Part: ws.part, Found: found, Expected: expected}
}

// read goes through the worksheet: sheetData, which must stand once, and the
// merged ranges. The rest is only checked to be well-formed.
func (ws *worksheet) read() error {
	if err := root(ws.scanner, "worksheet"); err != nil {
		return err
	}
	seen := false
	for {
		t, err := ws.next()
		if err != nil {
			return err
		}
		if t == tokEnd {
			if !seen {
				return ws.wrong("no sheetData")
			}
			return nil
		}
		if t == tokText {
			if !blank(ws.text) {
				return ws.wrong("text where none may be")
			}
			continue
		}
		switch {
		case ws.is(nsMain, "sheetData"):
			if seen {
				return ws.wrong("sheetData stands twice")
			}
			seen = true
			if err := ws.rows(); err != nil {
				return err
			}
			ws.at, ws.col = 0, 0
		case ws.is(nsMain, "mergeCells"):
			if err := eachChild(ws.scanner, "mergeCell", ws.merge); err != nil {
				return err
			}
		default:
			if err := ws.skip(); err != nil {
				return err
			}
		}
	}
}

func (ws *worksheet) merge() error {
	r, ok := area(ws.attr(nsNone, "ref"))
	if !ok {
		return ws.fault(CodeReference, printable(string(ws.attr(nsNone, "ref"))), "A1:XFD1048576")
	}
	if len(ws.merges) == ws.limits.Merges {
		return tooMuch(CodeMerges, len(ws.merges)+1, ws.limits.Merges)
	}
	ws.merges = append(ws.merges, r)
	return nil
}

// rows reads sheetData.
func (ws *worksheet) rows() error {
	for {
		t, err := ws.next()
		switch {
		case err != nil:
			return err
		case t == tokEnd:
			return nil
		case t == tokText:
			if !blank(ws.text) {
				return ws.wrong("text where none may be")
			}
		case !ws.is(nsMain, "row"):
			return ws.wrong("an element that is not expected")
		default:
			if err := ws.oneRow(); err != nil {
				return err
			}
		}
	}
}

func (ws *worksheet) oneRow() error {
	number := ws.at + 1
	ws.row.Hidden = false
	for i := range ws.attrs {
		a := &ws.attrs[i]
		if a.ns != nsNone {
			continue
		}
		switch string(a.local) {
		case "r":
			n, ok := index(a.value)
			if !ok || n == 0 || a.value[0] == '0' {
				return ws.fault(CodeReference, printable(string(a.value)), "1–"+itoa(maxRow))
			}
			if n == ws.at {
				return ws.fault(CodeTwice, itoa(n)+":"+itoa(n), "")
			}
			if n < ws.at {
				return ws.fault(CodeOrder, itoa(n)+":"+itoa(n), "> "+itoa(ws.at)+":"+itoa(ws.at))
			}
			number = n
		case "hidden":
			var ok bool
			if ws.row.Hidden, ok = boolean(a.value); !ok {
				return ws.wrong("hidden is not a boolean")
			}
		}
	}
	if number > ws.limits.Rows {
		return tooMuch(CodeRows, number, ws.limits.Rows)
	}
	ws.at, ws.col = number, 0
	ws.row.Number, ws.row.Cells = number, ws.row.Cells[:0]
	for {
		t, err := ws.next()
		switch {
		case err != nil:
			return err
		case t == tokStart && ws.is(nsMain, "c"):
			if err := ws.cell(); err != nil {
				return err
			}
		case t == tokEnd:
			return ws.give()
		case t == tokText:
			if !blank(ws.text) {
				return ws.wrong("text where none may be")
			}
		case ws.is(nsMain, "extLst"):
			if err := ws.skip(); err != nil {
				return err
			}
		default:
			return ws.wrong("an element that is not expected")
		}
	}
}

// give hands the row on, if it has a cell.
func (ws *worksheet) give() error {
	if len(ws.row.Cells) == 0 || ws.fn == nil {
		return nil
	}
	if err := ws.fn(&ws.row); err != nil {
		ws.stopped = err
		return errStop
	}
	return nil
}

// cellType is the t attribute.
type cellType uint8

const (
	typeNumber cellType = iota
	typeShared
	typeInline
	typeFormula // str: the text that a formula gave
	typeBool
	typeError
	typeDate
)

// cell reads the c element that just began.
func (ws *worksheet) cell() error {
	col, style, kind := ws.col+1, 0, typeNumber
	for i := range ws.attrs {
		a := &ws.attrs[i]
		if a.ns != nsNone || len(a.local) != 1 {
			continue
		}
		switch a.local[0] {
		case 'r':
			row, c, ok := address(a.value)
			if !ok {
				return ws.fault(CodeReference, printable(string(a.value)), "A1–XFD1048576")
			}
			if row != ws.at {
				return ws.fault(CodeOrder, printable(string(a.value)), itoa(ws.at)+":"+itoa(ws.at))
			}
			if c == ws.col {
				return ws.fault(CodeTwice, printable(string(a.value)), "")
			}
			if c < ws.col {
				return ws.fault(CodeOrder, printable(string(a.value)), "> "+cellName(ws.at, ws.col))
			}
			col = c
		case 's':
			var ok bool
			if style, ok = index(a.value); !ok {
				return ws.wrong("a style is not a number")
			}
		case 't':
			switch string(a.value) {
			case "n":
			case "s":
				kind = typeShared
			case "str":
				kind = typeFormula
			case "inlineStr":
				kind = typeInline
			case "b":
				kind = typeBool
			case "e":
				kind = typeError
			case "d":
				kind = typeDate
			default:
				return ws.fault(CodeValue, "t="+printable(string(a.value)), "b, d, e, inlineStr, n, s, str")
			}
		}
	}
	if col > ws.limits.Columns {
		return tooMuch(CodeColumns, col, ws.limits.Columns)
	}
	if ws.cells++; ws.cells > ws.limits.Cells {
		return tooMuch(CodeCells, ws.cells, ws.limits.Cells)
	}
	ws.col = col
	formula, value, inline := false, false, false
	for {
		t, err := ws.next()
		switch {
		case err != nil:
			return err
		case t == tokEnd:
			return ws.finish(kind, style, formula, value || inline)
		case t == tokText:
			if !blank(ws.text) {
				return ws.wrong("text where none may be")
			}
		case ws.ns != nsMain:
			return ws.wrong("an element that is not expected")
		case string(ws.local) == "v" && !value && kind != typeInline:
			value = true
			ws.value, err = ws.content(ws.value[:0], ws.limits.CellBytes)
		case string(ws.local) == "f" && !formula:
			formula = true
			err = ws.skip()
		case string(ws.local) == "is" && !inline && kind == typeInline:
			inline = true
			ws.value, err = richText(ws.scanner, ws.value[:0], ws.limits.CellBytes)
		case string(ws.local) == "extLst":
			err = ws.skip()
		default:
			return ws.wrong("an element that is not expected")
		}
		if err != nil {
			return err
		}
	}
}

var (
	errorNames = map[string]string{}
	boolNames  = [2]string{"FALSE", "TRUE"}
)

func init() {
	for _, e := range []string{"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA", "#SPILL!", "#CALC!"} {
		errorNames[e] = e
	}
}

// finish makes the value of a cell of what stood in it.
func (ws *worksheet) finish(kind cellType, style int, formula, has bool) error {
	v := ws.value
	if has && kind != typeFormula && kind != typeInline {
		v = bytes.TrimSpace(v)
		has = len(v) > 0 || kind != typeNumber
	}
	if !has {
		if formula {
			ws.put(Cell{Kind: NoValue})
		}
		return nil
	}
	switch kind {
	case typeShared:
		i, ok := index(v)
		if !ok || i >= len(ws.strings) {
			return ws.fault(CodeStringRef, numeral(v), "0–"+itoa(len(ws.strings)-1))
		}
		if s := ws.strings[i]; s != "" {
			ws.put(Cell{Kind: Text, Text: s})
		}
	case typeFormula, typeInline:
		if s := ws.keep.add(unescape(v)); s != "" {
			ws.put(Cell{Kind: Text, Text: s})
		}
	case typeBool:
		b, ok := boolean(v)
		if !ok {
			return ws.fault(CodeValue, numeral(v), "0, 1")
		}
		n := 0
		if b {
			n = 1
		}
		ws.put(Cell{Kind: Bool, Text: boolNames[n], Number: float64(n)})
	case typeError:
		name, ok := errorNames[string(v)]
		if !ok {
			if len(v) < 2 || v[0] != '#' {
				return ws.fault(CodeValue, "t=e", "#N/A, #DIV/0! …")
			}
			name = ws.keep.add(v)
		}
		ws.put(Cell{Kind: ErrorValue, Text: name})
	case typeDate:
		text, serial, ok := appendISO(ws.shown[:0], v, ws.from1904)
		if ws.shown = text; !ok {
			return ws.fault(CodeValue, "t=d", "2006-01-02T15:04:05")
		}
		ws.put(Cell{Kind: Date, Text: ws.keep.add(text), Number: serial})
	default:
		return ws.number(v, style)
	}
	return nil
}

func (ws *worksheet) number(v []byte, style int) error {
	text, n, code := appendNumber(ws.shown[:0], v)
	if ws.shown = text; code != "" {
		return ws.fault(code, numeral(v), "t=n")
	}
	if style >= len(ws.styles) && style > 0 {
		return ws.fault(CodeValue, "s="+itoa(style), "0–"+itoa(len(ws.styles)-1))
	}
	if style < len(ws.styles) && ws.styles[style] != lookNumber {
		if date, ok := appendDate(text[:0], n, ws.styles[style], ws.from1904); ok {
			ws.shown = date
			ws.put(Cell{Kind: Date, Text: ws.keep.add(date), Number: n})
			return nil
		}
		text, _, _ = appendNumber(ws.shown[:0], v)
	}
	ws.put(Cell{Kind: Number, Text: ws.keep.add(text), Number: n})
	return nil
}

func (ws *worksheet) put(c Cell) {
	c.Col = ws.col
	ws.row.Cells = append(ws.row.Cells, c)
}

// numeral shows a faulty value only where it can't be about a person.
func numeral(v []byte) string {
	if len(v) == 0 {
		return "∅"
	}
	if len(v) > 40 {
		return "…"
	}
	switch string(bytes.ToLower(v)) {
	case "nan", "inf", "-inf", "+inf", "infinity", "-infinity":
		return string(v)
	}
	for _, c := range v {
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c|0x20 != 'e' {
			return "…"
		}
	}
	return string(v)
}
