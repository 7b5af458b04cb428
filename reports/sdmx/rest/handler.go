package rest

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/gzhttp"
	"golang.org/x/text/language"

	"github.com/oas/tipstat/reports/sdmx"
	"github.com/oas/tipstat/transform/record"
)

// snapshot is what is served until the next one comes.
type snapshot struct {
	export     *sdmx.Export
	digest     string
	components []sdmx.Component
	artefacts  map[string]sdmx.Artefact
	modified   time.Time // in whole seconds
	// The artefacts to which each refers, and those that refer to it, by URN.
	below, above map[string]map[string]bool
}

// Handler answers the SDMX REST API from the newest export that was published to it.
type Handler struct {
	now   atomic.Pointer[snapshot]
	serve http.Handler
	log   *slog.Logger
}

// resource is what can be asked for under a name.
type resource struct {
	offers     []media
	parameters []string
	segments   []string // of the path that follows the name, those at the end may be left out
	answer     func(ctx context.Context, s *snapshot, q query) (answer, error)
}

// query is what is asked of a resource.
type query struct {
	path []string
	params
	media media
}

var resources = map[string]resource{
	"structure": {structureMedia, []string{"detail", "references"}, []string{"type", "agency", "id", "version", "item"}, structures},
	"data": {dataMedia, []string{"c", "updatedAfter", "firstNObservations", "lastNObservations", "dimensionAtObservation", "attributes", "measures", "includeHistory",
		"offset", "limit", "sort", "asOf", "reportingYearStartDay"}, []string{"context", "agency", "id", "version", "key"}, data},
	"availability": {availabilityMedia, []string{"c", "updatedAfter", "references", "mode", "reportingYearStartDay"},
		[]string{"context", "agency", "id", "version", "key", "component"}, availability},
	"metadata": {metadataMedia, []string{"detail"}, []string{"type", "agency", "id", "version", "provider"}, metadata},
	"schema":   {schemaMedia, []string{"dimensionAtObservation", "deletion", "asOf"}, []string{"context", "agency", "id", "version"}, schema},
}

// query reads what is asked.
func (res resource) query(r *http.Request, name string) (q query, err error) {
	if q.path, err = segments(strings.TrimPrefix(r.URL.EscapedPath(), "/"+name)); err != nil {
		return q, err
	}
	if q.params, err = parseParams(r.URL.RawQuery, res.parameters...); err != nil {
		return q, err
	}
	var bad *fault
	if q.media, bad = negotiate(r.Header.Get("Accept"), res.offers); bad != nil {
		return q, bad
	}
	if len(q.path) > len(res.segments) {
		return q, syntax("a path of %s has at most: {%s}", name, strings.Join(res.segments, "}/{"))
	}
	return q, nil
}

// answer is a message that is ready to be written.
type answer struct {
	media media
	write func(ctx context.Context, w io.Writer) error
}

// New makes a handler; it answers 503 until an export is published. It logs one line for
// each request: its method, path and status, and nothing of the client.
func New(log *slog.Logger) *Handler {
	h := &Handler{log: log}
	mux := http.NewServeMux()
	for name, res := range resources {
		mux.Handle("/"+name, h.resource(name, res))
		mux.Handle("/"+name+"/", h.resource(name, res))
	}
	for _, path := range []string{"/registration", "/registration/"} { // the first would be redirected to the second
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			h.fail(w, r, missing("registrations are not implemented here"))
		})
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		h.fail(w, r, faultf(http.StatusNotFound, "no such resource: there are structure, data, availability, metadata, schema"))
	})
	h.serve = gzhttp.GzipHandler(mux)
	return h
}

// Publish serves an export from now on. It must be frozen, and must not be changed any
// more; digest is that of Freeze. It is dated by when it was first served, not by its newest
// file: under a stricter policy the same files give another answer, and who asks what was
// modified since must be told of that. The date never goes back while the handler lives;
// that it does not over a restart either is with the caller, who gives the same time for the
// same digest and a later one for another.
func (h *Handler) Publish(e *sdmx.Export, digest string, first time.Time) {
	modified := first.UTC().Truncate(time.Second)
	if e.Prepared.After(modified) { // the clock goes wrong
		modified = e.Prepared
	}
	if was := h.now.Load(); was != nil {
		switch {
		case was.digest == digest:
			modified = was.modified
		case !modified.After(was.modified): // HTTP has no parts of a second
			modified = was.modified.Add(time.Second)
		}
	}
	s := &snapshot{export: e, digest: digest, components: e.Components(), artefacts: e.Artefacts(), modified: modified}
	s.link()
	h.now.Store(s)
}

// statusWriter remembers the status for the log.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// methods are those that the API has for who reads.
const methods = "GET, HEAD, OPTIONS"

// maxURI is how long the target of a request may be, in bytes.
const maxURI = 8192

