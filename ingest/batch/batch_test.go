package batch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/ingest/inbox"
	"github.com/oas/tipstat/transform/record"
)

// write writes files; the later one is a minute younger.
func write(t *testing.T, dir string, names ...string) {
	t.Helper()
	for i, name := range names {
		name := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(filepath.Base(name)), 0o644); err != nil {
			t.Fatal(err)
		}
		when := time.Date(2024, 1, 1, 0, i, 0, 0, time.UTC)
		if err := os.Chtimes(name, when, when); err != nil {
			t.Fatal(err)
		}
	}
}

// all lists the files of a folder.
func all(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(dir, path)
			names = append(names, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return names
}

func names(files []File) (out []string) {
	for _, f := range files {
		out = append(out, f.Name)
	}
	return out
}

func TestScan(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "z.xlsx", "HND/a.csv", "a.csv", "HND/2025/b.ods", "open.xlsx", "~$open.xlsx", "HND/doc.ods", "HND/.~lock.doc.ods#",
		"a.part", "b.TMP", "HND/c.crdownload", "d.csv~", ".hidden.csv", ".stfolder/x.csv", "~WRL0001.tmp")
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "link.csv")); err != nil {
		t.Fatal(err)
	}
	files, waiting, err := Scan(dir)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"z.xlsx", "HND/a.csv", "a.csv", "HND/2025/b.ods"}, names(files)); d != "" {
		t.Errorf("oldest first (-want +got):\n%s", d)
	}
	want := []Waiting{{"HND/c.crdownload", Temporary}, {"HND/doc.ods", InUse}, {"a.part", Temporary}, {"b.TMP", Temporary}, {"d.csv~", Temporary},
		{"link.csv", NotRegular}, {"open.xlsx", InUse}, {"~WRL0001.tmp", Temporary}}
	if d := cmp.Diff(want, waiting); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if _, _, err := Scan(filepath.Join(dir, "nosuch")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no inbox: %v", err)
	}
}

