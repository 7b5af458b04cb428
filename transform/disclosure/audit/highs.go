package audit

import (
	"context"

	"github.com/oas/tipstat/transform/disclosure/highs"
)

// Highs makes a solver of package highs, and what closes it.
func Highs(ctx context.Context) (Solver, func() error, error) {
	s, err := highs.New(ctx, highs.Limits{})
	if err != nil {
		return nil, nil, err
	}
	return adapted{s}, s.Close, nil
}

type adapted struct{ s *highs.Solver }

func (a adapted) Load(p Problem) error {
	var h highs.Problem
	for _, c := range p.Columns {
		h.Columns = append(h.Columns, highs.Column{Lower: c.Lower, Upper: c.Upper})
	}
	for _, r := range p.Rows {
		h.Rows = append(h.Rows, highs.Row{Lower: r.Lower, Upper: r.Upper, Terms: terms(r.Terms)})
	}
	return a.s.Load(h)
}

func (a adapted) Optimum(ctx context.Context, sense int, cost []LPTerm) (Solution, error) {
	solve := a.s.Minimise
	if sense < 0 {
		solve = a.s.Maximise
	}
	sol, err := solve(ctx, terms(cost))
	status := map[highs.Status]Status{highs.Optimal: Optimal, highs.Infeasible: Infeasible, highs.Unbounded: Unbounded}[sol.Status]
	return Solution{Status: status, X: sol.X}, err
}

func terms(ts []LPTerm) []highs.Term {
	out := make([]highs.Term, len(ts))
	for i, t := range ts {
		out[i] = highs.Term{Col: t.Col, Coef: t.Coef}
	}
	return out
}
