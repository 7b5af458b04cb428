package oracle_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/oas/tipstat/testdata/scale"
)

// rule is a way in which a reader differs from ours, with the reason why ours
// is right. Rules stand in testdata/differences.yaml; what falls under one is
// told by the function of its id in excuses.
type rule struct {
	ID     string
	Reader string   // who differs; a reader's name
	In     []string // the tests that need it: generated, mutated, written, samples, ods
	What   string   // what it does
	Why    string   // why ours is right
}

var rules = sync.OnceValues(func() ([]rule, error) {
	b, err := os.ReadFile("testdata/differences.yaml")
	if err != nil {
		return nil, err
	}
	var list []rule
	err = yaml.NewDecoder(bytes.NewReader(b), yaml.Strict()).Decode(&list)
	return list, err
})

func allRules(tb testing.TB) []rule {
	tb.Helper()
	list, err := rules()
	if err != nil {
		tb.Fatal(err)
	}
	return list
}

// TestRules: every rule says all it has to, and has a function; every function
// has a rule.
func TestRules(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range allRules(t) {
		if seen[r.ID] {
			t.Errorf("%s stands twice", r.ID)
		}
		seen[r.ID] = true
		if excuses[r.ID] == nil {
			t.Errorf("%s has no function", r.ID)
		}
		if r.Reader == "" || len(r.In) == 0 || len(r.What) < 20 || len(r.Why) < 20 {
			t.Errorf("%s doesn't say all", r.ID)
		}
		for _, in := range r.In {
			if !slices.Contains([]string{"generated", "mutated", "written", "samples", "ods"}, in) {
				t.Errorf("%s: no test %q", r.ID, in)
			}
		}
	}
	for id := range excuses {
		if !seen[id] {
			t.Errorf("%s has a function and no rule", id)
		}
	}
}

// ledger counts the differences of one test by rule, and keeps those that fall
// under none.
type ledger struct {
	tests   []string // whose rules hold
	loose   bool     // rules that nothing needs are no fault
	mu      sync.Mutex
	counts  map[string]int
	example map[string]string
	strange []*difference
	odd     int
	more    map[string]int // cells that a reader has and ours hasn't, by its name
}

// readXML are the readers that have a parser of XML and compute nothing.
var readXML = []string{"openpyxl", "excelize"}

func newLedger(tests ...string) *ledger {
	return &ledger{tests: tests, counts: map[string]int{}, example: map[string]string{}, more: map[string]int{}}
}

func (l *ledger) holds(r rule) bool {
	return slices.ContainsFunc(l.tests, func(t string) bool { return slices.Contains(r.In, t) })
}

func (l *ledger) add(tb testing.TB, d *difference) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if d.what == has {
		l.more[d.reader]++
	}
	for _, r := range allRules(tb) {
		if d.what == has && slices.Contains(readXML, d.reader) {
			break // nothing excuses ours from giving less than they do
		}
		if r.Reader != d.reader || !l.holds(r) || !excuses[r.ID](d) {
			continue
		}
		if l.counts[r.ID]++; l.counts[r.ID] == 1 {
			l.example[r.ID] = d.place()
		}
		return
	}
	if l.odd++; len(l.strange) < 200000 {
		l.strange = append(l.strange, d)
	}
}

// close logs the counts and fails for differences without a rule and, where all is run, rules that
// nothing needed. readers are those that were there. The text of cells is shown
// only of files that are made up.
func (l *ledger) close(tb testing.TB, readers []string) {
	tb.Helper()
	var ids []string
	for id := range l.counts {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	for _, id := range ids {
		tb.Logf("%7d %-28s %s", l.counts[id], id, l.example[id])
	}
	tb.Logf("cells that others have and ours hasn't, all under a rule: %v; of them openpyxl and excelize none", l.more)
	for _, r := range allRules(tb) {
		if !l.loose && l.holds(r) && slices.Contains(readers, r.Reader) && l.counts[r.ID] == 0 {
			if scale.All() {
				tb.Errorf("no difference needs the rule %s", r.ID)
			}
		}
	}
	if l.odd == 0 {
		return
	}
	tb.Errorf("%d differences without a rule", l.odd)
	per := map[string]int{}
	for _, d := range l.strange {
		key := d.reader + " " + d.what
		if per[key]++; per[key] > 12 {
			continue
		}
		line := d.place()
		if !d.is("published") {
			line += fmt.Sprintf("\n\tours %q, theirs %q %.120s %s", d.ours.text, d.theirs.text, d.err, strings.Join(d.file.marks(), " "))
		}
		tb.Log(line)
	}
}

// marks are the traits of a file, for a failure.
func (s *sample) marks() []string {
	var all []string
	for k, ok := range s.traits {
		if ok {
			all = append(all, k)
		}
	}
	sort.Strings(all)
	return all
}
