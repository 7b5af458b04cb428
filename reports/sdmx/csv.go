package sdmx

import (
	"context"
	"encoding/csv"
	"io"
	"slices"

	"github.com/oas/tipstat/reports"
)

// structureID names the dataflow as SDMX-CSV does, or the structure.
func (e *Export) structureID() (kind, id string) {
	d := e.design
	id, _ = e.usage()
	if kind = "dataflow"; e.byStructure {
		kind = "datastructure"
	}
	return kind, d.Agency + ":" + id + "(" + d.Version + ")"
}

// csvHead are the columns of SDMX-CSV 2.0 before the components.
var csvHead = []string{"STRUCTURE", "STRUCTURE_ID", "ACTION"}

// WriteDataCSV writes the data as SDMX-CSV 2.0: one observation a line. Text that a
// spreadsheet could take for a formula is preceded by an apostrophe, which ingest/layout takes off again.
func (e *Export) WriteDataCSV(ctx context.Context, w io.Writer) error {
	kind, id := e.structureID()
	return e.writeCSV(ctx, w, slices.Clone(csvHead), func(a action) []string { return []string{kind, id, a.letter} })
}

// writeCSV writes the components of each observation, after columns of the format whose
// values hang on the action alone.
func (e *Export) writeCSV(ctx context.Context, w io.Writer, head []string, first func(action) []string) error {
	out := csv.NewWriter(w)
	fixed := len(head)
	for _, c := range e.design.components() {
		head = append(head, c.ID)
	}
	if err := out.Write(head); err != nil {
		return err
	}
	line := make([]string, len(head))
	for _, a := range e.actions() {
		copy(line, first(a))
		err := e.acted(ctx, a, func(o observation) error {
			for i, s := range o {
				line[fixed+i] = reports.Harmless(s)
			}
			return out.Write(line)
		})
		if err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
