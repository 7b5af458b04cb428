package oracle_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/oas/tipstat/testdata/realdata"
)

// TestReal: the workbooks that ministries and international organisations
// published, cell for cell. Nothing of what stands in them is ever shown.
func TestReal(t *testing.T) {
	t.Parallel()
	t.Run("xlsx", func(t *testing.T) {
		asPublished(t, "real", []Reader{openpyxlStream, sheetJS, exceljs, excelizeRows, libreOffice},
			"unodc-glotip/data_glotip.xlsx", "per-pnp/DataSet_trata_personas_enero2017_septiembre2025.xlsx",
			"iom-htcds/HTCDS Excel Spreadsheet v2.0.xlsx", "bra-disque100/DicionriodeDadosDisque100.xlsx")
	})
	t.Run("ods", func(t *testing.T) {
		asPublished(t, "ods", []Reader{sheetJS, pandasODF, libreOffice}, "iom-htcds/HTCDS Field Standards 2.0.ods")
	})
}

func asPublished(t *testing.T, rules string, readers []Reader, names ...string) {
	need(t, readers...)
	var samples []*sample
	for _, name := range names {
		data, err := os.ReadFile(realdata.File(t, name))
		if err != nil {
			t.Fatal(err)
		}
		ext := filepath.Ext(name)
		samples = append(samples, &sample{name: strings.TrimSuffix(filepath.Base(name), ext), format: ext[1:], data: data, traits: map[string]bool{"published": true}})
	}
	l := newLedger(rules)
	l.loose = true
	begun := time.Now()
	o := run(t, l, samples, readers, nil, len(samples))
	for _, s := range samples {
		b := o.books[s.name]
		if b.err != nil {
			t.Errorf("%s: %v", s.name, b.err)
		}
		rows := 0
		for _, tab := range b.tabs {
			last := 0
			for _, c := range tab.cells {
				if c.row != last {
					rows++
				}
				last = c.row
			}
		}
		t.Logf("%s: %d sheets, %d rows, %d cells", s.name, len(b.tabs), rows, count(b))
	}
	t.Logf("cells by how many readers give them too: %v; %v of %v", o.alone(t, l, samples), o.took, time.Since(begun).Round(time.Millisecond))
	l.close(t, nil)
}
