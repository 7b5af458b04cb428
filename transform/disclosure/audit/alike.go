package audit

import (
	"maps"
	"slices"
)

// persons are those whom figures of an indicator count.
type persons struct{ area, indicator, agency, unit, status, year string }

// year gives the year of a period, or the period itself.
func year(period string) string { return period[:min(4, len(period))] }

func (k Key) persons() persons {
	return persons{k[RefArea], k[Indicator], k[Agency], k[CountingUnit], k[VictimStatus], year(k[TimePeriod])}
}

// within gives what a figure is of its persons: codes of breakdowns, and the period.
func (k Key) within() Key {
	for _, d := range []int{RefArea, Indicator, Agency, Layout, CountingUnit, VictimStatus} {
		k[d] = ""
	}
	return k
}

// alike gives publications as who knows that an indicator counts some of the persons of
// another (among) reads them: no figure of it is more than that of the other; and where
// their totals are the same, and no figure speaks against it, the persons are: then the
// figures of the one are those of the other, told in another layout.
func alike(pubs []Published, among map[string]string) []Published {
	told := map[persons]map[Key][]float64{}
	for _, pub := range pubs {
		for _, c := range pub.Cells {
			of := c.Key.persons()
			if told[of] == nil {
				told[of] = map[Key][]float64{}
			}
			if at := c.Key.within(); c.exact() && !slices.Contains(told[of][at], c.Lower) {
				told[of][at] = append(told[of][at], c.Lower)
			}
		}
	}
	same, some := map[persons]persons{}, map[persons][]persons{}
	for _, of := range slices.SortedFunc(maps.Keys(told), func(a, b persons) int { return slices.Compare(a.codes(), b.codes()) }) {
		for part, whole := range among {
			if of.indicator != whole {
				continue
			}
			for _, status := range []string{of.status, "_Z", ""} {
				p := of
				p.indicator, p.status = part, status
				if told[p] == nil || slices.Contains(some[p], of) {
					continue
				}
				some[p] = append(some[p], of)
				if _, ok := same[p]; !ok && sameFigures(told[p], told[of], of.year) {
					same[p] = of
				}
			}
		}
	}
	out := slices.Clone(pubs)
	for i := range out {
		out[i] = out[i].alike(same, some)
	}
	return out
}

func (p persons) codes() []string {
	return []string{p.area, p.indicator, p.agency, p.unit, p.status, p.year}
}

// sameFigures tells whether both have the same total, and never different figures.
func sameFigures(a, b map[Key][]float64, year string) bool {
	for at, figures := range a {
		if other := b[at]; len(other) > 0 && !slices.Equal(slices.Sorted(slices.Values(figures)), slices.Sorted(slices.Values(other))) {
			return false
		}
	}
	all := NewKey().with(TimePeriod, year).within()
	return len(a[all]) > 0 && len(b[all]) > 0
}

// alike gives a publication with figures of the same persons under the codes of the other
// indicator, and what is known of any two.
func (pub Published) alike(same map[persons]persons, some map[persons][]persons) Published {
	if len(some) == 0 {
		return pub
	}
	at := map[persons]map[Key][]Cell{}
	for _, c := range pub.Cells {
		of := c.Key.persons()
		if at[of] == nil {
			at[of] = map[Key][]Cell{}
		}
		at[of][c.Key.within()] = append(at[of][c.Key.within()], c)
	}
	pub.Cells, pub.Relations = slices.Clone(pub.Cells), slices.Clone(pub.Relations)
	for i := range pub.Cells {
		c := &pub.Cells[i]
		p, within := c.Key.persons(), c.Key.within()
		as, is := same[p]
		if is {
			c.Key = c.Key.with(Layout, p.indicator+" "+c.Key[Layout]).with(Indicator, as.indicator).with(VictimStatus, as.status)
		}
		for _, of := range some[p] {
			for _, whole := range at[of][within] {
				r := Sum([]Ref{{c.Key, c.Obs}}, &Ref{whole.Key, whole.Obs}, 0, 0)
				if !is || of != as { // some of them
					r.Lower, r.Upper = NoBounds()
					r.Terms[0].Coef, r.Terms[1].Coef = -1, 1
				}
				r.Place = c.Place
				pub.Relations = append(pub.Relations, r)
			}
		}
	}
	return pub
}
