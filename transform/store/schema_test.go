package store_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/store"
)

// sqlType is the type of the store for a column of a batch.
func sqlType(t *testing.T, f arrow.Field) string {
	t.Helper()
	types := map[arrow.Type]string{arrow.STRING: "VARCHAR", arrow.INT32: "INTEGER", arrow.INT64: "BIGINT", arrow.FLOAT64: "DOUBLE", arrow.DATE32: "DATE"}
	s, ok := types[f.Type.ID()]
	if !ok {
		t.Fatalf("%s is a %s", f.Name, f.Type)
	}
	if !f.Nullable {
		s += " NOT NULL"
	}
	return f.Name + " " + s
}

// TestTablesMatchSchemas: the tables of records hold the columns of their Arrow
// schemas, in their order, with their types, behind submission_id.
func TestTablesMatchSchemas(t *testing.T) {
	s := open(t, "")
	for _, kind := range []record.Kind{record.KindFigure, record.KindCase, record.KindTreaty} {
		want := []string{"submission_id VARCHAR NOT NULL"}
		for _, f := range record.Schema(kind).Fields() {
			want = append(want, sqlType(t, f))
		}
		got := lines(t, s, `SELECT column_name || ' ' || data_type || CASE WHEN is_nullable THEN '' ELSE ' NOT NULL' END
			FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index`, string(kind))
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-schema +table):\n%s", kind, d)
		}
	}
}

// own are the columns of observation that are not components of the structure.
var own = []string{"obs_id", "submission_id", "breakdown", "REF_YEAR", "derivation", "step", "preferred", "n_cells", "n_missing", "summed_over",
	"sheet", "cell", "raw_text", "grade", "grade_reasons"}

// TestObservationMatchesStructure: the one long table holds every component, in
// the order of structure.csv, with the type that figures have.
func TestObservationMatchesStructure(t *testing.T) {
	s := open(t, "")
	all, err := record.Structure()
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	fields := record.Schema(record.KindFigure).Fields()
	for _, c := range all {
		i := slices.IndexFunc(fields, func(f arrow.Field) bool { return f.Name == c.ID })
		want = append(want, sqlType(t, fields[i]))
	}
	got := lines(t, s, `SELECT column_name || ' ' || data_type || CASE WHEN is_nullable THEN '' ELSE ' NOT NULL' END FROM duckdb_columns()
		WHERE table_name = 'observation' AND NOT list_contains(string_split(?, ' '), column_name) ORDER BY column_index`, strings.Join(own, " "))
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-structure +observation):\n%s", d)
	}
	view := lines(t, s, `SELECT column_name FROM duckdb_columns() WHERE table_name = 'observation_current' ORDER BY column_index`)
	table := lines(t, s, `SELECT column_name FROM duckdb_columns() WHERE table_name = 'observation' ORDER BY column_index`)
	if d := cmp.Diff(table, view); d != "" {
		t.Errorf("(-observation +observation_current):\n%s", d)
	}
}

// plain are columns whose name says all, or that another comment explains.
var plain = []string{"started_at", "version", "command", "file_sha256", "file_name", "file_bytes", "file_format", "layout", "layout_version",
	"source_agency", "received_at", "sheet", "seq", "code", "severity", "found", "expected", "en", "es", "pt", "fr", "source", "name", "dimension"}

// TestComments: who opens the file with any DuckDB client can read it.
func TestComments(t *testing.T) {
	s := open(t, "")
	for _, name := range lines(t, s, `SELECT table_name FROM duckdb_tables() WHERE coalesce(comment, '') = ''
		UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal AND coalesce(comment, '') = ''`) {
		t.Errorf("%s has no comment", name)
	}
	silent := lines(t, s, `SELECT table_name || '.' || column_name FROM duckdb_columns() WHERE NOT internal AND coalesce(comment, '') = ''`)
	for _, c := range own {
		if slices.Contains(silent, "observation."+c) {
			t.Errorf("observation.%s has no comment", c)
		}
	}
	for _, table := range []string{"submission", "figure", "case_row"} {
		for _, name := range silent {
			column, ok := strings.CutPrefix(name, table+".")
			if ok && column == strings.ToLower(column) && column != "submission_id" && !slices.Contains(plain, column) {
				t.Errorf("%s has no comment", name)
			}
		}
	}
}

// TestPeriods holds the three macros that read SDMX's periods, in a new store
// and in one that was opened again.
func TestPeriods(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.duckdb")
	s, err := store.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	check := func(s *store.Store) {
		t.Helper()
		for _, c := range []struct{ period, want string }{
			{"2023", "2023-01-01 12 2023"},
			{"2023-Q1", "2023-01-01 3 2023"},
			{"2023-Q2", "2023-04-01 3 2023"},
			{"2023-Q3", "2023-07-01 3 2023"},
			{"2023-Q4", "2023-10-01 3 2023"},
			{"2025-S1", "2025-01-01 6 2025"},
			{"2025-S2", "2025-07-01 6 2025"},
			{"2023-01", "2023-01-01 1 2023"},
			{"2023-12", "2023-12-01 1 2023"},
			{"2022-04-01/P1Y", "2022-04-01 12 2022"}, // Canada's fiscal year: nine months of 2022
			{"2022-10-01/P1Y", "2022-10-01 12 2023"}, // that of the United States: nine months of 2023
			{"2022-07-01/P1Y", "2022-07-01 12 2023"}, // six and six: the later
			{"2022-01-01/P1Y", "2022-01-01 12 2022"},
			{"2025-01-01/P9M", "2025-01-01 9 2025"},
			{"2025-10-01/P9M", "2025-10-01 9 2026"},
			{"2025-11-01/P2M", "2025-11-01 2 2025"}, // two months of one year
			{"2023-13", "? 1 ?"},
			{"", "? ? ?"},
			{"soon", "? 12 ?"},
		} {
			got := lines(t, s, `SELECT coalesce(period_start(?)::VARCHAR, '?') || ' ' || coalesce(period_months(?)::VARCHAR, '?') || ' ' || coalesce(ref_year(?)::VARCHAR, '?')`,
				c.period, c.period, c.period)
			if got[0] != c.want {
				t.Errorf("%s: got %s, want %s", c.period, got[0], c.want)
			}
		}
		for _, c := range []struct{ code, want string }{
			{"Y0T17", "0 17"}, {"Y12T17", "12 17"}, {"Y_GE18", "18 ?"}, {"_T", "? ?"}, {"_U", "? ?"},
		} {
			got := lines(t, s, `SELECT coalesce(age_from(?)::VARCHAR, '?') || ' ' || coalesce(age_to(?)::VARCHAR, '?')`, c.code, c.code)
			if got[0] != c.want {
				t.Errorf("%s: got %s, want %s", c.code, got[0], c.want)
			}
		}
		got := lines(t, s, `SELECT in_common(x, 'several') || ' ' || in_common(y, 'several') FROM (VALUES ('a', 'b'), ('a', 'c')) v(x, y)`)
		if fmt.Sprint(got) != "[a several]" {
			t.Errorf("in_common: %v", got)
		}
	}
	check(s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	check(open(t, path))
}
