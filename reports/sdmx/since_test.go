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
			older, err := ReadOlder(bytes.NewReader(sent), states)
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
		if _, err := ReadOlder(strings.NewReader(text), nil); !errors.Is(err, ErrNotWhole) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
