package disclosure

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"testing"

	"github.com/oas/tipstat/transform/disclosure/audit"
)

// one is a figure of one State and year as one layout tells it.
type one struct {
	ID           int64   `json:"obs_id"`
	Submission   string  `json:"submission_id"`
	Indicator    string  `json:"INDICATOR"`
	Sex          string  `json:"SEX"`
	Age          string  `json:"AGE"`
	Exploitation string  `json:"EXPLOITATION"`
	Status       string  `json:"VICTIM_STATUS"`
	IdentifiedBy string  `json:"IDENTIFIED_BY"`
	Agency       string  `json:"SOURCE_AGENCY"`
	Measure      string  `json:"UNIT_MEASURE"`
	Period       string  `json:"TIME_PERIOD"`
	Missing      int     `json:"n_missing"`
	Derivation   string  `json:"derivation"`
	Value        float64 `json:"OBS_VALUE"` // notAvailable: none
}

const notAvailable = -1

const linkedSQL = `
INSERT INTO submission BY NAME
SELECT name AS submission_id, seq, name AS file_sha256, 'x.csv' AS file_name, 1 AS file_bytes, 'csv' AS file_format, name AS layout, '1' AS layout_version,
    '00' AS layout_sha256, 'victims' AS record, 'HND_PN' AS source_agency, NULL::DATE AS reference_date, TIMESTAMP '2025-01-01' AS received_at, 'run1' AS run_id
FROM (VALUES ('form', 91), ('dump', 92)) t(name, seq);
INSERT INTO observation BY NAME
SELECT x.* REPLACE (nullif(x.OBS_VALUE, -1) AS OBS_VALUE), 'all' AS breakdown, CASE WHEN TIME_PERIOD LIKE '%Q%' THEN 'Q' WHEN TIME_PERIOD LIKE '%S%' THEN 'S' WHEN TIME_PERIOD LIKE '%/P%' THEN 'I' ELSE 'A' END AS FREQ, 'HND' AS REF_AREA,
    '_T' AS CITIZENSHIP, '_T' AS ORIGIN, '_T' AS TRANSIT, '_T' AS DESTINATION,
    2031 AS REF_YEAR, nullif(x.OBS_VALUE, -1) AS LOWER_BOUND, CASE WHEN n_missing = 0 THEN nullif(x.OBS_VALUE, -1) END AS UPPER_BOUND, 0 AS UNIT_MULT, 0 AS DECIMALS,
    'A' AS OBS_STATUS, 'F' AS CONF_STATUS, 'PERSON' AS COUNTING_UNIT, 'NATIONAL' AS COVERAGE,
    '' AS LEGAL_ARTICLE, '' AS PERIOD_AS_REPORTED, '' AS COMMENT_OBS, 'test' AS step, true AS preferred,
    1 AS n_cells, '' AS summed_over, '' AS sheet, 'A1' AS cell, 'as printed' AS raw_text, 'A' AS grade, [] AS grade_reasons
FROM (SELECT unnest(from_json($rows, '[{"obs_id":"BIGINT","submission_id":"VARCHAR","INDICATOR":"VARCHAR","SEX":"VARCHAR","AGE":"VARCHAR","EXPLOITATION":"VARCHAR","VICTIM_STATUS":"VARCHAR",
    "IDENTIFIED_BY":"VARCHAR","TIME_PERIOD":"VARCHAR","SOURCE_AGENCY":"VARCHAR","UNIT_MEASURE":"VARCHAR","n_missing":"INTEGER","derivation":"VARCHAR","OBS_VALUE":"DOUBLE"}]'), recursive := true)) x`

