package provider

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/coreos/go-oidc/v3/oidc/oidctest"
)

// key signs; to make one takes a while.
var key = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// liar is a provider that answers as a test tells it to: no real one could be made to.
type liar struct {
	*httptest.Server
	t         *testing.T
	sign      *rsa.PrivateKey
	challenge string               // of the code that it gave
	claims    func(map[string]any) // changes the claims of the ID Token
	answer    func(http.ResponseWriter, string)
	discovery func(map[string]any)
	asked     int // for its discovery document
	down      bool
}

func newLiar(t *testing.T) *liar {
	t.Helper()
	k, err := key()
	if err != nil {
		t.Fatal(err)
	}
	l := &liar{t: t, sign: k}
	known := &oidctest.Server{PublicKeys: []oidctest.PublicKey{{PublicKey: k.Public(), KeyID: "k", Algorithm: oidc.RS256}}, Algorithms: []string{oidc.RS256}}
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case l.down:
			http.Error(w, "down", http.StatusBadGateway)
		case r.URL.Path == "/token":
			l.token(w, r)
		case strings.HasPrefix(r.URL.Path, "/.well-known/"):
			l.asked++
			recorded := httptest.NewRecorder()
			known.ServeHTTP(recorded, r)
			doc := map[string]any{}
			if err := json.Unmarshal(recorded.Body.Bytes(), &doc); err != nil {
				t.Error(err)
			}
			if l.discovery != nil {
				l.discovery(doc)
			}
			_ = json.NewEncoder(w).Encode(doc)
		default:
			known.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(l.Close)
	known.SetIssuer(l.URL)
	return l
}

var now = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

