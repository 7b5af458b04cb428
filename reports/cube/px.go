package cube

import (
	"bufio"
	"io"
	"strconv"
	"strings"
)

// WritePX writes a cube as a PC-Axis file of the format of 2013 (SCB, PX-file
// format specification, AXIS-VERSION 2013): UTF-8, all languages of the cube in
// one file, the first of them leading.
func WritePX(w io.Writer, c *Cube) error {
	p := &pxWriter{w: bufio.NewWriter(w), c: c}
	p.head()
	for i, lang := range c.Langs {
		p.lang = lang
		if i > 0 {
			p.tag = "[" + lang + "]"
		}
		p.texts()
	}
	p.data()
	return p.w.Flush()
}

type pxWriter struct {
	w    *bufio.Writer // keeps the first error
	c    *Cube
	lang string
	tag  string // [es] behind the keyword; empty for the leading language
}

// pxSymbols stand for what is no number, by kind: one to five dots.
var pxSymbols = []string{Number: "", NotAvailable: `"."`, NotApplicable: `".."`, NotCollected: `"..."`, Suppressed: `"...."`, Range: `"....."`}

func (p *pxWriter) put(parts ...string) {
	for _, s := range parts {
		_, _ = p.w.WriteString(s) // bufio keeps the error for Flush
	}
}

// line writes KEYWORD[lang]("sub","sub")=value;
func (p *pxWriter) line(keyword, value string, sub ...string) {
	p.put(keyword, p.tag)
	if len(sub) > 0 {
		quoted := make([]string, len(sub))
		for i, s := range sub {
			quoted[i] = quote(s)
		}
		p.put("(", strings.Join(quoted, ","), ")")
	}
	p.put("=", value, ";\n")
}

// lineWidth is where texts and lists are broken; the format allows 256.
const lineWidth = 200

// quote writes a text on one line. The format has no way to write a quotation
// mark, and # means a new line.
func quote(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '"':
			return '\''
		case r == '#':
			return '♯'
		case r < ' ' || r == 0x7f:
			return ' '
		}
		return r
	}, s)
	return `"` + s + `"`
}

// long writes a text over several lines where it is long, broken after spaces.
// paragraphs are parted by two #.
func long(paragraphs ...string) string {
	for i, par := range paragraphs {
		q := quote(par)
		paragraphs[i] = q[1 : len(q)-1]
	}
	rest := strings.Join(paragraphs, "##")
	var out strings.Builder
	for len(rest) > lineWidth {
		cut := strings.LastIndexByte(rest[:lineWidth], ' ')
		if cut < 0 {
			if cut = strings.IndexByte(rest, ' '); cut < 0 {
				break
			}
		}
		out.WriteString(`"` + rest[:cut+1] + "\"\n")
		rest = rest[cut+1:]
	}
	return out.String() + `"` + rest + `"`
}

// list writes quoted texts, parted by commas and broken after them.
func list(texts []string) string {
	var out strings.Builder
	width := 0
	for i, s := range texts {
		q := quote(s)
		if i > 0 {
			out.WriteByte(',')
			if width += len(q) + 1; width > lineWidth {
				out.WriteByte('\n')
				width = len(q)
			}
		}
		out.WriteString(q)
	}
	return out.String()
}

// head writes what is the same in all languages.
func (p *pxWriter) head() {
	p.line("CHARSET", `"ANSI"`)
	p.line("AXIS-VERSION", `"2013"`)
	p.line("CODEPAGE", `"utf-8"`)
	p.line("LANGUAGE", quote(p.c.Langs[0]))
	p.line("LANGUAGES", list(p.c.Langs))
	if day := strings.ReplaceAll(p.c.Updated, "-", ""); day != "" { // of the newest source: the same store gives the same file
		p.line("CREATION-DATE", quote(day+" 00:00"))
	}
	decimals := strconv.Itoa(p.c.decimals())
	p.line("DECIMALS", decimals)
	p.line("SHOWDECIMALS", decimals)
	p.line("MATRIX", quote(strings.ToUpper(strings.ReplaceAll(p.c.ID, "-", "_"))))
	p.line("AGGREGALLOWED", "NO") // ranges and unlike series do not add up
	p.line("SUBJECT-CODE", `"TIP"`)
}

