package batch

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/oas/tipstat/ingest/inbox"
	"github.com/oas/tipstat/transform/record"
)

// Batch is what taking in the files of an inbox needs.
type Batch struct {
	Inbox, Accepted, Refused string        // folders; both of the last on the inbox's file system
	Settle                   time.Duration // how long a file that was just written is watched before it is taken
	DeleteNamed              bool          // a file that names persons is deleted, once its papers are written, and not moved
	Now                      func() time.Time
	// Named tells whether the name of a file or folder names a person.
	Named func(name string) (bool, error)
	// Take takes a file in, whole or not at all.
	Take func(ctx context.Context, path string) (*inbox.Receipt, error)
	// Papers makes what is laid beside a file: its receipt and its findings, for the
	// name that it gets there. It may read the file at item.Path.
	Papers func(item Item, name string) ([]Paper, error)
	// Done is told of each file that was dealt with; it may be nil.
	Done func(Item)
	// Committed is called when a file was dealt with and before it is moved; it may be nil.
	Committed func()
}

// Outcomes of a file, beside those of a receipt.
const (
	// Failed says that a file could not be read: it stays, and the next ones are read.
	Failed = "failed"
)

// ErrChanged says that a file changed, or went, while it was read.
var ErrChanged = errors.New("the file changed while it was read")

// Item says what became of one file. Its names and texts quote no cell; a name that
// names a person is not told.
type Item struct {
	Name         string  `json:"name"` // from the inbox on; as it may be told
	SHA256       string  `json:"file_sha256,omitempty"`
	Outcome      string  `json:"outcome"` // of the receipt, or Failed
	SubmissionID string  `json:"submission_id,omitempty"`
	Layout       string  `json:"layout,omitempty"`
	Lang         string  `json:"lang,omitempty"`
	Rows         int64   `json:"rows"`
	Findings     []Count `json:"findings"`
	Persons      bool    `json:"names_persons,omitempty"`
	Deleted      bool    `json:"deleted,omitempty"`
	Placed       string  `json:"placed,omitempty"` // from the folder of accepted or refused files on
	Fault        string  `json:"fault,omitempty"`
	Seconds      float64 `json:"seconds"` // declared metadata

	Path    string         `json:"-"`
	Receipt *inbox.Receipt `json:"-"`
}

// Count is how many findings of a code there are.
type Count struct {
	Code     string          `json:"code"`
	Severity record.Severity `json:"severity"`
	Count    int             `json:"count"`
}

// Counted counts findings by their codes, errors first.
func Counted(findings record.Findings) []Count {
	out := []Count{}
	for _, f := range findings {
		i := slices.IndexFunc(out, func(c Count) bool { return c.Code == f.Code && c.Severity == f.Severity })
		if i < 0 {
			i, out = len(out), append(out, Count{Code: f.Code, Severity: f.Severity})
		}
		out[i].Count++
	}
	order := []record.Severity{record.Error, record.Warning, record.Info}
	slices.SortFunc(out, func(a, b Count) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Severity), slices.Index(order, b.Severity)), cmp.Compare(a.Code, b.Code))
	})
	return out
}

// Run takes the files in, one after the other, and gives what became of each, and
// those that changed meanwhile and wait. A file that can't be read is an item that
// failed; the error is ours or the machine's and ends the batch: what was done until
// then is given all the same, and the file at hand is in the store whole or not at all.
func (b *Batch) Run(ctx context.Context, files []File) (items []Item, waiting []Waiting, err error) {
	for _, f := range files {
		if err := ctx.Err(); err != nil {
			return items, waiting, err
		}
		began := b.Now()
		item, err := b.one(ctx, f)
		if errors.Is(err, ErrChanged) {
			waiting = append(waiting, Waiting{item.Name, Changed})
			continue
		}
		var own *fs.PathError
		switch {
		case err == nil:
		case ctx.Err() == nil && item.Receipt == nil && errors.As(err, &own) && own.Path == f.Path:
			item.Outcome, item.Fault = Failed, own.Err.Error()
		default:
			return items, waiting, err
		}
		item.Seconds = b.Now().Sub(began).Seconds()
		items = append(items, item)
		if b.Done != nil {
			b.Done(item)
		}
	}
	return items, waiting, nil
}

// one takes one file in and puts it where it belongs.
func (b *Batch) one(ctx context.Context, f File) (item Item, err error) {
	item = Item{Name: f.Name, Path: f.Path, Findings: []Count{}}
	named, err := b.named(&item)
	if err != nil {
		return item, err
	}
	r := named
	if r == nil {
		r, err = b.Take(ctx, f.Path)
	} else {
		r.SHA256, err = hashOf(f.Path)
	}
	if err != nil {
		if ctx.Err() == nil && !f.same() {
			return item, ErrChanged
		}
		return item, err
	}
	item.Receipt, item.SHA256, item.Outcome, item.SubmissionID = r, r.SHA256, r.Outcome, r.SubmissionID
	item.Layout, item.Lang, item.Rows, item.Persons = r.Layout, r.Lang, r.Rows, r.Private
	item.Findings = Counted(r.Findings)
	if b.Committed != nil {
		b.Committed()
	}
	folder, wanted := b.Accepted, f.Name
	if r.Outcome == inbox.Refused {
		folder = b.Refused
	}
	if named != nil {
		wanted = r.SHA256[:12] + path.Ext(f.Name)
	}
	item.Deleted = b.DeleteNamed && item.Persons
	// What is stored is stored: from here on nobody breaks off.
	item.Placed, err = place(f, folder, wanted, r.SHA256, item.Deleted, func(name string) ([]Paper, error) { return b.Papers(item, name) })
	return item, err
}

// named gives the receipt of a file whose name, or whose folder's, names a person:
// every message would tell it, so that the file is not read. The name is taken out of
// the item.
func (b *Batch) named(item *Item) (*inbox.Receipt, error) {
	for _, part := range strings.Split(item.Name, "/") {
		is, err := b.Named(part)
		if err != nil {
			return nil, err
		}
		if !is {
			continue
		}
		item.Name = record.Unquoted + path.Ext(item.Name)
		return &inbox.Receipt{File: item.Name, Outcome: inbox.Refused, Private: true,
			Findings: record.Findings{record.NewFinding("TIP-P009", record.Place{File: item.Name})}}, nil
	}
	return nil, nil
}

func hashOf(name string) (sum string, err error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
