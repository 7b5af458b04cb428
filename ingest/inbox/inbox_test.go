package inbox

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oas/tipstat/ingest/layout"
	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/store"
)

const samples = "../../testdata/samples"

// open gives an inbox with an empty store and the layouts of the samples.
func open(t *testing.T) *Inbox {
	t.Helper()
	codes, err := codelist.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	layouts, err := layout.Load(os.DirFS(samples+"/layouts"), codes)
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "store.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	return &Inbox{Store: st, Codes: codes, Layouts: layouts, Originals: filepath.Join(t.TempDir(), "originals"),
		Now: func() time.Time { return time.Date(2024, 10, 1, 12, 0, 0, 0, time.UTC) }, RunID: "run-1", Version: "test", Command: "go test"}
}

func history(t *testing.T, in *Inbox) []store.Submission {
	t.Helper()
	subs, err := in.Store.History(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return subs
}

func take(t *testing.T, in *Inbox, path string, opts Options) *Receipt {
	t.Helper()
	r, err := in.File(t.Context(), path, opts)
	if err != nil {
		t.Fatal(err)
	}
	if r.Findings == nil {
		t.Errorf("%s: no list of findings; want an empty one", path)
	}
	return r
}

func TestFileAccepted(t *testing.T) {
	in := open(t)
	var seen int64
	r := take(t, in, samples+"/hti-victimes-trimestre.csv", Options{Progress: func(n int64) { seen = max(seen, n) }})
	if r.Outcome != Accepted || r.Layout != "sample-hti-victimes-trimestre" || r.Format != "csv" || r.SubmissionID != r.SHA256[:12] {
		t.Errorf("%+v", r)
	}
	var sum int64
	for _, a := range r.Account {
		sum += a.Rows
	}
	if r.Rows != 9 || sum != 9 {
		t.Errorf("%d rows, %d in the account; want 9", r.Rows, sum)
	}
	subs := history(t, in)
	if len(subs) != 1 || subs[0].ID != r.SubmissionID || subs[0].RunID != "run-1" || !subs[0].ReceivedAt.Equal(in.Now()) || subs[0].FileName != r.File {
		t.Errorf("%+v", subs)
	}

	// The original is kept as it came, for its owner alone, under its hash.
	want, err := os.ReadFile(samples + "/hti-victimes-trimestre.csv")
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(in.Originals, r.SHA256)
	if have, err := os.ReadFile(name); err != nil || string(have) != string(want) {
		t.Errorf("the original: %d bytes, %v", len(have), err)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the original may be read by others: %v %v", info.Mode(), err)
	}
	if info, err := os.Stat(in.Originals); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder of originals may be read by others: %v %v", info.Mode(), err)
	}
}

