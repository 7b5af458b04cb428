// Package sheet is the room where files become cells with addresses, whatever
// their format: Office Open XML workbooks (.xlsx, .xlsm), OpenDocument
// spreadsheets (.ods), comma-separated text (.csv), and SDMX-ML 3.0 with
// structure-specific data, which is read as the table that SDMX-CSV makes of it.
//
// It promises all of a sheet or an error, never fewer rows. XML is checked to
// its last byte, sizes and checksums of the zip are counted while inflating,
// every index and address is checked, and everything a stranger can make large
// has a limit (see Limits). A sheet is streamed: beside the shared strings it
// takes less than 64 MB, whatever the file claims (TestAttacks, TestBounds).
// Time is bounded by the context.
//
// Everything in tipstat that reads a spreadsheet reads it through this package.
// Package oracle, beside it, holds it against other people's readers.
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
// Formulas are not computed: a cell has the value that was saved with the file,
// or the kind NoValue. Details gives what stands around the cells: merged
// ranges, hidden columns, comments, tables; Names the defined names.
//
// Sheets of one workbook may be read at the same time, each in a goroutine.
//
// A file that cannot be read in full gives an *Error, with the code of a
// finding (TIP-F…, texts in transform/record/findings/file.yaml), the part of
// the file and the cell. Errors name places and never quote text of cells,
// which may be about persons.
//
// Two pieces carry the rest: scanner (xml.go), a strict streaming XML scanner
// that allocates nothing a token, and pack (pack.go), a strict view of a zip.
// Cells in the form that nearly all programs write take a short way past the
// scanner (quick.go).
package sheet