// token answers a code as a provider does: client and PKCE are looked at.
func (l *liar) token(w http.ResponseWriter, r *http.Request) {
	id, secret, _ := r.BasicAuth()
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if id != "tipstat" || secret != "s3cret" || base64.RawURLEncoding.EncodeToString(sum[:]) != l.challenge {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":"invalid_grant"}`))
		return
	}
	claims := map[string]any{"iss": l.URL, "aud": "tipstat", "sub": "17", "exp": now.Add(time.Minute).Unix(), "iat": now.Unix(), "nonce": r.FormValue("code")}
	if l.claims != nil {
		l.claims(claims)
	}
	b, err := json.Marshal(claims)
	if err != nil {
		l.t.Error(err)
	}
	raw := oidctest.SignIDToken(l.sign, "k", oidc.RS256, string(b))
	if l.answer != nil {
		l.answer(w, raw)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": raw})
}

func (l *liar) provider() *Provider {
	s := Settings{ID: "liar", Name: "Liar", Issuer: l.URL, ClientID: "tipstat", SecretFile: "x"}
	if f := s.Fault(); f != "" {
		l.t.Fatal(f)
	}
	return New(s, "s3cret", "https://tip.example/signin/oidc/liar/callback", func() time.Time { return now })
}

// begin sends a browser there, and gives what it comes back with: the code is the nonce.
func (l *liar) begin(p *Provider) (Request, url.Values) {
	l.t.Helper()
	r := NewRequest()
	to, err := p.AuthURL(l.t.Context(), r, false)
	if err != nil {
		l.t.Fatal(err)
	}
	u, err := url.Parse(to)
	if err != nil {
		l.t.Fatal(err)
	}
	q := u.Query()
	if q.Get("code_challenge_method") != "S256" || q.Get("state") != r.State || q.Get("nonce") != r.Nonce || q.Get("scope") != "openid" ||
		q.Get("redirect_uri") != "https://tip.example/signin/oidc/liar/callback" || q.Get("response_type") != "code" || strings.Contains(to, r.Verifier) {
		l.t.Errorf("asked with %s", to)
	}
	l.challenge = q.Get("code_challenge")
	return r, url.Values{"state": {r.State}, "code": {r.Nonce}, "iss": {l.URL}}
}

// TestSubject: an answer as it must be gives the subject; each that is not is refused.
func TestSubject(t *testing.T) {
	for name, tt := range map[string]struct {
		claims func(map[string]any)
		set    func(*liar)
		answer func(url.Values)
		want   error
	}{
		"as it must be":               {},
		"several audiences, ours":     {claims: func(c map[string]any) { c["aud"], c["azp"] = []string{"tipstat", "x"}, "tipstat" }},
		"another audience":            {claims: func(c map[string]any) { c["aud"] = "another" }, want: ErrAnswer},
		"another authorized party":    {claims: func(c map[string]any) { c["azp"] = "another" }, want: ErrAnswer},
		"several audiences, no party": {claims: func(c map[string]any) { c["aud"] = []string{"tipstat", "x"} }, want: ErrAnswer},
		"another nonce":               {claims: func(c map[string]any) { c["nonce"] = "another" }, want: ErrAnswer},
		"no nonce":                    {claims: func(c map[string]any) { delete(c, "nonce") }, want: ErrAnswer},
		"expired":                     {claims: func(c map[string]any) { c["exp"] = now.Add(-time.Second).Unix() }, want: ErrAnswer},
		"no expiry":                   {claims: func(c map[string]any) { delete(c, "exp") }, want: ErrAnswer},
		"another issuer":              {claims: func(c map[string]any) { c["iss"] = "https://other.example" }, want: ErrAnswer},
		"another state":               {answer: func(v url.Values) { v.Set("state", "another") }, want: ErrAnswer},
		"no state":                    {answer: func(v url.Values) { v.Del("state") }, want: ErrAnswer},
		"another issuer answers":      {answer: func(v url.Values) { v.Set("iss", "https://other.example") }, want: ErrAnswer},
		"no issuer, as it may be":     {answer: func(v url.Values) { v.Del("iss") }},
		"no issuer, though it names": {answer: func(v url.Values) { v.Del("iss") }, set: func(l *liar) {
			l.discovery = func(d map[string]any) { d["authorization_response_iss_parameter_supported"] = true }
		}, want: ErrAnswer},
		"broken off":                  {answer: func(v url.Values) { v.Set("error", "access_denied") }, want: ErrDenied},
		"down, as it says":            {answer: func(v url.Values) { v.Set("error", "temporarily_unavailable") }, want: ErrUnreachable},
		"another browser's challenge": {set: func(l *liar) { l.challenge = "another" }, want: ErrAnswer},
		"no ID Token": {set: func(l *liar) {
			l.answer = func(w http.ResponseWriter, _ string) { _, _ = w.Write([]byte("access_token=a")) }
		}, want: ErrAnswer},
		"down when it gets the code": {set: func(l *liar) { l.down = true }, want: ErrUnreachable},
		"an answer without end":      {set: func(l *liar) { l.answer = endless }, want: ErrAnswer},
		"a redirection of the secret": {set: func(l *liar) {
			l.answer = func(w http.ResponseWriter, _ string) {
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(http.StatusTemporaryRedirect)
			}
		}, want: ErrAnswer},
		"signed by another":            {set: func(l *liar) { l.sign = another(l.t) }, want: ErrAnswer},
		"signed by nobody":             {set: func(l *liar) { l.answer = unsigned(`{"alg":"none"}`) }, want: ErrAnswer},
		"signed with what is known":    {set: func(l *liar) { l.answer = unsigned(`{"alg":"HS256"}`) }, want: ErrAnswer},
		"a token that is not readable": {set: func(l *liar) { l.answer = unsigned(`{`) }, want: ErrAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLiar(t)
			l.claims = tt.claims
			p := l.provider()
			if tt.set != nil && l.discovery == nil {
				probe := &liar{t: t}
				tt.set(probe)
				l.discovery = probe.discovery
			}
			r, answer := l.begin(p)
			if tt.set != nil {
				tt.set(l)
			}
			if tt.answer != nil {
				tt.answer(answer)
			}
			subject, err := p.Subject(t.Context(), r, answer)
			if !errors.Is(err, tt.want) || err == nil && subject != "17" || err != nil && subject != "" {
				t.Errorf("%q %v, want %v", subject, err, tt.want)
			}
			if err != nil && (strings.Contains(err.Error(), r.Verifier) || strings.Contains(err.Error(), "s3cret")) {
				t.Errorf("a secret is told: %v", err)
			}
		})
	}
}

