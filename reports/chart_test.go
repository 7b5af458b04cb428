package reports

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/testdata/golden"
)

func num(f float64) *float64 { return &f }

// charts are one of each kind, with gaps, a true zero, and a name that is markup.
func charts() map[table.ChartKind]*table.Chart {
	states := []table.Category{{Code: "ARG", Label: "Argentina"}, {Code: "BRA", Label: "Brasil"}, {Code: "GRD", Label: "Granada"}}
	years := []table.Category{{Code: "2021", Label: "2021"}, {Code: "2022", Label: "2022"}, {Code: "2023", Label: "2023"}}
	values := []*float64{num(1500), nil, num(0)}
	other := []*float64{num(20.5), num(7), nil}
	out := map[table.ChartKind]*table.Chart{
		table.LinesChart: {Categories: years, Series: []table.ChartSeries{{Label: "<b>Perú</b>", Values: values}, {Label: "Total", Total: true, Values: other}}},
		table.BarsChart:  {Categories: states, Series: []table.ChartSeries{{Values: other}}},
		table.StackedChart: {Categories: states, Series: []table.ChartSeries{{Label: "F", Values: values}, {Label: "M", Values: other},
			{Label: "X", Values: []*float64{nil, nil, num(3)}}}},
		table.MapChart: {Categories: states, Series: []table.ChartSeries{{Values: values}}},
		table.SankeyChart: {Flows: []table.Flow{{Origin: states[0], Destination: states[1], Value: 12}, {Origin: states[1], Destination: states[0], Value: 5},
			{Origin: states[2], Destination: states[0], Value: 3}}},
		table.FunnelChart: {Categories: []table.Category{{Code: "I", Label: "I: 90"}, {Code: "C", Label: "C: 100"}}, Series: []table.ChartSeries{{Values: []*float64{num(90), num(100)}}}},
	}
	for kind, c := range out {
		c.Kind, c.Title, c.Unit, c.Description, c.Source = kind, "Title", "number", "Shown: all", "Source: S"
	}
	return out
}

func TestChartOption(t *testing.T) {
	for kind, c := range charts() {
		got, err := chartOption(c)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.ContainsAny(got, "<>&") {
			t.Errorf("%s holds markup: %s", kind, got)
		}
		var b bytes.Buffer
		if err := json.Indent(&b, got, "", " "); err != nil {
			t.Fatal(err)
		}
		golden.Compare(t, "chart-"+string(kind)+".json", append(b.Bytes(), '\n'))
	}
}

// TestOutlines looks for every State of the OAS on the map.
func TestOutlines(t *testing.T) {
	var m struct {
		Features []struct {
			Properties struct{ Name string }
		}
	}
	if err := json.Unmarshal([]byte(americasJSON), &m); err != nil {
		t.Fatal(err)
	}
	if len(m.Features) != 35 || strings.Contains(americasJSON, "<") {
		t.Errorf("%d outlines; want the 35 States", len(m.Features))
	}
}

