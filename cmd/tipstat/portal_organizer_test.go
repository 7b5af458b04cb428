package main

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/oas/tipstat/testdata/scale"
)

// TestPortalOrganizer walks through the tables in a real browser, in each language, on a desktop
// and on a telephone.
func TestPortalOrganizer(t *testing.T) {
	silent := map[string]string{"en": "Jamaica", "es": "Jamaica", "pt": "Jamaica", "fr": "Jamaïque"}
	s := startPortal(t, sampledWorkspace(t)) // one for all: what is published is the same
	admin := administrator(t, s)
	inBrowsers(t, []string{"pt", "fr"}, func(t *testing.T, b browser) {
		folder := t.TempDir()
		_, _, page := admin.post("/accounts/invite", url.Values{"role": {"organizer"}, "ref_area": {""}, "invite_lang": {b.lang}})
		pack := b.lang == "es" && scale.All() // TestPortalPack makes one
		var got struct {
			Home, Lang, Alt, URL, Pack                string
			Tables, Drawn, Changed, Map, Alone, Pages int
			Rows, Heads, Files                        []string
			Same                                      bool
			Printed                                   []bool
			Wrong                                     []any
			Forbidden                                 []int
		}
		b.walk(t, "tables.js", s, map[string]any{"folder": folder, "pack": pack, "invitation": first(t, reSecret, page)}, &got)
		rows := strings.Join(got.Rows, "\n")
		file, err := os.ReadFile(filepath.Join(folder, "victims.csv"))
		if err != nil {
			t.Fatal(err)
		}
		for what, ok := range map[string]bool{
			"an organizer begins at the tables":  strings.HasSuffix(got.Home, "/tables"),
			"all tables are listed":              got.Tables >= 38,
			"in the language":                    got.Lang == b.lang,
			"the chart is drawn":                 got.Drawn > 100 && got.Map > 100,
			"and described":                      strings.Contains(got.Alt, "Perú") || strings.Contains(got.Alt, "Honduras"),
			"one State is left":                  strings.Contains(rows, "Honduras") && !strings.Contains(rows, silent[b.lang]),
			"its address says so":                strings.Contains(got.URL, "states=HND"),
			"the link shows the same":            got.Same,
			"another publication is told":        got.Changed == 1,
			"one sex is left":                    len(got.Heads) > 5 && len(got.Heads) < 12,
			"no drawing where none is wanted":    got.Alone == 0,
			"files":                              slices.Equal(got.Files, []string{"victims." + b.lang + ".csv", "victims." + b.lang + ".pdf"}),
			"the file has the one State":         strings.Contains(string(file), "HND") && !strings.Contains(string(file), "JAM"),
			"print has the table alone":          fmt.Sprint(got.Printed) == "[false false true]",
			"what is not there is told, as text": len(got.Wrong) == 3 && got.Wrong[0] == 400.0 && strings.Contains(fmt.Sprint(got.Wrong[1]), "<script>") && got.Wrong[2] == false,
			"the pack":                           !pack || got.Pack == "pack.es.zip",
			"nothing else":                       fmt.Sprint(got.Forbidden) == "[403 403 403]",
			"all pages were looked at":           got.Pages >= 7,
		} {
			if !ok {
				t.Errorf("not so: %s", what)
			}
		}
		if t.Failed() {
			t.Logf("%+v", got)
		}
	})
}
