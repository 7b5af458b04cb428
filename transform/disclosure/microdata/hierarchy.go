package microdata

import (
	"fmt"
	"math"
	"slices"
)

// Withheld stands where a value was withheld, in every column: the sign that
// tables print for it. No code list has it, and unknown (_U) is another thing.
const Withheld = "c"

// hierarchy holds the codes of one column that occur, and those above them.
// Codes are numbered; 0 is Withheld, above all others.
type hierarchy struct {
	codes  []string
	parent []int32
	depth  []int32
	above  [][]int32 // by level and code: what stands in the code's place; level 0 is the code itself
	share  []float64 // share of the codes that occur which stand at or below a code
	weight float64
	number map[string]int32
}

// newHierarchy numbers the codes that occur and those that chain puts above
// each, nearest first, without Withheld.
func newHierarchy(codes []string, weight float64, chain func(code string) []string) (*hierarchy, error) {
	h := &hierarchy{codes: []string{Withheld}, parent: []int32{0}, depth: []int32{0}, weight: weight, number: map[string]int32{Withheld: 0}}
	occur := slices.Compact(slices.Sorted(slices.Values(codes)))
	for _, code := range occur {
		if code == Withheld {
			return nil, fmt.Errorf("the code %q stands in the rows, and is the sign of what is withheld; give it another name in the vocabulary", code)
		}
		under := int32(0)
		for _, c := range slices.Backward(append([]string{code}, chain(code)...)) {
			n, ok := h.number[c]
			if !ok {
				n = int32(len(h.codes))
				h.number[c] = n
				h.codes, h.parent, h.depth = append(h.codes, c), append(h.parent, under), append(h.depth, h.depth[under]+1)
			} else if h.parent[n] != under {
				return nil, fmt.Errorf("the code %q stands below %q and below %q; one of the two must go", c, h.codes[h.parent[n]], h.codes[under])
			}
			under = n
		}
	}
	h.count(occur)
	h.level(len(occur))
	return h, nil
}

// count works out the shares.
func (h *hierarchy) count(occur []string) {
	h.share = make([]float64, len(h.codes))
	for _, code := range occur {
		for n := h.number[code]; n != 0; n = h.parent[n] {
			h.share[n] += 1 / float64(len(occur))
		}
	}
	h.share[0] = 1
}

// level works out what stands in a code's place at each level: codes deeper than
// the level allows go up. Where one code alone occurs there is nothing to gain,
// and one level.
func (h *hierarchy) level(occur int) {
	deepest := slices.Max(h.depth)
	for level := range deepest + 1 {
		up := make([]int32, len(h.codes))
		for n := range up {
			at := int32(n)
			for h.depth[at] > deepest-level {
				at = h.parent[at]
			}
			up[n] = at
		}
		h.above = append(h.above, up)
		if occur < 2 {
			return
		}
	}
}

// height is how many levels there are above the codes themselves.
func (h *hierarchy) height() int { return len(h.above) - 1 }

// join is the lowest code that holds both.
func (h *hierarchy) join(a, b int32) int32 {
	for a != b {
		if h.depth[a] >= h.depth[b] {
			a = h.parent[a]
		} else {
			b = h.parent[b]
		}
	}
	return a
}

// penalty is what is lost where one code is published in another's place: nothing
// if they are the same, otherwise the share of the column's codes that it may
// be. It is the normalized certainty penalty of a code (J. Xu and others,
// "Utility-based anonymization using local recoding", KDD 2006, 785–790), with
// the codes that occur as the column's.
func (h *hierarchy) penalty(code, published int32) float64 {
	if code == published {
		return 0
	}
	return h.share[published]
}

// cost is the penalty by its weight, in whole millionths: sums of them are the
// same on every machine.
func (h *hierarchy) cost(code, published int32) int64 {
	return millionths(h.weight * h.penalty(code, published))
}

// levelCost is what a level costs beside others: the share of the way up.
func (h *hierarchy) levelCost(level int) int64 {
	if level == 0 {
		return 0
	}
	return millionths(h.weight * float64(level) / float64(h.height()))
}

func millionths(x float64) int64 { return int64(math.Round(x * 1e6)) }
