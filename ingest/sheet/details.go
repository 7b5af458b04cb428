package sheet

import (
	"cmp"
	"slices"
)

// Range is a range of cells, all counted from 1, the last included.
type Range struct{ FirstRow, FirstCol, LastRow, LastCol int }

// Columns is a run of columns, counted from 1, the last included.
type Columns struct{ First, Last int }

// Details is what a sheet holds beside its cells. All of it is empty for csv.
type Details struct {
	Merges        []Range
	HiddenColumns []Columns // in order; runs that touch are one
	Comments      []Comment // by row, then column
	Tables        []Table
}

// Comment is a comment, or note, at a cell. Its author, a person, is not kept,
// and taken off the front of the text, where Excel writes the name again. A
// conversation of newer Excel is read as the one comment that Excel writes of it
// for older programs.
type Comment struct {
	Row, Col int
	Text     string
}

// Table is a range that the file declares to be a table, such as Excel's
// "Format as Table"; in OpenDocument, a database range.
type Table struct {
	Name    string
	Range   Range
	Header  bool     // its first row holds the headings
	Totals  bool     // its last row holds totals; not told in OpenDocument
	Columns []string // headings; not told in OpenDocument
}

// Name is a defined name: what a formula may say for a range or a value.
type Name struct {
	Name     string
	Sheet    string // the only sheet where it is valid; empty: everywhere
	RefersTo string // as the file writes it: Sheet1!$A$1:$B$9
	Hidden   bool
}

// HiddenColumn tells whether a column is not shown.
func (d *Details) HiddenColumn(col int) bool {
	_, found := slices.BinarySearchFunc(d.HiddenColumns, col, func(c Columns, col int) int {
		switch {
		case c.Last < col:
			return -1
		case c.First > col:
			return 1
		}
		return 0
	})
	return found
}

// columnSet gathers hidden columns, which a file may list in any order and as
// often as it likes.
type columnSet []bool

func (s *columnSet) add(first, last int) {
	if *s == nil {
		*s = make(columnSet, maxCol+2)
	}
	for col := first; col <= last; col++ {
		(*s)[col] = true
	}
}

// runs gives the set in order.
func (s columnSet) runs() (all []Columns) {
	for col, first := 1, 0; col < len(s); col++ {
		switch {
		case s[col] && first == 0:
			first = col
		case !s[col] && first > 0:
			all = append(all, Columns{first, col - 1})
			first = 0
		}
	}
	return all
}

func (d *Details) sort() {
	slices.SortStableFunc(d.Comments, func(a, b Comment) int {
		return cmp.Or(cmp.Compare(a.Row, b.Row), cmp.Compare(a.Col, b.Col))
	})
}

func (d Details) clone() Details {
	d.Merges, d.HiddenColumns = slices.Clone(d.Merges), slices.Clone(d.HiddenColumns)
	d.Comments, d.Tables = slices.Clone(d.Comments), slices.Clone(d.Tables)
	return d
}

// comments bounds the comments of a sheet while they are read.
type comments struct {
	limits Limits
	list   []Comment
	bytes  int
}

func (c *comments) add(row, col int, text []byte) error {
	if len(c.list) == c.limits.Comments {
		return tooMuch(CodeComments, len(c.list)+1, c.limits.Comments)
	}
	if c.bytes += len(text); c.bytes > c.limits.CommentBytes {
		return tooMuch(CodeComments, c.bytes, c.limits.CommentBytes)
	}
	c.list = append(c.list, Comment{row, col, string(text)})
	return nil
}
