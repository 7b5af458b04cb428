package access

import (
	"context"
	"fmt"
)

// SignIn is what someone gives to sign in.
type SignIn struct {
	Name     string
	Password string
	Address  string // of the caller, for its allowance; neither stored nor logged
	Device   string // the device's cookie, where it has one
	Previous string // the session's cookie, where it has one: that session ends
}

// SignedIn is a session with the tokens that go into the browser's cookies. Each step of a
// sign-in gives a new session token, and the one before is no longer good.
type SignedIn struct {
	Session Session
	Token   string
	Device  string // of a sign-in that is complete; empty before
}

// SignIn signs in by name and password. The session is not complete where a code is still
// wanted, see [State].
func (c *Control) SignIn(ctx context.Context, in SignIn) (SignedIn, error) {
	if err := c.Allow(in.Address); err != nil {
		return SignedIn{}, err
	}
	who, key, err := c.whose(ctx, in.Name, in.Device)
	if err != nil {
		return SignedIn{}, err
	}
	if err := c.names.begin(key, c.now()); err != nil {
		return SignedIn{}, err
	}
	ok, phc, err := c.compare(ctx, in.Password, who)
	if err != nil {
		c.names.settle(key, false, c.now())
		return SignedIn{}, err
	}
	if !ok {
		return SignedIn{}, c.failed(ctx, key, who, "password")
	}
	defer c.names.settle(key, false, c.now())
	var out SignedIn
	err = c.write(ctx, func(w *change) error {
		var now holder
		if err := w.holder(who.Name, &now); err != nil {
			return err
		}
		// What was true before the hashing may be so no more.
		if now.ID != who.ID || now.Disabled || now.phc != who.phc {
			return ErrCredentials
		}
		if phc != "" {
			if _, err := w.exec(`UPDATE password SET phc = ? WHERE account_id = ?`, phc, who.ID); err != nil {
				return err
			}
		}
		var err error
		out, err = w.signIn(now.Account, in.Device, in.Previous, "by=password")
		return err
	})
	if err != nil {
		return SignedIn{}, err
	}
	c.settled(out, key)
	return out, nil
}

// holder is an account with the hash of its password.
type holder struct {
	Account
	phc string
}

// whose gives the account of a name, the zero holder where there is none, and the key by
// which its failures are counted.
func (c *Control) whose(ctx context.Context, name, device string) (holder, string, error) {
	prepared, err := preparedName(name)
	if err != nil { // nobody's: counted as any other name
		return holder{}, strangerKey(name), nil
	}
	var h holder
	if err := findHolder(ctx, c.db, prepared, &h); err != nil {
		return holder{}, "", err
	}
	// Asked for a name that is nobody's as well, so that it takes as long.
	d := digest(devicePrefix, device)
	known, err := isDevice(ctx, c.db, h.ID, d, c.now())
	switch {
	case err != nil:
		return holder{}, "", err
	case h.ID == "":
		return holder{}, strangerKey(prepared), nil
	case known:
		return h, deviceKey(d), nil
	}
	return h, accountKey(h.ID), nil
}

func findHolder(ctx context.Context, r reader, name string, h *holder) error {
	_, err := scan(ctx, r, `SELECT a.account_id, a.name, a.role, a.ref_area, a.lang, a.disabled, a.totp, a.created_at, coalesce(p.phc, '')
		FROM account_now a LEFT JOIN password p USING (account_id) WHERE a.name = ?`, []any{name}, append(h.columns(), &h.phc)...)
	return err
}

func (w *change) holder(name string, h *holder) error { return findHolder(w.ctx, w.tx, name, h) }

// compare tells whether a password is an account's, in the same time whether there is one or
// not; phc is a new hash where the parameters have risen.
func (c *Control) compare(ctx context.Context, password string, who holder) (ok bool, phc string, err error) {
	p, bad := prepared(password)
	stored := who.phc
	if bad != nil || who.Disabled {
		stored = ""
	}
	ok, old, err := c.hasher.check(ctx, p, stored)
	if err != nil || !ok || !old {
		return ok, "", err
	}
	phc, err = c.hasher.hash(ctx, p)
	return ok, phc, err
}

