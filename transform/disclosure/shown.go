package disclosure

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/oas/tipstat/transform/disclosure/microdata"
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

// says tells what was done with an observation under a policy that asks for the same.
func (s shown) says(asks string) func(observation) past {
	return func(o observation) past {
		k := o.name()
		_, withheld := slices.BinarySearch(s.Withheld[asks], k)
		return pastOf(o, s.Printed[k], withheld)
	}
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
		if there[name] || len(was[name]) != 1 || len(codes) != 3+dims {
			continue
		}
		v := was[name][0]
		x := observation{id: -1 - int64(len(g.obs)), state: g.state, indicator: codes[0], year: g.year, freq: "A", series: codes[1] + "|" + codes[2],
			value: &v, lower: &v, upper: &v, derivation: "reported", preferred: true}
		for d := range dims {
			if x.key[d] = codes[3+d]; x.key[d] == "" {
				x.key[d] = "_T"
			}
		}
		g.obs = append(g.obs, x)
	}
	if len(g.obs) == len(c.g.obs) {
		return c
	}
	return newCells(g, c.p, c.tree)
}

// shows adds what a decision shows and withholds of a group to what this run shows.
func (d *Decisions) shows(c *cells, made decision) {
	printed, hidden := map[string][]float64{}, map[string][]string{}
	asks := c.p.asks()
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

// asks names what a policy asks for, so that one that asks for less is known as another.
func (p Policy) asks() string {
	p.Control, p.TotalWeight, p.Rounding.Base, p.Microdata = "", 0, 0, microdata.Policy{}
	h := sha256.New()
	_ = json.NewEncoder(h).Encode(p) // numbers, by ranges
	return sum(h)[:12]
}