func (h *Handler) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w := &statusWriter{rw, http.StatusOK}
	defer func() { h.log.Info("request", "method", r.Method, "path", r.URL.Path, "status", w.status) }()
	head := w.Header()
	head.Set("Access-Control-Allow-Origin", "*")
	head.Set("Access-Control-Expose-Headers", "ETag, Last-Modified, Content-Language")
	head.Set("X-Content-Type-Options", "nosniff")
	head.Add("Vary", "Accept, Accept-Language")
	switch {
	case r.Method == http.MethodOptions:
		head.Set("Allow", methods)
		head.Set("Access-Control-Allow-Methods", methods)
		head.Set("Access-Control-Allow-Headers", "Accept, Accept-Language, If-Modified-Since, If-None-Match")
		head.Set("Access-Control-Max-Age", "86400")
		w.WriteHeader(http.StatusNoContent)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		head.Set("Allow", methods)
		h.fail(w, r, faultf(http.StatusMethodNotAllowed, "%s: this service is read only", r.Method))
	case len(r.RequestURI) > maxURI:
		h.fail(w, r, faultf(http.StatusRequestURITooLong, "at most %d bytes", maxURI))
	case path.Clean("/"+r.URL.Path) != strings.TrimSuffix(r.URL.Path, "/") && r.URL.Path != "/": // else the multiplexer sends a page of HTML
		h.fail(w, r, syntax("a path without empty parts, . and .."))
	default:
		h.serve.ServeHTTP(w, r)
	}
}

// resource answers a query, or says why not.
func (h *Handler) resource(name string, res resource) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s := h.now.Load()
		if s == nil {
			w.Header().Set("Retry-After", "10")
			h.fail(w, r, faultf(http.StatusServiceUnavailable, "the data are not ready yet"))
			return
		}
		q, err := res.query(r, name)
		var a answer
		if err == nil {
			said := *s
			lang := preferred(r.Header.Get("Accept-Language"))
			said.export = s.export.In(lang)
			w.Header().Set("Content-Language", lang)
			a, err = res.answer(r.Context(), &said, q)
		}
		if err == nil {
			h.respond(w, r, s, a)
			return
		}
		var f *fault
		if !errors.As(err, &f) {
			if r.Context().Err() != nil {
				return // nobody waits any more
			}
			h.log.Error("failed", "path", r.URL.Path, "error", err.Error())
			f = faultf(http.StatusInternalServerError, "a fault of the service")
		}
		w.Header().Del("Content-Language")
		h.fail(w, r, f)
	})
}

// respond writes an answer, unless the client has it already.
func (h *Handler) respond(w http.ResponseWriter, r *http.Request, s *snapshot, a answer) {
	variant := fnv.New32a()
	_, _ = variant.Write([]byte(a.media.said + w.Header().Get("Content-Language"))) // a hash takes all
	// Weak: gzip may give other bytes.
	etag := fmt.Sprintf(`W/"%.16s-%08x"`, s.digest, variant.Sum32())
	w.Header().Set("ETag", etag)
	w.Header().Set("Last-Modified", s.modified.Format(http.TimeFormat))
	w.Header().Set("Cache-Control", "no-cache") // keep, but ask whether it is still so
	if unchanged(r, etag, s.modified) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", a.media.said)
	if r.Method == http.MethodHead {
		return
	}
	// All is in memory: what fails is the client, who has gone or was too slow.
	if err := a.write(r.Context(), w); err != nil && r.Context().Err() == nil {
		h.log.Error("not sent whole", "path", r.URL.Path, "error", err.Error())
	}
}

// unchanged tells whether the client has what would be sent (RFC 9110, section 13.2.2).
func unchanged(r *http.Request, etag string, modified time.Time) bool {
	if said := r.Header.Get("If-None-Match"); said != "" {
		return slices.ContainsFunc(split(said, ','), func(tag string) bool {
			tag = strings.TrimSpace(tag)
			return tag == all || tag == etag || "W/"+tag == etag
		})
	}
	since, err := http.ParseTime(r.Header.Get("If-Modified-Since"))
	return err == nil && !modified.After(since)
}

// segments are the parts of a path, decoded; a / at the end adds none.
func segments(escaped string) ([]string, error) {
	escaped = strings.Trim(escaped, "/")
	if escaped == "" {
		return nil, nil
	}
	out := strings.Split(escaped, "/")
	for i, s := range out {
		decoded, err := url.PathUnescape(s)
		if err != nil || decoded == "" {
			return nil, syntax("the path is not percent-encoded as it should be")
		}
		out[i] = decoded
	}
	return out, nil
}

// at gives a segment of the path, or what stands for it where it was left out.
func at(path []string, i int, otherwise string) string {
	if i < len(path) {
		return path[i]
	}
	return otherwise
}

var languages = func() language.Matcher {
	var tags []language.Tag
	for _, l := range record.Languages {
		tags = append(tags, language.Make(l))
	}
	return language.NewMatcher(tags)
}()

// preferred is the language of the names for those who take one; all are sent.
func preferred(accept string) string {
	_, i := language.MatchStrings(languages, accept)
	return record.Languages[i]
}
