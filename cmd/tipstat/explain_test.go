package main

import (
	"bytes"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/rules"
)

// TestExplainWords: explain.yaml has every word in the four languages, with the
// same places to fill in.
func TestExplainWords(t *testing.T) {
	all, err := explainTexts()
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(slices.Sorted(slices.Values(record.Languages)), slices.Sorted(maps.Keys(all))); d != "" {
		t.Errorf("languages (-want +got):\n%s", d)
	}
	places := func(s string) []string { return slices.Sorted(slices.Values(reFilled.FindAllString(s, -1))) }
	en := reflect.ValueOf(all["en"])
	for lang, words := range all {
		v := reflect.ValueOf(words)
		for i := range v.NumField() {
			name, text := v.Type().Field(i).Name, v.Field(i).String()
			if text == "" {
				t.Errorf("%s has no %s", lang, name)
			}
			if d := cmp.Diff(places(en.Field(i).String()), places(text)); d != "" {
				t.Errorf("%s of %s (-en +%s):\n%s", name, lang, lang, d)
			}
		}
	}
}

// TestExplainAll explains every code in every language: nothing is left to be
// filled in, and each has an example of its own sentence.
func TestExplainAll(t *testing.T) {
	types, err := record.FindingTypes()
	if err != nil {
		t.Fatal(err)
	}
	words, err := explainTexts()
	if err != nil {
		t.Fatal(err)
	}
	for _, ty := range types {
		for _, lang := range record.Languages {
			var out, errs bytes.Buffer
			if code := run([]string{"explain", ty.Code, "--lang", lang}, strings.NewReader(""), &out, &errs); code != 0 {
				t.Fatalf("%s in %s: %d %s", ty.Code, lang, code, errs.String())
			}
			_, _, ofSQL := rules.Source(ty.Code)
			w := words[lang]
			want := []string{w.Says, w.Why, w.Do, w.Example}
			if ofSQL {
				want = append(want, w.Checked, w.Then, w.Good, w.Real)
			}
			lines := strings.Split(out.String(), "\n")
			for _, heading := range want {
				if !slices.Contains(lines, heading) {
					t.Errorf("%s in %s has no «%s»", ty.Code, lang, heading)
				}
			}
			if left := reFilled.FindString(out.String()); left != "" {
				t.Errorf("%s in %s: %s is left", ty.Code, lang, left)
			}
		}
	}
}
