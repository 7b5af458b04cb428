package harmonize_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestObservationCurrent: a newer submission of the same layout takes the place
// of the older one where it reports the same State, indicator, breakdown and
// period again, wholly, and nowhere else. Both stay stored.
func TestObservationCurrent(t *testing.T) {
	s := openStore(t, 2)
	old := parseFixture(t, "old", `
layout yearly

figures
cell  breakdown  REF_AREA  INDICATOR         TIME_PERIOD  SEX  value
B2    .          PER       VICTIMS_DETECTED  2022         F    1
B3    .          PER       VICTIMS_DETECTED  2023         F    2
B4    .          PER       VICTIMS_DETECTED  2023         M    3
B5    by-form    PER       VICTIMS_DETECTED  2023         .    4
B6    .          COL       VICTIMS_DETECTED  2023         F    5
B7    .          PER       PERSONS_CONVICTED 2023         F    6
`)
	newer := parseFixture(t, "newer", `
layout yearly

figures
cell  breakdown  REF_AREA  INDICATOR         TIME_PERIOD  SEX  value
B2    .          PER       VICTIMS_DETECTED  2023         F    20
B3    .          PER       VICTIMS_DETECTED  2024         F    30
`)
	other := parseFixture(t, "other", `
layout another

figures
cell  TIME_PERIOD  SEX  value
B2    2023         F    200
`)
	agency := parseFixture(t, "agency", `
layout yearly
set SOURCE_AGENCY=OAS

figures
cell  TIME_PERIOD  SEX  value
B2    2023         F    2000
`)
	ids := []string{}
	for _, fx := range []*fixture{old, newer, other, agency} {
		ids = append(ids, take(t, s, fx))
	}
	values := func(table, id string) []string {
		var out []string
		for _, o := range observations(t, s, table, id) {
			out = append(out, o.key()+" = "+o.quantity())
		}
		slices.Sort(out)
		return out
	}
	want := [][]string{
		{
			"2022 SEX=F = 1",
			"2023 INDICATOR=PERSONS_CONVICTED SEX=F = 6",
			"2023 REF_AREA=COL SEX=F = 5",
			"2023 breakdown=by-form = 4",
		},
		{"2023 SEX=F = 20", "2024 SEX=F = 30"},
		{"2023 SEX=F = 200"},
		{"2023 SEX=F = 2000"},
	}
	for i, id := range ids {
		if d := cmp.Diff(want[i], values("observation_current", id)); d != "" {
			t.Errorf("current of submission %d (-want +got):\n%s", i+1, d)
		}
	}
	if n := len(values("observation", ids[0])); n != len(old.figures) {
		t.Errorf("%d observations of the older submission are stored, want %d", n, len(old.figures))
	}
}
