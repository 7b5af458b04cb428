package disclosure

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/disclosure/audit"
)

// TestRemembered: what was made of older files, in whatever order, is reckoned with.
func TestRemembered(t *testing.T) {
	parts := []one{{ID: 11, Sex: "F", Value: 27}, {ID: 12, Sex: "M", Value: 3}}
	small := []one{{ID: 1, Value: 60}, {ID: 2, Sex: "F", Value: 30}, {ID: 3, Sex: "M", Value: 27}, {ID: 4, Sex: "_U", Value: 3}}
	large := []one{{ID: 11, Value: 66}, {ID: 12, Sex: "F", Value: 30}, {ID: 13, Sex: "M", Value: 27}, {ID: 14, Sex: "_U", Value: 9}}
	for _, tt := range []struct {
		name   string
		before [][]one
		policy func(p *Policy, run int)
		then   []one
		hidden []int64
	}{
		{"a total that vanished", [][]one{{{Value: 30}}}, nil, parts, []int64{11, 12}},
		{"a total that was revised and vanished", [][]one{{{Value: 29}}, {{ID: 2, Value: 30}}}, nil, parts, []int64{11, 12}},
		{"the total of a group of one sex vanished", [][]one{{{Value: 12}}}, nil, []one{{ID: 11, Sex: "M", Value: 12}}, []int64{11}},
		{"a small figure shown under another policy vanished", [][]one{{{Sex: "M", Value: 4}, {Value: 34}, {Sex: "F", Value: 30}}},
			func(p *Policy, run int) { p.Threshold = []float64{3, 5}[run] },
			[]one{{ID: 11, Value: 37}, {ID: 12, Sex: "F", Value: 30}, {ID: 13, Sex: "_U", Value: 3}}, []int64{11, 13}},
		{"nothing is small any more", [][]one{small}, nil, large, []int64{13, 14}},
		{"nothing is small any more, and another State asks for more", [][]one{small},
			func(p *Policy, run int) { p.States = []map[string]float64{nil, {"GTM": 10}}[run] }, large, []int64{13, 14}},
		{"nothing is small any more, and less is asked for", [][]one{small},
			func(p *Policy, run int) { p.Threshold = []float64{5, 3}[run] }, large, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			opt := options(t)
			opt.Decisions, _ = ReadDecisions(nil)
			var hidden map[int64]bool
			for run, list := range append(tt.before, tt.then) {
				if tt.policy != nil {
					tt.policy(&opt.Policy, min(run, 1))
				}
				hidden, _ = published(t, opt, list)
				opt.Decisions = reread(t, opt.Decisions)
			}
			var got []int64
			for id, is := range hidden {
				if is {
					got = append(got, id)
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, tt.hidden) {
				t.Errorf("%v are withheld; want %v", got, tt.hidden)
			}
		})
	}
}

// TestAuditKept: what a pack's audit made necessary holds for what is made next, whatever
// other runs wrote before; and what a discarded try would have shown was shown to nobody.
func TestAuditKept(t *testing.T) {
	list := []one{{Value: 60}, {Sex: "F", Value: 30}, {Sex: "M", Value: 27}, {Sex: "_U", Value: 3}, {Age: "Y_GE18", Value: 40}}
	for _, shownBefore := range []bool{false, true} {
		opt := options(t)
		opt.Decisions, _ = ReadDecisions(nil)
		first, _ := published(t, opt, list) // a table, or a try of the pack
		there, _ := ReadDecisions(nil)
		if shownBefore {
			there = reread(t, opt.Decisions)
			opt.Decisions = reread(t, opt.Decisions)
		}
		opt.Whole = map[int64]bool{990_001: true}
		pack, _ := published(t, opt, list)
		b, err := opt.Decisions.JSON(there)
		if err != nil {
			t.Fatal(err)
		}
		opt.Whole = nil
		if opt.Decisions, err = ReadDecisions(b); err != nil {
			t.Fatal(err)
		}
		next, _ := published(t, opt, list)
		opt.Decisions = reread(t, opt.Decisions)
		newer := slices.Clone(list)
		newer[4].Value++
		for i := range newer {
			newer[i].ID = int64(i + 11)
		}
		later, _ := published(t, opt, newer)
		changed := 0
		for id := range pack {
			if first[id] != pack[id] {
				changed++
			}
			if pack[id] && (!next[id] || !shownBefore && !later[10+id]) {
				t.Errorf("shown before %t: %d was withheld in the pack; next: %t, after a newer file: %t", shownBefore, id, next[id], later[10+id])
			}
		}
		if changed == 0 {
			t.Error("the audit changed nothing: the test tests nothing")
		}
	}
}

