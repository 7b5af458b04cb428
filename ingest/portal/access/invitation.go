package access

import (
	"context"
	"database/sql"
	"time"
)

// Invitation lets someone make an account, or choose a new password for one.
type Invitation struct {
	ID        string
	Role      Role
	RefArea   string
	Lang      string
	Account   string // of a reset the account; of an invitation that was used the one made
	CreatedBy string // as the audit log names it
	Created   time.Time
	Expires   time.Time // where it is given to Invite, zero is the usual time
	Used      time.Time // zero: not yet
	Revoked   time.Time // zero: not
}

const invitationColumns = `SELECT invitation_id, role, ref_area, lang, account_id, created_by, created_at, expires_at, used_at, revoked_at FROM invitation `

func scanInvitation(scan func(...any) error) (i Invitation, err error) {
	var used, revoked sql.NullTime
	err = scan(&i.ID, &i.Role, &i.RefArea, &i.Lang, &i.Account, &i.CreatedBy, &i.Created, &i.Expires, &used, &revoked)
	i.Used, i.Revoked = used.Time, revoked.Time
	return i, err
}

// longestInvitation bounds the expiry that can be named.
const longestInvitation = 90 * 24 * time.Hour

// Invite makes an invitation for a role, a State where it is a ministry, and a language. The
// token is given once; whoever has it makes the account.
func (c *Control) Invite(ctx context.Context, by Actor, i Invitation) (_ Invitation, token string, err error) {
	i.Account = ""
	if !fits(i.Role, i.RefArea, i.Lang) {
		return Invitation{}, "", ErrInvitationWrong
	}
	err = c.write(ctx, func(w *change) error {
		if err := w.allowed(by, ManageAccounts); err != nil {
			return err
		}
		detail := []string{"role=" + string(i.Role)}
		if i.RefArea != "" {
			detail = append(detail, "area="+i.RefArea)
		}
		token, err = w.invite(by, &i, "account.invited", detail...)
		return err
	})
	return i, token, err
}

// Reset makes an invitation to choose a new password for an account. What the account has
// stays good until it is used.
func (c *Control) Reset(ctx context.Context, by Actor, id string) (i Invitation, token string, err error) {
	err = c.write(ctx, func(w *change) error {
		if err := w.allowed(by, ManageAccounts); err != nil {
			return err
		}
		a, err := w.account(id)
		if err != nil {
			return err
		}
		if a.Disabled {
			return ErrAccountDisabled
		}
		i = Invitation{Role: a.Role, RefArea: a.RefArea, Lang: a.Lang, Account: a.ID}
		token, err = w.invite(by, &i, "password.reset-invited", "account="+a.ID)
		return err
	})
	return i, token, err
}

func (w *change) invite(by Actor, i *Invitation, action string, detail ...string) (token string, err error) {
	i.ID, i.CreatedBy, i.Created, i.Used, i.Revoked = newID(), by.String(), w.now, time.Time{}, time.Time{}
	if i.Expires.IsZero() {
		i.Expires = w.now.Add(w.c.settings.Invitation)
	}
	i.Expires = i.Expires.UTC().Truncate(time.Microsecond)
	if !i.Expires.After(w.now) || i.Expires.After(w.now.Add(longestInvitation)) {
		return "", ErrInvitationWrong
	}
	token = newToken(invitationPrefix)
	_, err = w.exec(`INSERT INTO invitation VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)`,
		i.ID, digest(invitationPrefix, token), string(i.Role), i.RefArea, i.Lang, i.Account, i.CreatedBy, i.Created, i.Expires)
	if err != nil {
		return "", err
	}
	return token, w.log(by.String(), action, "invitation:"+i.ID, detail...)
}

// Invitations gives all invitations, newest first, to who manages accounts.
func (c *Control) Invitations(ctx context.Context, by Actor) ([]Invitation, error) {
	if err := c.allowed(ctx, by, ManageAccounts); err != nil {
		return nil, err
	}
	return list(ctx, c.db, invitationColumns+`ORDER BY created_at DESC, invitation_id`, nil, scanInvitation)
}

// RevokeInvitation withdraws an invitation by its ID.
func (c *Control) RevokeInvitation(ctx context.Context, by Actor, id string) error {
	return c.write(ctx, func(w *change) error {
		if err := w.allowed(by, ManageAccounts); err != nil {
			return err
		}
		found, err := list(w.ctx, w.tx, invitationColumns+`WHERE invitation_id = ?`, []any{id}, scanInvitation)
		switch {
		case err != nil:
			return err
		case len(found) == 0:
			return ErrInvitationUnknown
		case !found[0].Used.IsZero():
			return ErrInvitationUsed
		case !found[0].Revoked.IsZero():
			return nil
		}
		if _, err := w.exec(`UPDATE invitation SET revoked_at = ? WHERE invitation_id = ?`, w.now, id); err != nil {
			return err
		}
		return w.log(by.String(), "invitation.revoked", "invitation:"+id)
	})
}

