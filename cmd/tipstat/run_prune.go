package main

import (
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
)

// keepRuns is how many reports of runs are kept where tipstat.yaml does not say: those of a
// year with one run a day that did anything.
const keepRuns = 400

// reReport is the name of a report: the run's, whose time comes first, and a number where two
// runs had one name.
var reReport = regexp.MustCompile(`^(\d{8}T\d{6}Z-[0-9a-f]{6}(?:-\d+)?)\.(?:json|txt)$`)

// prune deletes the oldest reports of runs but for those of notices that are still to be sent,
// which are sent from them. The store needs none: it keeps its runs itself. That one can't be
// deleted is logged, and tried again by the next run.
func (b *batchRun) prune() {
	keep := keepRuns
	if b.c.Run.Keep != nil {
		keep = *b.c.Run.Keep
	}
	dir := b.c.path(b.c.Runs)
	there, err := os.ReadDir(dir)
	if err != nil {
		b.log.Warn("reports not pruned", "error", err.Error())
	}
	files := map[string][]string{} // of each run
	for _, e := range there {
		if m := reReport.FindStringSubmatch(e.Name()); m != nil {
			files[m[1]] = append(files[m[1]], e.Name())
		}
	}
	if keep == 0 || len(files) <= keep {
		return
	}
	runs := slices.Sorted(maps.Keys(files))
	for _, run := range runs[:len(runs)-keep] {
		report := run + ".json"
		if report == path.Base(b.report.Report) || slices.ContainsFunc(b.state.Unsent, func(u unsent) bool { return u.Report == report }) {
			continue // of this run too, where the clock was set back
		}
		for _, name := range files[run] {
			if err := os.Remove(filepath.Join(dir, name)); err != nil {
				b.log.Warn("report not deleted", "report", name, "error", err.Error())
			}
		}
	}
}
