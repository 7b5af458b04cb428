package sdmx

import (
	"context"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

var released = &table.Control{Method: "suppression", Threshold: 5, ThresholdCases: 10}

// lines gives some columns of the lines of a State in data.csv.
func lines(t testing.TB, e *Export, area string, columns ...string) []string {
	t.Helper()
	var out []string
	for _, r := range readCSV(t, messages(t, e)["data.csv"]) {
		if r["REF_AREA"] != area {
			continue
		}
		var said []string
		for _, c := range columns {
			said = append(said, r[c])
		}
		out = append(out, strings.Join(said, " "))
	}
	return out
}

// TestOneOfTwo: of two files of one agency that give the same key, in two layouts, the
// one received last is taken, even where it says less, and the other is counted.
func TestOneOfTwo(t *testing.T) {
	const twice = `
INSERT INTO submission BY NAME SELECT * EXCLUDE (submission_id, seq, layout, file_sha256), repeat('e', 64) AS file_sha256, 'later' AS submission_id, 99 AS seq, 'another' AS layout FROM submission WHERE seq = 3;
INSERT INTO observation BY NAME SELECT * EXCLUDE (obs_id, submission_id, OBS_VALUE, OBS_STATUS), 901 AS obs_id, 'later' AS submission_id, 7 AS OBS_VALUE, 'P' AS OBS_STATUS FROM observation WHERE obs_id = 20;
INSERT INTO observation BY NAME SELECT * EXCLUDE (obs_id, submission_id, OBS_VALUE, LOWER_BOUND, UPPER_BOUND, OBS_STATUS), 902 AS obs_id, 'later' AS submission_id, NULL AS OBS_VALUE, NULL AS LOWER_BOUND, NULL AS UPPER_BOUND, 'L' AS OBS_STATUS FROM observation WHERE obs_id = 21;`
	p := table.Params{States: []string{"ARG"}, FromYear: 2021, ToYear: 2022}
	columns := []string{"INDICATOR", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS"}
	before, after := made(t, fixture(t, ""), p), made(t, fixture(t, twice), p)
	if before.LeftOut != 0 || after.LeftOut != 2 || before.Observations != after.Observations {
		t.Errorf("before %d of %d left out, after %d of %d", before.LeftOut, before.Observations, after.LeftOut, after.Observations)
	}
	got := lines(t, after, "ARG", columns...)
	for _, want := range []string{"VICTIMS_DETECTED 2021 7 P", "VICTIMS_DETECTED 2022  L"} {
		if !slices.Contains(got, want) {
			t.Errorf("no %q in %q", want, got)
		}
	}
}

// TestWithheld: nothing is told of what is withheld but that it was reported.
func TestWithheld(t *testing.T) {
	const masked = `
UPDATE observation SET OBS_VALUE = NULL, LOWER_BOUND = NULL, UPPER_BOUND = NULL, OBS_STATUS = 'Q', CONF_STATUS = 'A', COMMENT_OBS = 'three girls', grade = 'B', grade_reasons = ['censored'] WHERE obs_id = 20;
INSERT INTO observation BY NAME SELECT 910 + row_number() OVER () AS obs_id, f AS FREQ, p AS TIME_PERIOD, CAST(left(p, 4) AS INTEGER) AS REF_YEAR, s AS SEX, v AS OBS_VALUE, v AS LOWER_BOUND, v AS UPPER_BOUND, d AS derivation, status AS OBS_STATUS, 'MEX' AS REF_AREA, 'case' AS submission_id,
    o.* EXCLUDE (obs_id, FREQ, TIME_PERIOD, REF_YEAR, SEX, OBS_VALUE, LOWER_BOUND, UPPER_BOUND, derivation, OBS_STATUS, REF_AREA, submission_id)
FROM (FROM observation WHERE obs_id = 21) o, (VALUES
    ('A', '2019', '_T', NULL, 'counted', 'Q'), ('A', '2018', 'F', 12, 'counted', 'A')) t(f, p, s, v, d, status);
INSERT INTO submission BY NAME SELECT * EXCLUDE (submission_id, seq, layout, file_sha256), repeat('f', 64) AS file_sha256, 'case' AS submission_id, 98 AS seq, 'cases' AS layout FROM submission WHERE seq = 3;`
	s := fixture(t, masked)
	columns := []string{"TIME_PERIOD", "SEX", "OBS_VALUE", "OBS_STATUS", "CONF_STATUS", "COMMENT_OBS", "DERIVATION", "COMPARABILITY", "COMPARABILITY_REASONS"}
	e := made(t, s, table.Params{States: []string{"ARG", "MEX"}, FromYear: 2018, ToYear: 2021, Control: released})
	if got := lines(t, e, "ARG", columns...); !slices.Contains(got, "2021 _T  Q C    ") {
		t.Errorf("a withheld figure: %q", got)
	}
	cases := slices.DeleteFunc(lines(t, e, "MEX", columns...), func(l string) bool { return l > "2020" })
	if d := cmp.Diff([]string{"2018 F 12 A F  counted A ", "2019 _T  Q C    "}, cases); d != "" {
		t.Errorf("case rows (-want +got):\n%s", d)
	}
	if e.Withheld != 2 {
		t.Errorf("%d withheld", e.Withheld)
	}
	if all := made(t, s, table.Params{States: []string{"MEX"}, FromYear: 2018, ToYear: 2019}); all.Withheld != 0 || all.Observations != 2 {
		t.Errorf("without disclosure control: %d withheld of %d", all.Withheld, all.Observations)
	}
}

// TestUnknownCode: a code that no list has is refused before anything is written.
func TestUnknownCode(t *testing.T) {
	set, err := codelist.Load(nil) // without the fixture's own code
	if err != nil {
		t.Fatal(err)
	}
	_, err = Make(context.Background(), fixture(t, "").DB(), set, table.Params{})
	if err == nil || !strings.Contains(err.Error(), "the code PROSTITUTION in EXPLOITATION, which CL_EXPLOITATION lacks: add it to") {
		t.Errorf("%v", err)
	}
}

// TestDesign holds sdmx.yaml against structure.csv, the code lists and the SQL.
func TestDesign(t *testing.T) {
	d := loadedDesign(t)
	all, err := record.Structure()
	if err != nil {
		t.Fatal(err)
	}
	var ids, coded []string
	lists := map[string]bool{}
	for _, l := range d.Codelists {
		lists[l.ID] = true
	}
	for _, c := range d.components() {
		if slices.Contains(ids, c.ID) {
			t.Errorf("%s twice", c.ID)
		}
		ids = append(ids, c.ID)
		if c.Codelist != "" && !lists[c.Codelist] {
			t.Errorf("%s: code list %s is not sent", c.ID, c.Codelist)
		}
		if c.Codelist != "" || c.ID == d.Time {
			coded = append(coded, c.ID)
		}
	}
	for _, c := range all {
		if !slices.Contains(ids, c.ID) {
			t.Errorf("%s of structure.csv is no component", c.ID)
		}
	}
	// The columns of rows.sql are the components, in their order; values.sql reads the coded ones.
	sql := func(name string, re string) (out []string) {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(re).FindAllStringSubmatch(string(b), -1) {
			out = append(out, m[1])
		}
		return out
	}
	body := strings.Join(sql("rows.sql", `(?s)SELECT (.*?)FROM`), "")
	if diff := cmp.Diff(ids, regexp.MustCompile(`\w+`).FindAllString(body, -1)); diff != "" {
		t.Errorf("rows.sql (-sdmx.yaml +sql):\n%s", diff)
	}
	if diff := cmp.Diff(coded, sql("values.sql", `SELECT DISTINCT '(\w+)'`)); diff != "" {
		t.Errorf("values.sql (-sdmx.yaml +sql):\n%s", diff)
	}
	for _, lang := range record.Languages {
		for _, c := range d.Metadata.Attributes {
			if c.Name[lang] == "" {
				t.Errorf("%s has no name in %s", c.ID, lang)
			}
		}
		for _, c := range d.components() {
			if c.Name[lang] == "" {
				t.Errorf("%s has no name in %s", c.ID, lang)
			}
		}
	}
}

// TestPrepared: the messages are dated by the newest file of the store.
func TestPrepared(t *testing.T) {
	if got := made(t, fixture(t, ""), table.Params{}).Prepared.String(); got != "2025-10-20 10:00:00 +0000 UTC" {
		t.Error(got)
	}
}
