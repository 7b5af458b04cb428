//go:build unix

package oracle_test

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
)

// TestMain lets the test binary be a reader of the benchmark (see
// benchStart), and prints the benchmark's table after everything else.
func TestMain(m *testing.M) {
	if os.Getenv(benchChildEnv) != "" {
		if err := benchChild(os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	code := m.Run()
	benchPrint(os.Stdout)
	if dir, err := benchDir(); err == nil {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

// BenchmarkReaders times tipstat and others on the same files. In one run:
//
//	go test -run '^$' -bench Readers -benchtime 3x -timeout 0 ./ingest/sheet/oracle
//
// -benchtime 3x means three rounds. In a round every reader reads the file
// once, and each round begins with another reader, so that a change in the
// machine's load does not meet one of them only. What is reported is the
// quickest of the rounds, because whatever else runs can only add time, and
// the highest of the peaks of memory. -count repeats lines and not readings.
//
// Every reader runs in a process of its own, and says itself how long it read,
// from opening the file to the last cell; starting Go, R, Python or node is
// left out. A reader that did not see every row and every cell fails, and one
// that is not installed is skipped by name. No time is asserted.
//
// -bench Readers/million takes one file. All readers are run whenever one of
// them is wanted, because the ratios need them.
func BenchmarkReaders(b *testing.B) {
	for _, c := range benchCases {
		b.Run(c.name, func(b *testing.B) {
			defer func() { // without -v, go test says nothing of what a benchmark skips
				if b.Skipped() {
					benchAdd(fmt.Sprintf("\n%s: %s is not here\n", c.name, c.file))
				}
			}()
			path := c.path(b)
			var once sync.Once
			var results map[string]*benchResult
			for _, name := range c.readers {
				b.Run(name, func(b *testing.B) {
					once.Do(func() {
						results = c.measure(path, benchRounds())
						benchKeep(c, path, results)
					})
					r := results[name]
					switch {
					case r.missing != nil:
						b.Skip(r.missing)
					case r.err != nil:
						b.Fatal(r.err)
					}
					b.ReportMetric(r.seconds*1e9, "ns/op") // the reading, not the process
					b.ReportMetric(r.seconds, "read-s")
					b.ReportMetric(float64(r.peak)/1e6, "peak-MB")
					if r.rows > 0 {
						b.ReportMetric(float64(r.rows)/r.seconds, "rows/s")
					}
					if ours := results["tipstat"]; ours.ok() {
						b.ReportMetric(r.seconds/ours.seconds, "x-tipstat")
					}
				})
			}
		})
	}
}

// TestBenchChildren runs every reader on small files of the benchmark's kinds,
// so that the benchmark is known to work without running it.
func TestBenchChildren(t *testing.T) {
	for _, c := range benchCases {
		if c.write == nil || c.name == "million" { // which is "shared" once more
			continue
		}
		c.rows = 100
		path := filepath.Join(t.TempDir(), c.file)
		if err := c.create(path); err != nil {
			t.Fatal(err)
		}
		for _, name := range c.readers {
			t.Run(c.name+"/"+name, func(t *testing.T) {
				in := benchFind(name)
				if in.err != nil {
					t.Skip(in.err)
				}
				r, err := in.read(path)
				if err == nil {
					err = c.check(name, r, benchReading{})
				}
				if err != nil {
					t.Fatal(err)
				}
				if r.seconds <= 0 || r.peak <= 0 {
					t.Errorf("%v seconds, %d bytes", r.seconds, r.peak)
				}
			})
		}
	}
}

// benchResult is what the rounds of one reader come to.
type benchResult struct {
	benchReading
	version      string
	missing, err error
}

func (r *benchResult) ok() bool { return r != nil && r.missing == nil && r.err == nil }

// benchRounds is how many rounds -benchtime asks for: its Nx, otherwise one.
func benchRounds() int {
	if f := flag.Lookup("test.benchtime"); f != nil {
		if n, ok := strings.CutSuffix(f.Value.String(), "x"); ok {
			if n, err := strconv.Atoi(n); err == nil && n > 0 {
				return n
			}
		}
	}
	return 1
}

// measure runs all readers of a case, in rounds.
func (c benchCase) measure(path string, rounds int) map[string]*benchResult {
	results := map[string]*benchResult{}
	for _, name := range c.readers {
		in := benchFind(name)
		results[name] = &benchResult{version: in.version, missing: in.err}
	}
	for round := range rounds {
		for i := range c.readers {
			name := c.readers[(i+round)%len(c.readers)]
			if r := results[name]; r.ok() {
				r.add(benchFind(name).read(path))
			}
		}
	}
	for _, name := range c.readers {
		if r := results[name]; r.ok() {
			r.err = c.check(name, r.benchReading, results["tipstat"].benchReading)
		}
	}
	return results
}

// add takes one more reading in.
func (r *benchResult) add(one benchReading, err error) {
	switch {
	case err != nil:
		r.err = err
	case r.seconds == 0:
		r.benchReading = one
	default:
		if one.rows != r.rows || one.cells != r.cells {
			r.err = fmt.Errorf("%d rows and %d cells in one round, %d and %d in another", r.rows, r.cells, one.rows, one.cells)
		}
		r.seconds, r.peak = min(r.seconds, one.seconds), max(r.peak, one.peak)
	}
}

// check tells whether a reader saw the whole file: what was written, or in a
// real file what tipstat saw. A reader that skips cells is no comparison.
func (c benchCase) check(name string, r, ours benchReading) error {
	rows, cells := c.rows*c.sheets, c.rows*c.sheets*c.cols
	if c.write == nil {
		rows, cells = ours.rows, ours.cells
	}
	if benchReaders[name].part {
		return nil // it counts the bytes itself
	}
	if r.rows != rows || r.cells != cells {
		return fmt.Errorf("%s saw %d rows and %d cells of %d and %d", name, r.rows, r.cells, rows, cells)
	}
	return nil
}

var benchTable struct {
	sync.Mutex
	blocks []string
}

// benchKeep keeps a file's part of the table until the end.
func benchKeep(c benchCase, path string, results map[string]*benchResult) {
	var out strings.Builder
	ours, size := results["tipstat"], int64(0)
	if st, err := os.Stat(path); err == nil {
		size = st.Size()
	}
	fmt.Fprintf(&out, "\n%s: %s rows, %s cells, %.1f MB\n", c.name, benchGroup(ours.rows), benchGroup(ours.cells), float64(size)/1e6)
	names := slices.Clone(c.readers)
	last := func(name string) float64 {
		if !results[name].ok() {
			return math.Inf(1)
		}
		return results[name].seconds
	}
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(last(a), last(b)) })
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "seconds\ttimes tipstat\trows/s\tpeak MB\t  reader\n")
	for _, name := range names {
		r := results[name]
		label := "  " + name + " (" + r.version + ")"
		if !r.ok() {
			why := "failed"
			if r.missing != nil {
				why = "not installed"
			}
			fmt.Fprintf(w, "-\t-\t-\t-\t  %s: %s\n", name, why)
			continue
		}
		times, speed := "-", "-"
		if ours.ok() {
			times = fmt.Sprintf("%.2f", r.seconds/ours.seconds)
		}
		if r.rows > 0 {
			speed = benchGroup(int(float64(r.rows) / r.seconds))
		}
		fmt.Fprintf(w, "%.3f\t%s\t%s\t%.0f\t%s\n", r.seconds, times, speed, float64(r.peak)/1e6, label)
	}
	w.Flush()
	if in := results["inflate (Go)"]; in.ok() && ours.ok() {
		fmt.Fprintf(&out, "tipstat takes %.2f times as long as merely inflating with Go's library", ours.seconds/in.seconds)
		if k := results["inflate (klauspost)"]; k.ok() {
			fmt.Fprintf(&out, ", %.2f times with klauspost's", ours.seconds/k.seconds)
		}
		out.WriteString(".\n")
	}
	benchAdd(out.String())
}

func benchAdd(block string) {
	benchTable.Lock()
	defer benchTable.Unlock()
	benchTable.blocks = append(benchTable.blocks, block)
}

// benchPrint prints the table, if anything was measured.
func benchPrint(w io.Writer) {
	benchTable.Lock()
	defer benchTable.Unlock()
	if len(benchTable.blocks) == 0 {
		return
	}
	fmt.Fprintf(w, "\nSeconds of reading alone, each reader in a process of its own: the quickest of %d round(s), and the highest peak.\n"+
		"%d cores, %s/%s.", benchRounds(), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH)
	// The least that a reader in Go can show. Linux also counts what this
	// process holds, which the child is a copy of until its program is loaded.
	if in := benchFind("tipstat"); in.err == nil {
		if _, least, err := benchStart(append(slices.Clone(in.command), "version")); err == nil {
			fmt.Fprintf(w, " A Go program that reads nothing has a peak of %.0f MB here.", float64(least)/1e6)
		}
	}
	fmt.Fprintln(w)
	for _, block := range benchTable.blocks {
		io.WriteString(w, block)
	}
	fmt.Fprintln(w)
}

// benchGroup writes a number with commas.
func benchGroup(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
