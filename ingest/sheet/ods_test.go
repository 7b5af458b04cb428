package sheet_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/oas/tipstat/ingest/sheet"
)

func odsOf(t testing.TB, body string, others ...entry) []byte {
	return zipOf(t, append([]entry{
		{name: "mimetype", body: "application/vnd.oasis.opendocument.spreadsheet"},
		{name: "content.xml", body: odsBody(body)},
	}, others...)...)
}

// odsBody is the part that holds the tables.
func odsBody(body string) string {
	return decl + `<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/">` +
		`<office:automatic-styles><style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles>` +
		`<office:body><office:spreadsheet>` + body + `</office:spreadsheet></office:body></office:document-content>`
}

func TestODS(t *testing.T) {
	tests := []struct{ name, body, want, code string }{
		{name: "kinds", body: `<table:table table:name="A"><table:table-column table:number-columns-repeated="9"/><table:table-header-rows><table:table-row>` +
			`<table:table-cell office:value-type="string"><text:p>two&#10;  <text:span>words</text:span><text:s text:c="2"/>x</text:p><text:p>  line  1<text:line-break/>2 &#10; </text:p><office:annotation><text:p>not this</text:p></office:annotation></table:table-cell>` +
			`<table:table-cell office:value-type="float" office:value="1.50"><text:p>1,50</text:p></table:table-cell>` +
			`<table:table-cell office:value-type="percentage" office:value="0.25"/><table:table-cell office:value-type="date" office:date-value="2023-04-03"/>` +
			`<table:table-cell office:value-type="time" office:time-value="PT08H30M00S"/><table:table-cell office:value-type="time" office:time-value="PT36H00M00S"/>` +
			`<table:table-cell office:value-type="boolean" office:boolean-value="true"/>` +
			`<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>` +
			`<table:table-cell table:formula="of:=1"/></table:table-row></table:table-header-rows></table:table>`,
			want: "1 1:text:two words  x\n  line  1\n2 2:number:1.5 3:number:0.25 4:date:2023-04-03 5:date:08:30:00 6:number:1.5 7:bool:TRUE 8:error:#DIV/0! 9:no value:\ncomment R1C1 \"not this\"\n"},
		{name: "repeated, covered, hidden", body: `<table:table table:name="A" table:style-name="ta2"><table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>` +
			`<table:table-row table:number-rows-repeated="2" table:visibility="collapse"><table:table-cell/><table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="1" office:value-type="float" office:value="1"/><table:covered-table-cell/><table:table-cell table:number-columns-repeated="2" office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>` +
			`<table:table-row table:number-rows-repeated="1048571"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table><table:table table:name="B"/><table:table table:name="'file:///x.ods'#$A"/>`,
			want: "== A hidden\n4 hidden 2:number:1 4:text:x 5:text:x\n5 hidden 2:number:1 4:text:x 5:text:x\nmerged [{4 2 4 3}]\n== B visible\nnote TIP-F105 A\nnote TIP-F104 \n"},
		{name: "too many rows", body: `<table:table table:name="A"><table:table-row table:number-rows-repeated="1048577"><table:table-cell office:value-type="float" office:value="1"/></table:table-row></table:table>`, code: sheet.CodeRows},
		{name: "too many columns", body: `<table:table table:name="A"><table:table-row><table:table-cell table:number-columns-repeated="16385" office:value-type="float" office:value="1"/></table:table-row></table:table>`, code: sheet.CodeColumns},
		{name: "too many cells", body: `<table:table table:name="A"><table:table-row table:number-rows-repeated="100000"><table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/></table:table-row></table:table>`, code: sheet.CodeCells},
		{name: "a long blank", body: `<table:table table:name="A"><table:table-row><table:table-cell><text:p><text:s text:c="999999999"/></text:p></table:table-cell></table:table-row></table:table>`, code: sheet.CodeStructure},
		{name: "NaN", body: `<table:table table:name="A"><table:table-row><table:table-cell office:value-type="float" office:value="NaN"/></table:table-row></table:table>`, code: sheet.CodeNotFinite},
		{name: "a table in a cell", body: `<table:table table:name="A"><table:table-row><table:table-cell><table:table/></table:table-cell></table:table-row></table:table>`, code: sheet.CodeStructure},
		{name: "the value of its type", body: `<table:table table:name="A"><table:table-row><table:table-cell office:value-type="float" office:value="1" office:string-value="2"/><table:table-cell office:value-type="date" office:date-value="2023-04-03" office:value="45019"/></table:table-row></table:table>`, want: "1 1:number:1 2:date:2023-04-03\n"},
		{name: "a formula that gave an empty text", body: `<table:table table:name="A"><table:table-row><table:table-cell table:formula="of:=IF([.B1]=&quot;&quot;;&quot;&quot;;1)"><text:p/></table:table-cell><table:table-cell table:formula="of:=1"/></table:table-row></table:table>`, want: "1 2:no value:\n"},
		{name: "an error that is not named", body: `<table:table table:name="A"><table:table-row><table:table-cell calcext:value-type="error"/></table:table-row></table:table>`, code: sheet.CodeValue},
		{name: "hidden columns", body: `<table:table table:name="A"><table:table-column table:number-columns-repeated="2"/><table:table-column-group table:display="false"><table:table-column/></table:table-column-group><table:table-column table:visibility="collapse" table:number-columns-repeated="2"/></table:table>`, want: "hidden columns [{3 5}]\n"},
		{name: "no sheet", code: sheet.CodeNoSheet},
		{name: "two sheets of one name", body: `<table:table table:name="A"/><table:table table:name="a"/>`, code: sheet.CodeStructure},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := read(odsOf(t, tt.body), sheet.Options{})
			if codeOf(err) != tt.code {
				t.Fatalf("%v, want %q", err, tt.code)
			}
			if err == nil {
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
			}
		})
	}
	_, err := read(odsOf(t, "", entry{name: "META-INF/manifest.xml", body: `<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>`}), sheet.Options{})
	if codeOf(err) != sheet.CodeEncrypted {
		t.Errorf("encrypted: %v", err)
	}
}
