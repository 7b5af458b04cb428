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

// Collection is the grid of who has sent what of a year: a row for each State, a cell for
// each kind of record.
type Collection struct {
	Year    int             `json:"year"`
	Records []string        `json:"records"`
	Rows    []CollectionRow `json:"rows"`
	// Sent counts by kind of record, in the order of Records, the States that sent it; All
	// those that sent any.
	Sent []int `json:"sent"`
	All  int   `json:"sent_any"`
}

// CollectionRow is a State's row. A cell is nil where the store has nothing.
type CollectionRow struct {
	RefArea string       `json:"REF_AREA"`
	Cells   []*Collected `json:"cells"`
}

// Sent counts the kinds of record that the State sent itself.
func (r CollectionRow) Sent() (n int) {
	for _, c := range r.Cells {
		if c != nil && c.Own {
			n++
		}
	}
	return n
}

// Grid puts what was collected of a year into the order of States and kinds of record. What a
// State sent itself goes before what another's collection has of it.
func Grid(year int, states, records []string, all []Collected) Collection {
	g := Collection{Year: year, Records: records, Sent: make([]int, len(records))}
	type place struct{ area, kind string }
	at := map[place]*Collected{}
	for i, c := range all {
		if p := (place{c.RefArea, c.Record}); at[p] == nil || c.Own {
			at[p] = &all[i]
		}
	}
	for _, area := range states {
		row := CollectionRow{RefArea: area}
		for i, kind := range records {
			c := at[place{area, kind}]
			row.Cells = append(row.Cells, c)
			if c != nil && c.Own {
				g.Sent[i]++
			}
		}
		if row.Sent() > 0 {
			g.All++
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}
