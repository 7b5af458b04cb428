package inbox

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/oas/tipstat/ingest/gate"
	"github.com/oas/tipstat/ingest/layout"
	"github.com/oas/tipstat/ingest/review"
	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/ingest/template"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/harmonize"
	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/rules"
	"github.com/oas/tipstat/transform/store"
)

// Inbox is what taking a file in needs. Store may be nil for Check.
type Inbox struct {
	Store     *store.Store
	Codes     *codelist.Set
	Layouts   []*layout.Layout
	Form      *template.Form   // the form that ministries fill in; nil: it is not recognised
	Originals string           // folder that keeps accepted files by hash; empty: they are not kept
	Now       func() time.Time // the clock; declared metadata only
	RunID     string
	Version   string
	Command   string
}

// Options of one file.
type Options struct {
	Layout        string    // take this layout, whatever the content says
	RefArea       string    // the State that sent it, which must report for no other; empty: anybody
	ReferenceDate time.Time // day up to which the source is complete
	Progress      func(rows int64)
	ReadTime      time.Duration // how long reading may take; 0: ReadTime
	ReadMemory    uint64        // bytes of memory that reading may fill; 0: ReadMemory
	// Figures is handed the figures that Check reads, batch by batch; it must not
	// keep one after it returns. It may be nil.
	Figures func(arrow.RecordBatch) error
	again   *Again // of Reprocess
}

// ReadTime is how long the reading of one file may take before it is refused.
// The largest real file so far takes two seconds.
const ReadTime = 2 * time.Minute

// Outcomes of a file.
const (
	Accepted = "accepted"
	Refused  = "refused"
	Already  = "already-ingested"
	// Unchanged is that of a file that was read again and tells the same.
	Unchanged = "unchanged"
)

// Receipt says what became of a file.
type Receipt struct {
	File         string               `json:"file"`
	SHA256       string               `json:"file_sha256"`
	Outcome      string               `json:"outcome"`
	SubmissionID string               `json:"submission_id,omitempty"`
	Layout       string               `json:"layout,omitempty"`
	Lang         string               `json:"lang,omitempty"` // of the form, or of the review that it was sent back in
	Format       string               `json:"format,omitempty"`
	Rows         int64                `json:"rows"`
	Account      []record.RowAccount  `json:"row_account,omitempty"`
	Sheets       []layout.SheetResult `json:"sheets,omitempty"`
	Findings     record.Findings      `json:"findings"`
	Notes        []sheet.Note         `json:"-"`
	Unreadable   bool                 `json:"-"` // the file could not be read to its end
	Agency       string               `json:"-"` // who publishes the file, and whether its figures
	Adds         bool                 `json:"-"` // of the same codes add up, by its layout
	Private      bool                 `json:"-"` // it names persons: no copy may be made of it
	Uncopied     bool                 `json:"-"` // nor of this, which no layout knows: if its rows are about persons, it names them
	// Of a file that was read again: the submission in whose place it stands, and what it
	// tells otherwise.
	ReprocessOf string            `json:"reprocess_of,omitempty"`
	Difference  *store.Difference `json:"difference,omitempty"`
}

// what take is to do with a file beyond reading it.
type aim int

const (
	readOnly aim = iota // nothing
	tryOut              // all that storing does, and then undo it
	keep                // store it
	reread              // store it in the place of an older reading of the same bytes
)

// File takes one file in. A finding that refuses the file is in the receipt,
// not in the error; the error is ours or the machine's, and then, as for a
// refusal, nothing was stored.
func (in *Inbox) File(ctx context.Context, path string, opts Options) (*Receipt, error) {
	return in.take(ctx, path, opts, keep)
}

// Check reads a file as File does and stores nothing. The rules that hold
// figures against each other need a store: see Validate.
func (in *Inbox) Check(ctx context.Context, path string, opts Options) (*Receipt, error) {
	return in.take(ctx, path, opts, readOnly)
}

// Validate does all that File does, the rules on figures included, and then
// rolls it back: the store and the originals stay as they were. Bytes that
// were accepted before are tried like others.
func (in *Inbox) Validate(ctx context.Context, path string, opts Options) (*Receipt, error) {
	return in.take(ctx, path, opts, tryOut)
}

func (in *Inbox) take(ctx context.Context, path string, opts Options, to aim) (*Receipt, error) {
	r := &Receipt{File: filepath.Base(path), Findings: record.Findings{}}
	if opts.again != nil { // the original goes by its hash
		r.File, r.ReprocessOf = opts.again.Of.FileName, opts.again.Of.ID
	}
	reading, stop := bounded(ctx, cmp.Or(opts.ReadTime, ReadTime), cmp.Or(opts.ReadMemory, ReadMemory))
	defer stop()
	if err := in.attempt(ctx, reading, r, path, opts, to); err != nil {
		return r.refuse(tooLarge(reading, err))
	}
	return r, nil
}

