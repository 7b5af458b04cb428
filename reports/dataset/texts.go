package dataset

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"github.com/oas/tipstat/transform/record"
)

// text is a text by language.
type text map[string]string

// words are what the files say of themselves (dataset.yaml).
type words struct {
	Title       text                `yaml:"title"`
	Description text                `yaml:"description"`
	Omitted     text                `yaml:"omitted"`
	AsOf        text                `yaml:"as_of"`
	Unlicensed  text                `yaml:"unlicensed"`
	Catalogue   text                `yaml:"catalogue"`
	Codelists   text                `yaml:"codelists"`
	Codelist    text                `yaml:"codelist"`
	Part        text                `yaml:"part"`
	Publisher   text                `yaml:"publisher"`
	Keywords    map[string][]string `yaml:"keywords"`
	Homepage    string              `yaml:"homepage"`
	Themes      []string            `yaml:"themes"`
	Licences    []Licence           `yaml:"licences"`
	Columns     []column            `yaml:"columns"`
	ListColumns []column            `yaml:"list_columns"`
}

// Licence is one under which others may use the data.
type Licence struct {
	Name  string `yaml:"name" json:"name,omitempty"` // of the Open Definition's list
	Path  string `yaml:"path" json:"path"`
	Title string `yaml:"title" json:"title,omitempty"`
}

//go:embed dataset.yaml
var datasetYAML []byte

var readWords = sync.OnceValues(func() (*words, error) {
	w := &words{}
	if err := yaml.UnmarshalWithOptions(datasetYAML, w, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("dataset.yaml: %w", err)
	}
	return w, nil
})

// FindLicence gives a licence by its name, or by its address: that of one that is not listed.
func FindLicence(name string) (*Licence, error) {
	w, err := readWords()
	if err != nil || name == "" {
		return nil, err
	}
	var names []string
	for _, l := range w.Licences {
		if strings.EqualFold(l.Name, name) || l.Path == name {
			return &l, nil
		}
		names = append(names, l.Name)
	}
	if strings.HasPrefix(name, "https://") {
		return &Licence{Path: name}, nil
	}
	return nil, fmt.Errorf("%q is not among %s; want one of these, or the https address of another", name, strings.Join(names, ", "))
}

// with replaces {name} in all languages by what value gives for the language.
func (t text) with(name string, value func(lang string) string) text {
	out := text{}
	for lang, s := range t {
		out[lang] = strings.ReplaceAll(s, "{"+name+"}", value(lang))
	}
	return out
}

// and joins sentences.
func (t text) and(more text) text {
	out := text{}
	for lang, s := range t {
		out[lang] = strings.Join(slices.DeleteFunc([]string{strings.TrimSpace(s), strings.TrimSpace(more[lang])}, func(s string) bool { return s == "" }), " ")
	}
	return out
}

// each makes a text of what a function gives for each language.
func each(of func(lang string) string) text {
	t := text{}
	for _, lang := range record.Languages {
		t[lang] = of(lang)
	}
	return t
}

// same is a text that is alike in all languages.
func same(s string) func(string) string { return func(string) string { return s } }

// tagged gives a text as JSON-LD has it, in the order of the languages.
func (t text) tagged() []map[string]string {
	var out []map[string]string
	for _, lang := range slices.Sorted(maps.Keys(t)) {
		out = append(out, map[string]string{"@language": lang, "@value": t[lang]})
	}
	return out
}
