package table

import (
	"cmp"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/oas/tipstat/transform/record"
)

// withhold does to figures what disclosure control does (transform/disclosure/mask.sql).
func withhold(t testing.TB, db *sql.DB, where string) {
	t.Helper()
	exec(t, db, `UPDATE observation SET OBS_VALUE = NULL, LOWER_BOUND = NULL, UPPER_BOUND = NULL, OBS_STATUS = 'Q', CONF_STATUS = 'C',
		n_cells = 0, n_missing = 0, raw_text = '', COMMENT_OBS = '' WHERE `+where)
}

// counted is what the quality report counts as a figure.
const counted = `(OBS_VALUE IS NOT NULL OR LOWER_BOUND > 0)`

// says gives what a table says, row by row, without the columns left out.
func says(tab *Table, leaveOut ...string) string {
	var b strings.Builder
	for _, r := range tab.Rows {
		for _, l := range r.Stub {
			b.WriteString(l.Code + " ")
		}
		for j, c := range r.Cells {
			if h := tab.Columns[j].Codes[0]; !slices.Contains(leaveOut, h) {
				fmt.Fprintf(&b, "| %s %s ", h, c.Text)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// TestWithheldIsReported: what tables about reporting say is the same when every
// figure is withheld, but for what they say of sizes and of grades.
func TestWithheldIsReported(t *testing.T) {
	before, after := fixture(t), fixture(t)
	withhold(t, after, counted)
	for _, c := range []struct {
		id       string
		leaveOut []string
	}{
		{"quality-reporting", []string{"COMPARABLE"}},
		{"quality-completeness", nil},
		{"quality-timeliness", nil},
		{"quality-coherence", []string{"CHECKED", "DISAGREE", "UNCLEAR", "RANGES", "INCOMPLETE"}},
		{"quality-next-steps", nil},
		{"implementation", nil},
	} {
		want, got := build(t, before, spec(t, c.id), Params{}), build(t, after, spec(t, c.id), Params{})
		if x, y := says(want, c.leaveOut...), says(got, c.leaveOut...); x != y {
			t.Errorf("%s: it says\n%s; with all figures withheld\n%s", c.id, x, y)
		}
	}
	if got := at(t, build(t, after, spec(t, "quality-reporting"), Params{}), "COMPARABLE", "ARG").Text; got != ".." {
		t.Errorf("of figures that are all withheld %s per cent have a good grade; want none said", got)
	}
}

// TestWithheldGrades: the grades of withheld figures are not counted, since one
// may be lower for bounds that a reporter gave.
func TestWithheldGrades(t *testing.T) {
	db := fixture(t)
	exec(t, db, `UPDATE observation SET grade = 'D' WHERE REF_AREA = 'ARG' AND SEX = 'F'`)
	mixed := at(t, build(t, db, spec(t, "quality-reporting"), Params{}), "COMPARABLE", "ARG").Text
	withhold(t, db, `REF_AREA = 'ARG' AND SEX = 'F' AND `+counted)
	if got := at(t, build(t, db, spec(t, "quality-reporting"), Params{}), "COMPARABLE", "ARG").Text; mixed == "100" || got != "100" {
		t.Errorf("%s per cent, and %s once those of a lower grade are withheld; want less than 100, and 100", mixed, got)
	}
}

// TestWithheldBreaks: a series whose figure of a year is withheld still is the one
// of that year, so that no other stands in for it as a break; of sizes nothing is told.
func TestWithheldBreaks(t *testing.T) {
	const series = `INSERT INTO observation BY NAME SELECT * REPLACE (%d AS obs_id, '%d' AS TIME_PERIOD, %d AS REF_YEAR, %d AS OBS_VALUE, '%s' AS VICTIM_STATUS, '%s' AS grade, %s AS grade_reasons,
		'A' AS OBS_STATUS, 0 AS n_missing) FROM observation WHERE obs_id = 20;`
	for _, c := range []struct{ what, where, reasons, want string }{
		{"all told", "false", "[]", "2001 JUMP"},
		{"the year of the jump", "obs_id = 602", "[]", ""},
		{"the year before it", "obs_id = 600", "[]", ""},
		{"whether or not it was within bounds", "obs_id = 602", "['value-censored']", ""},
	} {
		db := fixture(t)
		exec(t, db, `DELETE FROM observation WHERE REF_AREA = 'ARG' AND obs_id <> 20`)
		exec(t, db, fmt.Sprintf(series, 600, 2000, 2000, 40, "IDENTIFIED", "A", "[]")+fmt.Sprintf(series, 601, 2000, 2000, 50, "PRESUMED", "C", "['status-presumed']")+
			fmt.Sprintf(series, 602, 2001, 2001, 400, "IDENTIFIED", map[bool]string{true: "A", false: "B"}[c.reasons == "[]"], c.reasons)+
			fmt.Sprintf(series, 603, 2001, 2001, 60, "PRESUMED", "C", "['status-presumed']")+`DELETE FROM observation WHERE obs_id = 20`)
		withhold(t, db, c.where)
		var got []string
		tab := build(t, db, spec(t, "quality-breaks"), Params{States: []string{"ARG"}})
		for _, r := range tab.Rows {
			got = append(got, r.Stub[3].Code+" "+map[string]string{"three times as many or a third": "JUMP"}[r.Cells[0].Text])
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%s: breaks %q; want %q", c.what, s, c.want)
		}
	}
}

// TestWithheldIsNotAbsent: States whose figures are all withheld are told from
// those without any, in each language.
func TestWithheldIsNotAbsent(t *testing.T) {
	for _, c := range []struct {
		what, where      string
		absent, withheld int
	}{
		{"nobody", "false", 1, 0},
		{"one State", "REF_AREA = 'ARG'", 1, 1},
		{"one figure of it", "REF_AREA = 'ARG' AND REF_YEAR = 2021", 1, 0},
		{"all", counted, 1, 2},
	} {
		db := fixture(t)
		withhold(t, db, `(`+c.where+`) AND INDICATOR = 'VICTIMS_DETECTED' AND REF_AREA IN ('ARG', 'MEX')`)
		for _, lang := range record.Languages {
			w := newWriter(lang, 0)
			want := map[string]int{"note.absent": c.absent, "note.absent.withheld": c.withheld}
			tab := build(t, db, spec(t, "victims"), Params{Lang: lang, States: []string{"ARG", "MEX", "USA"}, FromYear: 2021, ToYear: 2022})
			for key, n := range want {
				text := w.word(key, "n", w.count(n), "total", w.count(3))
				start, _, _ := strings.Cut(w.word(key), "{n}")
				i := slices.IndexFunc(tab.Notes, func(x Note) bool { return strings.HasPrefix(x.Text, start) })
				switch {
				case n == 0 && i >= 0:
					t.Errorf("%s, %s: %s", c.what, lang, tab.Notes[i].Text)
				case n > 0 && (i < 0 || tab.Notes[i].Text != text):
					t.Errorf("%s, %s: no note %q", c.what, lang, text)
				}
			}
		}
	}
}

// TestWithheldYears: a store of withheld figures has years, and a table of them
// does not say that there are none.
func TestWithheldYears(t *testing.T) {
	db := fixture(t)
	s := spec(t, "victims")
	years := func(tab *Table) (out []string) {
		for _, h := range tab.Columns {
			out = append(out, cmp.Or(h.Codes...))
		}
		return out
	}
	before := build(t, db, s, Params{})
	withhold(t, db, "coalesce(OBS_VALUE, LOWER_BOUND, UPPER_BOUND) IS NOT NULL")
	after := build(t, db, s, Params{})
	if x, y := years(before), years(after); !slices.Equal(x, y) {
		t.Errorf("years %v; with all withheld %v", x, y)
	}
	for _, n := range after.Notes {
		if n.Text == Word("en", "note.nodata") {
			t.Error("withheld figures are said not to be held")
		}
	}
	// Of a table without any figure the store still says what it holds otherwise.
	exec(t, db, `DELETE FROM observation WHERE INDICATOR = 'VICTIMS_DETECTED' AND SEX = '_T' AND AGE = '_T'`)
	silent := build(t, db, s, Params{})
	if !slices.ContainsFunc(silent.Notes, func(n Note) bool { return strings.Contains(n.Text, "--measure VICTIMS_DETECTED --rows") }) {
		t.Error("nothing is said of withheld figures by sex and age")
	}
}

// TestWithheldSum: a sum over withheld parts is withheld where nothing else is
// known of it, and says that a part is where it is known from below.
func TestWithheldSum(t *testing.T) {
	for _, c := range []struct {
		what, values string // of three citizenships; obs_id 700 and on
		hide, want   string
		explained    bool
	}{
		{"all told", "40, 12, 0", "false", "52", false},
		{"one part withheld", "40, 12, 0", "obs_id = 701", "≥40", true},
		{"what is told is nil", "40, 12, 0", "obs_id IN (700, 701)", "c", false},
		{"all withheld", "40, 12, 0", "obs_id BETWEEN 700 AND 702", "c", false},
		{"a part that nobody counted too", "40, 12, NULL", "obs_id IN (700, 701)", "..", false},
		{"only such a part", "40, 12, NULL", "false", "≥52", false},
	} {
		db := fixture(t)
		for i, v := range strings.Split(c.values, ", ") {
			exec(t, db, fmt.Sprintf(`INSERT INTO observation BY NAME SELECT * REPLACE (%d AS obs_id, '%s' AS CITIZENSHIP, %s AS OBS_VALUE, %s AS LOWER_BOUND, %[3]s AS UPPER_BOUND,
				'%s' AS OBS_STATUS) FROM observation WHERE obs_id = 21`, 700+i, []string{"BOL", "PRY", "COL"}[i], v, v, map[bool]string{true: "L", false: "A"}[v == "NULL"]))
		}
		withhold(t, db, c.hide)
		tab := build(t, db, spec(t, "citizens"), Params{States: []string{"ARG"}, FromYear: 2022, ToYear: 2022})
		got := at(t, tab, "CROSS_BORDER", "ARG")
		explained := slices.ContainsFunc(tab.Symbols, func(y Symbol) bool { return y.Text == Word("en", "symbol.atleast.withheld") })
		if got.Text != c.want || got.Withheld() != (c.want == "c") || explained != c.explained {
			t.Errorf("%s: %s, status %s, explained %v; want %s, %v", c.what, got.Text, got.Status, explained, c.want, c.explained)
		}
	}
}
