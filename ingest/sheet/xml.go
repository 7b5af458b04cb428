package sheet

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"
)

// token is what the scanner stands on.
type token uint8

const (
	tokEOF   token = iota
	tokStart       // ns, local and attrs are set
	tokEnd         // of the innermost open element
	tokText        // text is set; one run of text may come in several pieces
)

// attr is one attribute, namespace declarations left out.
type attr struct {
	ns    namespace
	local []byte
	value []byte
}

// scanner is a strict, streaming scanner of XML 1.0 in UTF-8 with namespaces.
//
// It gives an error for whatever is not well-formed, to the last byte: tags
// that don't match, characters that XML forbids, bytes that are not UTF-8,
// entities other than the five and numbers, attributes that stand twice,
// prefixes that are not declared, text outside the root, a missing end. It
// refuses document types, so nothing is ever expanded or fetched.
//
// Slices that it gives (local, attrs, text) are valid until the next call.
// Nothing is allocated a token.
type scanner struct {
	r        io.Reader
	part     string
	maxDepth int

	buf      []byte
	pos, end int   // what is not yet scanned
	base     int64 // offset in the part of buf[0]
	eof      bool

	ns    namespace
	local []byte
	attrs []attr
	text  []byte

	names    []byte // of the open elements, one after the other
	open     []int  // where each one begins
	closing  bool   // the start tag just given was empty: <a/>
	rooted   bool   // the root has begun
	begun    bool   // past the XML declaration
	bindings []binding
	raw      []rawAttr
	decoded  []byte // attribute values that had to be decoded
	scratch  [utf8.UTFMax]byte
}

// rawAttr is an attribute before its prefix is resolved.
type rawAttr struct {
	name, value []byte
	colon       int
}

const (
	firstBuffer = 64 << 10
	maxTag      = 1 << 20 // bytes of one tag, comment or instruction
	maxName     = 512     // bytes of one name
	maxAttrs    = 128     // attributes of one tag
	maxBindings = 256     // namespace declarations in force at one place
)

func newScanner(r io.Reader, part string, depth int) *scanner {
	return &scanner{r: r, part: part, maxDepth: depth, buf: make([]byte, firstBuffer)}
}

// errShort says that a token goes on beyond the buffer.
var errShort = errors.New("short")

