package pack_test

import (
	"bytes"
	"context"
	"database/sql"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/reports"
	"github.com/oas/tipstat/reports/pack"
	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/store"
)

// fixture is the store that the tables of reports are tested with.
func fixture(t *testing.T) *sql.DB {
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

func build(t *testing.T, db *sql.DB, lang string) *reports.Document {
	t.Helper()
	d, err := pack.Build(context.Background(), db, pack.Options{Meeting: "Reunión de <prueba>", AsOf: "2025-06-30", Params: table.Params{Lang: lang, FromYear: 2019, ToYear: 2023}})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

type page struct {
	bytes.Buffer
}

func (*page) Close() error { return nil }

func site(t *testing.T, d *reports.Document) map[string]string {
	t.Helper()
	pages := map[string]*page{}
	err := reports.WriteHTMLDocument(d, func(name string) (io.WriteCloser, error) {
		pages[name] = &page{}
		return pages[name], nil
	})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for name, p := range pages {
		out[name] = p.String()
	}
	return out
}

// TestPack: the pack has the same parts in each language, all of its texts, a
// profile for each State with figures, and pages that all links lead to.
func TestPack(t *testing.T) {
	db := fixture(t)
	var names []string
	for _, lang := range record.Languages {
		t.Run(lang, func(t *testing.T) {
			d := build(t, db, lang)
			var have []string
			profiles := 0
			for _, c := range d.Chapters {
				if strings.TrimSpace(c.Title) == "" || len(c.Text)+len(c.Tables) == 0 {
					t.Errorf("an empty chapter: %+v", c.Title)
				}
				for _, text := range c.Text {
					if text == "" || strings.ContainsAny(text, "{}") {
						t.Errorf("chapter %s: %q", c.Title, text)
					}
				}
				for _, p := range c.Tables {
					have = append(have, p.Name)
					if strings.HasPrefix(p.Name, "profile-") {
						profiles++
						if p.Title == "" || len(p.Table.Rows) == 0 {
							t.Errorf("%s is empty", p.Name)
						}
					}
				}
			}
			slices.Sort(have)
			if names == nil {
				names = have
			}
			if d := cmp.Diff(names, have); d != "" || profiles < 3 || len(have) != len(slices.Compact(have)) {
				t.Errorf("%d profiles; parts (-en +%s):\n%s", profiles, lang, d)
			}
			pages := site(t, d)
			index := pages["index.html"]
			if strings.Contains(index, "<prueba>") || !strings.Contains(index, "Reunión de &lt;prueba&gt;") {
				t.Error("the name of the meeting is not escaped")
			}
			for _, name := range have {
				if !strings.Contains(index, `href="`+name+`.html"`) || !strings.Contains(pages[name+".html"], `<a href="index.html">`) {
					t.Errorf("no way to %s and back", name)
				}
			}
			if len(pages) != len(have)+1 {
				t.Errorf("%d pages for %d tables", len(pages), len(have))
			}
			path := filepath.Join("testdata", "index."+lang+".html")
			if os.Getenv("UPDATE") != "" {
				if err := os.WriteFile(path, []byte(index), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), index); d != "" {
				t.Errorf("%s (-want +got):\n%s", path, d)
			}
		})
	}
}

// TestSameBytes: the same store gives the same pack, in every form.
func TestSameBytes(t *testing.T) {
	db := fixture(t)
	forms := map[string]func(io.Writer, *reports.Document) error{
		"pdf":  func(w io.Writer, d *reports.Document) error { return reports.WritePDFDocument(w, d, "a4") },
		"xlsx": reports.WriteXLSXDocument,
	}
	first, again := build(t, db, "pt"), build(t, db, "pt")
	if !maps.Equal(site(t, first), site(t, again)) {
		t.Error("the pages differ")
	}
	for name, write := range forms {
		var a, b bytes.Buffer
		if err := write(&a, first); err != nil {
			t.Fatal(err)
		}
		if err := write(&b, again); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Errorf("%s differs", name)
		}
	}
}

// TestWorkbook: each table has its sheet and its notes, and the contents lead there.
func TestWorkbook(t *testing.T) {
	d := build(t, fixture(t), "fr")
	var b bytes.Buffer
	if err := reports.WriteXLSXDocument(&b, d); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheets := f.GetSheetList()
	links := map[string]bool{}
	cells, err := f.GetHyperLinkCells(sheets[0], "Location")
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range cells {
		_, to, err := f.GetCellHyperLink(sheets[0], at)
		if err != nil {
			t.Fatal(err)
		}
		links[to] = true
	}
	for _, c := range d.Chapters {
		for _, p := range c.Tables {
			if !slices.Contains(sheets, p.Name) || !slices.Contains(sheets, p.Name+" (n)") || !links["'"+p.Name+"'!A1"] {
				t.Errorf("%s: no sheet, no notes or no link", p.Name)
			}
		}
	}
}

// TestContents: the numbers of pages in the contents are those on which the
// tables stand.
func TestContents(t *testing.T) {
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not on this machine")
	}
	d := build(t, fixture(t), "es")
	var b bytes.Buffer
	if err := reports.WritePDFDocument(&b, d, "letter"); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "pack.pdf")
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-layout", name, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	pages := strings.Split(string(out), "\f")
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	found := 0
	for _, line := range strings.Split(pages[1], "\n") {
		words := strings.Fields(line)
		if len(words) < 2 {
			continue
		}
		title, _, dotted := strings.Cut(squeeze(line), " . .")
		number := 0
		for _, r := range words[len(words)-1] {
			if r < '0' || r > '9' {
				number = 0
				break
			}
			number = number*10 + int(r-'0')
		}
		if !dotted || number == 0 || number > len(pages) {
			continue
		}
		isTable := slices.ContainsFunc(d.Chapters, func(c reports.Chapter) bool {
			return slices.ContainsFunc(c.Tables, func(p reports.Part) bool { return squeeze(p.Heading()) == title })
		})
		if isTable {
			found++
			if !strings.Contains(squeeze(pages[number-1]), title) {
				t.Errorf("%q is not on page %d", title, number)
			}
		}
	}
	ofStates, profiles := 0, 0
	for _, page := range pages {
		if strings.Contains(squeeze(page), " profile ") {
			ofStates++
		}
	}
	for _, c := range d.Chapters {
		for _, p := range c.Tables {
			if p.Title != "" {
				profiles++
			}
		}
	}
	if ofStates != profiles || profiles == 0 {
		t.Errorf("%d profiles on %d pages; want a page for each", profiles, ofStates)
	}
	if found < 10 {
		t.Errorf("only %d tables in the contents", found)
	}
}

