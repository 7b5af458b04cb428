package oracle_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// writeExcelize is what the scripts of testdata/writers do, with excelize.
func writeExcelize(t *testing.T, out string) {
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	f := excelize.NewFile()
	defer f.Close()
	looks := map[string]int{}
	for kind, code := range map[string]string{"percent": "0%", "date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm:ss", "time": "hh:mm:ss"} {
		id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
		check(err)
		looks[kind] = id
	}
	for i, s := range wantedCells(t).Sheets {
		if i == 0 {
			check(f.SetSheetName("Sheet1", s.Name))
		} else {
			_, err := f.NewSheet(s.Name)
			check(err)
		}
		for _, c := range s.Cells {
			var v any = c.Value
			switch c.Kind {
			case "number", "percent":
				n, err := strconv.ParseFloat(c.Value, 64)
				check(err)
				v = n
			case "bool":
				v = c.Value == "TRUE"
			case "date":
				d, err := time.Parse(time.DateOnly, c.Value)
				check(err)
				v = d
			case "datetime":
				d, err := time.Parse("2006-01-02T15:04:05", c.Value)
				check(err)
				v = d
			case "time":
				v = c.Serial
			}
			check(f.SetCellValue(s.Name, c.At, v))
			if c.Formula != "" { // the value stays beside it
				check(f.SetCellFormula(s.Name, c.At, c.Formula))
			}
			if id, ok := looks[c.Kind]; ok {
				check(f.SetCellStyle(s.Name, c.At, c.At, id))
			}
		}
		for _, m := range s.Merged {
			from, to, _ := strings.Cut(m, ":")
			check(f.MergeCell(s.Name, from, to))
		}
		for _, r := range s.HiddenRows {
			check(f.SetRowVisible(s.Name, r, false))
		}
		if s.Hidden {
			check(f.SetSheetVisible(s.Name, false))
		}
	}
	check(f.SaveAs(out))
}
