package store

import (
	"context"
	"database/sql"
	_ "embed"
	"strings"
	"time"
)

//go:embed collected.sql
var collectedSQL string

// Collected is what the store has of one State of a year and kind of record (the record of
// the indicator, by CL_INDICATOR: a form has several).
type Collected struct {
	RefArea string `json:"REF_AREA"`
	Record  string `json:"record"`
	// Own tells that the files report for this State alone: it sent them. One that reports
	// for several is another's collection, such as UNODC's.
	Own        bool      `json:"own"`
	Figures    int64     `json:"figures"`     // as reported, current ones
	Told       int64     `json:"with_figure"` // of these, those that are a figure, or withheld, and not a sign in its place
	Files      int64     `json:"files"`
	Submission string    `json:"submission_id"` // the newest of these files
	ReceivedAt time.Time `json:"received_at"`
}

// Collected tells who has sent what of a year. The store must have been opened without what
// is withdrawn (OpenReadOnly).
func (s *Store) Collected(ctx context.Context, year int) ([]Collected, error) {
	out := []Collected{}
	reported, _, _ := strings.Cut(reportedSQL, "ORDER BY")
	err := s.each(ctx, strings.Replace(collectedSQL, "(FROM reported)", "("+reported+")", 1), func(r *sql.Rows) error {
		var c Collected
		err := r.Scan(&c.RefArea, &c.Record, &c.Own, &c.Figures, &c.Told, &c.Files, &c.Submission, &c.ReceivedAt)
		out = append(out, c)
		return err
	}, sql.Named("year", year))
	return out, err
}
