package access

import (
	"context"
	"errors"
	"net/url"
	"time"
)

// Identity is an account at an OpenID Connect provider: the claims iss and sub, which
// together name one person for ever. An address of e-mail does not.
type Identity struct {
	Issuer, Subject string
	Linked          time.Time
}

// Link lets an account sign in by an identity that its provider has proved.
func (c *Control) Link(ctx context.Context, by Actor, account, issuer, subject string) error {
	return c.write(ctx, func(w *change) error {
		if err := w.allowedFor(by, account); err != nil {
			return err
		}
		return w.link(by.String(), account, issuer, subject)
	})
}

func (w *change) link(actor, account, issuer, subject string) error {
	u, err := url.Parse(issuer)
	if err != nil || u.Host == "" || len(issuer) > 2000 || subject == "" || len(subject) > 255 {
		return ErrIdentityInvalid
	}
	var holder string
	found, err := w.scan(`SELECT account_id FROM identity WHERE issuer = ? AND subject = ?`, []any{issuer, subject}, &holder)
	switch {
	case err != nil:
		return err
	case found && holder == account:
		return nil
	case found:
		return ErrIdentityTaken
	}
	if _, err := w.exec(`INSERT INTO identity VALUES (?, ?, ?, ?)`, account, issuer, subject, w.now); err != nil {
		return err
	}
	return w.log(actor, "identity.linked", "account:"+account)
}

// Unlink takes an identity from an account; not the last one of an account that has no
// password, which nobody could enter then.
func (c *Control) Unlink(ctx context.Context, by Actor, account, issuer, subject string) error {
	return c.write(ctx, func(w *change) error {
		if err := w.allowedFor(by, account); err != nil {
			return err
		}
		n, err := w.exec(`DELETE FROM identity WHERE account_id = ? AND issuer = ? AND subject = ?`, account, issuer, subject)
		if err != nil {
			return err
		}
		if n == 0 {
			return ErrIdentityUnknown
		}
		var left bool
		if _, err := w.scan(`SELECT count(*) > 0 FROM identity WHERE account_id = ?`, []any{account}, &left); err != nil {
			return err
		}
		if !left {
			if left, err = hasPassword(w.ctx, w.tx, account); err != nil {
				return err
			}
		}
		if !left {
			return ErrIdentityLast // and the transaction is undone
		}
		return w.log(by.String(), "identity.unlinked", "account:"+account)
	})
}

// Identities gives the identities of an account.
func (c *Control) Identities(ctx context.Context, by Actor, account string) ([]Identity, error) {
	if err := c.allowedFor(ctx, by, account); err != nil {
		return nil, err
	}
	return list(ctx, c.db, `SELECT issuer, subject, linked_at FROM identity WHERE account_id = ? ORDER BY ALL`, []any{account}, func(scan func(...any) error) (i Identity, err error) {
		return i, scan(&i.Issuer, &i.Subject, &i.Linked)
	})
}

// ByIdentity gives the account of an identity, [ErrIdentityUnknown] where there is none.
func (c *Control) ByIdentity(ctx context.Context, issuer, subject string) (Account, error) {
	return byIdentity(ctx, c.db, issuer, subject)
}

func byIdentity(ctx context.Context, r reader, issuer, subject string) (a Account, err error) {
	found, err := scan(ctx, r, accountColumns+`WHERE account_id = (SELECT account_id FROM identity WHERE issuer = ? AND subject = ?)`, []any{issuer, subject}, a.columns()...)
	switch {
	case err != nil:
		return Account{}, err
	case !found:
		return Account{}, ErrIdentityUnknown
	case a.Disabled:
		return Account{}, ErrAccountDisabled
	}
	return a, nil
}

// SignInIdentity signs in by an identity that its provider has just proved, in the place of
// name and password. Codes are wanted as they are after a password.
func (c *Control) SignInIdentity(ctx context.Context, issuer, subject, device, previous string) (out SignedIn, err error) {
	err = c.write(ctx, func(w *change) error {
		a, err := byIdentity(w.ctx, w.tx, issuer, subject)
		if err != nil {
			return err
		}
		out, err = w.signIn(a, device, previous, "by=provider")
		return err
	})
	if errors.Is(err, ErrIdentityUnknown) {
		err = errors.Join(err, c.write(context.WithoutCancel(ctx), func(w *change) error { return w.logStranger("identity") }))
	}
	if err != nil {
		return SignedIn{}, err
	}
	c.settled(out, accountKey(out.Session.Account.ID))
	return out, nil
}
