package published_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/oas/tipstat/reports"
	"github.com/oas/tipstat/reports/published"
	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/disclosure/audit"
)

// TestRounded: what was rounded is not audited as if it were true.
func TestRounded(t *testing.T) {
	var b bytes.Buffer
	if err := reports.WriteCSV(&b, &table.Table{ID: "victims", Rounding: &table.Rounding{Base: 3, Method: "random"}}); err != nil {
		t.Fatal(err)
	}
	if err := published.Read(&audit.Published{}, "victims.csv", b.Bytes()); err == nil || !strings.Contains(err.Error(), "victims.csv: its figures are rounded") {
		t.Errorf("%v", err)
	}
	export := "FREQ,REF_AREA,INDICATOR,SEX,AGE,TIME_PERIOD,OBS_VALUE,LOWER_BOUND,UPPER_BOUND,OBS_STATUS,CONF_STATUS,COMMENT_OBS\nA,HND,VICTIMS_DETECTED,_T,_T,2023,9,,,A,F,rounded\n"
	if err := published.Read(&audit.Published{}, "observation.csv", []byte(export)); err == nil || !strings.Contains(err.Error(), "observation.csv: its figures are rounded") {
		t.Errorf("%v", err)
	}
}
