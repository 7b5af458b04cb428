package inbox

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/oas/tipstat/transform/store"
)

// Again says which reading of a file is to be made anew, and why.
type Again struct {
	Of     store.Submission
	Reason string
	By     string
	DryRun bool // tell what would be, and store nothing
}

// ErrNotKept says that the bytes of a submission are not at hand.
var ErrNotKept = errors.New("the file was not kept")

// Reprocess reads an accepted file again, through the layouts and code lists of now, from its
// original. What it tells otherwise is in the receipt. If there is anything, the new reading
// is stored as a submission that stands in the place of the older one, and that is withdrawn
// with the reason, in one transaction; a file that is refused now changes nothing. ErrNotKept
// where there is no original: none is kept, or columns of it named persons.
func (in *Inbox) Reprocess(ctx context.Context, again Again, opts Options) (*Receipt, error) {
	path := filepath.Join(in.Originals, again.Of.SHA256)
	if _, err := os.Stat(path); in.Originals == "" || errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", again.Of.ID, ErrNotKept)
	}
	if opts.ReferenceDate.IsZero() {
		opts.ReferenceDate = again.Of.ReferenceDate
	}
	if _, known := in.LayoutByID(again.Of.Layout); known && opts.Layout == "" {
		opts.Layout = again.Of.Layout // as it was, whatever else would recognise it now
	}
	opts.again = &again
	return in.take(ctx, path, opts, reread)
}

// supersede gives a new reading the place of the older one, which is withdrawn. It tells
// whether the reading is to be stored.
func (in *Inbox) supersede(ctx context.Context, tx *store.Tx, r *Receipt, again *Again, id string) (bool, error) {
	d, err := tx.Difference(ctx, again.Of.ID, id)
	if err != nil {
		return false, err
	}
	r.Difference = &d
	if d.None() {
		r.Outcome = Unchanged
	}
	if again.DryRun || d.None() {
		return false, nil
	}
	return true, tx.Decide(ctx, store.Decision{Submission: again.Of.ID, Action: store.Withdraw, Reason: again.Reason, By: again.By, At: in.Now(), RunID: in.RunID})
}
