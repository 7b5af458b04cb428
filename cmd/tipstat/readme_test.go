package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReadme runs every command of the README's console blocks in a workspace
// that tipstat demo made, in their order, and holds the output against what
// stands there. UPDATE=1 rewrites the blocks.
func TestReadme(t *testing.T) {
	name, err := filepath.Abs(repo + "/README.md")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	dir := sampledWorkspace(t)
	if err := os.CopyFS(dir+"/bad", os.DirFS(samplesDir+"/bad")); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	var out strings.Builder
	inBlock, ran := false, 0
	for line := range strings.Lines(string(readme)) {
		switch {
		case line == "```console\n":
			inBlock = true
		case inBlock && line == "```\n":
			inBlock = false
		case inBlock && !strings.HasPrefix(line, "$ "):
			continue // output, made anew below
		}
		out.WriteString(line)
		if command, ok := strings.CutPrefix(line, "$ tipstat "); ok && inBlock {
			ran++
			var b bytes.Buffer // stdout and stderr as a terminal shows them
			at(now, strings.NewReader(""), &b, &b).run(t.Context(), strings.Fields(command))
			for l := range strings.Lines(b.String()) {
				out.WriteString(strings.TrimRight(l, " \n") + "\n")
			}
		}
	}
	if ran == 0 {
		t.Fatal("the README has no console block")
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(name, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if d := cmp.Diff(string(readme), out.String()); d != "" {
		t.Errorf("README.md is not what the program says; UPDATE=1 go test ./cmd/tipstat rewrites it (-README +now):\n%s", d)
	}
}
