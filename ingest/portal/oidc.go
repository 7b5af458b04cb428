package portal

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/oas/tipstat/ingest/portal/access"
	"github.com/oas/tipstat/ingest/portal/provider"
)

// errFlow is an answer of a provider to nothing that this browser asked, or asked no more.
var errFlow = errors.New("no sign-in at this provider is under way here")

// oidcRoutes are the addresses of signing in at an OpenID Connect provider. What signs in is a
// link; what changes an account is a form of our own, which another site can't send, and then
// a page that leads on: browsers hold redirections after a form against form-action too.
func (s *Server) oidcRoutes(open func(string, handler), mine func(string, access.Action, handler)) {
	open("GET /signin/oidc/{id}", s.beginSignIn)
	open("GET /signin/oidc/{id}/callback", s.callback)
	open("POST /invitation/{token}/identity", s.beginAccept)
	mine("POST /account/identities", access.ManageOwn, s.beginLink)
	mine("POST /account/identities/unlink", access.ManageOwn, s.unlink)
}

// provided finds a provider by its id.
func (s *Server) provided(id string) (*provider.Provider, error) {
	for _, p := range s.House.Providers {
		if p.ID == id {
			return p, nil
		}
	}
	return nil, errNotFound
}

// providers are those of the settings, for a page.
func (s *Server) providers() (all []named) {
	for _, p := range s.House.Providers {
		all = append(all, named{p.ID, p.Name})
	}
	return all
}

// begin keeps what an identity is wanted for, and gives the address of the provider.
func (s *Server) begin(w http.ResponseWriter, r *http.Request, one flow) (to string, at *provider.Provider, err error) {
	if at, err = s.provided(one.provider); err != nil {
		return "", nil, err
	}
	if err := s.Access.Allow(s.caller(r)); err != nil {
		return "", at, err
	}
	one.request = provider.NewRequest()
	if to, err = at.AuthURL(r.Context(), one.request, one.purpose != toSignIn); err != nil {
		return "", at, s.provider(at, err)
	}
	token, err := s.flows.begin(one, s.Now())
	if err != nil {
		return "", at, err
	}
	http.SetCookie(w, s.Cookies.Flow(token))
	return to, at, nil
}

// provider logs what went wrong with a provider: its administrator has to be told, not the user.
func (s *Server) provider(at *provider.Provider, err error) error {
	s.Log.Warn("provider", "id", at.ID, "error", err.Error())
	return err
}

func (s *Server) beginSignIn(w http.ResponseWriter, r *http.Request, p *page) error {
	if p.Account != nil {
		return s.away(w, r, "/")
	}
	if mode := r.Header.Get("Sec-Fetch-Mode"); mode != "" && mode != "navigate" {
		return errOrigin // a picture of another page would end what was begun here
	}
	to, _, err := s.begin(w, r, flow{purpose: toSignIn, provider: r.PathValue("id")})
	if err != nil {
		return s.signInAgain(w, r, p, "", err)
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// onward shows the page that leads to the provider, by itself or by its link.
func (s *Server) onward(w http.ResponseWriter, r *http.Request, p *page, to string, at *provider.Provider) error {
	p.Form, p.Languages = struct{ To, Name string }{to, at.Name}, nil
	if err := p.title("onward", "onward_title", "name", at.Name); err != nil {
		return err
	}
	w.Header().Set("Refresh", "0; url="+to)
	return s.show(w, r, p)
}

func (s *Server) beginLink(w http.ResponseWriter, r *http.Request, p *page) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	if err := s.Access.Confirm(r.Context(), p.session.Actor(), v.Get("present")); err != nil {
		return s.account(w, r, p, accountForm{}, err)
	}
	to, at, err := s.begin(w, r, flow{purpose: toLink, provider: v.Get("provider"), account: p.Account.ID})
	if err != nil {
		return s.account(w, r, p, accountForm{}, err)
	}
	return s.onward(w, r, p, to, at)
}

func (s *Server) beginAccept(w http.ResponseWriter, r *http.Request, p *page) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	token := r.PathValue("token")
	f, err := s.invitation(r, p, token)
	if err != nil {
		return err
	}
	f.Name = v.Get("name")
	p.Form = f
	if f.Reset { // of a password
		return errNotFound
	}
	to, at, err := s.begin(w, r, flow{purpose: toAccept, provider: v.Get("provider"), token: token, name: f.Name})
	if err != nil {
		return s.again(w, r, p, err)
	}
	return s.onward(w, r, p, to, at)
}

