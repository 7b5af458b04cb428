package disclosure

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"maps"
	"slices"
	"sync"
)

// DecisionsFile is the name of the file in a workspace that keeps what was decided.
const DecisionsFile = "withheld.json"

// Decisions are what was withheld of each group, kept so that it is the same in all
// that is made afterwards, and need not be worked out again. A decision holds for
// the very figures, policy and code lists that it was made of, and no others.
type Decisions struct {
	mutex sync.Mutex
	byKey map[string]decision
	used  map[string]bool
	moved bool
}

// decision is what was withheld of one group.
type decision struct {
	Group     string  `json:"group"` // State, indicator and year: for readers
	Withheld  []int64 `json:"withheld"`
	Told      int     `json:"told"`
	Primary   int     `json:"primary"`
	Unseen    int     `json:"unseen,omitempty"`
	Secondary int     `json:"secondary"`
	Mended    int     `json:"mended,omitempty"`
	Unsafe    bool    `json:"unsafe,omitempty"`
}

// mostKept decisions are kept that were not used the last time: those of --as-of days.
const mostKept = 20_000

// file is the form of DecisionsFile.
type file struct {
	Note      string              `json:"note"`
	Decisions map[string]decision `json:"decisions"` // by what they were made of
}

// ReadDecisions reads what was decided; nil gives none. An error does not name the
// file: its reader knows where it is.
func ReadDecisions(b []byte) (*Decisions, error) {
	d := &Decisions{byKey: map[string]decision{}, used: map[string]bool{}}
	if b == nil {
		return d, nil
	}
	var f file
	if err := json.Unmarshal(b, &f); err != nil {
		return nil, fmt.Errorf("%w; delete it, and it is worked out anew", err)
	}
	if f.Decisions != nil {
		d.byKey = f.Decisions
	}
	return d, nil
}

// Moved tells whether anything was decided that is not in the file.
func (d *Decisions) Moved() bool { return d.moved }

// JSON gives the file.
func (d *Decisions) JSON() ([]byte, error) {
	kept := map[string]decision{}
	spare := mostKept
	for _, k := range slices.Sorted(maps.Keys(d.byKey)) {
		if !d.used[k] {
			if spare--; spare < 0 {
				continue
			}
		}
		kept[k] = d.byKey[k]
	}
	return json.MarshalIndent(file{Note: "What disclosure control withheld, by State, indicator and year. Internal. tipstat writes it.", Decisions: kept}, "", " ")
}

// find gives what was decided of the same before.
func (d *Decisions) find(key string) (decision, bool) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	x, ok := d.byKey[key]
	if ok {
		d.used[key] = true
	}
	return x, ok
}

func (d *Decisions) add(key string, x decision) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.byKey[key], d.used[key], d.moved = x, true, true
}

// version of what is decided: a change of the rules in Go makes older decisions void.
const version = 4

// keyer gives what a decision is made of, as a hash.
type keyer struct{ common string }

func newKeyer(p Policy, t tree) (keyer, error) {
	b, err := json.Marshal(p)
	if err != nil {
		return keyer{}, err
	}
	h := sha256.New()
	fmt.Fprintln(h, version, string(b))
	for _, code := range slices.Sorted(maps.Keys(t.parent)) {
		fmt.Fprintln(h, code, t.parent[code])
	}
	return keyer{sum(h)}, nil
}

func sum(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

func (k keyer) of(g group, e *Earlier) string {
	h := sha256.New()
	fmt.Fprintln(h, k.common, g)
	bound := func(f *float64) string {
		if f == nil {
			return "-"
		}
		return fmt.Sprint(*f)
	}
	for _, o := range g.obs {
		past := e.says(o)
		fmt.Fprintf(h, "%d|%s|%s|%q|%q|%q|%s|%s|%s|%d|%s|%s|%t|%t|%t|%t|%t|%s\n", o.id, o.indicator, o.freq, o.key, o.series, o.layout,
			bound(o.value), bound(o.lower), bound(o.upper), o.missing, o.derivation, o.record, o.preferred, o.counted, past.known, past.revised, past.hidden, bound(o.others))
	}
	return sum(h)
}
