package microdata

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"slices"

	"github.com/oas/tipstat/transform/codelist"
)

//go:embed rows.sql
var rowsSQL string

// alike is rows with the same codes, by the names of the policy.
type alike struct {
	codes []string
	n     int
}

// read gives the case rows of the store in the policy's columns, sorted.
func read(ctx context.Context, db *sql.DB, set *codelist.Set, p Policy) (all []alike, err error) {
	rows, err := db.QueryContext(ctx, rowsSQL)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	codes := make([]string, len(columns))
	var years sql.NullInt64
	var n int
	var into []any
	for i := range codes {
		into = append(into, &codes[i])
	}
	into = append(into, &years, &n)
	var at []int
	for _, name := range p.names() {
		at = append(at, slices.Index(columns, name))
	}
	indicator, aged := slices.Index(columns, "INDICATOR"), slices.Index(columns, age)
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		if len(p.Indicators) > 0 && !slices.Contains(p.Indicators, codes[indicator]) {
			continue
		}
		if years.Valid && years.Int64 < int64(p.NarrowestAge) {
			if codes[aged], err = wider(set, codes[aged]); err != nil {
				return nil, fmt.Errorf("%w, and is narrower than the %d years that microdata in the policy asks for", err, p.NarrowestAge)
			}
		}
		r := alike{n: n}
		for _, i := range at {
			r.codes = append(r.codes, codes[i])
		}
		all = append(all, r)
	}
	return merged(all), rows.Err()
}

// wider is the outermost band above an age band.
func wider(set *codelist.Set, code string) (string, error) {
	if list, ok := set.List("CL_AGE"); ok {
		if above := parents(list, code); len(above) > 0 {
			return above[len(above)-1], nil
		}
	}
	return "", fmt.Errorf("the age band %s has no band above it in CL_AGE: name its parent in the vocabulary", code)
}

// merged sorts rows by their codes and puts those together that have the same.
func merged(rows []alike) []alike {
	slices.SortStableFunc(rows, func(a, b alike) int { return slices.Compare(a.codes, b.codes) })
	out := rows[:0]
	for _, r := range rows {
		if last := len(out) - 1; last >= 0 && slices.Equal(out[last].codes, r.codes) {
			out[last].n += r.n
			continue
		}
		out = append(out, r)
	}
	return out
}