func TestFileOnce(t *testing.T) {
	in := open(t)
	first := take(t, in, samples+"/bra-vitimas-uf.csv", Options{})
	copied := filepath.Join(t.TempDir(), "another name.txt")
	b, err := os.ReadFile(samples + "/bra-vitimas-uf.csv")
	if err == nil {
		err = os.WriteFile(copied, b, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	second := take(t, in, copied, Options{})
	if second.Outcome != Already || second.SubmissionID != first.SubmissionID || len(second.Findings) != 1 || second.Findings[0].Code != "TIP-S001" {
		t.Errorf("%+v", second)
	}
	if subs := history(t, in); len(subs) != 1 {
		t.Errorf("%d submissions", len(subs))
	}
}

// TestFileRefused keeps nothing of a refused file, neither rows nor original.
func TestFileRefused(t *testing.T) {
	in := open(t)
	for file, code := range map[string]string{"text-in-number.csv": "TIP-V001", "truncated.xlsx": "TIP-F003", "unknown-header.csv": "TIP-L001",
		"missing-column.csv": "TIP-L002", "empty.csv": "TIP-F002", "no-rows.csv": "TIP-L009"} {
		r := take(t, in, samples+"/bad/"+file, Options{})
		if r.Outcome != Refused || r.SubmissionID != "" || r.Findings.Err() == nil ||
			!slices.ContainsFunc(r.Findings, func(f record.Finding) bool { return f.Code == code }) {
			t.Errorf("%s: %+v", file, r)
		}
	}
	if subs := history(t, in); len(subs) != 0 {
		t.Errorf("%d submissions", len(subs))
	}
	if _, err := os.Stat(in.Originals); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("originals of refused files: %v", err)
	}
}

// TestCheck reads without a store.
func TestCheck(t *testing.T) {
	in := open(t)
	in.Store, in.Originals = nil, ""
	for file, want := range map[string]string{"gtm-rutas.xlsx": Accepted, "bad/blank-cell.csv": Refused, "bad/empty.csv": Refused} {
		r, err := in.Check(t.Context(), filepath.Join(samples, file), Options{})
		if err != nil || r.Outcome != want || r.SubmissionID != "" {
			t.Errorf("%s: %+v, %v; want %s", file, r, err, want)
		}
	}
}

func TestReferenceDate(t *testing.T) {
	declared := time.Date(2015, 3, 14, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct{ declared, want time.Time }{
		{declared, declared},
		{time.Time{}, time.Date(2010, 2, 17, 0, 0, 0, 0, time.UTC)}, // the last action in the file
	} {
		in := open(t)
		take(t, in, samples+"/oas-protocolo-trata.csv", Options{ReferenceDate: c.declared})
		if subs := history(t, in); len(subs) != 1 || !subs[0].ReferenceDate.Equal(c.want) {
			t.Errorf("%v; want the reference date %v", subs, c.want)
		}
	}
}

// TestFaultsOfTheMachine are errors, no findings, and store nothing.
func TestFaultsOfTheMachine(t *testing.T) {
	in := open(t)
	if r, err := in.File(t.Context(), samples+"/nosuch.csv", Options{}); !errors.Is(err, fs.ErrNotExist) || r != nil {
		t.Errorf("%v, %v", r, err)
	}
	if _, err := in.File(t.Context(), samples, Options{}); err == nil {
		t.Error("a folder was taken for a file")
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if r, err := in.File(cancelled, samples+"/cri-casos.csv", Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v", r, err)
	}

	// Where the original can't be kept, the file is not accepted either.
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	in.Originals = filepath.Join(blocked, "originals")
	if r, err := in.File(t.Context(), samples+"/cri-casos.csv", Options{}); err == nil {
		t.Errorf("%+v", r)
	}
	if subs := history(t, in); len(subs) != 0 {
		t.Errorf("%d submissions", len(subs))
	}

	// The inbox goes on after all of these.
	in.Originals = ""
	if r := take(t, in, samples+"/cri-casos.csv", Options{}); r.Outcome != Accepted {
		t.Errorf("%+v", r)
	}
}

// TestInterrupted stops in the middle of a file: nothing of it is stored, and
// the next attempt takes it whole.
func TestInterrupted(t *testing.T) {
	in := open(t)
	var text strings.Builder
	text.WriteString("SAMPLE\nFecha de registro,Sexo,Edad,Nacionalidad,Forma de explotación,Condición,Delito\n")
	for range 20_000 {
		text.WriteString("02/01/2022,Mujer,30,Colombiana,Trabajos forzados,Víctima identificada,Trata de personas\n")
	}
	file := filepath.Join(t.TempDir(), "cases.csv")
	if err := os.WriteFile(file, []byte(text.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, err := in.File(ctx, file, Options{Progress: func(n int64) {
		if n > 1000 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) || r != nil && r.Outcome == Accepted {
		t.Fatalf("%+v, %v", r, err)
	}
	var rows int
	if err := in.Store.DB().QueryRowContext(t.Context(), `SELECT count(*) FROM case_row`).Scan(&rows); err != nil || rows != 0 {
		t.Errorf("%d case rows of an interrupted file, %v", rows, err)
	}
	if r := take(t, in, file, Options{}); r.Outcome != Accepted || r.Rows != 20_000 {
		t.Errorf("%+v", r)
	}
}

func TestLayoutByID(t *testing.T) {
	in := open(t)
	if l, ok := in.LayoutByID("sample-cri-casos"); !ok || l.ID != "sample-cri-casos" {
		t.Errorf("%v %v", l, ok)
	}
	if l, ok := in.LayoutByID("nosuch"); ok || l != nil {
		t.Errorf("%v %v", l, ok)
	}
}

// TestReadTime refuses a file whose reading takes longer than is allowed.
func TestReadTime(t *testing.T) {
	in := open(t)
	r := take(t, in, samples+"/bra-vitimas-uf.csv", Options{ReadTime: time.Nanosecond})
	if r.Outcome != Refused || len(r.Findings) != 1 || r.Findings[0].Code != sheet.CodeTime {
		t.Errorf("%+v", r)
	}
	if subs := history(t, in); len(subs) != 0 {
		t.Errorf("stored: %+v", subs)
	}
}

// TestValidate tells what ingestion would, the rules on figures included, and
// leaves the store and the originals as they were, before and after the same
// bytes were accepted.
func TestValidate(t *testing.T) {
	in := open(t)
	try := func(name string) *Receipt {
		t.Helper()
		r, err := in.Validate(t.Context(), samples+"/"+name, Options{})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	codesOf := func(r *Receipt) (codes []string) {
		for _, f := range r.Findings {
			codes = append(codes, f.Code+" "+f.Subject.Cell)
		}
		return codes
	}
	tried := try("bad/two-values.csv")
	if tried.Outcome != Accepted || tried.SubmissionID != "" || !slices.Contains(codesOf(tried), "TIP-V018 C6") {
		t.Errorf("%+v", tried)
	}
	if subs := history(t, in); len(subs) != 0 {
		t.Errorf("%d submissions after a try", len(subs))
	}
	if _, err := os.Stat(in.Originals); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the original was kept: %v", err)
	}
	var rows int
	for _, table := range []string{"submission", "figure", "observation", "finding", "row_account", "breakdown", "run"} {
		if err := in.Store.DB().QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&rows); err != nil || rows != 0 {
			t.Errorf("%s: %d rows after a try, %v", table, rows, err)
		}
	}
	taken := take(t, in, samples+"/bad/two-values.csv", Options{})
	again := try("bad/two-values.csv")
	if again.Outcome != Accepted || !slices.Equal(codesOf(again), codesOf(tried)) || !slices.Equal(codesOf(taken), codesOf(tried)) {
		t.Errorf("tried %q\ntaken %q\nagain %q", codesOf(tried), codesOf(taken), codesOf(again))
	}
	if r := try("bad/text-in-number.csv"); r.Outcome != Refused || r.Unreadable {
		t.Errorf("%+v", r)
	}
	if r := try("bad/truncated.xlsx"); r.Outcome != Refused || !r.Unreadable {
		t.Errorf("%+v", r)
	}
	if subs := history(t, in); len(subs) != 1 {
		t.Errorf("%d submissions", len(subs))
	}
}
