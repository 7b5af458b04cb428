package pack

import (
	"cmp"
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/collate"

	"github.com/oas/tipstat/reports"
	"github.com/oas/tipstat/reports/changes"
	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/record"
)

// Options say what the pack is for. The zero value is the pack of the last years
// with figures, in English.
type Options struct {
	Meeting string
	AsOf    string // YYYY-MM-DD, for the cover; the store is opened as of it
	Params  table.Params
	Version string // of tipstat
	// Without are tables that are left out, by their ids.
	Without []string
	// Previous is the pack before this one; nil: the pack says nothing of it.
	Previous *changes.Published
}

// spec is pack.yaml.
type spec struct {
	Title    table.Text `yaml:"title"`
	Mandate  table.Text `yaml:"mandate"`
	Years    table.Text `yaml:"years"`
	AsOf     table.Text `yaml:"as_of"`
	Working  table.Text `yaml:"working"`
	Released table.Text `yaml:"released"`
	Rounded  table.Text `yaml:"rounded"`
	Key      struct {
		Title table.Text `yaml:"title"`
		None  table.Text `yaml:"none"`
		Line  table.Text `yaml:"line"`
		Few   table.Text `yaml:"few"`
		// FewWithheld is the same where all that some of them reported is withheld.
		FewWithheld table.Text `yaml:"few_withheld"`
		Covered     table.Text `yaml:"covered"`
		Parties     table.Text `yaml:"parties"`
		Note        table.Text `yaml:"note"`
		Figures     []struct {
			Table string `yaml:"table"`
			Code  string `yaml:"code"` // of the column, where a year has several
		} `yaml:"figures"`
	} `yaml:"key"`
	Chapters []struct {
		Title    table.Text   `yaml:"title"`
		Text     []table.Text `yaml:"text"`
		Tables   []string     `yaml:"tables"`
		Profiles string       `yaml:"profiles"` // a table that is made for each State
		Compared bool         `yaml:"compared"` // its tables are held against those of the last pack
		Changes  bool         `yaml:"changes"`  // it begins with what moved since then
	} `yaml:"chapters"`
}

//go:embed pack.yaml
var packYAML []byte

var load = sync.OnceValues(func() (spec, error) {
	var s spec
	if err := yaml.UnmarshalWithOptions(packYAML, &s, yaml.Strict()); err != nil {
		return s, fmt.Errorf("pack.yaml: %w", err)
	}
	return s, nil
})

// builder puts one pack together.
type builder struct {
	ctx    context.Context
	db     *sql.DB
	tables *table.Reader
	o      Options
	says   spec // pack.yaml
	specs  map[string]table.Spec
	made   map[string]*table.Table
}

func newBuilder(ctx context.Context, db *sql.DB, o Options) (*builder, error) {
	s, err := load()
	if err != nil {
		return nil, err
	}
	specs, err := table.Load(nil)
	if err != nil {
		return nil, err
	}
	o.Params.Lang = cmp.Or(o.Params.Lang, "en")
	if o.Previous != nil { // revisions are those since then
		o.Params.Since = cmp.Or(o.Params.Since, o.Previous.Manifest.Received)
	}
	b := &builder{ctx: ctx, db: db, tables: table.NewReader(db), o: o, says: s, specs: map[string]table.Spec{}, made: map[string]*table.Table{}}
	for _, t := range specs {
		b.specs[t.ID] = t
	}
	return b, nil
}

