package main

import (
	"context"
	"math"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/oas/tipstat/testdata/realdata"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/disclosure/audit"
	"github.com/oas/tipstat/transform/record"
)

// sdmxPublished reads data.csv of an SDMX export as an outsider would.
func sdmxPublished(t *testing.T, file string) audit.Published {
	t.Helper()
	p := audit.Published{Name: "sdmx"}
	lines := csvLines(t, file)
	for i, line := range lines[1:] {
		cell := audit.Cell{Key: audit.NewKey(), Place: record.Place{File: "data.csv", Cell: record.CellName(i+2, 1)}}
		said := map[string]string{}
		for j, id := range lines[0] {
			said[id] = line[j]
			cell.Key.Set(id, line[j])
		}
		number := func(id string) float64 {
			f, err := strconv.ParseFloat(said[id], 64)
			if err != nil {
				return math.NaN()
			}
			return f
		}
		// What is there and not told (its source says two things) may be anything.
		cell.Fill(number("OBS_VALUE"), number("LOWER_BOUND"), number("UPPER_BOUND"), said["OBS_STATUS"], said["CONF_STATUS"])
		// A sum made of figures within bounds is none that anybody withheld, and may
		// follow from its total: what must not is each of its parts.
		made := said["DERIVATION"] != "" && said["DERIVATION"] != "reported" && said["DERIVATION"] != "counted"
		cell.Hidden = cell.Hidden && !made
		cell.Whole = said["UNIT_MEASURE"] == "NUMBER"
		p.Cells = append(p.Cells, cell)
	}
	return p
}

// TestExportSDMXTellsNothing: from the export alone no figure that is withheld can be
// told, nor one that its reporter withheld told more narrowly.
func TestExportSDMXTellsNothing(t *testing.T) {
	codes, err := codelist.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	attack := func(t *testing.T, dir string, args ...string) *audit.Report {
		t.Helper()
		out := filepath.Join(t.TempDir(), "out")
		say(t, append([]string{"-w", dir, "export", "sdmx", "-o", out, "--format", "csv"}, args...)...)
		report, err := audit.Run(context.Background(), []audit.Published{sdmxPublished(t, filepath.Join(out, "data.csv"))}, audit.Options{Codes: codes, Verdicts: true})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d figures hidden in %d places: %v", report.Hidden, report.Places, report.ByVerdict)
		return report
	}
	check := func(t *testing.T, dir string, hidden int) {
		t.Helper()
		report := attack(t, dir)
		if report.Hidden < hidden {
			t.Errorf("only %d hidden figures", report.Hidden)
		}
		for _, f := range report.Findings {
			if f.Verdict != audit.Safe {
				t.Errorf("%+v", f)
			}
		}
	}
	t.Run("demo", func(t *testing.T) { check(t, sampledWorkspace(t), 50) })
	t.Run("glotip", func(t *testing.T) {
		file := realdata.File(t, "unodc-glotip/data_glotip.xlsx")
		dir := filepath.Join(t.TempDir(), "w")
		say(t, "init", dir)
		say(t, "-w", dir, "ingest", file)
		check(t, dir, 4000)
		// The attack bites: UNODC's own suppression of small counts alone is undone.
		if r := attack(t, dir, "--control", "none", "--states", "COL"); r.ByVerdict[audit.Exact] == 0 {
			t.Errorf("of %d figures of Colombia none can be told", r.Hidden)
		}
	})
}
