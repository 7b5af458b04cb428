package audit

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

// Protection is how wide the interval of a hidden cell must be where nothing else
// is asked for: what "<5" leaves open, five whole numbers from 0 to 4.
const Protection = 4

// Options of Run.
type Options struct {
	Codes *codelist.Set
	// Wholes names indicators that make another together: which, by part.
	Wholes map[string]string
	// Among names indicators that count some of the persons of another, or all: which, by
	// the one.
	Among      map[string]string
	Protection float64 // 0: Protection
	// Verdicts alone are asked for: the bounds of cells that are safe are then not
	// the narrowest. It takes a fraction of the time where most cells are.
	Verdicts bool
	// Trusting takes parts that are printed for all that there are, where they can be, and
	// does not ask what follows if they are not.
	Trusting bool
	// Solver makes the solver of linear programmes; nil: HiGHS. It is made when the
	// first component with a cycle is met.
	Solver func(context.Context) (Solver, func() error, error)
}

// Verdict on a hidden cell.
type Verdict string

// The verdicts. A cell is safe if its interval is as wide as the protection asks
// for; one that was censored to a narrower interval, if no more can be told than that.
const (
	Exact    Verdict = "exact"    // the figure itself can be told
	Narrowed Verdict = "narrowed" // the interval is too narrow
	Safe     Verdict = "safe"
	// Mistaken is what can be told of a figure that was revised, from older ones of others:
	// it is not so. See Report.Excuse.
	Mistaken Verdict = "mistaken"
	// Before is what an earlier publication tells by itself.
	Before Verdict = "before"
)

// Finding is what can be told of one hidden cell, or a small count that nobody printed and
// that follows from what is (Finding.Beyond).
type Finding struct {
	Key     Key
	Obs     int64   // of a count that nobody printed, of the total or the first figure that tells it
	All     []int64 // all observations that are hidden, of several vintages
	Places  []record.Place
	Told    Bounds // as printed where it is hidden
	Bounds         // as inferred
	Verdict Verdict
	From    []int64 // of what nobody printed: the observations by which it can be told
	Alone   []Alone // what publications tell of it by themselves, where that is too much: see Each
	// Total is where the total stands from which subtraction alone gives the figure.
	Total *record.Place
}

// Width is that of the interval inferred.
func (f Finding) Width() float64 { return f.Upper - f.Lower }

// SetCount counts the sets of a dimension.
type SetCount struct {
	Dimension     string `json:"dimension"`
	Sums          int    `json:"sums"`
	Short         int    `json:"short"`
	Partial       int    `json:"partial"`
	Contradictory int    `json:"contradictory"`
	OneHidden     int    `json:"one_hidden"`  // with one hidden part, all else printed as figures
	Subtraction   int    `json:"subtraction"` // of these, those whose figure subtraction gives
}

// Report is what an audit found.
type Report struct {
	Protection   float64
	Cells        int // printed, each counted once
	Places       int // where they are printed
	Hidden       int
	Beyond       int // of the findings: small counts that totals have beyond their parts
	ByVerdict    map[Verdict]int
	Sets         []SetCount // by dimension
	Relations    int        // what shares, rates, changes and sums of observations say
	Contradicted int        // of these, what the printed figures contradict
	Twice        int        // cells told with two figures: left out of sums
	Weakened     int        // sums taken for "at least" so that there is a solution at all
	Dropped      int        // constraints dropped for the same reason
	Solves       int        // linear programmes solved
	Notes        []Note     // that hold a figure, in tables with hidden cells
	Findings     []Finding  // all hidden cells, the tightest first
}

// Failed tells how many hidden cells are not safe.
func (r *Report) Failed() int { return r.ByVerdict[Exact] + r.ByVerdict[Narrowed] }

