package disclosure

import (
	"math"
	"slices"
	"strings"

	"github.com/oas/tipstat/transform/disclosure/audit"
)

// Earlier is what earlier packs printed and what they withheld. An outsider has
// them: a figure that one of them printed hides nothing any more, and one that was
// withheld stays so, for beside the new pack the old one would tell others.
type Earlier struct {
	known, hidden       map[audit.Key]bool
	knownObs, hiddenObs map[int64]bool
}

// NewEarlier reads them.
func NewEarlier(pubs []audit.Published) *Earlier {
	e := &Earlier{map[audit.Key]bool{}, map[audit.Key]bool{}, map[int64]bool{}, map[int64]bool{}}
	for _, p := range pubs {
		for _, c := range p.Cells {
			keys, ids := e.known, e.knownObs
			switch {
			case c.Hidden && math.IsInf(c.Upper, 1): // else it told bounds, as its reporter did
				keys, ids = e.hidden, e.hiddenObs
			case c.Lower != c.Upper:
				continue
			}
			if c.Obs != 0 {
				ids[c.Obs] = true
			}
			if c.Key != (audit.Key{}) {
				keys[c.Key] = true
			}
		}
	}
	return e
}

// says tells what was printed or withheld of an observation, or of an older one of
// the same: it may have been revised since.
func (e *Earlier) says(o observation) (known, hidden bool) {
	if e == nil {
		return false, false
	}
	k := o.auditKey()
	for i, part := range strings.SplitN(o.series, "|", 5) {
		if i < 4 {
			k.Set([]string{"SOURCE_AGENCY", "layout", "COUNTING_UNIT", "VICTIM_STATUS"}[i], part)
		}
	}
	known = e.known[k] || e.knownObs[o.id]
	return known, !known && (e.hidden[k] || e.hiddenObs[o.id])
}

// concepts are those of the dimensions of a cell in its group, in order.
var concepts = [dims]string{"SEX", "AGE", "EXPLOITATION", "CITIZENSHIP", "ORIGIN", "TRANSIT", "DESTINATION", "TIME_PERIOD"}

// auditKey gives the codes of an observation as the audit knows them, but for its
// series.
func (o observation) auditKey() audit.Key {
	k := audit.NewKey()
	k.Set("REF_AREA", o.state)
	k.Set("INDICATOR", o.indicator)
	for d, name := range concepts {
		k.Set(name, o.key[d])
	}
	return k
}

// withheldBefore tells whether an earlier pack withheld anything of a group.
func (c *cells) withheldBefore(e *Earlier) bool {
	return slices.ContainsFunc(c.printed, func(p printed) bool {
		_, hidden := e.says(p.observation)
		return hidden
	})
}

// agrees tells whether a decision withholds nothing that was published before, and
// all that was withheld. If not, the cells are marked, for another decision.
func (c *cells) agrees(made decision, e *Earlier) bool {
	agrees := true
	for _, p := range c.printed {
		known, hidden := e.says(p.observation)
		withheld := slices.Contains(made.Withheld, p.id)
		agrees = agrees && !(known && withheld) && !(hidden && !withheld)
		for _, i := range p.cells {
			c.cells[i].Known, c.cells[i].Hidden = c.cells[i].Known || known, c.cells[i].Hidden || hidden && !c.cells[i].Told
		}
	}
	return agrees
}