// attempt does what take is to do. An error about the file refuses it; so does a panic,
// and what was stored by then is undone like any refusal.
func (in *Inbox) attempt(ctx, reading context.Context, r *Receipt, path string, opts Options, to aim) (err error) {
	defer sheet.Caught(&err, r.File)
	// A pipe would keep us waiting, a device or a huge file would be hashed without end.
	switch info, err := os.Stat(path); {
	case err != nil:
		return err
	case info.IsDir():
		return fmt.Errorf("%s is a folder", path)
	case !info.Mode().IsRegular():
		return &sheet.Error{Code: sheet.CodeNotSheet, File: r.File, Found: info.Mode().String(), Expected: ".xlsx, .ods, .csv"}
	case info.Size() > sheet.MaxFileBytes:
		return &sheet.Error{Code: sheet.CodeFileBytes, File: r.File, Found: strconv.FormatInt(info.Size(), 10), Expected: strconv.Itoa(sheet.MaxFileBytes)}
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	hash := sha256.New()
	size, err := io.Copy(hash, f)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	r.SHA256 = hex.EncodeToString(hash.Sum(nil))
	if want, _ := SumBeside(path); want != "" && want != r.SHA256 {
		n := record.NewFinding(sheet.CodeSum, record.Place{File: r.File})
		n.Found, n.Expected = store.SubmissionID(r.SHA256), store.SubmissionID(want)
		r.Outcome, r.Findings = Refused, record.Findings{n}
		return nil
	}
	if to == keep {
		id, withdrawn, ok, err := in.Store.Find(ctx, r.SHA256)
		if err != nil {
			return err
		}
		if ok && opts.RefArea != "" { // what was found in another State's file is not this one's to see
			if err := r.sender(ctx, in.Store.DB(), id, opts.RefArea); err != nil || r.Outcome == Refused {
				return err
			}
		}
		if ok {
			code := "TIP-S001"
			if withdrawn {
				code = "TIP-S002"
			}
			n := record.NewFinding(code, record.Place{File: r.File})
			n.Found = id
			r.Outcome, r.SubmissionID, r.Findings = Already, id, record.Findings{n}
			return nil
		}
	}
	wb, err := sheet.Open(reading, f, size, r.File, sheet.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, wb.Close()) }()
	r.Format, r.Notes = string(wb.Format()), wb.Notes()
	list, err := review.Answers(reading, wb)
	if err != nil {
		return err
	}
	seen, err := gate.Look(reading, wb, in.Codes)
	if err != nil {
		return err
	}
	src, faults, err := in.recognise(reading, wb, r.File, opts)
	if err != nil {
		return err
	}
	if refused := r.guard(seen, src, wb); refused {
		return nil
	}
	if src == nil {
		r.Outcome, r.Findings = Refused, faults
		return nil
	}
	r.Layout, r.Lang = src.sub.Layout, cmp.Or(list.Lang, src.lang)
	r.Agency, r.Adds = src.sub.SourceAgency, src.sub.Repeats == "add"
	faults, list.Answers = review.Refuse(list.Answers, r.File)
	src.said = list
	r.Findings = append(r.Findings, faults...)
	if to == readOnly {
		var builders map[record.Kind]*record.Builder
		if opts.Figures != nil {
			b := record.NewBuilder(memory.DefaultAllocator, record.KindFigure, opts.Figures)
			defer b.Release()
			builders = map[record.Kind]*record.Builder{record.KindFigure: b}
		}
		res, err := src.read(builders)
		if err != nil {
			return err
		}
		r.took(res, wb)
		r.explain(src)
		return nil
	}
	return in.store(ctx, r, f, wb, src, size, opts, to)
}

// reached is told how far the storing of a file has come: tests kill the process there.
var reached = func(point string) {}

// tried begins the key of a submission that is rolled back.
const tried = "try-"

