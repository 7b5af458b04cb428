package record

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// Severity of a finding. The zero value is not valid on purpose. An error
// refuses the file; a warning or a note travels with what was accepted.
type Severity string

const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Info    Severity = "information"
)

//go:embed severity.yaml
var severityYAML []byte

var severityNames = sync.OnceValues(func() (map[Severity]map[string]string, error) {
	m := map[Severity]map[string]string{}
	if err := yaml.UnmarshalWithOptions(severityYAML, &m, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("severity.yaml: %w", err)
	}
	return m, nil
})

// Name is the word for a severity in a language; without one, its code.
func (s Severity) Name(lang string) string {
	all, _ := severityNames() // a test reads them
	return cmp.Or(all[s][lang], string(s))
}

// Finding is one thing said about a submission. Code is stable; its texts are
// in findings/*.yaml. Context is the other end of a conflict (the first of two
// cells with one key, the range that was summed). Found never quotes a case
// row: for rows about persons it is Unquoted.
type Finding struct {
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	Subject  Place    `json:"subject"`
	Context  Place    `json:"context,omitzero"`
	Found    string   `json:"found,omitempty"`
	Expected string   `json:"expected,omitempty"`
	// Count is the number of cells or rows that this finding stands for, 1 or more.
	Count int `json:"count"`
	// Cells are the first cells that it stands for, at most 20.
	Cells []string `json:"cells,omitempty"`
	// Proposals are codes that may be meant, nearest first.
	Proposals []string `json:"proposals,omitempty"`
	// Explanation is what the sender says of it: a figure may be odd and right.
	Explanation string `json:"explanation,omitempty"`
}

// Unquoted stands in a finding for a text that may tell of a person.
const Unquoted = "…"

// Findings is a list of findings. It is not an error on purpose; Err gives one.
type Findings []Finding

