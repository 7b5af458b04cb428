package access

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// TestConfirm: a change by which others could come in takes the password, or where there is
// none a sign-in that was just now.
func TestConfirm(t *testing.T) {
	h, ctx := newHouse(t), t.Context()
	const idp = "https://idp.example"
	h.ministry("min-hnd")
	by := h.signInActor("min-hnd")
	h.must(h.Confirm(ctx, by, secret))
	h.is(h.Confirm(ctx, by, "not this one!"), ErrCredentials)
	h.is(h.Confirm(ctx, by, ""), ErrCredentials)
	h.is(h.Confirm(ctx, Operator(), secret), ErrForbidden)
	h.is(h.Confirm(ctx, Actor{}, secret), ErrForbidden)
	for range 3 {
		h.is(h.Confirm(ctx, by, "not this one!"), ErrCredentials)
	}
	h.is(h.Confirm(ctx, by, secret), ErrLocked) // guesses are counted

	_, token, err := h.Invite(ctx, Operator(), Invitation{Role: Ministry, RefArea: "GTM", Lang: "es"})
	h.must(err)
	a, err := h.Accept(ctx, Acceptance{Token: token, Name: "min-gtm", Issuer: idp, Subject: "1"})
	h.must(err)
	in, err := h.SignInIdentity(ctx, idp, "1", "", "")
	h.must(err)
	by = in.Session.Actor()
	has, err := h.HasPassword(ctx, by, a.ID)
	h.must(err)
	if has {
		t.Error("a password that was never set")
	}
	h.is(h.Unlink(ctx, by, a.ID, idp, "1"), ErrIdentityLast)
	if all, err := h.Identities(ctx, by, a.ID); err != nil || len(all) != 1 {
		t.Errorf("a refusal took it: %v %v", all, err)
	}
	h.clock.pass(freshFor - time.Second)
	h.must(h.Confirm(ctx, by, ""))
	h.clock.pass(time.Second)
	h.is(h.Confirm(ctx, by, ""), ErrNotFresh)
	h.is(h.ChangePassword(ctx, by, "", secret), ErrNotFresh)
	in, err = h.SignInIdentity(ctx, idp, "1", "", "")
	h.must(err)
	by = in.Session.Actor()
	h.must(h.ChangePassword(ctx, by, "", secret))
	h.is(h.Confirm(ctx, by, ""), ErrCredentials)
	h.must(h.Unlink(ctx, by, a.ID, idp, "1"))

	// What is nobody's is logged, and nothing of it.
	before := len(h.actions())
	_, err = h.SignInIdentity(ctx, idp, "unknown", "", "")
	h.is(err, ErrIdentityUnknown)
	entries, err := h.Log(ctx, Operator(), 0, 1)
	h.must(err)
	if e := entries[0]; len(h.actions()) != before+1 || e.Action != "sign-in.refused" || e.Detail != "wrong=identity" || e.Subject != "" {
		t.Errorf("%+v", e)
	}
	h.must(h.SetLang(ctx, by, a.ID, "pt"))
	if !slices.Contains(h.actions(), "account.language") {
		t.Errorf("log %q", h.actions())
	}
	h.sound()
}

// TestVerifyFile: a file that nobody holds is looked at and left as it is, also what a killed
// server left in DuckDB's log.
func TestVerifyFile(t *testing.T) {
	h, ctx := newHouse(t), t.Context()
	h.ministry("min-hnd")
	head, err := h.Head(ctx)
	h.must(err)
	if _, err := VerifyFile(ctx, h.path); !errors.Is(err, ErrInUse) {
		t.Errorf("in use: %v", err)
	}
	killed := filepath.Join(t.TempDir(), "portal.duckdb")
	var before [][]byte
	for _, end := range []string{"", ".wal"} {
		b, err := os.ReadFile(h.path + end)
		h.must(err)
		h.must(os.WriteFile(killed+end, b, 0o600))
		before = append(before, b)
	}
	if len(before[1]) == 0 {
		t.Fatal("nothing is in DuckDB's log")
	}
	last, err := VerifyFile(ctx, killed, head)
	h.must(err)
	if last != head {
		t.Errorf("%v, want %v", last, head)
	}
	for i, end := range []string{"", ".wal"} {
		if b, err := os.ReadFile(killed + end); err != nil || !slices.Equal(b, before[i]) {
			t.Errorf("%s was changed, %v", end, err)
		}
	}
	none := filepath.Join(t.TempDir(), "none.duckdb")
	if _, err := VerifyFile(ctx, none); err == nil {
		t.Error("nothing is whole")
	}
	if _, err := os.Stat(none); err == nil {
		t.Error("it was made")
	}
}
