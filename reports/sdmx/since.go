package sdmx

import (
	"context"
	"errors"
	"iter"
	"maps"
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

// Since makes an export one of what changed since another of the same store: observations
// that are there no longer are deleted, those of which anything is said otherwise are
// replaced, and new ones appended. The older one must stay open until all is written.
func (e *Export) Since(ctx context.Context, older *Export) error {
	e.older = older
	key := e.design.dimensions
	named := make([]map[string]bool, len(key)) // by what is deleted
	for i := range named {
		named[i] = map[string]bool{}
	}
	e.Changes = map[string]int64{}
	h := newContent()
	err := e.changed(ctx, func(a action, o observation) error {
		e.Changes[a.name]++
		h.add(a, o)
		if a == deletion {
			for i := range key {
				named[i][o[i]] = true
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	e.content = h.sum()
	for i, c := range key { // what is deleted has codes too
		for _, code := range e.values[c.ID] {
			delete(named[i], code)
		}
		codes := slices.Sorted(maps.Keys(named[i]))
		e.values[c.ID] = append(e.values[c.ID], codes...)
		if c.Codelist != "" {
			e.retire(c.Codelist, codes)
		}
	}
	return e.sortValues()
}

// retire takes up codes that a list has no more: whoever was sent them has to be told what
// is deleted, and no receiver takes a key whose codes are not in the list.
func (e *Export) retire(list string, codes []string) {
	i := slices.IndexFunc(e.structures.Codelists, func(l codelistArtefact) bool { return l.ID == list })
	for _, code := range codes {
		if _, there := e.code(list, code); there || i < 0 {
			continue
		}
		if e.retired == nil {
			e.retired = map[string][]string{}
		}
		e.retired[list] = append(e.retired[list], code)
		e.structures.Codelists[i].Items = append(e.structures.Codelists[i].Items,
			item{identity: identified(code, e.design.urn("Code", list, code)), names: e.named(e.label(list, code))})
	}
}

// Retired are the codes of what is deleted that the vocabulary has no more, as LIST CODE.
func (e *Export) Retired() []string {
	var out []string
	for list, codes := range e.retired {
		for _, code := range codes {
			out = append(out, list+" "+code)
		}
	}
	slices.Sort(out)
	return out
}

// rounded is what COMMENT_OBS says of a figure that disclosure control rounded.
const rounded = "rounded"

// OtherWay tells whether one of both exports was rounded and the other was not, and both
// speak of one figure: who has it in both ways is told more than by either.
func (e *Export) OtherWay(ctx context.Context) (bool, error) {
	comment := e.design.index("COMMENT_OBS")
	var was, is, both bool
	for o, err := range e.older.all(ctx) {
		if err != nil {
			return false, err
		}
		was = was || o[comment] == rounded
	}
	for o, err := range e.all(ctx) {
		if err != nil {
			return false, err
		}
		is = is || o[comment] == rounded
	}
	if was == is {
		return false, nil
	}
	err := e.compared(ctx, func(x, y observation) error {
		both = both || x != nil && y != nil && (x[comment] == rounded) != (y[comment] == rounded)
		return nil
	})
	return both, err
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

// changed goes through both exports and hands on what is to be done. Of what is deleted
// nothing is said but the key.
func (e *Export) changed(ctx context.Context, fn func(action, observation) error) error {
	key := len(e.design.dimensions)
	return e.compared(ctx, func(was, is observation) error {
		switch {
		case is == nil:
			return fn(deletion, slices.Concat(was[:key], make(observation, len(was)-key)))
		case was == nil:
			return fn(appending, is)
		case !slices.Equal(was, is):
			return fn(replacement, is)
		}
		return nil
	})
}

// compared goes through both exports, which are in the order of their keys, and hands on
// what each has of a key; nil where it has none.
func (e *Export) compared(ctx context.Context, fn func(was, is observation) error) error {
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
			err = fn(was, nil)
		case order > 0:
			err = fn(nil, is)
		default:
			err = fn(was, is)
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
