package portal

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"syscall"

	"github.com/oas/tipstat/ingest/portal/access"
	"github.com/oas/tipstat/ingest/portal/provider"
	"github.com/oas/tipstat/ingest/portal/upload"
	"github.com/oas/tipstat/ingest/review"
	"github.com/oas/tipstat/transform/store"
)

// What a page can't do, beside the refusals of access and upload.
var (
	errNotFound = errors.New("not found")
	errOrigin   = errors.New("from another site")
	errForm     = errors.New("the form did not come whole")
	errState    = errors.New("no State of the OAS")
	errAnswers  = errors.New("no answer was written")
)

// partial is what went wrong after some files of a form lay in the inbox.
type partial struct {
	files int
	error
}

func (p partial) Unwrap() error { return p.error }

// tellable is an error of which a user is told.
type tellable struct {
	err    error
	text   string
	status int
}

// tellables are the errors that have a text (err_… in texts) and a status of their own.
var tellables = []tellable{
	{errNotFound, "not_found", http.StatusNotFound},
	{upload.ErrNone, "not_found", http.StatusNotFound},
	{errOrigin, "origin", http.StatusForbidden},
	{errForm, "form", http.StatusBadRequest},
	{errState, "state", http.StatusUnprocessableEntity},
	{errAnswers, "answers", http.StatusUnprocessableEntity},
	{errFlow, "flow", http.StatusBadRequest},
	{provider.ErrUnreachable, "provider_down", http.StatusServiceUnavailable},
	{provider.ErrDenied, "provider_denied", http.StatusForbidden},
	{provider.ErrAnswer, "provider_answer", http.StatusForbidden},
	{review.ErrUnmarkable, "unmarkable", http.StatusConflict},
	{upload.ErrTooLarge, "too_large", http.StatusRequestEntityTooLarge},
	{upload.ErrEmpty, "empty", http.StatusUnprocessableEntity},
	{upload.ErrName, "file_name", http.StatusUnprocessableEntity},
	{upload.ErrQuota, "quota", http.StatusTooManyRequests},
	{upload.ErrWaiting, "waiting", http.StatusTooManyRequests},
	{upload.ErrBusy, "waiting", http.StatusTooManyRequests},
	{upload.ErrBroken, "form", http.StatusBadRequest},
	{ErrUnpublished, "unpublished", http.StatusServiceUnavailable},
	{ErrUncontrolled, "uncontrolled", http.StatusServiceUnavailable},
	{ErrNoTable, "not_found", http.StatusNotFound},
	{ErrTooWide, "too_wide", http.StatusUnprocessableEntity},
	{errNotInTable, "not_in_table", http.StatusBadRequest},
	{syscall.ENOSPC, "disk", http.StatusInsufficientStorage},
	{syscall.EDQUOT, "disk", http.StatusInsufficientStorage},
	{store.ErrLocked, "store_busy", http.StatusServiceUnavailable},
	{ErrReason, "reason", http.StatusUnprocessableEntity},
	{ErrPerson, "reason_person", http.StatusUnprocessableEntity},
	{ErrMoved, "moved", http.StatusConflict},
	{ErrMapping, "mapping", http.StatusUnprocessableEntity},
	{ErrDraft, "draft", http.StatusUnprocessableEntity},
	{errOvertaken, "overtaken", http.StatusConflict},
	{errGoneOn, "gone_on", http.StatusConflict},
	{access.ErrForbidden, "forbidden", http.StatusForbidden},
	{access.ErrTooManyAttempts, "wait", http.StatusTooManyRequests},
	{access.ErrLocked, "wait", http.StatusTooManyRequests},
	{access.ErrBusy, "busy", http.StatusServiceUnavailable},
}

// refusals are the texts of the other refusals of access, by the beginnings of their names.
var refusals = []struct{ start, text string }{
	{"session-not-fresh", "fresh"}, {"identity-taken", "identity_taken"}, {"identity-last", "identity_last"}, {"identity-invalid", "provider_answer"},
	{"credentials-", "credentials"}, {"sign-in-locked-until-reset", "locked"}, {"session-", "session"}, {"second-step-", "session"}, {"code-", "code"},
	{"invitation-wrong", "invitation_wrong"}, {"invitation-", "invitation"}, {"name-", "name"}, {"password-", "password"},
	{"last-administrator", "last_administrator"}, {"account-", "not_found"}, {"language-", "form"}, {"token-wrong", "token"}, {"token-many", "token"}, {"token-", "token_unknown"},
	{"identity-", "identity"},
}

