package disclosure

import (
	"context"
	"fmt"
	"math"
	"os"
	"testing"

	"github.com/oas/tipstat/transform/disclosure/highs"
	"github.com/oas/tipstat/transform/disclosure/rounding"
	"github.com/oas/tipstat/transform/store"
)

// left is what an outsider can tell of rounded figures.
type left struct {
	cells, exact, two int // figures; those that can be one number, or two
	small, smallExact int // those under 5
	sums, broken      int
	moved, signed     float64
	against           int // figures about which sums contradict each other
	rounded           Rounded
}

// BenchmarkRoundReal measures what rounding leaves to be told of a store's figures:
// TIPSTAT_STORE=work/tipstat.duckdb go test -run - -bench RoundReal -benchtime 1x
func BenchmarkRoundReal(t *testing.B) {
	path := os.Getenv("TIPSTAT_STORE")
	if path == "" {
		t.Skip("no store: set TIPSTAT_STORE")
	}
	ctx := context.Background()
	st, err := store.OpenReadOnly(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if err := st.Hold(ctx); err != nil {
		t.Fatal(err)
	}
	p, err := LoadPolicy(nil)
	if err != nil {
		t.Fatal(err)
	}
	list, err := groups(ctx, st.DB(), p)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := readTree(ctx, st.DB(), p)
	if err != nil {
		t.Fatal(err)
	}
	s, err := highs.New(ctx, highs.Limits{Nodes: rounding.Nodes})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, o := range ways() {
		var l left
		for _, g := range list {
			r := &rounder{p: p, o: o, base: float64(o.Base), exact: settled{}, least: settled{}}
			if err := l.group(ctx, s, r, newCells(g, p, tr)); err != nil {
				t.Fatalf("%s: %v", g, err)
			}
		}
		t.Logf("%s, base %d: of %d figures %d can be told, %d are one of two; of %d under 5 %d; %d stand in sums that contradict each other; %d of %d sums broken; %d of %d groups held; moved by %.3f on average, %.4f with the sign",
			o.Method, o.Base, l.cells, l.exact, l.two, l.small, l.smallExact, l.against, l.broken, l.sums, len(l.rounded.Held), len(list), l.moved/float64(l.cells), l.signed/float64(l.cells))
		if l.smallExact > 0 || l.exact*50 > l.cells || o.Method == rounding.Controlled && l.broken > 0 {
			t.Errorf("%s, base %d: %+v", o.Method, o.Base, l)
		}
	}
}

// group rounds a group's figures and attacks them.
func (l *left) group(ctx context.Context, s *highs.Solver, r *rounder, c *cells) error {
	cells, sums, about := r.cells(c)
	if len(cells) == 0 {
		return nil
	}
	if err := r.group(ctx, s, c, &l.rounded); err != nil {
		return err
	}
	values := make([]float64, len(cells))
	for i, x := range cells {
		values[i] = r.figure(about[i], x.Value)
		if to, ok := r.least.find(about[i], x.Value); ok && x.Least {
			values[i] = to
		}
	}
	var p highs.Problem
	for _, known := range r.ranges(c, cells, about, values) {
		p.Columns = append(p.Columns, highs.Column{Lower: known.Lower, Upper: known.Upper})
	}
	for _, m := range sums {
		row := highs.Row{Terms: []highs.Term{{Col: m.Total, Coef: -1}}}
		lower, upper := told(cells[m.Total])
		least, most, off, known := 0.0, 0.0, -values[m.Total], !cells[m.Total].Told
		for _, i := range m.Parts {
			a, z := told(cells[i])
			least, most, off, known = least+a, most+z, off+values[i], known && !cells[i].Told
			row.Terms = append(row.Terms, highs.Term{Col: i, Coef: 1})
		}
		if least > upper { // can't be true, as the outsider sees
			continue
		}
		if most < lower {
			row.Lower = math.Inf(-1)
		} else if known && !cells[m.Total].Least {
			l.sums++
			if off != 0 {
				l.broken++
			}
		}
		p.Rows = append(p.Rows, row)
	}
	if err := s.Load(p); err != nil {
		return err
	}
	for i, x := range cells {
		if x.Told || x.Least {
			continue
		}
		if err := l.attack(ctx, s, i, x.Value); err != nil {
			return err
		}
		l.moved, l.signed = l.moved+math.Abs(values[i]-x.Value), l.signed+values[i]-x.Value
	}
	return nil
}

func told(c rounding.Cell) (lower, upper float64) {
	if c.Told {
		return c.Lower, c.Upper
	}
	return c.Value, c.Value
}

// attack counts what can be told of one figure.
func (l *left) attack(ctx context.Context, s *highs.Solver, i int, v float64) error {
	cost := []highs.Term{{Col: i, Coef: 1}}
	low, err := s.Minimise(ctx, cost)
	if err != nil {
		return err
	}
	high, err := s.Maximise(ctx, cost)
	if err != nil {
		return err
	}
	l.cells++
	small := v > 0 && v < 5
	if small {
		l.small++
	}
	if low.Status != highs.Optimal || high.Status != highs.Optimal {
		l.against++
		return nil
	}
	const tiny = 1e-6
	switch n := math.Floor(high.Objective+tiny) - math.Ceil(low.Objective-tiny) + 1; {
	case n < 1:
		return fmt.Errorf("figure %d: from %v to %v", i, low.Objective, high.Objective)
	case n == 1:
		l.exact++
		if small {
			l.smallExact++
		}
	case n == 2:
		l.two++
	}
	return nil
}
