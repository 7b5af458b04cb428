//go:build unix

package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestDenied: where a folder or the store's file may only be read, a run says which, and what
// to do; nothing is lost, nothing lies in accepted without its file, and the next run goes on.
// Since root may do everything, root runs it as another user.
func TestDenied(t *testing.T) {
	const nobody = 65534
	base, err := os.MkdirTemp("", "tipstat-denied-*")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(base) })
	program := filepath.Join(base, "tipstat")
	self, err := os.Executable()
	if err == nil {
		err = exec.Command("cp", self, program).Run()
	}
	for _, name := range []string{base, program} {
		if err == nil {
			err = os.Chmod(name, 0o755)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	run := func(dir string, args ...string) (int, string) {
		cmd := exec.Command(program)
		cmd.Args = append([]string{"tipstat", "-w", dir}, args...)
		cmd.Env, cmd.Dir = append(os.Environ(), "TIPSTAT_NOW="+now, "HOME="+base, "TMPDIR="+base), base
		if os.Getuid() == 0 {
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		}
		out, _ := cmd.CombinedOutput() // the exit code says it
		return cmd.ProcessState.ExitCode(), string(out)
	}
	for _, tt := range []struct{ name, folder string }{
		{"inbox", "inbox"}, {"accepted", "accepted"}, {"originals", "originals"}, {"runs", "runs"}, {"tipstat.duckdb", "."}, {".", "."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := filepath.Join(base, "w-"+tt.name)
			say(t, "init", dir)
			file := filepath.Join(dir, "inbox", "f.csv")
			err := os.CopyFS(filepath.Join(dir, "layouts"), os.DirFS(filepath.Join(samplesDir, "layouts")))
			if err == nil {
				err = os.Mkdir(filepath.Join(dir, "runs"), 0o700)
			}
			if err == nil {
				err = exec.Command("cp", filepath.Join(samplesDir, "cri-casos.csv"), file).Run()
			}
			if err == nil && os.Getuid() == 0 {
				err = filepath.WalkDir(dir, func(name string, _ fs.DirEntry, err error) error {
					if err != nil {
						return err
					}
					return os.Chown(name, nobody, nobody)
				})
			}
			denied := filepath.Join(dir, tt.name)
			info, err2 := os.Stat(denied)
			if err != nil || err2 != nil {
				t.Fatal(err, err2)
			}
			if err := os.Chmod(denied, info.Mode().Perm()&^0o222); err != nil {
				t.Fatal(err)
			}
			code, said := run(dir, "run", "--settle", "0s", "--lang", "es")
			if err := os.Chmod(denied, info.Mode().Perm()); err != nil {
				t.Fatal(err)
			}
			if code != exitFault || !strings.Contains(said, "no puede escribir (o leer) en la carpeta "+filepath.Join(dir, tt.folder)+" ") {
				t.Errorf("exit code %d: %s", code, said)
			}
			if left, err := os.ReadDir(filepath.Join(dir, "accepted")); err != nil || len(left) > 0 {
				t.Errorf("in accepted: %v %v", left, err)
			}
			if _, err := os.Stat(file); err != nil {
				t.Error(err)
			}
			if code, said := run(dir, "run", "--settle", "0s"); code != exitDone {
				t.Errorf("the next run: exit code %d: %s", code, said)
			}
			if code, said := run(dir, "check"); code != exitDone || !strings.Contains(said, "1 submissions") {
				t.Errorf("check: exit code %d: %s", code, said)
			}
		})
	}
}
