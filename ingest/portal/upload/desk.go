package upload

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/oas/tipstat/ingest/batch"
	"github.com/oas/tipstat/transform/record"
)

// What stops an upload.
var (
	ErrTooLarge = errors.New("the file is larger than a submission may be")
	ErrEmpty    = errors.New("the file is empty")
	ErrName     = errors.New("the file has no name that can be kept")
	ErrBroken   = errors.New("the file did not come whole")
	ErrQuota    = errors.New("more files, or bytes, than a State may send in a day")
	ErrWaiting  = errors.New("too many files of this State wait to be read")
	ErrBusy     = errors.New("too many uploads of this State at once")
	ErrNone     = errors.New("no such upload")
)

// Limits bound what one State may send; 0 takes the default.
type Limits struct {
	FileBytes int64 `yaml:"file_bytes"` // of one file; sheet.MaxFileBytes at most
	DayFiles  int   `yaml:"day_files"`  // in 24 hours
	DayBytes  int64 `yaml:"day_bytes"`  // in 24 hours
	Waiting   int   `yaml:"waiting"`    // files that lie in the inbox
	Open      int   `yaml:"open"`       // uploads under way
}

// Default limits: a form has some 100 KB, the largest national file that was seen 40 MB.
var defaults = Limits{FileBytes: 100 << 20, DayFiles: 200, DayBytes: 2 << 30, Waiting: 100, Open: 100}

// Desk is where files are handed in.
type Desk struct {
	Inbox, Accepted, Refused string // folders of the workspace
	Ledger                   string // folder with an entry for each upload
	Limits                   Limits
	Now                      func() time.Time
	// Named tells whether the name of a file names a person; such a name is not kept.
	Named func(name string) (bool, error)

	mu   sync.Mutex
	open map[string]int // uploads under way, by State
}

// Within tells whether a State may send one more file.
func (d *Desk) Within(refArea string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.within(refArea, d.limits(), d.open[refArea])
}

// Sender is who hands a file in: a State, by its code of ISO 3166-1 alpha-3, and an account.
type Sender struct {
	RefArea string `json:"ref_area"`
	Account string `json:"account"`
}

// Upload is an entry of the ledger: what came, whole, from whom and when.
type Upload struct {
	ID string `json:"upload_id"`
	Sender
	FileName   string    `json:"file_name"`
	Bytes      int64     `json:"file_bytes"`
	SHA256     string    `json:"file_sha256"`
	ReceivedAt time.Time `json:"received_at"`
}

// Logged is what an audit log is told of an upload: what it is about, and details of it.
func (u Upload) Logged() (subject string, detail []string) {
	return "upload:" + strings.TrimPrefix(u.ID, folderStart), []string{"ref-area=" + u.RefArea, "sha256=" + u.SHA256}
}

const folderStart = "upload-"

var (
	idForm   = regexp.MustCompile(`^upload-\d{8}T\d{6}Z-[0-9a-f]{12}$`)
	areaForm = regexp.MustCompile(`^[A-Z]{3}$`)
)

// SentBy tells by the name of a file, from the inbox on, which State handed it in here;
// false where it came another way.
func SentBy(name string) (refArea, id string, ok bool) {
	parts := strings.Split(name, "/")
	if len(parts) != 3 || !areaForm.MatchString(parts[0]) || !idForm.MatchString(parts[1]) {
		return "", "", false
	}
	return parts[0], parts[1], true
}

// Receive streams a file to the disk and hands it in. Whatever goes wrong, nothing of it
// is left. ErrBroken where the reader or the context ends before the file does.
func (d *Desk) Receive(ctx context.Context, from Sender, name string, body io.Reader) (u Upload, err error) {
	if !areaForm.MatchString(from.RefArea) {
		return u, fmt.Errorf("%q is no code of a State", from.RefArea)
	}
	limits := d.limits()
	if err := d.enter(from.RefArea, limits); err != nil {
		return u, err
	}
	entered := false
	defer func() {
		if !entered {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.leave(from.RefArea)
		}
	}()
	if name, err = d.fileName(name); err != nil {
		return u, err
	}
	now := d.Now().UTC()
	u = Upload{ID: newID(now), Sender: from, FileName: name, ReceivedAt: now.Truncate(time.Second)}
	part := d.part(u)
	if err := os.MkdirAll(filepath.Dir(part), 0o700); err != nil {
		return u, err
	}
	sum := sha256.New()
	if u.Bytes, err = keep(ctx, part, body, sum, limits.FileBytes); err != nil {
		return u, errors.Join(err, gone(os.Remove(part)))
	}
	u.SHA256 = hex.EncodeToString(sum.Sum(nil))
	if err := d.enterLedger(u, limits); err != nil {
		return u, errors.Join(err, gone(os.Remove(part)))
	}
	entered = true
	if err := d.handIn(u); err != nil { // what the sender is told did not come must not come later
		return u, errors.Join(err, gone(os.Remove(d.entry(u.RefArea, u.ID))), gone(os.Remove(part)))
	}
	return u, nil
}

