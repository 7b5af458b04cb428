package sheet_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/oas/tipstat/ingest/sheet"
)

// deflated compresses n times the same piece, between a head and a tail,
// without ever holding the whole, and gives its checksum too.
func deflated(tb testing.TB, head, piece string, n int, tail string) ([]byte, uint32) {
	var buf bytes.Buffer
	z, err := flate.NewWriter(&buf, flate.BestSpeed)
	if err != nil {
		tb.Fatal(err)
	}
	sum := crc32.NewIEEE()
	w := io.MultiWriter(z, sum)
	block := strings.Repeat(piece, max(1, 1<<16/len(piece)))
	io.WriteString(w, head)
	for left := n; left > 0; left -= len(block) / len(piece) {
		if left*len(piece) < len(block) {
			block = strings.Repeat(piece, left)
		}
		io.WriteString(w, block)
	}
	io.WriteString(w, tail)
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return buf.Bytes(), sum.Sum32()
}

// bomb is an entry that unpacks to a great many pieces. Its size is declared
// as it is, or as size when that is not 0.
func bomb(tb testing.TB, name, head, piece string, n int, tail string, size uint64) entry {
	full := uint64(len(head) + n*len(piece) + len(tail))
	if size == 0 {
		size = full
	}
	raw, sum := deflated(tb, head, piece, n, tail)
	return entry{name: name, raw: raw, mutate: func(h *zip.FileHeader) {
		h.Method, h.UncompressedSize64, h.CRC32 = zip.Deflate, size, sum
	}}
}

// attack is one crafted file and what has to come of it.
type attack struct {
	name string
	code string // empty: it is read
	file func(testing.TB) []byte
}

// measure reads each file in a process of its own and prints the time and the
// memory, which may be 64 MB more than for a good file, and no more.
func measure(t *testing.T, attacks []attack) {
	none := inChild(t, zipOf(t, bookOf(sheetOf(`<row r="1"><c r="A1"><v>1</v></c></row>`))...))
	if none.Code != "" || none.Cells != 1 {
		t.Fatalf("a good file: %+v", none)
	}
	t.Logf("a good file: %v, %d MB", none.Took.Round(time.Millisecond), none.MB)
	for _, tt := range attacks {
		t.Run(tt.name, func(t *testing.T) {
			data := tt.file(t)
			got := inChild(t, data)
			more := max(got.MB-none.MB, 0)
			t.Logf("%-10s %9d bytes, %6v, %3d MB more: %s", got.Code, len(data), got.Took.Round(time.Millisecond), more, tt.name)
			if got.Code != tt.code {
				t.Errorf("code %q, want %q", got.Code, tt.code)
			}
			if most := 64 + 2*sharedMB[tt.name]; more > most {
				t.Errorf("%d MB more than for a good file; %d are allowed", more, most)
			}
		})
	}
}

// sharedMB is what the shared strings of a file take, which are held as a whole
// up to Limits.StringBytes. Go's collector may leave as much again.
var sharedMB = map[string]int64{"512 MB of shared strings": 256, "200 MB of shared strings, 200,000 rows": 200, "6,000,000 empty shared strings": 100}

