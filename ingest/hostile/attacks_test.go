package hostile_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/oas/tipstat/ingest/sheet"
)

func xmlAttacks() []attack {
	row := func(cells string) func(testing.TB) []byte { return put(sheet1, sheetOf(`<row r="1">`+cells+`</row>`)) }
	sst := func(body string) func(testing.TB) []byte {
		return put(strings1, decl1+`<sst `+main1+`>`+body+`</sst>`)
	}
	return []attack{
		{"a billion laughs in the sheet", sheet.CodeDoctype, "", put(sheet1, laughs, sheetOf(`<row r="1"><c r="A1" t="str"><v>&c;</v></c></row>`))},
		{"a billion laughs in the strings", sheet.CodeDoctype, "", put(strings1, decl1, laughs, `<sst `, main1, `><si><t>&c;</t></si></sst>`)},
		{"a document type in the styles", sheet.CodeDoctype, "", put("xl/styles.xml", decl1, laughs, `<styleSheet `, main1, `/>`)},
		{"a document type in the workbook", sheet.CodeDoctype, "", put(book1, decl1, laughs, `<workbook `, main1, `/>`)},
		{"a document type in the content types", sheet.CodeDoctype, "", put(types1, decl1, laughs, `<Types/>`)},
		{"a document type in the relations", sheet.CodeDoctype, "", put("xl/_rels/workbook.xml.rels", decl1, laughs, `<Relationships/>`)},
		{"an entity from a file", sheet.CodeDoctype, "", put(sheet1, `<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>`, sheetOf(`<row r="1"><c r="A1" t="str"><v>&x;</v></c></row>`))},
		{"an entity from the net", sheet.CodeDoctype, "", put(sheet1, `<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">`, sheetOf(""))},
		{"a parameter entity", sheet.CodeDoctype, "", put(sheet1, `<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:1/"> %p;]>`, sheetOf(""))},
		{"a document type in the middle", sheet.CodeDoctype, "", put(sheet1, sheetOf(`<row r="1"><!DOCTYPE x></row>`))},
		{"an inclusion (XInclude)", sheet.CodeStructure, "", put(sheet1, sheetOf(`<row r="1"><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/></row>`))},
		{"a style sheet to be run", unknown, "", put(sheet1, `<?xml-stylesheet type="text/xsl" href="http://127.0.0.1:1/x.xsl"?>`, strings.TrimPrefix(sheetOf(`<row r="1"><c r="A1"><v>1</v></c></row>`), decl1))},
		{"a character that is none", sheet.CodeXML, "", row(`<c r="A1" t="str"><v>&#0;</v></c>`)},
		{"half a character", sheet.CodeXML, "", row(`<c r="A1" t="str"><v>&#xD800;</v></c>`)},
		{"a character beyond Unicode", sheet.CodeXML, "", row(`<c r="A1" t="str"><v>&#x110000;</v></c>`)},
		{"a character of 100,000 digits", sheet.CodeXML, "", row(`<c r="A1" t="str"><v>&#` + strings.Repeat("1", 100_000) + `;</v></c>`)},
		{"100,000 attributes", sheet.CodeXML, "", put(sheet1, decl1, `<worksheet `, main1, numbered(` a#="1"`, 100_000), `><sheetData/></worksheet>`)},
		{"100,000 namespaces", sheet.CodeXML, "", put(sheet1, decl1, `<worksheet `, main1, numbered(` xmlns:a#="urn:#"`, 100_000), `><sheetData/></worksheet>`)},
		{"a namespace at each depth", sheet.CodeDepth, "", put(sheet1, decl1, `<worksheet `, main1, `>`, numbered(`<a# xmlns:b#="urn:#">`, 100_000))},
		{"a comment of 30 MB", sheet.CodeXML, "", put(sheet1, sheetOf(`<!--`+strings.Repeat("x ", 15<<20)+`--><row r="1"><c r="A1"><v>1</v></c></row>`))},
		{"a million comments", unknown, "", put(sheet1, sheetOf(strings.Repeat(`<!-- x -->`, 1<<20)+`<row r="1"><c r="A1"><v>1</v></c></row>`))},
		{"raw text of 30 MB", sheet.CodeXML, "", row(`<c r="A1" t="str"><v><![CDATA[` + strings.Repeat("x", 30<<20) + `]]></v></c>`)},
		{"a text of 40,000 characters", sheet.CodeCellBytes, "", sst(`<si><t>` + strings.Repeat("ñ", 70_000) + `</t></si>`)},
		{"a text of 100,000 pieces", sheet.CodeCellBytes, "", sst(`<si>` + strings.Repeat(`<r><t>xx</t></r>`, 100_000) + `</si>`)},
		{"9 million texts", sheet.CodeStrings, "", sst(strings.Repeat(`<si/>`, 9_000_000))},
		{"strings in UTF-16", sheet.CodeXMLCoding, "", put(strings1, "\xff\xfe", utf16(`<?xml version="1.0" encoding="UTF-16"?><sst `+main1+`/>`, binary.LittleEndian))},
		{"strings that say UTF-7", sheet.CodeXMLCoding, "", put(strings1, `<?xml version="1.0" encoding="UTF-7"?><sst `, main1, `/>`)},
		{"strings in Windows-1252", sheet.CodeXML, "", sst("<si><t>Espa\xf1a</t></si>")},
		{"a table of 1,048,576 × 16,384 with one cell", unknown, "", put(sheet1, decl1, `<worksheet `, main1, `><dimension ref="A1:XFD1048576"/><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>`)},
		{"3,000 rows with a cell in the last column", unknown, "", put(sheet1, sheetOf(numbered(`<row r="#"><c r="XFD#"><v>1</v></c></row>`, 3000)))},
		{"200,000 rows with a cell in the last column", unknown, "", put(sheet1, sheetOf(numbered(`<row r="#"><c r="XFD#"><v>1</v></c></row>`, 200_000)))},
		{"5 rows of 16,384 texts", unknown, "", put(sheet1, sheetOf(strings.Repeat(`<row>`+strings.Repeat(`<c t="inlineStr"><is><t>Total</t></is></c>`, 16_384)+`</row>`, 5)))},
		{"250 rows of 16,384 cells", sheet.CodeMemory, "", put(sheet1, sheetOf(strings.Repeat(`<row>`+numbered(`<c><v>#</v></c>`, 16_384)+`</row>`, 250)))},
		{"10 rows of 16,384 texts, each another", unknown, "", put(sheet1, sheetOf(strings.Repeat(`<row>`+lettered(`<c t="inlineStr"><is><t>@</t></is></c>`, 16_384)+`</row>`, 10)))},
		{"60 rows of 8 MB", sheet.CodeMemory, "", func(tb testing.TB) []byte {
			return with(tb, part{sheet1, []byte(sheetOf(strings.Repeat(`<row>`+strings.Repeat(`<c t="s"><v>0</v></c>`, 240)+`</row>`, 60)))},
				part{strings1, []byte(decl1 + `<sst ` + main1 + `><si><t>` + strings.Repeat("word ", 6500) + `</t></si></sst>`)})
		}},
		{"a million cells, all in the first column", unknown, "", put(sheet1, sheetOf(strings.Repeat(`<row><c><v>1</v></c></row>`, 1_000_000)))},
		{"200,000 different texts", unknown, "", put(sheet1, sheetOf(numbered(`<row><c t="str"><v>text #</v></c><c t="str"><v>other #</v></c></row>`, 100_000)))},
		{"a row beyond the last", sheet.CodeRows, "", put(sheet1, sheetOf(`<row r="1048577"/>`))},
		{"a column beyond the last", sheet.CodeReference, "", row(`<c r="XFE1"><v>1</v></c>`)},
		{"a formula of 100,000 brackets", sheet.CodeFormula, "", row(`<c r="A1"><f>` + strings.Repeat("(", 100_000) + `</f><v>1</v></c>`)},
		{"formulas that reach out", unknown, "", row(`<c r="A1" t="str"><f>WEBSERVICE("http://127.0.0.1:1/")</f><v>x</v></c><c r="B1" t="str"><f>cmd|'/c calc'!A1</f><v>x</v></c><c r="C1"><f>'\\127.0.0.1\x\[y.xlsx]S'!A1</f><v>1</v></c>`)},
		{"100,001 merged ranges", sheet.CodeMerges, "", put(sheet1, decl1, `<worksheet `, main1, `><sheetData/><mergeCells>`, strings.Repeat(`<mergeCell ref="A1:XFD1048576"/>`, 100_001), `</mergeCells></worksheet>`)},
		{"100,000 merged ranges, the whole sheet each", unknown, "", put(sheet1, decl1, `<worksheet `, main1, `><sheetData><row r="1"><c r="A1" t="str"><v>Year</v></c></row></sheetData><mergeCells>`, strings.Repeat(`<mergeCell ref="A1:XFD1048576"/>`, 100_000), `</mergeCells></worksheet>`)},
		{"a sheet with the name of a path", "", "", swap(book1, `name="`, `name="../../etc/passwd" oldname="`)},
		{"a sheet with the name of a formula", "", "", swap(book1, `name="`, `name="=HYPERLINK(1)" oldname="`)},
		{"ods: a document type", sheet.CodeDoctype, "", func(testing.TB) []byte {
			return zipped([]part{{"mimetype", []byte("application/vnd.oasis.opendocument.spreadsheet")}, {"content.xml", []byte(decl1 + laughs + `<x>&c;</x>`)}})
		}},
		{"ods: 1,048,576 × 16,384 in a line", sheet.CodeCells, "", ods(`<table:table table:name="A"><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row></table:table>`)},
		{"ods: a row repeated 2^31 times", sheet.CodeStructure, "", ods(`<table:table table:name="A"><table:table-row table:number-rows-repeated="2147483648"><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row></table:table>`)},
		{"ods: a row repeated -1 times", sheet.CodeStructure, "", ods(`<table:table table:name="A"><table:table-row table:number-rows-repeated="-1"><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row></table:table>`)},
		{"ods: a billion blanks in one tag", sheet.CodeStructure, "", ods(`<table:table table:name="A"><table:table-row><table:table-cell><text:p>x<text:s text:c="1000000000"/></text:p></table:table-cell></table:table-row></table:table>`)},
		{"ods: a formula of 100,000 brackets", sheet.CodeFormula, "", ods(`<table:table table:name="A"><table:table-row><table:table-cell table:formula="` + strings.Repeat("(", 100_000) + `"/></table:table-row></table:table>`)},
		{"ods: 1,000 sheets, to be read again for each", sheet.CodeUnpacked, "", ods(numbered(`<table:table table:name="S#"><table:table-row><table:table-cell><text:p>`+strings.Repeat("word ", 6000)+`</text:p></table:table-cell></table:table-row></table:table>`, 1000))},
	}
}

