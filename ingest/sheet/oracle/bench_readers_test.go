//go:build unix

package oracle_test

import (
	"archive/zip"
	"bytes"
	"cmp"
	"compress/flate"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	kflate "github.com/klauspost/compress/flate"
	"github.com/oas/tipstat/ingest/sheet"
	"github.com/xuri/excelize/v2"
)

// A benchReader is a command. With the argument "version" it prints the version of
// its library, or fails where that is not installed; with "read FILE" it prints
// seconds, rows and cells that are not empty. Each reading is a process of its
// own, so that one reader's memory is not another's.
type benchReader struct {
	commands [][]string // the first that knows its version is taken
	part     bool       // only inflates the sheet, and sees no rows
}

// Debian's Python has Debian's pandas; another python3 may stand before it in PATH.
func benchPython(name string) benchReader {
	script := filepath.Join("testdata", "bench", "read.py")
	return benchReader{commands: [][]string{{"/usr/bin/python3", script, name}, {"python3", script, name}}}
}

// benchOwn is a reader written in Go: this test binary, started again (see TestMain).
func benchOwn(name string) benchReader {
	self, err := os.Executable()
	if err != nil {
		self = os.Args[0]
	}
	return benchReader{commands: [][]string{{self, name}}, part: strings.HasPrefix(name, "inflate")}
}

var benchReaders = map[string]benchReader{
	"tipstat":             benchOwn("tipstat"),
	"tipstat parallel":    benchOwn("tipstat-parallel"),
	"inflate (Go)":        benchOwn("inflate-go"),
	"inflate (klauspost)": benchOwn("inflate-klauspost"),
	"excelize Rows":       benchOwn("excelize"),
	"Go csv":              benchOwn("csv"),
	"readxl":              {commands: [][]string{{"Rscript", filepath.Join("testdata", "bench", "read.R")}}},
	"openpyxl":            benchPython("openpyxl"),
	"pandas":              benchPython("pandas-xlsx"),
	"pandas odf":          benchPython("pandas-ods"),
	"pandas read_csv":     benchPython("pandas-csv"),
	"SheetJS":             {commands: [][]string{{"node", filepath.Join("testdata", "bench", "read.js")}}},
}

// benchInstalled is a reader that can be run here, or why it cannot.
type benchInstalled struct {
	command []string
	version string
	err     error
}

var benchFound = struct {
	sync.Mutex
	m map[string]benchInstalled
}{m: map[string]benchInstalled{}}

// benchFind looks once for a reader.
func benchFind(name string) benchInstalled {
	benchFound.Lock()
	defer benchFound.Unlock()
	if in, ok := benchFound.m[name]; ok {
		return in
	}
	in := benchInstalled{err: fmt.Errorf("no reader %q", name)}
	for _, command := range benchReaders[name].commands {
		out, _, err := benchStart(append(slices.Clone(command), "version"))
		if err == nil {
			in = benchInstalled{command: command, version: strings.TrimSpace(out)}
			break
		}
		in.err = fmt.Errorf("%s cannot be run here: %w", name, err)
	}
	benchFound.m[name] = in
	return in
}

// benchChildEnv is set in every child; it makes the test binary a reader.
const benchChildEnv = "TIPSTAT_BENCH_CHILD"

// benchPatience is when a child is given up.
const benchPatience = 10 * time.Minute

// benchStart runs a command and gives what it printed and the most memory that it
// held, in bytes.
func benchStart(argv []string) (stdout string, peak int64, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), benchPatience)
	defer cancel()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env = append(os.Environ(), benchChildEnv+"=1")
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	if err := cmd.Run(); err != nil {
		said := strings.Join(strings.Fields(problems.String()), " ")
		return "", 0, fmt.Errorf("%s: %w: %.300s", filepath.Base(argv[0]), cmp.Or(ctx.Err(), err), said)
	}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		peak = int64(usage.Maxrss)
		if runtime.GOOS != "darwin" { // which counts bytes; others KiB
			peak *= 1024
		}
	}
	return out.String(), peak, nil
}

// benchReading is one reading of one file.
type benchReading struct {
	seconds     float64
	rows, cells int
	peak        int64
}

func (in benchInstalled) read(path string) (r benchReading, err error) {
	out, peak, err := benchStart(append(slices.Clone(in.command), "read", path))
	if err != nil {
		return r, err
	}
	r.peak = peak
	if _, err := fmt.Sscan(out, &r.seconds, &r.rows, &r.cells); err != nil {
		return r, fmt.Errorf("the reader printed %q: %w", out, err)
	}
	return r, nil
}

