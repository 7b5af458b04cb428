package disclosure

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// shown is what was let out of a group, in whatever command's output, and what was
// withheld from it, by the codes of a figure. Whoever has what was made before has
// it beside what is made after a newer file came in: what was printed hides nothing
// any more, and what was withheld is withheld again, as long as the policy asks for
// the same: who loosens it wants to see more.
//
// Nobody knows what of it left the house, so small figures are withheld whatever was
// shown before, under another policy for instance.
type shown struct {
	Printed  map[string][]float64 `json:"printed,omitempty"`
	Withheld map[string][]string  `json:"withheld,omitempty"` // by what the policy asks for
}

// with gives both, and whether that is more than the first.
func (s shown) with(t shown) (both shown, more bool) {
	printed, x := union(s.Printed, t.Printed)
	withheld, y := union(s.Withheld, t.Withheld)
	return shown{printed, withheld}, x || y
}

// union gives the lists of both, sorted, and whether that is more than the first.
func union[V cmp.Ordered](s, t map[string][]V) (both map[string][]V, more bool) {
	both = maps.Clone(s)
	if both == nil {
		both = map[string][]V{}
	}
	for k, list := range t {
		all := slices.Concat(s[k], list)
		slices.Sort(all)
		all = slices.Compact(all)
		more = more || len(all) > len(s[k])
		both[k] = all
	}
	return both, more
}

// says tells what was done with an observation under policies that ask for no more.
func (s shown) says(now demands) func(observation) past {
	withheld := map[string]bool{}
	for asked, names := range s.Withheld {
		if now.atLeast(asked) {
			for _, name := range names {
				withheld[name] = true
			}
		}
	}
	return func(o observation) past {
		k := o.name()
		return pastOf(o, s.Printed[k], withheld[k])
	}
}

// demands are what a policy asks for of a group.
type demands struct {
	threshold, cases, protection, group float64
	crossed                             int
	dominance                           bool
}

func (p Policy) demands(g group) demands {
	return demands{p.strictest(g, false), p.strictest(g, true), p.Protection, p.Group, p.CrossedCases, p.Dominance}
}

const demandsForm = "threshold %g cases %g protection %g group %g crossed %d dominance %t"

func (d demands) String() string {
	return fmt.Sprintf(demandsForm, d.threshold, d.cases, d.protection, d.group, d.crossed, d.dominance)
}

// atLeast tells whether they ask for as much as others did; what can't be read is taken
// for less.
func (d demands) atLeast(asked string) bool {
	var o demands
	if _, err := fmt.Sscanf(asked, demandsForm, &o.threshold, &o.cases, &o.protection, &o.group, &o.crossed, &o.dominance); err != nil {
		return true
	}
	return d.threshold >= o.threshold && d.cases >= o.cases && d.protection >= o.protection && d.group >= o.group &&
		d.crossed <= o.crossed && (d.dominance || !o.dominance)
}

// name is what a figure is known by in all vintages and layouts.
func (o observation) name() string {
	codes := append([]string{o.indicator, o.series}, o.key[:]...)
	for i, code := range codes { // most are _T
		if code == "_T" {
			codes[i] = ""
		}
	}
	return strings.Join(codes, "|")
}

// withVanished gives a group with the figures that were printed of it and that the store
// does not hold any more: whoever has them can still subtract them.
func (o Options) withVanished(c *cells) *cells {
	if o.Decisions == nil {
		return c
	}
	there := map[string]bool{}
	for _, x := range c.g.obs {
		there[x.name()] = true
	}
	g := c.g
	g.obs = slices.Clone(g.obs)
	was := o.Decisions.shown[c.g.String()].Printed
	for _, name := range slices.Sorted(maps.Keys(was)) {
		codes := strings.Split(name, "|")
		if there[name] || len(codes) != 3+dims {
			continue
		}
		for i, v := range was[name] {
			x := observation{id: -1 - int64(len(g.obs)), state: g.state, indicator: codes[0], year: g.year, freq: "A", series: codes[1] + "|" + codes[2],
				layout: fmt.Sprint("shown ", i), value: &v, lower: &v, upper: &v, derivation: "reported", preferred: true}
			for d := range dims {
				if x.key[d] = codes[3+d]; x.key[d] == "" {
					x.key[d] = "_T"
				}
			}
			g.obs = append(g.obs, x)
		}
	}
	if len(g.obs) == len(c.g.obs) {
		return c
	}
	all := newCells(g, c.p, c.tree)
	for _, p := range all.printed {
		for _, i := range p.cells {
			if p.id < 0 { // under another policy it was small, and is known all the same
				all.cells[i].Primary, all.cells[i].Disclosing = false, false
			}
		}
	}
	return all
}

// shows adds what a decision shows and withholds of a group to what this run shows.
func (d *Decisions) shows(c *cells, made decision) {
	printed, hidden := map[string][]float64{}, map[string][]string{}
	asks := c.p.demands(c.g).String()
	for _, p := range c.printed {
		k := p.name()
		if made.withholds(p) {
			hidden[asks] = append(hidden[asks], k)
		} else if p.value != nil && p.missing == 0 {
			printed[k] = append(printed[k], *p.value)
		}
	}
	group, now := c.g.String(), shown{printed, hidden}
	d.since[group], _ = d.since[group].with(now)
	if _, more := d.shown[group].with(now); more {
		d.moved = true
	}
}
