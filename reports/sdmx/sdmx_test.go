package sdmx

import (
	"bytes"
	"context"
	"os"
	"testing"
	"testing/fstest"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/testdata/golden"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/store"
)

// vocabulary is that of a workspace that added the fixture's own code.
func vocabulary(t testing.TB) *codelist.Set {
	t.Helper()
	set, err := codelist.Load(fstest.MapFS{"codelists/CL_EXPLOITATION.csv": {Data: []byte("code,parent,en,es,pt,fr,source,ictip\n" +
		"PROSTITUTION,SEXUAL,Prostitution,Prostitución,Prostituição,Prostitution,test,\n")}})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// fixture is the store of the tests of reports, and more that a test adds.
func fixture(t testing.TB, more string) *store.Store {
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
	if _, err := s.DB().ExecContext(context.Background(), string(b)+more); err != nil {
		t.Fatal(err)
	}
	if err := s.Hold(context.Background()); err != nil {
		t.Fatal(err)
	}
	return s
}

func made(t testing.TB, s *store.Store, p table.Params) *Export {
	t.Helper()
	e, err := Make(context.Background(), s.DB(), vocabulary(t), p)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// messages are the files of an export as SDMX 3.0, by name.
func messages(t testing.TB, e *Export) map[string][]byte {
	t.Helper()
	return messagesIn(t, e, Version30)
}

func messagesIn(t testing.TB, e *Export, v Version) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for _, f := range Files(v) {
		var b bytes.Buffer
		if err := f.Write(e, context.Background(), &b); err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		out[f.Name] = b.Bytes()
	}
	return out
}

// sample is small enough to be read: three States, two years.
var sample = table.Params{Lang: "es", States: []string{"PER", "CAN", "BRA"}, FromYear: 2021, ToYear: 2022, Control: &table.Control{Method: "suppression", Threshold: 5, ThresholdCases: 5}}

// fewCodes is how many codes of a list stand in the golden files.
const fewCodes = 4

func TestGolden(t *testing.T) {
	e := made(t, fixture(t, ""), sample)
	for i := range e.structures.Codelists {
		list := &e.structures.Codelists[i]
		list.Items = list.Items[:min(fewCodes, len(list.Items))]
	}
	for v, prefix := range map[Version]string{Version30: "", Version21: "2.1/"} {
		for name, b := range messagesIn(t, e, v) {
			t.Run(prefix+name, func(t *testing.T) { golden.Compare(t, prefix+name, b) })
		}
	}
}

// TestSameBytes: the same store gives the same bytes.
func TestSameBytes(t *testing.T) {
	one, two := messages(t, made(t, fixture(t, ""), table.Params{})), messages(t, made(t, fixture(t, ""), table.Params{}))
	for name, b := range one {
		if !bytes.Equal(b, two[name]) {
			t.Errorf("%s differs", name)
		}
	}
}