// TestKeySilence: where there is no figure, the key figures say so and leave
// nothing out.
func TestKeySilence(t *testing.T) {
	s, err := store.Open(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	d, err := pack.Build(context.Background(), s.DB(), pack.Options{})
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(d.Chapters[0].Text, "\n")
	for _, want := range []string{"Victims of trafficking in persons detected", "Persons investigated, prosecuted and convicted", "Status of the treaties"} {
		if strings.Count(text, want) != 1 {
			t.Errorf("%q stands %d times in\n%s", want, strings.Count(text, want), text)
		}
	}
}

// TestKeyWithheld: States of which all is withheld reported all the same, and the
// key figures say how many they are.
func TestKeyWithheld(t *testing.T) {
	for _, tt := range []struct{ where, want string }{
		{"false", ": figures of 2 State(s), those of 1 withheld (c);"}, // as one reporter withheld its own
		{"INDICATOR = 'VICTIMS_DETECTED' AND REF_YEAR >= 2023", ": figures of 2 State(s), those of 2 withheld (c);"},
		{"INDICATOR = 'VICTIMS_ASSISTED'", "Victims of trafficking in persons assisted, by State and year: 2022: figures of 1 State(s), those of 1 withheld (c);"},
	} {
		db := fixture(t)
		if _, err := db.Exec(`UPDATE observation SET OBS_VALUE = NULL, LOWER_BOUND = NULL, UPPER_BOUND = NULL, OBS_STATUS = 'Q', n_missing = 0
			WHERE coalesce(OBS_VALUE, LOWER_BOUND) > 0 AND ` + tt.where); err != nil {
			t.Fatal(err)
		}
		if text := strings.Join(build(t, db, "en").Chapters[0].Text, "\n"); !strings.Contains(text, tt.want) {
			t.Errorf("%s withheld: no %q in\n%s", tt.where, tt.want, text)
		}
	}
}
