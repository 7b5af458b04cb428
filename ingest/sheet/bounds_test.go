package sheet_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/oas/tipstat/ingest/sheet"
)

// TestBounds reads files that are made to fill memory: some are refused at a
// limit, some are read to their end. Neither may take more than measure allows.
func TestBounds(t *testing.T) {
	const sheetPart = "xl/worksheets/sheet1.xml"
	head := decl + `<worksheet ` + nsMain + `><sheetData>`
	const tail = "</sheetData></worksheet>"
	good := sheetOf(`<row r="1"><c r="A1"><v>1</v></c></row>`)
	book := func(rows string, others ...entry) func(testing.TB) []byte {
		return func(tb testing.TB) []byte { return zipOf(tb, bookOf(sheetOf(rows), others...)...) }
	}
	with := func(others func(tb testing.TB) []entry) func(testing.TB) []byte {
		return func(tb testing.TB) []byte { return zipOf(tb, bookOf(good, others(tb)...)...) }
	}
	one := func(name, head, piece string, n int, tail string) func(testing.TB) []byte {
		return with(func(tb testing.TB) []entry { return []entry{bomb(tb, name, head, piece, n, tail, 0)} })
	}
	sst := func(text string) entry {
		return entry{name: "xl/sharedStrings.xml", body: `<sst ` + nsMain + `><si><t>` + text + `</t></si></sst>`}
	}
	related := func(kind, target string) entry {
		return entry{name: "xl/worksheets/_rels/sheet1.xml.rels", body: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + relURL + kind + `" Target="` + target + `"/></Relationships>`}
	}
	comments := func(comment string, n int) func(testing.TB) []byte {
		return with(func(tb testing.TB) []entry {
			return []entry{related("comments", "../comments1.xml"),
				bomb(tb, "xl/comments1.xml", `<comments `+nsMain+`><authors/><commentList>`, comment, n, `</commentList></comments>`, 0)}
		})
	}
	tables := func(relations int, column string, n int) func(testing.TB) []byte {
		rels := `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + numbered(`<Relationship Id="r%d" Type="`+relURL+`table" Target="../tables/t.xml"/>`, relations) + `</Relationships>`
		return with(func(tb testing.TB) []entry {
			return []entry{{name: "xl/worksheets/_rels/sheet1.xml.rels", body: rels},
				bomb(tb, "xl/tables/t.xml", `<table `+nsMain+` displayName="x" ref="A1:B2"><tableColumns>`, column, n, `</tableColumns></table>`, 0)}
		})
	}
	cells := func(n int, c string) string { return `<row>` + strings.Repeat(c, n) + `</row>` }
	odsOne := func(head, piece string, n int, tail string) func(testing.TB) []byte {
		return func(tb testing.TB) []byte {
			body := odsBody(`<table:table table:name="A">` + head + "\x00" + tail + `</table:table>`)
			before, after, _ := strings.Cut(body, "\x00")
			return zipOf(tb, entry{name: "mimetype", body: "application/vnd.oasis.opendocument.spreadsheet"}, bomb(tb, "content.xml", before, piece, n, after, 0))
		}
	}
	text := func(head, piece string, n int) func(testing.TB) []byte {
		return func(testing.TB) []byte { return []byte(head + strings.Repeat(piece, n)) }
	}
	measure(t, []attack{
		{"the dimension is the whole grid", "", func(tb testing.TB) []byte {
			return zipOf(tb, bookOf(strings.Replace(good, "<sheetData>", `<dimension ref="A1:XFD1048576"/><sheetData>`, 1))...)
		}},
		{"one cell at XFD1048576", "", book(`<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>`)},
		{"200,000 rows of one cell in XFD", "", book(numbered(`<row r="%d"><c r="XFD%[1]d"><v>1</v></c></row>`, 200_000))},
		{"200 rows of 16,384 cells", "", book(strings.Repeat(cells(16384, `<c><v>1.5</v></c>`), 200))},
		{"16,384 times a text of 500 characters, 20 rows", "", book(strings.Repeat(cells(16384, `<c t="s"><v>0</v></c>`), 20), sst(strings.Repeat("a", 500)))},
		{"a row of 512 MB", sheet.CodeRowBytes, one(sheetPart, head+"<row>", `<c t="inlineStr"><is><t>`+strings.Repeat("a", 32767)+`</t></is></c>`, 16000, `</row>`+tail)},
		{"a row of one shared string, again and again", sheet.CodeRowBytes, book(cells(16384, `<c t="s"><v>0</v></c>`), sst(strings.Repeat("a", 32767)))},
		{"200 MB of shared strings, 200,000 rows", "", func(tb testing.TB) []byte {
			return zipOf(tb, bookOf(sheetOf(numbered(`<row r="%d"><c t="s"><v>7</v></c><c t="inlineStr"><is><t>`+strings.Repeat("x", 100)+`</t></is></c></row>`, 200_000)),
				bomb(tb, "xl/sharedStrings.xml", `<sst `+nsMain+`>`, `<si><t>`+strings.Repeat("a", 1000)+`</t></si>`, 200_000, "</sst>", 0))...)
		}},
		{"6,000,000 empty shared strings", "", func(tb testing.TB) []byte {
			return zipOf(tb, bookOf(sheetOf(`<row><c t="s"><v>7</v></c><c><v>1</v></c></row>`), bomb(tb, "xl/sharedStrings.xml", `<sst `+nsMain+`>`, `<si/>`, 6_000_000, "</sst>", 0))...)
		}},
		{"rows of 8 MB", "", one(sheetPart, head, cells(240, `<c t="inlineStr"><is><t>`+strings.Repeat("a", 32767)+`</t></is></c>`), 40, tail)},
		{"100,000 merged ranges", "", with(func(testing.TB) []entry {
			return []entry{{name: sheetPart, body: strings.Replace(good, "</worksheet>", "<mergeCells>"+strings.Repeat(`<mergeCell ref="A1:XFD1048576"/>`, 100_000)+"</mergeCells></worksheet>", 1)}}
		})},
		{"60,000 comments", sheet.CodeComments, comments(`<comment ref="A1"><text><t>x</t></text></comment>`, 60_000)},
		{"14 MB of comments", sheet.CodeComments, comments(`<comment ref="A1"><text><t>`+strings.Repeat("x", 1000)+`</t></text></comment>`, 14_000)},
		{"400 MB of comments", sheet.CodeUnpacked, comments(`<comment ref="A1"><author>`+strings.Repeat("x", 1000)+`</author></comment>`, 400_000)},
		{"500 MB of content types", sheet.CodeUnpacked, one("[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">`, `<Override PartName="/`+strings.Repeat("x", 100_000)+`" ContentType="x"/>`, 5000, `</Types>`)},
		{"500 MB of names", sheet.CodeUnpacked, one("xl/workbook.xml", `<workbook `+nsMain+` `+nsRel+`><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets><definedNames>`, `<definedName name="x">`+strings.Repeat("x", 10_000)+`</definedName>`, 50_000, `</definedNames></workbook>`)},
		{"200 MB of number formats", sheet.CodeStructure, with(func(testing.TB) []entry {
			return []entry{{name: "xl/styles.xml", body: `<styleSheet ` + nsMain + `><numFmts>` + numbered(`<numFmt numFmtId="%d" formatCode="`+strings.Repeat("0", 4000)+`"/>`, 50_000) + `</numFmts></styleSheet>`}}
		})},
		{"300 MB of properties", sheet.CodeUnpacked, with(func(tb testing.TB) []entry {
			return []entry{{name: "_rels/.rels", body: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + relURL + `officeDocument" Target="xl/workbook.xml"/><Relationship Id="rId2" Type="` + relURL + `custom-properties" Target="docProps/custom.xml"/></Relationships>`},
				bomb(tb, "docProps/custom.xml", `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">`, `<property name="a"><vt:lpwstr>`+strings.Repeat("x", 100_000)+`</vt:lpwstr></property>`, 3000, `</Properties>`, 0)}
		})},
		{"22 million hidden columns", "", one(sheetPart, decl+`<worksheet `+nsMain+`><cols>`, `<col min="1" max="1" hidden="1"/>`, 22_000_000, `</cols><sheetData/></worksheet>`)},
		{"a million names", sheet.CodeStructure, one("xl/workbook.xml", `<workbook `+nsMain+` `+nsRel+`><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets><definedNames>`, `<definedName/>`, 1_000_000, `</definedNames></workbook>`)},
		{"one table, 4,000 times", sheet.CodeStructure, tables(4000, `<tableColumn name="`+strings.Repeat("y", 1000)+`"/>`, 16)},
		{"a table of 15 MB", sheet.CodeStructure, tables(1, `<tableColumn name="`+strings.Repeat("y", 100_000)+`"/>`, 150)},
		{"long numbers", sheet.CodeRowBytes, one(sheetPart, head+"<row>", `<c><v>1.`+strings.Repeat("0", 130_000)+`</v></c>`, 6000, `</row>`+tail)},
		{"ods: long numbers", sheet.CodeRowBytes, odsOne(`<table:table-row>`, `<table:table-cell office:value-type="float" office:value="1.`+strings.Repeat("0", 130_000)+`"/>`, 3000, `</table:table-row>`)},
		{"formulas that would reach out", "", book(`<row r="1"><c r="A1" t="str"><f>WEBSERVICE("http://127.0.0.1/")</f><v>x</v></c><c r="B1" t="str"><f>DDE("cmd";"/c calc";"1")</f><v>x</v></c><c r="C1"><f>[1]Sheet1!A1</f><v>1</v></c><c r="D1"><f>HYPERLINK("x")</f></c><c r="E1"><f>` + strings.Repeat("(", 60_000) + `</f></c></row>`)},
		{"ods: a million rows of one that is full", sheet.CodeCells, odsOne(`<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/></table:table-row>`, " ", 1, "")},
		{"ods: a million rows", "", odsOne(`<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="4" office:value-type="float" office:value="1"/></table:table-row>`, " ", 1, "")},
		{"ods: a long text repeated", sheet.CodeRowBytes, odsOne(`<table:table-row><table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>`, "a", 100_000, `</text:p></table:table-cell></table:table-row>`)},
		{"ods: 60,000 comments", sheet.CodeComments, odsOne("", `<table:table-row><table:table-cell><office:annotation><text:p>x</text:p></office:annotation></table:table-cell></table:table-row>`, 60_000, "")},
		{"ods: 400 MB of names", sheet.CodeStructure, odsOne(`<table:named-expressions>`, `<table:named-expression table:name="a" table:expression="`+strings.Repeat("x", 100_000)+`"/>`, 4000, `</table:named-expressions>`)},
		{"csv: 100 MB in one value", sheet.CodeCellBytes, text("a,", "a", 100<<20)},
		{"csv: 100 MB of values in one line", sheet.CodeColumns, text("a", ",a", 50<<20)},
		{"csv: 100 MB of long values in one line", sheet.CodeRowBytes, text("a,", strings.Repeat("a", 100_000)+",", 1000)},
		{"csv: a million empty lines", "", text("a,b", "\n", 1_000_000)},
	})
}

