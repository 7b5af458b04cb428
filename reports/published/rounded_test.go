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
}
