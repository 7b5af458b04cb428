package sheet

import (
	"context"
	"errors"
	"strconv"
)

// worksheet reads one sheet of an xlsx file.
type worksheet struct {
	*scanner
	limits   Limits
	name     string
	from1904 bool
	strings  *stringTable
	styles   []numFmt
	fn       func(*Row) error // nil: nobody asks for the rows, only for what stands around them
	row      Row
	at       int    // row that is being read
	digits   []byte // its number, as addresses end with
	plain    bool   // its cells may be written in the form that quick knows
	col      int    // last column read of it
	cells    int64
	bytes    int // text of the row
	value    []byte
	shown    []byte // a number or date as it is shown
	keep     arena
	details  Details
	hidden   columnSet
}

// errStop ends a reading when the caller's function gave an error.
var errStop = errors.New("stop")

func (x *xlsx) read(ctx context.Context, sheet int, fn func(*Row) error) error {
	sh := x.sheets[sheet]
	if !sh.cells {
		return nil
	}
	ws := &worksheet{limits: x.pack.limits, name: sh.name, from1904: x.from1904, fn: fn, keep: arena{block: 16 << 10}}
	var err error
	if ws.strings, err = x.strings.get(ctx, x.pack, func(s *scanner) (*stringTable, error) { return readStrings(s, x.pack.limits) }); err != nil {
		return err
	}
	if ws.strings == nil {
		ws.strings = &stringTable{} // the workbook has none
	}
	if ws.styles, err = x.styles.get(ctx, x.pack, readStyles); err != nil {
		return err
	}
	err = x.pack.scan(ctx, sh.part, func(s *scanner) error {
		ws.scanner = s
		return ws.read()
	})
	if err != nil {
		return ws.placed(err)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	ws.details.HiddenColumns = ws.hidden.runs()
	x.around[sheet] = ws.details
	return nil
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

// read goes through the worksheet: sheetData, which must stand once, and what
// Details needs. The rest is only checked to be well-formed.
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
		case ws.is(nsMain, "cols"):
			if err := eachChild(ws.scanner, "col", ws.column); err != nil {
				return err
			}
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
	if len(ws.details.Merges) == ws.limits.Merges {
		return tooMuch(CodeMerges, len(ws.details.Merges)+1, ws.limits.Merges)
	}
	ws.details.Merges = append(ws.details.Merges, r)
	return nil
}

// column reads what is said of a run of columns, of which only hidden ones matter.
func (ws *worksheet) column() error {
	first, ok := index(ws.attr(nsNone, "min"))
	last, ok2 := index(ws.attr(nsNone, "max"))
	if !ok || !ok2 || first < 1 || last < first || last > maxCol {
		return ws.fault(CodeReference, "min, max", "1–"+itoa(maxCol))
	}
	hidden := false
	if v := ws.attr(nsNone, "hidden"); v != nil {
		if hidden, ok = boolean(v); !ok {
			return ws.wrong("hidden is not a boolean")
		}
	}
	// A column of no width is hidden too, by dragging its edge.
	if w := ws.attr(nsNone, "width"); !hidden && w != nil {
		_, n, code := appendNumber(nil, w)
		hidden = code == "" && n == 0
	}
	if hidden {
		ws.hidden.add(first, last)
	}
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
	ws.plain = ws.unprefixed() && ws.limits.Depth >= 6
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
			hidden, ok := boolean(a.value)
			if !ok {
				return ws.wrong("hidden is not a boolean")
			}
			ws.row.Hidden = ws.row.Hidden || hidden
		case "ht": // a row of no height is hidden too, by dragging its edge
			if len(a.value) == 0 || a.value[0] != '0' {
				continue
			}
			_, n, code := appendNumber(nil, a.value)
			ws.row.Hidden = ws.row.Hidden || code == "" && n == 0
		}
	}
	if number > ws.limits.Rows {
		return tooMuch(CodeRows, number, ws.limits.Rows)
	}
	ws.at, ws.col, ws.bytes = number, 0, 0
	ws.digits = strconv.AppendInt(ws.digits[:0], int64(number), 10)
	ws.row.Number, ws.row.Cells = number, ws.row.Cells[:0]
	for {
		if ws.plain {
			if done, err := ws.quick(); err != nil {
				return err
			} else if done {
				continue
			}
		}
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
	return ws.fn(&ws.row)
}