// Err is nil when no finding refuses the file.
func (fs Findings) Err() error {
	n := 0
	for _, f := range fs {
		if f.Severity == Error {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return &RefusedError{Count: n, Findings: fs}
}

// RefusedError says that findings refuse a file.
type RefusedError struct {
	Count    int
	Findings Findings
}

func (e *RefusedError) Error() string {
	if e.Count == 1 {
		return "refused: 1 finding"
	}
	return fmt.Sprintf("refused: %d findings", e.Count)
}

// Sort puts findings in workbook order: what is said of the file as a whole
// first, then by sheet (in the order given by first appearance), row, column
// and code.
func (fs Findings) Sort() {
	order := map[string]int{"": 0}
	for _, f := range fs {
		if _, ok := order[f.Subject.Sheet]; !ok {
			order[f.Subject.Sheet] = len(order)
		}
	}
	slices.SortStableFunc(fs, func(a, b Finding) int {
		ar, ac, _ := ParseCell(firstCell(a.Subject.Cell))
		br, bc, _ := ParseCell(firstCell(b.Subject.Cell))
		return cmp.Or(
			cmp.Compare(a.Subject.File, b.Subject.File),
			cmp.Compare(order[a.Subject.Sheet], order[b.Subject.Sheet]),
			cmp.Compare(ar, br), cmp.Compare(ac, bc), cmp.Compare(a.Code, b.Code),
			// nothing may depend on the order in which rows came
			cmp.Compare(a.Subject.Cell, b.Subject.Cell), cmp.Compare(a.Context.Sheet, b.Context.Sheet), cmp.Compare(a.Context.Cell, b.Context.Cell),
			cmp.Compare(a.Found, b.Found), cmp.Compare(a.Expected, b.Expected))
	})
}

func firstCell(s string) string {
	first, _, _ := strings.Cut(s, ":")
	return first
}

// FindingText is the wording of one code in one language. Title is what the
// code is about; Message and Hint may hold {found}, {expected}, {context},
// {count} and {proposals}.
type FindingText struct {
	Title   string `yaml:"title"`
	Message string `yaml:"message"`
	Hint    string `yaml:"hint"`
}

// FindingType is one entry of findings/*.yaml.
type FindingType struct {
	Code     string                 `yaml:"code"`
	Level    int                    `yaml:"level"` // ESS validation level 0-5
	Severity Severity               `yaml:"severity"`
	Text     map[string]FindingText `yaml:"text"` // en, es, pt, fr
	// Why says what goes wrong in the statistics if it is let pass, in the same languages.
	Why map[string]string `yaml:"why"`
	// Example is what such a finding may hold; nil for the rules in SQL, which
	// have examples of their own.
	Example *FindingExample `yaml:"example" json:",omitempty"`
}

// FindingExample fills in the texts of a code found while a file is read.
type FindingExample struct {
	Cell      string   `yaml:"cell"`
	Found     string   `yaml:"found"`
	Expected  string   `yaml:"expected"`
	Context   string   `yaml:"context"` // a cell
	Count     int      `yaml:"count"`   // 0: 1
	Proposals []string `yaml:"proposals"`
}

// ExampleFinding is the finding that a type's example describes; ok is false where it has none.
func (t FindingType) ExampleFinding() (f Finding, ok bool) {
	e := t.Example
	if e == nil {
		return f, false
	}
	f = NewFinding(t.Code, Place{Cell: e.Cell})
	f.Context, f.Found, f.Expected, f.Count, f.Proposals = Place{Cell: e.Context}, e.Found, e.Expected, max(e.Count, 1), e.Proposals
	return f, true
}

// Languages are the four official languages of the OAS.
var Languages = []string{"en", "es", "pt", "fr"}

// Tag is the locale in which a language's numbers and names are written; English
// for any other.
func Tag(lang string) language.Tag {
	switch lang {
	case "es":
		return language.Spanish
	case "pt":
		return language.BrazilianPortuguese
	case "fr":
		return language.French
	}
	return language.English
}

//go:embed findings/*.yaml
var findingFiles embed.FS

// FindingTypes gives every code with its texts, in the order of the codes.
var FindingTypes = sync.OnceValues(func() ([]FindingType, error) {
	var all []FindingType
	names, err := fs.Glob(findingFiles, "findings/*.yaml")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		b, err := findingFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		var some []FindingType
		if err := yaml.UnmarshalWithOptions(b, &some, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b FindingType) int { return cmp.Compare(a.Code, b.Code) })
	return all, nil
})

var findingIndex = sync.OnceValue(func() map[string]FindingType {
	types, _ := FindingTypes()
	m := make(map[string]FindingType, len(types))
	for _, t := range types {
		m[t.Code] = t
	}
	return m
})

// NewFinding makes a finding of a code with the severity its entry gives. A
// code without an entry is an error of ours and keeps severity Error, so that
// it can't pass unseen.
func NewFinding(code string, at Place) Finding {
	sev := Error
	if t, ok := findingIndex()[code]; ok {
		sev = t.Severity
	}
	return Finding{Code: code, Severity: sev, Subject: at, Count: 1}
}

// Message gives the finding's sentence in a language (English when lang has none).
func (f Finding) Message(lang string) string { return f.fill(lang, f.text(lang).Message) }

// Hint says what to do about it.
func (f Finding) Hint(lang string) string { return f.fill(lang, f.text(lang).Hint) }

func (f Finding) text(lang string) FindingText {
	t := findingIndex()[f.Code]
	if x, ok := t.Text[lang]; ok {
		return x
	}
	return t.Text["en"]
}

func (f Finding) fill(lang, s string) string {
	at := f.Context
	if at.File == f.Subject.File {
		at.File = ""
	}
	if at.Sheet == f.Subject.Sheet && at.Cell != "" {
		at.Sheet = ""
	}
	return strings.NewReplacer(
		"{found}", f.Found, "{expected}", f.Expected, "{context}", at.String(),
		"{count}", message.NewPrinter(Tag(lang)).Sprint(number.Decimal(f.Count)), "{proposals}", cmp.Or(strings.Join(f.Proposals, ", "), "-"),
	).Replace(s)
}

// Title says in a few words what the code is about.
func (f Finding) Title(lang string) string { return f.text(lang).Title }
