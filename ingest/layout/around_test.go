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
