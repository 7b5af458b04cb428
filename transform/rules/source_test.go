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
