package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/testdata/realdata"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/store"
)

// glotipKey is what one row of GLOTIP is about. Categories of countries are
// codes, since the published file has them as States wrote them.
type glotipKey struct{ state, indicator, dimension, category, sex, age, year string }

// glotipRows reads rows of GLOTIP's form of the OAS States: the values of each key.
func glotipRows(t *testing.T, set *codelist.Set, rows [][]string) (map[glotipKey][]string, int) {
	t.Helper()
	oas := map[string]bool{}
	for _, g := range set.Groups() {
		oas[g.RefArea] = oas[g.RefArea] || g.Group == "OAS"
	}
	out, n := map[glotipKey][]string{}, 0
	for _, r := range rows {
		for len(r) < 13 {
			r = append(r, "")
		}
		if !oas[r[0]] {
			continue
		}
		n++
		k := glotipKey{r[0], r[4], r[5], r[6], r[7], r[8], r[9]}
		if k.dimension == "by citizenship" || k.dimension == "by country of repatriation" {
			m, ok := set.Lookup("CL_AREA", k.category, 0)
			switch {
			case !ok:
				k.category = "no country: " + k.category
			case m.Code == codelist.RefArea:
				k.category = k.state
			default:
				k.category = m.Code
			}
		}
		out[k] = append(out[k], r[11])
	}
	return out, n
}

// say runs a command that must not fail and gives what it printed on stdout.
func say(t *testing.T, args ...string) string {
	t.Helper()
	var out, errw bytes.Buffer
	code := at(now, nil, &out, &errw).run(context.Background(), args)
	if code != exitDone && code != exitRefused {
		t.Fatalf("tipstat %v: exit code %d\n%s", args, code, errw.String())
	}
	return out.String()
}

// TestExportGLOTIP takes UNODC's own file in, exports it, and wants the same
// figures. What differs is accounted for: keys that stand in the file twice
// with two values have none, names of no country were refused, and totals that
// the store made from their parts are new.
func TestExportGLOTIP(t *testing.T) {
	file := realdata.File(t, "unodc-glotip/data_glotip.xlsx")
	set, err := codelist.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	dir := glotipWorkspace(t)
	name := filepath.Join(dir, "glotip.csv")
	say(t, "-w", dir, "export", "--control", "none", "--for", "glotip", "-o", name)

	f, err := excelize.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := f.GetRows(f.GetSheetList()[0])
	if err != nil {
		t.Fatal(err)
	}
	published, n := glotipRows(t, set, lines)
	exported, m := glotipRows(t, set, csvLines(t, name))
	derived := derivedKeys(t, dir)

	count := map[string]int{}
	for k, values := range published {
		slices.Sort(values)
		values = slices.Compact(values)
		got := exported[k]
		switch {
		case strings.HasPrefix(k.category, "no country: "):
			count["rows whose category names no country"]++
		case k.category == "_T" && k.dimension != "Total" && len(got) == 0:
			count["totals among the countries"]++ // the store holds them as what they are
		case len(values) > 1 && len(got) == 0:
			count["keys with two values"]++
		case len(got) == 1 && len(values) == 1 && got[0] == values[0]:
			count["same"]++
		default:
			t.Errorf("%+v: published %v, exported %v", k, values, got)
		}
	}
	for k, values := range exported {
		switch {
		case len(values) > 1:
			t.Errorf("%+v stands twice: %v", k, values)
		case published[k] != nil:
		case derived[k.state+k.year+k.sex+k.age]:
			count["made from parts"]++
		default:
			t.Errorf("%+v: %v is new and was not made from parts", k, values)
		}
	}
	for _, what := range slices.Sorted(maps.Keys(count)) {
		t.Logf("%6d %s", count[what], what)
	}
	t.Logf("%6d rows published of the OAS States, %d keys; %d rows exported", n, len(published), m)
	if count["same"] < 8500 {
		t.Errorf("only %d figures are the same", count["same"])
	}

	t.Run("cubes", func(t *testing.T) { cubesHoldAll(t, dir) })

	// What was exported can be taken in again, every row of it, and says the same.
	again := filepath.Join(t.TempDir(), "again")
	say(t, "init", again)
	say(t, "-w", again, "ingest", name)
	second := filepath.Join(again, "glotip.csv")
	say(t, "-w", again, "export", "--control", "none", "--for", "glotip", "-o", second)
	twice, _ := glotipRows(t, set, csvLines(t, second))
	for k, values := range exported {
		if !slices.Equal(twice[k], values) {
			t.Errorf("%+v: exported %v, and after it was taken in again %v", k, values, twice[k])
		}
	}
	for k, values := range twice {
		if exported[k] == nil && len(published[k]) < 2 {
			t.Errorf("%+v: %v is new after it was taken in again", k, values)
		}
	}
}

