package harmonize

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"strings"
)

//go:embed trace/noted.sql
var noted string

//go:embed trace/notes.sql
var notes string

// Notes finds, for what the sender says of a submission (table note), the
// observations that it goes with, by the cells that Trace gives.
func Notes(ctx context.Context, conn *sql.Conn, submissionID string) (err error) {
	rows, err := conn.QueryContext(ctx, noted, submissionID)
	if err != nil {
		return err
	}
	ids := []int64{}
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return errors.Join(err, rows.Close())
		}
		ids = append(ids, id)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	query := "INSERT INTO observation_note WITH traced AS (" + traceFigures + ") " + notes
	args := []any{ids}
	for range strings.Count(notes, "?") {
		args = append(args, submissionID)
	}
	_, err = conn.ExecContext(ctx, query, args...)
	return err
}
