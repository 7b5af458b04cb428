// Package provider asks an OpenID Connect provider, such as a ministry's own, who someone is:
// the authorization code flow (OpenID Connect Core 1.0, 3.1) with PKCE (RFC 7636, S256), state
// and nonce, each 256 random bits (oauth2.GenerateVerifier). It takes the issuer and the subject of the ID Token and nothing
// else: what someone may do stands in the account, and no scope but openid is asked for.
//
// The libraries are go-oidc and golang.org/x/oauth2; what they leave to their caller is here:
// the nonce, the authorized party (Core, 3.1.3.7), the issuer of the answer (RFC 9207), bounds
// of time and size, and that nothing goes over the network in the clear (Core, 16.17) nor
// follows a redirection with the client's secret.
//
// A provider is first asked when someone signs in through it: one that is down keeps no server
// from starting.
package provider
