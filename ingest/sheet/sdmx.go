package sheet

import (
	"context"
	"errors"
	"io"
	"regexp"
	"strings"
)

// sdmxFile is an open message of SDMX-ML 3.0 with structure-specific data. It is
// read as the one sheet that SDMX-CSV 2.0 would make of it: a row of headings
// (STRUCTURE, STRUCTURE_ID, ACTION and the components, in the order in which the
// message first names them), then a row for each observation, with what its series
// and data set say of it. So whatever reads the one reads the other.
type sdmxFile struct {
	name    string
	r       io.ReaderAt
	size    int64
	limits  Limits
	columns []string
	at      map[string]int // place in columns
}

// sdmxFixed are the headings before the components.
var sdmxFixed = []string{"STRUCTURE", "STRUCTURE_ID", "ACTION"}

// sdmxActions are those of a data set, as SDMX-CSV writes them. None is Information.
var sdmxActions = map[string]string{"": "I", "Information": "I", "Append": "A", "Merge": "M", "Replace": "R", "Delete": "D"}

// sdmxURN tells of what the data are: of a dataflow, a data structure or a provision agreement.
var sdmxURN = regexp.MustCompile(`^urn:sdmx:org\.sdmx\.infomodel\.[a-z]+\.(Dataflow|DataStructure|ProvisionAgreement)=([A-Za-z0-9_.@$-]+:[A-Za-z0-9_@$-]+\([0-9A-Za-z.+-]+\))$`)

var sdmxKinds = map[string]string{"Dataflow": "dataflow", "DataStructure": "datastructure", "ProvisionAgreement": "dataprovision"}

// openSDMX reads the whole message once: the headings are known only at its end.
func openSDMX(ctx context.Context, w *Workbook, r io.ReaderAt, size int64, opts Options, limits Limits) error {
	if opts.Limits.Rows == 0 {
		limits.Rows = csvRows
	}
	f := &sdmxFile{name: w.name, r: r, size: size, limits: limits, at: map[string]int{}}
	w.book, w.sheets = f, []Info{{Visibility: Visible}}
	return f.scan(ctx, nil)
}

func (f *sdmxFile) details(context.Context, int) (Details, error) { return Details{}, nil }

func (f *sdmxFile) read(ctx context.Context, _ int, fn func(*Row) error) error {
	var head Row
	head.Number = 1
	for i, c := range append(sdmxFixed[:len(sdmxFixed):len(sdmxFixed)], f.columns...) {
		head.Cells = append(head.Cells, Cell{Col: i + 1, Kind: Text, Text: c, Raw: c})
	}
	if err := fn(&head); err != nil {
		return err
	}
	return f.scan(ctx, fn)
}

// untilDone reads while a context goes on.
type untilDone struct {
	ctx context.Context
	r   io.Reader
}

func (u untilDone) Read(b []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, canceled(err)
	}
	return u.r.Read(b)
}

// sdmxReader goes through a message once.
type sdmxReader struct {
	*scanner
	f          *sdmxFile
	fn         func(*Row) error // nil: gather the columns
	structures map[string][2]string
	fixed      [3]string
	values     []string // by column; kept from row to row, since most repeat
	level      []uint8  // which element gave the value: 0 none, 1 data set, 2 series, 3 observation
	said       [4][]int // columns by the element that gave their value
	row        Row
	cells      int64
	bytes      int
}

func (f *sdmxFile) scan(ctx context.Context, fn func(*Row) error) error {
	s := newScanner(untilDone{ctx, io.NewSectionReader(f.r, 0, f.size)}, f.name, f.limits.Depth)
	d := &sdmxReader{scanner: s, f: f, fn: fn, structures: map[string][2]string{}, values: make([]string, len(f.columns)), level: make([]uint8, len(f.columns))}
	d.row.Number = 1
	rooted := false
	for {
		t, err := d.element()
		switch {
		case err != nil:
			return err
		case t == tokEOF:
			return nil
		case t == tokEnd:
		case !rooted:
			if rooted = d.is(nsMessage, "StructureSpecificData"); !rooted {
				return d.wrong("the root is not StructureSpecificData of SDMX-ML 3.0")
			}
		case d.is(nsMessage, "Header"):
			err = d.header()
		case d.is(nsMessage, "DataSet"):
			err = d.dataSet()
		case d.is(nsMessage, "Footer"):
			err = d.skip()
		default:
			err = d.wrong("an element that is not expected")
		}
		if err != nil {
			return err
		}
	}
}

// element goes on to the next tag; between tags there is no text.
func (d *sdmxReader) element() (token, error) {
	for {
		t, err := d.next()
		if err != nil || t != tokText {
			return t, err
		}
		if !blank(d.text) {
			return 0, d.wrong("text where none may be")
		}
	}
}

// children calls fn at each element inside the one that just began.
func (d *sdmxReader) children(fn func() error) error {
	for {
		t, err := d.element()
		if err != nil || t == tokEnd {
			return err
		}
		if err := fn(); err != nil {
			return err
		}
	}
}

