package hostile_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/oas/tipstat/ingest/inbox"
	"github.com/oas/tipstat/ingest/layout"
	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/ingest/template"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/store"
)

const (
	samples = "../../testdata/samples"
	// job tells a child process what to do, by the name of a file in JSON.
	job = "TIPSTAT_TEST_HOSTILE"
	// mostMB is the memory that a process may take while it reads hostile files.
	mostMB = 1024
	// longest is how much time of processors one file may take, and patience how long it may
	// be read by the clock, where others use the processors too.
	longest, patience = 10 * time.Second, 2 * time.Minute
)

func TestMain(m *testing.M) {
	name := os.Getenv(job)
	if name == "" {
		os.Exit(m.Run())
	}
	if err := child(name); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// work is what a child does: files that lie there, or mutations that it makes itself.
type work struct {
	Files   []string // to be taken in
	Base    string   // folder of files to be mutated
	From    uint64   // first seed
	To      uint64   // the seed after the last
	Step    uint64
	Results string // file for what became of them
}

// result is what became of one file.
type result struct {
	Name    string
	How     string // it was mutated
	Outcome string
	Codes   []string // of errors
	Notes   []string // of warnings
	Took    time.Duration
	MB      int64  // peak while it was read, of the whole process
	Fault   string // what may never happen
}

// runs gives the work to a process of its own and what came of it.
func (w work) runs(t *testing.T) (out []result) {
	t.Helper()
	dir := t.TempDir()
	w.Results = filepath.Join(dir, "results")
	b, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "job")
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run=^$")
	cmd.Env = append(os.Environ(), job+"="+name)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	died := cmd.Run()
	b, err = os.ReadFile(w.Results)
	if err != nil && died == nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(b) {
		var r result
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		out = append(out, r)
	}
	if died != nil {
		t.Fatalf("the process was taken down after %d files: %v\n%s", len(out), died, said.Bytes()[:min(said.Len(), 4000)])
	}
	return out
}

// taker takes files in, into a store that holds a submission already.
type taker struct {
	in   *inbox.Inbox
	dir  string
	dump string // of all tables
}

func newTaker(ctx context.Context) (*taker, error) {
	dir, err := os.MkdirTemp("", "tipstat-hostile-*")
	if err != nil {
		return nil, err
	}
	codes, err := codelist.Load(nil)
	if err != nil {
		return nil, err
	}
	layouts, err := layout.Load(os.DirFS(samples+"/layouts"), codes)
	if err != nil {
		return nil, err
	}
	form, err := template.Load(codes)
	if err != nil {
		return nil, err
	}
	st, err := store.Settings{Memory: "256MB", Threads: 1}.Open(ctx, filepath.Join(dir, "store.duckdb"))
	if err != nil {
		return nil, err
	}
	k := &taker{dir: dir, in: &inbox.Inbox{Store: st, Codes: codes, Layouts: layouts, Form: form, Originals: filepath.Join(dir, "originals"),
		Now: func() time.Time { return time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC) }, RunID: "run-1", Version: "test", Command: "go test"}}
	r, err := k.in.File(ctx, samples+"/hti-victimes-trimestre.csv", inbox.Options{})
	if err != nil || r.Outcome != inbox.Accepted {
		return nil, fmt.Errorf("the first file: %+v, %w", r, err)
	}
	k.dump, err = k.tables(ctx)
	return k, err
}

func (k *taker) close() error { return errors.Join(k.in.Store.Close(), os.RemoveAll(k.dir)) }

