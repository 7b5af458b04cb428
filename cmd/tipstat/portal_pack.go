package main

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/oas/tipstat/ingest/portal"
	"github.com/oas/tipstat/reports/pack"
	"github.com/oas/tipstat/transform/store"
)

// packsFolder keeps the meeting packs that the portal made: the last folder of each language,
// against which the next is held, and of what is published now the files to take.
const packsFolder = "packs"

// packs are the meeting packs of what is published, in the languages asked for. They are made one
// at a time.
type packs struct {
	mu     sync.Mutex
	asked  []string         // languages in line; the first is being made
	failed map[string]error // by version and language, of this run of the server
	flags  tableFlags       // of tipstat serve
	roused chan struct{}
}

// packParts are the files of a pack that can be taken, by what they are called in an address.
var packParts = map[string]struct{ file, kind string }{
	"zip": {"pack.zip", "application/zip"}, "pdf": {"pack.pdf", "application/pdf"}, "xlsx": {"pack.xlsx", fileKinds["xlsx"].kind},
}

// stem names what is kept of a pack: it hangs on what is published, on its cover and on who made it.
func (o *officeTables) stem(p *publication, lang string) string {
	sum := sha256.Sum256([]byte(o.c.Run.Meeting + "\n" + version()))
	return p.version + "-" + hex.EncodeToString(sum[:3]) + "." + lang
}

// Pack tells how the pack of what is published now stands.
func (o *officeTables) Pack(ctx context.Context, lang string) (portal.Pack, error) {
	return with(ctx, o, func(p *publication) (portal.Pack, error) {
		o.packs.mu.Lock()
		defer o.packs.mu.Unlock()
		out := portal.Pack{Published: p.told(), State: portal.PackNone}
		switch i := slices.Index(o.asked, lang); {
		case o.failed[o.stem(p, lang)] != nil:
			out.State = portal.PackFailed
			var unsafe errUnsafe
			if errors.As(o.failed[o.stem(p, lang)], &unsafe) {
				out.State = portal.PackHeld
			}
		case i >= 0:
			out.State, out.Ahead = portal.PackMaking, i
		}
		for _, part := range portal.PackParts {
			info, err := os.Stat(o.packFile(p, lang, part))
			if errors.Is(err, fs.ErrNotExist) {
				return out, nil
			}
			if err != nil {
				return out, err
			}
			out.Sizes = append(out.Sizes, info.Size())
		}
		out.State = portal.PackReady
		return out, nil
	})
}

func (o *officeTables) packFile(p *publication, lang, part string) string {
	return filepath.Join(o.c.path(packsFolder), o.stem(p, lang)+"."+packParts[part].file)
}

// MakePack has it made, if it is not there.
func (o *officeTables) MakePack(ctx context.Context, lang string) error {
	_, err := with(ctx, o, func(p *publication) (bool, error) {
		o.packs.mu.Lock()
		defer o.packs.mu.Unlock()
		var unsafe errUnsafe
		if stem := o.stem(p, lang); errors.As(o.failed[stem], &unsafe) {
			return true, nil // the same figures would be held again
		} else {
			delete(o.failed, stem) // it is tried again
		}
		if !slices.Contains(o.asked, lang) {
			o.asked = append(o.asked, lang)
		}
		return true, nil
	})
	if err == nil {
		select {
		case o.roused <- struct{}{}:
		default:
		}
	}
	return err
}

// PackFile opens a part of a pack that is there.
func (o *officeTables) PackFile(ctx context.Context, lang, part string) (portal.File, error) {
	return with(ctx, o, func(p *publication) (portal.File, error) {
		if packParts[part].file == "" {
			return portal.File{}, portal.NotInTable{Parameter: "part", Value: part}
		}
		name := o.packFile(p, lang, part)
		_, err := os.Stat(name)
		if errors.Is(err, fs.ErrNotExist) {
			err = portal.ErrNoTable
		}
		return portal.File{Name: "pack." + lang + filepath.Ext(packParts[part].file), Kind: packParts[part].kind, Path: name}, err
	})
}

// makePacks makes what is asked for, one after the other, until the context ends.
func (o *officeTables) makePacks(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-o.roused:
		}
		for ctx.Err() == nil {
			o.packs.mu.Lock()
			lang := ""
			if len(o.asked) > 0 {
				lang = o.asked[0]
			}
			o.packs.mu.Unlock()
			if lang == "" {
				break
			}
			p, err := o.makeSoon(ctx, lang)
			if err != nil && ctx.Err() == nil {
				o.log.Error("pack", "lang", lang, "error", err.Error())
			}
			o.packs.mu.Lock()
			o.asked = o.asked[1:]
			if err != nil && p != nil {
				o.failed[o.stem(p, lang)] = err
			}
			o.packs.mu.Unlock()
		}
	}
}

// packWaits is how often it is looked whether the store can be copied, and is what is published.
const packWaits = 150

