package access

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestSession(t *testing.T) {
	for name, tc := range map[string]struct {
		do   func(h *house, in SignedIn) string
		want *Refusal
	}{
		"stands":                {do: func(_ *house, in SignedIn) string { return in.Token }},
		"survives a restart":    {do: func(h *house, in SignedIn) string { h.reopen(); return in.Token }},
		"idle, nearly":          {do: func(h *house, in SignedIn) string { h.clock.pass(30*time.Minute - 1000); return in.Token }},
		"idle":                  {do: func(h *house, in SignedIn) string { h.clock.pass(30 * time.Minute); return in.Token }, want: ErrSessionExpired},
		"unknown":               {do: func(*house, SignedIn) string { return newToken(sessionPrefix) }, want: ErrNoSession},
		"none":                  {do: func(*house, SignedIn) string { return "" }, want: ErrNoSession},
		"its hash":              {do: func(_ *house, in SignedIn) string { return sum(in.Token) }, want: ErrNoSession},
		"its ID":                {do: func(_ *house, in SignedIn) string { return in.Session.ID }, want: ErrNoSession},
		"cut":                   {do: func(_ *house, in SignedIn) string { return in.Token[:20] }, want: ErrNoSession},
		"in capitals":           {do: func(_ *house, in SignedIn) string { return "ses_" + strings.ToUpper(in.Token[4:]) }, want: ErrNoSession},
		"the token of a device": {do: func(_ *house, in SignedIn) string { return in.Device }, want: ErrNoSession},
		"signed out":            {do: func(h *house, in SignedIn) string { h.must(h.SignOut(t.Context(), in.Token)); return in.Token }, want: ErrNoSession},
		"signed out, restarted": {do: func(h *house, in SignedIn) string {
			h.must(h.SignOut(t.Context(), in.Token))
			h.reopen()
			return in.Token
		}, want: ErrNoSession},
		"after signing in again": {do: func(h *house, in SignedIn) string { h.again(in); return in.Token }, want: ErrNoSession},
		"the one of it":          {do: func(h *house, in SignedIn) string { return h.again(in).Token }},
		"disabled": {do: func(h *house, in SignedIn) string {
			h.must(h.Disable(t.Context(), Operator(), in.Session.Account.ID))
			return in.Token
		}, want: ErrNoSession},
		"disabled by other hands": {do: func(h *house, in SignedIn) string {
			h.raw(`UPDATE account SET disabled = true`)
			return in.Token
		}, want: ErrNoSession},
		"used for 12 hours, nearly": {do: func(h *house, in SignedIn) string { h.use(in, 12*time.Hour-time.Minute); return in.Token }},
		"used for 12 hours":         {do: func(h *house, in SignedIn) string { h.use(in, 12*time.Hour); return in.Token }, want: ErrSessionExpired},
		"ended by its ID": {do: func(h *house, in SignedIn) string {
			h.must(h.EndSession(t.Context(), in.Session.Actor(), in.Session.Account.ID, in.Session.ID))
			return in.Token
		}, want: ErrNoSession},
		"all ended by another": {do: func(h *house, in SignedIn) string {
			h.must(h.EndSessions(t.Context(), h.signIn("min-hnd").Session.Actor(), in.Session.Account.ID))
			return in.Token
		}, want: ErrNoSession},
		"all others ended": {do: func(h *house, in SignedIn) string {
			h.must(h.EndSessions(t.Context(), in.Session.Actor(), in.Session.Account.ID))
			return in.Token
		}},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.ministry("min-hnd")
			token := tc.do(h, h.signIn("min-hnd"))
			s, err := h.Session(t.Context(), token)
			h.is(err, tc.want)
			if may := s.Actor().May(Upload, "HND"); may != (tc.want == nil) {
				t.Errorf("may upload: %v", may)
			}
			h.sound()
		})
	}
}

// again signs in from a browser that has a session.
func (h *house) again(in SignedIn) SignedIn {
	h.t.Helper()
	out, err := h.SignIn(h.t.(*testing.T).Context(), SignIn{Name: in.Session.Account.Name, Password: secret, Previous: in.Token})
	h.must(err)
	return out
}

// use uses a session every 20 minutes for some time.
func (h *house) use(in SignedIn, d time.Duration) {
	h.t.Helper()
	for d > 0 {
		_, err := h.Session(h.t.(*testing.T).Context(), in.Token)
		h.must(err)
		step := min(20*time.Minute, d)
		h.clock.pass(step)
		d -= step
	}
}

// TestLastSeen is written at most once a minute.
func TestLastSeen(t *testing.T) {
	h := newHouse(t)
	h.ministry("min-hnd")
	in := h.signIn("min-hnd")
	seen := func() (at time.Time) {
		h.must(h.db.QueryRow(`SELECT last_seen_at FROM session`).Scan(&at))
		return at
	}
	was := seen()
	for _, tc := range []struct{ pass, later time.Duration }{{59 * time.Second, 0}, {time.Second, time.Minute}, {30 * time.Second, 0}, {time.Minute, 90 * time.Second}} {
		h.clock.pass(tc.pass)
		if _, err := h.Session(t.Context(), in.Token); err != nil {
			t.Fatal(err)
		}
		if now := seen(); now.Sub(was) != tc.later {
			t.Errorf("later by %s, want %s", now.Sub(was), tc.later)
		}
		was = seen()
	}
}

