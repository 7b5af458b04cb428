package reports_test

import (
	"fmt"
	"os"

	"github.com/oas/tipstat/reports"
	"github.com/oas/tipstat/reports/table"
)

func ExampleWriteText() {
	four, none := 4.0, 0.0
	t := &table.Table{ID: "example", Lang: "en", Title: "Victims detected", Levels: []string{"REF_YEAR"},
		Stub:    []table.Heading{{Codes: []string{"REF_AREA"}, Labels: []string{"State"}}},
		Columns: []table.Heading{{Codes: []string{"2021"}, Labels: []string{"2021"}}},
		Rows: []table.Row{
			{Kind: table.SeriesRow, Stub: []table.Label{{Code: "PER", Text: "Peru"}}, Cells: []table.Cell{
				{Text: "0–4", Lower: &none, Upper: &four, Status: "Q", Grade: "B", Marks: []string{"1"}}}},
			{Kind: table.AbsentRow, Stub: []table.Label{{Code: "USA", Text: "United States"}}, Cells: []table.Cell{{Text: "..", Status: "O"}}},
		},
		Notes: []table.Note{{Mark: "1", Kind: "comparability", Text: "Known only within bounds."}}}
	if err := reports.WriteText(os.Stdout, t); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Victims detected
	//
	// State            2021
	// -----------------------
	// Peru           0–4 B¹
	// United States   ..
	//
	// Notes
	//   ¹  Known only within bounds.
}
