// Package notice tells somebody elsewhere of a run: by a JSON POST to a web address,
// or by mail. What it sends is what it is given; errors name the host alone, since an
// address may hold a secret.
package notice

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"
)

// Webhook is an address that takes JSON.
type Webhook struct {
	URL   string
	Token string // sent as a bearer token; empty: none
}

// Post sends a JSON body. A status other than 2xx is an error; redirections are not
// followed: a token is meant for one host.
func (w Webhook) Post(ctx context.Context, body []byte, agent string) (err error) {
	u, err := url.Parse(w.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return errors.New("webhook: the address is none; want https://HOST/PATH")
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("webhook at %s: the address can't be used", u.Host)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", agent)
	if w.Token != "" {
		r.Header.Set("Authorization", "Bearer "+w.Token)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(r)
	if err != nil {
		var full *url.Error // it quotes the address
		if errors.As(err, &full) {
			err = full.Err
		}
		return fmt.Errorf("webhook at %s: %w", u.Host, err)
	}
	defer func() { err = errors.Join(err, answer.Body.Close()) }()
	_, _ = io.CopyN(io.Discard, answer.Body, 1<<16) // what it says is of no use to us
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("webhook at %s: it answered %d; want 200 to 299", u.Host, answer.StatusCode)
	}
	return nil
}

// Mail is a way to send mail.
type Mail struct {
	Server   string // HOST:PORT
	From     string
	To       []string
	User     string // empty: no login
	Password string
	TLS      string         // starttls (also if empty), tls or none
	Roots    *x509.CertPool // who is believed; nil: the system's
}

// Ways to keep a mail from others on its way to the server.
const (
	StartTLS = "starttls"
	TLS      = "tls"
	NoTLS    = "none"
)

// Check says what of a way to send mail can't be.
func (m Mail) Check() error {
	_, port, err := net.SplitHostPort(m.Server)
	if _, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil {
		return fmt.Errorf("mail: server %q: want HOST:PORT, such as smtp.example.org:587", m.Server)
	}
	if m.TLS != "" && m.TLS != StartTLS && m.TLS != TLS && m.TLS != NoTLS {
		return fmt.Errorf("mail: tls %q: want %s, %s or %s", m.TLS, StartTLS, TLS, NoTLS)
	}
	if m.TLS == NoTLS && m.User != "" {
		return fmt.Errorf("mail: user with tls: %s would send the password for all to read; want %s or %s", NoTLS, StartTLS, TLS)
	}
	_, err = m.message("check", "")
	return err
}

func (m Mail) message(subject, text string) (*mail.Msg, error) {
	msg := mail.NewMsg()
	if err := msg.From(m.From); err != nil {
		return nil, fmt.Errorf("mail: from %q: %w", m.From, err)
	}
	if len(m.To) == 0 {
		return nil, errors.New("mail: to: nobody is named; want a list of addresses")
	}
	if err := msg.To(m.To...); err != nil {
		return nil, fmt.Errorf("mail: to: %w", err)
	}
	msg.Subject(subject)
	msg.SetBodyString(mail.TypeTextPlain, text)
	return msg, nil
}

// Send sends a text to all who are named.
func (m Mail) Send(ctx context.Context, subject, text string) error {
	if err := m.Check(); err != nil {
		return err
	}
	msg, err := m.message(subject, text)
	if err != nil {
		return err
	}
	host, portText, _ := net.SplitHostPort(m.Server) // checked
	port, _ := strconv.Atoi(portText)
	timeout := 15 * time.Second
	if until, ok := ctx.Deadline(); ok {
		timeout = max(time.Until(until), time.Millisecond)
	}
	opts := []mail.Option{mail.WithPort(port), mail.WithTimeout(timeout), mail.WithTLSConfig(&tls.Config{ServerName: host, RootCAs: m.Roots, MinVersion: tls.VersionTLS12})}
	switch m.TLS {
	case TLS:
		opts = append(opts, mail.WithSSL())
	case NoTLS:
		opts = append(opts, mail.WithTLSPolicy(mail.NoTLS))
	default:
		opts = append(opts, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if m.User != "" {
		opts = append(opts, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(m.User), mail.WithPassword(m.Password))
	}
	client, err := mail.NewClient(host, opts...)
	if err != nil {
		return fmt.Errorf("mail by %s: %w", m.Server, err)
	}
	if err := client.DialAndSendWithContext(ctx, msg); err != nil {
		return fmt.Errorf("mail by %s: %w", m.Server, err)
	}
	return nil
}
