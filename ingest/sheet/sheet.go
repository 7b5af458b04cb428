package sheet

import (
	"context"
	"io"
	"maps"
	"slices"
	"sync/atomic"

	"github.com/oas/tipstat/transform/record"
)

// Format of a file.
type Format string

// The formats that can be read.
const (
	XLSX Format = "xlsx" // Office Open XML, with or without macros
	CSV  Format = "csv"
	ODS  Format = "ods"
	SDMX Format = "sdmx-ml" // SDMX-ML 3.0, structure-specific data
)

// Options of Open. The zero value works.
type Options struct {
	Limits Limits
	// Encoding of a csv file: utf-8, utf-16le, utf-16be, windows-1252 or
	// iso-8859-1. Empty means: detect it.
	Encoding string
	// Delimiter of a csv file: an ASCII character. Zero means: detect it.
	Delimiter rune
}

// Kind of a cell's value. The zero value is not valid on purpose.
type Kind uint8

// The kinds of values.
const (
	Text       Kind = iota + 1
	Number          // a finite number
	Bool            // Text is TRUE or FALSE, Number 1 or 0
	Date            // a date, a time of day or both; Number is the serial
	ErrorValue      // Text is what the spreadsheet shows: #DIV/0!, #N/A …
	NoValue         // a formula without a stored value
)

var kindNames = [...]string{"", "text", "number", "bool", "date", "error", "no value"}

// String gives the kind's name in English.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return ""
}

// Cell is one cell that is not empty.
type Cell struct {
	Col     int // from 1
	Kind    Kind
	Formula bool // the value is what a formula gave when the file was saved
	// Text is the cell's text as it stands, rich text joined. A number is
	// rounded to the 15 significant digits that a spreadsheet shows; a date is
	// ISO 8601: 2023-04-03, 2023-04-03T12:30:00, or 12:30:00 for a bare time.
	Text string
	// Raw is the value as the file holds it: 0.30000000000000004 where Text is
	// 0.3, 45019 where it is 2023-04-03, 1 where it is TRUE. Of a text it is Text.
	Raw string
	// NumFmt is the code of the number format: 0.0%, yyyy-mm-dd. It is empty for
	// General, for csv, and where only the language of the program gives it; of
	// an ods file only 0% is told.
	NumFmt string
	// Number is the value of Text for a Number, the serial for a Date, 1 or 0
	// for a Bool.
	Number float64
}

// Row is one row with at least one cell that is not empty.
type Row struct {
	Number int  // from 1
	Hidden bool // not shown to a person who opens the file
	Cells  []Cell
}

// Address gives the A1 address of a cell of the row.
func (r *Row) Address(c Cell) string { return record.CellName(r.Number, c.Col) }

// Visibility of a sheet.
const (
	Visible    = "visible"
	Hidden     = "hidden"
	VeryHidden = "veryHidden" // can't be shown through the menus of Excel
)

// Info is what is known of a sheet before it is read.
type Info struct {
	Index      int    // from 0, the number that Read and Details take
	Name       string // empty for csv
	Visibility string
}

// Note is a thing that a reader of the file should know and that does not
// refuse it. Code has its texts in the findings.
type Note struct {
	Code  string `json:"code"`
	Sheet string `json:"sheet,omitempty"`
	Cell  string `json:"cell,omitempty"`
	Found string `json:"found,omitempty"`
}

// book is what a format has to do.
type book interface {
	read(ctx context.Context, sheet int, fn func(*Row) error) error
	details(ctx context.Context, sheet int) (Details, error)
}

// Workbook is an open file. Its methods may be called at the same time from
// several goroutines.
type Workbook struct {
	name   string
	format Format
	sheets []Info
	notes  []Note
	props  map[string]string
	names  []Name
	book   book
	closed atomic.Bool
	// withheld are columns by sheet, with the row from which on they are not told.
	withheld map[int]map[int]int
}

// Open recognises what r holds and reads what is needed to list its sheets.
// size is in bytes; name is only used to name the file in errors. r must stay
// readable, and unchanged, until Close.
//
// The error is an *Error when the file is refused, and ctx.Err wrapped when the
// context ended.
func Open(ctx context.Context, r io.ReaderAt, size int64, name string, opts Options) (*Workbook, error) {
	limits := opts.Limits.orDefaults()
	w := &Workbook{name: name, props: map[string]string{}}
	err := func() (err error) {
		defer Caught(&err, name)
		return w.open(ctx, r, size, opts, limits)
	}()
	if err != nil {
		return nil, w.named(err)
	}
	return w, nil
}

