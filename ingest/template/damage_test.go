package template_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/ingest/template"
	"github.com/oas/tipstat/transform/record"
)

// edit changes a filled form.
func edit(t *testing.T, file []byte, change func(f *excelize.File) error) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := change(f); err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	if err := f.Write(&buf); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// TestHandled does to a form what people do to forms: it is read right, or
// refused with the cell. The table of victims by age and sex has its codes in
// row 6, women under 18 in C7 and the total of all in G10.
func TestHandled(t *testing.T) {
	file, want := fill(t, write(t, "en"), "en")
	const v = "Victims"
	set := func(at string, x any) func(*excelize.File) error {
		return func(f *excelize.File) error { return f.SetCellValue(v, at, x) }
	}
	for _, tt := range []struct {
		name   string
		change func(f *excelize.File) error
		code   string // of the finding that is expected; empty: the figures are the same
		cell   string
	}{
		{"a sheet translated by hand", func(f *excelize.File) error { return f.SetSheetName(v, "Ofèt") }, "", ""},
		{"sheets in another order", func(f *excelize.File) error { return f.MoveSheet("Measures", "Cover") }, "", ""},
		{"a row put in above", func(f *excelize.File) error { return f.InsertRows(v, 2, 3) }, "", ""},
		{"a column put in before", func(f *excelize.File) error { return f.InsertCols(v, "A", 1) }, "", ""},
		{"an empty column put in between", func(f *excelize.File) error { return f.InsertCols(v, "D", 1) }, "", ""},
		{"an empty row put in between", func(f *excelize.File) error { return f.InsertRows(v, 8, 1) }, "", ""},
		{"the properties are lost", func(f *excelize.File) error {
			var all error
			for _, p := range []string{"tipstat.template", "tipstat.version", "tipstat.ref_area", "tipstat.time_period", "tipstat.lang"} {
				all = errors.Join(all, f.SetCustomProps(excelize.CustomProperty{Name: p}))
			}
			return all
		}, "", ""},
		{"the hidden sheet is deleted", func(f *excelize.File) error { return f.DeleteSheet("tipstat") }, "", ""},
		{"the lists are deleted", func(f *excelize.File) error { return f.DeleteSheet("tipstat-lists") }, "", ""},
		{"figures as text", func(f *excelize.File) error {
			return errors.Join(f.SetCellStr(v, "C7", "1"), f.SetCellStr(v, "D7", " 2 "))
		}, "", ""},
		{"a choice in small letters", set("E7", "zero"), "", ""},

		{"a whole sheet left out", func(f *excelize.File) error { return f.DeleteSheet("Routes") }, "TIP-T004", ""},
		{"a value in a row put in", func(f *excelize.File) error { return errors.Join(f.InsertRows(v, 8, 1), f.SetCellValue(v, "C8", 5)) }, "TIP-T008", "C8"},
		{"a value in a column put in", func(f *excelize.File) error { return errors.Join(f.InsertCols(v, "D", 1), f.SetCellValue(v, "D7", 5)) }, "TIP-T008", "D7"},
		{"a value beside the table", set("J7", 5), "TIP-T008", "J7"},
		{"a text for a figure", set("C7", "twelve"), "TIP-V001", "C7"},
		{"a negative figure", set("C7", -1), "TIP-V007", "C7"},
		{"a figure with decimals", set("C7", 1.5), "TIP-V006", "C7"},
		{"a censored figure", set("C7", "<5"), "TIP-V001", "C7"},
		{"a formula without a value", func(f *excelize.File) error {
			return errors.Join(f.SetCellValue(v, "C7", nil), f.SetCellFormula(v, "C7", "1/0"))
		}, "TIP-V009", "C7"},
		{"empty cells that say nothing", set("C4", ""), "TIP-T005", "E7"},
		{"no choice of the list", set("C4", "perhaps"), "TIP-T010", "C4"},
		{"a country that is none", func(f *excelize.File) error { return f.SetCellValue("Routes", "B8", "Atlantis") }, "TIP-T010", "B8"},
		{"figures without a country", func(f *excelize.File) error { return f.SetCellValue("Routes", "B8", "") }, "TIP-T017", "B8"},
		{"the code of a row changed", set("A7", "CHILDREN"), "TIP-T009", "A7"},
		{"the code of a column changed", set("C6", "W"), "TIP-T009", "C6"},
		{"a code twice", set("A8", "Y0T17"), "TIP-T009", "A8"},
		{"the mark of a table changed", set("A3", "§detected"), "TIP-T003", "A3"},
		{"another State on the cover", func(f *excelize.File) error { return f.SetCellValue("Cover", "C4", "Guatemala") }, "TIP-T002", "C4"},
		{"another year on the cover", func(f *excelize.File) error { return f.SetCellValue("Cover", "C5", 2026) }, "TIP-T002", "C5"},
		{"a sheet of one's own", func(f *excelize.File) error {
			_, err := f.NewSheet("Work")
			return errors.Join(err, f.SetCellValue("Work", "B2", "CANARY"))
		}, "TIP-T015", "B2"},
		{"a value far beside", set("P30", 55), "TIP-T008", "P30"},
		{"a remark beside a title", set("D3", "CANARY"), "TIP-T008", "D3"},
		{"a value beside the cover", func(f *excelize.File) error { return f.SetCellValue("Cover", "F6", 77) }, "TIP-T008", "F6"},
		{"a note below the others", func(f *excelize.File) error { return f.SetCellValue("Notes", "C40", "CANARY") }, "TIP-T008", "C40"},
		{"a contact among the definitions", func(f *excelize.File) error { return f.SetCellValue("Definitions", "D8", "CANARY@example.org") }, "TIP-T012", "D8"},
		{"a contact on the cover", func(f *excelize.File) error { return f.SetCellValue("Cover", "C6", "CANARY, tel. 9999-8888") }, "TIP-T012", "C6"},
		{"neither properties nor the hidden sheet", func(f *excelize.File) error {
			return errors.Join(f.DeleteSheet("tipstat"), f.SetCustomProps(excelize.CustomProperty{Name: template.Property}))
		}, "TIP-T016", ""},
		{"a table twice", func(f *excelize.File) error { return f.SetCellValue("Measures", "A3", "§offences") }, "TIP-T003", "A3"},
		{"a table deleted", func(f *excelize.File) error {
			for range 9 {
				if err := f.RemoveRow(v, 3); err != nil {
					return err
				}
			}
			return nil
		}, "TIP-T004", ""},
		{"another version", func(f *excelize.File) error {
			return errors.Join(f.SetCellValue("tipstat", "B2", "7.0.0"), f.SetCustomProps(excelize.CustomProperty{Name: "tipstat.version", Value: "7.0.0"}))
		}, "TIP-T001", ""},
		{"two States", func(f *excelize.File) error { return f.SetCellValue("tipstat", "B3", "GTM") }, "TIP-T002", "B3"},
		{"no State", func(f *excelize.File) error {
			return errors.Join(f.SetCellValue("tipstat", "B3", "Honduras"), f.SetCustomProps(excelize.CustomProperty{Name: "tipstat.ref_area", Value: "Honduras"}))
		}, "TIP-T002", ""},
		{"a definition that is none", func(f *excelize.File) error { return f.SetCellValue("Definitions", "D7", "CANARY") }, "TIP-T010", "D7"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := read(t, edit(t, file, tt.change))
			if g.filled == nil && len(g.findings) == 0 {
				t.Fatal("not recognised")
			}
			for _, f := range g.findings {
				for _, lang := range record.Languages {
					if m := f.Message(lang); m == "" || strings.Contains(m, "CANARY") {
						t.Errorf("%s: %q", f.Code, m)
					}
				}
			}
			switch tt.code {
			case "":
				have := brief(t, g, "en")
				for k, n := range want {
					if have[k] != n {
						t.Errorf("%s is %q, want %q; %v", k, have[k], n, g.codes())
					}
				}
				if g.findings.Err() != nil {
					t.Errorf("refused: %v", g.codes())
				}
			default:
				if !slices.ContainsFunc(g.findings, func(f record.Finding) bool {
					return f.Code == tt.code && f.Subject.Cell == tt.cell
				}) || g.findings.Err() == nil {
					t.Errorf("findings %v; want %s %s", g.codes(), tt.code, tt.cell)
				}
			}
		})
	}
}

