package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/oas/tipstat/ingest/portal/provider"
	"github.com/oas/tipstat/ingest/portal/upload"
)

// portalConfig is what tipstat.yaml says of the portal.
type portalConfig struct {
	upload.Limits `yaml:",inline"`
	OIDC          []provider.Settings `yaml:"oidc"`
}

// providers makes the OpenID Connect providers of the settings. None of them is asked yet.
func (c *config) providers(address string, now func() time.Time) (all []*provider.Provider, err error) {
	var seen []string
	for _, s := range c.Portal.OIDC {
		fault := s.Fault()
		if fault == "" && slices.Contains(seen, s.ID) {
			fault = "id"
		}
		if fault == "" && slices.Contains(seen, s.Issuer) {
			fault = "issuer"
		}
		if fault != "" {
			return nil, usagef("%s: portal.oidc, provider %q: %s is missing, wrong or there twice: want id (a-z, 0-9 and hyphens), name, issuer (https://, or http:// of this machine for a trial), client_id, and client_secret_file or client_secret_env", configName, s.ID, fault)
		}
		seen = append(seen, s.ID, s.Issuer)
		secret, err := c.secretOf(s)
		if err != nil {
			return nil, err
		}
		all = append(all, provider.New(s, secret, address+"/signin/oidc/"+s.ID+"/callback", now))
	}
	return all, nil
}

// secretOf reads the secret of a client from where the settings say that it is.
func (c *config) secretOf(s provider.Settings) (string, error) {
	secret, from := os.Getenv(s.SecretEnv), s.SecretEnv
	if s.SecretFile != "" {
		from = c.path(filepath.FromSlash(s.SecretFile))
		b, err := os.ReadFile(from)
		if err != nil {
			return "", usagef("%s: portal.oidc, provider %q: the client's secret can't be read: %w", configName, s.ID, err)
		}
		secret = strings.TrimSpace(string(b))
	}
	if secret == "" {
		return "", usagef("%s: portal.oidc, provider %q: there is no secret in %s", configName, s.ID, from)
	}
	return secret, nil
}