// texts writes what is in a language.
func (p *pxWriter) texts() {
	c, lang := p.c, p.lang
	var stub, heading, names []string
	for _, d := range c.Dimensions {
		if d.Stub {
			stub = append(stub, d.Name[lang])
		} else {
			heading = append(heading, d.Name[lang])
		}
		names = append(names, d.Name[lang])
	}
	p.line("SUBJECT-AREA", quote(word(lang, "subject")))
	p.line("DESCRIPTION", long(c.Title[lang]))
	p.line("TITLE", long(c.Title[lang]))
	if p.tag == "" {
		p.line("DESCRIPTIONDEFAULT", "YES") // the title that PxWeb puts together names every dimension
	}
	p.line("CONTENTS", long(c.Measure[lang])) // PxWeb writes it as: contents by State, year …
	p.line("UNITS", long(c.Measure[lang]))
	p.line("STUB", list(stub))
	p.line("HEADING", list(heading))
	for i, d := range c.Dimensions {
		p.line("VALUES", list(labels(d, lang)), names[i])
	}
	for i, d := range c.Dimensions {
		if codes := d.codes(); d.Role == "time" && codes[0] != none {
			p.line("TIMEVAL", "TLIST(A1),"+list(codes), names[i])
		}
	}
	for i, d := range c.Dimensions {
		p.line("CODES", list(d.codes()), names[i])
	}
	for i, d := range c.Dimensions {
		p.line("VARIABLECODE", quote(d.ID), names[i])
	}
	for i, d := range c.Dimensions {
		if d.ID == figure {
			p.line("ELIMINATION", quote(d.Categories[0].Label[lang]), names[i])
		}
	}
	if p.c.Updated != "" && p.tag == "" { // it is in no language
		p.line("LAST-UPDATED", quote(strings.ReplaceAll(p.c.Updated, "-", "")+" 00:00"))
	}
	if len(c.Sources[lang]) > 0 {
		p.line("SOURCE", long(c.Sources[lang]...))
	}
	p.notes(names)
	p.line("DATASYMBOL1", `".."`)
	p.line("DATASYMBOL2", `"..."`)
	p.line("DATASYMBOL3", `"nc"`)
	p.line("DATASYMBOL4", `"c"`)
	p.line("DATASYMBOL5", quote(word(lang, "symbol.range")))
}

// notes writes the notes: on the table (that on the release must be shown),
// on categories, on rows, on single figures.
func (p *pxWriter) notes(names []string) {
	c, lang := p.c, p.lang
	if r := c.Release[lang]; r != "" {
		p.line("NOTEX", long(r))
	}
	notes := append([]string{}, c.Notes[lang]...)
	for _, s := range c.Symbols[lang] {
		notes = append(notes, s.Symbol+" "+s.Text)
	}
	p.line("NOTE", long(notes...))
	for i, d := range c.Dimensions {
		for _, cat := range d.Categories {
			if cat.Note[lang] != "" {
				p.line("VALUENOTE", long(cat.Note[lang]), names[i], cat.Label[lang])
			}
		}
	}
	for _, n := range c.RowNotes {
		p.line("CELLNOTE", long(n.Text[lang]), p.key(n.At)...)
	}
	at := make([]int, len(c.Dimensions))
	for _, cell := range c.Cells {
		if cell.Note[lang] != "" {
			p.line("CELLNOTE", long(cell.Note[lang]), p.key(at)...)
		}
		c.next(at)
	}
}

// key names the categories that a note is about; * is every one.
func (p *pxWriter) key(at []int) []string {
	out := make([]string, len(at))
	for i, n := range at {
		out[i] = "*"
		if n >= 0 {
			out[i] = p.c.Dimensions[i].Categories[n].Label[p.lang]
		}
	}
	return out
}

// next turns to the next cell.
func (c *Cube) next(at []int) {
	for i := len(at) - 1; i >= 0; i-- {
		if at[i]++; at[i] < len(c.Dimensions[i].Categories) {
			return
		}
		at[i] = 0
	}
}

// data writes the figures, one line for each row of the stub.
func (p *pxWriter) data() {
	width := 1
	for _, d := range p.c.Dimensions {
		if !d.Stub {
			width *= len(d.Categories)
		}
	}
	p.put("DATA=\n")
	for i, cell := range p.c.Cells {
		if cell.Kind == Number {
			p.put(plainNumber(cell.Value))
		} else {
			p.put(pxSymbols[cell.Kind])
		}
		switch {
		case i == len(p.c.Cells)-1:
		case (i+1)%width == 0:
			p.put(" \n")
		default:
			p.put(" ")
		}
	}
	p.put(";\n")
}

func (d Dimension) codes() []string {
	out := make([]string, len(d.Categories))
	for i, c := range d.Categories {
		out[i] = c.Code
	}
	return out
}

func labels(d Dimension, lang string) []string {
	out := make([]string, len(d.Categories))
	for i, c := range d.Categories {
		out[i] = c.Label[lang]
	}
	return out
}
