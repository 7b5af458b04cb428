package layout

import (
	"math"
	"strconv"
	"strings"

	"github.com/oas/tipstat/transform/record"
)

// problem is why a text could not be read: the code of a finding and what was
// expected in its place.
type problem struct {
	code     string
	expected string
}

// spaces that national files use between thousands, and signs written with
// other characters than the keyboard's.
var numeral = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2009", " ", "\u2007", " ", "\u2212", "-", "\u2013", "-", "\u2014", "-", "\u2264", "<=", "\u2a7d", "<=", "\u2019", "'")

// Number reads a figure as a layout's values section says it is written. What
// can be read in two ways and is not declared is a problem that shows both
// readings; a figure is never guessed.
func (v Values) number(text string) (record.Value, *problem) {
	trimmed := trim(numeral.Replace(text))
	if trimmed == "" {
		if v.Blank == "" {
			return record.Value{}, &problem{"TIP-V003", ""}
		}
		return record.Missing(record.ObsStatus(v.Blank)), nil
	}
	if val, ok := v.symbol(trimmed); ok {
		return val, nil
	}
	if rest, ok := strings.CutPrefix(trimmed, "<"); ok {
		return v.censored(rest)
	}
	n, p := v.plain(trimmed)
	if p != nil {
		return record.Value{}, p
	}
	return v.accept(n)
}

// symbol reads a text that the layout declares to stand for something else
// than it says.
func (v Values) symbol(text string) (record.Value, bool) {
	for sym, means := range v.Symbols { // no two are alike: see check
		if strings.EqualFold(trim(numeral.Replace(sym)), text) {
			if n, err := parsePlain(means); err == nil {
				return record.Exact(n), true
			}
			return record.Missing(record.ObsStatus(means)), true
		}
	}
	return record.Value{}, false
}

// accept checks a figure against what the layout says figures may be.
func (v Values) accept(n float64) (record.Value, *problem) {
	switch {
	case math.IsNaN(n) || math.IsInf(n, 0) || math.Abs(n) > 1e15:
		return record.Value{}, &problem{"TIP-V001", ""}
	case n < 0:
		return record.Value{}, &problem{"TIP-V007", ""}
	case v.Decimals == 0 && n != math.Trunc(n):
		return record.Value{}, &problem{"TIP-V006", ""}
	}
	return record.Exact(n + 0), nil // -0 is 0
}

// censored reads the part of "<5" or "<=4" after the first sign.
func (v Values) censored(rest string) (record.Value, *problem) {
	rest, orEqual := strings.CutPrefix(rest, "=")
	n, p := v.plain(strings.TrimSpace(rest))
	if p != nil {
		return record.Value{}, p
	}
	if _, p := v.accept(n); p != nil || n == 0 {
		return record.Value{}, &problem{"TIP-V001", ""}
	}
	if v.CensoredFrom == nil {
		return record.Value{}, &problem{"TIP-V005", ""}
	}
	if !orEqual && v.Decimals == 0 { // a count below 5 is 4 at most; of a rate 5 bounds it
		n--
	}
	if n < *v.CensoredFrom {
		return record.Value{}, &problem{"TIP-V001", ""}
	}
	return record.Censored(*v.CensoredFrom, n), nil
}

// plain reads a figure without signs of censoring.
func (v Values) plain(s string) (float64, *problem) {
	notNumber := &problem{"TIP-V001", ""}
	if n, err := parsePlain(s); err == nil && !strings.ContainsRune(s, '.') {
		return n, nil // digits alone: one reading in every language
	}
	for _, c := range s {
		if !strings.ContainsRune("0123456789.,' -", c) {
			return 0, notNumber
		}
	}
	if v.Decimal != "" || v.Group != "" {
		if n, ok := readAs(s, v.Decimal, numeral.Replace(v.Group)); ok {
			return n, nil
		}
		return 0, notNumber
	}
	// Undeclared: every way in which offices write figures. One reading is a
	// reading; two different ones are a question to the sender.
	var readings []float64
	for _, way := range [][2]string{{".", ","}, {",", "."}, {".", " "}, {",", " "}, {".", "'"}} {
		n, ok := readAs(s, way[0], way[1])
		if ok && (len(readings) == 0 || readings[0] != n) {
			readings = append(readings, n)
		}
	}
	switch len(readings) {
	case 0:
		return 0, notNumber
	case 1:
		return readings[0], nil
	}
	return 0, &problem{"TIP-V002", record.FormatNumber(readings[0]) + " | " + record.FormatNumber(readings[1])}
}

// readAs reads s with one decimal and one thousands mark; groups must be of
// three digits.
func readAs(s, decimal, group string) (float64, bool) {
	sign := ""
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		sign, s = "-", rest
	}
	whole, frac := s, ""
	if decimal != "" {
		if i := strings.Index(s, decimal); i >= 0 {
			whole, frac = s[:i], s[i+len(decimal):]
			if frac == "" {
				return 0, false
			}
		}
	}
	if group != "" && strings.Contains(whole, group) {
		parts := strings.Split(whole, group)
		if parts[0] == "" || len(parts[0]) > 3 || parts[0] == "0" {
			return 0, false
		}
		for _, p := range parts[1:] {
			if len(p) != 3 {
				return 0, false
			}
		}
		whole = strings.Join(parts, "")
	}
	if whole == "" {
		return 0, false
	}
	for _, c := range whole + frac {
		if c < '0' || c > '9' {
			return 0, false
		}
	}
	if frac != "" {
		whole += "." + frac
	}
	n, err := strconv.ParseFloat(sign+whole, 64)
	return n, err == nil
}

// parsePlain reads a figure in the form that Go and SQL write it: digits,
// with a decimal point.
func parsePlain(s string) (float64, error) {
	rest := strings.TrimPrefix(s, "-")
	if rest == "" || strings.Trim(rest, "0123456789.") != "" {
		return 0, strconv.ErrSyntax
	}
	return strconv.ParseFloat(s, 64)
}

// decimalsOf counts the decimals of a figure as reported.
func decimalsOf(n float64) int {
	if math.IsNaN(n) {
		return 0
	}
	_, frac, _ := strings.Cut(record.FormatNumber(n), ".")
	return len(frac)
}
