package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/oas/tipstat/reports"
	"github.com/oas/tipstat/reports/changes"
	"github.com/oas/tipstat/reports/pack"
	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/disclosure"
	"github.com/oas/tipstat/transform/store"
)

// runPublished says what a run published.
type runPublished struct {
	What      []string `json:"what"`
	Written   []string `json:"written"` // files that are new or others now, from the workspace on
	Unchanged int      `json:"unchanged"`
	Held      string   `json:"held,omitempty"` // why a pack was not let out
	Said      []string `json:"said,omitempty"` // what disclosure control told; internal
}

// publish makes anew what was asked for, if what it is made of has changed: by this run,
// or by others since the last.
func (b *batchRun) publish(ctx context.Context) (err error) {
	if len(b.o.what) == 0 {
		return nil
	}
	if !b.took && b.state.Published == b.madeFrom(b.before) && b.complete() {
		if b.after != b.before { // the store was opened, and no figure came into it
			b.state.Published = b.madeFrom(b.after)
		}
		return nil
	}
	var said bytes.Buffer
	quiet := *b.app
	quiet.err = &said
	p := &runPublished{What: b.o.what, Written: []string{}}
	b.report.Published = p
	defer func() {
		if errors.Is(err, store.ErrLocked) {
			err = lockedError{err}
		}
		p.Said = strings.Split(strings.TrimRight(said.String(), "\n"), "\n")
		if b.o.log != "-" {
			_, werr := b.err.Write(said.Bytes())
			err = errors.Join(err, werr)
		}
		b.log.Info("published", "run", b.report.RunID, "what", p.What, "written", len(p.Written), "unchanged", p.Unchanged, "held", p.Held != "")
	}()
	var outputs []string
	if slices.Contains(b.o.what, publishTables) {
		if outputs, err = b.publishTables(ctx, &quiet, p); err != nil {
			return err
		}
	}
	if slices.Contains(b.o.what, publishPack) {
		for _, lang := range b.o.langs {
			name := filepath.Join(b.c.Out, "pack."+lang)
			one := quiet
			one.lang = lang
			err := one.releasePack(ctx, b.c, &release{options: pack.Options{Meeting: b.c.Run.Meeting, Version: version()}, dir: b.c.path(name), paper: "a4"})
			var unsafe errUnsafe
			switch {
			case errors.As(err, &unsafe):
				p.Held = unsafe.Error()
				continue
			case err != nil:
				return err
			}
			name = filepath.Join(name, changes.ManifestName)
			p.Written, outputs = append(p.Written, filepath.ToSlash(name)), append(outputs, name)
		}
	}
	// A pack that was held back is tried again when something changes, not each night.
	b.state.Published, b.state.Outputs = b.madeFrom(b.c.madeOf()), outputs
	return nil
}

// publishTables writes all tables in all languages that are asked for, where they are
// others than what is there.
func (b *batchRun) publishTables(ctx context.Context, quiet *app, p *runPublished) (outputs []string, err error) {
	specs, err := table.Load(nil)
	if err != nil {
		return nil, err
	}
	st, params, err := (&tableFlags{}).open(ctx, quiet, b.c)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if err := st.Hold(ctx); err != nil {
		return nil, err
	}
	for _, lang := range b.o.langs {
		params.Lang = lang
		for _, spec := range specs {
			t, err := table.Build(ctx, st.DB(), spec, params)
			if err != nil {
				return nil, err
			}
			var x, c bytes.Buffer
			if err := errors.Join(reports.WriteXLSX(&x, t), reports.WriteCSV(&c, t)); err != nil {
				return nil, err
			}
			for ending, made := range map[string][]byte{".csv": c.Bytes(), ".xlsx": x.Bytes()} {
				name := filepath.Join(b.c.Out, t.ID+"."+t.Lang+ending)
				outputs = append(outputs, name)
				if there, err := os.ReadFile(b.c.path(name)); err == nil && bytes.Equal(there, made) {
					p.Unchanged++
					continue
				}
				if err := writeFile(b.c.path(name), made); err != nil {
					return nil, err
				}
				p.Written = append(p.Written, filepath.ToSlash(name))
			}
		}
	}
	slices.Sort(outputs)
	slices.Sort(p.Written)
	return outputs, nil
}

// madeFrom tells what a publication is made of: the store, the policy, the vocabulary,
// what was asked for, and tipstat itself.
func (b *batchRun) madeFrom(files string) string {
	key := ""
	if k, err := os.Stat(b.c.path(disclosure.KeyFile)); err == nil {
		key = k.ModTime().String()
	}
	j, _ := json.Marshal([]any{files, key, b.o.what, b.o.langs, b.c.Run.Meeting, b.report.Version}) // of texts alone
	sum := sha256.Sum256(j)
	return hex.EncodeToString(sum[:])
}

// complete tells whether all that was published is still there.
func (b *batchRun) complete() bool {
	return !slices.ContainsFunc(b.state.Outputs, func(name string) bool {
		_, err := os.Stat(b.c.path(name))
		return errors.Is(err, fs.ErrNotExist)
	})
}
