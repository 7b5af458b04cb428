package record_test

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/record"
)

var (
	rePlaceholder = regexp.MustCompile(`\{[^}]*\}`)
	reCode        = regexp.MustCompile(`TIP-[A-Z][0-9]{3}`)
	placeholders  = []string{"{found}", "{expected}", "{context}", "{count}", "{proposals}"}
)

// TestFindingTypes: every code has its texts in the four languages, with the
// same placeholders in each.
func TestFindingTypes(t *testing.T) {
	types, err := record.FindingTypes()
	if err != nil {
		t.Fatal(err)
	}
	if len(types) == 0 {
		t.Fatal("no codes")
	}
	for i, ty := range types {
		if !reCode.MatchString(ty.Code) || len(ty.Code) != len("TIP-V001") {
			t.Errorf("%s is no code", ty.Code)
		}
		if i > 0 && types[i-1].Code >= ty.Code {
			t.Errorf("%s after %s: unsorted, or twice", ty.Code, types[i-1].Code)
		}
		if !slices.Contains([]record.Severity{record.Error, record.Warning, record.Info}, ty.Severity) {
			t.Errorf("%s: severity %q", ty.Code, ty.Severity)
		}
		if ty.Level < 0 || ty.Level > 5 {
			t.Errorf("%s: level %d", ty.Code, ty.Level)
		}
		if d := cmp.Diff(slices.Sorted(slices.Values(record.Languages)), slices.Sorted(maps.Keys(ty.Text))); d != "" {
			t.Errorf("%s: languages (-want +got):\n%s", ty.Code, d)
		}
		used := func(text string) []string {
			return slices.Compact(slices.Sorted(slices.Values(rePlaceholder.FindAllString(text, -1))))
		}
		for _, lang := range record.Languages {
			x, en := ty.Text[lang], ty.Text["en"]
			if x.Title == "" || x.Message == "" || x.Hint == "" {
				t.Errorf("%s: the title, the message or the hint in %s is empty", ty.Code, lang)
			}
			for _, p := range used(x.Title + x.Message + x.Hint) {
				if !slices.Contains(placeholders, p) {
					t.Errorf("%s: unknown placeholder %s in %s", ty.Code, p, lang)
				}
			}
			if len(used(x.Title)) > 0 {
				t.Errorf("%s: a placeholder in the title in %s", ty.Code, lang)
			}
			if d := cmp.Diff(used(en.Message), used(x.Message)); d != "" {
				t.Errorf("%s: placeholders of the message (-en +%s):\n%s", ty.Code, lang, d)
			}
			if d := cmp.Diff(used(en.Hint), used(x.Hint)); d != "" {
				t.Errorf("%s: placeholders of the hint (-en +%s):\n%s", ty.Code, lang, d)
			}
			if lang != "en" && x.Message == en.Message {
				t.Errorf("%s: the message in %s is the English one", ty.Code, lang)
			}
			if strings.HasSuffix(x.Message, ".") || strings.TrimSpace(x.Message) != x.Message {
				t.Errorf("%s: the message in %s ends as a sentence: a place and a code stand around it", ty.Code, lang)
			}
		}
	}
}

// TestFindingWhy: every code says why it is checked, in the four languages.
func TestFindingWhy(t *testing.T) {
	types, err := record.FindingTypes()
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]string{}
	for _, ty := range types {
		if d := cmp.Diff(slices.Sorted(slices.Values(record.Languages)), slices.Sorted(maps.Keys(ty.Why))); d != "" {
			t.Errorf("%s: languages of why (-want +got):\n%s", ty.Code, d)
		}
		for _, lang := range record.Languages {
			why := ty.Why[lang]
			if !strings.HasSuffix(why, ".") || strings.TrimSpace(why) != why || rePlaceholder.MatchString(why) {
				t.Errorf("%s: why in %s is no sentence: %q", ty.Code, lang, why)
			}
			if other, ok := told[why]; ok {
				t.Errorf("%s: why in %s is what %s says", ty.Code, lang, other)
			}
			told[why] = ty.Code + " " + lang
		}
	}
}

