package disclosure

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// TestMicrodataPolicy: a workspace changes what it names under microdata, and
// the rest stays.
func TestMicrodataPolicy(t *testing.T) {
	built, err := LoadPolicy(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := built.Microdata.Check(); err != nil || built.Microdata.K != 11 {
		t.Fatalf("k = %d, %v", built.Microdata.K, err)
	}
	load := func(text string) (Policy, error) {
		return LoadPolicy(fstest.MapFS{PolicyFile: {Data: []byte(text)}})
	}
	own, err := load("microdata:\n  k: 20\n  indicators: []\n  sensitive: [SEX]\n")
	if err != nil {
		t.Fatal(err)
	}
	m := own.Microdata
	if m.K != 20 || len(m.Indicators) != 0 || !slices.Equal(m.Sensitive, []string{"SEX"}) || m.NarrowestAge != 3 || len(m.Columns) != len(built.Microdata.Columns) || len(m.Unit) != 3 || own.Threshold != built.Threshold {
		t.Errorf("%+v", m)
	}
	own, err = load("microdata:\n  columns:\n    - {column: SEX, weight: 2, steps: []}\n  sensitive: []\n")
	if err != nil || len(own.Microdata.Columns) != 1 || own.Microdata.Columns[0].Weight != 2 || len(own.Microdata.Sensitive) != 0 || own.Microdata.K != 11 {
		t.Errorf("%+v, %v", own.Microdata, err)
	}
	again, err := LoadPolicy(nil)
	if err != nil || again.Microdata.Columns[0].Column != "REF_AREA" {
		t.Errorf("a workspace changed what comes with tipstat: %+v, %v", again.Microdata, err)
	}
	for text, want := range map[string]string{
		"microdata:\n  k: 1\n":  "disclosure.yaml: microdata: k is 1; want 2 or more",
		"microdata:\n  kk: 9\n": `line 2: there is no key "kk"; want one of`,
	} {
		if _, err := load(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v; want %q", text, err, want)
		}
	}
}