// TestSettled leaves out a file that grows, one that goes, and none that is old.
func TestSettled(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "old.csv", "new.csv", "grows.csv", "goes.csv")
	now := time.Now()
	for _, name := range []string{"new.csv", "grows.csv", "goes.csv"} {
		if err := os.Chtimes(filepath.Join(dir, name), now, now); err != nil {
			t.Fatal(err)
		}
	}
	future := filepath.Join(dir, "future.csv") // of a clock that goes wrong
	write(t, dir, "future.csv")
	if err := os.Chtimes(future, now.AddDate(1, 0, 0), now.AddDate(1, 0, 0)); err != nil {
		t.Fatal(err)
	}
	files, _, err := Scan(dir)
	if err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(50*time.Millisecond, func() {
		f, err := os.OpenFile(filepath.Join(dir, "grows.csv"), os.O_APPEND|os.O_WRONLY, 0)
		if err == nil {
			_, err = f.WriteString("more")
		}
		if err := errors.Join(err, f.Close(), os.Remove(filepath.Join(dir, "goes.csv"))); err != nil {
			t.Error(err)
		}
	})
	ready, waiting, err := Settled(t.Context(), files, now, 400*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"old.csv", "new.csv", "future.csv"}, names(ready)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	slices.SortFunc(waiting, func(a, b Waiting) int { return strings.Compare(a.Name, b.Name) })
	if d := cmp.Diff([]Waiting{{"goes.csv", Writing}, {"grows.csv", Writing}}, waiting); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if ready, _, err := Settled(t.Context(), files[:1], now, time.Hour); err != nil || len(ready) != 1 {
		t.Errorf("an old file is not waited for: %v %v", ready, err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, _, err := Settled(stopped, files, now, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}

// given is a batch whose files are accepted, unless their name says otherwise.
func given(t *testing.T) (*Batch, string) {
	t.Helper()
	dir := t.TempDir()
	b := &Batch{Inbox: filepath.Join(dir, "inbox"), Accepted: filepath.Join(dir, "accepted"), Refused: filepath.Join(dir, "refused"), Now: time.Now,
		Named: func(name string) (bool, error) { return strings.HasPrefix(name, "Yesenia"), nil },
		Take: func(_ context.Context, path string) (*inbox.Receipt, error) {
			sum, err := hashOf(path)
			if err != nil {
				return nil, err
			}
			r := &inbox.Receipt{File: filepath.Base(path), SHA256: sum, Outcome: inbox.Accepted, Findings: record.Findings{}}
			switch {
			case strings.HasPrefix(r.File, "bad"):
				r.Outcome = inbox.Refused
				r.Findings = record.Findings{record.NewFinding("TIP-V001", record.Place{}), record.NewFinding("TIP-F101", record.Place{}), record.NewFinding("TIP-V001", record.Place{})}
			case strings.HasPrefix(r.File, "named"):
				r.Outcome, r.Private = inbox.Refused, true
			case strings.HasPrefix(r.File, "fault"):
				return nil, errors.New("the disk is full")
			}
			return r, nil
		},
		Papers: func(item Item, name string) ([]Paper, error) {
			return []Paper{{name + ReceiptEnding, fmt.Appendf(nil, `{"file_sha256": %q}`, item.SHA256)}, {name + ".findings.txt", []byte(item.Outcome)}}, nil
		}}
	if err := os.MkdirAll(b.Inbox, 0o700); err != nil {
		t.Fatal(err)
	}
	return b, dir
}

func run(t *testing.T, b *Batch) ([]Item, []Waiting, error) {
	t.Helper()
	files, _, err := Scan(b.Inbox)
	if err != nil {
		t.Fatal(err)
	}
	return b.Run(t.Context(), files)
}

func TestRun(t *testing.T) {
	b, dir := given(t)
	write(t, b.Inbox, "HND/good.csv", "bad.csv", "Yesenia Zelaya.csv", "Yesenia/x.csv", "named.csv")
	items, waiting, err := run(t, b)
	if err != nil || len(waiting) > 0 || len(items) != 5 {
		t.Fatalf("%+v %v %v", items, waiting, err)
	}
	placed := []string{}
	for _, i := range items {
		placed = append(placed, i.Name+" "+i.Outcome+" "+i.Placed)
	}
	sum := func(name string) string { return hashed(t, name)[:12] + ".csv" }
	want := []string{"HND/good.csv accepted HND/good.csv", "bad.csv refused bad.csv", "….csv refused " + sum("Yesenia Zelaya.csv"), "….csv refused " + sum("x.csv"), "named.csv refused named.csv"}
	if d := cmp.Diff(want, placed); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if d := cmp.Diff([]Count{{"TIP-V001", record.Error, 2}, {"TIP-F101", record.Info, 1}}, items[1].Findings); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if left := all(t, b.Inbox); len(left) > 0 {
		t.Errorf("left in the inbox: %v", left)
	}
	for _, name := range all(t, dir) {
		if strings.Contains(name, "Yesenia") {
			t.Errorf("a name of a file tells a person: %s", name)
		}
	}
	if info, err := os.Stat(filepath.Join(b.Refused, "named.csv")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("who may read it: %v %v", info, err)
	}
}

// hashed is the hash of a text.
func hashed(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	sum, err := hashOf(name)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// TestClash: no name is used twice, neither by the same bytes nor by others, nor one
// whose papers are taken.
func TestClash(t *testing.T) {
	b, _ := given(t)
	for range 4 {
		write(t, b.Inbox, "a.csv")
		if _, _, err := run(t, b); err != nil {
			t.Fatal(err)
		}
	}
	h := hashed(t, "a.csv")[:8]
	var have []string
	for _, name := range all(t, b.Accepted) {
		if strings.HasSuffix(name, ".csv") {
			have = append(have, name)
		}
	}
	if d := cmp.Diff([]string{"a-" + h + "-2.csv", "a-" + h + "-3.csv", "a-" + h + ".csv", "a.csv"}, have); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if err := os.WriteFile(filepath.Join(b.Accepted, "b.csv.findings.txt"), []byte("a person's own"), 0o600); err != nil {
		t.Fatal(err)
	}
	write(t, b.Inbox, "b.csv")
	items, _, err := run(t, b)
	if err != nil || items[0].Placed == "b.csv" {
		t.Errorf("%+v %v", items, err)
	}
	if text, err := os.ReadFile(filepath.Join(b.Accepted, "b.csv.findings.txt")); err != nil || string(text) != "a person's own" {
		t.Errorf("written over: %q %v", text, err)
	}
}

// TestKilledBeforeMove finds the papers of a run that was killed, and does not lay others
// beside them.
func TestKilledBeforeMove(t *testing.T) {
	b, _ := given(t)
	write(t, b.Inbox, "a.csv")
	if err := os.MkdirAll(b.Accepted, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(b.Accepted, "a.csv"+ReceiptEnding), fmt.Appendf(nil, `{"file_sha256": %q}`, hashed(t, "a.csv")), 0o600); err != nil {
		t.Fatal(err)
	}
	items, _, err := run(t, b)
	if err != nil || items[0].Placed != "a.csv" {
		t.Fatalf("%+v %v", items, err)
	}
	if d := cmp.Diff([]string{"a.csv", "a.csv.findings.txt", "a.csv.receipt.json"}, all(t, b.Accepted)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestReplaced leaves in the inbox what is not what was read.
func TestReplaced(t *testing.T) {
	for name, change := range map[string]func(string) error{
		"written on": func(path string) error { return os.WriteFile(path, []byte("another"), 0o600) },
		"replaced": func(path string) error {
			return errors.Join(os.WriteFile(path+".x", []byte("a.csv"), 0o600), os.Rename(path+".x", path))
		},
		"gone": os.Remove,
	} {
		t.Run(name, func(t *testing.T) {
			b, _ := given(t)
			write(t, b.Inbox, "a.csv", "b.csv")
			b.Committed = func() {
				if err := change(filepath.Join(b.Inbox, "a.csv")); err != nil {
					t.Fatal(err)
				}
				b.Committed = nil
			}
			items, waiting, err := run(t, b)
			if err != nil || len(items) != 1 || items[0].Name != "b.csv" {
				t.Fatalf("%+v %v", items, err)
			}
			if d := cmp.Diff([]Waiting{{"a.csv", Changed}}, waiting); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			if d := cmp.Diff([]string{"b.csv", "b.csv.findings.txt", "b.csv.receipt.json"}, all(t, b.Accepted)); d != "" {
				t.Errorf("papers of a file that stays (-want +got):\n%s", d)
			}
		})
	}
}

// TestFaults: a file that can't be read fails alone; any other error ends the batch, and
// what was done is told.
func TestFaults(t *testing.T) {
	b, _ := given(t)
	write(t, b.Inbox, "a.csv", "denied.csv", "c.csv")
	take := b.Take
	b.Take = func(ctx context.Context, path string) (*inbox.Receipt, error) {
		if filepath.Base(path) == "denied.csv" {
			return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrPermission}
		}
		return take(ctx, path)
	}
	items, _, err := run(t, b)
	if err != nil || len(items) != 3 || items[1].Outcome != Failed || items[1].Fault != fs.ErrPermission.Error() {
		t.Fatalf("%+v %v", items, err)
	}
	if d := cmp.Diff([]string{"denied.csv"}, all(t, b.Inbox)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	write(t, b.Inbox, "d.csv", "fault.csv", "e.csv")
	if err := os.Remove(filepath.Join(b.Inbox, "denied.csv")); err != nil {
		t.Fatal(err)
	}
	items, _, err = run(t, b)
	if err == nil || len(items) != 1 || items[0].Name != "d.csv" {
		t.Fatalf("%+v %v", items, err)
	}
	if d := cmp.Diff([]string{"e.csv", "fault.csv"}, all(t, b.Inbox)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	files, _, _ := Scan(b.Inbox)
	if items, _, err := b.Run(stopped, files); !errors.Is(err, context.Canceled) || len(items) > 0 {
		t.Errorf("%+v %v", items, err)
	}
}

// TestDeleteNamed deletes what names persons, once its papers are there.
func TestDeleteNamed(t *testing.T) {
	b, _ := given(t)
	b.DeleteNamed = true
	write(t, b.Inbox, "named.csv", "bad.csv")
	items, _, err := run(t, b)
	if err != nil || !items[0].Deleted || items[1].Deleted {
		t.Fatalf("%+v %v", items, err)
	}
	if d := cmp.Diff([]string{"bad.csv", "bad.csv.findings.txt", "bad.csv.receipt.json", "named.csv.findings.txt", "named.csv.receipt.json"}, all(t, b.Refused)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if left := all(t, b.Inbox); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// TestRenameFree moves to a free name alone, where the system does not see to that.
func TestRenameFree(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a", "b")
	from, to := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	for _, move := range []func(string, string) error{rename, renameFree} {
		if err := move(from, to); !errors.Is(err, fs.ErrExist) {
			t.Errorf("%v", err)
		}
	}
	if err := renameFree(from, filepath.Join(dir, "c")); err != nil {
		t.Error(err)
	}
	if d := cmp.Diff([]string{"b", "c"}, all(t, dir)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
