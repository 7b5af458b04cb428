package inbox

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/oas/tipstat/ingest/layout"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/store"
)

// TestMain: with INGEST_INTO set the test binary is another process that takes files into
// the workspace of that name, says each that was accepted, and kills itself where KILL_AT
// says. With KILL_AT=? it says where it could.
func TestMain(m *testing.M) {
	dir := os.Getenv("INGEST_INTO")
	if dir == "" {
		os.Exit(m.Run())
	}
	at := os.Getenv("KILL_AT")
	reached = func(point string) {
		switch at {
		case "?":
			fmt.Println("point", point)
		case point:
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		}
	}
	if err := ingestAll(dir, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// ingestAll takes files into a workspace.
func ingestAll(dir string, files []string) error {
	ctx := context.Background()
	codes, err := codelist.Load(nil)
	if err != nil {
		return err
	}
	layouts, err := layout.Load(os.DirFS(samples+"/layouts"), codes)
	if err != nil {
		return err
	}
	st, err := store.Open(ctx, filepath.Join(dir, "store.duckdb"))
	if err != nil {
		return err
	}
	in := &Inbox{Store: st, Codes: codes, Layouts: layouts, Originals: filepath.Join(dir, "originals"), Now: time.Now, RunID: "run", Version: "test", Command: "go test"}
	for _, name := range files {
		r, err := in.File(ctx, name, Options{})
		if err != nil {
			return err
		}
		fmt.Println(r.Outcome, r.SHA256)
	}
	return st.Close()
}

// ingesting starts such a process, and gives what it says line by line.
func ingesting(t *testing.T, dir, killAt string, files ...string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, files...)
	cmd.Env = append(os.Environ(), "INGEST_INTO="+dir, "KILL_AT="+killAt)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out)
}

// whole checks a workspace, and gives the hashes of what it accepted.
func whole(t *testing.T, dir string) (accepted []string) {
	t.Helper()
	name := filepath.Join(dir, "store.duckdb")
	if damaged, err := store.Damaged(name); err != nil || len(damaged) > 0 { // as it was left
		t.Errorf("%v: %+v", err, damaged)
	}
	st, err := store.Open(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	c, err := st.Check(t.Context(), filepath.Join(dir, "originals"))
	if err != nil || len(c.Faults) > 0 {
		t.Errorf("%v: %+v", err, c.Faults)
	}
	subs, err := st.History(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range subs {
		accepted = append(accepted, s.SHA256)
	}
	if err := st.Close(); err != nil {
		t.Error(err)
	}
	return accepted
}

// TestKilledAtEachPoint: wherever the storing of a file is broken off, the store has all of
// it or nothing, and the next run has it once.
func TestKilledAtEachPoint(t *testing.T) {
	file := samples + "/hti-victimes-trimestre.csv"
	var points []string
	cmd, said := ingesting(t, t.TempDir(), "?", file)
	for said.Scan() {
		if p, ok := strings.CutPrefix(said.Text(), "point "); ok {
			points = append(points, p)
		}
	}
	if err := cmd.Wait(); err != nil || len(points) < 8 || points[len(points)-1] != "committed" {
		t.Fatal(err, points)
	}
	for _, at := range points {
		t.Run(at, func(t *testing.T) {
			dir := t.TempDir()
			cmd, said := ingesting(t, dir, at, file)
			for said.Scan() {
				if strings.HasPrefix(said.Text(), Accepted) {
					t.Error("it was not killed")
				}
			}
			if err := cmd.Wait(); err == nil {
				t.Error("it ended by itself")
			}
			if n := len(whole(t, dir)); n != map[bool]int{true: 1}[at == "committed"] {
				t.Errorf("%d submissions", n)
			}
			cmd, said = ingesting(t, dir, "", file)
			for said.Scan() {
			}
			if err := cmd.Wait(); err != nil {
				t.Fatal(err)
			}
			if n := len(whole(t, dir)); n != 1 {
				t.Errorf("%d submissions after the next run", n)
			}
		})
	}
}

// TestKilledAnywhere: a process that takes files in is killed at any time, again and again
// over the same store: nothing that it said to be accepted is lost, nothing is there twice,
// nothing in part. TIPSTAT_KILLS says how often.
func TestKilledAnywhere(t *testing.T) {
	kills := 8
	if n, err := strconv.Atoi(os.Getenv("TIPSTAT_KILLS")); err == nil {
		kills = n
	}
	form, err := os.ReadFile(samples + "/hti-victimes-trimestre.csv")
	if err != nil {
		t.Fatal(err)
	}
	dir, r := t.TempDir(), rand.New(rand.NewPCG(8, 3))
	vintages := func(round int) (files []string) { // each of three figures of its own
		for i := range 3 {
			n := 3*round + i
			text := strings.Replace(string(form), "33,14,47", fmt.Sprintf("%d,14,%d", 33+n, 47+n), 1)
			name := filepath.Join(dir, fmt.Sprintf("%d-%d.csv", round, i))
			if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			files = append(files, name)
		}
		return files
	}
	start := time.Now() // what it takes here, and now
	cmd, said := ingesting(t, dir, "", vintages(0)...)
	for said.Scan() {
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	takes := time.Since(start)
	var told []string
	cut := 0
	for round := 1; round <= kills; round++ {
		cmd, said := ingesting(t, dir, "", vintages(round)...)
		timer := time.AfterFunc(time.Duration(r.Int64N(int64(takes))), func() { _ = cmd.Process.Kill() })
		for said.Scan() {
			if sum, ok := strings.CutPrefix(said.Text(), Accepted+" "); ok {
				told = append(told, sum)
			}
		}
		if err := cmd.Wait(); err != nil {
			cut++
		}
		timer.Stop()
		if round%10 == 0 || round == kills {
			there := whole(t, dir)
			for _, sum := range told {
				if !slices.Contains(there, sum) {
					t.Fatalf("round %d: %s was accepted, and is lost", round, sum)
				}
			}
			slices.Sort(there)
			if n := len(slices.Compact(slices.Clone(there))); n != len(there) {
				t.Errorf("%d submissions of %d files", len(there), n)
			}
		}
	}
	t.Logf("%d of %d were killed; %d files were accepted before", cut, kills, len(told))
	if cut < kills/4 || len(told) < kills/4 {
		t.Error("the kills test little")
	}
}
