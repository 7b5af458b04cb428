package main

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/record"
)

// usageFormats gives the formats that the sources call usagef with, and the policy of
// disclosure control wrongf, and where.
func usageFormats(t *testing.T) map[string]token.Position {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	names = append(names, filepath.FromSlash("../../transform/disclosure/policy.go"), filepath.FromSlash("../../transform/disclosure/microdata/policy.go"))
	formats := map[string]token.Position{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if fun, ok := call.Fun.(*ast.Ident); !ok || fun.Name != "usagef" && fun.Name != "wrongf" {
				return true
			}
			text, ok := call.Args[0].(*ast.BasicLit)
			if !ok {
				t.Errorf("%s: the format is no literal, by which its texts could be found", fset.Position(call.Pos()))
				return true
			}
			format, err := strconv.Unquote(text.Value)
			if err != nil {
				t.Fatal(err)
			}
			formats[format] = fset.Position(call.Pos())
			return true
		})
	}
	return formats
}

var reVerb = regexp.MustCompile(`%(?:%|([-+# 0]*(?:\d+)?(?:\.\d+)?)(?:\[(\d+)\])?([a-zA-Z]))`)

// verbs gives by which verb each argument of a format is said.
func verbs(format string) map[int][]string {
	m := map[int][]string{}
	n := 0
	for _, v := range reVerb.FindAllStringSubmatch(format, -1) {
		if v[3] == "" {
			continue // %%
		}
		if n++; v[2] != "" {
			n, _ = strconv.Atoi(v[2]) // digits, by the expression
		}
		m[n] = append(m[n], v[1]+v[3])
	}
	return m
}

func TestVerbs(t *testing.T) {
	for format, want := range map[string]map[int][]string{
		"100 %%, no more":       {},
		"--%s %d: %w":           {1: {"s"}, 2: {"d"}, 3: {"w"}},
		"%[2]d of %[1]q, %.1f":  {1: {"q"}, 2: {"d", ".1f"}}, // after an index the next argument follows
		"%[1]s is %[1]s and %s": {1: {"s", "s"}, 2: {"s"}},
	} {
		if d := cmp.Diff(want, verbs(format)); d != "" {
			t.Errorf("%q: %s", format, d)
		}
	}
}

