package dataset

import (
	"context"
	"database/sql"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/oas/tipstat/transform/record"
)

//go:embed observation.sql
var observationSQL string

// sink takes rows in their order.
type sink interface {
	// batch takes rows of one record and State, where these are parted.
	batch(record, area string, b arrow.RecordBatch) error
	close() error
}

// reader reads the rows from the store, as Arrow record batches.
type reader struct {
	s            *Set
	out          sink
	rb           *array.RecordBuilder
	rows         int
	parted       bool // a batch ends with its record and State
	record, area string
}

func newReader(s *Set, schema *arrow.Schema, out sink, parted bool) *reader {
	return &reader{s: s, out: out, rb: array.NewRecordBuilder(memory.DefaultAllocator, schema), parted: parted}
}

func (r *reader) release() { r.rb.Release() }

// read reads all rows.
func (r *reader) read(ctx context.Context, db *sql.DB) (err error) {
	p := r.s.o.Params
	states, err := json.Marshal(append([]string{}, p.States...))
	if err != nil {
		return err
	}
	rows, err := db.QueryContext(ctx, observationSQL, sql.Named("states", string(states)),
		sql.Named("from", p.FromYear), sql.Named("to", p.ToYear), sql.Named("released", r.s.released()))
	if err != nil {
		return fmt.Errorf("observation.sql: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	raw, ptr := make([]any, len(names)), make([]any, len(names))
	for i := range raw {
		ptr[i] = &raw[i]
	}
	at := func(name string) int { return slices.Index(names, name) }
	place := make([]int, len(r.s.columns)) // of each column in the select
	for i, c := range r.s.columns {
		if place[i] = at(c.ID); place[i] < 0 {
			return fmt.Errorf("observation.sql gives no column %s", c.ID)
		}
	}
	kind, area, agency, year, received, withheld := at("record"), at("REF_AREA"), at("SOURCE_AGENCY"), at("REF_YEAR"), at("received_at"), at("withheld")
	for rows.Next() {
		if err := rows.Scan(ptr...); err != nil {
			return err
		}
		if err := r.turn(fmt.Sprint(raw[kind]), fmt.Sprint(raw[area])); err != nil {
			return err
		}
		when, _ := raw[received].(time.Time)
		hidden, _ := raw[withheld].(bool)
		y, _ := raw[year].(int32)
		a, _ := raw[agency].(string)
		r.s.note(r.area, a, int(y), when, hidden)
		for i, c := range r.s.columns {
			if err := add(r.rb.Field(i), raw[place[i]], c); err != nil {
				return fmt.Errorf("observation %v: %w", raw[at("obs_id")], err)
			}
		}
		r.rows++
	}
	return errors.Join(rows.Err(), r.flush())
}

// turn hands on what was gathered where a new part begins, or it is enough.
func (r *reader) turn(record_, area string) error {
	if r.rows >= record.BatchRows || r.parted && (record_ != r.record || area != r.area) {
		if err := r.flush(); err != nil {
			return err
		}
	}
	r.record, r.area = record_, area
	return nil
}

func (r *reader) flush() error {
	if r.rows == 0 {
		return nil
	}
	r.rows = 0
	b := r.rb.NewRecordBatch()
	defer b.Release()
	return r.out.batch(r.record, r.area, b)
}

// add adds one value. An empty text is none: csv can't tell the two apart.
func add(b array.Builder, v any, c column) error {
	if v == nil || v == "" {
		if c.Required {
			return fmt.Errorf("has no %s", c.ID)
		}
		b.AppendNull()
		return nil
	}
	ok := false
	switch b := b.(type) {
	case *array.StringBuilder:
		var s string
		if s, ok = v.(string); ok {
			b.Append(s)
		}
	case *array.Float64Builder:
		var n float64
		if n, ok = v.(float64); ok {
			b.Append(n)
		}
	case *array.Int32Builder:
		var n int32
		if n, ok = v.(int32); ok {
			b.Append(n)
		}
	case *array.Int64Builder:
		var n int64
		if n, ok = v.(int64); ok {
			b.Append(n)
		}
	case *array.BooleanBuilder:
		var y bool
		if y, ok = v.(bool); ok {
			b.Append(y)
		}
	}
	if !ok {
		return fmt.Errorf("%s is a %T; want a %s", c.ID, v, c.Type)
	}
	return nil
}
