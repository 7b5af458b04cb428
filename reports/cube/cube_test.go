package cube

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/testdata/golden"
	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/store"
)

// fixture is the store of the tests of reports.
func fixture(t testing.TB) *sql.DB {
	t.Helper()
	s, err := store.Open(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	b, err := os.ReadFile("../testdata/fixture.sql")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.DB().ExecContext(context.Background(), string(b)); err != nil {
		t.Fatal(err)
	}
	return s.DB()
}

func specs(t testing.TB) []table.Spec {
	t.Helper()
	all, err := table.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// built builds one table in the languages given.
func built(t testing.TB, db *sql.DB, s table.Spec, langs ...string) []*table.Table {
	t.Helper()
	var out []*table.Table
	for _, lang := range langs {
		tab, err := table.Build(context.Background(), db, s, table.Params{Lang: lang})
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, tab)
	}
	return out
}

func cubed(t testing.TB, tables []*table.Table) *Cube {
	t.Helper()
	c, err := Make(tables)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func written(t testing.TB, c *Cube, write func(io.Writer, *Cube) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, c); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGoldenPX(t *testing.T) {
	db := fixture(t)
	for _, s := range specs(t) {
		if slices.Contains([]string{"victims", "victims-sex-age", "treaties", "routes"}, s.ID) {
			t.Run(s.ID, func(t *testing.T) {
				golden.Compare(t, s.ID+".px", written(t, cubed(t, built(t, db, s, record.Languages...)), WritePX))
			})
		}
	}
}

func TestGoldenJSONStat(t *testing.T) {
	db := fixture(t)
	lang := map[string]string{"victims": "en", "victims-sex-age": "es", "treaties": "pt", "justice": "fr"}
	for _, s := range specs(t) {
		if l := lang[s.ID]; l != "" {
			t.Run(s.ID+"/"+l, func(t *testing.T) {
				golden.Compare(t, s.ID+"."+l+".json", written(t, cubed(t, built(t, db, s, l)), WriteJSONStat))
			})
		}
	}
}

// TestEveryFigure finds each figure of each table in its cube, at the place
// that its codes say, and no other figure there.
func TestEveryFigure(t *testing.T) {
	db := fixture(t)
	figures := 0
	for _, s := range specs(t) {
		t.Run(s.ID, func(t *testing.T) {
			tab := built(t, db, s, "en")[0]
			if tab.WideText {
				return // dates: see the golden file
			}
			c := cubed(t, []*table.Table{tab})
			m := &maker{t: tab, langs: []string{"en"}, c: &Cube{}}
			m.dimensions()
			m.categories()
			want, seen := map[int]float64{}, map[string]int{}
			for _, r := range tab.Rows {
				if r.Kind == table.AbsentRow || r.Kind == table.CoveredRow {
					continue
				}
				key := rowKey(r)
				at := m.rows[fmt.Sprint(key, sep, seen[key])]
				seen[key]++
				for j, cell := range r.Cells {
					place := slices.Clone(at)
					for i, code := range tab.Columns[j].Codes {
						place = append(place, m.index[len(m.keys)+i][code])
					}
					for f, v := range []*float64{cell.Value, cell.Lower, cell.Upper} {
						n := c.Index(append(slices.Clone(place), f))
						if v == nil {
							continue
						}
						if old, ok := want[n]; ok {
							t.Errorf("two figures at %v: %v and %v", place, old, *v)
						}
						want[n] = *v
					}
				}
			}
			got := map[int]float64{}
			for i, cell := range c.Cells {
				if cell.Kind == Number {
					got[i] = cell.Value
				}
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("(-table +cube):\n%s", d)
			}
			figures += len(got)
		})
	}
	if figures < 200 { // a table may have none in the fixture
		t.Errorf("only %d figures in all tables", figures)
	}
}

// TestNamed wants every name and label in every language, and none twice in
// its dimension: both formats find a category by it.
func TestNamed(t *testing.T) {
	db := fixture(t)
	for _, s := range specs(t) {
		c := cubed(t, built(t, db, s, record.Languages...))
		for _, lang := range record.Languages {
			for _, d := range c.Dimensions {
				if d.Name[lang] == "" {
					t.Errorf("%s: dimension %s has no name in %s", s.ID, d.ID, lang)
				}
				seen := map[string]bool{}
				for _, cat := range d.Categories {
					if l := cat.Label[lang]; l == "" || seen[l] {
						t.Errorf("%s: %s %s: label %q in %s is empty or stands twice", s.ID, d.ID, cat.Code, l, lang)
					}
					seen[cat.Label[lang]] = true
				}
			}
			if c.Release[lang] == "" && s.Kind == "figures" {
				t.Errorf("%s: no note on the release in %s", s.ID, lang)
			}
		}
	}
	all, err := texts()
	if err != nil {
		t.Fatal(err)
	}
	for key, text := range all {
		for _, lang := range record.Languages {
			if text[lang] == "" {
				t.Errorf("texts.yaml: %s has no text in %s", key, lang)
			}
		}
	}
}

// TestSameBytes writes twice and wants the same.
func TestSameBytes(t *testing.T) {
	db := fixture(t)
	for _, s := range specs(t) {
		first := cubed(t, built(t, db, s, record.Languages...))
		again := cubed(t, built(t, db, s, record.Languages...))
		for name, write := range map[string]func(io.Writer, *Cube) error{"px": WritePX, "json-stat": WriteJSONStat} {
			if !bytes.Equal(written(t, first, write), written(t, again, write)) {
				t.Errorf("%s of %s differs from one time to the next", name, s.ID)
			}
		}
	}
}

// TestApart refuses tables that do not agree.
func TestApart(t *testing.T) {
	db := fixture(t)
	s := specs(t)[slices.IndexFunc(specs(t), func(s table.Spec) bool { return s.ID == "victims" })]
	for name, change := range map[string]func(*table.Table){
		"a figure": func(x *table.Table) {
			for i := range x.Rows {
				for j, c := range x.Rows[i].Cells {
					if c.Value != nil {
						n := *c.Value + 1
						x.Rows[i].Cells[j].Value = &n
						return
					}
				}
			}
		},
		"a row":    func(x *table.Table) { x.Rows[0].Stub[1].Code = "OTHER" },
		"a column": func(x *table.Table) { x.Columns[0].Codes = []string{"1900"} },
		"a grade": func(x *table.Table) {
			for j, c := range x.Rows[0].Cells {
				if c.Grade != "" {
					x.Rows[0].Cells[j].Grade = "D"
				}
			}
		},
	} {
		tables := built(t, db, s, "en", "fr")
		change(tables[1])
		if _, err := Make(tables); err == nil || !strings.Contains(err.Error(), "differs between en and fr") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Make(nil); err == nil {
		t.Error("no table, no error")
	}
}

// TestTooLarge refuses a cube beyond all measure.
func TestTooLarge(t *testing.T) {
	x := &table.Table{ID: "wide", Lang: "en", Levels: []string{"A", "B"}, Stub: []table.Heading{{Codes: []string{"REF_AREA"}, Labels: []string{"State"}}}}
	for i := range 1500 {
		x.Columns = append(x.Columns, table.Heading{Codes: []string{fmt.Sprint("a", i), fmt.Sprint("b", i)}, Labels: []string{"a", "b"}})
	}
	x.Rows = []table.Row{{Kind: table.SeriesRow, Stub: []table.Label{{Code: "HND", Name: "Honduras", Text: "Honduras"}}, Cells: make([]table.Cell, 1500)}}
	if _, err := Make([]*table.Table{x}); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
}

// TestKinds keeps the kinds of nothing apart, and a zero a number.
func TestKinds(t *testing.T) {
	f := func(n float64) *float64 { return &n }
	x := &table.Table{ID: "kinds", Lang: "en", Title: `A "quoted" title; with # and more`, Levels: []string{"REF_YEAR"}, Stub: []table.Heading{{Codes: []string{"REF_AREA"}, Labels: []string{"State"}}}}
	cells := []table.Cell{{Value: f(0), Lower: f(0), Upper: f(0), Status: "A"}, {Status: "O"}, {Status: "M"}, {Status: "L"}, {Status: "Q"},
		{Lower: f(0), Upper: f(4), Status: "Q", Text: "0–4"}, {Lower: f(7), Status: "A", Text: "≥7"}, {Value: f(1.25), Lower: f(1.25), Upper: f(1.25), Status: "A"}}
	for i := range cells {
		y := fmt.Sprint(2000 + i)
		x.Columns = append(x.Columns, table.Heading{Codes: []string{y}, Labels: []string{y}})
	}
	x.Rows = []table.Row{{Kind: table.SeriesRow, Stub: []table.Label{{Code: "HND", Name: "Honduras", Text: "Honduras"}}, Cells: cells}}
	c := cubed(t, []*table.Table{x})
	text := string(written(t, c, WritePX))
	_, data, _ := strings.Cut(text, "DATA=\n")
	want := `0 0 0 "." "." "." ".." ".." ".." "..." "..." "..." "...." "...." "...." "....." 0 4 "....." 7 "." 1.25 1.25 1.25;` + "\n"
	if data != want {
		t.Errorf("data:\n got %s\nwant %s", data, want)
	}
	if !strings.Contains(text, `TITLE="A 'quoted' title; with ♯ and more";`) || !strings.Contains(text, "DECIMALS=2;") {
		t.Errorf("head:\n%s", text[:800])
	}
	if math.Signbit(c.Cells[0].Value) || c.Cells[0].Kind != Number {
		t.Errorf("a zero is %v", c.Cells[0])
	}
}

// TestColumnTwice refuses columns that would share a key.
func TestColumnTwice(t *testing.T) {
	h := table.Heading{Codes: []string{"2020"}, Labels: []string{"2020"}}
	x := &table.Table{ID: "twice", Lang: "en", Levels: []string{"REF_YEAR"}, Columns: []table.Heading{h, h}}
	if _, err := Make([]*table.Table{x}); err == nil {
		t.Error("a column twice, no error")
	}
	x.Columns = []table.Heading{{Codes: []string{"2020", "F"}, Labels: []string{"2020", "F"}}}
	if _, err := Make([]*table.Table{x}); err == nil {
		t.Error("a code too many, no error")
	}
}

// TestRowsAlike gives rows that nothing tells apart a series each.
func TestRowsAlike(t *testing.T) {
	f := func(n float64) table.Cell { return table.Cell{Value: &n, Lower: &n, Upper: &n, Status: "A"} }
	stub := []table.Label{{Code: "HND", Name: "Honduras", Text: "Honduras"}}
	x := &table.Table{ID: "alike", Lang: "en", Levels: []string{"REF_YEAR"}, Stub: []table.Heading{{Codes: []string{"REF_AREA"}, Labels: []string{"State"}}},
		Columns: []table.Heading{{Codes: []string{"2020"}, Labels: []string{"2020"}}},
		Rows: []table.Row{{Kind: table.SeriesRow, Stub: stub, Cells: []table.Cell{f(1)}}, {Kind: table.SeriesRow, Stub: stub, Cells: []table.Cell{f(2)}},
			{Kind: table.SeriesRow, Stub: []table.Label{{Code: "HND", Name: "Honduras", Text: "Honduras · Cases"}}, Cells: []table.Cell{f(3)}}}}
	c := cubed(t, []*table.Table{x})
	var got []string
	for i, cat := range c.Dimensions[1].Categories {
		got = append(got, fmt.Sprint(cat.Code, " ", cat.Label["en"], " ", c.Cells[c.Index([]int{0, i, 0, 0})].Value))
	}
	want := []string{"_Z All sources 1", "_Z.2 All sources (_Z.2) 2", "_Z.3 Cases 3"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// FuzzLong writes any text: quoted, on lines of their width, and whole.
func FuzzLong(f *testing.F) {
	f.Add("a short text")
	f.Add("\"quoted\"; and # more\r\nwith a line\x00" + strings.Repeat(" word", 100))
	f.Add(strings.Repeat("x", 500))
	f.Fuzz(func(t *testing.T, s string) {
		var whole strings.Builder
		for _, line := range strings.Split(long(s), "\n") {
			inner, ok := strings.CutPrefix(line, `"`)
			if inner, ok = strings.CutSuffix(inner, `"`); !ok || strings.ContainsAny(inner, "\"\n\r") {
				t.Fatalf("line %q", line)
			}
			if len(inner) > lineWidth && strings.Contains(strings.TrimSuffix(inner, " "), " ") {
				t.Errorf("%d bytes in a line that could be broken", len(inner))
			}
			whole.WriteString(inner)
		}
		q := quote(s)
		if whole.String() != q[1:len(q)-1] {
			t.Errorf("%q became %q", s, whole.String())
		}
	})
}
