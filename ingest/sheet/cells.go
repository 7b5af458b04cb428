package sheet

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

// typeOf reads the t attribute.
func typeOf(b []byte) (t cellType, ok bool) {
	switch string(b) {
	case "n":
		return typeNumber, true
	case "s":
		return typeShared, true
	case "str":
		return typeFormula, true
	case "inlineStr":
		return typeInline, true
	case "b":
		return typeBool, true
	case "e":
		return typeError, true
	case "d":
		return typeDate, true
	}
	return 0, false
}

// enter goes on to a column of the row.
func (ws *worksheet) enter(col int) error {
	if col > ws.limits.Columns {
		return tooMuch(CodeColumns, col, ws.limits.Columns)
	}
	if ws.cells++; ws.cells > ws.limits.Cells {
		return tooMuch(CodeCells, ws.cells, ws.limits.Cells)
	}
	ws.col = col
	return nil
}

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
			var ok bool
			if kind, ok = typeOf(a.value); !ok {
				return ws.fault(CodeValue, "t="+printable(string(a.value)), "b, d, e, inlineStr, n, s, str")
			}
		}
	}
	if err := ws.enter(col); err != nil {
		return err
	}
	formula, value, inline := false, false, false
	for {
		t, err := ws.next()
		switch {
		case err != nil:
			return err
		case t == tokEnd:
			return ws.finish(kind, style, ws.value, formula, value || inline)
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
			err = ws.passFormula()
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

// passFormula passes over the formula of a cell, whose value is what counts.
func (ws *worksheet) passFormula() error {
	for n := 0; ; {
		switch t, err := ws.next(); {
		case err != nil:
			return err
		case t == tokEnd:
			return nil
		case t == tokStart:
			if err := ws.skip(); err != nil {
				return err
			}
		default:
			if n += len(ws.text); n > ws.limits.FormulaBytes {
				return tooMuch(CodeFormula, n, ws.limits.FormulaBytes)
			}
		}
	}
}