// more reads on, keeping what is not yet scanned. It gives io.EOF when there is
// nothing more to read.
func (s *scanner) more() error {
	if s.eof {
		return io.EOF
	}
	if s.pos > 0 {
		copy(s.buf, s.buf[s.pos:s.end])
		s.base += int64(s.pos)
		s.end -= s.pos
		s.pos = 0
	}
	if s.end == len(s.buf) {
		if len(s.buf) >= maxTag {
			return s.bad("a tag is longer than " + itoa(maxTag) + " bytes")
		}
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	got := 0
	for s.end < len(s.buf) {
		n, err := s.r.Read(s.buf[s.end:])
		s.end += n
		got += n
		if err == io.EOF {
			s.eof = true
			break
		}
		if err != nil {
			return err
		}
	}
	if got == 0 {
		return io.EOF
	}
	return nil
}

// at is the place of the next byte in the part, counted from 1.
func (s *scanner) at() int64 { return s.base + int64(s.pos) + 1 }

// bad is malformed XML at the place that was reached.
func (s *scanner) bad(why string) error {
	return &Error{Code: CodeXML, Part: s.part, Found: s.part + ", " + itoa(s.at()), Err: errors.New(why)}
}

// wrong is XML that is well-formed and not what this part may hold.
func (s *scanner) wrong(why string) error {
	return &Error{Code: CodeStructure, Part: s.part, Found: s.part + ", " + itoa(s.at()), Err: errors.New(why)}
}

// depth is the number of open elements.
func (s *scanner) depth() int { return len(s.open) }

// next goes on to the next token. Comments and processing instructions are
// checked and passed over.
func (s *scanner) next() (token, error) {
	if s.closing {
		s.closing = false
		s.pop()
		return tokEnd, nil
	}
	for {
		if s.pos == s.end {
			if err := s.more(); err == io.EOF {
				if len(s.open) > 0 || !s.rooted {
					return 0, s.bad("the XML ends too early")
				}
				return tokEOF, nil
			} else if err != nil {
				return 0, err
			}
		}
		if !s.begun {
			if err := s.begin(); err != nil {
				return 0, err
			}
			continue
		}
		var t token
		var err error
		switch {
		case s.buf[s.pos] != '<':
			t, err = s.scanText()
		case s.pos+1 >= s.end:
			err = errShort
		default:
			switch s.buf[s.pos+1] {
			case '/':
				t, err = s.endTag()
			case '?':
				t, err = s.instruction()
			case '!':
				t, err = s.declaration()
			default:
				t, err = s.startTag()
			}
		}
		if err == errShort {
			known := s.eof
			// That nothing follows may be what the token had to know.
			if err = s.more(); err == io.EOF && !known {
				continue
			} else if err == io.EOF {
				err = s.bad("the XML ends too early")
			}
		}
		if err != nil {
			return 0, err
		}
		if t != tokEOF { // tokEOF here: nothing to give yet
			return t, nil
		}
	}
}

// begin checks the first bytes: a mark of the byte order, the XML declaration.
func (s *scanner) begin() error {
	if bytes.HasPrefix(s.buf[s.pos:s.end], []byte("\xef\xbb\xbf")) {
		s.pos += 3
	}
	s.begun = true
	b := s.buf[s.pos:s.end]
	if len(b) > 1 && ((b[0] == 0) != (b[1] == 0) || b[0] >= 0xfe) {
		return &Error{Code: CodeXMLCoding, Part: s.part, Found: "UTF-16", Expected: "UTF-8"}
	}
	if !bytes.HasPrefix(b, []byte("<?xml")) || len(b) < 6 || !isSpace(b[5]) {
		return nil
	}
	n := bytes.Index(b, []byte("?>"))
	if n < 0 {
		return s.bad("the XML declaration is not closed")
	}
	version, rest, ok := pseudoAttr(b[5:n], "version")
	if !ok || string(version) != "1.0" {
		return s.bad("the XML is not version 1.0")
	}
	coding, rest, ok := pseudoAttr(rest, "encoding")
	if ok && !bytes.EqualFold(coding, []byte("utf-8")) && !bytes.EqualFold(coding, []byte("us-ascii")) {
		return &Error{Code: CodeXMLCoding, Part: s.part, Found: printable(string(coding)), Expected: "UTF-8"}
	}
	alone, rest, ok := pseudoAttr(rest, "standalone")
	if ok && string(alone) != "yes" && string(alone) != "no" || len(bytes.TrimLeft(rest, " \t\r\n")) > 0 {
		return s.bad("the XML declaration is malformed")
	}
	s.pos += n + 2
	return nil
}

// pseudoAttr reads name="value" from the front of the XML declaration.
func pseudoAttr(b []byte, name string) (value, rest []byte, ok bool) {
	t := bytes.TrimLeft(b, " \t\r\n")
	if len(t) == len(b) || !bytes.HasPrefix(t, []byte(name)) {
		return nil, b, false
	}
	t = bytes.TrimLeft(t[len(name):], " \t\r\n")
	if len(t) == 0 || t[0] != '=' {
		return nil, b, false
	}
	t = bytes.TrimLeft(t[1:], " \t\r\n")
	if len(t) < 2 || t[0] != '"' && t[0] != '\'' {
		return nil, b, false
	}
	n := bytes.IndexByte(t[1:], t[0])
	if n < 0 {
		return nil, b, false
	}
	return t[1 : n+1], t[n+2:], true
}

func (s *scanner) pop() {
	depth := len(s.open)
	s.names = s.names[:s.open[depth-1]]
	s.open = s.open[:depth-1]
	for n := len(s.bindings); n > 0 && s.bindings[n-1].depth == depth; n-- {
		s.bindings = s.bindings[:n-1]
	}
}

func (s *scanner) endTag() (token, error) {
	if len(s.open) == 0 {
		return 0, s.bad("an end tag without a start")
	}
	name := s.names[s.open[len(s.open)-1]:]
	b := s.buf[s.pos+2 : s.end]
	if len(b) <= len(name) {
		return 0, errShort
	}
	if string(b[:len(name)]) != string(name) {
		return 0, s.bad("an end tag does not match its start")
	}
	i := len(name)
	for i < len(b) && isSpace(b[i]) {
		i++
	}
	if i == len(b) {
		return 0, errShort
	}
	if b[i] != '>' {
		return 0, s.bad("an end tag does not match its start")
	}
	s.pos += 2 + i + 1
	s.pop()
	return tokEnd, nil
}

// instruction passes over <?target …?>.
func (s *scanner) instruction() (token, error) {
	b := s.buf[s.pos:s.end]
	n := bytes.Index(b, []byte("?>"))
	if n < 0 {
		return 0, errShort
	}
	i := 2
	for i < n && nameByte[b[i]] != 0 {
		i++
	}
	if i == 2 || nameByte[b[2]] == nameInner || i < n && !isSpace(b[i]) || bytes.EqualFold(b[2:i], []byte("xml")) {
		return 0, s.bad("a processing instruction is malformed")
	}
	if !validText(b[2:n]) {
		return 0, s.bad("a character that XML forbids")
	}
	s.pos += n + 2
	return tokEOF, nil
}

// declaration handles what begins with <!: comments, CDATA, document types.
func (s *scanner) declaration() (token, error) {
	b := s.buf[s.pos:s.end]
	switch {
	case bytes.HasPrefix(b, []byte("<!--")):
		n := bytes.Index(b[4:], []byte("--"))
		if n < 0 || 4+n+2 >= len(b) {
			return 0, errShort
		}
		if b[4+n+2] != '>' || !validText(b[4:4+n]) {
			return 0, s.bad("a comment is malformed")
		}
		s.pos += 4 + n + 3
		return tokEOF, nil
	case bytes.HasPrefix(b, []byte("<![CDATA[")):
		if len(s.open) == 0 {
			return 0, s.bad("text outside the root")
		}
		n := bytes.Index(b[9:], []byte("]]>"))
		if n < 0 {
			return 0, errShort
		}
		if s.text = b[9 : 9+n]; !validText(s.text) {
			return 0, s.bad("a character that XML forbids")
		}
		if bytes.IndexByte(s.text, '\r') >= 0 {
			s.text = bytes.ReplaceAll(bytes.ReplaceAll(s.text, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
		}
		s.pos += 9 + n + 3
		return tokText, nil
	case len(b) >= 9 && bytes.EqualFold(b[:9], []byte("<!DOCTYPE")):
		return 0, &Error{Code: CodeDoctype, Part: s.part, Found: s.part}
	case len(b) < 9:
		return 0, errShort
	}
	return 0, s.bad("a declaration that is not allowed")
}
