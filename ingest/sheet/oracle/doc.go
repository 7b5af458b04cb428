// Package oracle is the room where other people's readers and writers are run,
// to hold ours against. It has nothing but tests.
//
// The samples are workbooks that other programs write of one list of cells
// (producers_test.go, ods_test.go), or would write (samples_test.go), thousands
// that are generated in every form that the standard allows (generated_test.go),
// thousands of those that are damaged (mutated_test.go), and the files that
// ministries published (real_test.go).
//
// Each is read by ours and by openpyxl, SheetJS, exceljs, excelize and
// LibreOffice, those in OpenDocument by SheetJS, pandas and LibreOffice. Every
// cell of ours has to be given by two of them too, and where one differs the
// difference has to fall under a rule of testdata/differences.yaml, which says
// why ours is right. A rule that no sample needs fails the tests as well, and
// nothing excuses a cell that openpyxl or excelize gives and ours doesn't.
//
// No failure shows the text of a cell of a published file.
package oracle
