package review_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/ingest/review"
	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/record"
)

func odd(code, cell, found string) record.Finding {
	f := record.NewFinding(code, record.Place{File: "v.xlsx", Sheet: data, Cell: cell})
	f.Found = found
	return f
}

// read gives what the list of a review says.
func read(t *testing.T, b []byte) review.List {
	t.Helper()
	wb, err := sheet.Open(t.Context(), bytes.NewReader(b), int64(len(b)), "v.xlsx", sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer wb.Close()
	list, err := review.Answers(t.Context(), wb)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// edited gives a workbook with cells of its first sheet changed.
func edited(t *testing.T, b []byte, more func(f *excelize.File, list string) error) []byte {
	t.Helper()
	f := open(t, b)
	if err := more(f, f.GetSheetList()[0]); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := f.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestAnswers: what is written beside findings is read, wherever the columns
// went and whatever the sheet is called, and stands in the next review.
func TestAnswers(t *testing.T) {
	original := book(t, nil)
	wrong, first, second := odd("TIP-V001", "C2", "doce"), odd("TIP-V020", "C3", "9"), odd("TIP-V044", "B3", "7")
	b := write(t, original, "v.xlsx", "pt", wrong, first, second)
	if got := read(t, b); got.Lang != "pt" || len(got.Answers) > 0 {
		t.Errorf("an empty list gives %+v", got)
	}
	sent := edited(t, b, func(f *excelize.File, list string) error {
		return errors.Join(f.SetCellStr(list, "H7", "não conta"), f.SetCellStr(list, "H8", "é \n  assim"), f.SetCellStr(list, "H9", "sim"),
			f.InsertCols(list, "B", 2), f.InsertRows(list, 3, 4), f.SetSheetName(list, "Outra"),
			// as Excel does when a sheet is renamed, and excelize does not
			f.DeleteDefinedName(&excelize.DefinedName{Name: sheet.ReviewName}), f.SetDefinedName(&excelize.DefinedName{Name: sheet.ReviewName, RefersTo: "Outra!$A$1"}))
	})
	list := read(t, sent)
	if list.Broken {
		t.Error("the list is said to be broken")
	}
	texts := []string{}
	for _, a := range list.Answers {
		texts = append(texts, a.Code+" "+a.Text)
	}
	if want := []string{"TIP-V001 não conta", "TIP-V044 é assim", "TIP-V020 sim"}; !slices.Equal(texts, want) {
		t.Errorf("answers %q; want %q", texts, want)
	}
	got := review.Explain(record.Findings{wrong, first, second}, list, "v.xlsx")
	if got[0].Explanation != "" || got[1].Explanation != "sim" || got[2].Explanation != "é assim" || len(got) != 4 || got[3].Code != "TIP-A004" {
		t.Errorf("explained: %+v", got)
	}
	again := write(t, sent, "v.xlsx", "es", got...)
	if n := len(read(t, again).Answers); n != 3 { // that of the error too, until it is mended
		t.Errorf("%d answers in the next review", n)
	}
	if !review.Untouched(t.Context(), bytes.NewReader(again), int64(len(again)), "v.xlsx") {
		t.Error("a review with explanations is not known again")
	}
	touched := edited(t, again, func(f *excelize.File, list string) error { return f.SetCellStr(list, "H9", "outra coisa") })
	if review.Untouched(t.Context(), bytes.NewReader(touched), int64(len(touched)), "v.xlsx") {
		t.Error("an explanation would be written over")
	}
}

// TestExplain: an explanation finds its finding by both place and content, then
// by one of them.
func TestExplain(t *testing.T) {
	was := odd("TIP-V020", "C3", "9")
	b := write(t, book(t, nil), "v.xlsx", "en", was, odd("TIP-V020", "C2", "8"))
	answers := read(t, edited(t, b, func(f *excelize.File, list string) error {
		return errors.Join(f.SetCellStr(list, "H7", "of C2"), f.SetCellStr(list, "H8", "of C3"))
	})).Answers
	for _, c := range []struct {
		name string
		now  record.Findings
		want []string
	}{
		{"as they were", record.Findings{odd("TIP-V020", "C2", "8"), was}, []string{"of C2", "of C3"}},
		{"a row was put in", record.Findings{odd("TIP-V020", "C3", "8"), odd("TIP-V020", "C4", "9")}, []string{"of C2", "of C3"}},
		{"another figure", record.Findings{odd("TIP-V020", "C2", "8"), odd("TIP-V020", "C3", "10")}, []string{"of C2", "", "of C3"}},
		{"one cell, several findings", record.Findings{was, odd("TIP-V020", "C3", "11")}, []string{"of C3", "of C3", "of C2"}},
		{"a row was put in beside another finding", record.Findings{odd("TIP-V020", "C3", "4"), odd("TIP-V020", "C4", "9")}, []string{"", "of C3", "of C2"}},
		{"another code", record.Findings{odd("TIP-V030", "C2", "8"), was}, []string{"", "of C3", "of C2"}},
		{"mended", record.Findings{was}, []string{"of C3", "of C2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, f := range review.Explain(c.now, review.List{Answers: answers}, "v.xlsx") {
				got = append(got, f.Explanation)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%q; want %q", got, c.want)
			}
		})
	}
}

// TestRefuse: what may tell of a person is refused, unquoted, at the place that
// it explains; figures and years are no such thing.
func TestRefuse(t *testing.T) {
	for text, want := range map[string]string{
		"La ley 20.507 de 2011 cambió la cuenta: 1.234 en 2024, 2.345 en 2025.": "",
		"Entre 01/10/2024 y 30/09/2025 hubo 3 operativos (12, 15 y 40).":        "",
		"Serie revisada 2020-2024 (cohortes 2024/2025, 2019 – 2020).":           "",
		"Pasaporte E1234567":                      "TIP-A001",
		"Pregunte a ana.perez@fiscalia.gob.hn":    "TIP-A001",
		"DNI 0801-1990-12345":                     "TIP-A001",
		"llame al +504 2233-4455":                 "TIP-A001",
		"CPF 123.456.789-00":                      "TIP-A001",
		"véase https://ejemplo.org":               "TIP-A001",
		strings.Repeat("a", record.LongestNote+1): "TIP-A002",
		strings.Repeat("é", record.LongestNote):   "",
	} {
		a := review.Answer{Key: review.Key{Code: "TIP-V020", Place: "'It''s'!C3"}, Text: text}
		faults, kept := review.Refuse([]review.Answer{a}, "v.xlsx")
		got := ""
		for _, f := range faults {
			got = f.Code
			if f.Subject.Sheet != "It's" || f.Subject.Cell != "C3" || strings.Contains(f.Message("es"), text) {
				t.Errorf("%q: %+v", text, f)
			}
		}
		if got != want || (want == "TIP-A001") != (len(kept) == 0) {
			t.Errorf("%q: %q, %d kept; want %q", text, got, len(kept), want)
		}
	}
}

// TestBrokenList: explanations that can't be assigned are not lost in silence.
func TestBrokenList(t *testing.T) {
	b := write(t, book(t, nil), "v.xlsx", "en", odd("TIP-V020", "C3", "9"))
	for name, more := range map[string]func(f *excelize.File, list string) error{
		"the keys are gone":      func(f *excelize.File, list string) error { return f.RemoveCol(list, "I") },
		"the marks are gone":     func(f *excelize.File, list string) error { return f.RemoveRow(list, 5) },
		"written below the list": func(f *excelize.File, list string) error { return f.SetCellStr(list, "H20", "why not") },
	} {
		got := read(t, edited(t, b, func(f *excelize.File, list string) error {
			return errors.Join(f.SetCellStr(list, "H7", "so it is"), more(f, list))
		}))
		if !got.Broken {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := read(t, b); got.Broken {
		t.Errorf("nothing was done to it: %+v", got)
	}
}

// TestSheetNames: an explanation finds its finding whatever the sheet is called.
func TestSheetNames(t *testing.T) {
	for _, name := range []string{"A  B", "A\u00a0B", "It's", " x", "ñ!A1"} {
		original := book(t, func(f *excelize.File) error { return f.SetSheetName(data, name) })
		f := odd("TIP-V020", "C3", "9")
		f.Subject.Sheet = name
		b := write(t, original, "v.xlsx", "en", f)
		list := read(t, edited(t, b, func(f *excelize.File, list string) error { return f.SetCellStr(list, "H7", "yes") }))
		if got := review.Explain(record.Findings{f}, list, "v.xlsx"); len(got) != 1 || got[0].Explanation != "yes" {
			t.Errorf("%q: %+v", name, got)
		}
	}
}

// BenchmarkExplain: a sentence filled down a long list.
func BenchmarkExplain(b *testing.B) {
	const n = 10_000
	var list review.List
	for i := range n {
		list.Answers = append(list.Answers, review.Answer{Key: review.Key{Code: "TIP-V020", Print: fmt.Sprint(i), Place: fmt.Sprintf("'S'!C%d", i)}, Text: "x"})
	}
	for b.Loop() {
		findings := record.Findings{}
		for i := range n {
			findings = append(findings, odd("TIP-V020", fmt.Sprintf("C%d", i+1), "9"))
		}
		review.Explain(findings, list, "v.xlsx")
	}
}
