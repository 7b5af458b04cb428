package store_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/oas/tipstat/transform/store"
)

// TestCopy: a copy has what the store has, and the store may be written while the copy
// is read.
func TestCopy(t *testing.T) {
	ctx := context.Background()
	from, to := filepath.Join(t.TempDir(), "a.duckdb"), filepath.Join(t.TempDir(), "b.duckdb")
	if err := store.Copy(ctx, from, to); err == nil {
		t.Error("a store that is not there was copied")
	}
	s, err := store.Open(ctx, from)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := store.Copy(ctx, from, to); err != nil {
		t.Fatal(err)
	}
	c, err := store.OpenReadOnly(ctx, to)
	if err != nil {
		t.Fatal(err)
	}
	if s, err = store.Open(ctx, from); err != nil {
		t.Error(err)
	} else if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if err := store.Copy(ctx, from, to); err == nil {
		t.Error("a file that is there was written over")
	}
}
