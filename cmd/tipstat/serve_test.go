package main

import (
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// scriptPort puts a free port into a variable.
func scriptPort(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 1, "port VARIABLE")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv(args[0], strconv.Itoa(l.Addr().(*net.TCPAddr).Port))
	ts.Check(l.Close())
}

// scriptFetch asks a server until what it answers matches, whatever the status.
func scriptFetch(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 4, "fetch URL OUT ACCEPT PATTERN")
	pattern, err := regexp.Compile("(?m)" + args[3])
	ts.Check(err)
	last := ""
	for range 600 {
		r, err := http.NewRequest(http.MethodGet, args[0], nil)
		ts.Check(err)
		r.Header.Set("Accept", args[2])
		answer, err := http.DefaultClient.Do(r)
		if err != nil { // it does not listen yet
			time.Sleep(100 * time.Millisecond)
			continue
		}
		b, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		ts.Check(err)
		if last = string(b); pattern.Match(b) {
			ts.Check(os.WriteFile(ts.MkAbs(args[1]), b, 0o644))
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	ts.Fatalf("%s does not answer %s: %.300s", args[0], args[3], last)
}
