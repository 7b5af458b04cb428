package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/duckdb/duckdb-go/v2"

	"github.com/oas/tipstat/transform/record"
)

// Submission describes one accepted file.
type Submission struct {
	ID            string    `json:"submission_id"`
	Seq           int64     `json:"seq"`
	SHA256        string    `json:"file_sha256"`
	FileName      string    `json:"file_name"`
	Bytes         int64     `json:"file_bytes"`
	Format        string    `json:"file_format"`
	Layout        string    `json:"layout"`
	LayoutVersion string    `json:"layout_version"`
	LayoutSHA256  string    `json:"layout_sha256"`
	Record        string    `json:"record"`
	SourceAgency  string    `json:"source_agency"`
	Repeats       string    `json:"repeats"`
	ReferenceDate time.Time `json:"reference_date,omitzero"`
	LastAction    time.Time `json:"-"` // of States under treaties, in the file
	ReceivedAt    time.Time `json:"received_at"`
	RunID         string    `json:"run_id"`
	// ReprocessOf is the reading of the same bytes in whose place it was made; empty for a
	// first reading. It stands where the first one stood, and was received then.
	ReprocessOf     string    `json:"reprocess_of,omitempty"`
	FirstSeq        int64     `json:"first_seq,omitempty"`
	FirstReceivedAt time.Time `json:"first_received_at,omitzero"`
	// ColumnsDropped is how many columns named persons and were dropped unread
	// (TIP-P007); the file itself was not kept then. It follows from the findings.
	ColumnsDropped int64 `json:"columns_dropped,omitempty"`
	// Outcome is current, superseded where newer ones report all of it again, or withdrawn.
	Outcome string `json:"outcome,omitempty"`
	// Decisions are those made about it since, in their order.
	Decisions []Decision `json:"decisions,omitempty"`
	// Partitions: breakdown → dimensions that its rows split completely.
	Partitions map[string][]string `json:"-"`
}

// SubmissionID is the id of the file with these bytes.
func SubmissionID(sha256 string) string { return sha256[:12] }

// Again gives a new reading of the same bytes the place of an older one.
func (s *Submission) Again(of Submission) {
	s.ReprocessOf, s.FirstSeq, s.FirstReceivedAt = of.ID, of.Seq, of.ReceivedAt
	if of.ReprocessOf != "" {
		s.FirstSeq, s.FirstReceivedAt = of.FirstSeq, of.FirstReceivedAt
	}
}

// NextReading gives the id of the next reading of bytes that were read before.
func (t *Tx) NextReading(ctx context.Context, sha256 string) (string, error) {
	var n int
	err := t.conn.QueryRowContext(ctx, `SELECT count(*) + 1 FROM submission WHERE file_sha256 = ?`, sha256).Scan(&n)
	return fmt.Sprintf("%s-%d", SubmissionID(sha256), n), err
}

// Find gives the submission with these bytes, of several readings the newest that is not
// withdrawn, or else the newest, and whether it is withdrawn; ok is false when there is none.
func (s *Store) Find(ctx context.Context, sha256 string) (id string, withdrawn, ok bool, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT submission_id, submission_id IN (SELECT submission_id FROM submission_withdrawn) FROM submission WHERE file_sha256 = ? ORDER BY 2, seq DESC LIMIT 1`, sha256).Scan(&id, &withdrawn)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, false, nil
	}
	return id, withdrawn, err == nil, err
}

// Tx is the one transaction in which a submission is stored. Nothing is seen
// by others until Commit; Rollback after Commit does nothing. One of both must
// be called.
type Tx struct {
	store *Store
	conn  *sql.Conn
	done  bool
}

// Begin opens the transaction of a submission, whose entry it writes at the
// end: what is known only after reading (the reference date) may still change.
// It waits for the submission that is being written, if there is one: seq is
// the order of acceptance.
func (s *Store) Begin(ctx context.Context) (*Tx, error) {
	select {
	case s.writing <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	conn, err := s.db.Conn(ctx)
	if err != nil {
		<-s.writing
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, `BEGIN TRANSACTION`); err != nil {
		<-s.writing
		return nil, errors.Join(err, conn.Close())
	}
	return &Tx{store: s, conn: conn}, nil
}

// Conn gives the connection of the transaction, for the steps that harmonise.
func (t *Tx) Conn() *sql.Conn { return t.conn }

// Rollback undoes everything, unless Commit was reached.
func (t *Tx) Rollback() error {
	if t.done {
		return nil
	}
	t.done = true
	defer func() { <-t.store.writing }()
	_, err := t.conn.ExecContext(context.Background(), `ROLLBACK`)
	return errors.Join(err, t.conn.Close())
}

// Commit makes the submission part of the store. It is not broken off once
// begun: nobody could tell whether the submission was stored. Where it fails, nothing was:
// Rollback has nothing left to undo.
func (t *Tx) Commit(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	t.done = true
	defer func() { <-t.store.writing }()
	_, err := t.conn.ExecContext(context.WithoutCancel(ctx), `COMMIT`)
	if err != nil { // DuckDB has ended the transaction, and says so here; else it is ended now, since the connection is used again
		_, _ = t.conn.ExecContext(context.Background(), `ROLLBACK`)
	}
	return errors.Join(err, t.conn.Close())
}

// Submit writes the entry of the submission and the account of its rows.
func (t *Tx) Submit(ctx context.Context, sub Submission, account []record.RowAccount) error {
	last, err := t.last(ctx)
	if err != nil {
		return err
	}
	if err := t.conn.QueryRowContext(ctx, `SELECT coalesce(max(seq), 0) + 1 FROM submission`).Scan(&sub.Seq); err != nil {
		return err
	}
	if sub.ReceivedAt.Before(last) { // the clock was set back: what stands as of a day goes by the order of acceptance
		sub.ReceivedAt = last
	}
	var ref any
	if !sub.ReferenceDate.IsZero() {
		ref = sub.ReferenceDate
	}
	var of, firstSeq, firstReceived any
	if sub.ReprocessOf != "" {
		of, firstSeq, firstReceived = sub.ReprocessOf, sub.FirstSeq, sub.FirstReceivedAt.UTC()
	}
	_, err = t.conn.ExecContext(ctx, `INSERT INTO submission (submission_id, seq, file_sha256, file_name, file_bytes, file_format,
		layout, layout_version, layout_sha256, record, source_agency, repeats, reference_date, received_at, run_id, reprocess_of, first_seq, first_received_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		sub.ID, sub.Seq, sub.SHA256, sub.FileName, sub.Bytes, sub.Format, sub.Layout, sub.LayoutVersion, sub.LayoutSHA256,
		sub.Record, sub.SourceAgency, sub.Repeats, ref, sub.ReceivedAt.UTC(), sub.RunID, of, firstSeq, firstReceived)
	if err != nil {
		return err
	}
	for _, a := range account {
		_, err := t.conn.ExecContext(ctx, `INSERT INTO row_account (submission_id, sheet, outcome, rule, row_count) VALUES (?, ?, ?, ?, ?)`,
			sub.ID, a.Sheet, string(a.Outcome), a.Rule, a.Rows)
		if err != nil {
			return err
		}
	}
	for breakdown, dims := range sub.Partitions {
		for _, d := range dims {
			if _, err := t.conn.ExecContext(ctx, `INSERT INTO breakdown VALUES (?, ?, ?)`, sub.ID, breakdown, d); err != nil {
				return err
			}
		}
	}
	return nil
}

