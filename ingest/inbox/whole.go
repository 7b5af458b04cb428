package inbox

import (
	"context"
	"database/sql"
	"slices"

	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/rules"
)

// whole refuses a file that says of itself that it changes only what it names, if it lacks
// figures that it would make no longer current: it is a part, and taken as all they would be
// lost without a word of the sender's.
func (r *Receipt) whole(ctx context.Context, conn *sql.Conn, id string) error {
	i := slices.IndexFunc(r.Findings, func(f record.Finding) bool { return f.Code == "TIP-L021" })
	if i < 0 {
		return nil
	}
	n, example, err := rules.Dropped(ctx, conn, id)
	if err != nil || n == 0 {
		return err
	}
	f := record.NewFinding("TIP-L026", r.Findings[i].Subject)
	f.Found, f.Expected, f.Count = r.Findings[i].Found, example, n
	r.Findings = append(slices.Delete(r.Findings, i, i+1), f) // that it is taken as the whole is not so
	r.Outcome = Refused
	return nil
}
