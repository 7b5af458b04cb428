package access

import (
	"context"
	"slices"
	"time"

	"github.com/oas/tipstat/transform/record"
)

// Account is one person or office that may sign in.
type Account struct {
	ID       string
	Name     string // login name
	Role     Role
	RefArea  string // ISO 3166-1 alpha-3 of a ministry's State; empty for other roles
	Lang     string // en, es, pt or fr
	Disabled bool
	TOTP     bool // time-based codes are set up
	Created  time.Time
}

const accountColumns = `SELECT account_id, name, role, ref_area, lang, disabled, totp, created_at FROM account_now `

func (a *Account) columns() []any {
	return []any{&a.ID, &a.Name, &a.Role, &a.RefArea, &a.Lang, &a.Disabled, &a.TOTP, &a.Created}
}

// account reads an account by its ID.
func account(ctx context.Context, r reader, id string) (a Account, err error) {
	found, err := scan(ctx, r, accountColumns+`WHERE account_id = ?`, []any{id}, a.columns()...)
	if err == nil && !found {
		err = ErrAccountUnknown
	}
	return a, err
}

func (w *change) account(id string) (Account, error) { return account(w.ctx, w.tx, id) }

// mayNow tells whether an actor may do an action as things stand now: an account may have
// been disabled since its session was looked up.
func mayNow(ctx context.Context, r reader, by Actor, action Action) error {
	if !by.May(action, "") {
		return ErrForbidden
	}
	if by.operator {
		return nil
	}
	a, err := account(ctx, r, by.account.ID)
	if err != nil {
		return err
	}
	if !a.May(action, "") {
		return ErrForbidden
	}
	return nil
}

func (c *Control) allowed(ctx context.Context, by Actor, action Action) error {
	return mayNow(ctx, c.db, by, action)
}

func (w *change) allowed(by Actor, action Action) error { return mayNow(w.ctx, w.tx, by, action) }

// actionFor is what it takes to do something to an account: it may be one's own.
func (a Actor) actionFor(account string) Action {
	if a.account.ID != "" && a.account.ID == account {
		return ManageOwn
	}
	return ManageAccounts
}

func (c *Control) allowedFor(ctx context.Context, by Actor, account string) error {
	return c.allowed(ctx, by, by.actionFor(account))
}

func (w *change) allowedFor(by Actor, account string) error {
	if err := w.allowed(by, by.actionFor(account)); err != nil {
		return err
	}
	_, err := w.account(account)
	return err
}

// Accounts gives all accounts, by name, to who manages them.
func (c *Control) Accounts(ctx context.Context, by Actor) ([]Account, error) {
	if err := c.allowed(ctx, by, ManageAccounts); err != nil {
		return nil, err
	}
	return list(ctx, c.db, accountColumns+`ORDER BY name, account_id`, nil, func(scan func(...any) error) (a Account, err error) {
		return a, scan(a.columns()...)
	})
}

// Disable keeps an account out: its sessions end and its tokens open nothing. The last
// administrator who isn't disabled can't be.
func (c *Control) Disable(ctx context.Context, by Actor, id string) error {
	return c.write(ctx, func(w *change) error {
		if err := w.allowed(by, ManageAccounts); err != nil {
			return err
		}
		a, err := w.account(id)
		if err != nil || a.Disabled {
			return err
		}
		if a.Role == Administrator {
			var others bool
			_, err := w.scan(`SELECT count(*) > 0 FROM account WHERE role = ? AND NOT disabled AND account_id <> ?`, []any{string(Administrator), id}, &others)
			if err != nil {
				return err
			}
			if !others {
				return ErrLastAdministrator
			}
		}
		if err := w.all(id, `UPDATE account SET disabled = true WHERE account_id = ?`); err != nil {
			return err
		}
		if err := w.endSessions(id, ""); err != nil {
			return err
		}
		return w.log(by.String(), "account.disabled", "account:"+id)
	})
}

// Enable lets a disabled account in again.
func (c *Control) Enable(ctx context.Context, by Actor, id string) error {
	return c.write(ctx, func(w *change) error {
		if err := w.allowed(by, ManageAccounts); err != nil {
			return err
		}
		a, err := w.account(id)
		if err != nil || !a.Disabled {
			return err
		}
		if err := w.all(id, `UPDATE account SET disabled = false WHERE account_id = ?`); err != nil {
			return err
		}
		return w.log(by.String(), "account.enabled", "account:"+id)
	})
}

// SetLang sets the language of an account.
func (c *Control) SetLang(ctx context.Context, by Actor, id, lang string) error {
	if !slices.Contains(record.Languages, lang) {
		return ErrLanguage
	}
	return c.write(ctx, func(w *change) error {
		if err := w.allowedFor(by, id); err != nil {
			return err
		}
		if _, err := w.exec(`UPDATE account SET lang = ? WHERE account_id = ?`, lang, id); err != nil {
			return err
		}
		return w.log(by.String(), "account.language", "account:"+id, "lang="+lang)
	})
}
