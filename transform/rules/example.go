package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/oas/tipstat/transform/record"
)

// Card is what stands beside a rule, in rules/TIP-V0NN.yaml: how it is checked,
// in the languages other than English (that is the comment at the head of the
// query), and small files in which it speaks (bad) or no rule does (good).
type Card struct {
	Check map[string]string `yaml:"check" json:"check"`
	Bad   []Example         `yaml:"bad" json:"bad"`
	Good  []Example         `yaml:"good" json:"good"`
}

// Example is one small file and all that the rules say of it.
type Example struct {
	Name    string  `yaml:"name" json:"name"`
	Repeats string  `yaml:"repeats" json:"repeats,omitempty"` // as in a layout; empty is conflict
	Before  string  `yaml:"before" json:"before,omitempty"`   // the figures of a file accepted earlier, before.xlsx
	Figures string  `yaml:"figures" json:"figures"`           // see Rows
	Finds   []Found `yaml:"finds" json:"finds,omitempty"`
}

// Found is a finding as an example writes it: what is the same in most is left out.
type Found struct {
	Code         string `yaml:"code" json:"code"` // empty: the rule that the file is beside
	Sheet        string `yaml:"sheet" json:"sheet,omitempty"`
	Cell         string `yaml:"cell" json:"cell,omitempty"`
	ContextSheet string `yaml:"context_sheet" json:"context_sheet,omitempty"`
	Context      string `yaml:"context" json:"context,omitempty"`
	Found        string `yaml:"found" json:"found"`
	Expected     string `yaml:"expected" json:"expected,omitempty"`
	Count        int    `yaml:"count" json:"count"` // 0: 1
}

// ExampleSheet is the sheet of the figures that name none.
const ExampleSheet = "S"

// ExampleSplit is the table of an example that splits completely, by ExampleDimensions.
const ExampleSplit = "parts"

// ExampleDimensions are those by which ExampleSplit splits.
var ExampleDimensions = []string{"SEX", "AGE", "EXPLOITATION"}

// CardOf reads what stands beside a rule.
func CardOf(code string) (Card, error) {
	var c Card
	b, err := files.ReadFile("rules/" + code + ".yaml")
	if err != nil {
		return c, fmt.Errorf("no examples of the rule %s: %w", code, err)
	}
	if err := yaml.UnmarshalWithOptions(b, &c, yaml.Strict()); err != nil {
		return c, fmt.Errorf("rules/%s.yaml: %w", code, err)
	}
	for _, e := range c.Bad {
		for i := range e.Finds {
			e.Finds[i].Code = cmp.Or(e.Finds[i].Code, code)
			e.Finds[i].Count = max(e.Finds[i].Count, 1)
		}
	}
	return c, nil
}

// Finding gives the finding in full, as one in a file.
func (f Found) Finding(file string) record.Finding {
	x := record.NewFinding(f.Code, record.Place{File: file, Sheet: f.Sheet, Cell: f.Cell})
	if x.Subject.Cell != "" {
		x.Subject.Sheet = cmp.Or(f.Sheet, ExampleSheet)
	}
	if f.Context != "" {
		x.Context = record.Place{File: file, Sheet: cmp.Or(f.ContextSheet, ExampleSheet), Cell: f.Context}
	}
	x.Found, x.Expected, x.Count = f.Found, f.Expected, f.Count
	return x
}

// unsaid is what the figures of an example are about where no column says it.
var unsaid = []struct{ column, value string }{
	{"REF_AREA", "PER"}, {"INDICATOR", "VICTIMS_DETECTED"}, {"TIME_PERIOD", "2023"}, {"COUNTING_UNIT", "PERSON"}, {"SOURCE_AGENCY", "SAMPLE"},
	{"sheet", ExampleSheet}, {"breakdown", "total"}, {"role", "figure"}, {"place", ""},
}

// Default is what the figures of an example have in a column that is a dot, or not there.
func Default(column string) string {
	for _, u := range unsaid {
		if u.column == column {
			return u.value
		}
	}
	return record.NewConcepts().Get(column)
}

// Unsaid tells what the figures of an example are about beside what its columns say.
func Unsaid(columns []string) string {
	var out []string
	for _, u := range unsaid[:4] {
		if !slices.Contains(columns, u.column) {
			out = append(out, u.column+" "+u.value)
		}
	}
	return strings.Join(out, ", ")
}

// Rows reads the figures of an example: a line of column names (of concepts;
// sheet, cell, breakdown, role, place, value), then a line a figure. A dot is
// what the column has by default. Values are 12, <5 (0 to 4), 12:P (a status),
// 12=12.0 (the figure, and the text it stands in), or a kind of nothing (O, L, M, Q).
func Rows(table string) ([][]string, error) {
	var out [][]string
	for line := range strings.Lines(table) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if len(out) > 0 {
			if len(words) != len(out[0]) {
				return nil, fmt.Errorf("%d columns, %d words: %s", len(out[0]), len(words), line)
			}
			for i, w := range words {
				if w == "." {
					words[i] = Default(out[0][i])
				}
			}
		}
		out = append(out, words)
	}
	return out, nil
}
