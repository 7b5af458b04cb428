package oracle_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
)

// mutate damages a workbook: most of them in the XML of their parts, which are
// zipped again with right checksums, the others in the bytes of the zip.
func mutate(base *sample, seed uint64, name string) *sample {
	rnd := rand.New(rand.NewPCG(seed, 3))
	traits := map[string]bool{}
	for t, ok := range base.traits {
		traits[t] = ok
	}
	s := &sample{name: name, traits: traits, source: base.source}
	if rnd.IntN(8) == 0 {
		s.how = "zip"
		s.data = damage(rnd, base.data, 1+rnd.IntN(3))
		return s
	}
	parts := unzip(base.data)
	for s.how == "" { // until something is other than before
		for range 1 + rnd.IntN(3)/2 {
			p := &parts[part(rnd, parts)]
			op := rnd.IntN(len(mutations))
			if out := mutations[op].change(rnd, p.body, parts); out != p.body {
				p.body = out
				s.how += mutations[op].name + " in " + p.name + "; "
			}
		}
	}
	m := &maker{Rand: rnd, traits: traits}
	s.data = m.zip(parts)
	return s
}

func unzip(data []byte) (parts []file) {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		panic(err) // of a sample of ours
	}
	for _, f := range r.File {
		rc, err := f.Open()
		if err != nil {
			panic(err)
		}
		b, err := io.ReadAll(rc)
		if err != nil {
			panic(err)
		}
		rc.Close()
		parts = append(parts, file{f.Name, string(b)})
	}
	return parts
}

// part draws a part: three times out of five a sheet.
func part(rnd *rand.Rand, parts []file) int {
	wanted := "<sheetData"
	switch rnd.IntN(10) {
	case 6, 7:
		wanted = "<sst"
	case 8:
		wanted = "<cellXfs"
	case 9:
		return rnd.IntN(len(parts))
	}
	var fit []int
	for i, p := range parts {
		if strings.Contains(p.body, wanted) {
			fit = append(fit, i)
		}
	}
	if len(fit) == 0 {
		return rnd.IntN(len(parts))
	}
	return fit[rnd.IntN(len(fit))]
}

// mutations are the ways in which the XML of a part is changed.
var mutations = []struct {
	name   string
	change func(rnd *rand.Rand, s string, parts []file) string
}{
	{"bytes", func(rnd *rand.Rand, s string, _ []file) string { return string(damage(rnd, []byte(s), 1)) }},
	{"snippet", func(rnd *rand.Rand, s string, _ []file) string {
		at := rnd.IntN(len(s) + 1)
		return s[:at] + snippets[rnd.IntN(len(snippets))] + s[at:]
	}},
	{"cut", func(rnd *rand.Rand, s string, _ []file) string { return s[:rnd.IntN(len(s)+1)] }},
	{"splice", func(rnd *rand.Rand, s string, parts []file) string {
		from := parts[rnd.IntN(len(parts))].body
		a, b := rnd.IntN(len(from)+1), rnd.IntN(len(from)+1)
		at := rnd.IntN(len(s) + 1)
		return s[:at] + from[min(a, b):max(a, b)] + s[at:]
	}},
	{"swap elements", func(rnd *rand.Rand, s string, _ []file) string {
		all := elements.FindAllStringIndex(s, -1)
		if len(all) < 2 {
			return s
		}
		a := rnd.IntN(len(all) - 1)
		b := min(a+1+rnd.IntN(3), len(all)-1)
		return s[:all[a][0]] + s[all[b][0]:all[b][1]] + s[all[a][1]:all[b][0]] + s[all[a][0]:all[a][1]] + s[all[b][1]:]
	}},
	{"double an element", func(rnd *rand.Rand, s string, _ []file) string {
		return at(rnd, s, elements, func(e string) string { return e + e })
	}},
	{"drop an element", func(rnd *rand.Rand, s string, _ []file) string {
		return at(rnd, s, elements, func(string) string { return "" })
	}},
	{"double a row", func(rnd *rand.Rand, s string, _ []file) string {
		return at(rnd, s, rowElements, func(e string) string { return e + e })
	}},
	{"drop a row", func(rnd *rand.Rand, s string, _ []file) string {
		return at(rnd, s, rowElements, func(string) string { return "" })
	}},
	{"attribute", func(rnd *rand.Rand, s string, _ []file) string {
		return at(rnd, s, attributes, func(a string) string {
			name, _, _ := strings.Cut(a, "=")
			return name + `="` + attributeValues[rnd.IntN(len(attributeValues))] + `"`
		})
	}},
	{"drop an attribute", func(rnd *rand.Rand, s string, _ []file) string {
		return at(rnd, s, attributes, func(string) string { return "" })
	}},
	{"type", func(rnd *rand.Rand, s string, _ []file) string {
		return at(rnd, s, regexp.MustCompile(` t="[a-zA-Z]*"`), func(string) string {
			return ` t="` + []string{"n", "s", "str", "inlineStr", "b", "e", "d", "x", ""}[rnd.IntN(9)] + `"`
		})
	}},
	{"value", func(rnd *rand.Rand, s string, _ []file) string {
		return at(rnd, s, regexp.MustCompile(`>[^<>]*</([a-z]+:)?v>`), func(v string) string {
			return ">" + cellValues[rnd.IntN(len(cellValues))] + v[strings.Index(v, "<"):]
		})
	}},
	{"move a cell", func(rnd *rand.Rand, s string, _ []file) string {
		return at(rnd, s, regexp.MustCompile(` r="[A-Z]+[0-9]+"`), func(string) string {
			return fmt.Sprintf(` r="%c%d"`, 'A'+rnd.IntN(12), 1+rnd.IntN(25))
		})
	}},
	{"row number", func(rnd *rand.Rand, s string, _ []file) string {
		return at(rnd, s, regexp.MustCompile(` r="[0-9]+"`), func(string) string { return ` r="` + strconv.Itoa(1+rnd.IntN(40)) + `"` })
	}},
	{"index", func(rnd *rand.Rand, s string, _ []file) string {
		return at(rnd, s, regexp.MustCompile(`[0-9]+`), func(string) string { return strconv.Itoa(rnd.IntN(30)) })
	}},
	{"case", func(rnd *rand.Rand, s string, _ []file) string {
		return at(rnd, s, regexp.MustCompile(`[a-zA-Z]+`), strings.ToUpper)
	}},
}

