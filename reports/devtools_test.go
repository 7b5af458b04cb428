package reports

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/oas/tipstat/reports/table"
)

// browser is a Chromium that is told over its DevTools pipe what to do: keys
// pressed this way are those of a keyboard, which a page's script can't feign.
type browser struct {
	t       *testing.T
	to      io.Writer
	from    *bufio.Reader
	session string
	id      int
}

// open starts Chromium on a page, whose own policy stays in force.
func open(t *testing.T, page []byte) *browser {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not on this machine")
	}
	name := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(name, page, 0o600); err != nil {
		t.Fatal(err)
	}
	theirs, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	from, answers, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--user-data-dir="+t.TempDir(), "--remote-debugging-pipe", "about:blank")
	cmd.ExtraFiles = []*os.File{theirs, answers} // the descriptors 3 and 4
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_, _ = theirs.Close(), answers.Close()
	limit := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() }) // a read that never ends ends with it
	b := &browser{t: t, to: to, from: bufio.NewReader(from)}
	t.Cleanup(func() { // it has left its folder before that is removed
		b.session = ""
		b.call("Browser.close", object{})
		_ = cmd.Wait()
		limit.Stop()
		_, _ = to.Close(), from.Close()
	})
	target := b.call("Target.createTarget", object{"url": "file://" + name})["targetId"]
	b.session, _ = b.call("Target.attachToTarget", object{"targetId": target, "flatten": true})["sessionId"].(string)
	for i := 0; b.ask(`document.readyState + " " + location.protocol`) != "complete file:"; i++ {
		if i == 200 {
			t.Fatal("the page does not load")
		}
		time.Sleep(50 * time.Millisecond)
	}
	return b
}

// call sends a command and waits for its answer; events between are not heeded.
func (b *browser) call(method string, params object) object {
	b.t.Helper()
	b.id++
	m := object{"id": b.id, "method": method, "params": params}
	if b.session != "" {
		m["sessionId"] = b.session
	}
	out, err := json.Marshal(m)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.to.Write(append(out, 0)); err != nil {
		b.t.Fatal(err)
	}
	for {
		in, err := b.from.ReadBytes(0)
		if err != nil {
			b.t.Fatalf("%s: %v", method, err)
		}
		var answer struct {
			ID            int
			Result, Error object
		}
		if err := json.Unmarshal(in[:len(in)-1], &answer); err != nil {
			b.t.Fatal(err)
		}
		if answer.ID != b.id {
			continue
		}
		if answer.Error != nil {
			b.t.Fatalf("%s: %v", method, answer.Error)
		}
		return answer.Result
	}
}

// ask gives the text that an expression comes to in the page.
func (b *browser) ask(expression string) string {
	b.t.Helper()
	result := b.call("Runtime.evaluate", object{"expression": expression})
	value, _ := result["result"].(object)
	text, ok := value["value"].(string)
	if !ok {
		b.t.Fatalf("%s: %v", expression, result)
	}
	return text
}

// press presses a key and lets it go.
func (b *browser) press(name string) {
	b.t.Helper()
	keys := map[string]object{
		"Tab":   {"key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9},
		"Enter": {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"},
		"Space": {"key": " ", "code": "Space", "windowsVirtualKeyCode": 32, "text": " "},
	}
	for _, kind := range []string{"keyDown", "keyUp"} {
		k := object{"type": kind}
		for name, v := range keys[name] {
			if name != "text" || kind == "keyDown" {
				k[name] = v
			}
		}
		b.call("Input.dispatchKeyEvent", k)
	}
}

// TestPrint: neither a wide table nor a chart drawn for a wide window goes
// beyond the edge of a printed page.
func TestPrint(t *testing.T) {
	tab := build(t, fixture(t), "justice", table.Params{FromYear: 2012, ToYear: 2024})
	tab.Chart = charts()[table.BarsChart]
	b := open(t, written(t, tab, WriteHTML))
	const (
		chart = `(() => { const b = document.querySelector("#chart svg").getBBox(); return String(Math.ceil((b.x + b.width) / 100)); })()`
		size  = `document.documentElement.scrollWidth + " of " + innerWidth`
	)
	page := func(width int, media string) {
		b.call("Emulation.setDeviceMetricsOverride", object{"width": width, "height": 1000, "deviceScaleFactor": 1, "mobile": false})
		b.call("Emulation.setEmulatedMedia", object{"media": media})
	}
	page(1300, "")
	for i := 0; b.ask(chart) != "12" && i < 100; i++ { // it follows the window
		time.Sleep(50 * time.Millisecond)
	}
	if got := b.ask(`dispatchEvent(new Event("beforeprint")); ` + chart); got != "7" { // at once
		t.Errorf("what is drawn is printed up to %s hundred pixels", got)
	}
	page(680, "print")
	if got := b.ask(size); got != "680 of 680" {
		t.Errorf("printed: %s", got)
	}
}

// TestKeyboard sorts a table as one does who has no mouse: with Tab, Enter and Space.
func TestKeyboard(t *testing.T) {
	b := open(t, written(t, build(t, fixture(t), "victims", table.Params{Lang: "en"}), WriteHTML))
	const (
		states  = `[...document.querySelectorAll("tbody tr")].map(r => r.cells[0].querySelector(".label").textContent).join("|")`
		figures = `[...document.querySelectorAll("tbody tr")].map(r => r.cells[4].dataset.sort ?? "none").join("|")`
		sorted  = `[...document.querySelectorAll("th[data-sortable]")].map(h => h.getAttribute("aria-sort")).join(" ")`
		focus   = `document.activeElement.tagName + " " + document.activeElement.textContent + ", outline " + getComputedStyle(document.activeElement).outlineWidth`
	)
	reach := func(want string) {
		t.Helper()
		for i := 0; i < 20 && !strings.HasPrefix(b.ask(focus), want+","); i++ {
			b.press("Tab")
		}
		if got := b.ask(focus); got != want+", outline 3px" {
			t.Fatalf("Tab leads to %q; want %s, seen", got, want)
		}
	}
	step := func(key, rows, want, marks string) {
		t.Helper()
		before := b.ask(focus)
		b.press(key)
		if got := b.ask(rows); got != want {
			t.Errorf("%s: rows %s\nwant %s", key, got, want)
		}
		if got := b.ask(sorted); got != marks {
			t.Errorf("%s: aria-sort %s; want %s", key, got, marks)
		}
		if got := b.ask(focus); got != before {
			t.Errorf("%s moves the focus from %s to %s", key, before, got)
		}
	}
	given, asGiven := b.ask(states), b.ask(figures)
	const none = "none none none none none none none"
	reach("BUTTON State")
	step("Enter", states, given, "ascending"+none[4:]) // as given: by the alphabet
	step("Space", states, "Venezuela|United States|Peru|Peru|Nicaragua|Mexico|Jamaica|Cuba|Canada|Brazil|Argentina", "descending"+none[4:])
	step("Enter", states, given, none)
	reach("BUTTON 2021")
	step("Space", figures, "0|7|10|200|500|725|1150|none|none|none|none", none[:20]+"ascending none none")
	step("Enter", figures, "1150|725|500|200|10|7|0|none|none|none|none", none[:20]+"descending none none")
	step("Space", figures, asGiven, none)
}