// TestAttacks reads the crafted files of RELIABILITY.md, section 3.2, each of
// which has to be refused for the right reason, quickly and in little memory.
func TestAttacks(t *testing.T) {
	const sheetPart, sstPart, stylePart = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
	head := decl + `<worksheet ` + nsMain + `><sheetData>`
	good := sheetOf(`<row r="1"><c r="A1"><v>1</v></c></row>`)
	book := func(rows string, others ...entry) func(testing.TB) []byte {
		return func(tb testing.TB) []byte { return zipOf(tb, bookOf(sheetOf(rows), others...)...) }
	}
	with := func(e func(tb testing.TB) entry) func(testing.TB) []byte {
		return func(tb testing.TB) []byte { return zipOf(tb, bookOf(good, e(tb))...) }
	}
	cell := func(attrs, inner string) string {
		return `<row r="1"><c r="A1" ` + attrs + `>` + inner + `</c></row>`
	}
	utf16 := func(s string) string {
		out := "\xff\xfe"
		for _, c := range s {
			out += string([]byte{byte(c), 0})
		}
		return out
	}
	plain := func(s string) func(testing.TB) []byte { return func(testing.TB) []byte { return []byte(s) } }
	measure(t, []attack{
		{"zero bytes", sheet.CodeEmpty, plain("")},
		{"PDF", sheet.CodeNotSheet, plain("%PDF-1.7\n")},
		{"HTML", sheet.CodeNotSheet, plain("\n <HTML><table><tr><td>1</td></tr></table></HTML>")},
		{"Excel 2003 XML", sheet.CodeNotSheet, plain("\ufeff" + decl + "<Workbook/>")},
		{"HTML in UTF-16", sheet.CodeNotSheet, plain(utf16("<html>"))},
		{"OLE", sheet.CodeOldExcel, plain("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600))},
		{"encrypted", sheet.CodeEncrypted, plain("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("x", 65530) + utf16("EncryptedPackage")[2:])},
		{"zip without end", sheet.CodeCutOff, plain("PK\x03\x04 and then nothing")},
		{"zip of something", sheet.CodeOtherZip, func(tb testing.TB) []byte { return zipOf(tb, entry{name: "readme.txt", body: "x"}) }},
		{"Word", sheet.CodeOtherZip, func(tb testing.TB) []byte {
			b := bookOf(good)
			b[0].body = strings.Replace(b[0].body, mime+"sheet.main+xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", 1)
			return zipOf(tb, b...)
		}},
		{"xlsb", sheet.CodeBinary, func(tb testing.TB) []byte {
			b := bookOf(good)
			b[0].body = strings.Replace(b[0].body, mime+"sheet.main+xml", "application/vnd.ms-excel.sheet.binary.macroEnabled.main", 1)
			return zipOf(tb, b...)
		}},
		{"content type of the sheet", sheet.CodeStructure, func(tb testing.TB) []byte {
			b := bookOf(good)
			b[0].body = strings.Replace(b[0].body, "worksheet+xml", "chartsheet+xml", 1)
			return zipOf(tb, b...)
		}},
		{"content types are garbage", sheet.CodeXML, with(func(testing.TB) entry { return entry{name: "[Content_Types].xml", body: "garbage"} })},

		{"1 GB of zeros in the sheet", sheet.CodeUnpacked, with(func(tb testing.TB) entry { return bomb(tb, sheetPart, "", "\x00", 1<<30, "", 0) })},
		{"512 MB of zeros in the sheet", sheet.CodeXML, with(func(tb testing.TB) entry { return bomb(tb, sheetPart, "", "\x00", 1<<29, "", 0) })},
		{"1 GB in a picture", sheet.CodeUnpacked, with(func(tb testing.TB) entry { return bomb(tb, "xl/media/a.png", "", "\x00", 1<<30, "", 0) })},
		{"700 MB of empty cells", sheet.CodeColumns, with(func(tb testing.TB) entry { return bomb(tb, sheetPart, head+`<row>`, `<c/>`, 175<<20, "", 0) })},
		{"700 MB of empty rows", sheet.CodeRows, with(func(tb testing.TB) entry { return bomb(tb, sheetPart, head, `<row/>`, 100<<20, "", 0) })},
		{"512 MB of shared strings", sheet.CodeStrings, with(func(tb testing.TB) entry {
			return bomb(tb, sstPart, `<sst `+nsMain+`>`, `<si><t>`+strings.Repeat("a", 1000)+`</t></si>`, 1<<19, "</sst>", 0)
		})},
		{"256 MB of styles", sheet.CodeStructure, with(func(tb testing.TB) entry {
			return bomb(tb, stylePart, `<styleSheet `+nsMain+`><cellXfs>`, `<xf numFmtId="14"/>`, 13<<20, "</cellXfs></styleSheet>", 0)
		})},
		{"256 MB in one cell", sheet.CodeCellBytes, with(func(tb testing.TB) entry {
			return bomb(tb, sheetPart, head+`<row><c t="str"><v>`, "a", 1<<28, "</v></c></row></sheetData></worksheet>", 0)
		})},
		{"256 MB in one tag", sheet.CodeXML, with(func(tb testing.TB) entry { return bomb(tb, sheetPart, head+`<row r="`, "1", 1<<28, "", 0) })},
		{"the size is a lie: more", sheet.CodeChecksum, with(func(tb testing.TB) entry {
			return bomb(tb, sheetPart, head, `<row/>`, 1<<20, "</sheetData></worksheet>", 1024)
		})},
		{"the size is a lie: less", sheet.CodeChecksum, with(func(tb testing.TB) entry {
			return bomb(tb, sheetPart, head, `<row/>`, 10, "</sheetData></worksheet>", 1<<20)
		})},
		{"the checksum is a lie", sheet.CodeChecksum, with(func(testing.TB) entry {
			return entry{name: sheetPart, body: good, mutate: func(h *zip.FileHeader) { h.CRC32++ }}
		})},
		{"encrypted entry", sheet.CodeEncrypted, with(func(testing.TB) entry {
			return entry{name: sheetPart, body: good, mutate: func(h *zip.FileHeader) { h.Flags |= 1 }}
		})},
		{"entry twice", sheet.CodeDuplicate, func(tb testing.TB) []byte {
			return zipOf(tb, append(bookOf(good), entry{name: sheetPart, body: good})...)
		}},
		{"entry twice but for case", sheet.CodeDuplicate, func(tb testing.TB) []byte {
			return zipOf(tb, append(bookOf(good), entry{name: "XL/worksheets/Sheet1.xml", body: good})...)
		}},
		{"entry outside: ..", sheet.CodeUnsafeName, with(func(testing.TB) entry { return entry{name: "../../evil", body: "x"} })},
		{"entry outside: root", sheet.CodeUnsafeName, with(func(testing.TB) entry { return entry{name: "/etc/passwd", body: "x"} })},
		{"entry outside: backslash", sheet.CodeUnsafeName, with(func(testing.TB) entry { return entry{name: `xl\..\..\evil`, body: "x"} })},
		{"200,000 entries", sheet.CodeEntries, func(tb testing.TB) []byte {
			b := bookOf(good)
			for i := range 200_000 {
				b = append(b, entry{name: fmt.Sprint("x/", i), mutate: func(*zip.FileHeader) {}})
			}
			return zipOf(tb, b...)
		}},
		{"5,000 entries", sheet.CodeEntries, func(tb testing.TB) []byte {
			b := bookOf(good)
			for i := range 5000 {
				b = append(b, entry{name: fmt.Sprint("x/", i), mutate: func(*zip.FileHeader) {}})
			}
			return zipOf(tb, b...)
		}},

		{"XML a million deep in the sheet", sheet.CodeDepth, with(func(tb testing.TB) entry { return bomb(tb, sheetPart, head+"<row><extLst>", "<a>", 1<<20, "", 0) })},
		{"XML a million deep before the data", sheet.CodeDepth, with(func(tb testing.TB) entry {
			return bomb(tb, sheetPart, decl+`<worksheet `+nsMain+`>`, "<a>", 1<<20, "", 0)
		})},
		{"XML deep in the workbook", sheet.CodeDepth, with(func(tb testing.TB) entry {
			return bomb(tb, "xl/workbook.xml", `<workbook `+nsMain+`>`, "<a>", 5<<20, "", 0)
		})},
		{"billion laughs", sheet.CodeDoctype, with(func(testing.TB) entry {
			return entry{name: sstPart, body: decl + `<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><sst ` + nsMain + `><si><t>&b;</t></si></sst>`}
		})},
		{"XXE", sheet.CodeDoctype, with(func(testing.TB) entry {
			return entry{name: sheetPart, body: `<!DOCTYPE w SYSTEM "file:///etc/passwd">` + good}
		})},
		{"shared strings in UTF-16", sheet.CodeXMLCoding, with(func(testing.TB) entry {
			return entry{name: sstPart, body: `<?xml version="1.0" encoding="UTF-16"?><sst ` + nsMain + `/>`}
		})},
		{"sheet in UTF-16", sheet.CodeXMLCoding, with(func(testing.TB) entry { return entry{name: sheetPart, body: utf16(good)} })},
		{"not UTF-8", sheet.CodeXML, book(cell(`t="str"`, "<v>a\xffb</v>"))},
		{"malformed in the middle", sheet.CodeXML, book(strings.Repeat("<row><c><v>1</v></c></row>", 500) + "<row><c><v>1</c></row>" + strings.Repeat("<row/>", 500))},
		{"cut in a row", sheet.CodeXML, with(func(testing.TB) entry { return entry{name: sheetPart, body: good[:len(good)-40]} })},
		{"something after the end", sheet.CodeXML, with(func(testing.TB) entry { return entry{name: sheetPart, body: good + "<row/>"} })},
		{"an entity that is not known", sheet.CodeXML, book(cell(`t="str"`, "<v>&nbsp;</v>"))},
		{"an attribute twice", sheet.CodeXML, book(`<row r="1" r="2"/>`)},
		{"a prefix that is not declared", sheet.CodeXML, book(`<y:row/>`)},
		{"a name in front that is not the directory's", sheet.CodeDuplicate, func(tb testing.TB) []byte {
			b := zipOf(tb, append(bookOf(good), entry{name: "xl/worksheets/sheet9.xml", body: good})...)
			i, j := bytes.Index(b, []byte("xl/worksheets/sheet1.xml")), bytes.Index(b, []byte("xl/worksheets/sheet9.xml"))
			b[i+len("xl/worksheets/sheet")], b[j+len("xl/worksheets/sheet")] = '9', '1'
			return b
		}},
		{"two sheets of one part", sheet.CodeStructure, with(func(testing.TB) entry {
			return entry{name: "xl/workbook.xml", body: `<workbook ` + nsMain + ` ` + nsRel + `><sheets><sheet name="S" sheetId="1" r:id="rId1"/><sheet name="T" sheetId="2" r:id="rId1"/></sheets></workbook>`}
		})},
		{"control characters in the name of a sheet", sheet.CodeStructure, with(func(testing.TB) entry {
			return entry{name: "xl/workbook.xml", body: `<workbook ` + nsMain + ` ` + nsRel + `><sheets><sheet name="_x001B_[2J" sheetId="1" r:id="rId1"/></sheets></workbook>`}
		})},
		{"workbookPr twice", sheet.CodeStructure, with(func(testing.TB) entry {
			return entry{name: "xl/workbook.xml", body: `<workbook ` + nsMain + ` ` + nsRel + `><workbookPr/><workbookPr date1904="1"/><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`}
		})},
		{"two content types for one part", sheet.CodeStructure, func(tb testing.TB) []byte {
			b := bookOf(good)
			b[0].body = strings.Replace(b[0].body, "</Types>", `<Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>`, 1)
			return zipOf(tb, b...)
		}},
		{"a web archive", sheet.CodeNotSheet, plain("MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n<html>")},
		{"SYLK", sheet.CodeNotSheet, plain("ID;PWXL;N;E\r\n")},
		{"JSON", sheet.CodeNotSheet, plain(" [\n {\"a\": 1}]")},
		{"MS-DOS letters", sheet.CodeDOS, plain("Pa\xa1s;a\xa4o\nEspa\xa4a;1\n")},

		{"index of a string: 999999", sheet.CodeStringRef, book(cell(`t="s"`, "<v>999999</v>"))},
		{"index of a string: -1", sheet.CodeStringRef, book(cell(`t="s"`, "<v>-1</v>"))},
		{"index of a string: abc", sheet.CodeStringRef, book(cell(`t="s"`, "<v>abc</v>"))},
		{"index of a string: 1e20", sheet.CodeStringRef, book(cell(`t="s"`, "<v>1e20</v>"))},
		{"index of a string: nothing", sheet.CodeStringRef, book(cell(`t="s"`, "<v></v>"))},
		{"NaN", sheet.CodeNotFinite, book(cell("", "<v>NaN</v>"))},
		{"INF", sheet.CodeNotFinite, book(cell(`s="1"`, "<v>-INF</v>"))},
		{"1e400", sheet.CodeNotFinite, book(cell("", "<v>1e400</v>"))},
		{"a number that is none", sheet.CodeValue, book(cell("", "<v>0x10</v>"))},
		{"a number with underscores", sheet.CodeValue, book(cell("", "<v>1_000</v>"))},
		{"a boolean that is none", sheet.CodeValue, book(cell(`t="b"`, "<v>2</v>"))},
		{"a date that is none", sheet.CodeValue, book(cell(`t="d"`, "<v>2023-02-30</v>"))},
		{"a type that is none", sheet.CodeValue, book(cell(`t="x"`, "<v>1</v>"))},
		{"a style that is not there", sheet.CodeValue, book(cell(`s="9"`, "<v>1</v>"))},
		{"row 2147483647", sheet.CodeRows, book(`<row r="214748364"/>`)},
		{"row -1", sheet.CodeReference, book(`<row r="-1"/>`)},
		{"row 0", sheet.CodeReference, book(`<row r="0"/>`)},
		{"cell A0", sheet.CodeReference, book(`<row r="1"><c r="A0"/></row>`)},
		{"cell ZZZZ1", sheet.CodeReference, book(`<row r="1"><c r="ZZZZ1"/></row>`)},
		{"cell XFE1", sheet.CodeReference, book(`<row r="1"><c r="XFE1"/></row>`)},
		{"cell A99999999999", sheet.CodeReference, book(`<row r="1"><c r="A99999999999"/></row>`)},
		{"cell of another row", sheet.CodeOrder, book(`<row r="1"><c r="A2"/></row>`)},
		{"rows out of order", sheet.CodeOrder, book(`<row r="2"/><row r="1"/>`)},
		{"row twice", sheet.CodeTwice, book(`<row r="2"/><row r="2"/>`)},
		{"cells out of order", sheet.CodeOrder, book(`<row r="1"><c r="B1"/><c r="A1"/></row>`)},
		{"cell twice", sheet.CodeTwice, book(`<row r="1"><c r="B1"/><c r="B1"/></row>`)},
		{"a value twice", sheet.CodeStructure, book(cell("", "<v>1</v><v>2</v>"))},
		{"a row of another vocabulary", sheet.CodeStructure, book(`<row xmlns="urn:x" r="1"/>`)},
		{"text between cells", sheet.CodeStructure, book(`<row r="1">x</row>`)},
		{"sheetData twice", sheet.CodeStructure, book(`</sheetData><sheetData>`)},
		{"100,001 merged ranges", sheet.CodeMerges, book(`</sheetData><mergeCells>` + strings.Repeat(`<mergeCell ref="A1:XFD1048576"/>`, 100_001) + `</mergeCells><extLst/><sheetData>`)},
		{"a merged range that is none", sheet.CodeReference, book(`</sheetData><mergeCells><mergeCell ref=""/></mergeCells><extLst/><sheetData>`)},
		{"no sheets", sheet.CodeNoSheet, with(func(testing.TB) entry {
			return entry{name: "xl/workbook.xml", body: `<workbook ` + nsMain + `><sheets/></workbook>`}
		})},
		{"1,100 sheets", sheet.CodeSheets, func(tb testing.TB) []byte {
			b := bookOf(good)
			rel := `<Relationship Id="rId%d" Type="` + relURL + `worksheet" Target="worksheets/sheet%[1]d.xml"/>`
			b[0].body = strings.Replace(b[0].body, "</Types>", numbered(`<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="`+mime+`worksheet+xml"/>`, 1100)+"</Types>", 1)
			b[2].body = `<workbook ` + nsMain + ` ` + nsRel + `><sheets>` + numbered(`<sheet name="S%d" sheetId="%[1]d" r:id="rId%[1]d"/>`, 1100) + `</sheets></workbook>`
			b[3].body = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + numbered(rel, 1100) + `</Relationships>`
			for i := 2; i <= 1100; i++ {
				b = append(b, entry{name: fmt.Sprintf("xl/worksheets/sheet%d.xml", i), body: good})
			}
			return zipOf(tb, b...)
		}},
		{"a sheet that is not there", sheet.CodeNoPart, with(func(testing.TB) entry {
			return entry{name: "xl/workbook.xml", body: `<workbook ` + nsMain + ` ` + nsRel + `><sheets><sheet name="S" sheetId="1" r:id="rId9"/></sheets></workbook>`}
		})},
		{"a target outside", sheet.CodeUnsafeName, with(func(testing.TB) entry {
			return entry{name: "xl/_rels/workbook.xml.rels", body: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + relURL + `worksheet" Target="../../etc/passwd"/></Relationships>`}
		})},
		{"no workbook", sheet.CodeOtherZip, with(func(testing.TB) entry {
			return entry{name: "_rels/.rels", body: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>`}
		})},
	})
}
