package main

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/oas/tipstat/transform/store"
)

// secondStep sets up the second step of who is signed in.
func secondStep(t *testing.T, v *visitor) {
	t.Helper()
	_, _, page := v.post("/account/second-step", nil)
	code, err := totp.GenerateCode(first(t, reKey, page), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if status, _, page := v.post("/account/second-step/confirm", url.Values{"code": {code}}); status != http.StatusOK {
		t.Fatalf("%d\n%s", status, page)
	}
}

// has looks for texts in a page, and for some that may not be there ("!…").
func has(t *testing.T, where, page string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		absent := strings.HasPrefix(want, "!")
		if strings.Contains(page, strings.TrimPrefix(want, "!")) == absent {
			t.Errorf("%s: %q\n%s", where, want, page)
		}
	}
}

var reSeen = regexp.MustCompile(`name="seen" value="([^"]+)"`)

// TestPortalReview does the statistician's work, and tries what others might.
func TestPortalReview(t *testing.T) {
	t.Parallel()
	dir := portalWorkspace(t, "en")
	for name, text := range map[string]string{
		"HTI/known.csv":   "País,Año,Sexo\nHaití,2023,Mujer\n",                       // no layout knows it
		"older.csv":       "Año,Sexo,Víctimas\n2020,Mujer,7\n2020,Hombre,3\n",        // by the inbox
		"SLV/refused.csv": "Año,Sexo,Víctimas\n2020,Mujer,x\n2020,<b>Fembra</b>,3\n", // by the inbox, with a value that has no code
	} {
		path := filepath.Join(dir, "inbox", filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	if code := run([]string{"-w", dir, "run", "--settle", "0s"}, nil, &voice{}, &voice{}); code != 3 {
		t.Fatalf("run: %d", code)
	}
	s := startPortal(t, dir)
	admin := administrator(t, s)
	hnd, _ := invited(t, admin, "ministry", "HND", "hnd")
	organizer, _ := invited(t, admin, "organizer", "", "organizer")
	stat, _ := invited(t, admin, "statistician", "", "stat")
	if _, at, _ := stat.get("/review"); !strings.HasSuffix(at, "/account") {
		t.Errorf("without the second step: %s", at)
	}
	secondStep(t, stat)
	send := func(name, content, want string) string {
		t.Helper()
		_, at, _ := hnd.do(sending(t, s.address+"/uploads", name, content))
		if got := outcome(t, hnd, at); got != want {
			t.Fatalf("%s: %s\n%s", name, got, s.err)
		}
		return strings.TrimPrefix(at, s.address)
	}
	send("first.csv", "Año,Sexo,Víctimas\n2023,Mujer,12\n2023,Hombre,9\n", "accepted")
	own := send("second.csv", "Año,Sexo,Víctimas\n2023,Mujer,18\n2023,Hombre,9\n", "accepted")
	one := strings.Replace(own, "/uploads/HND/", "/review/", 1)

	t.Run("queue", func(t *testing.T) {
		_, at, page := stat.get("/")
		if !strings.HasSuffix(at, "/review") {
			t.Errorf("the statistician's work begins at %s", at)
		}
		has(t, "queue", page, "first.csv", "second.csv", "older.csv", "known.csv", "refused.csv", "Honduras", "not over the web", "Files: 5")
		for query, want := range map[string]string{"?state=HTI": "Files: 1", "?outcome=refused": "Files: 2", "?unseen=1": "Files: 2", "?outcome=superseded": "Files: 1", "?state=HND&page=99": "Files: 3"} {
			_, _, page := stat.get("/review" + query)
			has(t, query, page, want)
		}
	})
	t.Run("one", func(t *testing.T) {
		_, _, page := stat.get(one)
		has(t, "one", page, "<td role=\"cell\" class=\"number\"><span class=\"on-cards\">Before: </span>12</td>", "&#43;50.0", "tst-victimas", "stat", "Nobody has decided")
		status, _, text := stat.get(one + "/differences.csv")
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil || status != http.StatusOK || len(rows) != 2 || rows[1][7] != "12" || rows[1][8] != "18" || rows[1][9] != "+50.0" {
			t.Errorf("%d %v %v", status, rows, err)
		}
	})
	t.Run("decide", func(t *testing.T) {
		_, _, page := stat.get(one)
		stale := first(t, reSeen, page)
		for why, want := range map[string]string{"": "Give a reason", "two\nlines": "Give a reason", strings.Repeat("x", 201): "Give a reason", "escreva para ana.souza@example.org": "name a person"} {
			status, _, page := stat.post(one+"/withdraw", url.Values{"seen": {stale}, "reason": {why}})
			if status != http.StatusUnprocessableEntity {
				t.Errorf("%q: %d", why, status)
			}
			has(t, why, page, want, "Nobody has decided")
		}
		if status, at, page := stat.post(one+"/confirm", url.Values{"seen": {stale}, "reason": {""}}); status != http.StatusOK || !strings.HasSuffix(at, one) || !strings.Contains(page, "accepted and confirmed") {
			t.Errorf("confirm: %d %s\n%s", status, at, page)
		}
		status, _, page := stat.post(one+"/withdraw", url.Values{"seen": {stale}, "reason": {"the other was quicker"}})
		if status != http.StatusConflict {
			t.Errorf("a decision on what has moved: %d", status)
		}
		has(t, "moved", page, "Meanwhile somebody decided", "!the other was quicker")
		_, _, page = stat.get(one)
		_, _, page = stat.post(one+"/withdraw", url.Values{"seen": {first(t, reSeen, page)}, "reason": {"the column of <2023> holds 2022"}})
		has(t, "withdrawn", page, "withdrawn", "the column of &lt;2023&gt; holds 2022", "(stat)")
		_, _, page = hnd.get(own)
		has(t, "the ministry's", page, "withdrawn", "the column of &lt;2023&gt; holds 2022", "!(stat)", "!All of it was read and is in the records")
		_, _, page = hnd.get(own + "/receipt.json")
		var r struct {
			Withdrawn bool
			Decisions []struct{ Action, Reason string }
		}
		if err := json.Unmarshal([]byte(page), &r); err != nil || !r.Withdrawn || len(r.Decisions) != 2 || r.Decisions[1].Reason != "the column of <2023> holds 2022" {
			t.Errorf("%+v %v", r, err)
		}
		var told voice
		if code := run([]string{"-w", dir, "history", "--json"}, nil, &told, &voice{}); code != 0 {
			t.Fatal(code)
		}
		var subs []store.Submission
		if err := json.Unmarshal([]byte(told.String()), &subs); err != nil {
			t.Fatal(err)
		}
		if i := slices.IndexFunc(subs, func(s store.Submission) bool { return s.FileName == "first.csv" }); subs[i].Outcome != "current" {
			t.Errorf("what stood before: %s", subs[i].Outcome)
		}
		_, _, page = stat.get(one)
		_, _, page = stat.post(one+"/restore", url.Values{"seen": {first(t, reSeen, page)}, "reason": {"it was right"}})
		has(t, "restored", page, "Withdrawal undone", "it was right", "&#43;50.0")
	})
	t.Run("values", func(t *testing.T) {
		bad := send("bad.csv", "Año,Sexo,Víctimas\n2024,Mujer,5\n2024,Hombres adultos,2\n", "refused")
		_, _, page := stat.get("/review/values")
		has(t, "values", page, "“Hombres adultos”", "“&lt;b&gt;Fembra&lt;/b&gt;”", "CL_SEX", "B3", "known.csv", "!Ready to be read")
		for _, wrong := range []url.Values{
			{"list": {"CL_SEX"}, "found": {"nobody has sent this"}, "code": {"M"}}, {"list": {"CL_SEX"}, "found": {"Hombres adultos"}, "code": {"nosuch"}},
			{"list": {"../x"}, "found": {"Hombres adultos"}, "code": {"M"}},
		} {
			if status, _, page := stat.post("/review/values/map", wrong); status != http.StatusUnprocessableEntity {
				t.Errorf("%v: %d\n%s", wrong, status, page)
			}
		}
		_, _, page = stat.post("/review/values/map", url.Values{"list": {"CL_SEX"}, "found": {"Hombres adultos"}, "code": {"F"}, "other": {"M"}})
		has(t, "mapped", page, "!“Hombres adultos”", "Ready to be read", "bad.csv")
		b, err := os.ReadFile(filepath.Join(dir, "vocabulary", "synonyms", "CL_SEX.csv"))
		if err != nil || !strings.Contains(string(b), "CL_SEX,Hombres adultos,M,,,portal,stat") {
			t.Errorf("%s %v", b, err)
		}
		id := strings.Replace(bad, "/uploads/HND/", "/review/", 1)
		if status, _, page := stat.post(id+"/again", nil); status != http.StatusOK {
			t.Errorf("%d\n%s", status, page)
		}
		if got := outcome(t, hnd, s.address+bad); got != "accepted" {
			t.Errorf("read again: %s", got)
		}
		_, _, page = hnd.get(bad)
		has(t, "read again", page, "It was refused at first", "accepted")
		if status, _, _ := stat.post(id+"/again", nil); status != http.StatusConflict {
			t.Errorf("once more: %d", status)
		}
	})
	t.Run("overtaken", func(t *testing.T) {
		old := send("old.csv", "Año,Sexo,Víctimas\n2019,Mujer,5\n2019,Varonos,2\n", "refused")
		time.Sleep(time.Second) // the next one is newer
		send("new.csv", "Año,Sexo,Víctimas\n2019,Mujer,6\n2019,Hombre,2\n", "accepted")
		id := strings.Replace(old, "/uploads/HND/", "/review/", 1)
		status, _, page := stat.post(id+"/again", nil)
		if status != http.StatusConflict {
			t.Errorf("%d", status)
		}
		has(t, "overtaken", page, "A newer file was accepted since", "I want this one to count")
	})
	t.Run("layout", func(t *testing.T) {
		_, _, page := stat.get("/review/values")
		at := first(t, regexp.MustCompile(`href="(/review/file-[0-9a-f]+/layout.yaml)"`), page)
		if status, _, text := stat.get(at); status != http.StatusOK || !strings.Contains(text, "TO DO") {
			t.Errorf("%d %s", status, text)
		}
		again := strings.Replace(at, "/layout.yaml", "/again", 1)
		if status, _, _ := stat.post(again, nil); status != http.StatusOK {
			t.Errorf("%d", status)
		}
		if _, err := os.Stat(filepath.Join(dir, "inbox", "HTI", "known.csv")); err != nil {
			t.Error(err)
		}
	})
	t.Run("collection", func(t *testing.T) {
		_, _, page := stat.get("/review/collection?year=2023")
		has(t, "collection", page, "2023: 1 of 35", "figures: 2", "Haiti", "Texts: 32")
		var told voice
		if code := run([]string{"-w", dir, "status", "--year", "2023", "--json"}, nil, &told, &voice{}); code != 0 {
			t.Fatal(code)
		}
		var g store.Collection
		if err := json.Unmarshal([]byte(told.String()), &g); err != nil || g.All != 1 || len(g.Rows) != 35 {
			t.Errorf("%v: %d of %d", err, g.All, len(g.Rows))
		}
		_, _, text := stat.get("/review/collection.csv?year=2023")
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil || len(rows) != 1+len(g.Rows)*len(g.Records) || !strings.Contains(text, "2023,HND,victims,own,2,2,1,") {
			t.Errorf("%d rows %v\n%s", len(rows), err, text)
		}
		_, _, packed := stat.get("/review/reminders.zip?year=2023")
		if _, _, twice := stat.get("/review/reminders.zip?year=2023"); twice != packed {
			t.Error("the same store gives other bytes")
		}
		z, err := zip.NewReader(bytes.NewReader([]byte(packed)), int64(len(packed)))
		if err != nil || len(z.File) != 32 {
			t.Fatalf("%v", err)
		}
		texts := map[string]string{}
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			texts[f.Name] = string(b)
		}
		has(t, "HND", texts["HND-2023-en.txt"], "We have received for 2023:\r\n- Protection and care of victims\r\n\r\n", "- Prosecution of perpetrators", s.address) // the account's language
		has(t, "HTI", texts["HTI-2023-fr.txt"], "Nous n'avons pas reçu pour 2023", "!Nous avons reçu", s.address)
		has(t, "BRA", texts["BRA-2023-pt.txt"], "Não recebemos")
		for _, year := range []string{"1900", "2999", "x"} {
			if status, _, _ := stat.get("/review/collection?year=" + year); status != http.StatusBadRequest {
				t.Errorf("%s: %d", year, status)
			}
		}
	})
	t.Run("others", func(t *testing.T) {
		for _, who := range []*visitor{hnd, organizer, admin} {
			for _, path := range []string{"/review", one, one + "/differences.csv", "/review/values", "/review/collection", "/review/collection.csv", "/review/reminders.zip", one + "/layout.yaml"} {
				if status, _, page := who.get(path); status != http.StatusForbidden && status != http.StatusNotFound || strings.Contains(page, "second.csv") {
					t.Errorf("%s: %d", path, status)
				}
			}
			for _, path := range []string{one + "/withdraw", one + "/confirm", one + "/again", "/review/values/map"} {
				if status, _, _ := who.post(path, url.Values{"seen": {"current-0"}, "reason": {"mine"}}); status != http.StatusForbidden {
					t.Errorf("%s: %d", path, status)
				}
			}
		}
		r, err := http.NewRequest(http.MethodPost, s.address+one+"/withdraw", strings.NewReader("seen=current-3&reason=forged"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		if status, _, _ := stat.do(r); status != http.StatusForbidden {
			t.Errorf("a forged form: %d", status)
		}
		for _, path := range []string{"/review/nosuch", "/review/file-000000000000", "/review/..%2f..%2fetc", one + "/nosuch"} {
			if status, _, _ := stat.get(path); status != http.StatusNotFound {
				t.Errorf("%s: %d", path, status)
			}
		}
		if status, _, _ := stat.post(one+"/nosuch", nil); status != http.StatusNotFound {
			t.Errorf("a decision that there is not: %d", status)
		}
		if status, _, _ := stat.post(one+"/withdraw", url.Values{"reason": {strings.Repeat("x", 1<<20)}}); status != http.StatusBadRequest {
			t.Errorf("a large form: %d", status)
		}
	})
	t.Run("log", func(t *testing.T) {
		_, _, page := admin.get("/log")
		has(t, "log", page, "submission.confirmed", "submission.withdrawn", "submission.restored", "value.mapped", "submission.read-again", "collection.reminders", "whole up to", "!it was right", "!adultos")
	})
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	again := startPortal(t, dir)
	stat = moved(t, stat, again)
	_, _, page := stat.get(one)
	has(t, "after a restart", page, "Withdrawal undone", "it was right")
}

// moved is who is signed in at a server that serves at another address now.
func moved(t *testing.T, v *visitor, s *portalServer) *visitor {
	t.Helper()
	site, err := url.Parse(s.address)
	if err != nil {
		t.Fatal(err)
	}
	fresh := visit(t, s.address)
	fresh.client.Jar.SetCookies(site, v.client.Jar.Cookies(site))
	return fresh
}
