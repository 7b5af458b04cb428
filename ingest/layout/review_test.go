package layout_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/ingest/layout"
	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/record"
)

// TestReviewSheet reads a workbook whose first sheet is marked as a review's
// list, with the very header of the layout: it is not read, and told; nor are
// comments that a review wrote counted as the ministry's.
func TestReviewSheet(t *testing.T) {
	for name, mark := range map[string]string{"marked": sheet.ReviewName, "not marked": "another"} {
		file := book(t, [][]any{{"Year", "Sex", "Value"}, {2023, "Women", 12}, {2023, "Men", 7}}, func(f *excelize.File) {
			_, err := f.NewSheet("Rev's list")
			for i, v := range []any{"Year", "Sex", "Value", 2023, "Women", 99} {
				err = errors.Join(err, f.SetCellValue("Rev's list", record.CellName(1+i/3, 1+i%3), v))
			}
			err = errors.Join(err, f.SetDefinedName(&excelize.DefinedName{Name: mark, RefersTo: "'Rev''s list'!$A$1"}),
				f.AddComment("Sheet1", excelize.Comment{Cell: "C2", Author: "tipstat", Text: sheet.ReviewNote + " error"}))
			if err != nil {
				t.Fatal(err)
			}
		})
		g := readAll(t, []*layout.Layout{parse(t, figures("", ""))}, "in.xlsx", file)
		told := slices.ContainsFunc(g.Findings, func(f record.Finding) bool { return f.Code == "TIP-L007" && f.Subject.Sheet == "Rev's list" })
		want := map[string]int{"marked": 2, "not marked": 3}[name]
		if len(g.records) != want || told != (name == "marked") {
			t.Errorf("%s: %d records, told %v", name, len(g.records), told)
		}
		if slices.ContainsFunc(g.Findings, func(f record.Finding) bool { return f.Code == "TIP-L013" }) {
			t.Errorf("%s: our own comment was counted", name)
		}
	}
}
