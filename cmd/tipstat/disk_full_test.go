package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/oas/tipstat/testdata/scale"
	"github.com/oas/tipstat/transform/store"
)

// samplesInOrder are files that make a store grow.
var samplesInOrder = []string{"hnd-victimas-2024-03.xlsx", "jam-monthly-victims.xlsx", "cri-casos.csv", "hnd-victimas-2024-09.xlsx"}

// full is a way to a disk that is full: the shell text that brings a call there, whether its
// kilobytes are those beside what the workspace has, and what the system says.
type full struct {
	shell  string
	beside bool
	says   string
}

// fullDisks are such ways by name. The disk is a small file system of its own where one may
// be mounted; everywhere a file may not grow beyond some size, which the system tells of in
// the same way.
func fullDisks() map[string]full {
	ways := map[string]full{"no file may grow": {`ulimit -f "$BLOCKS"; exec -a tipstat "$SELF" -w "$W" "$@"`, false, "file too large"}}
	if exec.Command("unshare", "-rm", "sh", "-c", "mount -t tmpfs -o size=1m tmpfs /mnt").Run() == nil {
		ways["no space left"] = full{ // the workspace is moved there and back
			`exec unshare -rm bash -c 'mkdir -p "$W.disk" && mount -t tmpfs -o size="$BLOCKS"k tmpfs "$W.disk" && cp -a "$W/." "$W.disk" || exit 99
			(exec -a tipstat "$SELF" -w "$W.disk" "$@"); code=$?; rm -rf "$W" && cp -a "$W.disk" "$W"; exit $code' bash "$@"`, true, "no space left on device"}
	}
	return ways
}

// call calls the program where so many kilobytes are to spare.
func (f full) call(t *testing.T, dir string, spare int, args ...string) (int, string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if f.beside {
		spare += size(t, dir)
	}
	cmd := exec.Command("bash", append([]string{"-c", f.shell, "bash"}, args...)...)
	cmd.Env = append(os.Environ(), "TIPSTAT_NOW="+now, "SELF="+self, "W="+dir, fmt.Sprintf("BLOCKS=%d", spare))
	out, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), fmt.Sprint(string(out), cmd.ProcessState)
}

// TestDiskFull: where nothing more can be written, in the middle of a file, the call ends with
// exit code 1 and says why; what was accepted stays, what was not can be sent again, and
// the store is whole.
func TestDiskFull(t *testing.T) {
	for name, way := range fullDisks() {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "work")
			say(t, "init", dir)
			if err := os.CopyFS(filepath.Join(dir, "layouts"), os.DirFS(filepath.Join(samplesDir, "layouts"))); err != nil {
				t.Fatal(err)
			}
			failed, files := map[string]bool{}, samplesInOrder[:scale.Of(2, len(samplesInOrder))]
			accepted := 0
			for spare := 4; spare <= 1<<14; spare *= 64 { // kilobytes
				for _, name := range files {
					code, said := way.call(t, dir, spare, "ingest", filepath.Join(samplesDir, name))
					switch {
					case code == exitDone && strings.Contains(said, "accepted as submission"):
						accepted++
					case code == exitDone: // it was before
					case code != exitFault || !strings.Contains(strings.ToLower(said), way.says) || !strings.Contains(said, "tipstat: no room left to write") || strings.Contains(said, "put back"):
						t.Fatalf("%s, %d KiB spare: exit code %d, want %d and %q\n%s", name, spare, code, exitFault, way.says, said)
					default:
						failed[name] = true
					}
					if codes, exit, told := checks(t, dir); exit != exitDone || codes != nil {
						t.Fatalf("%s, %d KiB spare: the store is not whole: %s", name, spare, told)
					}
					if n := submissions(t, dir); n != accepted {
						t.Fatalf("%s, %d KiB spare: %d submissions, want %d\n%s", name, spare, n, accepted, said)
					}
				}
			}
			if len(failed) == 0 || accepted != len(files) {
				t.Errorf("%d files met a full disk, %d of %d were accepted in the end", len(failed), accepted, len(files))
			}
			t.Logf("%d of %d files met a full disk first", len(failed), len(files))
		})
	}
}

// TestDiskFullAtDecision: where the disk fills up when a decision is committed, that is told in
// the workspace's language, with what the store has, and nothing of it is in the store.
func TestDiskFullAtDecision(t *testing.T) {
	for name, way := range fullDisks() {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "work")
			say(t, "init", dir, "--lang", "fr")
			layout := filepath.Join(dir, "layouts", "sample-hnd-victimas.yaml")
			text, err := os.ReadFile(filepath.Join(samplesDir, "layouts", filepath.Base(layout)))
			if err != nil {
				t.Fatal(err)
			}
			for i, indicator := range []string{"VICTIMS_DETECTED", "VICTIMS_ASSISTED"} { // the second is what it is read again for
				if err := os.WriteFile(layout, bytes.ReplaceAll(text, []byte("VICTIMS_DETECTED"), []byte(indicator)), 0o600); err != nil {
					t.Fatal(err)
				}
				if i == 0 {
					say(t, "-w", dir, "ingest", filepath.Join(samplesDir, samplesInOrder[0]))
				}
			}
			met := false
			for _, verb := range []string{"reprocess", "withdraw"} { // the newer reading is then the one to withdraw
				of := say(t, "-w", dir, "history", "--json")
				ids := regexp.MustCompile(`"submission_id": "([\w-]+)",`).FindAllStringSubmatch(of, -1)
				for spare := 0; ; spare = spare*64 + 4 { // kilobytes
					code, said := way.call(t, dir, spare, verb, ids[len(ids)-1][1], "--reason", "x")
					if _, exit, told := checks(t, dir); exit != exitDone {
						t.Fatalf("%s, %d KiB spare: the store is not whole: %s", verb, spare, told)
					}
					if code == exitDone {
						break
					}
					met = true
					if code != exitFault || !strings.Contains(said, "tipstat: plus de place pour écrire") || strings.Contains(said, "rollback") || strings.Contains(said, "put back") {
						t.Fatalf("%s, %d KiB spare: exit code %d\n%s", verb, spare, code, said)
					}
					if now := say(t, "-w", dir, "history", "--json"); now != of {
						t.Fatalf("%s, %d KiB spare: it was told that nothing was done\n%s", verb, spare, now)
					}
				}
			}
			if !met {
				t.Error("no call met a full disk")
			}
		})
	}
}

// size gives the kilobytes of a workspace.
func size(t *testing.T, dir string) int {
	t.Helper()
	total := int64(0)
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		i, err := d.Info()
		total += (i.Size() + 4095) / 4096 * 4096
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return int(total / 1024)
}

// submissions counts those that the store has.
func submissions(t *testing.T, dir string) int {
	t.Helper()
	st, err := store.OpenReadOnly(context.Background(), filepath.Join(dir, "tipstat.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	subs, err := st.History(t.Context())
	if err := errors.Join(err, st.Close()); err != nil {
		t.Fatal(err)
	}
	return len(subs)
}
