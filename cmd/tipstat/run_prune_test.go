package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPrune: the oldest reports go, both files of each; what a notice is still to be sent from,
// the report of the run itself, and what is no report stay.
func TestPrune(t *testing.T) {
	const first, second, third, again = "20240101T030000Z-aaaaaa", "20240102T030000Z-bbbbbb", "20240103T030000Z-cccccc", "20240103T030000Z-cccccc-2"
	for _, tt := range []struct {
		name, own, want string
		keep            int
		unsent          []unsent
	}{
		{"the newest two", third, third + " " + again, 2, nil},
		{"as many as there are", third, strings.Join([]string{first, second, third, again}, " "), 4, nil},
		{"all", third, strings.Join([]string{first, second, third, again}, " "), 0, nil},
		{"a notice waits", again, first + " " + again, 1, []unsent{{"mail", first + ".json"}}},
		{"the clock was set back", first, first + " " + again, 1, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			for _, name := range []string{stateName, "lock", "notes.txt", first + ".json", first + ".txt", second + ".txt", third + ".json", third + ".txt", again + ".json", again + ".txt"} {
				if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			b := &batchRun{app: &app{}, c: &config{Runs: dir, Run: runConfig{Keep: &tt.keep}}, log: slog.New(slog.DiscardHandler),
				report: &runReport{Report: "runs/" + tt.own + ".json"}, state: runState{Unsent: tt.unsent}}
			b.prune()
			there, err := os.ReadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			var left []string
			for _, e := range there {
				left = append(left, e.Name())
			}
			var want []string
			for run := range strings.FieldsSeq(tt.want) {
				if run != second { // whose run was killed before its other file
					want = append(want, run+".json")
				}
				want = append(want, run+".txt")
			}
			want = append(want, "lock", "notes.txt", stateName)
			slices.Sort(want)
			slices.Sort(left)
			if d := cmp.Diff(want, left); d != "" {
				t.Errorf("(-want +left):\n%s", d)
			}
		})
	}
}
