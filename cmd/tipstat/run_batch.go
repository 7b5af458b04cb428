package main

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/oas/tipstat/ingest/batch"
	"github.com/oas/tipstat/ingest/gate"
	"github.com/oas/tipstat/ingest/inbox"
	"github.com/oas/tipstat/ingest/portal/upload"
	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/store"
)

// batchRun is one batch under way.
type batchRun struct {
	*app
	c      *config
	o      runOptions
	log    *slog.Logger
	report *runReport
	state  runState
	missed []string     // ways by which its notice could not be sent
	in     *inbox.Inbox // nil until there is a file to take
	// What is published is made of, before and after files were taken in.
	before, after string
	took          bool // figures came into the store
}

// all looks at the inbox, takes in what is there, and publishes. Where there is nothing
// to do it opens no store.
func (b *batchRun) all(ctx context.Context) error {
	var err error
	if b.state, err = readRunState(b.c); err != nil {
		return err
	}
	b.before = b.c.madeOf()
	b.after = b.before
	files, waiting, err := batch.Scan(b.c.path(b.c.Inbox))
	if err != nil {
		return err
	}
	b.report.Waiting = append(b.report.Waiting, waiting...)
	if b.o.choose != nil {
		files = b.o.choose(files)
	}
	if young := batch.Young(files, b.now(), b.o.settle); len(young) > 0 && b.o.log != "-" {
		b.tell("run_settling", "count", len(young), "time", b.o.settle)
	}
	files, waiting, err = batch.Settled(ctx, files, b.now(), b.o.settle)
	b.report.Waiting = append(b.report.Waiting, waiting...)
	if err == nil && len(files) > 0 {
		err = b.take(ctx, files)
	}
	if masked := b.mask(); masked != nil {
		b.report.Waiting = nil // better none than a name
		err = errors.Join(err, masked)
	}
	if err != nil {
		return err
	}
	return b.publish(ctx)
}

// mask takes the names of persons out of the names of files that wait.
func (b *batchRun) mask() error {
	if len(b.report.Waiting) == 0 {
		return nil
	}
	codes, err := b.c.vocabulary()
	if err != nil {
		return err
	}
	for i, w := range b.report.Waiting {
		for _, part := range strings.Split(w.Name, "/") {
			is, err := gate.FileName(part, codes)
			if err != nil {
				return err
			}
			if is {
				b.report.Waiting[i].Name = record.Unquoted + path.Ext(w.Name)
			}
		}
	}
	return nil
}

// take takes files in.
func (b *batchRun) take(ctx context.Context, files []batch.File) (err error) {
	b.log.Info("started", "run", b.report.RunID, "files", len(files), "version", b.report.Version)
	if err := b.open(ctx); err != nil {
		return err
	}
	b.before = b.c.madeOf() // nobody else writes from here on
	defer func() {
		err = errors.Join(err, b.in.Store.Close())
		b.after = b.c.madeOf()
	}()
	work := &batch.Batch{Inbox: b.c.path(b.c.Inbox), Accepted: b.c.path(b.c.Accepted), Refused: b.c.path(b.c.Refused),
		DeleteNamed: b.c.Run.Named == "delete", Now: b.now, Committed: b.committed,
		Named: func(name string) (bool, error) { return gate.FileName(name, b.in.Codes) },
		Take:  b.file,
		Papers: func(item batch.Item, name string) ([]batch.Paper, error) {
			return b.papers(context.WithoutCancel(ctx), item, name)
		},
		Done: b.done,
	}
	items, waiting, err := work.Run(ctx, files)
	for i, item := range items {
		if item.Receipt != nil {
			items[i].Lang = b.langOf(item)
		}
	}
	b.report.Files, b.report.Waiting = items, append(b.report.Waiting, waiting...)
	return err
}

// open opens the workspace for ingestion. While another process has the store, such as
// one that makes a report, it is tried again for a while.
func (b *batchRun) open(ctx context.Context) (err error) {
	for until := time.Now().Add(b.o.wait); ; {
		b.in, err = b.inbox(ctx, b.c, b.o.command)
		if !errors.Is(err, store.ErrLocked) {
			break
		}
		if time.Now().After(until) {
			return lockedError{err}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
	if err == nil {
		b.in.RunID = b.report.RunID
	}
	return err
}

// file takes one file in. Of bytes that were taken in before it tells what was found
// then: the run that found it may have been killed before it could say so.
func (b *batchRun) file(ctx context.Context, name string) (*inbox.Receipt, error) {
	opts := inbox.Options{}
	if rel, err := filepath.Rel(b.c.path(b.c.Inbox), name); err == nil {
		opts.RefArea, _, _ = upload.SentBy(filepath.ToSlash(rel))
	}
	if b.o.log != "-" {
		bar := b.progress(path.Base(name))
		defer bar.done()
		opts.Progress = bar.rows
	}
	r, err := b.in.File(ctx, name, opts)
	if err == nil && r.Outcome == inbox.Accepted {
		b.took = true // whatever becomes of the file from here on
	}
	if err != nil || r.Outcome != inbox.Already {
		return r, err
	}
	all, err := b.in.Store.History(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(s store.Submission) bool { return s.ID == r.SubmissionID })
	if i < 0 {
		return r, nil
	}
	found, err := b.in.Store.FindingsOf(ctx, r.SubmissionID)
	if err != nil {
		return nil, err
	}
	for i := range found {
		found[i].Subject.File = r.File // it may have had another name then
	}
	r.Findings = append(r.Findings, found...)
	r.Layout, r.Format, r.Private = all[i].Layout, all[i].Format, all[i].ColumnsDropped > 0
	return r, nil
}

// langOf is the language in which the findings of a file are told: that which the
// caller named, of the form, of the folder, of the workspace.
func (b *batchRun) langOf(item batch.Item) string {
	if b.asked {
		return b.lang
	}
	folder, _, in := strings.Cut(item.Name, "/")
	if !in {
		folder = ""
	}
	return cmp.Or(item.Receipt.Lang, b.c.Run.Senders[folder], b.lang)
}

// done logs what became of a file: codes and counts, and nothing that it holds.
func (b *batchRun) done(item batch.Item) {
	level := slog.LevelInfo
	switch item.Outcome {
	case inbox.Refused:
		level = slog.LevelWarn
	case batch.Failed:
		level = slog.LevelError
	}
	codes := map[string]int{}
	for _, c := range item.Findings {
		codes[c.Code] = c.Count
	}
	attrs := []slog.Attr{slog.String("run", b.report.RunID), slog.String("file", item.Name), slog.String("file_sha256", item.SHA256), slog.String("outcome", item.Outcome),
		slog.String("submission", item.SubmissionID), slog.String("layout", item.Layout), slog.Int64("rows", item.Rows), slog.Any("findings", codes), slog.String("placed", item.Placed), slog.Float64("seconds", item.Seconds)}
	if item.Fault != "" {
		attrs = append(attrs, slog.String("error", item.Fault))
	}
	b.log.LogAttrs(context.Background(), level, "file", attrs...)
}
