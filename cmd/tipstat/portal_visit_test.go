package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

const portalPassword = "correct horse battery staple"

// visitor is a browser without a screen.
type visitor struct {
	t       testing.TB
	address string
	client  *http.Client
	from    string // the address from which it calls, behind a proxy
}

var visitors atomic.Int32

func visit(t testing.TB, address string) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t, address, &http.Client{Jar: jar, Timeout: time.Minute}, fmt.Sprintf("192.0.2.%d", visitors.Add(1)%200)}
}

// do sends a request and gives the status, where it ended, and the page.
func (v *visitor) do(r *http.Request) (status int, at, page string) {
	v.t.Helper()
	r.Header.Set("X-Forwarded-For", v.from)
	answer, err := v.client.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return answer.StatusCode, answer.Request.URL.String(), string(b)
}

func (v *visitor) get(path string) (int, string, string) {
	v.t.Helper()
	r, err := http.NewRequest(http.MethodGet, v.address+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.do(r)
}

func (v *visitor) post(path string, form url.Values) (int, string, string) {
	v.t.Helper()
	r, err := http.NewRequest(http.MethodPost, v.address+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return v.do(r)
}

// sending makes the request that sends a file.
func sending(t testing.TB, address, name, content string) *http.Request {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = io.WriteString(part, content)
	}
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, address, &b)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	return r
}

var (
	reKey    = regexp.MustCompile(`<code>([A-Z2-7]{16,})</code>`)
	reSecret = regexp.MustCompile(`<code class="secret">([^<]+)</code>`)
)

func first(t testing.TB, re *regexp.Regexp, page string) string {
	t.Helper()
	m := re.FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no %s in\n%s", re, page)
	}
	return m[1]
}

// administrator makes the first account.
func administrator(t testing.TB, s *portalServer) *visitor {
	t.Helper()
	v := visit(t, s.address)
	path := strings.TrimPrefix(s.invitation, s.address)
	if status, at, page := v.post(path, url.Values{"name": {"admin"}, "password": {portalPassword}}); status != http.StatusOK || !strings.HasSuffix(at, "/account") {
		t.Fatalf("%d %s\n%s", status, at, page)
	}
	_, _, page := v.post("/account/second-step", nil)
	code, err := totp.GenerateCode(first(t, reKey, page), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if status, _, page := v.post("/account/second-step/confirm", url.Values{"code": {code}}); status != http.StatusOK || !strings.Contains(page, "codes") {
		t.Fatalf("%d\n%s", status, page)
	}
	return v
}

// invitation makes one, and gives its path.
func invitation(t testing.TB, admin *visitor, role, area string) string {
	t.Helper()
	_, _, page := admin.post("/accounts/invite", url.Values{"role": {role}, "ref_area": {area}, "invite_lang": {"en"}})
	return strings.TrimPrefix(first(t, reSecret, page), admin.address)
}

// invited makes an account by invitation.
func invited(t testing.TB, admin *visitor, role, area, name string) (*visitor, string) {
	t.Helper()
	path := invitation(t, admin, role, area)
	v := visit(t, admin.address)
	if status, at, page := v.post(path, url.Values{"name": {name}, "password": {portalPassword}}); status != http.StatusOK {
		t.Fatalf("%d %s\n%s", status, at, page)
	}
	return v, path
}

// inWorkspace lists the files of the inbox and of the ledger.
func inWorkspace(t *testing.T, dir string, folders ...string) (names []string) {
	t.Helper()
	for _, folder := range folders {
		err := filepath.WalkDir(filepath.Join(dir, folder), func(path string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				rel, _ := filepath.Rel(dir, path)
				names = append(names, filepath.ToSlash(rel))
			}
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return names
}

// outcome waits until an upload was read.
func outcome(t testing.TB, v *visitor, at string) string {
	t.Helper()
	for range 600 {
		_, _, page := v.get(strings.TrimPrefix(at, v.address) + "/receipt.json")
		var r struct {
			Outcome string `json:"outcome"`
		}
		if err := json.Unmarshal([]byte(page), &r); err != nil {
			t.Fatalf("%v\n%s", err, page)
		}
		if r.Outcome != "waiting" {
			return r.Outcome
		}
		time.Sleep(100 * time.Millisecond)
	}
	return "waiting"
}