// TestFindingExamples: what is found while a file is read has an example, which
// fills in all that its texts ask for; a rule in SQL has its own in transform/rules.
func TestFindingExamples(t *testing.T) {
	types, err := record.FindingTypes()
	if err != nil {
		t.Fatal(err)
	}
	for _, ty := range types {
		_, err := os.Stat("../rules/rules/" + ty.Code + ".sql")
		f, ok := ty.ExampleFinding()
		if ok == (err == nil) {
			t.Errorf("%s: an example %v, a rule in SQL %v; it needs one of them", ty.Code, ok, err == nil)
		}
		if !ok {
			continue
		}
		filled := map[string]bool{"{found}": f.Found != "", "{expected}": f.Expected != "", "{context}": f.Context.Cell != "",
			"{count}": f.Count > 1, "{proposals}": len(f.Proposals) > 0}
		for _, p := range rePlaceholder.FindAllString(ty.Text["en"].Message+ty.Text["en"].Hint, -1) {
			if !filled[p] {
				t.Errorf("%s: the example has no %s", ty.Code, p)
			}
		}
		for _, cell := range []string{f.Subject.Cell, f.Context.Cell} {
			if _, _, ok := record.ParseCell(cell); cell != "" && !ok {
				t.Errorf("%s: %q is no cell", ty.Code, cell)
			}
		}
	}
}

// TestFindingFilesAreSorted: in each file the codes stand in order, once; one
// letter's codes are in one file (S stands at the end of the values).
func TestFindingFilesAreSorted(t *testing.T) {
	names, err := filepath.Glob("findings/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	file := map[string]string{}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var types []struct{ Code string }
		if err := yaml.Unmarshal(b, &types); err != nil {
			t.Fatal(err)
		}
		for i, ty := range types {
			letter := ty.Code[4:5]
			if other, ok := file[letter]; ok && other != name {
				t.Errorf("%s is in %s, others of its letter in %s", ty.Code, name, other)
			}
			file[letter] = name
			if i > 0 && types[i-1].Code[4:5] == letter && types[i-1].Code >= ty.Code {
				t.Errorf("%s: %s after %s", name, ty.Code, types[i-1].Code)
			}
		}
	}
}

