package sheet

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// Caught is deferred by what reads a stranger's file: a panic becomes the refusal of that
// file (CodeFault), so that it never takes down a run with other files in it. No panic of
// ours is known, and tests with thousands of damaged files find none; this is for the one
// that they miss. The finding tells the line of our source where it happened and nothing
// of the file. It catches nothing in other goroutines, of which reading has none.
func Caught(err *error, file string) {
	cause := recover()
	if cause == nil {
		return
	}
	e := &Error{Code: CodeFault, File: file, Found: panicked()}
	if of, ok := cause.(runtime.Error); ok { // of anything else the text may be the file's
		e.Err = fmt.Errorf("panic: %w", of)
	}
	*err = e
}

// panicked gives the line of source that panicked, for the function that recovered.
func panicked() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)]) // above Caught
	for {
		f, more := frames.Next()
		if !strings.HasPrefix(f.Function, "runtime.") || !more {
			return filepath.Base(f.File) + ":" + strconv.Itoa(f.Line)
		}
	}
}
