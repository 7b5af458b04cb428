package sheet

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"time"
)

// look is what a number format makes of a number.
type look uint8

const (
	lookNumber  look = iota
	lookDate         // has a day, a month or a year
	lookTime         // has only hours, minutes or seconds
	lookUnknown      // two formats with one id
)

const (
	msADay     = 24 * 60 * 60 * 1000
	lastSerial = 2958465 // 9999-12-31
	// unixDay is the serial of 1970-01-01; days up to 60, 1900-02-29, which
	// never was, are one less.
	unixDay     = 25569
	unixDay1904 = unixDay - 1462
)

// appendDate appends a serial as ISO 8601, to the millisecond. ok is false for
// what a spreadsheet can't show as a date: before its first day, after 9999.
func appendDate(dst []byte, serial float64, l look, from1904 bool) (out []byte, ok bool) {
	if serial < 0 || serial >= lastSerial+1 {
		return dst, false
	}
	ms := int64(math.Round(serial * msADay))
	day, ms := ms/msADay, ms%msADay
	clock := time.UnixMilli(ms).UTC()
	layout := "15:04:05"
	if ms%1000 != 0 {
		layout = "15:04:05.000"
	}
	if day == 0 && (l == lookTime || !from1904) {
		return clock.AppendFormat(dst, layout), true
	}
	switch {
	case from1904:
		if day > lastSerial-1462 {
			return dst, false
		}
		day -= unixDay1904
	case day == 60:
		// Excel's own day: shown as Excel shows it, so that no reader of the
		// text takes it for another day.
		dst = append(dst, "1900-02-29"...)
		if ms != 0 {
			dst = clock.AppendFormat(append(dst, 'T'), layout)
		}
		return dst, true
	case day < 60:
		day -= unixDay - 1
	default:
		day -= unixDay
	}
	dst = time.Unix(day*24*60*60, 0).UTC().AppendFormat(dst, "2006-01-02")
	if ms != 0 {
		dst = clock.AppendFormat(append(dst, 'T'), layout)
	}
	return dst, true
}

// appendISO reads an ISO 8601 date or time, as t="d" and OpenDocument have it,
// and appends it as appendDate does, with its serial. A zone is dropped: a
// spreadsheet's dates have none.
func appendISO(dst, raw []byte, from1904 bool) (out []byte, serial float64, ok bool) {
	c := isoCursor{raw, true}
	if !bytes.Contains(raw, []byte("-")) { // a time of day alone
		if len(c.b) > 0 && c.b[0] == 'T' {
			c.b = c.b[1:]
		}
		h, m, s, ms := c.clock()
		c.zone()
		serial = float64(((h*60+m)*60+s)*1000+ms) / msADay
		out, ok = appendDate(dst, serial, lookTime, from1904)
		return out, serial, ok && c.done()
	}
	year, _ := c.digits(4), c.mark('-')
	month, _ := c.digits(2), c.mark('-')
	day := c.digits(2)
	var h, m, s, ms int
	if len(c.b) > 0 {
		c.mark('T')
		h, m, s, ms = c.clock()
		c.zone()
	}
	t := time.Date(year, time.Month(month), day, h, m, s, ms*1e6, time.UTC)
	if !c.done() || year < 1 || t.Month() != time.Month(month) || t.Day() != day {
		return dst, 0, false
	}
	serial = float64(t.UnixMilli())/msADay + unixDay
	if from1904 {
		serial -= 1462
	} else if serial < 61 {
		serial--
	}
	layout := "2006-01-02"
	switch {
	case ms != 0:
		layout = "2006-01-02T15:04:05.000"
	case h != 0 || m != 0 || s != 0:
		layout = "2006-01-02T15:04:05"
	}
	return t.AppendFormat(dst, layout), serial, true
}

// isoCursor reads a date piece by piece; ok turns false at the first fault.
type isoCursor struct {
	b  []byte
	ok bool
}

func (c *isoCursor) done() bool { return c.ok && len(c.b) == 0 }

// digits reads a number of n digits.
func (c *isoCursor) digits(n int) int {
	if len(c.b) < n {
		c.ok = false
		return 0
	}
	v, ok := index(c.b[:n])
	c.b, c.ok = c.b[n:], c.ok && ok
	return v
}

func (c *isoCursor) mark(m byte) bool {
	if len(c.b) == 0 || c.b[0] != m {
		c.ok = false
		return false
	}
	c.b = c.b[1:]
	return true
}

