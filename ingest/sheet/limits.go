package sheet

import (
	"cmp"
	"strconv"
)

// Limits bounds what a file may ask for. A zero field means its default; the
// defaults take far more than a ministry sends, and less than the largest that
// Excel can save.
type Limits struct {
	FileBytes     int64 // the file itself; 512 MiB
	HeadBytes     int64 // one part that leads to the sheets or tells of them, unpacked; 16 MiB
	PartBytes     int64 // one other part of a zip, unpacked; 768 MiB (a full sheet of 1,048,576 × 16 is about that)
	ReadBytes     int64 // all that is unpacked of a zip while it is open, parts read again included; 16 GiB
	UnpackedBytes int64 // all parts of a zip, unpacked; 1 GiB
	Ratio         int64 // unpacked bytes by packed ones, of a zip or a part that unpacks to more than 64 MiB; 500 (tables have 5 to 50, no zip has more than 1,032)
	StringBytes   int64 // all shared strings, in UTF-8; 256 MiB
	Entries       int   // entries of a zip; 4,096
	Depth         int   // elements inside each other; 64
	Sheets        int   // 1,024
	Rows          int   // the highest row number; 1,048,576, for csv 20,000,000
	Columns       int   // the highest column number; 16,384
	CellBytes     int   // the text of one cell, in UTF-8; 131,068 (32,767 characters)
	FormulaBytes  int   // the text of one formula, which is passed over; 65,536 (Excel takes 8,192 characters)
	RowBytes      int   // the text of all cells of one row; 8 MiB
	SharedStrings int   // 8,000,000
	Merges        int   // merged ranges of one sheet; 100,000
	Comments      int   // comments of one sheet; 50,000
	CommentBytes  int   // their text; 8 MiB
	Cells         int64 // cells of one sheet, empty ones included; 100,000,000
}

// MaxFileBytes is the default of Limits.FileBytes.
const MaxFileBytes = 512 << 20

// csvRows is the default of Limits.Rows for csv, which no grid ends.
const csvRows = 20_000_000

func (l Limits) orDefaults() Limits {
	return Limits{
		FileBytes:     cmp.Or(l.FileBytes, MaxFileBytes),
		HeadBytes:     cmp.Or(l.HeadBytes, 16<<20),
		PartBytes:     cmp.Or(l.PartBytes, 768<<20),
		ReadBytes:     cmp.Or(l.ReadBytes, 16<<30),
		UnpackedBytes: cmp.Or(l.UnpackedBytes, 1<<30),
		Ratio:         cmp.Or(l.Ratio, 500),
		StringBytes:   cmp.Or(l.StringBytes, 256<<20),
		Entries:       cmp.Or(l.Entries, 4096),
		Depth:         cmp.Or(l.Depth, 64),
		Sheets:        cmp.Or(l.Sheets, 1024),
		Rows:          cmp.Or(l.Rows, maxRow),
		Columns:       cmp.Or(l.Columns, maxCol),
		CellBytes:     cmp.Or(l.CellBytes, 4*32767),
		FormulaBytes:  cmp.Or(l.FormulaBytes, 65_536),
		RowBytes:      cmp.Or(l.RowBytes, 8<<20),
		SharedStrings: cmp.Or(l.SharedStrings, 8_000_000),
		Merges:        cmp.Or(l.Merges, 100_000),
		Comments:      cmp.Or(l.Comments, 50_000),
		CommentBytes:  cmp.Or(l.CommentBytes, 8<<20),
		Cells:         cmp.Or(l.Cells, 100_000_000),
	}
}

// ratioFrom is how many unpacked bytes are no danger, whatever they were packed to.
const ratioFrom = 64 << 20

// ratio tells whether unpacking makes too much of too little.
func (l Limits) ratio(unpacked, packed uint64) error {
	if unpacked <= ratioFrom || unpacked/max(packed, 1) < uint64(l.Ratio) {
		return nil
	}
	return &Error{Code: CodeRatio, Found: strconv.FormatUint(unpacked/max(packed, 1), 10), Expected: "< " + itoa(l.Ratio)}
}

// The grid of Excel 2007 and later.
const (
	maxRow = 1 << 20
	maxCol = 1 << 14
)
