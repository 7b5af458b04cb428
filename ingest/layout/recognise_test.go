package layout_test

import (
	"context"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/ingest/layout"
)

// recognise gives the layout's id, or the findings that say why there is none.
func recognise(t *testing.T, ls []*layout.Layout, name string, file []byte, chosen string) []string {
	t.Helper()
	found, faults, err := layout.Recognise(context.Background(), open(t, name, file), name, ls, chosen)
	if err != nil {
		t.Fatal(err)
	}
	if found == nil {
		return brief(faults)
	}
	out := []string{found.Layout.ID}
	for _, s := range found.Sheets {
		out = append(out, s.Info.Name)
	}
	if out[len(out)-1] == "" {
		out = out[:len(out)-1]
	}
	return append(out, brief(found.Notes)...)
}

const twoLines = `id: lines
version: 1.0.0
title: {en: Two lines}
agency: SAMPLE
record: victims
rows: figure
match: {header_rows: 2, header: [Year, Women / 0-17, Women / 18+, Total]}
constants: {REF_AREA: HND, INDICATOR: VICTIMS_DETECTED}
columns:
  - {header: Year, concept: YEAR}
  - {header: Women / 0-17, value: true, set: {SEX: F, AGE: Y0T17}}
  - {header: Women / 18+, value: true, set: {SEX: F, AGE: Y_GE18}}
  - {header: Total, value: true}
`

func TestRecognise(t *testing.T) {
	plain := parse(t, figures("", ""))
	twin := parse(t, replace(figures("", ""), "id: test", "id: twin"))
	third := parse(t, replace(figures("", ""), "id: test", "id: third"))
	more := parse(t, replace(figures("", ""), "id: test", "id: more", "[Year, Sex, Value]", "[Year, Sex, Age, Value]"))
	spelt := parse(t, replace(figures("", ""), "[Year, Sex, Value]", `["AÑO|Year", Sex, Value]`))
	has := parse(t, replace(figures("", ""), "match: {", "match: {has: [{Sex: {not: [F]}, Year: [2023]}], "))
	lines := parse(t, twoLines)
	pattern := parse(t, figures("", "  - {header: Sex, concept: SEX}\n  - {header: Year, concept: YEAR}\n  - {pattern: '^Value', value: true}\n"))
	tests := []struct {
		name    string
		layouts []*layout.Layout
		file    string
		chosen  string
		want    []string
	}{
		{"header in the first row", list(plain), "Year,Sex,Value\n2023,F,1\n", "", list("test")},
		{"title rows above", list(plain), "Ministry,,\nVictims 2023,,\n,,\nYear,Sex,Value\n2023,F,1\n", "", list("test")},
		{"another order, more columns", list(plain), "Note,VALUE ,Sex,,year\nx,1,F,,2023\n", "", list("test")},
		{"another spelling", list(spelt), "Sex,Anio,Value,Año\nF,x,1,2023\n", "", list("test")},
		{"two lines, merged cells lost", list(lines), "Year,Women,,Total\n,0-17,18+,\n2023,1,2,3\n", "", list("lines")},
		{"a missing column", list(lines, plain), "Year,Gender,Value\n2023,F,1\n", "", list(`TIP-L002 A1:C1 "test" → Sex`)},
		{"missing, with the spellings", list(spelt), "Jahr,Sex,Value\n2023,F,1\n", "", list(`TIP-L002 A1:C1 "test" → AÑO / Year`)},
		{"missing below titles", list(plain), "t,,\nYear,Sex,Values\n2023,F,1\n", "", list(`TIP-L002 A2:C2 "test" → Value`)},
		{"a heading twice", list(plain), "Year,Sex,Value,Note,Note,VALUE\n2023,F,1,,,2\n", "", list(`TIP-L006 F1 "VALUE"`)},
		{"twice under a pattern", list(pattern), "Year,Sex,Value,Value\n2023,F,1,2\n", "", list(`TIP-L006 D1 "Value"`)},
		{"two layouts", list(plain, third, twin), "Year,Sex,Value\n2023,F,1\n", "", list(`TIP-L003 "test, third, twin"`)},
		{"two layouts, one chosen", list(plain, twin), "Year,Sex,Value\n2023,F,1\n", "twin", list("twin")},
		{"more headings know better", list(plain, more), "Year,Sex,Age,Value\n2023,F,Total,1\n", "", list("more")},
		{"no layout", list(plain), "Alpha,Beta\n1,2\n", "", list(`TIP-L001 A1 "2"`)},
		{"one heading in common is nothing", list(plain), "Year,Beta\n1,2\n", "", list(`TIP-L001 A1 "2"`)},
		{"no layouts at all", nil, "Alpha,Beta\n1,2\n", "", list(`TIP-L001 A1 "2"`)},
		{"the chosen one does not fit", list(plain, lines), "Year,Sex,Value\n2023,F,1\n", "lines", list(`TIP-L001 A1 "3"`)},
		{"content tells", list(has), "Year,Sex,Value\n2022,M,1\n2023,M,1\n", "", list("test")},
		{"content does not tell", list(has), "Year,Sex,Value\n2022,M,1\n2023,F,1\n", "", list(`TIP-L008 A1 → test`)},
		{"content does not tell, yet chosen", list(has), "Year,Sex,Value\n2022,M,1\n2023,F,1\n", "test", list("test")},
		{"header only", list(plain), "Year,Sex,Value\n", "", list("test")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			same(t, "recognised", tt.want, recognise(t, tt.layouts, "in.csv", []byte(tt.file), tt.chosen))
		})
	}
}

