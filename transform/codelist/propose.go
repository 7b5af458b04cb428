package codelist

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
)

// Propose gives up to n codes that a text without a code may mean, nearest
// first; the same text always gets the same codes. They are for a human to
// choose from and never used by themselves. A spelling that is [Ambiguous] on
// record gets the codes that stand at the beginning of its note.
func (s *Set) Propose(list, text string, n int) []string {
	sp := s.spellings[list]
	key := Normalise(text)
	if sp == nil || key == "" || n <= 0 {
		return nil
	}
	var out []string
	add := func(code string) {
		if _, ok := sp.list.index[code]; ok && !slices.Contains(out, code) && len(out) < n {
			out = append(out, code)
		}
	}
	for _, t := range sp.index[key] {
		if t.code != Ambiguous {
			add(t.code)
			continue
		}
		for _, y := range s.synonyms {
			if y.List == list && y.Spelling == t.spelling {
				codes, _, _ := strings.Cut(y.Note, ":")
				for _, c := range strings.Fields(codes) {
					add(c)
				}
			}
		}
	}
	for _, c := range sp.dropped[key] {
		add(c)
	}
	for _, c := range sp.near(key) {
		add(c)
	}
	return out
}

// near orders codes by the distance of their nearest spelling. Whole words
// found in the text count as one step away.
func (sp *spellings) near(key string) []string {
	limit := (utf8.RuneCountInString(key) - 1) / 3
	words := " " + key + " "
	best := map[string]int{}
	for spelling, targets := range sp.index {
		d := limit + 1
		if limit > 0 && len(spelling) > 3 && strings.Contains(words, " "+spelling+" ") {
			d = 1
		} else if diff := len(spelling) - len(key); diff <= 2*limit && -diff <= 2*limit {
			d = levenshtein.ComputeDistance(key, spelling)
		}
		if d > limit {
			continue
		}
		for _, t := range targets {
			if old, ok := best[t.code]; !ok || d < old {
				best[t.code] = d
			}
		}
	}
	codes := make([]string, 0, len(best))
	for c := range best {
		if _, ok := sp.list.index[c]; ok {
			codes = append(codes, c)
		}
	}
	slices.SortFunc(codes, func(a, b string) int {
		return cmp.Or(cmp.Compare(best[a], best[b]), cmp.Compare(sp.list.index[a], sp.list.index[b]))
	})
	return codes
}
