package access

import (
	"context"
	"database/sql"
	"strings"
	"sync"
	"time"
)

// Failures in a row after which a name has to wait, the first and the longest time, and after
// how many its password is no longer taken (NIST SP 800-63B-4, 3.2.2).
const (
	freeFailures = 5
	firstWait    = 15 * time.Second
	longestWait  = 15 * time.Minute
	lastFailure  = 100
)

// waitAfter is how long a name has to wait after so many failures.
func waitAfter(failures int) time.Duration {
	if failures < freeFailures {
		return 0
	}
	wait := firstWait
	for range failures - freeFailures {
		if wait *= 2; wait >= longestWait {
			return longestWait
		}
	}
	return wait
}

// attempts counts failures in a row: of accounts, of names that are no account's, so that
// they can't be told apart, and of known devices. Attempts under way count as failures until
// they are known not to be, so that many at once gain nothing.
type attempts struct {
	mu    sync.Mutex
	of    map[string]*attempt
	order []string // keys of names that are no account's and of devices, oldest first
}

type attempt struct {
	failures, pending int
	last              time.Time
}

func newAttempts() *attempts { return &attempts{of: map[string]*attempt{}} }

// The keys.
func accountKey(id string) string    { return "account:" + id }
func strangerKey(name string) string { return "name:" + sum(name) }
func deviceKey(digest string) string { return "device:" + digest }

// begin counts an attempt, or refuses it. Whoever began has to settle.
func (a *attempts) begin(key string, now time.Time) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	t := a.of[key]
	if t == nil {
		t = &attempt{}
		a.of[key] = t
		a.remember(key)
	}
	if t.failures >= lastFailure {
		return ErrLockedUntilReset
	}
	if n := t.failures + t.pending; n >= freeFailures {
		if t.pending > 0 {
			return ErrLocked.after(0)
		}
		// A clock that was set back makes nobody wait longer than the longest time.
		if wait := min(t.last.Add(waitAfter(t.failures)).Sub(now), longestWait); wait > 0 {
			return ErrLocked.after(wait)
		}
	}
	t.pending++
	return nil
}

// remember keeps the number of strangers in bounds.
func (a *attempts) remember(key string) {
	if strings.HasPrefix(key, "account:") {
		return // as many as there are accounts
	}
	a.order = append(a.order, key)
	for range len(a.order) {
		if len(a.order) <= namesKnown {
			return
		}
		oldest := a.order[0]
		a.order = a.order[1:]
		if t := a.of[oldest]; t != nil && t.pending > 0 {
			a.order = append(a.order, oldest)
			continue
		}
		delete(a.of, oldest)
	}
}

// settle ends an attempt, and gives the failures in a row.
func (a *attempts) settle(key string, failed bool, now time.Time) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	t := a.of[key]
	if t == nil { // forgotten meanwhile
		return 0
	}
	t.pending = max(t.pending-1, 0)
	if failed {
		t.failures++
		t.last = now
	}
	return t.failures
}

// forget ends a row of failures.
func (a *attempts) forget(key string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if t := a.of[key]; t != nil {
		t.failures = 0
	}
}

// loadFailures takes up the failures of accounts where the last process left them.
func (c *Control) loadFailures(ctx context.Context) error {
	type row struct {
		id   string
		n    int
		last time.Time
	}
	rows, err := list(ctx, c.db, `SELECT account_id, failures, last_at FROM sign_in_failure ORDER BY account_id`, nil, func(scan func(...any) error) (r row, err error) {
		return r, scan(&r.id, &r.n, &r.last)
	})
	for _, r := range rows {
		c.names.of[accountKey(r.id)] = &attempt{failures: r.n, last: r.last}
	}
	return err
}

// keepFailures writes the failures of an account down. Two that fail at once may write in
// either order.
func (w *change) keepFailures(account string, failures int) error {
	n, err := w.exec(`UPDATE sign_in_failure SET failures = greatest(failures, ?), last_at = ? WHERE account_id = ?`, failures, w.now, account)
	if err != nil || n > 0 {
		return err
	}
	_, err = w.exec(`INSERT INTO sign_in_failure VALUES (?, ?, ?)`, account, failures, w.now)
	return err
}

func (w *change) dropFailures(account string) error {
	_, err := w.exec(`DELETE FROM sign_in_failure WHERE account_id = ?`, account)
	return err
}

// isDevice tells whether an account has signed in on a device before.
func isDevice(ctx context.Context, r reader, account, digest string, now time.Time) (bool, error) {
	if digest == "" {
		return false, nil
	}
	var seen sql.NullTime
	_, err := scan(ctx, r, `SELECT max(seen_at) FROM device WHERE device_sha256 = ? AND account_id = ?`, []any{digest, account}, &seen)
	return err == nil && seen.Valid && now.Sub(seen.Time) < deviceFor, err
}

// knowDevice remembers the device of a sign-in that is complete, and gives the token of a new
// one where it was not known.
func (w *change) knowDevice(account, token string) (string, error) {
	d := digest(devicePrefix, token)
	known, err := isDevice(w.ctx, w.tx, account, d, w.now)
	if err != nil {
		return "", err
	}
	if known {
		_, err := w.exec(`UPDATE device SET seen_at = ? WHERE device_sha256 = ? AND account_id = ?`, w.now, d, account)
		return token, err
	}
	if d == "" {
		token = newToken(devicePrefix)
		d = digest(devicePrefix, token)
	}
	if _, err := w.exec(`DELETE FROM device WHERE seen_at < ?`, w.now.Add(-deviceFor)); err != nil {
		return "", err
	}
	_, err = w.exec(`DELETE FROM device WHERE account_id = $1 AND device_sha256 IN (
		SELECT device_sha256 FROM device WHERE account_id = $1 ORDER BY seen_at DESC, device_sha256 OFFSET $2)`, account, devices-1)
	if err != nil {
		return "", err
	}
	_, err = w.exec(`INSERT INTO device VALUES (?, ?, ?)`, d, account, w.now)
	return token, err
}
