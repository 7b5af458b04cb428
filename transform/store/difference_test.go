package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/store"
)

// TestFiguresTold: a figure is told alike where two readings of a file are held against each
// other and where two files are, whatever is known of it.
func TestFiguresTold(t *testing.T) {
	s := open(t, "")
	older, newer := sample("older"), sample("newer")
	put(t, s, older, nil)
	put(t, s, newer, nil)
	figures := []struct {
		area, bounds, want string
	}{
		{"ARG", "7, 7, 7", "7"},
		{"BRA", "NULL, 1, 4", "1–4"},
		{"CHL", "NULL, 20, NULL", "≥20"},
		{"COL", "NULL, NULL, 5", "≤5"},
		{"PER", "NULL, NULL, NULL", "A"},
	}
	want := map[string]string{}
	for i, f := range figures {
		want[f.area] = f.want
		for n, sub := range []store.Submission{older, newer} {
			bounds := f.bounds
			if n == 0 {
				bounds = "99, 99, 99"
			}
			_, err := s.DB().ExecContext(t.Context(), `INSERT INTO observation BY NAME SELECT ? AS obs_id, ? AS submission_id, ? AS REF_AREA, b[1] AS OBS_VALUE, b[2] AS LOWER_BOUND, b[3] AS UPPER_BOUND,
				'total' AS breakdown, 'A' AS FREQ, 'VICTIMS_DETECTED' AS INDICATOR, 'F' AS SEX, '_T' AS AGE, '_T' AS EXPLOITATION, '_T' AS CITIZENSHIP,
				'_T' AS ORIGIN, '_T' AS TRANSIT, '_T' AS DESTINATION, '2023' AS TIME_PERIOD, 2023 AS REF_YEAR, 'NUMBER' AS UNIT_MEASURE, 0 AS UNIT_MULT, 0 AS DECIMALS,
				'A' AS OBS_STATUS, 'F' AS CONF_STATUS, 'PERSON' AS COUNTING_UNIT, '_Z' AS VICTIM_STATUS, '_U' AS IDENTIFIED_BY, '_U' AS COVERAGE, '' AS LEGAL_ARTICLE,
				'' AS PERIOD_AS_REPORTED, 'SAMPLE' AS SOURCE_AGENCY, '' AS COMMENT_OBS, 'reported' AS derivation, '10' AS step, true AS preferred, 1 AS n_cells,
				0 AS n_missing, '' AS sheet, 'B2' AS cell, '' AS raw_text, 'A' AS grade, [] AS grade_reasons FROM (SELECT [`+bounds+`] AS b)`, 2*i+n, sub.ID, f.area)
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	tx, err := s.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	read, err := tx.Difference(t.Context(), older.ID, newer.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	revised, err := s.Revisions(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	again, files := map[string]string{}, map[string]string{}
	for _, c := range read.Changes {
		again[c.About[:3]] = c.After
		if c.Before != "99" || c.About != c.About[:3]+" VICTIMS_DETECTED F PERSON _Z 2023" {
			t.Errorf("%+v", c)
		}
	}
	for _, r := range revised {
		files[r.RefArea] = r.After
		if r.Before != "99" || r.About != "F" {
			t.Errorf("%+v", r)
		}
	}
	if d := cmp.Diff(want, again); d != "" {
		t.Errorf("read again (-want +got):\n%s", d)
	}
	if d := cmp.Diff(want, files); d != "" {
		t.Errorf("revised by a newer file (-want +got):\n%s", d)
	}
}
