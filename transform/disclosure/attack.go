package disclosure

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"math/bits"
	"slices"

	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/disclosure/audit"
)

// attacker is the outsider whom a group must withstand before it is let out. It
// has a solver of its own, and takes a group for what the audit takes it for, not
// for what was meant when cells were withheld.
type attacker struct {
	codes      *codelist.Set
	wholes     map[string]string
	among      map[string]string
	protection float64
	solver     audit.Solver
	close      func() error
}

// leaks are what of a group can be told too narrowly.
type leaks struct {
	hidden     []int64   // observations that are withheld
	remainders [][]int64 // of counts that nobody printed, the observations by which each can be told
	known      bool      // there are such of which an earlier pack printed all that tells them
}

func (l leaks) none() bool { return len(l.hidden)+len(l.remainders) == 0 }

// told gives what can be told too narrowly: by whoever has all that is printed of a group,
// or only tables of some breakdowns. Less may tell more: where sources contradict
// themselves, and where a fuller view has codes that leave a sum open. Who has but some tables
// is taken for trusting: to be wary takes figures of others.
func (a *attacker) told(ctx context.Context, c *cells, hidden []bool) (all leaks, err error) {
	for i, view := range c.views {
		found, err := a.toldOf(ctx, c, view, hidden, i > 0)
		if err != nil {
			return all, err
		}
		for _, id := range found.hidden {
			if !slices.Contains(all.hidden, id) {
				all.hidden = append(all.hidden, id)
			}
		}
		all.known = all.known || found.known
		for _, from := range found.remainders {
			if !slices.ContainsFunc(all.remainders, func(o []int64) bool { return slices.Equal(o, from) }) {
				all.remainders = append(all.remainders, from)
			}
		}
	}
	return all, nil
}

func (a *attacker) toldOf(ctx context.Context, c *cells, view, hidden []bool, trusting bool) (found leaks, err error) {
	pub := audit.Published{Name: c.g.String()}
	for k, p := range c.printed {
		if !view[k] || len(p.cells) == 0 && p.lower == nil { // nothing is said of it: as if it was not there
			continue
		}
		cell := audit.Cell{Obs: p.id, Whole: true, Key: p.auditKey()}
		cell.Key.Set("SOURCE_AGENCY", p.series)
		cell.Key.Set("layout", p.layout)
		cell.Lower, cell.Upper = audit.NoBounds()
		switch {
		case slices.ContainsFunc(p.cells, func(i int) bool { return hidden[i] }):
			cell.Hidden = true
		case p.value != nil:
			cell.Lower = *p.value
			if p.missing == 0 { // else it is at least that
				cell.Upper = *p.value
			}
		default:
			if p.lower != nil {
				cell.Lower = *p.lower
			}
			if p.upper != nil && len(p.cells) > 0 {
				cell.Upper = *p.upper
			}
			// What was made of figures within bounds asks for no protection of its own.
			cell.Hidden = len(p.cells) > 0 && p.reported() && cell.Lower < cell.Upper
		}
		pub.Cells = append(pub.Cells, cell)
	}
	r, err := audit.Run(ctx, []audit.Published{pub}, audit.Options{Codes: a.codes, Wholes: a.wholes, Among: a.among, Protection: a.protection, Verdicts: true, Trusting: trusting,
		Solver: func(ctx context.Context) (s audit.Solver, done func() error, err error) {
			if a.solver == nil {
				a.solver, a.close, err = audit.Highs(ctx)
			}
			return a.solver, func() error { return nil }, err
		}})
	if err != nil {
		return found, errors.Join(err, a.done())
	}
	for _, f := range r.Failing() {
		switch {
		case !f.Beyond():
			found.hidden = append(found.hidden, f.Obs)
		case slices.ContainsFunc(c.shows(f.From), func(i int) bool { return !c.cells[i].Known }):
			found.remainders = append(found.remainders, f.From)
		default:
			found.known = true
		}
	}
	return found, nil
}

// done closes the solver; a solver that failed is not used again.
func (a *attacker) done() error {
	if a.solver == nil {
		return nil
	}
	a.solver = nil
	return a.close()
}

// seen gives what an outsider may have of a group, as which of the printed
// observations are there: all; and for each two dimensions that are broken down
// together, these and what is broken down by one.
func (c *cells) seen() (views [][]bool) {
	by := make([]uint, len(c.printed))
	pairs := []uint{}
	for k, p := range c.printed {
		by[k] = p.breakdowns()
		if bits.OnesCount(by[k]) == 2 && !slices.Contains(pairs, by[k]) {
			pairs = append(pairs, by[k])
		}
	}
	all := make([]bool, len(c.printed))
	for k := range all {
		all[k] = true
	}
	views = append(views, all)
	for _, pair := range append(pairs, 0) {
		view := make([]bool, len(by))
		for k, b := range by {
			view[k] = b&^pair == 0 || bits.OnesCount(b) == 1
		}
		if !slices.ContainsFunc(views, func(v []bool) bool { return slices.Equal(v, view) }) {
			views = append(views, view)
		}
	}
	return views
}