// csvLines reads a csv whose first lines are shorter than the others.
func csvLines(t *testing.T, name string) [][]string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(bytes.NewReader(b))
	r.FieldsPerRecord = -1
	lines, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// derivedKeys are State, year, sex and age of what the store made from parts.
func derivedKeys(t *testing.T, dir string) map[string]bool {
	t.Helper()
	st, err := store.OpenReadOnly(context.Background(), filepath.Join(dir, "tipstat.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	rows, err := st.DB().Query(`SELECT DISTINCT REF_AREA, REF_YEAR, SEX, AGE FROM observation_current WHERE preferred AND derivation IN ('sum-of-parts', 'rolled-up')`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	words := map[string]string{"_T": "Total", "F": "Female", "M": "Male", "_O": "Other", "_U": "Unknown", "Y0T17": "0 to 17 years", "Y_GE18": "18 years or over"}
	out := map[string]bool{}
	for rows.Next() {
		var area, sex, age string
		var year int
		if err := rows.Scan(&area, &year, &sex, &age); err != nil {
			t.Fatal(err)
		}
		out[fmt.Sprint(area, year, words[sex], words[age])] = true
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// cubesHoldAll holds tables of all years as JSON-stat against their csv: every
// figure at the place that its codes say, and no other.
func cubesHoldAll(t *testing.T, dir string) {
	for _, id := range []string{"victims", "victims-sex-age", "victims-exploitation", "citizenship", "justice"} {
		var d struct {
			ID        []string `json:"id"`
			Size      []int    `json:"size"`
			Dimension map[string]struct {
				Category struct {
					Index []string `json:"index"`
				} `json:"category"`
			} `json:"dimension"`
			Value json.RawMessage `json:"value"`
		}
		if err := json.Unmarshal([]byte(say(t, "-w", dir, "report", id, "--control", "none", "--years", "2003-2021", "--format", "json-stat")), &d); err != nil {
			t.Fatal(err)
		}
		values := map[int]float64{}
		if err := json.Unmarshal(d.Value, &values); err != nil {
			var list []*float64
			if err := json.Unmarshal(d.Value, &list); err != nil {
				t.Fatal(err)
			}
			for i, v := range list {
				if v != nil {
					values[i] = *v
				}
			}
		}
		lines, err := csv.NewReader(strings.NewReader(say(t, "-w", dir, "report", id, "--control", "none", "--years", "2003-2021", "--format", "csv"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		column := map[string]int{}
		for i, h := range lines[0] {
			column[h] = i
		}
		found := 0
		for _, r := range lines[1:] {
			if r[column["row_kind"]] == "covered" {
				continue
			}
			var own []string
			for _, c := range []string{"SOURCE_AGENCY", "COUNTING_UNIT", "VICTIM_STATUS"} {
				if _, ok := column[c+"_label"]; ok {
					own = append(own, cmp.Or(r[column[c]], "_T"))
				}
			}
			for figure, c := range map[string]string{"VALUE": "OBS_VALUE", "LOWER_BOUND": "LOWER_BOUND", "UPPER_BOUND": "UPPER_BOUND"} {
				if r[column[c]] == "" {
					continue
				}
				place := 0
				for i, dim := range d.ID {
					code := map[string]string{"SERIES": strings.Join(own, "."), "FIGURE": figure}[dim]
					if code == "" {
						code = r[column[dim]]
					}
					place = place*d.Size[i] + slices.Index(d.Dimension[dim].Category.Index, code)
				}
				if v, ok := values[place]; !ok || fmt.Sprint(v) != fmt.Sprint(number(t, r[column[c]])) {
					t.Errorf("%s: %v %s: %v", id, r[:12], figure, v)
				}
				found++
			}
		}
		if found != len(values) || found == 0 {
			t.Errorf("%s: %d figures in the csv, %d in the cube", id, found, len(values))
		}
		t.Logf("%6d figures of %s are at their places", found, id)
	}
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
