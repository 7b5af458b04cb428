package backup

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/oas/tipstat/transform/store"
)

// ManifestName is the last entry of a backup.
const ManifestName = "backup.json"

// format is the version of the form of the file.
const format = 1

// Manifest says what is in a backup.
type Manifest struct {
	Format       int       `json:"format"`
	Version      string    `json:"version"` // of tipstat
	MadeAt       time.Time `json:"made_at"`
	Store        string    `json:"store"`     // its name in the workspace
	Originals    string    `json:"originals"` // folder of the accepted files; "": none are kept
	Digest       string    `json:"digest"`
	Submissions  int64     `json:"submissions"`
	Observations int64     `json:"observations"`
	Files        []File    `json:"files"`
}

// File is one file of a backup.
type File struct {
	Name   string `json:"name"` // from the workspace's folder, parted by /
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Workspace says what is kept of a folder. Names are from it, parted by /.
type Workspace struct {
	Dir, Store, Originals string
	Files                 []string // further files and folders; those that are not there are left out
	Version               string
	Now                   func() time.Time // the backup is dated by it when the store was had
}

// Errors of a backup.
var (
	ErrFaulty = errors.New("the store is faulty")      // tipstat check tells how
	ErrBroken = errors.New("the backup is not whole")  // it was cut short, or changed
	ErrThere  = errors.New("something is there")       // and is not written over
	ErrPlain  = errors.New("it is no plain file")      // a link, a device
	ErrName   = errors.New("a name leaves the folder") // of a backup that somebody else made
)

// Write writes a backup to a file that is not there; it gets its name once it was read
// back. The store may be read meanwhile, and is held against writing as long as it is
// copied; where another process writes, store.ErrLocked. A faulty store is ErrFaulty, with
// what was found, and nothing is written.
func Write(ctx context.Context, to string, w Workspace) (m Manifest, c store.Checked, err error) {
	if _, err := os.Lstat(to); err == nil {
		return m, c, fmt.Errorf("%s: %w", to, ErrThere)
	}
	staged, err := os.MkdirTemp(filepath.Dir(to), ".tipstat-backup-*")
	if err != nil {
		return m, c, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(staged)) }()
	copied := filepath.Join(staged, "store")
	if err := store.Copy(ctx, filepath.Join(w.Dir, w.Store), copied); errors.Is(store.Explained(err), store.ErrDamaged) {
		if c.Faults, err = store.DamageOf(filepath.Join(w.Dir, w.Store), err); err == nil {
			err = ErrFaulty
		}
		return m, c, err
	} else if err != nil {
		return m, c, err
	}
	at := w.Now().UTC()
	// What was accepted since is not in the copy, and its file does no harm.
	if c, err = checked(ctx, copied, w.originals()); err != nil {
		return m, c, err
	}
	if len(c.Faults) > 0 {
		return m, c, ErrFaulty
	}
	m = Manifest{Format: format, Version: w.Version, MadeAt: at, Store: w.Store, Originals: w.Originals,
		Digest: c.Digest, Submissions: c.Submissions, Observations: c.Observations}
	name := filepath.Join(staged, "backup")
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return m, c, err
	}
	err = w.write(ctx, f, copied, &m)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err == nil {
		_, err = read(ctx, f, func(string, io.Reader) error { return nil })
	}
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return m, c, err
	}
	return m, c, named(name, to)
}

// named gives a file its name, unless something has it.
func named(from, to string) error {
	err := os.Link(from, to)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	if _, err := os.Lstat(to); err == nil { // where there are no links
		return fmt.Errorf("%s: %w", to, ErrThere)
	}
	return os.Rename(from, to)
}

// originals is the folder of the accepted files; "": none are kept.
func (w Workspace) originals() string {
	if w.Originals == "" {
		return ""
	}
	return filepath.Join(w.Dir, w.Originals)
}

// checked opens a store that nobody else has, which brings its log into it, and checks it.
func checked(ctx context.Context, name, originals string) (c store.Checked, err error) {
	s, err := store.Open(ctx, name)
	if err == nil {
		err = s.Close()
	}
	if err == nil {
		s, err = store.Settings{}.OpenAll(ctx, name)
	}
	if errors.Is(store.Explained(err), store.ErrDamaged) {
		c.Faults, err = store.DamageOf(name, err)
		return c, err
	} else if err != nil {
		return c, err
	}
	c, err = s.Check(ctx, originals)
	return c, errors.Join(err, s.Close())
}

// write writes the files and then what they are.
func (w Workspace) write(ctx context.Context, to io.Writer, copied string, m *Manifest) error {
	zip := gzip.NewWriter(to)
	out := tar.NewWriter(zip)
	add := func(name, from string) error {
		file, err := entry(out, name, from, m.MadeAt)
		m.Files = append(m.Files, file)
		return err
	}
	if err := add(w.Store, copied); err != nil {
		return err
	}
	names := w.Files
	if w.Originals != "" {
		names = append([]string{w.Originals}, names...)
	}
	for _, top := range names {
		err := filepath.WalkDir(filepath.Join(w.Dir, filepath.FromSlash(top)), func(name string, d fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist):
				return nil
			case err != nil, d.IsDir():
				return errors.Join(err, ctx.Err())
			case !d.Type().IsRegular():
				return fmt.Errorf("%s: %w", name, ErrPlain)
			}
			rel, err := filepath.Rel(w.Dir, name)
			if err != nil {
				return err
			}
			return errors.Join(ctx.Err(), add(filepath.ToSlash(rel), name))
		})
		if err != nil {
			return err
		}
	}
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := out.WriteHeader(header(ManifestName, int64(len(b)), m.MadeAt)); err != nil {
		return err
	}
	_, err = out.Write(b)
	return errors.Join(err, out.Close(), zip.Close())
}

func header(name string, size int64, at time.Time) *tar.Header {
	return &tar.Header{Name: name, Size: size, Mode: 0o600, ModTime: at.UTC().Truncate(time.Second), Typeflag: tar.TypeReg, Format: tar.FormatPAX}
}

// entry writes one file.
func entry(out *tar.Writer, name, from string, at time.Time) (file File, err error) {
	in, err := os.Open(from)
	if err != nil {
		return file, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	info, err := in.Stat()
	if err != nil {
		return file, err
	}
	if err := out.WriteHeader(header(name, info.Size(), at)); err != nil {
		return file, err
	}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(out, h), io.LimitReader(in, info.Size()))
	if err == nil && n < info.Size() {
		err = fmt.Errorf("%s became shorter while it was read", from)
	}
	return File{name, n, hex.EncodeToString(h.Sum(nil))}, err
}
