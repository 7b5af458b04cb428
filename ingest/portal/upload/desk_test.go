package upload

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/oas/tipstat/ingest/batch"
)

var hnd = Sender{RefArea: "HND", Account: "a1"}

// given is a desk in a workspace of its own.
func given(t *testing.T) *Desk {
	t.Helper()
	dir := t.TempDir()
	d := &Desk{Inbox: filepath.Join(dir, "inbox"), Accepted: filepath.Join(dir, "accepted"), Refused: filepath.Join(dir, "refused"),
		Ledger: filepath.Join(dir, "uploads"), Now: func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) },
		Named: func(name string) (bool, error) { return strings.HasPrefix(name, "Ana"), nil }}
	if err := os.Mkdir(d.Inbox, 0o700); err != nil {
		t.Fatal(err)
	}
	return d
}

// left lists all files of a folder.
func left(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			rel, _ := filepath.Rel(dir, path)
			names = append(names, filepath.ToSlash(rel))
		}
		return gone(err)
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestReceive(t *testing.T) {
	d := given(t)
	u, err := d.Receive(t.Context(), hnd, "víctimas 2025.xlsx", strings.NewReader("bytes"))
	if err != nil {
		t.Fatal(err)
	}
	if u.Bytes != 5 || u.SHA256 != "277089d91c0bdf4f2e6862ba7e4a07605119431f5d13f726dd352b06f1b206a9" {
		t.Errorf("%+v", u)
	}
	want := "HND/" + u.ID + "/víctimas 2025.xlsx"
	files, waiting, err := batch.Scan(d.Inbox)
	if err != nil || len(waiting) != 0 || len(files) != 1 || files[0].Name != want {
		t.Fatalf("in the inbox: %v %v %v", files, waiting, err)
	}
	if area, id, ok := SentBy(files[0].Name); !ok || area != "HND" || id != u.ID {
		t.Errorf("sent by %s %s %v", area, id, ok)
	}
	same, err := d.Upload("HND", u.ID)
	if err != nil || same != u {
		t.Errorf("in the ledger: %+v %v", same, err)
	}
	if s, err := d.Status(u); err != nil || s.Outcome != Waiting || s.Ahead != 0 {
		t.Errorf("%+v %v", s, err)
	}
	if _, err := d.Upload("GTM", u.ID); !errors.Is(err, ErrNone) {
		t.Errorf("another State sees it: %v", err)
	}
}

// TestReceiveNothing leaves nothing of what does not come whole.
func TestReceiveNothing(t *testing.T) {
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for name, test := range map[string]struct {
		ctx  context.Context
		body io.Reader
		want error
	}{
		"too large":   {t.Context(), strings.NewReader(strings.Repeat("x", 101)), ErrTooLarge},
		"empty":       {t.Context(), strings.NewReader(""), ErrEmpty},
		"broken":      {t.Context(), io.MultiReader(strings.NewReader("half"), iotest.ErrReader(io.ErrUnexpectedEOF)), ErrBroken},
		"given up on": {stopped, strings.NewReader("whole"), ErrBroken},
	} {
		t.Run(name, func(t *testing.T) {
			d := given(t)
			d.Limits.FileBytes = 100
			if _, err := d.Receive(test.ctx, hnd, "a.xlsx", test.body); !errors.Is(err, test.want) {
				t.Errorf("%v, want %v", err, test.want)
			}
			if names := append(left(t, d.Inbox), left(t, d.Ledger)...); len(names) != 0 {
				t.Errorf("left: %v", names)
			}
		})
	}
	d := given(t)
	d.Limits.FileBytes = 100
	if u, err := d.Receive(t.Context(), hnd, "a.xlsx", strings.NewReader(strings.Repeat("x", 100))); err != nil || u.Bytes != 100 {
		t.Errorf("as large as may be: %+v %v", u, err)
	}
}