// callback is where a provider sends browsers back to.
func (s *Server) callback(w http.ResponseWriter, r *http.Request, p *page) error {
	at, err := s.provided(r.PathValue("id"))
	if err != nil {
		return err
	}
	answer := r.URL.Query()
	one, err := s.flows.take(s.Cookies.ReadFlow(r), answer.Get("state"), at.ID, s.Now())
	p.Languages = choicesAt(&url.URL{Path: "/signin"}, p.Lang) // this address is good once
	if err != nil {
		return err
	}
	http.SetCookie(w, access.Clear(s.Cookies.Flow("")))
	subject, err := at.Subject(r.Context(), one.request, answer)
	if err != nil {
		err = s.provider(at, err)
	}
	switch one.purpose {
	case toSignIn:
		return s.signInProved(w, r, p, at.Issuer, subject, err)
	case toAccept:
		return s.acceptProved(w, r, p, one, at.Issuer, subject, err)
	}
	return s.linkProved(w, r, p, one, at.Issuer, subject, err)
}

func (s *Server) signInProved(w http.ResponseWriter, r *http.Request, p *page, issuer, subject string, err error) error {
	in := access.SignedIn{}
	if err == nil {
		in, err = s.Access.SignInIdentity(r.Context(), issuer, subject, p.device, p.token)
	}
	if errors.Is(err, access.ErrAccountDisabled) { // as of a password: nobody is told more
		err = access.ErrIdentityUnknown
	}
	if err != nil {
		return s.signInAgain(w, r, p, "", err)
	}
	return s.in(w, r, in)
}

func (s *Server) acceptProved(w http.ResponseWriter, r *http.Request, p *page, one flow, issuer, subject string, err error) error {
	f, bad := s.invitation(r, p, one.token)
	if bad != nil {
		return bad
	}
	if err == nil {
		_, err = s.Access.Accept(r.Context(), access.Acceptance{Token: one.token, Name: one.name, Issuer: issuer, Subject: subject, Address: s.caller(r)})
	}
	if err != nil {
		f.Name, p.Form, p.Languages = one.name, f, choicesAt(&url.URL{Path: "/invitation/" + one.token}, p.Lang)
		return s.again(w, r, p, err)
	}
	return s.signInProved(w, r, p, issuer, subject, nil)
}

func (s *Server) linkProved(w http.ResponseWriter, r *http.Request, p *page, one flow, issuer, subject string, err error) error {
	if p.Account == nil || p.session.State != access.Complete || p.Account.ID != one.account {
		return errFlow // another signed in here meanwhile, or nobody is
	}
	if err == nil {
		err = s.Access.Link(r.Context(), p.session.Actor(), one.account, issuer, subject)
	}
	if err != nil {
		return s.account(w, r, p, accountForm{}, err)
	}
	return s.away(w, r, "/account")
}

func (s *Server) unlink(w http.ResponseWriter, r *http.Request, p *page) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	if err := s.Access.Unlink(r.Context(), p.session.Actor(), p.Account.ID, v.Get("issuer"), v.Get("subject")); err != nil {
		return s.account(w, r, p, accountForm{}, err)
	}
	return s.away(w, r, "/account")
}

// identityRow is an identity on the page of an account.
type identityRow struct {
	access.Identity
	Name string
}

// identities are those of the account that asks, each with the name of its provider.
func (s *Server) identities(r *http.Request, p *page) (rows []identityRow, err error) {
	all, err := s.Access.Identities(r.Context(), p.session.Actor(), p.Account.ID)
	for _, i := range all {
		name := i.Issuer // of a provider that is no longer in the settings
		if u, err := url.Parse(i.Issuer); err == nil {
			name = u.Host
		}
		for _, at := range s.House.Providers {
			if at.Issuer == i.Issuer {
				name = at.Name
			}
		}
		rows = append(rows, identityRow{i, name})
	}
	return rows, err
}
