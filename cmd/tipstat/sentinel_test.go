package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/oas/tipstat/reports"
	"github.com/oas/tipstat/reports/dataset"
	"github.com/oas/tipstat/reports/pack"
	"github.com/oas/tipstat/reports/query"
	"github.com/oas/tipstat/reports/table"
)

// withheldCases are ways of disclosure control, what they must keep to themselves, and
// the forms in which it is looked for: the slow ones are spread over them.
var withheldCases = []struct {
	name, policy, control, lang, forms string
	packs                              int // 2: a second one, which is held against the first
	hidden                             func(state, indicator string) bool
	base                               int // its multiples may be rounded figures
}{
	{"all", "threshold: 1000000\nthreshold_cases: 1000000\n", "suppression", "es", strings.Join(formats, " "), 1,
		func(string, string) bool { return true }, 0},
	{"a State and two kinds of record", `{threshold: 1, threshold_cases: 1, group: 0, dominance: false,
		states: {HND: 1000000, JAM: 1000000}, records: {prosecutions: 1000000, routes: 1000000}}`, "suppression", "fr", "text csv xlsx html pdf json-stat json", 2,
		func(state, indicator string) bool {
			return state == "HND" || state == "JAM" || strings.HasPrefix(indicator, "PERSONS_") || indicator == "OFFENCES_RECORDED" || indicator == "ROUTE_VICTIMS"
		}, 0},
	{"random rounding", "", "random-rounding", "pt", "text csv xlsx json", 0,
		func(string, string) bool { return true }, 3},
	{"controlled rounding", "rounding: {base: 5}\n", "controlled-rounding", "en", "csv html json-stat md", 1,
		func(string, string) bool { return true }, 5},
}

// workingTables are those that are written as working tables in every form. (The status
// of treaties is public, and says nothing of publication.)
var workingTables = []string{"victims", "victims-sex-age", "routes", "rates", "quality-coherence", "implementation"}

func multiple(number string, of int) bool {
	n, err := strconv.Atoi(number)
	return err == nil && of > 0 && n%of == 0
}

// TestSentinels makes a workspace whose figures stand nowhere else, and all that is
// made for others of it, in all forms: nothing tells a figure that is withheld, nor
// one that was worked out from such. A working table tells them in each form, so that
// they are looked for in the right way.
func TestSentinels(t *testing.T) {
	dir, all := sentinelWorkspace(t)
	working := sentinelRuns(t, dir, "", "none", "en", formats)
	working.tables()
	working.commands()
	for form, outputs := range working.made {
		t.Run("working "+form, func(t *testing.T) {
			needs(t, form)
			if form != "stderr" && form != "jsonld" && !slices.ContainsFunc(outputs, func(o output) bool { return len(o.tells(t, all)) > 0 }) {
				t.Errorf("none of %d outputs tells any figure", len(outputs))
			}
			unfit(t, form, outputs)
		})
	}
	for _, tc := range withheldCases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			run := sentinelRuns(t, dir, tc.policy, tc.control, tc.lang, strings.Fields(tc.forms))
			run.packs(tc.packs)
			run.tables()
			run.commands()
			run.left()
			hidden := sentinels{}
			for n, what := range all {
				if state, rest, _ := strings.Cut(what, " "); tc.hidden(state, strings.Fields(rest)[0]) && !multiple(n, tc.base) {
					hidden[n] = what
				}
			}
			for n, what := range working.figures {
				if _, ok := run.figures[n]; !ok && !multiple(n, tc.base) {
					hidden[n] = "worked out, " + what
				}
			}
			for where, areas := range run.nonzero {
				for area := range areas {
					if tc.base == 0 && tc.hidden(area, "") {
						t.Errorf("table %s has a figure of %s", where, area)
					}
				}
			}
			if len(hidden) < 500 {
				t.Errorf("only %d figures are looked for", len(hidden))
			}
			for form, outputs := range run.made {
				t.Run(form, func(t *testing.T) {
					needs(t, form)
					told(t, outputs, hidden)
				})
			}
		})
	}
}

