package changes_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/reports"
	"github.com/oas/tipstat/reports/changes"
	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/store"
)

// opened gives a store with three files: of Honduras, a newer one of Honduras,
// and one of Jamaica, and what else is inserted.
func opened(t *testing.T, more ...string) *sql.DB {
	t.Helper()
	name := filepath.Join(t.TempDir(), "tipstat.duckdb")
	s, err := store.Open(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile("testdata/store.sql")
	if err == nil {
		_, err = s.DB().ExecContext(t.Context(), string(b)+strings.Join(more, ""))
	}
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	if s, err = store.OpenReadOnly(t.Context(), name); err != nil { // as reports do
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s.DB()
}

func exact(v float64, grade string, seq int64) table.Cell {
	return table.Cell{Value: &v, Lower: &v, Upper: &v, Status: "A", Grade: grade, ObsIDs: []int64{seq*100_000_000 + 1}}
}

func between(lower, upper float64, seq int64) table.Cell {
	return table.Cell{Lower: &lower, Upper: &upper, Status: "A", Grade: "A", ObsIDs: []int64{seq * 100_000_000}}
}

func withheld(seq int64) table.Cell {
	return table.Cell{Text: "c", Status: "Q", ObsIDs: []int64{seq*100_000_000 + 1}}
}

var silent = table.Cell{Text: "..", Status: "O"}

// row is a row of a State, or of the total.
func row(kind table.Kind, area, label, agency string, cells ...table.Cell) table.Row {
	return table.Row{Kind: kind, Area: area, Cells: cells, Stub: []table.Label{{Code: area, Name: label, Text: label}, {Code: agency, Name: "Agency", Text: agency}}}
}

// made is a table of two years.
func made(rows ...table.Row) *table.Table {
	t := &table.Table{ID: "victims", Title: "Victims", Lang: "en", Levels: []string{"REF_YEAR"},
		Stub: []table.Heading{{Codes: []string{"REF_AREA"}, Labels: []string{"State"}}, {Codes: []string{"SOURCE_AGENCY"}, Labels: []string{"Source"}}}, Rows: rows}
	for _, y := range []string{"2022", "2023"} {
		t.Columns = append(t.Columns, table.Heading{Codes: []string{y}, Labels: []string{y}})
	}
	return t
}

// folder is that of a pack with the table, made when two files were there.
func folder(t *testing.T, tables ...*table.Table) fstest.MapFS {
	t.Helper()
	m, err := json.Marshal(changes.Manifest{Title: "Pack", Meeting: "Third Meeting", Lang: "en", Received: "2024-03-01", Submission: 1, Tipstat: "v1"})
	if err != nil {
		t.Fatal(err)
	}
	out := fstest.MapFS{changes.ManifestName: {Data: m}}
	for _, one := range tables {
		var b bytes.Buffer
		if err := reports.WriteCSV(&b, one); err != nil {
			t.Fatal(err)
		}
		out[changes.DataFolder+"/"+one.ID+".csv"] = &fstest.MapFile{Data: b.Bytes()}
	}
	return out
}

// compared gives the lines of what moved, and the table.
func compared(t *testing.T, lang string, before, now *table.Table, more ...string) (string, *table.Table) {
	t.Helper()
	last, err := changes.Read(folder(t, before))
	if err != nil {
		t.Fatal(err)
	}
	tab, err := changes.Table(context.Background(), opened(t, more...), last, []*table.Table{now}, table.Params{Lang: lang}, "v2")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, r := range tab.Rows {
		var words []string
		for _, l := range r.Stub {
			words = append(words, l.Text)
		}
		for _, c := range r.Cells {
			words = append(words, c.Text)
		}
		lines = append(lines, strings.Join(words, " | "))
	}
	return strings.Join(lines, "\n"), tab
}

// TestMoves: what moved is told with what it was, what it is, why, and who sent
// what moved it; what did not move is not told.
func TestMoves(t *testing.T) {
	hnd := func(cells ...table.Cell) table.Row { return row(table.SeriesRow, "HND", "Honduras", "A", cells...) }
	jam := func(cells ...table.Cell) table.Row { return row(table.SeriesRow, "JAM", "Jamaica", "B", cells...) }
	total := func(cells ...table.Cell) table.Row { return row(table.TotalRow, "_T", "Total, OAS", "", cells...) }
	none := func(area, label string) table.Row { return row(table.AbsentRow, area, label, "", silent, silent) }
	newer := "hnd-2.xlsx from A, received 1 Sep 2024"
	for _, tt := range []struct {
		name        string
		before, now *table.Table
		want        string
	}{
		{"nothing", made(hnd(exact(5, "A", 1), exact(7, "A", 1))), made(hnd(exact(5, "A", 2), exact(7, "A", 2))), ""},
		{"a newer file", made(hnd(exact(5, "A", 1), exact(7, "A", 1))), made(hnd(exact(5, "A", 1), exact(9, "A", 2))),
			"Victims | Honduras | 2023 | 7 | 9 | +2 | " + newer},
		{"a bound", made(hnd(between(0, 4, 1), silent)), made(hnd(exact(3, "A", 2), silent)),
			"Victims | Honduras | 2022 | 0–4 | 3 | .. | " + newer},
		{"a grade", made(hnd(exact(5, "B", 1), silent)), made(hnd(exact(5, "C", 2), silent)),
			"Victims | Honduras | 2022 | 5 B | 5 C | 0 | " + newer},
		{"no newer file", made(hnd(exact(5, "A", 1), silent)), made(hnd(exact(6, "A", 1), silent)),
			"Victims | Honduras | 2022 | 5 | 6 | +1 | no newer file: a rule, a code list or tipstat itself changed (v1 → v2)"},
		{"new figures are counted", made(hnd(exact(5, "A", 1), silent), none("JAM", "Jamaica")),
			made(hnd(exact(5, "A", 1), silent), jam(exact(1, "A", 3), exact(2, "A", 3))),
			"Victims | Jamaica | new figures: 2022, 2023 | .. | number: 2 | .. | jam.csv from B, received 1 Oct 2024"},
		{"a total names its States", made(hnd(exact(5, "A", 1), exact(7, "A", 1)), jam(exact(1, "A", 1), silent), total(exact(6, "A", 1), silent)),
			made(hnd(exact(5, "A", 1), exact(7, "A", 1)), jam(exact(3, "A", 3), silent), total(exact(8, "A", 3), silent)),
			"Victims | Jamaica | 2022 | 1 | 3 | +2 | jam.csv from B, received 1 Oct 2024\nVictims | Total, OAS | 2022 | 6 | 8 | +2 | through Jamaica"},
		{"withdrawn by a newer file", made(hnd(exact(5, "A", 1), exact(7, "A", 1))), made(hnd(exact(5, "A", 1), silent)),
			"Victims | Honduras | 2023 | 7 | .. | .. | no longer given in " + newer},
		{"withheld is not withdrawn", made(hnd(exact(5, "A", 1), exact(7, "A", 1))), made(hnd(exact(5, "A", 1), withheld(2))),
			"Victims | Honduras | 2023 | 7 A | c | .. | withheld now; " + newer},
		{"withheld for what stands beside it", made(hnd(exact(5, "A", 1), exact(7, "A", 1))), made(hnd(exact(5, "A", 1), withheld(1))),
			"Victims | Honduras | 2023 | 7 A | c | .. | withheld now"},
		{"withheld no longer is not new", made(hnd(exact(5, "A", 1), withheld(1))), made(hnd(exact(5, "A", 1), exact(7, "A", 2))),
			"Victims | Honduras | 2023 | c | 7 A | .. | no longer withheld; " + newer},
		{"withheld as before", made(hnd(exact(5, "A", 1), withheld(1))), made(hnd(exact(5, "A", 1), withheld(2))), ""},
		{"new and withheld is counted", made(hnd(exact(5, "A", 1), silent)), made(hnd(exact(5, "A", 1), withheld(2))),
			"Victims | Honduras | new figures: 2023 | .. | number: 1 | .. | " + newer},
		{"withheld, and then withdrawn", made(hnd(exact(5, "A", 1), withheld(1))), made(hnd(exact(5, "A", 1), silent)),
			"Victims | Honduras | 2023 | c | .. | .. | no longer given in " + newer},
		{"a series withdrawn", made(hnd(exact(5, "A", 1), silent), jam(exact(1, "A", 1), silent)), made(hnd(exact(5, "A", 1), silent), none("JAM", "Jamaica")),
			"Victims | Jamaica | 2022 | 1 | .. | .. | no longer given in jam.csv from B, received 1 Oct 2024"},
		{"series of one State are told apart", made(hnd(exact(5, "A", 1), silent), row(table.SeriesRow, "HND", "Honduras", "C", exact(4, "A", 1), silent)),
			made(hnd(exact(6, "A", 2), silent), row(table.SeriesRow, "HND", "Honduras", "C", exact(4, "A", 1), silent)),
			"Victims | Honduras | A · 2022 | 5 | 6 | +1 | " + newer},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := compared(t, "en", tt.before, tt.now)
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestYearNotAsked: a year that the tables do not show any more is no figure withdrawn.
func TestYearNotAsked(t *testing.T) {
	before := made(row(table.SeriesRow, "HND", "Honduras", "A", exact(5, "A", 1), exact(7, "A", 1)))
	now := made(row(table.SeriesRow, "HND", "Honduras", "A", exact(7, "A", 1)))
	now.Columns = now.Columns[1:]
	if got, _ := compared(t, "en", before, now); got != "" {
		t.Errorf("told: %s", got)
	}
}

// TestTreaty: a State that becomes a party is told by what it was and is.
func TestTreaty(t *testing.T) {
	treaty := func(text, derivation, day string) *table.Table {
		tab := made(row(table.SeriesRow, "HND", "Honduras", "A", table.Cell{Text: text, Status: "A", Derivation: derivation, TimePeriod: day, SubmissionID: "sub2"}, silent))
		tab.WideText = true
		return tab
	}
	got, _ := compared(t, "en", treaty("signed, 1 Jan 2001", "signed", "2001-01-01"), treaty("ratified, 2 Feb 2024", "party", "2024-02-02"))
	want := "Victims | Honduras | 2022 | signed, 1 Jan 2001 | ratified, 2 Feb 2024 | .. | no newer file: a rule, a code list or tipstat itself changed (v1 → v2)"
	if got != want { // of one and the same list
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got, _ := compared(t, "es", treaty("signed, 1 Jan 2001", "signed", "2001-01-01"), treaty("firmó, 1 ene 2001", "signed", "2001-01-01")); got != "" {
		t.Errorf("only the language moved: %s", got)
	}
}

// TestRemark: the words of those who sent the figure are part of the reason.
func TestRemark(t *testing.T) {
	now := made(row(table.SeriesRow, "HND", "Honduras", "A", exact(9, "A", 2), silent))
	now.Rows[0].Cells[0].Marks = []string{"1"}
	now.Notes = []table.Note{{Mark: "1", Kind: "remark", Text: "Honduras says: “late | files\nand more”"}}
	got, _ := compared(t, "en", made(row(table.SeriesRow, "HND", "Honduras", "A", exact(5, "A", 1), silent)), now)
	if !strings.HasSuffix(got, "received 1 Sep 2024; Honduras says: “late | files\nand more”") {
		t.Error(got)
	}
}

// TestGolden: the whole table, in each language.
func TestGolden(t *testing.T) {
	before := made(row(table.SeriesRow, "HND", "Honduras", "A", exact(5, "B", 1), exact(1234, "A", 1)), row(table.TotalRow, "_T", "Total", "", exact(5, "A", 1), silent))
	now := made(row(table.SeriesRow, "HND", "Honduras", "A", exact(5, "C", 2), exact(2345, "A", 2)), row(table.SeriesRow, "JAM", "Jamaica", "B", exact(1, "A", 3), silent),
		row(table.TotalRow, "_T", "Total", "", exact(6, "A", 3), silent))
	for _, lang := range record.Languages {
		_, tab := compared(t, lang, before, now)
		var b bytes.Buffer
		if err := reports.WriteText(&b, tab); err != nil {
			t.Fatal(err)
		}
		name := filepath.Join("testdata", "changes."+lang+".txt")
		if os.Getenv("UPDATE") != "" {
			if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), b.String()); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
		if strings.ContainsAny(b.String(), "{}") {
			t.Errorf("%s holds a word not filled in", name)
		}
	}
}

// TestRead: a folder that is no pack is refused with what to do.
func TestRead(t *testing.T) {
	whole := folder(t, made(row(table.SeriesRow, "HND", "Honduras", "A", exact(5, "A", 1), silent)))
	for _, tt := range []struct{ name, file, content, want string }{
		{"no manifest", changes.ManifestName, "", "name the folder that tipstat report pack wrote"},
		{"bad manifest", changes.ManifestName, "{", "pack.json: "},
		{"no data", "data/victims.csv", "", "make it again with --as-of"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fsys := fstest.MapFS{}
			for k, v := range whole {
				fsys[k] = v
			}
			if delete(fsys, tt.file); tt.content != "" {
				fsys[tt.file] = &fstest.MapFile{Data: []byte(tt.content)}
			}
			if _, err := changes.Read(fsys); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v; want %q", err, tt.want)
			}
		})
	}
}
