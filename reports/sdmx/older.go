package sdmx

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/oas/tipstat/transform/record"
)

// ErrNotWhole says that a file is no data.csv of a whole export, with which another could
// be compared; it is wrapped with why.
var ErrNotWhole = errors.New("want the data.csv of a whole export of SDMX 3.0")

// ReadOlder reads the data.csv (SDMX-CSV 2.0) of an export that was sent, so that what
// changed can be told (Since), whatever rules it was made by. Of States alone where any are
// named. It can be compared, and not written.
func ReadOlder(r io.Reader, states []string) (*Export, error) {
	d, err := loadDesign()
	if err != nil {
		return nil, err
	}
	in := csv.NewReader(r)
	head, err := in.Read()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotWhole, err)
	}
	want, action := slices.Clone(csvHead), slices.Index(csvHead, "ACTION")
	components := d.components()
	for _, c := range components {
		want = append(want, c.ID)
	}
	if !slices.Equal(head, want) {
		return nil, fmt.Errorf("%w: its columns are not those of this version", ErrNotWhole)
	}
	area := slices.IndexFunc(components, func(c component) bool { return c.ID == "REF_AREA" })
	e := &Export{design: d, values: map[string][]string{}}
	var rows []observation
	for {
		line, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrNotWhole, err)
		}
		if line[action] != information.letter {
			return nil, fmt.Errorf("%w: it is one of what changed (ACTION %q)", ErrNotWhole, line[action])
		}
		o := observation(line[len(csvHead):])
		for i := range o {
			o[i] = record.Unmarked(o[i])
		}
		if len(states) == 0 || slices.Contains(states, o[area]) {
			rows = append(rows, o)
		}
	}
	key := len(d.dimensions)
	slices.SortFunc(rows, func(x, y observation) int { return slices.Compare(x[:key], y[:key]) })
	err = e.freeze(func(fn func(observation) error) error {
		for _, o := range rows {
			if err := fn(o); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, c := range components {
		if c.Codelist != "" || c.ID == d.Time {
			e.values[c.ID] = slices.DeleteFunc(slices.Clone(e.frozen.columns[c.ID].values), func(s string) bool { return s == "" })
		}
	}
	e.Observations = int64(len(rows))
	return e, nil
}

// Working tells whether an export that was read has figures that are not for publication.
func (e *Export) Working() bool { return slices.Contains(e.values["CONF_STATUS"], "N") }