func TestFileName(t *testing.T) {
	for name, want := range map[string]string{
		"a.xlsx":                          "a.xlsx",
		"../../etc/cron.d/x.csv":          "x.csv",
		`C:\Users\ana\Datos\víctimas.ods`: "víctimas.ods",
		"/etc/passwd":                     "passwd",
		"..":                              "",
		"":                                "",
		".htaccess":                       "htaccess",
		"~$a.xlsx":                        "$a.xlsx",
		"a\x00b\r\n\x1b[31m.csv":          "ab[31m.csv",
		"a\u202excod.exe.xlsx":            "axcod.exe.xlsx",
		"a.part":                          "",
		"a.xlsx\xff":                      "a.xlsx",
		"Ana López.xlsx":                  "….xlsx",
		strings.Repeat("é", 200) + ".csv": strings.Repeat("é", 58) + ".csv",
		"x." + strings.Repeat("y", 50):    "",
	} {
		got, err := given(t).fileName(name)
		if got != want || (err == nil) != (want != "") || err != nil && !errors.Is(err, ErrName) {
			t.Errorf("%q: %q %v, want %q", name, got, err, want)
		}
	}
}

func TestSentBy(t *testing.T) {
	const id = "upload-20260301T120000Z-0123456789ab"
	for name, want := range map[string]bool{
		"HND/" + id + "/a.xlsx": true, "hnd/" + id + "/a.xlsx": false, "HND/a.xlsx": false, "HND/x/a.xlsx": false,
		id + "/a.xlsx": false, "HND/" + id + "/x/a.xlsx": false, "HND/" + id + "0/a.xlsx": false,
	} {
		if _, _, ok := SentBy(name); ok != want {
			t.Errorf("%s: %v", name, ok)
		}
	}
}

