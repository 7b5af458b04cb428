package portal

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/oas/tipstat/ingest/portal/access"
)

type accountsForm struct {
	Link, Until string
	Roles       []named
	States      []named
	Accounts    []accountRow
	Invitations []invitationRow
}

type invitationRow struct {
	ID, Role, Name string
	Until          time.Time
}

type named struct{ ID, Name string }

type accountRow struct {
	ID, Name, Role, State string
	Made                  time.Time
	Disabled, TOTP        bool
}

// accountsPage shows all accounts, with the link of an invitation that was just made.
func (s *Server) accountsPage(w http.ResponseWriter, r *http.Request, p *page, i access.Invitation, token string, problem error) error {
	f := accountsForm{}
	if token != "" {
		f.Link, f.Until = s.Address+"/invitation/"+token, i.Expires.Format(time.DateOnly)
	}
	for _, role := range access.Roles() {
		name, err := text(p.Lang, "role_"+string(role))
		if err != nil {
			return err
		}
		f.Roles = append(f.Roles, named{string(role), name})
	}
	for _, code := range s.House.States() {
		f.States = append(f.States, named{code, s.House.Area(code, p.Lang)})
	}
	slices.SortFunc(f.States, func(a, b named) int { return strings.Compare(a.Name, b.Name) })
	if err := s.listAccounts(r, p, &f); err != nil {
		return err
	}
	p.Form = f
	if err := p.title("accounts", "accounts_title"); err != nil {
		return err
	}
	if problem != nil {
		return s.again(w, r, p, problem)
	}
	return s.show(w, r, p)
}

// listAccounts reads the accounts, and the invitations that are still good.
func (s *Server) listAccounts(r *http.Request, p *page, f *accountsForm) error {
	all, err := s.Access.Accounts(r.Context(), p.session.Actor())
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, a := range all {
		role, err := s.roleName(a.Role, "", p.Lang)
		if err != nil {
			return err
		}
		state := ""
		if a.RefArea != "" {
			state = s.House.Area(a.RefArea, p.Lang)
		}
		names[a.ID] = a.Name
		f.Accounts = append(f.Accounts, accountRow{a.ID, a.Name, role, state, a.Created, a.Disabled, a.TOTP})
	}
	open, err := s.Access.Invitations(r.Context(), p.session.Actor())
	if err != nil {
		return err
	}
	for _, i := range open {
		if !i.Used.IsZero() || !i.Revoked.IsZero() || !i.Expires.After(s.Now()) {
			continue
		}
		role, err := s.roleName(i.Role, i.RefArea, p.Lang)
		if err != nil {
			return err
		}
		f.Invitations = append(f.Invitations, invitationRow{i.ID, role, names[i.Account], i.Expires})
	}
	return nil
}

// roleName names a role, and the State of a ministry.
func (s *Server) roleName(role access.Role, area, lang string) (string, error) {
	name, err := text(lang, "role_"+string(role))
	if area != "" {
		name += ", " + s.House.Area(area, lang)
	}
	return name, err
}

func (s *Server) accounts(w http.ResponseWriter, r *http.Request, p *page) error {
	return s.accountsPage(w, r, p, access.Invitation{}, "", nil)
}

func (s *Server) invite(w http.ResponseWriter, r *http.Request, p *page) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	area := strings.ToUpper(strings.TrimSpace(v.Get("ref_area")))
	if area != "" && !s.isState(area) {
		return s.accountsPage(w, r, p, access.Invitation{}, "", errState)
	}
	i, token, err := s.Access.Invite(r.Context(), p.session.Actor(), access.Invitation{Role: access.Role(v.Get("role")), RefArea: area, Lang: v.Get("invite_lang")})
	return s.accountsPage(w, r, p, i, token, err)
}

// manage does what a button beside an account says.
func (s *Server) manage(w http.ResponseWriter, r *http.Request, p *page) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	by, id := p.session.Actor(), v.Get("id")
	switch r.PathValue("what") {
	case "disable":
		err = s.Access.Disable(r.Context(), by, id)
	case "enable":
		err = s.Access.Enable(r.Context(), by, id)
	case "reset":
		i, token, err := s.Access.Reset(r.Context(), by, id)
		return s.accountsPage(w, r, p, i, token, err)
	case "revoke":
		err = s.Access.RevokeInvitation(r.Context(), by, id)
	default:
		return errNotFound
	}
	if err != nil {
		return s.accountsPage(w, r, p, access.Invitation{}, "", err)
	}
	return s.away(w, r, "/accounts")
}

type logForm struct {
	Whole   string
	Entries []access.Entry
}

// logEntries is how many entries the page shows.
const logEntries = 200

func (s *Server) auditLog(w http.ResponseWriter, r *http.Request, p *page) error {
	last, err := s.House.Verify(r.Context())
	f := logForm{}
	var fault *access.Fault
	switch {
	case errors.As(err, &fault):
		f.Whole, err = text(p.Lang, "log_broken", "why", fault.Error())
	case err == nil:
		f.Whole, err = text(p.Lang, "log_whole", "seq", last.Seq)
	}
	if err != nil {
		return err
	}
	if f.Entries, err = s.Access.Log(r.Context(), p.session.Actor(), 0, logEntries); err != nil {
		return err
	}
	p.Form = f
	if err := p.title("log", "log_title"); err != nil {
		return err
	}
	return s.show(w, r, p)
}
