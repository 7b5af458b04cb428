package sdmx

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/reports/table"
)

// schemas21 are the schemas of SDMX-ML 2.1: our own of what an export has of it
// (testdata/ml-2.1/README.md), and the official ones where they are.
func schemas21(t *testing.T) []string {
	t.Helper()
	own, err := filepath.Abs("testdata/ml-2.1/SDMXMessage.xsd")
	if err != nil {
		t.Fatal(err)
	}
	out := []string{own}
	official := filepath.Join(filepath.Dir(officialSchema(t, "README.md")), "ml-2.1", "SDMXMessage.xsd")
	if _, err := os.Stat(official); err == nil {
		out = append(out, official)
	}
	return out
}

// lint21 holds all messages of an export against the schemas of 2.1.
func lint21(t *testing.T, e *Export) func(name string, b []byte) (string, error) {
	t.Helper()
	program, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not here: install Debian's libxml2-utils")
	}
	all := messagesIn(t, e, Version21)
	var lint func(name string, b []byte) (string, error)
	for _, schema := range schemas21(t) {
		lint = linter(t, program, ml21, schema, e, all["data.xsd"])
		for name, b := range all {
			if !strings.HasSuffix(name, ".xml") {
				continue
			}
			if out, err := lint(name, b); err != nil {
				t.Errorf("%s by %s: %v\n%.2000s", name, schema, err, out)
			}
		}
	}
	return lint
}

func TestXML21IsValid(t *testing.T) {
	s := fixture(t, hostile)
	for name, p := range exports {
		t.Run(name, func(t *testing.T) {
			e := made(t, s, p)
			lint := lint21(t, e)
			if e.Observations == 0 {
				return
			}
			// The schemas do look.
			all := messagesIn(t, e, Version21)
			for _, wrong := range [][3]string{
				{"data.xml", `FREQ="A"`, `FREQ="XX"`}, {"data.xml", ` TIME_PERIOD="`, ` TIME_PERIOD="in `}, {"data.xml", ` UNIT_MULT="0"`, ``},
				{"data.xml", ` ss:dataScope="DataStructure"`, ``}, {"generic.xml", "<gen:ObsDimension ", "<gen:ObsTime "},
				{"structure.xml", ` agencyID="OAS" package="conceptscheme"`, ` package="conceptscheme"`}, {"structure.xml", "com:AnnotationTitle", "com:AnnotationValue"},
				{"structure.xml", "<str:ConceptScheme ", "<str:Scheme "}, {"metadata.xml", "gen:ReferenceValue", "gen:Value"},
			} {
				bad := bytes.Replace(all[wrong[0]], []byte(wrong[1]), []byte(wrong[2]), 1)
				if _, err := lint("wrong.xml", bad); err == nil || bytes.Equal(bad, all[wrong[0]]) {
					t.Errorf("%s: %s in place of %s is valid", wrong[0], wrong[2], wrong[1])
				}
			}
		})
	}
}

