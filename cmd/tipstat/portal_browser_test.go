package main

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/oas/tipstat/testdata/scale"
	"github.com/oas/tipstat/transform/record"
)

// browser is a browser of a language and a size.
type browser struct {
	node, chromium, kit, lang string
	width, height             int
}

// findBrowser gives what drives one, and skips the test where it is not there.
func findBrowser(t *testing.T) browser {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed")
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed")
	}
	kit := filepath.Join(repo, "ingest", "portal", "testdata")
	for _, name := range []string{"playwright-core", "oidc-provider"} {
		if _, err := os.Stat(filepath.Join(kit, "node_modules", name)); err != nil {
			t.Skipf("%s is not installed: npm ci --prefix ingest/portal/testdata", name)
		}
	}
	return browser{node: node, chromium: chromium, kit: kit}
}

// sizes are those of a desktop and of a telephone.
var sizes = [][2]int{{1280, 800}, {360, 740}}

// of is the browser in a language and a size.
func (b browser) of(lang string, size [2]int) browser {
	b.lang, b.width, b.height = lang, size[0], size[1]
	return b
}

// inBrowsers runs a test in each language, on a desktop and on a telephone: in CI the
// languages named, once each, in turn on both.
func inBrowsers(t *testing.T, ci []string, test func(t *testing.T, b browser)) {
	t.Helper()
	b := findBrowser(t)
	for i, lang := range record.Languages {
		for j, size := range sizes {
			if ((i+j)%2 == 1 || !slices.Contains(ci, lang)) && !scale.All() {
				continue
			}
			t.Run(lang+"/"+map[int]string{0: "desktop", 1: "telephone"}[j], func(t *testing.T) {
				t.Parallel()
				test(t, b.of(lang, size))
			})
		}
	}
}

// walk does a walk through the pages of a server, and gives what it found. Problems that every
// walk looks for fail the test.
func (b browser) walk(t *testing.T, script string, s *portalServer, more map[string]any, found any) {
	t.Helper()
	settings := map[string]any{"address": s.address, "invitation": s.invitation, "lang": b.lang, "chromium": b.chromium, "width": b.width, "height": b.height,
		"locale":   map[string]string{"en": "en-JM", "es": "es-HN", "pt": "pt-BR", "fr": "fr-HT"}[b.lang],
		"password": portalPassword, "shots": os.Getenv("TIPSTAT_SHOTS")}
	maps.Copy(settings, more)
	text, err := json.Marshal(settings)
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), b.node, filepath.Join(b.kit, script), string(text)).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var every struct{ Violations, Problems []string }
	for _, to := range []any{&every, found} {
		if err := json.Unmarshal(out, to); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	for _, p := range append(every.Problems, every.Violations...) {
		t.Error(p)
	}
	if t.Failed() {
		t.Logf("%s\n%s", out, s.err)
	}
}

// given writes files that somebody sends, and gives their paths by their short names.
func given(t *testing.T, files map[string][2]string) map[string]string {
	t.Helper()
	dir, paths := t.TempDir(), map[string]string{}
	for short, file := range files {
		paths[short] = filepath.Join(dir, file[0])
		if err := os.WriteFile(paths[short], []byte(file[1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return paths
}
