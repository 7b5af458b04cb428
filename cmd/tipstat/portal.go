package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/oas/tipstat/ingest/batch"
	"github.com/oas/tipstat/ingest/gate"
	"github.com/oas/tipstat/ingest/portal"
	"github.com/oas/tipstat/ingest/portal/access"
	"github.com/oas/tipstat/ingest/portal/provider"
	"github.com/oas/tipstat/ingest/portal/upload"
	"github.com/oas/tipstat/ingest/template"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/store"
)

// Files of the portal in the workspace.
const (
	portalFile  = "portal.duckdb" // accounts, sessions, audit log
	portalHeads = "portal.heads"  // anchors of the audit log
	ledgerName  = "uploads"
)

// office is the portal with what it needs of the workspace.
type office struct {
	a      *app
	c      *config
	o      runOptions
	desk   *upload.Desk
	access *access.Control
	codes  *codelist.Set
	form   *template.Form
	log    *slog.Logger

	storing chan struct{} // held by who has the store open: its lock is the process's, not ours
	came    chan struct{}
	tried   map[string]time.Time // files that could not be read, and when
	anchor  access.Anchor
	tables  *officeTables

	kept struct { // what was last read of the store
		sync.Mutex
		madeOf      string
		submissions []store.Submission
		reported    map[string][]string
	}
}

// openOffice opens the accounts and the desk, and finishes what a killed server had begun.
func (a *app) openOffice(ctx context.Context, c *config, o runOptions, log *slog.Logger) (_ *office, err error) {
	f := &office{a: a, c: c, o: o, log: log, came: make(chan struct{}, 1), storing: make(chan struct{}, 1), tried: map[string]time.Time{}}
	if f.codes, err = c.vocabulary(); err != nil {
		return nil, err
	}
	if f.form, err = template.Load(f.codes); err != nil {
		return nil, err
	}
	f.desk = &upload.Desk{Inbox: c.path(c.Inbox), Accepted: c.path(c.Accepted), Refused: c.path(c.Refused), Ledger: c.path(ledgerName), Limits: c.Portal.Limits, Now: a.now,
		Named: func(name string) (bool, error) { return gate.FileName(name, f.codes) }}
	if f.access, err = access.Open(ctx, c.path(portalFile), access.Settings{Now: a.now}); err != nil {
		return nil, err
	}
	if err := f.recover(ctx); err != nil { // nobody else serves here from here on
		return nil, errors.Join(err, f.access.Close())
	}
	return f, nil
}

// recover finishes what a killed server had begun.
func (f *office) recover(ctx context.Context) error {
	in, removed, err := f.desk.Recover()
	if err != nil {
		return err
	}
	for _, u := range in {
		subject, detail := u.Logged()
		if err := f.access.Record(ctx, access.Operator(), "upload.recovered", subject, detail...); err != nil {
			return err
		}
	}
	if len(in)+removed > 0 {
		f.a.tell("portal_recovered", "count", len(in), "removed", removed)
	}
	return nil
}

// first invites the first administrator, where there is no account yet.
func (f *office) first(ctx context.Context, address string) error {
	all, err := f.access.Accounts(ctx, access.Operator())
	if err != nil || slices.ContainsFunc(all, func(a access.Account) bool { return a.Role == access.Administrator }) {
		return err
	}
	open, err := f.access.Invitations(ctx, access.Operator())
	if err != nil {
		return err
	}
	for _, i := range open { // of an earlier start
		if i.Role == access.Administrator && i.Used.IsZero() && i.Revoked.IsZero() {
			if err := f.access.RevokeInvitation(ctx, access.Operator(), i.ID); err != nil {
				return err
			}
		}
	}
	i, token, err := f.access.Invite(ctx, access.Operator(), access.Invitation{Role: access.Administrator, Lang: f.a.lang})
	if err == nil {
		f.a.tell("portal_first", "link", address+"/invitation/"+token, "day", i.Expires.Format(time.DateOnly))
	}
	return err
}

// handler gives the pages. address is where they are reached.
func (f *office) handler(address string, proxied bool, providers []*provider.Provider) http.Handler {
	s := &portal.Server{Access: f.access, Desk: f.desk, Log: f.log, Now: f.a.now, Address: address, Proxied: proxied,
		Cookies: access.Cookies{Plain: strings.HasPrefix(address, "http://")},
		House: portal.House{Form: f.blank, Submissions: f.submissions, States: f.states, Came: f.wake, Verify: f.verify, Providers: providers,
			Tables: f.tables,
			Area:   func(code, lang string) string { return f.label("CL_AREA", code, lang) },
			Record: func(code, lang string) string { return f.label("CL_RECORD", code, lang) },
			Review: f.review()}}
	return s.Handler()
}

func (f *office) label(list, code, lang string) string {
	if l, ok := f.codes.List(list); ok {
		if c, ok := l.Code(code); ok {
			return c.Name[lang]
		}
	}
	return code
}

// states are those that may have a ministry here.
func (f *office) states() []string { return members(f.codes) }

// wake says that there is something to read.
func (f *office) wake() {
	select {
	case f.came <- struct{}{}:
	default: // it is awake
	}
}

// work takes in what was handed in, until the context ends. Files that came another way
// wait for their run.
func (f *office) work(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		if again := f.round(ctx); !again {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			case <-f.came:
			}
		}
		if ctx.Err() != nil {
			return
		}
	}
}

// roundFiles is how many files of one State are read before it is another's turn.
const roundFiles = 4

