package access

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/alexedwards/argon2id"
	"golang.org/x/time/rate"
)

// Settings of a Control. The zero value works.
type Settings struct {
	Now        func() time.Time // the clock; time.Now where nil
	Issuer     string           // what authenticator apps call the portal; tipstat where empty
	NeedCodes  []Role           // roles that need time-based codes; nil: statistician and administrator; empty: none
	Hashing    int              // passwords hashed at once; 0: as many as there are processors
	Invitation time.Duration    // how long an invitation lasts that names no expiry; 0: 7 days
	Session    time.Duration    // how long a session lasts at most; 0: 12 hours
	Idle       time.Duration    // how long a session lasts unused; 0: 30 minutes

	argon *argon2id.Params // tests have cheaper ones
}

// Bounds that are no settings.
const (
	stepFor      = 15 * time.Minute // a half session waits for its code
	seenEvery    = time.Minute      // last seen is written no more often
	deviceFor    = 180 * 24 * time.Hour
	devices      = 20 // known of one account
	tokenFor     = 366 * 24 * time.Hour
	tokens       = 20 // valid of one account
	writeFor     = 30 * time.Second
	hashQueue    = 64    // sign-ins that wait for their hash
	namesKnown   = 10000 // unknown names whose failures are counted
	addressKnown = 10000 // addresses whose attempts are counted
)

func (s Settings) withDefaults() Settings {
	if s.Now == nil {
		s.Now = time.Now
	}
	if s.Issuer == "" {
		s.Issuer = "tipstat"
	}
	if s.NeedCodes == nil {
		s.NeedCodes = []Role{Statistician, Administrator}
	}
	if s.Hashing <= 0 {
		s.Hashing = runtime.NumCPU()
	}
	if s.Invitation <= 0 {
		s.Invitation = 7 * 24 * time.Hour
	}
	if s.Session <= 0 {
		s.Session = 12 * time.Hour
	}
	if s.Idle <= 0 {
		s.Idle = 30 * time.Minute
	}
	if s.argon == nil {
		s.argon = argonParams
	}
	return s
}

func (s Settings) needsCode(r Role) bool { return slices.Contains(s.NeedCodes, r) }

// Control says who may come in and what they may do. It is safe for use by several
// goroutines.
type Control struct {
	db       *sql.DB
	path     string
	unlock   func()
	settings Settings

	writing chan struct{} // holds one token while a transaction writes; guards what follows
	head    Anchor        // the last row of the audit log
	stale   bool          // head has to be read again
	left    int           // refusals of unknown names that were not logged

	hasher    *hasher
	names     *attempts
	addresses *addresses
	strangers *rate.Limiter // rows of the audit log about unknown names
}

// Open opens the database of accounts at path, making it if there is none, and brings its
// tables up to date. One Control holds a file at a time; see [ErrInUse].
func Open(ctx context.Context, path string, s Settings) (_ *Control, err error) {
	s = s.withDefaults()
	unlock, err := claim(path)
	if err != nil {
		return nil, err
	}
	db, err := openFile(ctx, path)
	if err != nil {
		unlock()
		return nil, err
	}
	c := &Control{
		db: db, path: path, unlock: unlock, settings: s, stale: true,
		writing:   make(chan struct{}, 1),
		names:     newAttempts(),
		addresses: newAddresses(),
		strangers: rate.NewLimiter(1, 100),
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.Close())
		}
	}()
	if c.hasher, err = newHasher(s.argon, s.Hashing); err != nil {
		return nil, err
	}
	if c.head, err = lastRow(ctx, db); err != nil {
		return nil, fmt.Errorf("audit log of %s: %w", path, err)
	}
	c.stale = false
	if err := c.loadFailures(ctx); err != nil {
		return nil, fmt.Errorf("failures kept in %s: %w", path, err)
	}
	return c, nil
}

// Close closes the database.
func (c *Control) Close() error {
	defer c.unlock()
	return c.db.Close()
}

// now is the time as the database keeps it.
func (c *Control) now() time.Time { return c.settings.Now().UTC().Truncate(time.Microsecond) }

// Allow counts one attempt of an address, and refuses it with [ErrTooManyAttempts] where it
// had too many. Sign-in, codes and invitations ask it themselves; the portal asks it for what
// else a stranger may call, such as API tokens that are wrong. Addresses are kept in memory
// alone. An empty address is not counted.
func (c *Control) Allow(address string) error {
	if wait := c.addresses.take(address, c.now()); wait > 0 {
		return ErrTooManyAttempts.after(wait)
	}
	return nil
}
