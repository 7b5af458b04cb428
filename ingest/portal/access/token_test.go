package access

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestToken(t *testing.T) {
	for name, tc := range map[string]struct {
		do   func(h *house, by Actor, tok Token, secret string) string
		want *Refusal
	}{
		"good":      {},
		"restarted": {do: func(h *house, _ Actor, _ Token, s string) string { h.reopen(); return s }},
		"last day": {do: func(h *house, _ Actor, _ Token, s string) string {
			h.clock.pass(30*24*time.Hour - time.Minute)
			return s
		}},
		"expired":     {do: func(h *house, _ Actor, _ Token, s string) string { h.clock.pass(30 * 24 * time.Hour); return s }, want: ErrTokenExpired},
		"unknown":     {do: func(*house, Actor, Token, string) string { return newToken(apiPrefix) }, want: ErrTokenUnknown},
		"empty":       {do: func(*house, Actor, Token, string) string { return "" }, want: ErrTokenUnknown},
		"its hash":    {do: func(_ *house, _ Actor, _ Token, s string) string { return sum(s) }, want: ErrTokenUnknown},
		"its ID":      {do: func(_ *house, _ Actor, tok Token, _ string) string { return tok.ID }, want: ErrTokenUnknown},
		"a session's": {do: func(h *house, _ Actor, _ Token, _ string) string { return h.signIn("min-hnd").Token }, want: ErrTokenUnknown},
		"revoked": {do: func(h *house, by Actor, tok Token, s string) string {
			h.must(h.RevokeToken(t.Context(), by, tok.Account, tok.ID))
			h.must(h.RevokeToken(t.Context(), by, tok.Account, tok.ID))
			return s
		}, want: ErrTokenRevoked},
		"of a disabled account": {do: func(h *house, _ Actor, tok Token, s string) string {
			h.must(h.Disable(t.Context(), Operator(), tok.Account))
			return s
		}, want: ErrAccountDisabled},
		"of an account enabled again": {do: func(h *house, _ Actor, tok Token, s string) string {
			h.must(h.Disable(t.Context(), Operator(), tok.Account))
			h.must(h.Enable(t.Context(), Operator(), tok.Account))
			return s
		}},
		"after its owner signed out": {do: func(h *house, by Actor, tok Token, s string) string {
			h.must(h.EndSessions(t.Context(), Operator(), tok.Account))
			return s
		}},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.ministry("min-hnd")
			by := h.signInActor("min-hnd")
			tok, s, err := h.IssueToken(t.Context(), by, " nightly upload ", h.now().AddDate(0, 0, 30))
			h.must(err)
			if tok.Label != "nightly upload" || !strings.HasPrefix(s, "tip_") {
				t.Errorf("%+v, %q", tok, s)
			}
			if tc.do != nil {
				s = tc.do(h, by, tok, s)
			}
			actor, err := h.ByToken(t.Context(), s)
			h.is(err, tc.want)
			if may := actor.May(Upload, "HND"); may != (tc.want == nil) || actor.May(Upload, "GTM") || actor.May(ManageOwn, "") {
				t.Errorf("may %v", may)
			}
			if _, err := h.Session(t.Context(), s); strings.HasPrefix(s, apiPrefix) && err == nil {
				t.Error("a token is no session")
			}
			all, err := h.Tokens(t.Context(), Operator(), tok.Account)
			h.must(err)
			if len(all) != 1 || all[0].LastUsed.IsZero() == (tc.want == nil) {
				t.Errorf("%+v", all)
			}
			h.sound()
		})
	}
}

