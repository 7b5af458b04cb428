package disclosure

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/disclosure/audit"
)

// canada is a national figure of Canada in 2031 that two places make.
const canada = `
INSERT INTO observation BY NAME SELECT * REPLACE (999001 AS obs_id, '2031' AS TIME_PERIOD, 2031 AS REF_YEAR, 20 AS OBS_VALUE, NULL AS LOWER_BOUND, NULL AS UPPER_BOUND,
    'summed' AS derivation, 'AREA_DETAIL' AS summed_over, 0 AS n_missing, 'A' AS OBS_STATUS)
    FROM (FROM observation WHERE INDICATOR = 'VICTIMS_DETECTED' AND REF_AREA = 'CAN' AND preferred ORDER BY obs_id LIMIT 1);
INSERT INTO figure BY NAME SELECT submission_id, 1 AS row_seq, '' AS sheet, 1 AS row_no, 'A1' AS cell, '' AS raw_text, breakdown, 'figure' AS role, p.place AS area_detail,
    FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, p.period AS TIME_PERIOD, p.value AS OBS_VALUE,
    UNIT_MEASURE, UNIT_MULT, DECIMALS, OBS_STATUS, CONF_STATUS, COUNTING_UNIT, VICTIM_STATUS, IDENTIFIED_BY, COVERAGE, LEGAL_ARTICLE, PERIOD_AS_REPORTED, SOURCE_AGENCY, COMMENT_OBS
    FROM observation, (VALUES {places}) p(place, period, value) WHERE obs_id = 999001;`

// TestDominance: a figure is withheld if the place that has most of it could tell
// that the others together have few; of a year that months make too.
func TestDominance(t *testing.T) {
	for _, tt := range []struct {
		name, places string
		want         string
	}{
		{"others have few", "('Ontario', '2031', 18), ('Yukon', '2031', 2)", "C"},
		{"of months", "('Ontario', '2031-01', 9), ('Ontario', '2031-02', 9), ('Yukon', '2031-02', 2)", "C"},
		{"others have enough", "('Ontario', '2031', 12), ('Yukon', '2031', 8)", "F"},
		{"others have none", "('Ontario', '2031', 20), ('Yukon', '2031', 0)", "F"},
		{"one place alone", "('Ontario', '2031', 20)", "F"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			db := heldWith(t, strings.ReplaceAll(canada, "{places}", tt.places))
			if _, err := Protect(context.Background(), db, options(t)); err != nil {
				t.Fatal(err)
			}
			got := texts(t, db, "SELECT CASE WHEN CONF_STATUS = 'C' THEN 'C' ELSE 'F' END FROM observation_current WHERE obs_id = 999001")
			if d := cmp.Diff([]string{tt.want}, got); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
		})
	}
}

// TestLoneRates: a rate without its count is withheld.
func TestLoneRates(t *testing.T) {
	db := heldWith(t, `INSERT INTO observation SELECT * REPLACE (999004 AS obs_id, '2033' AS TIME_PERIOD, 2033 AS REF_YEAR, 'VICTIMS_DETECTED_RATE' AS INDICATOR, 0.11 AS OBS_VALUE)
		FROM (FROM observation WHERE INDICATOR = 'VICTIMS_DETECTED' AND REF_AREA = 'CAN' AND preferred ORDER BY obs_id LIMIT 1);`)
	if _, err := Protect(context.Background(), db, options(t)); err != nil {
		t.Fatal(err)
	}
	if got := texts(t, db, "SELECT CONF_STATUS FROM observation_current WHERE obs_id = 999004 AND OBS_VALUE IS NULL"); !slices.Equal(got, []string{"C"}) {
		t.Errorf("%v; want C", got)
	}
}

