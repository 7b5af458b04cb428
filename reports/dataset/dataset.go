package dataset

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/codelist"
)

// Format of the figures.
type Format string

// The formats.
const (
	Parquet Format = "parquet"
	Arrow   Format = "arrow"
	CSV     Format = "csv"
)

// Formats are those that can be asked for.
var Formats = []Format{Parquet, Arrow, CSV}

// ErrNothing is returned where no figure is of the States and years asked for.
var ErrNothing = errors.New("no figure of these States and years")

// Options say what is written.
type Options struct {
	Format Format
	// Params choose States and years, name the language of texts that are in one language
	// only, and say what disclosure control the figures have passed (Control).
	Params  table.Params
	AsOf    string   // YYYY-MM-DD, the day as of which the store was opened; empty: now
	Licence *Licence // under which others may use the data; nil: none is stated
	// BaseURL is where the folder will be published, and ends in a slash: the addresses of the
	// catalogue are then whole. Empty: they are from where the catalogue lies.
	BaseURL string
}

// Set is what was written.
type Set struct {
	Format   Format   `json:"format"`
	Rows     int      `json:"rows"`
	Withheld int      `json:"withheld"` // of the rows: neither value nor bounds
	States   []string `json:"states"`
	Agencies []string `json:"agencies"`
	From     int      `json:"from"`
	To       int      `json:"to"`
	// Updated is when the newest file behind a row was received.
	Updated time.Time `json:"updated"`
	Files   []File    `json:"files"`

	o       Options
	words   *words
	codes   *codelist.Set
	columns []column
}

// Write writes the data set into an empty folder.
func Write(ctx context.Context, db *sql.DB, codes *codelist.Set, dir string, o Options) (*Set, error) {
	if o.Params.Lang == "" {
		o.Params.Lang = "en"
	}
	w, err := readWords()
	if err != nil {
		return nil, err
	}
	all, err := columns()
	if err != nil {
		return nil, err
	}
	s := &Set{Format: o.Format, o: o, words: w, codes: codes, columns: all}
	to := &folder{dir: dir}
	if err := s.figures(ctx, db, to); err != nil {
		return nil, err
	}
	if s.Rows == 0 {
		return nil, ErrNothing
	}
	if err := s.codelists(to); err != nil {
		return nil, err
	}
	s.Files = to.files // what is written from here on tells of these
	described := []struct {
		name string
		make func() (any, error)
	}{{PackageName, s.dataPackage}, {catalogueName, s.catalogue}}
	if o.Format == CSV {
		described = append(described, struct {
			name string
			make func() (any, error)
		}{csvName + "-metadata.json", s.csvw})
	}
	for _, d := range described {
		v, err := d.make()
		if err == nil {
			err = to.json(d.name, v)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", d.name, err)
		}
	}
	s.Files = to.files
	return s, nil
}

// figures writes the rows, and notes what they are about.
func (s *Set) figures(ctx context.Context, db *sql.DB, to *folder) (err error) {
	schema := arrowSchema(s.columns, s.said())
	var out sink
	switch s.Format {
	case Parquet:
		out = &parquetSink{to: to, schema: schema}
	case Arrow:
		out = &arrowSink{to: to, schema: schema}
	case CSV:
		out = &csvSink{to: to}
	default:
		return fmt.Errorf("format %q; want one of %v", s.Format, Formats)
	}
	r := newReader(s, schema, out, s.Format == Parquet)
	defer r.release()
	err = r.read(ctx, db)
	return errors.Join(err, out.close())
}

// note notes what one row is about.
func (s *Set) note(state, agency string, year int, received time.Time, withheld bool) {
	s.Rows++
	if withheld {
		s.Withheld++
	}
	if i, found := slices.BinarySearch(s.States, state); !found {
		s.States = slices.Insert(s.States, i, state)
	}
	if i, found := slices.BinarySearch(s.Agencies, agency); !found && agency != "" {
		s.Agencies = slices.Insert(s.Agencies, i, agency)
	}
	if s.From == 0 || year < s.From {
		s.From = year
	}
	s.To = max(s.To, year)
	if received.After(s.Updated) {
		s.Updated = received.UTC()
	}
}

// released tells whether the figures have passed disclosure control.
func (s *Set) released() bool { return s.o.Params.Control != nil }

// rights says whether and how the data may be used.
func (s *Set) rights() text {
	t := each(func(lang string) string {
		p := s.o.Params
		p.Lang = lang
		return p.Release()
	})
	if s.o.Licence == nil && s.released() {
		t = t.and(s.words.Unlicensed)
	}
	return t
}

// description says what the rows are.
func (s *Set) description() text {
	t := s.words.Description
	if s.released() {
		t = t.and(s.words.Omitted)
	}
	if s.o.AsOf != "" {
		t = t.and(s.words.AsOf.with("day", same(s.o.AsOf)))
	}
	return t
}

// said is what a file of figures says by itself, in the language asked for: it may be
// passed on without the others.
func (s *Set) said() map[string]string {
	lang := s.o.Params.Lang
	out := map[string]string{
		"title":       s.words.Title[lang],
		"description": s.description()[lang],
		"rights":      s.rights()[lang],
		"publisher":   s.words.Publisher[lang],
		"language":    lang,
	}
	if l := s.o.Licence; l != nil {
		out["license"] = l.Path
	}
	maps.DeleteFunc(out, func(_, v string) bool { return v == "" })
	return out
}

// name gives the label of a code in all languages.
func (s *Set) name(list, code string) text {
	if l, ok := s.codes.List(list); ok {
		if c, ok := l.Code(code); ok {
			return c.Name
		}
	}
	return each(same(code))
}
