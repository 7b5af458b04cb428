package disclosure

import (
	"context"
	"database/sql"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/disclosure/highs"
	"github.com/oas/tipstat/transform/disclosure/suppress"
	"github.com/oas/tipstat/transform/store"
)

// Summary counts what was withheld.
type Summary struct {
	Cells     int // figures of persons that were looked at
	Told      int // that their reporters withheld, and gave bounds
	Primary   int // withheld since they are small or disclose
	Unseen    int // withheld whatever they are: too many breakdowns of case rows, rates without their count, parts of a year
	Secondary int // withheld so that those can't be worked out
	Untold    int // of those, counted from case rows: nothing is printed of them, not even that they are withheld
	// Mended of these are withheld since the attacker could tell what the programme
	// took for safe.
	Mended int
	// Exposed are groups of which the attacker can tell something all the same, by what an
	// earlier pack printed.
	Exposed []string
	// Unsafe are groups (State, indicator, year) of which all was withheld, and why if
	// the solver failed.
	Unsafe []string
	// Differs are groups of which other figures are withheld than were before: whoever
	// has both may tell some.
	Differs []string
	// Unsettled are groups of which figures counted from case rows moved by few persons since
	// they were let out.
	Unsettled []Group
}

// Group names the figures of a State, an indicator and a year.
type Group struct {
	State, Indicator string
	Year             int
}

func (g Group) String() string { return fmt.Sprintf("%s %s %d", g.State, g.Indicator, g.Year) }

var (
	//go:embed mask.sql
	maskSQL string
	//go:embed untold.sql
	untoldSQL string
	//go:embed settle.sql
	settleSQL string
)

// Options of Protect.
type Options struct {
	Policy Policy
	Codes  *codelist.Set
	// Decisions made before hold, and those made now are added; nil: none are kept.
	Decisions *Decisions
	// Earlier is what was published before; nil: nothing.
	Earlier *Earlier
	// Whole are observations that an audit could tell nevertheless: all of their
	// groups is withheld.
	Whole map[int64]bool
}

// Protect withholds in a store that is held (store.Hold) what the policy does
// not let out: whatever reads observation_current, observation or
// observation_note through this connection afterwards sees it no more. The same
// store and policy withhold the same.
func Protect(ctx context.Context, db *sql.DB, opt Options) (s Summary, err error) {
	list, err := groups(ctx, db, opt.Policy)
	if err != nil {
		return s, err
	}
	t, err := readTree(ctx, db, opt.Policy)
	if err != nil {
		return s, err
	}
	key, err := newKeyer(opt.Policy, t)
	if err != nil {
		return s, err
	}
	var all []*cells
	withheld, touched := []int64{}, []place{}
	for _, g := range list {
		places := g.places()
		if parts := g.takePartsOfYear(); len(parts) > 0 {
			withheld, touched = append(withheld, parts...), append(touched, places...)
			s.Cells, s.Unseen = s.Cells+len(parts), s.Unseen+len(parts)
		}
		if len(g.obs) == 0 {
			continue
		}
		c := newCells(g, opt.Policy, t)
		s.Cells += c.figures() + len(c.deep)
		all = append(all, c)
	}
	if opt.Decisions != nil {
		opt.Decisions.regroup(opt.Policy)
		opt.Decisions.since = map[string]shown{} // an earlier try of the same was shown to nobody
	}
	made, err := decideAll(ctx, opt, key, all)
	if err != nil {
		return s, err
	}
	for i, c := range all {
		s.add(made[i])
		if opt.unsettled(c, made[i]) {
			s.Unsettled = append(s.Unsettled, Group{c.g.state, c.g.indicator, c.g.year})
		}
		opt.shows(c, made[i])
		if len(made[i].Withheld) > 0 {
			withheld, touched = append(withheld, made[i].Withheld...), append(touched, c.g.places()...)
		}
	}
	s.Untold, err = mask(ctx, db, withheld, touched, opt.Policy)
	return s, err
}

