package codelist

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/testdata/realdata"
)

// The spellings of countries in UNODC's export of 2023-05-30: how many map,
// and exactly which do not.
func TestRealGLOTIPSpellings(t *testing.T) {
	path := realdata.File(t, "unodc-glotip/data_glotip.xlsx")
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.Rows(f.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	spellings := map[string]map[string]bool{"by citizenship": {}, "by country of repatriation": {}}
	for rows.Next() {
		cells, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		if len(cells) > 6 && spellings[cells[5]] != nil {
			spellings[cells[5]][cells[6]] = true
		}
	}
	if err := rows.Error(); err != nil {
		t.Fatal(err)
	}
	s := load(t)
	for dimension, want := range map[string]struct {
		all      int
		unmapped []string
	}{
		"by citizenship": {403, []string{"", "(especifique otras nacionalidades)", "0", "2 maliens", "3 maliens",
			"3 nigériens et 1 tunisien", "97 albanian", "Central africa", "Congolese", "Disputed", "N/A", "Nationality",
			"Rohingya", "without"}},
		"by country of repatriation": {152, []string{"", "(especifique el pa\ufffds)", "0", "N/A"}},
	} {
		var unmapped []string
		for _, text := range slices.Sorted(maps.Keys(spellings[dimension])) {
			if _, ok := s.Lookup(areaList, text, 2018); !ok {
				unmapped = append(unmapped, text)
			}
		}
		if n := len(spellings[dimension]); n != want.all {
			t.Errorf("%s: %d spellings, want %d", dimension, n, want.all)
		}
		if d := cmp.Diff(want.unmapped, unmapped); d != "" {
			t.Errorf("%s: unmapped spellings (-want +got):\n%s", dimension, d)
		}
	}
}
