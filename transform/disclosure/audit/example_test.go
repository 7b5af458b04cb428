package audit_test

import (
	"context"
	"fmt"
	"math"

	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/disclosure/audit"
	"github.com/oas/tipstat/transform/record"
)

// A table by sex: the total and the women are printed, the men are suppressed.
func ExampleRun() {
	codes, err := codelist.Load(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	table := audit.Published{Name: "table"}
	for sex, n := range map[string]float64{"_T": 12, "F": 10, "M": math.NaN()} {
		c := audit.Cell{Key: audit.NewKey(), Whole: true, Place: record.Place{File: "table.csv"}}
		c.Key.Set("REF_AREA", "HND")
		c.Key.Set("SEX", sex)
		status := record.Normal
		if math.IsNaN(n) {
			status = record.Suppressed
		}
		c.Fill(n, n, n, string(status), "")
		table.Cells = append(table.Cells, c)
	}
	r, err := audit.Run(context.Background(), []audit.Published{table}, audit.Options{Codes: codes})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range r.Findings {
		fmt.Printf("%s: %v to %v, %s\n", f.Name(), f.Lower, f.Upper, f.Verdict)
	}
	// Output: REF_AREA=HND SEX=M: 2 to 2, exact
}
