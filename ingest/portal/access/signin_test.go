package access

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// wait gives the time of a refusal that says to wait.
func (h *house) wait(err error, want *Refusal) time.Duration {
	h.t.Helper()
	h.is(err, want)
	var r *Refusal
	if !errors.As(err, &r) {
		h.t.Fatal(err)
	}
	return r.RetryAfter
}

// TestLockOut: a known name and an unknown one answer alike, so that neither tells that it is
// there; the wait doubles up to 15 minutes, also over a restart for who is known.
func TestLockOut(t *testing.T) {
	for name, restart := range map[string]bool{"known": false, "unknown": false, "known, restarted": true} {
		t.Run(name, func(t *testing.T) {
			h, ctx := newHouse(t), t.Context()
			login := "unknown"
			if name != login {
				login = h.ministry("min-hnd").Name
			}
			try := func() error {
				_, err := h.SignIn(ctx, SignIn{Name: login, Password: "guess guess guess"})
				return err
			}
			for range 4 {
				h.is(try(), ErrCredentials)
			}
			want := []time.Duration{15, 30, 60, 120, 240, 480, 900, 900, 900}
			for _, w := range want {
				h.is(try(), ErrCredentials)
				if restart {
					h.reopen()
				}
				if got := h.wait(try(), ErrLocked); got != w*time.Second {
					t.Errorf("wait %s, want %s", got, w*time.Second)
				}
				h.clock.pass(w*time.Second - time.Millisecond)
				h.wait(try(), ErrLocked)
				h.clock.pass(time.Millisecond)
			}
			for range lastFailure - 4 - len(want) {
				h.is(try(), ErrCredentials)
				h.clock.pass(longestWait)
			}
			if got := h.wait(try(), ErrLockedUntilReset); got != 0 {
				t.Errorf("wait %s", got)
			}
			h.clock.pass(1000 * time.Hour)
			h.is(try(), ErrLockedUntilReset)
			if login == "unknown" {
				return
			}
			_, err := h.SignIn(ctx, SignIn{Name: login, Password: secret})
			h.is(err, ErrLockedUntilReset)
			all, err := h.Accounts(ctx, Operator())
			h.must(err)
			_, token, err := h.Reset(ctx, Operator(), all[0].ID)
			h.must(err)
			_, err = h.Accept(ctx, Acceptance{Token: token, Password: secret})
			h.must(err)
			h.signIn(login)
			h.sound()
		})
	}
}

// TestSuccessForgets: a sign-in that succeeds ends the row of failures.
func TestSuccessForgets(t *testing.T) {
	h := newHouse(t)
	h.ministry("min-hnd")
	for range 5 {
		for range 4 {
			_, err := h.SignIn(t.Context(), SignIn{Name: "min-hnd", Password: "guess guess guess"})
			h.is(err, ErrCredentials)
		}
		h.signIn("min-hnd")
		h.reopen()
	}
}

// TestStrangerLocksNobodyOut: while others' guesses lock the name, the session goes on, and
// so does the browser that signed in before; elsewhere the name has to wait.
func TestStrangerLocksNobodyOut(t *testing.T) {
	h, ctx := newHouse(t), t.Context()
	h.ministry("min-hnd")
	in := h.signIn("min-hnd")
	for range 5 {
		_, err := h.SignIn(ctx, SignIn{Name: "min-hnd", Password: "guess guess guess", Device: newToken(devicePrefix)})
		h.is(err, ErrCredentials)
	}
	_, err := h.Session(ctx, in.Token)
	h.must(err)
	h.must(h.ChangePassword(ctx, in.Session.Actor(), secret, "otra contraseña larga"))
	_, err = h.SignIn(ctx, SignIn{Name: "min-hnd", Password: "otra contraseña larga"})
	h.is(err, ErrLocked)
	// The change of password forgot the devices; the next sign-in makes one known again.
	h.clock.pass(time.Minute)
	in, err = h.SignIn(ctx, SignIn{Name: "min-hnd", Password: "otra contraseña larga"})
	h.must(err)
	for range 5 {
		_, err := h.SignIn(ctx, SignIn{Name: "min-hnd", Password: "guess guess guess"})
		h.is(err, ErrCredentials)
	}
	again, err := h.SignIn(ctx, SignIn{Name: "min-hnd", Password: "otra contraseña larga", Device: in.Device})
	h.must(err)
	if again.Device != in.Device {
		t.Error("a known device has a new token")
	}
	// The device has an allowance of its own, and no more than that.
	for range 5 {
		_, err := h.SignIn(ctx, SignIn{Name: "min-hnd", Password: "guess guess guess", Device: in.Device})
		h.is(err, ErrCredentials)
	}
	_, err = h.SignIn(ctx, SignIn{Name: "min-hnd", Password: "otra contraseña larga", Device: in.Device})
	h.is(err, ErrLocked)
	// And is no device of another account.
	h.ministry("min-gtm")
	for range 5 {
		_, err := h.SignIn(ctx, SignIn{Name: "min-gtm", Password: "guess guess guess", Device: in.Device})
		h.is(err, ErrCredentials)
	}
	_, err = h.SignIn(ctx, SignIn{Name: "min-gtm", Password: secret, Device: in.Device})
	h.is(err, ErrLocked)
}

