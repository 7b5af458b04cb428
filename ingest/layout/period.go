package layout

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// datePatterns are the ways of writing a date that a layout can declare, and
// the same for package time.
var datePatterns = map[string]string{
	"YYYY-MM-DD": "2006-1-2",
	"DD/MM/YYYY": "2/1/2006",
	"MM/DD/YYYY": "1/2/2006",
	"DD.MM.YYYY": "2.1.2006",
	"DD-MM-YYYY": "2-1-2006",
	"D MMM YYYY": "2 Jan 2006",
}

// date reads a date as the layout declares it. Without a declaration an ISO
// date is taken, and a date with slashes only when one reading is possible.
func (t Time) date(text string) (time.Time, *problem) {
	s := strings.Join(strings.Fields(text), " ")
	if t.Date != "" {
		for _, p := range []string{datePatterns[t.Date], "2006-01-02"} {
			if d, ok := parseDate(p, s); ok {
				return d, nil
			}
		}
		return time.Time{}, &problem{"TIP-V010", t.Date}
	}
	if d, ok := parseDate("2006-01-02", s); ok {
		return d, nil
	}
	s = strings.NewReplacer(".", "/", "-", "/").Replace(s)
	dm, ok1 := parseDate("2/1/2006", s)
	md, ok2 := parseDate("1/2/2006", s)
	switch {
	case !ok1 && !ok2:
		return time.Time{}, &problem{"TIP-V010", "YYYY-MM-DD"}
	case !ok1:
		return md, nil
	case !ok2 || dm.Equal(md):
		return dm, nil
	}
	return time.Time{}, &problem{"TIP-V011", dm.Format("2006-01-02") + " | " + md.Format("2006-01-02")}
}

// parseDate reads a date of the centuries that years are read of: 0023 and
// 3023 are slips of the keyboard.
func parseDate(pattern, s string) (time.Time, bool) {
	d, err := time.Parse(pattern, s)
	return d, err == nil && d.Year() >= 1900 && d.Year() < 2100
}

// period is what the columns of a row say of its time, before it becomes
// TIME_PERIOD. Zero means: not said.
type period struct {
	year, month, quarter int
	whole                string // a TIME_PERIOD as such
	reported             string // the year as the State writes it
	fiscal               bool   // the year is written as a reporting year: FY2023, 2022/23
	calendar             bool   // from a date or a period in SDMX's form: no reporting year
}

var (
	reYear   = regexp.MustCompile(`^((?:FY|AF|EF)?)\s*((?:19|20)\d\d)$`)
	reYears  = regexp.MustCompile(`^(?:FY|AF|EF)?\s*((?:19|20)\d\d)\s*[-/–]\s*((?:19|20)?\d\d)$`)
	rePeriod = regexp.MustCompile(`^((?:19|20)\d\d)-?(Q[1-4]|S[12]|M?(?:0[1-9]|1[0-2]))$`)
)

// read takes what a text says of the time, if the concept is one of time.
func (t Time) read(concept, text string, p *period) (prob *problem, is bool) {
	switch concept {
	case "YEAR":
		return t.readYear(text, p), true
	case "MONTH":
		m, ok := readMonth(text)
		if !ok {
			return &problem{"TIP-V012", "01"}, true
		}
		p.month = m
	case "QUARTER":
		q, ok := readQuarter(text)
		if !ok {
			return &problem{"TIP-V012", "Q1"}, true
		}
		p.quarter = q
	case "TIME_PERIOD":
		return t.readWhole(text, p), true
	case "DATE":
		d, prob := t.date(text)
		if prob != nil {
			return prob, true
		}
		*p = period{year: d.Year(), month: int(d.Month()), calendar: true}
	default:
		return nil, false
	}
	return nil, true
}

// startMonth is the first month of the reporting year, 1 when none is declared.
func (t Time) startMonth() int {
	m, err := strconv.Atoi(strings.TrimSuffix(t.FiscalStart, "-01"))
	if err != nil {
		return 1
	}
	return m
}

// readYear reads a year as States write it: 2023, FY2023, 2022/23, 2022-2023.
// For one that is no calendar year the reporting year must be declared; of two
// years the one that the layout names it by is taken.
func (t Time) readYear(text string, p *period) *problem {
	s := strings.ToUpper(strings.TrimSpace(text))
	if m := reYear.FindStringSubmatch(s); m != nil && (m[1] == "" || t.FiscalStart != "") {
		p.year, _ = strconv.Atoi(m[2])
		p.fiscal, p.reported = m[1] != "", strings.TrimSpace(text)
		return nil
	}
	if m := reYears.FindStringSubmatch(s); m != nil && t.startMonth() != 1 {
		y1, _ := strconv.Atoi(m[1])
		y2, _ := strconv.Atoi(m[2])
		if y2 < 100 {
			y2 += y1 / 100 * 100
			if y2 < y1 {
				y2 += 100
			}
		}
		if y2 == y1+1 {
			p.year = y1
			if t.FiscalNamed == "end" {
				p.year = y2
			}
			p.fiscal, p.reported = true, strings.TrimSpace(text)
			return nil
		}
	}
	return &problem{"TIP-V012", "2023"}
}

// readMonth reads 1 to 12; names of months go through the code list CL_MONTH.
func readMonth(text string) (int, bool) {
	m, err := strconv.Atoi(strings.TrimSpace(text))
	return m, err == nil && m >= 1 && m <= 12
}

// readQuarter reads 1, Q1, T1, "1er trimestre" and the like: its only digit.
func readQuarter(text string) (int, bool) {
	digits := ""
	for _, c := range text {
		if c >= '0' && c <= '9' {
			digits += string(c)
		}
	}
	q, err := strconv.Atoi(digits)
	return q, err == nil && q >= 1 && q <= 4
}

