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
			if d, err := time.Parse(p, s); err == nil {
				return d, nil
			}
		}
		return time.Time{}, &problem{"TIP-V010", t.Date}
	}
	if d, err := time.Parse("2006-01-02", s); err == nil {
		return d, nil
	}
	s = strings.NewReplacer(".", "/", "-", "/").Replace(s)
	dm, err1 := time.Parse("2/1/2006", s)
	md, err2 := time.Parse("1/2/2006", s)
	switch {
	case err1 != nil && err2 != nil:
		return time.Time{}, &problem{"TIP-V010", "YYYY-MM-DD"}
	case err1 != nil:
		return md, nil
	case err2 != nil || dm.Equal(md):
		return dm, nil
	}
	return time.Time{}, &problem{"TIP-V011", dm.Format("2006-01-02") + " | " + md.Format("2006-01-02")}
}

// period is what the columns of a row say of its time, before it becomes
// TIME_PERIOD. Zero means: not said.
type period struct {
	year, month, quarter int
	whole                string // a TIME_PERIOD as such
	reported             string // the year as the State writes it
}

var (
	reYear   = regexp.MustCompile(`^(?:FY|AF|EF)?\s*((?:19|20)\d\d)$`)
	reYears  = regexp.MustCompile(`^(?:FY|AF|EF)?\s*((?:19|20)\d\d)\s*[-/–]\s*((?:19|20)?\d\d)$`)
	rePeriod = regexp.MustCompile(`^((?:19|20)\d\d)-?(Q[1-4]|S[12]|M?(?:0[1-9]|1[0-2]))$`)
)

// readYear reads a year as States write it: 2023, FY2023, 2022/23, 2022-2023.
// For two years the fiscal year must be declared, and the year that the
// layout names it by is given.
func (t Time) readYear(text string) (int, *problem) {
	s := strings.ToUpper(strings.TrimSpace(text))
	if m := reYear.FindStringSubmatch(s); m != nil {
		y, _ := strconv.Atoi(m[1])
		return y, nil
	}
	if m := reYears.FindStringSubmatch(s); m != nil && t.FiscalStart != "" {
		y1, _ := strconv.Atoi(m[1])
		y2, _ := strconv.Atoi(m[2])
		if y2 < 100 {
			y2 += y1 / 100 * 100
			if y2 < y1 {
				y2 += 100
			}
		}
		if y2 == y1+1 {
			if t.FiscalNamed == "end" {
				return y2, nil
			}
			return y1, nil
		}
	}
	return 0, &problem{"TIP-V012", "2023"}
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
	if m := rePeriod.FindStringSubmatch(s); m != nil {
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
	y, prob := t.readYear(text)
	p.year, p.reported = y, strings.TrimSpace(text)
	return prob
}

// sdmx gives FREQ, TIME_PERIOD (ObservationalTimePeriod, SDMX 3.0
// SDMXCommon.xsd) and the period as the State counts it. A reporting year
// that does not start in January is a time range, so that nobody takes it for
// the calendar year of its name.
func (t Time) sdmx(p period, filed map[int]FiledYear) (freq, timePeriod, asReported string, ok bool) {
	switch {
	case p.whole != "":
		return "S", p.whole, "", true
	case p.year == 0:
		return "", "", "", false
	}
	if f, is := filed[p.year]; is && p.month == f.Month {
		return "A", fmt.Sprintf("%04d", p.year), fmt.Sprintf("%04d-%02d", p.year, p.month), true
	}
	switch {
	case p.month != 0:
		return "M", fmt.Sprintf("%04d-%02d", p.year, p.month), "", true
	case p.quarter != 0:
		return "Q", fmt.Sprintf("%04d-Q%d", p.year, p.quarter), "", true
	case t.FiscalStart == "" || t.FiscalStart == "01-01":
		return "A", fmt.Sprintf("%04d", p.year), "", true
	}
	start := p.year
	if t.FiscalNamed == "end" {
		start--
	}
	first, err := time.Parse("2006-01-02", fmt.Sprintf("%04d-%s", start, t.FiscalStart))
	if err != nil {
		return "", "", "", false
	}
	last := first.AddDate(1, 0, -1)
	label := p.reported
	if label == "" {
		label = strconv.Itoa(p.year)
	}
	return "A", first.Format("2006-01-02") + "/P1Y",
		fmt.Sprintf("%s (%s/%s)", label, first.Format("2006-01-02"), last.Format("2006-01-02")), true
}
