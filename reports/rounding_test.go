package reports_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/oas/tipstat/reports"
	"github.com/oas/tipstat/reports/table"
)

// TestRoundingCSV: the csv of rounded figures has a column that says so, of those
// cells that stand on them; any other has not.
func TestRoundingCSV(t *testing.T) {
	six := 6.0
	tab := &table.Table{ID: "victims", Released: true, Levels: []string{"REF_YEAR"},
		Stub:    []table.Heading{{Codes: []string{"REF_AREA"}}},
		Columns: []table.Heading{{Codes: []string{"2023"}, Labels: []string{"2023"}}, {Codes: []string{"2024"}, Labels: []string{"2024"}}},
		Rows: []table.Row{{Kind: table.SeriesRow, Stub: []table.Label{{Code: "HND"}}, Cells: []table.Cell{
			{Value: &six, Status: "A", Rounded: true}, {Status: "O"}}}}}
	for _, rounding := range []*table.Rounding{nil, {Base: 3, Method: "random"}} {
		tab.Rounding = rounding
		var b bytes.Buffer
		if err := reports.WriteCSV(&b, tab); err != nil {
			t.Fatal(err)
		}
		in, err := reports.ReadCSV(&b)
		if err != nil {
			t.Fatal(err)
		}
		_, has := in.At("ROUNDING")
		got := []string{in.Get(in.Lines[0], "ROUNDING"), in.Get(in.Lines[1], "ROUNDING"), in.Get(in.Lines[0], "OBS_VALUE"), in.Get(in.Lines[0], "CONF_STATUS")}
		want := []string{"", "", "6", "F"}
		if rounding != nil {
			want[0] = "random 3"
		}
		if has != (rounding != nil) || strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%v: column %v, %v; want %v", rounding, has, got, want)
		}
	}
}
