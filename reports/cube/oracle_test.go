package cube

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/store"
)

// found is what another program read (testdata/read.cjs).
type found struct {
	Class      string `json:"class"`
	Title      string `json:"title"`
	Dimensions []struct {
		ID     string   `json:"id"`
		Name   string   `json:"name"`
		Codes  []string `json:"codes"`
		Labels []string `json:"labels"`
	} `json:"dimensions"`
	Cells    []any               `json:"cells"`
	Statuses []*string           `json:"statuses"`
	Roles    map[string][]string `json:"roles"`
	Names    map[string][]struct {
		Name   string   `json:"name"`
		Labels []string `json:"labels"`
		Codes  []string `json:"codes"`
	} `json:"names"`
}

// elsewhere reads a file with px.js or the JSON-stat Toolkit.
func elsewhere(t *testing.T, name string, b []byte) found {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is not there (Debian: nodejs)")
	}
	if _, err := os.Stat("testdata/node_modules/px"); err != nil {
		t.Skip("npm ci --prefix reports/cube/testdata was not run")
	}
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, b, 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", "testdata/read.cjs", file)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var f found
	if err := json.Unmarshal(out, &f); err != nil {
		t.Fatal(err)
	}
	return f
}

// TestPXElsewhere has every table read by px.js: the same dimensions and
// categories in each language, and the same cells one by one.
func TestPXElsewhere(t *testing.T) {
	db := fixture(t)
	for _, s := range specs(t) {
		t.Run(s.ID, func(t *testing.T) {
			c := cubed(t, built(t, db, s, record.Languages...))
			got := elsewhere(t, "x.px", written(t, c, WritePX))
			want := make([]any, len(c.Cells))
			for i, cell := range c.Cells {
				want[i] = map[Kind]string{NotAvailable: ".", NotApplicable: "..", NotCollected: "...", Suppressed: "....", Range: "....."}[cell.Kind]
				if cell.Kind == Number {
					want[i] = strconv.FormatFloat(cell.Value, 'f', -1, 64)
				}
			}
			if d := cmp.Diff(want, got.Cells); d != "" {
				t.Errorf("cells (-want +got):\n%s", d)
			}
			if len(got.Dimensions) != len(c.Dimensions) {
				t.Fatalf("%d dimensions, want %d", len(got.Dimensions), len(c.Dimensions))
			}
			for i, d := range c.Dimensions {
				if got.Dimensions[i].ID != d.ID || !slices.Equal(got.Dimensions[i].Codes, d.codes()) {
					t.Errorf("dimension %d: %+v, want %s %v", i, got.Dimensions[i], d.ID, d.codes())
				}
				for _, lang := range record.Languages {
					n := got.Names[lang][i]
					if n.Name != d.Name[lang] || !slices.Equal(n.Labels, labels(d, lang)) || !slices.Equal(n.Codes, d.codes()) {
						t.Errorf("dimension %d in %s: %+v, want %s %v", i, lang, n, d.Name[lang], labels(d, lang))
					}
				}
			}
		})
	}
}

// TestNothingElsewhere has a table without any figure read: all its cells are
// not available.
func TestNothingElsewhere(t *testing.T) {
	empty, err := store.Open(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = empty.Close() })
	for _, s := range specs(t) {
		c := cubed(t, built(t, empty.DB(), s, "en", "pt"))
		for _, got := range []found{elsewhere(t, "x.px", written(t, c, WritePX)), elsewhere(t, "x.json", written(t, c, WriteJSONStat))} {
			if len(got.Dimensions) != len(c.Dimensions) || len(got.Cells) != len(c.Cells) || slices.ContainsFunc(got.Cells, func(v any) bool { return v != nil && v != "." }) {
				t.Errorf("%s: %+v", s.ID, got)
			}
		}
	}
}

// TestJSONStatElsewhere has every table in every language read by the
// JSON-stat Toolkit of the format's author.
func TestJSONStatElsewhere(t *testing.T) {
	db := fixture(t)
	for i, s := range specs(t) {
		lang := record.Languages[i%len(record.Languages)]
		t.Run(s.ID+"/"+lang, func(t *testing.T) {
			c := cubed(t, []*table.Table{built(t, db, s, lang)[0]})
			got := elsewhere(t, "x.json", written(t, c, WriteJSONStat))
			if got.Class != "dataset" || got.Title != c.Title[lang] || !slices.Equal(got.Roles["geo"], []string{area}) || !slices.Equal(got.Roles["metric"], []string{figure}) {
				t.Errorf("class %s, title %s, roles %v", got.Class, got.Title, got.Roles)
			}
			for i, d := range c.Dimensions {
				g := got.Dimensions[i]
				if g.ID != d.ID || g.Name != d.Name[lang] || !slices.Equal(g.Codes, d.codes()) || !slices.Equal(g.Labels, labels(d, lang)) {
					t.Errorf("dimension %d: %+v, want %s %v", i, g, d.ID, labels(d, lang))
				}
			}
			if len(got.Cells) != len(c.Cells) {
				t.Fatalf("%d cells, want %d", len(got.Cells), len(c.Cells))
			}
			for i, cell := range c.Cells {
				var want any
				if cell.Kind == Number {
					want = cell.Value
				}
				status := "A"
				if got.Statuses[i] != nil {
					status = *got.Statuses[i]
				}
				if got.Cells[i] != want || status != cell.Status {
					t.Errorf("cell %d: %v %s, want %v %s", i, got.Cells[i], status, want, cell.Status)
				}
			}
		})
	}
}
