package review

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"slices"

	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/record"
)

// ErrUnmarkable says why there can be no review workbook of a file; the
// findings themselves are not touched by that.
var ErrUnmarkable = errors.New("no review workbook")

// limits of what is marked. Beyond them the list says so.
const (
	maxCells    = 1_000_000 // cells that excelize would hold, some 500 bytes each with their text and what is written of them
	maxUnpacked = 256 << 20 // all parts
	maxListed   = 10_000    // rows of the list; a sheet takes 65,529 links
	maxComments = 2_000     // more than a person reads
	maxText     = 32_000    // characters of a comment; Excel takes 32,767
)

// tightGC is the collector's percentage while a workbook is marked.
const tightGC = 25

// care is how much of a workbook is touched; the first that does no harm is taken.
type care int

const (
	commentAll  care = iota // comments in every sheet, after those of the ministry
	commentNew              // only in sheets that have none: excelize loses track of some programs' comments
	commentNone             // none: the list says all
)

// Write writes the review workbook of a file: of an .xlsx or .xlsm the workbook
// itself, of a csv file its rows as texts of a new workbook. Findings of other
// files are left out. The same file and findings give the same bytes.
//
// The error is ErrUnmarkable, with the reason, where no such workbook can be
// made: of an .ods, of a file that can't be read in full or is too large, of a
// workbook that would not come out unharmed.
func Write(ctx context.Context, out io.Writer, original io.ReaderAt, size int64, name string, findings record.Findings, lang string) error {
	wb, err := sheet.Open(ctx, original, size, name, sheet.Options{})
	if err != nil {
		return unmarkable(err)
	}
	defer func() { _ = wb.Close() }() // only read
	own := slices.DeleteFunc(slices.Clone(findings), func(f record.Finding) bool { return f.Subject.File != name })
	own.Sort()
	r := &review{ctx: ctx, name: name, lang: lang, findings: own, wb: wb}
	if err := r.survey(); err != nil {
		return unmarkable(err)
	}
	switch wb.Format() {
	case sheet.CSV:
		r.levels = []care{commentAll}
	case sheet.XLSX:
		if size > maxUnpacked {
			return fmt.Errorf("%w: %s is too large", ErrUnmarkable, name)
		}
		r.original = make([]byte, size)
		if n, err := original.ReadAt(r.original, 0); int64(n) != size {
			return fmt.Errorf("%s: %w", name, err)
		}
		r.levels = []care{commentAll, commentNew, commentNone}
	default:
		return fmt.Errorf("%w: the cells of an .%s can't be marked; the findings are in the list, or save the file as .xlsx", ErrUnmarkable, wb.Format())
	}
	var harm error
	for _, r.care = range r.levels {
		b, err := r.attempt()
		if err == nil {
			_, err = out.Write(b)
			return err
		}
		if ctx.Err() != nil || errors.Is(err, ErrUnmarkable) {
			return errors.Join(ctx.Err(), err)
		}
		harm = errors.Join(harm, err)
	}
	return fmt.Errorf("%w: %s would not come out unharmed: %w", ErrUnmarkable, name, harm)
}

// attempt makes the workbook and holds it against the original. A panic of excelize, which
// was not written for strangers' files, is one more way in which a workbook can't be marked.
func (r *review) attempt() (b []byte, err error) {
	defer sheet.Caught(&err, r.name)
	// excelize holds the workbook, as structures and as bytes, several times over: what the
	// collector would leave lying beside it is what does not fit into 1 GiB.
	defer debug.SetGCPercent(debug.SetGCPercent(tightGC))
	if b, err = r.make(); err == nil {
		err = r.compare(b)
	}
	return b, err
}

// unmarkable makes of an unreadable file one without a review.
func unmarkable(err error) error {
	var unreadable *sheet.Error
	if errors.As(err, &unreadable) {
		return fmt.Errorf("%w: the file can't be read in full", ErrUnmarkable)
	}
	return err
}

// review is one review workbook in the making.
type review struct {
	ctx      context.Context
	name     string // of the file
	lang     string
	findings record.Findings
	wb       *sheet.Workbook
	original []byte
	levels   []care
	care     care
	print    string // of the cells of the original, see fingerprint
	around   map[string]sheet.Details
	csvSheet string // the sheet that csv rows are written to
	listName string
	said     []place // cells whose comments tell what was found
}

// survey reads all of the original, so that excelize never meets what
// ingest/sheet would refuse, and takes its fingerprint.
func (r *review) survey() error {
	if r.wb.Format() == sheet.CSV {
		r.csvSheet = csvSheetName(r.name)
	}
	var err error
	r.print, r.around, err = fingerprint(r.ctx, r.wb, r.csvSheet)
	return err
}

// make builds the workbook. Excelize is a large library and this is a
// stranger's file: where it panics, there is no review workbook, and the
// findings are told all the same.
func (r *review) make() (_ []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("excelize: %v", p)
		}
	}()
	f, err := r.open()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	r.said = nil
	m := &marker{r: r, f: f, styles: map[string]int{}, parts: map[string]string{}, boxes: map[string]string{}}
	m.do(m.unmark())
	m.mark()
	m.list()
	m.names()
	if m.err != nil {
		return nil, m.err
	}
	var b bytes.Buffer
	zip := f.ZipWriter
	f.ZipWriter = func(w io.Writer) excelize.ZipWriter { return restorer{zip(w)} }
	if _, err := f.WriteTo(&b); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// open gives the workbook to write into.
func (r *review) open() (*excelize.File, error) {
	if r.csvSheet != "" {
		return r.csvBook()
	}
	f, err := excelize.OpenReader(bytes.NewReader(r.original), excelize.Options{UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxUnpacked})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnmarkable, err)
	}
	if err := r.parts(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// marker writes into a workbook; err is the first error met.
type marker struct {
	r      *review
	f      *excelize.File
	styles map[string]int
	parts  map[string]string // sheet → the part with its comments, the one with their boxes
	boxes  map[string]string
	err    error
}

func (m *marker) do(err error) {
	if m.err == nil {
		m.err = err
	}
}
