package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/oas/tipstat/ingest/portal"
	"github.com/oas/tipstat/reports"
	"github.com/oas/tipstat/reports/pack"
	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/disclosure"
	"github.com/oas/tipstat/transform/store"
)

// publication is what the portal's tables are made from: the copy of the store from which the
// API's answers were made, behind disclosure control, as both were then. What may be told was
// decided once for all of it, and every table, of whatever years, is read from there; States,
// sexes, ages and forms are only chosen from finished tables. So no choice of a reader leads to
// another decision, by whose difference from the first something could be told.
type publication struct {
	params  table.Params
	policy  disclosure.Policy
	heeds   int64 // how many audits of packs that withheld more it heeds
	specs   []table.Spec
	facets  map[string][]table.Facet // of each table over all years
	version string
	since   time.Time
	madeOf  string
	digest  string // of what the API serves
	first   func(ctx context.Context, version string) time.Time

	mu     sync.Mutex // the store has one connection
	st     *store.Store
	tables *table.Reader
	made   map[tableKey]*table.Table
	used   []tableKey // the last one used stands last
}

// tableKey is what a whole table was asked for by.
type tableKey struct {
	name, lang string
	from, to   int
}

// keepTables is how many whole tables are kept in memory.
const keepTables = 60

// errReplaced says that another publication has taken the place of this one.
var errReplaced = errors.New("published anew meanwhile")

// publishTables lets tables be made from a store behind disclosure control, which is closed when
// the next takes its place. They are made once somebody asks: while many files come in, each
// makes another publication.
func (s *server) publishTables(st *store.Store, p table.Params, policy disclosure.Policy, digest string) error {
	specs, err := table.Load(nil)
	if err != nil {
		return err
	}
	since := s.a.now()
	s.office.tables.replace(&publication{params: p, policy: policy, heeds: s.heeded, specs: specs, madeOf: s.made, digest: digest, st: st, tables: table.NewReader(st.DB()), made: map[tableKey]*table.Table{},
		first: func(ctx context.Context, version string) time.Time {
			return s.first(ctx, "tables "+s.flags.served(), version, since)
		}})
	return nil
}

// ready makes all tables once over all years: the version is a digest of what they and the API
// tell.
func (p *publication) ready(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.version != "" {
		return nil
	}
	if p.st == nil {
		return errReplaced
	}
	ctx = context.WithoutCancel(ctx) // others wait for it too
	sum, facets := sha256.New(), map[string][]table.Facet{}
	fmt.Fprintln(sum, p.digest, p.params.Release())
	for _, spec := range p.specs {
		spec.Years = allYears
		t, err := p.tables.Build(ctx, spec, p.params)
		if err != nil {
			return err
		}
		if err := reports.WriteCSV(sum, t); err != nil {
			return err
		}
		facets[spec.ID] = t.Facets()
	}
	version := hex.EncodeToString(sum.Sum(nil))[:versionLength]
	p.since, p.facets, p.version = p.first(ctx, version), facets, version
	return nil
}

// replace lets others take the place of the tables that are shown; nil: none.
func (o *officeTables) replace(with *publication) {
	o.uncontrolled.Store(with == nil)
	if was := o.now.Swap(with); was != nil {
		if err := was.close(); err != nil { // what is shown now is another
			o.log.Error("tables", "error", err.Error())
		}
	}
}

// allYears is more than a table can have; versionLength is that of a version, in digits.
const allYears, versionLength = 99, 16

func (p *publication) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.st == nil {
		return nil
	}
	st := p.st
	p.st = nil
	return st.Close()
}

