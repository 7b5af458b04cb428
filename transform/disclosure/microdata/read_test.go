package microdata_test

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/disclosure"
	"github.com/oas/tipstat/transform/disclosure/microdata"
	"github.com/oas/tipstat/transform/store"
)

//go:embed testdata/cases.sql
var casesSQL string

// withCases gives a store in memory that holds the rows of testdata/cases.sql.
func withCases(ctx context.Context) (*store.Store, error) {
	s, err := store.Open(ctx, "")
	if err != nil {
		return nil, err
	}
	_, err = s.DB().ExecContext(ctx, casesSQL)
	return s, err
}

func ExampleMake() {
	ctx := context.Background()
	st, err := withCases(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer st.Close()
	set, err := codelist.Load(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	policy, err := disclosure.LoadPolicy(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	policy.Microdata.Columns = policy.Microdata.Columns[:5] // to the form of exploitation
	r, err := microdata.Make(ctx, st.DB(), set, policy.Microdata, microdata.Params{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, row := range r.Rows {
		fmt.Println(row.N, strings.Join(row.Codes[3:], " "))
	}
	fmt.Println("withheld:", r.Loss.Columns[4].Column, r.Loss.Columns[4].Withheld)
	// Output:
	// 11 CRI 2023 F Y0T17 c
	// 15 CRI 2023 F Y18T29 SEXUAL
	// withheld: EXPLOITATION 11
}

// TestRead: months and quarters are read as years, narrow ages as the band above;
// other indicators are not published unless the policy says so; text of the file
// and where a row stands are in nothing that is written.
func TestRead(t *testing.T) {
	st, err := withCases(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	set, err := codelist.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	policy, err := disclosure.LoadPolicy(nil)
	if err != nil {
		t.Fatal(err)
	}
	p := policy.Microdata
	p.K = 2
	at := func(r *microdata.Release, column string) (codes []string) {
		for _, row := range r.Rows {
			codes = append(codes, row.Codes[slices.Index(r.Columns, column)])
		}
		return codes
	}
	r, err := microdata.Make(t.Context(), st.DB(), set, p, microdata.Params{})
	if err != nil {
		t.Fatal(err)
	}
	if got := at(r, "AGE"); !slices.Equal(got, []string{"Y0T17", "Y12T17", "Y18T29"}) || r.Loss.RowsOut != 26 {
		t.Errorf("%d rows, ages %v", r.Loss.RowsOut, got)
	}
	if got := at(r, "TIME_PERIOD"); !slices.Equal(got, []string{"2023", "2023", "2023"}) {
		t.Errorf("years %v", got)
	}
	p.NarrowestAge, p.Indicators = 1, nil
	if r, err = microdata.Make(t.Context(), st.DB(), set, p, microdata.Params{}); err != nil {
		t.Fatal(err)
	}
	if got := at(r, "INDICATOR"); !slices.Contains(got, "PERSONS_REPORTED") || !slices.Contains(at(r, "AGE"), "Y16T17") || r.Loss.RowsOut != 46 {
		t.Errorf("%d rows, indicators %v", r.Loss.RowsOut, got)
	}
	var b strings.Builder
	if err := r.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	if err := r.WriteMetadata(&b, "cases.csv", ""); err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"aaaaaaaaaaaa", "art. 172", "sample"} {
		if strings.Contains(b.String(), word) {
			t.Errorf("%q is written", word)
		}
	}
	p.Indicators = []string{"VICTIMS_ASSISTED"}
	if _, err := microdata.Make(t.Context(), st.DB(), set, p, microdata.Params{}); err == nil || err.(microdata.Refused).Reason != microdata.None {
		t.Errorf("no rows of the indicator: %v", err)
	}
}
