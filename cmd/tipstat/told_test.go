package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/record"
)

// TestTold: each text is there in the four languages, with the same to fill in,
// and is used.
func TestTold(t *testing.T) {
	all, err := toldTexts()
	if err != nil {
		t.Fatal(err)
	}
	filled := regexp.MustCompile(`\{[a-z]+\}`)
	source := ""
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		source += string(b)
	}
	for key, texts := range all {
		if !strings.Contains(source, `"`+key+`"`) && key != "observation" && key != "out-of-scope" && key != "rule_blank" { // outcomes of rows
			t.Errorf("%s is not used", key)
		}
		want := filled.FindAllString(texts["en"], -1)
		slices.Sort(want)
		for _, lang := range record.Languages {
			got := filled.FindAllString(texts[lang], -1)
			slices.Sort(got)
			if d := cmp.Diff(want, got); d != "" || texts[lang] == "" {
				t.Errorf("%s in %s: %q %s", key, lang, texts[lang], d)
			}
		}
	}
}