// header keeps which structures the data sets refer to.
func (d *sdmxReader) header() error {
	return d.children(func() error {
		if !d.is(nsMessage, "Structure") {
			return d.skip()
		}
		id := string(d.attr(nsNone, "structureID"))
		if _, twice := d.structures[id]; id == "" || twice || len(d.structures) == maxProperties {
			return d.wrong("a structure without an id, or two with one id")
		}
		return d.children(func() error {
			if d.ns != nsSDMX {
				return d.skip()
			}
			text, err := d.content(nil, maxName)
			if err != nil {
				return err
			}
			m := sdmxURN.FindStringSubmatch(strings.TrimSpace(string(text)))
			if m == nil {
				return d.wrong("a structure is not named by its URN")
			}
			d.structures[id] = [2]string{sdmxKinds[m[1]], m[2]}
			return nil
		})
	})
}

func (d *sdmxReader) dataSet() error {
	of, ok := d.structures[string(d.attr(nsSDMXData, "structureRef"))]
	if !ok {
		return d.wrong("the structure of a data set is not in the header")
	}
	action, ok := sdmxActions[string(d.attr(nsSDMXData, "action"))]
	if !ok {
		return d.wrong("the action of a data set is none of SDMX")
	}
	d.fixed = [3]string{of[0], of[1], action}
	return d.within(1, func() error {
		switch string(d.local) {
		case "Series":
			return d.within(2, d.observation)
		case "Obs":
			return d.observation()
		}
		return d.other()
	})
}

// other passes over annotations. Groups and components of several values say more of an
// observation than one row can hold: to leave them out would be to read less than was sent.
func (d *sdmxReader) other() error {
	if d.is(nsSDMX, "Annotations") {
		return d.skip()
	}
	return d.wrong("an element that is not expected")
}

func (d *sdmxReader) observation() error {
	if string(d.local) != "Obs" {
		return d.other()
	}
	return d.within(3, d.other)
}

// within takes what the attributes of an element say of every observation in it, and
// forgets it at its end. At the end of an observation there is a row.
func (d *sdmxReader) within(level uint8, fn func() error) error {
	for i := range d.attrs {
		if a := &d.attrs[i]; a.ns == nsNone {
			if err := d.say(level, a.local, a.value); err != nil {
				return err
			}
		}
	}
	if err := d.children(fn); err != nil {
		return err
	}
	if level == 3 {
		if err := d.emit(); err != nil {
			return err
		}
	}
	for _, i := range d.said[level] { // not all columns: a message may have 16,384, and millions of series
		d.level[i] = 0
		d.bytes -= len(d.values[i])
	}
	d.said[level] = d.said[level][:0]
	return nil
}

func (d *sdmxReader) say(level uint8, name, value []byte) error {
	i, known := d.f.at[string(name)]
	if !known {
		i = len(d.f.columns)
		if n := i + len(sdmxFixed) + 1; n > d.f.limits.Columns {
			return tooMuch(CodeColumns, n, d.f.limits.Columns)
		}
		if n := string(name); n == sdmxFixed[0] || n == sdmxFixed[1] || n == sdmxFixed[2] {
			return d.wrong("a component has the name of a column of SDMX-CSV")
		}
		d.f.columns = append(d.f.columns, string(name))
		d.f.at[string(name)] = i
		d.values, d.level = append(d.values, ""), append(d.level, 0)
	}
	if d.level[i] != 0 {
		return d.wrong("a component is given at two levels")
	}
	if n := len(value); n > d.f.limits.CellBytes {
		return tooMuch(CodeCellBytes, n, d.f.limits.CellBytes)
	}
	d.level[i] = level
	d.said[level] = append(d.said[level], i)
	if d.bytes += len(value); d.bytes > d.f.limits.RowBytes {
		return tooMuch(CodeRowBytes, d.bytes, d.f.limits.RowBytes)
	}
	if d.values[i] != string(value) {
		d.values[i] = string(value)
	}
	return nil
}

// emit hands on the observation that is complete.
func (d *sdmxReader) emit() error {
	d.row.Number++
	if d.row.Number > d.f.limits.Rows {
		return tooMuch(CodeRows, d.row.Number, d.f.limits.Rows)
	}
	if d.cells += int64(len(sdmxFixed) + len(d.values)); d.cells > d.f.limits.Cells {
		return tooMuch(CodeCells, d.cells, d.f.limits.Cells)
	}
	if d.fn == nil {
		return nil
	}
	d.row.Cells = d.row.Cells[:0]
	put := func(col int, s string) {
		if s != "" {
			d.row.Cells = append(d.row.Cells, Cell{Col: col, Kind: Text, Text: s, Raw: s})
		}
	}
	for i, s := range d.fixed {
		put(i+1, s)
	}
	for i, s := range d.values {
		if d.level[i] != 0 {
			put(len(sdmxFixed)+i+1, s)
		}
	}
	return d.fn(&d.row)
}

// errOtherSDMX is a message of SDMX-ML that is not read.
func errOtherSDMX(found string) error {
	return &Error{Code: CodeNotSheet, Found: found, Expected: wanted + ", SDMX-ML 3.0 (structure-specific data)", Err: errors.New("ask for SDMX-CSV 2.0 or structure-specific SDMX-ML 3.0")}
}
