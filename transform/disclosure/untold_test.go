package disclosure

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/disclosure/rounding"
)

// ofCases are figures counted from case rows: a combination is there because somebody is.
var ofCases = []one{{Derivation: "counted", Value: 45}, {Derivation: "counted", Sex: "F", Value: 30}, {Derivation: "counted", Sex: "M", Value: 14},
	{Derivation: "counted", Sex: "_U", Value: 1}, {Derivation: "counted", Sex: "M", Age: "Y0T17", Value: 1}}

// TestUntold: a breakdown of case rows that is withheld is as if it were not there, as
// one of nobody; so is one that is rounded to nothing. The total stands, or is told to be
// withheld.
func TestUntold(t *testing.T) {
	const left = "SELECT SEX || ' ' || AGE || ' ' || CASE WHEN OBS_VALUE IS NULL THEN 'c' ELSE 'is told' END FROM observation_current ORDER BY obs_id"
	withheld := func(list []one) []string {
		opt := options(t)
		db := storeOf(t, opt.Codes, nil)
		put(t, db, linked(list))
		hold(t, db)
		sum, err := Protect(t.Context(), db, opt)
		if err != nil {
			t.Fatal(err)
		}
		if left := len(texts(t, db, left)); sum.Untold != len(list)-left && left > 1 || sum.Untold == 0 {
			t.Errorf("%d untold: %d of %d are left", sum.Untold, left, len(list))
		}
		if n := texts(t, db, "SELECT obs_id::VARCHAR FROM observation WHERE OBS_VALUE = 1"); len(n) > 0 {
			t.Errorf("read as an older vintage: %v", n)
		}
		return texts(t, db, left)
	}
	for i, s := range withheld(ofCases) {
		if (s == "_T _T is told") != (i == 0) || strings.HasSuffix(s, " c") {
			t.Errorf("%d is %s", i, s)
		}
	}
	if d := cmp.Diff([]string{"_T _T c"}, withheld([]one{{Derivation: "counted", Value: 3}, {Derivation: "counted", Sex: "F", Value: 3}})); d != "" {
		t.Errorf("a small total (-want +got)\n%s", d)
	}
	opt := options(t)
	db := storeOf(t, opt.Codes, nil)
	put(t, db, linked(ofCases))
	hold(t, db)
	rounded(t, db, rounding.Options{Base: 5, Method: rounding.Controlled, Key: testKey})
	if n := texts(t, db, "SELECT obs_id::VARCHAR FROM observation_current WHERE OBS_VALUE = 0"); len(n) > 0 {
		t.Errorf("rounded to nothing and there: %v", n)
	}
}
