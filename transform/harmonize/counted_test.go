package harmonize_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/harmonize"
	"github.com/oas/tipstat/transform/record"
)

// margins are the sets of dimensions that case rows are counted by.
var margins = [][]string{{}, {"SEX"}, {"AGE"}, {"SEX", "AGE"}, {"EXPLOITATION"}, {"SEX", "EXPLOITATION"}, {"AGE", "EXPLOITATION"},
	{"CITIZENSHIP"}, {"SEX", "CITIZENSHIP"}, {"ORIGIN", "DESTINATION"}, {"ORIGIN"}, {"DESTINATION"}}

// TestCountedAgainstBruteForce counts random case rows in Go, one margin after
// the other, and wants the same keys with the same counts from step 30.
func TestCountedAgainstBruteForce(t *testing.T) {
	s := openStore(t, 2)
	codes, err := vocabulary()
	if err != nil {
		t.Fatal(err)
	}
	// above gives a code and the codes above it.
	above := func(list, code string) []string {
		out := []string{code}
		l, ok := codes.List(list)
		if !ok { // of areas and the like: no code stands above another
			return out
		}
		for c, ok := l.Code(code); ok && c.Parent != ""; c, ok = l.Code(c.Parent) {
			out = append(out, c.Parent)
		}
		return out
	}
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 2026))
			pick := func(from ...string) string { return from[rng.IntN(len(from))] }
			fx := parseFixture(t, fmt.Sprint("random cases ", seed), "set COUNTING_UNIT=PERSON")
			for row := range 300 {
				c := record.Case{Sheet: "cases", RowNo: row + 2, Concepts: record.NewConcepts()}
				set := func(id, v string) {
					at, _ := record.ConceptOf(id)
					c.Concepts[at] = v
				}
				for k, v := range base {
					set(k, v)
				}
				set("SEX", pick("F", "M", "_U", "_T"))
				set("AGE", pick("Y0T17", "Y0T11", "Y12T17", "Y_GE18", "_U"))
				set("EXPLOITATION", pick("LABOUR", "DOMESTIC_SERVITUDE", "SEXUAL", "BEGGING", "_U", "_T"))
				set("CITIZENSHIP", pick("COL", "PER", "_U"))
				set("ORIGIN", pick("COL", "PER", "_T"))
				set("DESTINATION", pick("PER", "CHL"))
				set("VICTIM_STATUS", pick("IDENTIFIED", "PRESUMED"))
				set("TIME_PERIOD", pick("2021-10", "2021-12", "2022-01", "2022-06", "2022-12", "2023-01", "2023-02"))
				fx.cases = append(fx.cases, c)
			}
			// The file covers October 2021 to February 2023.
			whole := map[string]string{"2021": "2021-10-01/P3M", "2022": "2022", "2023": "2023-01-01/P2M"}
			want := map[string]int{}
			for _, c := range fx.cases {
				month := c.Concepts.Get("TIME_PERIOD")
				for _, period := range []string{month, whole[month[:4]]} {
					for _, dims := range margins {
						keys := []string{period + " " + c.Concepts.Get("VICTIM_STATUS")}
						for _, d := range dims {
							var next []string
							for _, code := range above("CL_"+d, c.Concepts.Get(d)) {
								for _, k := range keys {
									if code != "_T" {
										next = append(next, k+" "+d+"="+code)
									}
								}
							}
							keys = next
						}
						for _, k := range keys {
							want[k]++
						}
					}
				}
			}
			id := take(t, s, fx)
			got := map[string]int{}
			rows, err := s.DB().Query(`SELECT TIME_PERIOD, VICTIM_STATUS, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, DESTINATION, OBS_VALUE, n_cells
				FROM observation WHERE submission_id = ?`, id)
			if err != nil {
				t.Fatal(err)
			}
			defer rows.Close()
			for rows.Next() {
				v := make([]string, 8)
				var n float64
				var cells int
				if err := rows.Scan(&v[0], &v[1], &v[2], &v[3], &v[4], &v[5], &v[6], &v[7], &n, &cells); err != nil {
					t.Fatal(err)
				}
				key := v[0] + " " + v[1]
				for i, d := range []string{"SEX", "AGE", "EXPLOITATION", "CITIZENSHIP", "ORIGIN", "DESTINATION"} {
					if v[i+2] != "_T" {
						key += " " + d + "=" + v[i+2]
					}
				}
				if _, twice := got[key]; twice {
					t.Errorf("%s stands twice", key)
				}
				if got[key] = int(n); cells != got[key] {
					t.Errorf("%s: %d cells behind %d", key, cells, got[key])
				}
			}
			if err := rows.Err(); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("counts (-Go +SQL):\n%s", d)
			}
		})
	}
}

