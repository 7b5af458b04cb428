package rules_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/oas/tipstat/transform/rules"
)

// TestSource asks every rule for a sentence about itself.
func TestSource(t *testing.T) {
	names, err := filepath.Glob("rules/*.sql")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		about, query, ok := rules.Source(strings.TrimSuffix(filepath.Base(name), ".sql"))
		if !ok || len(about) < 30 || !strings.HasSuffix(strings.TrimSuffix(about, ")"), ".") || strings.Contains(about, "--") || strings.Contains(about, "One row") || !strings.Contains(query, "SELECT") {
			t.Errorf("%s: %q", name, about)
		}
	}
	if _, _, ok := rules.Source("TIP-F001"); ok {
		t.Error("a code of the reader has a query")
	}
}