func another(t *testing.T) *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// unsigned gives the ID Token with another header.
func unsigned(header string) func(http.ResponseWriter, string) {
	return func(w http.ResponseWriter, raw string) {
		parts := strings.Split(raw, ".")
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"access_token":"a","id_token":%q}`, base64.RawURLEncoding.EncodeToString([]byte(header))+"."+parts[1]+".")
	}
}

func endless(w http.ResponseWriter, _ string) {
	w.Header().Set("Content-Type", "application/json")
	for range 64 { // 64 MB: more than is read
		if _, err := w.Write(make([]byte, 1<<20)); err != nil {
			return
		}
	}
}

// TestDiscover: a provider is asked when it is needed, rarely, and what was known is kept.
func TestDiscover(t *testing.T) {
	l := newLiar(t)
	at := now
	p := l.provider()
	p.now = func() time.Time { return at }
	url := func() error { _, err := p.AuthURL(t.Context(), NewRequest(), true); return err }
	if l.asked != 0 {
		t.Error("asked before it was needed")
	}
	l.down = true
	for range 3 {
		if err := url(); !errors.Is(err, ErrUnreachable) {
			t.Error(err)
		}
	}
	l.down = false
	if err := url(); !errors.Is(err, ErrUnreachable) || l.asked != 0 {
		t.Errorf("asked again at once: %v", err)
	}
	at = at.Add(downFor)
	for range 3 {
		if err := url(); err != nil {
			t.Error(err)
		}
	}
	l.down, at = true, at.Add(knownFor)
	if err := url(); err != nil || l.asked != 1 {
		t.Errorf("what was known is lost: asked %d, %v", l.asked, err)
	}
}

// TestDiscoverLies: what a provider says of itself is not taken where others could read or
// answer in its place.
func TestDiscoverLies(t *testing.T) {
	for name, lie := range map[string]func(map[string]any){
		"another issuer":             func(d map[string]any) { d["issuer"] = "https://other.example" },
		"sign-in in the clear":       func(d map[string]any) { d["authorization_endpoint"] = "http://other.example/auth" },
		"a script":                   func(d map[string]any) { d["authorization_endpoint"] = "javascript:alert(1)" },
		"no sign-in":                 func(d map[string]any) { delete(d, "authorization_endpoint") },
		"methods that are no list":   func(d map[string]any) { d["token_endpoint_auth_methods_supported"] = 1 },
		"a document that is endless": func(d map[string]any) { d["x"] = strings.Repeat("x", answerBytes) },
	} {
		t.Run(name, func(t *testing.T) {
			l := newLiar(t)
			l.discovery = lie
			if to, err := l.provider().AuthURL(t.Context(), NewRequest(), false); !errors.Is(err, ErrUnreachable) {
				t.Errorf("%s %v", to, err)
			}
		})
	}
	t.Run("the secret in the clear", func(t *testing.T) {
		l := newLiar(t)
		l.discovery = func(d map[string]any) { d["token_endpoint"] = "http://other.example/token" }
		p := l.provider()
		r, answer := l.begin(p)
		if subject, err := p.Subject(t.Context(), r, answer); !errors.Is(err, ErrUnreachable) {
			t.Errorf("%s %v", subject, err)
		}
	})
	t.Run("the secret as it asks for it", func(t *testing.T) {
		l := newLiar(t)
		l.discovery = func(d map[string]any) { d["token_endpoint_auth_methods_supported"] = []string{"client_secret_post"} }
		p := l.provider()
		r, answer := l.begin(p)
		if _, err := p.Subject(t.Context(), r, answer); !errors.Is(err, ErrAnswer) { // the liar wants it in the header
			t.Error(err)
		}
	})
}

func TestFault(t *testing.T) {
	good := Settings{ID: "hnd-gov", Name: "Gobierno", Issuer: "https://id.example.hn/realms/gob", ClientID: "tipstat", SecretEnv: "HND_SECRET"}
	for _, tt := range []struct {
		change func(*Settings)
		want   string
	}{
		{func(*Settings) {}, ""},
		{func(s *Settings) { s.Issuer = "http://127.0.0.1:9000" }, ""},
		{func(s *Settings) { s.Issuer = "http://localhost:9000/x" }, ""},
		{func(s *Settings) { s.Issuer = "http://id.example.hn" }, "issuer"},
		{func(s *Settings) { s.Issuer = "http://127.0.0.1.example.hn" }, "issuer"},
		{func(s *Settings) { s.Issuer = "id.example.hn" }, "issuer"},
		{func(s *Settings) { s.Issuer = "https://id.example.hn?x=1" }, "issuer"},
		{func(s *Settings) { s.Issuer = "https://user:pass@id.example.hn" }, "issuer"},
		{func(s *Settings) { s.ID = "../x" }, "id"},
		{func(s *Settings) { s.ID = "" }, "id"},
		{func(s *Settings) { s.Name = " " }, "name"},
		{func(s *Settings) { s.ClientID = "" }, "client_id"},
		{func(s *Settings) { s.SecretEnv = "" }, "client_secret_file"},
		{func(s *Settings) { s.SecretFile = "both" }, "client_secret_file"},
	} {
		s := good
		tt.change(&s)
		if got := s.Fault(); got != tt.want {
			t.Errorf("%+v: %q, want %q", s, got, tt.want)
		}
	}
}
