package sheet_test

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/oas/tipstat/ingest/sheet"
)

func TestXLSXValues(t *testing.T) {
	tests := []struct{ name, rows, want string }{
		{"kinds", `<row r="2" hidden="1"><c r="A2" t="s"><v>1</v></c><c r="C2" t="b"><v>1</v></c><c r="D2" t="e"><v>#DIV/0!</v></c><c r="E2"><f>1+1</f></c><c r="F2" t="str"><f>"a"</f><v>a&lt;b</v></c><c r="G2" s="1"/></row>`,
			"2 hidden 1:text:rich te&xt 3:bool:TRUE 4:error:#DIV/0! 5:no value: 6:text:a<b\n"},
		{"rows and cells without addresses", `<row><c><v>1</v></c><c/><c><v>2</v></c></row><row r="5"/><row><c t="inlineStr"><is><r><t>a</t></r><r><t> b</t></r></is></c></row>`,
			"1 1:number:1 3:number:2\n6 1:text:a b\n"},
		{"escapes", `<row><c t="s"><v>2</v></c><c t="str"><v>_xD83D__xDE00__x0000_</v></c></row>`, "1 1:text:a\rb_x0041_ 2:text:😀_x0000_\n"},
		{"numbers as they are shown", `<row><c><v>0.30000000000000004</v></c><c><v>1.50</v></c><c><v>1E3</v></c><c><v>-0</v></c><c><v>12345678901234567890</v></c><c><v>1e-10</v></c><c><v> 7 </v></c><c><v>007</v></c><c><v>1e300</v></c></row>`,
			"1 1:number:0.3 2:number:1.5 3:number:1000 4:number:0 5:number:12345678901234600000 6:number:1E-10 7:number:7 8:number:7 9:number:1E+300\n"},
		{"dates by style", `<row><c s="1"><v>45019</v></c><c s="2"><v>45019.5</v></c><c s="3"><v>0.75</v></c><c s="4"><v>1.5</v></c><c s="1"><v>60</v></c><c s="1"><v>59</v></c><c s="1"><v>1</v></c><c s="1"><v>-1</v></c><c s="5"><v>45019.52500000001</v></c></row>`,
			"1 1:date:2023-04-03 2:date:2023-04-03T12:00:00 3:date:18:00:00 4:number:1.5 5:date:1900-02-29 6:date:1900-02-28 7:date:1900-01-01 8:number:-1 9:date:2023-04-03T12:36:00\n"},
		{"dates by type", `<row><c t="d"><v>2023-04-03T00:00:00</v></c><c t="d"><v>2023-04-03T10:30:00.250Z</v></c></row>`, "1 1:date:2023-04-03 2:date:2023-04-03T10:30:00.250\n"},
		{"nothing", `<row><c t="s"/><c t="str"><f>""</f><v></v></c><c><v/></c><c><f>1</f><v/></c></row>`, "1 4:no value:\n"},
		{"CDATA, comments, line ends", "<row><!-- - --><c t='str'><v>a\r\nb<![CDATA[<c>]]>&#x41;&#10;</v></c><?pi x?></row>", "1 1:text:a\nb<c>A\n\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := read(zipOf(t, bookOf(sheetOf(tt.rows))...), sheet.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestXLSXForms reads one workbook in the forms that its XML may take.
func TestXLSXForms(t *testing.T) {
	rows := `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>100</v></c></row>`
	strict := func(s string) string {
		return strings.NewReplacer("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main",
			"http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://purl.oclc.org/ooxml/officeDocument/relationships").Replace(s)
	}
	prefixed := strings.NewReplacer("<row", "<x:row", "</row", "</x:row", "<c ", "<x:c ", "</c>", "</x:c>", "<v>", "<x:v>", "</v>", "</x:v>")
	const want = "1 1:text:hello 2:date:1900-04-09\n"
	for name, entries := range map[string][]entry{
		"transitional": bookOf(sheetOf(rows)),
		"prefixed": bookOf(`<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:y="urn:y" y:z="1"><x:sheetData y:q="1">` +
			prefixed.Replace(rows) + `</x:sheetData><y:row/></x:worksheet>`),
		"byte order mark, no declaration": bookOf("\ufeff" + strings.TrimPrefix(sheetOf(rows), decl)),
	} {
		got, err := read(zipOf(t, entries...), sheet.Options{})
		if err != nil || got != want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	entries := bookOf(sheetOf(rows))
	for i := 1; i < len(entries); i++ {
		entries[i].body = strict(entries[i].body)
	}
	if got, err := read(zipOf(t, entries...), sheet.Options{}); err != nil || got != want {
		t.Errorf("strict: %q, %v", got, err)
	}
}

// TestOddWriters reads what programs write that differ from Excel without being
// wrong.
func TestOddWriters(t *testing.T) {
	rows := `<row r="1"><c r="A1"><v>1</v></c><c r="B1" s="1"><v>45019</v></c></row>`
	without := func(name string) []entry {
		var left []entry
		for _, e := range bookOf(sheetOf(rows)) {
			if e.name != name {
				left = append(left, e)
			}
		}
		return left
	}
	styles := func(body string) []entry {
		return bookOf(sheetOf(rows), entry{name: "xl/styles.xml", body: `<styleSheet ` + nsMain + ` xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">` + body + `</styleSheet>`})
	}
	backslashes := bookOf(sheetOf(rows))
	for i := range backslashes {
		backslashes[i].name = strings.ReplaceAll(backslashes[i].name, "/", `\`)
		backslashes[i].body = strings.ReplaceAll(backslashes[i].body, `Target="worksheets/`, `Target="worksheets\`)
	}
	const xfs = `<cellXfs><xf/><xf numFmtId="200"/></cellXfs>`
	const fmts = `<numFmts><numFmt numFmtId="200" formatCode="dd/mm/yyyy"/></numFmts>`
	const want = "1 1:number:1 2:date:2023-04-03\n"
	for _, tt := range []struct {
		name    string
		entries []entry
		want    string
		code    string
	}{
		{"no shared strings, though named (openxlsx)", without("xl/sharedStrings.xml"), want, ""},
		{"backslashes (.NET)", backslashes, want, ""},
		{"a picture whose name is not UTF-8", append(bookOf(sheetOf(rows)), entry{name: "xl/media/a\xa4o.png"}), want, ""},
		{"addresses in small letters", bookOf(sheetOf(`<row r="1"><c r="a1"><v>1</v></c><c r="b1" s="1"><v>45019</v></c></row>`)), want, ""},
		{"number formats in AlternateContent (Excel 365)", styles(`<mc:AlternateContent><mc:Choice Requires="x16r2">` + fmts + `</mc:Choice><mc:Fallback>` + fmts + `</mc:Fallback></mc:AlternateContent>` + xfs), want, ""},
		{"number formats after their use", styles(xfs + fmts), want, ""},
		{"a number format that nobody defines shows as General", styles(xfs), "1 1:number:1 2:number:45019\n", ""},
		{"two formats of one id", styles(`<numFmts><numFmt numFmtId="200" formatCode="0"/><numFmt numFmtId="200" formatCode="d-m-y"/></numFmts>` + xfs), "", sheet.CodeValue},
		{"a picture that is not there", append(bookOf(sheetOf(rows)), entry{name: "xl/worksheets/_rels/sheet1.xml.rels", body: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + relURL + `image" Target="../../../media/x.png"/></Relationships>`}), want, ""},
		{"rows of no height", bookOf(sheetOf(`<row r="1" ht="0" customHeight="1"><c r="A1"><v>1</v></c></row>`)), "1 hidden 1:number:1\n", ""},
		{"columns in any order", bookOf(strings.Replace(sheetOf(rows), "<sheetData>", `<cols><col min="5" max="5" hidden="1"/><col min="2" max="3" hidden="1"/><col min="3" max="4" width="0"/></cols><sheetData>`, 1)), want + "hidden columns [{2 5}]\n", ""},
	} {
		got, err := read(zipOf(t, tt.entries...), sheet.Options{})
		if got != tt.want && tt.code == "" || codeOf(err) != tt.code {
			t.Errorf("%s: %q, %v; want %q %s", tt.name, got, err, tt.want, tt.code)
		}
	}
	// What a part ends with may be all that the buffer holds.
	body := sheetOf(rows)
	body = strings.Replace(body, "<sheetData>", "<sheetData>"+strings.Repeat(" ", 64<<10-len(body)-1), 1) + "\r"
	if got, err := read(zipOf(t, bookOf(body)...), sheet.Options{}); got != want || err != nil {
		t.Errorf("a part of 64 KiB: %q, %v", got, err)
	}
}

// TestCommentAuthor takes the author's name off a comment.
func TestCommentAuthor(t *testing.T) {
	rel := entry{name: "xl/worksheets/_rels/sheet1.xml.rels", body: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + relURL + `comments" Target="../comments1.xml"/></Relationships>`}
	note := entry{name: "xl/comments1.xml", body: `<comments ` + nsMain + `><authors><author>X</author><author>Ana Ruiz</author></authors><commentList><comment ref="B2" authorId="1"><text><r><rPr><b/></rPr><t>Ana Ruiz:</t></r><r><t xml:space="preserve">
revisar</t></r></text></comment><comment ref="A1" authorId="0"><text><t>X marks</t></text></comment></commentList></comments>`}
	got, err := read(zipOf(t, bookOf(sheetOf(``), rel, note)...), sheet.Options{})
	if want := "comment R1C1 \"X marks\"\ncomment R2C2 \"revisar\"\n"; got != want || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

func TestXLSXBook(t *testing.T) {
	custom := entry{name: "docProps/custom.xml", body: decl + `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="tipstat.template"><vt:lpwstr>victims &amp; co</vt:lpwstr></property></Properties>`}
	rels := entry{name: "_rels/.rels", body: decl + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + relURL + `officeDocument" Target="/xl/workbook.xml"/><Relationship Id="rId4" Type="` + relURL + `custom-properties" Target="docProps/custom.xml"/></Relationships>`}
	book := entry{name: "xl/workbook.xml", body: decl + `<workbook ` + nsMain + ` ` + nsRel + `><workbookPr date1904="1"/><sheets><sheet name="A &amp; B" sheetId="1" r:id="rId1"/><sheet name="C" sheetId="2" state="veryHidden" r:id="rId5"/></sheets></workbook>`}
	macros := entry{name: "xl/vbaProject.bin", body: "x"}
	body := decl + `<worksheet ` + nsMain + `><dimension ref="A1:XFD1048576"/><sheetData><row r="1048576"><c r="XFD1048576" s="1"><v>0</v></c></row></sheetData><mergeCells count="9"><mergeCell ref="B2:C3"/><mergeCell ref="A1"/></mergeCells></worksheet>`
	entries := bookOf(body, custom, rels, book, macros, entry{name: "xl/worksheets/sheet2.xml", body: body})
	entries[0].body = strings.Replace(entries[0].body, "</Types>", `<Override PartName="/xl/worksheets/sheet2.xml" ContentType="`+mime+`worksheet+xml"/></Types>`, 1)
	entries[3].body = strings.Replace(entries[3].body, "</Relationships>", `<Relationship Id="rId5" Type="`+relURL+`worksheet" Target="worksheets/sheet2.xml"/></Relationships>`, 1)
	data := zipOf(t, entries...)
	got, err := read(data, sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const want = `== A & B visible
1048576 16384:date:1904-01-01
merged [{2 2 3 3} {1 1 1 1}]
== C veryHidden
1048576 16384:date:1904-01-01
merged [{2 2 3 3} {1 1 1 1}]
note TIP-F107 
note TIP-F105 C
note TIP-F103 
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	ctx := context.Background()
	w, err := sheet.Open(ctx, bytes.NewReader(data), int64(len(data)), "f", sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"tipstat.template": "victims & co"}, w.Properties()); diff != "" {
		t.Errorf("properties (-want +got)\n%s", diff)
	}
	var group sync.WaitGroup // sheets at the same time
	for i := range 8 {
		group.Go(func() {
			if err := w.Read(ctx, i%2, func(*sheet.Row) error { return nil }); err != nil {
				t.Error(err)
			}
			if _, err := w.Details(ctx, i%2); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := w.Read(ctx, 0, func(*sheet.Row) error { return nil }); err == nil {
		t.Error("read after Close")
	}
}

func TestLimits(t *testing.T) {
	book := zipOf(t, bookOf(sheetOf(`<row r="3"><c r="C3" t="s"><v>0</v></c><c r="D3"><v>1</v></c></row>`))...)
	csv := []byte("a,b,c\n\n\nlonger,2\n")
	for _, tt := range []struct {
		file   []byte
		limits sheet.Limits
		code   string
	}{
		{book, sheet.Limits{FileBytes: 100}, sheet.CodeFileBytes},
		{book, sheet.Limits{PartBytes: 100}, sheet.CodeUnpacked},
		{book, sheet.Limits{UnpackedBytes: 1000}, sheet.CodeUnpacked},
		{book, sheet.Limits{Entries: 3}, sheet.CodeEntries},
		{book, sheet.Limits{Depth: 2}, sheet.CodeDepth},
		{book, sheet.Limits{Rows: 2}, sheet.CodeRows},
		{book, sheet.Limits{Columns: 3}, sheet.CodeColumns},
		{book, sheet.Limits{Cells: 1}, sheet.CodeCells},
		{book, sheet.Limits{CellBytes: 4}, sheet.CodeCellBytes},
		{book, sheet.Limits{SharedStrings: 2}, sheet.CodeStrings},
		{book, sheet.Limits{StringBytes: 9}, sheet.CodeStrings},
		{csv, sheet.Limits{Rows: 3}, sheet.CodeRows},
		{csv, sheet.Limits{Columns: 2}, sheet.CodeColumns},
		{csv, sheet.Limits{Cells: 4}, sheet.CodeCells},
		{csv, sheet.Limits{CellBytes: 5}, sheet.CodeCellBytes},
		{csv, sheet.Limits{FileBytes: 5}, sheet.CodeFileBytes},
	} {
		if _, err := read(tt.file, sheet.Options{Limits: tt.limits}); codeOf(err) != tt.code {
			t.Errorf("%+v: %v, want %s", tt.limits, err, tt.code)
		}
	}
}
