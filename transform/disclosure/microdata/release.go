package microdata

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/oas/tipstat/transform/codelist"
)

// Params choose among the rows, by what is published. The zero value takes all.
type Params struct {
	States           []string `json:"states,omitempty"` // codes of CL_AREA
	FromYear, ToYear int      `json:"-"`
}

// Release is case rows fit for publication.
type Release struct {
	Policy  Policy
	Params  Params
	Columns []string // in the order of the file
	Rows    []Row    // sorted by their codes
	Loss    Loss
}

// Row is a combination of codes, and how many rows have it.
type Row struct {
	Codes []string
	N     int
}

// Refused says why nothing can be published.
type Refused struct {
	Reason string // none, few, nothing
	Rows   int    // that there are
	K      int
}

// Reasons of refusal.
const (
	None    = "none"    // the store has no such rows
	Few     = "few"     // fewer than k
	Nothing = "nothing" // no k of one unit, or none of the States and years asked for
)

func (r Refused) Error() string {
	return fmt.Sprintf("no case row can be published (%s): there are %d, and k is %d", r.Reason, r.Rows, r.K)
}

// Make takes the case rows of the newest vintage out of the store, makes each
// published combination occur k times or more, and chooses those asked for.
// Where nothing can be published the error is a [Refused].
func Make(ctx context.Context, db *sql.DB, set *codelist.Set, policy Policy, params Params) (*Release, error) {
	if err := policy.Check(); err != nil {
		return nil, err
	}
	rows, err := read(ctx, db, set, policy)
	if err != nil {
		return nil, err
	}
	return release(ctx, set, rows, policy, params)
}

func release(ctx context.Context, set *codelist.Set, rows []alike, policy Policy, params Params) (*Release, error) {
	total := 0
	for _, r := range rows {
		total += r.n
	}
	switch {
	case total == 0:
		return nil, Refused{None, 0, policy.K}
	case total < policy.K:
		return nil, Refused{Few, total, policy.K}
	}
	t := &tally{policy: policy, params: params, names: policy.names()}
	for j, c := range policy.Columns {
		above, err := chain(set, c)
		if err != nil {
			return nil, err
		}
		var codes []string
		for _, r := range rows {
			codes = append(codes, r.codes[len(policy.Unit)+j])
		}
		axis, err := newHierarchy(codes, c.Weight, above)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Column, err)
		}
		t.axes = append(t.axes, axis)
	}
	for len(rows) > 0 { // rows of one unit stand together
		unit := rows[0].codes[:len(policy.Unit)]
		n := slices.IndexFunc(rows, func(r alike) bool { return !slices.Equal(r.codes[:len(unit)], unit) })
		if n < 0 {
			n = len(rows)
		}
		var classes []class
		for _, r := range rows[:n] {
			c := class{n: r.n}
			for j, axis := range t.axes {
				c.codes = append(c.codes, axis.number[r.codes[len(unit)+j]])
			}
			classes = append(classes, c)
		}
		rows = rows[n:]
		groups, err := anonymise(ctx, t.axes, classes, policy.K)
		if err != nil {
			return nil, err
		}
		t.add(unit, classes, groups)
	}
	if len(t.out) == 0 {
		return nil, Refused{Nothing, total, policy.K}
	}
	r := &Release{Policy: policy, Params: params, Columns: t.names}
	for _, row := range merged(t.out) {
		r.Rows = append(r.Rows, Row{row.codes, row.n})
	}
	r.Loss = t.loss(r.Rows)
	return r, r.verify()
}

// verify looks once more whether what is to be published is k-anonymous.
func (r *Release) verify() error {
	rows := 0
	for i, row := range r.Rows {
		if row.N < r.Policy.K || i > 0 && slices.Compare(r.Rows[i-1].Codes, row.Codes) >= 0 {
			return fmt.Errorf("a combination stands in the rows %d times, and k is %d: a fault of tipstat; nothing is published", row.N, r.Policy.K)
		}
		rows += row.N
	}
	if rows != r.Loss.RowsOut {
		return fmt.Errorf("%d rows are to be published and %d were counted: a fault of tipstat; nothing is published", rows, r.Loss.RowsOut)
	}
	return nil
}

// published tells whether rows with these codes are among those asked for.
func (p Params) published(names, codes []string) bool {
	if i := slices.Index(names, "REF_AREA"); i >= 0 && len(p.States) > 0 && !slices.Contains(p.States, codes[i]) {
		return false
	}
	i := slices.Index(names, period)
	if i < 0 || p.FromYear == 0 {
		return true
	}
	from, to, ok := span(codes[i])
	return ok && from >= p.FromYear && to <= p.ToYear
}