// TestChartBrowser draws each kind in Chromium under the page's own policy:
// as many marks as there are figures, and nothing on the console.
func TestChartBrowser(t *testing.T) {
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not on this machine")
	}
	db := fixture(t)
	count := map[table.ChartKind]int{table.LinesChart: 2, table.BarsChart: 1, table.StackedChart: 3, table.MapChart: 2, table.SankeyChart: 1, table.FunnelChart: 2}
	shown := map[table.ChartKind]string{table.LinesChart: "&lt;b&gt;Perú&lt;/b&gt;", table.BarsChart: "Argentina", table.StackedChart: "Granada", table.MapChart: "number",
		table.SankeyChart: "Brasil", table.FunnelChart: "C: 100"}
	for kind, c := range charts() {
		t.Run(string(kind), func(t *testing.T) {
			tab := build(t, db, "victims", table.Params{Lang: "es"})
			tab.Chart = c
			page := string(written(t, tab, WriteHTML))
			// The count is asked by the chart's own script, so that its hash lets it run.
			page = withScript(page, chartJS+`
{ const c = echarts.getInstanceByDom(document.getElementById("chart")), marks = c.getModel().getSeries().length;
  const asked = performance.getEntriesByType("resource").length, aria = document.getElementById("chart").getAttribute("aria-label");
  document.title = "CHECK " + marks + " series, " + document.querySelectorAll("#chart svg").length + " svg, " + asked + " requests, " + aria; }
`)
			name := filepath.Join(t.TempDir(), "page.html")
			if err := os.WriteFile(name, []byte(page), 0o644); err != nil {
				t.Fatal(err)
			}
			own := func(args ...string) (string, string) {
				args = append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--enable-logging=stderr",
					"--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir=" + t.TempDir()}, args...)
				cmd := exec.Command(chromium, append(args, "file://"+name)...)
				var stdout, stderr bytes.Buffer
				cmd.Stdout, cmd.Stderr = &stdout, &stderr
				if err := cmd.Run(); err != nil {
					t.Fatal(err)
				}
				return stdout.String(), stderr.String()
			}
			dom, log := own("--dump-dom")
			if want := fmt.Sprintf("<title>CHECK %d series, 1 svg, 0 requests, Shown: all</title>", count[kind]); !strings.Contains(dom, want) {
				title, _, _ := strings.Cut(dom, "</title>")
				t.Errorf("not %s: …%s", want, title[max(0, len(title)-200):])
			}
			_, svg, _ := strings.Cut(dom, "<svg")
			svg, _, _ = strings.Cut(svg, "</svg>")
			if !strings.Contains(svg, shown[kind]) {
				t.Errorf("the drawing does not say %s", shown[kind])
			}
			if strings.Contains(log, "CONSOLE") {
				t.Errorf("console: %s", log)
			}
			if dir := os.Getenv("SCREENSHOTS"); dir != "" {
				own("--window-size=1100,900", "--screenshot="+filepath.Join(dir, "chart-"+string(kind)+".png"))
			}
		})
	}
}

// withScript puts a script in the place of the chart's, under a policy that knows it.
func withScript(page, script string) string {
	hash := func(s string) string { return strings.ReplaceAll(scriptHash(s), "+", "&#43;") }
	page = strings.Replace(page, hash(chartJS), hash(script), 1)
	return strings.Replace(page, chartJS, script, 1)
}

func unzipped(t *testing.T, b []byte, name string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	out, err := fs.ReadFile(z, name)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestNativeChart holds a workbook's chart to cells that are numbers or empty:
// a spreadsheet draws text as a zero.
func TestNativeChart(t *testing.T) {
	tab := build(t, fixture(t), "victims", table.Params{})
	for kind, c := range charts() {
		tab.Chart = c
		b := written(t, tab, WriteXLSX)
		f, err := excelize.OpenReader(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		sheets := f.GetSheetList()
		if kind == table.MapChart || kind == table.SankeyChart {
			if len(sheets) != 2 {
				t.Errorf("%s: sheets %v", kind, sheets)
			}
			continue
		}
		if len(sheets) != 3 || sheets[2] != "Chart" {
			t.Fatalf("%s: sheets %v", kind, sheets)
		}
		xml := string(unzipped(t, b, "xl/charts/chart1.xml"))
		for _, want := range []string{`<dispBlanksAs val="gap"`, "0072B2", "Title"} {
			if !strings.Contains(xml, want) {
				t.Errorf("%s: the chart has no %s", kind, want)
			}
		}
		if got := strings.Count(xml, "<ser>"); got != len(c.Series) {
			t.Errorf("%s: %d series; want %d", kind, got, len(c.Series))
		}
		for i := range c.Categories {
			for n, s := range c.Series {
				at := fmt.Sprintf("%c%d", 'B'+n, 29+i)
				v, err := f.GetCellValue("Chart", at, excelize.Options{RawCellValue: true})
				if want := number(s.Values[i]); err != nil || v != want {
					t.Errorf("%s: %s is %q, %v; want %q", kind, at, v, err, want)
				}
			}
		}
		if !bytes.Equal(b, written(t, tab, WriteXLSX)) {
			t.Errorf("%s: differs from one time to the next", kind)
		}
	}
}
