package backup_test

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/oas/tipstat/transform/store"
	"github.com/oas/tipstat/transform/store/backup"
)

// workspace makes a folder with an empty store.
func workspace(t *testing.T) backup.Workspace {
	t.Helper()
	dir := t.TempDir()
	s, err := store.Open(context.Background(), filepath.Join(dir, "tip.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return backup.Workspace{Dir: dir, Store: "tip.duckdb", Files: []string{"layouts", "not there"}, Now: time.Now}
}

// TestLinks: what is no plain file is not followed, and nothing is written.
func TestLinks(t *testing.T) {
	w := workspace(t)
	if err := os.Symlink("/etc", filepath.Join(w.Dir, "layouts")); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "b.tar.gz")
	if _, _, err := backup.Write(t.Context(), to, w); !errors.Is(err, backup.ErrPlain) {
		t.Errorf("%v", err)
	}
	if left, err := os.ReadDir(filepath.Dir(to)); err != nil || len(left) > 0 {
		t.Errorf("left: %v %v", left, err)
	}
}

// TestNames: a backup that somebody else made can't write outside of the folder.
func TestNames(t *testing.T) {
	for _, name := range []string{"../out", "/out", "a/../../out", "", "."} {
		dir := t.TempDir()
		file := filepath.Join(dir, "b.tar.gz")
		f, err := os.Create(file)
		if err != nil {
			t.Fatal(err)
		}
		zip := gzip.NewWriter(f)
		out := tar.NewWriter(zip)
		err = out.WriteHeader(&tar.Header{Name: name, Size: 1, Mode: 0o600, Typeflag: tar.TypeReg, Format: tar.FormatPAX})
		if err == nil {
			_, err = out.Write([]byte("x"))
		}
		if err := errors.Join(err, out.Close(), zip.Close(), f.Close()); err != nil {
			t.Fatal(err)
		}
		if _, err := backup.Restore(t.Context(), file, filepath.Join(dir, "in", "made")); !errors.Is(err, backup.ErrName) && !errors.Is(err, backup.ErrBroken) {
			t.Errorf("%q: %v", name, err)
		}
		if _, err := os.Stat(filepath.Join(dir, "in", "out")); err == nil {
			t.Errorf("%q was written", name)
		}
	}
}

// TestGivenUp: an empty store goes there and back; who gives up leaves nothing.
func TestGivenUp(t *testing.T) {
	w := workspace(t)
	to := filepath.Join(t.TempDir(), "b.tar.gz")
	w.Now = func() time.Time { // the store was had
		if copied, err := filepath.Glob(filepath.Join(filepath.Dir(to), ".tipstat-backup-*", "store")); err != nil || len(copied) != 1 {
			t.Errorf("dated before it had the store: %v %v", copied, err)
		}
		return time.Now()
	}
	if _, _, err := backup.Write(t.Context(), to, w); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Restore(t.Context(), to, filepath.Join(t.TempDir(), "made")); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := backup.Restore(ctx, to, filepath.Join(t.TempDir(), "made")); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
}