// TestPartsOf21AreValid: so are parts, as the queries of a service give them.
func TestPartsOf21AreValid(t *testing.T) {
	e := made(t, fixture(t, hostile), table.Params{})
	if _, err := e.Freeze(t.Context()); err != nil {
		t.Fatal(err)
	}
	lint := lint21(t, e)
	none := func(string) bool { return false }
	for _, q := range []Query{{Flat: true}, {ByStructure: true}, {Flat: true, ByStructure: true}, {First: 1}, {Attributes: none}, {Attributes: none, Measures: none}} {
		part, err := e.Select(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		lint21(t, part)
	}
	for _, part := range []Part{{Stub: true}, {Stub: true, Notes: true}, {Items: none}} {
		parts := map[string]Part{}
		for urn := range e.Artefacts() {
			parts[urn] = part
		}
		stubs, b := e.Structure(parts), bytes.Buffer{}
		if err := stubs.WriteStructureXML21(&b); err != nil {
			t.Fatal(err)
		}
		if out, err := lint("structure.xml", b.Bytes()); err != nil {
			t.Errorf("%+v: %v\n%.2000s", part, err, out)
		}
	}
}

// TestVersionsAgree: both versions say the same of the same keys, in each format.
func TestVersionsAgree(t *testing.T) {
	e := made(t, fixture(t, hostile), table.Params{})
	in30, in21 := messages(t, e), messagesIn(t, e, Version21)
	want := readXML(t, in30["data.xml"])
	if d := cmp.Diff(want, readXML(t, in21["data.xml"])); d != "" {
		t.Errorf("structure-specific data (-3.0 +2.1):\n%s", d)
	}
	if d := cmp.Diff(want, readGeneric(t, in21["generic.xml"])); d != "" {
		t.Errorf("generic data (-3.0 +2.1):\n%s", d)
	}
	if d := cmp.Diff(readCSV(t, in30["data.csv"]), readCSV(t, in21["data.csv"])); d != "" {
		t.Errorf("SDMX-CSV (-2.0 +1.0):\n%s", d)
	}
	// No text is lost on the way to 2.1: names, descriptions, annotations, answers.
	for _, name := range []string{"structure.xml", "metadata.xml"} {
		if d := cmp.Diff(texts(t, in30[name]), texts(t, in21[name])); d != "" {
			t.Errorf("%s (-3.0 +2.1):\n%s", name, d)
		}
	}
}

// texts counts the texts of a message but for urns and parents, which 2.1 has as attributes.
func texts(t *testing.T, b []byte) map[string]int {
	t.Helper()
	out := map[string]int{}
	element := ""
	tokens(t, b, func(token xml.Token) {
		switch v := token.(type) {
		case xml.StartElement:
			element = v.Name.Local
		case xml.CharData:
			if s := strings.TrimSpace(string(v)); s != "" && element != "Parent" && !strings.HasPrefix(s, "urn:sdmx:") {
				out[s]++
			}
		}
	})
	return out
}

// tokens hands on the tokens of a message.
func tokens(t *testing.T, b []byte, fn func(xml.Token)) {
	t.Helper()
	for dec := xml.NewDecoder(bytes.NewReader(b)); ; {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		fn(token)
	}
}

// TestReferences21: what a message of structures refers to is in it.
func TestReferences21(t *testing.T) {
	e := made(t, fixture(t, ""), table.Params{})
	there := map[string]bool{}
	for urn, a := range e.Artefacts() {
		there[urn] = true
		for _, item := range a.Items {
			class := strings.TrimSuffix(strings.TrimSuffix(a.Class, "Scheme"), "list")
			there[strings.Replace(urn, "."+a.Class+"=", "."+class+"=", 1)+"."+item] = true
		}
	}
	found := map[string]int{}
	all := messagesIn(t, e, Version21)
	for _, name := range []string{"structure.xml", "metadata.xml", "data.xml", "generic.xml"} {
		tokens(t, all[name], func(token xml.Token) {
			start, ok := token.(xml.StartElement)
			if !ok || start.Name.Local != "Ref" {
				return
			}
			a := map[string]string{}
			for _, attr := range start.Attr {
				a[attr.Name.Local] = attr.Value
			}
			if a["class"] == "" { // to what the same artefact holds
				return
			}
			urn := fmt.Sprintf("urn:sdmx:org.sdmx.infomodel.%s.%s=%s:", a["package"], a["class"], a["agencyID"])
			if parent := a["maintainableParentID"]; parent != "" {
				urn += parent + "(" + a["maintainableParentVersion"] + ")." + a["id"]
			} else {
				urn += a["id"] + "(" + a["version"] + ")"
			}
			if !there[urn] {
				t.Errorf("%s refers to %s", name, urn)
			}
			found[a["class"]]++
		})
	}
	for _, class := range []string{"Category", "Code", "Codelist", "Concept", "DataProvider", "DataStructure", "Dataflow", "MetadataStructure", "Metadataflow", "ProvisionAgreement"} {
		if found[class] == 0 {
			t.Errorf("no reference to a %s", class)
		}
	}
}

// TestSince21: what changed is said with the actions of SDMX-ML, and not in SDMX-CSV 1.0.
func TestSince21(t *testing.T) {
	e := made(t, fixture(t, later), table.Params{})
	if err := e.Since(t.Context(), made(t, fixture(t, ""), table.Params{})); err != nil {
		t.Fatal(err)
	}
	lint := func(string, []byte) (string, error) { return "", nil }
	if program, err := exec.LookPath("xmllint"); err == nil {
		var xsd bytes.Buffer
		if err := e.WriteDataXSD21(&xsd); err != nil {
			t.Fatal(err)
		}
		lint = linter(t, program, ml21, schemas21(t)[0], e, xsd.Bytes())
	} else {
		t.Skip("xmllint is not here: install Debian's libxml2-utils")
	}
	for name, write := range map[string]func(io.Writer) error{
		"data.xml":    func(w io.Writer) error { return e.WriteDataXML21(t.Context(), w) },
		"generic.xml": func(w io.Writer) error { return e.WriteGenericXML21(t.Context(), w) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		for _, action := range []string{"Delete", "Replace", "Append"} {
			if !bytes.Contains(b.Bytes(), []byte(`action="`+action+`"`)) {
				t.Errorf("no %s in %s", action, name)
			}
		}
		if out, err := lint(name, b.Bytes()); err != nil {
			t.Errorf("%s: %v\n%.2000s", name, err, out)
		}
	}
	if err := e.WriteDataCSV1(t.Context(), io.Discard); !errors.Is(err, ErrNoActions) {
		t.Errorf("SDMX-CSV 1.0: %v", err)
	}
}

// TestRReads21: R's rsdmx reads the code lists, concepts, data structure and dataflow,
// and the same figures from both data messages as R reads from the csv.
func TestRReads21(t *testing.T) {
	program, err := exec.LookPath("Rscript")
	if err != nil {
		t.Skip("Rscript is not here: install Debian's r-base-core")
	}
	if exec.Command(program, "-e", "library(rsdmx)").Run() != nil {
		t.Skip("rsdmx is not here: install Debian's r-cran-rsdmx")
	}
	e := made(t, fixture(t, hostile), table.Params{Control: sample.Control})
	dir := t.TempDir()
	all := messagesIn(t, e, Version21)
	// rsdmx takes the kind of a message from its first list: alone it reads dataflows.
	var flows bytes.Buffer
	if err := e.Structure(map[string]Part{e.design.urn("Dataflow", e.design.Dataflow.ID, ""): {}}).WriteStructureXML21(&flows); err != nil {
		t.Fatal(err)
	}
	all["dataflow.xml"] = flows.Bytes()
	// What it is to find: codes with their names, and the components.
	for name, rows := range map[string][][]string{"codes.csv": e.codeNames(), "components.csv": e.componentLists()} {
		var b bytes.Buffer
		if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
			t.Fatal(err)
		}
		all[name] = b.Bytes()
	}
	for name, b := range all {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command(program, "testdata/read21.R", dir).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

// codeNames are the codes of all lists, with their names in four languages.
func (e *Export) codeNames() [][]string {
	out := [][]string{{"list", "id", "en", "es", "pt", "fr"}}
	for _, l := range e.structures.Codelists {
		for _, c := range l.Items {
			out = append(out, []string{l.ID, c.ID, c.Names["en"], c.Names["es"], c.Names["pt"], c.Names["fr"]})
		}
	}
	return out
}

// componentLists are the components of the data structure with their code lists.
func (e *Export) componentLists() [][]string {
	out := [][]string{{"id", "list", "en"}}
	for _, c := range slices.Concat(e.design.series(), []component{{ID: e.design.Time, Name: map[string]string{"en": "Period"}}}, e.design.measures, e.design.Attributes) {
		out = append(out, []string{c.ID, c.Codelist, c.Name["en"]})
	}
	return out
}
