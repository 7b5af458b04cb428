package main

import (
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
)

const goodFile = "Año,Sexo,Víctimas\n2022,Mujer,12\n2022,Hombre,9\n"

// TestPortalAttacks tries what a stranger, and a ministry of another State, might.
func TestPortalAttacks(t *testing.T) {
	t.Parallel()
	s := startPortal(t, portalWorkspace(t, "en"))
	admin := administrator(t, s)
	hnd, used := invited(t, admin, "ministry", "HND", "hnd")
	gtm, _ := invited(t, admin, "ministry", "GTM", "gtm")
	organizer, _ := invited(t, admin, "organizer", "", "organizer")
	stranger := visit(t, s.address)

	status, at, _ := hnd.do(sending(t, s.address+"/uploads", "figures.csv", goodFile))
	if status != http.StatusOK || !strings.Contains(at, "/uploads/HND/upload-") {
		t.Fatalf("%d %s", status, at)
	}
	if got := outcome(t, hnd, at); got != "accepted" {
		t.Fatalf("%s\n%s", got, s.err)
	}
	own := strings.TrimPrefix(at, s.address)

	t.Run("another State's receipt by its id", func(t *testing.T) {
		for _, path := range []string{own, own + "/receipt.json", own + "/review", strings.Replace(own, "/HND/", "/GTM/", 1), own + "/../../../../etc/passwd", strings.Replace(own, "upload-", "..%2f..%2fupload-", 1)} {
			if status, _, page := gtm.get(path); status != http.StatusNotFound || strings.Contains(page, "figures.csv") {
				t.Errorf("%s: %d", path, status)
			}
			if _, at, page := stranger.get(path); strings.Contains(page, "figures.csv") || !strings.Contains(at, "/signin") && !strings.Contains(at, "passwd") && !strings.Contains(at, "..") {
				t.Errorf("a stranger: %s: %s", path, at)
			}
		}
		if _, _, page := gtm.get("/uploads"); strings.Contains(page, "figures.csv") {
			t.Error("another State's upload is listed")
		}
	})
	t.Run("figures in another State's place", func(t *testing.T) {
		_, at, _ := gtm.do(sending(t, s.address+"/uploads", "figures.csv", strings.Replace(goodFile, "12", "13", 1)))
		if got := outcome(t, gtm, at); got != "refused" {
			t.Error(got)
		}
		if _, _, page := gtm.get(strings.TrimPrefix(at, s.address)); !strings.Contains(page, "TIP-S003") {
			t.Error(page)
		}
	})
	t.Run("another State's own bytes", func(t *testing.T) {
		_, at, _ := gtm.do(sending(t, s.address+"/uploads", "theirs.csv", goodFile))
		if got := outcome(t, gtm, at); got != "refused" {
			t.Error(got)
		}
		if _, _, page := gtm.get(strings.TrimPrefix(at, s.address)); !strings.Contains(page, "TIP-S003") || strings.Contains(page, "TIP-S001") {
			t.Error(page)
		}
	})
	t.Run("roles", func(t *testing.T) {
		for _, try := range []struct {
			who    *visitor
			path   string
			status int
		}{
			{hnd, "/accounts", http.StatusForbidden}, {hnd, "/log", http.StatusForbidden}, {organizer, "/uploads", http.StatusForbidden}, {organizer, "/template?period=2024&form_lang=en", http.StatusForbidden},
			{admin, "/uploads", http.StatusForbidden}, {admin, own, http.StatusForbidden}, {hnd, "/nosuch", http.StatusNotFound},
		} {
			if status, _, _ := try.who.get(try.path); status != try.status {
				t.Errorf("%s: %d, want %d", try.path, status, try.status)
			}
		}
		if status, _, _ := organizer.do(sending(t, s.address+"/uploads", "figures.csv", goodFile)); status != http.StatusForbidden {
			t.Errorf("an organizer sends: %d", status)
		}
		if status, _, _ := hnd.post("/accounts/invite", url.Values{"role": {"administrator"}, "invite_lang": {"en"}}); status != http.StatusForbidden {
			t.Errorf("a ministry invites: %d", status)
		}
	})
	t.Run("a form of another site", func(t *testing.T) {
		for _, header := range []map[string]string{{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "same-site"}} {
			r := sending(t, s.address+"/uploads", "forged.csv", goodFile)
			for k, v := range header {
				r.Header.Set(k, v)
			}
			if status, _, _ := hnd.do(r); status != http.StatusForbidden {
				t.Errorf("%v: %d", header, status)
			}
		}
	})
	t.Run("an invitation again", func(t *testing.T) {
		if status, _, _ := stranger.post(used, url.Values{"name": {"other"}, "password": {portalPassword}}); status == http.StatusOK {
			t.Error("it made a second account")
		}
	})
	t.Run("a session again", func(t *testing.T) {
		site, err := url.Parse(s.address)
		if err != nil {
			t.Fatal(err)
		}
		kept := organizer.client.Jar.Cookies(site)
		if _, _, page := organizer.post("/signout", nil); !strings.Contains(page, "password") {
			t.Error("not signed out")
		}
		replay := visit(t, s.address)
		replay.client.Jar.SetCookies(site, kept)
		if _, at, _ := replay.get("/account"); !strings.HasSuffix(at, "/signin") {
			t.Errorf("a session that ended opens %s", at)
		}
	})
	t.Run("a body that is too large", func(t *testing.T) {
		before := inWorkspace(t, s.dir, "inbox", "uploads")
		r := sending(t, s.address+"/uploads", "large.csv", strings.Repeat("x", 2<<20))
		r.Header.Set("Accept", "application/json")
		if status, _, page := hnd.do(r); status != http.StatusRequestEntityTooLarge {
			t.Errorf("%d %s", status, page)
		}
		if after := inWorkspace(t, s.dir, "inbox", "uploads"); len(after) != len(before) {
			t.Errorf("left: %v, before %v", after, before)
		}
		if status, _, _ := hnd.post("/signin", url.Values{"name": {strings.Repeat("x", 1<<20)}}); status != http.StatusBadRequest {
			t.Errorf("a large form: %d", status)
		}
	})
	t.Run("a path in the name of a file", func(t *testing.T) {
		for _, name := range []string{"../../../evil.csv", `..\..\evil.csv`, "/etc/cron.d/evil.csv"} {
			_, at, _ := hnd.do(sending(t, s.address+"/uploads", name, goodFile+"2021,Mujer,1\n"))
			if _, _, page := hnd.get(strings.TrimPrefix(at, s.address)); !strings.Contains(page, "<h1>evil.csv</h1>") {
				t.Errorf("%s: %s", name, at)
			}
			outcome(t, hnd, at)
		}
		for _, name := range inWorkspace(t, filepath.Dir(s.dir), ".") {
			if filepath.Base(name) == "evil.csv" && !strings.Contains(name, "/HND/upload-") {
				t.Error(name)
			}
		}
	})
	t.Run("a token", func(t *testing.T) {
		_, _, page := hnd.post("/account/tokens", url.Values{"label": {"cron"}, "days": {"30"}})
		token := first(t, reSecret, page)
		ask := func(r *http.Request, bearer string) (int, string) {
			if bearer != "" {
				r.Header.Set("Authorization", "Bearer "+bearer)
			}
			status, _, page := stranger.do(r)
			return status, page
		}
		status, said := ask(sending(t, s.address+"/api/uploads", "api.csv", strings.Replace(goodFile, "12", "14", 1)), token)
		if status != http.StatusAccepted || !strings.Contains(said, `"file_sha256"`) {
			t.Errorf("%d %s", status, said)
		}
		for _, wrong := range []string{"", "tip_wrong", token + "x", strings.ToUpper(token)} {
			if status, said := ask(sending(t, s.address+"/api/uploads", "api.csv", goodFile), wrong); status != http.StatusUnauthorized {
				t.Errorf("%q: %d %s", wrong, status, said)
			}
		}
		if status, _, _ := hnd.do(sending(t, s.address+"/api/uploads", "api.csv", goodFile)); status != http.StatusUnauthorized {
			t.Errorf("a cookie opens the machines' door: %d", status)
		}
		r, err := http.NewRequest(http.MethodGet, s.address+"/account", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		if _, at, _ := stranger.do(r); !strings.HasSuffix(at, "/signin") {
			t.Errorf("a token opens %s", at)
		}
	})
	t.Run("headers", func(t *testing.T) {
		answer, err := http.Get(s.address + "/signin")
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		for name, want := range map[string]string{"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "same-origin"} {
			if got := answer.Header.Get(name); !strings.Contains(got, want) {
				t.Errorf("%s: %q", name, got)
			}
		}
	})
	t.Run("guessing", func(t *testing.T) {
		last := 0
		for range 40 {
			last, _, _ = stranger.post("/signin", url.Values{"name": {"hnd"}, "password": {"wrong wrong wrong"}})
		}
		if last != http.StatusTooManyRequests {
			t.Errorf("after 40 guesses: %d", last)
		}
		if status, _, _ := hnd.get("/uploads"); status != http.StatusOK {
			t.Errorf("who is signed in is locked out: %d", status)
		}
	})
	t.Run("the log", func(t *testing.T) {
		_, _, page := admin.get("/log")
		for _, want := range []string{"upload.received", "whole up to entry"} {
			if !strings.Contains(page, want) {
				t.Errorf("no %q", want)
			}
		}
		if strings.Contains(page, portalPassword) || strings.Contains(page, "tip_") {
			t.Error("a secret is in the log")
		}
	})
}
