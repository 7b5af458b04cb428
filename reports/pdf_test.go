package reports

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/record"
)

// TestPDF reads the pages back: every cell and note stands in them. PDFS=folder
// keeps them to be looked at.
func TestPDF(t *testing.T) {
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not on this machine")
	}
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
	db := fixture(t)
	for i, lang := range record.Languages {
		for _, paper := range []string{"a4", "letter"} {
			id := []string{"victims", "victims-sex-age", "justice", "treaties"}[i]
			t.Run(id+"/"+lang+"/"+paper, func(t *testing.T) {
				tab := build(t, db, id, table.Params{Lang: lang})
				write := func(w io.Writer, tab *table.Table) error { return WritePDF(w, tab, paper) }
				b := written(t, tab, write)
				if !bytes.Equal(b, written(t, tab, write)) {
					t.Error("differs from one time to the next")
				}
				name := filepath.Join(t.TempDir(), "t.pdf")
				if dir := os.Getenv("PDFS"); dir != "" {
					name = filepath.Join(dir, id+"."+lang+"."+paper+".pdf")
				}
				if err := os.WriteFile(name, b, 0o644); err != nil {
					t.Fatal(err)
				}
				out, err := exec.Command("pdftotext", "-raw", name, "-").Output()
				if err != nil {
					t.Fatal(err)
				}
				text := squeeze(string(out))
				for _, want := range []string{tab.Title, tab.Question, tab.Measure, tab.Notes[len(tab.Notes)-1].Text, tab.Sources[0].Text} {
					if !strings.Contains(text, squeeze(want)) {
						t.Errorf("the pages lack %q", want)
					}
				}
				pages := strings.Split(strings.TrimSuffix(string(out), "\f"), "\f")
				for i, page := range pages {
					if want := fmt.Sprintf("%d / %d", i+1, len(pages)); !strings.Contains(page, want) || !strings.HasPrefix(squeeze(page), squeeze(tab.Title)) {
						t.Errorf("page %d of %d lacks its number or the title", i+1, len(pages))
					}
				}
				for _, r := range tab.Rows {
					for _, c := range r.Cells {
						if !strings.Contains(text, squeeze(c.Text+pdfMarks(c.Grade, c.Marks))) {
							t.Errorf("no cell %q", c.Text)
						}
					}
				}
			})
		}
	}
}

// TestPDFOrientation holds all pages of a table to the side that its widths
// were measured for.
func TestPDFOrientation(t *testing.T) {
	tab := build(t, fixture(t), "victims-sex-age", table.Params{})
	tab.Chart = nil
	p, err := newPDF(tab.Lang, tab.Title, "a4")
	if err != nil {
		t.Fatal(err)
	}
	if p.write(tab, ""); p.PageCount() < 2 {
		t.Fatalf("%d page; want a table of several", p.PageCount())
	}
	for n := range p.PageCount() {
		if width, height, _ := p.PageSize(n + 1); width < height {
			t.Errorf("page %d is %.0f mm wide", n+1, width)
		}
	}
}