// Run writes the entry of the call of tipstat that stores something.
func (t *Tx) Run(ctx context.Context, runID string, startedAt time.Time, version, command string) error {
	_, err := t.conn.ExecContext(ctx, `INSERT INTO run VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		runID, startedAt.UTC(), version, command)
	return err
}

// Findings writes what was said about the submission, in the order given.
func (t *Tx) Findings(ctx context.Context, submissionID string, findings record.Findings) error {
	return t.append("finding", func(app *duckdb.Appender) error {
		for i, f := range findings {
			err := app.AppendRow(submissionID, int32(i+1), f.Code, string(f.Severity), f.Subject.Sheet, f.Subject.Cell,
				f.Context.Sheet, f.Context.Cell, f.Found, f.Expected, strings.Join(f.Proposals, ","), strings.Join(f.Cells, ","), int64(f.Count))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Notes writes what the sender says of the submission.
func (t *Tx) Notes(ctx context.Context, submissionID string, notes []record.Note) error {
	return t.append("note", func(app *duckdb.Appender) error {
		for i, n := range notes {
			if err := app.AppendRow(submissionID, int32(i+1), n.Code, n.At.Sheet, n.At.Cell, strings.Join(n.Cells, ","), n.Lang, n.Text); err != nil {
				return err
			}
		}
		return nil
	})
}

// append fills a table through the Appender of the transaction's connection.
func (t *Tx) append(table string, fill func(*duckdb.Appender) error) error {
	return t.conn.Raw(func(dc any) error {
		conn, ok := dc.(driver.Conn)
		if !ok {
			return fmt.Errorf("unexpected connection %T", dc)
		}
		app, err := duckdb.NewAppenderFromConn(conn, "", table)
		if err != nil {
			return err
		}
		return errors.Join(fill(app), app.Close())
	})
}

// Append stores one batch of records of a submission. The batch's columns go
// to DuckDB with their types; the table is the one named by the kind.
func (t *Tx) Append(kind record.Kind, submissionID string, batch arrow.RecordBatch) error {
	cols := make([]func(int) driver.Value, batch.NumCols())
	for i := range cols {
		col, err := column(batch.Column(i))
		if err != nil {
			return err
		}
		cols[i] = col
	}
	return t.append(string(kind), func(app *duckdb.Appender) error {
		row := make([]driver.Value, len(cols)+1)
		row[0] = submissionID
		for n := range int(batch.NumRows()) {
			for i, col := range cols {
				row[i+1] = col(n)
			}
			if err := app.AppendRow(row...); err != nil {
				return err
			}
		}
		return nil
	})
}

// column gives the reader of one Arrow column's values.
func column(a arrow.Array) (func(int) driver.Value, error) {
	switch a := a.(type) {
	case *array.String:
		return func(i int) driver.Value {
			if a.IsNull(i) {
				return nil
			}
			return a.Value(i)
		}, nil
	case *array.Int32:
		return func(i int) driver.Value { return a.Value(i) }, nil
	case *array.Int64:
		return func(i int) driver.Value { return a.Value(i) }, nil
	case *array.Float64:
		return func(i int) driver.Value {
			if a.IsNull(i) {
				return nil
			}
			return a.Value(i)
		}, nil
	case *array.Date32:
		return func(i int) driver.Value { return a.Value(i).ToTime() }, nil
	}
	return nil, fmt.Errorf("no column of type %s in the store", a.DataType())
}
