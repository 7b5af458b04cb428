package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/oas/tipstat/"

// sourceFiles are the Go files of the repository: those that git knows and
// those that it would take.
func sourceFiles(t *testing.T) []string {
	t.Helper()
	cmd := exec.Command("git", "ls-files", "--cached", "--others", "--exclude-standard", "*.go")
	cmd.Dir = repo
	out, err := cmd.Output()
	if err != nil {
		t.Skipf("git ls-files: %v", err)
	}
	files := strings.Fields(string(out))
	if len(files) < 50 {
		t.Fatalf("only %d Go files", len(files))
	}
	return files
}

// TestArrows fails when an import arrow of DESIGN.md section 3 is reversed.
// Tests may import more than what they test.
func TestArrows(t *testing.T) {
	cmd := exec.Command("go", "list", "-f", "{{.ImportPath}}{{range .Imports}} {{.}}{{end}}", "./...")
	cmd.Dir = repo
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	packages := 0
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		words := strings.Fields(line)
		from, ok := strings.CutPrefix(words[0], module)
		if !ok {
			t.Fatalf("not a package of ours: %s", words[0])
		}
		packages++
		for _, path := range words[1:] {
			if to, ours := strings.CutPrefix(path, module); ours {
				if why := wrongArrow(from, to); why != "" {
					t.Errorf("%s imports %s: %s", from, to, why)
				}
			}
			if otherReader(from, path) {
				t.Errorf("%s imports %s: what ministries send is read by ingest/sheet alone", from, path)
			}
		}
	}
	if packages < 10 {
		t.Errorf("only %d packages", packages)
	}
}

// wrongArrow says why one package may not import another; empty if it may.
func wrongArrow(from, to string) string {
	in := func(path, room string) bool { return path == room || strings.HasPrefix(path, room+"/") }
	switch {
	case in(to, "cmd"):
		return "nothing imports cmd"
	case in(to, "ingest") && !in(from, "ingest") && !in(from, "cmd"):
		return "nothing imports ingest but cmd"
	case in(to, "reports") && !in(from, "reports") && !in(from, "cmd"):
		return "nothing imports reports but cmd"
	case in(to, "testdata") && !in(from, "cmd") && !in(from, "testdata"):
		return "nothing imports the samples but cmd"
	case from == "transform/record":
		return "record imports nothing of ours"
	case from == "transform/codelist" && to != "transform/record":
		return "codelist imports record alone"
	}
	return ""
}

// otherReader tells whether a package would read spreadsheets by another way
// than ingest/sheet, past its strictness and its limits.
func otherReader(from, path string) bool {
	switch path {
	case "github.com/xuri/excelize/v2": // writes reports, templates, reviews (of what ingest/sheet read first) and samples
		return !strings.HasPrefix(from, "reports") && from != "ingest/template" && from != "ingest/review" && from != "testdata/samples/generate"
	case "archive/zip", "encoding/csv", "encoding/xml":
		return strings.HasPrefix(from, "ingest/") && from != "ingest/sheet" && !slices.Contains(onlyWrite, from)
	}
	return false
}

// onlyWrite are packages of ingest that write tables and archives and read none: see
// TestWritersReadNothing.
var onlyWrite = []string{"ingest/gate", "ingest/portal"}

func TestWritersReadNothing(t *testing.T) {
	for _, name := range sourceFiles(t) {
		if !slices.Contains(onlyWrite, filepath.ToSlash(filepath.Dir(name))) || strings.HasSuffix(name, "_test.go") {
			continue
		}
		b, err := os.ReadFile(filepath.Join(repo, name))
		if err != nil {
			continue // deleted and not committed yet
		}
		for _, reader := range []string{"csv.NewReader", "zip.NewReader", "zip.OpenReader", "xml.NewDecoder", "xml.Unmarshal"} {
			if strings.Contains(string(b), reader) {
				t.Errorf("%s: %s: what ministries send is read by ingest/sheet alone", name, reader)
			}
		}
	}
}

func TestOtherReader(t *testing.T) {
	for arrow, wrong := range map[string]bool{
		"ingest/sheet github.com/xuri/excelize/v2": true, "ingest/layout encoding/csv": true, "ingest/portal encoding/csv": false, "ingest/portal/upload archive/zip": true, "cmd/tipstat github.com/xuri/excelize/v2": true,
		"ingest/sheet archive/zip": false, "ingest/review github.com/xuri/excelize/v2": false, "ingest/review archive/zip": true, "reports github.com/xuri/excelize/v2": false, "transform/codelist encoding/csv": false,
	} {
		from, path, _ := strings.Cut(arrow, " ")
		if otherReader(from, path) != wrong {
			t.Errorf("%s: %v", arrow, !wrong)
		}
	}
}

func TestWrongArrow(t *testing.T) {
	for arrow, wrong := range map[string]bool{
		"cmd/tipstat ingest/inbox": false, "ingest/inbox ingest/sheet": false, "ingest/layout transform/codelist": false,
		"reports reports/table": false, "reports/table transform/harmonize": false, "transform/codelist transform/record": false,
		"reports ingest/sheet": true, "transform/store ingest/inbox": true, "transform/rules reports/table": true, "ingest/inbox reports": true,
		"ingest/inbox cmd/tipstat": true, "transform/record transform/codelist": true, "transform/codelist transform/store": true,
		"ingest/inbox testdata/samples": true, "transform/ingestion transform/record": false,
	} {
		from, to, _ := strings.Cut(arrow, " ")
		if why := wrongArrow(from, to); (why != "") != wrong {
			t.Errorf("%s: %q", arrow, why)
		}
	}
}

// TestNothingExits looks for what ends the program anywhere but in main.go.
func TestNothingExits(t *testing.T) {
	for _, name := range sourceFiles(t) {
		if strings.HasSuffix(name, "_test.go") || name == "cmd/tipstat/main.go" || strings.HasPrefix(name, "testdata/samples/generate/") ||
			name == "transform/disclosure/highs/host.go" { // wazero gives a host function's panic to its caller as an error
			continue
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, filepath.Join(repo, name), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			what := ""
			switch fun := call.Fun.(type) {
			case *ast.Ident:
				what = fun.Name
			case *ast.SelectorExpr:
				if x, ok := fun.X.(*ast.Ident); ok {
					what = x.Name + "." + fun.Sel.Name
				}
			}
			if what == "panic" || what == "os.Exit" || what == "runtime.Goexit" || strings.HasPrefix(what, "log.Fatal") || strings.HasPrefix(what, "log.Panic") {
				t.Errorf("%s: %s", fset.Position(call.Pos()), what)
			}
			return true
		})
	}
}

// TestMainIsOneStatement keeps what can be tested out of main.
func TestMainIsOneStatement(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "main.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && len(fn.Body.List) != 1 {
			t.Errorf("func %s has %d statements", fn.Name.Name, len(fn.Body.List))
		}
	}
}

// maxLines is what a file may have; wantLines is what it should have.
const maxLines, wantLines = 460, 400

// TestFileLength fails for files that are too long and names those that grow there.
func TestFileLength(t *testing.T) {
	for _, name := range sourceFiles(t) {
		b, err := os.ReadFile(filepath.Join(repo, name))
		if err != nil {
			continue // deleted and not committed yet
		}
		switch n := strings.Count(string(b), "\n"); {
		case n > maxLines:
			t.Errorf("%s has %d lines; at most %d", name, n, maxLines)
		case n > wantLines:
			t.Logf("%s has %d lines; %d are enough", name, n, wantLines)
		}
	}
}