func TestSessions(t *testing.T) {
	h, ctx := newHouse(t), t.Context()
	a, b := h.ministry("min-hnd"), h.ministry("min-gtm")
	h.signIn("min-hnd")
	h.clock.pass(20 * time.Minute)
	second, other := h.signIn("min-hnd"), h.signIn("min-gtm")
	all, err := h.Sessions(ctx, second.Session.Actor(), a.ID)
	h.must(err)
	if len(all) != 2 || all[0].ID != second.Session.ID {
		t.Errorf("sessions %+v", all)
	}
	h.clock.pass(20 * time.Minute)
	all, err = h.Sessions(ctx, Operator(), a.ID)
	h.must(err)
	if len(all) != 1 {
		t.Errorf("sessions %+v", all)
	}
	// Nobody else's.
	_, err = h.Sessions(ctx, other.Session.Actor(), a.ID)
	h.is(err, ErrForbidden)
	h.is(h.EndSession(ctx, other.Session.Actor(), a.ID, second.Session.ID), ErrForbidden)
	h.is(h.EndSession(ctx, other.Session.Actor(), b.ID, second.Session.ID), ErrNoSession)
	h.is(h.EndSessions(ctx, other.Session.Actor(), a.ID), ErrForbidden)
	h.is(h.EndSessions(ctx, Operator(), "no body"), ErrAccountUnknown)
	_, err = h.Sessions(ctx, Actor{}, "")
	h.is(err, ErrForbidden)
	if _, err := h.Session(ctx, second.Token); err != nil {
		t.Error(err)
	}
}

func TestCookies(t *testing.T) {
	for _, tc := range []struct {
		cookies         Cookies
		session, device string
	}{
		{Cookies{}, "__Host-tipstat-session=ses_x; Path=/; HttpOnly; Secure; SameSite=Lax", "__Host-tipstat-device=dev_y; Path=/; Max-Age=15552000; HttpOnly; Secure; SameSite=Lax"},
		{Cookies{Plain: true}, "tipstat-session=ses_x; Path=/; HttpOnly; SameSite=Lax", "tipstat-device=dev_y; Path=/; Max-Age=15552000; HttpOnly; SameSite=Lax"},
	} {
		session, device := tc.cookies.Session("ses_x"), tc.cookies.Device("dev_y")
		if got := session.String(); got != tc.session {
			t.Errorf("got %s, want %s", got, tc.session)
		}
		if got := device.String(); got != tc.device {
			t.Errorf("got %s, want %s", got, tc.device)
		}
		if got := Clear(session); got.Value != "" || got.MaxAge >= 0 || got.Name != session.Name || session.Value == "" {
			t.Errorf("cleared %+v", got)
		}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.AddCookie(session)
		r.AddCookie(device)
		if s, d := tc.cookies.Read(r); s != "ses_x" || d != "dev_y" {
			t.Errorf("read %q, %q", s, d)
		}
		r.AddCookie(tc.cookies.Session("ses_of_another"))
		if s, _ := tc.cookies.Read(r); s != "" {
			t.Errorf("read %q", s)
		}
	}
}

// TestFile: the file and DuckDB's log of it are for their owner alone, nothing else is left,
// no secret stands in either, and no second Control takes the file.
func TestFile(t *testing.T) {
	h := newHouse(t)
	h.close()
	h.must(os.Remove(h.path))
	h.must(os.Mkdir(filepath.Join(filepath.Dir(h.path), making(h.path)+"killed"), 0o700))
	h.open() // makes it
	a := h.account("estadistica", Statistician, "")
	key, recovery, in := h.enrol(h.signIn("estadistica"))
	_, token, err := h.IssueToken(t.Context(), in.Session.Actor(), "nightly", h.now().Add(time.Hour))
	h.must(err)
	_, invitation, err := h.Reset(t.Context(), Operator(), a.ID)
	h.must(err)
	if _, err := Open(t.Context(), h.path, h.set); err == nil {
		t.Error("a second Control")
	}
	check := func() {
		t.Helper()
		for _, name := range []string{h.path, h.path + ".wal"} {
			info, err := os.Stat(name)
			if os.IsNotExist(err) {
				continue
			}
			h.must(err)
			if info.Mode().Perm() != 0o600 {
				t.Errorf("%s has mode %s", name, info.Mode())
			}
			b, err := os.ReadFile(name)
			h.must(err)
			for _, s := range append(recovery, secret, in.Token, in.Device, token, invitation, plain(recovery[0])) {
				if strings.Contains(string(b), s) {
					t.Errorf("%s holds %q", name, s)
				}
			}
		}
	}
	check()
	_, err = h.db.Exec("CHECKPOINT")
	h.must(err)
	h.signIn("estadistica")
	check()
	h.close()
	check()
	b, err := os.ReadFile(h.path)
	h.must(err)
	if !strings.Contains(string(b), "estadistica") || !strings.Contains(string(b), key) {
		t.Error("the check does not find what is there")
	}
	// One that others may read is closed to them.
	h.must(os.Chmod(h.path, 0o644))
	h.open()
	check()
	h.close()
	// DuckDB leaves a log in which nothing stands.
	if info, err := os.Stat(h.path + ".wal"); err == nil && info.Size() == 0 {
		h.must(os.Remove(h.path + ".wal"))
	}
	left, err := os.ReadDir(filepath.Dir(h.path))
	h.must(err)
	if len(left) != 1 {
		t.Errorf("left %v", left)
	}
	h.open()
}
