package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/store"
)

func TestHistoryAndStatus(t *testing.T) {
	ctx := context.Background()
	s := open(t, "")
	if got, err := s.History(ctx); err != nil || got == nil || len(got) != 0 {
		t.Errorf("an empty store: %v, %v", got, err)
	}
	first, second := sample("first"), sample("second")
	first.ReferenceDate = time.Date(2015, 3, 14, 0, 0, 0, 0, time.UTC)
	second.ReceivedAt = time.Date(2026, 11, 25, 9, 0, 0, 0, time.FixedZone("Washington", -5*3600))
	findings := record.Findings{
		{Code: "TIP-V026", Severity: record.Info, Count: 2},
		{Code: "TIP-V018", Severity: record.Warning, Count: 1},
		{Code: "TIP-V026", Severity: record.Info, Count: 3},
	}
	put(t, s, first, findings)
	put(t, s, second, nil)

	want := []store.Submission{first, second}
	want[0].Seq, want[1].Seq = 1, 2
	for i := range want {
		want[i].Partitions = nil // not read back
		want[i].Outcome = "current"
		want[i].ReceivedAt = want[i].ReceivedAt.UTC()
	}
	history, err := s.History(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, history); d != "" {
		t.Errorf("history (-want +got):\n%s", d)
	}
	if _, err := s.DB().ExecContext(ctx, `INSERT INTO observation BY NAME SELECT * REPLACE (1 AS obs_id) FROM (SELECT 1 AS obs_id, ? AS submission_id,
		'total' AS breakdown, 'A' AS FREQ, 'PER' AS REF_AREA, 'VICTIMS_DETECTED' AS INDICATOR, '_T' AS SEX, '_T' AS AGE, '_T' AS EXPLOITATION, '_T' AS CITIZENSHIP,
		'_T' AS ORIGIN, '_T' AS TRANSIT, '_T' AS DESTINATION, '2023' AS TIME_PERIOD, 2023 AS REF_YEAR, 'NUMBER' AS UNIT_MEASURE, 0 AS UNIT_MULT, 0 AS DECIMALS,
		'A' AS OBS_STATUS, 'F' AS CONF_STATUS, 'PERSON' AS COUNTING_UNIT, '_Z' AS VICTIM_STATUS, '_U' AS IDENTIFIED_BY, '_U' AS COVERAGE, '' AS LEGAL_ARTICLE,
		'' AS PERIOD_AS_REPORTED, 'SAMPLE' AS SOURCE_AGENCY, '' AS COMMENT_OBS, 'reported' AS derivation, '10' AS step, true AS preferred, 1 AS n_cells,
		0 AS n_missing, '' AS sheet, 'B2' AS cell, '' AS raw_text, 'A' AS grade, [] AS grade_reasons)`, first.ID); err != nil {
		t.Fatal(err)
	}
	status, err := s.Status(ctx)
	if err != nil {
		t.Fatal(err)
	}
	wantStatus := []store.Status{
		{Submission: want[0], Observations: 1, Account: account,
			Findings: []store.FindingCount{{Code: "TIP-V018", Severity: record.Warning, Count: 1}, {Code: "TIP-V026", Severity: record.Info, Count: 5}}},
		{Submission: want[1], Account: account},
	}
	if d := cmp.Diff(wantStatus, status); d != "" {
		t.Errorf("status (-want +got):\n%s", d)
	}
}

func TestFindingsOf(t *testing.T) {
	ctx := context.Background()
	s := open(t, "")
	sub := sample("a")
	here := func(sheet, cell string) record.Place {
		return record.Place{File: sub.FileName, Sheet: sheet, Cell: cell}
	}
	findings := record.Findings{
		{Code: "TIP-V018", Severity: record.Warning, Subject: here("S", "B9"), Context: here("S", "B2"), Found: "5 | 7", Count: 1},
		{Code: "TIP-V027", Severity: record.Warning, Subject: here("", ""), Found: "2023", Expected: "9", Count: 1},
		{Code: "TIP-V001", Severity: record.Error, Subject: here("S", "B1"), Found: `"doce"`, Expected: "12", Count: 40},
	}
	put(t, s, sub, findings)
	put(t, s, sample("b"), record.Findings{{Code: "TIP-S001", Severity: record.Info, Count: 1}})
	got, err := s.FindingsOf(ctx, sub.ID)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(findings, got); d != "" { // in the order given
		t.Errorf("(-want +got):\n%s", d)
	}
	if got, err := s.FindingsOf(ctx, "no such"); err != nil || got == nil || len(got) != 0 {
		t.Errorf("no submission: %v, %v", got, err)
	}
}
