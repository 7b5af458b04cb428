package main

import (
	"cmp"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/oas/tipstat/ingest/inbox"
	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/store"
)

// samplesDir holds the samples, bad/ the files with one fault each.
const samplesDir = repo + "/testdata/samples"

// linesOf reads a csv with a header as one map a line.
func linesOf(t *testing.T, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatalf("%s: %d lines, %v", name, len(rows), err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, h := range rows[0] {
			m[h] = row[i]
		}
		out = append(out, m)
	}
	return out
}

// withBadLayouts is a workspace with the samples and the layouts of bad/.
func withBadLayouts(t *testing.T) string {
	t.Helper()
	dir := sampledWorkspace(t)
	if err := os.CopyFS(filepath.Join(dir, "layouts"), os.DirFS(samplesDir+"/bad/layouts")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// badArgs is the call that ingests a file of bad/.
func badArgs(dir string, want map[string]string, more ...string) []string {
	args := append([]string{"-w", dir, "ingest"}, more...)
	if l := want["layout"]; l != "" {
		args = append(args, "--layout", l)
	}
	return append(args, samplesDir+"/bad/"+want["file"])
}

// TestBadFiles ingests every file with a fault into a store with all samples:
// the finding that bad/expected.csv asks for is told in the four languages,
// with its cell and what to do, and a refused file leaves every table as it was.
func TestBadFiles(t *testing.T) {
	dir := withBadLayouts(t)
	before := mustDump(t, dir)
	listed := map[string]bool{"expected.csv": true}
	for _, want := range linesOf(t, samplesDir+"/bad/expected.csv") {
		listed[want["file"]] = true
		t.Run(want["file"], func(t *testing.T) {
			work := dir
			if want["outcome"] == inbox.Accepted {
				work = withBadLayouts(t)
			}
			r := tipstat(t, badArgs(work, want, "--json")...)
			code := map[string]int{inbox.Accepted: exitDone, inbox.Refused: exitRefused}[want["outcome"]]
			if r.code != code {
				t.Errorf("exit code %d; want %d\n%s", r.code, code, r.err)
			}
			var receipts []inbox.Receipt
			if err := json.Unmarshal([]byte(r.stdout), &receipts); err != nil || len(receipts) != 1 || receipts[0].Outcome != want["outcome"] {
				t.Fatalf("want one receipt, %s, have %v %v", want["outcome"], receipts, err)
			}
			f, ok := wanted(receipts[0].Findings, want)
			if !ok {
				t.Fatalf("no finding %s at %s!%s of %q in\n%s", want["code"], want["sheet"], want["cell"], want["found"], r.stdout)
			}
			told := map[string]bool{}
			for i, lang := range record.Languages {
				if told[f.Message(lang)] = true; want["outcome"] == inbox.Accepted {
					if i > 0 { // its receipt is of the same text: a store for each is dear
						continue
					}
					work = withBadLayouts(t)
				}
				r := tipstat(t, badArgs(work, want, "--lang", lang)...)
				if r.code != code {
					t.Errorf("%s: exit code %d; want %d", lang, r.code, code)
				}
				line := fmt.Sprintf("%s: %s [%s %s]", f.Subject, f.Message(lang), f.Severity.Name(lang), f.Code)
				hint := "\n    -> " + f.Hint(lang) + "\n"
				if !strings.Contains(r.err, line) || !strings.Contains(r.err, hint) || f.Hint(lang) == "" {
					t.Errorf("%s: want %s%s have\n%s", lang, line, hint, r.err)
				}
				if strings.ContainsAny(f.Message(lang)+f.Hint(lang), "{}") || r.stdout != "" {
					t.Errorf("%s: %s\n%s", lang, line, r.stdout)
				}
			}
			if len(told) != len(record.Languages) {
				t.Errorf("languages with a message of their own: %d", len(told))
			}
			if want["outcome"] == inbox.Refused {
				if after := mustDump(t, dir); after != before {
					t.Errorf("the store changed:\n%s%s", before, after)
				}
			}
		})
	}
	files, err := os.ReadDir(samplesDir + "/bad")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !f.IsDir() && !listed[f.Name()] {
			t.Errorf("bad/%s is not in bad/expected.csv", f.Name())
		}
	}
}

func wanted(fs record.Findings, want map[string]string) (record.Finding, bool) {
	for _, f := range fs {
		if f.Code == want["code"] && f.Subject.Sheet == want["sheet"] && f.Subject.Cell == want["cell"] && (want["found"] == "" || f.Found == want["found"]) {
			return f, true
		}
	}
	return record.Finding{}, false
}

// TestBadInputLosesNothing ingests all refused files in one call.
func TestBadInputLosesNothing(t *testing.T) {
	dir := withBadLayouts(t)
	before := mustDump(t, dir)
	args := []string{"-w", dir, "ingest"}
	for _, want := range linesOf(t, samplesDir+"/bad/expected.csv") {
		if want["outcome"] == inbox.Refused && want["layout"] == "" {
			args = append(args, samplesDir+"/bad/"+want["file"])
		}
	}
	if r := tipstat(t, args...); r.code != exitRefused || strings.Count(r.err, "REFUSED") != len(args)-3 {
		t.Errorf("exit code %d\n%s", r.code, r.err)
	}
	if after := mustDump(t, dir); after != before {
		t.Errorf("the store changed:\n%s%s", before, after)
	}
	originals, err := os.ReadDir(filepath.Join(dir, "originals"))
	if err != nil || len(originals) != 11 {
		t.Errorf("%d originals are kept, %v; want those of the 11 samples", len(originals), err)
	}
}

// TestSampleFigures looks for every figure of expected.csv in the store. They
// were worked out from the samples without tipstat.
func TestSampleFigures(t *testing.T) {
	dir, err := demoOnce()
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.OpenReadOnly(t.Context(), filepath.Join(dir, "tipstat.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	files := map[string]bool{}
	for i, want := range linesOf(t, samplesDir+"/expected.csv") {
		files[want["file"]] = true
		where, args := "s.file_name = ? AND TRANSIT = '_T'", []any{want["file"]}
		for _, dim := range []string{"REF_AREA", "INDICATOR", "SEX", "AGE", "EXPLOITATION", "CITIZENSHIP", "ORIGIN", "DESTINATION",
			"TIME_PERIOD", "VICTIM_STATUS", "derivation"} {
			switch {
			case dim == "derivation" && want[dim] == "":
				where += " AND preferred"
			default:
				where += " AND " + dim + " = ?"
				args = append(args, want[dim])
			}
		}
		rows, err := st.DB().QueryContext(t.Context(), `SELECT OBS_VALUE, LOWER_BOUND, UPPER_BOUND, OBS_STATUS
			FROM observation JOIN submission s USING (submission_id) WHERE `+where+` ORDER BY obs_id`, args...)
		if err != nil {
			t.Fatal(err)
		}
		var have []string
		for rows.Next() {
			var value, lower, upper sql.NullFloat64
			var status string
			if err := rows.Scan(&value, &lower, &upper, &status); err != nil {
				t.Fatal(err)
			}
			have = append(have, strings.Join([]string{figure(value), figure(lower), figure(upper), status}, " "))
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		w := fmt.Sprintf("%s %s %s %s", cmp.Or(want["OBS_VALUE"], "-"), cmp.Or(want["LOWER_BOUND"], "-"), cmp.Or(want["UPPER_BOUND"], "-"), want["OBS_STATUS"])
		if len(have) != 1 || have[0] != w {
			t.Errorf("expected.csv line %d, %v:\nhave %v\nwant [%s]", i+2, args, have, w)
		}
	}
	if len(files) < 9 {
		t.Errorf("figures of only %d files are expected", len(files))
	}
}

func figure(f sql.NullFloat64) string {
	if !f.Valid {
		return "-"
	}
	return strconv.FormatFloat(f.Float64, 'f', -1, 64)
}
