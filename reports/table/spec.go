package table

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// Spec is one table: its texts, its shape and the select that fills it.
type Spec struct {
	ID        string `yaml:"id"`
	Kind      string `yaml:"kind"` // figures (the default), cells or treaties
	Paragraph string `yaml:"paragraph"`
	Title     Text   `yaml:"title"`
	Question  Text   `yaml:"question"`
	Measure   Text   `yaml:"measure"`
	// Stub are the columns that name a row. The first is REF_AREA.
	Stub []StubSpec `yaml:"stub"`
	// Columns are the levels of the column headings, outermost first.
	Columns []LevelSpec `yaml:"columns"`
	// Cells are the columns of a table of kind cells, in the place of Columns.
	Cells []CellSpec `yaml:"cells"`
	// Derive makes each figure from two that the select names.
	Derive   *DeriveSpec `yaml:"derive"`
	Compact  bool        `yaml:"compact"`  // codes as headings where room is short
	Decimals int         `yaml:"decimals"` // of the figures shown
	Years    int         `yaml:"years"`    // how many of the last years with data, when none are asked for; 5 when 0
	// Listed leaves out the States of which a table of kind cells has nothing
	// to say: a list of what happened, where silence is no missing figure.
	Listed bool       `yaml:"listed"`
	Total  *TotalSpec `yaml:"total"`
	Notes  []Text     `yaml:"notes"`
	Chart  *ChartSpec `yaml:"chart"`
	// Views are further charts, which are drawn where somebody asks for them.
	Views []ChartSpec `yaml:"views"`
	// SQL is the select, from the file beside the spec.
	SQL string `yaml:"-"`
	// Bind are values of further parameters of the select, of a spec that is
	// made by a program (reports/query).
	Bind map[string]any `yaml:"-"`
}

// StubSpec is one column of the stub.
type StubSpec struct {
	Column   string `yaml:"column"`
	Codelist string `yaml:"codelist"`
	Show     string `yaml:"show"` // code: show the code and not its label
	Heading  Text   `yaml:"heading"`
	// Words name codes that stand in no code list.
	Words map[string]Text `yaml:"words"`
	// First are the codes that stand before the others of a State, which are
	// in the order of the code list.
	First []string `yaml:"first"`
}

// rank orders the codes of a column of the stub.
func (c StubSpec) rank(v *vocabulary, code string) int {
	if i := slices.Index(c.First, code); i >= 0 {
		return i - len(c.First)
	}
	return v.position(c.Codelist, code)
}

// name is what a code of the stub is called.
func (c StubSpec) name(v *vocabulary, code, lang string) string {
	if t := c.Words[code][lang]; t != "" {
		return t
	}
	return v.label(c.Codelist, code, lang)
}

// LevelSpec is one level of the columns. Years (from: REF_YEAR) are all shown;
// of other codes those in Codes, or those met: First, then by position in the
// code list (or by label), then Last.
type LevelSpec struct {
	From     string   `yaml:"from"`
	Codelist string   `yaml:"codelist"`
	Codes    []string `yaml:"codes"`
	// Labels name codes that stand in no code list.
	Labels  map[string]Text `yaml:"labels"`
	First   []string        `yaml:"first"`
	Last    []string        `yaml:"last"`
	Sort    string          `yaml:"sort"`    // position (the default) or label
	Present bool            `yaml:"present"` // leave out columns in which nothing stands
}

// TotalSpec is the rule of the regional total.
type TotalSpec struct {
	Grades       []string `yaml:"grades"`
	CountingUnit string   `yaml:"counting_unit"`
	MinStates    int      `yaml:"min_states"`
	// Choose says over what one series of a State is chosen: for each column
	// apart (cell, the default), or one for all columns (row), where the
	// columns are parts of one whole.
	Choose string `yaml:"choose"`
	// Groups are the groups of States (CL_AREA_GROUP) that get a total each;
	// none: the States of the table.
	Groups []string `yaml:"groups"`
	// Alone leaves out the rows of the States.
	Alone bool `yaml:"alone"`
}

//go:embed tables/*.yaml tables/*.sql
var builtin embed.FS

