package portal

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/oas/tipstat/ingest/portal/access"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/store"
)

// Review is what the statistician's pages ask of the rest of the house.
type Review struct {
	// Stored gives what the store knows of all submissions. While a batch has the store for
	// long it is as it was before; store.ErrLocked where it was not read yet.
	Stored func(ctx context.Context) (*Stored, error)
	// Findings gives the findings of a submission.
	Findings func(ctx context.Context, submission string) (record.Findings, error)
	// Decide records a decision, by name and with a reason, about a submission that stands as
	// seen says (store.Submission.Standing). ErrReason, ErrPerson, ErrMoved, store.ErrLocked.
	Decide func(ctx context.Context, d store.Decision, seen string) error
	// Indicator names the kind of record of an indicator, and the indicator.
	Indicator func(code, lang string) (kind, name string)
	// About says the codes of a figure's dimensions (store.Revision.About) in words.
	About func(codes, lang string) string
	// Codes gives the code lists as they are now.
	Codes func() (*codelist.Set, error)
	// Map writes what a spelling stands for into the workspace's vocabulary; ErrMapping.
	Map func(list, spelling, code, by string) error
	// Draft proposes a layout for a file; ErrDraft where it can't be read or names persons.
	Draft func(ctx context.Context, path string) ([]byte, error)
	// Collection tells who has sent what of a year; store.ErrLocked.
	Collection func(ctx context.Context, year int) (store.Collection, error)
	// Reminded tells whether a State may be reminded: it is a member, and nothing else is said
	// of it.
	Reminded func(refArea string) bool
	// Lang gives the language in which a State is written to.
	Lang func(ctx context.Context, refArea string) (string, error)
}

// Stored is what the store knows of all submissions.
type Stored struct {
	Submissions []store.Status
	Reported    map[string][]string // the States of each, by its id
	Revisions   []store.Revision    // of those that are not withdrawn
}

// What a statistician can't do.
var (
	ErrReason    = errors.New("a reason is one line, and not empty")
	ErrPerson    = errors.New("the reason names a person")
	ErrMoved     = errors.New("the submission stands elsewhere than the page said")
	ErrMapping   = errors.New("the spelling can't be given that code")
	ErrDraft     = errors.New("no layout can be drafted of the file")
	errGoneOn    = errors.New("the file is read again already, or lies elsewhere")
	errOvertaken = errors.New("a newer file was accepted in its place")
)

// reviewRoutes are the statistician's pages.
func (s *Server) reviewRoutes(mine func(pattern string, action access.Action, h handler)) {
	mine("GET /review", access.Decide, s.queue)
	mine("GET /review/{id}", access.Decide, s.one)
	mine("GET /review/{id}/differences.csv", access.Decide, s.differencesCSV)
	mine("GET /review/{id}/layout.yaml", access.MapValues, s.draft)
	mine("POST /review/{id}/again", access.MapValues, s.readAgain)
	mine("POST /review/{id}/{decision}", access.Decide, s.decide)
	mine("GET /review/values", access.MapValues, s.values)
	mine("POST /review/values/map", access.MapValues, s.mapValue)
	mine("GET /review/collection", access.SeeCollection, s.collection)
	mine("GET /review/collection.csv", access.SeeCollection, s.collectionCSV)
	mine("GET /review/reminders.zip", access.SeeCollection, s.reminders)
}

// standing is what became of an entry, and of its figures since.
func (e entry) standing() string {
	if e.Sub != nil && (e.Outcome == "" || e.Outcome == "accepted") {
		switch {
		case e.Sub.Outcome != "current":
			return e.Sub.Outcome
		case e.Sub.Confirmed():
			return "confirmed"
		}
		return "accepted"
	}
	return e.Outcome
}

// unseen tells whether nobody has decided about figures that stand. What a receipt calls
// accepted may not be in the store: it was read before, or another store stands there now.
func (e entry) unseen() bool {
	return e.Sub != nil && e.standing() == "accepted" && len(e.Sub.Decisions) == 0
}

// standings are the outcomes that the queue can be filtered by.
var standings = []string{"waiting", "accepted", "confirmed", "superseded", "withdrawn", "refused", "already-ingested", "lost"}

// areaOf names the States of an entry.
func (s *Server) areaOf(e entry, lang string) (string, error) {
	switch len(e.Areas) {
	case 0:
		return text(lang, "review_state_none")
	case 1, 2, 3:
		names := []string{}
		for _, a := range e.Areas {
			names = append(names, s.House.Area(a, lang))
		}
		return strings.Join(names, ", "), nil
	}
	return text(lang, "review_states", "count", len(e.Areas))
}

// about tells whether an entry is about a State.
func (e entry) about(area string) bool { return area == "" || slices.Contains(e.Areas, area) }
