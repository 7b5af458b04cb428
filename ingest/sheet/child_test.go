package sheet_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/oas/tipstat/ingest/sheet"
)

// childFile names the file that a child process of the test has to read.
const childFile = "TIPSTAT_TEST_SHEET"

// deadline is the most time that any file may take. It is the limit that
// callers set, a context, and no measure of speed.
const deadline = 20 * time.Second

// outcome is what a child tells of a file.
type outcome struct {
	Code  string
	Cells int
	Took  time.Duration
	MB    int64 // peak memory of the process; 0 where the system does not tell
}

func TestMain(m *testing.M) {
	name := os.Getenv(childFile)
	if name == "" {
		os.Exit(m.Run())
	}
	ctx, stop := context.WithTimeout(context.Background(), deadline)
	defer stop()
	start := time.Now()
	cells, err := readFile(ctx, name)
	out := outcome{Code: codeOf(err), Cells: cells, Took: time.Since(start), MB: peakMB()}
	if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
		os.Exit(1)
	}
}

// readFile reads all there is in a file, as ingestion does: from the disk.
func readFile(ctx context.Context, name string) (cells int, err error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	// Without the limit on the ratio, before which most of these files would not get to the
	// limit that they are made for: what packs less well gets there.
	w, err := sheet.Open(ctx, f, info.Size(), "file", sheet.Options{Limits: sheet.Limits{Ratio: 1 << 40}})
	if err != nil {
		return 0, err
	}
	defer w.Close()
	for _, s := range w.Sheets() {
		if err := w.Read(ctx, s.Index, func(r *sheet.Row) error { cells += len(r.Cells); return nil }); err != nil {
			return cells, err
		}
		if _, err := w.Details(ctx, s.Index); err != nil {
			return cells, err
		}
	}
	return cells, nil
}

var highWater = regexp.MustCompile(`(?m)^VmHWM:\s+(\d+) kB$`)

// peakMB is the most memory that this process has had, as Linux counts it. What
// getrusage tells of a child would include its parent before exec.
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

// inChild reads a file in a process of its own, whose memory can be told.
func inChild(tb testing.TB, data []byte) outcome {
	tb.Helper()
	name := filepath.Join(tb.TempDir(), "file")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		tb.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run=^$")
	cmd.Env = append(os.Environ(), childFile+"="+name)
	cmd.Stderr = os.Stderr
	b, err := cmd.Output()
	if err != nil {
		tb.Fatalf("the child: %v", err)
	}
	var out outcome
	if err := json.Unmarshal(b, &out); err != nil {
		tb.Fatal(err)
	}
	return out
}
