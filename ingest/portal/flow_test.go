package portal

import (
	"errors"
	"testing"
	"time"

	"github.com/oas/tipstat/ingest/portal/access"
	"github.com/oas/tipstat/ingest/portal/provider"
)

// TestFlows: a sign-in at a provider is its browser's, once, for its provider, within its time.
func TestFlows(t *testing.T) {
	begun := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	const own = "hnd-gov"
	for name, tt := range map[string]struct {
		token, state, at string // "" is the right one
		after            time.Duration
		twice, ok        bool
	}{
		"as begun":               {ok: true},
		"at the last moment":     {after: access.FlowFor - time.Second, ok: true},
		"too late":               {after: access.FlowFor},
		"twice":                  {twice: true},
		"another browser":        {token: "another"},
		"no cookie":              {token: "-"},
		"a state that is forged": {state: "forged"},
		"no state":               {state: "-"},
		"another provider":       {at: "gtm-gov"},
	} {
		t.Run(name, func(t *testing.T) {
			var f flows
			token, err := f.begin(flow{purpose: toSignIn, provider: own, request: provider.NewRequest()}, begun)
			if err != nil {
				t.Fatal(err)
			}
			var state string
			for _, one := range f.by {
				state = one.request.State
			}
			or := func(given, right string) string {
				switch given {
				case "":
					return right
				case "-":
					return ""
				}
				return given
			}
			if tt.twice {
				if _, err := f.take(token, state, own, begun); err != nil {
					t.Fatal(err)
				}
			}
			_, err = f.take(or(tt.token, token), or(tt.state, state), or(tt.at, own), begun.Add(tt.after))
			if tt.ok != (err == nil) || err != nil && !errors.Is(err, errFlow) {
				t.Errorf("%v", err)
			}
			if _, err := f.take(token, state, own, begun.Add(tt.after)); (tt.token+tt.state+tt.at != "") != (err == nil) {
				t.Errorf("what was begun, after that: %v", err)
			}
		})
	}
	t.Run("too many", func(t *testing.T) {
		var f flows
		for range maxFlows {
			if _, err := f.begin(flow{}, begun); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := f.begin(flow{}, begun); !errors.Is(err, access.ErrBusy) {
			t.Error(err)
		}
		if _, err := f.begin(flow{}, begun.Add(access.FlowFor)); err != nil || len(f.by) != 1 {
			t.Errorf("those that are over stay: %d, %v", len(f.by), err)
		}
	})
}
