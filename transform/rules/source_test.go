package rules_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/rules"
)

// TestSource asks every rule for a sentence about itself, and for the level
// that its texts give it.
func TestSource(t *testing.T) {
	types, err := record.FindingTypes()
	if err != nil {
		t.Fatal(err)
	}
	level := map[string]int{}
	for _, ty := range types {
		level[ty.Code] = ty.Level
	}
	for _, code := range codes(t) {
		about, query, ok := rules.Source(code)
		if !ok || len(about) < 30 || !strings.HasSuffix(strings.TrimSuffix(about, ")"), ".") || strings.Contains(about, "--") || strings.Contains(about, "One row") || !strings.Contains(query, "SELECT") {
			t.Errorf("%s: %q", code, about)
		}
		b, err := os.ReadFile("rules/" + code + ".sql")
		if err != nil || !strings.Contains(string(b), fmt.Sprintf("Level %d.", level[code])) {
			t.Errorf("%s: its comment and its texts do not say the same level", code)
		}
	}
	if _, _, ok := rules.Source("TIP-F001"); ok {
		t.Error("a code of the reader has a query")
	}
}

// TestCheck: beside each rule stands how it is checked, in the languages other
// than English, which is the comment of the query.
func TestCheck(t *testing.T) {
	for _, code := range codes(t) {
		card, err := rules.CardOf(code)
		if err != nil {
			t.Fatal(err)
		}
		about, _, _ := rules.Source(code)
		if len(card.Check) != len(record.Languages)-1 {
			t.Errorf("%s: check in %d languages", code, len(card.Check))
		}
		for _, lang := range record.Languages {
			x := card.Check[lang]
			if lang == "en" {
				x = about
			}
			if len(x) < 30 || !strings.HasSuffix(strings.TrimSuffix(x, ")"), ".") || lang != "en" && x == about {
				t.Errorf("%s: check in %s: %q", code, lang, x)
			}
		}
	}
}

// TestOnRealFiles: every rule is told of in falsealarms.csv.
func TestOnRealFiles(t *testing.T) {
	for _, code := range codes(t) {
		told, err := rules.OnRealFiles(code)
		if err != nil || len(told) != len(realFiles) {
			t.Errorf("%s: %d of %d files: %v", code, len(told), len(realFiles), err)
		}
	}
}
