package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

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
	policy     *disclosure.Policy // nil: that of the workspace, as it is now
}

// auditsFolder is where a workspace keeps what was told of its packs, apart from what is
// published.
const auditsFolder = "audits"

// auditsOfPack is how often a pack is made again with more withheld.
const auditsOfPack = 4

// releasePack makes a pack, audits it as an outsider would, together with the last
// one, and writes it if nothing can be told; else more is withheld.
func (a *app) releasePack(ctx context.Context, c *config, r *release) error {
	if r.policy == nil {
		p, err := r.flags.policy(c)
		if err != nil {
			return err
		}
		r.policy = &p
	}
	policy := *r.policy
	codes, err := c.vocabulary()
	if err != nil {
		return err
	}
	if err := a.holdAgainst(r, policy); err != nil {
		return err
	}
	r.flags.whole, r.flags.trial, r.flags.quiet = map[int64]bool{}, true, true // what is not written was shown to nobody
	for try := 1; ; try++ {
		d, m, err := a.makePack(ctx, c, r)
		if err != nil {
			return err
		}
		if policy.Control != disclosure.Suppression { // nothing is hidden that an audit could look for
			if err := a.writePack(r.dir, r.paper, d, m); err != nil {
				return err
			}
			if policy.Control == disclosure.None {
				a.tell("pack_working")
			}
			return nil
		}
		pub, err := r.published(d)
		if err != nil {
			return err
		}
		o := audit.Options{Codes: codes, Wholes: policy.Wholes(), Among: policy.Among, Protection: policy.Protection}
		report, err := audit.Each(ctx, append([]audit.Published{pub}, r.flags.last...), o)
		if err != nil {
			return err
		}
		if err := c.excuse(ctx, report); err != nil {
			return err
		}
		failed := report.Failing()
		if r.withhold(failed) && try < auditsOfPack {
			continue
		}
		a.told(r.flags.summary)
		var text bytes.Buffer
		if err := report.WriteText(&text, a.lang, 20, false); err != nil {
			return err
		}
		internal := filepath.Join(c.dir, auditsFolder, filepath.Base(filepath.Clean(r.dir))+".txt")
		if err := writeInternal(internal, text.Bytes()); err != nil {
			return a.lost(internal, err)
		}
		if len(failed) > 0 {
			return errUnsafe{errors.New(a.word("not_released", "count", len(failed), "hidden", report.Hidden, "file", internal, "tables", tablesOf(failed)))}
		}
		if err := a.keep(ctx, c, r.flags.decisions); err != nil { // else the next tables might tell what this one withholds
			return a.lost(c.path(disclosure.DecisionsFile), err)
		}
		if err := a.writePack(r.dir, r.paper, d, m); err != nil {
			return err
		}
		if n := report.ByVerdict[audit.Mistaken]; n > 0 {
			a.tell("told_mistaken", "count", n, "file", internal)
		}
		if n := report.ByVerdict[audit.Before]; n > 0 {
			a.tell("told_before", "count", n, "file", internal)
		}
		a.tell("released", "hidden", report.Hidden, "width", report.Protection, "file", internal)
		if n := r.flags.summary.Untold; n > 0 {
			a.tell("released_cases", "count", n, "width", report.Protection)
		}
		return nil
	}
}

// lost says that a pack was not written since what is told of it within can't be kept.
func (a *app) lost(file string, why error) error {
	if errors.Is(why, context.Canceled) {
		return why
	}
	return errors.New(a.word("release_lost", "file", file, "why", why.Error()))
}

// holdAgainst takes the pack that the folder holds for one that was published: it is lost
// once the new one is there.
func (a *app) holdAgainst(r *release, policy disclosure.Policy) error {
	there, err := changes.Read(os.DirFS(r.dir))
	if err != nil || policy.Control != disclosure.Suppression || there.Manifest.Control != string(disclosure.Suppression) {
		return nil // none, or not a whole one
	}
	pub, err := readPack(r.dir)
	if err != nil {
		return err
	}
	a.tell("pack_there", "folder", r.dir)
	if !slices.ContainsFunc(r.flags.last, func(p audit.Published) bool { return p.Name == pub.Name }) {
		r.flags.last = append(r.flags.last, pub)
	}
	return nil
}

// makePack makes what is to be written.
func (a *app) makePack(ctx context.Context, c *config, r *release) (d *reports.Document, m changes.Manifest, err error) {
	o := r.options
	st, p, err := r.flags.openUnder(ctx, a, c, *r.policy)
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

// excuse gives other verdicts to what the last packs tell by themselves, which is told
// already, and to what all tell together and is wrong, since a figure was revised. What the
// new pack tells by itself stays.
func (c *config) excuse(ctx context.Context, report *audit.Report) error {
	if report.Failed() == 0 {
		return nil
	}
	figures, err := c.figures(ctx, report.Failing())
	if err != nil {
		return err
	}
	report.Excuse(audit.Before, func(f audit.Finding) bool { return f.ToldBefore(figures) })
	report.Excuse(audit.Mistaken, func(f audit.Finding) bool { return f.Wrong(figures) })
	return nil
}

// figures reads what is withheld: the true figures of findings, by observation, of
// whatever vintage.
func (c *config) figures(ctx context.Context, findings []audit.Finding) (figures map[int64]float64, err error) {
	ids := []int64{}
	for _, f := range findings {
		ids = append(ids, f.All...)
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	st, err := c.DuckDB.OpenReadOnly(ctx, c.path(c.Store))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	rows, err := st.DB().QueryContext(ctx, `SELECT obs_id, OBS_VALUE FROM observation
		WHERE OBS_VALUE IS NOT NULL AND n_missing = 0 AND obs_id IN (SELECT unnest(from_json($ids, '["BIGINT"]')))`, sql.Named("ids", string(list)))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	figures = map[int64]float64{}
	for rows.Next() {
		var id int64
		var v float64
		if err := rows.Scan(&id, &v); err != nil {
			return nil, err
		}
		figures[id] = v
	}
	return figures, rows.Err()
}

// tablesOf names the tables of a pack in which findings stand.
func tablesOf(findings []audit.Finding) string {
	names := map[string]bool{}
	for _, f := range findings {
		for _, p := range f.Places {
			names[strings.TrimSuffix(path.Base(p.File), ".csv")] = true
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(names)), ", ")
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
			return p, usageError{err: err}
		}
	}
	return p, nil
}
