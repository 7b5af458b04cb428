package reports

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/testdata/golden"
	"github.com/oas/tipstat/transform/record"
)

// axeCheck runs the rules of WCAG 2.2 A and AA and leaves what they find in the title.
const axeCheck = `
axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(r => {
  document.title = "AXE " + (r.violations.map(v => v.id + " (" + v.impact + "): " + v.nodes.map(n => n.target + " " + n.failureSummary).slice(0, 2).join(" / ")).join("; ") || "ok " + (r.passes.length > 10));
}).catch(e => { document.title = "AXE " + e; });
`

// TestAccessible holds pages against axe-core in Chromium.
func TestAccessible(t *testing.T) {
	chromium, err := exec.LookPath("chromium")
	axe, axeErr := os.ReadFile("testdata/axe/node_modules/axe-core/axe.min.js")
	if err != nil || axeErr != nil {
		t.Skip("chromium or axe-core (npm ci --prefix reports/testdata/axe) is not on this machine")
	}
	db := fixture(t)
	for id, lang := range map[string]string{"victims": "en", "victims-sex-age": "es", "treaties": "fr", "mirror": "pt", "quality-next-steps": "es", "rates-population": "fr"} {
		t.Run(id+"/"+lang, func(t *testing.T) {
			page := string(written(t, build(t, db, id, table.Params{Lang: lang}), WriteHTML))
			page = strings.Replace(page, "<meta http-equiv", "<meta name=unused", 1)
			end := strings.LastIndex(page, "</body>") // the library of charts holds one too
			page = page[:end] + "<script>" + string(axe) + "</script><script>" + axeCheck + "</script>" + page[end:]
			name := filepath.Join(t.TempDir(), "page.html")
			if err := os.WriteFile(name, []byte(page), 0o600); err != nil {
				t.Fatal(err)
			}
			dom, err := exec.Command(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
				"--user-data-dir="+t.TempDir(), "--virtual-time-budget=20000", "--dump-dom", "file://"+name).Output()
			if err != nil {
				t.Fatal(err)
			}
			title, _, _ := strings.Cut(string(dom), "</title>")
			if _, title, _ = strings.Cut(title, "<title>"); title != "AXE ok true" {
				t.Errorf("axe-core: %s", title)
			}
		})
	}
}

func TestGoldenPages(t *testing.T) {
	db := fixture(t)
	for _, c := range []struct{ id, lang string }{{"victims", "en"}, {"victims-sex-age", "es"}, {"justice", "pt"}, {"treaties", "fr"}} {
		t.Run(c.id+"/"+c.lang, func(t *testing.T) {
			tab := build(t, db, c.id, table.Params{Lang: c.lang})
			page := string(written(t, tab, WriteHTML))
			page = strings.NewReplacer(echartsJS, "(echarts.min.js)", chartJS, "(chart.js)").Replace(page)
			golden.Compare(t, c.id+"."+c.lang+".html", []byte(page))
			golden.Compare(t, c.id+"."+c.lang+".md", written(t, tab, WriteMarkdown))
		})
	}
}

// hostile puts markup wherever text from a file can stand.
func hostile(tab *table.Table, s string) {
	tab.Title, tab.Question = s, s
	tab.Rows[0].Stub[0].Text = s
	tab.Rows[0].Cells[0].Text = s
	tab.Columns[0].Labels[0] = s
	tab.Notes = append(tab.Notes, table.Note{Mark: "z", Text: s})
	tab.Rows[0].Cells[0].Marks = append(tab.Rows[0].Cells[0].Marks, "z")
	tab.Symbols = append(tab.Symbols, table.Symbol{Symbol: s, Text: s})
	tab.Sources = append(tab.Sources, table.Source{Text: s})
	tab.Chart.Title, tab.Chart.Unit, tab.Chart.Description, tab.Chart.Source = s, s, s, s
	tab.Chart.Series[0].Label, tab.Chart.Categories[0].Label = s, s
	tab.Chart.Notes = append(tab.Chart.Notes, s)
}

