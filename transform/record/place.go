package record

import (
	"strconv"
	"strings"
)

// Place says where in a file something was found: the file's name, the sheet
// and the cell or range in A1 notation. Sheet is empty for csv; Cell is empty
// when the finding is about the whole sheet or file.
type Place struct {
	File  string `json:"file"`
	Sheet string `json:"sheet,omitempty"`
	Cell  string `json:"cell,omitempty"`
}

// String gives the place as a spreadsheet writes it, so that the part after
// the colon can be pasted into Excel's Go To box:
//
//	senegal_2023.xlsx: 'Víctimas 2023'!D14
func (p Place) String() string {
	s := p.File
	at := p.Cell
	if p.Sheet != "" {
		at = "'" + strings.ReplaceAll(p.Sheet, "'", "''") + "'"
		if p.Cell != "" {
			at += "!" + p.Cell
		}
	}
	if at == "" {
		return s
	}
	if s == "" {
		return at
	}
	return s + ": " + at
}

// ColumnName gives the letters of a column counted from 1: 1 is A, 27 is AA.
func ColumnName(col int) string {
	var b [8]byte
	i := len(b)
	for col > 0 {
		i--
		col--
		b[i] = byte('A' + col%26)
		col /= 26
	}
	return string(b[i:])
}

// CellName gives the A1 address of a row and a column, both counted from 1.
func CellName(row, col int) string {
	return ColumnName(col) + strconv.Itoa(row)
}

// ParseCell reads an A1 address ("D14", "$D$14") into row and column counted
// from 1; ok is false when s is not one.
func ParseCell(s string) (row, col int, ok bool) {
	s = strings.TrimPrefix(s, "$")
	i := 0
	for ; i < len(s) && i < 4; i++ {
		c := s[i] | 0x20
		if c < 'a' || c > 'z' {
			break
		}
		col = col*26 + int(c-'a') + 1
	}
	if i > 0 && i < len(s) && s[i] == '$' {
		s = s[:i] + s[i+1:]
	}
	if i == 0 || i == len(s) || i > 3 || s[i] < '1' || s[i] > '9' {
		return 0, 0, false
	}
	row, err := strconv.Atoi(s[i:])
	if err != nil || row < 1 || row > 1<<20 || col > 1<<14 {
		return 0, 0, false
	}
	return row, col, true
}
