package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/oas/tipstat/testdata/realdata"
	"github.com/oas/tipstat/transform/store"
)

// now is the clock of every test: outputs hold the day a file was received.
const now = "2024-10-01T12:00:00Z"

// repo is the root of the repository, seen from this folder.
const repo = "../.."

// temporary holds what is made once for all tests.
var temporary string

type withTemporary struct{ *testing.M }

func (m withTemporary) Run() int {
	dir, err := os.MkdirTemp("", "tipstat-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	temporary = dir
	return m.M.Run()
}

// TestMain makes two commands of the test binary: tipstat, which differs from
// the real one in its clock alone, and in that it kills itself if asked to, and holdstore, which keeps a store open.
func TestMain(m *testing.M) {
	testscript.Main(withTemporary{m}, map[string]func(){
		"tipstat": func() {
			a := at(os.Getenv("TIPSTAT_NOW"), os.Stdin, os.Stdout, os.Stderr)
			if os.Getenv("TIPSTAT_NOW") == "real" {
				a.now = time.Now
			}
			if os.Getenv("TIPSTAT_KILLED") != "" { // as by kill -9, between the commit of a file and its move
				a.committed = func() {
					p, err := os.FindProcess(os.Getpid())
					fmt.Fprintln(os.Stderr, "killed", err, p.Kill())
					time.Sleep(time.Minute)
				}
			}
			os.Exit(a.run(context.Background(), os.Args[1:]))
		},
		"holdstore": func() { os.Exit(holdStore(os.Args[1], os.Args[2])) },
	})
}

// at gives the program with its clock stopped.
func at(when string, in io.Reader, out, errw io.Writer) *app {
	return &app{in: in, out: out, err: errw, now: func() time.Time {
		t, _ := time.Parse(time.RFC3339, when) // a wrong one is seen in the outputs
		return t
	}}
}

// holdStore keeps a store open until it is killed, and says by a file that it has it.
func holdStore(path, ready string) int {
	st, err := store.Open(context.Background(), path)
	if err == nil {
		err = os.WriteFile(ready, nil, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	time.Sleep(time.Minute)
	_ = st.Close()
	return 1 // nobody came to kill it
}

// result is what one call of tipstat gave.
type result struct {
	code        int
	stdout, err string
}

// tipstat calls the program in this process.
func tipstat(t *testing.T, args ...string) result {
	t.Helper()
	var out, errw bytes.Buffer
	code := at(now, strings.NewReader(""), &out, &errw).run(t.Context(), args)
	return result{code, out.String(), errw.String()}
}

// demoOnce makes the workspace with all samples ingested.
var demoOnce = sync.OnceValues(func() (string, error) {
	dir := filepath.Join(temporary, "demo")
	var errw bytes.Buffer
	if code := at(now, strings.NewReader(""), io.Discard, &errw).run(context.Background(), []string{"demo", dir}); code != exitDone {
		return "", fmt.Errorf("tipstat demo: exit code %d\n%s", code, errw.String())
	}
	return dir, nil
})

// sampled puts a workspace with all samples ingested at dir.
func sampled(dir string) error {
	demo, err := demoOnce()
	if err != nil {
		return err
	}
	return os.CopyFS(dir, os.DirFS(demo))
}

func sampledWorkspace(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "work")
	if err := sampled(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// glotipOnce makes a workspace with UNODC's own file, of which it is decided what is withheld.
var glotipOnce = sync.OnceValues(func() (string, error) {
	dir := filepath.Join(temporary, "glotip")
	for _, args := range [][]string{{"init", dir}, {"-w", dir, "ingest", glotipFile}, {"-w", dir, "report", "victims", "-o", filepath.Join(temporary, "glotip.csv")}} {
		var errw bytes.Buffer
		if code := at(now, strings.NewReader(""), io.Discard, &errw).run(context.Background(), args); code != exitDone {
			return "", fmt.Errorf("tipstat %v: exit code %d\n%s", args, code, errw.String())
		}
	}
	return dir, nil
})

var glotipFile string // set by the first who asks

// glotipWorkspace is a copy of it.
func glotipWorkspace(t *testing.T) string {
	t.Helper()
	glotipFile = realdata.File(t, "unodc-glotip/data_glotip.xlsx")
	made, err := glotipOnce()
	dir := filepath.Join(t.TempDir(), "work")
	if err == nil {
		err = os.CopyFS(dir, os.DirFS(made))
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// dump says of every table of a store how many rows it has and what their
// contents hash to: equal dumps are equal stores, and no row is shown.
func dump(ctx context.Context, workspace string) (_ string, err error) {
	st, err := store.OpenReadOnly(ctx, filepath.Join(workspace, "tipstat.duckdb"))
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	var tables []string
	rows, err := st.DB().QueryContext(ctx, `SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY ALL`)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return "", err
		}
		tables = append(tables, name)
	}
	if err := rows.Err(); err != nil {
		return "", err
	}
	var b strings.Builder
	for _, name := range tables {
		var n int
		var sum string
		q := fmt.Sprintf(`SELECT count(*), coalesce(md5(string_agg(x::VARCHAR, chr(10) ORDER BY x::VARCHAR)), '-') FROM %q x`, name)
		if err := st.DB().QueryRowContext(ctx, q).Scan(&n, &sum); err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "%s %d %s\n", name, n, sum)
	}
	return b.String(), nil
}

// mustDump is dump for a Go test.
func mustDump(t *testing.T, workspace string) string {
	t.Helper()
	d, err := dump(t.Context(), workspace)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestDump shows that a dump tells stores apart.
func TestDump(t *testing.T) {
	dir := sampledWorkspace(t)
	before := mustDump(t, dir)
	if !strings.Contains(before, "submission 11 ") || !strings.Contains(before, "case_row ") {
		t.Fatalf("the samples are not in the dump:\n%s", before)
	}
	if again := mustDump(t, dir); again != before {
		t.Errorf("two dumps of one store differ")
	}
	if r := tipstat(t, "-w", dir, "ingest", filepath.Join(repo, "testdata/samples/bad/convertible.csv")); r.code != exitDone {
		t.Fatalf("exit code %d\n%s", r.code, r.err)
	}
	if after := mustDump(t, dir); after == before {
		t.Errorf("the dump did not change with the store")
	}
}

// TestRealClock shows that the real program does not heed the tests' clock.
func TestRealClock(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	bin := filepath.Join(t.TempDir(), "tipstat")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	dir := filepath.Join(t.TempDir(), "work")
	if err := os.CopyFS(filepath.Join(dir, "layouts"), os.DirFS(samplesDir+"/layouts")); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"init", dir}, {"-w", dir, "ingest", filepath.Join(samplesDir, "hnd-victimas-2024-03.xlsx")}} {
		cmd := exec.Command(bin, args...)
		cmd.Env = append(os.Environ(), "TIPSTAT_NOW="+now)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	out, err := exec.Command(bin, "-w", dir, "history").Output()
	if err != nil {
		t.Fatal(err)
	}
	if today := time.Now().UTC().Format("2006-01-02"); strings.Contains(string(out), "2024-10-01") || !strings.Contains(string(out), today) {
		t.Errorf("the program's clock is not the machine's:\n%s", out)
	}
}