// withstand withholds more of a group until the attacker can tell nothing: cells
// that share sums with those that can be told, and where there are none, or that
// does not end, the whole group. What proves not to be needed is let out again.
// It counts how many more were withheld, and is false where it did not help.
func (c *cells) withstand(ctx context.Context, a *attacker, hidden []bool, made *decision) (bool, error) {
	c.views = c.seen()
	added := c.close(hidden)
	known := false
	for try := 0; ; try++ {
		found, err := a.told(ctx, c, hidden)
		if ctx.Err() != nil {
			return false, err
		}
		if known = found.known; err == nil && found.none() {
			break
		}
		var add []int
		if err == nil && try < tries { // else the solver's arithmetic fails, or this does not end
			add = c.beside(c.shows(found.hidden), hidden)
			for _, from := range found.remainders {
				add = c.oneOf(c.shows(from), hidden, add)
			}
		}
		for _, all := range []bool{false, true} {
			if len(add) == 0 {
				add = c.rest(hidden, all)
			}
		}
		if len(add) == 0 { // an earlier pack tells it: whoever audits both will see
			made.Mended = len(added)
			return false, err
		}
		for _, i := range add {
			hidden[i] = true
		}
		added = append(append(added, add...), c.close(hidden)...)
	}
	if len(added) > mostAttacked {
		made.Mended = len(added)
		return !known, nil
	}
	slices.SortStableFunc(added, func(x, y int) int { return cmp.Compare(c.cells[y].Weight, c.cells[x].Weight) })
	more := len(added)
	for _, i := range added {
		if hidden[i] = false; len(c.ajar(hidden)) > 0 {
			hidden[i] = true
			continue
		}
		found, err := a.told(ctx, c, hidden)
		if ctx.Err() != nil {
			return false, err
		}
		if hidden[i] = err != nil || !found.none(); !hidden[i] {
			more--
		}
	}
	made.Mended = more
	return !known, nil
}

const (
	tries        = 12 // before the whole group is withheld
	mostAttacked = 40 // cells of which it is tried whether they are needed: each is an attack
)

// shows gives the cells that observations show.
func (c *cells) shows(ids []int64) []int {
	found := map[int]bool{}
	for _, p := range c.printed {
		if slices.Contains(ids, p.id) {
			for _, i := range p.cells {
				found[i] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// ajar gives what was made of parts of which one is withheld, and is published: whoever
// sees how it was made has that part, exactly or as "at least".
func (c *cells) ajar(hidden []bool) (list []int) {
	for _, s := range c.sums {
		if !c.derived[s.Total] || hidden[s.Total] || c.cells[s.Total].Known || slices.Contains(list, s.Total) {
			continue
		}
		n := 0
		for _, i := range s.Parts {
			if len(c.of[i]) > 0 && (hidden[i] || c.cells[i].Told) {
				n++
			}
		}
		if n == 1 {
			list = append(list, s.Total)
		}
	}
	return list
}

// close withholds that, and what was made of it.
func (c *cells) close(hidden []bool) (added []int) {
	for {
		more := c.ajar(hidden)
		if len(more) == 0 {
			return added
		}
		for _, i := range more {
			hidden[i] = true
		}
		added = append(added, more...)
	}
}

// oneOf adds the cheapest of some cells to those that are to be withheld, unless one of
// them is; none where none may.
func (c *cells) oneOf(list []int, hidden []bool, add []int) []int {
	if slices.ContainsFunc(list, func(i int) bool { return slices.Contains(add, i) }) {
		return add
	}
	list = slices.DeleteFunc(list, func(i int) bool { return hidden[i] || c.cells[i].Told || c.cells[i].Known })
	if len(list) == 0 {
		return add
	}
	return append(add, slices.MinFunc(list, func(x, y int) int { return cmp.Or(cmp.Compare(c.cells[x].Weight, c.cells[y].Weight), x-y) }))
}

// beside gives cells that are published and may be withheld, so that each of those
// listed shares a sum with one of them: first those that most of them share one
// with, for what they cost.
func (c *cells) beside(list []int, hidden []bool) (add []int) {
	with := map[int]map[int]bool{} // a published cell, and the listed ones that it would help
	for _, s := range c.sums {
		members := append([]int{s.Total}, s.Parts...)
		for _, i := range members {
			if !slices.Contains(list, i) {
				continue
			}
			for _, j := range members {
				if j == i || hidden[j] || c.cells[j].Told || c.cells[j].Known {
					continue
				}
				if with[j] == nil {
					with[j] = map[int]bool{}
				}
				with[j][i] = true
			}
		}
	}
	for len(with) > 0 {
		best := slices.MinFunc(slices.Sorted(maps.Keys(with)), func(x, y int) int {
			return cmp.Or(cmp.Compare(c.cells[x].Weight/float64(len(with[x])), c.cells[y].Weight/float64(len(with[y]))), x-y)
		})
		helped := maps.Clone(with[best])
		add = append(add, best)
		for j := range with {
			for i := range helped {
				delete(with[j], i)
			}
			if len(with[j]) == 0 {
				delete(with, j)
			}
		}
	}
	slices.Sort(add)
	return add
}

// rest gives what of a group is still published; of what its reporter told within
// bounds too if all is asked for.
func (c *cells) rest(hidden []bool, all bool) (list []int) {
	for i, cell := range c.cells {
		if !hidden[i] && !cell.Known && (all || !cell.Told) {
			list = append(list, i)
		}
	}
	return list
}