func TestLimits(t *testing.T) {
	send := func(d *Desk, from Sender, want error) {
		t.Helper()
		if _, err := d.Receive(t.Context(), from, "a.csv", strings.NewReader("12345")); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
	d := given(t)
	d.Limits.DayFiles = 2
	send(d, hnd, nil)
	send(d, hnd, nil)
	send(d, hnd, ErrQuota)
	send(d, Sender{RefArea: "GTM"}, nil)
	later := d.Now().Add(25 * time.Hour)
	d.Now = func() time.Time { return later }
	send(d, hnd, nil)

	d = given(t)
	d.Limits.DayBytes = 8
	send(d, hnd, nil)
	send(d, hnd, nil)
	send(d, hnd, ErrQuota)

	// What was under way when others used up the day is refused at its end.
	d = given(t)
	d.Limits.DayBytes = 8
	body, slow := io.Pipe()
	first := make(chan error)
	go func() {
		_, err := d.Receive(context.WithoutCancel(t.Context()), hnd, "slow.csv", body)
		first <- err
	}()
	_, _ = io.WriteString(slow, "1")
	send(d, hnd, nil)
	send(d, hnd, nil)
	_ = slow.Close()
	if err := <-first; !errors.Is(err, ErrQuota) {
		t.Error(err)
	}
	if names := left(t, d.Inbox); len(names) != 2 {
		t.Errorf("left: %v", names)
	}

	d = given(t)
	d.Limits.Waiting = 1
	send(d, hnd, nil)
	send(d, hnd, ErrWaiting)

	d = given(t)
	d.Limits.Open = 1
	r, w := io.Pipe()
	ended := make(chan error)
	go func() {
		_, err := d.Receive(context.WithoutCancel(t.Context()), hnd, "slow.csv", r)
		ended <- err
	}()
	_, _ = io.WriteString(w, "1") // it is under way
	send(d, hnd, ErrBusy)
	send(d, Sender{RefArea: "GTM"}, nil)
	_ = w.Close()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	send(d, hnd, nil)
}

// TestAtOnce hands 100 files in at once, of which none is lost nor mixed with another.
func TestAtOnce(t *testing.T) {
	d := given(t)
	var wait sync.WaitGroup
	for i := range 100 {
		wait.Go(func() {
			r, w := io.Pipe()
			go func() {
				for n := range 10 {
					_, _ = fmt.Fprintf(w, "%d:%d;", i, n)
				}
				_ = w.Close()
			}()
			if _, err := d.Receive(t.Context(), Sender{RefArea: []string{"HND", "GTM", "SLV"}[i%3]}, "a.csv", r); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	files, waiting, err := batch.Scan(d.Inbox)
	if err != nil || len(files) != 100 || len(waiting) != 0 {
		t.Fatalf("%d files, %d wait, %v", len(files), len(waiting), err)
	}
	seen := map[string]bool{}
	for _, f := range files {
		b, err := os.ReadFile(f.Path)
		if err != nil || strings.Count(string(b), ";") != 10 {
			t.Errorf("%s: %q %v", f.Name, b, err)
		}
		seen[string(b)] = true
	}
	if len(seen) != 100 {
		t.Errorf("%d different files", len(seen))
	}
}

// TestRecover puts the folders into each state that a kill can leave.
func TestRecover(t *testing.T) {
	d := given(t)
	u, err := d.Receive(t.Context(), hnd, "a.csv", strings.NewReader("whole"))
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(d.Inbox, "HND")
	// In the ledger and not yet moved; and bytes of which no more came.
	if err := errors.Join(os.Rename(filepath.Join(dir, u.ID, "a.csv"), d.part(u)),
		os.WriteFile(filepath.Join(dir, ".upload-20260301T120001Z-0123456789ab.part"), []byte("half"), 0o600),
		os.Mkdir(filepath.Join(dir, "upload-20260301T110000Z-0123456789ab"), 0o700)); err != nil {
		t.Fatal(err)
	}
	if s, err := d.Status(u); err != nil || s.Outcome != Waiting {
		t.Errorf("before: %+v %v", s, err)
	}
	in, removed, err := d.Recover()
	if err != nil || len(in) != 1 || in[0] != u || removed != 1 {
		t.Errorf("%v handed in, %d removed, %v", in, removed, err)
	}
	if names := left(t, d.Inbox); len(names) != 1 || names[0] != "HND/"+u.ID+"/a.csv" {
		t.Errorf("left: %v", names)
	}
	if s, err := d.Status(u); err != nil || s.Outcome != Waiting {
		t.Errorf("after: %+v %v", s, err)
	}
	if in, removed, err := d.Recover(); len(in) != 0 || removed != 0 || err != nil {
		t.Errorf("again: %v %d %v", in, removed, err)
	}
}

func TestStatus(t *testing.T) {
	d := given(t)
	u, err := d.Receive(t.Context(), hnd, "a.csv", strings.NewReader("whole"))
	if err != nil {
		t.Fatal(err)
	}
	lies := filepath.Join(d.Inbox, "HND", u.ID, "a.csv")
	to := filepath.Join(d.Refused, "HND", u.ID)
	receipt, err := json.Marshal(map[string]any{"run_id": "r1", "outcome": "refused", "file": "a.csv", "file_sha256": u.SHA256,
		"findings": []any{map[string]any{"code": "TIP-V001", "severity": "error", "subject": map[string]any{"file": "a.csv", "sheet": "a", "cell": "B2"}}}})
	if err := errors.Join(err, os.MkdirAll(to, 0o700), os.WriteFile(filepath.Join(to, "a.csv"+batch.ReceiptEnding), receipt, 0o600),
		os.WriteFile(filepath.Join(to, "a.review.xlsx"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	if s, err := d.Status(u); err != nil || s.Outcome != Waiting {
		t.Errorf("papers alone, of a run that may be killed yet: %+v %v", s, err)
	}
	if err := os.Rename(lies, filepath.Join(to, "a.csv")); err != nil {
		t.Fatal(err)
	}
	d.Sweep(u)
	s, err := d.Status(u)
	if err != nil || s.Outcome != "refused" || s.Review != filepath.Join(to, "a.review.xlsx") || s.Receipt.RunID != "r1" {
		t.Fatalf("%+v %v", s, err)
	}
	if f := s.Receipt.Findings; len(f) != 1 || f[0].Code != "TIP-V001" || f[0].Subject.Cell != "B2" {
		t.Errorf("%+v", f)
	}
	if err := os.RemoveAll(to); err != nil {
		t.Fatal(err)
	}
	if s, err := d.Status(u); err != nil || s.Outcome != Lost {
		t.Errorf("taken away: %+v %v", s, err)
	}
}

// TestAhead counts those that came before, of whatever State.
func TestAhead(t *testing.T) {
	d := given(t)
	at := d.Now()
	d.Now = func() time.Time { at = at.Add(time.Second); return at }
	var last Upload
	for _, area := range []string{"GTM", "HND", "SLV"} {
		var err error
		if last, err = d.Receive(t.Context(), Sender{RefArea: area}, "a.csv", strings.NewReader(area)); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := d.Ahead(last, Status{Outcome: Waiting}); err != nil || n != 2 {
		t.Errorf("%d %v", n, err)
	}
	if areas, err := d.States(); err != nil || strings.Join(areas, " ") != "GTM HND SLV" {
		t.Errorf("%v %v", areas, err)
	}
}
