package table

import (
	"context"
	"database/sql"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/store"
)

func fixture(t testing.TB) *sql.DB {
	t.Helper()
	s, err := store.Open(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	b, err := os.ReadFile("../testdata/fixture.sql")
	if err != nil {
		t.Fatal(err)
	}
	exec(t, s.DB(), string(b))
	return s.DB()
}

func exec(t testing.TB, db *sql.DB, q string) {
	t.Helper()
	if _, err := db.ExecContext(context.Background(), q); err != nil {
		t.Fatal(err)
	}
}

func spec(t testing.TB, id string) Spec {
	t.Helper()
	specs, err := Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(specs, func(s Spec) bool { return s.ID == id })
	if i < 0 {
		t.Fatalf("no table %s", id)
	}
	return specs[i]
}

func build(t testing.TB, db *sql.DB, s Spec, p Params) *Table {
	t.Helper()
	tab, err := Build(context.Background(), db, s, p)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// at gives the cell in the row whose stub begins with these codes.
func at(t testing.TB, tab *Table, column string, stub ...string) Cell {
	t.Helper()
	for _, r := range tab.Rows {
		match := r.Kind != CoveredRow
		for i, c := range stub {
			match = match && r.Stub[i].Code == c
		}
		for j, h := range tab.Columns {
			if match && strings.Join(h.Codes, ",") == column {
				return r.Cells[j]
			}
		}
	}
	t.Fatalf("no cell %v %s", stub, column)
	return Cell{}
}

func noteTexts(tab *Table, marks []string) string {
	var out []string
	for _, n := range tab.Notes {
		if slices.Contains(marks, n.Mark) {
			out = append(out, n.Text)
		}
	}
	return strings.Join(out, " ")
}

func TestCells(t *testing.T) {
	tab := build(t, fixture(t), spec(t, "victims"), Params{})
	for _, c := range []struct{ what, area, agency, year, text, grade, note string }{
		{"figure", "ARG", "UNODC", "2021", "1,150", "A", ""},
		{"true zero", "PER", "PER_PNP", "2022", "-", "C", ""},
		{"censored", "PER", "UNODC", "2021", "0–4", "B", "Known only within bounds"},
		{"range", "PER", "UNODC", "2022", "12–16", "B", ""},
		{"parts missing", "PER", "PER_PNP", "2023", "≥1,234", "C", "coverage"},
		{"sum of nothing", "JAM", "UNODC", "2023", "..", "", ""},
		{"no row", "ARG", "UNODC", "2023", "..", "", ""},
		{"not collected", "BRA", "UNODC", "2021", "nc", "", ""},
		{"not applicable", "BRA", "UNODC", "2022", "...", "", ""},
		{"suppressed without bounds", "BRA", "UNODC", "2023", "c", "", ""},
		{"provisional", "JAM", "UNODC", "2021", "10", "A", ""},
		{"two unlike figures", "JAM", "UNODC", "2022", "..", "", "none is shown: 11; 13"},
		{"total against parts", "PER", "PER_PNP", "2021", "725", "C", "reported total 725, sum of its parts 641"},
		{"revision", "PER", "PER_PNP", "2021", "725", "C", "revised from 700"},
	} {
		got := at(t, tab, c.year, c.area, c.agency)
		if got.Text != c.text || got.Grade != c.grade || !strings.Contains(noteTexts(tab, got.Marks), c.note) {
			t.Errorf("%s: %q grade %q notes %q; want %q, %q, %q", c.what, got.Text, got.Grade, noteTexts(tab, got.Marks), c.text, c.grade, c.note)
		}
	}
	if got := at(t, tab, "2021", "JAM").Marks; !slices.Equal(got, []string{"p"}) {
		t.Errorf("a provisional figure has the marks %v", got)
	}
}

// TestNoZeroForSilence: a zero or a "-" stands on an observation that says zero.
func TestNoZeroForSilence(t *testing.T) {
	db := fixture(t)
	for _, id := range []string{"victims", "victims-sex-age", "victims-exploitation", "citizenship", "routes", "justice", "rates"} {
		for _, r := range build(t, db, spec(t, id), Params{}).Rows {
			for _, c := range r.Cells {
				if r.Kind == CoveredRow || (c.Text != "-" && c.Text != "0" && (c.Value == nil || *c.Value != 0)) {
					continue
				}
				for _, obs := range c.ObsIDs {
					var v sql.NullFloat64
					if err := db.QueryRow(`SELECT OBS_VALUE FROM observation WHERE obs_id = ?`, obs).Scan(&v); err != nil || !v.Valid || v.Float64 != 0 {
						t.Errorf("%s: %q stands on observation %d = %v, %v", id, c.Text, obs, v, err)
					}
				}
				if len(c.ObsIDs) == 0 {
					t.Errorf("%s: %q stands on nothing", id, c.Text)
				}
			}
		}
	}
}

func TestEveryStateIsARow(t *testing.T) {
	db := fixture(t)
	for _, id := range []string{"victims", "victims-sex-age", "victims-exploitation", "citizenship", "routes", "justice", "rates", "treaties"} {
		got := map[string]bool{}
		for _, r := range build(t, db, spec(t, id), Params{}).Rows {
			got[r.Area] = true
		}
		for _, s := range []string{"ARG", "BRA", "CAN", "CUB", "JAM", "MEX", "NIC", "PER", "USA", "VEN"} {
			if !got[s] {
				t.Errorf("%s: %s has no row", id, s)
			}
		}
	}
	// With an empty store too.
	exec(t, db, `DELETE FROM observation; DELETE FROM treaty_action;`)
	for _, id := range []string{"victims", "treaties"} {
		tab := build(t, db, spec(t, id), Params{})
		if len(tab.Columns) != 0 || len(tab.Rows) != 10 {
			t.Errorf("%s of an empty store: %d columns, %d rows", id, len(tab.Columns), len(tab.Rows))
		}
	}
	if tab := build(t, db, spec(t, "victims"), Params{FromYear: 2020, ToYear: 2021}); at(t, tab, "2021", "USA").Text != ".." {
		t.Error("a State of an empty store is not \"..\"")
	}
}

func TestSourcesAreNotBlended(t *testing.T) {
	tab := build(t, fixture(t), spec(t, "victims"), Params{States: []string{"PER"}})
	var got []string
	for _, r := range tab.Rows {
		if r.Kind == SeriesRow {
			got = append(got, r.SourceAgency+" "+r.Layout+" "+r.VictimStatus)
		}
	}
	if want := []string{"UNODC unodc-glotip DETECTED", "PER_PNP per-pnp PRESUMED"}; !slices.Equal(got, want) {
		t.Errorf("rows of Peru: %v; want %v", got, want)
	}
}

// TestSameStub: rows that would read alike are told apart by what differs.
func TestSameStub(t *testing.T) {
	db := fixture(t)
	exec(t, db, `INSERT INTO observation BY NAME SELECT * REPLACE (500 AS obs_id, 'CASE' AS COUNTING_UNIT, 3 AS OBS_VALUE) FROM observation WHERE obs_id = 20;
		INSERT INTO observation BY NAME SELECT * REPLACE (501 AS obs_id, 'POLICE' AS IDENTIFIED_BY, 4 AS OBS_VALUE) FROM observation WHERE obs_id = 21`)
	s := spec(t, "victims")
	s.Stub = s.Stub[:2]
	var got []string
	for _, r := range build(t, db, s, Params{States: []string{"ARG"}}).Rows {
		if r.Kind == SeriesRow {
			got = append(got, r.Stub[1].Text)
		}
	}
	if want := []string{"UNODC · CASE", "UNODC · Persons · POLICE", "UNODC · Persons · _U"}; !slices.Equal(got, want) {
		t.Errorf("rows %v; want %v", got, want)
	}
}

func withFloor(s Spec, n int, grades ...string) Spec {
	total := *s.Total
	total.MinStates = n
	if len(grades) > 0 {
		total.Grades = grades
	}
	s.Total = &total
	return s
}

func TestTotal(t *testing.T) {
	db := fixture(t)
	for _, c := range []struct {
		what, year, text, grade string
		spec                    Spec
		states                  []string
		covered                 string
	}{
		// ARG 1150 + MEX 200 + JAM 10 + NIC 7 + PER (UNODC, B) 0–4. Canada counts incidents, Peru's police is C.
		{"bounds are summed", "2021", "1,367–1,371", "B", withFloor(spec(t, "victims"), 5), nil, "5"},
		{"below the floor", "2021", "..", "", withFloor(spec(t, "victims"), 6), nil, "5"},
		{"grade A only", "2021", "1,167", "A", withFloor(spec(t, "victims"), 3, "A"), nil, "3"},
		{"a figure of parts leaves the sum open", "2023", "≥1,234", "C", withFloor(spec(t, "victims"), 1, "C"), nil, "1"},
		{"one series of a State, the best grade", "2023", "20", "A", withFloor(spec(t, "victims"), 1, "A", "B", "C"), nil, "1"},
		{"unlike units are never summed", "2021", "..", "", withFloor(spec(t, "victims"), 1, "D"), nil, "0"},
		{"a choice of States", "2021", "1,350", "B", withFloor(spec(t, "victims"), 10), []string{"ARG", "MEX"}, "2"},
		{"a choice of States, one silent", "2022", "..", "", withFloor(spec(t, "victims"), 10), []string{"ARG", "MEX"}, "1"},
	} {
		tab := build(t, db, c.spec, Params{States: c.states})
		got := at(t, tab, c.year, "_T")
		last := tab.Rows[len(tab.Rows)-1]
		i := slices.IndexFunc(tab.Columns, func(h Heading) bool { return h.Codes[0] == c.year })
		if got.Text != c.text || got.Grade != c.grade || last.Kind != CoveredRow || last.Cells[i].Text != c.covered {
			t.Errorf("%s: %q %q covers %q; want %q %q %q", c.what, got.Text, got.Grade, last.Cells[i].Text, c.text, c.grade, c.covered)
		}
		if got.Text == ".." && !strings.Contains(noteTexts(tab, got.Marks), "Withheld") {
			t.Errorf("%s: a total is withheld without a note", c.what)
		}
	}
}

// TestTotalPrefersTheNewestFile: of two series of one grade the newer counts.
func TestTotalPrefersTheNewestFile(t *testing.T) {
	db := fixture(t)
	exec(t, db, `UPDATE observation SET grade = 'A', COUNTING_UNIT = 'PERSON' WHERE obs_id = 40; UPDATE observation SET REF_AREA = 'ARG' WHERE obs_id = 40`)
	if got := at(t, build(t, db, withFloor(spec(t, "victims"), 1, "A"), Params{States: []string{"ARG"}}), "2021", "_T").Text; got != "500" {
		t.Errorf("total %s; want 500, from the file received last", got)
	}
}

func TestUnclear(t *testing.T) {
	db := fixture(t)
	exec(t, db, `UPDATE observation SET OBS_VALUE = NULL, LOWER_BOUND = NULL, UPPER_BOUND = NULL, OBS_STATUS = 'O', COMMENT_OBS = 'conflict' WHERE obs_id = 20`)
	tab := build(t, db, spec(t, "victims"), Params{})
	if c := at(t, tab, "2021", "ARG"); c.Text != ".." || !strings.Contains(noteTexts(tab, c.Marks), "none is taken") {
		t.Errorf("a key with two values: %q, notes %q", c.Text, noteTexts(tab, c.Marks))
	}
}

func TestPeriods(t *testing.T) {
	tab := build(t, fixture(t), spec(t, "victims"), Params{})
	note := func(area string) string {
		for _, r := range tab.Rows {
			if r.Area == area && r.SourceAgency != "UNODC" || r.Area == area && area == "MEX" {
				return noteTexts(tab, r.Marks)
			}
		}
		return ""
	}
	for _, c := range []struct{ area, want string }{
		{"CAN", "Years run April to March"}, {"CAN", "2021/2022, 2022/2023"},
		{"PER", "January–September 2025: 384; a part of a year, not shown as a year"},
		{"MEX", "January–February 2022: 2 figures for parts of a year"},
	} {
		if got := note(c.area); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q; want %q", c.area, got, c.want)
		}
	}
	if strings.Contains(note("PER"), "January 2025") {
		t.Error("a month inside a longer period is listed beside it")
	}
	for _, h := range tab.Columns {
		if h.Codes[0] == "2025" {
			t.Error("part of a year has a column")
		}
	}
}

func TestYears(t *testing.T) {
	db := fixture(t)
	s := spec(t, "victims")
	years := func(p Params) string {
		var out []string
		for _, h := range build(t, db, s, p).Columns {
			out = append(out, h.Codes[0])
		}
		return strings.Join(out, " ")
	}
	for _, c := range []struct {
		last int
		p    Params
		want string
	}{
		{0, Params{}, "2021 2022 2023"}, {2, Params{}, "2022 2023"}, {0, Params{FromYear: 2022}, "2022 2023"},
		{2, Params{ToYear: 2022}, "2021 2022"}, {0, Params{FromYear: 2019, ToYear: 2020}, "2019 2020"}, {0, Params{FromYear: 2030}, "2030"},
	} {
		s.Years = c.last
		if got := years(c.p); got != c.want {
			t.Errorf("%+v, last %d: %s; want %s", c.p, c.last, got, c.want)
		}
	}
	for _, p := range []Params{{FromYear: 2022, ToYear: 2021}, {FromYear: 1000, ToYear: 2021}, {Lang: "de"}, {States: []string{"XXX"}}, {AsOf: "14/03/2015"}} {
		if _, err := Build(context.Background(), db, s, p); err == nil {
			t.Errorf("%+v was accepted", p)
		}
	}
}

func TestMembership(t *testing.T) {
	db := fixture(t)
	for _, c := range []struct {
		area string
		to   int
		want string
	}{{"NIC", 2023, "No longer a member State of the OAS since 19 Nov 2023."}, {"NIC", 2022, ""}, {"VEN", 2018, ""},
		{"VEN", 2023, "Sources disagree on its membership of the OAS since 2019."}, {"CUB", 2000, "Member State that does not participate in the OAS."}} {
		tab := build(t, db, spec(t, "victims"), Params{FromYear: c.to, ToYear: c.to})
		for _, r := range tab.Rows {
			if got := noteTexts(tab, r.Marks); r.Area == c.area && got != c.want {
				t.Errorf("%s in %d: %q; want %q", c.area, c.to, got, c.want)
			}
		}
	}
}

func TestTreaties(t *testing.T) {
	db := fixture(t)
	tab := build(t, db, spec(t, "treaties"), Params{})
	for _, c := range []struct{ area, instrument, want string }{
		{"ARG", "UNTOC", "party, ratified 19 Nov 2002"}, {"USA", "UNTOC", "signed 13 Dec 2000, not ratified"},
		{"NIC", "UNTOC", "party, acceded 9 Sep 2002"}, {"CAN", "UNTOC", "party, accepted 13 May 2002"}, {"PER", "UNTOC", "no action"},
	} {
		if got := at(t, tab, c.instrument, c.area).Text; got != c.want {
			t.Errorf("%s %s: %s; want %s", c.area, c.instrument, got, c.want)
		}
	}
	if got := tab.Rows[len(tab.Rows)-1].Cells; got[0].Text != "3" || got[1].Text != "2" {
		t.Errorf("States party: %s and %s; want 3 and 2", got[0].Text, got[1].Text)
	}
	if got := noteTexts(tab, tab.Columns[0].Marks); !strings.Contains(got, "the source goes to 14 Mar 2015") {
		t.Errorf("note on the instrument: %q", got)
	}
	if a := at(t, tab, "UNTOC", "ARG").Actions; len(a) != 2 || a[1].Raw != "19 Nov 2002" || a[1].SubmissionID != "555555555555" {
		t.Errorf("actions behind a cell: %+v", a)
	}
	early := build(t, db, spec(t, "treaties"), Params{AsOf: "2002-01-01"})
	if got := at(t, early, "UNTOC", "ARG").Text; got != "signed 12 Dec 2000, not ratified" {
		t.Errorf("Argentina on 1 January 2002: %s", got)
	}
	s := spec(t, "treaties")
	s.Columns[0].Present = false
	if got := at(t, build(t, db, s, Params{}), "CIFTA", "ARG").Text; got != ".." {
		t.Errorf("an instrument without a source: %s; want ..", got)
	}
}

func TestLanguages(t *testing.T) {
	db := fixture(t)
	want := map[string]string{"en": "1,150", "es": "1.150", "pt": "1.150", "fr": "1\u00a0150"}
	for _, lang := range record.Languages {
		if got := at(t, build(t, db, spec(t, "victims"), Params{Lang: lang}), "2021", "ARG").Text; got != want[lang] {
			t.Errorf("%s: %q; want %q", lang, got, want[lang])
		}
	}
}

// A store without figures gives a table without years, and no years of its own making.
func TestEmptyStoreNamesNoYear(t *testing.T) {
	for _, id := range []string{"victims-exploitation", "victims-sex-age"} {
		db := fixture(t)
		exec(t, db, `DELETE FROM observation`)
		for _, r := range build(t, db, spec(t, id), Params{Lang: "en"}).Rows {
			for _, l := range r.Stub {
				if strings.ContainsAny(l.Text, "0123456789") {
					t.Errorf("%s: %q stands in the stub of %s", id, l.Text, r.Area)
				}
			}
		}
	}
}
