package cube

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/oas/tipstat/reports/table"
)

// TestNoKeyTwice makes tables of all shapes, with rows alike in every code, in
// words alone, or in neither, and finds every figure of each in its cube, once.
func TestNoKeyTwice(t *testing.T) {
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 1))
		x, figures := someTable(r)
		c, err := Make([]*table.Table{x, translated(x)})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		var got []float64
		for i, cell := range c.Cells {
			if cell.Kind == Number && i%3 == 0 { // the value: the figure turns fastest, and has three categories
				got = append(got, cell.Value)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, figures) {
			t.Fatalf("seed %d: figures %v, in the cube %v", seed, figures, got)
		}
		for _, d := range c.Dimensions {
			for _, lang := range c.Langs {
				seen := map[string]bool{}
				for _, cat := range d.Categories {
					if seen[cat.Label[lang]] || cat.Label[lang] == "" {
						t.Fatalf("seed %d: %s: label %q in %s is empty or stands twice", seed, d.ID, cat.Label[lang], lang)
					}
					seen[cat.Label[lang]] = true
				}
			}
		}
	}
}

// someTable makes a table whose figures are 1, 2, 3 and so on.
func someTable(r *rand.Rand) (*table.Table, []float64) {
	x := &table.Table{ID: "some", Lang: "en", Levels: []string{"REF_YEAR", "SEX"}[:1+r.IntN(2)]}
	for _, id := range []string{"REF_AREA", "SOURCE_AGENCY", "COUNTING_UNIT", "ORIGIN"} {
		if id == "REF_AREA" || r.IntN(2) == 0 {
			x.Stub = append(x.Stub, table.Heading{Codes: []string{id}, Labels: []string{id}})
		}
	}
	for i := range 1 + r.IntN(3) {
		h := table.Heading{Codes: []string{fmt.Sprint(2020 + i)}, Labels: []string{"year"}}
		if len(x.Levels) == 2 {
			h.Codes, h.Labels = append(h.Codes, []string{"F", "M"}[r.IntN(2)]), append(h.Labels, "sex")
		}
		x.Columns = append(x.Columns, h)
	}
	var figures []float64
	for range 1 + r.IntN(8) {
		row := table.Row{Kind: table.SeriesRow}
		if r.IntN(6) == 0 {
			row.Kind = table.TotalRow
		}
		for range x.Stub {
			l := table.Label{Code: []string{"AAA", "BBB", ""}[r.IntN(3)]}
			l.Name = []string{"a name", "another", l.Code}[r.IntN(3)]
			l.Text = l.Name + []string{"", "", " · a word"}[r.IntN(3)]
			row.Stub = append(row.Stub, l)
		}
		row.Area = row.Stub[0].Code
		for range x.Columns {
			c := table.Cell{Text: "..", Status: "O"}
			if r.IntN(3) > 0 {
				f := float64(len(figures) + 1)
				figures = append(figures, f)
				c = table.Cell{Value: &f, Lower: &f, Upper: &f, Status: "A"}
			}
			row.Cells = append(row.Cells, c)
		}
		x.Rows = append(x.Rows, row)
	}
	return x, figures
}

// translated is the same table in another language, whose words differ.
func translated(x *table.Table) *table.Table {
	y := *x
	y.Lang = "fr"
	y.Rows = nil
	for _, r := range x.Rows {
		r.Stub = slices.Clone(r.Stub)
		for i, l := range r.Stub {
			r.Stub[i].Text, r.Stub[i].Name = "le "+l.Text, "le "+l.Name
		}
		y.Rows = append(y.Rows, r)
	}
	return &y
}
