package portal

import (
	"crypto/rand"
	"crypto/sha256"
	"maps"
	"sync"
	"time"

	"github.com/oas/tipstat/ingest/portal/access"
	"github.com/oas/tipstat/ingest/portal/provider"
)

// purpose is what an identity is proved for.
type purpose string

const (
	toSignIn purpose = "sign-in"
	toLink   purpose = "link"   // to the account that is signed in
	toAccept purpose = "accept" // an invitation
)

// flow is a sign-in at a provider that was begun in a browser.
type flow struct {
	purpose     purpose
	provider    string // its id
	account     string // to link it to
	token, name string // of the invitation; the login name
	request     provider.Request
	until       time.Time
}

// flows are the sign-ins at providers that are under way, in memory alone: after a restart
// they are begun again. Each is good once.
type flows struct {
	mu sync.Mutex
	by map[[sha256.Size]byte]flow // by the SHA-256 of the browser's cookie
}

// maxFlows bounds them.
const maxFlows = 10000

// begin keeps a flow and gives the token for its cookie.
func (f *flows) begin(one flow, now time.Time) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.by == nil {
		f.by = map[[sha256.Size]byte]flow{}
	}
	if len(f.by) >= maxFlows {
		maps.DeleteFunc(f.by, func(_ [sha256.Size]byte, old flow) bool { return !now.Before(old.until) })
	}
	if len(f.by) >= maxFlows {
		return "", access.ErrBusy
	}
	token := rand.Text()
	one.until = now.Add(access.FlowFor)
	f.by[sha256.Sum256([]byte(token))] = one
	return token, nil
}

// take gives the flow of a browser, which is then over. A state that is not its own, as of an
// address that someone else made up, leaves it as it is.
func (f *flows) take(token, state, provided string, now time.Time) (flow, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := sha256.Sum256([]byte(token))
	one, ok := f.by[key]
	if token == "" || !ok || !provider.Same(state, one.request.State) || provided != one.provider {
		return flow{}, errFlow
	}
	delete(f.by, key)
	if !now.Before(one.until) {
		return flow{}, errFlow
	}
	return one, nil
}
