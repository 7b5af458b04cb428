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
	"path"
	"path/filepath"
)

// mostManifest bounds backup.json, in bytes.
const mostManifest = 256 << 20

// Restore makes a workspace of a backup in a folder that is not there, or is empty:
// ErrThere. What is not as the backup says of itself is ErrBroken, and nothing is made.
func Restore(ctx context.Context, from, dir string) (m Manifest, err error) {
	if there, err := os.ReadDir(dir); err == nil && len(there) > 0 {
		return m, fmt.Errorf("%s: %w", dir, ErrThere)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return m, err
	}
	f, err := os.Open(from)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	parent := filepath.Dir(filepath.Clean(dir))
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return m, err
	}
	staged, err := os.MkdirTemp(parent, ".tipstat-restore-*") // for its owner alone
	if err != nil {
		return m, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(staged))
		}
	}()
	root, err := os.OpenRoot(staged)
	if err != nil {
		return m, err
	}
	m, err = read(ctx, f, func(name string, content io.Reader) error { return extract(root, name, content) })
	if err := errors.Join(err, root.Close()); err != nil {
		return m, err
	}
	originals := ""
	if m.Originals != "" {
		originals = filepath.Join(staged, filepath.FromSlash(m.Originals))
	}
	c, err := checked(ctx, filepath.Join(staged, filepath.FromSlash(m.Store)), originals)
	if err != nil {
		return m, err
	}
	if len(c.Faults) > 0 || c.Digest != m.Digest {
		return m, fmt.Errorf("%w: the rows of its store are not those that it was made of", ErrBroken)
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) { // empty, as was seen
		return m, err
	}
	return m, os.Rename(staged, dir)
}

// extract writes one file of a backup.
func extract(root *os.Root, name string, content io.Reader) (err error) {
	if dir := path.Dir(name); dir != "." {
		if err := root.MkdirAll(filepath.FromSlash(dir), 0o700); err != nil {
			return err
		}
	}
	f, err := root.OpenFile(filepath.FromSlash(name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := io.Copy(f, content); err != nil {
		return err
	}
	return f.Sync()
}

// read hands on the files of a backup, and holds them against what it says of them.
func read(ctx context.Context, from io.Reader, take func(name string, content io.Reader) error) (m Manifest, err error) {
	zip, err := gzip.NewReader(from)
	if err != nil {
		return m, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	in := tar.NewReader(breaking{zip})
	var found []File
	for {
		head, err := in.Next()
		if err != nil { // also at its end: the last entry was not there
			return m, fmt.Errorf("%w: %w", ErrBroken, err)
		}
		if err := ctx.Err(); err != nil {
			return m, err
		}
		if head.Name == ManifestName {
			break
		}
		if head.Typeflag != tar.TypeReg || head.Name == "." || !fs.ValidPath(head.Name) {
			return m, fmt.Errorf("%q: %w", head.Name, ErrName)
		}
		h := sha256.New()
		n := &counter{}
		if err := take(head.Name, io.TeeReader(in, io.MultiWriter(h, n))); err != nil {
			return m, err
		}
		if _, err := io.Copy(io.MultiWriter(h, n), in); err != nil { // what was not taken
			return m, err
		}
		found = append(found, File{head.Name, n.bytes, hex.EncodeToString(h.Sum(nil))})
	}
	if err := json.NewDecoder(io.LimitReader(in, mostManifest)).Decode(&m); err != nil {
		return m, fmt.Errorf("%w: %s: %w", ErrBroken, ManifestName, err)
	}
	switch {
	case m.Format != format:
		return m, fmt.Errorf("%w: its form is %d; this tipstat reads %d", ErrBroken, m.Format, format)
	case !fs.ValidPath(m.Store), m.Originals != "" && !fs.ValidPath(m.Originals):
		return m, fmt.Errorf("%q, %q: %w", m.Store, m.Originals, ErrName)
	case len(found) != len(m.Files):
		return m, fmt.Errorf("%w: it has %d files, and says %d", ErrBroken, len(found), len(m.Files))
	}
	for i, f := range m.Files {
		if f != found[i] {
			return m, fmt.Errorf("%w: %s is not as it was", ErrBroken, f.Name)
		}
	}
	return m, nil
}

// breaking says of what can't be unpacked that the backup is broken.
type breaking struct{ io.Reader }

func (r breaking) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b)
	if err != nil && err != io.EOF {
		err = fmt.Errorf("%w: %w", ErrBroken, err)
	}
	return n, err
}

// counter counts bytes.
type counter struct{ bytes int64 }

func (c *counter) Write(b []byte) (int, error) {
	c.bytes += int64(len(b))
	return len(b), nil
}