// tryAgain is when a file that could not be read is tried again.
const tryAgain = 5 * time.Minute

// round reads the oldest files of each State, and tells whether there are more.
func (f *office) round(ctx context.Context) (more bool) {
	files, _, err := batch.Scan(f.desk.Inbox)
	if err != nil {
		f.log.Error("inbox", "error", err.Error())
		return false
	}
	chosen, more := f.choose(files)
	if len(chosen) == 0 {
		return false
	}
	o := f.o
	o.choose = func(files []batch.File) []batch.File { // as they lie there once the run has its lock
		chosen, _ := f.choose(files)
		return chosen
	}
	f.storing <- struct{}{}
	r, err := f.a.batch(ctx, f.c, o, "portal")
	f.release()
	if err != nil && !errors.Is(err, errRefused) && ctx.Err() == nil {
		f.log.Error("run", "error", err.Error())
		more = false // at the next tick
	}
	if r != nil {
		for _, item := range r.Files {
			if item.Outcome == batch.Failed {
				f.tried[item.Name] = f.a.now()
				continue
			}
			if area, id, ok := upload.SentBy(item.Name); ok {
				f.desk.Sweep(upload.Upload{ID: id, Sender: upload.Sender{RefArea: area}})
			}
		}
	}
	if err := f.anchors(ctx); err != nil {
		f.log.Error("audit log", "error", err.Error())
	}
	return more
}

// choose gives the files to read next: of each State the oldest few, so that one that sends
// a hundred keeps nobody waiting for all of them.
func (f *office) choose(files []batch.File) (chosen []batch.File, more bool) {
	of := map[string]int{}
	for _, file := range files {
		area, _, ok := upload.SentBy(file.Name)
		if !ok || f.a.now().Sub(f.tried[file.Name]) < tryAgain {
			continue
		}
		if of[area] == roundFiles {
			more = true
			continue
		}
		of[area]++
		chosen = append(chosen, file)
	}
	return chosen, more
}

// anchors writes the head of the audit log outside the database, when it has moved.
func (f *office) anchors(ctx context.Context) (err error) {
	head, err := f.access.Head(ctx)
	if err != nil || head == f.anchor || head.Seq == 0 { // nothing is logged yet
		return err
	}
	file, err := os.OpenFile(f.c.path(portalHeads), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if _, err := fmt.Fprintln(file, head); err != nil {
		return err
	}
	f.anchor = head
	return file.Sync()
}

// verify holds the audit log against the anchors that were kept.
func (f *office) verify(ctx context.Context) (last access.Anchor, err error) {
	anchors, err := f.c.keptHeads()
	if err != nil {
		return last, err
	}
	return f.access.Verify(ctx, anchors...)
}

// keptHeads reads the anchors of the audit log; none where there is no file of them.
func (c *config) keptHeads() (all []access.Anchor, err error) {
	file, err := os.Open(c.path(portalHeads))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return access.ReadAnchors(file)
}

// close writes the last anchor and closes the accounts.
func (f *office) close(ctx context.Context) error {
	if f.tables != nil {
		f.tables.replace(nil)
	}
	return errors.Join(f.anchors(context.WithoutCancel(ctx)), f.access.Close())
}

// portalAddress is where the pages are reached: as the flag says, or as we listen. Passwords
// go over no network in the clear.
func portalAddress(flag, listening string) (string, error) {
	flag = cmp.Or(flag, listening)
	u, err := url.Parse(strings.TrimSuffix(flag, "/"))
	if err != nil || u.Host == "" || u.Path != "" || u.Scheme != "https" && (u.Scheme != "http" || !provider.Loopback(u)) {
		return "", usagef("--address %s: want https://HOST, or http://localhost for a trial: --tls-cert and --tls-key, or --address of a web server before it", flag)
	}
	return u.String(), nil
}

// openPortal puts the pages beside the API and begins to read what is handed in. stopped
// waits for the file at hand and closes the accounts.
func (s *server) openPortal(ctx context.Context, flags serveFlags, web *http.Server, address string, log *slog.Logger) (stopped func() error, err error) {
	_, o, err := s.a.runOptions(flags.run)
	if err != nil {
		return nil, err
	}
	o.settle, o.what = 0, nil // they are whole; what is published is left to the next run
	if s.a.asJSON {
		o.log = "-"
	}
	providers, err := s.c.providers(address, s.a.now)
	if err != nil {
		return nil, err
	}
	f, err := s.a.openOffice(ctx, s.c, o, log)
	if err != nil {
		return nil, err
	}
	if err := f.first(ctx, address); err != nil {
		return nil, errors.Join(err, f.close(ctx))
	}
	if err := f.openTables(s.flags); err != nil {
		return nil, errors.Join(err, f.close(ctx))
	}
	s.office = f
	api, pages := web.Handler, f.handler(address, flags.proxied, providers)
	web.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isAPI(r.URL.Path) {
			api.ServeHTTP(w, r)
			return
		}
		pages.ServeHTTP(w, r)
	})
	var working sync.WaitGroup
	working.Go(func() { f.work(ctx) })
	working.Go(func() { f.tables.makePacks(ctx) })
	return func() error {
		working.Wait()
		return f.close(ctx)
	}, nil
}

// isAPI tells what the SDMX API answers, and Prometheus.
func isAPI(path string) bool {
	resource, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return slices.Contains(resources, resource) || resource == "registration" || resource == "metrics"
}