// TestFindingCodesInUse walks the program: a code that is used has an entry,
// and an entry is used.
func TestFindingCodesInUse(t *testing.T) {
	used := map[string]string{}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && d.Name() != ".." && d.Name() != "."):
			return fs.SkipDir
		case strings.HasSuffix(path, ".sql") && reCode.MatchString(d.Name()):
			used[strings.TrimSuffix(d.Name(), ".sql")] = path
		case strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go"), strings.HasSuffix(path, ".sql"), d.Name() == "identifiers.yaml":
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for line := range strings.Lines(string(b)) {
				code, _, _ := strings.Cut(line, "//") // a comment uses nothing
				for _, c := range reCode.FindAllString(code, -1) {
					used[c] = path
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	types, err := record.FindingTypes()
	if err != nil {
		t.Fatal(err)
	}
	entry := map[string]bool{}
	for _, ty := range types {
		entry[ty.Code] = true
		if used[ty.Code] == "" {
			t.Errorf("%s has texts and is used nowhere", ty.Code)
		}
	}
	for code, path := range used {
		if !entry[code] {
			t.Errorf("%s is used in %s and has no texts", code, path)
		}
	}
}

func TestNewFinding(t *testing.T) {
	f := record.NewFinding("TIP-V018", record.Place{File: "f.xlsx", Sheet: "S", Cell: "B3"})
	if f.Severity != record.Warning || f.Count != 1 {
		t.Errorf("%+v", f)
	}
	// A code that we forgot to describe must not pass unseen.
	if f := record.NewFinding("TIP-X999", record.Place{}); f.Severity != record.Error {
		t.Errorf("a code without an entry is %q", f.Severity)
	}
}

// TestFindingTexts pins the wording of one finding in four languages, and what
// the placeholders take.
func TestFindingTexts(t *testing.T) {
	f := record.NewFinding("TIP-V018", record.Place{File: "f.xlsx", Sheet: "S 1", Cell: "B3"})
	f.Found, f.Context = "5 | 7", record.Place{File: "f.xlsx", Sheet: "S 1", Cell: "B2"}
	want := map[string]string{
		"en": "the same figure is given as 5 | 7; the other cell is B2",
		"es": "la misma cifra figura como 5 | 7; la otra celda es B2",
		"pt": "o mesmo dado aparece como 5 | 7; a outra célula é B2",
		"fr": "le même chiffre est donné comme 5 | 7 ; l'autre cellule est B2",
		"de": "the same figure is given as 5 | 7; the other cell is B2", // English where there is no text
	}
	for lang, w := range want {
		if got := f.Message(lang); got != w {
			t.Errorf("%s: got %s, want %s", lang, got, w)
		}
	}
	f.Context.Sheet = "S 2"
	if got := f.Message("en"); !strings.HasSuffix(got, "'S 2'!B2") {
		t.Errorf("a context on another sheet: %s", got)
	}
	f.Found = "{expected} {context}" // what a file says is not a template
	if got := f.Message("en"); !strings.Contains(got, "given as {expected} {context};") {
		t.Errorf("braces in a cell: %s", got)
	}
	if f.Title("es") != "Una cifra informada dos veces, con valores distintos" || f.Hint("pt") == "" {
		t.Errorf("title %q, hint %q", f.Title("es"), f.Hint("pt"))
	}
}

func TestFindingsSort(t *testing.T) {
	at := func(sheet, cell, code string) record.Finding {
		return record.Finding{Code: code, Subject: record.Place{File: "f.xlsx", Sheet: sheet, Cell: cell}}
	}
	fs := record.Findings{
		at("Zeta", "B10", "TIP-V001"), at("Alfa", "A1", "TIP-V001"), at("Zeta", "AA2", "TIP-V001"), at("Zeta", "B2:B9", "TIP-V002"),
		at("Zeta", "B2", "TIP-V001"), at("Zeta", "", "TIP-L001"), at("", "", "TIP-V027"), at("Alfa", "", "TIP-L002"),
	}
	fs.Sort()
	var got []string
	for _, f := range fs {
		got = append(got, strings.TrimSpace(f.Subject.Sheet+" "+f.Subject.Cell+" "+f.Code))
	}
	// What is about the file comes first, then the sheets as they first appear,
	// each by row and column; rows are numbers, AA comes after B.
	want := []string{"TIP-V027", "Zeta  TIP-L001", "Zeta B2 TIP-V001", "Zeta B2:B9 TIP-V002", "Zeta AA2 TIP-V001", "Zeta B10 TIP-V001",
		"Alfa  TIP-L002", "Alfa A1 TIP-V001"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	before := slices.Clone(fs)
	fs.Sort()
	if d := cmp.Diff(before, fs); d != "" {
		t.Errorf("sorting twice changes the order:\n%s", d)
	}
}

func TestFindingsErr(t *testing.T) {
	e, w := record.Finding{Severity: record.Error}, record.Finding{Severity: record.Warning}
	for _, c := range []struct {
		findings record.Findings
		want     string
	}{
		{nil, ""},
		{record.Findings{w, {Severity: record.Info}}, ""},
		{record.Findings{w, e}, "refused: 1 finding"},
		{record.Findings{e, w, e}, "refused: 2 findings"},
	} {
		err := c.findings.Err()
		if c.want == "" {
			if err != nil { // and not an error with a nil inside
				t.Errorf("%v: %v", c.findings, err)
			}
			continue
		}
		var refused *record.RefusedError
		if !errors.As(err, &refused) || err.Error() != c.want || len(refused.Findings) != len(c.findings) {
			t.Errorf("%v: got %v, want %s", c.findings, err, c.want)
		}
	}
}

// TestSeverityNames: each severity has its word in the four languages.
func TestSeverityNames(t *testing.T) {
	for _, s := range []record.Severity{record.Error, record.Warning, record.Info} {
		for _, lang := range record.Languages {
			if s.Name(lang) == "" || s != record.Error && lang != "en" && s.Name(lang) == string(s) {
				t.Errorf("%s in %s: %q", s, lang, s.Name(lang))
			}
		}
	}
	if got := record.Warning.Name("de"); got != "warning" {
		t.Errorf("a language without a word: %q", got)
	}
}

// TestCountIsWritten: a count stands in a message as the language writes it.
func TestCountIsWritten(t *testing.T) {
	f := record.NewFinding("TIP-T005", record.Place{File: "f.xlsx", Sheet: "S", Cell: "B3"})
	f.Count = 12345
	for lang, want := range map[string]string{"en": "12,345", "es": "12.345", "pt": "12.345", "fr": "12\u00a0345"} {
		if got := f.Message(lang); !strings.Contains(got, want) {
			t.Errorf("%s: %s; want %s", lang, got, want)
		}
	}
}
