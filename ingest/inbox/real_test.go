package inbox_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/ingest/inbox"
	"github.com/oas/tipstat/ingest/layout"
	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/testdata/realdata"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/store"
)

// newInbox gives an inbox with the built-in layouts on a new store on disk.
func newInbox(t *testing.T) *inbox.Inbox {
	t.Helper()
	codes, err := codelist.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	layouts, err := layout.Load(nil, codes)
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(context.Background(), filepath.Join(t.TempDir(), "tipstat.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return &inbox.Inbox{Store: st, Codes: codes, Layouts: layouts, RunID: "test",
		Now: func() time.Time { return time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC) }}
}

const (
	observed   = record.Observed
	outOfScope = record.OutOfScope
	refused    = record.Refused
)

// realFiles are the published files with what must become of their rows. The
// numbers of GLOTIP were counted apart from tipstat, with Python's zipfile,
// xml.etree and csv modules alone, by the columns that the rules name; those of
// the other files are the lines of the files, and the values of one column.
var realFiles = []struct {
	name, layout string
	account      map[record.RowAccount]int64
}{
	{"unodc-glotip/data_glotip.xlsx", "unodc-glotip", map[record.RowAccount]int64{
		{Outcome: observed}: 45_455, {Outcome: outOfScope, Rule: "pooled-reporting-area"}: 957,
		{Outcome: outOfScope, Rule: "no-iso-code"}: 26, {Outcome: refused, Rule: "TIP-V017"}: 118}}, // 46,556
	{"per-pnp/DataSet_trata_personas_enero2017_septiembre2025.xlsx", "per-pnp", map[record.RowAccount]int64{
		{Outcome: observed}: 20_194, {Outcome: outOfScope, Rule: "complainant"}: 4_390, {Outcome: outOfScope, Rule: "education"}: 4_390,
		{Outcome: outOfScope, Rule: "means"}: 7_902, {Outcome: outOfScope, Rule: "national-international"}: 2_634,
		{Outcome: outOfScope, Rule: "place-of-exploitation"}: 17_560, {Outcome: outOfScope, Rule: "recruitment"}: 6_146,
		{Outcome: outOfScope, Rule: "referral"}: 7_024, {Outcome: outOfScope, Rule: "relation"}: 5_268}}, // 75,508
	{"arg-linea145/oficina-rescate-denuncias-referidos-202001-202112_data_cruda.csv", "arg-linea145", map[record.RowAccount]int64{
		{Outcome: observed}: 2_429, {Outcome: outOfScope, Rule: "indirect-victim"}: 187}}, // 2,616
	{"mex-sesnsp/trata_rows_only.csv", "mex-sesnsp", map[record.RowAccount]int64{{Outcome: observed}: 28_224}},
	{"treaties/18-12.csv", "untc-untoc", map[record.RowAccount]int64{{Outcome: observed}: 185}},
	{"treaties/18-12-a.csv", "untc-tip-protocol", map[record.RowAccount]int64{{Outcome: observed}: 167}},
	{"treaties/18-12-b.csv", "untc-smuggling-protocol", map[record.RowAccount]int64{{Outcome: observed}: 152}},
	{"treaties/18-12-c.csv", "untc-firearms-protocol", map[record.RowAccount]int64{{Outcome: observed}: 123}},
	{"sdg-16.2.2/can-counts.csv", "can-sdg-16-2-2-counts", map[record.RowAccount]int64{{Outcome: observed}: 7}},
	{"sdg-16.2.2/can-rate.csv", "can-sdg-16-2-2-rate", map[record.RowAccount]int64{{Outcome: observed}: 10}},
	{"sdg-16.2.2/jam.csv", "jam-sdg-16-2-2", map[record.RowAccount]int64{{Outcome: observed}: 35}},
}