// TestAsOf: the figures of an older day are told as they were then, whatever came since.
func TestAsOf(t *testing.T) {
	opt := options(t)
	opt.Decisions, _ = ReadDecisions(nil)
	then := []one{{Value: 20, Missing: 1, Derivation: "summed"}, {Sex: "M", Value: 20}}
	first, _ := published(t, opt, then)
	opt.Decisions = reread(t, opt.Decisions)
	published(t, opt, []one{{ID: 8, Value: 3}, {ID: 9, Sex: "M", Value: 2}})
	opt.Decisions = reread(t, opt.Decisions)
	again, _ := published(t, opt, then)
	if d := cmp.Diff(first, again); d != "" {
		t.Errorf("(-then +now)\n%s", d)
	}
}

// TestPackThenTable: what is made after a pack that was held against an older one, of
// which the workspace knows nothing else, is decided as the pack.
func TestPackThenTable(t *testing.T) {
	opt := options(t)
	_, before := published(t, opt, []one{{Value: 36}, {Sex: "F", Value: 27}, {Sex: "M", Value: 9}})
	now := []one{{ID: 11, Value: 30}, {ID: 12, Sex: "F", Value: 27}, {ID: 13, Sex: "M", Value: 3}}
	opt.Decisions, _ = ReadDecisions(nil)
	opt.Earlier = NewEarlier([]audit.Published{before})
	pack, _ := published(t, opt, now)
	opt.Earlier = nil
	opt.Decisions = reread(t, opt.Decisions)
	table, _ := published(t, opt, now)
	if d := cmp.Diff(pack, table); d != "" || !pack[13] || pack[12] {
		t.Errorf("(-pack +table)\n%s", d)
	}
}

// TestDominanceOfOneSource: that another source says the same does not make it safe.
func TestDominanceOfOneSource(t *testing.T) {
	for _, id := range []string{"999000", "999002"} { // before and after it
		db := heldWith(t, strings.ReplaceAll(canada, "{places}", "('Ontario', '2031', 18), ('Yukon', '2031', 2)")+`
INSERT INTO observation BY NAME SELECT * REPLACE (`+id+` AS obs_id, 'UNODC' AS SOURCE_AGENCY, 'reported' AS derivation, '' AS summed_over) FROM observation WHERE obs_id = 999001;`)
		if _, err := Protect(t.Context(), db, options(t)); err != nil {
			t.Fatal(err)
		}
		if left := texts(t, db, "SELECT obs_id::VARCHAR FROM observation_current WHERE obs_id BETWEEN 999000 AND 999002 AND OBS_VALUE IS NOT NULL"); len(left) > 0 {
			t.Errorf("other source %s: %v stand", id, left)
		}
	}
}

// TestOlder: of older vintages no rate can be read, nor what was small, counted or made
// of places, nor any State outside the OAS.
func TestOlder(t *testing.T) {
	db := storeOf(t, options(t).Codes, nil)
	rate := one{Indicator: "VICTIMS_DETECTED_RATE", Measure: "PER_100000_POP", Value: 0.03}
	newer := func(id int64, x one) one { x.ID, x.Submission = id, "dump"; return x }
	put(t, db, linked([]one{{Value: 50}, rate, newer(3, one{Value: 60}), newer(4, rate)}))
	for _, more := range []string{
		"UPDATE submission SET layout = 'form' WHERE submission_id = 'dump'",
		"INSERT INTO observation SELECT * REPLACE (991000 + obs_id AS obs_id, 'FRA' AS REF_AREA) FROM observation WHERE obs_id IN (990001, 990003)",
		"INSERT INTO observation SELECT * REPLACE (992000 + obs_id AS obs_id, 'GTM' AS REF_AREA, 'counted' AS derivation) FROM observation WHERE obs_id IN (990001, 990003)",
		"INSERT INTO observation SELECT * REPLACE (993000 + obs_id AS obs_id, 'CAN' AS REF_AREA, 'AREA_DETAIL' AS summed_over) FROM observation WHERE obs_id IN (990001, 990003)",
	} {
		if _, err := db.ExecContext(t.Context(), more); err != nil {
			t.Fatal(err)
		}
	}
	hold(t, db)
	if _, err := Protect(t.Context(), db, options(t)); err != nil {
		t.Fatal(err)
	}
	older := texts(t, db, "SELECT REF_AREA || ' ' || INDICATOR || ' ' || OBS_VALUE FROM observation WHERE obs_id NOT IN (SELECT obs_id FROM observation_current) ORDER BY 1")
	if d := cmp.Diff([]string{"HND VICTIMS_DETECTED 50.0"}, older); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}
