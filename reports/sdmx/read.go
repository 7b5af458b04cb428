package sdmx

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"slices"
	"strconv"
)

var (
	//go:embed rows.sql
	rowsSQL string
	//go:embed values.sql
	valuesSQL string
)

// readValues reads what the observations have in each column of a code list, in the
// order of the list, and the periods. A code that its list lacks is an error: no
// receiver would take the data.
func (e *Export) readValues(ctx context.Context) error {
	e.values = map[string][]string{}
	err := e.each(ctx, valuesSQL, func(scan func(...any) error) error {
		var name, code string
		err := scan(&name, &code)
		e.values[name] = append(e.values[name], code)
		return err
	})
	if err != nil {
		return fmt.Errorf("values.sql: %w", err)
	}
	return e.sortValues()
}

// CodeError says that the store has a code that its list lacks.
type CodeError struct{ Code, Component, Codelist string }

func (e *CodeError) Error() string {
	return fmt.Sprintf("the store has the code %s in %s, which %s lacks: add it to vocabulary/codelists/%s.csv of the workspace", e.Code, e.Component, e.Codelist, e.Codelist)
}

// sortValues brings codes into the order of their lists, and periods into that of time.
func (e *Export) sortValues() error {
	slices.Sort(e.values[e.design.Time])
	for _, c := range e.design.components() {
		if c.Codelist == "" {
			continue
		}
		at := map[string]int{}
		for _, code := range e.values[c.ID] {
			n, ok := e.position(c.Codelist, code)
			if !ok {
				return &CodeError{code, c.ID, c.Codelist}
			}
			at[code] = n
		}
		slices.SortFunc(e.values[c.ID], func(x, y string) int { return at[x] - at[y] })
	}
	return nil
}

// observation holds the columns of one observation as SDMX writes them, in the order
// of design.components; empty for what is not said.
type observation []string

// observations hands on the observations one after the other, series by series. The
// slice is used again for the next one.
func (e *Export) observations(ctx context.Context, fn func(observation) error) error {
	if e.frozen != nil {
		return e.frozen.observations(ctx, e.design.components(), e.taken, fn)
	}
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
