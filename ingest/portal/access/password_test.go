package access

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestNewPassword(t *testing.T) {
	for _, tc := range []struct {
		password string
		want     *Refusal
	}{
		{"la lluvia cae lenta", nil},
		{"correct horse battery staple", nil},
		{"xK9#mQ2$vL7p", nil},
		{"鳥が山の上を静かに飛んで行く", nil},
		{strings.Repeat("ab cd ef ", 14), nil},
		{"", ErrPasswordShort},
		{"elevenchars", ErrPasswordShort},
		{"ñandúñandú!", ErrPasswordShort}, // counted in characters, not bytes
		{strings.Repeat("ab cd ef ", 15), ErrPasswordLong},
		{strings.Repeat("x", 1<<20), ErrPasswordLong},
		{"twelve\x00chars!", ErrPasswordInvalid},
		{"twelve\nchars!", ErrPasswordInvalid},
		{"twelve \xff chars", ErrPasswordInvalid},
		{"Ministerio-HND", ErrPasswordIsName},
		{"ministerio-hnd", ErrPasswordIsName},
		{"ministerio-hnd2026", ErrPasswordCommon},
		{"123456789012", ErrPasswordCommon},
		{"abcdefghijklmno", ErrPasswordCommon},
		{"zyxwvutsrqpon", ErrPasswordCommon},
		{"passwordpassword", ErrPasswordCommon},
		{"Password1234!", ErrPasswordCommon},
		{"¡Contraseña2026!", ErrPasswordCommon},
		{"2026-tipstat-2026", ErrPasswordCommon},
		{"motdepasse1234", ErrPasswordCommon},
		{"aaaaaaaaaaaaaaaa", ErrPasswordCommon},
		{"1a21a21a21a21a2", ErrPasswordCommon},
		{"1qaz2wsx1qaz2wsx", ErrPasswordCommon},
		{"qwertyuiop123456", ErrPasswordCommon},
		{"111111222222333333", ErrPasswordCommon},
	} {
		_, err := newPassword(tc.password, "ministerio-hnd")
		if tc.want == nil && err != nil || tc.want != nil && !errors.Is(err, tc.want) {
			t.Errorf("%.40q: %v, want %v", tc.password, err, tc.want)
		}
	}
}

// TestSamePassword: a password is the same however a keyboard makes its accents and blanks.
func TestSamePassword(t *testing.T) {
	h := newHouse(t)
	h.ministry("min-hnd")
	for _, p := range []string{secret, "una man\u0303ana sin prisa", "una\u00a0mañana\u3000sin prisa"} {
		if _, err := h.SignIn(t.Context(), SignIn{Name: "min-hnd", Password: p}); err != nil {
			t.Errorf("%q: %v", p, err)
		}
	}
	for _, p := range []string{strings.ToUpper(secret), secret + " ", secret[1:], ""} {
		if _, err := h.SignIn(t.Context(), SignIn{Name: "min-hnd", Password: p}); !errors.Is(err, ErrCredentials) {
			t.Errorf("%q: %v", p, err)
		}
	}
}

// phc gives the stored hash of the only password.
func (h *house) phc() (phc string) {
	h.t.Helper()
	h.must(h.db.QueryRow(`SELECT phc FROM password`).Scan(&phc))
	return phc
}

func TestRehash(t *testing.T) {
	h := newHouse(t)
	h.ministry("min-hnd")
	was := h.phc()
	if !strings.HasPrefix(was, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Fatalf("hash %q", was)
	}
	h.signIn("min-hnd")
	if h.phc() != was {
		t.Error("hashed anew without need")
	}
	h.set.argon = nil
	h.reopen()
	if _, err := h.SignIn(t.Context(), SignIn{Name: "min-hnd", Password: "not this one"}); !errors.Is(err, ErrCredentials) || h.phc() != was {
		t.Errorf("%v, or hashed anew for a wrong password", err)
	}
	h.signIn("min-hnd")
	if now := h.phc(); !strings.HasPrefix(now, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash %q", now)
	}
	h.signIn("min-hnd")
}

// TestHashBroken: a hash that someone has tampered with is an error, and no panic.
func TestHashBroken(t *testing.T) {
	for _, phc := range []string{
		"x", "$argon2id$v=19$m=64,t=0,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"$argon2id$v=19$m=64,t=1,p=0$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"$argon2id$v=19$m=4294967295,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"$argon2id$v=19$m=64,t=1,p=1$$", "$argon2i$v=19$m=64,t=1,p=1$AAAA$AAAA",
	} {
		h := newHouse(t)
		h.ministry("min-hnd")
		h.raw(`UPDATE password SET phc = '` + phc + `'`)
		_, err := h.SignIn(t.Context(), SignIn{Name: "min-hnd", Password: secret})
		var r *Refusal
		if err == nil || errors.As(err, &r) {
			t.Errorf("%s: %v", phc, err)
		}
	}
}

// TestSameTime: who is unknown, is disabled or has no password takes as long as who is known.
func TestSameTime(t *testing.T) {
	h := newHouse(t)
	h.set.argon = nil
	h.reopen()
	h.ministry("known")
	h.must(h.Disable(t.Context(), Operator(), h.ministry("disabled").ID))
	h.ministry("provider")
	h.raw(`DELETE FROM password WHERE account_id = (SELECT account_id FROM account WHERE name = 'provider')`)
	fastest := map[string]time.Duration{}
	for range 6 {
		h.clock.pass(longestWait)
		for _, name := range []string{"known", "disabled", "provider", "unknown"} {
			began := time.Now()
			_, err := h.SignIn(t.Context(), SignIn{Name: name, Password: "this is not it"})
			h.is(err, ErrCredentials)
			if d := time.Since(began); fastest[name] == 0 || d < fastest[name] {
				fastest[name] = d
			}
		}
	}
	for name, d := range fastest {
		if d < fastest["known"]/3 || d > 3*fastest["known"] {
			t.Errorf("%s took %s, known %s", name, d, fastest["known"])
		}
	}
}

// TestHashingBounded: many at once wait for their turn, more than that are told to come
// again, and memory does not grow with them.
func TestHashingBounded(t *testing.T) {
	hs, err := newHasher(cheap, 1)
	if err != nil {
		t.Fatal(err)
	}
	hs.slots <- struct{}{} // one that is being hashed
	errs := make(chan error)
	for range hashQueue + 10 {
		go func() {
			_, err := hs.hash(t.Context(), secret)
			errs <- err
		}()
	}
	for range 10 {
		var r *Refusal
		if err := <-errs; !errors.As(err, &r) || r.Name != "busy" || r.RetryAfter < time.Second {
			t.Errorf("got %v", err)
		}
	}
	<-hs.slots
	for range hashQueue {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

func FuzzPassword(f *testing.F) {
	f.Add("la lluvia cae lenta", "name")
	f.Add("\xff", "")
	f.Add(strings.Repeat("ab", 64), "ab")
	f.Fuzz(func(t *testing.T, password, name string) {
		if n, err := preparedName(name); err == nil {
			if again, err := preparedName(n); err != nil || again != n {
				t.Errorf("name %q is %q, then %q, %v", name, n, again, err)
			}
		}
		p, err := newPassword(password, name)
		if err != nil {
			return
		}
		if again, err := prepared(p); err != nil || again != p {
			t.Errorf("password %q is %q, then %q, %v", password, p, again, err)
		}
	})
}
