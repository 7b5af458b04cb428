package portal

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/oas/tipstat/ingest/portal/access"
)

// ownRoutes are the addresses of what one has in one's account: language, sessions.
func (s *Server) ownRoutes(mine func(string, access.Action, handler)) {
	mine("POST /account/language", access.ManageOwn, s.setLang)
	mine("POST /account/sessions/end", access.ManageOwn, s.endSession)
	mine("GET /accounts/codes", access.ManageAccounts, s.askResetCodes)
	mine("POST /accounts/codes", access.ManageAccounts, s.resetCodes)
}

// sessionRow is a session on the page of an account.
type sessionRow struct {
	access.Session
	Current bool
}

// own reads what the account that asks has. Nothing but the second step is shown to who has to
// set that up first.
func (s *Server) own(r *http.Request, p *page, f *accountForm) (err error) {
	by, id := p.session.Actor(), p.Account.ID
	sessions, err := s.Access.Sessions(r.Context(), by, id)
	if err != nil {
		return err
	}
	for _, one := range sessions {
		f.Sessions = append(f.Sessions, sessionRow{one, one.ID == p.session.ID})
	}
	if p.Account.TOTP {
		if f.Left, err = s.Access.RecoveryCodesLeft(r.Context(), by, id); err != nil {
			return err
		}
	}
	if f.HasPassword, err = s.Access.HasPassword(r.Context(), by, id); err != nil {
		return err
	}
	if f.Identities, err = s.identities(r, p); err != nil {
		return err
	}
	for _, at := range s.House.Providers {
		if !slices.ContainsFunc(f.Identities, func(i identityRow) bool { return i.Issuer == at.Issuer }) {
			f.Providers = append(f.Providers, named{at.ID, at.Name})
		}
	}
	return nil
}

// setLang sets the language of the account, and of the pages in this browser.
func (s *Server) setLang(w http.ResponseWriter, r *http.Request, p *page) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	lang := v.Get("account_lang")
	if err := s.Access.SetLang(r.Context(), p.session.Actor(), p.Account.ID, lang); err != nil {
		return s.account(w, r, p, accountForm{}, err)
	}
	return s.away(w, r, "/account?"+url.Values{"lang": {lang}}.Encode())
}

// endSession ends one of one's own sessions.
func (s *Server) endSession(w http.ResponseWriter, r *http.Request, p *page) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	if err := s.Access.EndSession(r.Context(), p.session.Actor(), p.Account.ID, v.Get("id")); err != nil {
		return s.account(w, r, p, accountForm{}, err)
	}
	return s.away(w, r, "/account")
}

// askResetCodes asks whether someone's second step is really to be taken away.
func (s *Server) askResetCodes(w http.ResponseWriter, r *http.Request, p *page) error {
	all, err := s.Access.Accounts(r.Context(), p.session.Actor())
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.ID == r.URL.Query().Get("id") && a.TOTP {
			p.Form = named{a.ID, a.Name}
			if err := p.title("reset-codes", "reset_codes_title", "name", a.Name); err != nil {
				return err
			}
			return s.show(w, r, p)
		}
	}
	return errNotFound
}

// resetCodes takes the second step from who lost the telephone and the recovery codes.
func (s *Server) resetCodes(w http.ResponseWriter, r *http.Request, p *page) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	if err := s.Access.ResetTOTP(r.Context(), p.session.Actor(), v.Get("id")); err != nil {
		return err
	}
	return s.away(w, r, "/accounts")
}
