package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// selfMade writes a certificate for this machine, and gives who trusts it.
func selfMade(t *testing.T, dir string) (cert, key string, trust *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	of := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "tipstat test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	der, err := x509.CreateCertificate(rand.Reader, of, of, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	cert, key, trust = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"), x509.NewCertPool()
	trust.AddCert(made)
	if err := errors.Join(os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600),
		os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600)); err != nil {
		t.Fatal(err)
	}
	return cert, key, trust
}

// TestPortalTLS signs in over TLS: cookies are the host's alone, and nothing older than TLS 1.2
// is spoken.
func TestPortalTLS(t *testing.T) {
	t.Parallel()
	cert, key, trust := selfMade(t, t.TempDir())
	s := startPortal(t, portalWorkspace(t, "en"), "--tls-cert", cert, "--tls-key", key)
	if !strings.HasPrefix(s.address, "https://") || !strings.HasPrefix(s.invitation, "https://") {
		t.Fatalf("%s %s", s.address, s.invitation)
	}
	v := visit(t, s.address)
	v.client.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trust, MinVersion: tls.VersionTLS12}}
	v.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	path := strings.TrimPrefix(s.invitation, s.address)
	sent := func(path string, form url.Values) *http.Response {
		t.Helper()
		r, err := http.NewRequest(http.MethodPost, s.address+path, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", s.address)
		answer, err := v.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		return answer
	}
	for _, try := range []struct{ path, to string }{{path, "/account"}, {"/signout", "/signin"}, {"/signin", "/account"}} {
		answer := sent(try.path, url.Values{"name": {"admin"}, "password": {portalPassword}})
		if answer.StatusCode != http.StatusSeeOther || answer.Header.Get("Location") != try.to {
			t.Errorf("%s: %d %s", try.path, answer.StatusCode, answer.Header.Get("Location"))
		}
		if got := answer.Header.Get("Strict-Transport-Security"); !strings.Contains(got, "max-age=31536000") {
			t.Errorf("%s: HSTS %q", try.path, got)
		}
		if answer.TLS == nil || answer.TLS.Version < tls.VersionTLS13 {
			t.Errorf("%s: %+v", try.path, answer.TLS)
		}
		if len(answer.Cookies()) == 0 {
			t.Errorf("%s: no cookie", try.path)
		}
		for _, c := range answer.Cookies() {
			if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" || c.SameSite != http.SameSiteLaxMode {
				t.Errorf("%s: %s", try.path, c)
			}
		}
	}
	if status, _, page := v.get("/account"); status != http.StatusOK || !strings.Contains(page, "second-step") {
		t.Errorf("%d\n%s", status, page)
	}
	host := strings.TrimPrefix(s.address, "https://")
	for _, version := range []uint16{tls.VersionTLS10, tls.VersionTLS11, tls.VersionTLS12, tls.VersionTLS13} {
		conn, err := tls.Dial("tcp", host, &tls.Config{RootCAs: trust, MinVersion: version, MaxVersion: version}) //nolint:gosec // it is to be refused
		if err == nil {
			_ = conn.Close()
		}
		if (err == nil) != (version >= tls.VersionTLS12) {
			t.Errorf("%s: %v", tls.VersionName(version), err)
		}
	}
	plain, err := http.Get("http://" + host + "/signin") // Go answers it with 400
	if err == nil {
		_ = plain.Body.Close()
		if plain.StatusCode != http.StatusBadRequest {
			t.Errorf("in the clear: %d", plain.StatusCode)
		}
	}
}
