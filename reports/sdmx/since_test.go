package sdmx

import (
	"bytes"
	"encoding/csv"
	"errors"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/oas/tipstat/reports/table"
)

// later is what files that came later did to the store: figures that are gone, that are
// others, that are new, among them one of a code that only they have.
const later = `
DELETE FROM observation WHERE REF_AREA = 'ARG' AND SEX = 'F';
UPDATE observation SET OBS_VALUE = OBS_VALUE + 1, LOWER_BOUND = OBS_VALUE + 1, UPPER_BOUND = OBS_VALUE + 1 WHERE obs_id = 20;
INSERT INTO observation BY NAME SELECT 901 AS obs_id, '2018-Q3' AS TIME_PERIOD, 'Q' AS FREQ, 'JAM' AS CITIZENSHIP, o.* EXCLUDE (obs_id, TIME_PERIOD, FREQ, CITIZENSHIP)
    FROM (FROM observation WHERE obs_id = 20) o;
`

// byAction reads SDMX-CSV as action and line by key.
func byAction(t *testing.T, e *Export) (actions, byKey map[string]string) {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(messages(t, e)["data.csv"])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	actions, byKey = map[string]string{}, map[string]string{}
	for _, row := range rows[1:] {
		key := strings.Join(row[3:3+len(e.design.dimensions)], ".")
		if actions[key] != "" {
			t.Errorf("%s is told twice", key)
		}
		actions[key], byKey[key] = row[2], strings.Join(row[3:], "|")
	}
	return actions, byKey
}

// TestSince: whoever does what the changes say to the older export has the newer one.
func TestSince(t *testing.T) {
	for _, p := range []table.Params{{}, {Control: sample.Control}, {States: []string{"HND"}}} {
		older, newer, changes := made(t, fixture(t, ""), p), made(t, fixture(t, later), p), made(t, fixture(t, later), p)
		if err := changes.Since(t.Context(), older); err != nil {
			t.Fatal(err)
		}
		_, have := byAction(t, older)
		actions, told := byAction(t, changes)
		for key, action := range actions {
			_, there := have[key]
			if there == (action == "A") {
				t.Errorf("%s: %s, there before: %t", key, action, there)
			}
			if action == "D" {
				delete(have, key)
			} else {
				have[key] = told[key]
			}
		}
		_, want := byAction(t, newer)
		if d := cmp.Diff(want, have); d != "" {
			t.Errorf("(-newer +older with its changes)\n%s", d)
		}
		if n := changes.Changes; len(p.States) == 0 && (n["Delete"] == 0 || n["Replace"] == 0 || n["Append"] == 0) || int(n["Delete"]+n["Replace"]+n["Append"]) != len(actions) {
			t.Errorf("%v; %d lines", n, len(actions))
		}
	}
}

// TestSinceNothing: nothing changed, and nothing is said.
func TestSinceNothing(t *testing.T) {
	e := made(t, fixture(t, ""), table.Params{})
	if err := e.Since(t.Context(), made(t, fixture(t, ""), table.Params{})); err != nil {
		t.Fatal(err)
	}
	if actions, _ := byAction(t, e); len(actions) > 0 {
		t.Errorf("%v", slices.Sorted(maps.Keys(actions)))
	}
}

