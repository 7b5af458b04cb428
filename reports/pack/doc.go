// Package pack is the room where the meeting pack is put together: which tables
// it has, in what order, with which words (pack.yaml), a page for each State, key
// figures and notes on method, as one document (reports.Document) that is then
// written as a pdf, a workbook or pages. It works out no figure: all stand in
// its tables.
package pack