// tables gives a hash of every row of every table, and of the names of the originals.
func (k *taker) tables(ctx context.Context) (string, error) {
	hash := sha256.New()
	var names []string
	rows, err := k.in.Store.DB().QueryContext(ctx, "SELECT table_name FROM duckdb_tables() WHERE NOT internal AND NOT temporary ORDER BY 1")
	if err != nil {
		return "", err
	}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return "", err
		}
		names = append(names, name)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return "", err
	}
	for _, name := range names {
		var n int64
		var sum string
		q := "SELECT count(*), coalesce(bit_xor(hash(t::VARCHAR)), 0)::VARCHAR || coalesce(sum(hash(t::VARCHAR)), 0)::VARCHAR FROM " + store.Quoted(name) + " t"
		if err := k.in.Store.DB().QueryRowContext(ctx, q).Scan(&n, &sum); err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
		fmt.Fprintln(hash, name, n, sum)
	}
	kept, err := os.ReadDir(k.in.Originals)
	for _, f := range kept {
		fmt.Fprintln(hash, f.Name())
	}
	return fmt.Sprintf("%x", hash.Sum(nil)), err
}

// take does with a file what do does, and tells what became of it.
func (k *taker) take(ctx context.Context, path string, do func(context.Context, string, inbox.Options) (*inbox.Receipt, error), dump bool) (*inbox.Receipt, result) {
	out := result{Name: filepath.Base(path)}
	forgetPeak()
	start := processors()
	r, err := do(ctx, path, inbox.Options{ReadTime: patience})
	out.Took, out.MB = processors()-start, peakMB()
	switch {
	case err != nil:
		out.Fault = "an error and no refusal: " + err.Error()
		return nil, out
	case out.Took > longest:
		out.Fault = "it took " + out.Took.String()
	case out.MB > mostMB:
		out.Fault = fmt.Sprintf("it took %d MB", out.MB)
	}
	out.Outcome = r.Outcome
	for _, f := range r.Findings {
		switch {
		case f.Code == sheet.CodeFault || f.Code == sheet.CodeTime:
			out.Fault = f.Subject.String() + ": " + f.Message("en")
		case f.Severity == record.Error:
			out.Codes = append(out.Codes, f.Code)
		default:
			out.Notes = append(out.Notes, f.Code)
		}
		if len(out.Codes) > 100 {
			break
		}
	}
	if !dump {
		return r, out
	}
	now, err := k.tables(ctx)
	switch {
	case err != nil:
		out.Fault = "the store can't be read: " + err.Error()
	case now != k.dump && r.Outcome != inbox.Accepted:
		out.Fault = "the store is not what it was"
	}
	k.dump = now
	return r, out
}

// child is the process that reads.
func child(name string) error {
	b, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	var w work
	if err := json.Unmarshal(b, &w); err != nil {
		return err
	}
	f, err := os.OpenFile(w.Results, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	ctx := context.Background()
	k, err := newTaker(ctx)
	if err != nil {
		return err
	}
	tell := json.NewEncoder(f)
	for _, path := range w.Files {
		debug.FreeOSMemory() // so that the next peak is of the next file
		_, r := k.take(ctx, path, k.in.File, true)
		if err := tell.Encode(r); err != nil {
			return err
		}
	}
	if w.Base != "" {
		if err := k.mutate(ctx, w, tell); err != nil {
			return err
		}
	}
	return errors.Join(f.Close(), k.close())
}

// processors is the time of processors that this process has used.
func processors() time.Duration {
	var of syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &of); err != nil {
		return 0
	}
	return time.Duration(of.Utime.Nano() + of.Stime.Nano())
}

var highWater = regexp.MustCompile(`(?m)^VmHWM:\s+(\d+) kB$`)

// peakMB is the most memory that this process has had since forgetPeak, as Linux counts it.
func peakMB() int64 {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	m := highWater.FindSubmatch(b)
	if m == nil {
		return 0
	}
	kb, err := strconv.ParseInt(string(m[1]), 10, 64)
	if err != nil {
		return 0
	}
	return kb >> 10
}

// forgetPeak makes Linux count anew. Where it can't, the peak is of all files so far, which
// can only fail a test that should pass.
func forgetPeak() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o600) }

// has tells whether a finding is among codes.
func has(codes []string, code string) bool {
	return strings.Contains(" "+strings.Join(codes, " ")+" ", " "+code+" ")
}
