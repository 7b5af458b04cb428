package hostile_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/flate"
)

// part is an entry of a zip.
type part struct {
	name string
	body []byte
}

// unzip gives the parts of a file of ours.
func unzip(data []byte) (parts []part, err error) {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	for _, f := range r.File {
		rc, err := f.Open()
		if err != nil {
			return nil, err
		}
		b, err := io.ReadAll(rc)
		if err != nil {
			return nil, err
		}
		rc.Close()
		parts = append(parts, part{f.Name, b})
	}
	return parts, nil
}

// zipped writes parts as they are; a name may stand there twice.
func zipped(parts []part) []byte { return zippedAt(flate.DefaultCompression, parts) }

// zippedAt is zipped, as well or as fast as the level of compression says.
func zippedAt(level int, parts []part) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	w.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, level) })
	for _, p := range parts {
		f, err := w.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate})
		if err == nil {
			_, err = f.Write(p.body)
		}
		if err != nil {
			panic(err) // in memory it can't fail
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// parts of a workbook that is accepted as it is.
func goodParts(tb testing.TB) []part {
	b, err := os.ReadFile(samples + "/jam-monthly-victims.xlsx")
	if err != nil {
		tb.Fatal(err)
	}
	parts, err := unzip(b)
	if err != nil {
		tb.Fatal(err)
	}
	return parts
}

// with gives the good workbook with parts put in or in the place of others.
func with(tb testing.TB, others ...part) []byte {
	parts := goodParts(tb)
	for _, o := range others {
		if i := slices.IndexFunc(parts, func(p part) bool { return p.name == o.name }); i >= 0 {
			parts[i] = o
		} else {
			parts = append(parts, o)
		}
	}
	return zipped(parts)
}

// replaced gives the good workbook with a text in a part replaced by another.
func replaced(tb testing.TB, name, old, to string) []byte {
	parts := goodParts(tb)
	i := slices.IndexFunc(parts, func(p part) bool { return p.name == name })
	if i < 0 || !bytes.Contains(parts[i].body, []byte(old)) {
		tb.Fatalf("no %q in %s", old, name)
	}
	parts[i].body = bytes.Replace(parts[i].body, []byte(old), []byte(to), 1)
	return zipped(parts)
}

// repeated is a text n times, between a head and a tail.
func repeated(head, piece string, n int, tail string) []byte {
	return []byte(head + strings.Repeat(piece, n) + tail)
}

// raw is an entry of a zip that is written by hand, at an offset that may be any.
type raw struct {
	name           string
	method         uint16
	crc            uint32
	packed, opened uint32
	offset         uint32
}

func (r raw) local() []byte {
	h := binary.LittleEndian.AppendUint32(nil, 0x04034b50)
	for _, v := range []uint16{20, 0, r.method, 0, 0} {
		h = binary.LittleEndian.AppendUint16(h, v)
	}
	for _, v := range []uint32{r.crc, r.packed, r.opened} {
		h = binary.LittleEndian.AppendUint32(h, v)
	}
	h = binary.LittleEndian.AppendUint16(h, uint16(len(r.name)))
	h = binary.LittleEndian.AppendUint16(h, 0)
	return append(h, r.name...)
}

func (r raw) central() []byte {
	h := binary.LittleEndian.AppendUint32(nil, 0x02014b50)
	for _, v := range []uint16{20, 20, 0, r.method, 0, 0} {
		h = binary.LittleEndian.AppendUint16(h, v)
	}
	for _, v := range []uint32{r.crc, r.packed, r.opened} {
		h = binary.LittleEndian.AppendUint32(h, v)
	}
	for _, v := range []uint16{uint16(len(r.name)), 0, 0, 0, 0} {
		h = binary.LittleEndian.AppendUint16(h, v)
	}
	h = binary.LittleEndian.AppendUint32(h, 0)
	h = binary.LittleEndian.AppendUint32(h, r.offset)
	return append(h, r.name...)
}

// directory ends a zip whose entries stand in data.
func directory(data []byte, entries []raw) []byte {
	at := len(data)
	for _, e := range entries {
		data = append(data, e.central()...)
	}
	size := len(data) - at
	data = binary.LittleEndian.AppendUint32(data, 0x06054b50)
	for _, v := range []uint16{0, 0, uint16(len(entries)), uint16(len(entries))} {
		data = binary.LittleEndian.AppendUint16(data, v)
	}
	data = binary.LittleEndian.AppendUint32(data, uint32(size))
	data = binary.LittleEndian.AppendUint32(data, uint32(at))
	return binary.LittleEndian.AppendUint16(data, 0)
}

// kernel is a megabyte of zeros, packed.
func kernel() (packed []byte, crc uint32, opened int) {
	zeros := make([]byte, 1<<20)
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err == nil {
		_, err = w.Write(zeros)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(err)
	}
	return b.Bytes(), crc32.ChecksumIEEE(zeros), len(zeros)
}

// overlapping is a bomb all of whose entries have the same bytes.
func overlapping(n int) []byte {
	packed, crc, opened := kernel()
	first := raw{name: "xl/worksheets/sheet0000.xml", method: zip.Deflate, crc: crc, packed: uint32(len(packed)), opened: uint32(opened)}
	data := append(first.local(), packed...)
	var entries []raw
	for i := range n {
		e := first
		e.name = e.name[:len(e.name)-8] + string([]byte{'0' + byte(i/1000), '0' + byte(i/100%10), '0' + byte(i/10%10), '0' + byte(i%10)}) + ".xml"
		entries = append(entries, e)
	}
	return directory(data, entries)
}

// quoted is the bomb of David Fifield (2019): each entry quotes the header of the next in
// a stored block and goes on into its data, so that headers and sizes all are true.
func quoted(n int) []byte {
	packed, _, opened := kernel()
	data := packed
	var entries []raw
	size := uint32(opened)
	for i := range n {
		e := raw{name: "x/" + string([]byte{'a' + byte(i/26%26), 'a' + byte(i%26)}), method: zip.Deflate, packed: uint32(len(data)), opened: size}
		head := e.local()
		entries = append(entries, e)
		data = append(head, data...)
		if i == n-1 {
			break
		}
		block := []byte{0}
		block = binary.LittleEndian.AppendUint16(block, uint16(len(head)))
		block = binary.LittleEndian.AppendUint16(block, ^uint16(len(head)))
		data = append(block, data...)
		size += uint32(len(head))
	}
	// Offsets are known now: the last made stands first.
	at := uint32(0)
	for i := n - 1; i >= 0; i-- {
		entries[i].offset = at
		at += uint32(30+len(entries[i].name)) + 5
	}
	slices.Reverse(entries)
	return directory(data, entries)
}