// failed counts a failure and writes it down, also for who has gone away meanwhile.
func (c *Control) failed(ctx context.Context, key string, who holder, what string) error {
	failures := c.names.settle(key, true, c.now())
	refused := ErrCredentials
	if what == "code" {
		refused = ErrCodeWrong
	}
	err := c.write(context.WithoutCancel(ctx), func(w *change) error {
		if who.ID == "" {
			return w.logStranger("name")
		}
		// Kept for accounts alone: who comes with a device is counted in memory.
		if key == accountKey(who.ID) {
			if err := w.keepFailures(who.ID, failures); err != nil {
				return err
			}
		}
		return w.log(anonymous, "sign-in.refused", "account:"+who.ID, "wrong="+what, fmt.Sprintf("failures=%d", failures))
	})
	if err != nil {
		return err
	}
	return refused
}

// logStranger logs a failure of a name or an identity that is nobody's. Strangers could fill
// the disk: beyond one a second they are counted, and the next row says how many.
func (w *change) logStranger(what string) error {
	if !w.c.strangers.AllowN(w.now, 1) {
		w.c.left++
		return nil
	}
	left := w.c.left
	w.c.left = 0
	if left > 0 {
		return w.log(anonymous, "sign-in.refused", "", "wrong="+what, fmt.Sprintf("left-out=%d", left))
	}
	return w.log(anonymous, "sign-in.refused", "", "wrong="+what)
}

// signIn makes the session of an account whose first step was right.
func (w *change) signIn(a Account, device, previous, how string) (out SignedIn, err error) {
	if d := digest(sessionPrefix, previous); d != "" {
		if err := w.all(d, `DELETE FROM session WHERE token_sha256 = ?`); err != nil {
			return out, err
		}
	}
	state := Complete
	switch {
	case a.TOTP:
		state = WantsCode
	case w.c.settings.needsCode(a.Role):
		state = WantsEnrolment
	}
	return w.stepTo(a, state, device, how)
}

// stepTo makes a session of a state; a complete one ends the row of failures and makes the
// device known.
func (w *change) stepTo(a Account, state State, device, how string) (out SignedIn, err error) {
	out.Session, out.Token, err = w.beginSession(a, state)
	if err != nil {
		return out, err
	}
	if state == Complete {
		if out.Device, err = w.knowDevice(a.ID, device); err != nil {
			return out, err
		}
		if err := w.dropFailures(a.ID); err != nil {
			return out, err
		}
	}
	return out, w.log("account:"+a.ID, "sign-in", "session:"+out.Session.ID, how, "state="+string(state))
}

// settled forgets the failures of an account that is signed in whole. Half a sign-in does not
// end them: who has the password alone could else try codes for ever.
func (c *Control) settled(in SignedIn, key string) {
	if in.Session.State == Complete {
		c.names.forget(key)
		c.names.forget(accountKey(in.Session.Account.ID))
	}
}

// ChangePassword changes the password of the account that asks, and ends its other sessions.
// Who asks has to [Control.Confirm] it.
func (c *Control) ChangePassword(ctx context.Context, by Actor, present, next string) error {
	if !by.May(ManageOwn, "") {
		return ErrForbidden
	}
	p, err := newPassword(next, by.account.Name)
	if err != nil {
		return err
	}
	who, err := c.confirm(ctx, by, present)
	if err != nil {
		return err
	}
	phc, err := c.hasher.hash(ctx, p)
	if err != nil {
		return err
	}
	return c.write(ctx, func(w *change) error {
		if err := w.allowedFor(by, who.ID); err != nil {
			return err
		}
		var now holder
		if err := w.holder(who.Name, &now); err != nil {
			return err
		}
		if now.phc != who.phc { // changed meanwhile
			return ErrCredentials
		}
		if err := w.setPassword(who.ID, phc); err != nil {
			return err
		}
		if err := w.endSessions(who.ID, by.session); err != nil {
			return err
		}
		return w.log(by.String(), "password.changed", "account:"+who.ID)
	})
}

func (w *change) setPassword(account, phc string) error {
	if err := w.all(account, `DELETE FROM password WHERE account_id = ?`); err != nil {
		return err
	}
	_, err := w.exec(`INSERT INTO password VALUES (?, ?, ?)`, account, phc, w.now)
	return err
}