// put adds figures to a store that is held.
func put(t *testing.T, db *sql.DB, figures []one) {
	t.Helper()
	b, err := json.Marshal(figures)
	if err == nil {
		_, err = db.ExecContext(context.Background(), linkedSQL, sql.Named("rows", string(b)))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// hold holds a store once more, after figures were added.
func hold(t *testing.T, db *sql.DB) {
	t.Helper()
	if _, err := db.ExecContext(context.Background(), "DROP TABLE IF EXISTS temp.observation_current; CREATE TEMP TABLE observation_current AS FROM main.observation_current"); err != nil {
		t.Fatal(err)
	}
}

// linked gives the figures of a case their ids, from 1, and what they leave out.
func linked(list []one) []one {
	list = slices.Clone(list)
	for i := range list {
		x := &list[i]
		x.ID = 990_000 + cmp.Or(x.ID, int64(i+1))
		for _, d := range []struct {
			code  *string
			usual string
		}{{&x.Submission, "form"}, {&x.Indicator, "VICTIMS_DETECTED"}, {&x.Sex, "_T"}, {&x.Age, "_T"}, {&x.Exploitation, "_T"}, {&x.Status, "DETECTED"}, {&x.IdentifiedBy, "_U"},
			{&x.Agency, "HND_PN"}, {&x.Measure, "NUMBER"}, {&x.Derivation, "reported"}, {&x.Period, "2031"}} {
			*d.code = cmp.Or(*d.code, d.usual)
		}
	}
	return list
}

// published gives what of a store of some figures is withheld, by number, and all that
// an outsider gets.
func published(t *testing.T, opt Options, list []one) (map[int64]bool, audit.Published) {
	t.Helper()
	db := storeOf(t, opt.Codes, nil)
	put(t, db, linked(list))
	hold(t, db)
	if _, err := Protect(t.Context(), db, opt); err != nil {
		t.Fatal(err)
	}
	hidden := map[int64]bool{}
	for _, x := range linked(list) {
		hidden[x.ID-990_000] = true // what is not there at all
	}
	pub := readable(t, db, "pack")
	for _, c := range pub.Cells {
		hidden[c.Obs-990_000] = c.Hidden
	}
	return hidden, pub
}

// TestLinked: what adds up is protected together, whatever form it came in, who
// identified the victims and what their status is; and a group of which all share an
// attribute, whether its total is printed or not.
func TestLinked(t *testing.T) {
	for _, tt := range []struct {
		name    string
		figures []one
		must    []int64 // are withheld
		any     []int64 // at least one of these
		none    []int64 // are printed
	}{
		{"parts beside a total of another form", []one{{Value: 30}, {Submission: "dump", Sex: "F", Value: 27}, {Submission: "dump", Sex: "M", Value: 3}},
			[]int64{3}, []int64{1, 2}, nil},
		{"a part in each of two forms", []one{{Value: 30}, {Sex: "F", Value: 27}, {Submission: "dump", Sex: "M", Value: 3}},
			[]int64{3}, []int64{1, 2}, nil},
		{"status of victims", []one{{Value: 30}, {Status: "IDENTIFIED", Value: 27}, {Status: "PRESUMED", Value: 3}},
			[]int64{3}, []int64{1, 2}, nil},
		{"other status is no part", []one{{Value: 30}, {Status: "ASSISTED", Value: 3}},
			[]int64{2}, nil, []int64{1}},
		{"who identified them", []one{{IdentifiedBy: "MULTIPLE", Value: 30}, {Sex: "F", IdentifiedBy: "POLICE", Value: 27}, {Sex: "M", IdentifiedBy: "NGO", Value: 3}},
			[]int64{3}, []int64{1, 2}, nil},
		{"all are of one sex, no total", []one{{Sex: "F", Value: 0}, {Sex: "M", Value: 12}},
			[]int64{1}, nil, nil},
		{"all are of one age, no total", []one{{Age: "Y0T17", Value: 0}, {Age: "Y_GE18", Value: 12}},
			[]int64{1}, nil, nil},
		{"a large group may be of one sex", []one{{Sex: "F", Value: 0}, {Sex: "M", Value: 40}},
			nil, nil, []int64{1, 2}},
		{"a group of two sexes", []one{{Sex: "F", Value: 7}, {Sex: "M", Value: 12}},
			nil, nil, []int64{1, 2}},
		{"nobody at all", []one{{Sex: "F", Value: 0}, {Sex: "M", Value: 0}},
			nil, nil, []int64{1, 2}},
		{"a part is all", []one{{Value: 12}, {Sex: "M", Value: 12}},
			[]int64{2}, nil, []int64{1}},
		{"the mean of one person", []one{{Indicator: "PERSONS_SENTENCED_PRISON", Status: "_Z", Value: 1}, {Indicator: "SENTENCE_MONTHS", Status: "_Z", Measure: "MONTH", Value: 96}},
			[]int64{1, 2}, nil, nil},
		{"the mean of many", []one{{Indicator: "PERSONS_SENTENCED_PRISON", Status: "_Z", Value: 20}, {Indicator: "SENTENCE_MONTHS", Status: "_Z", Measure: "MONTH", Value: 96}},
			nil, nil, []int64{1, 2}},
		{"indicators that make another", []one{{Indicator: "PERSONS_CONVICTED", Status: "_Z", Value: 30}, {Indicator: "PERSONS_SENTENCED_PRISON", Status: "_Z", Value: 27},
			{Indicator: "PERSONS_SENTENCED_OTHER", Status: "_Z", Value: 3}}, []int64{3}, []int64{1, 2}, nil},
		{"a rate of another agency's count", []one{{Value: 50}, {Agency: "UNODC", Submission: "dump", Indicator: "VICTIMS_DETECTED_RATE", Measure: "PER_100000_POP", Value: 0.03}},
			[]int64{2}, nil, []int64{1}},
		{"a rate of another status", []one{{Status: "IDENTIFIED", Value: 50}, {Indicator: "VICTIMS_DETECTED_RATE", Measure: "PER_100000_POP", Value: 0.53}},
			[]int64{2}, nil, []int64{1}},
		{"a rate of its count", []one{{Value: 50}, {Indicator: "VICTIMS_DETECTED_RATE", Measure: "PER_100000_POP", Value: 0.5}},
			nil, nil, []int64{1, 2}},
		{"no child, adults not told", []one{{Value: 12}, {Age: "Y0T17", Value: 0}}, []int64{2}, nil, nil},
		{"no woman, men not told", []one{{Value: 12}, {Sex: "F", Value: 0}}, []int64{2}, nil, nil},
		{"all are identified: no attribute", []one{{Value: 12}, {Status: "IDENTIFIED", Value: 12}, {Status: "PRESUMED", Value: 0}}, nil, nil, []int64{1, 2, 3}},
		{"the same persons by route", []one{{Value: 30}, {Sex: "F", Value: 20}, {Sex: "M", Value: 7}, {Sex: "_U", Value: 3},
			{Indicator: "ROUTE_VICTIMS", Status: "_Z", Value: 30}, {Indicator: "ROUTE_VICTIMS", Status: "_Z", Sex: "F", Value: 20},
			{Indicator: "ROUTE_VICTIMS", Status: "_Z", Sex: "M", Value: 7}, {Indicator: "ROUTE_VICTIMS", Status: "_Z", Sex: "_U", Value: 3}},
			[]int64{4, 8}, []int64{1, 2, 3}, nil},
		{"what one lacks the other tells", []one{{Value: 30}, {Sex: "F", Value: 20}, {Indicator: "ROUTE_VICTIMS", Status: "_Z", Value: 30},
			{Indicator: "ROUTE_VICTIMS", Status: "_Z", Sex: "M", Value: 7}, {Indicator: "ROUTE_VICTIMS", Status: "_Z", Sex: "_U", Value: 3}},
			[]int64{5}, []int64{1, 2, 3, 4}, nil},
		{"some of the persons by route", []one{{Value: 31}, {Sex: "F", Value: 27}, {Sex: "M", Value: 4},
			{Indicator: "ROUTE_VICTIMS", Status: "_Z", Value: 30}, {Indicator: "ROUTE_VICTIMS", Status: "_Z", Sex: "F", Value: 27}, {Indicator: "ROUTE_VICTIMS", Status: "_Z", Sex: "M", Value: 3}},
			[]int64{3, 6}, nil, nil},
		{"the last quarter is not told", []one{{Value: 30}, {Submission: "dump", Period: "2031-Q1", Value: 10}, {Submission: "dump", Period: "2031-Q2", Value: 9}, {Submission: "dump", Period: "2031-Q3", Value: 8}},
			nil, []int64{1, 2, 3, 4}, nil},
		{"parts of a year", []one{{Period: "2031-Q1", Value: 10}, {Period: "2031-Q2", Value: 9}, {Period: "2031-Q3", Value: 8}, {Period: "2031-01-01/P9M", Derivation: "summed", Value: 27},
			{Agency: "UNODC", Period: "2031-01-01/P9M", Value: 40}, {Agency: "OIM", Period: "2031-S1", Derivation: "summed", Value: 40}, {Agency: "HND_MP", Period: "2031-S1", Value: 40}},
			[]int64{4, 5, 6}, nil, []int64{1, 2, 3, 7}},
		{"a half of a year that is there", []one{{Value: 90}, {Period: "2031-S1", Derivation: "summed", Value: 50}, {Period: "2031-S2", Value: 40}},
			nil, nil, []int64{1, 2, 3}},
		{"beside a small half", []one{{Value: 90}, {Period: "2031-S1", Derivation: "summed", Value: 87}, {Period: "2031-S2", Value: 3}},
			[]int64{3}, []int64{1, 2}, nil},
		{"what a total has beyond its parts", []one{{Value: 30}, {Sex: "F", Value: 27}}, nil, []int64{1, 2}, nil},
		{"beyond parts by sex and age", []one{{Value: 64}, {Sex: "F", Age: "Y0T17", Value: 30}, {Sex: "F", Age: "Y_GE18", Value: 12}, {Sex: "M", Age: "Y0T17", Value: 20}},
			nil, []int64{1, 2, 3, 4}, nil},
		{"beyond ages of one sex and the other", []one{{Value: 64}, {Sex: "F", Age: "Y0T17", Value: 30}, {Sex: "F", Age: "Y_GE18", Value: 12}, {Sex: "M", Value: 20}},
			nil, []int64{1, 2, 3, 4}, nil},
		{"beyond women and men who are adults", []one{{Value: 60}, {Sex: "F", Value: 40}, {Sex: "M", Age: "Y_GE18", Value: 18}},
			nil, []int64{1, 2, 3}, nil},
		{"neither girls nor adult men", []one{{Value: 64}, {Sex: "F", Age: "Y0T17", Value: 30}, {Sex: "M", Age: "Y_GE18", Value: 32}},
			nil, []int64{1, 2, 3}, nil},
		{"neither women nor adults", []one{{Value: 60}, {Sex: "F", Value: 40}, {Age: "Y_GE18", Value: 50}, {Sex: "F", Age: "Y_GE18", Value: 33}},
			nil, []int64{1, 2, 3, 4}, nil},
		{"beyond adults, the total not printed", []one{{Sex: "F", Value: 41}, {Sex: "M", Value: 13}, {Age: "Y_GE18", Value: 52}},
			nil, []int64{1, 2, 3}, nil},
		{"men are not available", []one{{Value: 64}, {Sex: "F", Value: 42}, {Sex: "M", Age: "Y0T17", Value: 20}, {Sex: "M", Age: "Y_GE18", Value: notAvailable}},
			nil, []int64{1, 2, 3}, nil},
		{"what is not available stands between a total and its parts", []one{{Value: 44}, {Exploitation: "SEXUAL", Value: 30}, {Exploitation: "SERVITUDE", Value: 12}, {Exploitation: "LABOUR", Value: notAvailable}, {Exploitation: "BEGGING", Value: 0}},
			nil, []int64{1, 2, 3}, nil},
		{"an indicator that is not available", []one{{Indicator: "PERSONS_CONVICTED", Status: "_Z", Value: 40}, {Indicator: "PERSONS_SENTENCED_PRISON", Status: "_Z", Value: 25},
			{Indicator: "PERSONS_SENTENCED_OTHER", Status: "_Z", Value: notAvailable}, {Indicator: "PERSONS_SENTENCED_OTHER", Status: "_Z", Sex: "F", Value: 12}}, nil, []int64{1, 2, 4}, nil},
		{"many beyond parts by sex and age", []one{{Value: 74}, {Sex: "F", Age: "Y0T17", Value: 30}, {Sex: "F", Age: "Y_GE18", Value: 12}, {Sex: "M", Age: "Y0T17", Value: 20}, {Sex: "M", Age: "Y_GE18", Value: notAvailable}},
			nil, nil, []int64{1, 2, 3, 4}},
		{"many beyond its parts", []one{{Value: 40}, {Sex: "F", Value: 27}}, nil, nil, []int64{1, 2}},
		{"a part is all of many", []one{{Value: 40}, {Sex: "M", Value: 40}},
			nil, nil, []int64{1, 2}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			opt := options(t)
			hidden, pub := published(t, opt, tt.figures)
			for _, id := range tt.must {
				if !hidden[id] {
					t.Errorf("figure %d is printed", id)
				}
			}
			for _, id := range tt.none {
				if hidden[id] {
					t.Errorf("figure %d is withheld", id)
				}
			}
			if tt.any != nil && !slices.ContainsFunc(tt.any, func(id int64) bool { return hidden[id] }) {
				t.Errorf("none of %v is withheld", tt.any)
			}
			if _, report := attacked(t, opt, pub); report.Failed() > 0 {
				t.Errorf("an outsider can tell %v", report.Findings)
			}
		})
	}
}

// TestLinkedAttack: the attacker adds up what two layouts of one agency tell, and the
// victims who were identified and presumed.
func TestLinkedAttack(t *testing.T) {
	cell := func(obs int64, layout, sex, status string, lower, upper float64) audit.Cell {
		k := audit.NewKey()
		for name, code := range map[string]string{"REF_AREA": "HND", "INDICATOR": "VICTIMS_DETECTED", "TIME_PERIOD": "2031", "SOURCE_AGENCY": "HND_PN",
			"COUNTING_UNIT": "PERSON", "SEX": sex, "layout": layout, "VICTIM_STATUS": status} {
			k.Set(name, code)
		}
		return audit.Cell{Key: k, Obs: obs, Whole: true, Lower: lower, Upper: upper, Hidden: lower < upper}
	}
	route := func(obs int64, sex string, lower, upper float64) audit.Cell {
		c := cell(obs, "form", sex, "_Z", lower, upper)
		c.Key.Set("INDICATOR", "ROUTE_VICTIMS")
		return c
	}
	low, high := audit.NoBounds()
	for _, tt := range []struct {
		name  string
		cells []audit.Cell
		fails int
	}{
		{"total and parts in two", []audit.Cell{cell(1, "form", "_T", "DETECTED", 30, 30), cell(2, "dump", "F", "DETECTED", 27, 27), cell(3, "dump", "M", "DETECTED", low, high)}, 1},
		{"parts in two", []audit.Cell{cell(1, "form", "_T", "DETECTED", 30, 30), cell(2, "form", "F", "DETECTED", 27, 27), cell(3, "dump", "M", "DETECTED", low, high)}, 1},
		{"status", []audit.Cell{cell(1, "form", "_T", "DETECTED", 30, 30), cell(2, "form", "_T", "IDENTIFIED", 27, 27), cell(3, "form", "_T", "PRESUMED", low, high)}, 1},
		{"the same persons", []audit.Cell{cell(1, "form", "_T", "DETECTED", 60, 60), route(2, "_T", 60, 60), cell(3, "form", "F", "DETECTED", 27, 27), route(4, "F", low, high)}, 1},
		{"the same, and parts in two", []audit.Cell{cell(1, "form", "_T", "DETECTED", 60, 60), route(2, "_T", 60, 60), cell(3, "form", "F", "DETECTED", 27, 27), route(4, "M", low, high)}, 1},
		{"some of the persons", []audit.Cell{cell(1, "form", "_T", "DETECTED", 61, 61), route(2, "_T", 60, 60), cell(3, "form", "F", "DETECTED", 3, 3), route(4, "F", low, high)}, 1},
		{"other persons, since they differ", []audit.Cell{cell(1, "form", "_T", "DETECTED", 60, 60), route(2, "_T", 60, 60), cell(3, "form", "M", "DETECTED", 9, 9), route(4, "M", 8, 8),
			cell(5, "form", "F", "DETECTED", 21, 21), route(6, "F", low, high), route(7, "_U", low, high)}, 0},
		{"what a total has beyond its parts", []audit.Cell{cell(1, "form", "_T", "DETECTED", 30, 30), cell(2, "form", "F", "DETECTED", 27, 27)}, 1},
		{"nobody beyond them", []audit.Cell{cell(1, "form", "_T", "DETECTED", 27, 27), cell(2, "form", "F", "DETECTED", 27, 27)}, 0},
		{"many beyond them", []audit.Cell{cell(1, "form", "_T", "DETECTED", 40, 40), cell(2, "form", "F", "DETECTED", 27, 27)}, 0},
		{"other status", []audit.Cell{cell(1, "form", "_T", "DETECTED", 60, 60), cell(2, "form", "_T", "IDENTIFIED", 27, 27), cell(3, "form", "_T", "ASSISTED", low, high)}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, report := attacked(t, options(t), audit.Published{Name: "pack", Cells: tt.cells})
			if report.Failed() != tt.fails {
				t.Errorf("%d fail; want %d: %+v", report.Failed(), tt.fails, report.Findings)
			}
		})
	}
}

