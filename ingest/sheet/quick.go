package sheet

import "bytes"

// unprefixed tells whether the element that just began has a name without a
// prefix and elements in it without one are of the main namespace.
func (s *scanner) unprefixed() bool {
	name := s.names[s.open[len(s.open)-1]:]
	if bytes.IndexByte(name, ':') >= 0 {
		return false
	}
	ns, _ := s.lookup(nil)
	return ns == nsMain
}

// quick reads a cell in the form in which nearly all cells of all programs are
// written, all of it in the buffer:
//
//	<c r="B7" s="3" t="s"><v>12</v></c>
//	<c r="B7" t="inlineStr"><is><t>text</t></is></c>
//	<c r="B7" s="3"/>
//
// It does what the scanner and cell would do, in one go, which halves the time
// of a sheet. For anything else, any fault included, it gives false and leaves
// all as it was, for them to find (FuzzQuick holds the two against each other).
func (ws *worksheet) quick() (done bool, err error) {
	s := ws.scanner
	if s.closing {
		return false, nil
	}
	b := s.buf[s.pos:s.end]
	if len(b) < 16 || string(b[:6]) != `<c r="` {
		return false, nil
	}
	i, col := 6, 0
	for i < 9 && b[i] >= 'A' && b[i] <= 'Z' {
		col = col*26 + int(b[i]-'A') + 1
		i++
	}
	if i == 6 || col <= ws.col || col > maxCol || !bytes.HasPrefix(b[i:], ws.digits) {
		return false, nil
	}
	if i += len(ws.digits); i >= len(b) || b[i] != '"' {
		return false, nil
	}
	i++
	style := 0
	if bytes.HasPrefix(b[i:], []byte(` s="`)) {
		n := bytes.IndexByte(b[i+4:min(len(b), i+16)], '"')
		if n < 0 {
			return false, nil
		}
		var ok bool
		if style, ok = index(b[i+4 : i+4+n]); !ok {
			return false, nil
		}
		i += 5 + n
	}
	kind := typeNumber
	if bytes.HasPrefix(b[i:], []byte(` t="`)) {
		i += 4
		n := bytes.IndexByte(b[i:min(len(b), i+16)], '"')
		if n < 0 {
			return false, nil
		}
		var ok bool
		if kind, ok = typeOf(b[i : i+n]); !ok {
			return false, nil
		}
		i += n + 1
	}
	open, end := "><v>", "</v></c>"
	if kind == typeInline {
		open, end = "><is><t>", "</t></is></c>"
	}
	if !bytes.HasPrefix(b[i:], []byte(open)) {
		if !bytes.HasPrefix(b[i:], []byte("/>")) {
			return false, nil
		}
		s.pos += i + 2
		if err := ws.enter(col); err != nil {
			return false, err
		}
		return true, ws.finish(kind, style, nil, false, false)
	}
	i += len(open)
	from := i
	for i < len(b) && (textByte[b[i]] == 0 || b[i] == ']') {
		i++
	}
	v := b[from:i]
	if i < len(b) && textByte[b[i]] == textHigh {
		n := bytes.IndexByte(b[i:], '<')
		if n < 0 || bytes.ContainsAny(b[i:i+n], "&\r") || !validText(b[i:i+n]) {
			return false, nil
		}
		i += n
		v = b[from:i]
	}
	if len(v) > ws.limits.CellBytes || !bytes.HasPrefix(b[i:], []byte(end)) || bytes.Contains(v, []byte("]]>")) {
		return false, nil
	}
	s.pos += i + len(end)
	if err := ws.enter(col); err != nil {
		return false, err
	}
	return true, ws.finish(kind, style, v, false, true)
}
