package portal

import (
	"net/http"
	"net/url"

	"github.com/oas/tipstat/ingest/portal/access"
)

// maxForm bounds a form that is no upload, in bytes.
const maxForm = 64 << 10

// maxAnswers bounds the answers to all warnings of a file.
const maxAnswers = 8 << 20

// form reads a form of a page.
func form(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	return formOf(w, r, maxForm)
}

func formOf(w http.ResponseWriter, r *http.Request, limit int64) (url.Values, error) {
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	if err := r.ParseForm(); err != nil {
		return nil, errForm
	}
	return r.PostForm, nil
}

type signInForm struct {
	Name      string
	Providers []named
}

func (s *Server) signInPage(w http.ResponseWriter, r *http.Request, p *page) error {
	if p.Account != nil {
		return s.away(w, r, "/")
	}
	p.Form = signInForm{Providers: s.providers()}
	if err := p.title("signin", "sign_in"); err != nil {
		return err
	}
	return s.show(w, r, p)
}

func (s *Server) signIn(w http.ResponseWriter, r *http.Request, p *page) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	in, err := s.Access.SignIn(r.Context(), access.SignIn{Name: v.Get("name"), Password: v.Get("password"), Address: s.caller(r), Device: p.device, Previous: p.token})
	if err != nil {
		return s.signInAgain(w, r, p, v.Get("name"), err)
	}
	return s.in(w, r, in)
}

// signInAgain shows the page once more with why it did not work.
func (s *Server) signInAgain(w http.ResponseWriter, r *http.Request, p *page, name string, err error) error {
	p.Form, p.Account, p.Languages = signInForm{name, s.providers()}, nil, choicesAt(&url.URL{Path: "/signin"}, p.Lang)
	if bad := p.title("signin", "sign_in"); bad != nil {
		return bad
	}
	return s.again(w, r, p, err)
}

// in gives the browser the session of a sign-in, and leads on.
func (s *Server) in(w http.ResponseWriter, r *http.Request, in access.SignedIn) error {
	s.cookies(w, in)
	switch in.Session.State {
	case access.WantsCode:
		return s.away(w, r, "/signin/code")
	case access.WantsEnrolment:
		return s.away(w, r, "/account")
	}
	return s.away(w, r, "/")
}

func (s *Server) cookies(w http.ResponseWriter, in access.SignedIn) {
	http.SetCookie(w, s.Cookies.Session(in.Token))
	if in.Device != "" {
		http.SetCookie(w, s.Cookies.Device(in.Device))
	}
}

func (s *Server) codePage(w http.ResponseWriter, r *http.Request, p *page) error {
	if p.session.State != access.WantsCode {
		return s.away(w, r, "/")
	}
	if err := p.title("code", "code_title"); err != nil {
		return err
	}
	return s.show(w, r, p)
}

func (s *Server) code(w http.ResponseWriter, r *http.Request, p *page) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	if p.session.State != access.WantsCode {
		return s.away(w, r, "/")
	}
	in, err := s.Access.VerifyCode(r.Context(), access.Step{Token: p.token, Code: v.Get("code"), Address: s.caller(r), Device: p.device})
	if err != nil {
		if bad := p.title("code", "code_title"); bad != nil {
			return bad
		}
		return s.again(w, r, p, err)
	}
	return s.in(w, r, in)
}

func (s *Server) signOut(w http.ResponseWriter, r *http.Request, p *page) error {
	if p.token != "" {
		if err := s.Access.SignOut(r.Context(), p.token); err != nil {
			return err
		}
	}
	http.SetCookie(w, access.Clear(s.Cookies.Session("")))
	return s.away(w, r, "/signin")
}

type invitationForm struct {
	Action, Role, Name string
	Reset              bool
	Providers          []named
}

// invitation reads what an invitation is for, and sets up its page.
func (s *Server) invitation(r *http.Request, p *page, token string) (f invitationForm, err error) {
	i, err := s.Access.Invitation(r.Context(), token, s.caller(r))
	if err != nil {
		return f, err
	}
	if r.URL.Query().Get("lang") == "" {
		p.Lang = langOf(r, i.Lang)
		p.Languages = choices(r, p.Lang)
	}
	p.Account = nil // whoever else is signed in here
	f = invitationForm{Action: "/invitation/" + token, Reset: i.Account != "", Providers: s.providers()}
	if f.Role, err = s.roleName(i.Role, i.RefArea, p.Lang); err != nil {
		return f, err
	}
	return f, p.title("invitation", "invitation_title")
}

func (s *Server) invitationPage(w http.ResponseWriter, r *http.Request, p *page) error {
	f, err := s.invitation(r, p, r.PathValue("token"))
	if err != nil {
		return err
	}
	p.Form = f
	return s.show(w, r, p)
}

func (s *Server) accept(w http.ResponseWriter, r *http.Request, p *page) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	f, err := s.invitation(r, p, r.PathValue("token"))
	if err != nil {
		return err
	}
	a, err := s.Access.Accept(r.Context(), access.Acceptance{Token: r.PathValue("token"), Name: v.Get("name"), Password: v.Get("password"), Address: s.caller(r)})
	if err != nil {
		f.Name = v.Get("name")
		p.Form = f
		return s.again(w, r, p, err)
	}
	in, err := s.Access.SignIn(r.Context(), access.SignIn{Name: a.Name, Password: v.Get("password"), Address: s.caller(r), Device: p.device, Previous: p.token})
	if err != nil {
		return err
	}
	return s.in(w, r, in)
}
