package changes_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/reports/table"
)

func seriesOf(area, label, agency string, cells ...table.Cell) table.Row {
	return row(table.SeriesRow, area, label, agency, cells...)
}

func totalOf(cells ...table.Cell) table.Row {
	return row(table.TotalRow, "_T", "Total, OAS", "", cells...)
}

// TestTotalCause: a total tells through which States it moved, and no others.
func TestTotalCause(t *testing.T) {
	hnd := seriesOf("HND", "Honduras", "A", exact(5, "A", 1), silent)
	for _, tt := range []struct {
		name        string
		before, now *table.Table
		want        string
	}{
		{"a whole series is withdrawn", made(hnd, seriesOf("JAM", "Jamaica", "B", exact(1, "A", 1), silent), totalOf(sum(6, 1, 1), silent)),
			made(hnd, row(table.AbsentRow, "JAM", "Jamaica", "", silent, silent), totalOf(sum(5, 1), silent)),
			"Victims | Jamaica | 2022 | 1 | .. | .. | no longer given in jam.csv from B, received 1 Oct 2024\n" +
				"Victims | Total, OAS | 2022 | 6 | 5 | -1 | through Jamaica"},
		{"a series that is in no total", made(hnd, seriesOf("JAM", "Jamaica", "B", of(4, 1, 2), silent), totalOf(of(5, 1, 1), silent)),
			made(seriesOf("HND", "Honduras", "A", of(7, 2, 1), silent), seriesOf("JAM", "Jamaica", "B", of(9, 3, 1), silent), totalOf(of(7, 2, 1), silent)),
			"Victims | Honduras | 2022 | 5 | 7 | +2 | hnd-2.xlsx from A, received 1 Sep 2024\n" +
				"Victims | Jamaica | 2022 | 4 | 9 | +5 | jam.csv from B, received 1 Oct 2024\n" +
				"Victims | Total, OAS | 2022 | 5 | 7 | +2 | through Honduras"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := compared(t, "en", tt.before, tt.now)
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// of is a figure of the nth observation of a file.
func of(v float64, seq, n int64) table.Cell {
	c := exact(v, "A", seq)
	c.ObsIDs[0] += n - 1
	return c
}

// sum is a total over one observation of each file.
func sum(v float64, seqs ...int64) table.Cell {
	c := table.Cell{Value: &v, Lower: &v, Upper: &v, Status: "A", Grade: "A", Derivation: "total"}
	for _, seq := range seqs {
		c.ObsIDs = append(c.ObsIDs, seq*100_000_000+1)
	}
	return c
}

// TestReadAgain: what moved since we read a file again is not laid to its sender, unless the
// file itself came since the last pack; a reason that may tell a figure is not printed.
func TestReadAgain(t *testing.T) {
	again := func(of, reason string) string {
		return `INSERT INTO submission BY NAME SELECT * REPLACE (submission_id || '-2' AS submission_id, 4 AS seq, TIMESTAMP '2024-11-05' AS received_at, 'again' AS run_id,
				submission_id AS reprocess_of, seq AS first_seq, received_at AS first_received_at) FROM submission WHERE submission_id = '` + of + `';
			INSERT INTO decision VALUES (1, '` + of + `', 'withdraw', '` + reason + `', 'mlopez', '2024-11-05', 'again');`
	}
	hnd := func(v float64, seq int64) *table.Table {
		return made(seriesOf("HND", "Honduras", "A", exact(v, "A", seq), silent))
	}
	for _, tt := range []struct{ name, more, lang, want string }{
		{"a file of the last pack", again("sub1", "children of 2022 were read as adults"), "en", "hnd-1.xlsx from A, received 1 Mar 2024 and read again by us on 5 Nov 2024: children of 2022 were read as adults"},
		{"a reason with a figure", again("sub1", "7 were read as 5"), "fr", "hnd-1.xlsx de A, reçu le 1 mars 2024 et relu par nous le 5 nov. 2024 : le motif est dans tipstat history"},
		{"a file that came since", again("sub2", "children were read as adults"), "en", "hnd-2.xlsx from A, received 1 Sep 2024"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := compared(t, tt.lang, hnd(5, 1), hnd(7, 4), tt.more)
			if d := cmp.Diff("Victims | Honduras | 2022 | 5 | 7 | +2 | "+tt.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestNoFileBehind: that tipstat changed is said only where no newer file can
// have moved the figure, and an older file is never named as what moved it.
func TestNoFileBehind(t *testing.T) {
	count := func(v float64) table.Cell { return table.Cell{Value: &v, Lower: &v, Upper: &v, Status: "A"} } // on no observation
	files := "worked out from other figures; newer files since the last pack: "
	second, third := "hnd-2.xlsx from A, received 1 Sep 2024", "jam.csv from B, received 1 Oct 2024"
	for _, tt := range []struct {
		name        string
		before, now *table.Table
		want        string
	}{
		{"a count of States", made(row(table.SeriesRow, "", "", "", count(5), silent)), made(row(table.SeriesRow, "", "", "", count(6), silent)),
			"Victims |  | 2022 | 5 | 6 | +1 | " + files + second + "; " + third},
		{"a count of a State's", made(seriesOf("JAM", "Jamaica", "B", count(5), silent)), made(seriesOf("JAM", "Jamaica", "B", count(6), silent)),
			"Victims | Jamaica | 2022 | 5 | 6 | +1 | " + files + third},
		{"a total withheld that shows no States", made(totalOf(of(5, 1, 1), silent)), made(totalOf(silent, silent)),
			"Victims | Total, OAS | 2022 | 5 | .. | .. | " + files + second + "; " + third},
		{"of two old files the other", made(seriesOf("HND", "Honduras", "A", exact(5, "A", 0), silent)), made(seriesOf("HND", "Honduras", "A", exact(6, "A", 1), silent)),
			"Victims | Honduras | 2022 | 5 | 6 | +1 | " + files + second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := compared(t, "en", tt.before, tt.now)
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestColumnGone: figures are withdrawn even where their column goes with them,
// and years that are only shown now are not new.
func TestColumnGone(t *testing.T) {
	citizens := func(codes []string, cells ...table.Cell) *table.Table {
		tab := made(seriesOf("HND", "Honduras", "A", cells...))
		tab.Levels, tab.Columns = []string{"REF_YEAR", "CITIZENSHIP"}, nil
		for _, c := range codes {
			tab.Columns = append(tab.Columns, table.Heading{Codes: []string{"2023", c}, Labels: []string{"2023", c}})
		}
		return tab
	}
	got, _ := compared(t, "en", citizens([]string{"COL", "VEN"}, of(4, 1, 1), of(2, 1, 2)), citizens([]string{"COL"}, of(4, 2, 1)))
	want := "Victims | Honduras | 2023 · VEN | 2 | .. | .. | no longer given in hnd-2.xlsx from A, received 1 Sep 2024"
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("a column that is gone (-want +got):\n%s", d)
	}
	last := made(seriesOf("HND", "Honduras", "A", of(5, 1, 1), of(7, 1, 2)))
	none := made(row(table.AbsentRow, "HND", "Honduras", "", silent))
	none.Columns = none.Columns[:1]
	got, _ = compared(t, "en", last, none)
	want = "Victims | Honduras | 2022 | 5 | .. | .. | no longer given in hnd-2.xlsx from A, received 1 Sep 2024\n" +
		"Victims | Honduras | 2023 | 7 | .. | .. | no longer given in hnd-2.xlsx from A, received 1 Sep 2024"
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("the last year is gone (-want +got):\n%s", d)
	}
	now := made(last.Rows...)
	last = made(seriesOf("HND", "Honduras", "A", of(7, 1, 2)))
	last.Columns = last.Columns[1:]
	if got, _ := compared(t, "en", last, now); got != "" {
		t.Errorf("a year that the last pack did not show: %s", got)
	}
}

// TestLanguages: of a pack in another language no word is taken that this one has.
func TestLanguages(t *testing.T) {
	range4 := between(0, 4, 1)
	range4.Text = "0 à 4"
	last := made(seriesOf("JAM", "Jamaïque", "B", of(1, 1, 1), silent), seriesOf("HND", "Honduras", "A", range4, silent))
	last.WideText, last.Levels = true, []string{"SEX"}
	now := made(row(table.AbsentRow, "JAM", "Jamaica", "", silent, silent), seriesOf("HND", "Honduras", "A", of(3, 2, 1), silent))
	now.WideText, now.Levels = true, []string{"SEX"}
	for i, code := range []string{"F", "M"} {
		last.Columns[i] = table.Heading{Codes: []string{code}, Labels: []string{"fr " + code}}
		now.Columns[i] = table.Heading{Codes: []string{code}, Labels: []string{"en " + code}}
	}
	got, _ := compared(t, "en", last, now)
	want := "Victims | Honduras | en F | 0–4 | 3 | .. | hnd-2.xlsx from A, received 1 Sep 2024\n" +
		"Victims | Jamaica | en F | 1 | .. | .. | no longer given in jam.csv from B, received 1 Oct 2024"
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestOtherConcepts: a table that an older tipstat made of other concepts is
// not compared, and it is said.
func TestOtherConcepts(t *testing.T) {
	last, now := made(seriesOf("HND", "Honduras", "A", of(5, 1, 1), silent)), made(seriesOf("HND", "Honduras", "A", of(5, 1, 1), silent))
	last.Stub[1].Codes = []string{"COUNTING_UNIT"}
	got, tab := compared(t, "en", last, now)
	if got != "" || !slices.ContainsFunc(tab.Notes, func(n table.Note) bool { return strings.HasPrefix(n.Text, "Not compared") }) {
		t.Errorf("told: %s; notes %v", got, tab.Notes)
	}
}

// TestPrintedAlike: what moved behind the last decimal that is printed did not move.
func TestPrintedAlike(t *testing.T) {
	last, now := made(seriesOf("HND", "Honduras", "A", of(1.234, 1, 1), silent)), made(seriesOf("HND", "Honduras", "A", of(1.236, 2, 1), silent))
	last.Decimals, now.Decimals = 1, 1
	if got, _ := compared(t, "en", last, now); got != "" {
		t.Errorf("told: %s", got)
	}
}

// TestRowsAlike: rows that the csv does not tell apart keep to their own figures.
func TestRowsAlike(t *testing.T) {
	court, police := seriesOf("HND", "Honduras", "A", of(5, 1, 1), of(6, 1, 2)), seriesOf("HND", "Honduras", "A", of(8, 2, 1), of(9, 2, 2))
	got, _ := compared(t, "en", made(court), made(police, court))
	want := "Victims | Honduras | new figures: 2022, 2023 | .. | number: 2 | .. | hnd-2.xlsx from A, received 1 Sep 2024"
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("a second row above the first (-want +got):\n%s", d)
	}
}

// TestLayoutMoved: a State that sends the same figures in another form moved nothing.
func TestLayoutMoved(t *testing.T) {
	last, now := seriesOf("HND", "Honduras", "A", of(5, 1, 1), of(6, 1, 2)), seriesOf("HND", "Honduras", "A", of(5, 2, 1), of(7, 2, 2))
	last.Layout, now.Layout = "hnd-old", "tipstat-template"
	got, _ := compared(t, "en", made(last), made(now))
	want := "Victims | Honduras | 2023 | 6 | 7 | +1 | hnd-2.xlsx from A, received 1 Sep 2024"
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
