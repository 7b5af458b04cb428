// Package sheet is the room where files become cells with addresses, whatever
// their format: Office Open XML workbooks (.xlsx, .xlsm), OpenDocument
// spreadsheets (.ods) and comma-separated text (.csv).
//
// It promises all of a sheet or an error, never fewer rows. XML is checked to
// its last byte, sizes and checksums of the zip are counted while inflating,
// every index and address is checked, and everything a stranger can make large
// has a limit (see Limits). A sheet is streamed: memory is bounded by the
// shared strings and a few small buffers.
//
// Everything in tipstat that reads a file reads it through this package.
//
// Open recognises the container by its content, never by its name:
//
//	wb, err := sheet.Open(ctx, f, size, "victims.xlsx", sheet.Options{})
//	...
//	defer wb.Close()
//	err = wb.Read(ctx, 0, func(r *sheet.Row) error {
//		for _, c := range r.Cells { ... }
//		return nil
//	})
//
// A file that cannot be read in full gives an *Error, with the code of a
// finding (TIP-F…, texts in transform/record/findings/file.yaml), the part of
// the file and the cell. Errors name places and never quote text of cells,
// which may be about persons.
//
// Two pieces carry the rest: scanner (xml.go), a strict streaming XML scanner
// that allocates nothing a token, and pack (pack.go), a strict view of a zip.
package sheet
