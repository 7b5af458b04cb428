package sdmx

import (
	"context"
	"errors"
	"iter"
	"slices"
)

// action is what the receiver of observations is to do with them: ActionType of
// SDMXCommon.xsd 3.0, and its letter in SDMX-CSV 2.0.
type action struct{ name, letter string }

var (
	information = action{"Information", "I"} // to inform, not to change a receiver's base
	deletion    = action{"Delete", "D"}
	replacement = action{"Replace", "R"}
	appending   = action{"Append", "A"}
)

// ErrNoActions says that a format has no actions, so that what changed can't be said in it.
var ErrNoActions = errors.New("SDMX-CSV 1.0 has no actions: write what changed as SDMX-ML, or as SDMX-CSV 2.0")

// Since makes an export one of what changed since another of the same store and
// vocabulary: observations that are there no longer are deleted, those of which
// anything is said otherwise are replaced, and new ones appended. The older one must
// stay open until all is written.
func (e *Export) Since(ctx context.Context, older *Export) error {
	e.older = older
	for id, codes := range older.values { // what is deleted has codes too
		for _, code := range codes {
			if !slices.Contains(e.values[id], code) {
				e.values[id] = append(e.values[id], code)
			}
		}
	}
	if err := e.sortValues(); err != nil {
		return err
	}
	e.Changes = map[string]int64{}
	return e.changed(ctx, func(a action, _ observation) error {
		e.Changes[a.name]++
		return nil
	})
}

// actions are those of an export, in the order in which they are to be done.
func (e *Export) actions() []action {
	if e.older == nil {
		return []action{information}
	}
	return []action{deletion, replacement, appending}
}

// acted hands on the observations of one action.
func (e *Export) acted(ctx context.Context, a action, fn func(observation) error) error {
	if e.older == nil {
		return e.observations(ctx, fn)
	}
	return e.changed(ctx, func(do action, o observation) error {
		if do != a {
			return nil
		}
		return fn(o)
	})
}

// changed goes through both exports, which are in the order of their keys, and hands on
// what is to be done. Of what is deleted nothing is said but the key.
func (e *Export) changed(ctx context.Context, fn func(action, observation) error) error {
	old, stopOld := iter.Pull2(e.older.all(ctx))
	now, stopNow := iter.Pull2(e.all(ctx))
	defer func() { stopOld(); stopNow() }()
	key := len(e.design.dimensions)
	was, badOld, more := old()
	is, badNow, left := now()
	for more || left {
		if err := errors.Join(badOld, badNow); err != nil {
			return err
		}
		order := 0 // of the two keys
		switch {
		case !left:
			order = -1
		case !more:
			order = 1
		default:
			order = slices.Compare(was[:key], is[:key])
		}
		var err error
		switch {
		case order < 0:
			err = fn(deletion, slices.Concat(was[:key], make(observation, len(was)-key)))
		case order > 0:
			err = fn(appending, is)
		case !slices.Equal(was, is):
			err = fn(replacement, is)
		}
		if err != nil {
			return err
		}
		if order <= 0 {
			was, badOld, more = old()
		}
		if order >= 0 {
			is, badNow, left = now()
		}
	}
	return errors.Join(badOld, badNow)
}

// errStop ends a reading that nobody waits for.
var errStop = errors.New("no more is wanted")

// all gives the observations one by one; an error is the last.
func (e *Export) all(ctx context.Context) iter.Seq2[observation, error] {
	return func(yield func(observation, error) bool) {
		err := e.observations(ctx, func(o observation) error {
			if !yield(slices.Clone(o), nil) {
				return errStop
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(nil, err)
		}
	}
}
