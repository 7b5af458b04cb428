package access

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestInvitation(t *testing.T) {
	day := 24 * time.Hour
	for name, tc := range map[string]struct {
		before func(h *house, i Invitation, token string)
		token  func(string) string
		accept Acceptance
		want   *Refusal
	}{
		"good":                {},
		"in its last moment":  {before: func(h *house, _ Invitation, _ string) { h.clock.pass(7*day - time.Microsecond) }},
		"expired":             {before: func(h *house, _ Invitation, _ string) { h.clock.pass(7 * day) }, want: ErrInvitationExpired},
		"expired long ago":    {before: func(h *house, _ Invitation, _ string) { h.clock.pass(700 * day) }, want: ErrInvitationExpired},
		"survives a restart":  {before: func(h *house, _ Invitation, _ string) { h.reopen() }},
		"unknown":             {token: func(string) string { return newToken(invitationPrefix) }, want: ErrInvitationUnknown},
		"empty":               {token: func(string) string { return "" }, want: ErrInvitationUnknown},
		"cut":                 {token: func(s string) string { return s[:len(s)-1] }, want: ErrInvitationUnknown},
		"the stored hash":     {token: func(s string) string { return sum(s) }, want: ErrInvitationUnknown},
		"another kind":        {token: func(s string) string { return sessionPrefix + s[4:] }, want: ErrInvitationUnknown},
		"SQL":                 {token: func(string) string { return "inv_' OR true --" }, want: ErrInvitationUnknown},
		"name taken":          {before: func(h *house, _ Invitation, _ string) { h.ministry("min-hnd") }, want: ErrNameTaken},
		"name in other case":  {before: func(h *house, _ Invitation, _ string) { h.ministry("MIN-Hnd") }, want: ErrNameTaken},
		"name in other width": {before: func(h *house, _ Invitation, _ string) { h.ministry("ｍin-hnd") }, want: ErrNameTaken},
		"name with a blank":   {accept: Acceptance{Name: "ana maria"}, want: ErrNameInvalid},
		"name too short":      {accept: Acceptance{Name: "an"}, want: ErrNameInvalid},
		"name too long":       {accept: Acceptance{Name: strings.Repeat("a", 65)}, want: ErrNameInvalid},
		"name not text":       {accept: Acceptance{Name: "min\xff\xfe"}, want: ErrNameInvalid},
		"password too short":  {accept: Acceptance{Password: "once letras"}, want: ErrPasswordShort},
		"used": {before: func(h *house, _ Invitation, token string) {
			_, err := h.Accept(t.Context(), Acceptance{Token: token, Name: "first", Password: secret})
			h.must(err)
		}, want: ErrInvitationUsed},
		"revoked": {before: func(h *house, i Invitation, _ string) {
			h.must(h.RevokeInvitation(t.Context(), Operator(), i.ID))
		}, want: ErrInvitationRevoked},
		"refused before and still good": {before: func(h *house, _ Invitation, token string) {
			_, err := h.Accept(t.Context(), Acceptance{Token: token, Name: "min-hnd", Password: "short"})
			h.is(err, ErrPasswordShort)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			i, token, err := h.Invite(t.Context(), Operator(), Invitation{Role: Ministry, RefArea: "HND", Lang: "es"})
			h.must(err)
			if tc.before != nil {
				tc.before(h, i, token)
			}
			in := tc.accept
			if in.Token = token; tc.token != nil {
				in.Token = tc.token(token)
			}
			if in.Name == "" {
				in.Name = "min-hnd"
			}
			if in.Password == "" {
				in.Password = secret
			}
			a, err := h.Accept(t.Context(), in)
			h.is(err, tc.want)
			if tc.want != nil {
				if _, err := h.SignIn(t.Context(), SignIn{Name: in.Name, Password: "short"}); err == nil {
					t.Error("a refused acceptance let in")
				}
				return
			}
			want := Account{ID: a.ID, Name: "min-hnd", Role: Ministry, RefArea: "HND", Lang: "es", Created: h.now()}
			if d := cmp.Diff(want, h.signIn("min-hnd").Session.Account); d != "" {
				t.Errorf("account (-want +got):\n%s", d)
			}
			all, err := h.Invitations(t.Context(), Operator())
			h.must(err)
			if len(all) != 1 || all[0].Account != a.ID || all[0].Used.IsZero() {
				t.Errorf("invitations %+v", all)
			}
			h.sound()
		})
	}
}

