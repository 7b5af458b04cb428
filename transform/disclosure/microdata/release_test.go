package microdata

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/oas/tipstat/transform/codelist"
)

func codes(t testing.TB) *codelist.Set {
	t.Helper()
	set, err := codelist.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// testPolicy is smaller than policy.yaml: k is 5.
func testPolicy() Policy {
	return Policy{K: 5, NarrowestAge: 3, Unit: []string{"COUNTING_UNIT"}, Sensitive: []string{"EXPLOITATION"}, Columns: []Column{
		{"REF_AREA", 8, []string{stepSubregion}}, {period, 4, []string{"P5Y"}}, {"SEX", 1, nil}, {age, 1, []string{stepList}},
		{"EXPLOITATION", 1, []string{stepList}}, {"CITIZENSHIP", 1, []string{stepSubregion, stepRegion}}, {"SOURCE_AGENCY", 1, nil}}}
}

// cases are invented rows; HND has few, and a source of its own.
func cases(n int) []alike {
	rng := rand.New(rand.NewPCG(7, 7))
	pick := func(codes string) string { f := strings.Fields(codes); return f[rng.IntN(len(f))] }
	var all []alike
	for range n {
		state, agency := pick("CRI CRI CRI GTM GTM PAN"), "REGIONAL"
		if rng.IntN(40) == 0 {
			state, agency = "HND", "HND_MP"
		}
		all = append(all, alike{[]string{pick("PERSON PERSON PERSON PERSON CASE"), state, pick("2019 2020 2021 2022"), pick("F F F M _U"),
			pick("Y0T11 Y12T17 Y0T17 Y18T29 Y30T59 Y_GE60 _U"), pick("SEXUAL SEXUAL_PROSTITUTION LABOUR DOMESTIC_SERVITUDE BEGGING _U"),
			pick("NIC COL CHN VEN STATELESS _U " + state), agency}, 1})
	}
	return merged(all)
}

func released(t *testing.T, rows []alike, p Policy, params Params) (*Release, [][]string) {
	t.Helper()
	r, err := release(t.Context(), codes(t), slices.Clone(rows), p, params)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := r.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(lines[0], p.names()) {
		t.Errorf("the header is %v; want %v", lines[0], p.names())
	}
	return r, lines[1:]
}

// counted counts the lines of a file that are alike.
func counted(lines [][]string) map[string]int {
	m := map[string]int{}
	for _, l := range lines {
		m[strings.Join(l, ",")]++
	}
	return m
}

// TestRelease: the file itself is k-anonymous, its order tells nothing, and what
// is chosen from it is a part of it.
func TestRelease(t *testing.T) {
	p := testPolicy()
	rows := cases(1200)
	r, lines := released(t, rows, p, Params{})
	all := counted(lines)
	for codes, n := range all {
		if n < p.K {
			t.Errorf("%s stands in the file %d times", codes, n)
		}
		if f := strings.Split(codes, ","); f[1] == "013" && f[7] == "HND_MP" {
			t.Errorf("the source tells the State that was generalised: %s", codes)
		}
	}
	if !slices.IsSortedFunc(lines, slices.Compare) {
		t.Error("the lines are not sorted by their codes")
	}
	l := r.Loss
	if len(lines) != 1200 || l.RowsIn != 1200 || l.RowsOut != 1200 || l.Combinations != len(all) || l.Smallest < p.K {
		t.Errorf("%d lines of 1200, loss %+v", len(lines), l)
	}
	discern := int64(0)
	for _, n := range all {
		discern += int64(n * n)
	}
	if l.Discern != discern {
		t.Errorf("discernibility is %d; want %d", l.Discern, discern)
	}
	at := slices.Index(r.Columns, "CITIZENSHIP")
	withheld := 0
	for _, f := range lines {
		if f[at] == Withheld {
			withheld++
		}
	}
	c := l.Columns[at-1]
	if c.Withheld != withheld || withheld == 0 || c.Kept+c.Coarser+c.Withheld != 1200 || !(c.Penalty > 0 && c.Penalty < 1) {
		t.Errorf("%d citizenships are withheld; the loss says %+v", withheld, c)
	}
	for _, params := range []Params{{States: []string{"CRI"}}, {FromYear: 2020, ToYear: 2021}, {States: []string{"GTM", "PAN"}, FromYear: 2019, ToYear: 2019}} {
		part, lines := released(t, rows, p, params)
		for codes, n := range counted(lines) {
			if all[codes] != n {
				t.Errorf("%+v: %s stands there %d times, and in the whole %d", params, codes, n, all[codes])
			}
		}
		if l := part.Loss; l.RowsIn != l.RowsOut+l.Elsewhere+l.Dropped || l.RowsIn == 0 {
			t.Errorf("%+v: rows are not accounted for: %+v", params, l)
		}
	}
}

// TestSmallUnit: where fewer than k rows count the same thing, they are dropped.
func TestSmallUnit(t *testing.T) {
	row := func(unit string, n int) alike {
		return alike{[]string{unit, "CRI", "2022", "F", "Y_GE18", "SEXUAL", "NIC", "REGIONAL"}, n}
	}
	r, lines := released(t, []alike{row("CASE", 4), row("PERSON", 9)}, testPolicy(), Params{})
	if len(lines) != 9 || r.Loss.Dropped != 4 || r.Loss.RowsIn != 13 || r.Loss.Discern != 81+4*13 || r.Loss.Common != 9 {
		t.Errorf("%d lines; loss %+v", len(lines), r.Loss)
	}
	if a := r.Loss.Alike; len(a) != 1 || a[0] != (Alike{"EXPLOITATION", 1, 9}) {
		t.Errorf("all rows share one form of exploitation; the loss says %+v", a)
	}
}

func TestRefused(t *testing.T) {
	row := []string{"PERSON", "CRI", "2022", "F", "Y_GE18", "SEXUAL", "NIC", "REGIONAL"}
	other := append([]string{"CASE"}, row[1:]...)
	for want, c := range map[Refused]struct {
		rows   []alike
		params Params
	}{
		{None, 0, 5}:    {nil, Params{}},
		{Few, 4, 5}:     {[]alike{{row, 4}}, Params{}},
		{Nothing, 8, 5}: {[]alike{{other, 4}, {row, 4}}, Params{}},
		{Nothing, 9, 5}: {[]alike{{row, 9}}, Params{States: []string{"HND"}}},
	} {
		_, err := release(t.Context(), codes(t), c.rows, testPolicy(), c.params)
		if got := (Refused{}); !errors.As(err, &got) || got != want {
			t.Errorf("%d rows, %+v: %v; want %v", want.Rows, c.params, err, want)
		}
	}
	row[3] = Withheld
	if _, err := release(t.Context(), codes(t), []alike{{row, 9}}, testPolicy(), Params{}); err == nil || !strings.Contains(err.Error(), `SEX: the code "c"`) {
		t.Errorf("a code that is the sign of what is withheld: %v", err)
	}
}

// TestMetadata: what goes beside the file names the columns, the parameters and
// what is withheld, and not how many rows were dropped.
func TestMetadata(t *testing.T) {
	r, _ := released(t, cases(1200), testPolicy(), Params{FromYear: 2019, ToYear: 2022})
	var b, again bytes.Buffer
	if err := errors.Join(r.WriteMetadata(&b, "cases.csv", ""), r.WriteMetadata(&again, "cases.csv", "")); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Fatalf("%v, or not the same twice", err)
	}
	var m metadata
	if err := json.Unmarshal(b.Bytes(), &m); err != nil {
		t.Fatal(err)
	}
	if m.URL != "cases.csv" || len(m.Schema.Columns) != 8 || m.Schema.Columns[0].Null != "" || m.Schema.Columns[1].Null != Withheld ||
		m.Notes[0].Policy.K != 5 || m.Notes[0].Years != "2019-2022" || m.Notes[0].Least < 5 || len(m.Notes[0].Columns) != 7 {
		t.Errorf("%s", b.String())
	}
	for _, word := range []string{"dropped", "rows_in", "elsewhere"} {
		if strings.Contains(b.String(), word) {
			t.Errorf("it tells %q", word)
		}
	}
}