// clock reads 15:04, 15:04:05 or 15:04:05.678; what is beyond the millisecond
// is dropped.
func (c *isoCursor) clock() (h, m, s, ms int) {
	h, _ = c.digits(2), c.mark(':')
	m = c.digits(2)
	if len(c.b) > 0 && c.b[0] == ':' {
		c.b = c.b[1:]
		s = c.digits(2)
		if len(c.b) > 0 && (c.b[0] == '.' || c.b[0] == ',') {
			n := 1
			for unit := 100; n < len(c.b) && c.b[n] >= '0' && c.b[n] <= '9'; n++ {
				ms += int(c.b[n]-'0') * unit
				unit /= 10
			}
			c.b, c.ok = c.b[n:], c.ok && n > 1
		}
	}
	c.ok = c.ok && h < 24 && m < 60 && s < 60
	return h, m, s, ms
}

// zone passes over Z or +hh:mm.
func (c *isoCursor) zone() {
	if len(c.b) == 0 {
		return
	}
	sign := c.b[0]
	c.b = c.b[1:]
	switch sign {
	case 'Z':
	case '+', '-':
		if h, _, m := c.digits(2), c.mark(':'), c.digits(2); h > 24 || m > 59 {
			c.ok = false
		}
	default:
		c.ok = false
	}
}

// classify tells what a format code makes of a positive number, which takes the
// first section, or, where sections have conditions ([=0]"";dd/mm/yyyy), one that
// its value picks: a date in any of them counts then.
func classify(code string) look {
	all := sections(code)
	if !conditional(all[0]) {
		return classifySection(all[0])
	}
	for _, section := range all {
		if l := classifySection(section); l != lookNumber {
			return l
		}
	}
	return lookNumber
}

// sections cuts a format code at the semicolons outside quotes and brackets.
func sections(code string) (all []string) {
	from := 0
	for i := 0; i < len(code); i++ {
		switch code[i] {
		case '"', '[':
			end := code[i]
			if end == '[' {
				end = ']'
			}
			n := strings.IndexByte(code[i+1:], end)
			if n < 0 {
				return append(all, code[from:])
			}
			i += n + 1
		case '\\', '_', '*':
			i++
		case ';':
			all = append(all, code[from:i])
			from = i + 1
		}
	}
	return append(all, code[from:])
}

// conditional tells whether a section begins with a condition, after colours.
func conditional(section string) bool {
	for strings.HasPrefix(section, "[") {
		n := strings.IndexByte(section, ']')
		if n < 2 {
			return false
		}
		if strings.IndexByte("<>=", section[1]) >= 0 {
			return true
		}
		section = section[n+1:]
	}
	return false
}

// generalNames are what programs of other languages write for General.
var generalNames = []string{"general", "standard", "estándar", "padrão", "geral"}

// classifySection tells what one section makes of a number. Elapsed time
// ([h]:mm) shows durations, which are numbers and not dates.
func classifySection(code string) look {
	if slices.Contains(generalNames, strings.ToLower(code)) {
		return lookNumber
	}
	l := lookNumber
	months := false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case '"':
			n := strings.IndexByte(code[i+1:], '"')
			if n < 0 {
				return l
			}
			i += n + 1
		case '\\', '_', '*':
			i++
		case '[':
			n := strings.IndexByte(code[i:], ']')
			if n < 0 {
				return l
			}
			if strings.Trim(strings.ToLower(code[i+1:i+n]), "hms") == "" {
				return lookNumber
			}
			i += n
		case 'g', 'G':
			if len(code) >= i+7 && strings.EqualFold(code[i:i+7], "general") {
				i += 6
			}
		case 'E', 'e':
			// 0.00E+00 is a number; e alone is a year.
			if i > 0 && strings.IndexByte("0#?.", code[i-1]) >= 0 && i+1 < len(code) && (code[i+1] == '+' || code[i+1] == '-') {
				return lookNumber
			}
			l = lookDate
		case 'y', 'Y', 'd', 'D', 'b', 'B':
			l = lookDate
		case 'm', 'M':
			months = true
		case 'h', 'H', 's', 'S':
			if l == lookNumber {
				l = lookTime
			}
		}
	}
	if months && l == lookNumber {
		// m next to hours or seconds is minutes, alone it is a month.
		return lookDate
	}
	return l
}
