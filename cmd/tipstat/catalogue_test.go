package main

import (
	"encoding/csv"
	"fmt"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/oas/tipstat/testdata/realdata"
)

// onRealFiles are figures of tables on published files, worked out apart from
// tipstat: with Python's zipfile, xml.etree and csv modules alone, from the
// rows that the comment names. Bounds are of the text <5, 0 to 4 each.
var onRealFiles = []struct {
	table, years string
	codes        string // of the row and the column, as far as they tell it from others
	lower, upper float64
}{
	{"children-share", "2021", "ARG 2021", 100 * 113 / 1403.0, 100 * 113 / 1403.0}, // 113 of 0 to 17, 1,290 of 18 or over
	{"children-share", "2021", "COL 2021", 100 * 39 / 181.0, 100 * 39 / 181.0},
	{"children-share", "2020", "URY 2020", 40, 40},
	{"female-share", "2021", "ARG 2021", 100 * 548 / 1397.0, 100 * 548 / 1397.0}, // 548 female, 849 male
	{"conviction-rate", "2020", "BOL 2020", 100 * 20 / 115.0, 100 * 20 / 115.0},
	{"conviction-rate", "2021", "GTM 2021", 100 * 35 / 119.0, 100 * 35 / 119.0},
	{"conviction-rate", "2019", "USA 2019", 100 * 475 / 343.0, 100 * 475 / 343.0},
	{"justice-ratios", "2020", "BOL 2020 CONVICTED", 100 * 20 / 115.0, 100 * 20 / 115.0},
	{"citizens", "2020", "ARG DOMESTIC", 688, 688},
	{"citizens", "2020", "ARG CROSS_BORDER", 231, 263},   // 76+7+20+5+82+21+5+15, and eight of <5
	{"regional", "2021", "OAS_NORTH 2021", 10413, 10413}, // 10,070 of USA and 343 of CAN
	{"treaties-years", "2003-2014", "2003 UNTOC", 13, 13},
	{"treaties-years", "2003-2014", "2010 TIP_PROTOCOL", 30, 30},
	{"treaties-years", "2003-2014", "2014 SMUGGLING_PROTOCOL", 31, 31},
	{"treaties-years", "2003-2014", "2006 FIREARMS_PROTOCOL", 11, 11},
}

func TestCatalogueOnRealFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "work")
	args := []string{"-w", dir, "ingest", realdata.File(t, "unodc-glotip/data_glotip.xlsx")}
	for _, name := range []string{"18-12", "18-12-a", "18-12-b", "18-12-c"} {
		args = append(args, realdata.File(t, "treaties/"+name+".csv"))
	}
	if r := tipstat(t, "init", dir); r.code != exitDone {
		t.Fatalf("exit code %d\n%s", r.code, r.err)
	}
	if r := tipstat(t, args...); r.code != exitDone {
		t.Fatalf("exit code %d\n%s", r.code, r.err)
	}
	for _, want := range onRealFiles {
		t.Run(want.table+" "+want.codes, func(t *testing.T) {
			r := tipstat(t, "-w", dir, "report", want.table, "--control", "none", "--years", want.years, "--format", "csv")
			if r.code != exitDone {
				t.Fatalf("exit code %d\n%s", r.code, r.err)
			}
			lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(r.stdout, "\ufeff"))).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			found := 0
			for _, line := range lines[1:] {
				cell := map[string]string{}
				for i, h := range lines[0] {
					cell[h] = line[i]
				}
				if cell["row_kind"] == "covered" || !holds(line, strings.Fields(want.codes)) {
					continue
				}
				found++
				lower, upper := bound(cell["LOWER_BOUND"]), bound(cell["UPPER_BOUND"])
				if math.Abs(lower-want.lower) > 1e-9 || math.Abs(upper-want.upper) > 1e-9 {
					t.Errorf("%v to %v; want %v to %v", lower, upper, want.lower, want.upper)
				}
			}
			if found != 1 {
				t.Errorf("%d cells are %s; want 1", found, want.codes)
			}
		})
	}
}

// holds tells whether all codes stand in a line.
func holds(line, codes []string) bool {
	have := "," + strings.Join(line, ",") + ","
	for _, c := range codes {
		if !strings.Contains(have, fmt.Sprintf(",%s,", c)) {
			return false
		}
	}
	return true
}

func bound(s string) float64 {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return math.NaN()
	}
	return f
}