// TestSinceIsValid: so are its messages by the official schemas.
func TestSinceIsValid(t *testing.T) {
	e := made(t, fixture(t, later), table.Params{})
	if err := e.Since(t.Context(), made(t, fixture(t, ""), table.Params{})); err != nil {
		t.Fatal(err)
	}
	all := messages(t, e)
	for _, action := range []string{"Delete", "Replace", "Append"} {
		if !bytes.Contains(all["data.xml"], []byte(`ss:action="`+action+`"`)) {
			t.Errorf("no %s in data.xml", action)
		}
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	schema, err := c.Compile(officialSchema(t, "json-2.0/sdmx-json-data-schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(all["data.json"]))
	if err == nil {
		err = schema.Validate(v)
	}
	if err != nil {
		t.Errorf("data.json: %.2000s", err)
	}
	program, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not here: install Debian's libxml2-utils")
	}
	lint := linter(t, program, ml30, officialSchema(t, "ml-3.0/SDMXMessage.xsd"), e, all["data.xsd"])
	if out, err := lint("data.xml", all["data.xml"]); err != nil {
		t.Errorf("data.xml: %v\n%.2000s", err, out)
	}
}

// TestOlder: an export that is read back from its csv tells the same changes as the store
// of then, and none of itself.
func TestOlder(t *testing.T) {
	for _, states := range [][]string{nil, {"HND"}} {
		p := table.Params{Control: sample.Control, States: states}
		sent := messages(t, made(t, fixture(t, ""), table.Params{Control: sample.Control}))["data.csv"]
		read := func() *Export {
			older, err := ReadOlder(bytes.NewReader(sent), Base{States: states})
			if err != nil {
				t.Fatal(err)
			}
			return older
		}
		want, have, none := made(t, fixture(t, later), p), made(t, fixture(t, later), p), made(t, fixture(t, ""), p)
		if err := want.Since(t.Context(), made(t, fixture(t, ""), p)); err != nil {
			t.Fatal(err)
		}
		if err := have.Since(t.Context(), read()); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(messages(t, want)["data.csv"]), string(messages(t, have)["data.csv"])); d != "" {
			t.Errorf("%v: (-of the store +of the csv)\n%s", states, d)
		}
		if err := none.Since(t.Context(), read()); err != nil || len(none.Changes) > 0 {
			t.Errorf("%v: of itself: %v %v", states, none.Changes, err)
		}
	}
	for name, text := range map[string]string{"empty": "", "another": "a,b\n1,2\n", "changes": "", "cut": ""} {
		e := made(t, fixture(t, later), table.Params{})
		if name == "changes" {
			if err := e.Since(t.Context(), made(t, fixture(t, ""), table.Params{})); err != nil {
				t.Fatal(err)
			}
			text = string(messages(t, e)["data.csv"])
		}
		if name == "cut" {
			text = string(messages(t, e)["data.csv"])
			text = text[:len(text)/2]
			text = text[:strings.LastIndexByte(text, ',')] // a line of too few cells
		}
		if _, err := ReadOlder(strings.NewReader(text), Base{}); !errors.Is(err, ErrNotWhole) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestOlderIsWhole: a data.csv that is not what an export writes is no base, and it is said
// what is wrong with it and on which line: else a receiver would be told to delete nothing of
// what is missing there, or told twice.
func TestOlderIsWhole(t *testing.T) {
	sent := string(messages(t, made(t, fixture(t, ""), table.Params{Control: sample.Control}))["data.csv"])
	lines := strings.SplitAfter(strings.TrimSuffix(sent, "\n"), "\n")
	with := func(n int, change func(string) string) string {
		changed := slices.Clone(lines)
		changed[n-1] = change(changed[n-1])
		return strings.Join(changed, "")
	}
	replace := func(old, new string) func(string) string {
		return func(s string) string { return strings.Replace(s, old, new, 1) }
	}
	for name, c := range map[string]struct {
		text  string
		fault BaseFault
		line  int
	}{
		"empty":            {"", BaseNothing, 1},
		"head alone":       {lines[0], BaseNothing, 1},
		"mark":             {"\ufeff" + sent, BaseMarked, 1},
		"semicolons":       {strings.ReplaceAll(sent, ",", ";"), BaseSemicolons, 1},
		"columns":          {strings.Replace(sent, ",SEX,", ",GENDER,", 1), BaseColumns, 1},
		"cut in a line":    {sent[:len(sent)-60], BaseMalformed, len(lines)},
		"another dataflow": {with(3, replace("OAS:TIP(1.0.0)", "OAS:OTHER(1.0.0)")), BaseStructure, 3},
		"another version":  {with(4, replace("OAS:TIP(1.0.0)", "OAS:TIP(2.0.0)")), BaseStructure, 4},
		"of changes":       {with(2, replace(",I,", ",R,")), BaseChanges, 2},
		"no State":         {with(5, replace(",ARG,", ",,")), BaseKey, 5},
		"no period":        {with(2, replace(",20", ",x20")), BasePeriod, 2},
		"twice":            {sent + lines[2], BaseTwice, len(lines) + 1},
	} {
		_, err := ReadOlder(strings.NewReader(c.text), Base{States: []string{"JAM"}}) // whatever part is asked for
		var bad *BaseError
		if !errors.As(err, &bad) || bad.Fault != c.fault || bad.Line != c.line || !errors.Is(err, ErrNotWhole) {
			t.Errorf("%s: %v; want %s on line %d", name, err, c.fault, c.line)
		}
	}
}

// TestSinceOfYears: of the older export too only the years asked for are looked at, so that
// none of the others are deleted.
func TestSinceOfYears(t *testing.T) {
	sent := messages(t, made(t, fixture(t, ""), table.Params{}))["data.csv"]
	p := table.Params{FromYear: 2023, ToYear: 2023}
	older, err := ReadOlder(bytes.NewReader(sent), Base{Period: func(p string) (bool, error) { return strings.HasPrefix(p, "2023"), nil }})
	if err != nil {
		t.Fatal(err)
	}
	e := made(t, fixture(t, ""), p)
	if err := e.Since(t.Context(), older); err != nil || len(e.Changes) > 0 || older.Observations == 0 {
		t.Errorf("%v %v; %d compared", e.Changes, err, older.Observations)
	}
}

// TestSinceRetired: what has a code that the vocabulary has no more is deleted by its key,
// and the structures of the changes have the code, so that the message is valid by them.
func TestSinceRetired(t *testing.T) {
	sent := string(messages(t, made(t, fixture(t, ""), table.Params{}))["data.csv"])
	lines := strings.SplitAfter(sent, "\n")
	gone := strings.Replace(lines[2], ",_T,", ",GONE,", 1) // SEX
	older, err := ReadOlder(strings.NewReader(sent+gone), Base{})
	if err != nil {
		t.Fatal(err)
	}
	e := made(t, fixture(t, ""), table.Params{})
	if err := e.Since(t.Context(), older); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[string]int64{"Delete": 1}, e.Changes); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"CL_SEX GONE"}, e.Retired()); d != "" {
		t.Error(d)
	}
	all := messages(t, e)
	for name, want := range map[string]string{"data.csv": "),D,", "data.json": `"id":"GONE"`, "structure.xml": `Code=OAS:CL_SEX(1.0.0).GONE"`, "data.xsd": `<xs:enumeration value="GONE"/>`} {
		if !strings.Contains(string(all[name]), want) {
			t.Errorf("%s lacks %s", name, want)
		}
	}
	if !strings.Contains(string(all["structure.xml"]), "GONE (ya no está en la lista)") {
		t.Error("structure.xml does not say that the code is gone")
	}
}

