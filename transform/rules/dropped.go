package rules

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
)

//go:embed dropped.sql
var droppedSQL string

// Dropped tells how many figures of earlier files a submission would make no longer current
// without having them itself, and what one of them is about. A whole file may do so; one that
// says that it changes only what it names may not. It is asked after Submission, on the same
// connection.
func Dropped(ctx context.Context, conn *sql.Conn, submissionID string) (n int, example string, err error) {
	if err = conn.QueryRowContext(ctx, droppedSQL, arguments(droppedSQL, submissionID)...).Scan(&n, &example); err != nil {
		return 0, "", fmt.Errorf("dropped.sql: %w", err)
	}
	return n, example, nil
}
