package highs_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/oas/tipstat/transform/disclosure/highs"
)

func TestVendored(t *testing.T) {
	sum, want, version, wantVersion, err := solver(t).Vendored(t.Context())
	if err != nil || sum != want || version != wantVersion {
		t.Errorf("sha256 of highs.wasm %s, in table.json %s; version %s, of the npm package %s; %v", sum, want, version, wantVersion, err)
	}
}

// transport is a transportation problem whose prices are made so that its optimum
// is known.
func transport(from, to int) (p highs.Problem, cost []highs.Term, optimum float64) {
	rnd := rand.New(rand.NewPCG(11, 12))
	p = highs.Problem{Columns: columns(from*to, 0, inf, false), Rows: make([]highs.Row, from+to)}
	price := make([]float64, from+to)
	for i := range price {
		price[i] = float64(rnd.IntN(50))
	}
	for i := range from {
		for j := range to {
			c := i*to + j
			sent := max(0, float64(rnd.IntN(40)-35))
			dear := price[i] + price[from+j]
			if sent == 0 {
				dear += float64(rnd.IntN(30)) // than what is sent: optimal by duality
			}
			cost = append(cost, highs.Term{Col: c, Coef: dear})
			optimum += dear * sent
			for _, r := range []int{i, from + j} {
				p.Rows[r].Terms = append(p.Rows[r].Terms, highs.Term{Col: c, Coef: 1})
				p.Rows[r].Lower += sent
				p.Rows[r].Upper += sent
			}
		}
	}
	return p, cost, optimum
}

// TestMemory solves a problem that needs more memory than there is at first.
func TestMemory(t *testing.T) {
	p, cost, want := transport(100, 200)
	s := solver(t)
	before := s.Memory()
	if err := s.Load(p); err != nil {
		t.Fatal(err)
	}
	got, err := s.Minimise(t.Context(), cost)
	if err != nil || got.Status != highs.Optimal || !near(got.Objective, want) || !feasible(p, got.X, 1e-7) {
		t.Errorf("%v %v %v, want %v", got.Status, got.Objective, err, want)
	}
	if s.Memory() <= before {
		t.Errorf("memory stays at %d", before)
	}
}

// TestStops: C++ exceptions and traps are errors, and the Solver says so ever after.
func TestStops(t *testing.T) {
	for _, c := range []struct {
		name string
		args []uint64
		want string
	}{
		{"Highs_changeColsCostByRange", []uint64{0, 1, 0xfffffff0}, "out of bounds memory access"},
		{"Highs_passMip", []uint64{1 << 30, 0, 0, 2, 1, 0, 8, 8, 8, 8, 8, 8, 8, 8, 0}, "C++ exception St"},
	} {
		s, err := highs.New(t.Context(), highs.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		p := highs.Problem{Columns: columns(2, 0, 1, false)}
		if err := s.Load(p); err != nil {
			t.Fatal(err)
		}
		first := s.Call(t.Context(), c.name, c.args...)
		if first == nil || !strings.Contains(first.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, first, c.want)
			continue
		}
		if _, err := s.Minimise(t.Context(), nil); !errors.Is(err, first) {
			t.Errorf("%s, then Minimise: %v", c.name, err)
		}
		if err := s.Load(p); !errors.Is(err, first) {
			t.Errorf("%s, then Load: %v", c.name, err)
		}
		for range 2 {
			if err := s.Close(); err != nil {
				t.Errorf("%s, then Close: %v", c.name, err)
			}
		}
	}
}

// hard is a market split problem: easy to write, long to solve.
func hard() (highs.Problem, []highs.Term) {
	const rows, n = 5, 40
	rnd := rand.New(rand.NewPCG(13, 14))
	p := highs.Problem{Columns: append(columns(n, 0, 1, true), columns(2*rows, 0, inf, false)...)}
	cost := make([]float64, n+2*rows)
	for r := range rows {
		row, sum := make([]float64, n+2*rows), 0.0
		for i := range n {
			row[i] = float64(rnd.IntN(100))
			sum += row[i]
		}
		row[n+2*r], row[n+2*r+1] = 1, -1
		cost[n+2*r], cost[n+2*r+1] = 1, 1
		half := float64(int(sum / 2))
		p.Rows = append(p.Rows, equal(half, row...))
	}
	return p, terms(cost...)
}

// TestCancel ends contexts before a solve and in the middle of one.
func TestCancel(t *testing.T) {
	integers, split := hard()
	large, send, _ := transport(200, 300)
	for _, c := range []struct {
		name string
		p    highs.Problem
		cost []highs.Term
	}{{"integers", integers, split}, {"large", large, send}} {
		t.Run(c.name, func(t *testing.T) {
			s := limited(t, highs.Limits{Nodes: 2000}) // so that the test fails, not hangs
			if err := s.Load(c.p); err != nil {
				t.Fatal(err)
			}
			ended, cancel := context.WithCancel(t.Context())
			cancel()
			if _, err := s.Minimise(ended, c.cost); !errors.Is(err, context.Canceled) {
				t.Errorf("a context that had ended: %v", err)
			}
			if err := s.SetBounds(0, 0, 1); err != nil {
				t.Errorf("after a context that had ended: %v", err)
			}
			short, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
			defer cancel()
			start := time.Now()
			if _, err := s.Minimise(short, c.cost); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("a context that ends meanwhile: %v", err)
			}
			if d := time.Since(start); d > 5*time.Second {
				t.Errorf("ended after %v", d)
			} else {
				t.Logf("ended after %v", d)
			}
			if err := s.SetBounds(0, 0, 1); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("after that: %v", err)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	p, cost := hard()
	s := limited(t, highs.Limits{Nodes: 5})
	if err := s.Load(p); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Minimise(t.Context(), cost); !errors.Is(err, highs.ErrLimit) {
		t.Errorf("nodes: %v", err)
	}
	s = limited(t, highs.Limits{Iterations: 2})
	q, _ := suppressed(rand.New(rand.NewPCG(1, 2)), 50)
	if err := s.Load(q); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Maximise(t.Context(), terms(1, 1, 1, 1, 1)); !errors.Is(err, highs.ErrLimit) {
		t.Errorf("iterations: %v", err)
	}
}
