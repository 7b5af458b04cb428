package sheet

import (
	"bytes"
	"unicode/utf8"
)

// namespace is a namespace that tipstat knows, or one of the two below.
type namespace uint8

const (
	nsNone    namespace = iota // no namespace
	nsOther                    // one that is not known
	nsMain                     // SpreadsheetML, transitional or strict
	nsRel                      // r:id
	nsPackage                  // relationships of a package
	nsTypes                    // [Content_Types].xml
	nsCustom                   // docProps/custom.xml
	nsVT                       // values in it
	nsXML                      // xml:space
	nsCompat                   // mc:AlternateContent
	nsOffice                   // OpenDocument from here on
	nsTable
	nsText
	nsStyle
	nsCalc // calcext of LibreOffice
	nsManifest
	nsMeta
	nsMessage // SDMX-ML 3.0 from here on
	nsSDMX    // its common part
	nsSDMXData
)

var namespaces = map[string]namespace{
	"http://schemas.openxmlformats.org/spreadsheetml/2006/main":                nsMain,
	"http://purl.oclc.org/ooxml/spreadsheetml/main":                            nsMain,
	"http://schemas.openxmlformats.org/officeDocument/2006/relationships":      nsRel,
	"http://purl.oclc.org/ooxml/officeDocument/relationships":                  nsRel,
	"http://schemas.openxmlformats.org/package/2006/relationships":             nsPackage,
	"http://schemas.openxmlformats.org/package/2006/content-types":             nsTypes,
	"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties":  nsCustom,
	"http://purl.oclc.org/ooxml/officeDocument/customProperties":               nsCustom,
	"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes":     nsVT,
	"http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes":                 nsVT,
	"urn:oasis:names:tc:opendocument:xmlns:office:1.0":                         nsOffice,
	"urn:oasis:names:tc:opendocument:xmlns:table:1.0":                          nsTable,
	"urn:oasis:names:tc:opendocument:xmlns:text:1.0":                           nsText,
	"urn:oasis:names:tc:opendocument:xmlns:style:1.0":                          nsStyle,
	"urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0":     nsCalc,
	"urn:oasis:names:tc:opendocument:xmlns:meta:1.0":                           nsMeta,
	"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0":                       nsManifest,
	"http://schemas.openxmlformats.org/markup-compatibility/2006":              nsCompat,
	"http://www.sdmx.org/resources/sdmxml/schemas/v3_0/message":                nsMessage,
	"http://www.sdmx.org/resources/sdmxml/schemas/v3_0/common":                 nsSDMX,
	"http://www.sdmx.org/resources/sdmxml/schemas/v3_0/data/structurespecific": nsSDMXData,
	"http://www.w3.org/XML/1998/namespace":                                     nsXML,
}

// binding is one declaration of a prefix; the empty prefix is the default one.
type binding struct {
	prefix string
	ns     namespace
	depth  int
}

// Classes of bytes in names. XML allows letters of all alphabets; the
// vocabularies of spreadsheets are ASCII, so nothing else is taken.
const (
	nameStart = 1
	nameInner = 2 // digits, "-" and ".", which can't begin a name
)

var nameByte = func() (t [256]byte) {
	for c := range 256 {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_', c == ':':
			t[c] = nameStart
		case c >= '0' && c <= '9', c == '-', c == '.':
			t[c] = nameInner
		}
	}
	return t
}()

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// startTag reads a whole start tag, which is in the buffer or gives errShort.
func (s *scanner) startTag() (token, error) {
	b := s.buf[:s.end]
	i := s.pos + 1
	name, colon, i := scanName(b, i)
	if i == len(b) {
		return 0, errShort
	}
	if len(name) == 0 || colon == 0 || colon == len(name)-1 {
		return 0, s.bad("a tag is malformed")
	}
	s.raw, s.attrs, s.decoded = s.raw[:0], s.attrs[:0], s.decoded[:0]
	declares := false
	for {
		from := i
		for i < len(b) && isSpace(b[i]) {
			i++
		}
		if i == len(b) {
			return 0, errShort
		}
		if b[i] == '>' {
			i++
			break
		}
		if b[i] == '/' {
			if i+1 == len(b) {
				return 0, errShort
			}
			if b[i+1] != '>' {
				return 0, s.bad("a tag is malformed")
			}
			s.closing = true
			i += 2
			break
		}
		if i == from {
			return 0, s.bad("a tag is malformed")
		}
		var a rawAttr
		var err error
		if a.name, a.colon, i = scanName(b, i); i == len(b) {
			return 0, errShort
		}
		if len(a.name) == 0 || a.colon == 0 || a.colon == len(a.name)-1 {
			return 0, s.bad("an attribute is malformed")
		}
		if a.value, i, err = s.attrValue(b, i); err != nil {
			return 0, err
		}
		if len(s.raw) == maxAttrs {
			return 0, s.bad("a tag has more than " + itoa(maxAttrs) + " attributes")
		}
		for _, o := range s.raw {
			if len(o.name) == len(a.name) && string(o.name) == string(a.name) {
				return 0, s.bad("an attribute stands twice")
			}
		}
		if len(a.name) >= 5 && string(a.name[:5]) == "xmlns" && (len(a.name) == 5 || a.colon == 5) {
			declares = true
		}
		s.raw = append(s.raw, a)
	}
	return tokStart, s.resolve(name, colon, i, declares)
}

