package oracle_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/klauspost/compress/flate"
)

// maker writes a workbook as raw XML, in a form drawn by chance out of all that
// ECMA-376 allows. Each unusual form is a trait; a file has few of them, so that
// a reader that can't take one is still tried with all the others.
type maker struct {
	*rand.Rand
	traits map[string]bool
	p      string // prefix of the main namespace, with its colon
	sst    []string
	uses   int
	styles []format
	from04 bool
	code   string            // number format of the cell that is being written
	source map[string]string // the XML of each cell and its format, by sheet!A1
}

// format is a number format of the styles: its id, its code where it is custom.
type format struct {
	id   int
	code string
}

const (
	mainNS   = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relNS    = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	strictNS = "http://purl.oclc.org/ooxml/spreadsheetml/main"
	strictRE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
	packNS   = "http://schemas.openxmlformats.org/package/2006/relationships"
	typesNS  = "http://schemas.openxmlformats.org/package/2006/content-types"
	typesML  = "application/vnd.openxmlformats-officedocument.spreadsheetml."
)

// traitOdds are the chances, in a thousand, that a file has a trait.
var traitOdds = map[string]int{
	"stored": 150, "descriptors": 150, // of the zip
	"absolute": 200, "oddparts": 50, "bom": 60, "nodecl": 80, "dottarget": 40, // of its parts
	"strict": 60, "prefix": 60, "1904": 80, "single": 100, "pretty": 150, "shuffled": 120, "spacedtags": 60, // of the XML
	"comments": 70, "pis": 60, "cdata": 80, "split": 25, "charrefs": 150, "pairs": 100, "decoys": 40, "stylenotes": 40, "parentdates": 30,
	"norowref": 70, "nocellref": 70, "inline": 150, "rich": 150, "phonetic": 60, "truefalse": 60, "iso": 50, // of the cells
	"spacednumbers": 40, "oddnumbers": 100, "earlydates": 60, "elapsed": 80, "formats": 250, "formulas": 250, "sharedresults": 150, "nocache": 40,
	"datednumbers": 80, "controls": 80, "escapes": 80, "blanks": 200, "hiddenrows": 120, "baddimension": 80, "dimension": 300, "badcount": 60, "extras": 250, "typedstyles": 40,
}

// hardTraits are those for which some reader gives up the file. Together they
// would leave none to compare with, so that a file has one of them at most, and
// then no other that SheetJS, which knows no XML, doesn't take.
var hardTraits = []string{"oddparts", "dottarget", "strict", "prefix", "truefalse", "norowref", "nocellref", "spacedtags", "cdata"}

// makeBook gives a workbook; its traits are those drawn, without some.
func makeBook(seed uint64, name string, without ...string) *sample {
	m := &maker{Rand: rand.New(rand.NewPCG(seed, 2)), traits: map[string]bool{}, source: map[string]string{}}
	var all []string
	for t := range traitOdds {
		all = append(all, t)
	}
	hard := 0
	for _, t := range sorted(all) {
		if m.IntN(1000) >= traitOdds[t] {
			continue
		}
		if slices.Contains(hardTraits, t) {
			if hard++; hard > 1 {
				continue
			}
		}
		m.traits[t] = true
	}
	for _, t := range without {
		delete(m.traits, t)
	}
	if hard > 0 {
		for _, t := range []string{"absolute", "comments", "pis", "decoys", "split", "charrefs", "phonetic", "sharedresults", "formulas", "descriptors"} {
			delete(m.traits, t)
		}
	}
	return &sample{name: name, data: m.zip(m.book()), traits: m.traits, source: m.source}
}

func (m *maker) is(trait string) bool { return m.traits[trait] }

// chance is true in percent of the cases where the file has the trait.
func (m *maker) chance(trait string, percent int) bool {
	return m.traits[trait] && m.IntN(100) < percent
}

func pick[T any](m *maker, from []T) T { return from[m.IntN(len(from))] }

// el writes an element of the main namespace. attrs are names and values in
// turn, values not yet escaped.
func (m *maker) el(name, body string, attrs ...string) string { return m.tag(m.p+name, body, attrs...) }

func (m *maker) tag(name, body string, attrs ...string) string {
	var b strings.Builder
	b.WriteString("<" + name)
	n := len(attrs) / 2
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	if m.is("shuffled") {
		m.Shuffle(n, func(i, j int) { order[i], order[j] = order[j], order[i] })
	}
	for _, i := range order {
		b.WriteByte(' ')
		if m.chance("spacedtags", 30) {
			b.WriteString("\n  ")
		}
		quote, eq := `"`, "="
		if m.chance("single", 60) {
			quote = "'"
		}
		if m.chance("spacedtags", 20) {
			eq = " = "
		}
		b.WriteString(attrs[2*i] + eq + quote + escapeAttr(attrs[2*i+1]) + quote)
	}
	if m.chance("spacedtags", 40) {
		b.WriteByte(' ')
	}
	if body == "" && !m.chance("pairs", 70) {
		b.WriteString("/>")
		return b.String()
	}
	b.WriteString(">" + body + "</" + name)
	if m.chance("spacedtags", 30) {
		b.WriteByte(' ')
	}
	b.WriteByte('>')
	return b.String()
}

var attrEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;", "'", "&apos;", "\n", "&#10;", "\t", "&#9;")

func escapeAttr(s string) string { return attrEscapes.Replace(s) }

// between is what may stand between two elements.
func (m *maker) between() string {
	s := ""
	if m.is("pretty") {
		s = "\n" + strings.Repeat(" ", m.IntN(4))
	}
	if m.chance("comments", 25) {
		s += pick(m, []string{"<!-- a note -->", "<!---->", "<!-- a > b -->"})
	}
	if m.chance("decoys", 15) {
		s += `<!-- <c r="A1"><v>9</v></c> -->`
	}
	if m.chance("pis", 25) {
		s += pick(m, []string{"<?tool keep?>", "<?x a=\"1\" ?>", "<?y?>"})
	}
	return s
}

func (m *maker) join(items []string) string {
	var b strings.Builder
	for _, s := range items {
		b.WriteString(m.between() + s)
	}
	b.WriteString(m.between())
	return b.String()
}

// joinStyles is join for the styles, in which few readers expect notes.
func (m *maker) joinStyles(items []string) string {
	if m.is("stylenotes") {
		return "<!-- a note --><?tool keep?>" + strings.Join(items, "\n")
	}
	return strings.Join(items, "")
}

// text writes characters as XML. Those that XML forbids are written as Office
// writes them, _x0001_.
func (m *maker) text(s string) string {
	s = officeEscape(s)
	if m.chance("cdata", 40) && s != "" && !strings.Contains(s, "]]>") {
		cut := 0
		if m.IntN(2) == 0 {
			for cut = m.IntN(len(s)); cut > 0 && s[cut]&0xC0 == 0x80; cut-- {
			}
		}
		return m.chars(s[:cut]) + "<![CDATA[" + s[cut:] + "]]>"
	}
	if m.chance("split", 30) && len(s) > 1 {
		cut := 1
		for cut < len(s) && s[cut]&0xC0 == 0x80 {
			cut++
		}
		return m.chars(s[:cut]) + pick(m, []string{"<!-- in a text -->", "<?in a text?>"}) + m.chars(s[cut:])
	}
	return m.chars(s)
}

func (m *maker) chars(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString(m.ref("&amp;", r))
		case r == '<':
			b.WriteString(m.ref("&lt;", r))
		case r == '>':
			b.WriteString(m.ref("&gt;", r))
		case r == '"' || r == '\'' || r > 0x7f || r == '\t' || r == '\n' || r == 'e':
			b.WriteString(m.ref(string(r), r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func (m *maker) ref(usual string, r rune) string {
	if !m.chance("charrefs", 25) {
		return usual
	}
	if r > 0xFFFF {
		m.traits["astralref"] = true
	}
	return pick(m, []string{fmt.Sprintf("&#%d;", r), fmt.Sprintf("&#x%X;", r), fmt.Sprintf("&#x%04x;", r)})
}

// officeEscape writes control characters, carriage returns, and what looks like
// such an escape, as Office does.
func officeEscape(s string) string {
	var b strings.Builder
	for i, r := range s {
		rest := s[i:]
		switch {
		case r == '_' && len(rest) >= 7 && rest[1] == 'x' && rest[6] == '_' && hex4(rest[2:6]):
			b.WriteString("_x005F_")
		case r < ' ' && r != '\t' && r != '\n':
			fmt.Fprintf(&b, "_x%04X_", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func hex4(s string) bool {
	_, err := strconv.ParseUint(s, 16, 16)
	return err == nil
}

// file is one part of a package.
type file struct{ name, body string }

// zip packs parts: deflated or stored, with or without data descriptors.
func (m *maker) zip(parts []file) []byte {
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, p := range parts {
		h := &zip.FileHeader{Name: p.name, Method: zip.Deflate}
		body := []byte(p.body)
		if m.chance("stored", 70) {
			h.Method = zip.Store
		} else {
			var d bytes.Buffer
			fw, _ := flate.NewWriter(&d, 6)
			fw.Write(body)
			fw.Close()
			body = d.Bytes()
		}
		h.CRC32, h.UncompressedSize64, h.CompressedSize64 = crc32.ChecksumIEEE([]byte(p.body)), uint64(len(p.body)), uint64(len(body))
		if m.is("descriptors") {
			h.Flags |= 8
		}
		f, err := w.CreateRaw(h)
		if err != nil {
			panic(err) // of a buffer
		}
		f.Write(body)
	}
	w.Close()
	return buf.Bytes()
}