// ofForms are forms and reviews with more in them than anybody writes.
func ofForms() []attack {
	grown := func(make func(testing.TB) []byte, having, rows string) func(testing.TB) []byte {
		return func(tb testing.TB) []byte {
			parts, err := unzip(make(tb))
			if err != nil {
				tb.Fatal(err)
			}
			for i := range parts {
				if strings.HasPrefix(parts[i].name, "xl/worksheets/") && bytes.Contains(parts[i].body, []byte(having)) {
					parts[i].body = bytes.Replace(parts[i].body, []byte("</sheetData>"), []byte(rows+"</sheetData>"), 1)
					return zipped(parts)
				}
			}
			tb.Fatalf("no sheet with %s", having)
			return nil
		}
	}
	victims := func(tb testing.TB) []byte { return form(tb, "en") }
	cases := func(tb testing.TB) []byte { return form(tb, "es", "cases") }
	list := func(tb testing.TB) []byte { return marked(tb, samples+"/bad/mark-in-number.xlsx") }
	text := func(col, s string) string { return `<c r="` + col + `#" t="inlineStr"><is><t>` + s + `</t></is></c>` }
	row := func(cells string) string { return `<row r="#">` + cells + `</row>` }
	return []attack{
		{"form: 90,000 marks of tables", sheet.CodeRows, "", grown(victims, `r="G10"`, numberedFrom(5000, row(text("A", "§detected-sex-age")), 90_000))},
		{"form: 90,000 marks of no table", sheet.CodeRows, "", grown(victims, `r="G10"`, numberedFrom(5000, row(text("A", "§x#")+text("C", "5")), 90_000))},
		{"form: 90,000 rows with a code", sheet.CodeRows, "", grown(victims, `r="G10"`, numberedFrom(5000, row(text("A", "Y0T17")+text("C", "5")), 90_000))},
		{"form: 90,000 case rows", sheet.CodeRows, "", grown(cases, `r="G10"`, numberedFrom(5000, row(text("A", "x")+text("B", "Enero")+text("C", "nn")), 90_000))},
		{"review: 90,000 explanations", "TIP-V001", "", grown(list, `<hyperlink `, numberedFrom(5000, row(text("H", "so it is")+text("I", "TIP-V001 abc 'X'!C#")), 90_000))},
	}
}

