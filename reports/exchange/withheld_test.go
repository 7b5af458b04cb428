package exchange

import (
	"bytes"
	"strings"
	"testing"

	"github.com/oas/tipstat/reports/table"
)

// TestWithheld: a figure that is withheld has no row, and is not said to be
// missing, nor is its State said to have sent nothing.
func TestWithheld(t *testing.T) {
	p := table.Params{Lang: "en", States: []string{"ARG", "CUB"}, FromYear: 2021, ToYear: 2022}
	for _, form := range Forms() {
		for _, c := range []struct {
			what, where string
			withheld    bool
			silent      string
		}{
			{"nothing", "false", false, "Cuba"},
			{"a year", "REF_AREA = 'ARG' AND REF_YEAR = 2022", true, "Cuba"},
			{"all of a State", "REF_AREA = 'ARG'", true, "Cuba"},
		} {
			db := fixture(t)
			before := made(t, db, form, p)
			if _, err := db.Exec(`UPDATE observation SET OBS_VALUE = NULL, LOWER_BOUND = NULL, UPPER_BOUND = NULL, OBS_STATUS = 'Q', CONF_STATUS = 'C'
				WHERE coalesce(OBS_VALUE, LOWER_BOUND) IS NOT NULL AND ` + c.where); err != nil {
				t.Fatal(err)
			}
			e := made(t, db, form, p)
			missing := map[Missing]bool{}
			for _, m := range before.Missing {
				missing[m] = true
			}
			for _, m := range e.Missing {
				if !missing[m] {
					t.Errorf("%s, %s withheld: said to be missing: %+v", form, c.what, m)
				}
			}
			for _, m := range e.Withheld {
				if m.Area != "ARG" || m.Found == "" {
					t.Errorf("%s, %s withheld: %+v", form, c.what, m)
				}
			}
			if got := len(e.Withheld) > 0; got != c.withheld || len(before.Withheld) > 0 {
				t.Errorf("%s, %s withheld: %d answers withheld, %d before", form, c.what, len(e.Withheld), len(before.Withheld))
			}
			if len(e.Missing)+len(e.Withheld) < len(before.Missing) {
				t.Errorf("%s, %s withheld: %d missing and %d withheld; %d were missing before", form, c.what, len(e.Missing), len(e.Withheld), len(before.Missing))
			}
			gaps, silent := e.Gaps()
			if got := strings.Join(silent, ", "); got != c.silent {
				t.Errorf("%s, %s withheld: said to be silent: %q; want %q", form, c.what, got, c.silent)
			}
			for _, g := range gaps {
				if g.Years == "" {
					t.Errorf("%s: %+v", form, g)
				}
			}
			var b bytes.Buffer
			if err := e.WriteMissing(&b); err != nil {
				t.Fatal(err)
			}
			for _, line := range strings.Split(b.String(), "\n") {
				if strings.HasSuffix(line, ",c") {
					t.Errorf("%s, %s withheld: the list of what is missing has %s", form, c.what, line)
				}
			}
		}
	}
}
