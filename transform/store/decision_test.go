package store_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/store"
)

// TestDecide: what is withdrawn is not seen by who reads, and is again as of a day before,
// after it was restored, and by who asks for all.
func TestDecide(t *testing.T) {
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "store.duckdb")
	day := func(n int) time.Time { return time.Date(2026, 11, n, 12, 0, 0, 0, time.UTC) }
	s, err := store.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	a, b := sample("a"), sample("b")
	a.ReceivedAt, b.ReceivedAt = day(20), day(21)
	put(t, s, a, nil)
	put(t, s, b, nil)
	decide := func(d store.Decision) error {
		_, err := s.Decide(ctx, d, "test", "go test")
		return err
	}
	withdraw := store.Decision{Submission: b.ID, Action: store.Withdraw, Reason: "wrong year", By: "me", At: day(22), RunID: "r2"}
	restore := store.Decision{Submission: b.ID, Action: store.Restore, Reason: "it was right", By: "me", At: day(24), RunID: "r3"}
	for _, c := range []struct {
		d    store.Decision
		want error
	}{
		{store.Decision{Submission: "000000000000", Action: store.Withdraw}, store.ErrNoSubmission},
		{restore, store.ErrDecided}, {withdraw, nil}, {withdraw, store.ErrDecided}, {restore, nil},
	} {
		if err := decide(c.d); !errors.Is(err, c.want) {
			t.Errorf("%+v: %v; want %v", c.d, err, c.want)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	seen := func(s *store.Store, err error) (ids []string) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		subs, err := s.History(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range subs {
			ids = append(ids, x.FileName)
		}
		return ids
	}
	of := store.Settings{}
	for _, c := range []struct {
		name string
		got  []string
		want []string
	}{
		{"before it came", seen(of.OpenAsOf(ctx, path, day(20).Truncate(24*time.Hour))), []string{"a.csv"}},
		{"before it was withdrawn", seen(of.OpenAsOf(ctx, path, day(21).Truncate(24*time.Hour))), []string{"a.csv", "b.csv"}},
		{"withdrawn", seen(of.OpenAsOf(ctx, path, day(23).Truncate(24*time.Hour))), []string{"a.csv"}},
		{"restored", seen(of.OpenReadOnly(ctx, path)), []string{"a.csv", "b.csv"}},
	} {
		if d := cmp.Diff(c.want, c.got); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
	}
	if s, err = store.Open(ctx, path); err != nil {
		t.Fatal(err)
	}
	withdraw.At = day(25)
	if err := errors.Join(decide(withdraw), s.Close()); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"a.csv"}, seen(of.OpenReadOnly(ctx, path))); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"a.csv", "b.csv"}, seen(of.OpenAll(ctx, path))); d != "" {
		t.Error(d)
	}
}

// TestClockSetBack: what is accepted or decided later is dated no earlier, whatever the
// machine's clock says.
func TestClockSetBack(t *testing.T) {
	ctx := context.Background()
	s := open(t, "")
	a, b := sample("a"), sample("b")
	b.ReceivedAt = a.ReceivedAt.Add(-48 * time.Hour)
	put(t, s, a, nil)
	put(t, s, b, nil)
	if _, err := s.Decide(ctx, store.Decision{Submission: a.ID, Action: store.Withdraw, Reason: "x", By: "me", At: b.ReceivedAt, RunID: "r2"}, "test", "go test"); err != nil {
		t.Fatal(err)
	}
	want := []string{"1 2026-11-25 12:00:00", "2 2026-11-25 12:00:00", "decision 2026-11-25 12:00:00.000001"}
	got := append(lines(t, s, `SELECT seq || ' ' || received_at FROM submission ORDER BY seq`), lines(t, s, `SELECT 'decision ' || decided_at FROM decision`)...)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	c, err := s.Check(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range c.Faults {
		if f.Check == "clock" {
			t.Errorf("%+v", f)
		}
	}
}
