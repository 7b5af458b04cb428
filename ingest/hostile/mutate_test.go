package hostile_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/klauspost/compress/flate"

	"github.com/oas/tipstat/ingest/inbox"
	"github.com/oas/tipstat/ingest/review"
	"github.com/oas/tipstat/ingest/sheet"
)

// base is a file that is mutated.
type base struct {
	name  string
	data  []byte
	parts []part // of a zip
}

func bases(dir string) (all []base, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		of := base{name: e.Name(), data: b}
		if bytes.HasPrefix(b, []byte("PK")) {
			if of.parts, err = unzip(b); err != nil {
				return nil, fmt.Errorf("%s: %w", e.Name(), err)
			}
		}
		all = append(all, of)
	}
	return all, nil
}

// How often a mutated file goes further than Check: into the store, through all rules
// (Validate), and into a review workbook.
const (
	everyFile, everyValidate, everyReview = 16, 24, 10
)

func seeded(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 8)) }

// mutate takes in the mutations of the seeds of the work. All are read as far as Check
// reads; some go on. A store that changed without an accepted file is a fault.
func (k *taker) mutate(ctx context.Context, w work, tell *json.Encoder) error {
	all, err := bases(w.Base)
	if err != nil {
		return err
	}
	for seed := w.From; seed < w.To; seed += w.Step {
		from := all[seed%uint64(len(all))]
		data, how := mutated(seeded(seed), from, all)
		path := filepath.Join(k.dir, "mutated"+filepath.Ext(from.name))
		if err := os.WriteFile(path, data, 0o600); err != nil {
			return err
		}
		do, dump := k.in.Check, false
		switch n := seed / uint64(len(all)); {
		case n%everyFile == 0:
			do, dump = k.in.File, true
		case n%everyValidate == 1:
			do, dump = k.in.Validate, true
		}
		receipt, r := k.take(ctx, path, do, dump)
		r.Name, r.How = fmt.Sprintf("%d of %s", seed, from.name), how
		if receipt != nil && r.Fault == "" && (seed/uint64(len(all)))%everyReview == 2 {
			r.Fault = reviewed(ctx, path, data, receipt)
		}
		if err := tell.Encode(r); err != nil {
			return err
		}
	}
	return nil
}

// reviewed writes the review of a mutated file and looks at it as at one that is there.
func reviewed(ctx context.Context, path string, data []byte, r *inbox.Receipt) (fault string) {
	defer func() {
		if p := recover(); p != nil {
			fault = fmt.Sprint("a panic in the review: ", p)
		}
	}()
	in := bytes.NewReader(data)
	review.Untouched(ctx, in, in.Size(), filepath.Base(path))
	if r.Private || r.Unreadable {
		return ""
	}
	start := processors()
	err := review.Write(ctx, io.Discard, in, in.Size(), filepath.Base(path), r.Findings, "es")
	var of *sheet.Error
	if err != nil && !errors.Is(err, review.ErrUnmarkable) && !errors.As(err, &of) || of != nil && of.Code == sheet.CodeFault {
		return "the review: " + err.Error()
	}
	if took, mb := processors()-start, peakMB(); took > longest || mb > mostMB {
		return fmt.Sprintf("the review took %v, %d MB", took, mb)
	}
	return ""
}

// mutated gives a damaged copy of a file, and how it was damaged.
func mutated(rnd *rand.Rand, of base, all []base) ([]byte, string) {
	if of.parts == nil {
		return mutatedText(rnd, of.data)
	}
	switch rnd.IntN(10) {
	case 0:
		return damaged(rnd, of.data), "bytes of the zip"
	case 1:
		return of.data[:rnd.IntN(len(of.data))], "the zip is cut"
	case 2, 3:
		return spliced(rnd, of, all)
	}
	parts := slices.Clone(of.parts)
	how := ""
	for range 1 + rnd.IntN(3) {
		i := rnd.IntN(len(parts))
		if j := slices.IndexFunc(parts, func(p part) bool { return bytes.Contains(p.body, []byte("<sheetData")) }); j >= 0 && rnd.IntN(2) == 0 {
			i = j
		}
		m := xmlMutations[rnd.IntN(len(xmlMutations))]
		parts[i].body = m.change(rnd, parts[i].body)
		how += m.name + " in " + parts[i].name + "; "
	}
	return zippedAt(flate.BestSpeed, parts), how
}