// Build makes the pack from the store. The same store and options give the same
// document.
func Build(ctx context.Context, db *sql.DB, o Options) (*reports.Document, error) {
	b, err := newBuilder(ctx, db, o)
	if err != nil {
		return nil, err
	}
	o, s := b.o, b.says
	lang := o.Params.Lang
	d := &reports.Document{Lang: lang, Title: s.Title[lang]}
	for _, line := range []string{o.Meeting, s.Mandate[lang]} {
		if line != "" {
			d.Cover = append(d.Cover, line)
		}
	}
	if years := Years(o.Params, "–"); years != "" {
		d.Cover = append(d.Cover, table.Fill(s.Years[lang], "years", years))
	}
	if o.AsOf != "" {
		d.Cover = append(d.Cover, table.Fill(s.AsOf[lang], "day", table.Date(lang, o.AsOf)))
	}
	switch c := o.Params.Control; {
	case c == nil:
		d.Cover = append(d.Cover, s.Working[lang])
	case c.Rounding != nil:
		d.Cover = append(d.Cover, table.Fill(s.Rounded[lang], "base", strconv.Itoa(c.Rounding.Base)))
	default:
		d.Cover = append(d.Cover, s.Released[lang])
	}
	key, err := b.key()
	if err != nil {
		return nil, err
	}
	d.Chapters = append(d.Chapters, key)
	for _, c := range s.Chapters {
		chapter := reports.Chapter{Title: c.Title[lang]}
		for _, text := range c.Text {
			chapter.Text = append(chapter.Text, text[lang])
		}
		if c.Changes && o.Previous != nil {
			t, err := b.changes()
			if err != nil {
				return nil, err
			}
			chapter.Tables = append(chapter.Tables, reports.Part{Name: t.ID, Table: t})
		}
		for _, id := range b.with(c.Tables...) {
			t, err := b.table(id)
			if err != nil {
				return nil, err
			}
			chapter.Tables = append(chapter.Tables, reports.Part{Name: id, Table: t})
		}
		if len(b.with(c.Profiles)) > 0 && c.Profiles != "" {
			if chapter.Tables, err = b.profiles(c.Profiles); err != nil {
				return nil, err
			}
		}
		if len(chapter.Tables) > 0 || len(c.Tables) == 0 && c.Profiles == "" {
			d.Chapters = append(d.Chapters, chapter)
		}
	}
	return d, nil
}

// with gives those of some tables that are not left out.
func (b *builder) with(ids ...string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(b.o.Without, id) })
}

// Tables are the ids of the tables of a pack, in its order.
func Tables() (ids []string, err error) {
	chapters, err := Chapters(record.Languages[0])
	for _, c := range chapters {
		ids = append(ids, c.Tables...)
	}
	return ids, err
}

// Contents are the chapters of a pack that have tables, each with the ids of these in its order.
type Contents struct {
	Title  string
	Tables []string
}

// Chapters gives the contents of a pack in a language: in what order tables are read, and about what.
func Chapters(lang string) (all []Contents, err error) {
	s, err := load()
	if err != nil {
		return nil, err
	}
	for _, c := range s.Chapters {
		one := Contents{c.Title[lang], slices.Clone(c.Tables)}
		if c.Profiles != "" {
			one.Tables = append(one.Tables, c.Profiles)
		}
		if len(one.Tables) > 0 {
			all = append(all, one)
		}
	}
	return all, nil
}

// table makes a table of the catalogue once.
func (b *builder) table(id string) (*table.Table, error) {
	if t := b.made[id]; t != nil {
		return t, nil
	}
	t, err := b.build(id, b.o.Params)
	b.made[id] = t
	return t, err
}

func (b *builder) build(id string, p table.Params) (*table.Table, error) {
	s, ok := b.specs[id]
	if !ok {
		return nil, fmt.Errorf("pack.yaml: no table %q", id)
	}
	t, err := b.tables.Build(b.ctx, s, p)
	if err != nil {
		return nil, fmt.Errorf("table %s: %w", id, err)
	}
	return t, nil
}

// profiles makes a table for each State of which it has a figure, in the order
// of their names.
func (b *builder) profiles(id string) ([]reports.Part, error) {
	all, err := b.table(id)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, r := range all.Rows {
		if r.Kind == table.SeriesRow {
			names[r.Area] = r.Stub[0].Name
		}
	}
	states := make([]string, 0, len(names))
	for s := range names {
		states = append(states, s)
	}
	order := collate.New(record.Tag(b.o.Params.Lang))
	slices.SortFunc(states, func(x, y string) int { return cmp.Or(order.CompareString(names[x], names[y]), cmp.Compare(x, y)) })
	var parts []reports.Part
	for _, s := range states {
		p := b.o.Params
		p.States = []string{s}
		t, err := b.build(id, p)
		if err != nil {
			return nil, err
		}
		parts = append(parts, reports.Part{Name: id + "-" + s, Title: names[s], Table: t})
	}
	return parts, nil
}
