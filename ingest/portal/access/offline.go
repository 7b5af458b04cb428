package access

import (
	"context"
	"errors"
)

// VerifyFile walks the audit log of a file as [Control.Verify] does, while no server holds it,
// else it gives [ErrInUse]. Nothing is changed, nor made where there is none.
func VerifyFile(ctx context.Context, path string, anchors ...Anchor) (last Anchor, err error) {
	unlock, err := claim(path)
	if err != nil {
		return Anchor{}, err
	}
	defer unlock()
	db, err := openDuckDB(ctx, path, "READ_ONLY")
	if err != nil {
		return Anchor{}, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	c := &Control{db: db, path: path, stale: true, writing: make(chan struct{}, 1)}
	return c.Verify(ctx, anchors...)
}
