package record

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"sync"
)

// Component is one component of the data structure definition TIP (agency
// OAS, version 1.0.0): a dimension, the measure or an attribute, in the sense
// of the SDMX information model.
type Component struct {
	ID       string            // SDMX concept id; also the SQL column and the CSV header
	Role     string            // dimension, measure or attribute
	Type     string            // text, number or integer
	Codelist string            // id of its code list; empty when it has none
	Default  string            // what a record holds when the source says nothing of it
	Name     map[string]string // by language
}

//go:embed structure.csv
var structureCSV []byte

// Structure gives the components of an observation in their order.
var Structure = sync.OnceValues(func() ([]Component, error) {
	rows, err := csv.NewReader(bytes.NewReader(structureCSV)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("structure.csv: %w", err)
	}
	var out []Component
	for _, r := range rows[1:] {
		out = append(out, Component{ID: r[0], Role: r[1], Type: r[2], Codelist: r[3], Default: r[4],
			Name: map[string]string{"en": r[5], "es": r[6], "pt": r[7], "fr": r[8]}})
	}
	return out, nil
})

// Concepts holds the text components of one record, addressed by Concept.
type Concepts []string

// Concept is the position of a text component in Concepts.
type Concept int

// textComponents are the components that Concepts holds, in order.
var textComponents = sync.OnceValue(func() []Component {
	all, _ := Structure()
	var out []Component
	for _, c := range all {
		if c.Type == "text" {
			out = append(out, c)
		}
	}
	return out
})

var conceptIndex = sync.OnceValue(func() map[string]Concept {
	m := map[string]Concept{}
	for i, c := range textComponents() {
		m[c.ID] = Concept(i)
	}
	return m
})

// ConceptOf finds a text component by its id.
func ConceptOf(id string) (Concept, bool) {
	c, ok := conceptIndex()[id]
	return c, ok
}

// Component describes what stands at c.
func (c Concept) Component() Component { return textComponents()[c] }

// NewConcepts gives a record's text components at their defaults.
func NewConcepts() Concepts {
	cs := make(Concepts, len(textComponents()))
	for i, c := range textComponents() {
		cs[i] = c.Default
	}
	return cs
}

// Get gives the text of a component by id; empty for an id that is none.
func (cs Concepts) Get(id string) string {
	if c, ok := ConceptOf(id); ok {
		return cs[c]
	}
	return ""
}
