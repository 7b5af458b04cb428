// Package oracle is the room where other people's readers and writers are run,
// to hold ours against. It has nothing but tests.
//
// Samples come from three sides: workbooks that other programs write of one
// list of cells (producers_test.go), thousands that are generated in every form
// that the standard allows (generated_test.go) and thousands of those damaged
// (mutated_test.go), and the files that ministries published (real_test.go).
// Each is read by ours and by openpyxl, SheetJS, exceljs, excelize and
// LibreOffice, as far as they are installed. What differs must fall under a rule
// of testdata/differences.yaml, which says why ours is right; a rule that no
// sample needs fails the test too.
//
// No failure shows the text of a cell of a published file.
package oracle
