package access

import (
	"context"
	"time"
)

// freshFor is how long a sign-in stands in for the password that an account does not have.
const freshFor = 15 * time.Minute

// Confirm asks anew who holds the session before a change by which others could come in (OWASP
// ASVS 5.0, 7.5.1): for the password, or where the account has none for a sign-in within the
// last quarter of an hour. So who finds a browser open can't take the account over.
func (c *Control) Confirm(ctx context.Context, by Actor, password string) error {
	if !by.May(ManageOwn, "") {
		return ErrForbidden
	}
	_, err := c.confirm(ctx, by, password)
	return err
}

func (c *Control) confirm(ctx context.Context, by Actor, password string) (who holder, err error) {
	if err := findHolder(ctx, c.db, by.account.Name, &who); err != nil {
		return who, err
	}
	if who.phc == "" {
		var begun time.Time
		found, err := scan(ctx, c.db, `SELECT created_at FROM session WHERE session_id = ? AND account_id = ?`, []any{by.session, by.account.ID}, &begun)
		if err == nil && (!found || c.now().Sub(begun) >= freshFor) {
			err = ErrNotFresh
		}
		return who, err
	}
	// Counted apart from sign-ins: who holds a session isn't kept out by strangers.
	key := "session:" + by.session
	if err := c.names.begin(key, c.now()); err != nil {
		return who, err
	}
	ok, _, err := c.compare(ctx, password, who)
	if err != nil {
		c.names.settle(key, false, c.now())
		return who, err
	}
	if !ok {
		return who, c.failed(ctx, key, who, "password")
	}
	c.names.settle(key, false, c.now())
	c.names.forget(key)
	return who, nil
}

// HasPassword tells whether an account can sign in by a password.
func (c *Control) HasPassword(ctx context.Context, by Actor, account string) (bool, error) {
	if err := c.allowedFor(ctx, by, account); err != nil {
		return false, err
	}
	return hasPassword(ctx, c.db, account)
}

func hasPassword(ctx context.Context, r reader, account string) (has bool, err error) {
	_, err = scan(ctx, r, `SELECT count(*) > 0 FROM password WHERE account_id = ?`, []any{account}, &has)
	return has, err
}
