package access

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"image/png"
	"strings"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"
)

const (
	stepSeconds   = 30
	recoveryCodes = 10
	recoveryBytes = 15 // 120 bits, 24 characters
)

// Enrolment is what an authenticator app is given.
type Enrolment struct {
	Secret string // base32, to type
	URL    string // otpauth:
	PNG    []byte // the URL as a QR code
}

// Step is what someone gives for the second step of a sign-in.
type Step struct {
	Token   string // the session's cookie
	Code    string // of the app, or a recovery code
	Address string // see SignIn
	Device  string // see SignIn
}

// EnrolTOTP begins to set up time-based codes for the account of a session: one that wants
// it, or a complete one. An account that has codes has to give one, so that who finds a
// browser open can't take the account over; they stay good until the new ones are confirmed.
// Begun anew it gives a new secret.
func (c *Control) EnrolTOTP(ctx context.Context, in Step) (e Enrolment, err error) {
	_, err = c.step(ctx, in, func(w *change, s Session) error {
		if s.State == WantsCode {
			return ErrStepWanted
		}
		if s.Account.TOTP {
			if err := w.takeCode(s.Account.ID, in.Code); err != nil {
				return err
			}
		}
		key, err := totp.Generate(totp.GenerateOpts{Issuer: c.settings.Issuer, AccountName: s.Account.Name, Period: stepSeconds})
		if err != nil {
			return fmt.Errorf("codes: %w", err)
		}
		e = Enrolment{Secret: key.Secret(), URL: key.URL()}
		if e.PNG, err = qr(key); err != nil {
			return fmt.Errorf("codes: %w", err)
		}
		if err := w.all(s.Account.ID, `DELETE FROM totp WHERE account_id = ? AND NOT confirmed`); err != nil {
			return err
		}
		if _, err := w.exec(`INSERT INTO totp VALUES (?, ?, false, 0)`, s.Account.ID, e.Secret); err != nil {
			return err
		}
		return w.log("account:"+s.Account.ID, "codes.begun", "account:"+s.Account.ID)
	})
	if err != nil {
		return Enrolment{}, err
	}
	return e, nil
}

func qr(key *otp.Key) ([]byte, error) {
	image, err := key.Image(320, 320)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, image); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// ConfirmTOTP ends the setting up of codes with the first one, and gives ten recovery codes,
// once. Codes that were set up before are no longer good, and other sessions of the account
// end.
func (c *Control) ConfirmTOTP(ctx context.Context, in Step) (codes []string, out SignedIn, err error) {
	key, err := c.step(ctx, in, func(w *change, s Session) error {
		if s.State == WantsCode {
			return ErrStepWanted
		}
		id := s.Account.ID
		step, err := w.matches(id, false, in.Code)
		if err != nil {
			return err
		}
		if err := w.all(id, `DELETE FROM totp WHERE account_id = ? AND confirmed`, `DELETE FROM recovery_code WHERE account_id = ?`); err != nil {
			return err
		}
		if _, err := w.exec(`UPDATE totp SET confirmed = true, last_step = ? WHERE account_id = ?`, step, id); err != nil {
			return err
		}
		codes = newRecoveryCodes()
		for _, code := range codes {
			if _, err := w.exec(`INSERT INTO recovery_code VALUES (?, ?)`, id, sum(plain(code))); err != nil {
				return err
			}
		}
		if err := w.endSessions(id, s.ID); err != nil {
			return err
		}
		if err := w.log("account:"+id, "codes.confirmed", "account:"+id); err != nil {
			return err
		}
		s.Account.TOTP = true
		out, err = w.complete(s, in.Device)
		return err
	})
	if err != nil {
		return nil, SignedIn{}, err
	}
	c.settled(out, key)
	return codes, out, nil
}

// VerifyCode completes a sign-in with a code of the app or a recovery code.
func (c *Control) VerifyCode(ctx context.Context, in Step) (out SignedIn, err error) {
	key, err := c.step(ctx, in, func(w *change, s Session) error {
		if s.State != WantsCode {
			return ErrStepDone
		}
		if err := w.takeCode(s.Account.ID, in.Code); err != nil {
			return err
		}
		out, err = w.complete(s, in.Device)
		return err
	})
	if err != nil {
		return SignedIn{}, err
	}
	c.settled(out, key)
	return out, nil
}

// complete puts a complete session in the place of one.
func (w *change) complete(s Session, device string) (SignedIn, error) {
	if err := w.all(s.ID, `DELETE FROM session WHERE session_id = ?`); err != nil {
		return SignedIn{}, err
	}
	return w.stepTo(s.Account, Complete, device, "by=code")
}

