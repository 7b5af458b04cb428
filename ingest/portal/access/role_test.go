package access

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPolicy has the whole policy as a table: s is for one's own State, + for all.
func TestPolicy(t *testing.T) {
	const want = `
get-template    s + - -
upload          s + - -
see-submission  s + - -
decide          - + - -
map-values      - + - -
see-collection  - + - -
see-tables      + + + +
issue-token     + + - -
manage-own      + + + +
manage-accounts - - - +
read-audit      - - - +
`
	accounts := []Account{{ID: "m", Role: Ministry, RefArea: "HND"}, {ID: "s", Role: Statistician}, {ID: "o", Role: Organizer}, {ID: "a", Role: Administrator}}
	var got strings.Builder
	got.WriteString("\n")
	for _, action := range []Action{GetTemplate, Upload, SeeSubmission, Decide, MapValues, SeeCollection, SeeTables, IssueToken, ManageOwn, ManageAccounts, ReadAudit} {
		fmt.Fprintf(&got, "%-15s", action)
		for _, a := range accounts {
			sign := "-"
			switch {
			case a.May(action, "GTM") && a.May(action, "HND") && a.May(action, ""):
				sign = "+"
			case a.May(action, "HND") && !a.May(action, "GTM") && !a.May(action, ""):
				sign = "s"
			case a.May(action, "HND") || a.May(action, "GTM") || a.May(action, ""):
				sign = "?"
			}
			if a.Role.May(action) != (sign != "-") {
				t.Errorf("%s: the role and the account differ on %s", a.Role, action)
			}
			got.WriteString(" " + sign)
			a.Disabled = true
			if a.May(action, "HND") || a.May(action, "") {
				t.Errorf("disabled %s may %s", a.Role, action)
			}
		}
		got.WriteString("\n")
	}
	if d := cmp.Diff(want, got.String()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if len(policy) != strings.Count(want, "\n")-1 {
		t.Errorf("%d actions", len(policy))
	}
}

func TestActor(t *testing.T) {
	ministry := Account{ID: "m", Role: Ministry, RefArea: "HND"}
	for _, tc := range []struct {
		actor  Actor
		action Action
		area   string
		want   bool
		name   string
	}{
		{Actor{}, SeeTables, "", false, "anonymous"},
		{Operator(), ManageAccounts, "", true, "operator"},
		{Operator(), Decide, "HND", false, "operator"},
		{Actor{account: ministry, session: "x"}, Upload, "HND", true, "account:m"},
		{Actor{account: ministry, session: "x"}, Upload, "GTM", false, "account:m"},
		{Actor{account: ministry, token: "t"}, Upload, "HND", true, "token:t"},
		{Actor{account: ministry, token: "t"}, Upload, "GTM", false, "token:t"},
		{Actor{account: ministry, token: "t"}, ManageOwn, "", false, "token:t"},
		{Actor{account: ministry, token: "t"}, IssueToken, "", false, "token:t"},
		{Actor{account: Account{ID: "s", Role: Statistician}, token: "t"}, Decide, "HND", false, "token:t"},
		{Actor{account: Account{ID: "x", Role: "root"}}, ManageAccounts, "", false, "account:x"},
		{Actor{account: ministry}, "anything", "HND", false, "account:m"},
	} {
		if got := tc.actor.May(tc.action, tc.area); got != tc.want || tc.actor.String() != tc.name {
			t.Errorf("%s, %s for %q: %v", tc.actor, tc.action, tc.area, got)
		}
	}
}

// TestForbidden: what manages accounts is for administrators alone, as they are now.
func TestForbidden(t *testing.T) {
	h, ctx := newHouse(t), t.Context()
	h.ministry("min-hnd")
	target := h.ministry("min-gtm")
	administrator := h.administrator()
	tried := map[string]func(Actor) error{
		"Invite": func(by Actor) error {
			_, _, err := h.Invite(ctx, by, Invitation{Role: Organizer, Lang: "en"})
			return err
		},
		"Reset":            func(by Actor) error { _, _, err := h.Reset(ctx, by, target.ID); return err },
		"Invitations":      func(by Actor) error { _, err := h.Invitations(ctx, by); return err },
		"RevokeInvitation": func(by Actor) error { return h.RevokeInvitation(ctx, by, "x") },
		"Accounts":         func(by Actor) error { _, err := h.Accounts(ctx, by); return err },
		"Disable":          func(by Actor) error { return h.Disable(ctx, by, target.ID) },
		"Enable":           func(by Actor) error { return h.Enable(ctx, by, target.ID) },
		"SetLang":          func(by Actor) error { return h.SetLang(ctx, by, target.ID, "fr") },
		"ResetTOTP":        func(by Actor) error { return h.ResetTOTP(ctx, by, target.ID) },
		"Tokens":           func(by Actor) error { _, err := h.Tokens(ctx, by, target.ID); return err },
		"RevokeToken":      func(by Actor) error { return h.RevokeToken(ctx, by, target.ID, "x") },
		"Link":             func(by Actor) error { return h.Link(ctx, by, target.ID, "https://idp.example", "1") },
		"Unlink":           func(by Actor) error { return h.Unlink(ctx, by, target.ID, "https://idp.example", "1") },
		"Identities":       func(by Actor) error { _, err := h.Identities(ctx, by, target.ID); return err },
		"Log":              func(by Actor) error { _, err := h.Log(ctx, by, 0, 10); return err },
	}
	before := h.sound()
	for name, try := range tried {
		for _, by := range []Actor{{}, h.signInActor("min-hnd"), {account: Account{ID: "gone", Role: Administrator}}} {
			if err := try(by); err == nil {
				t.Errorf("%s by %s", name, by)
			}
		}
	}
	if entries, err := h.Log(ctx, Operator(), 0, 1000); err != nil || len(entries) != int(before.Seq)+len(tried) {
		t.Errorf("%d rows, want the sign-ins alone, %v", len(entries), err)
	}
	// An administrator whose account is disabled while the session is in hand.
	second := h.account("admin-2", Administrator, "")
	h.must(h.Disable(ctx, Operator(), administrator.Account().ID))
	for name, try := range tried {
		h.is(try(administrator), ErrForbidden)
		_ = name
	}
	h.is(h.Disable(ctx, Operator(), second.ID), ErrLastAdministrator)
	h.must(h.Enable(ctx, Operator(), administrator.Account().ID))
	h.must(h.Disable(ctx, administrator, second.ID))
	h.must(h.SetLang(ctx, h.signInActor("min-gtm"), target.ID, "fr"))
	h.is(h.SetLang(ctx, administrator, target.ID, "de"), ErrLanguage)
}

func (h *house) signInActor(name string) Actor {
	h.t.Helper()
	return h.signIn(name).Session.Actor()
}

// TestNames: each refusal has a name of its own.
func TestNames(t *testing.T) {
	seen := map[string]bool{}
	for _, name := range Names() {
		if seen[name] || !reAction.MatchString(name) {
			t.Errorf("name %q", name)
		}
		seen[name] = true
	}
	if len(seen) != len(refusals) || len(seen) < 30 {
		t.Errorf("%d names", len(seen))
	}
}