func TestIssueToken(t *testing.T) {
	h, ctx := newHouse(t), t.Context()
	h.ministry("min-hnd")
	h.account("organizer", Organizer, "")
	by := h.signInActor("min-hnd")
	for name, tc := range map[string]struct {
		by      Actor
		label   string
		expires time.Time
		want    *Refusal
	}{
		"no label":        {by, " ", h.now().Add(time.Hour), ErrTokenWrong},
		"a long one":      {by, strings.Repeat("x", 81), h.now().Add(time.Hour), ErrTokenWrong},
		"not text":        {by, "a\xff", h.now().Add(time.Hour), ErrTokenWrong},
		"with a new line": {by, "a\nb", h.now().Add(time.Hour), ErrTokenWrong},
		"in the past":     {by, "x", h.now(), ErrTokenWrong},
		"for two years":   {by, "x", h.now().AddDate(2, 0, 0), ErrTokenWrong},
		"for a year":      {by, "x", h.now().AddDate(1, 0, 0), nil},
		"an organizer":    {h.signInActor("organizer"), "x", h.now().Add(time.Hour), ErrForbidden},
		"nobody":          {Actor{}, "x", h.now().Add(time.Hour), ErrForbidden},
		"the operator":    {Operator(), "x", h.now().Add(time.Hour), ErrForbidden},
	} {
		_, s, err := h.IssueToken(ctx, tc.by, tc.label, tc.expires)
		if (err == nil) != (s != "") {
			t.Errorf("%s: %q, %v", name, s, err)
		}
		h.is(err, tc.want)
	}
	// A token makes no token.
	_, s, err := h.IssueToken(ctx, by, "x", h.now().Add(time.Hour))
	h.must(err)
	machine, err := h.ByToken(ctx, s)
	h.must(err)
	_, _, err = h.IssueToken(ctx, machine, "y", h.now().Add(time.Hour))
	h.is(err, ErrForbidden)
	for range tokens - 2 {
		_, _, err = h.IssueToken(ctx, by, "x", h.now().Add(time.Hour))
		h.must(err)
	}
	_, _, err = h.IssueToken(ctx, by, "x", h.now().Add(time.Hour))
	h.is(err, ErrTokenMany)
}

func TestIdentity(t *testing.T) {
	h, ctx := newHouse(t), t.Context()
	const idp = "https://idp.example/realms/tip"
	a, b := h.ministry("min-hnd"), h.ministry("min-gtm")
	by := h.signInActor("min-hnd")
	_, err := h.ByIdentity(ctx, idp, "17")
	h.is(err, ErrIdentityUnknown)
	h.must(h.Link(ctx, by, a.ID, idp, "17"))
	h.must(h.Link(ctx, by, a.ID, idp, "17"))
	h.is(h.Link(ctx, Operator(), b.ID, idp, "17"), ErrIdentityTaken)
	h.must(h.Link(ctx, Operator(), b.ID, "https://other.example", "17")) // another provider's 17
	for _, bad := range [][2]string{{"", "17"}, {"idp", "17"}, {idp, ""}, {idp, strings.Repeat("x", 256)}} {
		h.is(h.Link(ctx, by, a.ID, bad[0], bad[1]), ErrIdentityInvalid)
	}
	h.reopen()
	got, err := h.ByIdentity(ctx, idp, "17")
	h.must(err)
	if got.ID != a.ID {
		t.Errorf("%+v", got)
	}
	_, err = h.ByIdentity(ctx, idp+"/", "17")
	h.is(err, ErrIdentityUnknown)
	in, err := h.SignInIdentity(ctx, idp, "17", "", "")
	h.must(err)
	if s := in.Session; s.State != Complete || s.Account.ID != a.ID || in.Device == "" {
		t.Errorf("%+v", in)
	}
	again, err := h.SignInIdentity(ctx, idp, "17", in.Device, in.Token)
	h.must(err)
	_, err = h.Session(ctx, in.Token)
	h.is(err, ErrNoSession)
	if again.Device != in.Device {
		t.Error("another device")
	}
	all, err := h.Identities(ctx, by, a.ID)
	h.must(err)
	if len(all) != 1 || all[0].Subject != "17" {
		t.Errorf("%+v", all)
	}
	h.must(h.Disable(ctx, Operator(), a.ID))
	_, err = h.SignInIdentity(ctx, idp, "17", "", "")
	h.is(err, ErrAccountDisabled)
	h.must(h.Enable(ctx, Operator(), a.ID))
	h.must(h.Unlink(ctx, by, a.ID, idp, "17"))
	_, err = h.SignInIdentity(ctx, idp, "17", "", "")
	h.is(err, ErrIdentityUnknown)

	// An account without a password, made with the identity; codes are wanted all the same.
	_, token, err := h.Invite(ctx, Operator(), Invitation{Role: Statistician, Lang: "pt"})
	h.must(err)
	_, err = h.Accept(ctx, Acceptance{Token: token, Name: "estatistica", Issuer: "https://other.example", Subject: "17"})
	h.is(err, ErrIdentityTaken)
	_, err = h.Accept(ctx, Acceptance{Token: token, Name: "estatistica", Issuer: idp, Subject: "18"})
	h.must(err)
	in, err = h.SignInIdentity(ctx, idp, "18", "", "")
	h.must(err)
	if in.Session.State != WantsEnrolment {
		t.Errorf("%+v", in)
	}
	_, err = h.SignIn(ctx, SignIn{Name: "estatistica", Password: ""})
	h.is(err, ErrCredentials)
	if got := h.actions(); !slices.Contains(got, "identity.linked") || !slices.Contains(got, "identity.unlinked") {
		t.Errorf("log %q", got)
	}
	h.sound()
}