// TestHiddenInForm: what is hidden is read and told, comments are told and never
// quoted.
func TestHiddenInForm(t *testing.T) {
	file, _ := fill(t, write(t, "en"), "en")
	g := read(t, edit(t, file, func(f *excelize.File) error {
		return errors.Join(f.SetRowVisible("Victims", 8, false), f.SetColVisible("Victims", "D", false),
			f.AddComment("Victims", excelize.Comment{Cell: "C7", Author: "CANARY", Text: "CANARY"}))
	}))
	for _, want := range []string{"TIP-L010 A8", "TIP-L012 D1", "TIP-L013 C7"} {
		if !slices.Contains(g.codes(), want) {
			t.Errorf("%v; want %s", g.codes(), want)
		}
	}
	for _, f := range g.findings {
		if strings.Contains(f.Message("en"), "CANARY") {
			t.Errorf("%s quotes a comment", f.Code)
		}
	}
}

// TestEmptyForm: a form that was sent back as it is says nothing.
func TestEmptyForm(t *testing.T) {
	g := read(t, write(t, "fr"))
	if !slices.ContainsFunc(g.findings, func(f record.Finding) bool { return f.Code == "TIP-T011" }) || g.findings.Err() == nil || len(g.figures) != 0 {
		t.Errorf("%d figures, %v", len(g.figures), g.codes())
	}
}

