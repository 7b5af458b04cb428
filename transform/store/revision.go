package store

import (
	"context"
	"database/sql"
	_ "embed"
	"time"
)

//go:embed revisions.sql
var revisionsSQL string

// Revision is one figure that a newer file of the same layout told otherwise than the file
// whose place it took. Before and After are figures as they are printed (5, ≥20, 5–9), a
// code of CL_OBS_STATUS where there is none, empty where the breakdown lacks it, and … where
// it was counted from case rows.
type Revision struct {
	Change       string    `json:"change"` // changed, new (in a breakdown reported before) or gone
	RefArea      string    `json:"REF_AREA"`
	SourceAgency string    `json:"SOURCE_AGENCY"`
	Indicator    string    `json:"INDICATOR"`
	About        string    `json:"about"` // codes of its dimensions, but for totals
	TimePeriod   string    `json:"TIME_PERIOD"`
	Before       string    `json:"before"`
	After        string    `json:"after"`
	Percent      *float64  `json:"percent,omitempty"` // of Before
	ReceivedAt   time.Time `json:"received_at"`
	FileName     string    `json:"file_name"` // the newer file
	Cell         string    `json:"cell,omitempty"`
	Submission   string    `json:"submission_id"` // of the newer file
}

// Revisions lists what newer files told otherwise, by State, source, indicator, period and
// time: in files received after a day (YYYY-MM-DD), or ever if it is empty.
func (s *Store) Revisions(ctx context.Context, since string) ([]Revision, error) {
	out := []Revision{}
	err := s.each(ctx, toldSQL+revisionsSQL, func(r *sql.Rows) error {
		var x Revision
		err := r.Scan(&x.Change, &x.RefArea, &x.SourceAgency, &x.Indicator, &x.About, &x.TimePeriod, &x.Before, &x.After, &x.Percent, &x.ReceivedAt, &x.FileName, &x.Cell, &x.Submission)
		out = append(out, x)
		return err
	}, sql.Named("since", since))
	return out, err
}
