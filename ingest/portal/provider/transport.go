package provider

import (
	"fmt"
	"io"
	"net/http"
	"time"
)

// Bounds of what a provider may take and send.
const (
	answerWithin = 10 * time.Second
	answerBytes  = 1 << 20
)

// newClient makes the client of a provider. It follows no redirection: none of the documents
// is to be elsewhere, and the secret of the client goes nowhere else.
func newClient(plain bool) *http.Client {
	return &http.Client{
		Timeout:       answerWithin,
		Transport:     bounded{http.DefaultTransport, plain},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// bounded is a way to a provider whose answers are bounded, which the libraries read whole.
type bounded struct {
	next  http.RoundTripper
	plain bool // the issuer is on this machine, by http
}

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	if !private(r.URL, b.plain) {
		return nil, fmt.Errorf("%s: want https", r.URL.Redacted())
	}
	answer, err := b.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(answer.Body, answerBytes), answer.Body}
	return answer, nil
}