// whole gives a table of all States, for the years asked for.
func (p *publication) whole(ctx context.Context, q tableKey) (*table.Table, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if i := slices.Index(p.used, q); i >= 0 {
		p.used = append(slices.Delete(p.used, i, i+1), q)
		return p.made[q], nil
	}
	if p.st == nil {
		return nil, errReplaced
	}
	i := slices.IndexFunc(p.specs, func(s table.Spec) bool { return s.ID == q.name })
	if i < 0 {
		return nil, portal.ErrNoTable
	}
	params := p.params
	params.Lang = q.lang
	if q.from > 0 {
		params.FromYear, params.ToYear = q.from, q.to
	}
	t, err := p.tables.Build(ctx, p.specs[i], params)
	if err != nil {
		return nil, err
	}
	if len(p.used) == keepTables {
		delete(p.made, p.used[0])
		p.used = slices.Delete(p.used, 0, 1)
	}
	p.made[q], p.used = t, append(p.used, q)
	return t, nil
}

// codesOf are the codes by which a table can be narrowed.
func (p *publication) codesOf(name, concept string) []string {
	for _, f := range p.facets[name] {
		if f.Concept == concept {
			return f.Codes
		}
	}
	return nil
}

// selection checks what is asked against what the table has over all years.
func (p *publication) selection(q portal.TableQuery) (tableKey, table.Selection, error) {
	a, chosen := tableKey{name: q.Name, lang: q.Lang}, table.Selection{}
	if p.facets[q.Name] == nil && !slices.ContainsFunc(p.specs, func(s table.Spec) bool { return s.ID == q.Name }) {
		return a, nil, portal.ErrNoTable
	}
	if q.From != "" || q.To != "" {
		years := p.codesOf(q.Name, "REF_YEAR")
		if len(years) > 0 {
			q.From, q.To = cmp.Or(q.From, slices.Min(years)), cmp.Or(q.To, slices.Max(years))
		}
		for _, y := range []string{q.From, q.To} {
			if !slices.Contains(years, y) {
				return a, nil, portal.NotInTable{Parameter: "years", Value: y}
			}
		}
		a.from, _ = strconv.Atoi(q.From) // both are codes of the table
		a.to, _ = strconv.Atoi(q.To)
		if a.from > a.to {
			return a, nil, portal.NotInTable{Parameter: "years", Value: q.From + "-" + q.To}
		}
	}
	for parameter, concept := range portal.Concepts() {
		codes := p.codesOf(q.Name, concept)
		for _, code := range q.Codes[parameter] {
			if !slices.Contains(codes, code) {
				return a, nil, portal.NotInTable{Parameter: parameter, Value: code}
			}
		}
		if n := len(q.Codes[parameter]); n > 0 && n < len(codes) { // all are none
			chosen[concept] = q.Codes[parameter]
		}
	}
	return a, chosen, nil
}

// table gives what is asked for.
func (p *publication) table(ctx context.Context, q portal.TableQuery) (*table.Table, error) {
	a, chosen, err := p.selection(q)
	if err != nil {
		return nil, err
	}
	t, err := p.whole(ctx, a)
	if err != nil || len(chosen) == 0 {
		return t, err
	}
	return t.Select(chosen), nil
}

// officeTables answers the portal's pages of tables.
type officeTables struct {
	*office
	now          atomic.Pointer[publication]
	uncontrolled atomic.Bool  // what is served has passed no disclosure control
	wanted       atomic.Int64 // how many audits of packs had more withheld than tables showed
	packs
}

// with uses what is published now; where that is replaced meanwhile, what is then.
func with[T any](ctx context.Context, o *officeTables, use func(*publication) (T, error)) (out T, err error) {
	for {
		p := o.now.Load()
		switch {
		case p == nil && o.uncontrolled.Load():
			return out, portal.ErrUncontrolled
		case p == nil:
			return out, portal.ErrUnpublished
		}
		if err = p.ready(ctx); err == nil {
			out, err = use(p)
		}
		if !errors.Is(err, errReplaced) || p == o.now.Load() {
			return out, err
		}
	}
}

// Published tells what is published.
func (o *officeTables) Published(ctx context.Context) (portal.Published, error) {
	return with(ctx, o, func(p *publication) (portal.Published, error) { return p.told(), nil })
}

