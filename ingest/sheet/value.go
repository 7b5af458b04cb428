package sheet

import "bytes"

// errorNames keeps one string for each error that Excel writes.
var errorNames = func() map[string]string {
	names := map[string]string{}
	for _, e := range []string{"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA", "#SPILL!", "#CALC!"} {
		names[e] = e
	}
	return names
}()

// finish makes the value of a cell of v, what stood in it.
func (ws *worksheet) finish(kind cellType, style int, v []byte, formula, has bool) error {
	if has && kind != typeFormula && kind != typeInline {
		v = bytes.TrimSpace(v)
		has = len(v) > 0 || kind != typeNumber
	}
	var format numFmt
	switch {
	case style < len(ws.styles):
		format = ws.styles[style]
	case style > 0 && has && kind == typeNumber: // it may be a date: what it is can't be told
		return ws.fault(CodeValue, "s="+itoa(style), below(len(ws.styles)))
	}
	c := Cell{Formula: formula, NumFmt: format.code}
	if !has {
		if c.Kind = NoValue; formula {
			return ws.put(c)
		}
		return nil
	}
	switch kind {
	case typeShared:
		i, ok := index(v)
		if !ok || i >= ws.strings.n {
			return ws.fault(CodeStringRef, numeral(v), below(ws.strings.n))
		}
		c.Kind, c.Text = Text, ws.strings.at(i)
		c.Raw = c.Text
	case typeFormula, typeInline:
		c.Kind, c.Text = Text, ws.keep.add(unescape(v))
		c.Raw = c.Text
	case typeBool:
		b, ok := boolean(v)
		if !ok {
			return ws.fault(CodeValue, numeral(v), "0, 1")
		}
		c.bool(b)
	case typeError:
		name, ok := errorNames[string(v)]
		if !ok {
			if len(v) < 2 || v[0] != '#' {
				return ws.fault(CodeValue, "t=e", "#N/A, #DIV/0! …")
			}
			name = ws.keep.add(v)
		}
		c.Kind, c.Text, c.Raw = ErrorValue, name, name
	case typeDate:
		text, serial, ok := appendISO(ws.shown[:0], v, ws.from1904)
		if ws.shown = text; !ok {
			return ws.fault(CodeValue, "t=d", "2006-01-02T15:04:05")
		}
		c.Kind, c.Text, c.Raw, c.Number = Date, ws.keep.add(text), ws.keep.add(v), serial
	default:
		if err := ws.number(&c, v, format.look); err != nil {
			return err
		}
	}
	if c.Text == "" {
		return nil // a text of no characters shows nothing
	}
	return ws.put(c)
}

// bool makes c a truth value.
func (c *Cell) bool(b bool) {
	c.Kind, c.Text, c.Raw = Bool, "FALSE", "0"
	if b {
		c.Text, c.Raw, c.Number = "TRUE", "1", 1
	}
}

// number makes c a number, or the date that its format makes of it.
func (ws *worksheet) number(c *Cell, v []byte, l look) error {
	text, n, code := appendNumber(ws.shown[:0], v)
	if ws.shown = text; code != "" {
		return ws.fault(code, numeral(v), "t=n")
	}
	c.Kind, c.Text, c.Number = Number, ws.keep.add(text), n
	if c.Raw = c.Text; string(text) != string(v) {
		c.Raw = ws.keep.add(v)
	}
	if l == lookUnknown {
		return ws.fault(CodeValue, "numFmt", "General")
	}
	if l != lookNumber {
		if date, ok := appendDate(text[:0], n, l, ws.from1904); ok {
			ws.shown = date
			c.Kind, c.Text = Date, ws.keep.add(date)
		}
	}
	return nil
}

// size is what a cell holds of text.
func (c *Cell) size() int {
	if c.Raw == c.Text {
		return len(c.Text)
	}
	return len(c.Text) + len(c.Raw)
}

// put adds a cell to the row.
func (ws *worksheet) put(c Cell) error {
	if ws.bytes += c.size(); ws.bytes > ws.limits.RowBytes {
		return tooMuch(CodeRowBytes, ws.bytes, ws.limits.RowBytes)
	}
	c.Col = ws.col
	ws.row.Cells = append(ws.row.Cells, c)
	return nil
}

// numeral shows a faulty value only where it can't be about a person: longer
// numbers may be those of documents.
func numeral(v []byte) string {
	if len(v) == 0 {
		return "∅"
	}
	switch string(bytes.ToLower(v)) {
	case "nan", "inf", "-inf", "+inf", "infinity", "-infinity":
		return string(v)
	}
	if len(v) <= 6 && isNumber(v) {
		return string(v)
	}
	return "…"
}

// below names the indexes of n things.
func below(n int) string {
	if n == 0 {
		return "∅"
	}
	return "0–" + itoa(n-1)
}