// TestTraceOfCases: an observation of case rows gives ranges of rows, as many
// rows as it counts, and nothing of what stands in them.
func TestTraceOfCases(t *testing.T) {
	s := openStore(t, 2)
	fx := readFixture(t, "testdata/cases-month.txt")
	id := take(t, s, fx)
	for _, o := range tracedObservations(t, s, id) {
		if !o.from.CasesHidden {
			t.Errorf("%s: not marked as case rows", o.key())
		}
		var rows int64
		for _, c := range o.from.Cells {
			rows += c.Rows
			if c.Raw != "" || c.Area != "" || c.Time != "" || strings.Trim(c.Place.Cell, "A:0123456789") != "" {
				t.Errorf("%s: shows %+v", o.key(), c)
			}
		}
		if rows != o.cells {
			t.Errorf("%s: %d rows listed, %d counted", o.key(), rows, o.cells)
		}
		if o.from.Purpose == "" || o.from.Value != o.quantity() {
			t.Errorf("%s: purpose %q, value %q", o.key(), o.from.Purpose, o.from.Value)
		}
	}
	// A breakdown that happens to be called cases is no case rows.
	fx = parseFixture(t, "called cases", "figures\ncell breakdown value\nB2 cases 12\n")
	id = take(t, s, fx)
	p := tracedObservations(t, s, id)[0].from
	if p.CasesHidden || len(p.Cells) != 1 || p.Cells[0].Raw != "12" {
		t.Errorf("figures of a breakdown called cases: %+v", p)
	}
}

// TestTrace checks what a trace says besides the cells.
func TestTrace(t *testing.T) {
	s := openStore(t, 2)
	fx := parseFixture(t, "traced", `
set COVERAGE=PARTIAL VICTIM_STATUS=PRESUMED

figures
sheet     cell  place  SEX  value
Víctimas  B2    Lima   F    <5
Víctimas  B3    Puno   F    7
`)
	take(t, s, fx)
	got := tracedObservations(t, s, idOf(fx))[0].from
	want := &harmonize.Provenance{ObsID: 100000001, Key: map[string]string{"REF_AREA": "PER", "INDICATOR": "VICTIMS_DETECTED", "SEX": "F", "TIME_PERIOD": "2023"},
		Value: "7–11", Grade: "C", Reasons: []string{"coverage-partial", "status-presumed", "value-censored"}, Derivation: "summed", Step: "20_places",
		Purpose: "sub-national places add up to the State's figure for the period", SummedOver: "AREA_DETAIL",
		Submission: idOf(fx), File: "traced.csv", SHA256: shaOf(fx), Layout: "traced", Version: "1.0.0", RunID: "test",
		Cells: []harmonize.Source{
			{Place: record.Place{File: "traced.csv", Sheet: "Víctimas", Cell: "B2"}, Raw: "<5", Area: "Lima", Time: "2023", Rows: 1},
			{Place: record.Place{File: "traced.csv", Sheet: "Víctimas", Cell: "B3"}, Raw: "7", Area: "Puno", Time: "2023", Rows: 1},
		}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if _, err := harmonize.Trace(context.Background(), s.DB(), 42); err == nil || !strings.Contains(err.Error(), "no observation 42") {
		t.Errorf("an observation that is not there: %v", err)
	}
	if i := slices.IndexFunc(got.Cells, func(c harmonize.Source) bool { return c.Place.String() != "traced.csv: 'Víctimas'!"+c.Place.Cell }); i >= 0 {
		t.Errorf("place %s", got.Cells[i].Place)
	}
}
