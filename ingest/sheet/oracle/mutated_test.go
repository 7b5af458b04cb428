package oracle_test

import (
	"errors"
	"fmt"
	"os"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/testdata/realdata"
	"github.com/oas/tipstat/testdata/scale"
)

// settled are the traits of which TestGenerated has told all there is to tell;
// what damage does is seen better without them.
var settled = []string{
	"oddparts", "dottarget", "strict", "prefix", "truefalse", "spacedtags", "cdata", "split", "comments", "pis", "decoys", "stylenotes", "descriptors",
	"controls", "escapes", "elapsed", "datednumbers", "spacednumbers", "charrefs", "phonetic", "iso", "parentdates",
}

// TestMutated: of a damaged file ours says what is wrong with it, or gives what
// the others give. It never gives less than they do and says nothing.
func TestMutated(t *testing.T) {
	t.Parallel()
	var bases []*sample
	for seed := range uint64(scale.Of(400, 3200)) {
		if seed%5 == 0 {
			bases = append(bases, excelizeMade(t, 10_000+seed))
		} else {
			bases = append(bases, makeBook(10_000+seed, "", settled...))
		}
	}
	mutated(t, newLedger("mutated"), "m", bases)
}

// TestMutatedPublished does the same to small files by Excel, which are no part
// of the project.
func TestMutatedPublished(t *testing.T) {
	t.Parallel()
	var bases []*sample
	for _, name := range []string{"bra-disque100/DicionriodeDadosDisque100.xlsx", "iom-htcds/HTCDS Excel Spreadsheet v2.0.xlsx"} {
		data, err := os.ReadFile(realdata.File(t, name))
		if err != nil {
			t.Fatal(err)
		}
		for range scale.Of(40, 150) {
			bases = append(bases, &sample{name: name, data: data, traits: map[string]bool{"published": true}})
		}
	}
	l := newLedger("mutated", "generated")
	l.loose = true
	mutated(t, l, "p", bases)
}

func mutated(t *testing.T, l *ledger, prefix string, bases []*sample) {
	readers := []Reader{openpyxl, sheetJS, excelizeRows, libreOffice}
	need(t, readers...)
	var samples []*sample
	whole := map[string]int{} // cells of the file that was damaged
	for i, base := range bases {
		s := mutate(base, uint64(i), fmt.Sprintf("%s%04d", prefix, i))
		samples = append(samples, s)
		whole[s.name] = count(ours(t, base.name, base.data))
	}
	begun := time.Now()
	o := run(t, l, samples, readers, []string{openpyxl.Name, excelizeRows.Name}, 30)
	refused, cells, all, less, lost := map[string]int{}, 0, 0, 0, 0
	for _, s := range samples {
		us, them, theirs := o.books[s.name], o.theirs[openpyxl.Name][s.name], o.theirs[excelizeRows.Name][s.name]
		var e *sheet.Error
		if errors.As(us.err, &e) {
			refused[e.Code]++
			refused["all"]++
		}
		if us.err == nil && them.err == nil && theirs.err == nil && o.theirs[sheetJS.Name][s.name].err == nil {
			all++
		}
		cells += count(us)
		switch {
		case theirs.err != nil:
		case us.err == nil && count(theirs) < count(us) || them.err == nil && count(theirs) < count(them):
			less++
		case us.err != nil && them.err != nil && count(theirs) < whole[s.name]:
			lost++
		}
	}
	votes := o.alone(t, l, samples)
	var codes []string
	for c, n := range refused {
		codes = append(codes, fmt.Sprint(c, " ", n))
	}
	sort.Strings(codes)
	t.Logf("%d files; ours refuses %s", len(samples), strings.Join(codes, ", "))
	t.Logf("ours accepts %d with %d cells, by how many readers give them too: %v; all four accept %d", len(samples)-refused["all"], cells, votes, all)
	t.Logf("excelize accepts without a word %d files of which ours or openpyxl gives more cells, and %d that both refuse, of which it gives fewer cells than there were before the damage", less, lost)
	t.Logf("%v of %v", o.took, time.Since(begun).Round(time.Millisecond))
	l.close(t, []string{"openpyxl", "sheetjs", "excelize", "libreoffice", "most"})
}

func count(b book) (n int) {
	for _, t := range b.tabs {
		n += len(t.cells)
	}
	return n
}
