package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/oas/tipstat/reports/sdmx/rest"
	"github.com/oas/tipstat/transform/disclosure"
	"github.com/oas/tipstat/transform/store"
)

// serveFlags say what is served, and where.
type serveFlags struct {
	tableFlags
	listen          string
	portal, proxied bool
	address         string
	tlsCert, tlsKey string
	run             runFlags
}

func (a *app) serveCommand() *cobra.Command {
	var flags serveFlags
	cmd := &cobra.Command{
		Use: "serve", Short: "The SDMX REST API 2 over what is published, and the portal for ministries", Args: cobra.NoArgs,
		Long: `Answers the SDMX REST API 2 over the dataflow OAS:TIP(1.0.0), until it is
interrupted: structures, data, availability, reference metadata and schemas, as
SDMX-JSON 2.0, SDMX-ML 3.0 and SDMX-CSV 2.0, by the header Accept; structures, schemas
and data as SDMX-ML 2.1 and SDMX-CSV 1.0 too. What is served is what tipstat export
sdmx writes, after disclosure control, and counts as shown.

It works from a copy of the store in memory, so that others may ingest meanwhile; what
they accept is served a few seconds later. On stderr stands one line for each request:
its method, path and status, and nothing of who asked. /metrics tells Prometheus how
many requests of what kind were answered how fast, and what is served since when; let
the web server before it keep that path to your own network. Last-Modified is when what
is served was first served, with the same flags: served.json in the workspace keeps that
over a restart, for each set of flags.

The API has no login: what it tells is published. With --control none nothing is
withheld: not for publication.

With --portal ministries sign in, take the form, hand files in and see what became of
them, in the four languages. What they hand in lies in the inbox, in a folder of its own
for each file (HND/upload-…), must report for that State alone, and is read at once, as
tipstat run reads it: what stands of runs and notices in tipstat.yaml holds. The first
start tells a link by which the first administrator makes an account; all others are
invited from there. OpenID Connect providers to sign in at stand under portal in
tipstat.yaml. Who is signed in sees the tables of what the API serves, and can have the
meeting pack made. Accounts and the log of who did what are in portal.duckdb.

For TLS give --tls-cert and --tls-key, or let a web server before it have it and tell
--address and --proxied.`,
		Example: `  tipstat serve
  tipstat serve --listen 127.0.0.1:9090 --years 2015-2024
  tipstat serve --json   # the address as JSON, and the log too
  tipstat serve --portal                           # a trial on this machine
  tipstat serve --portal --listen :443 --tls-cert cert.pem --tls-key key.pem --address https://tip.example.org
  tipstat serve --portal --proxied --address https://tip.example.org   # behind nginx or Caddy`,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.serve(cmd.Context(), flags) },
	}
	cmd.Flags().StringVar(&flags.listen, "listen", "127.0.0.1:8080", "address and port to listen on; port 0 takes a free one")
	cmd.Flags().StringVar(&flags.years, "years", "", "years, such as 2019-2023 or 2021 (default: all that the store has)")
	cmd.Flags().StringSliceVar(&flags.states, "states", nil, "States by ISO 3166-1 alpha-3 code (default: all of the OAS)")
	flags.addControl(cmd)
	cmd.Flags().BoolVar(&flags.portal, "portal", false, "serve the pages for ministries, statisticians and administrators too")
	cmd.Flags().StringVar(&flags.address, "address", "", "where browsers reach the portal, such as https://tip.example.org (default: as it listens)")
	cmd.Flags().StringVar(&flags.tlsCert, "tls-cert", "", "certificate (PEM), with --tls-key: speak TLS")
	cmd.Flags().StringVar(&flags.tlsKey, "tls-key", "", "its key (PEM)")
	cmd.Flags().BoolVar(&flags.proxied, "proxied", false, "a proxy before it says who calls (the last address of X-Forwarded-For)")
	flags.run = runFlags{cmd: cmd, wait: waitDefault, quiet: true}
	return cmd
}

// Limits of the server. A client has writeTimeout to take its answer.
const (
	headerTimeout, readTimeout, writeTimeout, idleTimeout = 10 * time.Second, 30 * time.Second, 10 * time.Minute, 2 * time.Minute
	maxHeader                                             = 1 << 16          // bytes
	stopTimeout                                           = 10 * time.Second // for requests that are under way
	lookEvery                                             = 2 * time.Second  // at whether the store has changed
)

