package reports

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oas/tipstat/reports/table"
)

// written on paper, beside its title, unit, and source.
var chartWords = map[table.ChartKind][]string{
	table.LinesChart:   {"<b>Perú</b>", "Total", "2021", "2023", "1.000", "1.500"},
	table.BarsChart:    {"Argentina", "Brasil", "20,5", "7"},
	table.StackedChart: {"Argentina", "Granada", "F", "M", "X", "1.500"},
	table.MapChart:     {"1.500", "1.000", "0"},
	table.SankeyChart:  {"Argentina", "Brasil", "Granada", "12", "5"},
	table.FunnelChart:  {"I: 90", "C: 100"},
}

// TestChartPDF draws each kind above a small table and on a page of its own,
// and reads and looks at the pages. PDFS=folder keeps them.
func TestChartPDF(t *testing.T) {
	for _, tool := range []string{"pdftotext", "pdftoppm"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool + " is not on this machine")
		}
	}
	db := fixture(t)
	for kind, c := range charts() {
		for paper, id := range map[string]string{"a4": "treaties-years", "letter": "victims-sex-age"} {
			t.Run(fmt.Sprint(kind, "/", id, "/", paper), func(t *testing.T) {
				tab := build(t, db, id, table.Params{Lang: "es"})
				tab.Chart = c
				write := func(w io.Writer, tab *table.Table) error { return WritePDF(w, tab, paper) }
				b := written(t, tab, write)
				if !bytes.Equal(b, written(t, tab, write)) {
					t.Error("differs from one time to the next")
				}
				tab.Chart = nil
				if more := len(b) - len(written(t, tab, write)); more > 64<<10 {
					t.Errorf("the chart takes %d bytes", more)
				}
				name := keep(t, b, "chart-"+string(kind)+"."+id+"."+paper+".pdf")
				text, page := readPDF(t, name, c.Title)
				for _, want := range append(chartWords[kind], c.Unit, c.Source) {
					if !strings.Contains(text, want) {
						t.Errorf("the page lacks %q", want)
					}
				}
				marks := 0
				img := picture(t, name, page)
				for y := range img.Bounds().Dy() {
					for x := range img.Bounds().Dx() {
						if r, g, b, _ := img.At(x, y).RGBA(); r != g || g != b { // text and tables are black
							marks++
						}
					}
				}
				if marks < 100 {
					t.Errorf("%d dots of the picture have a colour: nothing is drawn", marks)
				}
			})
		}
	}
}

// TestChartPDFGap draws a gap of one year, and then a zero there: only the zero
// has a point with lines to it, or a bar with its figure.
func TestChartPDFGap(t *testing.T) {
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not on this machine")
	}
	tab := build(t, fixture(t), "victims", table.Params{})
	write := func(w io.Writer, tab *table.Table) error { return WritePDF(w, tab, "a4") }
	for _, kind := range []table.ChartKind{table.LinesChart, table.BarsChart, table.StackedChart} {
		tab.Chart = charts()[kind]
		tab.Chart.Series[0].Values = []*float64{num(30), nil, num(20)}
		tab.Chart.Series = tab.Chart.Series[:1]
		gap := shapes(t, tab)
		tab.Chart.Series[0].Values[1] = num(0)
		zero := shapes(t, tab)
		more := 2 // a point and a line; a fill and an outline
		if zero-gap != more {
			t.Errorf("%s: a zero has %d shapes more than a gap; want %d", kind, zero-gap, more)
		}
		name := keep(t, written(t, tab, write), "gap-"+string(kind)+".pdf")
		if text, _ := readPDF(t, name, tab.Chart.Title); kind == table.BarsChart && !strings.Contains(text, "\n0\n") {
			t.Errorf("no figure at the bar of a zero: %s", text)
		}
	}
}

// shapes counts the strokes and fills of a table's pages.
func shapes(t *testing.T, tab *table.Table) int {
	t.Helper()
	p, err := newPDF(tab.Lang, tab.Title, "a4")
	if err != nil {
		t.Fatal(err)
	}
	p.SetCompression(false)
	p.write(tab, "")
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		t.Fatal(err)
	}
	return strings.Count(b.String(), "\nS\n") + strings.Count(b.String(), "\nf\n")
}

// TestChartPDFEmpty says that nothing is drawn, as the page does.
func TestChartPDFEmpty(t *testing.T) {
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not on this machine")
	}
	tab := build(t, fixture(t), "victims", table.Params{})
	tab.Chart = &table.Chart{Kind: table.MapChart, Title: "Nothing", Unit: "no unit", Notes: []string{"No chart: none."}}
	b := written(t, tab, func(w io.Writer, tab *table.Table) error { return WritePDF(w, tab, "a4") })
	text, page := readPDF(t, keep(t, b, "empty.pdf"), "Nothing")
	if page != 1 || !strings.Contains(text, "No chart: none.") || strings.Contains(text, "no unit") {
		t.Errorf("page %d says %s", page, text)
	}
}

func keep(t *testing.T, b []byte, name string) string {
	t.Helper()
	dir := os.Getenv("PDFS")
	if dir == "" {
		dir = t.TempDir()
	}
	name = filepath.Join(dir, name)
	if err := os.WriteFile(name, b, 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// readPDF gives the text of the page that says title.
func readPDF(t *testing.T, name, title string) (text string, page int) {
	t.Helper()
	out, err := exec.Command("pdftotext", "-raw", name, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range strings.Split(string(out), "\f") {
		if strings.Contains(text, "\n"+title+"\n") {
			return text, i + 1
		}
	}
	t.Fatalf("no page says %q", title)
	return "", 0
}

func picture(t *testing.T, name string, page int) image.Image {
	t.Helper()
	b, err := exec.Command("pdftoppm", "-png", "-r", "80", "-f", fmt.Sprint(page), "-l", fmt.Sprint(page), name).Output()
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return img
}
