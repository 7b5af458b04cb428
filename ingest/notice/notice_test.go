package notice

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

func TestPost(t *testing.T) {
	var got *http.Request
	var body []byte
	status := http.StatusNoContent
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			time.Sleep(time.Second)
		}
		got = r
		body, _ = io.ReadAll(r.Body)
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(status)
	}))
	defer server.Close()
	hook := Webhook{URL: server.URL + "/secret", Token: "t0ken"}
	if err := hook.Post(t.Context(), []byte(`{"a":1}`), "tipstat/test"); err != nil {
		t.Fatal(err)
	}
	if got.Method != "POST" || string(body) != `{"a":1}` || got.Header.Get("Authorization") != "Bearer t0ken" || got.Header.Get("Content-Type") != "application/json" || got.UserAgent() != "tipstat/test" {
		t.Errorf("%s %s %v", got.Method, body, got.Header)
	}
	quiet := func(err error) {
		t.Helper()
		if err == nil {
			t.Error("no error")
		} else if strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "t0ken") {
			t.Errorf("a secret is told: %v", err)
		}
	}
	for _, status = range []int{302, 404, 500} {
		quiet(hook.Post(t.Context(), nil, ""))
		if got.URL.Path != "/secret" {
			t.Errorf("followed to %s", got.URL.Path)
		}
	}
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	err := Webhook{URL: server.URL + "/slow?secret"}.Post(ctx, nil, "")
	quiet(err)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("too slow: %v", err)
	}
	quiet(Webhook{URL: "ftp://secret"}.Post(t.Context(), nil, ""))
	quiet(Webhook{URL: "http://127.0.0.1:1/secret"}.Post(t.Context(), nil, ""))
	quiet(Webhook{URL: "https://%secret"}.Post(t.Context(), nil, ""))
}

// letters is an SMTP server's mailbox.
type letters struct {
	mu                   sync.Mutex
	from, password, data string
	to                   []string
}

type session struct{ box *letters }

func (l *letters) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{l}, nil }
func (s *session) Reset()                                      {}
func (s *session) Logout() error                               { return nil }
func (s *session) Mail(from string, _ *smtp.MailOptions) error { s.box.from = from; return nil }
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.box.to = append(s.box.to, to)
	return nil
}
func (s *session) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	s.box.mu.Lock()
	s.box.data = string(b)
	s.box.mu.Unlock()
	return err
}
func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "tip" || password != "geheim" {
			return errors.New("no")
		}
		s.box.password = password
		return nil
	}), nil
}

// post starts an SMTP server.
func post(t *testing.T, with *tls.Config, implicit bool) (*letters, string) {
	t.Helper()
	box := &letters{}
	s := smtp.NewServer(box)
	s.Domain, s.TLSConfig = "localhost", with
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if implicit {
		l = tls.NewListener(l, with)
	}
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	return box, address
}

func TestSend(t *testing.T) {
	web := httptest.NewTLSServer(nil) // for its certificate, of 127.0.0.1
	defer web.Close()
	roots := x509.NewCertPool()
	roots.AddCert(web.Certificate())
	config := &tls.Config{Certificates: web.TLS.Certificates}
	for _, way := range []string{StartTLS, TLS, NoTLS} {
		t.Run(way, func(t *testing.T) {
			with := config
			if way == NoTLS {
				with = nil
			}
			box, address := post(t, with, way == TLS)
			m := Mail{Server: address, From: "tip@example.org", To: []string{"a@example.org", "Ñandú <b@example.org>"}, TLS: way, Roots: roots}
			if way != NoTLS {
				m.User, m.Password = "tip", "geheim"
			}
			if err := m.Send(t.Context(), "3 archivos rechazados\r\nBcc: x@example.org", "línea\n.\nfin"); err != nil {
				t.Fatal(err)
			}
			if box.from != "tip@example.org" || strings.Join(box.to, " ") != "a@example.org b@example.org" || box.password != m.Password {
				t.Errorf("%+v", box)
			}
			if strings.Contains(box.data, "\r\nBcc:") || !strings.Contains(box.data, "Subject: ") || !strings.Contains(box.data, "l=C3=ADnea") {
				t.Errorf("%s", box.data)
			}
		})
	}
	_, address := post(t, config, false)
	m := Mail{Server: address, From: "tip@example.org", To: []string{"a@example.org"}, User: "tip", Password: "wrong-geheim", Roots: roots}
	if err := m.Send(t.Context(), "s", "t"); err == nil || strings.Contains(err.Error(), "wrong-geheim") {
		t.Errorf("a wrong password: %v", err)
	}
	m.Roots = nil
	if err := m.Send(t.Context(), "s", "t"); err == nil {
		t.Error("a server that nobody vouches for was believed")
	}
	_, plain := post(t, nil, false)
	m = Mail{Server: plain, From: "tip@example.org", To: []string{"a@example.org"}}
	if err := m.Send(t.Context(), "s", "t"); err == nil {
		t.Error("sent without TLS, which was not said")
	}
}

// TestSendSlow gives up on a server that says nothing.
func TestSendSlow(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	ctx, stop := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer stop()
	began := time.Now()
	if err := (Mail{Server: l.Addr().String(), From: "a@example.org", To: []string{"b@example.org"}, TLS: NoTLS}).Send(ctx, "s", "t"); err == nil {
		t.Error("sent")
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("gave up after %s", took)
	}
}

func TestMailCheck(t *testing.T) {
	good := Mail{Server: "smtp.example.org:587", From: "a@example.org", To: []string{"b@example.org"}}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*Mail){
		"server": func(m *Mail) { m.Server = "smtp.example.org" }, "port": func(m *Mail) { m.Server = "smtp.example.org:smtp" },
		"from": func(m *Mail) { m.From = "nobody" }, "to": func(m *Mail) { m.To = nil }, "to ": func(m *Mail) { m.To = []string{"x"} },
		"tls": func(m *Mail) { m.TLS = "ssl3" }, "user": func(m *Mail) { m.TLS, m.User = NoTLS, "tip" },
	} {
		m := good
		spoil(&m)
		if err := m.Check(); err == nil || !strings.Contains(err.Error(), strings.TrimSpace(strings.Replace(name, "port", "server", 1))) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