// Each real file is recognised by its content, under a name that says nothing,
// and every one of its rows is accounted for. The figures that come out are
// those that another tool finds in the file.
func TestRealFiles(t *testing.T) {
	ctx := context.Background()
	in := newInbox(t)
	dir := t.TempDir()
	for i, f := range realFiles {
		data, err := os.ReadFile(realdata.File(t, f.name))
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(dir, fmt.Sprintf("file-%02d", i))
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := in.File(ctx, name, inbox.Options{})
		if err != nil {
			t.Fatalf("%s: %v", f.name, err)
		}
		if r.Outcome != inbox.Accepted || r.Layout != f.layout {
			t.Fatalf("%s: %s by layout %s: %v", f.name, r.Outcome, r.Layout, r.Findings)
		}
		got := map[record.RowAccount]int64{}
		for _, a := range r.Account {
			got[record.RowAccount{Outcome: a.Outcome, Rule: a.Rule}] += a.Rows
		}
		if d := cmp.Diff(f.account, got); d != "" {
			t.Errorf("%s: account of the rows (-want +got):\n%s", f.name, d)
		}
		again, err := in.File(ctx, name, inbox.Options{})
		if err != nil || again.Outcome != inbox.Already || again.SubmissionID != r.SubmissionID {
			t.Errorf("%s again: %+v %v", f.name, again, err)
		}
	}
	all, err := in.Store.Status(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != len(realFiles) {
		t.Fatalf("%d submissions, want %d", len(all), len(realFiles))
	}
	for i, s := range all { // what tipstat status prints
		var total, want int64
		for _, a := range s.Account {
			total += a.Rows
		}
		for _, n := range realFiles[i].account {
			want += n
		}
		if total != want {
			t.Errorf("%s: the store accounts for %d rows, want %d", realFiles[i].name, total, want)
		}
	}
	t.Run("figures", func(t *testing.T) { realFigures(t, in.Store) })
}

// realFigures holds the preferred observations against totals that were made
// from the raw files with Python's standard library alone.
func realFigures(t *testing.T, st *store.Store) {
	const victims = "INDICATOR = 'VICTIMS_DETECTED' AND EXPLOITATION = '_T' AND CITIZENSHIP = '_T' AND DESTINATION = '_T' AND "
	const total = "SEX = '_T' AND AGE = '_T' AND "
	for _, f := range []struct {
		what, layout, where string
		want                string // the value, or lower..upper
	}{
		// Peru: sum of Valor where the indicator is F1_TOTAL, by AÑO.
		{"PER 2017", "per-pnp", victims + total + "TIME_PERIOD = '2017'", "725"},
		{"PER 2018", "per-pnp", victims + total + "TIME_PERIOD = '2018'", "734"},
		{"PER 2019", "per-pnp", victims + total + "TIME_PERIOD = '2019'", "509"},
		{"PER 2020", "per-pnp", victims + total + "TIME_PERIOD = '2020'", "372"},
		{"PER 2021", "per-pnp", victims + total + "TIME_PERIOD = '2021'", "535"},
		{"PER 2022", "per-pnp", victims + total + "TIME_PERIOD = '2022'", "631"},
		{"PER 2023, all under month 1", "per-pnp", victims + total + "TIME_PERIOD = '2023' AND FREQ = 'A' AND PERIOD_AS_REPORTED = '2023-01'", "583"},
		{"PER 2024", "per-pnp", victims + total + "TIME_PERIOD = '2024'", "669"},
		{"PER nine months of 2025", "per-pnp", victims + total + "TIME_PERIOD = '2025-01-01/P9M' AND FREQ = 'I'", "384"},
		{"PER 2017, women (EF_SUB TOTAL)", "per-pnp", victims + "SEX = 'F' AND AGE = '_T' AND TIME_PERIOD = '2017'", "595"},
		{"PER 2024, men (EM_SUB TOTAL)", "per-pnp", victims + "SEX = 'M' AND AGE = '_T' AND TIME_PERIOD = '2024'", "72"},
		{"PER 2022, sexual", "per-pnp", "INDICATOR = 'VICTIMS_DETECTED' AND EXPLOITATION = 'SEXUAL' AND " + total + "TIME_PERIOD = '2022'", "331"},
		{"PER 2022, labour", "per-pnp", "INDICATOR = 'VICTIMS_DETECTED' AND EXPLOITATION = 'LABOUR' AND " + total + "TIME_PERIOD = '2022'", "173"},
		// Mexico: sum of n_victimas by n_year.
		{"MEX 2015", "mex-sesnsp", victims + total + "TIME_PERIOD = '2015'", "1171"},
		{"MEX 2016", "mex-sesnsp", victims + total + "TIME_PERIOD = '2016'", "782"},
		{"MEX 2017", "mex-sesnsp", victims + total + "TIME_PERIOD = '2017'", "537"},
		{"MEX 2018", "mex-sesnsp", victims + total + "TIME_PERIOD = '2018'", "584"},
		{"MEX 2019", "mex-sesnsp", victims + total + "TIME_PERIOD = '2019'", "682"},
		{"MEX 2020", "mex-sesnsp", victims + total + "TIME_PERIOD = '2020'", "681"},
		{"MEX 2021", "mex-sesnsp", victims + total + "TIME_PERIOD = '2021'", "753"},
		{"MEX 2022", "mex-sesnsp", victims + total + "TIME_PERIOD = '2022'", "942"},
		{"MEX 2023", "mex-sesnsp", victims + total + "TIME_PERIOD = '2023'", "936"},
		{"MEX 2024", "mex-sesnsp", victims + total + "TIME_PERIOD = '2024'", "790"},
		{"MEX first half of 2025", "mex-sesnsp", victims + total + "TIME_PERIOD = '2025-S1' AND FREQ = 'S'", "392"},
		{"MEX 2023, girls", "mex-sesnsp", victims + "SEX = 'F' AND AGE = 'Y0T17' AND TIME_PERIOD = '2023'", "300"},
		{"MEX 2023, sex unknown", "mex-sesnsp", victims + "SEX = '_U' AND AGE = '_T' AND TIME_PERIOD = '2023'", "144"},
		// GLOTIP: txtVALUE where Dimension, Sex and Age are Total.
		{"ARG 2018", "unodc-glotip", victims + total + "REF_AREA = 'ARG' AND TIME_PERIOD = '2018'", "1531"},
		{"COL 2021", "unodc-glotip", victims + total + "REF_AREA = 'COL' AND TIME_PERIOD = '2021'", "181"},
		{"USA 2021", "unodc-glotip", victims + total + "REF_AREA = 'USA' AND TIME_PERIOD = '2021'", "10070"},
		{"BRA 2015", "unodc-glotip", victims + total + "REF_AREA = 'BRA' AND TIME_PERIOD = '2015'", "1228"},
		{"TTO 2020, <5 as reported", "unodc-glotip", victims + total + "REF_AREA = 'TTO' AND TIME_PERIOD = '2020'", "0..4"},
		{"JAM 2015, two <5 and no total", "unodc-glotip", victims + total + "REF_AREA = 'JAM' AND TIME_PERIOD = '2015'", "0..8"},
		{"ARG 2021, other: <5 in one cell, 6 in another", "unodc-glotip", victims + "SEX = '_O' AND AGE = '_T' AND REF_AREA = 'ARG' AND TIME_PERIOD = '2021'", ".."},
		{"DOM 2019, nationals (damaged text)", "unodc-glotip", "INDICATOR = 'VICTIMS_DETECTED' AND CITIZENSHIP = 'DOM' AND " + total + "REF_AREA = 'DOM' AND TIME_PERIOD = '2019'", "28"},
		// Argentina: rows of direct victims in 2021; genero; edad_aparente under 18, 18 or over, 0 or empty.
		{"ARG line 145, 2021", "arg-linea145", victims + total + "TIME_PERIOD = '2021'", "665"},
		{"ARG line 145, 2021, women", "arg-linea145", victims + "SEX = 'F' AND AGE = '_T' AND TIME_PERIOD = '2021'", "400"},
		{"ARG line 145, 2021, under 18", "arg-linea145", victims + "SEX = '_T' AND AGE = 'Y0T17' AND TIME_PERIOD = '2021'", "147"},
		{"ARG line 145, 2021, adults", "arg-linea145", victims + "SEX = '_T' AND AGE = 'Y_GE18' AND TIME_PERIOD = '2021'", "470"},
		{"ARG line 145, 2021, age not given", "arg-linea145", victims + "SEX = '_T' AND AGE = '_U' AND TIME_PERIOD = '2021'", "48"},
		{"ARG line 145, 2020, accused", "arg-linea145", "INDICATOR = 'PERSONS_REPORTED' AND EXPLOITATION = '_T' AND CITIZENSHIP = '_T' AND " + total + "TIME_PERIOD = '2020'", "637"},
		// SDG 16.2.2, as the two short files say.
		{"CAN 2019, incidents", "can-sdg-16-2-2-counts", "INDICATOR = 'OFFENCES_RECORDED' AND COUNTING_UNIT = 'INCIDENT' AND UNIT_MEASURE = 'NUMBER' AND TIME_PERIOD = '2019'", "546"},
		{"CAN 2024, rate", "can-sdg-16-2-2-rate", "UNIT_MEASURE = 'PER_100000_POP' AND COUNTING_UNIT = 'INCIDENT' AND OBS_STATUS = 'D' AND TIME_PERIOD = '2024'", "1.472561469"},
		{"JAM 2018, male, 0.0 is a zero", "jam-sdg-16-2-2", "SEX = 'M' AND AGE = '_T' AND EXPLOITATION = '_T' AND TIME_PERIOD = '2018'", "0"},
		{"JAM 2021, total", "jam-sdg-16-2-2", "SEX = '_T' AND AGE = '_T' AND EXPLOITATION = '_T' AND TIME_PERIOD = '2021'", "0.44"},
	} {
		var n int
		var got string
		err := st.DB().QueryRow(`SELECT count(*), coalesce(min(coalesce(printf('%.15g', OBS_VALUE), printf('%.15g..', LOWER_BOUND)
				|| coalesce(printf('%.15g', UPPER_BOUND), ''), '..')), '')
			FROM observation_current o JOIN submission s USING (submission_id)
			WHERE preferred AND layout = ? AND `+f.where, f.layout).Scan(&n, &got)
		if err != nil {
			t.Fatalf("%s: %v", f.what, err)
		}
		if n != 1 || got != f.want {
			t.Errorf("%s: %d observations, %s; want one, %s", f.what, n, got, f.want)
		}
	}
	// OAS States party to each instrument, counted with Python's csv module: a
	// date in the third column of a State's row.
	parties := map[string]int{}
	rows, err := st.DB().Query(`SELECT INSTRUMENT, count(DISTINCT REF_AREA) FROM treaty_action
		WHERE ACTION <> 'SIGNATURE' AND REF_AREA IN (SELECT REF_AREA FROM area_group WHERE area_group = 'OAS') GROUP BY ALL`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var instrument string
		var n int
		if err := rows.Scan(&instrument, &n); err != nil {
			t.Fatal(err)
		}
		parties[instrument] = n
	}
	want := map[string]int{"UNTOC": 34, "TIP_PROTOCOL": 34, "SMUGGLING_PROTOCOL": 31, "FIREARMS_PROTOCOL": 27}
	if d := cmp.Diff(want, parties); d != "" || rows.Err() != nil {
		t.Errorf("OAS States party (-want +got): %v\n%s", rows.Err(), d)
	}
}

// The GLOTIP export also goes round with title rows above its header.
func TestRealGLOTIPWithTitleRows(t *testing.T) {
	ctx := context.Background()
	data, err := os.ReadFile(realdata.File(t, "unodc-glotip/data_glotip.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	wb, err := sheet.Open(ctx, bytes.NewReader(data), int64(len(data)), "glotip", sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer wb.Close()
	out := excelize.NewFile()
	defer out.Close()
	w, err := out.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	for i, title := range [][]any{{"UNODC", "unodc_dass@un.org"}, {"14/04/2025"}} {
		if err := w.SetRow(record.CellName(i+1, 1), title); err != nil {
			t.Fatal(err)
		}
	}
	err = wb.Read(ctx, 0, func(r *sheet.Row) error {
		row := make([]any, 13)
		for _, c := range r.Cells {
			row[c.Col-1] = c.Text
		}
		return w.SetRow(record.CellName(r.Number+2, 1), row)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "tables.xlsx")
	if err := out.SaveAs(name); err != nil {
		t.Fatal(err)
	}
	r, err := newInbox(t).Check(ctx, name, inbox.Options{})
	if err != nil || r.Outcome != inbox.Accepted || r.Layout != "unodc-glotip" || r.Rows != 46_556 || r.Sheets[0].HeaderRow != 3 {
		t.Errorf("%v; outcome %s, layout %s, %d rows, sheets %+v", err, r.Outcome, r.Layout, r.Rows, r.Sheets)
	}
}

// What is here but is no statistics is refused as what no layout knows.
func TestRealFilesWithoutFigures(t *testing.T) {
	in := newInbox(t)
	for _, name := range []string{"bra-disque100/DicionriodeDadosDisque100.xlsx", "iom-htcds/HTCDS Excel Spreadsheet v2.0.xlsx",
		"iom-htcds/HTCDS Field Standards 2.0.ods", "arg-linea145/Lucha-contra-la-trata-de-personas-llamados-linea-145-denuncias-metadata.md"} {
		r, err := in.File(context.Background(), realdata.File(t, name), inbox.Options{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if r.Outcome != inbox.Refused || len(r.Findings) == 0 || r.Findings[0].Subject.File != filepath.Base(name) {
			t.Errorf("%s: %s %+v", name, r.Outcome, r.Findings)
		}
	}
}
