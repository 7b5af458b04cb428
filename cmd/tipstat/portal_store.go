package main

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/oas/tipstat/ingest/template"
	"github.com/oas/tipstat/transform/store"
)

// blank writes the form of a State, with last year's figures where the store has them.
func (f *office) blank(ctx context.Context, refArea string, year int, lang string) (name string, b []byte, err error) {
	opts := template.Options{State: refArea, Year: year, Lang: lang}
	opts.Last, err = f.last(ctx, refArea, year-1)
	if err != nil && !errors.Is(err, store.ErrLocked) { // a run has it: without last year's
		return "", nil, err
	}
	var out bytes.Buffer
	if err := f.form.Write(&out, f.codes, opts); err != nil {
		return "", nil, err
	}
	return opts.FileName(), out.Bytes(), nil
}

// last reads the form of a State of a year.
func (f *office) last(ctx context.Context, refArea string, year int) (last *template.Last, err error) {
	if err := f.hold(ctx); err != nil {
		return nil, err
	}
	defer f.release()
	st, err := f.c.DuckDB.OpenReadOnly(ctx, f.c.path(f.c.Store))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	return f.form.ReadLast(ctx, st.DB(), refArea, year)
}

// aWhile is how long a page waits for the store, which a batch can have for minutes.
const aWhile = 2 * time.Second

// hold takes the store, for a page: store.ErrLocked where another of us has it for longer.
func (f *office) hold(ctx context.Context) error {
	select {
	case f.storing <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(aWhile):
		return store.ErrLocked
	}
}

func (f *office) release() { <-f.storing }

// submissions gives those of a State. While a batch has the store for long they are as they
// were before.
func (f *office) submissions(ctx context.Context, refArea string) (all []store.Submission, err error) {
	if err := f.readSubmissions(ctx); err != nil && !errors.Is(err, store.ErrLocked) {
		return nil, err
	}
	f.kept.Lock()
	defer f.kept.Unlock()
	for _, s := range f.kept.submissions {
		if slices.Contains(f.kept.reported[s.ID], refArea) {
			all = append(all, s)
		}
	}
	return all, nil
}

// readSubmissions reads them anew, if the store is another than it was.
func (f *office) readSubmissions(ctx context.Context) (err error) {
	if f.c.madeOf() == f.readOf() {
		return nil
	}
	if err := f.hold(ctx); err != nil {
		return err
	}
	defer f.release()
	now := f.c.madeOf()
	if now == f.readOf() { // another page has read them while we waited
		return nil
	}
	st, err := f.c.DuckDB.OpenAll(ctx, f.c.path(f.c.Store))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	all, err := st.History(ctx)
	if err != nil {
		return err
	}
	reported, err := st.Reported(ctx)
	if err != nil {
		return err
	}
	f.kept.Lock()
	defer f.kept.Unlock()
	f.kept.madeOf, f.kept.submissions, f.kept.reported = now, all, reported
	return nil
}

// readOf tells of what the submissions were read.
func (f *office) readOf() string {
	f.kept.Lock()
	defer f.kept.Unlock()
	return f.kept.madeOf
}
