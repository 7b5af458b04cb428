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
	printed    map[audit.Key][]float64
	printedObs map[int64][]float64
	hidden     map[audit.Key]bool
	hiddenObs  map[int64]bool
}

// NewEarlier reads them; nil if there are none.
func NewEarlier(pubs []audit.Published) *Earlier {
	if len(pubs) == 0 {
		return nil
	}
	e := &Earlier{map[audit.Key][]float64{}, map[int64][]float64{}, map[audit.Key]bool{}, map[int64]bool{}}
	for _, p := range pubs {
		for _, c := range p.Cells {
			hasKey := c.Key != (audit.Key{})
			c.Key.Set("layout", "") // a newer form says the same of the same
			switch {
			case c.Hidden && c.Lower == 0 && math.IsInf(c.Upper, 1): // else it told bounds, as its reporter did, or what it is at least
				if c.Obs != 0 {
					e.hiddenObs[c.Obs] = true
				}
				if hasKey {
					e.hidden[c.Key] = true
				}
			case c.Lower == c.Upper:
				if c.Obs != 0 {
					e.printedObs[c.Obs] = append(e.printedObs[c.Obs], c.Lower)
				}
				if hasKey {
					e.printed[c.Key] = append(e.printed[c.Key], c.Lower)
				}
			}
		}
	}
	return e
}

// past is what was done with an observation, or with an older one of the same.
type past struct {
	known   bool // it was printed
	revised bool // it was printed with another figure: nobody was told this one
	hidden  bool
}

func (e *Earlier) says(o observation) (p past) {
	if e == nil {
		return p
	}
	k := o.packKey()
	return pastOf(o, e.figures(o), e.hidden[k] || e.hiddenObs[o.id])
}

// packKey gives the codes of an observation as a pack printed them.
func (o observation) packKey() audit.Key {
	k := o.auditKey()
	agency, unit, _ := strings.Cut(o.series, "|")
	k.Set("SOURCE_AGENCY", agency)
	k.Set("COUNTING_UNIT", unit)
	return k
}

// pastOf tells it by the figures that were printed of it, if any.
func pastOf(o observation, printed []float64, withheld bool) past {
	known := len(printed) > 0 && (o.value == nil || slices.Contains(printed, *o.value))
	return past{known: known, hidden: withheld && !known, revised: len(printed) > 0 && !known}
}

// concepts are those of the dimensions of a cell in its group, in order.
var concepts = [dims]string{"SEX", "AGE", "EXPLOITATION", "CITIZENSHIP", "ORIGIN", "TRANSIT", "DESTINATION", "TIME_PERIOD", "VICTIM_STATUS"}

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

// withheldBefore tells whether anything of a group was withheld before.
func (c *cells) withheldBefore(says ...func(observation) past) bool {
	return slices.ContainsFunc(c.printed, func(p printed) bool {
		return slices.ContainsFunc(says, func(s func(observation) past) bool { return s(p.observation).hidden })
	})
}

// dear is how much more it costs to withhold a figure of which an earlier pack printed
// another: whoever takes that for this one is wrong, and an audit of both packs says
// that it can be told.
const dear = 8

// remembered tells whether anything of a group was shown or withheld before.
func (c *cells) remembered(says func(observation) past) bool {
	return slices.ContainsFunc(c.printed, func(p printed) bool { return says(p.observation) != past{} })
}

// agrees tells whether a decision withholds nothing that was published before, and
// all that was withheld.
func (c *cells) agrees(made decision, says func(observation) past) bool {
	return !slices.ContainsFunc(c.printed, func(p printed) bool {
		past, withheld := says(p.observation), made.withholds(p)
		return past.known && withheld || past.hidden && !withheld
	})
}

// overtakes tells whether a decision withholds a figure, for the sake of others, of
// which another was published before.
func (c *cells) overtakes(made decision, says func(observation) past) bool {
	return slices.ContainsFunc(c.printed, func(p printed) bool {
		past := says(p.observation)
		return past.revised && !past.hidden && made.withholds(p) && !c.primary(p)
	})
}

func (d decision) withholds(p printed) bool {
	_, is := slices.BinarySearch(d.Withheld, p.id)
	return is
}

func (c *cells) primary(p printed) bool {
	return slices.ContainsFunc(p.cells, func(i int) bool { return c.cells[i].Primary || c.cells[i].Disclosing })
}

// mark tells the cells what was published of them (pack) and what was shown, by
// whatever command (memory).
func (c *cells) mark(pack, memory func(observation) past) {
	revised := map[int]bool{}
	for i := range c.cells {
		cell := &c.cells[i]
		cell.Known, cell.Hidden, cell.Weight = false, false, c.weights[i]
	}
	for _, p := range c.printed {
		e, m := pack(p.observation), memory(p.observation)
		m.known = m.known && (p.id < 0 || !c.primary(p)) // what vanished can't be withheld
		for _, i := range p.cells {
			cell := &c.cells[i]
			m := m
			m.known = m.known && !cell.Told
			cell.Known = cell.Known || e.known || m.known
			cell.Hidden = cell.Hidden || (e.hidden || m.hidden) && !cell.Told
			revised[i] = revised[i] || (e.revised || m.revised) && !cell.Primary
		}
	}
	for i, is := range revised {
		if is {
			c.cells[i].Weight *= dear
		}
	}
}

// nothing is what is said where nothing was published.
func nothing(observation) past { return past{} }
