package main

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

// TestPortalOwn: what one has in one's account is one's own alone, and can be seen and ended.
func TestPortalOwn(t *testing.T) {
	t.Parallel()
	s := startPortal(t, portalWorkspace(t, "en"), "--proxied")
	admin := administrator(t, s)
	hnd, _ := invited(t, admin, "ministry", "HND", "hnd")
	gtm, _ := invited(t, admin, "ministry", "GTM", "gtm")
	session := regexp.MustCompile(`action="/account/sessions/end"><input type="hidden" name="id" value="([^"]+)"`)

	second := visit(t, s.address)
	second.post("/signin", url.Values{"name": {"hnd"}, "password": {portalPassword}})
	_, _, page := hnd.get("/account")
	id := first(t, session, page)
	if status, _, _ := gtm.post("/account/sessions/end", url.Values{"id": {id}}); status < 400 {
		t.Errorf("another's session: %d", status)
	}
	if _, at, _ := second.get("/account"); !strings.HasSuffix(at, "/account") {
		t.Errorf("another ended it: %s", at)
	}
	if _, _, page := hnd.post("/account/sessions/end", url.Values{"id": {id}}); session.MatchString(page) {
		t.Error("it is still there")
	}
	if _, at, _ := second.get("/account"); !strings.HasSuffix(at, "/signin") {
		t.Errorf("it is still open: %s", at)
	}

	if status, _, _ := hnd.post("/account/language", url.Values{"account_lang": {"de"}}); status != http.StatusUnprocessableEntity && status != http.StatusBadRequest {
		t.Errorf("a language that there is not: %d", status)
	}
	if _, _, page := hnd.post("/account/language", url.Values{"account_lang": {"fr"}}); !strings.Contains(page, `<html lang="fr">`) || !strings.Contains(page, `value="fr" lang="fr" selected`) {
		t.Errorf("the language:\n%s", page)
	}

	// The second step set up anew takes a code of the present one, and gives other codes.
	setUp := func(form url.Values) (page string) {
		_, _, page = gtm.post("/account/second-step", form)
		key := reKey.FindStringSubmatch(page)
		if key == nil {
			return page
		}
		code, err := totp.GenerateCode(key[1], time.Now())
		if err != nil {
			t.Fatal(err)
		}
		_, _, page = gtm.post("/account/second-step/confirm", url.Values{"code": {code}})
		return page
	}
	recovery := regexp.MustCompile(`<li><code>([A-Z2-7-]{20,})</code></li>`)
	code := first(t, recovery, setUp(nil))
	for _, wrong := range []url.Values{nil, {"present_code": {"000000"}}, {"present_code": {strings.Repeat("A", 24)}}} {
		if page := setUp(wrong); recovery.MatchString(page) || !strings.Contains(page, `role="alert"`) {
			t.Errorf("%v sets it up anew", wrong)
		}
	}
	if again := first(t, recovery, setUp(url.Values{"present_code": {code}})); again == code {
		t.Error("the same recovery codes")
	}

	// The administrator takes it away, after a page that asks; the account's sessions end.
	_, _, page = admin.get("/accounts")
	ask := ""
	for _, m := range regexp.MustCompile(`href="(/accounts/codes\?id=[^"]+)">([^<]+)<`).FindAllStringSubmatch(page, -1) {
		if strings.HasSuffix(m[2], "gtm") {
			ask = m[1]
		}
	}
	status, _, page := admin.get(ask)
	if status != http.StatusOK || ask == "" {
		t.Fatalf("%d %q\n%s", status, ask, page)
	}
	if _, at, _ := gtm.get("/account"); !strings.HasSuffix(at, "/account") {
		t.Errorf("to ask ended the session: %s", at)
	}
	admin.post("/accounts/codes", url.Values{"id": {first(t, regexp.MustCompile(`name="id" value="([^"]+)"`), page)}})
	if _, at, _ := gtm.get("/account"); !strings.HasSuffix(at, "/signin") {
		t.Errorf("the session stays: %s", at)
	}
	if _, at, _ := gtm.post("/signin", url.Values{"name": {"gtm"}, "password": {portalPassword}}); !strings.HasSuffix(at, "/uploads") {
		t.Errorf("a code is still wanted: %s", at)
	}
	if status, _, _ := admin.get(ask); status != http.StatusNotFound {
		t.Errorf("there is nothing to take away: %d", status)
	}
	if _, _, page := admin.get("/log"); !strings.Contains(page, "codes.reset") || !strings.Contains(page, "account.language") || !strings.Contains(page, "session.ended") {
		t.Error("the log does not have it")
	}
}