// unfit fails where a working table does not say that it is not for publication, in the
// way that its form offers. The structure of the SDG indicators has no place for it.
func unfit(t *testing.T, form string, outputs []output) {
	t.Helper()
	for _, o := range outputs {
		says := slices.ContainsFunc(o.texts(t), func(text []byte) bool {
			return strings.Contains(strings.Join(strings.Fields(string(text)), " "), "not for publication")
		})
		switch in, err := reports.ReadCSV(bytes.NewReader(o.b)); {
		case form == "stderr", strings.Contains(o.name, "--for sdg") && form == "csv", strings.Contains(o.name, "missing.csv"), strings.Contains(o.name, "codelists/"):
		case form == "csv" && strings.HasSuffix(o.name, "observation.csv"):
			lines, err := csv.NewReader(bytes.NewReader(o.b)).ReadAll()
			if err != nil {
				t.Fatalf("%s: %v", o.name, err)
			}
			at := slices.Index(lines[0], "CONF_STATUS")
			for _, line := range lines[1:] {
				if line[at] != "N" && line[at] != "C" {
					t.Errorf("%s: CONF_STATUS is %q in %v", o.name, line[at], line)
				}
			}
		case form == "csv" && !strings.Contains(o.name, "glotip"):
			if err != nil {
				t.Fatalf("%s: %v", o.name, err)
			}
			for _, line := range in.Lines {
				if status := in.Get(line, "CONF_STATUS"); status != "N" && status != "C" {
					t.Errorf("%s: CONF_STATUS is %q in %v", o.name, status, line)
				}
			}
		case !says:
			t.Errorf("%s does not say that it is not for publication", o.name)
		}
	}
}

// needs skips what can't be read here.
func needs(t *testing.T, form string) {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil && form == "pdf" {
		t.Skip("pdftotext is not on this machine")
	}
}

// sentinelRun makes what is made for others under one control.
type sentinelRun struct {
	t                            *testing.T
	dir, control, lang, previous string // previous is the folder of the last pack, if any
	forms                        []string
	figures                      map[string]string          // that stand in its tables, by the number, as sentinels are written
	nonzero                      map[string]map[string]bool // tables of figures of persons that have any → States
	made                         map[string][]output
}

// sentinelRuns makes a run in a workspace of its own: what was shown is remembered.
func sentinelRuns(t *testing.T, dir, policy, control, lang string, forms []string) *sentinelRun {
	t.Helper()
	own := filepath.Join(t.TempDir(), "work")
	err := os.CopyFS(own, os.DirFS(dir))
	if policy != "" {
		err = errors.Join(err, os.WriteFile(filepath.Join(own, "disclosure.yaml"), []byte(policy), 0o644))
	}
	if err != nil {
		t.Fatal(err)
	}
	return &sentinelRun{t: t, dir: own, control: control, lang: lang, forms: forms, figures: map[string]string{}, nonzero: map[string]map[string]bool{}, made: map[string][]output{}}
}

func (r *sentinelRun) add(form, name string, b []byte) {
	r.made[form] = append(r.made[form], output{form, form + " of " + name, b})
}

// call calls the program; what it says is an output too.
func (r *sentinelRun) call(form string, args ...string) {
	r.t.Helper()
	args = append([]string{"-w", r.dir, "--lang", r.lang}, args...)
	args = append(args, "--control", r.control)
	got := tipstatAt(r.t, sentinelLast, args...)
	if got.code != exitDone {
		r.t.Fatalf("%v: exit code %d\n%s", args, got.code, got.err)
	}
	name := strings.Join(args[2:], " ")
	r.add("stderr", name, []byte(got.err))
	if form != "" {
		r.add(form, name, []byte(got.stdout))
	}
}

// questions are tables of one's own, by breakdowns that the catalogue does not join.
var questions = []query.Question{
	{Measures: []string{"VICTIMS_DETECTED"}, Columns: []string{"SEX", "AGE", "TIME_PERIOD"}},
	{Measures: []string{"ROUTE_VICTIMS"}, Rows: []string{"REF_AREA", "TRANSIT"}, Columns: []string{"ORIGIN", "DESTINATION"}},
	{Measures: []string{"PERSONS_CONVICTED", "VICTIMS_REPATRIATED"}, Rows: []string{"REF_AREA", "TIME_PERIOD"}, Columns: []string{"SEX"}},
}