// Invitation gives the invitation of a token, if it is still good, so that its page can
// say what it is for.
func (c *Control) Invitation(ctx context.Context, token, address string) (Invitation, error) {
	if err := c.Allow(address); err != nil {
		return Invitation{}, err
	}
	return c.invitation(ctx, c.db, token, c.now())
}

func (c *Control) invitation(ctx context.Context, r reader, token string, now time.Time) (Invitation, error) {
	d := digest(invitationPrefix, token)
	if d == "" {
		return Invitation{}, ErrInvitationUnknown
	}
	found, err := list(ctx, r, invitationColumns+`WHERE token_sha256 = ?`, []any{d}, scanInvitation)
	if err != nil {
		return Invitation{}, err
	}
	if len(found) == 0 {
		return Invitation{}, ErrInvitationUnknown
	}
	i := found[0]
	switch {
	case !i.Used.IsZero():
		return Invitation{}, ErrInvitationUsed
	case !i.Revoked.IsZero():
		return Invitation{}, ErrInvitationRevoked
	case !now.Before(i.Expires):
		return Invitation{}, ErrInvitationExpired
	}
	return i, nil
}

// Acceptance is what someone gives to accept an invitation: a login name (not for a reset),
// and a password or, for who signs in through a provider, the identity there.
type Acceptance struct {
	Token           string
	Name            string
	Password        string
	Issuer, Subject string // of an identity that the provider has just proved
	Address         string
}

// Accept makes the account of an invitation, or gives the account of a reset its new
// password; then its sessions end and its failures are forgotten, while its codes stay. An
// invitation whose acceptance is refused is still good.
func (c *Control) Accept(ctx context.Context, in Acceptance) (a Account, err error) {
	i, err := c.Invitation(ctx, in.Token, in.Address)
	if err != nil {
		return Account{}, err
	}
	reset := i.Account != ""
	name := ""
	if reset {
		if a, err = account(ctx, c.db, i.Account); err != nil {
			return Account{}, err
		}
		name = a.Name
	} else if name, err = preparedName(in.Name); err != nil {
		return Account{}, err
	}
	phc := ""
	if in.Password != "" || in.Subject == "" || reset {
		p, err := newPassword(in.Password, name)
		if err != nil {
			return Account{}, err
		}
		if phc, err = c.hasher.hash(ctx, p); err != nil {
			return Account{}, err
		}
	}
	err = c.write(ctx, func(w *change) error {
		i, err := c.invitation(w.ctx, w.tx, in.Token, w.now) // it may have been used meanwhile
		if err != nil {
			return err
		}
		if reset {
			a, err = w.acceptReset(i, phc)
		} else {
			a, err = w.acceptNew(i, name, phc, in.Issuer, in.Subject)
		}
		if err != nil {
			return err
		}
		_, err = w.exec(`UPDATE invitation SET used_at = ?, account_id = ? WHERE invitation_id = ?`, w.now, a.ID, i.ID)
		return err
	})
	if err != nil {
		return Account{}, err
	}
	if reset {
		c.names.forget(accountKey(a.ID))
	}
	return a, nil
}

func (w *change) acceptReset(i Invitation, phc string) (Account, error) {
	a, err := w.account(i.Account)
	if err != nil {
		return Account{}, err
	}
	if a.Disabled {
		return Account{}, ErrAccountDisabled
	}
	if err := w.setPassword(a.ID, phc); err != nil {
		return Account{}, err
	}
	if err := w.endSessions(a.ID, ""); err != nil {
		return Account{}, err
	}
	if err := w.dropFailures(a.ID); err != nil {
		return Account{}, err
	}
	return a, w.log("account:"+a.ID, "password.reset", "account:"+a.ID, "invitation="+i.ID)
}

func (w *change) acceptNew(i Invitation, name, phc, issuer, subject string) (Account, error) {
	var taken bool
	if _, err := w.scan(`SELECT count(*) > 0 FROM account WHERE name = ?`, []any{name}, &taken); err != nil {
		return Account{}, err
	}
	if taken {
		return Account{}, ErrNameTaken
	}
	a := Account{ID: newID(), Name: name, Role: i.Role, RefArea: i.RefArea, Lang: i.Lang, Created: w.now}
	if _, err := w.exec(`INSERT INTO account VALUES (?, ?, ?, ?, ?, false, ?)`, a.ID, a.Name, string(a.Role), a.RefArea, a.Lang, a.Created); err != nil {
		return Account{}, err
	}
	if phc != "" {
		if err := w.setPassword(a.ID, phc); err != nil {
			return Account{}, err
		}
	}
	if err := w.log("account:"+a.ID, "account.created", "account:"+a.ID, "invitation="+i.ID, "role="+string(a.Role)); err != nil {
		return Account{}, err
	}
	if subject == "" {
		return a, nil
	}
	return a, w.link("account:"+a.ID, a.ID, issuer, subject)
}