// spliced puts entries of other files into a zip, or its own under other names.
func spliced(rnd *rand.Rand, of base, all []base) ([]byte, string) {
	parts := slices.Clone(of.parts)
	i, j := rnd.IntN(len(parts)), rnd.IntN(len(parts))
	switch rnd.IntN(6) {
	case 0:
		parts[i].body, parts[j].body = parts[j].body, parts[i].body
		return zipped(parts), "swapped " + parts[i].name + " and " + parts[j].name
	case 1:
		return zipped(append(parts[:i:i], parts[i+1:]...)), "without " + parts[i].name
	case 2:
		return zipped(append(parts, part{parts[i].name, parts[j].body})), "twice " + parts[i].name
	case 3:
		parts[i].name = []string{"../" + parts[i].name, strings.ToUpper(parts[i].name), "/" + parts[i].name, strings.ReplaceAll(parts[i].name, "/", `\`), "x"}[rnd.IntN(5)]
		return zipped(parts), "renamed " + parts[i].name
	case 4:
		parts[i].body = nil
		return zipped(parts), "emptied " + parts[i].name
	}
	for range 50 {
		other := all[rnd.IntN(len(all))]
		k := slices.IndexFunc(other.parts, func(p part) bool { return p.name == parts[i].name })
		if k < 0 || other.name == of.name {
			continue
		}
		parts[i].body = other.parts[k].body
		return zipped(parts), parts[i].name + " of " + other.name
	}
	return damaged(rnd, of.data), "bytes of the zip"
}

var (
	reTag       = regexp.MustCompile(`</?[A-Za-z][A-Za-z0-9:]*`)
	reAttribute = regexp.MustCompile(` [A-Za-z:0-9]+="[^"<>]*"`)
	reElement   = regexp.MustCompile(`(?s)<((?:[a-z]+:)?(?:c|row|si|xf|sheet|numFmt|Relationship|Override|mergeCell|dataValidation|definedName|comment|cfRule))\b[^<>]*(?:/>|>.*?</[A-Za-z:]+\s*>)`)
	reText      = regexp.MustCompile(`>[^<>]+<`)
	reNumber    = regexp.MustCompile(`[0-9]+`)

	tags   = []string{"<c", "<row", "<v", "<f", "<is", "<t", "<x:c", "</c", "</row", "</sheetData", "<sheetData", "<si", "<r", "<table:table", "<text:p", "<script"}
	values = []string{"", "0", "-1", "1", "999999", "2147483648", "18446744073709551616", "1e400", "NaN", "abc", "A1", "XFD1048576", "A1:XFD1048576", "s", "str", "b", "d", "e", "n", "inlineStr", "rId1", "rId99",
		"../../etc/passwd", "http://127.0.0.1:1/", "=1+1", "hidden", "veryHidden", "urn:x", "General", "yyyy", "true", "\u202e", "&#0;", "&amp;", "&x;"}
	texts = []string{"", "=cmd|'/c calc'!A1", "..", "<5", "-", "n/d", "1.234", "1,234.5", "٣٤", "2023-04-03", "31/02/2023", "Y0T17", "§detected", "?", "ñ", "\u202e\u2066", "1e308", "1e-400", "0x10",
		"99999999999999999999", strings.Repeat("x", 40_000), strings.Repeat("9", 400), "TOTAL", "Honduras", "HND", "\ufffd", "A\u0000"}
	snippets = []string{"<", ">", "&", "&amp;", "&#65;", `"`, "</c>", "<c/>", "<c r=\"A1\"/>", "<v>1</v>", "<row/>", "</row>", "<row>", "\x00", "\x0b", "\xff", "<!-- x -->", "<![CDATA[x]]>", "<?p i?>", "]]>", "<!DOCTYPE x>", "<x:y/>", `<x xmlns="urn:x"/>`}
)

// xmlMutations change the XML of a part, which is zipped again with a right checksum.
var xmlMutations = []struct {
	name   string
	change func(rnd *rand.Rand, b []byte) []byte
}{
	{"a tag", func(rnd *rand.Rand, b []byte) []byte {
		return one(rnd, b, reTag, func(string) string { return tags[rnd.IntN(len(tags))] })
	}},
	{"an attribute", func(rnd *rand.Rand, b []byte) []byte {
		return one(rnd, b, reAttribute, func(a string) string {
			name, _, _ := strings.Cut(a, "=")
			return name + `="` + values[rnd.IntN(len(values))] + `"`
		})
	}},
	{"an attribute twice", func(rnd *rand.Rand, b []byte) []byte {
		return one(rnd, b, reAttribute, func(a string) string { return a + a })
	}},
	{"no attribute", func(rnd *rand.Rand, b []byte) []byte {
		return one(rnd, b, reAttribute, func(string) string { return "" })
	}},
	{"an element twice", func(rnd *rand.Rand, b []byte) []byte {
		return one(rnd, b, reElement, func(e string) string { return e + e })
	}},
	{"no element", func(rnd *rand.Rand, b []byte) []byte {
		return one(rnd, b, reElement, func(string) string { return "" })
	}},
	{"an element 300 times", func(rnd *rand.Rand, b []byte) []byte {
		return one(rnd, b, reElement, func(e string) string { return strings.Repeat(e, min(300, 1+100_000/len(e))) })
	}},
	{"a text", func(rnd *rand.Rand, b []byte) []byte {
		return one(rnd, b, reText, func(string) string { return ">" + texts[rnd.IntN(len(texts))] + "<" })
	}},
	{"a number", func(rnd *rand.Rand, b []byte) []byte {
		return one(rnd, b, reNumber, func(string) string {
			return []string{"0", "1", "2", "3", "7", "15", "30", "1048576", "4294967296"}[rnd.IntN(9)]
		})
	}},
	{"a snippet", func(rnd *rand.Rand, b []byte) []byte {
		at := rnd.IntN(len(b) + 1)
		return slices.Concat(b[:at], []byte(snippets[rnd.IntN(len(snippets))]), b[at:])
	}},
	{"cut", func(rnd *rand.Rand, b []byte) []byte { return b[:rnd.IntN(len(b)+1)] }},
	{"bytes", func(rnd *rand.Rand, b []byte) []byte { return damaged(rnd, b) }},
	{"UTF-16", func(rnd *rand.Rand, b []byte) []byte {
		return []byte("\xff\xfe" + utf16(string(b), binary.LittleEndian))
	}},
}

// one changes one match of a pattern; near is enough in a large part.
func one(rnd *rand.Rand, b []byte, re *regexp.Regexp, change func(string) string) []byte {
	from := 0
	if len(b) > 0 {
		from = rnd.IntN(len(b))
	}
	m := re.FindIndex(b[from:])
	if m == nil {
		if from, m = 0, re.FindIndex(b); m == nil {
			return b
		}
	}
	return slices.Concat(b[:from+m[0]], []byte(change(string(b[from+m[0]:from+m[1]]))), b[from+m[1]:])
}

// damaged flips, drops, doubles, clears or overwrites bytes.
func damaged(rnd *rand.Rand, b []byte) []byte {
	b = bytes.Clone(b)
	for range 1 + rnd.IntN(4) {
		if len(b) == 0 {
			return b
		}
		from := rnd.IntN(len(b))
		to := min(len(b), from+1+rnd.IntN(12))
		switch rnd.IntN(5) {
		case 0:
			b[from] ^= 1 << rnd.IntN(8)
		case 1:
			b[from] = byte(rnd.IntN(256))
		case 2:
			b = append(b[:from:from], b[to:]...)
		case 3:
			b = append(b[:to:to], b[from:]...)
		case 4:
			clear(b[from:to])
		}
	}
	return b
}

// mutatedText damages a csv file or a message of SDMX-ML.
func mutatedText(rnd *rand.Rand, b []byte) ([]byte, string) {
	b = bytes.Clone(b)
	how := ""
	for range 1 + rnd.IntN(3) {
		m := textMutations[rnd.IntN(len(textMutations))]
		b = m.change(rnd, b)
		how += m.name + "; "
	}
	return b, how
}

var reField = regexp.MustCompile(`[^,;\t\n"]+`)

var textMutations = []struct {
	name   string
	change func(rnd *rand.Rand, b []byte) []byte
}{
	{"bytes", damaged},
	{"cut", func(rnd *rand.Rand, b []byte) []byte { return b[:rnd.IntN(len(b)+1)] }},
	{"a field", func(rnd *rand.Rand, b []byte) []byte {
		return one(rnd, b, reField, func(string) string { return texts[rnd.IntN(len(texts))] })
	}},
	{"a field in quotation marks", func(rnd *rand.Rand, b []byte) []byte {
		return one(rnd, b, reField, func(f string) string { return `"` + f + `"` })
	}},
	{"half a quotation", func(rnd *rand.Rand, b []byte) []byte {
		return one(rnd, b, reField, func(f string) string { return `"` + f })
	}},
	{"a sign", func(rnd *rand.Rand, b []byte) []byte {
		at := rnd.IntN(len(b) + 1)
		return slices.Concat(b[:at], []byte([]string{",", ";", "\t", "\n", "\r", "\r\n", `"`, `""`, "\x00", "\xff", "\u202e", "\ufeff", "|"}[rnd.IntN(13)]), b[at:])
	}},
	{"another delimiter", func(rnd *rand.Rand, b []byte) []byte {
		return bytes.ReplaceAll(b, []byte(","), []byte([]string{";", "\t", "|", ",,", " "}[rnd.IntN(5)]))
	}},
	{"other line ends", func(rnd *rand.Rand, b []byte) []byte {
		return bytes.Replace(b, []byte("\n"), []byte([]string{"\r\n", "\r", "\n\n"}[rnd.IntN(3)]), rnd.IntN(6)-1)
	}},
	{"a line 50 times", func(rnd *rand.Rand, b []byte) []byte {
		lines := bytes.SplitAfter(b, []byte("\n"))
		i := rnd.IntN(len(lines))
		return slices.Concat(bytes.Join(lines[:i], nil), bytes.Repeat(lines[i], 50), bytes.Join(lines[i:], nil))
	}},
	{"lines in another order", func(rnd *rand.Rand, b []byte) []byte {
		lines := bytes.SplitAfter(b, []byte("\n"))
		i, j := rnd.IntN(len(lines)), rnd.IntN(len(lines))
		lines[i], lines[j] = lines[j], lines[i]
		return bytes.Join(lines, nil)
	}},
	{"Latin-1", func(rnd *rand.Rand, b []byte) []byte {
		var out []byte
		for _, r := range string(b) {
			out = append(out, byte(r))
		}
		return out
	}},
	{"UTF-16", func(rnd *rand.Rand, b []byte) []byte {
		if rnd.IntN(2) == 0 {
			return []byte("\xfe\xff" + utf16(string(b), binary.BigEndian))
		}
		return []byte("\xff\xfe" + utf16(string(b), binary.LittleEndian))
	}},
	{"a byte order mark", func(rnd *rand.Rand, b []byte) []byte { return append([]byte("\ufeff"), b...) }},
	{"an attribute", func(rnd *rand.Rand, b []byte) []byte {
		return one(rnd, b, reAttribute, func(a string) string {
			name, _, _ := strings.Cut(a, "=")
			return name + `="` + values[rnd.IntN(len(values))] + `"`
		})
	}},
}