// tables makes every table of the catalogue, and some questions, in every form, from
// one opening of the store.
func (r *sentinelRun) tables() {
	r.t.Helper()
	ctx := r.t.Context()
	var said bytes.Buffer
	a := at(sentinelLast, strings.NewReader(""), &said, &said)
	a.workspace, a.lang = r.dir, r.lang
	c, err := a.config()
	if err != nil {
		r.t.Fatal(err)
	}
	flags, o := tableFlags{control: r.control}, pack.Options{}
	if r.previous != "" {
		if err := readPrevious(c, r.previous, &flags, &o); err != nil {
			r.t.Fatal(err)
		}
	}
	st, p, err := flags.open(ctx, a, c)
	if err != nil {
		r.t.Fatal(err)
	}
	defer st.Close()
	specs, err := table.Load(nil)
	if err != nil {
		r.t.Fatal(err)
	}
	makers := map[string]tableMaker{}
	for _, s := range specs {
		makers[s.ID] = bySpec(s)
	}
	for i, q := range questions {
		if makers[fmt.Sprint("query ", i)], err = asked(&q)(c); err != nil {
			r.t.Fatal(err)
		}
	}
	if r.previous != "" {
		makers["changes"] = func(ctx context.Context, db *sql.DB, p table.Params) (*table.Table, error) {
			o.Params = p
			return pack.Changes(ctx, db, o)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(makers)) {
		m := made{c, st.DB(), makers[name], p, nil}
		if m.t, err = m.maker(ctx, m.db, p); err != nil {
			r.t.Fatal(err)
		}
		r.note(m.t)
		forms := r.forms
		if r.control == "none" && !slices.Contains(workingTables, name) {
			forms = nil // its figures are wanted alone
		}
		for _, form := range forms {
			if name == "changes" && slices.Contains(wordless, form) {
				continue // the command refuses
			}
			var b bytes.Buffer
			if err := writers(ctx, "a4")[form](&b, m); err != nil {
				r.t.Fatalf("%s as %s: %v", name, form, err)
			}
			r.add(form, name, b.Bytes())
		}
	}
	r.add("stderr", "all tables", said.Bytes())
}

// note notes the figures of a table, and of which States it has any that are not 0: a
// ratio of withheld figures may have few digits.
func (r *sentinelRun) note(t *table.Table) {
	for _, row := range t.Rows {
		for _, c := range row.Cells {
			for _, v := range []*float64{c.Value, c.Lower, c.Upper} {
				if v == nil {
					continue
				}
				if *v != 0 && *v != personsTrained && row.Kind != table.CoveredRow && !strings.HasPrefix(t.ID, "quality-") && !t.WideText {
					if r.nonzero[t.ID] == nil {
						r.nonzero[t.ID] = map[string]bool{}
					}
					r.nonzero[t.ID][row.Area] = true
				}
				for n := range numbers([]byte(strconv.FormatFloat(math.Abs(*v), 'f', -1, 64))) {
					r.figures[n] = "of " + t.ID
				}
			}
		}
	}
}

// packs makes the pack of the first files, and the next one, which is held against it.
func (r *sentinelRun) packs(n int) {
	r.t.Helper()
	if n == 0 {
		return
	}
	dir := r.t.TempDir()
	r.previous = filepath.Join(dir, "before")
	r.call("", "report", "pack", "--as-of", sentinelFirst[:10], "-o", r.previous)
	if n > 1 {
		r.call("", "report", "pack", "--previous", r.previous, "-o", filepath.Join(dir, "next"), "--meeting", "Fourth Meeting")
		r.call("text", "report", "changes", "--previous", r.previous)
	}
	r.files(dir)
}

// files takes in the files of a folder, and their names.
func (r *sentinelRun) files(dir string) {
	r.t.Helper()
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		rel, bad := filepath.Rel(filepath.Dir(dir), name)
		r.add(strings.TrimPrefix(filepath.Ext(name), "."), rel, b)
		return errors.Join(err, bad)
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

// commands makes the forms of others, and some tables by the command as typed.
func (r *sentinelRun) commands() {
	r.t.Helper()
	dir := r.t.TempDir()
	for _, format := range dataset.Formats {
		r.call("", "export", string(format), "-o", filepath.Join(dir, string(format)))
	}
	r.files(dir)
	if strings.Contains(r.control, "rounding") {
		return
	}
	r.call("csv", "export", "--for", "glotip", "--missing", filepath.Join(dir, "missing.csv"))
	r.call("json", "export", "--for", "sdg", "--json")
	r.call("", "export", "--for", "glotip", "-o", filepath.Join(dir, "glotip.xlsx"))
	r.call("csv", "export", "--for", "sdg")
	r.call("text", "report", "victims", "--as-of", sentinelFirst[:10])
	r.call("json", "report", "query", "--measure", "VICTIMS_DETECTED", "--columns", "SEX,TIME_PERIOD", "--json")
	r.call("", "report", "revisions", "--format", "xlsx", "--since", sentinelFirst[:10])
	r.call("", "report", "justice", "--format", "pdf", "--paper", "letter")
	r.files(dir)
	r.files(filepath.Join(r.dir, "out"))
}

// left looks at what commands left in the workspace beside its own files.
func (r *sentinelRun) left() {
	r.t.Helper()
	entries, err := os.ReadDir(r.dir)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, e := range entries {
		switch e.Name() {
		case "tipstat.duckdb", "tipstat.yaml", "disclosure.yaml", "disclosure.key", "withheld.json.lock", "audits", "layouts", "vocabulary", "originals", "inbox", "accepted", "refused", "out":
		case "withheld.json":
			b, err := os.ReadFile(filepath.Join(r.dir, e.Name()))
			if err != nil {
				r.t.Fatal(err)
			}
			r.add("withheld.json", "workspace", b)
		default:
			r.t.Errorf("%s is left in the workspace", e.Name())
		}
	}
}
