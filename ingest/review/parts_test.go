package review

import "testing"

// TestWeigh counts what excelize would fill in, whatever way the cells are written.
func TestWeigh(t *testing.T) {
	for xml, want := range map[string]int{
		`<sheetData/>`: 0,
		`<sheetData><row r="1"><c r="A1"/><c r="D1"><v>1</v></c></row></sheetData>`: 4 + 1,
		`<sheetData><row r="3"><c/><c/></row><row><c r='B4'/></row></sheetData>`:    2 + 2 + 4,
		`<x:sheetData><x:row r="2" ht=">"><x:c s="1>" r = "XFD2"/></x:row>`:         16384 + 2,
		`<row r="1048576"><c r="A1048576"/></row><row r="99999999999"/>`:            1 + 1<<30 + 1,
		`<row r="1"><c t="r=&quot;A1" r="AA1"/><cols/><cfRule r="ZZ1"/></row>`:      27 + 1,
		`<row r="1"><c r="ZZZZZZZZ1"/></row><c`:                                     1<<14 + 1 + 1,
	} {
		if got := weigh([]byte(xml)); got < want || got > want+16384 && want < 1<<20 {
			t.Errorf("%s: %d; want %d", xml, got, want)
		}
	}
}

func TestNumbered(t *testing.T) {
	const in = `<v:shapetype id="x"/><v:shape id="shape_0" a="1"><v:shape id='_x0000_s1025'/><v:shape id="_x0000_s1025"/>`
	const want = `<v:shapetype id="x"/><v:shape id="_x0000_s900002" a="1"><v:shape id='_x0000_s1025'/><v:shape id="_x0000_s900003"/>`
	if got := string(numbered([]byte(in))); got != want {
		t.Errorf("%s", got)
	}
}

func TestCSVSheetName(t *testing.T) {
	for file, want := range map[string]string{"trata.csv": "trata", "a/b:c's?.csv": "a_b_c_s_", ".csv": "csv", "x.csv": "x",
		"un nombre de archivo que es muy muy largo.csv": "un nombre de archivo que es muy"} {
		if got := csvSheetName(file); got != want {
			t.Errorf("%s: %q; want %q", file, got, want)
		}
	}
}