// TestManyGuessesAtOnce: guesses in parallel gain nothing over guesses in a row.
func TestManyGuessesAtOnce(t *testing.T) {
	h := newHouse(t)
	h.ministry("min-hnd")
	var wg sync.WaitGroup
	var mu sync.Mutex
	count := map[string]int{}
	for i := range 60 {
		wg.Go(func() {
			_, err := h.SignIn(context.Background(), SignIn{Name: "min-hnd", Password: fmt.Sprintf("guess guess guess %d", i)})
			var r *Refusal
			if !errors.As(err, &r) {
				t.Error(err)
				return
			}
			mu.Lock()
			count[r.Name]++
			mu.Unlock()
		})
	}
	wg.Wait()
	if count["credentials-wrong"] != freeFailures || count["sign-in-locked"] != 60-freeFailures {
		t.Errorf("answers %v", count)
	}
	h.sound()
}

// TestUnderWay: attempts that are not known to be right count as failures.
func TestUnderWay(t *testing.T) {
	h := newHouse(t)
	now := h.now()
	for range freeFailures {
		h.must(h.names.begin("x", now))
	}
	h.is(h.names.begin("x", now), ErrLocked)
	h.names.settle("x", false, now)
	h.is(h.names.begin("x", now), nil)
	for range freeFailures {
		h.names.settle("x", true, now)
	}
	h.is(h.names.begin("x", now), ErrLocked)
	now = now.Add(firstWait)
	h.is(h.names.begin("x", now), nil) // one at a time
	h.is(h.names.begin("x", now), ErrLocked)
}

// TestChangedMeanwhile: what happens to an account while its password is hashed holds.
func TestChangedMeanwhile(t *testing.T) {
	for name, tc := range map[string]struct {
		do   string
		want *Refusal
	}{
		"nothing":  {`SELECT 1`, nil},
		"disabled": {`UPDATE account SET disabled = true`, ErrCredentials},
		"password": {`UPDATE password SET phc = phc || 'x'`, ErrCredentials},
		"removed":  {`DELETE FROM account`, ErrCredentials},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.set.Hashing = 1
			h.reopen()
			h.ministry("min-hnd")
			h.hasher.slots <- struct{}{} // another is being hashed
			done := make(chan error)
			go func() {
				_, err := h.SignIn(context.Background(), SignIn{Name: "min-hnd", Password: secret})
				done <- err
			}()
			for h.hasher.waiting.Load() == 0 {
				time.Sleep(time.Millisecond)
			}
			_, err := h.db.Exec(tc.do)
			h.must(err)
			<-h.hasher.slots
			h.is(<-done, tc.want)
		})
	}
}

// TestManySignInsAtOnce: many accounts sign in at once, each has its session, and the log is
// whole.
func TestManySignInsAtOnce(t *testing.T) {
	h := newHouse(t)
	const n = 20
	for i := range n {
		h.ministry(fmt.Sprintf("min-%02d", i))
	}
	before := h.sound().Seq
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			name := fmt.Sprintf("min-%02d", i)
			for range 3 {
				in, err := h.SignIn(context.Background(), SignIn{Name: name, Password: secret})
				if err != nil {
					t.Error(err)
					return
				}
				s, err := h.Session(context.Background(), in.Token)
				if err != nil || s.Account.Name != name || !s.Actor().May(Upload, "HND") {
					t.Errorf("%+v, %v", s, err)
				}
			}
		})
	}
	wg.Wait()
	if last := h.sound(); last.Seq != before+3*n {
		t.Errorf("%d rows, want %d", last.Seq, before+3*n)
	}
}

