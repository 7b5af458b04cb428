package oracle_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/xuri/excelize/v2"
)

// TestSamples: files of programs that can't be run here, made by hand in their
// form. A sample is the parts of the zip, and "want" with the cells that it has.
func TestSamples(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/samples/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	var made []*sample
	for _, name := range files {
		base := strings.TrimSuffix(filepath.Base(name), ".txtar")
		t.Run(base, func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			m := &maker{Rand: rand.New(rand.NewPCG(1, 1))}
			var parts []file
			want := ""
			for _, f := range a.Files {
				if f.Name == "want" {
					want = string(f.Data)
				} else {
					parts = append(parts, file{f.Name, string(f.Data)})
				}
			}
			s := &sample{name: base, data: m.zip(parts), traits: map[string]bool{base: true, "strict": strings.Contains(base, "strict")}}
			b := ours(t, base, s.data)
			if b.err != nil {
				t.Fatal(b.err)
			}
			if got := listing(b); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			made = append(made, s)
		})
	}
	t.Run("by others", func(t *testing.T) {
		readers := []Reader{openpyxl, sheetJS, exceljs, excelizeRows, libreOffice}
		need(t, readers...)
		l := newLedger("samples")
		o := run(t, l, made, readers, nil, len(made))
		t.Log("cells by how many readers give them too:", o.alone(t, l, made))
		l.close(t, []string{"openpyxl", "sheetjs", "exceljs", "excelize", "libreoffice", "most"})
	})
}

// listing gives the cells of a book as want has them: a text with blanks at its
// ends or characters that can't be seen is quoted.
func listing(b book) string {
	var out strings.Builder
	for _, t := range b.tabs {
		for _, c := range t.cells {
			at, _ := excelize.CoordinatesToCellName(c.col, c.row)
			text := c.text
			if q := strconv.Quote(text); strings.TrimSpace(text) != text || strings.Contains(q, `\`) {
				text = q
			}
			fmt.Fprintf(&out, "%s!%s %s %s", t.name, at, c.kind, text)
			if c.hidden {
				out.WriteString(" hidden")
			}
			out.WriteByte('\n')
		}
	}
	return out.String()
}
