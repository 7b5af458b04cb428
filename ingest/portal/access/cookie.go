package access

import (
	"net/http"
	"time"
)

// Cookies names the cookies and their attributes. The zero value is for HTTPS: names with
// __Host-, which a browser takes only with Secure, from the host itself and for all of it.
type Cookies struct {
	Plain bool // for http on the loopback alone, where there is no Secure
}

// Session is the cookie of a session. It ends with the browser: the server knows how long the
// session lasts.
func (k Cookies) Session(token string) *http.Cookie { return k.cookie("tipstat-session", token, 0) }

// Device is the cookie of a known device.
func (k Cookies) Device(token string) *http.Cookie {
	return k.cookie("tipstat-device", token, deviceFor)
}

// Flow is the cookie that ties a sign-in at a provider to the browser in which it was begun.
// SameSite=Lax lets it come back with the browser from there.
func (k Cookies) Flow(token string) *http.Cookie {
	return k.cookie("tipstat-flow", token, FlowFor)
}

// FlowFor is how long someone may take to sign in at a provider.
const FlowFor = 10 * time.Minute

// Clear is the cookie that takes another from the browser.
func Clear(cookie *http.Cookie) *http.Cookie {
	gone := *cookie
	gone.Value, gone.MaxAge = "", -1
	return &gone
}

func (k Cookies) cookie(name, value string, life time.Duration) *http.Cookie {
	if !k.Plain {
		name = "__Host-" + name
	}
	return &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(life.Seconds()),
		Secure: !k.Plain, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}

// Read gives the tokens that a request carries; empty where it has none.
func (k Cookies) Read(r *http.Request) (session, device string) {
	return value(r, k.Session("")), value(r, k.Device(""))
}

// ReadFlow gives the token of a sign-in at a provider; empty where there is none.
func (k Cookies) ReadFlow(r *http.Request) string { return value(r, k.Flow("")) }

func value(r *http.Request, of *http.Cookie) string {
	// One that comes twice, as from another path, is none.
	if found := r.CookiesNamed(of.Name); len(found) == 1 {
		return found[0].Value
	}
	return ""
}