// readWhole reads a column that holds periods in SDMX's own form, or years.
func (t Time) readWhole(text string, p *period) *problem {
	s := strings.ToUpper(strings.TrimSpace(text))
	if _, ok := rangeMonths(s); ok {
		*p = period{whole: s, calendar: true}
		p.year, _ = strconv.Atoi(s[:4])
		return nil
	}
	m := rePeriod.FindStringSubmatch(s)
	if m == nil {
		return t.readYear(text, p)
	}
	if t.readYear(text, &period{}) == nil { // 2009-10: a month, or the year 2009/10
		return &problem{"TIP-V012", m[1] + "-M" + m[2] + " | " + m[1] + "/" + m[2]}
	}
	*p = period{calendar: true}
	p.year, _ = strconv.Atoi(m[1])
	switch m[2][0] {
	case 'Q':
		p.quarter, _ = strconv.Atoi(m[2][1:])
	case 'S':
		p.whole = m[1] + "-" + m[2]
	default:
		p.month, _ = strconv.Atoi(strings.TrimPrefix(m[2], "M"))
	}
	return nil
}

// span is some months of the calendar.
type span struct {
	freq                string
	year, month, months int // the first month, and how many
}

func (s span) first() time.Time {
	return time.Date(s.year, time.Month(s.month), 1, 0, 0, 0, 0, time.UTC)
}

// timePeriod writes the span as SDMX does: a time range where it is no month,
// quarter or year of the calendar.
func (s span) timePeriod() string {
	switch {
	case s.months == 1:
		return fmt.Sprintf("%04d-%02d", s.year, s.month)
	case s.months == 3 && s.month%3 == 1:
		return fmt.Sprintf("%04d-Q%d", s.year, (s.month+2)/3)
	case s.months == 3:
		return s.first().Format("2006-01-02") + "/P3M"
	case s.month == 1:
		return fmt.Sprintf("%04d", s.year)
	}
	return s.first().Format("2006-01-02") + "/P1Y"
}

// spanOf tells which months a period is, if its year starts in a month.
func (p period) spanOf(startYear, startMonth int) span {
	switch {
	case p.month != 0:
		if p.month < startMonth {
			startYear++
		}
		return span{"M", startYear, p.month, 1}
	case p.quarter != 0:
		m := startMonth - 1 + 3*(p.quarter-1)
		return span{"Q", startYear + m/12, m%12 + 1, 3}
	}
	return span{"A", startYear, startMonth, 12}
}

// fiscalYear gives the calendar year in which a reporting year starts.
func (t Time) fiscalYear(named int) int {
	if t.FiscalNamed == "end" {
		return named - 1
	}
	return named
}

// sdmx gives FREQ, TIME_PERIOD (ObservationalTimePeriod, SDMX 3.0
// SDMXCommon.xsd) and the period as the State counts it. A reporting year
// that does not start in January is a time range, so that nobody takes it for
// the calendar year of its name. The quarters and months of such a year are
// those of the calendar that they fall in; where the year is written like a
// calendar year (2023) and that makes a difference, it is a question to the
// sender.
func (t Time) sdmx(p period, filed map[int]FiledYear) (freq, timePeriod, asReported string, prob *problem) {
	switch {
	case p.whole != "":
		freq = "S"
		if months, is := rangeMonths(p.whole); is && months == 12 {
			freq = "A"
		} else if is {
			freq = "I"
		}
		return freq, p.whole, "", nil
	case p.year == 0:
		return "", "", "", &problem{"TIP-V019", "TIME_PERIOD"}
	}
	if f, is := filed[p.year]; is && p.month == f.Month {
		return "A", fmt.Sprintf("%04d", p.year), fmt.Sprintf("%04d-%02d", p.year, p.month), nil
	}
	plain := p.spanOf(p.year, 1)
	start := t.startMonth()
	if start == 1 || p.calendar {
		return plain.freq, plain.timePeriod(), "", nil
	}
	own := p.spanOf(t.fiscalYear(p.year), start)
	if own.months < 12 && !p.fiscal {
		if own != plain {
			return "", "", "", &problem{"TIP-V012", plain.timePeriod() + " | " + own.timePeriod()}
		}
		return plain.freq, plain.timePeriod(), "", nil
	}
	label := p.reported
	if label == "" {
		label = strconv.Itoa(p.year)
	}
	switch own.freq {
	case "M":
		label += fmt.Sprintf(" M%02d", p.month)
	case "Q":
		label += fmt.Sprintf(" Q%d", p.quarter)
	}
	last := own.first().AddDate(0, own.months, -1)
	return own.freq, own.timePeriod(), fmt.Sprintf("%s (%s/%s)", label, own.first().Format("2006-01-02"), last.Format("2006-01-02")), nil
}

// keep coarsens a case's date to what the record needs.
func (t Time) keep(p period) period {
	switch {
	case p.month == 0:
		return p
	case t.Keep == "quarter":
		p.quarter, p.month = (p.month+2)/3, 0
	case t.Keep == "year":
		start := t.startMonth()
		if start != 1 { // the reporting year that the month falls in
			year := p.spanOf(p.year, 1).year
			if p.month < start {
				year--
			}
			if t.FiscalNamed == "end" {
				year++
			}
			p = period{year: year}
		}
		p.month, p.quarter = 0, 0
	}
	return p
}

// String gives the period as a person writes it.
func (p period) String() string {
	switch {
	case p.quarter != 0:
		return fmt.Sprintf("%04d-Q%d", p.year, p.quarter)
	case p.month == 0:
		return strconv.Itoa(p.year)
	}
	return fmt.Sprintf("%04d-%02d", p.year, p.month)
}
