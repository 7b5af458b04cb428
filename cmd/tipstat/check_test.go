package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/testdata/scale"
	"github.com/oas/tipstat/transform/store"
	"github.com/oas/tipstat/transform/store/backup"
)

// checks runs tipstat check, and gives the codes that it tells and its exit code.
func checks(t *testing.T, dir string) (codes []string, exit int, said string) {
	t.Helper()
	var b bytes.Buffer
	exit = at(now, strings.NewReader(""), &b, &b).run(t.Context(), []string{"-w", dir, "check"})
	for line := range strings.Lines(b.String()) {
		if i := strings.Index(line, "[TIP-K"); i >= 0 {
			codes = append(codes, line[i+1:i+9])
		}
	}
	return codes, exit, b.String()
}

// TestCheck: what is not as it must be in a store is told, each by its code, and by no
// other; a store that is whole passes.
func TestCheck(t *testing.T) {
	whole := sampledWorkspace(t)
	if codes, exit, said := checks(t, whole); exit != exitDone || codes != nil {
		t.Fatalf("a whole store: %d, %s", exit, said)
	}
	original := func(dir string) string {
		found, err := filepath.Glob(filepath.Join(dir, "originals", "a5b4eec67414*"))
		if err != nil || len(found) != 1 {
			t.Fatal(found, err)
		}
		return found[0]
	}
	for _, tt := range []struct {
		name string
		sql  string
		file func(dir string) error
		want []string
	}{
		{"another id", `UPDATE submission SET file_sha256 = 'b' || file_sha256[2:] WHERE seq = 9`, nil, []string{"TIP-K002", "TIP-K008"}},
		{"the clock was set back", `UPDATE submission SET received_at = '2020-01-01' WHERE seq = 5`, nil, []string{"TIP-K003"}},
		{"a submission is gone", `DELETE FROM submission WHERE seq = 10`, nil, []string{"TIP-K004", "TIP-K004"}},
		{"a run is gone", `DELETE FROM run`, nil, []string{"TIP-K004"}},
		{"a remark is gone", `INSERT INTO observation_note VALUES (100000001, 'a5b4eec67414', 77), (5, 'a5b4eec67414', 1)`, nil, []string{"TIP-K004", "TIP-K004", "TIP-K004"}},
		{"rows of a file are gone", `DELETE FROM treaty_action WHERE row_no = 9`, nil, []string{"TIP-K005"}},
		{"the account says more", `UPDATE row_account SET row_count = row_count + 1 WHERE submission_id = 'dce1a02302b7' AND outcome = 'observation'`, nil, []string{"TIP-K005"}},
		{"an observation of no cell", `UPDATE observation SET cell = 'ZZ9' WHERE obs_id = (SELECT min(obs_id) FROM observation WHERE derivation = 'reported')`, nil, []string{"TIP-K006"}},
		{"an observation of another number", `UPDATE observation SET obs_id = 9900000001 WHERE obs_id = 100000001`, nil, []string{"TIP-K007"}},
		{"a reading that stands elsewhere", `UPDATE submission SET first_seq = 3 WHERE seq = 9`, nil, []string{"TIP-K009"}},
		{"an accepted file is gone", "", func(dir string) error { return os.Remove(original(dir)) }, []string{"TIP-K008"}},
		{"an accepted file was changed", "", func(dir string) error { return os.WriteFile(original(dir), []byte("UF,Vítimas\n"), 0o600) }, []string{"TIP-K008"}},
		{"a file of no submission", "", func(dir string) error { return os.WriteFile(filepath.Join(dir, "originals", "left"), nil, 0o600) }, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "work")
			if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
				t.Fatal(err)
			}
			if tt.sql != "" {
				execute(t, dir, tt.sql)
			}
			if tt.file != nil {
				if err := tt.file(dir); err != nil {
					t.Fatal(err)
				}
			}
			codes, exit, said := checks(t, dir)
			if d := cmp.Diff(tt.want, codes); d != "" || (exit == exitRefused) != (tt.want != nil) {
				t.Errorf("exit %d (-want +got):\n%s%s", exit, d, said)
			}
		})
	}
}

