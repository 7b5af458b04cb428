package layout_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/ingest/layout"
	"github.com/oas/tipstat/transform/record"
)

// TestAround reads a sheet with hidden columns, a hidden row and comments: each
// is told once, and what a comment says is not.
func TestAround(t *testing.T) {
	file := book(t, [][]any{{"Year", "Sex", "Value", "Remark"}, {2023, "Women", 12}, {2023, "Men", 7}}, func(f *excelize.File) {
		err := errors.Join(
			f.SetColVisible("Sheet1", "B:D", false), // D is of no use to the layout
			f.SetRowVisible("Sheet1", 3, false),
			f.AddComment("Sheet1", excelize.Comment{Cell: "C3", Author: "CANARY", Text: "CANARY"}),
			f.AddComment("Sheet1", excelize.Comment{Cell: "C2", Text: "CANARY"}),
		)
		if err != nil {
			t.Fatal(err)
		}
	})
	g := readAll(t, []*layout.Layout{parse(t, figures("", ""))}, "in.xlsx", file)
	told := map[string]record.Finding{}
	for _, f := range g.Findings {
		told[f.Code] = f
		for _, lang := range record.Languages {
			if strings.Contains(f.Message(lang), "CANARY") {
				t.Errorf("%s quotes a comment", f.Code)
			}
		}
	}
	if f := told["TIP-L012"]; f.Found != "B, C" || f.Count != 2 || f.Subject.Cell != "B1" {
		t.Errorf("hidden columns: %+v", f)
	}
	if f := told["TIP-L010"]; f.Count != 1 || f.Subject.Cell != "A3" {
		t.Errorf("hidden rows: %+v", f)
	}
	if f := told["TIP-L013"]; f.Count != 2 || !slices.Equal(f.Cells, []string{"C2", "C3"}) {
		t.Errorf("comments: %+v", f)
	}
	if len(g.records) != 2 {
		t.Errorf("%d records", len(g.records))
	}
}

// TestStrays: a value under no heading is an error in csv, where the row may be
// cut wrongly, and a warning in a workbook, where it may be a remark.
func TestStrays(t *testing.T) {
	l := parse(t, figures("", ""))
	g := read(t, l, "Year,Sex,Value\n2023,Women,12,5\n2023,Men,7\n")
	want := func(g got, code, cell string, severity record.Severity) {
		t.Helper()
		i := slices.IndexFunc(g.Findings, func(f record.Finding) bool { return f.Code == code })
		if i < 0 || g.Findings[i].Subject.Cell != cell || g.Findings[i].Severity != severity {
			t.Errorf("want %s at %s, have %+v", code, cell, g.Findings)
		}
	}
	want(g, "TIP-L014", "D2", record.Error)
	file := book(t, [][]any{{"Year", "Sex", "Value"}, {2023, "Women", 12, nil, "CANARY"}, {2023, "Men", 7}}, nil)
	g = readAll(t, []*layout.Layout{l}, "in.xlsx", file)
	want(g, "TIP-L016", "E2", record.Warning)
	for _, f := range g.Findings {
		if strings.Contains(f.Message("en"), "CANARY") {
			t.Errorf("%s quotes the value", f.Code)
		}
	}
	if len(g.records) != 2 {
		t.Errorf("%d records", len(g.records))
	}
}

// TestMergedFigures: one figure for several rows is none of theirs.
func TestMergedFigures(t *testing.T) {
	file := book(t, [][]any{{"Year", "Sex", "Value"}, {2023, "Women", 12}, {2023, "Men"}}, func(f *excelize.File) {
		if err := f.MergeCell("Sheet1", "C2", "C3"); err != nil {
			t.Fatal(err)
		}
	})
	g := readAll(t, []*layout.Layout{parse(t, figures("values: {blank: M}\n", ""))}, "in.xlsx", file)
	i := slices.IndexFunc(g.Findings, func(f record.Finding) bool { return f.Code == "TIP-L015" })
	if i < 0 || g.Findings[i].Found != "C2:C3" || g.Findings.Err() == nil {
		t.Errorf("%+v", g.Findings)
	}
}

// TestDraftWithoutHeadings: the first row of a file without headings is about a
// person, and does not get into a layout.
func TestDraftWithoutHeadings(t *testing.T) {
	for _, file := range []string{
		"CANARY López,0801-1990-12345,F,17\nX,0801-1991-12345,M,20\n",
		"CANARY López,2001-03-04\nX,2001-03-05\n",
	} {
		wb := open(t, "in.csv", []byte(file))
		b, err := layout.Draft(t.Context(), wb, "in.csv", codes(t))
		if err == nil || strings.Contains(string(b), "CANARY") {
			t.Errorf("%s\n%v", b, err)
		}
	}
}