// TestMadeOfParts: what is made of parts of which one is withheld is withheld too, at least
// or exactly as much: it is that part.
func TestMadeOfParts(t *testing.T) {
	for _, tt := range []struct {
		name    string
		figures []one
		part    int64 // if it is withheld, so are those made of it
		made    []int64
	}{
		{"at least the boys", []one{{Value: 64}, {Sex: "F", Value: 42}, {Sex: "M", Age: "Y0T17", Value: 20}, {Sex: "M", Derivation: "sum-of-parts", Missing: 1, Value: 20}}, 3, []int64{4}},
		{"of both", []one{{Value: 64}, {Sex: "F", Value: 42}, {Sex: "M", Age: "Y_GE18", Value: 20}, {Sex: "M", Derivation: "sum-of-parts", Missing: 1, Value: 20},
			{Age: "Y_GE18", Derivation: "sum-of-parts", Missing: 1, Value: 20}}, 3, []int64{4, 5}},
		{"rolled up", []one{{Value: 64}, {Age: "Y0T17", Value: 42}, {Age: "Y18T29", Value: 20}, {Age: "Y_GE18", Derivation: "rolled-up", Missing: 1, Value: 20}}, 3, []int64{4}},
		{"rolled up of one", []one{{Value: 78}, {Exploitation: "SEXUAL", Value: 60}, {Exploitation: "SERVITUDE", Value: 3}, {Exploitation: "LABOUR", Derivation: "rolled-up", Value: 3}, {Exploitation: "BEGGING", Value: 15}}, 3, []int64{4}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			hidden, _ := published(t, options(t), tt.figures)
			if len(hidden) == 0 {
				t.Error("nothing is withheld")
			}
			for _, id := range tt.made {
				if hidden[tt.part] && !hidden[id] {
					t.Errorf("%d is withheld, and %d tells it", tt.part, id)
				}
			}
		})
	}
}

// TestOneTable: nor does one table alone tell what all that is printed does not. Labour is
// left open by sex, and closed by form.
func TestOneTable(t *testing.T) {
	opt := options(t)
	for x := 15.0; x < 26; x++ {
		_, pub := published(t, opt, []one{{Value: 24 + x}, {Exploitation: "SEXUAL", Value: 24}, {Exploitation: "_U", Value: x}, {Sex: "F", Value: 8},
			{Exploitation: "LABOUR", Sex: "F", Value: 0}, {Exploitation: "_U", Sex: "F", Value: 0}, {Exploitation: "SEXUAL", Sex: "F", Value: 8},
			{Exploitation: "_U", Sex: "M", Value: x}, {Exploitation: "SEXUAL", Sex: "M", Value: 16}})
		byForm := pub
		byForm.Cells = slices.DeleteFunc(slices.Clone(pub.Cells), func(c audit.Cell) bool { return c.Key[audit.Sex] != "_T" })
		for name, p := range map[string]audit.Published{"all": pub, "by form": byForm} {
			if _, report := attacked(t, opt, p); report.Failed() > 0 {
				t.Errorf("%v unknown, %s: %v", x, name, report.Failing())
			}
		}
	}
}