// Load reads the specs that come with tipstat, and those in overlay (which may
// be nil): NAME.yaml with NAME.sql beside it. A spec in overlay takes the
// place of one with the same id. They come sorted by id; all faults are told
// at once.
func Load(overlay fs.FS) ([]Spec, error) {
	own, err := fs.Sub(builtin, "tables")
	if err != nil {
		return nil, err
	}
	byID := map[string]Spec{}
	var errs []error
	for _, dir := range []fs.FS{own, overlay} {
		if dir == nil {
			continue
		}
		names, err := fs.Glob(dir, "*.yaml")
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			s, err := read(dir, name)
			if err != nil {
				errs = append(errs, err)
				continue
			}
			byID[s.ID] = s
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	out := make([]Spec, 0, len(byID))
	for _, s := range byID {
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b Spec) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

func read(dir fs.FS, name string) (Spec, error) {
	var s Spec
	b, err := fs.ReadFile(dir, name)
	if err != nil {
		return s, err
	}
	if err := yaml.UnmarshalWithOptions(b, &s, yaml.Strict()); err != nil {
		return s, fmt.Errorf("%s: %w", name, err)
	}
	sqlName := strings.TrimSuffix(name, path.Ext(name)) + ".sql"
	q, err := fs.ReadFile(dir, sqlName)
	if err != nil {
		return s, fmt.Errorf("%s: %w", name, err)
	}
	s.SQL = string(q)
	if s.Kind == "" {
		s.Kind = kindFigures
	}
	if want := strings.TrimSuffix(path.Base(name), ".yaml"); s.ID != want {
		return s, fmt.Errorf("%s: id is %q; want %q, the name of the file", name, s.ID, want)
	}
	if errs := s.check(sqlName); len(errs) > 0 {
		for i, err := range errs {
			errs[i] = fmt.Errorf("%s: %w", name, err)
		}
		return s, errors.Join(errs...)
	}
	return s, nil
}

const (
	kindFigures  = "figures"
	kindCells    = "cells"
	kindTreaties = "treaties"
)

// check gives all faults of a spec.
func (s Spec) check(sqlName string) []error {
	var errs []error
	add := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	text := func(what string, t Text) {
		if l, bad := t.missing(); bad {
			add("%s has no text in %q", what, l)
		}
	}
	text("title", s.Title)
	text("question", s.Question)
	text("measure", s.Measure)
	if s.Paragraph == "" {
		add("paragraph is missing: which paragraph of AG/RES. 2026 does the table serve?")
	}
	if !slices.Contains([]string{kindFigures, kindCells, kindTreaties}, s.Kind) {
		add("kind is %q; want figures, cells or treaties", s.Kind)
	}
	if s.Kind != kindCells && (len(s.Stub) == 0 || s.Stub[0].Column != "REF_AREA") {
		add("stub: the first column must be REF_AREA, so that every State has its row")
	}
	for _, c := range s.Stub {
		text("stub "+c.Column, c.Heading)
		for code, t := range c.Words {
			text("stub "+c.Column+" "+code, t)
		}
		if c.Show != "" && c.Show != "code" && c.Show != "label" {
			add("stub %s: show is %q; want label or code", c.Column, c.Show)
		}
	}
	if (len(s.Columns) == 0) == (s.Kind != kindCells) {
		add("want columns, or cells in a table of kind cells")
	}
	year := slices.ContainsFunc(s.Stub, func(c StubSpec) bool { return c.Column == colYear })
	for _, l := range s.Columns {
		if l.From == "" {
			add("columns: from is missing")
		}
		if l.Sort != "" && l.Sort != "label" && l.Sort != "position" {
			add("columns %s: sort is %q; want position or label", l.From, l.Sort)
		}
		for _, c := range l.Codes {
			if l.Codelist == "" && l.From != colYear {
				text("column "+c, l.Labels[c])
			}
		}
		year = year || l.From == colYear
	}
	errs = append(errs, s.checkCells()...)
	errs = append(errs, s.checkDerive()...)
	errs = append(errs, s.checkChart()...)
	if s.Kind == kindFigures && !year {
		add("%s must be a stub column or a column level, so that years are not mixed", colYear)
	}
	if t := s.Total; t != nil && s.Kind == kindFigures {
		if len(t.Grades) == 0 || t.CountingUnit == "" || t.MinStates < 1 {
			add("total: grades, counting_unit and min_states (1 or more) must be given")
		}
		for _, g := range t.Grades {
			if len(g) != 1 || !strings.Contains("ABCD", g) {
				add("total: grade %q; want A, B, C or D", g)
			}
		}
		if t.Choose != "" && t.Choose != "cell" && t.Choose != "row" {
			add("total: choose is %q; want cell or row", t.Choose)
		}
	}
	for i, n := range s.Notes {
		text(fmt.Sprintf("note %d", i+1), n)
	}
	return append(errs, checkSQL(sqlName, s.SQL)...)
}

var (
	sqlComment = regexp.MustCompile(`(?m)--.*$`)
	sqlParam   = regexp.MustCompile(`\$([a-z_]+)`)
)

// checkSQL holds the select to one statement that only reads.
func checkSQL(name, q string) []error {
	var errs []error
	if !strings.HasPrefix(strings.TrimSpace(q), "--") {
		errs = append(errs, fmt.Errorf("%s: want a head comment: purpose, one row is what, inputs", name))
	}
	body := strings.TrimSpace(sqlComment.ReplaceAllString(q, ""))
	body = strings.TrimSuffix(body, ";")
	up := strings.ToUpper(body)
	if !strings.HasPrefix(up, "SELECT") && !strings.HasPrefix(up, "WITH") {
		errs = append(errs, fmt.Errorf("%s: want one SELECT", name))
	}
	if strings.Contains(body, ";") {
		errs = append(errs, fmt.Errorf("%s: want one statement, found a second", name))
	}
	if !strings.Contains(up, "ORDER BY") {
		errs = append(errs, fmt.Errorf("%s: want ORDER BY, so that the table is the same each time", name))
	}
	for _, m := range sqlParam.FindAllStringSubmatch(body, -1) {
		if !slices.Contains([]string{"states", "from_year", "to_year", "as_of", "since"}, m[1]) {
			errs = append(errs, fmt.Errorf("%s: unknown parameter $%s", name, m[1]))
		}
	}
	return errs
}

func (s Spec) years() int {
	if s.Years > 0 {
		return s.Years
	}
	return 5
}
