package layout

import (
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

// Layout is one layout file.
type Layout struct {
	ID      string            `yaml:"id"`
	Version string            `yaml:"version"`
	Title   map[string]string `yaml:"title"`  // by language; English at least
	Agency  string            `yaml:"agency"` // code of CL_AGENCY: who publishes the file
	Record  string            `yaml:"record"` // codes of CL_RECORD, parted by commas, blanks or none beside them: victims, routes, prosecutions, measures, treaties, population
	Rows    string            `yaml:"rows"`   // figure: aggregate figures; case: one person or case a row; treaty: one State a row
	Note    string            `yaml:"note"`   // for the reader of the layout

	Match     Match             `yaml:"match"`
	Constants map[string]string `yaml:"constants"` // concept → code, for every row; YEAR and other words too
	Values    Values            `yaml:"values"`    // how figures are written
	Time      Time              `yaml:"time"`      // how periods are written
	Columns   []Column          `yaml:"columns"`   // which column carries what
	// Drop lists headings, or spellings parted by |, of columns that name persons
	// directly. Nothing below such a heading is read, and the file is not kept.
	Drop       []string            `yaml:"drop"`
	OutOfScope []Scope             `yaml:"out_of_scope"` // rows set aside, first match wins
	Footer     Conditions          `yaml:"footer"`       // from the first such row on, nothing is data
	Partitions map[string][]string `yaml:"partitions"`   // breakdown → dimensions that its rows split completely
	Repeats    string              `yaml:"repeats"`      // one key twice: conflict (default), add, or keep (cases)
	Instrument string              `yaml:"instrument"`   // treaty layouts: code of CL_INSTRUMENT

	sha256 string
	file   string
	from   string // built in, or an overlay
}

// Match says how a file is recognised: by the texts of its header row, which
// is searched in the first rows of every sheet, in any column order, and by
// values where the header alone does not tell.
type Match struct {
	// SDMX recognises data of the SDMX exchange by their dataflow; Header is not needed then.
	SDMX *SDMX `yaml:"sdmx"`
	// Header holds the column headings that must stand in one row (or, with
	// HeaderRows 2 or 3, in that many rows joined by " / ", merged cells and
	// blanks filled from the left). A heading may have spellings: "AÑO|ANIO".
	Header     []string `yaml:"header"`
	HeaderRows int      `yaml:"header_rows"`
	// Has lists conditions that some row among the first must meet.
	Has []Conditions `yaml:"has"`
	// Anchors are rows known to stand in this file whatever its vintage, their
	// texts in the order of Header; they tell files with equal headers apart.
	// Enough is the number that must be found; Tolerance is relative, for
	// figures that are revised.
	Anchors   [][]string `yaml:"anchors"`
	Enough    int        `yaml:"enough"`
	Tolerance float64    `yaml:"tolerance"`
}

// Values says how the figures of a file are written.
type Values struct {
	Decimal  string            `yaml:"decimal"`  // decimal mark; undeclared: ambiguous figures are refused
	Group    string            `yaml:"group"`    // thousands mark
	Decimals int               `yaml:"decimals"` // decimals that figures come with; 0: whole numbers only
	Blank    string            `yaml:"blank"`    // OBS_STATUS of an empty cell; =OBS_STATUS: that of its row; undeclared: refused
	Symbols  map[string]string `yaml:"symbols"`  // text or figure → OBS_STATUS, or a figure ("-": "0")
	// CensoredFrom is the smallest value that "<5" may stand for, 0 or 1.
	// Undeclared: a censored figure is refused, since its bound is not known.
	CensoredFrom *float64 `yaml:"censored_from"`
}

// Time says how periods are written.
type Time struct {
	// Date is the pattern of dates in text cells: YYYY-MM-DD, DD/MM/YYYY,
	// MM/DD/YYYY, D MMM YYYY. Undeclared: only ISO dates and dates that can
	// be read in one way are taken.
	Date string `yaml:"date"`
	// FiscalStart is the first day (MM-DD) of the State's reporting year and
	// FiscalNamed tells whether the year is named by the calendar year it
	// starts or ends in. Quarters and months of a year written as such (FY2023,
	// 2022/23) are counted from its start.
	FiscalStart string `yaml:"fiscal_start"`
	FiscalNamed string `yaml:"fiscal_named"`
	// Filed lists years whose figures stand under one month although they are
	// the whole year's.
	Filed []FiledYear `yaml:"filed"`
	// Keep is the precision kept of a case's date: month (default), quarter or year.
	Keep string `yaml:"keep"`
}

// FiledYear is a year that a source filed under one month. It is taken as the
// whole year only if no other month of that year occurs.
type FiledYear struct {
	Year  int `yaml:"year"`
	Month int `yaml:"month"`
}

// Column says what one column carries. The same heading may appear in several
// entries with different When.
type Column struct {
	Header  string     `yaml:"header"`  // heading, or spellings parted by |
	Pattern string     `yaml:"pattern"` // instead: regular expression; its named groups are concepts (YEAR, SEX …) read from the heading
	When    Conditions `yaml:"when"`
	Concept string     `yaml:"concept"` // component of the structure, or YEAR, MONTH, QUARTER, DATE, AREA_DETAIL, DERIVATION …
	Codes   string     `yaml:"codes"`   // code list; default: the concept's
	// Map gives codes for texts of this column, or of its heading, before the
	// list's synonyms.
	Map map[string]string `yaml:"map"`
	// Sets gives several concepts for one text ("EF_DE 0 A 5 AÑOS": {SEX: F,
	// AGE: Y0T5, breakdown: age-sex}); out_of_scope names a rule instead.
	Sets map[string]map[string]string `yaml:"sets"`
	// Set gives concepts for every value of this column (wide tables).
	Set map[string]string `yaml:"set"`
	// Else is the code of what has none: undeclared, it refuses the file.
	Else  string `yaml:"else"`
	Blank string `yaml:"blank"` // code of an empty cell; undeclared: as any text without code
	// Refuse lists texts that no honest reader can code; their rows are
	// refused one by one and the file goes on. The reason is an id in
	// kebab case, since it is shown in every language.
	Refuse   map[string]string `yaml:"refuse"`   // text → reason
	Years    *Years            `yaml:"years"`    // the column holds ages in years
	Value    bool              `yaml:"value"`    // the column holds the figure
	Treaty   *Treaty           `yaml:"treaty"`   // the column holds dates of actions
	Ignore   string            `yaml:"ignore"`   // why the column is not read
	Optional bool              `yaml:"optional"` // the file may come without it
	Fill     bool              `yaml:"fill"`     // an empty cell repeats the one above (a year said once for its months)
	Free     bool              `yaml:"free"`     // free text: never quoted
}

// Years says how ages in years become age bands. Missing lists figures that
// stand for no answer, in the source's own words (0 in Argentina's line 145).
type Years struct {
	Missing []string       `yaml:"missing"`
	Bands   map[string]int `yaml:"bands"` // code → first year of age
	Max     int            `yaml:"max"`   // above it: a finding
}

// Treaty says which action the dates of a column are.
type Treaty struct {
	Action   string            `yaml:"action"`   // when a date has no mark
	Marks    map[string]string `yaml:"marks"`    // mark after the date → action; case counts
	Unsigned string            `yaml:"unsigned"` // action of an unmarked date of a State that has not signed
}

// Scope is a rule that sets rows aside.
type Scope struct {
	Rule string            `yaml:"rule"`
	When Conditions        `yaml:"when"`
	Why  map[string]string `yaml:"why"`
}

//go:embed layouts/*.yaml
var embedded embed.FS

// Load reads the built-in layouts and those of an overlay, a workspace's
// layouts folder (nil for none). An overlay layout replaces the built-in one
// of the same id. They come sorted by id.
func Load(overlay fs.FS, codes *codelist.Set) ([]*Layout, error) {
	byID := map[string]*Layout{}
	var errs []error
	read := func(where string, fsys fs.FS, glob string) {
		names, err := fs.Glob(fsys, glob)
		if err != nil {
			errs = append(errs, err)
			return
		}
		for _, name := range names {
			b, err := fs.ReadFile(fsys, name)
			if err != nil {
				errs = append(errs, err)
				continue
			}
			l, err := Parse(b, path.Base(name), codes)
			if err != nil {
				errs = append(errs, err)
				continue
			}
			if was := byID[l.ID]; was != nil && was.from == where {
				errs = append(errs, fmt.Errorf("layout %s: the id %s is that of %s", name, l.ID, was.file))
			}
			l.from = where
			byID[l.ID] = l
		}
	}
	read("built in", embedded, "layouts/*.yaml")
	if overlay != nil {
		read("overlay", overlay, "*.yaml")
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	out := make([]*Layout, 0, len(byID))
	for _, l := range byID {
		out = append(out, l)
	}
	slices.SortFunc(out, func(a, b *Layout) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}

// Parse reads and checks one layout; name is the file's, for messages. Every
// concept and code that it names must exist.
func Parse(b []byte, name string, codes *codelist.Set) (*Layout, error) {
	var l Layout
	if err := unmarshal(b, &l); err != nil {
		return nil, fmt.Errorf("layout %s: %w", name, err)
	}
	sum := sha256.Sum256(b)
	l.sha256, l.file = hex.EncodeToString(sum[:]), name
	kinds := strings.Split(l.Record, ",")
	for i := range kinds {
		kinds[i] = strings.TrimSpace(kinds[i])
	}
	l.Record = strings.Join(kinds, ",") // readers of the store part it at the commas
	if l.Match.SDMX != nil && len(l.Match.Header) == 0 {
		l.Match.Header = []string{sdmxID}
	}
	if err := l.check(codes); err != nil {
		return nil, fmt.Errorf("layout %s: %w", name, err)
	}
	return &l, nil
}

// unmarshal reads strict YAML. goccy/go-yaml 1.19.2 panics on some texts, such
// as a tag before a scalar where a list is wanted (header: !x y); a person's
// layout file must not end the program.
func unmarshal(b []byte, l *Layout) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("this YAML can't be read: %v", p)
		}
	}()
	return yaml.UnmarshalWithOptions(b, l, yaml.Strict())
}

// SHA256 is the hash of the layout's text, kept with every submission.
func (l *Layout) SHA256() string { return l.sha256 }

// Kind tells which records the layout's rows become.
func (l *Layout) Kind() record.Kind {
	switch l.Rows {
	case "case":
		return record.KindCase
	case "treaty":
		return record.KindTreaty
	}
	return record.KindFigure
}

// Name gives the title in a language, English where that is missing.
func (l *Layout) Name(lang string) string { return cmp.Or(l.Title[lang], l.Title["en"], l.ID) }

// spellings splits "AÑO|ANIO" into normalised headings.
func spellings(header string) []string {
	var out []string
	for s := range strings.SplitSeq(header, "|") {
		out = append(out, codelist.Normalise(s))
	}
	return out
}

// RepeatsOr gives the policy for repeated keys, conflict where none is declared.
func (l *Layout) RepeatsOr() string { return cmp.Or(l.Repeats, "conflict") }
