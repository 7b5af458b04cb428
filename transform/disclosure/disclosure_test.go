package disclosure

import (
	"context"
	"database/sql"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	_ "github.com/oas/tipstat/testdata/machinecode"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/store"
)

// held opens the store of the tables' tests, held, with two older and newer
// figures of a group more.
func held(t *testing.T) *sql.DB {
	t.Helper()
	return heldWith(t, "")
}

// emptyStore opens a store in memory.
func emptyStore(t testing.TB) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// heldWith is held, with more in the store.
func heldWith(t *testing.T, more string) *sql.DB {
	t.Helper()
	ctx := context.Background()
	s := emptyStore(t)
	b, err := os.ReadFile("../../reports/testdata/fixture.sql")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.DB().ExecContext(ctx, string(b)+more); err != nil {
		t.Fatal(err)
	}
	if err := s.Hold(ctx); err != nil {
		t.Fatal(err)
	}
	return s.DB()
}

// options are those of a workspace that changes nothing.
func options(t *testing.T) Options {
	t.Helper()
	p, err := LoadPolicy(nil)
	if err != nil {
		t.Fatal(err)
	}
	codes, err := codelist.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	return Options{Policy: p, Codes: codes}
}

func texts(t *testing.T, db *sql.DB, query string) (out []string) {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// small are figures of persons that must not be read.
const small = ` WHERE UNIT_MEASURE = 'NUMBER' AND COUNTING_UNIT IN ('PERSON', 'CASE', 'INCIDENT') AND INDICATOR NOT IN ('PERSONS_TRAINED', 'POPULATION')
    AND OBS_VALUE > 0 AND OBS_VALUE < 5`

// TestProtect: small figures of persons can't be read by any of the names that
// tables read; what counts no persons can, and so can treaties.
func TestProtect(t *testing.T) {
	ctx := context.Background()
	db := held(t)
	for _, name := range []string{"observation_current", "observation"} {
		if n := len(texts(t, db, "SELECT obs_id::VARCHAR FROM "+name+small)); n == 0 {
			t.Fatalf("the fixture has no small figure in %s: the test tests nothing", name)
		}
	}
	others := "SELECT obs_id::VARCHAR FROM observation_current WHERE INDICATOR IN ('MLA_REQUESTS', 'PREVENTION_ACTIVITIES', 'ASSETS_CONFISCATED') AND OBS_VALUE IS NOT NULL ORDER BY obs_id"
	before := texts(t, db, others)
	s, err := Protect(ctx, db, options(t))
	if err != nil {
		t.Fatal(err)
	}
	if s.Primary == 0 || s.Cells < 50 {
		t.Errorf("%+v", s)
	}
	for _, name := range []string{"observation_current", "observation"} {
		if left := texts(t, db, "SELECT REF_AREA || ' ' || INDICATOR || ' ' || TIME_PERIOD || ' ' || OBS_VALUE FROM "+name+small); len(left) > 0 {
			t.Errorf("%s still tells %s", name, strings.Join(left, "; "))
		}
	}
	if left := texts(t, db, "SELECT obs_id::VARCHAR FROM observation WHERE CONF_STATUS = 'C' AND (OBS_STATUS <> 'Q' OR coalesce(OBS_VALUE, LOWER_BOUND, UPPER_BOUND) IS NOT NULL OR raw_text <> '')"); len(left) > 0 {
		t.Errorf("withheld, and yet told: %v", left)
	}
	if d := cmp.Diff(before, texts(t, db, others)); d != "" || len(before) < 3 {
		t.Errorf("what counts no persons (-before +after): %s", d)
	}
}

// TestSameTwice: two runs withhold the same.
func TestSameTwice(t *testing.T) {
	var first []string
	for range 2 {
		db := held(t)
		if _, err := Protect(context.Background(), db, options(t)); err != nil {
			t.Fatal(err)
		}
		got := texts(t, db, "SELECT obs_id::VARCHAR FROM withheld ORDER BY obs_id")
		if first == nil {
			first = got
		}
		if !slices.Equal(first, got) || len(got) == 0 {
			t.Errorf("%d, then %d withheld", len(first), len(got))
		}
	}
}

// TestPolicy: a workspace changes what it names, and is told where it can't.
func TestPolicy(t *testing.T) {
	for _, tt := range []struct{ file, want string }{
		{"threshold: 10\nstates: {HND: 20}\n", ""},
		{"threshold: 0\n", "threshold is 0"},
		{"treshold: 3\n", `line 1: there is no key "treshold"`},
		{"group: 3\nstates: {HND: 5, HND: 6}\n", `line 2: the key "HND" stands there twice`},
		{"threshold: 3\nthreshold: 3\n", `line 2: the key "threshold" stands there twice`},
		{"states: {HND: 5\n", "line 1: it is no YAML from there on"},
		{"total_weight: 0\n", "total_weight is 0"},
		{"states: {HND: 0}\n", "states: HND is 0"},
		{"records: {victims: .nan}\n", "records: victims is NaN"},
		{"protection: 0\n", "protection is 0"},
		{"protection: 100000\n", "protection is 100000; want 1 or more (1: an interval of two whole numbers is wide enough), at most 1000"},
		{"threshold_cases: .inf\n", "threshold_cases is +Inf"},
		{"sums: {PERSONS_CONVICTED: [VICTIMS_DETECTED], VICTIMS_DETECTED: [PERSONS_CONVICTED]}\n", "sums: PERSONS_CONVICTED is a part of itself"},
		{"sums: {PERSONS_CONVICTED: [PERSONS_CONVICTED]}\n", "sums: PERSONS_CONVICTED is a part of itself"},
		{"among: {VICTIMS_DETECTED: PERSONS_CONVICTED}\n", "VICTIMS_DETECTED is both among others"},
		{"crossed_cases: -1\n", "crossed_cases is -1"},
		{"counting_units: []\n", "counting_units is empty"},
		{"states: {HN: 20}\n", `"HN" is no State`},
		{"states: {FRA: 20}\n", `"FRA" is no State`},
		{"states: {hnd: 20}\n", `"hnd" is no State`},
		{"records: {VICTIM: 20}\n", `"VICTIM" is not in CL_RECORD`},
		{"counting_units: [PERSONS]\n", `"PERSONS" is not in CL_COUNTING_UNIT`},
		{"free: [VICTIMS]\n", `"VICTIMS" is not in CL_INDICATOR`},
		{"rates: {RATE: VICTIMS_DETECTED}\n", `"RATE" is not in CL_INDICATOR`},
	} {
		p, err := LoadPolicy(fstest.MapFS{PolicyFile: {Data: []byte(tt.file)}})
		if err == nil {
			err = p.Check(options(t).Codes)
		}
		if tt.want != "" {
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), PolicyFile) {
				t.Errorf("%q: error %v", tt.file, err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		got := []float64{p.threshold("JAM", "victims", false), p.threshold("HND", "victims", false), p.threshold("JAM", "victims", true), p.Protection}
		if want := []float64{10, 20, 10, 4}; !slices.Equal(got, want) {
			t.Errorf("%q: %v; want %v", tt.file, got, want)
		}
	}
}

// TestThresholds: what a policy withholds passes the audit that it asks for, whichever of
// its threshold and its protection is the wider.
func TestThresholds(t *testing.T) {
	const n = 10
	for _, file := range []string{"threshold: 3\n", "threshold: 1\n", "threshold: 3\nprotection: 2\n", "protection: 9\n", "threshold: 12\n", "records: {victims: 2}\n"} {
		opt := options(t)
		p, err := LoadPolicy(fstest.MapFS{PolicyFile: {Data: []byte(file)}})
		if err != nil {
			t.Fatal(err)
		}
		opt.Policy = p
		tables := randomTables(t, opt.Codes, 60_000, n, shapes)
		for i, tb := range tables {
			tb.withGaps(rand.New(rand.NewPCG(uint64(i), 9)))
		}
		db, s := protected(t, tables, opt)
		_, r := attacked(t, opt, readable(t, db, "random"))
		if r.Failed() > 0 || len(s.Exposed) > 0 {
			t.Errorf("%q: %d of %d can be told, as %v: %v; exposed %v", file, r.Failed(), r.Hidden, r.Findings[0].Key, r.Findings[0].Bounds, s.Exposed)
		}
	}
}

// TestPolicyOfNothing: a file that says nothing changes nothing.
func TestPolicyOfNothing(t *testing.T) {
	built := options(t).Policy
	for _, file := range []string{"", "\n", "# threshold: 3\n", "---\n", "{}\n"} {
		p, err := LoadPolicy(fstest.MapFS{PolicyFile: {Data: []byte(file)}})
		if err != nil {
			t.Errorf("%q: %v", file, err)
		}
		if d := cmp.Diff(built, p); d != "" {
			t.Errorf("%q: (-built in +file)\n%s", file, d)
		}
	}
}

// TestThreshold: where a State and a record have their own, the stricter holds.
func TestThreshold(t *testing.T) {
	p, err := LoadPolicy(fstest.MapFS{PolicyFile: {Data: []byte("states: {HND: 3, JAM: 8}\nrecords: {victims: 6}\n")}})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		state, record string
		counted       bool
		want          float64
	}{{"HND", "prosecutions", false, 3}, {"HND", "victims", false, 6}, {"JAM", "victims", false, 8}, {"CAN", "victims", false, 6}, {"CAN", "routes", false, 5}, {"HND", "routes", true, 10}} {
		if got := p.threshold(tt.state, tt.record, tt.counted); got != tt.want {
			t.Errorf("%+v: %v", tt, got)
		}
	}
}

// TestAges: bands are parts of a total where they follow each other to its end.
func TestAges(t *testing.T) {
	for _, tt := range []struct {
		total string
		codes []string
		want  [][]string
	}{
		{"_T", []string{"_T", "Y0T17", "Y_GE18"}, [][]string{{"Y0T17", "Y_GE18"}}},
		{"_T", []string{"_T", "Y0T17", "Y_GE18", "_U"}, [][]string{{"Y0T17", "Y_GE18", "_U"}}},
		{"Y0T17", []string{"Y0T17", "Y0T5", "Y6T11", "Y12T17", "Y0T8", "Y9T17", "Y_GE18"}, [][]string{{"Y0T5", "Y6T11", "Y12T17"}, {"Y0T8", "Y9T17"}}},
		{"_T", []string{"_T", "Y0T17", "Y0T5"}, [][]string{{"Y0T17"}}}, // adults are not told of
		{"_U", []string{"_U", "Y0T17"}, nil},
	} {
		row := map[string]member{}
		for _, c := range tt.codes {
			row[c] = member{}
		}
		if d := cmp.Diff(tt.want, (tree{}).parts(dimAge, tt.total, row)); d != "" {
			t.Errorf("%s of %v (-want +got):\n%s", tt.total, tt.codes, d)
		}
	}
}

// TestPeriods: periods are parts of a longer one where they follow each other to its
// end. A quarter is made of its months too: whoever knows two of them knows the third.
func TestPeriods(t *testing.T) {
	year := []string{"2023-01", "2023-02", "2023-03", "2023-Q1", "2023-Q2", "2023-S2", "2022-12", "2023-01-01/P1Y"}
	for _, tt := range []struct {
		total string
		codes []string
		want  [][]string
	}{
		{"2023", year, [][]string{{"2023-01", "2023-02", "2023-03", "2023-Q2", "2023-S2"}, {"2023-Q1", "2023-Q2", "2023-S2"}}},
		{"2023-Q1", year, [][]string{{"2023-01", "2023-02", "2023-03"}}},
		{"2023", []string{"2023-01", "2023-02", "2023-Q1"}, [][]string{{"2023-Q1"}}}, // the rest of the year is not told
		{"2023-01-01/P1Y", year, nil},
	} {
		row := map[string]member{tt.total: {}}
		for _, c := range tt.codes {
			row[c] = member{}
		}
		if d := cmp.Diff(tt.want, (tree{}).parts(dimPeriod, tt.total, row)); d != "" {
			t.Errorf("%s of %v (-want +got):\n%s", tt.total, tt.codes, d)
		}
	}
}
