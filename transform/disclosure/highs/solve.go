package highs

import (
	"context"
	"errors"
	"fmt"
	"math"
)

// Status is how a solve ended, if it did not end with an error.
type Status int

const (
	Optimal    Status = iota + 1 // a best solution was found
	Infeasible                   // the problem has no solution
	Unbounded                    // it has solutions, and always a better one
)

func (s Status) String() string {
	return [...]string{"none", "optimal", "infeasible", "unbounded"}[s]
}

// Solution is what a solve found.
type Solution struct {
	Status    Status
	Objective float64   // Σ Coef·X of the cost; 0 if not Optimal
	X         []float64 // one for each column; nil if not Optimal
}

// ErrLimit is the error of a solve that a limit ended; see Limits.
var ErrLimit = errors.New("highs: a limit was reached")

// Minimise finds the x of the problem with the least Σ Coef·x, the terms of cost in
// any order, each column at most once; no terms ask whether there is an x at all.
// It starts from where the last solve ended: of the many solves of one problem
// without integers, each after the first is short.
//
// X keeps to the bounds and rows within 1e-9; in integer columns it is a whole
// number. If several x are equally good, the one found depends on the solves
// before.
//
// An error is one of the cost, ErrLimit, the context's (the Solver is then of no
// more use, unless the context had ended before), or one of HiGHS.
func (s *Solver) Minimise(ctx context.Context, cost []Term) (Solution, error) {
	return s.solve(ctx, 1, cost)
}

// Maximise is Minimise for the greatest Σ Coef·x.
func (s *Solver) Maximise(ctx context.Context, cost []Term) (Solution, error) {
	return s.solve(ctx, -1, cost)
}

func (s *Solver) solve(ctx context.Context, sense int, cost []Term) (Solution, error) {
	var none Solution
	if s.columns == nil {
		return none, errors.New("highs: no problem is loaded")
	}
	if err := checkTerms(cost, s.seen); err != nil {
		return none, fmt.Errorf("highs: cost: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return none, fmt.Errorf("highs: %w", err)
	}
	status, err := s.run(ctx, sense, cost)
	if err != nil {
		return none, err
	}
	switch status {
	case 7:
		return s.solution(ctx, cost)
	case 8:
		return Solution{Status: Infeasible}, nil
	case 9, 10:
		// "Unbounded or infeasible"; or "unbounded", which HiGHS says of a problem with
		// integers when it is so without them. Without costs it is only feasible or not.
		status, err = s.run(ctx, 1, nil)
		switch {
		case err != nil:
			return none, err
		case status == 7:
			return Solution{Status: Unbounded}, nil
		case status == 8:
			return Solution{Status: Infeasible}, nil
		}
	}
	if status == 14 || status == 16 { // of iterations, of nodes
		return none, ErrLimit
	}
	return none, fmt.Errorf("highs: HiGHS ends with model status %d", status)
}

// run solves and returns HiGHS's HighsModelStatus.
func (s *Solver) run(ctx context.Context, sense int, cost []Term) (int32, error) {
	n := len(s.columns)
	dense := make([]float64, n)
	for _, t := range cost {
		dense[t.Col] = t.Coef
	}
	s.buffer = s.buffer[:0]
	for _, c := range dense {
		s.buffer = appendFloat(s.buffer, c)
	}
	if s.in.dead != nil {
		return 0, s.in.dead
	}
	if err := s.in.write(s.vector, s.buffer); err != nil {
		return 0, err
	}
	if err := s.do(ctx, "Highs_changeColsCostByRange", 0, uint64(n-1), s.vector); err != nil {
		return 0, err
	}
	if err := s.do(ctx, "Highs_changeObjectiveSense", uint64(uint32(int32(sense)))); err != nil {
		return 0, err
	}
	// A status of failure is told by the model's status too, and more exactly.
	if _, err := s.in.call(ctx, "Highs_run", s.highs); err != nil {
		return 0, err
	}
	status, err := s.in.call(ctx, "Highs_getModelStatus", s.highs)
	return int32(status), err
}

func (s *Solver) solution(ctx context.Context, cost []Term) (Solution, error) {
	if err := s.do(ctx, "Highs_getSolution", s.vector, 0, 0, 0); err != nil {
		return Solution{}, err
	}
	x, err := s.in.floats(s.vector, len(s.columns))
	if err != nil {
		return Solution{}, err
	}
	for i, c := range s.columns {
		if c.Integer {
			x[i] = math.Round(x[i])
		}
	}
	objective := 0.0
	for _, t := range cost {
		objective += t.Coef * x[t.Col]
	}
	return Solution{Optimal, objective, x}, nil
}
