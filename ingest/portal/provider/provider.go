package provider

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// What can go wrong with a provider.
var (
	ErrUnreachable = errors.New("the provider can't be reached")
	ErrDenied      = errors.New("the provider did not say who it is")
	ErrAnswer      = errors.New("the provider's answer can't be trusted")
)

// How long what a provider says of itself is taken to hold, and that it can't be reached.
const (
	knownFor = time.Hour
	downFor  = 5 * time.Second
)

// Provider is one OpenID Connect provider. It is safe for use by several goroutines.
type Provider struct {
	Settings
	secret, redirect string
	now              func() time.Time
	client           *http.Client

	mu    sync.Mutex
	known *known
	tried time.Time
	err   error
}

// known is what a provider says of itself (OpenID Connect Discovery 1.0).
type known struct {
	*oidc.Provider
	oauth2   oauth2.Config
	namesIss bool // it says in its answer who it is (RFC 9207)
}

// New makes a provider with settings that have no fault. redirect is the address to which it
// sends browsers back.
func New(s Settings, secret, redirect string, now func() time.Time) *Provider {
	u, err := url.Parse(s.Issuer)
	return &Provider{Settings: s, secret: secret, redirect: redirect, now: now, client: newClient(err == nil && u.Scheme == "http")}
}

// Request is what ties the answer of a provider to the browser that was sent there.
type Request struct{ State, Nonce, Verifier string }

// NewRequest makes a request of random values.
func NewRequest() Request {
	return Request{oauth2.GenerateVerifier(), oauth2.GenerateVerifier(), oauth2.GenerateVerifier()}
}

// AuthURL is where a browser is sent to. With again the person has to sign in there even if
// the provider knows the browser: what is made from the answer lasts.
func (p *Provider) AuthURL(ctx context.Context, r Request, again bool) (string, error) {
	k, err := p.discover(ctx)
	if err != nil {
		return "", err
	}
	options := []oauth2.AuthCodeOption{oidc.Nonce(r.Nonce), oauth2.S256ChallengeOption(r.Verifier)}
	if again {
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"))
	}
	return k.oauth2.AuthCodeURL(r.State, options...), nil
}

// discover reads what the provider says of itself, where that is not known. What was known is
// kept while it can't be reached.
func (p *Provider) discover(ctx context.Context) (*known, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	since := p.now().Sub(p.tried)
	if !p.tried.IsZero() && since >= 0 && (p.err == nil && since < knownFor || p.err != nil && since < downFor) {
		if p.known != nil {
			return p.known, nil
		}
		return nil, p.err
	}
	// Whoever waits for us is not to fail because who came first has gone away.
	ctx, cancel := context.WithTimeout(oidc.ClientContext(context.WithoutCancel(ctx), p.client), answerWithin)
	defer cancel()
	k, err := p.ask(ctx)
	p.tried, p.err = p.now(), nil
	if err != nil {
		p.err = fmt.Errorf("%w: %s: %.300s", ErrUnreachable, p.Issuer, err.Error())
		if p.known != nil {
			return p.known, nil
		}
		return nil, p.err
	}
	p.known = k
	return k, nil
}

func (p *Provider) ask(ctx context.Context) (*known, error) {
	found, err := oidc.NewProvider(ctx, p.Issuer)
	if err != nil {
		return nil, err
	}
	var meta struct {
		Methods  []string `json:"token_endpoint_auth_methods_supported"`
		NamesIss bool     `json:"authorization_response_iss_parameter_supported"`
	}
	if err := found.Claims(&meta); err != nil {
		return nil, err
	}
	to := found.Endpoint()
	u, err := url.Parse(to.AuthURL)
	if err != nil || !private(u, p.plain()) {
		return nil, fmt.Errorf("authorization_endpoint %q: want https", to.AuthURL)
	}
	to.AuthStyle = oauth2.AuthStyleInHeader // client_secret_basic, where it names none
	if len(meta.Methods) > 0 && !slices.Contains(meta.Methods, "client_secret_basic") {
		to.AuthStyle = oauth2.AuthStyleInParams
	}
	return &known{found, oauth2.Config{ClientID: p.ClientID, ClientSecret: p.secret, Endpoint: to, RedirectURL: p.redirect, Scopes: []string{oidc.ScopeOpenID}}, meta.NamesIss}, nil
}

func (p *Provider) plain() bool { return p.client.Transport.(bounded).plain }

// Subject gives the subject of the person of whom the provider's answer is: the parameters with
// which the browser came back. A code is good once; whoever asks forgets the request.
func (p *Provider) Subject(ctx context.Context, r Request, answer url.Values) (string, error) {
	if !Same(answer.Get("state"), r.State) {
		return "", fmt.Errorf("%w: state", ErrAnswer)
	}
	k, err := p.discover(ctx)
	if err != nil {
		return "", err
	}
	if iss := answer.Get("iss"); iss != p.Issuer && (k.namesIss || answer.Has("iss")) {
		return "", fmt.Errorf("%w: iss", ErrAnswer)
	}
	switch answer.Get("error") {
	case "":
	case "temporarily_unavailable", "server_error":
		return "", fmt.Errorf("%w: it says so", ErrUnreachable)
	default:
		return "", ErrDenied
	}
	ctx = oidc.ClientContext(ctx, p.client)
	token, err := k.oauth2.Exchange(ctx, answer.Get("code"), oauth2.VerifierOption(r.Verifier))
	if err != nil {
		return "", exchangeFailed(err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := k.Verifier(&oidc.Config{ClientID: p.ClientID, Now: p.now}).Verify(ctx, raw)
	if err != nil {
		return "", fmt.Errorf("%w: %.300s", ErrAnswer, err.Error())
	}
	if !Same(id.Nonce, r.Nonce) {
		return "", fmt.Errorf("%w: nonce", ErrAnswer)
	}
	var party struct {
		Authorized string `json:"azp"`
	}
	if err := id.Claims(&party); err != nil {
		return "", fmt.Errorf("%w: azp", ErrAnswer)
	}
	if party.Authorized != p.ClientID && (party.Authorized != "" || len(id.Audience) > 1) {
		return "", fmt.Errorf("%w: azp", ErrAnswer)
	}
	return id.Subject, nil
}

// exchangeFailed tells a provider that is down from one that refuses. Of its answer nothing
// but the code of the error is kept: it may hold anything.
func exchangeFailed(err error) error {
	var refused *oauth2.RetrieveError
	var way *url.Error
	switch {
	case errors.As(err, &refused) && refused.Response != nil && refused.Response.StatusCode < http.StatusInternalServerError:
		return fmt.Errorf("%w: code refused with %d %.60q", ErrAnswer, refused.Response.StatusCode, refused.ErrorCode)
	case errors.As(err, &refused), errors.As(err, &way):
		return fmt.Errorf("%w: token endpoint", ErrUnreachable)
	}
	return fmt.Errorf("%w: token endpoint", ErrAnswer)
}

// Same compares secrets in a time that tells nothing of them; empty ones are never the same.
func Same(a, b string) bool {
	return a != "" && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}
