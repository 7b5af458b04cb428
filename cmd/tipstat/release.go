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
	dir, paper string
}

// auditsFolder is where a workspace keeps what was told of its packs, apart from what is
// published.
const auditsFolder = "audits"

// auditsOfPack is how often a pack is made again with more withheld.
const auditsOfPack = 4

// releasePack makes a pack, audits it as an outsider would, together with the last
// one, and writes it if nothing can be told; else more is withheld.
func (a *app) releasePack(ctx context.Context, c *config, r *release) error {
	policy, err := r.flags.policy(c)
	if err != nil {
		return err
	}
	codes, err := c.vocabulary()
	if err != nil {
		return err
	}
	r.flags.whole, r.flags.trial = map[int64]bool{}, true // what is not written was shown to nobody
	for try := 1; ; try++ {
		d, m, err := a.makePack(ctx, c, r)
		if err != nil {
			return err
		}
		if policy.Control != disclosure.Suppression { // nothing is hidden that an audit could look for
			return a.writePack(r.dir, r.paper, d, m)
		}
		pub, err := r.published(d)
		if err != nil {
			return err
		}
		o := audit.Options{Codes: codes, Wholes: policy.Wholes(), Among: policy.Among, Protection: policy.Protection}
		report, err := audit.Run(ctx, append([]audit.Published{pub}, r.flags.last...), o)
		if err != nil {
			return err
		}
		failed, wrong := r.failed(report)
		if wrong > 0 { // whoever knows that the last pack is overtaken has this one alone
			alone, err := audit.Run(ctx, []audit.Published{pub}, o)
			if err != nil {
				return err
			}
			failed = append(failed, unsafe(alone)...)
		}
		if r.withhold(failed) && try < auditsOfPack {
			continue
		}
		var text bytes.Buffer
		if err := report.WriteText(&text, a.lang, 20, false); err != nil {
			return err
		}
		internal := filepath.Join(c.dir, auditsFolder, filepath.Base(filepath.Clean(r.dir))+".txt")
		if err := writeInternal(internal, text.Bytes()); err != nil {
			return err
		}
		if len(failed) > 0 {
			return errUnsafe{errors.New(a.word("not_released", "count", len(failed), "hidden", report.Hidden, "file", internal))}
		}
		if err := a.keep(ctx, c, r.flags.decisions); err != nil { // else the next tables might tell what this one withholds
			return err
		}
		if err := a.writePack(r.dir, r.paper, d, m); err != nil {
			return err
		}
		if wrong > 0 {
			a.tell("told_wrongly", "count", wrong, "file", internal)
		}
		a.tell("released", "hidden", report.Hidden, "width", report.Protection, "file", internal)
		return nil
	}
}

// makePack makes what is to be written.
func (a *app) makePack(ctx context.Context, c *config, r *release) (d *reports.Document, m changes.Manifest, err error) {
	o := r.options
	st, p, err := r.flags.open(ctx, a, c)
	if err != nil {
		return nil, m, err
	}
	o.Params = p
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

// published gives what an outsider would have of the pack as it would be written.
func (r *release) published(d *reports.Document) (audit.Published, error) {
	pub := audit.Published{Name: filepath.ToSlash(r.dir)}
	tables := packTables(d)
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		var b bytes.Buffer
		if err := reports.WriteCSV(&b, tables[name]); err != nil {
			return pub, err
		}
		if err := published.Read(&pub, path.Join(pub.Name, name), b.Bytes()); err != nil {
			return pub, err
		}
	}
	return pub, nil
}

// failed gives the findings that are not safe, but for what an outsider would be wrong
// about, since the last pack has an older figure: these are counted.
func (r *release) failed(report *audit.Report) (list []audit.Finding, wrong int) {
	list = slices.DeleteFunc(unsafe(report), func(f audit.Finding) bool {
		v, overtaken := r.flags.overtaken[f.Obs]
		is := overtaken && (v < f.Lower || v > f.Upper)
		if is {
			wrong++
		}
		return is
	})
	return list, wrong
}

// unsafe gives the findings that are not safe.
func unsafe(report *audit.Report) (list []audit.Finding) {
	for _, f := range report.Findings {
		if f.Verdict != audit.Safe {
			list = append(list, f)
		}
	}
	return list
}

// withhold names the observations that can be told. It is false if all of them
// were named before: withholding more does not help.
func (r *release) withhold(failed []audit.Finding) (more bool) {
	for _, f := range failed {
		if f.Obs > 0 && !r.flags.whole[f.Obs] {
			r.flags.whole[f.Obs], more = true, true
		}
	}
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
