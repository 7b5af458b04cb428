package sheet

import (
	"bytes"
	"math"
	"strconv"
)

// digits15 is how many significant digits a spreadsheet shows of a number. The
// further ones that a file may hold come from binary arithmetic.
const digits15 = 15

var pow10 = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// appendNumber reads a number as XML Schema writes a double and appends it,
// rounded to 15 significant digits. The code is empty when all is well.
func appendNumber(dst, raw []byte) (out []byte, n float64, code string) {
	if n, ok := plainNumber(raw); ok {
		return append(dst, raw...), n, ""
	}
	if !isNumber(raw) {
		switch string(bytes.ToLower(bytes.TrimLeft(raw, "+-"))) {
		case "nan", "inf", "infinity":
			return dst, 0, CodeNotFinite
		}
		return dst, 0, CodeValue
	}
	n, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || math.IsInf(n, 0) {
		return dst, 0, CodeNotFinite
	}
	var buf [32]byte
	n, err = strconv.ParseFloat(string(strconv.AppendFloat(buf[:0], n, 'e', digits15-1, 64)), 64)
	if err != nil || math.IsInf(n, 0) {
		return dst, 0, CodeNotFinite
	}
	if n == 0 {
		return append(dst, '0'), 0, ""
	}
	format := byte('f')
	if a := math.Abs(n); a >= 1e21 || a < 1e-7 {
		format = 'E'
	}
	return strconv.AppendFloat(dst, n, format, -1, 64), n, ""
}

// plainNumber reads what nearly all cells hold: at most 15 digits, written as
// they are shown. Such a number over a power of ten up to 10^15 is exact to the
// last bit, since both are whole numbers below 2^53.
func plainNumber(raw []byte) (float64, bool) {
	b := raw
	neg := len(b) > 0 && b[0] == '-'
	if neg {
		b = b[1:]
	}
	if len(b) == 0 || len(b) > digits15+1 || b[0] == '0' && len(b) > 1 && b[1] != '.' {
		return 0, false
	}
	var m uint64
	point := -1
	for i, c := range b {
		if d := c - '0'; d <= 9 {
			m = m*10 + uint64(d)
		} else if c == '.' && point < 0 && i > 0 {
			point = i
		} else {
			return 0, false
		}
	}
	n := float64(m)
	switch {
	case point < 0 && len(b) > digits15:
		return 0, false
	case point >= 0:
		frac := len(b) - 1 - point
		if frac == 0 || b[len(b)-1] == '0' {
			return 0, false
		}
		n /= pow10[frac]
		if n < 1e-7 {
			return 0, false
		}
	}
	if neg {
		if m == 0 {
			return 0, false
		}
		n = -n
	}
	return n, true
}

// isNumber checks the grammar: an optional sign, digits with at most one point,
// an optional exponent. ParseFloat alone takes more (hexadecimal, underscores).
func isNumber(b []byte) bool {
	i, digits := 0, 0
	run := func() {
		for i < len(b) && b[i] >= '0' && b[i] <= '9' {
			i++
			digits++
		}
	}
	sign := func() {
		if i < len(b) && (b[i] == '-' || b[i] == '+') {
			i++
		}
	}
	sign()
	run()
	if i < len(b) && b[i] == '.' {
		i++
		run()
	}
	if digits == 0 {
		return false
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		i++
		sign()
		digits = 0
		if run(); digits == 0 {
			return false
		}
	}
	return i == len(b)
}

// index reads a whole number without sign, as indexes and addresses are written.
func index(b []byte) (int, bool) {
	if len(b) == 0 || len(b) > 9 {
		return 0, false
	}
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

// boolean reads an xsd:boolean.
func boolean(b []byte) (value, ok bool) {
	switch string(b) {
	case "1", "true":
		return true, true
	case "0", "false":
		return false, true
	}
	return false, false
}

// address reads a cell's address without dollar signs. Some programs write it
// in small letters.
func address(b []byte) (row, col int, ok bool) {
	i := 0
	for i < len(b) && i < 3 && b[i]|0x20 >= 'a' && b[i]|0x20 <= 'z' {
		col = col*26 + int(b[i]|0x20-'a') + 1
		i++
	}
	if i == 0 || i == len(b) || b[i] == '0' || col > maxCol {
		return 0, 0, false
	}
	row, ok = index(b[i:])
	return row, col, ok && row <= maxRow
}

// area reads a range, which may be a single cell.
func area(b []byte) (r Range, ok bool) {
	first, last, two := bytes.Cut(b, []byte(":"))
	if !two {
		last = first
	}
	var ok1, ok2 bool
	r.FirstRow, r.FirstCol, ok1 = address(first)
	r.LastRow, r.LastCol, ok2 = address(last)
	return r, ok1 && ok2 && r.FirstRow <= r.LastRow && r.FirstCol <= r.LastCol
}
