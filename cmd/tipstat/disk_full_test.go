package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oas/tipstat/testdata/scale"
	"github.com/oas/tipstat/transform/store"
)

// samplesInOrder are files that make a store grow.
var samplesInOrder = []string{"hnd-victimas-2024-03.xlsx", "jam-monthly-victims.xlsx", "cri-casos.csv", "hnd-victimas-2024-09.xlsx"}

// TestDiskFull: where nothing more can be written, in the middle of a file, the call ends with
// exit code 1 and says why; what was accepted stays, what was not can be sent again, and
// the store is whole. The disk is a small file system of its own where one may be mounted;
// everywhere a file may not grow beyond some size, which the system tells of in the
// same way.
func TestDiskFull(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ways := []struct{ name, before, full string }{
		{"no file may grow", `ulimit -f "$BLOCKS"; exec -a tipstat "$SELF" -w "$W" "$@"`, "file too large"},
	}
	if exec.Command("unshare", "-rm", "sh", "-c", "mount -t tmpfs -o size=1m tmpfs /mnt").Run() == nil {
		ways = append(ways, struct{ name, before, full string }{"no space left", // the workspace is moved there and back
			`exec unshare -rm bash -c 'mkdir -p "$W.disk" && mount -t tmpfs -o size="$BLOCKS"k tmpfs "$W.disk" && cp -a "$W/." "$W.disk" || exit 99
			(exec -a tipstat "$SELF" -w "$W.disk" "$@"); code=$?; rm -rf "$W" && cp -a "$W.disk" "$W"; exit $code' bash "$@"`, "no space left on device"})
	}
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "work")
			say(t, "init", dir)
			if err := os.CopyFS(filepath.Join(dir, "layouts"), os.DirFS(filepath.Join(samplesDir, "layouts"))); err != nil {
				t.Fatal(err)
			}
			failed, files := map[string]bool{}, samplesInOrder[:scale.Of(2, len(samplesInOrder))]
			accepted := 0
			for spare := 4; spare <= 1<<14; spare *= 64 { // kilobytes
				for _, name := range files {
					blocks := spare
					if way.name == "no space left" { // beside what is there
						blocks += size(t, dir)
					}
					code, said := limited(t, self, way.before, dir, blocks, "ingest", filepath.Join(samplesDir, name))
					switch {
					case code == exitDone && strings.Contains(said, "accepted as submission"):
						accepted++
					case code == exitDone: // it was before
					case code != exitFault || !strings.Contains(strings.ToLower(said), way.full):
						t.Fatalf("%s, %d KiB spare: exit code %d, want %d and %q\n%s", name, spare, code, exitFault, way.full, said)
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

// limited calls the program with so many kilobytes.
func limited(t *testing.T, self, shell, dir string, blocks int, args ...string) (int, string) {
	t.Helper()
	cmd := exec.Command("bash", append([]string{"-c", shell, "bash"}, args...)...)
	cmd.Env = append(os.Environ(), "TIPSTAT_NOW="+now, "SELF="+self, "W="+dir, fmt.Sprintf("BLOCKS=%d", blocks))
	out, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), fmt.Sprint(string(out), cmd.ProcessState)
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
