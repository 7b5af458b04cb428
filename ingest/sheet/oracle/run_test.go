package oracle_test

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"
)

// outcome is what came of reading samples with all.
type outcome struct {
	books  map[string]book            // what ours made of each sample, by its name
	theirs map[string]map[string]book // what each reader made of it, by the reader's name
	agreed map[string][][]int         // how many readers give each of its cells as ours does
	took   map[string]time.Duration
}

// run reads samples with ours, and those that ours accepts with the readers, at
// the same time, and holds them against each other; what differs goes into the
// ledger. The readers of all are given the files too that ours refuses.
// LibreOffice takes long: it comes last, and reads only as many as it is told,
// those first whose cells the fewest others could read.
func run(tb testing.TB, l *ledger, samples []*sample, readers []Reader, all []string, office int) *outcome {
	tb.Helper()
	dir := tb.TempDir()
	o := &outcome{map[string]book{}, map[string]map[string]book{}, map[string][][]int{}, map[string]time.Duration{}}
	path := func(s *sample) string { return filepath.Join(dir, s.name+"."+cmp.Or(s.format, "xlsx")) }
	var accepted []*sample
	for _, s := range samples {
		if err := os.WriteFile(path(s), s.data, 0o600); err != nil {
			tb.Fatal(err)
		}
		b := ours(tb, s.name, s.data)
		o.books[s.name] = b
		for _, t := range b.tabs {
			o.agreed[s.name] = append(o.agreed[s.name], make([]int, len(t.cells)))
		}
		if b.err == nil {
			accepted = append(accepted, s)
		}
	}
	var mu sync.Mutex
	ask := func(r Reader, list []*sample) {
		var files []string
		for _, s := range list {
			files = append(files, path(s))
		}
		begun := time.Now()
		theirs := r.Read(tb, files)
		mu.Lock()
		defer mu.Unlock()
		o.took[r.Name] = max(o.took[r.Name], time.Since(begun).Round(time.Millisecond))
		if o.theirs[r.Name] == nil {
			o.theirs[r.Name] = map[string]book{}
		}
		for _, s := range list {
			them, ok := theirs[path(s)]
			if !ok {
				tb.Errorf("%s said nothing of %s", r.Name, s.name)
				continue
			}
			o.theirs[r.Name][s.name] = them
			if o.books[s.name].err != nil {
				continue
			}
			compare(s, r.Name, o.books[s.name], them, o.agreed[s.name], func(d *difference) { l.add(tb, d) })
		}
	}
	var wg sync.WaitGroup
	for _, r := range readers {
		if r.Name != libreOffice.Name {
			wg.Go(func() {
				if slices.Contains(all, r.Name) {
					ask(r, samples)
				} else {
					ask(r, accepted)
				}
			})
		}
	}
	wg.Wait()
	doubtful := map[string]int{}
	for _, s := range accepted {
		for _, t := range o.agreed[s.name] {
			for _, n := range t {
				if n < 2 {
					doubtful[s.name]++
				}
			}
		}
	}
	slices.SortStableFunc(accepted, func(a, b *sample) int { return cmp.Compare(doubtful[b.name], doubtful[a.name]) })
	accepted = accepted[:min(office, len(accepted))]
	half := len(accepted) / 2
	for _, list := range [][]*sample{accepted[:half], accepted[half:]} {
		if len(list) > 0 {
			wg.Go(func() { ask(libreOffice, list) })
		}
	}
	wg.Wait()
	return o
}

// alone gives each cell of ours that fewer than two readers give too, as a
// difference with most of them, for which there must be a rule as for any. It
// counts the cells by how many readers agree.
func (o *outcome) alone(tb testing.TB, l *ledger, samples []*sample) (votes map[int]int) {
	votes = map[int]int{}
	for _, s := range samples {
		for i, t := range o.books[s.name].tabs {
			for j, c := range t.cells {
				n := o.agreed[s.name][i][j]
				if votes[n]++; n < 2 {
					l.add(tb, &difference{reader: "most", what: other, file: s, sheet: t.name, row: c.row, col: c.col, ours: c.value, err: []string{"nobody", "one"}[n]})
				}
			}
		}
	}
	return votes
}
