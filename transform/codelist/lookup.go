package codelist

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
)

// How a text was mapped.
const (
	ByCode    = "code"     // the text is the code
	ByLabel   = "label"    // it is a label in one of the four languages
	BySynonym = "synonym"  // it is a synonym, or a CLDR name in a further language
	Repaired  = "repaired" // it became one of these after a repair
)

// Match says which code a text stands for, or [RefArea].
type Match struct {
	Code    string
	How     string // ByCode, ByLabel, BySynonym or Repaired
	Synonym string // the spelling on record that the text matched
}

// target is what one normalised spelling leads to.
type target struct {
	code, how, spelling string
	from, to            int
}

// spellings is the index of one list. It is gathered when the first text is looked up:
// most commands look up none, and the areas have names in many languages.
type spellings struct {
	list     *List
	synonyms []Synonym // checked
	gathered sync.Once

	index   map[string][]target
	wide    []wideSpelling      // those with characters outside ASCII, for the repair
	dropped map[string][]string // names that fit several codes: dropped, with the codes
}

// spellingsOf gives the index of a list, and nil where there is no such list.
func (s *Set) spellingsOf(list string) *spellings {
	sp := s.spellings[list]
	if sp != nil {
		sp.gathered.Do(sp.gather)
	}
	return sp
}

// gather takes labels and CLDR names, and puts the synonyms over them. A name that
// fits two codes is dropped: only a synonym can decide it.
func (sp *spellings) gather() {
	l := sp.list
	sp.index, sp.dropped = map[string][]target{}, map[string][]string{}
	for _, c := range l.codes {
		for _, lang := range languages {
			sp.automatic(c.Name[lang], c.ID, ByLabel)
		}
	}
	if l.ID == areaList {
		for _, c := range l.codes {
			for _, name := range cldrNames(c.ID) {
				sp.automatic(name, c.ID, BySynonym)
			}
		}
	}
	for key := range sp.dropped {
		delete(sp.index, key)
	}
	fresh := map[string]bool{}
	for _, y := range sp.synonyms {
		key := Normalise(y.Spelling)
		if !fresh[key] {
			fresh[key] = true
			sp.index[key] = nil
		}
		t := target{y.Code, BySynonym, y.Spelling, y.from, y.to}
		sp.index[key] = append(sp.index[key], t)
		sp.widen(y.Spelling, t)
	}
}

func (sp *spellings) automatic(name, code, how string) {
	key := Normalise(name)
	if key == "" {
		return
	}
	sp.widen(name, target{code, how, name, math.MinInt, math.MaxInt})
	old := sp.index[key]
	if len(old) == 0 {
		sp.index[key] = []target{{code, how, name, math.MinInt, math.MaxInt}}
		return
	}
	if old[0].code != code {
		codes := sp.dropped[key]
		if len(codes) == 0 {
			codes = []string{old[0].code}
		}
		if !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
		sp.dropped[key] = codes
	}
}

// addSynonyms checks the synonym rows and hands each list its own.
func (s *Set) addSynonyms() error {
	type listKey struct{ list, key string }
	byKey := map[listKey][]int{}
	gone := map[int]bool{}
	for i, y := range s.synonyms {
		sp := s.spellings[y.List]
		if sp == nil {
			return fmt.Errorf("%s: no list %s", y.place, y.List)
		}
		if _, ok := sp.list.index[y.Code]; !ok && y.Code != RefArea && y.Code != Ambiguous {
			return fmt.Errorf("%s: %q stands for %s, which is not in %s", y.place, y.Spelling, y.Code, y.List)
		}
		if _, ok := sp.list.index[y.Spelling]; ok && y.Spelling != y.Code {
			return fmt.Errorf("%s: %q is itself a code of %s and cannot stand for %s", y.place, y.Spelling, y.List, y.Code)
		}
		k := listKey{y.List, Normalise(y.Spelling)}
		for _, j := range byKey[k] {
			o := s.synonyms[j]
			switch {
			case gone[j] || o.from > y.to || y.from > o.to:
			case y.overlay && !o.overlay && o.Code == Ambiguous:
				gone[j] = true
			case o.Code != y.Code:
				return fmt.Errorf("%s: %q stands for %s, but for %s at %s", y.place, y.Spelling, y.Code, o.Code, o.place)
			case o.Spelling == y.Spelling && !y.overlay:
				return fmt.Errorf("%s: %q stands there already at %s", y.place, y.Spelling, o.place)
			}
		}
		byKey[k] = append(byKey[k], i)
	}
	kept := s.synonyms[:0:0]
	for i, y := range s.synonyms {
		if gone[i] {
			continue
		}
		kept = append(kept, y)
		sp := s.spellings[y.List]
		sp.synonyms = append(sp.synonyms, y)
	}
	s.synonyms = kept
	return nil
}

// Lookup finds the code that a text stands for in a year; year 0 asks for any
// year. Nothing is guessed: a text that fits two codes, or that is Ambiguous on
// record, gives false. The caller must ask for [RefArea] before it uses the code.
func (s *Set) Lookup(list, text string, year int) (Match, bool) {
	sp := s.spellingsOf(list)
	if sp == nil {
		return Match{}, false
	}
	text = strings.TrimSpace(text)
	if i, ok := sp.list.index[text]; ok {
		id := sp.list.codes[i].ID
		return Match{Code: id, How: ByCode, Synonym: id}, true
	}
	m, known, ok := sp.find(text, year)
	if ok || known {
		return m, ok
	}
	return sp.repair(text, year)
}

// find looks a text up by its normalised form. known tells that the spelling
// is on record, even when it leads to no single code.
func (sp *spellings) find(text string, year int) (m Match, known, ok bool) {
	var buf [96]byte
	key := appendNormal(buf[:0], text)
	targets := sp.index[string(key)]
	if len(targets) == 0 {
		return Match{}, sp.dropped[string(key)] != nil, false
	}
	m, ok = pick(targets, year)
	return m, true, ok
}

func (t target) validIn(year int) bool { return year == 0 || t.from <= year && year <= t.to }

// pick gives the one code of the targets that are valid in the year.
func pick(targets []target, year int) (Match, bool) {
	var m Match
	for _, t := range targets {
		if !t.validIn(year) {
			continue
		}
		if m.Code != "" && m.Code != t.code {
			return Match{}, false
		}
		if m.Code == "" {
			m = Match{t.code, t.how, t.spelling}
		}
	}
	if m.Code == "" || m.Code == Ambiguous {
		return Match{}, false
	}
	return m, true
}