// The name of a file says nothing: two files change names and are recognised.
func TestRecogniseByContentOnly(t *testing.T) {
	ls := []*layout.Layout{parse(t, figures("", "")), parse(t, twoLines)}
	figure := []byte("Year,Sex,Value\n2023,F,1\n")
	lines := []byte("Year,Women,,Total\n,0-17,18+,\n2023,1,2,3\n")
	for _, name := range []string{"test.csv", "lines.csv", "", "x.xlsx"} {
		same(t, name, list("test"), recognise(t, ls, name, figure, ""))
		same(t, name, list("lines"), recognise(t, ls, name, lines, ""))
	}
}

func TestRecogniseWorkbook(t *testing.T) {
	l := parse(t, twoLines)
	file := book(t, [][]any{{"Invented figures"}, {}, {"Year", "Women", nil, "Total"}, {nil, "0-17", "18+"}, {2023, 1, 2, 3}}, func(f *excelize.File) {
		for _, m := range [][2]string{{"A1", "D1"}, {"A3", "A4"}, {"B3", "C3"}, {"D3", "D4"}} {
			if err := f.MergeCell("Sheet1", m[0], m[1]); err != nil {
				t.Fatal(err)
			}
		}
		f.NewSheet("Notes")
		f.SetCellValue("Notes", "A1", "Read me")
		f.NewSheet("Secret")
		f.SetCellValue("Secret", "A1", "Year")
		f.SetSheetVisible("Secret", false)
		f.NewSheet("Nothing")
	})
	same(t, "recognised", list("lines", "Sheet1", `TIP-L007 "visible" → lines`, `TIP-L007 "hidden" → lines`),
		recognise(t, []*layout.Layout{l}, "in.xlsx", file, ""))
	g := readAll(t, []*layout.Layout{l}, "in.xlsx", file)
	same(t, "records", list("B5 F Y0T17 1", "C5 F Y_GE18 2", "D5 _T _T 3"), g.pick("cell", "SEX", "AGE", "OBS_VALUE"))
	same(t, "header row", 4, g.Sheets[0].HeaderRow)
}

// Where the file has merged cells, a heading spreads over those and no further.
func TestMergedHeaderDoesNotSpread(t *testing.T) {
	file := book(t, [][]any{{"Year", "Women", nil, nil}, {nil, "0-17", "18+", "Total"}, {2023, 1, 2, 3}}, func(f *excelize.File) {
		f.MergeCell("Sheet1", "B1", "C1")
	})
	same(t, "recognised", list("lines", "Sheet1"), recognise(t, []*layout.Layout{parse(t, twoLines)}, "in.xlsx", file, ""))
}

// Canada publishes counts and rates under one header; only figures of past
// years tell them apart.
func TestAnchors(t *testing.T) {
	ls := builtin(t)
	counts := "Year,Value\n2016,351\n2017,1\n2018,355\n2019,999\n2020,553\n"
	rates := "Year,Value\n2016,0.9720\n2018,0.9600\n2020,1.4542\n2021,1.6\n"
	other := "Year,Value\n2016,10\n2018,11\n2019,12\n2020,13\n2021,14\n"
	same(t, "counts", list("can-sdg-16-2-2-counts"), recognise(t, ls, "in.csv", []byte(counts), ""))
	same(t, "rates, revised a little", list("can-sdg-16-2-2-rate"), recognise(t, ls, "in.csv", []byte(rates), ""))
	same(t, "neither", list("TIP-L008 A1 → can-sdg-16-2-2-counts, can-sdg-16-2-2-rate"), recognise(t, ls, "in.csv", []byte(other), ""))
	same(t, "neither, but chosen", list("can-sdg-16-2-2-counts"), recognise(t, ls, "in.csv", []byte(other), "can-sdg-16-2-2-counts"))
	g := readAll(t, ls, "in.csv", []byte(rates))
	same(t, "records", list("2016 0.972 PER_100000_POP 3", "2018 0.96 PER_100000_POP 2", "2020 1.4542 PER_100000_POP 4", "2021 1.6 PER_100000_POP 1"),
		g.pick("TIME_PERIOD", "OBS_VALUE", "UNIT_MEASURE", "DECIMALS"))
}

// Hundreds of rows of titles are no header.
func TestHeaderIsSearchedAtTheTop(t *testing.T) {
	l := []*layout.Layout{parse(t, figures("", ""))}
	file := ""
	for range 39 {
		file += "title,,\n"
	}
	table := "Year,Sex,Value\n2023,F,1\n"
	same(t, "row 40", list("test"), recognise(t, l, "in.csv", []byte(file+table), ""))
	same(t, "row 41", list(`TIP-L001 A1 "1"`), recognise(t, l, "in.csv", []byte(file+"title,,\n"+table), "")[:1])
}
