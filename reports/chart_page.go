package reports

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"slices"

	"github.com/oas/tipstat/reports/table"
)

//go:embed chart/echarts.min.js
var echartsJS string

//go:embed chart/chart.js
var chartJS string

//go:embed chart/americas.json
var americasJSON string

// htmlChart is the chart of a page.
type htmlChart struct {
	*table.Chart
	Notes                             []string // the chart's, and the page's own
	Option, Outlines, Library, Script template.JS
}

// chart gives a page its chart, and its policy the hashes of what draws it.
func (p *htmlPage) chart(c *table.Chart) error {
	scripts := []string{pageJS}
	if c != nil {
		p.Drawing = &htmlChart{Chart: c, Notes: c.Notes}
	}
	if c != nil && !c.Empty() {
		option, err := chartOption(c)
		if err != nil {
			return err
		}
		p.Drawing.Option = template.JS(option) // json.Marshal leaves no < in it
		p.Drawing.Library, p.Drawing.Script = template.JS(echartsJS), template.JS(chartJS)
		if c.Kind == table.MapChart {
			p.Drawing.Outlines = template.JS(americasJSON)
			p.Drawing.Notes = append(slices.Clone(c.Notes), table.Word(p.Lang, "chart.islands"))
		}
		scripts = append(scripts, echartsJS, chartJS)
	}
	p.Policy = "default-src 'none'; style-src 'unsafe-inline'; script-src"
	for _, s := range scripts {
		p.Policy += " '" + scriptHash(s) + "'"
	}
	return nil
}

// scriptHash names a script in a policy.
func scriptHash(s string) string {
	hash := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(hash[:])
}
