// Package review is the room where a ministry's own workbook is given back with
// what was found in it: each cell with a finding coloured and with a comment
// that says what is wrong and what to do, and a first sheet that lists all
// findings with links. Mended and sent again, it is read as a normal
// submission: ingest/sheet names the marks by which that first sheet and our
// comments are known and left out.
//
// The workbook is changed by excelize, which would be a danger with a
// stranger's file; three things bound it. Every sheet is read to its end by
// ingest/sheet first, so that what is damaged or hostile never gets here. What
// excelize would hold in memory is counted before it is loaded (weigh). And
// what was written is read back by ingest/sheet and held against the original,
// cell by cell, with formats, merged and hidden cells and comments (compare):
// a workbook that excelize would harm is given back without comments, or not
// at all (ErrUnmarkable).
//
// Colours are conditional formats, whose condition is always true, and no fills
// of the cells: the ministry's formats stay as they are, merged cells are
// coloured whole, and the next review takes the colours away again.
package review
