package provider

import (
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Settings are those of one provider. The secret of the client is not among them: they say
// where it is.
type Settings struct {
	ID         string `yaml:"id"`     // part of the address that the provider sends back to
	Name       string `yaml:"name"`   // as users know it
	Issuer     string `yaml:"issuer"` // as its discovery document has it, to the letter
	ClientID   string `yaml:"client_id"`
	SecretFile string `yaml:"client_secret_file"`
	SecretEnv  string `yaml:"client_secret_env"` // name of an environment variable
}

var reID = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Fault names the first setting that is missing or wrong; empty if none is.
func (s Settings) Fault() string {
	u, err := url.Parse(s.Issuer)
	switch {
	case len(s.ID) > 32 || !reID.MatchString(s.ID):
		return "id"
	case strings.TrimSpace(s.Name) == "" || utf8.RuneCountInString(s.Name) > 80:
		return "name"
	case err != nil || !private(u, Loopback(u)) || u.RawQuery != "" || u.Fragment != "" || u.User != nil || len(s.Issuer) > 2000:
		return "issuer"
	case s.ClientID == "":
		return "client_id"
	case (s.SecretFile == "") == (s.SecretEnv == ""):
		return "client_secret_file"
	}
	return ""
}

// private tells whether what is sent to an address is read by nobody on the way: https, or
// where plain is allowed http on this machine.
func private(u *url.URL, plain bool) bool {
	return u.Host != "" && (u.Scheme == "https" || plain && u.Scheme == "http" && Loopback(u))
}

// Loopback tells whether an address is of this machine, where a trial may go without TLS.
func Loopback(u *url.URL) bool {
	h := u.Hostname()
	return h == "localhost" || h == "127.0.0.1" || h == "::1"
}
