package main

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// caseTexts gives every text of the case rows that could tell of a person:
// dates, and what the columns of words hold. Figures (ages) and single letters
// stand in any output; Costa Rica is the State's own name.
func caseTexts(t *testing.T, file string) []string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{"Costa Rica": true}
	var out []string
	for _, row := range rows[2:] {
		for _, text := range append(row, strings.Join(row, ","), strings.Join(row[:2], ", ")) {
			if len([]rune(text)) >= 4 && !seen[text] {
				seen[text] = true
				out = append(out, text)
			}
		}
	}
	return out
}

// TestCaseRowsAreNotTold looks for the contents of case rows in all that
// tipstat prints of them, and in everything that it writes but the store and
// the original.
func TestCaseRowsAreNotTold(t *testing.T) {
	sample := samplesDir + "/cri-casos.csv"
	texts := caseTexts(t, sample)
	if len(texts) < 300 {
		t.Fatalf("only %d texts to look for", len(texts))
	}
	dir := sampledWorkspace(t)
	fresh := filepath.Join(t.TempDir(), "fresh")
	if r := tipstat(t, "init", fresh); r.code != exitDone {
		t.Fatal(r.err)
	}
	if err := os.CopyFS(filepath.Join(fresh, "layouts"), os.DirFS(samplesDir+"/layouts")); err != nil {
		t.Fatal(err)
	}
	calls := [][]string{
		{"-w", fresh, "ingest", sample},
		{"-w", dir, "ingest", sample}, // already ingested
		{"-w", fresh, "status"}, {"-w", dir, "status", "dce1a02302b7"}, {"-w", dir, "history"},
		{"-w", dir, "trace", "victims", "CRI,SAMPLE,PERSON,IDENTIFIED,2023", "--all"},
		{"-w", dir, "trace", "victims-sex-age", "A2", "--states", "CRI", "--format", "csv", "--all"},
		{"-w", dir, "trace", "citizenship", "A8", "--states", "CRI", "--format", "csv", "--all"},
		{"-w", dir, "export", "microdata", "-o", filepath.Join(t.TempDir(), "cases.csv")},
		{"-w", dir, "layout", "check", sample},
		{"layout", "check", sample}, // no layout knows it
		{"layout", "draft", sample}, {"-w", dir, "layout", "draft", sample},
	}
	printed := 0
	for _, call := range calls {
		for _, more := range [][]string{nil, {"--json"}} {
			if call[2] == "ingest" && more != nil && call[1] == fresh {
				continue // the second time it is an old file
			}
			r := tipstat(t, append(call, more...)...)
			if r.code == exitUsage || r.code == exitFault {
				t.Errorf("%v %v: exit code %d\n%s", call, more, r.code, r.err)
			}
			printed += len(r.stdout) + len(r.err)
			holdsNone(t, texts, strings.Join(call, " "), r.stdout+r.err)
		}
	}
	if r := tipstat(t, "-w", fresh, "--json", "ingest", sample); !strings.Contains(r.stdout, "already-ingested") {
		t.Errorf("the cases were not ingested: %s", r.stdout)
	}
	if printed < 10_000 {
		t.Errorf("only %d bytes were printed", printed)
	}
}

// TestBadCaseRowsAreNotTold does the same with rows that have a fault.
func TestBadCaseRowsAreNotTold(t *testing.T) {
	dir := withBadLayouts(t)
	for _, want := range linesOf(t, samplesDir+"/bad/expected.csv") {
		if !regexp.MustCompile(`^(ambiguous-date|not-a-date|not-an-age)\.csv$`).MatchString(want["file"]) {
			continue
		}
		file := samplesDir + "/bad/" + want["file"]
		texts := caseTexts(t, file)
		for _, more := range [][]string{nil, {"--json"}, {"--lang", "es"}} {
			r := tipstat(t, badArgs(dir, want, more...)...)
			holdsNone(t, texts, want["file"], r.stdout+r.err)
			r = tipstat(t, append([]string{"-w", dir, "layout", "check", file}, more...)...)
			holdsNone(t, texts, want["file"], r.stdout+r.err)
		}
	}
}

// holdsNone says which texts were told without telling them again.
func holdsNone(t *testing.T, texts []string, what, out string) {
	t.Helper()
	for i, text := range texts {
		if strings.Contains(out, text) {
			t.Errorf("%s tells text %d of the case rows (%d characters)", what, i, len([]rune(text)))
		}
	}
}

// TestWorkspaceIsPrivate: what may hold rows about persons is for the user alone.
func TestWorkspaceIsPrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "work")
	if r := tipstat(t, "init", dir); r.code != exitDone {
		t.Fatal(r.err)
	}
	for _, name := range []string{".", "originals", "inbox", "out", "tipstat.duckdb"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v %v", name, info.Mode(), err)
		}
	}
}
