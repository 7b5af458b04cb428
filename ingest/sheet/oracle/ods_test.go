package oracle_test

import (
	"fmt"
	"github.com/oas/tipstat/testdata/scale"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
)

// TestODS: what LibreOffice makes of generated workbooks, as OpenDocument
// spreadsheets, read by ours, by SheetJS, by pandas and
// by LibreOffice.
func TestODS(t *testing.T) {
	t.Parallel()
	readers := []Reader{sheetJS, pandasODF, libreOffice}
	need(t, readers...)
	dir := t.TempDir()
	without := append(slices.Clone(settled), "formulas", "sharedresults", "nocache") // it would compute them
	without = slices.DeleteFunc(without, func(t string) bool { return t == "escapes" })
	var files []string
	for i := range uint64(scale.Of(20, 90)) {
		s := makeBook(40_000+i, fmt.Sprintf("o%03d", i), without...)
		if i%3 == 0 {
			s = excelizeMade(t, 40_000+i)
		}
		name := filepath.Join(dir, s.name+".xlsx")
		if err := os.WriteFile(name, s.data, 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, name)
	}
	out := t.TempDir()
	var wg sync.WaitGroup
	for half := range slices.Chunk(files, (len(files)+1)/2) {
		wg.Go(func() { convert(t, "ods", out, half) })
	}
	wg.Wait()
	var samples []*sample
	for i, name := range files {
		data, err := os.ReadFile(filepath.Join(out, filepath.Base(name[:len(name)-5])+".ods"))
		if err != nil {
			t.Fatal(err)
		}
		samples = append(samples, &sample{name: fmt.Sprintf("o%03d", i), format: "ods", data: data})
	}
	l := newLedger("ods")
	o := run(t, l, samples, readers, nil, len(samples))
	cells := 0
	for _, s := range samples {
		b := o.books[s.name]
		if b.err != nil {
			t.Errorf("%s: ours refuses it: %v", s.name, b.err)
		}
		cells += count(b)
	}
	t.Logf("%d files, %d cells, by how many readers give them too: %v; %v", len(samples), cells, o.alone(t, l, samples), o.took)
	l.close(t, []string{"sheetjs", "pandas", "libreoffice", "most"})
}