var (
	elements    = regexp.MustCompile(`(?s)<([a-z]+:)?(c|si|xf|sheet|numFmt|Relationship|Override)\b[^<>]*(/>|>.*?</([a-z]+:)?(c|si|xf|sheet|numFmt|Relationship|Override)\s*>)`)
	rowElements = regexp.MustCompile(`(?s)<([a-z]+:)?row\b[^<>]*(/>|>.*?</([a-z]+:)?row\s*>)`)
	attributes  = regexp.MustCompile(` [A-Za-z:0-9]+="[^"<>]*"`)

	snippets = []string{"<", ">", "&", "&amp;", "&#65;", `"`, "</c>", "<c/>", "<c>", "<v>1</v>", "<row/>", "</row>", "<row>", "\x00", "\x0b", "é", "\xff", "<!-- x -->",
		"<![CDATA[x]]>", "<?p i?>", " ", "\n", "]]>", "<!DOCTYPE x>", "&lt;", "&unknown;", "<t>more</t>", "<is><t>in</t></is>", "<f>1</f>", "<x:y/>", `<x xmlns="urn:x"/>`, "text"}
	attributeValues = []string{"", "0", "1", "-1", "2", "7", "999999", "abc", "A1", "B3", "1.5", "true", "s", "n", "urn:x", "rId1", "rId10", "Sheet1", "14", "hidden", " 1 ", "01", "a1", "$A$1", "A1:B2"}
	cellValues      = []string{"", "0", "1", "-1", "999999", "abc", "1e400", "NaN", "INF", "0x10", "1,5", "1_000", " 3 ", "TRUE", "true", "#N/A", "#FOO!", "2023-04-03", "1.5", "٣", "1e5", "+4", "00", "2958466", "1 2"}
)

// at changes one of the matches of a pattern.
func at(rnd *rand.Rand, s string, re *regexp.Regexp, change func(string) string) string {
	all := re.FindAllStringIndex(s, -1)
	if len(all) == 0 {
		return s
	}
	m := all[rnd.IntN(len(all))]
	return s[:m[0]] + change(s[m[0]:m[1]]) + s[m[1]:]
}

// damage flips, deletes, doubles, inserts or clears bytes, or cuts off the rest.
func damage(rnd *rand.Rand, b []byte, times int) []byte {
	b = bytes.Clone(b)
	for range times {
		if len(b) == 0 {
			return b
		}
		from := rnd.IntN(len(b))
		to := min(len(b), from+1+rnd.IntN(12))
		switch rnd.IntN(7) {
		case 0:
			b[from] ^= 1 << rnd.IntN(8)
		case 1:
			b[from] = byte(rnd.IntN(256))
		case 2:
			b = append(b[:from:from], b[to:]...)
		case 3:
			b = append(b[:to:to], b[from:]...)
		case 4:
			b = append(b[:from:from], append([]byte{byte(rnd.IntN(256))}, b[from:]...)...)
		case 5:
			clear(b[from:to])
		case 6:
			if rnd.IntN(4) == 0 {
				b = b[:from]
			} else {
				b[from] = "0123456789<>&\"'/ ACr"[rnd.IntN(20)]
			}
		}
	}
	return b
}
