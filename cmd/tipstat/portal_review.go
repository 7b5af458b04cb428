package main

import (
	"cmp"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"golang.org/x/sync/singleflight"
	"golang.org/x/text/language"

	"github.com/oas/tipstat/ingest/gate"
	"github.com/oas/tipstat/ingest/portal"
	"github.com/oas/tipstat/ingest/portal/access"
	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/store"
)

// desk is the statistician's part of the office: what was last read of the store for it, and
// the vocabulary, which one at a time writes.
type desk struct {
	reading singleflight.Group // whoever asks meanwhile waits for the same, and no longer
	kept    sync.Mutex
	madeOf  string
	stored  *portal.Stored

	mapping sync.Mutex
}

// review gives the statistician's pages what they ask for.
func (f *office) review() portal.Review {
	d := &desk{}
	return portal.Review{
		Stored:   func(ctx context.Context) (*portal.Stored, error) { return f.stored(ctx, d) },
		Findings: f.findingsOf, Decide: f.decide, Codes: f.c.vocabulary, Draft: f.draftOf, Collection: f.collection, Lang: f.langOf,
		Reminded: func(refArea string) bool { return isMember(f.codes, refArea) },
		Map: func(list, spelling, code, by string) error {
			d.mapping.Lock()
			defer d.mapping.Unlock()
			return f.mapSpelling(list, spelling, code, by)
		},
		Indicator: func(code, lang string) (kind, name string) {
			if l, ok := f.codes.List("CL_INDICATOR"); ok {
				if c, ok := l.Code(code); ok {
					return f.label("CL_RECORD", c.Parent, lang), c.Name[lang]
				}
			}
			return "", code
		},
		About: f.about,
	}
}

// stored reads what the store knows, if it is another than it was. While a batch has it for
// long it is as it was before.
func (f *office) stored(ctx context.Context, d *desk) (_ *portal.Stored, err error) {
	d.kept.Lock()
	was, of := d.stored, d.madeOf
	d.kept.Unlock()
	if was != nil && of == f.c.madeOf() {
		return was, nil
	}
	read, err, _ := d.reading.Do("", func() (any, error) { return f.readStored(context.WithoutCancel(ctx), d) })
	if errors.Is(err, store.ErrLocked) && was != nil {
		return was, nil
	}
	if err != nil {
		return nil, err
	}
	return read.(*portal.Stored), nil
}

// readStored reads it anew.
func (f *office) readStored(ctx context.Context, d *desk) (_ *portal.Stored, err error) {
	if err := f.hold(ctx); err != nil {
		return nil, err
	}
	defer f.release()
	now, read := f.c.madeOf(), &portal.Stored{}
	err = f.with(ctx, f.c.DuckDB.OpenAll, func(st *store.Store) (err error) {
		if read.Submissions, err = st.Status(ctx); err == nil {
			read.Reported, err = st.Reported(ctx)
		}
		return err
	})
	if err == nil {
		err = f.with(ctx, f.c.DuckDB.OpenReadOnly, func(st *store.Store) (err error) {
			read.Revisions, err = st.Revisions(ctx, "")
			return err
		})
	}
	if err != nil {
		return nil, err
	}
	d.kept.Lock()
	defer d.kept.Unlock()
	d.madeOf, d.stored = now, read
	return read, nil
}

// with opens the store, which the caller holds, and closes it again.
func (f *office) with(ctx context.Context, open func(context.Context, string) (*store.Store, error), use func(*store.Store) error) (err error) {
	st, err := open(ctx, f.c.path(f.c.Store))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	return use(st)
}

// reads takes the store for a page, and opens it.
func (f *office) reads(ctx context.Context, open func(context.Context, string) (*store.Store, error), use func(*store.Store) error) error {
	if err := f.hold(ctx); err != nil {
		return err
	}
	defer f.release()
	return f.with(ctx, open, use)
}

func (f *office) findingsOf(ctx context.Context, id string) (found record.Findings, err error) {
	err = f.reads(ctx, f.c.DuckDB.OpenAll, func(st *store.Store) (err error) {
		found, err = st.FindingsOf(ctx, id)
		return err
	})
	return found, err
}

