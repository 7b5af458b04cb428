package template_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/ingest/template"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

// longestDefinition is what Excel shows at a cell.
const longestDefinition = 255

// usedCodes gives each category that the form shows or offers, as the keys of
// definitions.yaml, once and in the order of template.yaml.
func usedCodes(f *template.Form, codes *codelist.Set) (keys []string) {
	add := func(concept, code string) {
		if key := concept + "." + code; code != "" && code != "_T" && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	for _, s := range f.Sheets {
		for _, a := range s.Attributes {
			l, ok := codes.List("CL_" + a)
			if !ok {
				continue // the answer is free text
			}
			for _, c := range l.Codes() {
				if c.ID != "_Z" && a+"."+c.ID != "VICTIM_STATUS.ASSISTED" { // said by a table, not chosen
					add(a, c.ID)
				}
			}
		}
		for _, t := range s.Tables {
			add("INDICATOR", t.Concepts["INDICATOR"])
			for _, axis := range []template.Axis{t.Rows, t.Columns} {
				for _, code := range axis.Codes {
					add(axis.Concept, code)
				}
				for _, concept := range axis.Concepts {
					for _, code := range axis.Choices[concept] {
						add(concept, code)
					}
				}
			}
		}
	}
	return keys
}

func TestDefinitions(t *testing.T) {
	b, err := os.ReadFile("definitions.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var inOrder yaml.MapSlice
	if err := yaml.Unmarshal(b, &inOrder); err != nil {
		t.Fatal(err)
	}
	var defined []string
	for _, item := range inOrder {
		defined = append(defined, item.Key.(string))
	}
	if diff := cmp.Diff(usedCodes(load(t)), defined); diff != "" {
		t.Errorf("codes of the form and of definitions.yaml (-form +defined):\n%s", diff)
	}

	var definitions map[string]map[string]string
	if err := yaml.UnmarshalWithOptions(b, &definitions, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	for _, key := range defined {
		if n := len(definitions[key]); n != len(record.Languages) {
			t.Errorf("%s: %d languages, want %v", key, n, record.Languages)
		}
		for _, lang := range record.Languages {
			text := definitions[key][lang]
			switch n := utf8.RuneCountInString(text); {
			case n == 0:
				t.Errorf("%s: no definition in %s", key, lang)
			case n > longestDefinition:
				t.Errorf("%s: %s has %d characters, want at most %d", key, lang, n, longestDefinition)
			case strings.TrimSpace(text) != text || !strings.HasSuffix(text, "."):
				t.Errorf("%s: %s is no whole sentence: %q", key, lang, text)
			}
		}
	}
}