func TestNoMarkup(t *testing.T) {
	db := fixture(t)
	tab := build(t, db, "victims", table.Params{})
	hostile(tab, `<script>document.title="run"</script><img src=x onerror=1>" onclick="1 &copy; | **b** [a](http://x)`)
	page := strings.Replace(string(written(t, tab, WriteHTML)), echartsJS, "", 1)
	if n := strings.Count(page, "<script"); n != 4 { // the chart's data, its library and script, and that which sorts
		t.Errorf("html: %d scripts, want the page's own", n)
	}
	for _, bad := range []string{"<img", `" onclick="1`, "&copy;"} {
		if strings.Contains(page, bad) {
			t.Errorf("html has %s", bad)
		}
	}
	md := string(written(t, tab, WriteMarkdown))
	for _, bad := range []string{" <script", " <img", " &copy;", " | **b**", "](http://"} {
		if strings.Contains(md, bad) {
			t.Errorf("markdown has %s", bad)
		}
	}
	// What would begin a list or a heading at the head of a line.
	for give, want := range map[string]string{"- a": `\- a`, "1. a": `1\. a`, "# a": `\# a`, "2022": "2022", "www.x": `www\.x`, "a": "a"} {
		if got := line(give); got != want {
			t.Errorf("line(%q) = %q, want %q", give, got, want)
		}
	}
}

// browserCheck is what a reader does with a mouse; TestKeyboard does without. It
// runs after the page's own script and leaves its findings in the title.
const browserCheck = `
const bad = [];
const want = (ok, what) => { if (!ok) bad.push(what); };
const first = () => [...document.querySelectorAll("tbody tr")].map(r => r.cells[0].textContent).join("|");
const head = document.querySelector("th[data-sortable]"), button = head.querySelector("button");
const before = first();
button.click();
want(head.getAttribute("aria-sort") === "ascending", "not ascending");
const up = first();
button.click();
want(head.getAttribute("aria-sort") === "descending", "not descending");
want(first() !== up, "descending is ascending");
button.click();
want(first() === before, "third click does not go back");
const last = [...document.querySelectorAll("th[data-sortable]")].pop();
last.querySelector("button").click();
const n = [...document.querySelectorAll("tbody tr")].map(r => r.cells[r.cells.length - 1].dataset.sort);
const known = n.filter(v => v !== undefined).map(Number);
want(known.every((v, i) => i === 0 || known[i - 1] <= v), "figures not in order: " + known);
want(n.slice(known.length).every(v => v === undefined), "unknown before known");
for (const a of document.querySelectorAll("a")) want(document.getElementById(a.getAttribute("href").slice(1)), "dead link " + a.getAttribute("href"));
const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
want(new Set(ids).size === ids.length, "an id stands twice");
want(performance.getEntriesByType("resource").length === 0, "something was requested");
document.title = "CHECK " + (bad.join("; ") || "ok");
`

// TestBrowser opens pages in Chromium, in every language. SCREENSHOTS=folder
// keeps pictures of them to be looked at.
func TestBrowser(t *testing.T) {
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not on this machine")
	}
	db := fixture(t)
	own := func(args ...string) ([]byte, error) {
		args = append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
			"--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir=" + t.TempDir()}, args...)
		return exec.Command(chromium, args...).Output()
	}
	for i, lang := range record.Languages {
		id := []string{"victims", "victims-sex-age", "justice", "treaties"}[i]
		t.Run(id+"/"+lang, func(t *testing.T) {
			page := string(written(t, build(t, db, id, table.Params{Lang: lang}), WriteHTML))
			name := filepath.Join(t.TempDir(), "page.html")
			if dir := os.Getenv("SCREENSHOTS"); dir != "" {
				if err := os.WriteFile(name, []byte(page), 0o644); err != nil {
					t.Fatal(err)
				}
				if _, err := own("--window-size=1280,900", "--screenshot="+filepath.Join(dir, id+"."+lang+".png"), "file://"+name); err != nil {
					t.Fatal(err)
				}
			}
			// The page's policy would refuse the check; the page's own script
			// first runs under it.
			checked := strings.Replace(page, "<meta http-equiv", "<meta name=unused", 1)
			end := strings.LastIndex(checked, "</body>") // the library holds one too
			checked = checked[:end] + "<script>{" + browserCheck + "}</script>" + checked[end:]
			if err := os.WriteFile(name, []byte(checked), 0o644); err != nil {
				t.Fatal(err)
			}
			dom, err := own("--dump-dom", "file://"+name)
			if err != nil {
				t.Fatal(err)
			}
			title, _, _ := strings.Cut(string(dom), "</title>")
			_, title, _ = strings.Cut(title, "<title>")
			if title != "CHECK ok" {
				t.Errorf("in the browser: %s", title)
			}
			// Under its own policy the page's script still runs.
			if err := os.WriteFile(name, []byte(page), 0o644); err != nil {
				t.Fatal(err)
			}
			if dom, err = own("--dump-dom", "file://"+name); err != nil || !strings.Contains(string(dom), `aria-sort="none"`) {
				t.Errorf("under its policy the page's script does not run: %v", err)
			}
		})
	}
}
