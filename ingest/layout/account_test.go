package layout_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/ingest/layout"
	"github.com/oas/tipstat/ingest/sheet"
)

// rowsBelow counts the rows below the header that hold something, without the
// reader under test.
func rowsBelow(t *testing.T, name string, file []byte, sheetName string, header int) int64 {
	t.Helper()
	var rows [][]string
	if strings.HasSuffix(name, ".xlsx") {
		f, err := excelize.OpenReader(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if rows, err = f.GetRows(sheetName); err != nil {
			t.Fatal(err)
		}
		for i := range rows { // a formula without a value shows nothing and is something
			for col := 1; col <= 20; col++ {
				if formula, _ := f.GetCellFormula(sheetName, cell(i+1, col)); formula != "" {
					rows[i] = append(rows[i], formula)
				}
			}
		}
	} else { // no sample has a line break within a cell
		for line := range strings.SplitSeq(strings.TrimRight(strings.ReplaceAll(string(file), "\r\n", "\n"), "\n"), "\n") {
			rows = append(rows, []string{strings.Trim(line, ";,\t\" ")})
		}
	}
	var n int64
	for i, r := range rows {
		if i+1 > header && strings.TrimSpace(strings.Join(r, "")) != "" {
			n++
		}
	}
	return n
}

func cell(row, col int) string {
	name, err := excelize.CoordinatesToCellName(col, row)
	if err != nil {
		panic(err)
	}
	return name
}

// balance checks that the accounts add up to the rows of each sheet.
func balance(t testing.TB, res *layout.Result, want map[string]int64) {
	t.Helper()
	sums := map[string]int64{}
	for _, a := range res.Account {
		sums[a.Sheet] += a.Rows
		if a.Rows < 1 {
			t.Errorf("an account of %d rows: %+v", a.Rows, a)
		}
	}
	for _, s := range res.Sheets {
		if sums[s.Name] != s.Rows || s.Rows != want[s.Name] {
			t.Errorf("sheet %q: accounts of %d rows, %d read, %d in the file", s.Name, sums[s.Name], s.Rows, want[s.Name])
		}
	}
}

// Every row below the header is accounted for, in every sample file.
func TestAccountsOfSamples(t *testing.T) {
	ls := builtin(t, samples+"/layouts", samples+"/bad/layouts")
	var files []string
	for _, pattern := range []string{"*.csv", "*.xlsx", "bad/*.csv", "bad/*.xlsx"} {
		some, err := filepath.Glob(filepath.Join(samples, pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, some...)
	}
	readable := 0
	for _, name := range files {
		if filepath.Base(name) == "expected.csv" {
			continue
		}
		t.Run(filepath.Base(name), func(t *testing.T) {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			ctx := context.Background()
			wb, err := sheet.Open(ctx, bytes.NewReader(b), int64(len(b)), name, sheet.Options{})
			var refused *sheet.Error
			if errors.As(err, &refused) {
				t.Logf("not read: %s", refused.Code)
				return
			} else if err != nil {
				t.Fatal(err)
			}
			defer wb.Close()
			found, faults, err := layout.Recognise(ctx, wb, name, ls, "")
			if err != nil {
				t.Fatal(err)
			}
			if found == nil {
				if faults.Err() == nil {
					t.Error("not recognised, and no finding says why")
				}
				t.Logf("not read: %v", brief(faults))
				return
			}
			readable++
			g := readFound(t, wb, found, name)
			want := map[string]int64{}
			for _, s := range g.Sheets {
				want[s.Name] = rowsBelow(t, name, b, s.Name, s.HeaderRow)
			}
			balance(t, g.Result, want)
			if !strings.Contains(name, "bad/") && g.Findings.Err() != nil {
				t.Errorf("a good sample is refused: %v", brief(g.Findings))
			}
		})
	}
	if readable < 25 {
		t.Errorf("only %d files were read", readable)
	}
}

// The same of files made at random: blanks, notes, second headers, rows out of
// scope, values good and bad.
func TestAccountsOfRandomFiles(t *testing.T) {
	l := parse(t, figures(`out_of_scope:
  - {rule: aside, why: {en: x}}
  - {rule: old, when: {Year: {matches: "^19"}}, why: {en: x}}
footer: {Year: [Notes]}
values: {symbols: {"..": O}, censored_from: 0}
`, `  - {header: Year, concept: YEAR, fill: true}
  - {header: Sex, when: {Sex: {not: [Aside, odd]}}, concept: SEX, refuse: {unclear: not-told}}
  - {header: Sex, when: {Sex: [Aside, odd]}, sets: {Aside: {out_of_scope: aside}}}
  - {header: Value, value: true}
  - {pattern: "^More", value: true, set: {AGE: Y0T17}}
`))
	rng := rand.New(rand.NewPCG(3, 4))
	pick := func(of ...string) string { return of[rng.IntN(len(of))] }
	for i := range 150 {
		var file strings.Builder
		for range rng.IntN(3) {
			file.WriteString("title\n")
		}
		file.WriteString("Year,Sex,Value,More\n")
		want := int64(0)
		for range rng.IntN(80) {
			cells := []string{pick("", " ", "2023", "1999", "x", "2023", "Notes", "Year"), pick("", "F", "Total", "Aside", "odd", "unclear", "Sex", "?"),
				pick("", "1", "<5", "..", "x", "-1", "1.234", "Value"), pick("", "\u00a0", "2", "y")}
			if rng.IntN(6) == 0 {
				cells = []string{"", " ", "", "\u200b"}
			}
			if rng.IntN(40) != 0 && cells[0] == "Notes" {
				cells[0] = "2020"
			}
			if strings.Trim(strings.Join(cells, ""), " \u00a0\u200b") != "" {
				want++
			}
			file.WriteString(strings.Join(cells, ",") + "\n")
		}
		g := read(t, l, file.String())
		if len(g.Sheets) != 1 {
			t.Fatalf("file %d: %d sheets", i, len(g.Sheets))
		}
		balance(t, g.Result, map[string]int64{"": want})
		if t.Failed() {
			t.Fatal(file.String())
		}
	}
}

// Sheets have accounts of their own, and the columns of one are not asked of
// the other.
func TestAccountsBySheet(t *testing.T) {
	l := parse(t, figures("", ""))
	file := book(t, [][]any{{"Year", "Sex", "Value"}, {2023, "F", 1}, {2023, "?", 1}}, func(f *excelize.File) {
		f.NewSheet("2024")
		for i, v := range []any{"Value", "Year", "Sex"} {
			f.SetCellValue("2024", cell(3, i+1), v)
		}
		for i, v := range []any{7, 2024, "M"} {
			f.SetCellValue("2024", cell(5, i+1), v)
		}
	})
	g := readAll(t, []*layout.Layout{l}, "in.xlsx", file)
	balance(t, g.Result, map[string]int64{"Sheet1": 2, "2024": 1})
	same(t, "records", list("Sheet1 C2 2023 1", "2024 A5 2024 7"), g.pick("sheet", "cell", "TIME_PERIOD", "OBS_VALUE"))
	same(t, "findings", list(`TIP-V004 B3 "?" → CL_SEX`), brief(g.Findings))
	same(t, "place", "in.xlsx: 'Sheet1'!B3", fmt.Sprint(g.Findings[0].Subject))
}
