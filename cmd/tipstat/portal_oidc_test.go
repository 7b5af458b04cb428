package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oas/tipstat/testdata/scale"
	"github.com/oas/tipstat/transform/record"
)

// idp is a real OpenID Connect provider, panva's, that runs on this machine.
type idp struct {
	issuer string
	tell   func(redirect string) // where it sends browsers back to
	end    func()
}

func startIDP(t *testing.T, b browser) *idp {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), b.node, filepath.Join(b.kit, "provider.mjs"))
	cmd.Env = append(os.Environ(), "CLIENT_SECRET=s3cret of the tests")
	said := &voice{}
	cmd.Stderr = said
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	next := func() string {
		if !lines.Scan() {
			t.Fatalf("the provider does not start:\n%s", said)
		}
		return lines.Text()
	}
	p := &idp{issuer: "http://localhost:" + next()}
	p.tell = func(redirect string) {
		if _, err := fmt.Fprintln(in, redirect); err != nil {
			t.Fatal(err)
		}
		if line := next(); line != "ready" {
			t.Fatalf("%s\n%s", line, said)
		}
	}
	p.end = func() {
		if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			t.Error(err)
		}
		_ = cmd.Wait() // killed
	}
	t.Cleanup(p.end)
	return p
}

// oidcWorkspace is a workspace whose portal knows a provider.
func oidcWorkspace(t *testing.T, lang, issuer string) string {
	t.Helper()
	dir := portalWorkspace(t, lang)
	name := filepath.Join(dir, configName)
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	settings := strings.Replace(string(b), "portal: {file_bytes: 1048576}", fmt.Sprintf(`portal:
  file_bytes: 1048576
  oidc:
    - {id: hnd-gov, name: Gobierno de Honduras, issuer: %q, client_id: tipstat, client_secret_file: hnd.secret}`, issuer), 1)
	if err := errors.Join(os.WriteFile(name, []byte(settings), 0o600), os.WriteFile(filepath.Join(dir, "hnd.secret"), []byte("s3cret of the tests\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestPortalIdentityBrowser walks through signing in at a provider in a real browser.
func TestPortalIdentityBrowser(t *testing.T) {
	b := findBrowser(t)
	for i, lang := range record.Languages {
		if i > 1 && !scale.All() {
			continue // CI has two languages, each on one size: the journey of TestPortalBrowser has all
		}
		b := b.of(lang, sizes[i%2])
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			at := startIDP(t, b)
			s := startPortal(t, oidcWorkspace(t, lang, at.issuer), "--proxied")
			at.tell(s.address + "/signin/oidc/hnd-gov/callback")
			admin := administrator(t, s)
			other := record.Languages[(i+1)%len(record.Languages)]
			var got struct {
				Accepted, SignedIn, SignedInTwo, Last, Wrong, Taken, Linked, Ended, Lang, Unknown string
				PasswordAsked, Sessions, SessionsLeft                                             int
			}
			b.walk(t, "identity.js", s, map[string]any{"elsewhere": at.issuer, "other": other, "proxied": true,
				"invitations": []string{s.address + invitation(t, admin, "ministry", "HND"), s.address + invitation(t, admin, "ministry", "GTM")}}, &got)
			for what, ok := range map[string]bool{
				"the invitation is accepted":                  got.Accepted == "/uploads",
				"signed in by the identity":                   strings.Contains(got.SignedIn, "one") && strings.Contains(got.SignedInTwo, "two"),
				"an account without a password asks for none": got.PasswordAsked == 0,
				"the last identity stays":                     got.Last != "",
				"to link takes the password":                  got.Wrong != "",
				"another's identity can't be linked":          got.Taken == "/signin/oidc/hnd-gov/callback: 0 1",
				"one's own can":                               got.Linked == "/account: 1 0",
				"a session is ended":                          got.Sessions == 2 && got.SessionsLeft == 1 && got.Ended == "/signin",
				"the language is changed":                     got.Lang == other,
				"an identity of no account is told":           strings.HasPrefix(got.Unknown, "/signin/oidc/hnd-gov/callback: ") && len(got.Unknown) > 40,
			} {
				if !ok {
					t.Errorf("not so: %s", what)
				}
			}
			if t.Failed() {
				t.Logf("%+v", got)
			}
		})
	}
}

var reAction = regexp.MustCompile(`action="([^"]*/interaction/[^"]+)"`)

// prove signs in at the provider from a page of its, without a screen, and gives the address
// to which it sends the browser back, unvisited.
func (v *visitor) prove(at, login, page string) string {
	v.t.Helper()
	back := ""
	check := v.client.CheckRedirect
	defer func() { v.client.CheckRedirect = check }()
	v.client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if strings.HasSuffix(r.URL.Path, "/callback") {
			back = r.URL.String()
			return http.ErrUseLastResponse
		}
		return nil
	}
	for _, form := range []url.Values{{"prompt": {"login"}, "login": {login}, "password": {"any"}}, {"prompt": {"consent"}}} {
		r, err := http.NewRequest(http.MethodPost, first(v.t, reAction, page), strings.NewReader(form.Encode()))
		if err != nil {
			v.t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if _, _, page = v.do(r); back != "" {
			return strings.TrimPrefix(back, v.address)
		}
	}
	v.t.Fatalf("%s does not send back:\n%s", at, page)
	return ""
}

// onward is where the page leads that comes after a form of ours.
func onward(t *testing.T, page string) string {
	t.Helper()
	return html.UnescapeString(first(t, regexp.MustCompile(`class="button" href="([^"]+)"`), page))
}

// TestPortalIdentityAttacks tries what a stranger might with the answer of a real provider;
// what a lying one might, package provider's tests try.
func TestPortalIdentityAttacks(t *testing.T) {
	t.Parallel()
	at := startIDP(t, findBrowser(t))
	s := startPortal(t, oidcWorkspace(t, "en", at.issuer), "--proxied")
	at.tell(s.address + "/signin/oidc/hnd-gov/callback")
	admin := administrator(t, s)
	path := invitation(t, admin, "statistician", "")
	v := visit(t, s.address)
	_, _, page := v.post(path+"/identity", url.Values{"name": {"statistician"}, "provider": {"hnd-gov"}})
	to := onward(t, page)
	if !strings.HasPrefix(to, at.issuer+"/auth?") || !strings.Contains(to, "prompt=login") {
		t.Fatal(to)
	}
	r, err := http.NewRequest(http.MethodGet, to, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, _, page = v.do(r)
	back := v.prove(at.issuer, "stat", page)
	if status, at, page := v.get(back); status != http.StatusOK || !strings.HasSuffix(at, "/account") || !strings.Contains(page, "second-step") {
		t.Fatalf("a statistician needs a second step whoever proves the identity: %d %s\n%s", status, at, page)
	}
	if status, at, _ := v.get("/uploads"); !strings.HasSuffix(at, "/account") {
		t.Errorf("without it: %d %s", status, at)
	}

	begin := func(t *testing.T) (*visitor, string) {
		t.Helper()
		v := visit(t, s.address)
		_, _, page := v.get("/signin/oidc/hnd-gov")
		return v, v.prove(at.issuer, "stat", page)
	}
	refused := func(t *testing.T, v *visitor, back string) {
		t.Helper()
		status, _, page := v.get(back)
		if status < 400 || status >= 500 || !strings.Contains(page, "role=\"alert\"") {
			t.Errorf("%d\n%s", status, page)
		}
		if _, at, _ := v.get("/account"); !strings.HasSuffix(at, "/signin") {
			t.Errorf("signed in: %s", at)
		}
	}
	with := func(back, key, value string) string {
		u, err := url.Parse(back)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		q.Set(key, value)
		return u.Path + "?" + q.Encode()
	}
	t.Run("another browser", func(t *testing.T) {
		_, back := begin(t)
		refused(t, visit(t, s.address), back)
	})
	t.Run("the answer in a browser that began its own", func(t *testing.T) { // login CSRF
		_, back := begin(t)
		victim, own := begin(t)
		refused(t, victim, back)
		if _, at, _ := victim.get(own); !strings.HasSuffix(at, "/account") {
			t.Errorf("and its own is lost: %s", at)
		}
	})
	t.Run("forged", func(t *testing.T) {
		for key, value := range map[string]string{"state": "forged", "code": "forged", "iss": "https://other.example"} {
			v, back := begin(t)
			refused(t, v, with(back, key, value))
		}
		v, back := begin(t)
		refused(t, v, with(back, "error", "access_denied"))
	})
	t.Run("again", func(t *testing.T) {
		v, back := begin(t)
		if _, at, _ := v.get(back); !strings.HasSuffix(at, "/account") {
			t.Fatal(at)
		}
		if _, at, _ := v.post("/signout", nil); !strings.HasSuffix(at, "/signin") {
			t.Fatal(at)
		}
		refused(t, v, back)
	})
	t.Run("at another provider's address", func(t *testing.T) {
		v, back := begin(t)
		if status, _, _ := v.get(strings.Replace(back, "hnd-gov", "other", 1)); status != http.StatusNotFound {
			t.Error(status)
		}
	})
	t.Run("a picture of another page", func(t *testing.T) {
		r, err := http.NewRequest(http.MethodGet, s.address+"/signin/oidc/hnd-gov", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Sec-Fetch-Mode", "no-cors")
		v := visit(t, s.address)
		if status, _, _ := v.do(r); status != http.StatusForbidden {
			t.Error(status)
		}
	})
	t.Run("to link what comes back after another signed in", func(t *testing.T) {
		v, _ := invited(t, admin, "ministry", "HND", "hnd")
		invited(t, admin, "ministry", "GTM", "gtm")
		_, _, page := v.post("/account/identities", url.Values{"provider": {"hnd-gov"}, "present": {portalPassword}})
		r, err := http.NewRequest(http.MethodGet, onward(t, page), nil)
		if err != nil {
			t.Fatal(err)
		}
		_, _, page = v.do(r)
		back := v.prove(at.issuer, "hnd", page)
		v.post("/signout", nil)
		v.post("/signin", url.Values{"name": {"gtm"}, "password": {portalPassword}})
		if status, _, _ := v.get(back); status != http.StatusBadRequest {
			t.Error(status)
		}
		if _, _, page := v.get("/account"); strings.Contains(page, "/account/identities/unlink") {
			t.Error("it is linked to who happened to be there")
		}
	})
	t.Run("a form of another site", func(t *testing.T) {
		for _, to := range []string{"/account/identities", "/account/identities/unlink", "/account/language", "/account/sessions/end", "/accounts/codes"} {
			r, err := http.NewRequest(http.MethodPost, s.address+to, strings.NewReader("provider=hnd-gov"))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			if status, _, _ := admin.do(r); status != http.StatusForbidden {
				t.Errorf("%s: %d", to, status)
			}
		}
	})
	t.Run("a second step is taken away", func(t *testing.T) {
		ministry, _ := invited(t, admin, "ministry", "HND", "hnd-2")
		if status, _, _ := ministry.get("/accounts/codes?id=x"); status != http.StatusForbidden {
			t.Errorf("a ministry: %d", status)
		}
		if status, _, _ := ministry.post("/accounts/codes", url.Values{"id": {"x"}}); status != http.StatusForbidden {
			t.Errorf("a ministry: %d", status)
		}
		_, _, page := admin.get("/accounts") // of those there, it alone has one
		ask := first(t, regexp.MustCompile(`href="(/accounts/codes\?id=[^"]+)"`), page)
		_, _, page = admin.get(ask)
		id := first(t, regexp.MustCompile(`name="id" value="([^"]+)"`), page)
		if _, at, _ := admin.post("/accounts/codes", url.Values{"id": {id}}); !strings.HasSuffix(at, "/signin") { // it was one's own
			t.Errorf("after it: %s", at)
		}
		if _, at, _ := admin.post("/signin", url.Values{"name": {"admin"}, "password": {portalPassword}}); !strings.HasSuffix(at, "/account") {
			t.Errorf("it has to be set up anew: %s", at)
		}
	})
	t.Run("the provider is down", func(t *testing.T) {
		v, back := begin(t)
		at.end()
		if status, _, page := v.get(back); status != http.StatusServiceUnavailable || !strings.Contains(page, "can&#39;t be reached") || !strings.Contains(page, `name="password"`) {
			t.Errorf("%d\n%s", status, page)
		}
		if strings.Contains(s.err.String(), "s3cret") || strings.Contains(s.err.String(), "code=") {
			t.Errorf("a secret is in the log:\n%s", s.err)
		}
	})
}

// TestPortalProviderDown: a provider that is not there keeps neither the server from starting
// nor anyone from signing in by password.
func TestPortalProviderDown(t *testing.T) {
	t.Parallel()
	s := startPortal(t, oidcWorkspace(t, "en", "http://127.0.0.1:9"), "--proxied")
	administrator(t, s)
	v := visit(t, s.address)
	status, _, page := v.get("/signin/oidc/hnd-gov")
	if status != http.StatusServiceUnavailable || !strings.Contains(page, "can&#39;t be reached") || !strings.Contains(page, `name="password"`) {
		t.Errorf("%d\n%s", status, page)
	}
	if _, at, _ := v.post("/signin", url.Values{"name": {"admin"}, "password": {portalPassword}}); !strings.HasSuffix(at, "/signin/code") {
		t.Error(at)
	}
}

// TestPortalProviderSettings: settings that can't hold are told before anything is served.
func TestPortalProviderSettings(t *testing.T) {
	for _, tt := range []struct{ change, to, want string }{
		{"http://localhost:1", "http://id.example.hn", "issuer"},
		{"id: hnd-gov", "id: HND", "id"},
		{"client_secret_file: hnd.secret", "client_secret: s3cret", "client_secret"},
		{"client_secret_file: hnd.secret", "client_secret_file: none", "none"},
		{"client_secret_file: hnd.secret", "client_secret_env: TIPSTAT_NO_SUCH_SECRET", "TIPSTAT_NO_SUCH_SECRET"},
	} {
		t.Run(tt.to, func(t *testing.T) {
			dir := oidcWorkspace(t, "en", "http://localhost:1")
			name := filepath.Join(dir, configName)
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			comments, settings, _ := strings.Cut(string(b), "\nportal:")
			changed := strings.Replace(settings, tt.change, tt.to, 1)
			if err := os.WriteFile(name, []byte(comments+"\nportal:"+changed), 0o600); err != nil || changed == settings {
				t.Fatalf("%v\n%s", err, settings)
			}
			said := &voice{}
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			code := (&app{out: said, err: said, now: time.Now}).run(ctx, []string{"-w", dir, "serve", "--portal", "--listen", "127.0.0.1:0"})
			if !slices.Contains([]int{1, 2}, code) || !strings.Contains(said.String(), tt.want) || strings.Contains(said.String(), "s3cret of") {
				t.Errorf("%d %s", code, said)
			}
			if left, err := filepath.Glob(filepath.Join(dir, "portal.*")); err != nil || len(left) > 0 {
				t.Errorf("left: %v %v", left, err)
			}
		})
	}
}
