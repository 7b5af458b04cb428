package rest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/oas/tipstat/testdata/realdata"
)

// valid are queries whose answers are held against the official schemas.
var valid = []string{
	"/data?c[REF_AREA]=ARG,PER", "/data/dataflow/OAS/TIP/~/A.ARG?lastNObservations=1", "/data/datastructure/OAS/TIP/~/A.ARG",
	"/data/dataflow/OAS/TIP/~/A.ARG?dimensionAtObservation=AllDimensions", "/data/datastructure/OAS/TIP/~/A.ARG?dimensionAtObservation=AllDimensions",
	"/data?attributes=none&measures=none",
	"/structure/*", "/structure/*?detail=allstubs", "/structure/*?detail=allcompletestubs", "/structure/dataflow?references=all&detail=referencepartial",
	"/structure/codelist/*/*/*/F?references=parents&detail=referencestubs", "/structure/categoryscheme/OAS/AG_RES_2026/1.0.0/TREATIES?references=categorisation",
	"/structure/provisionagreement?references=descendants", "/schema/dataflow/OAS/TIP?c",
	"/availability/dataflow/OAS/TIP", "/availability/datastructure/OAS/TIP/~/A.ARG?mode=available&references=all", "/availability/dataflow/OAS/TIP/~/*/TIME_PERIOD",
	"/metadata/metadataset", noJSON,
	"/data/nosuch", "/structure/codelist/X",
}

// noJSON asks for stubs of reports, which the schema of SDMX-JSON has not: it wants answers.
const noJSON = "/metadata/metadataset?detail=allstubs"

func TestXMLIsValid(t *testing.T) {
	program, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not here: install Debian's libxml2-utils")
	}
	official := realdata.Beside(t, "sdmx-schemas/ml-3.0/SDMXMessage.xsd")
	h := handler(t)
	space := regexp.MustCompile(`targetNamespace="([^"]+)"`)
	dir := t.TempDir()
	put := func(name string, b []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	// The schemas of the data, as the service gives them, beside the official ones.
	imports := fmt.Sprintf(`<xs:import namespace="http://www.sdmx.org/resources/sdmxml/schemas/v3_0/message" schemaLocation="%s"/>`, official)
	for i, target := range []string{"dataflow/OAS/TIP", "datastructure/OAS/TIP", "dataflow/OAS/TIP?dimensionAtObservation=AllDimensions", "datastructure/OAS/TIP?dimensionAtObservation=AllDimensions"} {
		xsd := body(t, ask(h, "GET", "/schema/"+target))
		m := space.FindStringSubmatch(xsd)
		if m == nil {
			t.Fatalf("%s: %.300s", target, xsd)
		}
		imports += fmt.Sprintf("\n"+`<xs:import namespace="%s" schemaLocation="%s"/>`, m[1], put(fmt.Sprintf("data%d.xsd", i), []byte(xsd)))
	}
	every := put("every.xsd", []byte(`<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">`+imports+`</xs:schema>`))
	for _, target := range valid {
		accept := "application/xml"
		if strings.HasPrefix(target, "/schema") {
			accept = "application/vnd.sdmx.structure+xml"
			target = strings.TrimSuffix(target, "?c")
		}
		b := body(t, ask(h, "GET", target, "Accept", accept))
		if out, err := exec.Command(program, "--noout", "--nonet", "--schema", every, put("answer.xml", []byte(b))).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%.1500s", target, err, out)
		}
	}
}

// TestJSONIsValid holds answers against the schemas at hand, which are those of SDMX-JSON
// 2.1. It gave availability a type of its own and took the role from data constraints, of
// which SDMX-JSON 2.0, as we send it, wants one (Allowed or Actual), as SDMX-ML 3.0 does: it
// must be there, and the rest is held against the schema.
func TestJSONIsValid(t *testing.T) {
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	schemas := map[string]*jsonschema.Schema{}
	for _, kind := range []string{"structure", "data", "metadata"} {
		var err error
		if schemas[kind], err = c.Compile(realdata.Beside(t, "sdmx-schemas/json-2.0/sdmx-json-"+kind+"-schema.json")); err != nil {
			t.Fatal(err)
		}
	}
	h := handler(t)
	for _, target := range valid {
		if target == noJSON {
			continue
		}
		kind := strings.FieldsFunc(target, func(r rune) bool { return r == '/' || r == '?' })[0]
		accept := "application/json"
		switch kind {
		case "availability":
			kind = "structure"
		case "schema":
			kind, accept = "structure", "application/vnd.sdmx.structure+json"
			target = strings.TrimSuffix(target, "?c")
		}
		b, role := body(t, ask(h, "GET", target, "Accept", accept)), `"role": "Actual",`
		if n := strings.Count(b, role); n > 1 || (n == 1) != strings.HasPrefix(target, "/availability") {
			t.Errorf("%s: %d roles of constraints", target, n)
		}
		b = strings.Replace(b, role, "", 1)
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader([]byte(b)))
		if err != nil {
			t.Fatalf("%s: %v", target, err)
		}
		if err := schemas[kind].Validate(v); err != nil {
			t.Errorf("%s: %.2000s", target, err)
		}
		if !json.Valid([]byte(b)) {
			t.Errorf("%s: no JSON", target)
		}
	}
}