// places are those of its indicators.
func (g group) places() (list []place) {
	for _, o := range g.obs {
		if p := (place{g.state, o.indicator, g.year}); !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	return list
}

// memory gives what was shown of a group up to now.
func (o Options) memory(c *cells) func(observation) past {
	if o.Decisions == nil {
		return nothing
	}
	return o.Decisions.shown[c.g.String()].says(c.p.demands(c.g))
}

func (o Options) shows(c *cells, made decision) {
	if o.Decisions != nil {
		o.Decisions.shows(c, made)
	}
}

// decideAll decides on groups, some at a time: they do not hang on each other.
func decideAll(ctx context.Context, opt Options, key keyer, all []*cells) ([]decision, error) {
	made := make([]decision, len(all))
	next := make(chan int)
	work, ctx := errgroup.WithContext(ctx)
	work.Go(func() error {
		defer close(next)
		for i := range all {
			select {
			case next <- i:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	for range min(runtime.GOMAXPROCS(0), maxWorkers) {
		work.Go(func() (err error) {
			d := &decider{Options: opt, outsider: &attacker{codes: opt.Codes, wholes: opt.Policy.Wholes(), among: opt.Policy.Among, protection: opt.Policy.Protection}}
			defer func() { err = errors.Join(err, d.close()) }()
			for i := range next {
				if made[i], err = d.group(ctx, all[i], key); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return made, work.Wait()
}

// maxWorkers bounds how many groups are decided on at a time: each has two solvers of
// 21 MB and more.
const maxWorkers = 8

// add counts a group.
func (s *Summary) add(d decision) {
	s.Told, s.Primary, s.Unseen, s.Secondary = s.Told+d.Told, s.Primary+d.Primary, s.Unseen+d.Unseen, s.Secondary+d.Secondary
	if d.Unsafe {
		s.Unsafe = append(s.Unsafe, strings.Trim(d.Group+": "+d.Cause, ": "))
	}
	if d.Differs {
		s.Differs = append(s.Differs, d.Group)
	}
	if d.Exposed {
		s.Exposed = append(s.Exposed, d.Group)
	}
	s.Mended += d.Mended
}

// decider works out what is withheld, group by group. Its solvers are made when
// they are needed, since the first takes a second or two.
type decider struct {
	Options
	solver   *highs.Solver
	outsider *attacker
}

func (d *decider) close() error {
	err := d.outsider.done()
	if d.solver != nil {
		err = errors.Join(err, d.solver.Close())
		d.solver = nil
	}
	return err
}

// group decides on a group, as was decided of it before where that agrees with what
// was published since.
func (d *decider) group(ctx context.Context, c *cells, key keyer) (decision, error) {
	whole := slices.ContainsFunc(c.g.obs, func(o observation) bool { return d.Whole[o.id] })
	plain := key.of(c.g, nil)
	made, err := d.made(ctx, c, plain, whole, nothing)
	if err == nil && (!c.agrees(made, d.Earlier.says) || c.overtakes(made, d.Earlier.says)) {
		made, err = d.made(ctx, c, key.of(c.g, d.Earlier), whole, d.Earlier.says)
	}
	if err == nil && d.Decisions != nil {
		d.Decisions.add(plain, made) // what is made next, without a pack, is to be alike
	}
	return made, err
}

// made gives what was decided of the same before, or decides.
func (d *decider) made(ctx context.Context, c *cells, key string, whole bool, pack func(observation) past) (made decision, err error) {
	if d.Decisions != nil && !whole {
		if made, ok := d.Decisions.find(key); ok {
			return made, nil
		}
	}
	if !whole && !c.sensitive() && !c.withheldBefore(pack, d.memory(c)) {
		safe, err := d.asItIs(ctx, d.withVanished(c))
		if safe || err != nil {
			return decision{Group: c.g.String(), Withheld: []int64{}}, err
		}
	}
	return d.remembering(ctx, c, whole, pack)
}

// asItIs tells whether nothing of a group need be withheld. Where the attacker's arithmetic
// fails that is not known.
func (d *decider) asItIs(ctx context.Context, c *cells) (bool, error) {
	if c.sensitive() {
		return false, nil
	}
	c.views = c.seen()
	found, err := d.outsider.told(ctx, c, make([]bool, len(c.cells)))
	return err == nil && found.none() && !found.known, ctx.Err()
}

// remembering decides so that what was shown before tells nothing; where that can't be
// had, as if nothing had been shown: what is published must be safe by itself.
func (d *decider) remembering(ctx context.Context, c *cells, whole bool, pack func(observation) past) (made decision, err error) {
	memory := d.memory(c)
	var safe, remembered bool
	if !whole {
		all := d.withVanished(c)
		remembered = all.remembered(memory)
		all.mark(pack, memory)
		if made, safe, err = d.decide(ctx, all, false); err != nil {
			return made, err
		}
		made.Withheld = slices.DeleteFunc(made.Withheld, func(id int64) bool { return id < 0 })
	}
	if whole || !safe && remembered {
		c.mark(pack, nothing)
		alone, better, err := d.decide(ctx, c, whole)
		if err != nil {
			return made, err
		}
		if better || whole || made.Exposed && !alone.Exposed || made.Exposed == alone.Exposed && alone.Narrow < made.Narrow {
			made = alone
		}
	}
	made.Differs = !c.agrees(made, memory)
	return made, nil
}

// decide works out what is withheld of a group; it is not safe if something can be
// told nevertheless, or has less than the width.
func (d *decider) decide(ctx context.Context, c *cells, whole bool) (made decision, safe bool, err error) {
	made = decision{Group: c.g.String(), Unsafe: whole}
	r := suppress.Result{Hidden: make([]bool, len(c.cells))}
	if !whole {
		if d.solver == nil {
			if d.solver, err = highs.New(ctx, highs.Limits{}); err != nil {
				return made, false, err
			}
		}
		p := d.Policy
		found, bad := suppress.Suppress(ctx, d.solver, c.cells, c.sums, max(c.threshold, p.Protection), p.Protection)
		switch {
		case ctx.Err() != nil:
			return made, false, bad
		case bad != nil: // the solver's arithmetic fails, and it is not used again
			made.Unsafe, made.Cause = true, bad.Error()
			if err := d.solver.Close(); err != nil {
				return made, false, err
			}
			d.solver = nil
		default:
			r = found
			made.Narrow = len(r.Unsafe)
		}
	}
	if made.Unsafe {
		for _, i := range c.rest(r.Hidden, whole) {
			r.Hidden[i] = true
		}
	}
	withstood, err := c.withstand(ctx, d.outsider, r.Hidden, &made)
	if err != nil {
		return made, false, err
	}
	made.Exposed = !withstood
	c.withheld(r.Hidden, &made)
	return made, withstood && made.Narrow == 0, nil
}

// place is the State, indicator and year of a group, as mask.sql knows them.
type place struct {
	State     string `json:"REF_AREA"`
	Indicator string `json:"INDICATOR"`
	Year      int    `json:"REF_YEAR"`
}

// withheld gives the observations of a group that are withheld.
func (c *cells) withheld(hidden []bool, made *decision) {
	made.Withheld, made.Unseen = append([]int64{}, c.deep...), len(c.deep)
	for i, cell := range c.cells {
		switch {
		case len(c.of[i]) == 0: // what a total has beyond its parts
		case !hidden[i]:
			if cell.Told {
				made.Told++
			}
			continue
		case cell.Primary, cell.Disclosing:
			made.Primary++
		default:
			made.Secondary++
		}
		made.Withheld = append(made.Withheld, c.of[i]...)
	}
	for _, members := range c.at { // a rate is its count for whoever knows the population
		for _, m := range members {
			if m.cell >= 0 && hidden[m.cell] || m.low >= 0 && hidden[m.low] {
				for _, rate := range c.rates[rated(m.key)] {
					made.Withheld = append(made.Withheld, rate.id)
				}
			}
		}
	}
	slices.Sort(made.Withheld)
	made.Withheld = slices.Compact(made.Withheld)
}

// figures counts the cells that stand for what somebody reported, or that follows from it.
func (c *cells) figures() (n int) {
	for _, ids := range c.of {
		if len(ids) > 0 {
			n++
		}
	}
	return n
}

func (g group) counted() bool {
	return slices.ContainsFunc(g.obs, func(o observation) bool { return o.counted })
}

// mask takes what is withheld out of what can be read. Rates of a group's counts
// are touched with it.
func mask(ctx context.Context, db *sql.DB, withheld []int64, touched []place, p Policy) (untold int, err error) {
	for _, g := range touched {
		for rate, count := range p.Rates {
			if count == g.Indicator {
				touched = append(touched, place{g.State, rate, g.Year})
			}
		}
	}
	groupOf := []map[string]string{}
	for _, indicator := range slices.Concat(slices.Sorted(maps.Keys(p.Rates)), slices.Sorted(maps.Keys(p.Wholes())), slices.Sorted(maps.Keys(p.Among))) {
		_, rate := p.Rates[indicator]
		groupOf = append(groupOf, map[string]string{"INDICATOR": indicator, "protected_with": p.groupOf(indicator), "rate": strconv.FormatBool(rate)})
	}
	for _, t := range []struct {
		create string
		rows   any
	}{
		{`CREATE TEMP TABLE withheld AS SELECT unnest(from_json($rows, '["BIGINT"]')) AS obs_id`, withheld},
		{`CREATE TEMP TABLE touched AS SELECT unnest(from_json($rows, '[{"REF_AREA":"VARCHAR","INDICATOR":"VARCHAR","REF_YEAR":"INTEGER"}]'), recursive := true)`, touched},
		{`CREATE TEMP TABLE protected_with AS SELECT unnest(from_json($rows, '[{"INDICATOR":"VARCHAR","protected_with":"VARCHAR","rate":"BOOLEAN"}]'), recursive := true)`, groupOf},
	} {
		rows, err := json.Marshal(t.rows)
		if err != nil {
			return 0, err
		}
		if _, err := db.ExecContext(ctx, t.create, sql.Named("rows", string(rows))); err != nil {
			return 0, err
		}
	}
	file, err := database(ctx, db)
	if err != nil {
		return 0, err
	}
	most := max(p.Threshold, p.ThresholdCases) // the strictest that holds anywhere
	for _, own := range []map[string]float64{p.Records, p.States} {
		for _, n := range own {
			most = max(most, n)
		}
	}
	fill := strings.NewReplacer("{file}", file, "{threshold}", strconv.FormatFloat(most, 'f', -1, 64), "{group}", strconv.FormatFloat(p.Group, 'f', -1, 64))
	if _, err := db.ExecContext(ctx, fill.Replace(maskSQL)); err != nil {
		return 0, err
	}
	gone, err := db.ExecContext(ctx, fill.Replace(untoldSQL))
	if err != nil {
		return 0, err
	}
	n, err := gone.RowsAffected()
	if err != nil {
		return 0, err
	}
	_, err = db.ExecContext(ctx, fill.Replace(settleSQL))
	return int(n), err
}

// database gives the name of the store's database, quoted, for queries beside those
// that read what is masked.
func database(ctx context.Context, db *sql.DB) (string, error) {
	var name string
	err := db.QueryRowContext(ctx, "SELECT current_database()").Scan(&name)
	return store.Quoted(name), err
}
