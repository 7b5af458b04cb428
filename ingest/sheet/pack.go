package sheet

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/klauspost/compress/flate"
)

// pack is a strict view of a zip: every name is plain and stands once, no two
// entries share bytes, nothing is encrypted, and sizes and checksums are
// counted while reading. Names are compared without case, as Office does.
type pack struct {
	limits Limits
	parts  map[string]*zip.File // by lower-case name
	read   atomic.Int64         // bytes unpacked so far, of all readings
}

// directoryBudget is how many bytes of central directory an entry may take on
// average. archive/zip reads the whole directory into memory before a caller
// can count entries, so the reading itself is what has to be bounded.
const directoryBudget = 512

var errBudget = errors.New("central directory too long")

// budget is a ReaderAt that fails once more than left bytes were read, until it
// is lifted.
type budget struct {
	r      io.ReaderAt
	left   int64
	lifted bool
}

func (b *budget) ReadAt(p []byte, off int64) (int, error) {
	if b.lifted {
		return b.r.ReadAt(p, off)
	}
	if b.left -= int64(len(p)); b.left < 0 {
		return 0, errBudget
	}
	return b.r.ReadAt(p, off)
}

func openPack(r io.ReaderAt, size int64, limits Limits) (*pack, error) {
	// 256 KiB are for the search for the end of the directory.
	b := &budget{r: r, left: int64(limits.Entries)*directoryBudget + 256<<10}
	zr, err := zip.NewReader(b, size)
	switch {
	case errors.Is(err, errBudget):
		return nil, &Error{Code: CodeEntries, Found: "> " + itoa(limits.Entries), Expected: itoa(limits.Entries)}
	case err != nil:
		return nil, &Error{Code: CodeCutOff, Found: "zip", Err: err}
	case len(zr.File) > limits.Entries:
		return nil, tooMuch(CodeEntries, len(zr.File), limits.Entries)
	}
	b.lifted = true // from here on reads are bounded by what is asked for
	p := &pack{limits: limits, parts: make(map[string]*zip.File, len(zr.File))}
	var spans []span
	var total uint64
	for _, f := range zr.File {
		// Some writers of .NET part folders with \, as no zip should.
		name := strings.ReplaceAll(f.Name, `\`, "/")
		if !plainName(name) {
			return nil, &Error{Code: CodeUnsafeName, Found: printable(f.Name)}
		}
		if f.Flags&0x2041 != 0 { // encrypted, strongly encrypted, masked directory
			return nil, &Error{Code: CodeEncrypted, Part: f.Name, Expected: wanted}
		}
		if f.Method != zip.Store && f.Method != zip.Deflate {
			return nil, &Error{Code: CodeStructure, Part: f.Name, Found: printable(f.Name) + " (compression " + itoa(int(f.Method)) + ")"}
		}
		key := strings.ToLower(name)
		if p.parts[key] != nil {
			return nil, &Error{Code: CodeDuplicate, Found: printable(f.Name)}
		}
		p.parts[key] = f
		if total += f.UncompressedSize64; total > uint64(limits.UnpackedBytes) || f.UncompressedSize64 > uint64(limits.UnpackedBytes) {
			return nil, &Error{Code: CodeUnpacked, Found: "> " + itoa(limits.UnpackedBytes), Expected: itoa(limits.UnpackedBytes)}
		}
		if err := limits.ratio(f.UncompressedSize64, f.CompressedSize64); err != nil {
			return nil, err
		}
		at, err := f.DataOffset()
		if err != nil || at < 0 || f.CompressedSize64 > uint64(size) || at+int64(f.CompressedSize64) > size {
			return nil, &Error{Code: CodeCutOff, Part: f.Name, Err: err}
		}
		spans = append(spans, span{f.Name, at, at + int64(f.CompressedSize64)})
	}
	if err := limits.ratio(total, uint64(size)); err != nil {
		return nil, err
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	end := int64(0)
	for _, s := range spans {
		// A local header of at least 30 bytes stands between the data of two entries.
		if s.from-localHeader < end {
			return nil, &Error{Code: CodeDuplicate, Found: "zip"}
		}
		if !s.named(r, end) {
			return nil, &Error{Code: CodeDuplicate, Found: printable(s.name)}
		}
		end = s.to
	}
	return p, nil
}

// span is where the data of an entry stand.
type span struct {
	name     string
	from, to int64
}

const (
	localHeader = 30 // bytes of a local header before the name
	maxExtra    = 1 << 16
)

// named tells whether the local header that stands between after and the data
// gives the entry the name that the directory gives it: programs that read a
// zip from its front would see another file otherwise.
func (s span) named(r io.ReaderAt, after int64) bool {
	from := max(after, s.from-localHeader-int64(len(s.name))-maxExtra)
	b := make([]byte, s.from-from)
	if _, err := r.ReadAt(b, from); err != nil && !errors.Is(err, io.EOF) {
		return false
	}
	for end := len(b); ; {
		at := bytes.LastIndex(b[:end], []byte("PK\x03\x04"))
		if at < 0 {
			return false
		}
		if h := b[at:]; len(h) >= localHeader {
			name := int(binary.LittleEndian.Uint16(h[26:]))
			extra := int(binary.LittleEndian.Uint16(h[28:]))
			if localHeader+name+extra == len(h) && string(h[localHeader:localHeader+name]) == s.name {
				return true
			}
		}
		end = at
	}
}

// plainName tells whether an entry's name stays inside the archive, whoever
// unpacks it and on whatever system. Its encoding does not matter: the parts
// that are looked for have names of ASCII.
func plainName(name string) bool {
	if name == "" || name[0] == '/' || strings.ContainsAny(name, "\\:\x00") {
		return false
	}
	for seg := range strings.SplitSeq(strings.TrimSuffix(name, "/"), "/") {
		if seg == "" || seg == "." || seg == ".." {
			return false
		}
	}
	return true
}

// size is what a part unpacks to, as it declares; reading holds it to that.
func (p *pack) size(name string) uint64 {
	if f := p.parts[strings.ToLower(name)]; f != nil {
		return f.UncompressedSize64
	}
	return 0
}

func (p *pack) has(name string) bool { return p.parts[strings.ToLower(name)] != nil }

// hasPrefix tells whether some part's name begins so (in lower case).
func (p *pack) hasPrefix(prefix string) bool {
	for name := range p.parts {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// part is one part being read: it counts and sums what comes out, and gives
// io.EOF only when both are as declared.
type part struct {
	ctx   context.Context
	pack  *pack
	name  string
	f     *zip.File
	inf   io.ReadCloser
	limit int64
	n     int64
	crc   uint32
}

// open starts reading a part; the name is the one used in errors.
func (p *pack) open(ctx context.Context, name string) (*part, error) {
	f := p.parts[strings.ToLower(name)]
	if f == nil {
		return nil, &Error{Code: CodeNoPart, Part: name, Found: name}
	}
	raw, err := f.OpenRaw()
	if err != nil {
		return nil, &Error{Code: CodeCutOff, Part: name, Err: err}
	}
	pt := &part{ctx: ctx, pack: p, name: name, f: f, limit: p.limits.PartBytes}
	if f.Method == zip.Deflate {
		pt.inf = flate.NewReader(raw)
	} else {
		pt.inf = io.NopCloser(raw)
	}
	return pt, nil
}

func (pt *part) Read(b []byte) (int, error) {
	if err := pt.ctx.Err(); err != nil {
		return 0, canceled(err)
	}
	n, err := pt.inf.Read(b)
	pt.n += int64(n)
	if all := pt.pack.read.Add(int64(n)); all > pt.pack.limits.ReadBytes {
		return 0, &Error{Code: CodeUnpacked, Part: pt.name, Found: "> " + itoa(pt.pack.limits.ReadBytes), Expected: itoa(pt.pack.limits.ReadBytes)}
	}
	pt.crc = crc32.Update(pt.crc, crc32.IEEETable, b[:n])
	switch {
	case pt.n > int64(pt.f.UncompressedSize64):
		return 0, pt.lies("size")
	case pt.n > pt.limit:
		return 0, &Error{Code: CodeUnpacked, Part: pt.name, Found: "> " + itoa(pt.limit), Expected: itoa(pt.limit)}
	case err == nil:
		return n, nil
	case !errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return n, &Error{Code: CodeChecksum, Part: pt.name, Err: err}
	case pt.n != int64(pt.f.UncompressedSize64):
		return n, pt.lies("size")
	case pt.crc != pt.f.CRC32:
		return n, pt.lies("CRC-32")
	}
	return n, io.EOF
}

func (pt *part) lies(what string) error {
	return &Error{Code: CodeChecksum, Part: pt.name, Found: pt.name, Err: errors.New(what + " is not the one declared")}
}

func (pt *part) Close() error { return pt.inf.Close() }

// readAll reads a small part whole.
func (p *pack) readAll(ctx context.Context, name string, most int64) ([]byte, error) {
	pt, err := p.open(ctx, name)
	if err != nil {
		return nil, err
	}
	defer pt.Close()
	b, err := io.ReadAll(io.LimitReader(pt, most+1))
	if err == nil && int64(len(b)) > most {
		err = &Error{Code: CodeUnpacked, Part: name, Found: "> " + itoa(most), Expected: itoa(most)}
	}
	return b, err
}

// scanHead is scan for a small part, of which much may be kept in memory.
func (p *pack) scanHead(ctx context.Context, name string, fn func(*scanner) error) error {
	return p.scanUpTo(ctx, name, p.limits.HeadBytes, fn)
}

// scan runs fn over the XML of a part, and then reads what fn left of it, so
// that a part is well-formed and has its checksum or gives an error.
func (p *pack) scan(ctx context.Context, name string, fn func(*scanner) error) error {
	return p.scanUpTo(ctx, name, p.limits.PartBytes, fn)
}

func (p *pack) scanUpTo(ctx context.Context, name string, most int64, fn func(*scanner) error) error {
	pt, err := p.open(ctx, name)
	if err != nil {
		return err
	}
	defer pt.Close()
	pt.limit = min(pt.limit, most)
	s := newScanner(pt, name, p.limits.Depth)
	if err := fn(s); err != nil {
		if e, ok := err.(*Error); ok && e.Part == "" {
			e.Part = name
		}
		return err
	}
	for {
		switch t, err := s.next(); {
		case err != nil:
			return err
		case t == tokEOF:
			return nil
		}
	}
}
