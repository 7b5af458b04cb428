package exchange

import (
	"embed"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/oas/tipstat/reports/table"
)

// Form is what others ask for, and in which words.
type Form struct {
	ID         string               `yaml:"id"`
	Title      table.Text           `yaml:"title"`
	Columns    []string             `yaml:"columns"`
	Sheet      string               `yaml:"sheet"`
	Head       string               `yaml:"head"` // stands above the header, with the day of the newest file
	Unit       string               `yaml:"unit"`
	Small      Small                `yaml:"small"`
	Sources    map[string]string    `yaml:"sources"` // how the form names an agency
	Constants  map[string]string    `yaml:"constants"`
	Nature     map[string]string    `yaml:"nature"`
	NatureElse string               `yaml:"nature_else"`
	Sex        map[string]string    `yaml:"sex"`
	Age        map[string]string    `yaml:"age"`
	Cells      map[string][]string  `yaml:"cells"`
	Asks       map[string]Ask       `yaml:"asks"`
	Comments   map[string]Comment   `yaml:"comments"`
	Questions  []Question           `yaml:"questions"`
	Areas      map[string]FormState `yaml:"areas"`
}

// Small says how counts below a number are written.
type Small struct {
	Below float64 `yaml:"below"`
	Text  string  `yaml:"text"`
}

// Ask is a part of a question: the sexes and ages that it is about.
type Ask struct {
	Cells []string   `yaml:"cells"`
	Label table.Text `yaml:"label"`
}

// Comment goes with all figures of a category.
type Comment struct {
	Status string `yaml:"status"` // of SDMX CL_OBS_STATUS
	Text   string `yaml:"text"`
}

// FormState is what a form says of a State.
type FormState struct {
	Name      string `yaml:"name"`
	Region    string `yaml:"region"`
	Subregion string `yaml:"subregion"`
}

// Question is one question of a form: a measure, maybe by the categories of a
// concept, by sex and age where Cells says so.
type Question struct {
	ID         string            `yaml:"id"`
	Indicator  string            `yaml:"indicator"`
	Label      table.Text        `yaml:"label"`
	Says       map[string]string `yaml:"says"`       // the form's columns and what stands there
	Category   string            `yaml:"category"`   // concept; empty: the total alone
	Categories map[string]string `yaml:"categories"` // codes and the form's words; empty: any country
	Own        string            `yaml:"own"`        // the form's word for the State itself
	Countries  map[string]string `yaml:"countries"`  // the form's words for what is no country
	Beside     string            `yaml:"beside"`     // a concept that is the State itself or not told
	Where      []string          `yaml:"where"`
	Cells      string            `yaml:"cells"`
	Asks       []string          `yaml:"asks"`
	Each       bool              `yaml:"each"` // every category is asked for
}

//go:embed glotip.yaml sdg.yaml years.sql
var files embed.FS

// Forms are the forms that there are.
func Forms() []string { return []string{"glotip", "sdg"} }

// Load reads a form.
func Load(id string) (*Form, error) {
	if !slices.Contains(Forms(), id) {
		return nil, fmt.Errorf("no form %q; want %s", id, strings.Join(Forms(), " or "))
	}
	b, err := files.ReadFile(id + ".yaml")
	if err != nil {
		return nil, err
	}
	f := &Form{}
	if err := yaml.UnmarshalWithOptions(b, f, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s.yaml: %w", id, err)
	}
	return f, f.check()
}

// check gives all faults of a form.
func (f *Form) check() error {
	var errs []error
	add := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf(f.ID+".yaml: "+format, args...))
	}
	for _, q := range f.Questions {
		if len(f.Cells[q.Cells]) == 0 {
			add("question %s: no cells %q", q.ID, q.Cells)
		}
		for _, a := range q.Asks {
			if len(f.Asks[a].Cells) == 0 {
				add("question %s: no ask %q", q.ID, a)
			}
			for _, c := range f.Asks[a].Cells {
				if !slices.Contains(f.Cells[q.Cells], c) {
					add("question %s: ask %s wants %q, which its cells %s do not hold", q.ID, a, c, q.Cells)
				}
			}
		}
		for column := range q.Says {
			if !slices.Contains(f.Columns, column) {
				add("question %s: no column %q", q.ID, column)
			}
		}
	}
	for _, cells := range f.Cells {
		for _, c := range cells {
			sex, age, _ := strings.Cut(c, " ")
			if f.Sex[sex] == "" || f.Age[age] == "" {
				add("cell %q: no word for its sex or its age", c)
			}
		}
	}
	return errors.Join(errs...)
}

// bySexAge tells whether a question is asked by sex and age.
func (f *Form) bySexAge(q Question) bool { return len(f.Cells[q.Cells]) > 1 }

// codesOf lists the codes of one half of the cells of a question.
func (f *Form) codesOf(q Question, half int) []string {
	var out []string
	for _, c := range f.Cells[q.Cells] {
		if code := strings.Fields(c)[half]; !slices.Contains(out, code) {
			out = append(out, code)
		}
	}
	return out
}