// TestOtherWay: it is told where of one figure the one export was rounded and the other
// was not, and not where both were or neither.
func TestOtherWay(t *testing.T) {
	const round = `UPDATE observation SET COMMENT_OBS = 'rounded' WHERE UNIT_MEASURE = 'NUMBER'`
	for _, c := range []struct {
		then, now string
		want      bool
	}{{"", "", false}, {round, round, false}, {round, "", true}, {"", round, true}, {round, round + "; UPDATE observation SET COMMENT_OBS = 'conflict' WHERE obs_id = 20", false}} {
		e := made(t, fixture(t, c.now), table.Params{})
		if err := e.Since(t.Context(), made(t, fixture(t, c.then), table.Params{})); err != nil {
			t.Fatal(err)
		}
		if got, err := e.OtherWay(t.Context()); got != c.want || err != nil {
			t.Errorf("%q, %q: %t %v", c.then, c.now, got, err)
		}
	}
}

// TestMessageID: messages of one time that say different things have different ids, and
// those that say the same in another format or language have one.
func TestMessageID(t *testing.T) {
	id := func(kind string, messages map[string][]byte, file string) string {
		t.Helper()
		_, after, ok := strings.Cut(string(messages[file]), "TIP_"+kind+"_")
		if !ok || len(after) < 29 {
			t.Fatalf("%s has no id", file)
		}
		return after[:29]
	}
	open, secret := made(t, fixture(t, ""), table.Params{}), made(t, fixture(t, "UPDATE observation SET OBS_VALUE = NULL, OBS_STATUS = 'Q' WHERE obs_id = 20"), table.Params{})
	if !open.Prepared.Equal(secret.Prepared) {
		t.Fatal("they are of two times")
	}
	changes := made(t, fixture(t, later), table.Params{})
	if err := changes.Since(t.Context(), made(t, fixture(t, ""), table.Params{})); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, e := range []*Export{open, secret, changes} {
		all := messages(t, e)
		if x, j := id("DATA", all, "data.xml"), id("DATA", all, "data.json"); x != j || seen[x] {
			t.Errorf("data.xml %s, data.json %s; seen: %v", x, j, seen)
		} else {
			seen[x] = true
		}
		if x, j := id("STRUCTURE", all, "structure.xml"), id("STRUCTURE", all, "structure.json"); x != j {
			t.Errorf("structure.xml %s, structure.json %s", x, j)
		}
		if x, j := id("METADATA", all, "metadata.xml"), id("METADATA", all, "metadata.json"); x != j {
			t.Errorf("metadata.xml %s, metadata.json %s", x, j)
		}
	}
	if x, y := id("DATA", messages(t, open), "data.xml"), id("DATA", messages(t, made(t, fixture(t, ""), table.Params{Lang: "pt"})), "data.xml"); x != y {
		t.Errorf("in English %s, in Portuguese %s", x, y)
	}
}
