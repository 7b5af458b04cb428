package reports_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oas/tipstat/reports"
)

// TestNoFormulaInLibreOffice opens csv files in LibreOffice, columns parted by commas and
// by semicolons, and counts the cells that it takes for formulas: as many of texts as they
// are, and none of what Harmless makes of them.
func TestNoFormulaInLibreOffice(t *testing.T) {
	if testing.Short() {
		t.Skip("starts LibreOffice")
	}
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("soffice is not there")
	}
	texts := []string{"=40+2", " =40+2", "\t=40+2", "\n=40+2", "see;=40+2", "see; =40+2", `x;"=40+2"`, "+40+2", "-(-42)", "@SUM(40,2)", "＝40+2", `"=40+2"`, "'=40+2", "=HYPERLINK(\"#a\",\"b\")", "a;b;=1+1;c"}
	for _, sep := range []string{"44", "59"} {
		dir := t.TempDir()
		for name, make := range map[string]func(string) string{"raw": func(s string) string { return s }, "harmless": reports.Harmless} {
			var b bytes.Buffer
			w := csv.NewWriter(&b)
			for _, s := range texts {
				if err := w.Write([]string{"row", make(s), "1"}); err != nil {
					t.Fatal(err)
				}
			}
			w.Flush()
			if err := os.WriteFile(filepath.Join(dir, name+".csv"), b.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		// Token 13 has formulas computed, which is off where nobody asks for it.
		cmd := exec.Command(office, "-env:UserInstallation=file://"+filepath.ToSlash(dir)+"/profile", "--headless", "--infilter=CSV:"+sep+",34,76,1,,0,false,true,false,false,true,-1,true",
			"--convert-to", "ods", "--outdir", dir, filepath.Join(dir, "raw.csv"), filepath.Join(dir, "harmless.csv"))
		if b, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("soffice: %v\n%s", err, b)
		}
		if n := formulas(t, filepath.Join(dir, "raw.ods")); n < 2 {
			t.Errorf("separator %s: only %d formulas of raw texts: the test looks for nothing", sep, n)
		}
		if n := formulas(t, filepath.Join(dir, "harmless.ods")); n != 0 {
			t.Errorf("separator %s: %d formulas", sep, n)
		}
	}
}

// formulas counts the cells of an .ods file that have one.
func formulas(t *testing.T, name string) int {
	t.Helper()
	r, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	f, err := r.Open("content.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(b), "table:formula=")
}
