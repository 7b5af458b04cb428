package batch

import (
	"errors"
	"io/fs"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/ingest/inbox"
)

// TestAgain: a refused file is read once more; its first papers stay beside nothing.
func TestAgain(t *testing.T) {
	b, dir := given(t)
	write(t, b.Inbox, "HND/bad.csv")
	if _, _, err := run(t, b); err != nil {
		t.Fatal(err)
	}
	if err := Again(b.Refused, b.Inbox, "HND/bad.csv"); err != nil {
		t.Fatal(err)
	}
	if err := Again(b.Refused, b.Inbox, "HND/bad.csv"); !errors.Is(err, fs.ErrExist) && !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("twice: %v", err)
	}
	items, _, err := run(t, b)
	if err != nil || len(items) != 1 || items[0].Outcome != inbox.Refused || items[0].Placed != "HND/bad.csv" {
		t.Fatalf("%+v %v", items, err)
	}
	if d := cmp.Diff([]string{"refused/HND/bad.csv", "refused/HND/bad.csv.findings.txt", "refused/HND/bad.csv.receipt.json"}, all(t, dir)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
