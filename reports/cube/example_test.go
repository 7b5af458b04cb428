package cube_test

import (
	"fmt"

	"github.com/oas/tipstat/reports/cube"
	"github.com/oas/tipstat/reports/table"
)

// A range keeps its bounds in a cube; a true zero is a number.
func ExampleMake() {
	zero, four := 0.0, 4.0
	t := &table.Table{ID: "example", Lang: "en", Levels: []string{"REF_YEAR"},
		Stub:    []table.Heading{{Codes: []string{"REF_AREA"}, Labels: []string{"State"}}},
		Columns: []table.Heading{{Codes: []string{"2022"}, Labels: []string{"2022"}}, {Codes: []string{"2023"}, Labels: []string{"2023"}}},
		Rows: []table.Row{{Kind: table.SeriesRow, Stub: []table.Label{{Code: "HND", Name: "Honduras", Text: "Honduras"}}, Cells: []table.Cell{
			{Text: "0–4", Lower: &zero, Upper: &four, Status: "Q"}, {Text: "-", Value: &zero, Lower: &zero, Upper: &zero, Status: "A"}}}}}
	c, err := cube.Make([]*table.Table{t})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range c.Dimensions {
		fmt.Println(d.ID, len(d.Categories))
	}
	for _, cell := range c.Cells {
		if cell.Kind == cube.Range {
			fmt.Print("range ")
		} else {
			fmt.Print(cell.Value, " ")
		}
	}
	// Output:
	// REF_AREA 1
	// REF_YEAR 2
	// FIGURE 3
	// range 0 4 0 0 0
}
