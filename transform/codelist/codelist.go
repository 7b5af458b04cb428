package codelist

import (
	"slices"
)

// Targets of synonyms that are not codes of the list.
const (
	RefArea   = "=REF_AREA"  // the reporting State itself
	Ambiguous = "=AMBIGUOUS" // unmapped on purpose; the row's note says why
)

// Languages of the labels, in the order of the columns.
var languages = []string{"en", "es", "pt", "fr"}

// Code is one code of a list.
type Code struct {
	ID       string
	Parent   string            // id of the code above it, or empty
	Name     map[string]string // by language: en, es, pt, fr
	Source   string            // where code and labels come from
	Position int               // place in the list, counted from 1
}

// List is one code list in the order of its file.
type List struct {
	ID    string
	codes []Code
	index map[string]int
}

// Code finds a code by its exact id.
func (l *List) Code(id string) (Code, bool) {
	i, ok := l.index[id]
	if !ok {
		return Code{}, false
	}
	return l.codes[i], true
}

// Codes gives all codes in the order of the file. The slice is the caller's.
func (l *List) Codes() []Code { return slices.Clone(l.codes) }

// Synonym is one spelling met in national files and the code it stands for.
type Synonym struct {
	List, Spelling, Code string
	ValidFrom, ValidTo   string // years, both included; empty is open
	Source, Note         string
	from, to             int
	place                string // file and line
	overlay              bool
}

// Membership is the status of an area in a group between two days, both
// included; an empty day is open.
type Membership struct {
	Group, RefArea, Status string // Status: member, not-participating, withdrawn, disputed
	ValidFrom, ValidTo     string // 2006-01-02
	Source                 string
}

// ComparabilityRule lowers the grade of an observation whose attribute has a
// value. Text is the footnote, by language.
type ComparabilityRule struct {
	Rule      string
	Indicator string // a code of CL_INDICATOR, or * for all
	Attribute string
	Value     string
	Grade     string // B, C or D; A is an observation without any rule
	Text      map[string]string
}

// Set holds all lists, synonyms, groups and rules. It is not changed after
// Load, so that it may be used from several goroutines.
type Set struct {
	lists     map[string]*List
	ids       []string
	synonyms  []Synonym
	groups    []Membership
	rules     []ComparabilityRule
	spellings map[string]*spellings // by list
}

// List gives a list by its id.
func (s *Set) List(id string) (*List, bool) {
	l, ok := s.lists[id]
	return l, ok
}

// Lists gives the ids of all lists in alphabetical order.
func (s *Set) Lists() []string { return slices.Clone(s.ids) }

// Synonyms gives the rows of the synonym files, by list, in their order. Names
// taken from CLDR are not among them.
func (s *Set) Synonyms() []Synonym { return slices.Clone(s.synonyms) }

// Added gives the row that the overlay has for a spelling of a list, the first of several,
// and its place: the file, from the overlay's root, and the line.
func (s *Set) Added(list, spelling string) (row Synonym, place string, ok bool) {
	key := Normalise(spelling)
	i := slices.IndexFunc(s.synonyms, func(y Synonym) bool { return y.overlay && y.List == list && Normalise(y.Spelling) == key })
	if i < 0 {
		return Synonym{}, "", false
	}
	y := s.synonyms[i]
	return Synonym{List: y.List, Spelling: y.Spelling, Code: y.Code, ValidFrom: y.ValidFrom, ValidTo: y.ValidTo, Source: y.Source, Note: y.Note}, y.place, true
}

// Groups gives the rows of area_group.csv.
func (s *Set) Groups() []Membership { return slices.Clone(s.groups) }

// Comparability gives the rows of comparability.csv.
func (s *Set) Comparability() []ComparabilityRule { return slices.Clone(s.rules) }
