package review

import (
	"reflect"
	"strings"
	"testing"

	"github.com/oas/tipstat/transform/record"
)

// TestWords: the list has all its words in the four languages, with the same to
// fill in.
func TestWords(t *testing.T) {
	all, err := texts()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != len(record.Languages) {
		t.Errorf("%d languages", len(all))
	}
	en := reflect.ValueOf(all["en"])
	for _, lang := range record.Languages {
		v := reflect.ValueOf(all[lang])
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			if v.Field(i).Kind() == reflect.String {
				s, want := v.Field(i).String(), en.Field(i).String()
				if s == "" || strings.Count(s, "%") != strings.Count(want, "%") {
					t.Errorf("%s: %s %q", lang, name, s)
				}
			}
		}
		for _, h := range all[lang].Headings {
			if h == "" {
				t.Errorf("%s: a heading is missing", lang)
			}
		}
	}
}
