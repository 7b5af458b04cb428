package sheet

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf16"
)

// arena makes strings of many short texts with one allocation for thousands.
// The strings stay valid for ever; one that is kept keeps its block.
type arena struct {
	b     strings.Builder
	block int
}

func (a *arena) add(text []byte) string {
	if len(text) == 0 {
		return ""
	}
	if a.b.Cap()-a.b.Len() < len(text) {
		a.b = strings.Builder{}
		a.b.Grow(max(a.block, len(text)))
	}
	from := a.b.Len()
	a.b.Write(text)
	return a.b.String()[from:]
}

// stringTable holds the shared strings, in blocks so that nothing is copied
// while it grows.
type stringTable struct {
	blocks [][]string
	n      int
}

const tableBlock = 1 << 12

func (t *stringTable) add(s string) {
	if t.n%tableBlock == 0 {
		t.blocks = append(t.blocks, make([]string, 0, tableBlock))
	}
	last := &t.blocks[len(t.blocks)-1]
	*last = append(*last, s)
	t.n++
}

// at gives the string with an index that is below n.
func (t *stringTable) at(i int) string { return t.blocks[i/tableBlock][i%tableBlock] }

// readStrings reads the shared strings.
func readStrings(s *scanner, limits Limits) (*stringTable, error) {
	if err := root(s, "sst"); err != nil {
		return nil, err
	}
	all := &stringTable{}
	var text []byte
	var total int64
	keep := arena{block: 64 << 10}
	for {
		t, err := s.next()
		switch {
		case err != nil:
			return nil, err
		case t == tokEnd:
			return all, nil
		case t == tokText:
			if !blank(s.text) {
				return nil, s.wrong("text where none may be")
			}
			continue
		case s.is(nsMain, "si"):
		case s.is(nsMain, "extLst"):
			if err := s.skip(); err != nil {
				return nil, err
			}
			continue
		default:
			return nil, s.wrong("an element that is not expected")
		}
		if text, err = richText(s, text[:0], limits.CellBytes); err != nil {
			return nil, err
		}
		if total += int64(len(text)); all.n == limits.SharedStrings {
			return nil, tooMuch(CodeStrings, all.n+1, limits.SharedStrings)
		} else if total > limits.StringBytes {
			return nil, tooMuch(CodeStrings, total, limits.StringBytes)
		}
		all.add(keep.add(unescape(text)))
	}
}

// richText appends the text of an si or is element that just began and goes to
// its end: t, or r with t in it; phonetic runs are left out.
func richText(s *scanner, dst []byte, most int) ([]byte, error) {
	for {
		t, err := s.next()
		switch {
		case err != nil:
			return dst, err
		case t == tokEnd:
			return dst, nil
		case t == tokText:
			if !blank(s.text) {
				return dst, s.wrong("text where none may be")
			}
		case s.is(nsMain, "t"):
			if dst, err = s.content(dst, most); err != nil {
				return dst, err
			}
			if len(dst) > most {
				return dst, tooMuch(CodeCellBytes, len(dst), most)
			}
		case s.is(nsMain, "r"):
			if dst, err = richText(s, dst, most); err != nil {
				return dst, err
			}
		case s.is(nsMain, "rPr"), s.is(nsMain, "rPh"), s.is(nsMain, "phoneticPr"), s.is(nsMain, "extLst"):
			if err := s.skip(); err != nil {
				return dst, err
			}
		default:
			return dst, s.wrong("an element that is not expected")
		}
	}
}

// unescape decodes _xHHHH_, in which Office writes characters that XML forbids,
// in place. NUL, and halves of a pair without the other, stay as they are.
func unescape(b []byte) []byte {
	at := bytes.Index(b, []byte("_x"))
	if at < 0 {
		return b
	}
	out := b[:at]
	for i := at; i < len(b); {
		c, ok := escape(b[i:])
		if !ok || c == 0 {
			out = append(out, b[i])
			i++
			continue
		}
		n := 7
		if utf16.IsSurrogate(c) {
			low, _ := escape(b[i+7:])
			if c = utf16.DecodeRune(c, low); c == 0xfffd {
				out = append(out, b[i])
				i++
				continue
			}
			n = 14
		}
		out = append(out, string(c)...) // never longer than the escape
		i += n
	}
	return out
}

func escape(b []byte) (rune, bool) {
	if len(b) < 7 || b[0] != '_' || b[1] != 'x' || b[6] != '_' {
		return 0, false
	}
	v, err := strconv.ParseUint(string(b[2:6]), 16, 16)
	return rune(v), err == nil
}
