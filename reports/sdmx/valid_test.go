package sdmx

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/testdata/realdata"
)

// officialSchema finds a schema of the SDMX technical working group, which is no
// part of the project, beside the real data.
func officialSchema(t testing.TB, name string) string {
	t.Helper()
	return realdata.Beside(t, "sdmx-schemas/"+name)
}

// exports are what is held against the schemas: more than the golden sample, in
// each language, with and without disclosure control, and nothing at all.
var exports = map[string]table.Params{
	"sample": sample, "all": {}, "fr": {Lang: "fr", Control: sample.Control}, "nothing": {FromYear: 1950, ToYear: 1951},
}

// hostile adds texts that each format must escape, and periods of every form.
const hostile = `
INSERT INTO observation BY NAME SELECT 900 + row_number() OVER () AS obs_id, p AS TIME_PERIOD, f AS FREQ, note AS COMMENT_OBS,
    article AS LEGAL_ARTICLE, o.* EXCLUDE (obs_id, TIME_PERIOD, FREQ, COMMENT_OBS, LEGAL_ARTICLE)
FROM (FROM observation WHERE obs_id = 20) o, (VALUES
    ('2018', 'A', '=1+1', 'art. 5 <a href="x">&amp; ''b''</a>'), ('2018-Q1', 'Q', 'a,b;"c"', '"'), ('2018-S2', 'S', e'two\nlines\tand a tab', '\'),
    ('2018-07', 'M', 'año, ção, été ☃', ']]>'), ('2018-10-01/P1Y', 'A', '-- not a number', '{}'), ('2018-01-01/P9M', '_O', '+5', 'null')) t(p, f, note, article);
`

// linter holds a file against the schemas of a version of SDMX-ML with that of our data,
// which has a namespace of its own.
func linter(t *testing.T, program string, m ml, official string, e *Export, schema []byte) func(name string, b []byte) (string, error) {
	t.Helper()
	dir := t.TempDir()
	put := func(name string, b []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	both := put("both.xsd", fmt.Appendf(nil, `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:import namespace="%s" schemaLocation="%s"/><xs:import namespace="%s" schemaLocation="%s"/></xs:schema>`,
		m.message(), official, e.namespace(), put("data.xsd", schema)))
	return func(name string, b []byte) (string, error) {
		out, err := exec.Command(program, "--noout", "--nonet", "--schema", both, put(name, b)).CombinedOutput()
		return string(out), err
	}
}

func TestXMLIsValid(t *testing.T) {
	program, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not here: install Debian's libxml2-utils")
	}
	s := fixture(t, hostile)
	for name, p := range exports {
		t.Run(name, func(t *testing.T) {
			e := made(t, s, p)
			all := messages(t, e)
			lint := linter(t, program, ml30, officialSchema(t, "ml-3.0/SDMXMessage.xsd"), e, all["data.xsd"])
			for _, file := range []string{"structure.xml", "data.xml", "metadata.xml"} {
				if out, err := lint(file, all[file]); err != nil {
					t.Errorf("%s: %v\n%.2000s", file, err, out)
				}
			}
			if e.Observations == 0 {
				return
			}
			// The schema of the data does look: what is no code is refused.
			for _, wrong := range [][2]string{{`FREQ="A"`, `FREQ="XX"`}, {`OBS_STATUS="`, `OBS_STATUS="?`}, {` TIME_PERIOD="`, ` TIME_PERIOD="in `}, {` UNIT_MULT="0"`, ``}} {
				bad := bytes.Replace(all["data.xml"], []byte(wrong[0]), []byte(wrong[1]), 1)
				if _, err := lint("wrong.xml", bad); err == nil {
					t.Errorf("%s in place of %s is valid", wrong[1], wrong[0])
				}
			}
		})
	}
}

func TestJSONIsValid(t *testing.T) {
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s := fixture(t, hostile)
	for _, kind := range []string{"structure", "data", "metadata"} {
		schema, err := c.Compile(officialSchema(t, "json-2.0/sdmx-json-"+kind+"-schema.json"))
		if err != nil {
			t.Fatal(err)
		}
		for name, p := range exports {
			t.Run(kind+"/"+name, func(t *testing.T) {
				b := messages(t, made(t, s, p))[kind+".json"]
				v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
				if err != nil {
					t.Fatal(err)
				}
				if err := schema.Validate(v); err != nil {
					t.Errorf("%.3000s", err)
				}
				wrong, err := jsonschema.UnmarshalJSON(strings.NewReader(strings.Replace(string(b), `"names"`, `"namen"`, 1)))
				if err != nil {
					t.Fatal(err)
				}
				if schema.Validate(wrong) == nil {
					t.Error("a wrong message is valid")
				}
			})
		}
	}
}
