package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// What tokens begin with, so that one that has got into the wrong place is seen there.
const (
	invitationPrefix = "inv_"
	sessionPrefix    = "ses_"
	devicePrefix     = "dev_"
	apiPrefix        = "tip_"
)

// newToken gives 256 random bits as text. (crypto/rand does not fail: where there is no
// randomness the program ends.)
func newToken(prefix string) string {
	b := make([]byte, 32)
	rand.Read(b) //nolint:errcheck // never an error, see its documentation
	return prefix + base64.RawURLEncoding.EncodeToString(b)
}

// newID gives a name to speak of something; it opens nothing.
func newID() string {
	b := make([]byte, 8)
	rand.Read(b) //nolint:errcheck // as above
	return hex.EncodeToString(b)
}

// digest is what is kept of a token; empty, which is found nowhere, for what is none.
func digest(prefix, token string) string {
	if !strings.HasPrefix(token, prefix) || len(token) != len(prefix)+43 {
		return ""
	}
	return sum(token)
}

func sum(text string) string {
	h := sha256.Sum256([]byte(text))
	return hex.EncodeToString(h[:])
}

// looksSecret tells whether a text holds one of our tokens.
func looksSecret(text string) bool {
	for _, prefix := range []string{invitationPrefix, sessionPrefix, devicePrefix, apiPrefix} {
		if strings.Contains(text, prefix) {
			return true
		}
	}
	return false
}
