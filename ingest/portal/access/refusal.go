package access

import (
	"fmt"
	"time"
)

// Refusal says that something was not done, and why, in a name that stays the same. It is
// what a user is told; any other error of this package is a failure of the machine.
// Refusals are compared by errors.Is with the ones of this package.
type Refusal struct {
	Name       string        // stable: the portal's texts go by it
	RetryAfter time.Duration // 0: waiting doesn't help
	text       string
}

// Error gives the refusal in English.
func (r *Refusal) Error() string {
	if r.RetryAfter > 0 {
		return fmt.Sprintf("%s; try again in %s", r.text, r.RetryAfter.Round(time.Second))
	}
	return r.text
}

// Is tells whether another error is the same refusal, whatever the time to wait.
func (r *Refusal) Is(target error) bool {
	other, ok := target.(*Refusal)
	return ok && other.Name == r.Name
}

// after gives the same refusal with a time to wait, a second at least.
func (r *Refusal) after(wait time.Duration) *Refusal {
	return &Refusal{Name: r.Name, RetryAfter: max(wait, time.Second), text: r.text}
}

var refusals []*Refusal

func refusal(name, text string) *Refusal {
	r := &Refusal{Name: name, text: text}
	refusals = append(refusals, r)
	return r
}

// Names gives the names of all refusals, so that whoever has texts for them can check that
// none is missing.
func Names() []string {
	names := make([]string, len(refusals))
	for i, r := range refusals {
		names[i] = r.Name
	}
	return names
}

// What can be refused.
var (
	ErrForbidden = refusal("forbidden", "the role may not do this")

	ErrCredentials      = refusal("credentials-wrong", "the name or the password is wrong")
	ErrLocked           = refusal("sign-in-locked", "too many failures for this name")
	ErrLockedUntilReset = refusal("sign-in-locked-until-reset", "too many failures for this name: an administrator has to reset the password")
	ErrTooManyAttempts  = refusal("too-many-attempts", "too many attempts from this address")
	ErrBusy             = refusal("busy", "too many sign-ins at once")

	ErrNoSession      = refusal("session-none", "nobody is signed in")
	ErrSessionExpired = refusal("session-expired", "the session has ended")
	ErrNotFresh       = refusal("session-not-fresh", "the account has no password: sign in again first")
	ErrStepWanted     = refusal("second-step-wanted", "the sign-in is not complete: a code is wanted")
	ErrStepDone       = refusal("second-step-not-wanted", "no code is wanted now")

	ErrCodeWrong  = refusal("code-wrong", "the code is wrong")
	ErrCodeUsed   = refusal("code-used", "the code was used already: wait for the next one")
	ErrNotStarted = refusal("code-not-started", "codes were not set up: begin again")

	ErrInvitationUnknown = refusal("invitation-unknown", "there is no such invitation")
	ErrInvitationExpired = refusal("invitation-expired", "the invitation has expired")
	ErrInvitationUsed    = refusal("invitation-used", "the invitation was used already")
	ErrInvitationRevoked = refusal("invitation-revoked", "the invitation was withdrawn")
	ErrInvitationWrong   = refusal("invitation-wrong", "role, State, language or expiry of the invitation don't go together")

	ErrNameInvalid = refusal("name-invalid", "the login name has to be 3 to 64 letters, digits or signs such as . - _ @, without blanks")
	ErrNameTaken   = refusal("name-taken", "the login name is taken")

	ErrPasswordShort   = refusal("password-short", "the password has fewer than 12 characters")
	ErrPasswordLong    = refusal("password-long", "the password has more than 128 characters")
	ErrPasswordInvalid = refusal("password-invalid", "the password has characters that can't be typed")
	ErrPasswordIsName  = refusal("password-is-name", "the password is the login name")
	ErrPasswordCommon  = refusal("password-common", "the password is among the first that are guessed")

	ErrAccountUnknown    = refusal("account-unknown", "there is no such account")
	ErrAccountDisabled   = refusal("account-disabled", "the account is disabled")
	ErrLastAdministrator = refusal("last-administrator", "it is the last administrator")
	ErrLanguage          = refusal("language-unknown", "the language is not one of en, es, pt, fr")

	ErrTokenUnknown = refusal("token-unknown", "there is no such token")
	ErrTokenExpired = refusal("token-expired", "the token has expired")
	ErrTokenRevoked = refusal("token-revoked", "the token was revoked")
	ErrTokenWrong   = refusal("token-wrong", "a token needs a label of 1 to 80 characters and an expiry within a year")
	ErrTokenMany    = refusal("token-many", "the account has as many tokens as it may have")

	ErrIdentityUnknown = refusal("identity-unknown", "no account goes with this identity")
	ErrIdentityTaken   = refusal("identity-taken", "the identity goes with another account")
	ErrIdentityLast    = refusal("identity-last", "it is all by which the account can sign in")
	ErrIdentityInvalid = refusal("identity-invalid", "the provider named no issuer or no subject")
)