// benchChild is what this binary does as a reader: NAME version, or NAME read FILE.
func benchChild(args []string) error {
	if len(args) < 2 {
		return errors.New("no reader, or nothing to do")
	}
	if args[1] == "version" {
		fmt.Println(benchVersion(args[0]))
		return nil
	}
	read := map[string]func(string) (int, int, error){
		"tipstat":          func(path string) (int, int, error) { return benchTipstat(path, false) },
		"tipstat-parallel": func(path string) (int, int, error) { return benchTipstat(path, true) },
		"inflate-go":       func(path string) (int, int, error) { return benchInflate(path, flate.NewReader) },
		"inflate-klauspost": func(path string) (int, int, error) {
			return benchInflate(path, kflate.NewReader)
		},
		"excelize": benchExcelize,
		"csv":      benchCSV,
	}[args[0]]
	if read == nil || len(args) != 3 {
		return fmt.Errorf("no reader %q", args[0])
	}
	begin := time.Now()
	rows, cells, err := read(args[2])
	seconds := time.Since(begin).Seconds()
	if err != nil {
		return err
	}
	fmt.Println(seconds, rows, cells)
	return nil
}

// benchVersion gives the version of what a reader in Go is made of.
func benchVersion(name string) string {
	modules := map[string]string{"excelize": "github.com/xuri/excelize/v2", "inflate-klauspost": "github.com/klauspost/compress"}
	switch {
	case strings.HasPrefix(name, "tipstat"):
		return "this tree"
	case modules[name] == "":
		return runtime.Version()
	}
	// A test binary carries no list of its modules.
	mod, err := os.ReadFile(filepath.Join("..", "..", "..", "go.mod"))
	if err != nil {
		return "?"
	}
	for line := range strings.Lines(string(mod)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == modules[name] {
			return f[1]
		}
	}
	return "?"
}

// benchTipstat reads all sheets of a file.
func benchTipstat(path string, parallel bool) (rows, cells int, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return 0, 0, err
	}
	ctx := context.Background()
	wb, err := sheet.Open(ctx, f, st.Size(), filepath.Base(path), sheet.Options{})
	if err != nil {
		return 0, 0, err
	}
	defer wb.Close()
	type count struct {
		rows, cells int
		err         error
	}
	read := func(i int) (n count) {
		n.err = wb.Read(ctx, i, func(r *sheet.Row) error {
			n.rows++
			for _, c := range r.Cells {
				if c.Text != "" {
					n.cells++
				}
			}
			return nil
		})
		return n
	}
	counts := make([]count, len(wb.Sheets()))
	var all sync.WaitGroup
	for i := range counts {
		if parallel {
			all.Go(func() { counts[i] = read(i) })
		} else {
			counts[i] = read(i)
		}
	}
	all.Wait()
	for _, n := range counts {
		rows, cells, err = rows+n.rows, cells+n.cells, errors.Join(err, n.err)
	}
	return rows, cells, err
}

// benchExcelize reads the first sheet with excelize's iterator. Raw values are
// its quicker way: it does not format numbers.
func benchExcelize(path string) (rows, cells int, err error) {
	f, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true})
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	it, err := f.Rows(f.GetSheetName(0))
	if err != nil {
		return 0, 0, err
	}
	defer it.Close()
	for it.Next() {
		columns, err := it.Columns()
		if err != nil {
			return 0, 0, err
		}
		before := cells
		for _, text := range columns {
			if text != "" {
				cells++
			}
		}
		if cells > before {
			rows++
		}
	}
	return rows, cells, it.Error()
}

func benchCSV(path string) (rows, cells int, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.ReuseRecord = true
	for {
		record, err := r.Read()
		if err == io.EOF {
			return rows, cells, nil
		}
		if err != nil {
			return rows, cells, err
		}
		rows++
		for _, text := range record {
			if text != "" {
				cells++
			}
		}
	}
}

// benchInflate unpacks the largest part of a zip, which is the sheet, and nothing
// more: no checksum, no XML. No reader can be quicker than that.
func benchInflate(path string, inflater func(io.Reader) io.ReadCloser) (rows, cells int, err error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return 0, 0, err
	}
	defer z.Close()
	part := slices.MaxFunc(z.File, func(a, b *zip.File) int { return cmp.Compare(a.UncompressedSize64, b.UncompressedSize64) })
	raw, err := part.OpenRaw()
	if err != nil {
		return 0, 0, err
	}
	n, err := io.Copy(io.Discard, inflater(raw))
	if err == nil && uint64(n) != part.UncompressedSize64 {
		err = fmt.Errorf("%s has %d bytes, not %d", part.Name, n, part.UncompressedSize64)
	}
	return 0, 0, err
}
