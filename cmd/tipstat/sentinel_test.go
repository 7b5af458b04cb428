package main

import (
	"bytes"
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

	"github.com/oas/tipstat/reports/query"
	"github.com/oas/tipstat/reports/table"
)

// withheldCases are ways of disclosure control, and what they must keep to themselves.
var withheldCases = []struct {
	name, policy, control, lang string
	hidden                      func(number, what string) bool
}{
	{"all withheld", "threshold: 1000000\nthreshold_cases: 1000000\n", "suppression", "es",
		func(string, string) bool { return true }},
	{"a State and a kind of record", "threshold: 1\nthreshold_cases: 1\ngroup: 0\ndominance: false\nstates: {HND: 1000000, JAM: 1000000}\nrecords: {prosecutions: 1000000, routes: 1000000}\n", "suppression", "fr",
		func(_, what string) bool {
			state, rest, _ := strings.Cut(what, " ")
			return state == "HND" || state == "JAM" || strings.HasPrefix(rest, "PERSONS_") || strings.HasPrefix(rest, "OFFENCES_") || strings.HasPrefix(rest, "ROUTE_")
		}},
	{"random rounding", "", "random-rounding", "pt", func(n, _ string) bool { return !multiple(n, 3) }},
	{"controlled rounding", "rounding: {base: 5}\n", "controlled-rounding", "en", func(n, _ string) bool { return !multiple(n, 5) }},
}

func multiple(number string, of int) bool {
	n, err := strconv.Atoi(number)
	return err == nil && n%of == 0
}

// TestSentinels makes a workspace whose figures stand nowhere else, and all that is
// made for others of it, in all forms: nothing tells a figure that is withheld, nor
// one that was worked out from such. A working table tells them in each form, so that
// they are looked for in the right way.
func TestSentinels(t *testing.T) {
	dir, newer, older := sentinelWorkspace(t)
	all := maps.Clone(older)
	maps.Copy(all, newer)
	working := &sentinelRun{t: t, dir: dir, control: "none", lang: "en", figures: map[string]string{}}
	for form, outputs := range working.everything() {
		t.Run("working "+form, func(t *testing.T) {
			needs(t, form)
			if len(outputs) > 0 && !slices.ContainsFunc(outputs, func(o output) bool { return len(o.tells(t, newer)) > 0 }) && form != "stderr" {
				t.Errorf("none of %d outputs tells any figure", len(outputs))
			}
		})
	}
	for _, tc := range withheldCases {
		if err := os.WriteFile(filepath.Join(dir, "disclosure.yaml"), []byte(tc.policy), 0o644); err != nil {
			t.Fatal(err)
		}
		run := &sentinelRun{t: t, dir: dir, control: tc.control, lang: tc.lang, figures: map[string]string{}}
		made := run.everything()
		hidden := sentinels{}
		for n, what := range all {
			if tc.hidden(n, what) {
				hidden[n] = what
			}
		}
		for n, what := range working.figures {
			if _, ok := run.figures[n]; !ok {
				hidden[n] = "worked out, " + what
			}
		}
		for form, outputs := range made {
			t.Run(tc.name+" "+form, func(t *testing.T) {
				needs(t, form)
				told(t, outputs, hidden)
			})
		}
		t.Logf("%s: %d figures looked for", tc.name, len(hidden))
	}
}

// needs skips what can't be read here.
func needs(t *testing.T, form string) {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil && form == "pdf" {
		t.Skip("pdftotext is not on this machine")
	}
}

// sentinelRun makes all that is made for others under one control.
type sentinelRun struct {
	t                  *testing.T
	dir, control, lang string
	figures            map[string]string // that stand in its tables, by the number, as sentinels are written
	made               map[string][]output
}

func (r *sentinelRun) add(form, name string, b []byte) {
	r.made[form] = append(r.made[form], output{form, form + " of " + name, b})
}

func (r *sentinelRun) everything() map[string][]output {
	r.t.Helper()
	r.made = map[string][]output{}
	r.packs()
	r.tables()
	r.commands()
	r.left()
	return r.made
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
	{Measures: []string{"PERSONS_CONVICTED", "VICTIMS_DETECTED_RATE", "VICTIMS_REPATRIATED"}, Rows: []string{"REF_AREA", "TIME_PERIOD"}, Columns: []string{"SEX"}},
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
	st, p, err := (&tableFlags{control: r.control}).open(ctx, a, c)
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
	for _, name := range slices.Sorted(maps.Keys(makers)) {
		m := made{c, st.DB(), makers[name], p, nil}
		if m.t, err = m.maker(ctx, m.db, p); err != nil {
			r.t.Fatal(err)
		}
		r.note(m.t)
		for form, write := range writers(ctx, "a4") {
			var b bytes.Buffer
			if err := write(&b, m); err != nil {
				r.t.Fatalf("%s as %s: %v", name, form, err)
			}
			r.add(form, name, b.Bytes())
		}
	}
	r.add("stderr", "all tables", said.Bytes())
}

// note notes the figures of a table.
func (r *sentinelRun) note(t *table.Table) {
	for _, row := range t.Rows {
		for _, c := range row.Cells {
			for _, v := range []*float64{c.Value, c.Lower, c.Upper} {
				if v == nil {
					continue
				}
				for n := range numbers([]byte(strconv.FormatFloat(math.Abs(*v), 'f', -1, 64))) {
					r.figures[n] = "of " + t.ID
				}
			}
		}
	}
}

// packs makes the pack of the first files, and the next one, which is held against it.
func (r *sentinelRun) packs() {
	r.t.Helper()
	base := r.t.TempDir()
	before, next := filepath.Join(base, "before"), filepath.Join(base, "next")
	r.call("", "report", "pack", "--as-of", sentinelFirst[:10], "-o", before)
	for _, form := range formats {
		name := filepath.Join(base, "changes."+form)
		r.call("", "report", "changes", "--previous", before, "--format", form, "-o", name)
		b, err := os.ReadFile(name)
		if err != nil {
			r.t.Fatal(err)
		}
		r.add(form, "changes", b)
	}
	r.call("", "report", "pack", "--previous", before, "-o", next, "--meeting", "Fourth Meeting")
	for _, dir := range []string{before, next} {
		r.files(dir)
	}
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
	for _, form := range []string{"glotip", "sdg"} {
		r.call("csv", "export", "--for", form, "--missing", filepath.Join(dir, form+"-missing.csv"))
		r.call("json", "export", "--for", form, "--json")
		r.call("", "export", "--for", form, "-o", filepath.Join(dir, form+".xlsx"))
	}
	r.call("text", "report", "victims", "--as-of", sentinelFirst[:10])
	r.call("text", "report", "query", "--measure", "VICTIMS_DETECTED", "--columns", "SEX,TIME_PERIOD")
	r.call("json", "report", "revisions", "--json", "--since", sentinelFirst[:10])
	r.call("", "report", "victims-sex-age", "--format", "xlsx")
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
		case "tipstat.duckdb", "tipstat.yaml", "disclosure.yaml", "disclosure.key", "layouts", "vocabulary", "originals", "inbox", "out":
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
