package rules_test

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/ingest/inbox"
	"github.com/oas/tipstat/ingest/layout"
	"github.com/oas/tipstat/testdata/realdata"
	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/rules"
	"github.com/oas/tipstat/transform/store"
)

// realFiles are read in this order into one store, as a year of ministries'
// files would come.
var realFiles = []string{
	"unodc-glotip/data_glotip.xlsx", "per-pnp/DataSet_trata_personas_enero2017_septiembre2025.xlsx",
	"arg-linea145/oficina-rescate-denuncias-referidos-202001-202112_data_cruda.csv", "mex-sesnsp/trata_rows_only.csv",
	"sdg-16.2.2/can-counts.csv", "sdg-16.2.2/can-rate.csv", "sdg-16.2.2/jam.csv",
}

// loud is how many findings per 1,000 figures of a real file a rule of this
// folder may give. TIP-V018 and TIP-V020 tell of faults that were counted in
// the files apart from tipstat.
const loud = 12.0

var caseFound = regexp.MustCompile(`^[A-Z0-9_ .,()–→-]*$`)

// TestFalseAlarms reads the real files, logs what each rule finds in them, and
// holds it against falsealarms.csv, for each 1,000 figures (figures or case rows
// read). No one has corrected these files: a finding may be true.
// It fails for a rule that shouts, and for a finding that quotes a case row.
//
//	go test ./transform/rules -run FalseAlarms -v
func TestFalseAlarms(t *testing.T) {
	ctx := context.Background()
	lists, err := vocabulary()
	if err != nil {
		t.Fatal(err)
	}
	layouts, err := layout.Load(nil, lists)
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(ctx, filepath.Join(t.TempDir(), "tipstat.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	}()
	in := &inbox.Inbox{Store: st, Codes: lists, Layouts: layouts, RunID: "test",
		Now: func() time.Time { return time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC) }}
	ours := map[string]bool{}
	for _, code := range codes(t) {
		ours[code] = true
	}
	told := []rules.Told{}
	for _, name := range realFiles {
		t.Run(filepath.Base(name), func(t *testing.T) {
			start := time.Now()
			r, err := in.File(ctx, realdata.File(t, name), inbox.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if r.Outcome != inbox.Accepted {
				t.Fatalf("%s: %v", r.Outcome, errors.Join(r.Findings.Err()))
			}
			var figures int64
			for _, a := range r.Account {
				if a.Outcome == record.Observed {
					figures += a.Rows
				}
			}
			found, first := map[string]int{}, map[string][]record.Finding{}
			for _, f := range r.Findings {
				if !ours[f.Code] {
					continue
				}
				found[f.Code]++
				if len(first[f.Code]) < 3 {
					first[f.Code] = append(first[f.Code], f)
				}
				if strings.HasPrefix(name, "arg-") && (!caseFound.MatchString(f.Found) || strings.Trim(f.Subject.Cell, "A:0123456789") != "") {
					t.Errorf("%s quotes a case row or its cell", f.Code)
				}
			}
			for _, code := range slices.Sorted(maps.Keys(ours)) {
				told = append(told, rules.Told{Rule: code, File: name, Figures: figures, Findings: found[code]})
			}
			t.Logf("%d figures, %v", figures, time.Since(start).Round(time.Millisecond))
			for _, code := range slices.Sorted(maps.Keys(found)) {
				rate := float64(found[code]) * 1000 / float64(figures)
				t.Logf("%s %5d findings, %8.3f in 1,000 figures", code, found[code], rate)
				for _, f := range first[code] {
					t.Logf("         %s: %s | %s", f.Subject.Cell, f.Found, f.Expected)
				}
				if figures >= 1000 && rate > loud && code != "TIP-V018" && code != "TIP-V020" {
					t.Errorf("%s shouts", code)
				}
			}
		})
	}
	t.Run("sent again", func(t *testing.T) { // with the same figures: nothing is said of a revision
		data, err := os.ReadFile(realdata.File(t, "mex-sesnsp/trata_rows_only.csv"))
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(t.TempDir(), "again.csv")
		if err := os.WriteFile(name, append(data, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := in.File(ctx, name, inbox.Options{})
		if err != nil || r.Outcome != inbox.Accepted {
			t.Fatal(r, err)
		}
		for _, f := range r.Findings {
			if ours[f.Code] {
				t.Errorf("%+v", f)
			}
		}
	})
	if len(told) < len(realFiles)*len(ours) {
		t.Log("falsealarms.csv is not compared: not all files were read")
		return
	}
	slices.SortStableFunc(told, func(a, b rules.Told) int { return strings.Compare(a.Rule, b.Rule) })
	var now bytes.Buffer
	if err := rules.WriteTold(&now, told); err != nil {
		t.Fatal(err)
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile("falsealarms.csv", now.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	was, err := os.ReadFile("falsealarms.csv")
	if err != nil {
		t.Fatal(err)
	}
	if d := gocmp.Diff(string(was), now.String()); d != "" {
		t.Errorf("falsealarms.csv is not what the rules find; UPDATE=1 go test ./transform/rules -run FalseAlarms rewrites it (-file +now):\n%s", d)
	}
}