// collection is what tipstat status --year tells.
func (f *office) collection(ctx context.Context, year int) (g store.Collection, err error) {
	err = f.reads(ctx, f.c.DuckDB.OpenReadOnly, func(st *store.Store) (err error) {
		g, err = collected(ctx, st, f.codes, year)
		return err
	})
	return g, err
}

// decide records a decision as tipstat withdraw does. A page waits for the store, and says so
// if it can't have it.
func (f *office) decide(ctx context.Context, d store.Decision, seen string) error {
	why := because{strings.TrimSpace(d.Reason), d.By}
	if !why.fits() || why.reason == "" && d.Action != store.Confirm {
		return portal.ErrReason
	}
	if named, err := gate.Remark(ctx, why.reason, f.codes); err != nil {
		return err
	} else if named {
		return portal.ErrPerson
	}
	if err := f.hold(ctx); err != nil {
		return err
	}
	defer f.release()
	d.Reason, d.At, d.RunID = why.reason, f.a.now(), runID(f.a.now())
	_, err := f.c.decide(ctx, d, seen, "portal "+string(d.Action))
	if errors.Is(err, errMoved) || errors.Is(err, store.ErrDecided) || errors.Is(err, store.ErrReprocessed) {
		return fmt.Errorf("%w: %w", portal.ErrMoved, err)
	}
	return err
}

// mapSpelling does what tipstat codes map does.
func (f *office) mapSpelling(list, spelling, code, by string) error {
	set, err := f.c.vocabulary()
	if err != nil {
		return err
	}
	_, err = f.c.mapSpelling(set, list, spelling, code, by)
	if wrong := (usageError{}); errors.As(err, &wrong) {
		return fmt.Errorf("%w: %w", portal.ErrMapping, err)
	}
	return err
}

// draftOf does what tipstat layout draft does.
func (f *office) draftOf(ctx context.Context, path string) ([]byte, error) {
	set, err := f.c.vocabulary()
	if err != nil {
		return nil, err
	}
	b, _, err := drafted(ctx, path, set)
	var unreadable *sheet.Error
	if errors.As(err, &unreadable) || err == nil && b == nil {
		return nil, portal.ErrDraft
	}
	return b, err
}

// areaLangsYAML are the languages in which States are written to where their own is none of
// ours.
//
//go:embed area_langs.yaml
var areaLangsYAML []byte

var areaLangs = sync.OnceValues(func() (map[string]string, error) {
	m := map[string]string{}
	if err := yaml.UnmarshalWithOptions(areaLangsYAML, &m, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("area_langs.yaml: %w", err)
	}
	return m, nil
})

// langOf gives the language in which a State is written to: that of its account, of its folder
// in the inbox, or that of the country.
func (f *office) langOf(ctx context.Context, refArea string) (string, error) {
	all, err := f.access.Accounts(ctx, access.Operator())
	if err != nil {
		return "", err
	}
	for _, a := range all {
		if a.RefArea == refArea && !a.Disabled {
			return a.Lang, nil
		}
	}
	return cmp.Or(f.c.Run.Senders[refArea], areaLang(refArea), record.Languages[0]), nil
}

// areaLang is the language of a country, of ours: as area_langs.yaml says, else the likeliest
// of CLDR; empty where that is none of ours.
func areaLang(refArea string) string {
	own, _ := areaLangs() // a test reads it
	if lang := own[refArea]; lang != "" {
		return lang
	}
	region, err := language.ParseRegion(refArea)
	if err != nil {
		return ""
	}
	tag, _ := language.Compose(language.Und, region)
	base, _ := tag.Base()
	if lang := base.String(); slices.Contains(record.Languages, lang) {
		return lang
	}
	return ""
}

// aboutLists are the lists of the codes that say what a figure is about, in their order.
var aboutLists = []string{"CL_SEX", "CL_AGE", "CL_EXPLOITATION", "CL_AREA"}

// about says the codes of a figure's dimensions in words: sex, age, form, areas.
func (f *office) about(codes, lang string) string {
	words, from := strings.Fields(codes), 0
	for i, code := range words {
		for at, list := range aboutLists[from:] {
			if l, ok := f.codes.List(list); ok {
				if c, ok := l.Code(code); ok {
					words[i], from = c.Name[lang], min(from+at+1, len(aboutLists)-1)
					break
				}
			}
		}
	}
	return strings.Join(words, "; ")
}
