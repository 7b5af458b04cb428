package template_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/ingest/template"
	"github.com/oas/tipstat/transform/record"
)

// TestNamedStyles: every cell with something in it has a style with a name, and
// the names are the same in all languages.
func TestNamedStyles(t *testing.T) {
	form, codes := load(t)
	var all []string
	for _, s := range form.Sheets {
		all = append(all, s.ID)
	}
	var want []string
	for _, lang := range record.Languages {
		var buf bytes.Buffer
		if err := form.Write(&buf, codes, template.Options{State: "HND", Year: 2025, Lang: lang, Records: all}); err != nil {
			t.Fatal(err)
		}
		f, err := excelize.OpenReader(&buf)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		names := map[int]string{}
		for _, sheet := range f.GetSheetList() {
			rows, err := f.GetRows(sheet)
			if err != nil {
				t.Fatal(err)
			}
			for i, row := range rows {
				for j, text := range row {
					if text == "" {
						continue
					}
					at := record.CellName(i+1, j+1)
					id, err := f.GetCellStyle(sheet, at)
					if err != nil {
						t.Fatal(err)
					}
					if len(names) == 0 {
						for _, s := range f.Styles.CellStyles.CellStyle {
							names[s.XfID] = s.Name
						}
					}
					if name := names[*f.Styles.CellXfs.Xf[id].XfID]; !strings.HasPrefix(name, "tipstat ") {
						t.Errorf("%s: %s!%s has the style %q", lang, sheet, at, name)
					}
				}
			}
		}
		var got []string
		for _, s := range f.Styles.CellStyles.CellStyle {
			got = append(got, s.Name)
		}
		slices.Sort(got)
		if want == nil {
			want = got
		}
		if diff := cmp.Diff(want, got); diff != "" || len(slices.Compact(slices.Clone(got))) != len(got) || len(got) < 10 {
			t.Errorf("%s: styles %v (-en +%s)\n%s", lang, got, lang, diff)
		}
	}
}

// TestToldAtCell: each cell for a figure offers the list and says what may be
// written, within what Excel shows; the date on the cover takes dates alone.
func TestToldAtCell(t *testing.T) {
	for _, lang := range record.Languages {
		f, err := excelize.OpenReader(bytes.NewReader(write(t, lang)))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		figures, dates := 0, 0
		for _, sheet := range f.GetSheetList() {
			all, err := f.GetDataValidations(sheet)
			if err != nil {
				t.Fatal(err)
			}
			for _, dv := range all {
				said := ""
				if dv.Prompt != nil {
					said = *dv.Prompt
				}
				if len([]rune(said)) > 255 {
					t.Errorf("%s: %s!%s says %d characters", lang, sheet, dv.Sqref, len([]rune(said)))
				}
				switch {
				case strings.Contains(dv.Formula1, "tip_status"):
					if figures++; said == "" || dv.ShowErrorMessage {
						t.Errorf("%s: %s!%s says %q; refuses figures: %v", lang, sheet, dv.Sqref, said, dv.ShowErrorMessage)
					}
				case dv.Type == "date":
					if dates++; dv.Formula1 != "DATE(2025,1,1)" || !dv.ShowErrorMessage {
						t.Errorf("%s: %s!%s takes dates from %q", lang, sheet, dv.Sqref, dv.Formula1)
					}
				}
			}
		}
		if figures < 10 || dates != 1 {
			t.Errorf("%s: %d lists at figures, %d dates", lang, figures, dates)
		}
	}
}
