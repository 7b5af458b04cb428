package main

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oas/tipstat/ingest/batch"
	"github.com/oas/tipstat/ingest/inbox"
	"github.com/oas/tipstat/testdata/golden"
	"github.com/oas/tipstat/testdata/scale"
	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/store"
)

// TestRunText: what is told of a run in each language, as it is kept and as it leaves the
// house.
func TestRunText(t *testing.T) {
	r := &runReport{RunID: "20241001T120000Z-09e1ff", Started: time.Date(2024, 10, 1, 12, 0, 0, 0, time.UTC), Seconds: 61.25, Outcome: runFailed, Fault: "no space left on device, at INTERNAL",
		Files: []batch.Item{
			{Name: "HND/a.xlsx", Outcome: inbox.Accepted, SubmissionID: "0a682ead22ef", Layout: "oas-tip", Rows: 12, Placed: "HND/a.xlsx", Findings: []batch.Count{{Code: "TIP-V020", Severity: record.Warning, Count: 2}}},
			{Name: "b.csv", Outcome: inbox.Already, SubmissionID: "1a682ead22ef", Placed: "b-1a682ead.csv", Findings: []batch.Count{{Code: "TIP-S001", Severity: record.Info, Count: 1}}},
			{Name: "c.csv", Outcome: inbox.Refused, SHA256: "HASH", Persons: true, Placed: "c.csv", Findings: []batch.Count{{Code: "TIP-P001", Severity: record.Error, Count: 1}}},
			{Name: "….csv", Outcome: inbox.Refused, Persons: true, Deleted: true, Placed: "2a682ead22ef.csv", Findings: []batch.Count{{Code: "TIP-P009", Severity: record.Error, Count: 1}}},
			{Name: "d\x1b[2J.csv", Outcome: batch.Failed, Fault: "permission denied, at INTERNAL"},
		},
		Waiting:   []batch.Waiting{{Name: "v", Why: batch.Writing}, {Name: "w", Why: batch.Temporary}, {Name: "x", Why: batch.InUse}, {Name: "y", Why: batch.NotRegular}, {Name: "z", Why: batch.Changed}},
		Published: &runPublished{What: []string{"pack", "tables"}, Written: []string{"a", "b"}, Unchanged: 3, Held: "1 of 5 figures can be told, INTERNAL", Said: []string{"INTERNAL"}},
		Notices:   []runNotice{{Kind: "webhook"}, {Kind: "mail", Error: "mail by smtp.example.org:587: timeout"}},
	}
	r.count()
	var all strings.Builder
	for _, lang := range record.Languages {
		b := &batchRun{app: &app{lang: lang}, c: &config{Inbox: "inbox", Accepted: "accepted", Refused: "refused", Runs: "runs", Out: "out"}, report: r}
		all.WriteString(b.runText(r) + "\n")
		away := b.outside(b.report)
		text := b.runText(away)
		if lang == "en" {
			all.WriteString("Away from the house\n" + text + "\n")
		}
		if strings.Contains(text, "INTERNAL") || away.Files[2].SHA256 != "" || away.Published.Said != nil || strings.Contains(text, "\x1b") {
			t.Errorf("%s: what leaves the house tells too much:\n%s", lang, text)
		}
		none, over := *r, &runReport{Outcome: runNothing}
		none.Outcome, none.Fault = runInterrupted, ""
		interrupted := strings.Split(strings.TrimSpace(b.runText(&none)), "\n")
		all.WriteString(b.runText(over) + interrupted[len(interrupted)-1] + "\n\n")
	}
	if r.Files[2].SHA256 == "" || r.Published.Said == nil || r.Fault == "" {
		t.Error("the report itself was changed")
	}
	golden.Compare(t, "run.txt", all.String())
}

// TestRunKilled kills runs at any time, as kill -9 does, and lets the last one end: each
// file lies in one folder with its papers, and is in the store once.
func TestRunKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("kills a program many times")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "work")
	if r := tipstat(t, "init", dir); r.code != exitDone {
		t.Fatal(r.err)
	}
	layout, err := os.ReadFile(filepath.Join(samplesDir, "layouts/sample-bra-vitimas-uf.yaml"))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "layouts/bra.yaml"), layout, 0o600)
	}
	good, err2 := os.ReadFile(filepath.Join(samplesDir, "bra-vitimas-uf.csv"))
	bad, err3 := os.ReadFile(filepath.Join(samplesDir, "bad/text-in-number.csv"))
	if err := errors.Join(err, err2, err3); err != nil {
		t.Fatal(err)
	}
	kills := scale.Of(6, 200)
	files := 6 * kills // enough to be at work whenever it comes
	for i := range files {
		text := good
		if i%3 == 2 {
			text = bad
		}
		text = append(slices.Clone(text), bytes.Repeat([]byte("\n"), i)...) // other bytes, the same rows
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("inbox/f%04d.csv", i)), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	random := rand.New(rand.NewPCG(8, 1))
	killed := 0
	for range kills {
		cmd := exec.Command(self)
		cmd.Args = []string{"tipstat", "-w", dir, "run", "--settle", "0s"}
		cmd.Env = append(os.Environ(), "TIPSTAT_NOW=real")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(100+random.IntN(600))*time.Millisecond, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait()
		timer.Stop()
		if cmd.ProcessState.ExitCode() < 0 {
			killed++
		}
	}
	t.Logf("%d of %d runs were killed", killed, kills)
	if killed < kills/2 {
		t.Errorf("only %d of %d runs were killed", killed, kills)
	}
	r := tipstat(t, "-w", dir, "run", "--settle", "0s")
	if r.code != exitDone && r.code != exitRefused {
		t.Fatalf("exit code %d\n%s", r.code, r.err)
	}
	for i := range files {
		folder, name := "accepted", fmt.Sprintf("f%04d.csv", i)
		if i%3 == 2 {
			folder = "refused"
		}
		for _, part := range []string{name, name + batch.ReceiptEnding, name + findingsEnding} {
			if _, err := os.Stat(filepath.Join(dir, folder, part)); err != nil {
				t.Errorf("%v", err)
			}
		}
	}
	for folder, want := range map[string]int{"inbox": 0, "accepted": files / 3 * 2, "refused": files / 3} {
		names, err := filepath.Glob(filepath.Join(dir, folder, "f*.csv"))
		if err != nil || len(names) != want {
			t.Errorf("%d files in %s, want %d (%v)", len(names), folder, want, err)
		}
	}
	st, err := store.OpenReadOnly(t.Context(), filepath.Join(dir, "tipstat.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	subs, err := st.History(t.Context())
	if err != nil || len(subs) != files/3*2 {
		t.Errorf("%d submissions, want %d (%v)", len(subs), files/3*2, err)
	}
}