// TestRatio: a zip that unpacks to far more than a table does is refused before anything
// of it is unpacked, and one that may still be a table is not.
func TestRatio(t *testing.T) {
	const sheetPart, tail = "xl/worksheets/sheet1.xml", "</sheetData></worksheet>"
	head := decl + `<worksheet ` + nsMain + `><sheetData>`
	good := sheetOf(`<row r="1"><c r="A1"><v>1</v></c></row>`)
	for _, tt := range []struct {
		name, part, piece string
		n                 int
		code              string
	}{
		{"70 MB of blanks", sheetPart, " ", 70 << 20, sheet.CodeRatio},
		{"60 MB of blanks", sheetPart, " ", 60 << 20, ""},
		{"70 MB in a picture", "xl/media/a.png", "\x00", 70 << 20, sheet.CodeRatio},
	} {
		data := zipOf(t, bookOf(good, bomb(t, tt.part, head, tt.piece, tt.n, tail, 0))...)
		if _, err := read(data, sheet.Options{}); codeOf(err) != tt.code {
			t.Errorf("%s: %v; want %q", tt.name, err, tt.code)
		}
	}
	var parts []entry
	for i := range 70 {
		parts = append(parts, bomb(t, fmt.Sprint("x/", i), "", "\x00", 1<<20, "", 0))
	}
	if _, err := read(zipOf(t, bookOf(good, parts...)...), sheet.Options{}); codeOf(err) != sheet.CodeRatio {
		t.Errorf("70 MB in 70 parts: %v", err)
	}
}

// numbered writes the pattern n times, each with its number, from 1.
func numbered(pattern string, n int) string {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&b, pattern, i)
	}
	return b.String()
}
