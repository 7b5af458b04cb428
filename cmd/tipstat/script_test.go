package main

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/oas/tipstat/testdata/machinecode"
	"github.com/oas/tipstat/transform/store"
)

// TestScript runs the whole command on testdata/script: files named after
// their verb, each with its inputs, its calls and what must come out.
// UPDATE=1 go test ./cmd/tipstat rewrites what must come out.
func TestScript(t *testing.T) {
	samples, err := filepath.Abs(filepath.Join(repo, "testdata/samples"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE") != "",
		Setup: func(env *testscript.Env) error {
			env.Setenv("TIPSTAT_NOW", now)
			env.Setenv("SAMPLES", samples)
			env.Setenv(machinecode.Env, machinecode.Dir)
			return nil
		},
		Condition: func(cond string) (bool, error) {
			if cond == "root" {
				return os.Getuid() == 0, nil
			}
			return false, errors.New("unknown condition " + cond)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":   scriptExits,
			"xlsx":    scriptXLSX,
			"cells":   scriptCells,
			"damage":  scriptDamage,
			"sampled": scriptSampled,
			"dump":    scriptDump,
			"sql":     scriptSQL,
			"fill":    scriptFill,
			"await":   scriptAwait,
			"runof":   scriptRunOf,
			"subof":   scriptSubOf,
			"port":    scriptPort,
			"fetch":   scriptFetch,
			"grows":   scriptGrows,
			"sorted":  scriptSorted,
		},
	})
}

func need(ts *testscript.TestScript, neg bool, args []string, n int, usage string) {
	if neg || len(args) != n {
		ts.Fatalf("usage: %s", usage)
	}
}

// scriptExits runs a program that must end with a certain exit code.
func scriptExits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM [ARG...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		code = exit.ExitCode()
	}
	if code != want {
		ts.Fatalf("exit code %d; want %d", code, want)
	}
}

// scriptXLSX builds a workbook from its cells.
func scriptXLSX(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 2, "xlsx IN.cells OUT.xlsx")
	b, err := workbookOf(ts.ReadFile(args[0]))
	if err != nil {
		ts.Fatalf("%s: %v", args[0], err)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), b, 0o644))
}

// scriptCells writes the cells of a workbook.
func scriptCells(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 2, "cells IN.xlsx OUT.cells")
	text, err := cellsOf([]byte(ts.ReadFile(args[0])))
	if err != nil {
		ts.Fatalf("%s: %v", args[0], err)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o644))
}

// scriptDamage cuts a file off after N bytes or turns over the bits of byte N;
// N below zero counts from the end.
func scriptDamage(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 3, "damage FILE truncate|flip N")
	b := []byte(ts.ReadFile(args[0]))
	n, err := strconv.Atoi(args[2])
	ts.Check(err)
	if n < 0 {
		n += len(b)
	}
	if n < 0 || n >= len(b) {
		ts.Fatalf("%s has %d bytes", args[0], len(b))
	}
	switch args[1] {
	case "truncate":
		b = b[:n]
	case "flip":
		b[n] ^= 0xff
	default:
		ts.Fatalf("damage: truncate or flip")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b, 0o644))
}

// scriptSampled makes a workspace with all samples ingested.
func scriptSampled(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 1, "sampled DIR")
	ts.Check(sampled(ts.MkAbs(args[0])))
}

// scriptDump writes what the tables of a workspace's store hold, as hashes.
func scriptDump(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 2, "dump WORKSPACE OUT")
	text, err := dump(context.Background(), ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o644))
}

// scriptSQL changes a database behind the program's back.
func scriptSQL(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 2, "sql FILE STATEMENT")
	db, err := sql.Open("duckdb", ts.MkAbs(args[0]))
	ts.Check(err)
	_, err = db.ExecContext(context.Background(), args[1])
	ts.Check(errors.Join(err, db.Close()))
}

// scriptAwait waits for a file of a background command.
func scriptAwait(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 1, "await FILE")
	for range 1000 {
		if _, err := os.Stat(ts.MkAbs(args[0])); err == nil {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	ts.Fatalf("%s did not come", args[0])
}

// scriptRunOf puts the name of the run that stored a file into $RUN.
func scriptRunOf(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 2, "runof WORKSPACE FILE")
	ts.Setenv("RUN", submissionOf(ts, args[0], args[1]).RunID)
}

// scriptSubOf puts the id of the first submission of a file into $SUB.
func scriptSubOf(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 2, "subof WORKSPACE FILE")
	ts.Setenv("SUB", submissionOf(ts, args[0], args[1]).ID)
}

func submissionOf(ts *testscript.TestScript, dir, file string) store.Submission {
	st, err := store.OpenReadOnly(context.Background(), filepath.Join(ts.MkAbs(dir), "tipstat.duckdb"))
	ts.Check(err)
	subs, err := st.History(context.Background())
	ts.Check(errors.Join(err, st.Close()))
	for _, s := range subs {
		if s.FileName == file {
			return s
		}
	}
	ts.Fatalf("%s is not in the store", file)
	return store.Submission{}
}