func TestInviteWrong(t *testing.T) {
	h := newHouse(t)
	for name, i := range map[string]Invitation{
		"no role":              {Lang: "es"},
		"unknown role":         {Role: "root", Lang: "es"},
		"ministry of no State": {Role: Ministry, Lang: "es"},
		"no such State":        {Role: Ministry, RefArea: "XXQ", Lang: "es"},
		"alpha-2":              {Role: Ministry, RefArea: "HN", Lang: "es"},
		"small letters":        {Role: Ministry, RefArea: "hnd", Lang: "es"},
		"a region":             {Role: Ministry, RefArea: "419", Lang: "es"},
		"organizer of a State": {Role: Organizer, RefArea: "HND", Lang: "es"},
		"language":             {Role: Organizer, Lang: "de"},
		"in the past":          {Role: Organizer, Lang: "en", Expires: h.now()},
		"for years":            {Role: Organizer, Lang: "en", Expires: h.now().AddDate(2, 0, 0)},
	} {
		if _, token, err := h.Invite(t.Context(), Operator(), i); !errors.Is(err, ErrInvitationWrong) || token != "" {
			t.Errorf("%s: %v, %q", name, err, token)
		}
	}
	if n := len(h.actions()); n != 0 {
		t.Errorf("%d rows in the log", n)
	}
}

// TestAcceptedTwiceAtOnce: of many who accept one invitation at once one succeeds.
func TestAcceptedTwiceAtOnce(t *testing.T) {
	h := newHouse(t)
	_, token, err := h.Invite(t.Context(), Operator(), Invitation{Role: Organizer, Lang: "en"})
	h.must(err)
	var wg sync.WaitGroup
	errs := make([]error, 16)
	for i := range errs {
		wg.Go(func() {
			_, errs[i] = h.Accept(context.Background(), Acceptance{Token: token, Name: "organizer-" + string(rune('a'+i)), Password: secret})
		})
	}
	wg.Wait()
	good := 0
	for _, err := range errs {
		if err == nil {
			good++
		} else if !errors.Is(err, ErrInvitationUsed) {
			t.Error(err)
		}
	}
	all, err := h.Accounts(t.Context(), Operator())
	h.must(err)
	if good != 1 || len(all) != 1 {
		t.Errorf("%d accepted, %d accounts", good, len(all))
	}
}

func TestReset(t *testing.T) {
	h, ctx := newHouse(t), t.Context()
	a := h.ministry("min-hnd")
	in := h.signIn("min-hnd")
	_, first, err := h.Reset(ctx, Operator(), a.ID)
	h.must(err)
	_, err = h.Session(ctx, in.Token)
	h.is(err, nil) // until it is used nothing changes
	_, err = h.Accept(ctx, Acceptance{Token: first, Name: "other", Password: "otra contraseña larga"})
	h.must(err)
	_, err = h.Session(ctx, in.Token)
	h.is(err, ErrNoSession)
	_, err = h.SignIn(ctx, SignIn{Name: "min-hnd", Password: secret})
	h.is(err, ErrCredentials)
	_, err = h.SignIn(ctx, SignIn{Name: "other", Password: "otra contraseña larga"})
	h.is(err, ErrCredentials)
	out, err := h.SignIn(ctx, SignIn{Name: "min-hnd", Password: "otra contraseña larga"})
	h.must(err)
	if out.Session.Account.ID != a.ID {
		t.Error("another account")
	}
	_, err = h.Accept(ctx, Acceptance{Token: first, Password: "una tercera contraseña"})
	h.is(err, ErrInvitationUsed)
	_, err = h.Accept(ctx, Acceptance{Token: first, Password: secret, Issuer: "https://x", Subject: "y"})
	h.is(err, ErrInvitationUsed)

	h.must(h.Disable(ctx, Operator(), a.ID))
	_, _, err = h.Reset(ctx, Operator(), a.ID)
	h.is(err, ErrAccountDisabled)
	_, _, err = h.Reset(ctx, Operator(), "nobody")
	h.is(err, ErrAccountUnknown)
	h.sound()
}