// step does something for a session in one transaction. A code that is wrong counts as a
// failure to sign in; key is what it is counted by.
func (c *Control) step(ctx context.Context, in Step, do func(*change, Session) error) (key string, err error) {
	if err := c.Allow(in.Address); err != nil {
		return "", err
	}
	s, err := c.session(ctx, c.db, in.Token, c.now())
	if err != nil {
		return "", err
	}
	who, key, err := c.whose(ctx, s.Account.Name, in.Device)
	if err != nil {
		return "", err
	}
	if err := c.names.begin(key, c.now()); err != nil {
		return "", err
	}
	err = c.write(ctx, func(w *change) error {
		s, err := c.session(w.ctx, w.tx, in.Token, w.now) // it may have ended meanwhile
		if err != nil {
			return err
		}
		return do(w, s)
	})
	if errors.Is(err, ErrCodeWrong) {
		return "", c.failed(ctx, key, who, "code")
	}
	c.names.settle(key, false, c.now())
	return key, err
}

// takeCode takes a code of the app or a recovery code of an account that has them.
func (w *change) takeCode(account, code string) error {
	step, err := w.matches(account, true, code)
	if errors.Is(err, ErrCodeWrong) {
		return w.recover(account, code)
	}
	if err != nil {
		return err
	}
	_, err = w.exec(`UPDATE totp SET last_step = ? WHERE account_id = ? AND confirmed`, step, account)
	return err
}

// matches gives the time step of a code of the app: the present one or the one to either
// side, later than any whose code was taken.
func (w *change) matches(account string, confirmed bool, code string) (int64, error) {
	var secret string
	var last int64
	found, err := w.scan(`SELECT secret, last_step FROM totp WHERE account_id = ? AND confirmed = ?`, []any{account, confirmed}, &secret, &last)
	if err != nil {
		return 0, err
	}
	if !found {
		return 0, ErrNotStarted
	}
	code = plain(code)
	now := w.now.Unix() / stepSeconds
	used := false
	for _, step := range []int64{now, now - 1, now + 1} {
		ok, err := hotp.ValidateCustom(code, uint64(step), secret, hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		switch {
		case errors.Is(err, otp.ErrValidateInputInvalidLength):
			return 0, ErrCodeWrong
		case err != nil:
			return 0, fmt.Errorf("codes: %w", err)
		case ok && step > last:
			return step, nil
		}
		used = used || ok
	}
	if used {
		return 0, ErrCodeUsed
	}
	return 0, ErrCodeWrong
}

// recover takes a recovery code; it is good once.
func (w *change) recover(account, code string) error {
	n, err := w.exec(`DELETE FROM recovery_code WHERE account_id = ? AND code_sha256 = ?`, account, sum(plain(code)))
	if err != nil {
		return err
	}
	if n == 0 {
		return ErrCodeWrong
	}
	return w.log("account:"+account, "recovery-code.used", "account:"+account)
}

// RecoveryCodesLeft gives how many recovery codes an account still has.
func (c *Control) RecoveryCodesLeft(ctx context.Context, by Actor, account string) (n int, err error) {
	if err := c.allowedFor(ctx, by, account); err != nil {
		return 0, err
	}
	_, err = scan(ctx, c.db, `SELECT count(*) FROM recovery_code WHERE account_id = ?`, []any{account}, &n)
	return n, err
}

// ResetTOTP takes the codes from an account whose phone and recovery codes are lost, and ends
// its sessions. Where its role needs codes it sets them up anew when it next signs in.
func (c *Control) ResetTOTP(ctx context.Context, by Actor, id string) error {
	return c.write(ctx, func(w *change) error {
		if err := w.allowed(by, ManageAccounts); err != nil {
			return err
		}
		if _, err := w.account(id); err != nil {
			return err
		}
		if err := w.all(id, `DELETE FROM totp WHERE account_id = ?`, `DELETE FROM recovery_code WHERE account_id = ?`); err != nil {
			return err
		}
		if err := w.endSessions(id, ""); err != nil {
			return err
		}
		return w.log(by.String(), "codes.reset", "account:"+id)
	})
}

var recoveryEncoding = base32.StdEncoding.WithPadding(base32.NoPadding)

// newRecoveryCodes gives codes such as ABCD-EFGH-IJKL-MNOP-QRST-UVWX.
func newRecoveryCodes() []string {
	codes := make([]string, recoveryCodes)
	for i := range codes {
		b := make([]byte, recoveryBytes)
		rand.Read(b) //nolint:errcheck // never an error, see its documentation
		text := recoveryEncoding.EncodeToString(b)
		var groups []string
		for ; text != ""; text = text[4:] {
			groups = append(groups, text[:4])
		}
		codes[i] = strings.Join(groups, "-")
	}
	return codes
}

// plain is a code without what people put into it to read it.
func plain(code string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '\u00a0' {
			return -1
		}
		return r
	}, strings.TrimSpace(code)))
}
