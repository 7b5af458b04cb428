package template_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/ingest/sheet"
)

// TestComputed has LibreOffice compute a form: totals when all their parts are
// figures, and in the margin the sum where a total can't be that of its parts, or
// what is wrong with a row.
func TestComputed(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil || testing.Short() {
		t.Skip("soffice is not there")
	}
	file := edit(t, write(t, "en"), func(f *excelize.File) error {
		for at, v := range map[string]any{
			"C13": 1, "D13": 2, "E13": 0, "F13": 4, // all parts
			"C14": 1, "D14": 2, "E14": 0, "F14": 0, "G14": 9, // another total
			"C15": 5, "D15": "Not available", "E15": 0, "F15": 0, // a part that is no figure
		} {
			if err := f.SetCellValue("Prosecutions", at, v); err != nil {
				return err
			}
		}
		for at, v := range map[string]any{"B8": "Honduras", "E8": 4, "B9": "Guatemala"} {
			if err := f.SetCellValue("Routes", at, v); err != nil {
				return err
			}
		}
		for at, v := range map[string]any{"C14": "Zero", "C17": "abc", "C18": -1, "D19": 1.5, "D20": "<5", "C21": "*", "C22": "not  available",
			"C23": "Not available", "D23": "confidential", "E23": 0, "G24": "unknown"} {
			if err := f.SetCellValue("Victims", at, v); err != nil {
				return err
			}
		}
		for at, v := range map[string]any{"C7": 1, "D7": 1, "E7": 1, "F7": 1, "C8": 2, "D8": 2, "E8": 2, "F8": 2, "C9": 3, "D9": 3, "E9": 3, "F9": 3, "C10": 5} {
			if err := f.SetCellValue("Victims", at, v); err != nil {
				return err
			}
		}
		return nil
	})
	dir := t.TempDir()
	name := filepath.Join(dir, "in.xlsx")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(office, "-env:UserInstallation=file://"+filepath.ToSlash(dir)+"/profile", "--headless", "--convert-to", "xlsx", "--outdir", filepath.Join(dir, "out"), name)
	if b, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, b)
	}
	file, err = os.ReadFile(filepath.Join(dir, "out", "in.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	got := formulas(t, file, "Victims", "Routes", "Prosecutions")
	want := map[string]string{
		"Victims!G7": "4", "Victims!G8": "8", "Victims!G9": "12", // rows
		"Victims!D10": "6", "Victims!E10": "6", "Victims!F10": "6", // columns; C10 was written over
		"Victims!G10": "23",                     // women 5, as written, and the three others
		"Victims!C11": "6", "Victims!G11": "24", // what the women, and all, add up to
		"Victims!H17": "not a figure", "Victims!H18": "below zero", "Victims!H19": "not a whole number", "Victims!H20": "not a figure",
		"Victims!H21": "not a figure", "Victims!H22": "not a figure", // not as the list writes it; H23 is in order
		"Victims!H24": "not a figure",
		"Routes!J8":   "empty: say why", "Routes!J9": "empty: say why", // other rows were not begun
		"Prosecutions!G13": "7", "Prosecutions!H14": "3",
	}
	for at, v := range want {
		if got[at] != v {
			t.Errorf("%s is %q, want %q", at, got[at], v)
		}
		delete(got, at)
	}
	if diff := cmp.Diff(map[string]string{}, got); diff != "" {
		t.Errorf("more than was wanted (-want +got)\n%s", diff)
	}
}

// formulas gives what the formulas of some sheets have come to.
func formulas(t *testing.T, file []byte, sheets ...string) map[string]string {
	t.Helper()
	ctx := context.Background()
	wb, err := sheet.Open(ctx, bytes.NewReader(file), int64(len(file)), "form", sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer wb.Close()
	out := map[string]string{}
	for _, info := range wb.Sheets() {
		for _, name := range sheets {
			if info.Name != name {
				continue
			}
			err := wb.Read(ctx, info.Index, func(r *sheet.Row) error {
				for _, c := range r.Cells {
					if c.Formula && c.Text != "" {
						out[name+"!"+r.Address(c)] = c.Text
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	return out
}
