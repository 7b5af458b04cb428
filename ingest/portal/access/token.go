package access

import (
	"context"
	"database/sql"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Token is what a machine uploads with in an account's name. Its scope is to upload and to
// see what became of it.
type Token struct {
	ID       string
	Account  string
	Label    string // as its owner calls it
	Created  time.Time
	Expires  time.Time
	LastUsed time.Time // to the minute; zero: never
	Revoked  time.Time // zero: not
}

const tokenColumns = `SELECT token_id, account_id, label, created_at, expires_at, last_used_at, revoked_at FROM api_token `

func scanToken(scan func(...any) error) (t Token, err error) {
	var used, revoked sql.NullTime
	err = scan(&t.ID, &t.Account, &t.Label, &t.Created, &t.Expires, &used, &revoked)
	t.LastUsed, t.Revoked = used.Time, revoked.Time
	return t, err
}

// IssueToken makes a token for the account that asks. The secret is given once.
func (c *Control) IssueToken(ctx context.Context, by Actor, label string, expires time.Time) (t Token, secret string, err error) {
	label = strings.TrimSpace(label)
	if n := utf8.RuneCountInString(label); n < 1 || n > 80 || !utf8.ValidString(label) || strings.ContainsFunc(label, unicode.IsControl) {
		return Token{}, "", ErrTokenWrong
	}
	expires = expires.UTC().Truncate(time.Microsecond)
	err = c.write(ctx, func(w *change) error {
		if err := w.allowed(by, IssueToken); err != nil {
			return err
		}
		if !expires.After(w.now) || expires.After(w.now.Add(tokenFor)) {
			return ErrTokenWrong
		}
		var n int
		_, err := w.scan(`SELECT count(*) FROM api_token WHERE account_id = ? AND revoked_at IS NULL AND expires_at > ?`, []any{by.account.ID, w.now}, &n)
		if err != nil {
			return err
		}
		if n >= tokens {
			return ErrTokenMany
		}
		secret = newToken(apiPrefix)
		t = Token{ID: newID(), Account: by.account.ID, Label: label, Created: w.now, Expires: expires}
		_, err = w.exec(`INSERT INTO api_token VALUES (?, ?, ?, ?, ?, ?, NULL, NULL)`, t.ID, digest(apiPrefix, secret), t.Account, t.Label, t.Created, t.Expires)
		if err != nil {
			return err
		}
		return w.log(by.String(), "token.issued", "token:"+t.ID, "expires="+t.Expires.Format(time.DateOnly))
	})
	if err != nil {
		return Token{}, "", err
	}
	return t, secret, nil
}

// ByToken gives who asks by an API token: an Actor that may upload for its account's State
// and see what became of it, and nothing else.
func (c *Control) ByToken(ctx context.Context, secret string) (Actor, error) {
	d := digest(apiPrefix, secret)
	if d == "" {
		return Actor{}, ErrTokenUnknown
	}
	found, err := list(ctx, c.db, tokenColumns+`WHERE token_sha256 = ?`, []any{d}, scanToken)
	if err != nil {
		return Actor{}, err
	}
	if len(found) == 0 {
		return Actor{}, ErrTokenUnknown
	}
	t, now := found[0], c.now()
	switch {
	case !t.Revoked.IsZero():
		return Actor{}, ErrTokenRevoked
	case !now.Before(t.Expires):
		return Actor{}, ErrTokenExpired
	}
	a, err := account(ctx, c.db, t.Account)
	if err != nil {
		return Actor{}, err
	}
	if a.Disabled {
		return Actor{}, ErrAccountDisabled
	}
	if now.Sub(t.LastUsed) >= seenEvery {
		err := c.write(ctx, func(w *change) error {
			_, err := w.exec(`UPDATE api_token SET last_used_at = ? WHERE token_id = ?`, now, t.ID)
			return err
		})
		if err != nil {
			return Actor{}, err
		}
	}
	return Actor{account: a, token: t.ID}, nil
}

// Tokens gives the tokens of an account, newest first: one's own, or any for who manages
// accounts.
func (c *Control) Tokens(ctx context.Context, by Actor, account string) ([]Token, error) {
	if err := c.allowedFor(ctx, by, account); err != nil {
		return nil, err
	}
	return list(ctx, c.db, tokenColumns+`WHERE account_id = ? ORDER BY created_at DESC, token_id`, []any{account}, scanToken)
}

// RevokeToken ends a token of an account by its ID.
func (c *Control) RevokeToken(ctx context.Context, by Actor, account, id string) error {
	return c.write(ctx, func(w *change) error {
		if err := w.allowedFor(by, account); err != nil {
			return err
		}
		found, err := list(w.ctx, w.tx, tokenColumns+`WHERE token_id = ? AND account_id = ?`, []any{id, account}, scanToken)
		switch {
		case err != nil:
			return err
		case len(found) == 0:
			return ErrTokenUnknown
		case !found[0].Revoked.IsZero():
			return nil
		}
		if _, err := w.exec(`UPDATE api_token SET revoked_at = ? WHERE token_id = ?`, w.now, id); err != nil {
			return err
		}
		return w.log(by.String(), "token.revoked", "token:"+id)
	})
}