// scanName reads a name. colon is the place of its only colon or -1, or 0, which
// no name may have, when there are several.
func scanName(b []byte, i int) (name []byte, colon, after int) {
	from := i
	colon = -1
	if i < len(b) && nameByte[b[i]] != nameStart {
		return nil, 0, i
	}
	for i < len(b) && nameByte[b[i]] != 0 {
		if b[i] == ':' {
			if colon >= 0 {
				colon = 0
			} else {
				colon = i - from
			}
		}
		i++
	}
	return b[from:i], colon, i
}

// attrValue reads ="value" and decodes it where it has to.
func (s *scanner) attrValue(b []byte, i int) ([]byte, int, error) {
	for i < len(b) && isSpace(b[i]) {
		i++
	}
	if i == len(b) {
		return nil, i, errShort
	}
	if b[i] != '=' {
		return nil, i, s.bad("an attribute is malformed")
	}
	i++
	for i < len(b) && isSpace(b[i]) {
		i++
	}
	if i == len(b) {
		return nil, i, errShort
	}
	quote := b[i]
	if quote != '"' && quote != '\'' {
		return nil, i, s.bad("an attribute is malformed")
	}
	i++
	from := i
	plain := true
	for ; i < len(b) && b[i] != quote; i++ {
		switch c := b[i]; {
		case c == '&' || c == '\t' || c == '\n' || c == '\r' || c >= 0x80:
			plain = false
		case c == '<' || c < ' ':
			return nil, i, s.bad("a character that may not stand in an attribute")
		}
	}
	if i == len(b) {
		return nil, i, errShort
	}
	v := b[from:i]
	if !plain {
		var err error
		if v, err = s.decodeAttr(v); err != nil {
			return nil, i, err
		}
	}
	return v, i + 1, nil
}

// decodeAttr replaces references and line ends in an attribute's value.
func (s *scanner) decodeAttr(v []byte) ([]byte, error) {
	if !validText(v) {
		return nil, s.bad("a character that XML forbids")
	}
	from := len(s.decoded)
	for len(v) > 0 {
		switch v[0] {
		case '&':
			c, n := entity(v)
			if n <= 0 {
				return nil, s.bad("an entity that is not known")
			}
			s.decoded = utf8.AppendRune(s.decoded, c)
			v = v[n:]
			continue
		case '\r':
			s.decoded = append(s.decoded, ' ')
			if len(v) > 1 && v[1] == '\n' {
				v = v[1:]
			}
		case '\n', '\t':
			s.decoded = append(s.decoded, ' ')
		default:
			s.decoded = append(s.decoded, v[0])
		}
		v = v[1:]
	}
	return s.decoded[from:len(s.decoded):len(s.decoded)], nil
}

// resolve opens the element, whose tag ends before i: prefixes become namespaces.
func (s *scanner) resolve(name []byte, colon, i int, declares bool) error {
	if len(s.open) == 0 && s.rooted {
		return s.bad("a second root")
	}
	if len(s.open) >= s.maxDepth {
		e := tooMuch(CodeDepth, len(s.open)+1, s.maxDepth)
		e.Part = s.part
		return e
	}
	if len(name) > maxName {
		return s.bad("a name is longer than " + itoa(maxName) + " bytes")
	}
	s.rooted = true
	s.open = append(s.open, len(s.names))
	s.names = append(s.names, name...)
	if declares {
		if err := s.declare(); err != nil {
			return err
		}
	}
	s.local, s.ns = name, nsNone
	var ok bool
	if colon > 0 {
		s.local = name[colon+1:]
		if s.ns, ok = s.lookup(name[:colon]); !ok {
			return s.bad("a prefix that is not declared")
		}
	} else {
		s.ns, _ = s.lookup(nil)
	}
	for _, a := range s.raw {
		if a.colon < 0 {
			if string(a.name) != "xmlns" {
				s.attrs = append(s.attrs, attr{nsNone, a.name, a.value})
			}
			continue
		}
		if a.colon == 5 && string(a.name[:5]) == "xmlns" {
			continue
		}
		ns, ok := s.lookup(a.name[:a.colon])
		if !ok {
			return s.bad("a prefix that is not declared")
		}
		if ns != nsOther {
			s.attrs = append(s.attrs, attr{ns, a.name[a.colon+1:], a.value})
		}
	}
	s.pos = i
	return nil
}

// declare takes the namespace declarations of the tag.
func (s *scanner) declare() error {
	for _, a := range s.raw {
		prefix := ""
		if a.colon == 5 && string(a.name[:5]) == "xmlns" {
			prefix = string(a.name[6:])
			if len(a.value) == 0 {
				return s.bad("a prefix without a namespace")
			}
		} else if string(a.name) != "xmlns" {
			continue
		}
		if len(s.bindings) == maxBindings {
			return s.bad("more than " + itoa(maxBindings) + " namespace declarations")
		}
		ns, ok := namespaces[string(bytes.TrimSpace(a.value))]
		if !ok && len(a.value) > 0 {
			ns = nsOther
		}
		s.bindings = append(s.bindings, binding{prefix, ns, len(s.open)})
	}
	return nil
}

func (s *scanner) lookup(prefix []byte) (namespace, bool) {
	for i := len(s.bindings) - 1; i >= 0; i-- {
		if b := &s.bindings[i]; b.prefix == string(prefix) {
			return b.ns, true
		}
	}
	return nsXML, string(prefix) == "xml"
}
