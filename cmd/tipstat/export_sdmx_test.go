package main

import (
	"cmp"
	"context"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/oas/tipstat/testdata/realdata"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/disclosure/audit"
	"github.com/oas/tipstat/transform/record"
)

// exportPublished reads the csv of an export, whose columns are those of the structure,
// as an outsider would.
func exportPublished(t *testing.T, file string) audit.Published {
	t.Helper()
	p := audit.Published{Name: filepath.Base(file)}
	lines := csvLines(t, file)
	for i, line := range lines[1:] {
		cell := audit.Cell{Key: audit.NewKey(), Place: record.Place{File: p.Name, Cell: record.CellName(i+2, 1)}}
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
		derivation := cmp.Or(said["DERIVATION"], said["derivation"])
		made := derivation != "" && derivation != "reported" && derivation != "counted"
		cell.Hidden = cell.Hidden && !made
		cell.Whole = said["UNIT_MEASURE"] == "NUMBER"
		p.Cells = append(p.Cells, cell)
	}
	return p
}

// exports are those that hold all figures, and the file that is attacked.
var exports = []struct {
	name, file string
	args       []string
}{
	{"sdmx", "data.csv", []string{"export", "sdmx", "--format", "csv"}},
	{"data set", "observation.csv", []string{"export", "csv"}},
}

// TestExportTellsNothing: from one export alone no figure that is withheld can be
// told, nor one that its reporter withheld told more narrowly.
func TestExportTellsNothing(t *testing.T) {
	codes, err := codelist.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	attack := func(t *testing.T, dir string, export int, args ...string) *audit.Report {
		t.Helper()
		out := filepath.Join(t.TempDir(), "out")
		say(t, slices.Concat([]string{"-w", dir}, exports[export].args, []string{"-o", out}, args)...)
		report, err := audit.Run(context.Background(), []audit.Published{exportPublished(t, filepath.Join(out, exports[export].file))}, audit.Options{Codes: codes, Verdicts: true})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d figures hidden in %d places: %v", report.Hidden, report.Places, report.ByVerdict)
		return report
	}
	check := func(t *testing.T, dir string, export, hidden int) {
		t.Helper()
		report := attack(t, dir, export)
		if report.Hidden < hidden {
			t.Errorf("only %d hidden figures", report.Hidden)
		}
		for _, f := range report.Findings {
			if f.Verdict != audit.Safe {
				t.Errorf("%+v", f)
			}
		}
	}
	for i, export := range exports {
		t.Run("demo "+export.name, func(t *testing.T) { check(t, sampledWorkspace(t), i, 50) })
	}
	t.Run("glotip", func(t *testing.T) {
		file := realdata.File(t, "unodc-glotip/data_glotip.xlsx")
		dir := filepath.Join(t.TempDir(), "w")
		say(t, "init", dir)
		say(t, "-w", dir, "ingest", file)
		for i, export := range exports {
			t.Run(export.name, func(t *testing.T) {
				check(t, dir, i, 4000)
				// The attack bites: UNODC's own suppression of small counts alone is undone.
				if r := attack(t, dir, i, "--control", "none", "--states", "COL"); r.ByVerdict[audit.Exact] == 0 {
					t.Errorf("of %d figures of Colombia none can be told", r.Hidden)
				}
			})
		}
	})
}