func (w *Workbook) open(ctx context.Context, r io.ReaderAt, size int64, opts Options, limits Limits) error {
	if size > limits.FileBytes {
		return tooMuch(CodeFileBytes, size, limits.FileBytes)
	}
	kind, err := recognise(r, size)
	if err != nil {
		return err
	}
	if kind == kindText {
		w.format = CSV
		return openCSV(ctx, w, r, size, opts, limits)
	}
	if kind == kindSDMX {
		w.format = SDMX
		return openSDMX(ctx, w, r, size, opts, limits)
	}
	p, err := openPack(r, size, limits)
	if err != nil {
		return err
	}
	if kind, err = p.kind(ctx); err != nil {
		return err
	}
	if kind == kindODS {
		w.format = ODS
		return openODS(ctx, w, p)
	}
	w.format = XLSX
	return openXLSX(ctx, w, p)
}

// Format tells what the file is.
func (w *Workbook) Format() Format { return w.format }

// Close ends the use of the workbook. It does not close the reader that was
// given to Open.
func (w *Workbook) Close() error {
	w.closed.Store(true)
	return nil
}

// Sheets gives the sheets in the order of the file. A csv file has one, named "";
// so has a message of SDMX-ML.
func (w *Workbook) Sheets() []Info { return slices.Clone(w.sheets) }

// Notes gives what a reader of the file should know of it.
func (w *Workbook) Notes() []Note { return slices.Clone(w.notes) }

// Properties gives the custom document properties; it may be empty.
func (w *Workbook) Properties() map[string]string { return maps.Clone(w.props) }

// Names gives the defined names, in the order of the file.
func (w *Workbook) Names() []Name { return slices.Clone(w.names) }

// Read calls fn for every row of a sheet that has a cell that is not empty, in
// the order of the rows. The Row and its Cells are reused for the next call;
// the strings in it may be kept.
//
// With a nil fn the sheet is only checked. An error of fn ends the reading and is returned as it is. Read gives nil only
// when the sheet was read to its end and everything in it is in order, so what
// fn saw may only be believed after that.
func (w *Workbook) Read(ctx context.Context, sheet int, fn func(*Row) error) (err error) {
	defer Caught(&err, w.name)
	if err := w.check(sheet); err != nil {
		return err
	}
	var stopped error
	hold := w.withheld[sheet]
	err = w.book.read(ctx, sheet, func(r *Row) error {
		if fn == nil {
			return nil
		}
		if err := ctx.Err(); err != nil { // what is behind fn may take long for a row
			return canceled(err)
		}
		if len(hold) > 0 {
			r.Cells = slices.DeleteFunc(r.Cells, func(c Cell) bool { from, held := hold[c.Col]; return held && r.Number >= from })
			if len(r.Cells) == 0 {
				return nil
			}
		}
		if stopped = fn(r); stopped != nil {
			return errStop
		}
		return nil
	})
	if stopped != nil {
		return stopped
	}
	return w.named(err)
}

// Details gives what a sheet holds beside its cells. Without a Read of the
// sheet before it, it has to go through the whole sheet.
func (w *Workbook) Details(ctx context.Context, sheet int) (d Details, err error) {
	defer Caught(&err, w.name)
	if err := w.check(sheet); err != nil {
		return Details{}, err
	}
	d, err = w.book.details(ctx, sheet)
	if hold := w.withheld[sheet]; len(hold) > 0 {
		d.Comments = slices.DeleteFunc(d.Comments, func(c Comment) bool { from, held := hold[c.Col]; return held && c.Row >= from })
	}
	return d, w.named(err)
}

// Withhold takes the cells and comments of a column, from a row on, out of all
// that Read and Details tell from now on. It must not be called while they run.
func (w *Workbook) Withhold(sheet, col, from int) {
	if w.withheld == nil {
		w.withheld = map[int]map[int]int{}
	}
	if w.withheld[sheet] == nil {
		w.withheld[sheet] = map[int]int{}
	}
	w.withheld[sheet][col] = from
}

func (w *Workbook) check(sheet int) error {
	if w.closed.Load() {
		return errClosed
	}
	if sheet < 0 || sheet >= len(w.sheets) {
		return errNoSuchSheet(sheet)
	}
	return nil
}

func (w *Workbook) note(code, sheet, found string) {
	w.notes = append(w.notes, Note{Code: code, Sheet: sheet, Found: found})
}

// named puts the file's name into an error of ours.
func (w *Workbook) named(err error) error {
	if e, ok := err.(*Error); ok && e.File == "" {
		e.File = w.name
	}
	return err
}

// cellName gives an address, or "" when the place is not known yet.
func cellName(row, col int) string {
	if row < 1 || col < 1 {
		return ""
	}
	return record.CellName(row, col)
}