// Run audits what was published, all of it together, as who takes parts that are printed
// for all that there are, and as who does not where others are printed elsewhere. Each
// looks at each publication too.
func Run(ctx context.Context, pubs []Published, o Options) (r *Report, err error) {
	o.Protection = cmp.Or(o.Protection, Protection)
	newSolver, done := o.Solver, func() error { return nil }
	if newSolver == nil {
		newSolver = Highs
	}
	var made Solver
	o.Solver = func(ctx context.Context) (Solver, func() error, error) {
		if made == nil {
			s, end, err := newSolver(ctx)
			if err != nil {
				return nil, nil, err
			}
			made, done = s, end
		}
		return made, nil, nil
	}
	defer func() { err = errors.Join(err, done()) }()
	pubs = alike(pubs, o.Among)
	r, spared, err := run(ctx, pubs, o, false)
	if err != nil || !spared || o.Trusting {
		return r, err
	}
	o.Verdicts = true
	wary, _, err := run(ctx, pubs, o, true)
	if err == nil {
		r.take(wary.Failing())
		r.Hidden = len(r.Findings) - r.Beyond
		r.sort()
	}
	return r, err
}

func run(ctx context.Context, pubs []Published, o Options, wary bool) (*Report, bool, error) {
	r := &Report{Protection: o.Protection, ByVerdict: map[Verdict]int{}}
	vs := gather(pubs)
	r.Twice = vs.twice
	found := sums(vs, o, wary)
	if wary && !slices.ContainsFunc(vs.all, func(v *variable) bool { return v.must }) {
		return r, false, nil // nothing follows
	}
	r.count(found.sets)
	sys, contradicted := newSystem(vs, found.sets, pubs)
	for _, p := range pubs {
		r.Places += len(p.Cells)
		r.Relations += len(p.Relations)
		r.Notes = append(r.Notes, p.Notes...)
	}
	r.Contradicted = contradicted
	sys.prune(found.sets)
	s := &solving{system: sys, sets: found.sets, wanted: func(v int) bool { return sys.vars[v].hidden || sys.vars[v].beyond != nil }}
	if wary {
		s.only = func(v int) bool { return sys.vars[v].must }
	}
	if o.Verdicts {
		s.enough = func(v int) float64 { return sys.vars[v].need(r.Protection) }
	}
	s.solver = func() (Solver, error) {
		made, _, err := o.Solver(ctx)
		return made, err
	}
	if err := s.all(ctx); err != nil {
		return nil, false, err
	}
	r.Weakened, r.Dropped, r.Solves = s.weaker, s.dropped, s.solves
	r.findings(s, found.remainders)
	return r, found.spared, nil
}

// take adds findings that fail, or tells of those that are there that they do.
func (r *Report) take(failing []Finding) {
	at := r.byKey()
	for _, f := range failing {
		if same := r.same(at, f); !same.Fails() {
			r.ByVerdict[same.Verdict]--
			r.ByVerdict[f.Verdict]++
			*same = f
		}
	}
}

// count counts sets, and what plain subtraction gives away.
func (r *Report) count(sets []set) {
	by := map[int]*SetCount{}
	for _, st := range sets {
		c := by[st.dim]
		if c == nil {
			c = &SetCount{Dimension: Names[st.dim]}
			by[st.dim] = c
		}
		if one := st.oneHidden(); one != nil {
			c.OneHidden++
			if st.kind == Whole {
				c.Subtraction++
			}
		}
		switch st.kind {
		case Whole:
			c.Sums++
		case Short:
			c.Short++
		case Partial:
			c.Partial++
		case Contradictory:
			c.Contradictory++
		}
	}
	for d := range Names {
		if by[d] != nil {
			r.Sets = append(r.Sets, *by[d])
		}
	}
}

// oneHidden gives the one hidden part of a set of which all else is known.
func (st set) oneHidden() *variable {
	if !st.all || !st.total.known() || len(st.parts) < 2 {
		return nil
	}
	var one *variable
	for _, v := range st.parts {
		switch {
		case v.known():
		case !v.hidden || one != nil:
			return nil
		default:
			one = v
		}
	}
	return one
}

