package portal

import (
	"encoding/base64"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/oas/tipstat/ingest/portal/access"
)

type accountForm struct {
	Enrolment *enrolment
	Recovery  []string
	Token     string
	Tokens    []tokenRow
	Wanted    bool
	Changed   bool // the password
	MaySend   bool
	Address   string

	Sessions    []sessionRow
	Left        int // recovery codes
	HasPassword bool
	Providers   []named
	Identities  []identityRow
}

type enrolment struct {
	QR  template.URL
	Key string
}

type tokenRow struct{ ID, Label, Until string }

// account shows one's own account, with what was just made.
func (s *Server) account(w http.ResponseWriter, r *http.Request, p *page, f accountForm, problem error) error {
	if p.Account == nil {
		return s.away(w, r, "/signin")
	}
	if p.session.State == access.WantsCode {
		return s.away(w, r, "/signin/code")
	}
	p.Languages = choicesAt(&url.URL{Path: "/account"}, p.Lang) // whatever form led here
	f.Wanted = p.session.State == access.WantsEnrolment
	by := p.session.Actor()
	if !f.Wanted {
		if err := s.own(r, p, &f); err != nil {
			return err
		}
	}
	if f.MaySend = by.May(access.IssueToken, p.Account.RefArea); f.MaySend {
		all, err := s.Access.Tokens(r.Context(), by, p.Account.ID)
		if err != nil {
			return err
		}
		for _, t := range all {
			if t.Revoked.IsZero() && t.Expires.After(s.Now()) {
				f.Tokens = append(f.Tokens, tokenRow{t.ID, t.Label, t.Expires.Format(time.DateOnly)})
			}
		}
	}
	f.Address = s.Address
	p.Form = f
	if err := p.title("account", "account_title"); err != nil {
		return err
	}
	if problem != nil {
		return s.again(w, r, p, problem)
	}
	return s.show(w, r, p)
}

func (s *Server) accountPage(w http.ResponseWriter, r *http.Request, p *page) error {
	return s.account(w, r, p, accountForm{}, nil)
}

// enrol begins to set up the second step, anew where there is one, which then has to be shown.
func (s *Server) enrol(w http.ResponseWriter, r *http.Request, p *page) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	e, err := s.Access.EnrolTOTP(r.Context(), access.Step{Token: p.token, Code: v.Get("present_code"), Address: s.caller(r), Device: p.device})
	if err != nil {
		return s.account(w, r, p, accountForm{}, err)
	}
	return s.account(w, r, p, accountForm{Enrolment: shown(e)}, nil)
}

// shown is an enrolment as the page has it. The picture is ours: no script is in it.
func shown(e access.Enrolment) *enrolment {
	return &enrolment{template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(e.PNG)), e.Secret}
}

// confirm ends it with the first code, and shows the recovery codes, once.
func (s *Server) confirm(w http.ResponseWriter, r *http.Request, p *page) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	codes, in, err := s.Access.ConfirmTOTP(r.Context(), access.Step{Token: p.token, Code: v.Get("code"), Address: s.caller(r), Device: p.device})
	if err != nil {
		return s.account(w, r, p, accountForm{}, err)
	}
	s.cookies(w, in)
	p.session, p.Account = in.Session, &in.Session.Account
	return s.account(w, r, p, accountForm{Recovery: codes}, nil)
}

func (s *Server) issueToken(w http.ResponseWriter, r *http.Request, p *page) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	days, err := strconv.Atoi(v.Get("days"))
	if err != nil || days < 1 || days > 366 {
		return s.account(w, r, p, accountForm{}, access.ErrTokenWrong)
	}
	_, secret, err := s.Access.IssueToken(r.Context(), p.session.Actor(), v.Get("label"), s.Now().AddDate(0, 0, days))
	return s.account(w, r, p, accountForm{Token: secret}, err)
}

func (s *Server) revokeToken(w http.ResponseWriter, r *http.Request, p *page) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	if err := s.Access.RevokeToken(r.Context(), p.session.Actor(), p.Account.ID, v.Get("id")); err != nil {
		return err
	}
	return s.away(w, r, "/account")
}

func (s *Server) changePassword(w http.ResponseWriter, r *http.Request, p *page) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	err = s.Access.ChangePassword(r.Context(), p.session.Actor(), v.Get("present"), v.Get("next"))
	return s.account(w, r, p, accountForm{Changed: err == nil}, err)
}

func (s *Server) signOutAll(w http.ResponseWriter, r *http.Request, p *page) error {
	if err := s.Access.EndSessions(r.Context(), p.session.Actor(), p.Account.ID); err != nil {
		return err
	}
	return s.signOut(w, r, p)
}
