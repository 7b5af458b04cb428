package oracle_test

import (
	"encoding/csv"
	"errors"
	"math"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// libreOffice reads workbooks by writing each of their sheets as a csv file. It
// says nothing of kinds, and a sheet is found again by its name, which must be
// one that a file can have.
var libreOffice = Reader{"libreoffice", func() string {
	if _, ok := command("soffice"); !ok {
		return "soffice is not there (Debian: libreoffice-calc-nogui)"
	}
	return ""
}, readOffice}

// csvFilter: comma, quotation mark, UTF-8, from line 1, no column formats,
// language of the program, all fields in quotes, values as they are and not as
// shown, no formulas, blanks kept, all sheets.
const csvFilter = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,false,false,false,false,-1"

// convert has LibreOffice write files in another format.
func convert(tb testing.TB, format, out string, files []string) {
	tb.Helper()
	profile := url.URL{Scheme: "file", Path: filepath.ToSlash(tb.TempDir())}
	const batch = 100 // arguments have a limit
	for len(files) > 0 {
		n := min(batch, len(files))
		args := append([]string{"-env:UserInstallation=" + profile.String(), "--headless", "--convert-to", format, "--outdir", out}, files[:n]...)
		if b, err := exec.Command("soffice", args...).CombinedOutput(); err != nil {
			tb.Fatalf("soffice: %v\n%.2000s", err, b)
		}
		files = files[n:]
	}
}

func readOffice(tb testing.TB, files []string) map[string]book {
	tb.Helper()
	out := tb.TempDir()
	convert(tb, csvFilter, out, files)
	books := map[string]book{}
	for _, name := range files {
		base := strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
		found, err := filepath.Glob(filepath.Join(out, base+"-*.csv"))
		if err != nil {
			tb.Fatal(err)
		}
		var b book
		if len(found) == 0 {
			b.err = errors.New("no csv came of it")
		}
		for _, f := range found {
			title := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(f), base+"-"), ".csv")
			b.tabs = append(b.tabs, tab{name: title, cells: readCSV(tb, f)})
		}
		books[name] = b
	}
	return books
}

func readCSV(tb testing.TB, name string) []cell {
	tb.Helper()
	f, err := os.Open(name)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord, r.ReuseRecord = -1, true
	var cells []cell
	// Every row has a line, but encoding/csv passes over empty ones: where the
	// sheet has one column. The place of a record tells how many those were.
	row, line := 0, 1
	for {
		fields, err := r.Read()
		if err != nil {
			return cells
		}
		at, _ := r.FieldPos(0)
		row += 1 + at - line
		line = at + 1
		for i, v := range fields {
			if i == len(fields)-1 {
				last, _ := r.FieldPos(i)
				line = last + 1 + strings.Count(v, "\n")
			}
			if v != "" {
				cells = append(cells, cell{row: row, col: i + 1, value: value{text: strings.Clone(v), num: math.NaN()}})
			}
		}
	}
}
