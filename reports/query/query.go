package query

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

// Question is what is asked: which measures (codes of CL_INDICATOR), by which
// concepts in the rows and in the columns, and only for which codes.
type Question struct {
	Measures []string
	Rows     []string // REF_AREA leads whether it is named or not
	Columns  []string // TIME_PERIOD is added where neither names it
	Where    []string // CONCEPT=CODE, or CONCEPT=CODE+CODE
}

//go:embed query.sql
var selectSQL string

//go:embed query.yaml
var rulesYAML []byte

type rules struct {
	Title         table.Text            `yaml:"title"`
	Narrowed      table.Text            `yaml:"narrowed"`
	Equals        table.Text            `yaml:"equals"`
	Between       table.Text            `yaml:"between"`
	And           table.Text            `yaml:"and"`
	Question      table.Text            `yaml:"question"`
	TotalNote     table.Text            `yaml:"total_note"`
	OverlapNote   table.Text            `yaml:"overlap_note"`
	Names         map[string]table.Text `yaml:"names"`
	Capital       []string              `yaml:"capital"`
	Units         map[string]string     `yaml:"units"`
	Decimals      map[string]int        `yaml:"decimals"`
	VictimRecords []string              `yaml:"victim_records"`
	Total         struct {
		Grades       []string          `yaml:"grades"`
		MinStates    int               `yaml:"min_states"`
		CountingUnit map[string]string `yaml:"counting_unit"`
		Over         []string          `yaml:"over"`
		Parts        []string          `yaml:"parts"`
	} `yaml:"total"`
	Order map[string]struct {
		First []string `yaml:"first"`
		Last  []string `yaml:"last"`
		Sort  string   `yaml:"sort"`
	} `yaml:"order"`
}

var loadRules = sync.OnceValues(func() (*rules, error) {
	r := &rules{}
	if err := yaml.UnmarshalWithOptions(rulesYAML, r, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("query.yaml: %w", err)
	}
	return r, nil
})

// Concepts that a question treats in a way of its own.
const (
	area    = "REF_AREA"
	measure = "INDICATOR"
	period  = "TIME_PERIOD"
	year    = "REF_YEAR"
	totals  = "_T"
	nothing = "_Z"
)

// builder makes one spec.
type builder struct {
	*rules
	set      *codelist.Set
	concepts map[string]record.Component
	measures []string
	rows     []string
	columns  []string
	where    map[string][]string
	named    []string // the concepts of where, in their order
}

// Spec makes the spec of the table that answers a question. Its errors are
// faults of the question, told in words that its author can act on.
func Spec(set *codelist.Set, q Question) (table.Spec, error) {
	b, err := newBuilder(set)
	if err != nil {
		return table.Spec{}, err
	}
	for _, step := range []func(Question) error{b.readMeasures, b.readPlaces, b.readWhere, b.checkTogether} {
		if err := step(q); err != nil {
			return table.Spec{}, err
		}
	}
	return b.spec()
}

func newBuilder(set *codelist.Set) (*builder, error) {
	r, err := loadRules()
	if err != nil {
		return nil, err
	}
	components, err := record.Structure()
	if err != nil {
		return nil, err
	}
	b := &builder{rules: r, set: set, concepts: map[string]record.Component{}, where: map[string][]string{}}
	for _, c := range components {
		b.concepts[c.ID] = c
	}
	return b, nil
}