// enterLedger enters an upload in the ledger, unless others that came meanwhile have used up
// the day's bytes. From then on it counts there, and no more as one that is under way.
func (d *Desk) enterLedger(u Upload, l Limits) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, bytes, _, err := d.sent(u.RefArea); err != nil {
		return err
	} else if bytes >= l.DayBytes {
		return ErrQuota
	}
	entry, err := json.MarshalIndent(u, "", "  ")
	if err == nil {
		err = os.MkdirAll(filepath.Dir(d.entry(u.RefArea, u.ID)), 0o700)
	}
	if err != nil {
		return err
	}
	if err := batch.WritePrivate(d.entry(u.RefArea, u.ID), append(entry, '\n')); err != nil {
		return err
	}
	d.leave(u.RefArea)
	return nil
}

// keep writes what comes to a new file and to the sum, up to a limit, down to the disk.
func keep(ctx context.Context, name string, body io.Reader, sum hash.Hash, limit int64) (n int64, err error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	from := &reader{ctx: ctx, r: io.LimitReader(body, limit+1)}
	n, err = io.Copy(io.MultiWriter(f, sum), from)
	switch {
	case from.err != nil:
		return n, fmt.Errorf("%w after %d bytes: %w", ErrBroken, n, from.err)
	case err != nil:
		return n, err
	case n > limit:
		return n, fmt.Errorf("%w: over %d bytes", ErrTooLarge, limit)
	case n == 0:
		return n, ErrEmpty
	}
	return n, f.Sync()
}

// reader keeps apart what fails at the sender's end from what fails at the disk's.
type reader struct {
	ctx context.Context
	r   io.Reader
	err error
}

func (r *reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		r.err = err
		return 0, err
	}
	n, err := r.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}

// handIn moves an upload that is in the ledger into the inbox.
func (d *Desk) handIn(u Upload) error {
	dir := filepath.Join(d.Inbox, u.RefArea, u.ID)
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return os.Rename(d.part(u), filepath.Join(dir, u.FileName))
}

// part is where the bytes of an upload lie until all have come: on the inbox's file
// system, under a name that batch.Scan passes over.
func (d *Desk) part(u Upload) string {
	return filepath.Join(d.Inbox, u.RefArea, "."+u.ID+".part")
}

func (d *Desk) entry(refArea, id string) string {
	return filepath.Join(d.Ledger, refArea, id+".json")
}

// gone passes over that a file was not there.
func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func newID(now time.Time) string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // it never fails: see crypto/rand
	return folderStart + now.Format("20060102T150405Z") + "-" + hex.EncodeToString(b[:])
}

// maxName is what of a name is kept, in bytes; file systems take 255, and papers are named after it.
const maxName = 120

// fileName makes of what a browser calls a file the name under which it is kept: without
// folders, without what a terminal or a file system would stumble over. A name of a person
// is not kept.
func (d *Desk) fileName(name string) (string, error) {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if r == '/' || r == ':' || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, name)
	name = strings.TrimLeft(name, ".~ ")
	ext := path.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	for len(stem)+len(ext) > maxName && stem != "" {
		_, n := utf8.DecodeLastRuneInString(stem)
		stem = stem[:len(stem)-n]
	}
	if name = stem + ext; stem == "" || len(ext) > 10 || batch.Unfinished(name) {
		return "", ErrName
	}
	if d.Named == nil {
		return name, nil
	}
	switch named, err := d.Named(name); {
	case err != nil:
		return "", err
	case named:
		return record.Unquoted + ext, nil
	}
	return name, nil
}

// List gives the uploads of a State, the newest first.
func (d *Desk) List(refArea string) ([]Upload, error) {
	names, err := os.ReadDir(filepath.Join(d.Ledger, refArea))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []Upload
	for _, e := range names {
		id, ok := strings.CutSuffix(e.Name(), ".json")
		if !ok || !idForm.MatchString(id) {
			continue
		}
		u, err := d.Upload(refArea, id)
		if err != nil {
			return nil, err
		}
		all = append(all, u)
	}
	slices.SortFunc(all, func(a, b Upload) int { return strings.Compare(b.ID, a.ID) })
	return all, nil
}

// States gives the States that have sent anything.
func (d *Desk) States() (areas []string, err error) {
	names, err := os.ReadDir(d.Ledger)
	for _, e := range names {
		if e.IsDir() && areaForm.MatchString(e.Name()) {
			areas = append(areas, e.Name())
		}
	}
	return areas, gone(err)
}

// Upload gives one upload of a State; ErrNone where the State has none of that name,
// whoever else may have.
func (d *Desk) Upload(refArea, id string) (u Upload, err error) {
	if !areaForm.MatchString(refArea) || !idForm.MatchString(id) {
		return u, ErrNone
	}
	b, err := os.ReadFile(d.entry(refArea, id))
	if errors.Is(err, fs.ErrNotExist) {
		return u, ErrNone
	}
	if err != nil {
		return u, err
	}
	if err := json.Unmarshal(b, &u); err != nil {
		return u, fmt.Errorf("%s: %w", d.entry(refArea, id), err)
	}
	return u, nil
}

// MaxBytes is what one file may have.
func (d *Desk) MaxBytes() int64 { return d.limits().FileBytes }
