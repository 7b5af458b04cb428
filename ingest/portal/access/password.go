package access

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"github.com/trustelem/zxcvbn/frequency"
	"golang.org/x/text/secure/precis"
)

// argonParams are those that OWASP's Password Storage Cheat Sheet asks for at least. A hash
// with less is made anew when its password is next given.
var argonParams = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// Lengths of a password in characters (NIST SP 800-63B-4, 3.1.1.2, asks for 15 where it
// stands alone and 8 where a code goes with it).
const (
	passwordLeast = 12
	passwordMost  = 128
)

// hasher hashes passwords, so many at once.
type hasher struct {
	params  *argon2id.Params
	slots   chan struct{}
	waiting atomic.Int64
	nobody  string // the hash of a password that nobody has
}

func newHasher(params *argon2id.Params, atOnce int) (*hasher, error) {
	nobody, err := argon2id.CreateHash(newToken(""), params)
	if err != nil {
		return nil, fmt.Errorf("hashing passwords: %w", err)
	}
	return &hasher{params: params, slots: make(chan struct{}, atOnce), nobody: nobody}, nil
}

// one runs a hashing when its turn comes.
func (h *hasher) one(ctx context.Context, do func() error) error {
	if h.waiting.Add(1) > hashQueue {
		h.waiting.Add(-1)
		return ErrBusy.after(0)
	}
	select {
	case h.slots <- struct{}{}:
		h.waiting.Add(-1)
	case <-ctx.Done():
		h.waiting.Add(-1)
		return ctx.Err()
	}
	defer func() { <-h.slots }()
	if err := do(); err != nil {
		return fmt.Errorf("hashing passwords: %w", err)
	}
	return nil
}

func (h *hasher) hash(ctx context.Context, password string) (phc string, err error) {
	err = h.one(ctx, func() error {
		phc, err = argon2id.CreateHash(password, h.params)
		return err
	})
	return phc, err
}

// check compares a password with a hash; old says that the hash has weaker parameters than
// are now in use. Without a hash it takes as long, and the answer is no.
func (h *hasher) check(ctx context.Context, password, phc string) (ok, old bool, err error) {
	known := phc != ""
	if !known {
		phc = h.nobody
	}
	p, _, _, err := argon2id.DecodeHash(phc)
	if err != nil {
		return false, false, fmt.Errorf("hash of a password: %w", err)
	}
	// The library below panics on what is not a number of passes or lanes, and takes any
	// memory that it is told.
	if p.Iterations < 1 || p.Iterations > 100 || p.Parallelism < 1 || p.Memory > 1<<20 || p.KeyLength < 16 {
		return false, false, fmt.Errorf("hash of a password has m=%d, t=%d, p=%d", p.Memory, p.Iterations, p.Parallelism)
	}
	err = h.one(ctx, func() error {
		ok, err = argon2id.ComparePasswordAndHash(password, phc)
		return err
	})
	old = p.Memory < h.params.Memory || p.Iterations < h.params.Iterations || p.Parallelism < h.params.Parallelism
	return ok && known, old, err
}

// prepared gives a password as it is hashed (RFC 8265, OpaqueString), so that it is the same
// whatever keyboard made its accents.
func prepared(password string) (string, error) {
	if len(password) > 4*passwordMost {
		return "", ErrPasswordLong
	}
	if password == "" {
		return "", ErrPasswordShort
	}
	p, err := precis.OpaqueString.String(password)
	if err != nil || !utf8.ValidString(password) {
		return "", ErrPasswordInvalid
	}
	return p, nil
}

// newPassword prepares a password that is chosen for a name, and refuses one that is bad.
func newPassword(password, name string) (string, error) {
	p, err := prepared(password)
	if err != nil {
		return "", err
	}
	switch n := utf8.RuneCountInString(p); {
	case n < passwordLeast:
		return "", ErrPasswordShort
	case n > passwordMost:
		return "", ErrPasswordLong
	}
	if strings.EqualFold(p, name) {
		return "", ErrPasswordIsName
	}
	if isCommon(p, name) {
		return "", ErrPasswordCommon
	}
	return p, nil
}

// ours are words that a guesser of this portal's passwords begins with, and the commonest
// passwords of its other languages: the list that we have is of English.
var ours = []string{
	"tipstat", "portal", "oas", "oea", "administrator", "administrador", "administrateur", "statistician", "ministry", "ministerio", "ministère", "ministere", "estadistica", "estadística", "estatística", "estatistica",
	"contraseña", "contrasena", "clave", "secreto", "bienvenido", "senha", "mudar", "bemvindo", "motdepasse", "azerty", "azertyuiop", "bonjour", "bienvenue",
}

// commonest are the passwords of zxcvbn's list, 30,000 from leaks. Only the list is taken:
// the estimator makes 10 MB of tables at the start of every command.
var commonest = sync.OnceValue(func() map[string]bool {
	list := frequency.FrequencyLists["passwords"]
	words := make(map[string]bool, len(list)+len(ours))
	for _, w := range list {
		words[w] = true
	}
	for _, w := range ours {
		words[w] = true
	}
	return words
})

// isCommon tells whether a password is one of the commonest or the name, as it is, with
// digits and signs around it, or said over and over; or one to three characters over and
// over; or a run such as 123456789012.
func isCommon(password, name string) bool {
	p := strings.ToLower(password)
	core := strings.Trim(p, "0123456789 !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~¡¿")
	for _, word := range []string{p, core, unit(p), unit(core)} {
		if word != "" && (commonest()[word] || word == name) {
			return true
		}
	}
	return utf8.RuneCountInString(unit(p)) <= 3 || isRun(p)
}

// unit is the shortest text that makes a text when it is said over and over.
func unit(text string) string {
	if i := strings.Index((text + text)[min(1, len(text)):], text); i >= 0 && i+1 <= len(text) {
		return text[:i+1]
	}
	return text
}

// isRun tells whether each character is the next of the one before, or each the one before,
// or the same; 0 follows 9.
func isRun(text string) bool {
	up, down := true, true
	var last rune
	for i, r := range text {
		if i > 0 {
			up = up && (r == last || r == last+1 || last == '9' && r == '0')
			down = down && (r == last || r == last-1 || last == '0' && r == '9')
		}
		last = r
	}
	return up || down
}

// preparedName gives a login name as it is kept (RFC 8265, UsernameCaseMapped), so that no two
// names look alike but for case or width.
func preparedName(name string) (string, error) {
	if len(name) > 256 {
		return "", ErrNameInvalid
	}
	n, err := precis.UsernameCaseMapped.String(name)
	if err != nil || !utf8.ValidString(name) {
		return "", ErrNameInvalid
	}
	if c := utf8.RuneCountInString(n); c < 3 || c > 64 || strings.Contains(n, ":") || looksSecret(n) {
		return "", ErrNameInvalid
	}
	return n, nil
}
