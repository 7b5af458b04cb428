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
	DryRun bool   // tell what would be, and store nothing
	Path   string // the same bytes, where none were kept; empty: the original
}

// Why a submission can't be read again.
var (
	ErrNotKept = errors.New("the file was not kept, since columns of it named persons")
	ErrGone    = errors.New("its original is gone")
	ErrOther   = errors.New("these are other bytes than were accepted")
)

// Reprocess reads an accepted file again, through the layouts and code lists of now, from its
// original. What it tells otherwise is in the receipt. If there is anything, the new reading
// is stored as a submission that stands in the place of the older one, and that is withdrawn
// with the reason, in one transaction; a file that is refused now changes nothing. ErrNotKept
// where columns of it named persons, ErrGone where its original was lost, ErrOther where the
// bytes are others, store.ErrDecided where it was withdrawn or read again meanwhile.
func (in *Inbox) Reprocess(ctx context.Context, again Again, opts Options) (*Receipt, error) {
	path := again.Path
	if path == "" {
		path = filepath.Join(in.Originals, again.Of.SHA256)
		if _, err := os.Stat(path); in.Originals == "" || errors.Is(err, fs.ErrNotExist) {
			if again.Of.ColumnsDropped > 0 || in.Originals == "" {
				return nil, fmt.Errorf("%s: %w", again.Of.ID, ErrNotKept)
			}
			return nil, fmt.Errorf("%s: %w", again.Of.ID, ErrGone)
		}
	}
	if opts.ReferenceDate.IsZero() && !again.Of.LastAction.Equal(again.Of.ReferenceDate) { // else it followed from the file, and does again
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
	dropped := r.Private && again.Of.ColumnsDropped == 0 // its original goes, which the store has to say
	same := d.None() && !dropped
	if same {
		r.Outcome = Unchanged
	}
	if again.DryRun || same {
		return false, nil
	}
	return true, tx.Decide(ctx, store.Decision{Submission: again.Of.ID, Action: store.Withdraw, Reason: again.Reason, By: again.By, At: in.Now(), RunID: in.RunID})
}

// forget removes the original of a file of which it is known now that columns of it name
// persons. Killed before that it lies there still: tipstat check tells of it.
func (in *Inbox) forget(sum string) error {
	if in.Originals == "" {
		return nil
	}
	if err := os.Remove(filepath.Join(in.Originals, sum)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