// TestUsageTexts: each text of wrong usage is there in the four languages, with the same
// arguments said in the same way, and is used.
func TestUsageTexts(t *testing.T) {
	var list []map[string]string
	if err := yaml.UnmarshalWithOptions(usageYAML, &list, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	all, err := usageTexts()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != len(list) {
		t.Errorf("%d texts of %d are there once", len(all), len(list))
	}
	used := usageFormats(t)
	if len(used) < 90 {
		t.Errorf("only %d formats in the sources", len(used))
	}
	for format, at := range used {
		if _, ok := all[format]; !ok {
			t.Errorf("%s: usage.yaml has no %q", at, format)
		}
	}
	for format, texts := range all {
		if _, ok := used[format]; !ok {
			t.Errorf("%q is not used", format)
		}
		if len(texts) != len(record.Languages) {
			t.Errorf("%q has %d languages", format, len(texts))
		}
		for _, lang := range record.Languages {
			if d := cmp.Diff(verbs(format), verbs(texts[lang])); d != "" || texts[lang] == "" {
				t.Errorf("%q in %s: %q %s", format, lang, texts[lang], d)
			}
		}
	}
}

// TestUsageIn tells errors in languages; what they wrap is found, and their own text is English.
func TestUsageIn(t *testing.T) {
	missing := fmt.Errorf("open x: %w", fs.ErrNotExist)
	for _, c := range []struct {
		err      error
		lang     string
		want, en string
	}{
		{usagef("--format %s: want %s", "docx", choices{"csv", "json"}), "es", "--format docx: se espera csv o json", "--format docx: want csv or json"},
		{usagef("no table %q%s (tipstat report list shows them)", "ofences", meant{"offences"}), "fr",
			`pas de tableau "ofences" ; vouliez-vous dire offences ? (tipstat report list les montre)`, `no table "ofences"; did you mean offences? (tipstat report list shows them)`},
		{usagef("--log: %w", missing), "pt", "--log: open x: file does not exist", "--log: open x: file does not exist"},
		{usagef("--base %d: want 3 or 5", 12345), "fr", "--base 12345 : attendu 3 ou 5", "--base 12345: want 3 or 5"},
		{usagef("--base %d: want 3 or 5", 4), "de", "--base 4: want 3 or 5", "--base 4: want 3 or 5"},
		{usageError{err: missing}, "es", "open x: file does not exist", "open x: file does not exist"},
		{errors.Join(usagef("%s is not withdrawn", "a1"), errors.New("the disk is full")), "pt", "a1 não está retirado\nthe disk is full", "a1 is not withdrawn\nthe disk is full"},
	} {
		if got := (&app{lang: c.lang}).said(c.err); got != c.want {
			t.Errorf("%s: %q; want %q", c.lang, got, c.want)
		}
		if got := c.err.Error(); got != c.en {
			t.Errorf("%q; want %q", got, c.en)
		}
	}
	if !errors.Is(usagef("--log: %w", missing), fs.ErrNotExist) {
		t.Error("what an error wraps is not found")
	}
}

func TestChoices(t *testing.T) {
	for _, c := range []struct {
		list           []string
		lang, or, near string
	}{
		{nil, "es", "", ""},
		{[]string{"a"}, "es", "a", "; ¿quiso decir a?"},
		{[]string{"a", "b"}, "pt", "a ou b", "; quis dizer a ou b?"},
		{[]string{"a", "b", "c"}, "en", "a, b or c", "; did you mean a, b or c?"},
		{[]string{"a", "offences"}, "es", "a u offences", "; ¿quiso decir a u offences?"},
		{[]string{"a", "offences"}, "fr", "a ou offences", " ; vouliez-vous dire a ou offences ?"},
	} {
		if got := choices(c.list).in(c.lang); got != c.or {
			t.Errorf("%s %v: %q; want %q", c.lang, c.list, got, c.or)
		}
		if got := meant(c.list).in(c.lang); got != c.near {
			t.Errorf("%s %v: %q; want %q", c.lang, c.list, got, c.near)
		}
	}
}

// TestUsageLanguage calls wrongly: it is told in the language that is named, also after
// what can't be read, or that of the workspace, though it was not opened.
func TestUsageLanguage(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"pt/tipstat.yaml": "lang: pt\n", "de/tipstat.yaml": "lang: de\n", "broken/tipstat.yaml": "lang: [\n"} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	for call, want := range map[string]string{
		"nosuch":                              `unknown command "nosuch" for "tipstat"`,
		"nosuch --lang fr":                    `commande inconnue "nosuch" pour "tipstat"`,
		"nosuch --lang=fr --help":             `commande inconnue "nosuch" pour "tipstat"`,
		"--lang es statsu":                    `orden desconocida "statsu" para "tipstat"; ¿quiso decir status?`,
		"-w pt layout lits":                   `comando desconhecido "lits" para "tipstat layout"; quis dizer list?`,
		"-w pt nosuch --lang de":              `comando desconhecido "nosuch" para "tipstat"`,
		"-w de nosuch":                        `unknown command "nosuch" for "tipstat"`,
		"-w broken nosuch":                    `unknown command "nosuch" for "tipstat"`,
		"status --nosuch x --lang es":         `opción desconocida: --nosuch`,
		"status -x -w pt":                     `opção abreviada desconhecida: 'x' em -x`,
		"--lang fr status -w":                 `il manque la valeur de l'option : 'w' dans -w`,
		"--lang fr status --workspace":        `il manque la valeur de l'option : --workspace`,
		"status --=x --lang es":               `opción mal escrita: --=x`,
		"status --json=maybe --lang es":       `valor no válido "maybe" para "--json": se espera true o false`,
		"audit x --tightest few --lang pt":    `valor inválido "few" para "--tightest": espera-se um número inteiro`,
		"audit x --protection few --lang fr":  `valeur non valable "few" pour "--protection" : attendu un nombre`,
		"backup x --wait long --lang es":      `valor no válido "long" para "--wait": se espera una duración, por ejemplo 30s, 15m o 2h`,
		"report x --states \" --lang fr":      `valeur non valable "\"" pour "--states" : `,
		"ingest --lang es":                    `número de argumentos esperado: al menos 1; recibidos: 0`,
		"init a b --lang pt":                  `número de argumentos esperado: no máximo 1; recebidos: 2`,
		"trace a --lang fr":                   `nombre d'arguments attendu : 2 ; reçus : 1`,
		"inspect --lang es":                   `se espera el nombre de un archivo, y hay 0`,
		"-w pt report victims --format docx":  `--format docx: espera-se text, csv, xlsx, html, pdf, md, px, json-stat ou json`,
		"-w pt export":                        `falta --for: espera-se glotip ou sdg`,
		"-w pt --lang es export --for nosuch": `--for: no hay formulario "nosuch"; se espera glotip o sdg`,
		"-w pt status --lang de":              `--lang de: espera-se en, es, pt ou fr`,
		"-w de status":                        `--lang de: want en, es, pt or fr`,
		"-w nosuch status --lang fr":          `nosuch n'est pas un espace de travail (tipstat.yaml n'y est pas) : lancez tipstat init nosuch`,
		"inspect nosuch.xlsx --lang pt":       `nosuch.xlsx: esse arquivo não existe`,
	} {
		var errw bytes.Buffer
		code := at(now, nil, &bytes.Buffer{}, &errw).run(t.Context(), strings.Fields(call))
		first, rest, _ := strings.Cut(errw.String(), "\n")
		if code != exitUsage || !strings.HasPrefix(first, "tipstat: "+want) {
			t.Errorf("tipstat %s: exit code %d, %s; want %s", call, code, first, want)
		}
		if strings.Contains(call, "--lang fr") && !strings.HasPrefix(rest, "Essayez : tipstat") {
			t.Errorf("tipstat %s: %s", call, rest)
		}
	}
}