// textOf gives the text and the status of an error, and whether it is one of ours or of
// the machine, which nobody is told more of.
func (s *Server) textOf(lang string, err error) (told string, status int, own bool) {
	var key string
	key, status, own = kindOf(err)
	minutes := 1
	if no := refusalOf(err); no != nil {
		minutes = max(1, int(math.Ceil(no.RetryAfter.Minutes())))
	}
	var asked NotInTable
	_ = errors.As(err, &asked)
	told, bad := text(lang, "err_"+key, "minutes", minutes, "size", s.Desk.MaxBytes()>>20, "name", asked.Parameter, "value", shortened(asked.Value))
	var some partial
	if bad == nil && errors.As(err, &some) {
		var came string
		came, bad = text(lang, "err_partial", "count", some.files)
		told = came + " " + told
	}
	if bad != nil {
		told = err.Error() // a test reads all texts
	}
	return told, status, own
}

// shortened keeps what somebody wrote into an address to a line.
func shortened(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// refusalOf gives the refusal in an error; nil if there is none.
func refusalOf(err error) *access.Refusal {
	var no *access.Refusal
	if errors.As(err, &no) {
		return no
	}
	return nil
}

// kindOf gives the text (err_… in texts) and the status of an error.
func kindOf(err error) (key string, status int, own bool) {
	for _, t := range tellables {
		if errors.Is(err, t.err) {
			return t.text, t.status, false
		}
	}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return "too_large", http.StatusRequestEntityTooLarge, false
	}
	if no := refusalOf(err); no != nil {
		for _, r := range refusals {
			if strings.HasPrefix(no.Name, r.start) {
				return r.text, http.StatusUnprocessableEntity, false
			}
		}
	}
	return "internal", http.StatusInternalServerError, true
}

// problem tells what went wrong.
func (s *Server) problem(w http.ResponseWriter, r *http.Request, p *page, err error) {
	said, status, own := s.textOf(p.Lang, err)
	if own && r.Context().Err() == nil {
		s.Log.Error("page", "method", r.Method, "path", routed(r), "error", err.Error())
	}
	code := ""
	if no := refusalOf(err); no != nil {
		code = no.Name
		if no.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(no.RetryAfter.Seconds()))))
		}
		if forMachines(r) && strings.HasPrefix(code, "token-") {
			status = http.StatusUnauthorized
			w.Header().Set("WWW-Authenticate", `Bearer realm="tipstat"`)
		}
	}
	if wantsJSON(r) {
		_ = answerJSON(w, status, map[string]string{"problem": said, "code": code}) // nobody may be there to take it
		return
	}
	p.Form, p.Problem, p.status, p.Again, p.Wide = nil, said, status, 0, false
	w.Header().Del("ETag")
	w.Header().Set("Cache-Control", "no-store")
	if bad := p.title("error", "error_title"); bad == nil {
		bad = s.show(w, r, p)
		if bad == nil {
			return
		}
		s.Log.Error("page", "path", routed(r), "error", bad.Error())
	}
	http.Error(w, said, status)
}

// routed is the pattern that a request met: paths can hold tokens, which no log may.
func routed(r *http.Request) string {
	if r.Pattern == "" {
		return "?"
	}
	return r.Pattern
}

// again shows a form once more with what was wrong in it.
func (s *Server) again(w http.ResponseWriter, r *http.Request, p *page, err error) error {
	said, status, own := s.textOf(p.Lang, err)
	if own {
		return err
	}
	p.Problem, p.status = said, status
	return s.show(w, r, p)
}

func forMachines(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, apiRoot+"/") }

func wantsJSON(r *http.Request) bool {
	return forMachines(r) || strings.HasPrefix(r.Header.Get("Accept"), "application/json")
}

func answerJSON(w http.ResponseWriter, status int, v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(b, '\n')) // nobody may be there to take it
	return nil
}
