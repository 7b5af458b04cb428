package codelist

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed codelists/*.csv synonyms/*.csv area_group.csv comparability.csv
var embedded embed.FS

const (
	listHeader    = "code,parent,en,es,pt,fr,source,ictip"
	synonymHeader = "list,spelling,code,valid_from,valid_to,source,note"
	groupHeader   = "area_group,REF_AREA,status,valid_from,valid_to,source"
	ruleHeader    = "rule,INDICATOR,attribute,attribute_value,grade,en,es,pt,fr"
)

// Load reads the lists that are part of tipstat and, when overlay is not nil,
// adds the rows of its files of the same names: codelists/*.csv,
// synonyms/*.csv, area_group.csv, comparability.csv. An overlay adds and never
// changes what is there, with one exception: it may decide a spelling that
// tipstat keeps [Ambiguous]. Errors name the file and the line.
func Load(overlay fs.FS) (*Set, error) {
	s := &Set{lists: map[string]*List{}, spellings: map[string]*spellings{}}
	sources := []fs.FS{embedded}
	if overlay != nil {
		sources = append(sources, overlay)
	}
	for i, fsys := range sources {
		if err := s.read(fsys, i > 0); err != nil {
			return nil, err
		}
	}
	for id := range s.lists {
		s.ids = append(s.ids, id)
	}
	slices.Sort(s.ids)
	if err := s.check(); err != nil {
		return nil, err
	}
	for _, id := range s.ids {
		s.spellings[id] = &spellings{list: s.lists[id]}
	}
	return s, s.addSynonyms()
}

func (s *Set) read(fsys fs.FS, overlay bool) error {
	names, err := fs.Glob(fsys, "codelists/*.csv")
	if err != nil {
		return err
	}
	for _, name := range names {
		rows, err := readTable(fsys, name, listHeader)
		if err != nil {
			return err
		}
		if err := s.addCodes(strings.TrimSuffix(path.Base(name), ".csv"), rows); err != nil {
			return err
		}
	}
	if names, err = fs.Glob(fsys, "synonyms/*.csv"); err != nil {
		return err
	}
	for _, name := range names {
		rows, err := readTable(fsys, name, synonymHeader)
		if err != nil {
			return err
		}
		for _, r := range rows {
			y, err := newSynonym(r)
			if err != nil {
				return err
			}
			y.overlay = overlay
			s.synonyms = append(s.synonyms, y)
		}
	}
	if err := s.readGroups(fsys); err != nil && !(overlay && errors.Is(err, fs.ErrNotExist)) {
		return err
	}
	if err := s.readRules(fsys); err != nil && !(overlay && errors.Is(err, fs.ErrNotExist)) {
		return err
	}
	return nil
}

func (s *Set) addCodes(id string, rows []row) error {
	l := s.lists[id]
	if l == nil {
		l = &List{ID: id, index: map[string]int{}}
		s.lists[id] = l
	}
	for _, r := range rows {
		f := r.fields
		c := Code{ID: f[0], Parent: f[1], Source: f[6], Position: len(l.codes) + 1,
			Name: map[string]string{"en": f[2], "es": f[3], "pt": f[4], "fr": f[5]}}
		if f[7] != "" {
			return fmt.Errorf("%s: ictip is %q; it stays empty until IC-TIP's codes can be had", r.place, f[7])
		}
		if c.ID == "" || strings.TrimSpace(c.ID) != c.ID {
			return fmt.Errorf("%s: a code must not be empty nor begin or end with a space: %q", r.place, c.ID)
		}
		if _, ok := l.index[c.ID]; ok {
			return fmt.Errorf("%s: code %s stands in %s twice", r.place, c.ID, id)
		}
		if id == areaList {
			fillFromCLDR(&c)
		}
		for _, lang := range languages {
			if strings.TrimSpace(c.Name[lang]) == "" {
				return fmt.Errorf("%s: code %s has no label in %s", r.place, c.ID, lang)
			}
		}
		if c.Source == "" {
			return fmt.Errorf("%s: code %s has no source", r.place, c.ID)
		}
		l.index[c.ID] = len(l.codes)
		l.codes = append(l.codes, c)
	}
	return nil
}

func newSynonym(r row) (Synonym, error) {
	f := r.fields
	y := Synonym{List: f[0], Spelling: f[1], Code: f[2], ValidFrom: f[3], ValidTo: f[4], Source: f[5], Note: f[6],
		from: math.MinInt, to: math.MaxInt, place: r.place}
	var err error
	if y.ValidFrom != "" {
		if y.from, err = strconv.Atoi(y.ValidFrom); err != nil {
			return y, fmt.Errorf("%s: valid_from is %q; want a year", r.place, y.ValidFrom)
		}
	}
	if y.ValidTo != "" {
		if y.to, err = strconv.Atoi(y.ValidTo); err != nil {
			return y, fmt.Errorf("%s: valid_to is %q; want a year", r.place, y.ValidTo)
		}
	}
	switch {
	case y.from > y.to:
		return y, fmt.Errorf("%s: valid_from %d lies after valid_to %d", r.place, y.from, y.to)
	case Normalise(y.Spelling) == "":
		return y, fmt.Errorf("%s: spelling %q has no letter or digit", r.place, y.Spelling)
	case y.Source == "":
		return y, fmt.Errorf("%s: spelling %q has no source", r.place, y.Spelling)
	case y.Code == Ambiguous && y.Note == "":
		return y, fmt.Errorf("%s: spelling %q is %s and needs a note that says why", r.place, y.Spelling, Ambiguous)
	}
	return y, nil
}

func (s *Set) readGroups(fsys fs.FS) error {
	rows, err := readTable(fsys, "area_group.csv", groupHeader)
	if err != nil {
		return err
	}
	for _, r := range rows {
		f := r.fields
		for _, day := range f[3:5] {
			if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
				return fmt.Errorf("%s: %q is not a day; want YYYY-MM-DD", r.place, day)
			}
		}
		if !s.has("CL_AREA_GROUP", f[0]) || !s.has(areaList, f[1]) {
			return fmt.Errorf("%s: no group %q or no area %q", r.place, f[0], f[1])
		}
		s.groups = append(s.groups, Membership{f[0], f[1], f[2], f[3], f[4], f[5]})
	}
	return nil
}

func (s *Set) readRules(fsys fs.FS) error {
	rows, err := readTable(fsys, "comparability.csv", ruleHeader)
	if err != nil {
		return err
	}
	for _, r := range rows {
		f := r.fields
		if f[1] != "*" && !s.has("CL_INDICATOR", f[1]) {
			return fmt.Errorf("%s: no indicator %q", r.place, f[1])
		}
		if len(f[4]) != 1 || !strings.Contains("BCD", f[4]) {
			return fmt.Errorf("%s: grade is %q; want B, C or D", r.place, f[4])
		}
		if slices.ContainsFunc(s.rules, func(o ComparabilityRule) bool { return o.Rule == f[0] }) {
			return fmt.Errorf("%s: rule %s stands twice", r.place, f[0])
		}
		s.rules = append(s.rules, ComparabilityRule{Rule: f[0], Indicator: f[1], Attribute: f[2], Value: f[3], Grade: f[4],
			Text: map[string]string{"en": f[5], "es": f[6], "pt": f[7], "fr": f[8]}})
	}
	return nil
}

func (s *Set) has(list, code string) bool {
	l, ok := s.lists[list]
	if !ok {
		return false
	}
	_, ok = l.index[code]
	return ok
}

// check looks at what can only be seen when all files are read. Parents of
// CL_INDICATOR are codes of CL_RECORD; all others are of their own list.
func (s *Set) check() error {
	for _, id := range s.ids {
		in := id
		if id == "CL_INDICATOR" {
			in = "CL_RECORD"
		}
		for _, c := range s.lists[id].codes {
			if c.Parent != "" && !s.has(in, c.Parent) {
				return fmt.Errorf("codelists/%s.csv: code %s has parent %s, which is not in %s", id, c.ID, c.Parent, in)
			}
		}
	}
	gs := slices.Clone(s.groups)
	slices.SortStableFunc(gs, func(a, b Membership) int {
		return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.RefArea, b.RefArea), cmp.Compare(a.ValidFrom, b.ValidFrom))
	})
	for i := 1; i < len(gs); i++ {
		a, b := gs[i-1], gs[i]
		if a.Group == b.Group && a.RefArea == b.RefArea && (a.ValidTo == "" || a.ValidTo >= b.ValidFrom) {
			return fmt.Errorf("area_group.csv: %s in %s has two statuses at a time (%s, %s)", a.RefArea, a.Group, a.Status, b.Status)
		}
	}
	return nil
}
