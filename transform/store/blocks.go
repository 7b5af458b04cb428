package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
)

// The form of DuckDB's file: three headers, and blocks that are counted from 0.
const (
	headers    = 3
	headerSize = 4 << 10
	blockSize  = 256 << 10
	partSize   = 4088 // of the 64 parts of a block of metadata
	noPart     = ^uint64(0)
)

// Damaged reads the file of a store and tells of its headers and blocks that do not agree
// with the checksum at their beginning. SQL reads the blocks of rows; those of indexes are
// read when somebody writes. To have the file read ends the lock of a store that this
// process has open (POSIX): it is the last to be done with it.
//
// What holds of DuckDB's file, and is tested: a header or block is a checksum of 8 bytes and
// what it is of. Of the two headers that tell of the database the one with the greater
// number holds. It leads to a list of the free blocks, which may hold anything: what stood
// there before, half of what a process was writing when it was killed, or nothing yet. All
// others were written before the header that leads to them, and are not written again until
// a later header has them in its list. So a block that is not in the list must be there and
// agree. What lies behind the last block is no part of the database.
//
// The checksum adds up words of 8 bytes without their order: those that changed places, or
// that stand twice where two others stood twice, are not found.
func Damaged(name string) (faults []Fault, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var head []byte // the header that holds
	for i := range int64(headers) {
		b, err := readAt(f, i*headerSize, headerSize)
		if err != nil {
			return nil, err
		}
		switch {
		case !agrees(b):
			faults = append(faults, damage(i*headerSize, headerSize))
		case i > 0 && (head == nil || word(b, 1) > word(head, 1)):
			head = b
		}
	}
	if len(faults) > 0 {
		return faults, nil // what the others say is not asked: nobody can open it
	}
	if size := word(head, 5); size != blockSize {
		return nil, fmt.Errorf("%s: blocks of %d bytes; want %d", name, size, blockSize)
	}
	var wrong []uint64
	for i := range word(head, 4) {
		b, err := readAt(f, blockAt(i), blockSize)
		if err != nil {
			return nil, err
		}
		if !agrees(b) {
			wrong = append(wrong, i)
		}
	}
	if len(wrong) == 0 {
		return nil, nil
	}
	free, err := freeBlocks(f, word(head, 3))
	for _, i := range wrong {
		if !slices.Contains(free, i) {
			faults = append(faults, damage(blockAt(i), blockSize))
		}
	}
	return faults, err
}

// damage tells where a file is damaged: from which byte on, and how many may be.
func damage(at, size int64) Fault {
	return Fault{Check: "block", Subject: strconv.FormatInt(at, 10), Found: strconv.FormatInt(size, 10)}
}

// blockAt is where a block begins.
func blockAt(i uint64) int64 { return headers*headerSize + int64(i)*blockSize }

// readAt reads bytes, or as many as there are.
func readAt(f io.ReaderAt, at int64, size int) ([]byte, error) {
	b := make([]byte, size)
	n, err := f.ReadAt(b, at)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return b[:n], err
}

// word is the i-th of 8 bytes.
func word(b []byte, i int) uint64 { return binary.LittleEndian.Uint64(b[8*i:]) }

// agrees holds a header or block against its checksum; one that was cut short does not agree.
func agrees(b []byte) bool {
	if len(b) != headerSize && len(b) != blockSize {
		return false
	}
	sum := uint64(5381)
	for i := 1; i < len(b)/8; i++ {
		sum ^= word(b, i) * 0xbf58476d1ce4e5b9
	}
	return sum == word(b, 0)
}

// freeBlocks reads the list of free blocks: their number, and they. It lies in parts of
// blocks; each begins with where the next one is.
func freeBlocks(f io.ReaderAt, at uint64) (free []uint64, err error) {
	var list bytes.Buffer
	for seen := map[uint64]bool{}; at != noPart && !seen[at]; {
		seen[at] = true
		part, err := readAt(f, blockAt(at&(1<<56-1))+8+int64(at>>56)*partSize, partSize)
		if err != nil || len(part) < partSize {
			return nil, err
		}
		at = word(part, 0)
		list.Write(part[8:])
	}
	if b := list.Bytes(); len(b) > 0 {
		for i := range min(word(b, 0), uint64(len(b)/8-1)) {
			free = append(free, word(b, int(i)+1))
		}
	}
	return free, nil
}
