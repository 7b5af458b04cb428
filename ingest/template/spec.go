package template

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"sync"

	"github.com/goccy/go-yaml"

	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

// Form is what the form asks.
type Form struct {
	ID      string  `yaml:"id"`
	Version string  `yaml:"version"`
	Sheets  []Sheet `yaml:"sheets"`

	sha256 string
}

// Sheet is one sheet of the form, for one kind of record.
type Sheet struct {
	ID         string   `yaml:"id"`
	Record     string   `yaml:"record"`     // code of CL_RECORD
	Optional   bool     `yaml:"optional"`   // only written when it is asked for
	Attributes []string `yaml:"attributes"` // components asked once for the sheet
	Tables     []Table  `yaml:"tables"`
}

// Table is one table: figures where a row and a column meet.
type Table struct {
	ID       string            `yaml:"id"`    // also the breakdown of its figures
	Since    string            `yaml:"since"` // version of the form that first asks it; empty: all do
	Case     bool              `yaml:"case"`  // each row is a case; there are no figures
	Concepts map[string]string `yaml:"concepts"`
	Rows     Axis              `yaml:"rows"`
	Columns  Axis              `yaml:"columns"`
}

// Axis is what the rows or the columns of a table stand for.
type Axis struct {
	Concept string                       `yaml:"concept"`
	Codes   []string                     `yaml:"codes"`
	Total   string                       `yaml:"total"` // code of the total, which a formula computes
	Each    map[string]map[string]string `yaml:"each"`  // code → further concepts
	// Open is the number of rows in which the codes of Concepts are chosen.
	Open     int                 `yaml:"open"`
	Concepts []string            `yaml:"concepts"`
	Optional []string            `yaml:"optional"` // those of Concepts that may stay empty
	Choices  map[string][]string `yaml:"choices"`  // concept → codes offered; otherwise the names of countries
}

// all gives the codes with the total.
func (a Axis) all() []string {
	if a.Total == "" {
		return a.Codes
	}
	return append(slices.Clone(a.Codes), a.Total)
}

// offered gives the codes that answer a question of a sheet: not those that a
// table says of its own figures.
func (f *Form) offered(codes *codelist.Set, attribute string) []codelist.Code {
	list, _ := listOf(attribute)
	l, ok := codes.List(list)
	if !ok {
		return nil // the answer is free text
	}
	return slices.DeleteFunc(l.Codes(), func(c codelist.Code) bool {
		return c.ID == "_Z" || slices.ContainsFunc(f.Sheets, func(s Sheet) bool {
			return slices.ContainsFunc(s.Tables, func(t Table) bool { return t.Concepts[attribute] == c.ID })
		})
	})
}

// Chosen gives the sheets of some kinds of record; without any named, all but
// those that are optional.
func (f *Form) Chosen(records []string) []Sheet {
	return slices.DeleteFunc(slices.Clone(f.Sheets), func(s Sheet) bool {
		if len(records) == 0 {
			return s.Optional
		}
		return !slices.Contains(records, s.ID)
	})
}

// Partition gives the dimensions that the table splits completely.
func (t Table) Partition() (dims []string) {
	for _, a := range []Axis{t.Rows, t.Columns} {
		switch {
		case t.Case:
		case a.Open > 0:
			dims = append(dims, slices.DeleteFunc(slices.Clone(a.Concepts), func(c string) bool { return c == "TRANSIT" })...)
		case a.Total != "":
			dims = append(dims, a.Concept)
		}
	}
	return dims
}

// SHA256 is the hash of the file that says what the form asks.
func (f *Form) SHA256() string { return f.sha256 }

//go:embed template.yaml
var formYAML []byte

//go:embed texts/*.yaml
var textFiles embed.FS

// Load gives the form, checked against the code lists.
func Load(codes *codelist.Set) (*Form, error) {
	f := &Form{}
	if err := yaml.UnmarshalWithOptions(formYAML, f, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("template.yaml: %w", err)
	}
	sum := sha256.Sum256(formYAML)
	f.sha256 = hex.EncodeToString(sum[:])
	return f, f.check(codes)
}

func (f *Form) check(codes *codelist.Set) error {
	has := func(concept, code string) error {
		list, ok := listOf(concept)
		if !ok {
			return fmt.Errorf("template.yaml: %s is no component with a code list", concept)
		}
		l, ok := codes.List(list)
		if !ok {
			return fmt.Errorf("template.yaml: no code list %s", list)
		}
		if _, ok := l.Code(code); !ok {
			return fmt.Errorf("template.yaml: %s has no code %q", list, code)
		}
		return nil
	}
	for _, s := range f.Sheets {
		for _, t := range s.Tables {
			given := map[string]string{}
			for c, code := range t.Concepts {
				given[c] = code
			}
			for _, each := range t.Rows.Each {
				for c, code := range each {
					if err := has(c, code); err != nil {
						return err
					}
				}
			}
			for c, code := range given {
				if err := has(c, code); err != nil {
					return err
				}
			}
			for _, a := range []Axis{t.Rows, t.Columns} {
				for _, code := range a.all() {
					if err := has(a.Concept, code); err != nil {
						return err
					}
				}
				for concept, choices := range a.Choices {
					for _, code := range choices {
						if err := has(concept, code); err != nil {
							return err
						}
					}
				}
			}
		}
	}
	return nil
}

//go:embed definitions.yaml
var definitionsYAML []byte

// definitions says what each category means: "EXPLOITATION.SEXUAL" → language →
// text.
var definitions = sync.OnceValues(func() (map[string]map[string]string, error) {
	all := map[string]map[string]string{}
	if err := yaml.UnmarshalWithOptions(definitionsYAML, &all, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("definitions.yaml: %w", err)
	}
	return all, nil
})

// listOf gives the code list of a component.
func listOf(concept string) (string, bool) {
	all, err := record.Structure()
	if err != nil {
		return "", false
	}
	i := slices.IndexFunc(all, func(c record.Component) bool { return c.ID == concept })
	if i < 0 || all[i].Codelist == "" {
		return "", false
	}
	return all[i].Codelist, true
}

var texts = sync.OnceValues(func() (map[string]map[string]string, error) {
	all := map[string]map[string]string{}
	for _, lang := range record.Languages {
		b, err := fs.ReadFile(textFiles, "texts/"+lang+".yaml")
		if err != nil {
			return nil, err
		}
		words := map[string]string{}
		if err := yaml.UnmarshalWithOptions(b, &words, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("texts/%s.yaml: %w", lang, err)
		}
		all[lang] = words
	}
	return all, nil
})
