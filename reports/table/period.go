package table

import (
	"strconv"
	"strings"
	"time"
)

// span is a period in whole months; start counts months since year 0.
type span struct {
	text   string
	start  int
	months int
}

// parsePeriod reads an SDMX ObservationalTimePeriod: 2023, 2023-05, 2023-Q1,
// 2023-S1, 2022-04-01/P1Y, 2025-01-01/P9M.
func parsePeriod(s string) (span, bool) {
	p := span{text: s}
	if len(s) < 4 {
		return p, false
	}
	y, err := strconv.Atoi(s[:4])
	if err != nil || y < 1 {
		return p, false
	}
	from, dur, isRange := strings.Cut(s, "/P")
	switch {
	case isRange:
		fy, m, d, ok := splitDate(from)
		if !ok || d != 1 || len(dur) < 2 {
			return p, false
		}
		n, err := strconv.Atoi(dur[:len(dur)-1])
		if err != nil || n < 1 || n > 1200 {
			return p, false
		}
		switch dur[len(dur)-1] {
		case 'Y':
			n *= 12
		case 'M':
		default:
			return p, false
		}
		p.start, p.months = fy*12+m-1, n
		return p, true
	case len(s) == 4:
		p.start, p.months = y*12, 12
		return p, true
	case len(s) == 7 && s[4] == '-' && (s[5] == 'Q' || s[5] == 'S'):
		n, err := strconv.Atoi(s[6:])
		length := 3
		if s[5] == 'S' {
			length = 6
		}
		if err != nil || n < 1 || n > 12/length {
			return p, false
		}
		p.start, p.months = y*12+(n-1)*length, length
		return p, true
	case len(s) == 7 && s[4] == '-':
		m, err := strconv.Atoi(s[5:])
		if err != nil || m < 1 || m > 12 {
			return p, false
		}
		p.start, p.months = y*12+m-1, 1
		return p, true
	}
	return p, false
}

// Span gives the first day of an SDMX ObservationalTimePeriod and the day after its last.
func Span(period string) (from, after time.Time, ok bool) {
	p, ok := parsePeriod(period)
	day := func(months int) time.Time { return time.Date(0, time.Month(months+1), 1, 0, 0, 0, 0, time.UTC) }
	return day(p.start), day(p.start + p.months), ok
}

// within tells whether all of p lies in q.
func (p span) within(q span) bool {
	return p.start >= q.start && p.start+p.months <= q.start+q.months
}

// calendar tells whether the period is one calendar year.
func (p span) calendar() bool { return p.months == 12 && mod12(p.start) == 0 }

func splitDate(iso string) (y, m, d int, ok bool) {
	if len(iso) != 10 || iso[4] != '-' || iso[7] != '-' {
		return 0, 0, 0, false
	}
	y, e1 := strconv.Atoi(iso[:4])
	m, e2 := strconv.Atoi(iso[5:7])
	d, e3 := strconv.Atoi(iso[8:])
	return y, m, d, e1 == nil && e2 == nil && e3 == nil && m >= 1 && m <= 12 && d >= 1 && d <= 31
}
