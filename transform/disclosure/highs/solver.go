package highs

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/tetratelabs/wazero/api"
)

// Solver is a HiGHS with one problem in it. It is for one goroutine at a time;
// goroutines that solve at the same time have one each.
//
// An error that is not one of the arguments (a context that ended, a HiGHS that
// ran out of memory or aborted) leaves a Solver that returns that error to each
// later call: Close it and make another.
type Solver struct {
	in      *instance
	highs   uint64 // the void* of HiGHS's C functions
	columns []Column
	seen    []bool // for checkTerms
	vector  uint64 // address of one number for each column
	buffer  []byte // what is written there
}

// Limits end a solve with an error, always at the same point, as no clock would.
type Limits struct {
	Iterations int // of the simplex method, in one solve; 0: none
	Nodes      int // of branch and bound, in one solve; 0: none
}

// New makes a Solver without a problem. The first of a process takes some seconds
// and does not heed the context meanwhile, later ones some milliseconds. Each
// takes some 21 MB of memory, and more for a large problem, up to 2 GB.
func New(ctx context.Context, limits Limits) (*Solver, error) {
	in, err := instantiate(ctx)
	if err != nil {
		return nil, err
	}
	s := &Solver{in: in}
	if err := s.start(ctx, limits); err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Solver) start(ctx context.Context, limits Limits) error {
	var err error
	if s.highs, err = s.in.call(ctx, "Highs_create"); err != nil {
		return err
	}
	options := []option{
		{"output_flag", false},
		{"threads", 1},
		{"parallel", "off"},
		{"random_seed", 0},
		{"mip_rel_gap", 0.0}, // the best solution, not one that is nearly as good
		{"mip_abs_gap", 0.0},
		{"primal_feasibility_tolerance", tolerance},
		{"dual_feasibility_tolerance", tolerance},
		{"mip_feasibility_tolerance", tolerance},
		// The method that goes on from the last basis. HiGHS may choose another for a
		// large problem.
		{"solver", "simplex"},
		// Primal where the last basis is feasible, as it is after a change of costs.
		{"simplex_strategy", 0},
	}
	if limits.Iterations > 0 {
		options = append(options, option{"simplex_iteration_limit", limits.Iterations})
	}
	if limits.Nodes > 0 {
		options = append(options, option{"mip_max_nodes", limits.Nodes})
	}
	for _, o := range options {
		if err := s.set(ctx, o); err != nil {
			return err
		}
	}
	return nil
}

// tolerance is how far outside a bound or a row a solution may be, and how far an
// integer column from a whole number.
const tolerance = 1e-9

// option is one of HiGHS's, a bool, int, float64 or string by HiGHS's type of it.
type option struct {
	name  string
	value any
}

func (s *Solver) set(ctx context.Context, o option) error {
	// Name and value stand one after the other, each with C's 0 at its end.
	text := o.name + "\x00"
	value, _ := o.value.(string)
	return s.in.with(ctx, []byte(text+value+"\x00"), func(at uint64) error {
		var f string
		var arg uint64
		switch v := o.value.(type) {
		case bool:
			f = "Highs_setBoolOptionValue"
			if v {
				arg = 1
			}
		case int:
			f, arg = "Highs_setIntOptionValue", api.EncodeI32(int32(min(v, math.MaxInt32)))
		case float64:
			f, arg = "Highs_setDoubleOptionValue", api.EncodeF64(v)
		case string:
			f, arg = "Highs_setStringOptionValue", at+uint64(len(text))
		}
		return s.do(ctx, f, at, arg)
	})
}

// do calls a function of HiGHS that returns a HighsStatus.
func (s *Solver) do(ctx context.Context, name string, args ...uint64) error {
	status, err := s.in.call(ctx, name, append([]uint64{s.highs}, args...)...)
	if err != nil {
		return err
	}
	if int32(status) == -1 {
		return fmt.Errorf("highs: %s failed", name)
	}
	return nil // 0, or 1 for a warning
}

// Close frees the memory. The Solver can do nothing more.
func (s *Solver) Close() error {
	if s.in.dead == nil {
		s.in.dead = fmt.Errorf("highs: the solver is closed")
	}
	return s.in.mod.Close(context.Background())
}

// Load puts a problem in place of the one that was there. An error is one of the
// problem: no columns, a bound or coefficient that is none, a column that stands
// twice in a row or in none.
func (s *Solver) Load(p Problem) error {
	if err := p.check(); err != nil {
		return err
	}
	s.columns, s.seen = nil, nil // until all went well
	ctx := context.Background()
	k := pack(p)
	if err := s.in.with(ctx, k.bytes, func(at uint64) error {
		const rowwise, minimise = 2, 1
		integer := at + k.integer
		if !p.integer() {
			integer = 0
		}
		return s.do(ctx, "Highs_passMip", uint64(len(p.Columns)), uint64(len(p.Rows)), k.terms, rowwise, minimise, api.EncodeF64(0),
			at+k.cost, at+k.lower, at+k.upper, at+k.rowLower, at+k.rowUpper, at+k.starts, at+k.columns, at+k.coefs, integer)
	}); err != nil {
		return err
	}
	if err := s.in.free(ctx, s.vector); err != nil {
		return err
	}
	var err error
	if s.vector, err = s.in.alloc(ctx, 8*len(p.Columns)); err != nil {
		return err
	}
	s.columns, s.seen = slices.Clone(p.Columns), make([]bool, len(p.Columns))
	return nil
}

// SetBounds changes the bounds of a column, counted from 0; see Column.
func (s *Solver) SetBounds(col int, lower, upper float64) error {
	if col < 0 || col >= len(s.columns) {
		return fmt.Errorf("highs: column %d is none of 0 to %d", col, len(s.columns)-1)
	}
	if err := checkBounds(lower, upper); err != nil {
		return fmt.Errorf("highs: column %d: %w", col, err)
	}
	s.columns[col].Lower, s.columns[col].Upper = lower, upper
	return s.do(context.Background(), "Highs_changeColBounds", uint64(col), api.EncodeF64(lower), api.EncodeF64(upper))
}

// AddRow adds a constraint to the problem. An error is one of the row; see Row.
func (s *Solver) AddRow(r Row) error {
	if err := r.check(s.seen); err != nil {
		return fmt.Errorf("highs: new row: %w", err)
	}
	var b []byte
	for _, t := range r.Terms {
		b = appendFloat(b, t.Coef)
	}
	for _, t := range r.Terms {
		b = appendInt(b, t.Col)
	}
	ctx := context.Background()
	n := len(r.Terms)
	return s.in.with(ctx, b, func(at uint64) error {
		return s.do(ctx, "Highs_addRow", api.EncodeF64(r.Lower), api.EncodeF64(r.Upper), uint64(n), at+uint64(8*n), at)
	})
}

// SetGap says how much worse than the best a solution in integers may be, as a part
// of its objective: 0, as of New, is the best. Most of the time goes into the proof
// that there is none better.
func (s *Solver) SetGap(gap float64) error {
	if !(gap >= 0) { // or not a number
		return fmt.Errorf("highs: gap %g", gap)
	}
	return s.set(context.Background(), option{"mip_rel_gap", gap})
}