// makeSoon makes the pack of what is published, once the store is what that was made of.
func (o *officeTables) makeSoon(ctx context.Context, lang string) (p *publication, err error) {
	for range packWaits {
		if p = o.now.Load(); p == nil {
			return p, portal.ErrUncontrolled
		}
		if err = p.ready(ctx); err == nil {
			err = o.makePack(ctx, p, lang)
		}
		if !errors.Is(err, errReplaced) && !errors.Is(err, store.ErrLocked) {
			return p, err
		}
		select {
		case <-ctx.Done():
			return p, ctx.Err()
		case <-time.After(lookEvery):
		}
	}
	return p, err
}

// makePack makes the pack as tipstat report pack does, of a copy of the store: that of which the
// tables are made, or errReplaced. Where its audit has more withheld than the tables do, these are
// made anew with it, and then the pack.
func (o *officeTables) makePack(ctx context.Context, p *publication, lang string) (err error) {
	if o.wanted.Load() != p.heeds {
		return errReplaced
	}
	folder := o.c.path(packsFolder)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	if _, err := os.Stat(o.packFile(p, lang, "xlsx")); err == nil { // it was made before the last start
		return nil
	}
	dir, err := os.MkdirTemp(folder, makingPack+"*")
	if err != nil {
		return err
	}
	if dir, err = filepath.Abs(dir); err != nil { // the workspace may be named from where we are
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	copied := *o.c
	copied.Store = filepath.Join(dir, "store.duckdb")
	if err := o.copyOf(ctx, p, copied.path(copied.Store)); err != nil {
		return err
	}
	one := *o.a
	one.lang = lang
	to := filepath.Join(folder, "portal."+lang)
	r := &release{flags: o.flags, options: pack.Options{Meeting: o.c.Run.Meeting, Version: version()}, dir: to, paper: "a4", policy: &p.policy}
	if err := one.releasePack(ctx, &copied, r); err != nil {
		return err
	}
	if len(r.flags.whole) > 0 { // the tables must withhold it too, before anybody has both
		o.wanted.Add(1)
		return errReplaced
	}
	if o.c.madeOf() != p.madeOf { // what it was made with may be another than the tables'
		return errReplaced
	}
	if err := o.forget(p, lang); err != nil {
		return err
	}
	b, err := zipOf(os.DirFS(to))
	if err != nil {
		return err
	}
	for _, part := range portal.PackParts { // the last one there says that all are
		if part != "zip" {
			if b, err = os.ReadFile(filepath.Join(to, packParts[part].file)); err != nil {
				return err
			}
		}
		if err := writeInternal(o.packFile(p, lang, part), b); err != nil {
			return err
		}
	}
	return nil
}

// makingPack begins the names of folders in which a pack is made.
const makingPack = ".making-"

// copyOf copies the store, if it is still what the tables are made of.
func (o *officeTables) copyOf(ctx context.Context, p *publication, to string) error {
	select {
	case o.storing <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer o.release()
	if o.c.madeOf() != p.madeOf {
		return errReplaced
	}
	return o.c.DuckDB.Copy(ctx, o.c.path(o.c.Store), to)
}

// forget removes packs of earlier publications in a language, and what a killed server left.
func (o *officeTables) forget(p *publication, lang string) error {
	entries, err := os.ReadDir(o.c.path(packsFolder))
	if err != nil {
		return err
	}
	for _, e := range entries {
		old := strings.Contains(e.Name(), "."+lang+".pack.") && !strings.HasPrefix(e.Name(), o.stem(p, lang))
		if old {
			err = errors.Join(err, os.Remove(filepath.Join(o.c.path(packsFolder), e.Name())))
		}
	}
	return err
}

// clean removes what a killed server left of packs in the making.
func (o *officeTables) clean() error {
	left, err := filepath.Glob(filepath.Join(o.c.path(packsFolder), makingPack+"*"))
	for _, name := range left {
		err = errors.Join(err, os.RemoveAll(name))
	}
	return err
}

// zipOf packs a folder: the same files give the same bytes.
func zipOf(dir fs.FS) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	err := fs.WalkDir(dir, ".", func(name string, e fs.DirEntry, err error) error { // in the order of names
		if err != nil || e.IsDir() {
			return err
		}
		in, err := dir.Open(name)
		if err != nil {
			return err
		}
		out, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err == nil {
			_, err = io.Copy(out, in)
		}
		return errors.Join(err, in.Close())
	})
	err = errors.Join(err, w.Close()) // before its bytes are taken: it writes the list of files
	return b.Bytes(), err
}

// openTables begins to answer for tables. They are there once something is published.
func (f *office) openTables(flags tableFlags) error {
	f.tables = &officeTables{office: f, packs: packs{flags: flags, failed: map[string]error{}, roused: make(chan struct{}, 1)}}
	return f.tables.clean()
}
