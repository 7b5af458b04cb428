package sdmx

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
)

// frozen holds observations in memory, each column as indexes into the values that it
// has: a filter looks at each value once, and an observation of thirty columns takes
// 120 bytes.
type frozen struct {
	columns map[string]*column // by component
	n       int
}

type column struct {
	values []string // in the order in which they come
	at     []uint32
}

// Freeze reads all observations into memory, so that the store may be closed and many
// may read at the same time. It gives a digest of all that an Export tells, in whatever language.
func (e *Export) Freeze(ctx context.Context) (digest string, err error) {
	if err := e.freeze(func(fn func(observation) error) error { return e.observations(ctx, fn) }); err != nil {
		return "", err
	}
	e.db = nil
	if _, err := e.dataContent(ctx); err != nil { // once, for all that will be asked
		return "", err
	}
	h := sha256.New()
	if err := e.WriteStructureXML(h); err != nil {
		return "", err
	}
	if err := e.WriteDataCSV(ctx, h); err != nil {
		return "", err
	}
	if err := e.WriteMetadataXML(h); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// freeze holds observations in memory, in the order in which they are handed on.
func (e *Export) freeze(read func(func(observation) error) error) error {
	components := e.design.components()
	f := &frozen{columns: map[string]*column{}}
	seen := make([]map[string]uint32, len(components))
	for i, c := range components {
		f.columns[c.ID], seen[i] = &column{}, map[string]uint32{}
	}
	err := read(func(o observation) error {
		for i, c := range components {
			column := f.columns[c.ID]
			at, ok := seen[i][o[i]]
			if !ok {
				at = uint32(len(column.values))
				seen[i][o[i]] = at
				column.values = append(column.values, o[i])
			}
			column.at = append(column.at, at)
		}
		f.n++
		return nil
	})
	if err != nil {
		return err
	}
	e.frozen, e.taken = f, make([]int, f.n)
	for i := range e.taken {
		e.taken[i] = i
	}
	return nil
}

// checkEvery is after how many observations it is looked whether anybody still waits.
const checkEvery = 1 << 12

// observations hands on some columns of the observations that are taken.
func (f *frozen) observations(ctx context.Context, components []component, taken []int, fn func(observation) error) error {
	columns := make([]*column, len(components))
	for i, c := range components {
		columns[i] = f.columns[c.ID]
	}
	o := make(observation, len(columns))
	for n, row := range taken {
		if n%checkEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		for i, c := range columns {
			o[i] = c.values[c.at[row]]
		}
		if err := fn(o); err != nil {
			return err
		}
	}
	return nil
}
