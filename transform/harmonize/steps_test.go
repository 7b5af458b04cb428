package harmonize_test

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/harmonize"
	"github.com/oas/tipstat/transform/store"
)

// TestSteps takes in each fixture of testdata and compares its observations
// with those that the fixture wants. Then, for every observation: the cells
// that Trace lists make up its value again, and every figure of the file is
// reached from some observation. With one thread and with four, the rows are
// the same to the byte.
func TestSteps(t *testing.T) {
	one, four := openStore(t, 1), openStore(t, 4)
	for _, path := range fixtures(t) {
		fx := readFixture(t, path)
		t.Run(fx.name, func(t *testing.T) {
			id := take(t, one, fx)
			take(t, four, fx)
			os := tracedObservations(t, one, id)
			fx.compare(t, path, render(t, os))
			fx.reached(t, os)
			for _, o := range os {
				if o.derivation != "counted" {
					fx.traced(t, o)
				}
			}
			if d := cmp.Diff(dump(t, one, id), dump(t, four, id)); d != "" {
				t.Errorf("one thread and four differ (-one +four):\n%s", d)
			}
		})
	}
}

func (fx *fixture) compare(t *testing.T, path, got string) {
	t.Helper()
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(path, []byte(fx.head+"\nwant\n"+got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if d := cmp.Diff(fx.want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", path, d)
	}
}

// reached: no figure of a file is lost on the way to the observations.
func (fx *fixture) reached(t *testing.T, os []observation) {
	t.Helper()
	seen := map[string]bool{}
	for _, o := range os {
		for _, c := range o.sources() {
			seen[c] = true
		}
	}
	for _, f := range fx.figures {
		if !seen[place(f)] {
			t.Errorf("the figure in %s is behind no observation", place(f))
		}
	}
}

// traced: the cells that Trace lists are the ones that the value was made from.
func (fx *fixture) traced(t *testing.T, o observation) {
	t.Helper()
	cells := o.sources()
	at := fmt.Sprintf("%s (%s) from %v", o.key(), o.text["step"], cells)
	if o.cells != int64(len(cells)) {
		t.Errorf("%s: n_cells is %d", at, o.cells)
	}
	if o.text["UNIT_MEASURE"] != "NUMBER" && o.derivation != "reported" {
		return // rates of places do not add up
	}
	want := fx.recompute(t, cells)
	if o.text["COMMENT_OBS"] == "conflict" && o.text["IDENTIFIED_BY"] == "MULTIPLE" {
		want = interval{} // equal figures of two offices are not one figure
	}
	if o.lower.Valid != (want.known > 0) || o.lower.Valid && o.lower.Float64 != want.lower {
		t.Errorf("%s: lower bound is %v, the cells say %+v", at, o.lower, want)
	}
	whole := o.missing == 0
	if o.upper.Valid != (want.bounded && whole) || o.upper.Valid && o.upper.Float64 != want.upper {
		t.Errorf("%s: upper bound is %v (n_missing %d), the cells say %+v", at, o.upper, o.missing, want)
	}
	if o.value.Valid != (want.exact && whole) || o.value.Valid && o.value.Float64 != want.lower {
		t.Errorf("%s: value is %v (n_missing %d), the cells say %+v", at, o.value, o.missing, want)
	}
	if !want.bounded && whole && o.derivation != "reported" && o.derivation != "check" {
		t.Errorf("%s: a part has no figure, n_missing is 0", at)
	}
	if status := o.text["OBS_STATUS"]; !o.value.Valid && !strings.Contains("OMLQ", status) {
		t.Errorf("%s: no value, and status %s", at, status)
	}
}

// dump gives every column of every row.
func dump(t *testing.T, s *store.Store, id string) []string {
	t.Helper()
	rows, err := s.DB().QueryContext(context.Background(), `SELECT to_json(o)::VARCHAR FROM observation o WHERE submission_id = ? ORDER BY obs_id`, id)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		out = append(out, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

var (
	reInsert = regexp.MustCompile(`(?m)^INSERT INTO`)
	reOrder  = regexp.MustCompile(`(?s)\nORDER BY [^;()]*(\([^()]*\)[^;()]*)*;\s*$`)
)

// TestStepFiles: every step says what it is for and what a row is, and puts its
// rows in an order, so that obs_id does not hang on the machine.
func TestStepFiles(t *testing.T) {
	all, err := harmonize.Steps()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSortedFunc(all, func(a, b harmonize.Step) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("the steps are not in the order of their names")
	}
	for _, s := range all {
		if !strings.HasPrefix(s.SQL, "-- Purpose: ") {
			t.Errorf("%s: the head comment does not begin with its purpose", s.Name)
		}
		if p := s.Purpose(); len(p) < 20 || strings.HasSuffix(p, ".") || strings.Contains(p, "Purpose") || strings.Contains(p, "--") {
			t.Errorf("%s: purpose %q", s.Name, p)
		}
		head, _, _ := strings.Cut(s.SQL, "\nINSERT")
		if reInsert.MatchString(s.SQL) {
			if !reOrder.MatchString(s.SQL) {
				t.Errorf("%s: the rows that it inserts have no order", s.Name)
			}
			if !strings.Contains(head, "One row in: ") || !strings.Contains(head, "One row out: ") {
				t.Errorf("%s: the head comment does not say what a row is", s.Name)
			}
		}
		if strings.Contains(s.SQL, "any_value(") {
			t.Errorf("%s: any_value takes another row on another machine", s.Name)
		}
	}
}
