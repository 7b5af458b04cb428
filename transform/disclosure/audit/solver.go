package audit

import "context"

// Solver solves linear programmes over one problem at a time. Package highs has it.
type Solver interface {
	// Load puts a problem in place of the one that was there.
	Load(Problem) error
	// Optimum finds the least Σ Coef·x (sense 1) or the greatest (-1).
	Optimum(ctx context.Context, sense int, cost []LPTerm) (Solution, error)
}

// Problem is Lower ≤ x ≤ Upper of each column, and Lower ≤ Σ Coef·x ≤ Upper of
// each row. What has no bound has ±Inf.
type Problem struct {
	Columns []Bounds
	Rows    []LPRow
}

// Bounds are those of a column or a row.
type Bounds struct{ Lower, Upper float64 }

// LPRow is a constraint.
type LPRow struct {
	Bounds
	Terms []LPTerm
}

// LPTerm is Coef times a column.
type LPTerm struct {
	Col  int
	Coef float64
}

// Solution of a linear programme. X is nil where it is not Optimal.
type Solution struct {
	Status Status
	X      []float64
}

// Status is how a solve ended.
type Status int

// How a solve may end.
const (
	Optimal Status = iota + 1
	Infeasible
	Unbounded
)
