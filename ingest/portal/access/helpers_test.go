package access

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/pquerna/otp/totp"
)

// cheap parameters let the tests hash thousands of passwords.
var cheap = &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// TestMain: with WRITE_INTO set the test binary is another process that writes into the
// accounts of that name until it is killed, and says what was answered.
func TestMain(m *testing.M) {
	path := os.Getenv("WRITE_INTO")
	if path == "" {
		os.Exit(m.Run())
	}
	if err := writeForEver(path); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// clock is a clock that the test moves.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (k *clock) now() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.t
}

func (k *clock) pass(d time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.t = k.t.Add(d)
}

// house is a Control with a clock of its own.
type house struct {
	*Control
	t     testing.TB
	path  string
	clock *clock
	set   Settings
}

// template is an empty database: to copy it is faster than to make one for each test.
var template = sync.OnceValues(func() (_ []byte, err error) {
	dir, err := os.MkdirTemp("", "access")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "portal.duckdb")
	c, err := Open(context.Background(), path, Settings{argon: cheap})
	if err != nil {
		return nil, err
	}
	if err := c.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func newHouse(t testing.TB) *house {
	t.Helper()
	h := &house{t: t, path: filepath.Join(t.TempDir(), "portal.duckdb"), clock: &clock{t: time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)}}
	h.set = Settings{Now: h.clock.now, argon: cheap}
	empty, err := template()
	h.must(err)
	h.must(os.WriteFile(h.path, empty, 0o600))
	h.open()
	t.Cleanup(h.close)
	return h
}

func (h *house) open() {
	h.t.Helper()
	c, err := Open(context.Background(), h.path, h.set)
	if err != nil {
		h.t.Fatal(err)
	}
	h.Control = c
}

func (h *house) close() {
	if h.Control == nil {
		return
	}
	if err := h.Control.Close(); err != nil {
		h.t.Error(err)
	}
	h.Control = nil
}

func (h *house) reopen() { h.t.Helper(); h.close(); h.open() }

// raw changes the database behind the Control's back, while it is closed.
func (h *house) raw(queries ...string) {
	h.t.Helper()
	h.close()
	db, err := openDuckDB(context.Background(), h.path, "READ_WRITE")
	if err != nil {
		h.t.Fatal(err)
	}
	for _, q := range queries {
		if _, err := db.Exec(q); err != nil {
			h.t.Fatalf("%s: %v", q, err)
		}
	}
	if err := db.Close(); err != nil {
		h.t.Fatal(err)
	}
	h.open()
}

// must ends the test at an error.
func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// is compares an error with the refusal that is wanted; nil wants none.
func (h *house) is(err error, want *Refusal) {
	h.t.Helper()
	switch {
	case want == nil && err != nil:
		h.t.Fatalf("got %v, want no error", err)
	case want != nil && !errors.Is(err, want):
		h.t.Fatalf("got %v, want %s", err, want.Name)
	}
}

const secret = "una mañana sin prisa"

// account makes an account by an invitation.
func (h *house) account(name string, role Role, area string) Account {
	h.t.Helper()
	_, token, err := h.Invite(context.Background(), Operator(), Invitation{Role: role, RefArea: area, Lang: "es"})
	h.must(err)
	a, err := h.Accept(context.Background(), Acceptance{Token: token, Name: name, Password: secret})
	h.must(err)
	return a
}

func (h *house) ministry(name string) Account {
	h.t.Helper()
	return h.account(name, Ministry, "HND")
}

// signIn signs in by name and the usual password.
func (h *house) signIn(name string) SignedIn {
	h.t.Helper()
	in, err := h.SignIn(context.Background(), SignIn{Name: name, Password: secret})
	h.must(err)
	return in
}

// code is the code of a secret some steps from now.
func (h *house) code(secret string, steps int) string {
	h.t.Helper()
	code, err := totp.GenerateCode(secret, h.clock.now().Add(time.Duration(steps)*stepSeconds*time.Second))
	h.must(err)
	return code
}

// enrol sets up codes for a session that wants it.
func (h *house) enrol(in SignedIn) (secret string, recovery []string, out SignedIn) {
	h.t.Helper()
	e, err := h.EnrolTOTP(context.Background(), Step{Token: in.Token})
	h.must(err)
	recovery, out, err = h.ConfirmTOTP(context.Background(), Step{Token: in.Token, Code: h.code(e.Secret, 0)})
	h.must(err)
	return e.Secret, recovery, out
}

// administrator makes an administrator who is signed in.
func (h *house) administrator() Actor {
	h.t.Helper()
	h.account("admin-oas", Administrator, "")
	_, _, in := h.enrol(h.signIn("admin-oas"))
	return in.Session.Actor()
}

// sound checks the audit log.
func (h *house) sound() Anchor {
	h.t.Helper()
	last, err := h.Verify(context.Background())
	h.must(err)
	return last
}

// actions gives the actions of the audit log, oldest first.
func (h *house) actions() (out []string) {
	h.t.Helper()
	entries, err := h.Log(context.Background(), Operator(), 0, 1000)
	h.must(err)
	for _, e := range entries {
		out = append([]string{e.Action}, out...)
	}
	return out
}

// writeForEver signs in and out, and tells of each what the log said after it.
func writeForEver(path string) error {
	ctx := context.Background()
	checkpointAt = os.Getenv("CHECKPOINT_AT")
	c, err := Open(ctx, path, Settings{argon: cheap})
	if err != nil {
		return err
	}
	out := bufio.NewWriter(os.Stdout)
	for {
		in, err := c.SignIn(ctx, SignIn{Name: "min-hnd", Password: secret})
		if err != nil {
			return err
		}
		head, err := c.Head(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintln(out, head, in.Token)
		if err := out.Flush(); err != nil {
			return err
		}
	}
}