// store reads the file into the open transaction and commits it, or leaves
// the store as it was.
func (in *Inbox) store(ctx context.Context, r *Receipt, f *os.File, wb *sheet.Workbook, src *source, size int64, opts Options, to aim) (err error) {
	tx, err := in.Store.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if undo := tx.Rollback(); undo != nil { // no refusal: nobody knows what the store holds
			err = errors.Join(err, fmt.Errorf("%w: %w", errNotUndone, undo))
		}
	}()
	reached("begun")
	if err := tx.Vocabulary(ctx, in.Codes); err != nil {
		return err
	}
	reached("vocabulary")
	id, sum := store.SubmissionID(r.SHA256), r.SHA256
	switch {
	case to == tryOut: // it may stand in the store already, under its own key
		id, sum = tried+id, tried+sum
	case opts.again != nil:
		if r.SHA256 != opts.again.Of.SHA256 {
			return fmt.Errorf("%s: %w", opts.again.Of.ID, ErrOther)
		}
		if id, err = tx.NextReading(ctx, sum); err != nil {
			return err
		}
	}
	builders := map[record.Kind]*record.Builder{}
	for _, kind := range append([]record.Kind{src.kind}, src.more...) {
		b := record.NewBuilder(memory.DefaultAllocator, kind, func(batch arrow.RecordBatch) error {
			return tx.Append(kind, id, batch)
		})
		defer b.Release()
		builders[kind] = b
	}
	res, err := src.read(builders)
	if err != nil {
		return err
	}
	reached("records")
	r.took(res, wb)
	if opts.RefArea != "" {
		if err := r.sender(ctx, tx.Conn(), id, opts.RefArea); err != nil {
			return err
		}
	}
	if r.Outcome == Refused {
		r.explain(src)
		return nil
	}
	sub := src.sub
	if sub.ReferenceDate = opts.ReferenceDate; sub.ReferenceDate.IsZero() {
		sub.ReferenceDate = res.LastAction
	}
	sub.ID, sub.SHA256, sub.FileName, sub.Bytes, sub.Format = id, sum, r.File, size, r.Format
	sub.ReceivedAt, sub.RunID = in.Now(), in.RunID
	if opts.again != nil {
		sub.Again(opts.again.Of)
	}
	if err := tx.Run(ctx, in.RunID, in.Now(), in.Version, in.Command); err != nil {
		return err
	}
	if err := tx.Submit(ctx, sub, res.Account); err != nil {
		return err
	}
	reached("submission")
	if src.kind != record.KindTreaty {
		if err := harmonize.Submission(ctx, tx.Conn(), id); err != nil {
			return err
		}
		reached("observations")
		odd, err := rules.Submission(ctx, tx.Conn(), id, r.File)
		if err != nil {
			return err
		}
		r.Findings = append(r.Findings, odd...)
		if err := r.whole(ctx, tx.Conn(), id); err != nil {
			return err
		}
	}
	notes := r.explain(src)
	if r.Outcome == Refused {
		return nil // rolled back
	}
	if to == tryOut {
		return nil // rolled back
	}
	if opts.again != nil {
		if stay, err := in.supersede(ctx, tx, r, opts.again, id); err != nil || !stay {
			return err // rolled back
		}
	}
	if err := tx.Findings(ctx, id, r.Findings); err != nil {
		return err
	}
	if notes = append(notes, res.Notes...); len(notes) > 0 {
		if err := tx.Notes(ctx, id, notes); err != nil {
			return err
		}
		if err := harmonize.Notes(ctx, tx.Conn(), id); err != nil {
			return err
		}
	}
	reached("notes")
	if r.Private {
		err = unchanged(f, r.SHA256)
	} else {
		err = in.keepOriginal(f, r.SHA256)
	}
	if err != nil {
		return err
	}
	reached("original")
	if err := tx.Commit(ctx); err != nil {
		return err
	}
	reached("committed")
	r.Outcome, r.SubmissionID = Accepted, id
	if r.Private && opts.again != nil {
		return in.forget(sum)
	}
	return nil
}

// took copies what reading gave into the receipt and decides the outcome.
func (r *Receipt) took(res *layout.Result, wb *sheet.Workbook) {
	r.Account, r.Sheets, r.Notes = res.Account, res.Sheets, wb.Notes()
	r.Findings = append(r.Findings, res.Findings...) // never nil: JSON gives a list
	for _, n := range r.Notes {
		if n.Code == sheet.NoteHidden && template.OwnSheet(n.Sheet) { // hidden on purpose
			continue
		}
		f := record.NewFinding(n.Code, record.Place{File: r.File, Sheet: n.Sheet, Cell: n.Cell})
		f.Found = n.Found
		r.Findings = append(r.Findings, f)
	}
	r.Findings.Sort()
	for _, a := range r.Account {
		r.Rows += a.Rows
	}
	r.Outcome = Accepted
	if r.Findings.Err() != nil {
		r.Outcome = Refused
	}
}

// explain puts what the sender wrote beside findings to them, and gives it as
// notes on the figures.
func (r *Receipt) explain(src *source) (notes []record.Note) {
	r.Findings = review.Explain(r.Findings, src.said, r.File)
	r.Findings.Sort()
	for _, f := range r.Findings {
		if f.Explanation != "" && review.Published(f) {
			notes = append(notes, record.Note{Code: f.Code, At: f.Subject, Cells: f.Cells, Lang: r.Lang, Text: f.Explanation})
		}
	}
	return notes
}

// errNotUndone says that a transaction could not be rolled back.
var errNotUndone = errors.New("the store could not be put back")

// refuse turns an unreadable file into a refusal, and leaves other errors alone.
func (r *Receipt) refuse(err error) (*Receipt, error) {
	var unreadable *sheet.Error
	if !errors.As(err, &unreadable) || errors.Is(err, errNotUndone) {
		return nil, err
	}
	r.Account, r.Sheets, r.Rows = nil, nil, 0
	r.Outcome, r.Findings, r.Unreadable = Refused, record.Findings{unreadable.Finding()}, true
	return r, nil
}

// LayoutByID finds a layout.
func (in *Inbox) LayoutByID(id string) (*layout.Layout, bool) {
	i := slices.IndexFunc(in.Layouts, func(l *layout.Layout) bool { return l.ID == id })
	if i < 0 {
		return nil, false
	}
	return in.Layouts[i], true
}
