package audit

import (
	"fmt"
	"math"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/record"
)

// TestFigures: what a layout read of a published file becomes cells.
func TestFigures(t *testing.T) {
	read := func(adds bool) []string {
		var p Published
		mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
		b := record.NewBuilder(mem, record.KindFigure, func(batch arrow.RecordBatch) error {
			p.Figures(batch, File{Name: "f.xlsx", Agency: "MP", Layout: "own", Adds: adds})
			return nil
		})
		for i, f := range []record.Figure{
			{Value: record.Exact(7)},
			{Value: record.Censored(0, 4)},
			{Value: record.Missing(record.Suppressed), AreaDetail: "Cortés"},
			{Value: record.Missing(record.NotAvailable)},
			{Value: record.Exact(9_000_000)},
		} {
			f.Sheet, f.RowNo, f.Cell, f.Role = "S", i+2, fmt.Sprint("C", i+2), "figure"
			f.Concepts = record.NewConcepts()
			for name, code := range map[string]string{"REF_AREA": "HND", "INDICATOR": "VICTIMS_DETECTED", "TIME_PERIOD": "2024", "SEX": "F", "CITIZENSHIP": "_Z",
				"OBS_STATUS": string(f.Value.Status)} {
				c, _ := record.ConceptOf(name)
				f.Concepts[c] = code
			}
			if i == 4 {
				c, _ := record.ConceptOf("INDICATOR")
				f.Concepts[c] = "POPULATION"
			}
			if err := b.Figure(&f); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.Flush(); err != nil {
			t.Fatal(err)
		}
		b.Release()
		mem.AssertSize(t, 0)
		var out []string
		for _, c := range p.Cells {
			out = append(out, fmt.Sprintf("%s %s–%s hidden %v whole %v: %s", c.Place, number(c.Lower), number(c.Upper), c.Hidden, c.Whole, c.Key))
		}
		return out
	}
	own := "REF_AREA=HND INDICATOR=VICTIMS_DETECTED SEX=F"
	end := "TIME_PERIOD=2024 SOURCE_AGENCY=MP layout=own COUNTING_UNIT=_U VICTIM_STATUS=_Z"
	suppressed := "f.xlsx: 'S'!C4 0–∞ hidden true whole true: " + own + " AREA_DETAIL=Cortés " + end
	population := "f.xlsx: 'S'!C6 9000000–9000000 hidden false whole true: REF_AREA=HND INDICATOR=POPULATION TIME_PERIOD=2024"
	apart := []string{
		"f.xlsx: 'S'!C2 7–7 hidden false whole true: " + own + " " + end,
		"f.xlsx: 'S'!C3 0–4 hidden true whole true: " + own + " " + end, suppressed, population}
	if d := cmp.Diff(apart, read(false)); d != "" {
		t.Errorf("each for itself (-want +got)\n%s", d)
	}
	added := []string{"f.xlsx: 'S'!C2 7–11 hidden true whole true: " + own + " " + end, suppressed, population}
	if d := cmp.Diff(added, read(true)); d != "" {
		t.Errorf("added up (-want +got)\n%s", d)
	}
}

func TestFill(t *testing.T) {
	nan := math.NaN()
	for name, tc := range map[string]struct {
		value, lower, upper float64
		status, conf        string
		want                string
	}{
		"a figure":                  {5, 5, 5, "A", "", "5–5 false"},
		"provisional":               {5, 5, 5, "P", "F", "5–5 false"},
		"suppressed":                {nan, nan, nan, "Q", "", "0–∞ true"},
		"suppressed by CONF_STATUS": {nan, nan, nan, "O", "C", "0–∞ true"},
		"censored":                  {nan, 1, 4, "Q", "F", "1–4 true"},
		"a range of a sum":          {nan, 10, 14, "A", "", "10–14 false"},
		"at least":                  {nan, 10, nan, "A", "", "10–∞ false"},
		"not available":             {nan, nan, nan, "O", "F", ""},
	} {
		var c Cell
		got := ""
		if c.Fill(tc.value, tc.lower, tc.upper, tc.status, tc.conf) {
			got = fmt.Sprintf("%s–%s %v", number(c.Lower), number(c.Upper), c.Hidden)
		}
		if got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}
