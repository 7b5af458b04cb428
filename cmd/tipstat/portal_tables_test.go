package main

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/record"
)

// tablesPortal serves the sample data, and gives an organizer who is signed in.
func tablesPortal(t *testing.T, dir string) (*portalServer, *visitor, *visitor) {
	t.Helper()
	s := startPortal(t, dir)
	admin := administrator(t, s)
	organizer, _ := invited(t, admin, "organizer", "", "organizer")
	return s, admin, organizer
}

// linesByKey reads a csv as written of a table: its lines without their notes, which are
// numbered and worded as a whole, and without States of which it says nothing.
func linesByKey(t *testing.T, text string) map[string]bool {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) == 0 {
		t.Fatalf("%v\n%.300s", err, text)
	}
	out := map[string]bool{}
	notes := slices.Index(rows[0], "notes")
	for _, r := range rows[1:] {
		if r[1] == string(table.AbsentRow) {
			if n := slices.Index(rows[0], "OBS_VALUE"); r[n] != "" {
				t.Errorf("a silent State has a figure: %v", r)
			}
			continue
		}
		r[notes] = ""
		out[strings.Join(r, "\x1f")] = true
	}
	return out
}

// TestPortalTables holds what random choices show against the whole published tables: every
// cell is one of theirs, in whatever form, and what is chosen whole is what the command line writes.
func TestPortalTables(t *testing.T) {
	t.Parallel()
	dir := sampledWorkspace(t)
	s, admin, v := tablesPortal(t, dir)
	specs, err := table.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	whole := map[string]map[string]bool{}
	file := func(name, query string) string {
		status, _, text := v.get("/tables/" + name + "/file?lang=en&" + query)
		if status != http.StatusOK {
			t.Fatalf("%s %s: %d %.300s", name, query, status, text)
		}
		return text
	}
	years := map[string][]string{}
	reOption := regexp.MustCompile(`<option(?: selected)?>(\d{4})</option>`)
	reCode := regexp.MustCompile(`name="(states|sex|age|form)" value="([^"]+)"`)
	codes := map[string]map[string][]string{}
	for _, spec := range specs {
		status, _, page := v.get("/tables/" + spec.ID + "?lang=en")
		if status != http.StatusOK {
			t.Fatalf("%s: %d", spec.ID, status)
		}
		codes[spec.ID] = map[string][]string{}
		for _, m := range reOption.FindAllStringSubmatch(page, -1) {
			if !slices.Contains(years[spec.ID], m[1]) {
				years[spec.ID] = append(years[spec.ID], m[1])
			}
		}
		for _, m := range reCode.FindAllStringSubmatch(page, -1) {
			codes[spec.ID][m[1]] = append(codes[spec.ID][m[1]], m[2])
		}
		query := "format=csv"
		if y := years[spec.ID]; len(y) > 0 {
			query += "&years=" + y[0] + "-" + y[len(y)-1]
		}
		whole[spec.ID] = linesByKey(t, file(spec.ID, query))
	}
	if len(codes["victims-sex-age"]["sex"]) < 3 || len(codes["victims-exploitation"]["form"]) < 3 || len(years["victims"]) < 3 {
		t.Errorf("choices: %v %v", codes["victims-sex-age"], years["victims"])
	}

	t.Run("random choices", func(t *testing.T) {
		random := rand.New(rand.NewPCG(1, 2))
		met := 0
		for n := range 126 {
			id := specs[n%len(specs)].ID
			var query []string
			for _, name := range slices.Sorted(maps.Keys(codes[id])) {
				all := codes[id][name]
				if random.IntN(3) > 0 {
					for range 1 + random.IntN(3) {
						query = append(query, name+"="+all[random.IntN(len(all))])
					}
				}
			}
			if y := years[id]; len(y) > 0 && random.IntN(2) > 0 {
				from := random.IntN(len(y))
				query = append(query, "from="+y[from], "to="+y[from+random.IntN(len(y)-from)])
			}
			got := linesByKey(t, file(id, strings.Join(append(query, "format=csv"), "&")))
			for line := range got {
				met++
				if !whole[id][line] {
					t.Fatalf("%s %v shows what the published table has not:\n%s", id, query, strings.ReplaceAll(line, "\x1f", ","))
				}
			}
			status, _, page := v.get("/tables/" + id + "?lang=en&" + strings.Join(query, "&"))
			cells := regexp.MustCompile(`<td[ >]`).FindAllString(page, -1)
			if status != http.StatusOK || len(cells) < len(got) {
				t.Errorf("%s %v: %d, %d cells for %d", id, query, status, len(cells), len(got))
			}
		}
		if met < 1000 {
			t.Errorf("only %d cells", met)
		}
	})
	t.Run("as the command line writes", func(t *testing.T) {
		out := t.TempDir()
		for i, id := range []string{"victims", "routes", "justice", "treaties", "quality-completeness", "mirror"} {
			for j, format := range formats {
				if (i+j)%5 != 0 && id != "victims" {
					continue
				}
				lang := record.Languages[(i+j)%4]
				name, query := filepath.Join(out, id+"."+format), "format="+format
				args := []string{"-w", dir, "--lang", lang, "report", id, "--format", format, "-o", name}
				if y := years[id]; j%2 == 0 && len(y) > 1 {
					args, query = append(args, "--years", y[0]+"-"+y[1]), query+"&years="+y[0]+"-"+y[1]
				}
				if format == "pdf" {
					args, query = append(args, "--paper", "letter"), query+"&paper=letter"
				}
				said := &voice{}
				if code := (&app{out: said, err: said, now: time.Now}).run(t.Context(), args); code != 0 {
					t.Fatalf("%v: %d %s", args, code, said)
				}
				want, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				status, _, got := v.get("/tables/" + id + "/file?lang=" + lang + "&" + query)
				if status != http.StatusOK || got != string(want) {
					t.Errorf("%s %s: %d, %d bytes, the command line %d", id, query, status, len(got), len(want))
				}
			}
		}
	})
	t.Run("the attacker", func(t *testing.T) {
		out := t.TempDir()
		for i, query := range []string{"victims?years=2019-2023", "victims?states=HND,JAM", "victims-sex-age?", "victims-sex-age?sex=F&states=HND", "victims-sex-age?age=Y0T17", "victims-sex-age?sex=M&age=_T",
			"victims-exploitation?", "victims-exploitation?states=CRI", "citizenship?", "routes?states=HND", "routes?", "transit?", "profile?states=HND", "profile?", "regional?", "children-share?", "female-share?", "mirror?states=GTM", "domestic?", "citizens?"} {
			id, rest, _ := strings.Cut(query, "?")
			if y := years[id]; !strings.Contains(rest, "years") && len(y) > 0 && i%2 == 0 {
				rest += "&years=" + y[0] + "-" + y[len(y)-1]
			}
			if err := os.WriteFile(filepath.Join(out, fmt.Sprintf("%02d-%s.csv", i, id)), []byte(file(id, rest+"&format=csv")), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		said := &voice{}
		if code := (&app{out: said, err: said, now: time.Now}).run(t.Context(), []string{"-w", dir, "audit", out}); code != 0 || !strings.Contains(said.String(), "hidden") {
			t.Errorf("audit: %d\n%s", code, said)
		}
	})
	t.Run("what is not in a table", func(t *testing.T) {
		for i, bad := range []string{"states=XXX", "states=<script>alert(1)</script>", "years=1066-1067", "years=2020-", "years=2023-2019", "sex=F", "view=pie", "colour=red", "states=HND;DROP", "lang=xx", "years=9999999999999999999999", "form=SEX"} {
			lang := record.Languages[i%4]
			query := bad
			if !strings.HasPrefix(bad, "lang") {
				query += "&lang=" + lang
			}
			for _, path := range []string{"/tables/victims?", "/tables/victims/file?format=csv&", "/tables/victims/chart.svg?"} {
				status, _, page := v.get(path + query)
				if status != http.StatusBadRequest || !strings.Contains(page, `role="alert"`) || strings.Contains(page, "<script>alert") {
					t.Errorf("%s%s: %d %.200s", path, bad, status, page)
				}
			}
		}
		for path, want := range map[string]int{"/tables/nosuch": 404, "/tables/nosuch/file?format=csv": 404, "/tables/victims/file?format=exe": 400, "/tables/victims/file?format=pdf&paper=a0": 400,
			"/tables/victims/file": 400, "/tables/treaties/chart.svg": 404, "/tables/../../etc/passwd": 404, "/tables/pack/file?part=zip": 404, "/tables/pack/file?part=../../tipstat.yaml": 400} {
			if status, _, page := v.get(path); status != want {
				t.Errorf("%s: %d, want %d %.200s", path, status, want, page)
			}
		}
	})
	t.Run("who may", func(t *testing.T) {
		ministry, _ := invited(t, admin, "ministry", "HND", "hnd")
		stranger := visit(t, s.address)
		for _, path := range []string{"/tables", "/tables/victims", "/tables/victims/file?format=csv", "/tables/victims/chart.svg", "/tables/pack"} {
			for name, who := range map[string]*visitor{"ministry": ministry, "organizer": v, "administrator": admin} {
				if status, _, _ := who.get(path); status != http.StatusOK {
					t.Errorf("%s: %s: %d", name, path, status)
				}
			}
			if _, at, page := stranger.get(path); !strings.HasSuffix(at, "/signin") || strings.Contains(page, "Honduras") {
				t.Errorf("a stranger sees %s", path)
			}
		}
		if _, at, _ := v.get("/"); !strings.HasSuffix(at, "/tables") {
			t.Errorf("an organizer begins at %s", at)
		}
		r, err := http.NewRequest(http.MethodPost, s.address+"/tables/pack", strings.NewReader("lang=es"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		if status, _, _ := v.do(r); status != http.StatusForbidden {
			t.Errorf("a form of another site: %d", status)
		}
		if status, _, _ := v.post("/tables/pack", map[string][]string{"lang": {"../x"}}); status != http.StatusBadRequest {
			t.Errorf("a language that is a path: %d", status)
		}
	})
	t.Run("thin lines", func(t *testing.T) {
		most := map[string]int{"/tables": 8 << 10, "/tables/victims": 12 << 10, "/tables/victims/chart.svg?view=chart": 4 << 10, "/tables/victims/chart.svg?view=map": 28 << 10, "/tables/victims-sex-age": 16 << 10}
		for path, bytes := range most {
			r, err := http.NewRequest(http.MethodGet, s.address+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Accept-Encoding", "gzip") // by hand: the client leaves it packed
			answer, err := v.client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(answer.Body)
			if err != nil || answer.Header.Get("Content-Encoding") != "gzip" || len(b) > bytes {
				t.Errorf("%s: %d bytes, %v", path, len(b), answer.Header)
			}
			t.Logf("%s: %d bytes", path, len(b))
			_ = answer.Body.Close()
			tag := answer.Header.Get("ETag")
			again := func() *http.Request { // without the cookies that the client adds
				r, err := http.NewRequest(http.MethodGet, s.address+path, nil)
				if err != nil {
					t.Fatal(err)
				}
				r.Header.Set("If-None-Match", tag)
				return r
			}
			if answer, err = v.client.Do(again()); err != nil || answer.StatusCode != http.StatusNotModified {
				t.Errorf("%s again: %v %v", path, answer.StatusCode, err)
			}
			_ = answer.Body.Close()
			if answer, err = admin.client.Do(again()); err != nil || answer.StatusCode != http.StatusOK {
				t.Errorf("%s: another account is told that it has it: %v %v", path, answer.StatusCode, err)
			}
			_ = answer.Body.Close()
		}
	})
}

// TestPortalPack has the pack made, once, and finds the link of before changed once the figures are.
func TestPortalPack(t *testing.T) {
	t.Parallel()
	dir := sampledWorkspace(t)
	_, admin, v := tablesPortal(t, dir)
	_, _, page := v.get("/tables/victims?lang=es&states=HND")
	link := first(t, regexp.MustCompile(`class="long">([^<]+)<`), page)
	link = strings.TrimPrefix(strings.ReplaceAll(link, "&amp;", "&"), v.address)
	if _, _, again := v.get(link); strings.Contains(again, `class="problem"`) {
		t.Error("a link of this publication is told to be of another")
	}
	waits := func(lang string) string {
		for range 600 {
			if _, _, page := v.get("/tables/pack?lang=" + lang); !strings.Contains(page, `http-equiv="refresh"`) {
				return page
			}
			time.Sleep(200 * time.Millisecond)
		}
		t.Fatal("it takes too long")
		return ""
	}
	pack := func() string {
		if status, _, _ := v.post("/tables/pack", map[string][]string{"lang": {"es"}}); status != http.StatusOK {
			t.Fatal(status)
		}
		if page := waits("es"); !strings.Contains(page, "part=zip") {
			t.Fatal(page)
		}
		_, _, b := v.get("/tables/pack/file?lang=es&part=zip")
		return b
	}
	one := pack()
	z, err := zip.NewReader(bytes.NewReader([]byte(one)), int64(len(one)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
	}
	for _, want := range []string{"pack.pdf", "pack.xlsx", "pack.json", "data/victims.csv", "site/index.html"} {
		if !slices.Contains(names, want) {
			t.Errorf("no %s in %v", want, names)
		}
	}
	t.Logf("the pack: %d bytes", len(one))
	if pack() != one {
		t.Error("the second differs from the first")
	}
	r, err := http.NewRequest(http.MethodGet, v.address+"/tables/pack/file?lang=es&part=zip", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Range", "bytes=100-199")
	if status, _, b := v.do(r); status != http.StatusPartialContent || b != one[100:200] {
		t.Errorf("who was cut off: %d, %d bytes", status, len(b))
	}
	if _, _, page := admin.get("/log"); !strings.Contains(page, "pack.asked") {
		t.Error("the log does not tell who asked")
	}
	said := &voice{}
	if code := (&app{out: said, err: said, now: time.Now}).run(t.Context(), []string{"-w", dir, "withdraw", firstSubmission(t, dir), "--reason", "test"}); code != 0 {
		t.Fatalf("%d %s", code, said)
	}
	changed := false
	for range 300 {
		if _, _, page := v.get(link); strings.Contains(page, `class="problem"`) {
			changed = true
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if !changed {
		t.Error("a link of an older publication is not told to be one")
	}
	if page := waits("es"); strings.Contains(page, "part=zip") {
		t.Error("the pack of an older publication is still offered")
	}
}

// firstSubmission is one of the workspace's.
func firstSubmission(t *testing.T, dir string) string {
	t.Helper()
	out := &voice{}
	if code := (&app{out: out, err: &voice{}, now: time.Now}).run(t.Context(), []string{"-w", dir, "history", "--json"}); code != 0 {
		t.Fatal(code)
	}
	return first(t, regexp.MustCompile(`"submission_id": "([0-9a-f]+)"`), out.String())
}
