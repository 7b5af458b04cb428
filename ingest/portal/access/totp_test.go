package access

import (
	"bytes"
	"context"
	"errors"
	"image/png"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestCodeWanted: with the password alone a session may do its next step and nothing else.
func TestCodeWanted(t *testing.T) {
	h, ctx := newHouse(t), t.Context()
	a := h.account("estadistica", Statistician, "")
	in := h.signIn("estadistica")
	if in.Session.State != WantsEnrolment || in.Device != "" {
		t.Fatalf("%+v", in)
	}
	nothing := func(in SignedIn) {
		t.Helper()
		s, err := h.Session(ctx, in.Token)
		h.must(err)
		by := s.Actor()
		for action := range policy {
			if by.May(action, "HND") || by.May(action, "") {
				t.Errorf("%s may %s", s.State, action)
			}
		}
		h.is(h.ChangePassword(ctx, by, secret, "otra contraseña larga"), ErrForbidden)
		_, _, err = h.IssueToken(ctx, by, "x", h.now().Add(time.Hour))
		h.is(err, ErrForbidden)
		h.is(h.Link(ctx, by, a.ID, "https://idp.example", "1"), ErrForbidden)
		_, err = h.Tokens(ctx, by, a.ID)
		h.is(err, ErrForbidden)
		h.is(h.EndSessions(ctx, by, a.ID), ErrForbidden)
	}
	nothing(in)
	_, err := h.VerifyCode(ctx, Step{Token: in.Token, Code: "123456"})
	h.is(err, ErrStepDone)
	_, _, err = h.ConfirmTOTP(ctx, Step{Token: in.Token, Code: "123456"})
	h.is(err, ErrNotStarted)
	key, _, done := h.enrol(in)
	if done.Session.State != Complete || !done.Session.Account.TOTP || done.Token == in.Token || done.Device == "" {
		t.Errorf("%+v", done)
	}
	_, err = h.Session(ctx, in.Token)
	h.is(err, ErrNoSession) // rotated
	s, err := h.Session(ctx, done.Token)
	h.must(err)
	if !s.Actor().May(Decide, "HND") {
		t.Error("may not decide")
	}

	half := h.signIn("estadistica")
	if half.Session.State != WantsCode {
		t.Fatalf("%+v", half)
	}
	nothing(half)
	_, err = h.EnrolTOTP(ctx, Step{Token: half.Token})
	h.is(err, ErrStepWanted)
	_, _, err = h.ConfirmTOTP(ctx, Step{Token: half.Token, Code: h.code(key, 1)})
	h.is(err, ErrStepWanted)
	h.clock.pass(stepFor)
	_, err = h.VerifyCode(ctx, Step{Token: half.Token, Code: h.code(key, 0)})
	h.is(err, ErrSessionExpired)
	half = h.signIn("estadistica")
	full, err := h.VerifyCode(ctx, Step{Token: half.Token, Code: h.code(key, 0)})
	h.must(err)
	_, err = h.Session(ctx, half.Token)
	h.is(err, ErrNoSession)
	_, err = h.VerifyCode(ctx, Step{Token: full.Token, Code: h.code(key, 1)})
	h.is(err, ErrStepDone)
	h.sound()
}

func TestNeedCodes(t *testing.T) {
	for _, tc := range []struct {
		need []Role
		role Role
		want State
	}{
		{nil, Ministry, Complete}, {nil, Organizer, Complete}, {nil, Statistician, WantsEnrolment}, {nil, Administrator, WantsEnrolment},
		{[]Role{}, Administrator, Complete}, {Roles(), Organizer, WantsEnrolment},
	} {
		h := newHouse(t)
		h.set.NeedCodes = tc.need
		h.reopen()
		area := map[bool]string{true: "HND"}[tc.role == Ministry]
		h.account("someone", tc.role, area)
		if got := h.signIn("someone").Session.State; got != tc.want {
			t.Errorf("%s of %v: %s, want %s", tc.role, tc.need, got, tc.want)
		}
	}
}

// TestCode: which codes are taken. A step is taken once, and none before it afterwards.
func TestCode(t *testing.T) {
	type try struct {
		pass  time.Duration
		steps int
		want  *Refusal
	}
	for name, tries := range map[string][]try{
		"now":                       {{30 * time.Second, 0, nil}},
		"one before":                {{90 * time.Second, -1, nil}},
		"one after":                 {{90 * time.Second, 1, nil}},
		"two before":                {{90 * time.Second, -2, ErrCodeWrong}},
		"two after":                 {{90 * time.Second, 2, ErrCodeWrong}},
		"the one that confirmed":    {{0, 0, ErrCodeUsed}},
		"before the one confirmed":  {{0, -1, ErrCodeUsed}},
		"the same again":            {{90 * time.Second, 0, nil}, {0, 0, ErrCodeUsed}},
		"the same half a step on":   {{90 * time.Second, 0, nil}, {15 * time.Second, 0, ErrCodeUsed}},
		"the same a step on":        {{90 * time.Second, 0, nil}, {30 * time.Second, -1, ErrCodeUsed}},
		"one before the one taken":  {{90 * time.Second, 0, nil}, {0, -1, ErrCodeUsed}},
		"one after the one taken":   {{90 * time.Second, 0, nil}, {0, 1, nil}, {0, 1, ErrCodeUsed}},
		"with the clock set back":   {{90 * time.Second, 0, nil}, {-30 * time.Second, 0, ErrCodeUsed}},
		"another, a step on":        {{90 * time.Second, 0, nil}, {30 * time.Second, 0, nil}},
		"the same, much later":      {{90 * time.Second, 0, nil}, {300 * time.Second, -10, ErrCodeWrong}},
		"the same after a restart ": {{90 * time.Second, 0, nil}, {0, 0, ErrCodeUsed}},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.account("estadistica", Statistician, "")
			key, _, _ := h.enrol(h.signIn("estadistica"))
			for _, tr := range tries {
				if strings.Contains(name, "restart") {
					h.reopen()
				}
				h.clock.pass(tr.pass)
				half := h.signIn("estadistica")
				code := h.code(key, tr.steps)
				_, err := h.VerifyCode(t.Context(), Step{Token: half.Token, Code: code[:3] + " " + code[3:]})
				h.is(err, tr.want)
			}
			h.sound()
		})
	}
}

