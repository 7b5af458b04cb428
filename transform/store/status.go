package store

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"strings"

	"github.com/oas/tipstat/transform/record"
)

// Status is the account of one submission: what became of its rows, and its
// findings by code.
type Status struct {
	Submission
	Observations int64               `json:"observations"`
	Actions      int64               `json:"treaty_actions,omitempty"` // of States under treaties, in their place
	Account      []record.RowAccount `json:"row_account"`
	Findings     []FindingCount      `json:"finding_counts"`
}

// FindingCount is the number of findings of one code.
type FindingCount struct {
	Code     string          `json:"code"`
	Severity record.Severity `json:"severity"`
	Count    int64           `json:"count"`
}

// each runs a query and calls scan for every row.
func (s *Store) each(ctx context.Context, query string, scan func(*sql.Rows) error, args ...any) (err error) {
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// History lists the submissions in the order of acceptance.
func (s *Store) History(ctx context.Context) ([]Submission, error) {
	out := []Submission{}
	err := s.each(ctx, `SELECT submission_id, seq, file_sha256, file_name, file_bytes, file_format, layout, layout_version, layout_sha256,
			record, source_agency, repeats, reference_date, received_at, run_id, coalesce(reprocess_of, ''), coalesce(first_seq, 0), first_received_at,
			(SELECT max(ACTION_DATE) FROM treaty_action WHERE treaty_action.submission_id = submission.submission_id),
			(SELECT count(*) FROM finding WHERE finding.submission_id = submission.submission_id AND code = 'TIP-P007'),
			CASE WHEN submission_id IN (SELECT submission_id FROM submission_withdrawn) THEN 'withdrawn'
				WHEN submission_id IN (SELECT submission_id FROM observation EXCEPT SELECT submission_id FROM observation_current) THEN 'superseded'
				ELSE 'current' END
		FROM submission ORDER BY seq`,
		func(r *sql.Rows) error {
			var x Submission
			var ref, first, last sql.NullTime
			err := r.Scan(&x.ID, &x.Seq, &x.SHA256, &x.FileName, &x.Bytes, &x.Format, &x.Layout, &x.LayoutVersion, &x.LayoutSHA256,
				&x.Record, &x.SourceAgency, &x.Repeats, &ref, &x.ReceivedAt, &x.RunID, &x.ReprocessOf, &x.FirstSeq, &first, &last, &x.ColumnsDropped, &x.Outcome)
			x.ReferenceDate, x.FirstReceivedAt, x.LastAction = ref.Time, first.Time, last.Time
			out = append(out, x)
			return err
		})
	if err != nil {
		return out, err
	}
	decisions, err := s.decisions(ctx)
	for i := range out {
		out[i].Decisions = decisions[out[i].ID]
	}
	return out, err
}

// Status gives the account of every submission, in the order of acceptance.
func (s *Store) Status(ctx context.Context) ([]Status, error) {
	subs, err := s.History(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Status, len(subs))
	at := map[string]*Status{}
	for i, sub := range subs {
		out[i].Submission = sub
		at[sub.ID] = &out[i]
	}
	var id string
	err = s.each(ctx, `SELECT submission_id, count(*) FILTER (NOT treaty), count(*) FILTER (treaty)
		FROM (SELECT submission_id, false AS treaty FROM observation UNION ALL SELECT submission_id, true FROM treaty_action) GROUP BY submission_id`, func(r *sql.Rows) error {
		var observations, actions int64
		err := r.Scan(&id, &observations, &actions)
		at[id].Observations, at[id].Actions = observations, actions
		return err
	})
	if err != nil {
		return nil, err
	}
	err = s.each(ctx, `SELECT submission_id, sheet, outcome, rule, row_count FROM row_account ORDER BY submission_id, sheet, outcome, rule`,
		func(r *sql.Rows) error {
			var a record.RowAccount
			err := r.Scan(&id, &a.Sheet, &a.Outcome, &a.Rule, &a.Rows)
			at[id].Account = append(at[id].Account, a)
			return err
		})
	if err != nil {
		return nil, err
	}
	err = s.each(ctx, `SELECT submission_id, code, severity, sum(finding_count)::BIGINT FROM finding GROUP BY ALL ORDER BY ALL`,
		func(r *sql.Rows) error {
			var f FindingCount
			err := r.Scan(&id, &f.Code, &f.Severity, &f.Count)
			at[id].Findings = append(at[id].Findings, f)
			return err
		})
	return out, err
}

// FindingsOf gives all findings of one submission, in their order.
func (s *Store) FindingsOf(ctx context.Context, submissionID string) (record.Findings, error) {
	out := record.Findings{}
	err := s.each(ctx, `SELECT s.file_name, f.code, f.severity, f.sheet, f.cell, f.context_sheet, f.context_cell, f.found, f.expected, f.proposals, f.cells, f.finding_count, coalesce(n.note_text, '')
		FROM finding f JOIN submission s USING (submission_id)
		LEFT JOIN note n ON n.submission_id = f.submission_id AND n.code = f.code AND n.sheet = f.sheet AND n.cell = f.cell AND n.cells = f.cells
		WHERE f.submission_id = ? ORDER BY f.seq`,
		func(r *sql.Rows) error {
			var f record.Finding
			var proposals, cells string
			err := r.Scan(&f.Subject.File, &f.Code, &f.Severity, &f.Subject.Sheet, &f.Subject.Cell, &f.Context.Sheet, &f.Context.Cell,
				&f.Found, &f.Expected, &proposals, &cells, &f.Count, &f.Explanation)
			f.Proposals, f.Cells = split(proposals), split(cells)
			if f.Context.Cell != "" {
				f.Context.File = f.Subject.File
			}
			out = append(out, f)
			return err
		}, submissionID)
	return out, err
}

// split undoes a join by commas.
func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

//go:embed reported.sql
var reportedSQL string

// Reported gives the States for which each submission reports, by the id of the submission.
func (s *Store) Reported(ctx context.Context) (map[string][]string, error) {
	of := map[string][]string{}
	err := s.each(ctx, reportedSQL, func(r *sql.Rows) error {
		var id, area string
		err := r.Scan(&id, &area)
		of[id] = append(of[id], area)
		return err
	})
	return of, err
}
