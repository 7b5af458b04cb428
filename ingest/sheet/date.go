package sheet

import (
	"math"
	"strings"
	"time"
)

// look is what a number format makes of a number.
type look uint8

const (
	lookNumber look = iota
	lookDate        // has a day, a month or a year
	lookTime        // has only hours, minutes or seconds
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

// isoLayouts are the forms of t="d" and of OpenDocument's dates.
var isoLayouts = []string{"2006-01-02", "2006-01-02T15:04:05", "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04"}

// appendISO reads an ISO 8601 date or time and appends it as appendDate does,
// with its serial.
func appendISO(dst, raw []byte, from1904 bool) (out []byte, serial float64, ok bool) {
	s := string(raw)
	if t, err := time.Parse("15:04:05", strings.TrimSuffix(strings.TrimPrefix(s, "T"), "Z")); err == nil {
		ms := t.Sub(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)).Milliseconds()
		serial = float64(ms) / msADay
		out, ok = appendDate(dst, serial, lookTime, from1904)
		return out, serial, ok
	}
	for _, layout := range isoLayouts {
		t, err := time.Parse(layout, s)
		if err != nil {
			continue
		}
		// A zone is dropped: a spreadsheet's dates have none.
		t = time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
		serial = float64(t.UnixMilli())/msADay + unixDay
		if from1904 {
			serial -= 1462
		} else if serial < 61 {
			serial--
		}
		layout, digits := "2006-01-02", t.Nanosecond()/1e6
		switch {
		case digits != 0:
			layout = "2006-01-02T15:04:05.000"
		case t.Hour() != 0 || t.Minute() != 0 || t.Second() != 0:
			layout = "2006-01-02T15:04:05"
		}
		return t.AppendFormat(dst, layout), serial, t.Year() >= 1 && t.Year() <= 9999
	}
	return dst, 0, false
}

// classify tells what a format code makes of a positive number. Only its first
// section counts. Formats with elapsed time ([h]:mm) show durations, which are
// numbers and not dates.
func classify(code string) look {
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
		case ';':
			i = len(code)
		case 'g', 'G':
			if len(code) >= i+7 && strings.EqualFold(code[i:i+7], "general") {
				i += 6
			}
		case 'E', 'e':
			// 0.00E+00 is a number; e alone is a year.
			if i+1 < len(code) && (code[i+1] == '+' || code[i+1] == '-') {
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
