package access

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// Tampering is what was done to the audit log.
type Tampering string

// What can be found.
const (
	Changed   Tampering = "changed"   // the row is not as it was written
	Removed   Tampering = "removed"   // the row is not there
	Inserted  Tampering = "inserted"  // the row was put in
	Rewritten Tampering = "rewritten" // the chain was made anew: it is sound, but not as anchored
)

// Fault is the first row of the audit log that is not as it was written.
type Fault struct {
	Seq int64
	Tampering
}

func (f *Fault) Error() string {
	return fmt.Sprintf("audit log: row %d was %s", f.Seq, f.Tampering)
}

// Verify walks the audit log from its first row and gives its last. Where the log is not as
// it was written the error is a [Fault] that names the first row at fault. Anchors, kept
// outside the database, are compared as well; in any order.
func (c *Control) Verify(ctx context.Context, anchors ...Anchor) (last Anchor, err error) {
	head, err := c.Head(ctx) // rows that are added meanwhile come after it
	if err != nil {
		return Anchor{}, err
	}
	anchored := map[int64]string{}
	anchors = append(slices.Clone(anchors), head)
	for _, a := range anchors {
		if hash, ok := anchored[a.Seq]; ok && hash != a.Hash {
			return Anchor{}, &Fault{a.Seq, Rewritten}
		}
		anchored[a.Seq] = a.Hash
	}
	delete(anchored, 0)
	last, err = c.walk(ctx, anchored)
	if err != nil {
		return last, err
	}
	for _, a := range anchors {
		if a.Seq > last.Seq {
			return last, &Fault{last.Seq + 1, Removed}
		}
	}
	return last, nil
}

// page is how many rows are read at once.
const page = 10000

// walk reads the log in pages, so that it needs little memory however long the log is.
func (c *Control) walk(ctx context.Context, anchored map[int64]string) (last Anchor, err error) {
	type row struct {
		Entry
		previous, hash string
	}
	last = origin
	for from := int64(0); ; from += page {
		lower := from
		if from == 0 {
			lower = math.MinInt64 // a row that was put in may have any number
		}
		rows, err := list(ctx, c.db, `SELECT seq, logged_at, actor, action, subject, detail, previous_hash, hash
			FROM audit_log WHERE seq > ? AND seq <= ? ORDER BY seq, hash`, []any{lower, from + page}, func(scan func(...any) error) (r row, err error) {
			return r, scan(&r.Seq, &r.At, &r.Actor, &r.Action, &r.Subject, &r.Detail, &r.previous, &r.hash)
		})
		if err != nil {
			return last, err
		}
		for _, r := range rows {
			if f := r.fault(last, r.previous, r.hash, anchored); f != nil {
				return last, c.doubled(ctx, f)
			}
			last = Anchor{r.Seq, r.hash}
		}
		if len(rows) == page {
			continue
		}
		var more bool
		if _, err := scan(ctx, c.db, `SELECT count(*) > 0 FROM audit_log WHERE seq > ?`, []any{from + page}, &more); err != nil {
			return last, err
		}
		if more {
			return last, &Fault{last.Seq + 1, Removed}
		}
		return last, nil
	}
}

// fault tells what is wrong with an entry that follows another row, or nil.
func (e Entry) fault(last Anchor, previous, hash string, anchored map[int64]string) *Fault {
	switch {
	case e.Seq <= last.Seq:
		return &Fault{e.Seq, Inserted}
	case e.Seq > last.Seq+1:
		return &Fault{last.Seq + 1, Removed}
	case e.hashed(previous) != hash:
		return &Fault{e.Seq, Changed}
	case previous != last.Hash: // this row is whole: the one before isn't
		return &Fault{max(last.Seq, 1), Changed}
	}
	if want, ok := anchored[e.Seq]; ok && want != hash {
		return &Fault{e.Seq, Rewritten}
	}
	return nil
}

// doubled says of a row at fault that it was put in where there are two of its number.
func (c *Control) doubled(ctx context.Context, f *Fault) error {
	var two bool
	if _, err := scan(ctx, c.db, `SELECT count(*) > 1 FROM audit_log WHERE seq = ?`, []any{f.Seq}, &two); err != nil {
		return err
	}
	if two {
		return &Fault{f.Seq, Inserted}
	}
	return f
}