// TestCodeTwiceAtOnce: of many who give one code at once one is let in.
func TestCodeTwiceAtOnce(t *testing.T) {
	h := newHouse(t)
	h.account("estadistica", Statistician, "")
	key, _, _ := h.enrol(h.signIn("estadistica"))
	h.clock.pass(time.Minute)
	var halves [freeFailures]SignedIn
	for i := range halves {
		halves[i] = h.signIn("estadistica")
	}
	code := h.code(key, 0)
	var wg sync.WaitGroup
	var good atomic.Int32
	for _, half := range halves {
		wg.Go(func() {
			_, err := h.VerifyCode(context.Background(), Step{Token: half.Token, Code: code})
			switch {
			case err == nil:
				good.Add(1)
			case !errors.Is(err, ErrCodeUsed):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if good.Load() != 1 {
		t.Errorf("%d were let in", good.Load())
	}
	h.sound()
}

// TestGuessedCodes: who has the password and guesses codes is locked out as who guesses
// passwords, and the password does not reset the count.
func TestGuessedCodes(t *testing.T) {
	h, ctx := newHouse(t), t.Context()
	h.account("estadistica", Statistician, "")
	key, _, _ := h.enrol(h.signIn("estadistica"))
	h.clock.pass(time.Minute)
	for _, code := range []string{"000000", "", "12345", "1234567", "abcdef"} {
		half := h.signIn("estadistica")
		if code == h.code(key, 0) || code == h.code(key, 1) || code == h.code(key, -1) {
			t.Skip("guessed")
		}
		_, err := h.VerifyCode(ctx, Step{Token: half.Token, Code: code})
		h.is(err, ErrCodeWrong)
	}
	_, err := h.SignIn(ctx, SignIn{Name: "estadistica", Password: secret})
	h.is(err, ErrLocked)
	h.reopen()
	_, err = h.SignIn(ctx, SignIn{Name: "estadistica", Password: secret})
	h.is(err, ErrLocked)
	h.clock.pass(firstWait)
	half := h.signIn("estadistica")
	_, err = h.VerifyCode(ctx, Step{Token: half.Token, Code: h.code(key, 0)})
	h.must(err)
}

func TestRecoveryCodes(t *testing.T) {
	h, ctx := newHouse(t), t.Context()
	a := h.account("estadistica", Statistician, "")
	_, codes, in := h.enrol(h.signIn("estadistica"))
	if len(codes) != 10 || len(slices.Compact(slices.Sorted(slices.Values(codes)))) != 10 {
		t.Fatalf("codes %q", codes)
	}
	use := func(code string) error {
		_, err := h.VerifyCode(ctx, Step{Token: h.signIn("estadistica").Token, Code: code})
		return err
	}
	h.is(use(codes[0]), nil)
	h.is(use(codes[0]), ErrCodeWrong)
	h.is(use(" "+strings.ToLower(strings.ReplaceAll(codes[1], "-", ""))), nil)
	h.reopen()
	h.is(use(codes[1]), ErrCodeWrong)
	n, err := h.RecoveryCodesLeft(ctx, in.Session.Actor(), a.ID)
	h.must(err)
	if n != 8 {
		t.Errorf("%d left", n)
	}
	// Another account's are no good.
	b := h.account("estadistica-2", Statistician, "")
	h.enrol(h.signIn(b.Name))
	_, err = h.VerifyCode(ctx, Step{Token: h.signIn(b.Name).Token, Code: codes[2]})
	h.is(err, ErrCodeWrong)
	if got := h.actions(); !slices.Contains(got, "recovery-code.used") {
		t.Errorf("log %q", got)
	}
	h.sound()
}

// TestEnrolAgain: a new phone needs a code of the old one, which is good until the new one
// is confirmed; then old codes, old recovery codes and other sessions are not.
func TestEnrolAgain(t *testing.T) {
	h, ctx := newHouse(t), t.Context()
	h.account("estadistica", Statistician, "")
	first, recovery, in := h.enrol(h.signIn("estadistica"))
	h.clock.pass(time.Minute)
	_, err := h.EnrolTOTP(ctx, Step{Token: in.Token})
	h.is(err, ErrCodeWrong)
	e, err := h.EnrolTOTP(ctx, Step{Token: in.Token, Code: h.code(first, 0)})
	h.must(err)
	other, err := h.VerifyCode(ctx, Step{Token: h.signIn("estadistica").Token, Code: h.code(first, 1)})
	h.must(err)
	_, _, err = h.ConfirmTOTP(ctx, Step{Token: in.Token, Code: h.code(first, 0)})
	h.is(err, ErrCodeWrong)
	_, out, err := h.ConfirmTOTP(ctx, Step{Token: in.Token, Code: h.code(e.Secret, 0)})
	h.must(err)
	_, err = h.Session(ctx, other.Token)
	h.is(err, ErrNoSession)
	_, err = h.Session(ctx, out.Token)
	h.must(err)
	h.clock.pass(time.Minute)
	for _, code := range []string{h.code(first, 0), recovery[0]} {
		_, err = h.VerifyCode(ctx, Step{Token: h.signIn("estadistica").Token, Code: code})
		h.is(err, ErrCodeWrong)
	}
	_, err = h.VerifyCode(ctx, Step{Token: h.signIn("estadistica").Token, Code: h.code(e.Secret, 0)})
	h.must(err)
}

func TestEnrolment(t *testing.T) {
	h := newHouse(t)
	h.ministry("ministerio.ñ@hnd")
	e, err := h.EnrolTOTP(t.Context(), Step{Token: h.signIn("ministerio.ñ@hnd").Token})
	h.must(err)
	if len(e.Secret) != 32 || !strings.HasPrefix(e.URL, "otpauth://totp/tipstat:") || !strings.Contains(e.URL, "secret="+e.Secret) || !strings.Contains(e.URL, "issuer=tipstat") {
		t.Errorf("%q, %q", e.Secret, e.URL)
	}
	if _, err := png.Decode(bytes.NewReader(e.PNG)); err != nil {
		t.Error(err)
	}
}

func TestResetTOTP(t *testing.T) {
	h, ctx := newHouse(t), t.Context()
	by := h.administrator()
	a := h.account("estadistica", Statistician, "")
	_, recovery, in := h.enrol(h.signIn("estadistica"))
	h.is(h.ResetTOTP(ctx, in.Session.Actor(), a.ID), ErrForbidden) // not even one's own
	half := h.signIn("estadistica")
	h.must(h.ResetTOTP(ctx, by, a.ID))
	_, err := h.Session(ctx, in.Token)
	h.is(err, ErrNoSession)
	_, err = h.VerifyCode(ctx, Step{Token: half.Token, Code: recovery[0]})
	h.is(err, ErrNoSession)
	if s := h.signIn("estadistica").Session; s.State != WantsEnrolment || s.Account.TOTP {
		t.Errorf("%+v", s)
	}
	h.is(h.ResetTOTP(ctx, by, "nobody"), ErrAccountUnknown)
}
