package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/oas/tipstat/reports/sdmx"
	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/store"
)

// folder tells whether --since names the folder of an export.
func (f sdmxFlags) folder() bool {
	info, err := os.Stat(f.since)
	return f.since != "" && err == nil && info.IsDir()
}

// sdmxSinceWhat refuses what --since can't mean.
func (a *app) sdmxSinceWhat(flags sdmxFlags) error {
	wrong := func(key string, pairs ...any) error { return usageError{err: errors.New(a.word(key, pairs...))} }
	day, err := time.Parse(time.DateOnly, flags.since)
	switch {
	case flags.since == "" && flags.sinceSaid:
		return wrong("since_empty")
	case flags.folder():
		same, err := sameFolder(flags.since, flags.output)
		if err != nil {
			return err
		}
		if same {
			return wrong("since_same", "folder", flags.since)
		}
		if flags.years != "" {
			return wrong("since_years", "folder", flags.since)
		}
	case err == nil && day.After(a.now()):
		return wrong("since_future", "since", flags.since)
	case err == nil && flags.asOf != "" && flags.since >= flags.asOf:
		return wrong("since_after", "since", flags.since, "as_of", flags.asOf)
	}
	return nil
}

func sameFolder(x, y string) (bool, error) {
	a, err := os.Stat(x)
	if err != nil {
		return false, err
	}
	b, err := os.Stat(y)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && os.SameFile(a, b), err
}

// sdmxSince makes an export one of what changed since another that was sent, or since a run
// or a day. What is returned is to be called once all is written.
func (a *app) sdmxSince(ctx context.Context, c *config, flags sdmxFlags, now table.Params, set *codelist.Set, e *sdmx.Export) (done func() error, err error) {
	if flags.folder() {
		f, err := os.Open(filepath.Join(flags.since, "data.csv"))
		if err != nil {
			return nil, usageError{err: errors.New(a.word("since_folder", "folder", flags.since, "why", err.Error()))}
		}
		older, err := sdmx.ReadOlder(f, now.States)
		if err = errors.Join(err, f.Close()); errors.Is(err, sdmx.ErrNotWhole) {
			return nil, usageError{err: errors.New(a.word("since_folder", "folder", flags.since, "why", err.Error()))}
		}
		if err == nil && now.Control != nil && older.Working() {
			return nil, usageError{err: errors.New(a.word("since_working", "folder", flags.since))}
		}
		if err == nil {
			err = e.Since(ctx, older)
		}
		return func() error { return nil }, err
	}
	then := flags.tableFlags
	then.trial, then.quiet = true, true // it was shown then
	if _, bad := time.Parse(time.DateOnly, flags.since); bad == nil {
		then.asOf = flags.since
	} else {
		then.asOf, then.afterRun = "", flags.since
	}
	st, p, err := then.open(ctx, a, c)
	if errors.Is(err, store.ErrNoRun) {
		return nil, usageError{err: errors.New(a.word("since_unknown", "since", flags.since))}
	}
	if err != nil {
		return nil, err
	}
	if err = st.Hold(ctx); err == nil {
		var older *sdmx.Export
		if older, err = sdmx.Make(ctx, st.DB(), set, p); err == nil {
			err = e.Since(ctx, older)
		}
	}
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	return st.Close, nil
}

// sdmxReplaceable refuses a folder with anything but an older export in it.
func sdmxReplaceable(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return usagef("--output %s: %w; want the name of a folder", dir, err)
	}
	var names []string
	for _, v := range sdmxVersions {
		names = append(names, fileNames(sdmx.Files(sdmx.Version(v)))...)
	}
	return othersIn(dir, entries, func(name string) bool { return slices.Contains(names, name) && isSDMX(filepath.Join(dir, name)) })
}

// isSDMX tells whether a file begins as one of an export does: its name is a common one.
func isSDMX(name string) bool {
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }() // it was read
	head := make([]byte, 4096)
	n, _ := io.ReadFull(f, head) // a shorter one is looked at as far as it goes
	text := string(head[:n])
	return strings.HasPrefix(text, "STRUCTURE,") || strings.HasPrefix(text, "DATAFLOW,") || strings.Contains(text, "sdmx")
}

// writeSDMX writes the files of an export into a new folder.
func writeSDMX(ctx context.Context, e *sdmx.Export, dir string, files []sdmx.File) error {
	for _, f := range files {
		out, err := os.OpenFile(filepath.Join(dir, f.Name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if err != nil {
			return err
		}
		if err := errors.Join(f.Write(e, ctx, io.Writer(out)), out.Close()); err != nil {
			return err
		}
	}
	return nil
}
