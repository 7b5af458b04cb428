package highs

import (
	"fmt"
	"math"
)

// Problem is the set of the x for which Lower ≤ x ≤ Upper of each column, Lower ≤
// Σ Coef·x ≤ Upper of each row, and x is a whole number in each integer column.
// What is minimised or maximised over it is given to Minimise and Maximise.
type Problem struct {
	Columns []Column // one for each variable; at least one
	Rows    []Row    // may be none
}

// Column is a variable. No bound is math.Inf(-1) or math.Inf(1), and so is any
// number beyond ±1e20; the zero Column is a variable that is 0.
type Column struct {
	Lower, Upper float64
	Integer      bool
}

// Row is a constraint; its bounds are as those of a Column. An equation has twice
// the same.
type Row struct {
	Lower, Upper float64
	Terms        []Term // in any order, each column at most once
}

// Term is Coef·x of one column, counted from 0. Coef is 0, or of a size from 1e-9,
// below which HiGHS would take it for 0, to 1e15, beyond which it would refuse it.
type Term struct {
	Col  int
	Coef float64
}

const (
	smallest = 1e-9
	largest  = 1e15
)

func (p Problem) check() error {
	if len(p.Columns) == 0 {
		return fmt.Errorf("highs: no columns")
	}
	for i, c := range p.Columns {
		if err := checkBounds(c.Lower, c.Upper); err != nil {
			return fmt.Errorf("highs: column %d: %w", i, err)
		}
	}
	seen := make([]bool, len(p.Columns))
	for i, r := range p.Rows {
		if err := r.check(seen); err != nil {
			return fmt.Errorf("highs: row %d: %w", i, err)
		}
	}
	return nil
}

// check uses seen, which is false for each column before and after.
func (r Row) check(seen []bool) error {
	if err := checkBounds(r.Lower, r.Upper); err != nil {
		return err
	}
	return checkTerms(r.Terms, seen)
}

func checkTerms(terms []Term, seen []bool) error {
	var err error
	checked := 0
	for _, t := range terms {
		size := math.Abs(t.Coef)
		switch {
		case t.Col < 0 || t.Col >= len(seen):
			err = fmt.Errorf("column %d is none of 0 to %d", t.Col, len(seen)-1)
		case seen[t.Col]:
			err = fmt.Errorf("column %d stands twice", t.Col)
		case size != 0 && !(size >= smallest && size <= largest): // or not a number
			err = fmt.Errorf("column %d: coefficient %g is not 0 and not of a size from %g to %g", t.Col, t.Coef, smallest, largest)
		}
		if err != nil {
			break
		}
		seen[t.Col] = true
		checked++
	}
	for _, t := range terms[:checked] {
		seen[t.Col] = false
	}
	return err
}

// checkBounds lets Lower > Upper pass: it is a problem without a solution.
func checkBounds(lower, upper float64) error {
	if math.IsNaN(lower) || math.IsNaN(upper) || math.IsInf(lower, 1) || math.IsInf(upper, -1) {
		return fmt.Errorf("bounds %g to %g", lower, upper)
	}
	return nil
}

// integer says whether any column is.
func (p Problem) integer() bool {
	for _, c := range p.Columns {
		if c.Integer {
			return true
		}
	}
	return false
}
