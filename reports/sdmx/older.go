package sdmx

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/record"
)

// ErrNotWhole says that a file is no data.csv of a whole export, with which another could
// be compared. A BaseError says why.
var ErrNotWhole = errors.New("want the data.csv of a whole export of SDMX 3.0")

// BaseFault is what is wrong with the data.csv of an older export. It is stable; the texts
// for people are of whoever tells it.
type BaseFault string

// The faults.
const (
	BaseMarked     BaseFault = "marked"     // it begins with a byte order mark
	BaseSemicolons BaseFault = "semicolons" // its cells are parted by semicolons
	BaseColumns    BaseFault = "columns"    // its columns are others
	BaseMalformed  BaseFault = "malformed"  // a line is no csv, or of another number of cells
	BaseNothing    BaseFault = "nothing"    // it has no observation
	BaseStructure  BaseFault = "structure"  // a line is of another dataflow
	BaseChanges    BaseFault = "changes"    // it is one of what changed
	BaseKey        BaseFault = "key"        // a part of a key is empty
	BasePeriod     BaseFault = "period"     // TIME_PERIOD is no period
	BaseTwice      BaseFault = "twice"      // a key stands twice
)

// BaseError says what is wrong with the data.csv of an older export, and where.
type BaseError struct {
	Fault BaseFault
	Line  int    // of the file
	Value string // what stands there, or the component that is empty
	Other int    // with BaseTwice: the line on which the key stands first
}

func (e *BaseError) Error() string {
	return fmt.Sprintf("line %d: %s %q: %s", e.Line, e.Fault, e.Value, ErrNotWhole)
}

// Unwrap tells that it is an ErrNotWhole.
func (e *BaseError) Unwrap() error { return ErrNotWhole }

// Base says which part of an older export is compared, as Make was told which part of the
// store is exported: what is of other States or years is not there to be deleted.
type Base struct {
	States []string                              // codes; none: all
	Period func(timePeriod string) (bool, error) // whether a period is of the years asked for; nil: all are
}

// numbered is an observation and its line.
type numbered struct {
	observation
	line int
}

// ReadOlder reads the data.csv (SDMX-CSV 2.0) of an export that was sent, so that what
// changed can be told (Since), whatever rules it was made by. It can be compared, and not
// written. The file is looked through whole, whatever part is taken: from what is missing
// there by mistake a receiver would be told that it is new, and never of what is deleted.
func ReadOlder(r io.Reader, base Base) (*Export, error) {
	d, err := loadDesign()
	if err != nil {
		return nil, err
	}
	rows, err := d.readBase(r)
	if err != nil {
		return nil, err
	}
	area, period := d.index("REF_AREA"), d.index(d.Time)
	wanted := map[string]bool{} // periods: there are few
	kept := rows[:0]
	for _, o := range rows {
		p := o.observation[period]
		if _, known := wanted[p]; !known {
			wanted[p] = true
			if base.Period != nil {
				if wanted[p], err = base.Period(p); err != nil {
					return nil, err
				}
			}
		}
		if wanted[p] && (len(base.States) == 0 || slices.Contains(base.States, o.observation[area])) {
			kept = append(kept, o)
		}
	}
	e := &Export{design: d, values: map[string][]string{}}
	err = e.freeze(func(fn func(observation) error) error {
		for _, o := range kept {
			if err := fn(o.observation); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, c := range d.components() {
		if c.Codelist != "" || c.ID == d.Time {
			e.values[c.ID] = slices.DeleteFunc(slices.Clone(e.frozen.columns[c.ID].values), func(s string) bool { return s == "" })
		}
	}
	e.Observations = int64(len(kept))
	return e, nil
}

// index is where a component stands in an observation.
func (d *design) index(id string) int {
	return slices.IndexFunc(d.components(), func(c component) bool { return c.ID == id })
}

// readBase reads all observations, in the order of their keys.
func (d *design) readBase(r io.Reader) ([]numbered, error) {
	b := bufio.NewReader(r)
	if mark, _ := b.Peek(3); string(mark) == "\ufeff" {
		return nil, &BaseError{Fault: BaseMarked, Line: 1}
	}
	in := csv.NewReader(b)
	head, err := in.Read()
	if errors.Is(err, io.EOF) {
		return nil, &BaseError{Fault: BaseNothing, Line: 1}
	}
	want := slices.Clone(csvHead)
	for _, c := range d.components() {
		want = append(want, c.ID)
	}
	switch {
	case err != nil && !errors.As(err, new(*csv.ParseError)):
		return nil, err
	case err == nil && strings.HasPrefix(head[0], csvHead[0]+";"):
		return nil, &BaseError{Fault: BaseSemicolons, Line: 1}
	case err != nil || !slices.Equal(head, want):
		return nil, &BaseError{Fault: BaseColumns, Line: 1, Value: strings.Join(missing(want, head), ", ")}
	}
	var rows []numbered
	for {
		line, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if bad := (*csv.ParseError)(nil); errors.As(err, &bad) {
			return nil, &BaseError{Fault: BaseMalformed, Line: bad.StartLine, Value: bad.Err.Error()}
		}
		if err != nil {
			return nil, err
		}
		at, _ := in.FieldPos(0)
		if err := d.checkBase(line, at); err != nil {
			return nil, err
		}
		o := observation(line[len(csvHead):])
		for i := range o {
			o[i] = record.Unmarked(o[i])
		}
		rows = append(rows, numbered{o, at})
	}
	if len(rows) == 0 {
		return nil, &BaseError{Fault: BaseNothing, Line: 1}
	}
	return rows, d.sortBase(rows)
}

// missing are the columns that are wanted and not there.
func missing(want, have []string) []string {
	return slices.DeleteFunc(slices.Clone(want), func(s string) bool { return slices.Contains(have, s) })
}

// checkBase checks what a line says of itself, and its key.
func (d *design) checkBase(line []string, at int) error {
	whole := Export{design: d}
	kind, id := whole.structureID()
	switch {
	case line[0] != kind || line[1] != id:
		return &BaseError{Fault: BaseStructure, Line: at, Value: strings.TrimSpace(line[0] + " " + line[1])}
	case line[2] != information.letter:
		return &BaseError{Fault: BaseChanges, Line: at, Value: line[2]}
	}
	for i, c := range d.dimensions {
		if line[len(csvHead)+i] == "" {
			return &BaseError{Fault: BaseKey, Line: at, Value: c.ID}
		}
	}
	period := line[len(csvHead)+d.index(d.Time)]
	if _, _, ok := table.Span(period); !ok {
		return &BaseError{Fault: BasePeriod, Line: at, Value: period}
	}
	return nil
}

// sortBase brings observations into the order of their keys; each key may stand once.
func (d *design) sortBase(rows []numbered) error {
	key := len(d.dimensions)
	order := func(x, y numbered) int { return slices.Compare(x.observation[:key], y.observation[:key]) }
	slices.SortStableFunc(rows, order)
	var first *BaseError // of the file: it is the one to begin with
	for i := 1; i < len(rows); i++ {
		if x, y := rows[i-1], rows[i]; order(x, y) == 0 && (first == nil || y.line < first.Line) {
			first = &BaseError{Fault: BaseTwice, Line: y.line, Other: x.line, Value: strings.Join(y.observation[:key], ".")}
		}
	}
	if first != nil {
		return first
	}
	return nil
}

// Working tells whether an export that was read has figures that are not for publication.
func (e *Export) Working() bool { return slices.Contains(e.values["CONF_STATUS"], "N") }