func (p *publication) told() portal.Published {
	return portal.Published{Version: p.version, Since: p.since, Maker: version()}
}

// Catalogue lists the tables.
func (o *officeTables) Catalogue(ctx context.Context, lang string) ([]portal.TableEntry, error) {
	return with(ctx, o, func(p *publication) (all []portal.TableEntry, err error) {
		chapters, err := pack.Chapters(lang)
		for _, c := range chapters {
			for _, id := range c.Tables {
				if i := slices.IndexFunc(p.specs, func(s table.Spec) bool { return s.ID == id }); i >= 0 {
					e := p.entry(p.specs[i], lang)
					e.Chapter = c.Title
					all = append(all, e)
				}
			}
		}
		for _, s := range p.specs { // and what no pack has
			if !slices.ContainsFunc(all, func(e portal.TableEntry) bool { return e.Name == s.ID }) {
				all = append(all, p.entry(s, lang))
			}
		}
		return all, err
	})
}

func (p *publication) entry(s table.Spec, lang string) portal.TableEntry {
	e := portal.TableEntry{Name: s.ID, Title: s.Title[lang], Question: s.Question[lang], Paragraph: table.Word(lang, "head.paragraph", "n", s.Paragraph)}
	for _, f := range p.facets[s.ID] {
		var known []string
		for _, code := range f.Codes {
			if f.Known[code] {
				known = append(known, code)
			}
		}
		switch {
		case f.Concept == "REF_AREA":
			e.States = len(known)
		case f.Concept == "REF_YEAR" && len(known) > 0:
			e.From, e.To = slices.Min(known), slices.Max(known)
		}
	}
	return e
}

// View gives a table with what stands beside it.
func (o *officeTables) View(ctx context.Context, q portal.TableQuery) (*portal.TableView, error) {
	return with(ctx, o, func(p *publication) (*portal.TableView, error) {
		t, err := p.table(ctx, q)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(p.specs, func(s table.Spec) bool { return s.ID == q.Name })
		v := &portal.TableView{TableEntry: p.entry(p.specs[i], q.Lang), Published: p.told(), Choices: o.choices(p, q)}
		var b bytes.Buffer
		if err := reports.WriteHTMLPart(&b, t); err != nil {
			return nil, err
		}
		v.Markup = b.String()
		charts := chartsOf(t)
		for view := range charts {
			v.Charts = append(v.Charts, view)
		}
		slices.Sort(v.Charts)
		name, chart, err := chosenChart(charts, q.View)
		if err != nil || chart == nil {
			return v, err
		}
		v.Drawing = &portal.Drawing{View: name, Title: chart.Title, Unit: chart.Unit, Description: chart.Description, Notes: reports.ChartWords(t, chart), Empty: chart.Empty()}
		return v, nil
	})
}

// choices are the codes by which the table can be narrowed, with those that are chosen.
func (o *officeTables) choices(p *publication, q portal.TableQuery) (all []portal.TableChoice) {
	for _, parameter := range portal.Parameters {
		concept := portal.Concepts()[parameter]
		codes := p.codesOf(q.Name, concept)
		if len(codes) < 2 {
			continue
		}
		c := portal.TableChoice{Parameter: parameter}
		for _, code := range codes {
			c.Codes = append(c.Codes, portal.Code{Code: code, Name: o.label("CL_"+map[bool]string{true: "AREA", false: concept}[concept == "REF_AREA"], code, q.Lang), Chosen: slices.Contains(q.Codes[parameter], code)})
		}
		if concept == "REF_AREA" {
			o.sort(c.Codes, q.Lang)
		}
		all = append(all, c)
	}
	if years := slices.Clone(p.codesOf(q.Name, "REF_YEAR")); len(years) > 1 {
		c := portal.TableChoice{Parameter: "years"}
		slices.Sort(years)
		for _, y := range years {
			c.Codes = append(c.Codes, portal.Code{Code: y, Name: y})
		}
		all = append(all, c)
	}
	return all
}