// TestDroppedConnection: who goes away in the middle doesn't get the failure off the count,
// nor out of the log, whenever that is; and leaves nothing half done.
func TestDroppedConnection(t *testing.T) {
	h := newHouse(t)
	a := h.ministry("min-hnd")
	key := accountKey(a.ID)
	for i := range 60 {
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(time.Duration(i)*100*time.Microsecond, cancel)
		_, err := h.SignIn(ctx, SignIn{Name: "min-hnd", Password: "guess guess guess"})
		cancel()
		var r *Refusal
		if !errors.As(err, &r) && !errors.Is(err, context.Canceled) && !strings.Contains(err.Error(), "INTERRUPT") {
			t.Error(err)
		}
		if now := h.names.of[key]; now != nil && now.pending != 0 {
			t.Fatalf("%d attempts under way", now.pending)
		}
		h.clock.pass(longestWait)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	h.must(h.names.begin(key, h.now()))
	h.is(h.failed(ctx, key, holder{Account: a}, "password"), ErrCredentials)
	counted, refused := h.names.of[key].failures, 0
	for _, action := range h.actions() {
		if action == "sign-in.refused" {
			refused++
		}
	}
	var kept int
	h.must(h.db.QueryRow(`SELECT failures FROM sign_in_failure`).Scan(&kept))
	if counted < 1 || refused != counted || kept != counted {
		t.Errorf("%d counted, %d logged, %d kept", counted, refused, kept)
	}
	h.sound()
	h.clock.pass(longestWait)
	h.signIn("min-hnd")
}

func TestAddress(t *testing.T) {
	h, ctx := newHouse(t), t.Context()
	h.ministry("min-hnd")
	try := func(address string) error {
		_, err := h.SignIn(ctx, SignIn{Name: "min-hnd", Password: secret, Address: address})
		return err
	}
	for range addressBurst {
		h.is(try("192.0.2.7:4711"), nil)
	}
	if got := h.wait(try("192.0.2.7:4712"), ErrTooManyAttempts); got != addressEvery {
		t.Errorf("wait %s", got)
	}
	h.is(try("::ffff:192.0.2.7"), ErrTooManyAttempts) // the same address
	h.is(try("192.0.2.8"), nil)
	h.is(try(""), nil)
	_, err := h.Invitation(ctx, newToken(invitationPrefix), "192.0.2.7")
	h.is(err, ErrTooManyAttempts)
	_, err = h.VerifyCode(ctx, Step{Token: newToken(sessionPrefix), Address: "192.0.2.7"})
	h.is(err, ErrTooManyAttempts)
	h.clock.pass(addressEvery)
	h.is(try("192.0.2.7"), nil)
	h.is(try("192.0.2.7"), ErrTooManyAttempts)
	// All addresses of one network of IPv6 are one.
	for i := range addressBurst {
		h.is(h.Allow(fmt.Sprintf("[2001:db8::%x]:443", i+1)), nil)
	}
	h.is(h.Allow("2001:db8::ffff"), ErrTooManyAttempts)
	h.is(h.Allow("2001:db8:0:1::1"), nil)
}

// TestMemoryBounded: neither addresses nor unknown names can fill the memory.
func TestMemoryBounded(t *testing.T) {
	h := newHouse(t)
	now := h.now()
	for i := range 2 * addressKnown {
		h.addresses.take(fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255), now)
	}
	if n := len(h.addresses.known); n > addressKnown {
		t.Errorf("%d addresses", n)
	}
	h.is(h.Allow("192.0.2.1"), ErrTooManyAttempts) // the shared allowance is used up
	h.clock.pass(time.Hour)
	h.is(h.Allow("192.0.2.1"), nil)
	for i := range 2 * namesKnown {
		key := strangerKey(fmt.Sprint(i))
		h.must(h.names.begin(key, now))
		h.names.settle(key, true, now)
	}
	if n := len(h.names.of); n > namesKnown || len(h.names.order) > namesKnown {
		t.Errorf("%d names, %d in order", n, len(h.names.order))
	}
}

// TestStrangersDontFillTheLog: beyond one a second, failures of unknown names are counted.
func TestStrangersDontFillTheLog(t *testing.T) {
	h := newHouse(t)
	for i := range 150 {
		_, err := h.SignIn(t.Context(), SignIn{Name: fmt.Sprintf("unknown-%d", i), Password: "guess guess guess"})
		h.is(err, ErrCredentials)
	}
	if n := h.sound().Seq; n != 100 {
		t.Errorf("%d rows", n)
	}
	h.clock.pass(time.Second)
	_, err := h.SignIn(t.Context(), SignIn{Name: "unknown", Password: "guess guess guess"})
	h.is(err, ErrCredentials)
	entries, err := h.Log(t.Context(), Operator(), 0, 1)
	h.must(err)
	if entries[0].Detail != "wrong=name left-out=50" {
		t.Errorf("%+v", entries[0])
	}
}

func TestChangePassword(t *testing.T) {
	h, ctx := newHouse(t), t.Context()
	h.ministry("min-hnd")
	in, other := h.signIn("min-hnd"), h.signIn("min-hnd")
	by := in.Session.Actor()
	h.is(h.ChangePassword(ctx, by, "not this one!", "otra contraseña larga"), ErrCredentials)
	h.is(h.ChangePassword(ctx, by, secret, "short"), ErrPasswordShort)
	h.is(h.ChangePassword(ctx, Operator(), secret, "otra contraseña larga"), ErrForbidden)
	h.is(h.ChangePassword(ctx, Actor{}, secret, "otra contraseña larga"), ErrForbidden)
	h.must(h.ChangePassword(ctx, by, secret, "otra contraseña larga"))
	_, err := h.Session(ctx, in.Token)
	h.must(err)
	_, err = h.Session(ctx, other.Token)
	h.is(err, ErrNoSession)
	for range 4 {
		h.is(h.ChangePassword(ctx, by, secret, "y otra más, por fin"), ErrCredentials)
	}
	h.is(h.ChangePassword(ctx, by, secret, "y otra más, por fin"), ErrCredentials)
	h.is(h.ChangePassword(ctx, by, "otra contraseña larga", "y otra más, por fin"), ErrLocked)
	if got := h.actions(); !slices.Contains(got, "password.changed") {
		t.Errorf("log %q", got)
	}
}