// findings judges each hidden cell.
func (r *Report) findings(s *solving, list []remainder) {
	totals := map[*variable]*record.Place{}
	for _, st := range s.sets {
		if one := st.oneHidden(); one != nil && st.kind == Whole && totals[one] == nil && len(st.total.places) > 0 {
			totals[one] = &st.total.places[0]
		}
	}
	met := map[string]bool{}
	for _, v := range s.vars {
		if v.beyond != nil && r.beyond(v, Bounds{s.lo[v.n], s.hi[v.n]}) {
			met[names(v.beyond)] = true
		}
		if v.margin {
			continue
		}
		r.Cells++
		if !v.hidden {
			continue
		}
		f := Finding{Key: v.key, Obs: v.obs, All: v.all, Places: v.places, Told: Bounds{v.toldLo, v.toldHi}, Bounds: Bounds{s.lo[v.n], s.hi[v.n]}, Total: totals[v]}
		f.Verdict = f.judge(r.Protection)
		if f.Verdict != Exact {
			f.Total = nil
		}
		r.add(f)
	}
	r.remainders(list, met)
	r.Hidden = len(r.Findings) - r.Beyond
	r.sort()
}

func (r *Report) sort() {
	slices.SortStableFunc(r.Findings, func(a, b Finding) int {
		return cmp.Or(order(a)-order(b), cmp.Compare(a.Width(), b.Width()), cmp.Compare(a.Places[0].File, b.Places[0].File), compareKeys(a.Key, b.Key), cmp.Compare(a.Obs, b.Obs))
	})
}

// beyond adds what a total has beyond its parts, if that is known to be somebody, and no
// more than what asks for protection; it tells whether it is.
func (r *Report) beyond(v *variable, b Bounds) bool {
	if b.Lower < 1-tiny || b.Upper > r.Protection+tiny {
		return false
	}
	low, high := NoBounds()
	f := Finding{Key: v.key, Obs: v.beyond[0].obs, Places: v.beyond[0].places, From: observations(v.beyond), Told: Bounds{low, high}, Bounds: b}
	f.Verdict = f.judge(r.Protection)
	r.add(f)
	return true
}

func order(f Finding) int {
	if f.Fails() {
		return 0
	}
	return 1
}

// observations of variables, each once.
func observations(list []*variable) (ids []int64) {
	for _, v := range list {
		if v.obs != 0 && !slices.Contains(ids, v.obs) {
			ids = append(ids, v.obs)
		}
	}
	slices.Sort(ids)
	return ids
}

// Beyond tells whether it is what a total has beyond its parts, and no hidden cell.
func (f Finding) Beyond() bool { return slices.Contains(f.Key[:], Beyond) }

// Fails tells whether the figure can be told more narrowly than it may.
func (f Finding) Fails() bool { return f.Verdict == Exact || f.Verdict == Narrowed }

// Failing gives the findings that fail; they come first.
func (r *Report) Failing() []Finding { return r.Findings[:r.Failed()] }

// Excuse gives another verdict to findings that fail.
func (r *Report) Excuse(verdict Verdict, is func(Finding) bool) {
	for i := range r.Failing() {
		f := &r.Findings[i]
		if !is(*f) {
			continue
		}
		r.ByVerdict[f.Verdict]--
		r.ByVerdict[verdict]++
		f.Verdict = verdict
	}
	r.sort()
}

// judge gives the verdict.
func (f Finding) judge(protection float64) Verdict {
	told := f.Told.Upper - f.Told.Lower
	switch w := f.Width(); {
	case w < tiny && told >= tiny:
		return Exact
	case w < min(protection, told)-tiny:
		return Narrowed
	}
	return Safe
}

// need is how wide the interval of a hidden cell must be.
func (v *variable) need(protection float64) float64 {
	if v.beyond != nil { // nobody printed it, and nothing was told of it
		return protection
	}
	return min(protection, v.toldHi-v.toldLo)
}
