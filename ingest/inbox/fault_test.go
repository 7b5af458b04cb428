package inbox

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/oas/tipstat/ingest/sheet"
)

// manyRows is a file in which reading tells of its progress.
func manyRows(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "hti.csv")
	if err := os.WriteFile(name, []byte("Année,Trimestre,Femmes,Hommes,Total\n"+strings.Repeat("2022,T1,1,2,3\n", 9000)), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestPanicRefuses: a panic while a file is read refuses that file, says where it happened
// and nothing of the file, and leaves the store and the next file alone.
func TestPanicRefuses(t *testing.T) {
	in := open(t)
	for name, opts := range map[string]Options{
		"among the rows":    {Progress: func(int64) { var none []int; _ = none[len(in.Layouts)] }},
		"a text is no leak": {Progress: func(int64) { panic("Ana María") }},
	} {
		r, err := in.File(t.Context(), manyRows(t), opts)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if r.Outcome != Refused || len(r.Findings) != 1 || r.Findings[0].Code != sheet.CodeFault || !r.Unreadable || r.Rows != 0 {
			t.Errorf("%s: %+v", name, r)
			continue
		}
		if f := r.Findings[0]; !strings.HasPrefix(f.Found, "fault_test.go:") || strings.Contains(f.Message("en"), "Ana") {
			t.Errorf("%s: %s", name, f.Message("en"))
		}
	}
	r, err := in.Check(t.Context(), samples+"/jam-monthly-victims.xlsx", Options{Figures: func(arrow.RecordBatch) error { panic("behind the rows") }})
	if err != nil || r.Outcome != Refused || r.Findings[0].Code != sheet.CodeFault {
		t.Errorf("a panic in the batches: %+v, %v", r, err)
	}
	if n := len(history(t, in)); n != 0 {
		t.Errorf("%d submissions of files that panicked", n)
	}
	if r := take(t, in, samples+"/cri-casos.csv", Options{}); r.Outcome != Accepted {
		t.Errorf("the next file: %+v", r)
	}
}

// TestReadBounds: a file that takes more memory or time than it may is refused with the
// finding for that.
func TestReadBounds(t *testing.T) {
	in := open(t)
	var kept [][]byte
	r, err := in.File(t.Context(), manyRows(t), Options{ReadMemory: 1 << 20, Progress: func(int64) {
		for range 8 {
			kept = append(kept, make([]byte, 1<<20))
		}
		runtime.GC()
		time.Sleep(5 * lookEvery)
	}})
	if err != nil || r.Outcome != Refused || r.Findings[0].Code != sheet.CodeMemory || r.Findings[0].Expected != "1 MB" {
		t.Errorf("%d MB kept: %+v, %v", len(kept), r, err)
	}
	r, err = in.File(t.Context(), samples+"/cri-casos.csv", Options{ReadTime: time.Nanosecond})
	if err != nil || r.Outcome != Refused || r.Findings[0].Code != sheet.CodeTime {
		t.Errorf("no time: %+v, %v", r, err)
	}
	if n := len(history(t, in)); n != 0 {
		t.Errorf("%d submissions", n)
	}
}

// TestNoRegularFile: what is no file is refused and not waited for.
func TestNoRegularFile(t *testing.T) {
	in := open(t)
	for _, path := range []string{"/dev/zero", "/dev/null"} {
		r, err := in.File(t.Context(), path, Options{})
		if err != nil || r.Outcome != Refused || r.Findings[0].Code != sheet.CodeNotSheet {
			t.Errorf("%s: %+v, %v", path, r, err)
		}
	}
	if _, err := in.File(t.Context(), t.TempDir()+"/none.csv", Options{}); err == nil {
		t.Error("a file that is not there was taken")
	}
}