func (a *app) serve(ctx context.Context, flags serveFlags) (err error) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	c, err := a.config()
	if err != nil {
		return err
	}
	var log slog.Handler = slog.NewTextHandler(a.err, nil)
	if a.asJSON {
		log = slog.NewJSONHandler(a.err, nil)
	}
	logger := slog.New(log)
	s := &server{a: a, c: c, flags: flags.tableFlags, handler: rest.New(logger), metrics: newServeMetrics()}
	if (flags.tlsCert == "") != (flags.tlsKey == "") {
		return usagef("--tls-cert and --tls-key: want both, or neither")
	}
	listener, err := net.Listen("tcp", flags.listen)
	if err != nil {
		return usagef("--listen %s: %w", flags.listen, err)
	}
	defer func() { _ = listener.Close() }() // the server has closed it, if it came so far
	address := "http://" + listener.Addr().String()
	if flags.tlsCert != "" {
		address = "https://" + listener.Addr().String()
		if _, err := tls.LoadX509KeyPair(flags.tlsCert, flags.tlsKey); err != nil {
			return usagef("--tls-cert %s: %w", flags.tlsCert, err)
		}
	}
	if flags.portal {
		if address, err = portalAddress(flags.address, address); err != nil {
			return err
		}
	}
	web := &http.Server{Handler: s.metrics.around(s.handler, logger), ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(log, slog.LevelWarn), TLSConfig: &tls.Config{MinVersion: tls.VersionTLS12}}
	if flags.portal {
		stopped, err := s.openPortal(ctx, flags, web, address, logger)
		if err != nil {
			return err
		}
		defer func() {
			stop() // whatever ended us
			err = errors.Join(err, stopped())
		}()
	}
	ended := make(chan error, 1)
	go func() { // until there is something to serve it says so (503)
		if flags.tlsCert != "" {
			ended <- web.ServeTLS(listener, flags.tlsCert, flags.tlsKey)
			return
		}
		ended <- web.Serve(listener)
	}()
	switch err := s.refresh(ctx); {
	case err != nil && ctx.Err() != nil: // stopped before it was ready
	case err != nil && flags.portal && !errors.Is(err, store.ErrNotStore): // an empty store has nothing to publish yet
		s.old = err.Error()
		a.tell("serve_old", "why", s.old)
	case err != nil:
		return errors.Join(err, web.Close())
	}
	a.tell("serving", "address", address)
	if a.asJSON {
		if err := a.json(map[string]string{"address": address}); err != nil {
			return errors.Join(err, web.Close())
		}
	}
	s.watch(ctx, ended)
	a.tell("stopping")
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	err = web.Shutdown(late)
	if errors.Is(err, context.DeadlineExceeded) { // who has not taken the answer by now is cut off
		err = web.Close()
	}
	if err != nil {
		return err
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// server makes what is served anew when what it is made of has changed.
type server struct {
	a       *app
	c       *config
	flags   tableFlags
	handler *rest.Handler
	metrics *serveMetrics
	office  *office // nil without --portal
	made    string  // what it was made of
	heeded  int64   // how many audits of packs that withheld more it heeds, see officeTables.wanted
	old     string  // why what is served is what was served before, as told last
}

// watch looks at the store until the context ends, or the server. Where the store is
// held by who writes it, it is tried again; what was served before is served meanwhile.
func (s *server) watch(ctx context.Context, ended chan error) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case err := <-ended:
			ended <- err
			return
		case <-tick.C:
		}
		if s.state() == s.made && (s.office == nil || s.office.tables.wanted.Load() == s.heeded) {
			continue
		}
		if err := s.refresh(ctx); err != nil && ctx.Err() == nil && !errors.Is(err, store.ErrLocked) {
			s.metrics.made(0, 0, 0, err)
			if why := err.Error(); why != s.old { // once, and not at each look
				s.old = why
				s.a.tell("serve_old", "why", why)
			}
		}
	}
}

// refresh makes what is served, from a copy of the store: to work out what may be told
// can take a minute, for which nobody could write.
func (s *server) refresh(ctx context.Context) (err error) {
	state := s.state()
	dir, err := os.MkdirTemp("", "tipstat-serve-*") // of our own alone
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	copied := *s.c
	copied.Store = filepath.Join(dir, "store.duckdb")
	if err := s.copy(ctx, copied.path(copied.Store)); err != nil {
		return err
	}
	s.old = ""
	s.made = state // what fails from here on fails again until something changes
	if s.office != nil {
		s.heeded = s.office.tables.wanted.Load()
	}
	flags := s.flags
	policy, err := flags.policy(&copied)
	if err != nil {
		return err
	}
	st, p, err := flags.openUnder(ctx, s.a, &copied, policy)
	if err != nil {
		return err
	}
	close := st.Close
	defer func() { err = errors.Join(err, close()) }()
	_ = os.RemoveAll(dir) // where an open file can be removed nothing is left if we are killed
	set, err := s.c.vocabulary()
	if err != nil {
		return err
	}
	if err := st.Hold(ctx); err != nil {
		return err
	}
	e, err := s.a.makeSDMX(ctx, st.DB(), set, p)
	if err != nil {
		return err
	}
	digest, err := e.Freeze(ctx)
	if err != nil {
		return err
	}
	s.handler.Publish(e, digest, s.first(ctx, s.flags.served(), digest, s.a.now()))
	s.metrics.made(e.Observations, e.Series, e.Withheld, nil)
	s.a.tell("serve_ready", "observations", e.Observations, "series", e.Series, "withheld", e.Withheld)
	switch {
	case s.office == nil:
		return nil
	case p.Control == nil: // then the portal shows no tables
		s.office.tables.replace(nil)
		return nil
	}
	if err := s.publishTables(st, p, policy, digest); err != nil {
		return err
	}
	close = func() error { return nil } // they are made from it, until the next takes its place
	return nil
}

// copy copies the store to where there is none.
func (s *server) copy(ctx context.Context, to string) error {
	if s.office != nil {
		select {
		case s.office.storing <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		defer s.office.release()
	}
	return s.c.DuckDB.Copy(ctx, s.c.path(s.c.Store), to)
}

// state tells by sizes and times of files what is served is made of: the store, the
// policy and the vocabulary. What was shown is not among them: we write it ourselves.
func (s *server) state() string { return s.c.madeOf() }

// madeOf tells by sizes and times of files what is made from a workspace for others.
func (c *config) madeOf() string {
	var b strings.Builder
	file := c.path(c.Store)
	for _, root := range []string{file, file + ".wal", c.path(disclosure.PolicyFile), c.path(c.Vocabulary)} {
		err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := entry.Info()
			if err == nil && !entry.IsDir() {
				fmt.Fprintln(&b, name, info.Size(), info.ModTime().UnixNano())
			}
			return err
		})
		if err != nil { // not there, or not just now
			fmt.Fprintln(&b, root, "-")
		}
	}
	return b.String()
}
