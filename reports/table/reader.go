package table

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/oas/tipstat/transform/record"
)

// Reader makes tables of a store that nobody writes to meanwhile: its code lists are read
// once for all of them.
type Reader struct {
	db   *sql.DB
	v    *vocabulary
	kept map[string]*answer // by question; nil: nothing is kept
}

// NewReader gives a reader of a store. It is for one goroutine.
func NewReader(db *sql.DB) *Reader { return &Reader{db: db} }

// Build makes a table, as the function does.
func (r *Reader) Build(ctx context.Context, spec Spec, p Params) (*Table, error) {
	if r.v == nil {
		v, err := r.vocabulary(ctx)
		if err != nil {
			return nil, err
		}
		r.v = v
	}
	b := &builder{r: r, v: r.v, spec: spec, drafts: map[string]*draft{}, symbols: map[string]bool{},
		submissions: map[string]bool{}, behind: map[int64]observation{}}
	return b.build(ctx, p)
}

// Languages makes a table in each language and asks the store once: to plan a question
// takes DuckDB longer than to answer it.
func (r *Reader) Languages(ctx context.Context, spec Spec, p Params, fn func(*Table) error) error {
	r.kept = map[string]*answer{}
	defer func() { r.kept = nil }()
	for _, p.Lang = range record.Languages {
		t, err := r.Build(ctx, spec, p)
		if err != nil {
			return err
		}
		if err := fn(t); err != nil {
			return err
		}
	}
	return nil
}

// answer is what the store said to a question.
type answer struct {
	columns []string
	rows    [][]any
}

// ask runs a select and gives its columns to head and each of its rows to fn.
func (r *Reader) ask(ctx context.Context, query string, args []any, head func(columns []string) error, fn func(row []any) error) error {
	if r.kept == nil {
		return r.stream(ctx, query, args, head, fn)
	}
	a, err := r.keep(ctx, query, args)
	if err == nil {
		err = head(a.columns)
	}
	if err != nil {
		return err
	}
	for _, row := range a.rows {
		if err := fn(row); err != nil {
			return err
		}
	}
	return nil
}

// keep gives the answer to a question that was asked before, or asks it.
func (r *Reader) keep(ctx context.Context, query string, args []any) (*answer, error) {
	var key strings.Builder
	key.WriteString(query)
	for _, arg := range args {
		fmt.Fprintf(&key, "\x00%v", arg)
	}
	if a := r.kept[key.String()]; a != nil {
		return a, nil
	}
	a := &answer{}
	err := r.stream(ctx, query, args, func(columns []string) error {
		a.columns = columns
		return nil
	}, func(row []any) error {
		a.rows = append(a.rows, slices.Clone(row))
		return nil
	})
	if err == nil {
		r.kept[key.String()] = a
	}
	return a, err
}

// stream runs a select; the row is good until fn returns.
func (r *Reader) stream(ctx context.Context, query string, args []any, head func(columns []string) error, fn func(row []any) error) (err error) {
	rows, err := r.db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() {
		if e := rows.Close(); err == nil {
			err = e
		}
	}()
	columns, err := rows.Columns()
	if err == nil {
		err = head(columns)
	}
	if err != nil {
		return err
	}
	row, to := make([]any, len(columns)), make([]any, len(columns))
	for i := range row {
		to[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(to...); err != nil {
			return err
		}
		if err := fn(row); err != nil {
			return err
		}
	}
	return rows.Err()
}

// put writes a row to where its columns go, as database/sql does.
func put(row, to []any) error {
	if len(row) != len(to) {
		return fmt.Errorf("%d columns for %d places", len(row), len(to))
	}
	for i, v := range row {
		if err := putOne(v, to[i]); err != nil {
			return fmt.Errorf("column %d: %w", i+1, err)
		}
	}
	return nil
}

func putOne(v, to any) error {
	switch to := to.(type) {
	case *string:
		return convert(v, to)
	case *int:
		return convert(v, to)
	case *int64:
		return convert(v, to)
	case sql.Scanner:
		return to.Scan(v)
	}
	return fmt.Errorf("a column goes to a %T", to)
}

// convert does what Rows.Scan does; NULL has no place here.
func convert[T any](v any, to *T) error {
	var n sql.Null[T]
	if err := n.Scan(v); err != nil {
		return err
	}
	if !n.Valid {
		return fmt.Errorf("NULL for a %T", n.V)
	}
	*to = n.V
	return nil
}
