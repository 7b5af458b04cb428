package access

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Entry is one row of the audit log.
type Entry struct {
	Seq     int64
	At      time.Time
	Actor   string // account:ID, token:ID, operator or anonymous
	Action  string // such as sign-in or submission.accepted
	Subject string // kind:ID
	Detail  string // key=value, parted by blanks
}

// Anchor is a row of the audit log as it stood: kept outside the database, it shows that no
// row up to it was cut off or made anew.
type Anchor struct {
	Seq  int64
	Hash string
}

// String writes an anchor as a line of a file of anchors has it.
func (a Anchor) String() string { return strconv.FormatInt(a.Seq, 10) + " " + a.Hash }

// ReadAnchors reads anchors, one a line. A last line that was cut off in the middle, as by
// kill -9, is left out.
func ReadAnchors(r io.Reader) ([]Anchor, error) {
	var out []Anchor
	in := bufio.NewReader(r)
	for line := 1; ; line++ {
		text, err := in.ReadString('\n')
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("anchors of the audit log: %w", err)
		}
		a, ok := parseAnchor(strings.TrimRight(text, "\r\n"))
		if !ok {
			return nil, fmt.Errorf("anchors of the audit log: line %d is not a number and a hash", line)
		}
		out = append(out, a)
	}
}

func parseAnchor(text string) (Anchor, bool) {
	seq, hash, ok := strings.Cut(text, " ")
	n, err := strconv.ParseInt(seq, 10, 64)
	return Anchor{n, hash}, ok && err == nil && n > 0 && reHash.MatchString(hash)
}

var reHash = regexp.MustCompile(`^[0-9a-f]{64}$`)

// origin stands before the first row.
var origin = Anchor{0, strings.Repeat("0", 64)}

// Head gives the last row of the audit log. Whoever wants rows that are cut off at the end to
// be noticed writes it outside the database, line by line.
func (c *Control) Head(ctx context.Context) (Anchor, error) {
	select {
	case c.writing <- struct{}{}:
		defer func() { <-c.writing }()
	case <-ctx.Done():
		return Anchor{}, ctx.Err()
	}
	if !c.stale {
		return c.head, nil
	}
	return lastRow(ctx, c.db)
}

// lastRow reads the end of the audit log.
func lastRow(ctx context.Context, r reader) (Anchor, error) {
	a := origin
	_, err := scan(ctx, r, `SELECT seq, hash FROM audit_log ORDER BY seq DESC LIMIT 1`, nil, &a.Seq, &a.Hash)
	return a, err
}

// hashed is the hash of an entry that follows another row: SHA-256 over each field after its
// length, so that nothing can move from one field to the next.
func (e Entry) hashed(previous string) string {
	h := sha256.New()
	for _, field := range []string{
		"tipstat audit log 1", strconv.FormatInt(e.Seq, 10), e.At.UTC().Format("2006-01-02T15:04:05.000000Z"),
		e.Actor, e.Action, e.Subject, e.Detail, previous,
	} {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(field)))
		h.Write(n[:])
		h.Write([]byte(field))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// What may stand in the log: codes, numbers and hashes. A sentence, a name with a blank or a
// token does not pass, so that none can get in by mistake.
var (
	reAction  = regexp.MustCompile(`^[a-z0-9]+([.-][a-z0-9]+)*$`)
	reSubject = regexp.MustCompile(`^[a-z-]+:[A-Za-z0-9._-]{1,64}$`)
	reDetail  = regexp.MustCompile(`^[a-z][a-z0-9-]*=[A-Za-z0-9._:+-]{1,64}$`)
)

// ErrNotLoggable says that what was to be written to the audit log may not stand there.
var ErrNotLoggable = errors.New("not for the audit log: want codes, numbers and hashes")

// Record writes a row to the audit log for what is done elsewhere, such as a submission that
// was accepted. The subject is kind:ID or empty, each detail key=value of codes, numbers or
// hashes; a sentence or a token is refused with [ErrNotLoggable].
func (c *Control) Record(ctx context.Context, by Actor, action, subject string, detail ...string) error {
	return c.write(ctx, func(w *change) error { return w.log(by.String(), action, subject, detail...) })
}

// log adds a row to the audit log.
func (w *change) log(actor, action, subject string, detail ...string) error {
	if !reAction.MatchString(action) || subject != "" && !reSubject.MatchString(subject) || looksSecret(subject) {
		return fmt.Errorf("%w: %q on %q", ErrNotLoggable, action, subject)
	}
	for _, d := range detail {
		if !reDetail.MatchString(d) || looksSecret(d) {
			return fmt.Errorf("%w: a detail of %s", ErrNotLoggable, action) // not itself: errors are logged too
		}
	}
	e := Entry{w.head.Seq + 1, w.now, actor, action, subject, strings.Join(detail, " ")}
	hash := e.hashed(w.head.Hash)
	_, err := w.exec(`INSERT INTO audit_log VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, e.Seq, e.At, e.Actor, e.Action, e.Subject, e.Detail, w.head.Hash, hash)
	if err == nil {
		w.head = Anchor{e.Seq, hash}
	}
	return err
}

// Log gives entries of the audit log, newest first: those before a row, or the newest where
// before is 0; at most limit, which is 1 to 1000.
func (c *Control) Log(ctx context.Context, by Actor, before int64, limit int) ([]Entry, error) {
	if err := c.allowed(ctx, by, ReadAudit); err != nil {
		return nil, err
	}
	return list(ctx, c.db, `SELECT seq, logged_at, actor, action, subject, detail FROM audit_log
		WHERE $1 = 0 OR seq < $1 ORDER BY seq DESC LIMIT $2`, []any{before, min(max(limit, 1), 1000)}, func(scan func(...any) error) (e Entry, err error) {
		return e, scan(&e.Seq, &e.At, &e.Actor, &e.Action, &e.Subject, &e.Detail)
	})
}
