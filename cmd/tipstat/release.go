package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/oas/tipstat/reports"
	"github.com/oas/tipstat/reports/changes"
	"github.com/oas/tipstat/reports/pack"
	"github.com/oas/tipstat/reports/published"
	"github.com/oas/tipstat/transform/disclosure"
	"github.com/oas/tipstat/transform/disclosure/audit"
)

// release is the making of one pack.
type release struct {
	flags      tableFlags
	options    pack.Options
	previous   string // folder of the last one; empty: none
	dir, paper string
}

// auditsOfPack is how often a pack is made again with more withheld.
const auditsOfPack = 4

// releasePack makes a pack, audits it as an outsider would, together with the last
// one, and writes it if nothing can be told; else more is withheld.
func (a *app) releasePack(ctx context.Context, c *config, r *release) error {
	for try := 1; ; try++ {
		d, m, err := a.makePack(ctx, c, r)
		if err != nil {
			return err
		}
		if m.Control != string(disclosure.Suppression) { // nothing is hidden that an audit could look for
			return a.writePack(r.dir, r.paper, d, m)
		}
		report, err := auditPack(ctx, c, r, d)
		if err != nil {
			return err
		}
		more := r.withhold(report)
		if report.Failed() > 0 && more && try < auditsOfPack {
			continue
		}
		var text bytes.Buffer
		if err := report.WriteText(&text, a.lang, 20, false); err != nil {
			return err
		}
		beside := filepath.Clean(r.dir) + ".audit.txt"
		if err := writeFile(beside, text.Bytes()); err != nil {
			return err
		}
		if report.Failed() > 0 {
			return errUnsafe{errors.New(a.word("not_released", "count", report.Failed(), "hidden", report.Hidden, "file", beside))}
		}
		if err := a.writePack(r.dir, r.paper, d, m); err != nil {
			return err
		}
		a.tell("released", "hidden", report.Hidden, "width", report.Protection, "file", beside)
		return nil
	}
}

// makePack makes what is to be written.
func (a *app) makePack(ctx context.Context, c *config, r *release) (d *reports.Document, m changes.Manifest, err error) {
	o := r.options
	if o.Params, err = r.flags.params(c, a.lang); err != nil {
		return nil, m, err
	}
	st, err := r.flags.store(ctx, a, c, &o.Params)
	if err != nil {
		return nil, m, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if err = st.Hold(ctx); err != nil {
		return nil, m, err
	}
	if d, err = pack.Build(ctx, st.DB(), o); err != nil {
		return nil, m, err
	}
	m, err = pack.Manifest(ctx, st.DB(), o)
	return d, m, err
}

// auditPack plays the outsider who has the pack as it would be written, and the
// last one.
func auditPack(ctx context.Context, c *config, r *release, d *reports.Document) (*audit.Report, error) {
	pub := audit.Published{Name: filepath.ToSlash(r.dir)}
	tables := packTables(d)
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		var b bytes.Buffer
		if err := reports.WriteCSV(&b, tables[name]); err != nil {
			return nil, err
		}
		if err := published.Read(&pub, path.Join(pub.Name, name), b.Bytes()); err != nil {
			return nil, err
		}
	}
	pubs := []audit.Published{pub}
	if r.previous != "" {
		old, err := readPack(r.previous)
		if err != nil {
			return nil, err
		}
		pubs = append(pubs, old)
	}
	policy, err := r.flags.policy(c)
	if err != nil {
		return nil, err
	}
	codes, err := c.vocabulary()
	if err != nil {
		return nil, err
	}
	return audit.Run(ctx, pubs, audit.Options{Codes: codes, Protection: policy.Protection})
}

// withhold names the observations that can be told. It is false if all of them
// were named before: withholding more does not help.
func (r *release) withhold(report *audit.Report) (more bool) {
	whole := maps.Clone(r.flags.whole)
	if whole == nil {
		whole = map[int64]bool{}
	}
	for _, f := range report.Findings {
		if f.Verdict != audit.Safe && f.Obs > 0 && !whole[f.Obs] {
			whole[f.Obs], more = true, true
		}
	}
	r.flags.whole = whole
	return more
}

// readPack reads the figures of a published pack.
func readPack(dir string) (audit.Published, error) {
	p := audit.Published{Name: filepath.ToSlash(dir)}
	data := filepath.Join(dir, changes.DataFolder)
	names, err := fs.Glob(os.DirFS(data), "*.csv")
	if err != nil {
		return p, err
	}
	for _, name := range names {
		b, err := os.ReadFile(filepath.Join(data, name))
		if err != nil {
			return p, err
		}
		if err := published.Read(&p, path.Join(filepath.ToSlash(data), name), b); err != nil {
			return p, usageError{err}
		}
	}
	return p, nil
}

// earlierPack reads what a pack tells and what it withheld.
func earlierPack(dir string) (*disclosure.Earlier, error) {
	p, err := readPack(dir)
	if err != nil {
		return nil, err
	}
	return disclosure.NewEarlier([]audit.Published{p}), nil
}
