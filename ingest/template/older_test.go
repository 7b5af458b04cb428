package template_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// TestOlderForm: a form of 1.0.0 has no table of sentences, and is read without
// it; in one of 1.1.0 the table is missed.
func TestOlderForm(t *testing.T) {
	file, _ := fill(t, write(t, "en"), "en")
	without := func(version string) []byte {
		return edit(t, file, func(f *excelize.File) error {
			rows, err := f.GetRows("Prosecutions")
			if err != nil {
				return err
			}
			first := slices.IndexFunc(rows, func(r []string) bool { return len(r) > 0 && r[0] == "§sentences" })
			if first < 0 {
				t.Fatal("the form has no table of sentences")
			}
			for range rows[first:] {
				err = errors.Join(err, f.RemoveRow("Prosecutions", first+1))
			}
			return errors.Join(err, f.SetCellValue("tipstat", "B2", version),
				f.SetCustomProps(excelize.CustomProperty{Name: "tipstat.version", Value: version}))
		})
	}
	old := read(t, without("1.0.0"))
	if old.findings.Err() != nil || !slices.ContainsFunc(old.figures, func(r row) bool { return r["breakdown"] == "persons" }) {
		t.Errorf("a form of 1.0.0: %v, %d figures", old.codes(), len(old.figures))
	}
	if g := read(t, without("1.1.0")); !strings.Contains(strings.Join(g.codes(), " "), "TIP-T004") {
		t.Errorf("a form of 1.1.0 without the table: %v", g.codes())
	}
}

// TestSentences: the mean length is in months, the others are numbers of persons.
func TestSentences(t *testing.T) {
	file, _ := fill(t, write(t, "es"), "es")
	units := map[string]string{}
	for _, r := range read(t, file).figures {
		if r["breakdown"] == "sentences" {
			units[r["INDICATOR"]] = r["UNIT_MEASURE"]
		}
	}
	if len(units) != 3 || units["SENTENCE_MONTHS"] != "MONTH" || units["PERSONS_SENTENCED_PRISON"] != "NUMBER" {
		t.Errorf("units %v", units)
	}
}
