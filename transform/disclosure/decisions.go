package disclosure

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// DecisionsFile is the name of the file in a workspace that keeps what was decided.
const DecisionsFile = "withheld.json"

// Decisions are what was withheld of each group, kept so that it is the same in all
// that is made afterwards, and need not be worked out again. A decision holds for
// the very figures, policy and code lists that it was made of. Of others, of which a
// newer file tells, what was shown before is kept with them: see shown.
type Decisions struct {
	mutex sync.Mutex
	byKey map[string]decision
	mine  map[string]decision // of these, what this run decided
	shown map[string]shown    // by group; what was shown up to now
	since map[string]shown    // and what is shown by this run
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
	Narrow    int     `json:"narrow,omitempty"` // that the programme left less than the width
	Exposed   bool    `json:"exposed,omitempty"`
	Unsafe    bool    `json:"unsafe,omitempty"`
	Cause     string  `json:"cause,omitempty"`   // why it is unsafe, if the solver failed
	Differs   bool    `json:"differs,omitempty"` // from what was shown before
}

// file is the form of DecisionsFile.
type file struct {
	Note      string              `json:"note"`
	Decisions map[string]decision `json:"decisions"` // by what they were made of
	Shown     map[string]shown    `json:"shown"`
}

// ErrNoDecisions is of a file that could be read and is none of decisions.
var ErrNoDecisions = errors.New("it holds no decisions")

// ReadDecisions reads what was decided; nil gives none, since there is no file. An error
// does not name the file, nor say what to do: its reader knows where it is.
func ReadDecisions(b []byte) (*Decisions, error) {
	d := &Decisions{byKey: map[string]decision{}, mine: map[string]decision{}, shown: map[string]shown{}, since: map[string]shown{}}
	if b == nil {
		return d, nil
	}
	var f file
	err := json.Unmarshal(b, &f)
	if err == nil && f.Decisions == nil { // {} or null would be taken for nothing that was ever shown
		err = ErrNoDecisions
	}
	if err != nil {
		return nil, err
	}
	maps.Copy(d.byKey, f.Decisions)
	maps.Copy(d.shown, f.Shown)
	return d, nil
}

// regroup takes what was shown into the groups that a policy makes: an indicator may be
// protected with another since.
func (d *Decisions) regroup(p Policy) {
	for _, name := range slices.Sorted(maps.Keys(d.shown)) {
		of := strings.Fields(name)
		if len(of) != 3 || p.groupOf(of[1]) == of[1] {
			continue
		}
		of[1] = p.groupOf(of[1])
		to := strings.Join(of, " ")
		d.shown[to], _ = d.shown[to].with(d.shown[name])
		delete(d.shown, name)
		d.moved = true
	}
}

// Moved tells whether anything was decided or shown that is not in the file.
func (d *Decisions) Moved() bool { return d.moved }

// JSON gives the file, with what is in it already and other runs put there meanwhile
// (nil: nothing).
func (d *Decisions) JSON(there *Decisions) ([]byte, error) {
	f := file{Note: "What disclosure control withheld and what was shown, by State, indicator and year. Internal. tipstat writes it.",
		Decisions: maps.Clone(d.byKey), Shown: maps.Clone(d.shown)}
	more := []map[string]shown{d.since}
	if there != nil {
		maps.Copy(f.Decisions, there.byKey)
		maps.Copy(f.Decisions, d.mine) // an audit may have asked for more than was decided before
		more = append(more, there.shown)
	}
	for _, m := range more {
		for group, s := range m {
			f.Shown[group], _ = f.Shown[group].with(s)
		}
	}
	return json.MarshalIndent(f, "", " ")
}

// find gives what was decided of the same before.
func (d *Decisions) find(key string) (decision, bool) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	x, ok := d.byKey[key]
	return x, ok
}

func (d *Decisions) add(key string, x decision) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if reflect.DeepEqual(d.byKey[key], x) {
		return
	}
	d.byKey[key], d.mine[key], d.moved = x, x, true
}

// version of what is decided: a change of the rules in Go makes older decisions void.
const version = 20

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
