package sheet

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// Classes of bytes in text; 0 is a byte that stands for itself.
const (
	textMarkup = iota + 1 // <
	textEntity            // &
	textReturn            // carriage return
	textSquare            // ], which may begin ]]>
	textBad               // what XML forbids
	textHigh              // the first byte of a longer character, or not UTF-8
)

var textByte = func() (t [256]byte) {
	for c := range 0x20 {
		t[c] = textBad
	}
	for c := 0x80; c < 256; c++ {
		t[c] = textHigh
	}
	t['\t'], t['\n'], t['\r'] = 0, 0, textReturn
	t['<'], t['&'], t[']'] = textMarkup, textEntity, textSquare
	return t
}()

// scanText gives the next piece of text: up to the next tag, reference or
// carriage return, or the end of the buffer.
func (s *scanner) scanText() (token, error) {
	b := s.buf[s.pos:s.end]
	i := 0
loop:
	for i < len(b) {
		switch textByte[b[i]] {
		case 0:
			i++
		case textHigh:
			r, n := utf8.DecodeRune(b[i:])
			if n == 1 {
				if i > 0 {
					break loop // the piece before it, then this one again
				}
				if !utf8.FullRune(b[i:]) {
					return 0, errShort
				}
				return 0, s.bad("bytes that are not UTF-8")
			}
			if r == 0xfffe || r == 0xffff {
				return 0, s.bad("a character that XML forbids")
			}
			i += n
		case textSquare:
			if i+3 > len(b) && !s.eof {
				if i > 0 {
					break loop
				}
				return 0, errShort
			}
			if bytes.HasPrefix(b[i:], []byte("]]>")) {
				return 0, s.bad("]]> in text")
			}
			i++
		case textBad:
			return 0, s.bad("a character that XML forbids")
		default:
			break loop
		}
	}
	if i > 0 {
		s.pos += i
		return s.giveText(b[:i])
	}
	if b[0] == '\r' { // a line end is \n, however it was written
		if len(b) == 1 && !s.eof {
			return 0, errShort
		}
		s.pos++
		if len(b) > 1 && b[1] == '\n' {
			return tokEOF, nil
		}
		s.scratch[0] = '\n'
		return s.giveText(s.scratch[:1])
	}
	c, n := entity(b)
	if n == 0 && len(b) < maxEntity {
		return 0, errShort
	}
	if n <= 0 {
		return 0, s.bad("an entity that is not known")
	}
	if len(s.open) == 0 {
		return 0, s.bad("text outside the root")
	}
	s.pos += n
	return s.giveText(s.scratch[:utf8.EncodeRune(s.scratch[:], c)])
}

func (s *scanner) giveText(t []byte) (token, error) {
	if len(s.open) == 0 {
		if len(bytes.TrimLeft(t, " \t\r\n")) > 0 {
			return 0, s.bad("text outside the root")
		}
		return tokEOF, nil
	}
	s.text = t
	return tokText, nil
}

const maxEntity = 32 // bytes of a reference, its leading zeros included

// entity reads the reference that b begins with. n is 0 when b ends inside it
// and negative when it is none.
func entity(b []byte) (c rune, n int) {
	semi := bytes.IndexByte(b[:min(len(b), maxEntity)], ';')
	if semi < 0 {
		return 0, 0
	}
	switch name := b[1:semi]; string(name) {
	case "lt":
		return '<', semi + 1
	case "gt":
		return '>', semi + 1
	case "amp":
		return '&', semi + 1
	case "apos":
		return '\'', semi + 1
	case "quot":
		return '"', semi + 1
	default:
		if len(name) < 2 || name[0] != '#' {
			return 0, -1
		}
		digits, base := name[1:], 10
		if name[1] == 'x' {
			digits, base = name[2:], 16
		}
		// ParseUint takes neither signs nor, with a base, underscores.
		v, err := strconv.ParseUint(string(digits), base, 32)
		if err != nil || v > utf8.MaxRune || !validRune(rune(v)) {
			return 0, -1
		}
		return rune(v), semi + 1
	}
}

// validRune tells whether XML 1.0 allows a character.
func validRune(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xd7ff || r >= 0xe000 && r <= 0xfffd || r >= 0x10000 && r <= utf8.MaxRune
}

// validText tells whether b is UTF-8 of characters that XML allows.
func validText(b []byte) bool {
	for i := 0; i < len(b); {
		if c := b[i]; c >= ' ' && c < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 || !validRune(r) {
			return false
		}
		i += n
	}
	return true
}

// is tells whether the element that just began is the one named.
func (s *scanner) is(ns namespace, local string) bool {
	return s.ns == ns && string(s.local) == local
}

// attr gives the value of an attribute of the element that just began, nil when
// it has none. The value is valid until the next token.
func (s *scanner) attr(ns namespace, local string) []byte {
	for i := range s.attrs {
		if a := &s.attrs[i]; a.ns == ns && string(a.local) == local {
			return a.value[:len(a.value):len(a.value)]
		}
	}
	return nil
}

// skip goes to the end of the element that just began.
func (s *scanner) skip() error {
	depth := s.depth() - 1
	for {
		if _, err := s.next(); err != nil {
			return err
		}
		if s.depth() == depth && !s.closing {
			return nil
		}
	}
}

// content appends the text of the element that just began, which may not hold
// elements, and goes to its end. most bounds the length; 0 for no bound.
func (s *scanner) content(dst []byte, most int) ([]byte, error) {
	from := len(dst)
	for {
		t, err := s.next()
		switch {
		case err != nil:
			return dst, err
		case t == tokEnd:
			return dst, nil
		case t == tokStart:
			return dst, s.wrong("an element inside a value")
		}
		dst = append(dst, s.text...)
		if most > 0 && len(dst)-from > most {
			return dst, tooMuch(CodeCellBytes, len(dst)-from, most)
		}
	}
}

// blank tells whether text is only white space.
func blank(b []byte) bool { return len(bytes.TrimLeft(b, " \t\r\n")) == 0 }

// itoa writes a count.
func itoa[N int | int64](n N) string { return strconv.FormatInt(int64(n), 10) }

// printable is a name from a file, fit to be shown.
func printable(s string) string {
	if s == "" {
		return "∅"
	}
	if len(s) > 80 {
		s = s[:80] + "…"
	}
	q := strconv.Quote(s)
	return q[1 : len(q)-1]
}
