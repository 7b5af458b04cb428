package disclosure

import (
	"maps"
	"math"
	"math/bits"
	"slices"
	"strings"

	"github.com/oas/tipstat/transform/disclosure/suppress"
)

// uncounted adds the combinations of two breakdowns of which nobody was counted. Case rows
// give no figure of them, and what is withheld is not told either (untold.sql): an
// outsider can't tell one from the other, but knows that none has more than its totals.
// Of 31 women 31 were exploited sexually: none for her labour, and all for their labour
// are men.
func (c *cells) uncounted() {
	if !c.g.counted() {
		return
	}
	layouts := map[string][]string{} // of case rows, by series
	for _, o := range c.g.obs {
		if o.counted && !slices.Contains(layouts[o.series], o.layout) {
			layouts[o.series] = append(layouts[o.series], o.layout)
		}
	}
	for _, series := range slices.Sorted(maps.Keys(layouts)) {
		for _, layout := range layouts[series] {
			c.uncountedOf(series, layout)
		}
	}
}

// uncountedOf adds those of one file's layout.
func (c *cells) uncountedOf(series, layout string) {
	there := map[[dims]string]bool{}
	codes := map[[dims]string]map[int][]string{} // by what they have in common: of each dimension
	pairs := map[[dims]string][]uint{}
	for _, m := range c.at[series] {
		if m.layout != layout {
			continue
		}
		there[m.key] = true
		by, whole := breakdownsOf(m.key), m.key
		for d := range dimPeriod {
			if by&(1<<d) != 0 {
				whole[d] = "_T"
			}
		}
		switch bits.OnesCount(by) {
		case 1:
			if codes[whole] == nil {
				codes[whole] = map[int][]string{}
			}
			d := bits.TrailingZeros(by)
			codes[whole][d] = append(codes[whole][d], m.key[d])
		case 2:
			if !slices.Contains(pairs[whole], by) {
				pairs[whole] = append(pairs[whole], by)
			}
		}
	}
	byKey := func(a, b [dims]string) int { return strings.Compare(strings.Join(a[:], "|"), strings.Join(b[:], "|")) }
	for _, whole := range slices.SortedFunc(maps.Keys(pairs), byKey) {
		for _, by := range pairs[whole] {
			x, y := bits.TrailingZeros(by), bits.Len(by)-1
			for _, a := range codes[whole][x] {
				for _, b := range codes[whole][y] {
					key := whole
					if key[x], key[y] = a, b; !there[key] {
						c.cells = append(c.cells, suppress.Cell{Upper: math.Inf(1), Told: true, Derived: true, Weight: 1})
						c.of = append(c.of, nil)
						m := member{series: series, key: key, layout: layout, cell: len(c.cells) - 1, low: -1}
						c.at[series], c.nobody = append(c.at[series], m), append(c.nobody, m)
					}
				}
			}
		}
	}
}

// breakdownsOf are the dimensions over which a key is no total, as bits.
func breakdownsOf(key [dims]string) (by uint) {
	for d, code := range key[:dimPeriod] {
		if code != "_T" && code != "_Z" {
			by |= 1 << d
		}
	}
	return by
}