// TestComments: what a sender says beside one figure may tell another that is withheld;
// words and years stay.
func TestComments(t *testing.T) {
	opt := options(t)
	db := storeOf(t, opt.Codes, nil)
	put(t, db, linked([]one{{Value: 30}, {Sex: "F", Value: 27}, {Sex: "M", Value: 3}, {Indicator: "PERSONS_TRAINED", Status: "_Z", Value: 40}, {Indicator: "TRAINING_SESSIONS", Status: "_Z", Value: 2}}))
	for id, comment := range map[string]string{"990004": "besides, 3 men were found", "990005": "as in 2024"} {
		if _, err := db.ExecContext(t.Context(), "UPDATE observation SET COMMENT_OBS = '"+comment+"' WHERE obs_id = "+id); err != nil {
			t.Fatal(err)
		}
	}
	hold(t, db)
	if _, err := Protect(t.Context(), db, opt); err != nil {
		t.Fatal(err)
	}
	got := texts(t, db, "SELECT DISTINCT COMMENT_OBS FROM observation_current WHERE COMMENT_OBS <> ''")
	if d := cmp.Diff([]string{"as in 2024"}, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

// TestDecisions: what was decided is kept and used; not for other figures or
// another policy.
func TestDecisions(t *testing.T) {
	ctx := context.Background()
	made, err := ReadDecisions(nil)
	if err != nil {
		t.Fatal(err)
	}
	o := options(t)
	o.Decisions = made
	first, err := Protect(ctx, held(t), o)
	if err != nil {
		t.Fatal(err)
	}
	b, err := made.JSON(nil)
	if err != nil || !made.Moved() {
		t.Fatalf("nothing was decided: %v", err)
	}
	again := func(change func(*Options)) (Summary, bool) {
		t.Helper()
		kept, err := ReadDecisions(b)
		if err != nil {
			t.Fatal(err)
		}
		o := o
		o.Decisions = kept
		change(&o)
		s, err := Protect(ctx, held(t), o)
		if err != nil {
			t.Fatal(err)
		}
		return s, kept.Moved()
	}
	s, moved := again(func(*Options) {})
	if d := cmp.Diff(first, s); d != "" || moved {
		t.Errorf("decided again: %v (-first +again)\n%s", moved, d)
	}
	if _, moved = again(func(o *Options) { o.Policy.Threshold = 3 }); !moved {
		t.Error("another policy, and nothing was decided")
	}
	if _, err := ReadDecisions([]byte("{")); err == nil || errors.Is(err, ErrNoDecisions) {
		t.Errorf("a broken file: %v", err)
	}
}

// TestWhole: of a group that an audit could tell all is withheld, and that is kept.
func TestWhole(t *testing.T) {
	ctx := context.Background()
	db := held(t)
	list, err := groups(ctx, db, options(t).Policy)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := readTree(ctx, db, options(t).Policy)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(list, func(g group) bool { return newCells(g, options(t).Policy, tr).sensitive() && len(g.obs) > 2 })
	if i < 0 {
		t.Fatal("no group is sensitive: the test tests nothing")
	}
	g := list[i]
	o := options(t)
	if o.Decisions, err = ReadDecisions(nil); err != nil {
		t.Fatal(err)
	}
	for _, whole := range []map[int64]bool{{g.obs[0].id: true}, nil} { // the second time it is remembered
		o.Whole = whole
		db := held(t)
		s, err := Protect(ctx, db, o)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(s.Unsafe, g.String()) {
			t.Errorf("unsafe are %v; want %s among them", s.Unsafe, g)
		}
		left := texts(t, db, "SELECT obs_id::VARCHAR FROM observation_current WHERE REF_AREA = '"+g.state+"' AND INDICATOR = '"+g.indicator+
			"' AND (OBS_VALUE IS NOT NULL OR LOWER_BOUND IS NOT NULL) AND REF_YEAR = "+strings.Fields(g.String())[2])
		if len(left) > 0 {
			t.Errorf("of %s there is left %v", g, left)
		}
	}
}

// TestEarlier: what an earlier pack printed stays, and what it withheld stays
// withheld, though either could be otherwise now.
func TestEarlier(t *testing.T) {
	ctx := context.Background()
	db := held(t)
	if _, err := Protect(ctx, db, options(t)); err != nil {
		t.Fatal(err)
	}
	read := func(db *sql.DB, where string) []string {
		return texts(t, db, "SELECT obs_id::VARCHAR FROM observation_current WHERE preferred AND COUNTING_UNIT = 'PERSON' AND UNIT_MEASURE = 'NUMBER' AND "+where+" ORDER BY obs_id")
	}
	withheld, published := read(db, "CONF_STATUS = 'C' AND UPPER_BOUND IS NULL"), read(db, "OBS_VALUE > 20 AND n_missing = 0 AND INDICATOR = 'VICTIMS_DETECTED'")
	if len(withheld) < 2 || len(published) < 2 {
		t.Fatalf("%d withheld, %d published: the test tests nothing", len(withheld), len(published))
	}
	// An earlier pack that withheld one of the large figures.
	pub := audit.Published{}
	hidden := published[0]
	for _, id := range published {
		c := audit.Cell{Obs: number(t, id), Lower: 30, Upper: 30}
		if id == hidden {
			c.Hidden = true
			c.Lower, c.Upper = audit.NoBounds()
		}
		pub.Cells = append(pub.Cells, c)
	}
	o := options(t)
	o.Earlier = NewEarlier([]audit.Published{pub})
	db = held(t)
	if _, err := Protect(ctx, db, o); err != nil {
		t.Fatal(err)
	}
	now := read(db, "CONF_STATUS = 'C' AND UPPER_BOUND IS NULL")
	if !slices.Contains(now, hidden) {
		t.Errorf("%s was withheld before and is published now", hidden)
	}
	for _, id := range published {
		if id != hidden && slices.Contains(now, id) {
			t.Errorf("%s was published before and is withheld now", id)
		}
	}
}

// TestEarlierBounds: a figure of which a pack told bounds, or what it is at least, was not
// withheld by that pack.
func TestEarlierBounds(t *testing.T) {
	for _, c := range []struct {
		lower, upper float64
		hidden       bool
	}{
		{0, math.Inf(1), true},
		{0, 4, false},
		{3955, math.Inf(1), false},
	} {
		pub := audit.Published{Cells: []audit.Cell{{Obs: 7, Lower: c.lower, Upper: c.upper, Hidden: true}}}
		if got := NewEarlier([]audit.Published{pub}).says(observation{id: 7}); got != (past{hidden: c.hidden}) {
			t.Errorf("%v to %v: %+v; want hidden %t", c.lower, c.upper, got, c.hidden)
		}
	}
}

// TestOlderVintage: a small figure of an older vintage is not let out because the
// newer one is none.
func TestOlderVintage(t *testing.T) {
	db := heldWith(t, `INSERT INTO observation SELECT * REPLACE (999002 AS obs_id, '2032' AS TIME_PERIOD, 2032 AS REF_YEAR, 3 AS OBS_VALUE)
		FROM (FROM observation WHERE INDICATOR = 'VICTIMS_DETECTED' AND REF_AREA = 'CAN' AND preferred ORDER BY obs_id LIMIT 1);`)
	// As if a newer file had said otherwise.
	if _, err := db.ExecContext(context.Background(), "UPDATE observation_current SET obs_id = 999003, OBS_VALUE = 60, LOWER_BOUND = 60, UPPER_BOUND = 60 WHERE obs_id = 999002"); err != nil {
		t.Fatal(err)
	}
	if _, err := Protect(context.Background(), db, options(t)); err != nil {
		t.Fatal(err)
	}
	if got := texts(t, db, "SELECT obs_id::VARCHAR FROM observation WHERE REF_YEAR = 2032"); !slices.Equal(got, []string{"999003"}) {
		t.Errorf("of 2032 can be read %v; want the newer one alone", got)
	}
}

func number(t *testing.T, s string) (n int64) {
	t.Helper()
	for _, r := range s {
		n = 10*n + int64(r-'0')
	}
	return n
}
