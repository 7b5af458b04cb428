package disclosure

import (
	"math"
	"slices"
)

// What is done where figures counted from case rows moved by few persons since they were
// let out: whoever has both outputs learns what these persons are, though neither tells it.
const (
	Hold    = "hold"    // nothing is let out
	Publish = "publish" // the moves are
)

// unsettled tells whether a figure of a group that was counted from case rows and is let
// out is another than all that was printed of it, and from one of these by less than the
// threshold. To withhold it would not help: that it is withheld now, and others are as they
// were, tells whom the move is about.
func (o Options) unsettled(c *cells, made decision) bool {
	if o.Policy.Revisions == Publish {
		return false
	}
	var shown map[string][]float64
	if o.Decisions != nil {
		shown = o.Decisions.shown[c.g.String()].Printed
	}
	least := c.p.strictest(c.g, true)
	return slices.ContainsFunc(c.printed, func(p printed) bool {
		if !p.counted || p.value == nil || made.withholds(p) {
			return false
		}
		was := slices.Concat(shown[p.name()], o.Earlier.figures(p.observation))
		return !slices.Contains(was, *p.value) && slices.ContainsFunc(was, func(v float64) bool { return math.Abs(v-*p.value) < least })
	})
}

// figures are those that earlier packs printed of an observation.
func (e *Earlier) figures(o observation) []float64 {
	if e == nil {
		return nil
	}
	k := o.packKey()
	return slices.Concat(e.printed[k], e.printedObs[o.id])
}
