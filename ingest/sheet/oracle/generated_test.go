package oracle_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/oas/tipstat/testdata/scale"
	"github.com/xuri/excelize/v2"
)

// excelizeMade makes a workbook with excelize out of random cells of all kinds.
func excelizeMade(tb testing.TB, seed uint64) *sample {
	rnd := rand.New(rand.NewPCG(seed, 1))
	f := excelize.NewFile()
	defer f.Close()
	check := func(err error) {
		if err != nil {
			tb.Fatal(err)
		}
	}
	date, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	check(err)
	value := func() any {
		switch rnd.IntN(8) {
		case 0:
			return rnd.IntN(100000)
		case 1:
			return rnd.NormFloat64() * 1e3
		case 2:
			return rnd.IntN(2) == 1
		case 3:
			return time.Date(1950+rnd.IntN(90), time.Month(1+rnd.IntN(12)), 1+rnd.IntN(28), rnd.IntN(24), rnd.IntN(60), 0, 0, time.UTC)
		case 4:
			return 0.1 + 0.2
		}
		return words[rnd.IntN(len(words))]
	}
	if seed%2 == 0 {
		w, err := f.NewStreamWriter("Sheet1")
		check(err)
		for r := 1; r < 40; r += 1 + rnd.IntN(3) {
			var cells []any
			for range rnd.IntN(8) {
				cells = append(cells, value())
			}
			check(w.SetRow(fmt.Sprint("A", r), cells))
		}
		check(w.Flush())
	} else {
		filled := map[string]bool{}
		for range 60 {
			at, err := excelize.CoordinatesToCellName(1+rnd.IntN(20), 1+rnd.IntN(40))
			check(err)
			if filled[at] { // it would keep the style of the value before
				continue
			}
			filled[at] = true
			v := value()
			check(f.SetCellValue("Sheet1", at, v))
			if _, isNumber := v.(int); isNumber && rnd.IntN(3) == 0 {
				check(f.SetCellStyle("Sheet1", at, at, date))
			}
		}
		check(f.SetCellRichText("Sheet1", "AF1", []excelize.RichTextRun{{Text: "rich "}, {Text: "text", Font: &excelize.Font{Bold: true}}}))
		check(f.MergeCell("Sheet1", "AF3", "AG4"))
		check(f.SetRowVisible("Sheet1", 5, false))
	}
	buf, err := f.WriteToBuffer()
	check(err)
	return &sample{name: fmt.Sprintf("e%04d", seed), data: buf.Bytes(), traits: map[string]bool{"excelize": true}}
}

func TestGenerated(t *testing.T) {
	t.Parallel()
	readers := []Reader{openpyxl, sheetJS, exceljs, excelizeRows, libreOffice}
	need(t, readers...)
	var samples []*sample
	for seed := range uint64(scale.Of(200, 1500)) {
		samples = append(samples, makeBook(seed, fmt.Sprintf("g%04d", seed)))
		if seed%2 == 0 {
			samples = append(samples, excelizeMade(t, seed))
		}
	}
	l := newLedger("generated")
	begun := time.Now()
	o := run(t, l, samples, readers, nil, 280)
	cells := 0
	for _, s := range samples {
		if err := o.books[s.name].err; err != nil {
			t.Errorf("%s: ours refuses it: %v (%v)", s.name, err, s.marks())
		}
		for _, tab := range o.books[s.name].tabs {
			cells += len(tab.cells)
		}
	}
	votes := o.alone(t, l, samples)
	t.Logf("%d workbooks, %d cells, by how many readers give them too: %v; %v of %v", len(samples), cells, votes, o.took, time.Since(begun).Round(time.Millisecond))
	l.close(t, []string{"openpyxl", "sheetjs", "exceljs", "excelize", "libreoffice", "most"})
}
