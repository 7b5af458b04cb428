package access

import (
	"context"
	"time"
)

// State is how far a sign-in is.
type State string

// The states of a session.
const (
	Complete       State = "complete"        // may do what the account may
	WantsCode      State = "wants-code"      // the password was right, a code is still wanted
	WantsEnrolment State = "wants-enrolment" // the role needs codes, and none are set up
)

// Session is one browser that is signed in, or half so.
type Session struct {
	ID       string // to speak of it; it opens nothing
	Account  Account
	State    State
	Created  time.Time
	LastSeen time.Time // to the minute
	Expires  time.Time // at the latest
}

// Actor is who asks by the session. A session that is not complete may do nothing but its
// next step, and gives an Actor that may do nothing.
func (s Session) Actor() Actor {
	if s.State != Complete {
		return Actor{}
	}
	return Actor{account: s.Account, session: s.ID}
}

const sessionColumns = `SELECT s.session_id, s.state, s.created_at, s.last_seen_at, a.account_id, a.name, a.role, a.ref_area, a.lang, a.disabled, a.totp, a.created_at
	FROM session s JOIN account_now a USING (account_id) `

func (s *Session) columns() []any {
	return append([]any{&s.ID, &s.State, &s.Created, &s.LastSeen}, s.Account.columns()...)
}

// Session gives the session of a token, as the cookie has it; [ErrNoSession] where there is
// none and [ErrSessionExpired] where it is over. It is to be asked at each request, and counts
// as use.
func (c *Control) Session(ctx context.Context, token string) (Session, error) {
	now := c.now()
	s, err := c.session(ctx, c.db, token, now)
	if err != nil || now.Sub(s.LastSeen) < seenEvery {
		return s, err
	}
	s.LastSeen = now
	return s, c.write(ctx, func(w *change) error {
		_, err := w.exec(`UPDATE session SET last_seen_at = greatest(last_seen_at, ?) WHERE session_id = ?`, now, s.ID)
		return err
	})
}

// session reads a session that still stands.
func (c *Control) session(ctx context.Context, r reader, token string, now time.Time) (s Session, err error) {
	d := digest(sessionPrefix, token)
	if d == "" {
		return Session{}, ErrNoSession
	}
	found, err := scan(ctx, r, sessionColumns+`WHERE s.token_sha256 = ?`, []any{d}, s.columns()...)
	if err != nil {
		return Session{}, err
	}
	if !found || s.Account.Disabled {
		return Session{}, ErrNoSession
	}
	if !c.stands(&s, now) {
		return Session{}, ErrSessionExpired
	}
	return s, nil
}

// stands works out when a session expires, and tells whether it isn't over.
func (c *Control) stands(s *Session, now time.Time) bool {
	s.Expires = s.Created.Add(c.settings.life(s.State))
	return now.Before(s.Expires) && now.Sub(s.LastSeen) < c.settings.Idle
}

// life is how long a session of a state lasts at most.
func (s Settings) life(state State) time.Duration {
	if state != Complete {
		return min(s.Session, stepFor)
	}
	return s.Session
}

// beginSession makes a session, and takes away those that are over.
func (w *change) beginSession(account Account, state State) (Session, string, error) {
	_, err := w.exec(`DELETE FROM session WHERE created_at <= ? OR last_seen_at <= ?`, w.now.Add(-w.c.settings.Session), w.now.Add(-w.c.settings.Idle))
	if err != nil {
		return Session{}, "", err
	}
	token := newToken(sessionPrefix)
	s := Session{newID(), account, state, w.now, w.now, w.now.Add(w.c.settings.life(state))}
	_, err = w.exec(`INSERT INTO session VALUES (?, ?, ?, ?, ?, ?)`, s.ID, digest(sessionPrefix, token), account.ID, string(state), w.now, w.now)
	return s, token, err
}

// SignOut ends the session of a token. A session that is there no more is no error.
func (c *Control) SignOut(ctx context.Context, token string) error {
	d := digest(sessionPrefix, token)
	if d == "" {
		return nil
	}
	return c.write(ctx, func(w *change) error {
		var id, account string
		found, err := w.scan(`SELECT session_id, account_id FROM session WHERE token_sha256 = ?`, []any{d}, &id, &account)
		if err != nil || !found {
			return err
		}
		if err := w.all(id, `DELETE FROM session WHERE session_id = ?`); err != nil {
			return err
		}
		return w.log("account:"+account, "sign-out", "session:"+id)
	})
}

// Sessions gives the sessions of an account, newest first: one's own, or any for who manages
// accounts.
func (c *Control) Sessions(ctx context.Context, by Actor, account string) ([]Session, error) {
	if err := c.allowedFor(ctx, by, account); err != nil {
		return nil, err
	}
	all, err := list(ctx, c.db, sessionColumns+`WHERE s.account_id = ? ORDER BY s.created_at DESC, s.session_id`, []any{account}, func(scan func(...any) error) (s Session, err error) {
		return s, scan(s.columns()...)
	})
	now, standing := c.now(), all[:0]
	for _, s := range all {
		if c.stands(&s, now) {
			standing = append(standing, s)
		}
	}
	return standing, err
}

// EndSession ends one session of an account by its ID.
func (c *Control) EndSession(ctx context.Context, by Actor, account, id string) error {
	return c.write(ctx, func(w *change) error {
		if err := w.allowedFor(by, account); err != nil {
			return err
		}
		n, err := w.exec(`DELETE FROM session WHERE session_id = ? AND account_id = ?`, id, account)
		if err != nil {
			return err
		}
		if n == 0 {
			return ErrNoSession
		}
		return w.log(by.String(), "session.ended", "session:"+id)
	})
}

// EndSessions ends all sessions of an account but the one that asks, and forgets its devices.
func (c *Control) EndSessions(ctx context.Context, by Actor, account string) error {
	return c.write(ctx, func(w *change) error {
		if err := w.allowedFor(by, account); err != nil {
			return err
		}
		if err := w.endSessions(account, by.session); err != nil {
			return err
		}
		return w.log(by.String(), "sessions.ended", "account:"+account)
	})
}

// endSessions ends the sessions of an account but one, and forgets its devices.
func (w *change) endSessions(account, but string) error {
	if _, err := w.exec(`DELETE FROM session WHERE account_id = ? AND session_id <> ?`, account, but); err != nil {
		return err
	}
	return w.all(account, `DELETE FROM device WHERE account_id = ?`)
}