// spec puts the checked question into the form of a table's spec.
func (b *builder) spec() (table.Spec, error) {
	s := table.Spec{ID: "query", Kind: "figures", Paragraph: "4", Question: b.Question, SQL: selectSQL,
		Notes: []table.Text{b.TotalNote}}
	unit := b.unit(b.measures[0])
	s.Decimals = b.Decimals[unit]
	s.Title, s.Measure = b.title(), b.label("CL_UNIT_MEASURE", unit)
	stub := []string{area, "SOURCE_AGENCY", "COUNTING_UNIT"}
	indicators, _ := b.set.List("CL_INDICATOR")
	for _, m := range b.measures {
		if c, ok := indicators.Code(m); ok && slices.Contains(b.VictimRecords, c.Parent) {
			stub = append(stub, "VICTIM_STATUS")
			break
		}
	}
	for _, c := range b.rows {
		if !slices.Contains(stub, c) {
			stub = append(stub, c)
		}
	}
	for _, c := range stub {
		st := table.StubSpec{Column: column(c), Codelist: b.concepts[c].Codelist, Heading: b.heading(c)}
		if c == "SOURCE_AGENCY" {
			st.Show = "code"
		}
		s.Stub = append(s.Stub, st)
	}
	crossed := 0 // levels whose cross product may be mostly empty
	for _, c := range b.columns {
		if c != period && c != measure {
			crossed++
		}
	}
	for _, c := range b.columns {
		o := b.Order[c]
		l := table.LevelSpec{From: column(c), Codelist: b.concepts[c].Codelist, First: o.First, Last: o.Last, Sort: o.Sort, Present: crossed > 1}
		if c == measure {
			l.Codes = b.measures
		} else if codes := b.where[c]; len(codes) > 0 {
			l.Codes = codes
		}
		s.Columns = append(s.Columns, l)
	}
	if b.shows("AGE") || b.shows("EXPLOITATION") {
		s.Notes = append(s.Notes, b.OverlapNote)
	}
	s.Total = b.total()
	var err error
	s.Bind, err = b.bind(unit)
	return s, err
}

// column is the store's column of a concept: years stand for periods.
func column(concept string) string {
	if concept == period {
		return year
	}
	return concept
}

func (b *builder) shows(concept string) bool {
	return slices.Contains(b.rows, concept) || slices.Contains(b.columns, concept)
}

func (b *builder) unit(indicator string) string {
	if u := b.Units[indicator]; u != "" {
		return u
	}
	return b.concepts["UNIT_MEASURE"].Default
}

// total gives the rule of the regional total; none where measures of unlike
// units or columns that can't be added are asked for.
func (b *builder) total() *table.TotalSpec {
	unit := b.Total.CountingUnit[b.measures[0]]
	for _, m := range b.measures {
		if b.Total.CountingUnit[m] != unit {
			return nil
		}
	}
	t := &table.TotalSpec{Grades: b.Total.Grades, CountingUnit: unit, MinStates: b.Total.MinStates}
	for _, c := range slices.Concat(b.rows, b.columns) {
		if c != area && !slices.Contains(b.Total.Over, c) {
			return nil
		}
		if slices.Contains(b.columns, c) && slices.Contains(b.Total.Parts, c) && !slices.Contains(b.columns, period) {
			t.Choose = "row" // the row is of one year; its columns are parts of one whole
		}
	}
	if unit == "" {
		return nil
	}
	return t
}

// bind gives the values of the select's parameters: a list of codes for every
// concept, empty for all of them.
func (b *builder) bind(unit string) (map[string]any, error) {
	params := map[string]any{"unit_measure": unit}
	list := func(concept string, codes []string) error {
		if codes == nil {
			codes = []string{}
		}
		j, err := json.Marshal(codes)
		params[strings.ToLower(concept)] = string(j)
		return err
	}
	for _, c := range Concepts() {
		codes := b.where[c]
		switch {
		case c == area || c == period:
			continue
		case c == measure:
			codes = b.measures
		case len(codes) == 0 && b.concepts[c].Role == "dimension" && !b.shows(c):
			codes = []string{totals, nothing}
		}
		if err := list(c, codes); err != nil {
			return nil, err
		}
	}
	return params, nil
}

// Concepts are those that a question may name: the dimensions but for the
// frequency, since tables show years, and the attributes that tell series apart.
func Concepts() []string {
	components, _ := record.Structure() // the error is told by Spec
	var out []string
	for _, c := range components {
		if usable(c) {
			out = append(out, c.ID)
		}
	}
	return out
}

// usable tells whether rows can be made of a concept: dimensions, and those
// attributes that a series is told apart by.
func usable(c record.Component) bool {
	switch c.ID {
	case "FREQ":
		return false
	case "COUNTING_UNIT", "VICTIM_STATUS", "IDENTIFIED_BY", "COVERAGE", "SOURCE_AGENCY":
		return true
	}
	return c.Role == "dimension"
}
