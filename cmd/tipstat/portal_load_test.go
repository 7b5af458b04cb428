package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/oas/tipstat/transform/store"
)

// TestPortalBroken drops a connection in the middle of a file.
func TestPortalBroken(t *testing.T) {
	t.Parallel()
	s := startPortal(t, portalWorkspace(t, "en"))
	hnd, _ := invited(t, administrator(t, s), "ministry", "HND", "hnd")
	site, err := url.Parse(s.address)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", site.Host)
	if err != nil {
		t.Fatal(err)
	}
	var cookies []string
	for _, c := range hnd.client.Jar.Cookies(site) {
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	if _, err := fmt.Fprintf(conn, "POST /uploads HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"half.csv\"\r\n\r\n%s",
		site.Host, strings.Join(cookies, "; "), goodFile); err != nil {
		t.Fatal(err)
	}
	for range 100 { // until its bytes lie there
		if len(inWorkspace(t, s.dir, "inbox")) > 0 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if names := inWorkspace(t, s.dir, "inbox"); len(names) != 1 || !strings.HasSuffix(names[0], ".part") {
		t.Errorf("while it comes: %v", names)
	}
	_ = conn.Close()
	for range 100 {
		if len(inWorkspace(t, s.dir, "inbox")) == 0 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if names := inWorkspace(t, s.dir, "inbox", "uploads", "accepted", "refused"); len(names) != 0 {
		t.Errorf("left: %v", names)
	}
}

// TestPortalSecond: a second server on a workspace takes nothing from the first.
func TestPortalSecond(t *testing.T) {
	dir := portalWorkspace(t, "en")
	startPortal(t, dir)
	part := filepath.Join(dir, "inbox", "HND", ".upload-20260301T120000Z-0123456789ab.part")
	if err := errors.Join(os.MkdirAll(filepath.Dir(part), 0o700), os.WriteFile(part, []byte("half"), 0o600)); err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]string{
		"--listen 127.0.0.1:0":                   "in use by another process",
		"--listen 0.0.0.0:0":                     "--tls-cert and --tls-key",
		"--address http://tip.example.org":       "--tls-cert and --tls-key",
		"--tls-cert nosuch.pem --tls-key no.pem": "nosuch.pem",
		"--tls-cert nosuch.pem":                  "want both",
	} {
		said := &voice{}
		a := &app{out: said, err: said, now: time.Now}
		if code := a.run(t.Context(), append([]string{"-w", dir, "serve", "--portal", "--listen", "127.0.0.1:0"}, strings.Fields(args)...)); code == 0 || !strings.Contains(said.String(), want) {
			t.Errorf("%s: %d %s", args, code, said)
		}
	}
	if _, err := os.Stat(part); err != nil {
		t.Errorf("what comes to the first is gone: %v", err)
	}
}

// TestPortalOlder: a store of an older version is said at the start, with what to do.
func TestPortalOlder(t *testing.T) {
	dir := portalWorkspace(t, "en")
	st, err := store.Open(t.Context(), filepath.Join(dir, "tipstat.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = st.DB().ExecContext(t.Context(), `DELETE FROM schema_migration WHERE name = (SELECT max(name) FROM schema_migration)`)
	if err := errors.Join(err, st.Close()); err != nil {
		t.Fatal(err)
	}
	said := &voice{}
	a := &app{out: said, err: said, now: time.Now}
	if code := a.run(t.Context(), []string{"-w", dir, "serve", "--portal", "--listen", "127.0.0.1:0"}); code != exitFault || !strings.Contains(said.String(), "tipstat init on its folder brings it up to date") {
		t.Errorf("%d %s", code, said)
	}
}

// TestPortalAtOnce sends 100 files at once from three States, restarts the server while it
// reads them, and finds each once, with its receipt.
func TestPortalAtOnce(t *testing.T) {
	t.Parallel()
	dir := portalWorkspace(t, "en")
	s := startPortal(t, dir)
	admin := administrator(t, s)
	areas := []string{"HND", "GTM", "SLV"}
	visitors := map[string]*visitor{}
	for _, area := range areas {
		layout := strings.NewReplacer("REF_AREA: HND", "REF_AREA: "+area, "tst-victimas", "tst-"+strings.ToLower(area), "Víctimas", "Víctimas "+area).Replace(portalLayout)
		if err := os.WriteFile(filepath.Join(dir, "layouts", area+".yaml"), []byte(layout), 0o600); err != nil {
			t.Fatal(err)
		}
		visitors[area], _ = invited(t, admin, "ministry", area, strings.ToLower(area))
	}
	var wait sync.WaitGroup
	var mu sync.Mutex
	sent := map[string]string{} // address → State
	for i := range 100 {
		area := areas[0]
		if i%10 == 9 {
			area = areas[1+i/10%2]
		}
		r := sending(t, s.address+"/uploads", fmt.Sprintf("f%02d.csv", i), fmt.Sprintf("Año,Sexo,Víctimas %s\n%d,Mujer,%d\n", area, 1990+i%30, 100+i))
		r.Header.Set("Accept", "application/json")
		wait.Go(func() {
			status, _, said := visitors[area].do(r)
			var to struct{ Location string }
			if err := json.Unmarshal([]byte(said), &to); err != nil || status != http.StatusOK || to.Location == "" {
				t.Errorf("%d %s", status, said)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			sent[to.Location] = area
		})
	}
	wait.Wait()
	if len(sent) != 100 {
		t.Fatalf("%d receipts", len(sent))
	}
	// The State that sent two files out of a hundred does not wait for the ninety.
	for at, area := range sent {
		if area != areas[0] {
			if got := outcome(t, visitors[area], at); got != "accepted" {
				t.Errorf("%s: %s", at, got)
			}
		}
	}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	left := len(inWorkspace(t, dir, "inbox"))
	if left == 0 {
		t.Error("all was read before the others were, or none was left to read after the restart")
	}
	again := startPortal(t, dir)
	for _, v := range visitors {
		v.address = again.address
	}
	for area, v := range visitors {
		if status, _, page := v.post("/signin", url.Values{"name": {strings.ToLower(area)}, "password": {portalPassword}}); status != http.StatusOK {
			t.Fatalf("%d %s", status, page)
		}
	}
	for at, area := range sent {
		if got := outcome(t, visitors[area], at); got != "accepted" {
			t.Errorf("%s: %s", at, got)
		}
	}
	if names := inWorkspace(t, dir, "inbox"); len(names) != 0 {
		t.Errorf("left in the inbox: %v", names)
	}
	out := &voice{}
	if code := (&app{out: out, err: &voice{}, now: time.Now}).run(context.Background(), []string{"-w", dir, "history", "--json"}); code != 0 {
		t.Error(code)
	}
	if n := strings.Count(out.String(), `"submission_id"`); n != 100 {
		t.Errorf("%d submissions", n)
	}
}
