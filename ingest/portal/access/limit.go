package access

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// An address may try 20 times at once, and then once every three seconds: an office behind
// one address can sign in, a guesser can't get far.
const (
	addressEvery = 3 * time.Second
	addressBurst = 20
)

// addresses counts the attempts of addresses, in memory alone. It is bounded: where more
// addresses come than it may hold and none has its whole allowance back, the new ones share
// one allowance.
type addresses struct {
	mu     sync.Mutex
	known  map[string]*rate.Limiter
	shared *rate.Limiter
	swept  time.Time
}

func newAddresses() *addresses {
	return &addresses{known: map[string]*rate.Limiter{}, shared: newLimiter()}
}

func newLimiter() *rate.Limiter { return rate.NewLimiter(rate.Every(addressEvery), addressBurst) }

// take counts an attempt, and gives the time to wait where there were too many.
func (a *addresses) take(address string, now time.Time) time.Duration {
	if address == "" {
		return 0
	}
	address = network(address)
	a.mu.Lock()
	defer a.mu.Unlock()
	l, ok := a.known[address]
	if !ok {
		if len(a.known) >= addressKnown {
			a.sweep(now)
		}
		l = a.shared
		if len(a.known) < addressKnown {
			l = newLimiter()
			a.known[address] = l
		}
	}
	r := l.ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait > 0 {
		r.CancelAt(now)
	}
	return wait
}

// sweep forgets the addresses that have their whole allowance back; not at each call, since
// it looks at all of them.
func (a *addresses) sweep(now time.Time) {
	if now.Sub(a.swept).Abs() < addressEvery {
		return
	}
	a.swept = now
	for address, l := range a.known {
		if l.TokensAt(now) >= addressBurst {
			delete(a.known, address)
		}
	}
}

// network is what is counted as one address: of IPv6 the network of 64 bits, since whoever
// has one has them all. A port is left out.
func network(address string) string {
	if p, err := netip.ParseAddrPort(address); err == nil {
		address = p.Addr().String()
	}
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return sum(address) // some name of a proxy: short, whatever it is
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is6() {
		if p, err := ip.Prefix(64); err == nil {
			return p.String()
		}
	}
	return ip.String()
}
