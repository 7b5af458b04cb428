package store_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/oas/tipstat/transform/store"
)

// TestGrid: what a State sent itself goes before what another's collection has of it, and only
// that counts as sent.
func TestGrid(t *testing.T) {
	g := store.Grid(2023, []string{"GTM", "HND", "JAM"}, []string{"victims", "routes"}, []store.Collected{
		{RefArea: "HND", Record: "victims", Told: 3}, {RefArea: "HND", Record: "victims", Own: true, Told: 2},
		{RefArea: "GTM", Record: "routes", Told: 9}, {RefArea: "XXX", Record: "victims", Own: true}})
	if g.All != 1 || g.Sent[0] != 1 || g.Sent[1] != 0 || len(g.Rows) != 3 {
		t.Errorf("%+v", g)
	}
	if c := g.Rows[1].Cells[0]; c == nil || !c.Own || c.Told != 2 {
		t.Errorf("HND victims: %+v", c)
	}
	if c := g.Rows[0].Cells[1]; c == nil || c.Own || g.Rows[0].Sent() != 0 {
		t.Errorf("GTM routes: %+v", c)
	}
	if g.Rows[2].Cells[0] != nil {
		t.Error("JAM has nothing")
	}
}

// TestConfirm: that somebody looked at a submission moves nothing, and is refused of one that
// is withdrawn.
func TestConfirm(t *testing.T) {
	ctx := context.Background()
	s, err := store.Open(ctx, filepath.Join(t.TempDir(), "store.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	a := sample("a")
	put(t, s, a, nil)
	standing := func() string {
		t.Helper()
		subs, err := s.History(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if confirmed := subs[0].Confirmed(); confirmed {
			return strings.TrimPrefix(subs[0].Standing(), subs[0].ID+"-") + " confirmed"
		}
		return strings.TrimPrefix(subs[0].Standing(), subs[0].ID+"-")
	}
	for i, c := range []struct {
		action store.Action
		err    error
		want   string
	}{
		{store.Confirm, nil, "current-1 confirmed"}, {store.Withdraw, nil, "withdrawn-2"}, {store.Confirm, store.ErrDecided, "withdrawn-2"},
		{store.Restore, nil, "current-3"}, {store.Confirm, nil, "current-4 confirmed"},
	} {
		_, err := s.Decide(ctx, store.Decision{Submission: a.ID, Action: c.action, By: "me", At: time.Date(2026, 11, 28+i, 0, 0, 0, 0, time.UTC), RunID: "r"}, "test", "go test")
		if got := standing(); !errors.Is(err, c.err) || got != c.want {
			t.Errorf("%s: %v, %s, want %s", c.action, err, got, c.want)
		}
	}
}
