package inbox

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"

	"github.com/oas/tipstat/transform/record"
)

//go:embed sender.sql
var senderSQL string

// queryer is the store, or a transaction of it.
type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// sender refuses a file that reports for another State than the one that sent it: whoever
// signs in for one State would else put figures in the place of another's.
func (r *Receipt) sender(ctx context.Context, conn queryer, id, refArea string) (err error) {
	rows, err := conn.QueryContext(ctx, senderSQL, id, refArea)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		f := record.NewFinding("TIP-S003", record.Place{File: r.File})
		f.Expected = refArea
		if err := rows.Scan(&f.Found, &f.Subject.Sheet, &f.Subject.Cell, &f.Count); err != nil {
			return err
		}
		r.Findings, r.Outcome = append(r.Findings, f), Refused
	}
	return rows.Err()
}