// execute changes a store behind tipstat's back.
func execute(t *testing.T, dir, sql string) {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(dir, "tipstat.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.DB().ExecContext(t.Context(), sql)
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestDamagedStore: a store whose file was cut short or changed in one place is told to be
// faulty, or reads as it was, since nothing stands in that place; it is never mistaken.
func TestDamagedStore(t *testing.T) {
	dir := sampledWorkspace(t)
	name := filepath.Join(dir, "tipstat.duckdb")
	good, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	digest := func(said string) string {
		_, after, _ := strings.Cut(said, "digest ")
		return strings.TrimSpace(after)
	}
	_, _, said := checks(t, dir)
	want, faulty := digest(said), 0
	for i := range 40 {
		bad := slices.Clone(good)
		if at := (2*i + 1) * len(bad) / 80; i%2 == 0 {
			bad[at] ^= 0xff
		} else {
			bad = bad[:at]
		}
		if err := os.WriteFile(name, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		switch _, exit, said := checks(t, dir); {
		case exit == exitDone && digest(said) != want:
			t.Errorf("%d: taken for whole: %s", i, said)
		case exit != exitDone && (exit != exitRefused || !strings.Contains(said, "TIP-K010")):
			t.Errorf("%d: exit %d: %s", i, exit, said)
		case exit != exitDone:
			faulty++
		}
		if b, err := os.ReadFile(name); err != nil || !bytes.Equal(b, bad) {
			t.Errorf("%d: the file was changed by looking at it: %v", i, err)
		}
	}
	t.Logf("%d of 40 are told to be faulty", faulty)
	if faulty < 20 {
		t.Error("the damages test little")
	}
}

// TestDamagedBlock: whichever header or block of the file of a store is damaged, the check
// tells which; no backup is made of it, and other commands tell it as what it is. What
// damages a free block is no fault.
func TestDamagedBlock(t *testing.T) {
	dir := sampledWorkspace(t)
	// What withdraws, reads again and ingests frees blocks, and uses them again.
	for range 3 {
		for _, args := range [][]string{{"withdraw", "a5b4eec67414", "--reason", "test"}, {"withdraw", "a5b4eec67414", "--undo", "--reason", "test"}} {
			if r := tipstat(t, append([]string{"-w", dir}, args...)...); r.code != exitDone {
				t.Fatal(r)
			}
		}
	}
	if codes, exit, said := checks(t, dir); exit != exitDone || codes != nil {
		t.Fatalf("a whole store: %d, %s", exit, said)
	}
	name := filepath.Join(dir, "tipstat.duckdb")
	good, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	const head, block = 4 << 10, 256 << 10
	places := []int{0, head, 2 * head}
	for at := 3 * head; at < len(good); at += block {
		places = append(places, at)
	}
	rng := rand.New(rand.NewPCG(8, 1))
	some, free := scale.Of(8, len(places)), 0
	if some < len(places) {
		rng.Shuffle(len(places), func(i, j int) { places[i], places[j] = places[j], places[i] })
	}
	for _, at := range append([]int{0}, places[:some]...) {
		size := block
		if at < 3*head {
			size = head
		}
		bad := slices.Clone(good)
		for from, i := at+rng.IntN(min(size, len(bad)-at)-64), 0; i < 64; i++ {
			bad[from+i] = byte(rng.Uint32())
		}
		if err := os.WriteFile(name, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		codes, exit, said := checks(t, dir)
		backup := tipstat(t, "-w", dir, "backup", filepath.Join(t.TempDir(), "b.tar.gz"))
		if exit == exitDone {
			free++
			write := tipstat(t, "-w", dir, "withdraw", "a5b4eec67414", "--reason", "test")
			if codes, _, said := checks(t, dir); backup.code != exitDone || write.code != exitDone || codes != nil {
				t.Errorf("%d: taken for free: %v %v %s", at, backup, write, said)
			}
			continue
		}
		if exit != exitRefused || !slices.Contains(codes, "TIP-K010") || !strings.Contains(said, fmt.Sprintf(" byte %d on", at)) && at > 0 {
			t.Errorf("%d: exit %d: %s", at, exit, said)
		}
		if backup.code != exitRefused || !strings.Contains(backup.err, "TIP-K010") {
			t.Errorf("%d: backup: %v", at, backup)
		}
		if r := tipstat(t, "-w", dir, "status", "--lang", "es"); r.code != exitDone && (r.code != exitFault || !strings.Contains(r.err, "está dañado")) {
			t.Errorf("%d: status: %v", at, r)
		}
	}
	if t.Logf("%d blocks, %d damaged, %d of them free", len(places), some, free); free > 8 {
		t.Error("most are taken for free")
	}
}

// TestBackup: a workspace that is made of a backup is the same; what was cut short or
// changed makes none, and nothing is written over.
func TestBackup(t *testing.T) {
	ctx := context.Background()
	dir := sampledWorkspace(t)
	for _, name := range []string{"withheld.json", "disclosure.key", "disclosure.yaml", "vocabulary/synonyms/CL_SEX.csv"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("# "+name+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	conf, err := (&app{workspace: dir}).config()
	if err != nil {
		t.Fatal(err)
	}
	w, err := conf.kept()
	if err != nil {
		t.Fatal(err)
	}
	w.Now = time.Now
	file := filepath.Join(t.TempDir(), "b.tar.gz")
	m, _, err := backup.Write(ctx, file, w)
	if err != nil {
		t.Fatal(err)
	}
	made := filepath.Join(t.TempDir(), "made")
	if _, err := backup.Restore(ctx, file, made); err != nil {
		t.Fatal(err)
	}
	before, err := dump(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	after, err := dump(ctx, made)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(before, after); d != "" {
		t.Error(d)
	}
	for _, f := range m.Files {
		if f.Name == "tipstat.duckdb" {
			continue
		}
		a, err := os.ReadFile(filepath.Join(dir, f.Name))
		b, err2 := os.ReadFile(filepath.Join(made, f.Name))
		if errors.Join(err, err2) != nil || !bytes.Equal(a, b) {
			t.Errorf("%s: %v", f.Name, errors.Join(err, err2))
		}
	}
	if len(m.Files) < 11+10+5 {
		t.Errorf("%d files", len(m.Files))
	}
	if _, err := backup.Restore(ctx, file, made); !errors.Is(err, backup.ErrThere) {
		t.Errorf("over a workspace: %v", err)
	}
	if _, _, err := backup.Write(ctx, file, w); !errors.Is(err, backup.ErrThere) {
		t.Errorf("over a backup: %v", err)
	}
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	parent := t.TempDir()
	for i := range 60 {
		bad := slices.Clone(good)
		if at := 10 + (2*i+1)*(len(bad)-10)/120; i%2 == 0 {
			bad[at] ^= 0x55
		} else {
			bad = bad[:at]
		}
		name := filepath.Join(t.TempDir(), "bad.tar.gz")
		if err := os.WriteFile(name, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := backup.Restore(ctx, name, filepath.Join(parent, "none")); !errors.Is(err, backup.ErrBroken) && !errors.Is(err, backup.ErrName) {
			t.Errorf("%d: %v", i, err)
		}
	}
	if left, err := os.ReadDir(parent); err != nil || len(left) > 0 {
		t.Errorf("left: %v %v", left, err)
	}
}

// TestBackupOfFaulty: of a faulty store no backup is written.
func TestBackupOfFaulty(t *testing.T) {
	dir := sampledWorkspace(t)
	execute(t, dir, `DELETE FROM run`)
	file := filepath.Join(t.TempDir(), "b.tar.gz")
	var b bytes.Buffer
	if exit := at(now, strings.NewReader(""), &b, &b).run(t.Context(), []string{"-w", dir, "backup", file}); exit != exitRefused || !strings.Contains(b.String(), "TIP-K004") {
		t.Errorf("exit %d: %s", exit, b.String())
	}
	if left, err := os.ReadDir(filepath.Dir(file)); err != nil || len(left) > 0 {
		t.Errorf("left: %v %v", left, err)
	}
}
