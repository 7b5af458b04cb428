package access

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestKilled kills a process amid its writes, again and again: what it was answered is there
// afterwards, and the log is whole.
func TestKilled(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	rounds := 8
	if s := os.Getenv("KILL_ROUNDS"); s != "" {
		if rounds, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	h := newHouse(t)
	h.set.Now = nil // the other process has the real clock
	h.reopen()
	h.ministry("min-hnd")
	var anchors []Anchor
	for round := range rounds {
		h.close()
		cmd := exec.Command(program)
		cmd.Env = append(os.Environ(), "WRITE_INTO="+h.path, "CHECKPOINT_AT="+[]string{"16MB", "4KB"}[round%2])
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		h.must(errors.Join(err, cmd.Start()))
		said := bufio.NewScanner(out)
		lines := 0
		var token string
		killed := false
		for said.Scan() {
			at := strings.LastIndexByte(said.Text(), ' ')
			if at < 0 {
				break
			}
			a, ok := parseAnchor(said.Text()[:at])
			if !ok {
				break // cut off in the middle
			}
			anchors, token = append(anchors, a), said.Text()[at+1:]
			if lines++; lines == 10+round%20 && !killed {
				killed = true
				time.AfterFunc(time.Duration(round%40)*700*time.Microsecond, func() { _ = cmd.Process.Kill() })
			}
		}
		_ = cmd.Wait() // killed
		left, err := os.ReadDir(filepath.Dir(h.path))
		h.must(err)
		for _, e := range left {
			if info, err := e.Info(); err == nil && info.Mode().Perm() != 0o600 {
				t.Errorf("round %d: %s has mode %s", round, e.Name(), info.Mode())
			}
		}
		if lines < 10 {
			t.Fatalf("round %d: %d lines", round, lines)
		}
		h.open()
		last, err := h.Verify(t.Context(), anchors...)
		h.must(err)
		if token != "" && len(token) == 47 {
			if _, err := h.Session(t.Context(), token); err != nil {
				t.Errorf("round %d: a session that was answered: %v", round, err)
			}
		}
		if last.Seq < anchors[len(anchors)-1].Seq {
			t.Errorf("round %d: the log ends at %d, %d was answered", round, last.Seq, anchors[len(anchors)-1].Seq)
		}
		h.signIn("min-hnd")
	}
}

// TestInUse: another process's file is refused with a word for it.
func TestInUse(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	h := newHouse(t)
	h.ministry("min-hnd")
	h.close()
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), "WRITE_INTO="+h.path, "CHECKPOINT_AT=16MB")
	out, err := cmd.StdoutPipe()
	h.must(errors.Join(err, cmd.Start()))
	if !bufio.NewScanner(out).Scan() {
		t.Fatal("it says nothing")
	}
	c, err := Open(context.Background(), h.path, h.set)
	if !errors.Is(err, ErrInUse) {
		t.Errorf("%v, %v", c, err)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	h.open()
	h.sound()
}