// lettered writes the pattern n times, with a word of its own for @.
func lettered(pattern string, n int) string {
	var b strings.Builder
	for i := range n {
		word := []byte("baaaa")
		for j := 4; j > 0; j-- {
			word[j] = 'a' + byte(i%26)
			i /= 26
		}
		word[0] += byte(i)
		b.WriteString(strings.ReplaceAll(pattern, "@", string(word)))
	}
	return b.String()
}

func textAttacks() []attack {
	obs := `<Obs TIME_PERIOD="2022" OBS_VALUE="1"/>`
	wide := `<Series` + numbered(` A#="1"`, 60) + `/>`
	return []attack{
		{"no bytes", sheet.CodeEmpty, "", text("")},
		{"csv: 10 MB in a line", sheet.CodeCellBytes, "", text("a,b\n", strings.Repeat("x", 10<<20), ",1\n")},
		{"csv: 10 MB in a line, of many values", sheet.CodeColumns, "", text("a,b\n", strings.Repeat("x,", 5<<20), "\n")},
		{"csv: 10 MB in a line, of long values", sheet.CodeRowBytes, "", text("a,b\n", strings.Repeat(strings.Repeat("x", 100_000)+",", 100), "\n")},
		{"csv: 10 MB in quotation marks that are not closed", sheet.CodeCellBytes, "", text("a,b\n1,\"", strings.Repeat("x\n", 5<<20))},
		{"csv: a quotation mark that is not closed", sheet.CodeQuote, "", text("a,b\n1,\"x\n2,3\n")},
		{"csv: 10 MB of quotation marks", sheet.CodeCellBytes, "", text("a,b\n1,\"", strings.Repeat(`""`, 5<<20), "\"\n")},
		{"csv: 10 MB of empty lines", unknown, "", text("a,b\n1,2\n", strings.Repeat("\n", 10<<20))},
		{"csv: a NUL", sheet.CodeNUL, "", text("a,b\n1,\x002\n")},
		{"csv: 10 MB of NULs", sheet.CodeNUL, "", text(strings.Repeat("\x00", 10<<20))},
		{"csv: NULs behind a good head", sheet.CodeNUL, "", text(htiHead, "2022,T1,1,2,3\n", strings.Repeat("\x00", 1<<20))},
		{"csv: UTF-32", sheet.CodeNotSheet, "", text("\xff\xfe\x00\x00a\x00\x00\x00,\x00\x00\x00b\x00\x00\x00\n\x00\x00\x00")},
		{"csv: UTF-16 with half a character", sheet.CodeEncoding, "", text("\xff\xfe", utf16("a,b\n1,", binary.LittleEndian), "\x00\xd8", utf16("\n", binary.LittleEndian))},
		{"csv: UTF-16 with an odd byte", sheet.CodeEncoding, "", text("\xff\xfe", utf16("a,b\n1,2\n", binary.LittleEndian), "x")},
		{"csv: letters of MS-DOS", sheet.CodeDOS, "", text("Pa\xa1s;a\xa4o\nEspa\xa4a;1\n")},
		{"csv: UTF-8 and then not", sheet.CodeEncoding, "", text("país,año\nEspaña,1\nEspa\xf1a,2\n")},
		{"csv: line ends of two kinds", sheet.CodeLineEnds, "", text("a,b\r1,2\n3,4\r5,6\n")},
		{"csv: letters that turn the line", unknown, "", text("a,b\n\u202e1,2\n")},
		{"gzip", sheet.CodeNotSheet, "", text("\x1f\x8b\x08\x00", strings.Repeat("\x55", 500))},
		{"a web page", sheet.CodeNotSheet, "", text("<!DOCTYPE html><html><script>alert(1)</script></html>")},
		{"a picture of lines (SVG)", sheet.CodeNotSheet, "", text(decl1, `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`)},
		{"csv: 300,000 figures that are none", "TIP-V001", "", text(htiHead, lettered("2022,T1,xx@,yy@,zz@\n", 100_000))},
		{"csv: 300,000 quarters that are none", "TIP-V012", "", text(htiHead, lettered("2022,qq@,1,2,3\n", 300_000))},
		{"csv: 300,000 years that are none", "TIP-V012", "", text(htiHead, lettered("yy@,T1,1,2,3\n", 300_000))},
		{"csv: the same quarter 20,000 times, in two ways", "", "", text(htiHead, strings.Repeat("2022,T1,1,2,3\n2022,T1,2,2,4\n", 10_000))},
		{"csv: a heading 16,000 times", "TIP-L006", "", text("Année,Trimestre,Femmes,Hommes,Total", strings.Repeat(",Total", 16_000), "\n2022,T1,1,2,3\n")},
		{"csv: figures of 100,000 digits", "TIP-V001", "", text(htiHead, strings.Repeat("2022,T1,"+strings.Repeat("9", 100_000)+",1,1\n", 20))},
		{"csv: figures in exponents", "TIP-V001", "", text(htiHead, "2022,T1,1e308,1e-400,1e999999999\n")},
		{"SDMX-ML: a document type", sheet.CodeDoctype, "", text(strings.Replace(sdmxHead, decl1, decl1+laughs, 1), obs, sdmxTail)},
		{"SDMX-ML: an entity from a file", sheet.CodeDoctype, "", text(strings.Replace(sdmxHead, decl1, decl1+`<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>`, 1), `<Obs COMMENT_OBS="&x;"/>`, sdmxTail)},
		{"SDMX-ML: a million deep", sheet.CodeDepth, "", text(sdmxHead, strings.Repeat("<c:Annotations>", 1<<20))},
		{"SDMX-ML: a text of 10 MB", sheet.CodeXML, "", text(sdmxHead, `<Obs COMMENT_OBS="`, strings.Repeat("x", 10<<20), `"/>`, sdmxTail)},
		{"SDMX-ML: 20,000 components", sheet.CodeCells, "", text(sdmxHead, numbered(`<Obs A#="1"/>`, 20_000), sdmxTail)},
		{"SDMX-ML: 15,000 components, two million series", unknown, "", text(sdmxHead, numbered(strings.ReplaceAll(wide, "A", "B#A"), 250), strings.Repeat(`<Series/>`, 2_000_000), sdmxTail)},
		{"SDMX-ML: 15,000 components, 10,000 observations", sheet.CodeCells, "", text(sdmxHead, numbered(strings.ReplaceAll(wide, "A", "B#A"), 250), strings.Repeat(`<Obs/>`, 10_000), sdmxTail)},
		{"SDMX-ML: 500,000 observations", "TIP-L002", "", text(sdmxHead, strings.Repeat(obs, 500_000), sdmxTail)},
		{"SDMX-ML: cut", sheet.CodeXML, "", text(sdmxHead, obs)},
		{"SDMX-ML: in UTF-16", sheet.CodeXMLCoding, "", text("\xff\xfe", utf16(strings.Replace(sdmxHead, "UTF-8", "UTF-16", 1)+obs+sdmxTail, binary.LittleEndian))},
		{"SDMX-ML: a NUL", sheet.CodeXML, "", text(sdmxHead, "<Obs A=\"\x00\"/>", sdmxTail)},
		{"SDMX-ML: 100,001 structures", sheet.CodeStructure, "", text(strings.Replace(sdmxHead, "</m:Header>", numbered(fmt.Sprintf(`<m:Structure structureID="s#"><c:StructureUsage>%s</c:StructureUsage></m:Structure>`, "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=OAS:TIP(1.0.0)"), 100_001)+"</m:Header>", 1), obs, sdmxTail)},
	}
}