// TestSheetGone: a sheet beside those of tables may be gone, and is told.
func TestSheetGone(t *testing.T) {
	file, _ := fill(t, write(t, "en"), "en")
	for _, name := range []string{"Cover", "Definitions", "Notes"} {
		g := read(t, edit(t, file, func(f *excelize.File) error { return f.DeleteSheet(name) }))
		if !slices.ContainsFunc(g.findings, func(f record.Finding) bool { return f.Code == "TIP-T014" && f.Found == name }) || g.findings.Err() != nil {
			t.Errorf("%s: %v", name, g.codes())
		}
	}
}

// TestRowsAccounted: a row is told as what it became: blank only where nothing
// is known of it.
func TestRowsAccounted(t *testing.T) {
	file, _ := fill(t, write(t, "en"), "en")
	rows := func(change func(f *excelize.File) error) map[string]int64 {
		out := map[string]int64{}
		for _, a := range read(t, edit(t, file, change)).account {
			if a.Sheet == "Victims" {
				out[strings.TrimSuffix(string(a.Outcome)+" "+a.Rule, " ")] = a.Rows
			}
		}
		return out
	}
	was := rows(func(*excelize.File) error { return nil })
	declared := rows(func(f *excelize.File) error { return f.SetCellValue("Victims", "C80", "Zero") }) // an empty table: no victims assisted
	if declared["observation"] <= was["observation"] || declared["out-of-scope blank"] >= was["out-of-scope blank"] {
		t.Errorf("with a table declared zero %v; before %v", declared, was)
	}
	refused := rows(func(f *excelize.File) error { return f.SetCellValue("Victims", "C7", "55 cases") })
	if refused["refused TIP-V001"] != 1 || refused["observation"] != was["observation"]-1 {
		t.Errorf("with a refused figure %v; before %v", refused, was)
	}
}
