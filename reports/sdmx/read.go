package sdmx

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"strconv"
)

//go:embed rows.sql
var rowsSQL string

// observation holds the columns of one observation as SDMX writes them, in the order
// of design.components; empty for what is not said.
type observation []string

// observations hands on the observations one after the other, series by series. The
// slice is used again for the next one.
func (e *Export) observations(ctx context.Context, fn func(observation) error) error {
	columns := e.design.components()
	texts, numbers := make([]sql.NullString, len(columns)), make([]sql.NullFloat64, len(columns))
	into := make([]any, len(columns))
	for i, c := range columns {
		if into[i] = &texts[i]; c.kind != "text" {
			into[i] = &numbers[i]
		}
	}
	o := make(observation, len(columns))
	err := e.each(ctx, rowsSQL, func(scan func(...any) error) error {
		if err := scan(into...); err != nil {
			return err
		}
		for i, c := range columns {
			if o[i] = texts[i].String; c.kind != "text" {
				if o[i] = ""; numbers[i].Valid {
					o[i] = strconv.FormatFloat(numbers[i].Float64, 'f', -1, 64)
				}
			}
		}
		return fn(o)
	})
	if err != nil {
		return fmt.Errorf("rows.sql: %w", err)
	}
	return nil
}

// sameSeries tells whether two observations differ in time alone.
func (d *design) sameSeries(x, y observation) bool {
	for i, c := range d.dimensions {
		if c.ID != d.Time && x[i] != y[i] {
			return false
		}
	}
	return true
}
