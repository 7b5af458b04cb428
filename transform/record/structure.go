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
		out = append(out, Component{ID: r[0], Role: r[1], Type: r[2], Codelist: r[3],
			Name: map[string]string{"en": r[4], "es": r[5], "pt": r[6], "fr": r[7]}})
	}
	return out, nil
})
