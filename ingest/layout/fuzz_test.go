package layout_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/oas/tipstat/ingest/layout"
	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/record"
)

// FuzzParse: no text makes Parse panic, and a layout that it accepts reads a
// file without panic either.
func FuzzParse(f *testing.F) {
	names, err := filepath.Glob(samples + "/layouts/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range append(names, "layouts/can-sdg-16-2-2-rate.yaml", "layouts/untc-untoc.yaml") {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	f.Add(figures("", ""))
	f.Add(treaty)
	f.Add("id: [")
	f.Add("columns: [{when: {a: {not: [1, x, true, 1.5, null]}}}]")
	set := codes(f)
	f.Fuzz(func(t *testing.T, text string) {
		l, err := layout.Parse([]byte(text), "fuzz.yaml", set)
		if err != nil {
			return
		}
		// A file with the layout's own headings, in a line each.
		var file strings.Builder
		for range max(1, l.Match.HeaderRows) {
			for _, h := range l.Match.Header {
				first, _, _ := strings.Cut(h, "|")
				file.WriteString(`"` + strings.NewReplacer(`"`, `""`, "\x00", "").Replace(first) + `",`)
			}
			file.WriteString("x\n")
		}
		file.WriteString(strings.Repeat("2023,", len(l.Match.Header)) + "\nF,,<5,1 a\n")
		readAny(t, l, []byte(file.String()))
	})
}

// FuzzRead: no bytes make reading panic, and every row is accounted for.
func FuzzRead(f *testing.F) {
	ls := []*layout.Layout{
		parse(f, figures(`out_of_scope: [{rule: x, when: {Sex: x}, why: {en: x}}]
footer: {Year: {matches: ^N}}
values: {blank: L, censored_from: 0, symbols: {"..": O}}
time: {fiscal_start: 04-01, fiscal_named: end, filed: [{year: 2020, month: 1}]}
`, `  - {header: Year, concept: TIME_PERIOD, fill: true}
  - {header: Sex, concept: SEX, blank: _U, refuse: {"?": not-told}}
  - {header: Value, value: true}
  - {pattern: "^V(?P<QUARTER>.)$", value: true}
`)),
		parse(f, replace(figures("time: {keep: year}\nrepeats: keep\n", `  - {header: Year, concept: DATE}
  - {header: Sex, concept: AGE, years: {bands: {Y0T17: 0, Y_GE18: 18}, max: 110, missing: ["-1"]}}
  - {header: Value, sets: {a: {SEX: F}, b: {SEX: M}}}
`), "rows: figure", "rows: case")),
		parse(f, replace(treaty, "[State, Consent, Signed]", "[Year]", "header: State", "header: Year", "header: Consent", "header: Sex", "header: Signed", "header: Value")),
	}
	for _, s := range []string{
		"Year,Sex,Value\n2023,F,1\n", "Year;Sex;Value;V1;V2\n2022/23;;<5;1;2\n;M;..;;\n", "Year\tSex\tValue\n17/02/2023\t-1\ta\n",
		"Year,Sex,Value\nHonduras,1 Jan 2001 a,2000-12-12\n", "t\nYear,Sex,Value\n\nYear,Sex,Value\n", "\xff\xfeY\x00", "Year,Sex,Value,Value\n",
		"Year,Sex,Value\n2020,?,x\nNotes\n2020,x,\"a\nb\"\n", "",
	} {
		f.Add([]byte(s), true)
		f.Add([]byte(s), false)
	}
	f.Fuzz(func(t *testing.T, file []byte, headed bool) {
		if !headed {
			file = append([]byte("Year,Sex,Value,V1\n"), file...)
		}
		for _, l := range ls {
			readAny(t, l, file)
		}
	})
}

// readAny reads a file through a layout if it can be, and checks the accounts.
func readAny(t *testing.T, l *layout.Layout, file []byte) {
	ctx := context.Background()
	wb, err := sheet.Open(ctx, bytes.NewReader(file), int64(len(file)), "fuzz.csv", sheet.Options{})
	if err != nil {
		return
	}
	defer wb.Close()
	found, faults, err := layout.Recognise(ctx, wb, "fuzz.csv", []*layout.Layout{l}, "")
	if err != nil {
		return // the file has a fault further down
	}
	if found == nil {
		if faults.Err() == nil {
			t.Error("not recognised, and no finding says why")
		}
		return
	}
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer mem.AssertSize(t, 0)
	b := record.NewBuilder(mem, l.Kind(), func(arrow.RecordBatch) error { return nil })
	defer b.Release()
	res, err := layout.Read(ctx, wb, found, codes(t), layout.Options{File: "fuzz.csv", Builder: b})
	if err != nil {
		return
	}
	want := map[string]int64{}
	for _, s := range res.Sheets {
		err := wb.Read(ctx, 0, func(r *sheet.Row) error {
			for _, c := range r.Cells {
				if r.Number > s.HeaderRow && visible(c.Text) {
					want[s.Name]++
					break
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	balance(t, res, want)
	for _, f := range res.Findings {
		if f.Code == "" || f.Severity == "" || f.Count < 1 || f.Message("en") == "" {
			t.Errorf("a finding that says nothing: %+v", f)
		}
	}
}

// visible tells whether a text shows anything.
func visible(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !unicode.In(r, unicode.White_Space, unicode.Cf) }) >= 0
}
