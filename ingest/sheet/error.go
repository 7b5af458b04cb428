package sheet

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/oas/tipstat/transform/record"
)

// Codes of the findings that refuse a file. Their texts are in
// transform/record/findings/file.yaml.
const (
	CodeNotSheet   = "TIP-F001" // PDF, HTML, XML, an image, another office document …
	CodeEmpty      = "TIP-F002" // no bytes
	CodeCutOff     = "TIP-F003" // a zip that is cut off or damaged
	CodeOldExcel   = "TIP-F004" // .xls, or other OLE files
	CodeEncrypted  = "TIP-F005" // protected by a password
	CodeBinary     = "TIP-F006" // .xlsb
	CodeOtherZip   = "TIP-F007" // a zip without a workbook
	CodeDuplicate  = "TIP-F008" // two zip entries with one name, or sharing bytes
	CodeUnsafeName = "TIP-F009" // a zip entry whose name leads out of the archive
	CodeChecksum   = "TIP-F010" // a part whose size or checksum is not the one declared
	CodeXML        = "TIP-F011" // XML that is not well-formed
	CodeDoctype    = "TIP-F012" // XML with a document type, which Office never writes
	CodeXMLCoding  = "TIP-F013" // XML that is not UTF-8
	CodeNoPart     = "TIP-F014" // a part that another one names is not there
	CodeNoSheet    = "TIP-F015" // no sheet in the workbook
	CodeStructure  = "TIP-F016" // an element or content type where it may not be
	CodeStringRef  = "TIP-F017" // a shared string that is not there
	CodeReference  = "TIP-F018" // an address of a cell that is not one
	CodeOrder      = "TIP-F019" // rows or cells out of order
	CodeTwice      = "TIP-F020" // two cells with one address
	CodeValue      = "TIP-F021" // a value that is not of the type declared
	CodeNotFinite  = "TIP-F022" // a number that is not finite

	CodeFileBytes = "TIP-F030"
	CodeUnpacked  = "TIP-F031"
	CodeEntries   = "TIP-F032"
	CodeDepth     = "TIP-F033"
	CodeSheets    = "TIP-F034"
	CodeRows      = "TIP-F035"
	CodeColumns   = "TIP-F036"
	CodeCells     = "TIP-F037"
	CodeCellBytes = "TIP-F038"
	CodeStrings   = "TIP-F039"
	CodeMerges    = "TIP-F040"
	CodeRowBytes  = "TIP-F041"
	CodeComments  = "TIP-F042"
	CodeTime      = "TIP-F043" // the context's deadline
	CodeFault     = "TIP-F044" // a fault of ours: reading panicked
	CodeMemory    = "TIP-F045" // what was read of it fills the memory that a file may take
	CodeRatio     = "TIP-F046" // a zip that unpacks to far more than any table does
	CodeFormula   = "TIP-F047" // a formula longer than any

	CodeNUL      = "TIP-F050" // csv: a NUL byte
	CodeQuote    = "TIP-F051" // csv: a quotation mark where it may not be, or one that is not closed
	CodeEncoding = "TIP-F052" // csv: bytes that fit no encoding
	CodeLineEnds = "TIP-F053" // csv: line ends of two kinds
	CodeDOS      = "TIP-F054" // csv: an encoding of MS-DOS
	CodeSum      = "TIP-F055" // the file is not the one that SHA256SUMS beside it tells of
)

// Codes of notes, which do not refuse a file.
const (
	NoteEncoding  = "TIP-F101" // csv: the encoding that was detected
	NoteDelimiter = "TIP-F102" // csv: the delimiter that was detected
	NoteMacros    = "TIP-F103" // the workbook has macros, which are not run
	NoteLinks     = "TIP-F104" // the workbook takes values from other workbooks
	NoteHidden    = "TIP-F105" // a hidden sheet
	NoteNoCells   = "TIP-F106" // a chart or macro sheet, which is not read
	NoteDate1904  = "TIP-F107" // dates count from 1904

	NoteTwoDelimiters = "TIP-F108" // csv: another delimiter would cut as evenly
)

// Error says why a file was refused. Its code is one of the codes of this
// package. Found and Expected go into the texts of the finding; they are
// numbers, names of parts and the like, never the text of a cell.
type Error struct {
	Code     string
	File     string
	Part     string // part of a zip: xl/worksheets/sheet1.xml
	Sheet    string
	Cell     string // A1 address of the cell, or of the last one before the fault
	Found    string
	Expected string
	Err      error // what is behind it, in English; may be nil
}

// Error gives the finding's message in English, with the place.
func (e *Error) Error() string {
	f := e.Finding()
	msg := f.Message("en")
	if msg == "" {
		msg = fmt.Sprintf("found %s, expected %s", e.Found, e.Expected)
	}
	if at := f.Subject.String(); at != "" {
		msg = at + ": " + msg
	}
	if e.Err != nil {
		msg += ": " + e.Err.Error()
	}
	return msg + " [" + e.Code + "]"
}

// Unwrap gives what is behind the error.
func (e *Error) Unwrap() error { return e.Err }

// Finding gives the error as a finding about the file.
func (e *Error) Finding() record.Finding {
	f := record.NewFinding(e.Code, record.Place{File: e.File, Sheet: e.Sheet, Cell: e.Cell})
	f.Found, f.Expected = e.Found, e.Expected
	if f.Found == "" {
		f.Found = e.Part
	}
	return f
}

var errClosed = errors.New("sheet: the workbook is closed")

func errNoSuchSheet(i int) error { return fmt.Errorf("sheet: no sheet with index %d", i) }

// tooMuch is a limit that was passed; n may be the first count beyond it.
func tooMuch[N int | int64](code string, n, limit N) *Error {
	return &Error{Code: code, Found: strconv.FormatInt(int64(n), 10), Expected: strconv.FormatInt(int64(limit), 10)}
}

// canceled wraps the error of a context that ended. A deadline is a limit like
// the others; a cancellation is the caller's own.
func canceled(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return &Error{Code: CodeTime, Err: err}
	}
	return fmt.Errorf("sheet: reading was stopped: %w", err)
}
