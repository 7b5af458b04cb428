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
	sp := s.spellingsOf(list)
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
		} else if limit > 0 && len(key) > 3 && strings.HasPrefix(spelling, key) { // begun and not ended
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

// Nearest gives up to n of the words that are most like one that is none of
// them, nearest first, in whatever letters; those that are too unlike are left
// out.
func Nearest(word string, words []string, n int) []string {
	word = strings.ToLower(strings.TrimSpace(word))
	distance := func(w string) int {
		if w = strings.ToLower(w); len(word) > 2 && strings.HasPrefix(w, word) {
			return 0
		}
		return levenshtein.ComputeDistance(word, w)
	}
	near := slices.Clone(words)
	slices.SortStableFunc(near, func(x, y string) int { return cmp.Compare(distance(x), distance(y)) })
	limit := max(1, utf8.RuneCountInString(word)/3)
	near = slices.DeleteFunc(near, func(w string) bool { return distance(w) > limit })
	return near[:min(n, len(near))]
}

// Near gives up to n codes that may be meant by a text that a person typed: of
// the labels and spellings on record, and of the codes themselves.
func (s *Set) Near(list, text string, n int) []string {
	l, ok := s.List(list)
	if !ok {
		return nil
	}
	out := s.Propose(list, text, n)
	if m, ok := s.Lookup(list, text, 0); ok && !strings.HasPrefix(m.Code, "=") {
		out = append([]string{m.Code}, out...)
	}
	up := strings.ToUpper(text)
	distance := map[string]int{}
	var codes []string
	for _, c := range l.Codes() {
		d := levenshtein.ComputeDistance(up, c.ID)
		if d <= len(text)/3 || len(text) > 2 && strings.Contains(c.ID, up) {
			codes, distance[c.ID] = append(codes, c.ID), d
		}
	}
	slices.SortStableFunc(codes, func(x, y string) int { return cmp.Compare(distance[x], distance[y]) })
	var once []string
	for _, c := range append(out, codes...) {
		if !slices.Contains(once, c) && len(once) < n {
			once = append(once, c)
		}
	}
	return once
}
