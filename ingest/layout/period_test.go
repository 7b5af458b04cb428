package layout

import (
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var (
	canada       = Time{FiscalStart: "04-01", FiscalNamed: "start"}
	unitedStates = Time{FiscalStart: "10-01", FiscalNamed: "end"}
	mayToApril   = Time{FiscalStart: "05-01", FiscalNamed: "start"}
)

func TestDate(t *testing.T) {
	tests := []struct {
		declared, text, want string
	}{
		{"", "2023-04-03", "2023-04-03"},
		{"", " 2023-04-03 ", "2023-04-03"},
		{"", "03/04/2023", "TIP-V011 2023-04-03 | 2023-03-04"},
		{"", "3.4.2023", "TIP-V011 2023-04-03 | 2023-03-04"},
		{"", "03-04-2023", "TIP-V011 2023-04-03 | 2023-03-04"},
		{"", "04/04/2023", "2023-04-04"},
		{"", "17/02/2023", "2023-02-17"},
		{"", "02/17/2023", "2023-02-17"},
		{"", "31/02/2023", "TIP-V010 YYYY-MM-DD"},
		{"", "29/02/2024", "2024-02-29"},
		{"", "3/4/23", "TIP-V010 YYYY-MM-DD"},
		{"", "3 Apr 2023", "TIP-V010 YYYY-MM-DD"},
		{"", "2023", "TIP-V010 YYYY-MM-DD"},
		{"", "", "TIP-V010 YYYY-MM-DD"},
		{"", "0023-04-03", "TIP-V010 YYYY-MM-DD"},
		{"", "17/02/3023", "TIP-V010 YYYY-MM-DD"},
		{"DD/MM/YYYY", "03/04/2023", "2023-04-03"},
		{"DD/MM/YYYY", "3/4/2023", "2023-04-03"},
		{"DD/MM/YYYY", "02/17/2023", "TIP-V010 DD/MM/YYYY"},
		{"DD/MM/YYYY", "2023-04-03", "2023-04-03"}, // a date cell's own text
		{"DD/MM/YYYY", "03-04-2023", "TIP-V010 DD/MM/YYYY"},
		{"DD/MM/YYYY", "03/04/0023", "TIP-V010 DD/MM/YYYY"},
		{"MM/DD/YYYY", "03/04/2023", "2023-03-04"},
		{"DD.MM.YYYY", "3.4.2023", "2023-04-03"},
		{"DD-MM-YYYY", "03-04-2023", "2023-04-03"},
		{"YYYY-MM-DD", "2023-4-3", "2023-04-03"},
		{"D MMM YYYY", "3 Apr 2023", "2023-04-03"},
		{"D MMM YYYY", "12  dec\u00a02000", "2000-12-12"},
		{"D MMM YYYY", "30 Feb 2000", "TIP-V010 D MMM YYYY"},
		{"D MMM YYYY", "12 Dec 2000 a", "TIP-V010 D MMM YYYY"},
	}
	for _, tt := range tests {
		t.Run(tt.declared+" "+tt.text, func(t *testing.T) {
			d, p := Time{Date: tt.declared}.date(tt.text)
			got := d.Format("2006-01-02")
			if p != nil {
				got = p.code + " " + p.expected
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A period is made of what the columns of a row say, one after the other.
func TestPeriod(t *testing.T) {
	type column struct{ concept, text string }
	year := func(s string) []column { return []column{{"YEAR", s}} }
	with := func(s, concept, text string) []column { return []column{{"YEAR", s}, {concept, text}} }
	whole := func(s string) []column { return []column{{"TIME_PERIOD", s}} }
	tests := []struct {
		name string
		time Time
		row  []column
		want string // FREQ, TIME_PERIOD, PERIOD_AS_REPORTED; or the finding
	}{
		{"year", Time{}, year("2023"), "A 2023 "},
		{"year with spaces", Time{}, year(" 2023\u00a0"), "A 2023 "},
		{"year of another century", Time{}, year("2123"), "TIP-V012 2023"},
		{"two digits", Time{}, year("23"), "TIP-V012 2023"},
		{"decimals", Time{}, year("2023.0"), "TIP-V012 2023"},
		{"blank", Time{}, year(""), "TIP-V012 2023"},
		{"words", Time{}, year("ano passado"), "TIP-V012 2023"},
		{"with a mark", Time{}, year("2023 (p)"), "TIP-V012 2023"},
		{"no year at all", Time{}, nil, "TIP-V019 TIME_PERIOD"},
		{"month without year", Time{}, []column{{"MONTH", "5"}}, "TIP-V019 TIME_PERIOD"},

		{"fiscal year that is not declared", Time{}, year("FY2023"), "TIP-V012 2023"},
		{"two years, not declared", Time{}, year("2022/23"), "TIP-V012 2023"},
		{"Canada", canada, year("2022/23"), "A 2022-04-01/P1Y 2022/23 (2022-04-01/2023-03-31)"},
		{"Canada, in full", canada, year("2022-2023"), "A 2022-04-01/P1Y 2022-2023 (2022-04-01/2023-03-31)"},
		{"Canada, dash", canada, year("2022–23"), "A 2022-04-01/P1Y 2022–23 (2022-04-01/2023-03-31)"},
		{"Canada, one year", canada, year("2022"), "A 2022-04-01/P1Y 2022 (2022-04-01/2023-03-31)"},
		{"end of a century", canada, year("1999/00"), "A 1999-04-01/P1Y 1999/00 (1999-04-01/2000-03-31)"},
		{"United States", unitedStates, year("FY2023"), "A 2022-10-01/P1Y FY2023 (2022-10-01/2023-09-30)"},
		{"United States, spaced", unitedStates, year("fy 2023"), "A 2022-10-01/P1Y fy 2023 (2022-10-01/2023-09-30)"},
		{"United States, two years", unitedStates, year("2022-23"), "A 2022-10-01/P1Y 2022-23 (2022-10-01/2023-09-30)"},
		{"leap year", Time{FiscalStart: "03-01", FiscalNamed: "end"}, year("2024"), "A 2023-03-01/P1Y 2024 (2023-03-01/2024-02-29)"},
		{"three years", canada, year("2022/24"), "TIP-V012 2023"},
		{"backwards", canada, year("2023/22"), "TIP-V012 2023"},
		{"declared as the calendar year", Time{FiscalStart: "01-01", FiscalNamed: "start"}, year("FY2023"), "A 2023 "},
		{"two years, declared as one", Time{FiscalStart: "01-01", FiscalNamed: "start"}, year("2022/23"), "TIP-V012 2023"},

		{"month", Time{}, with("2023", "MONTH", "5"), "M 2023-05 "},
		{"month with zero", Time{}, with("2023", "MONTH", "05"), "M 2023-05 "},
		{"month 13", Time{}, with("2023", "MONTH", "13"), "TIP-V012 01"},
		{"month 0", Time{}, with("2023", "MONTH", "0"), "TIP-V012 01"},
		{"quarter", Time{}, with("2023", "QUARTER", "T2"), "Q 2023-Q2 "},
		{"quarter in words", Time{}, with("2023", "QUARTER", "1er trimestre"), "Q 2023-Q1 "},
		{"quarter 5", Time{}, with("2023", "QUARTER", "5"), "TIP-V012 Q1"},
		{"quarter with its year", Time{}, with("2023", "QUARTER", "T1 2023"), "TIP-V012 Q1"},

		{"SDMX year", Time{}, whole("2023"), "A 2023 "},
		{"SDMX quarter", Time{}, whole("2023-Q4"), "Q 2023-Q4 "},
		{"SDMX half year", Time{}, whole("2023-S1"), "S 2023-S1 "},
		{"half year without dash", Time{}, whole("2023s2"), "S 2023-S2 "},
		{"SDMX month", Time{}, whole("2023-05"), "M 2023-05 "},
		{"SDMX month with M", Time{}, whole("2023-M05"), "M 2023-05 "},
		{"month 13 of a period", Time{}, whole("2023-13"), "TIP-V012 2023"},
		{"third half", Time{}, whole("2023-S3"), "TIP-V012 2023"},
		{"date as a period", Time{}, whole("2023-05-01"), "TIP-V012 2023"},
		{"a calendar quarter of a fiscal State", unitedStates, whole("2023-Q1"), "Q 2023-Q1 "},
		{"a fiscal year as a period", canada, whole("2022/23"), "A 2022-04-01/P1Y 2022/23 (2022-04-01/2023-03-31)"},
		{"a month or a fiscal year", canada, whole("2009-10"), "TIP-V012 2009-M10 | 2009/10"},
		{"the same, told apart", canada, whole("2009-M10"), "M 2009-10 "},
		{"the same without fiscal years", Time{}, whole("2009-10"), "M 2009-10 "},

		{"a date", Time{}, []column{{"DATE", "2023-05-17"}}, "M 2023-05 "},
		{"a date of a fiscal State", unitedStates, []column{{"DATE", "2022-11-17"}}, "M 2022-11 "},

		{"fiscal quarter", unitedStates, with("FY2023", "QUARTER", "Q1"), "Q 2022-Q4 FY2023 Q1 (2022-10-01/2022-12-31)"},
		{"fiscal quarter, Canada", canada, with("2022/23", "QUARTER", "Q4"), "Q 2023-Q1 2022/23 Q4 (2023-01-01/2023-03-31)"},
		{"fiscal quarter across the calendar's", mayToApril, with("2022/23", "QUARTER", "1"), "Q 2022-05-01/P3M 2022/23 Q1 (2022-05-01/2022-07-31)"},
		{"fiscal month", unitedStates, with("FY2023", "MONTH", "10"), "M 2022-10 FY2023 M10 (2022-10-01/2022-10-31)"},
		{"fiscal month, Canada", canada, with("2022/23", "MONTH", "1"), "M 2023-01 2022/23 M01 (2023-01-01/2023-01-31)"},
		{"whose quarter is it", unitedStates, with("2023", "QUARTER", "Q1"), "TIP-V012 2023-Q1 | 2022-Q4"},
		{"whose month is it", unitedStates, with("2023", "MONTH", "10"), "TIP-V012 2023-10 | 2022-10"},
		{"a month that is the same in both", unitedStates, with("2023", "MONTH", "5"), "M 2023-05 "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var p period
			for _, c := range tt.row {
				if prob, is := tt.time.read(c.concept, c.text, &p); !is {
					t.Fatalf("%s is no concept of time", c.concept)
				} else if prob != nil {
					if diff := cmp.Diff(tt.want, prob.code+" "+prob.expected); diff != "" {
						t.Errorf("(-want +got):\n%s", diff)
					}
					return
				}
			}
			freq, tp, reported, prob := tt.time.sdmx(p, nil)
			got := freq + " " + tp + " " + reported
			if prob != nil {
				got = prob.code + " " + prob.expected
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestFiledYear(t *testing.T) {
	filed := map[int]FiledYear{2023: {Year: 2023, Month: 1}}
	tests := []struct {
		p    period
		want string
	}{
		{period{year: 2023, month: 1}, "A 2023 2023-01"},
		{period{year: 2023, month: 2}, "M 2023-02 "}, // and a finding: see TestFiledYears
		{period{year: 2022, month: 1}, "M 2022-01 "},
		{period{year: 2023}, "A 2023 "},
	}
	for _, tt := range tests {
		freq, tp, reported, prob := Time{}.sdmx(tt.p, filed)
		if got := freq + " " + tp + " " + reported; prob != nil || got != tt.want {
			t.Errorf("%v: %s (%v), want %s", tt.p, got, prob, tt.want)
		}
	}
}

// A case keeps no more of its date than the record needs, and a reporting
// year is the one that the date falls in.
func TestKeep(t *testing.T) {
	tests := []struct {
		name string
		time Time
		date string
		want string
	}{
		{"month", Time{}, "2022-11-17", "2022-11"},
		{"quarter", Time{Keep: "quarter"}, "2022-11-17", "2022-Q4"},
		{"year", Time{Keep: "year"}, "2022-11-17", "2022"},
		{"fiscal year begun", Time{Keep: "year", FiscalStart: "10-01", FiscalNamed: "end"}, "2022-11-17", "2022-10-01/P1Y"},
		{"fiscal year ending", Time{Keep: "year", FiscalStart: "10-01", FiscalNamed: "end"}, "2022-09-30", "2021-10-01/P1Y"},
		{"Canada begun", Time{Keep: "year", FiscalStart: "04-01", FiscalNamed: "start"}, "2022-04-01", "2022-04-01/P1Y"},
		{"Canada ending", Time{Keep: "year", FiscalStart: "04-01", FiscalNamed: "start"}, "2022-03-31", "2021-04-01/P1Y"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var p period
			if prob, _ := tt.time.read("DATE", tt.date, &p); prob != nil {
				t.Fatal(prob)
			}
			_, got, _, prob := tt.time.sdmx(tt.time.keep(p), nil)
			if prob != nil || got != tt.want {
				t.Errorf("%s %v, want %s", got, prob, tt.want)
			}
		})
	}
}

// FuzzDate: dates and periods never panic; an accepted date is written and
// read as the same day, under every declaration; and without a declaration
// none is accepted that day first and month first read differently.
func FuzzDate(f *testing.F) {
	for _, s := range []string{"2023-04-03", "03/04/2023", "17/02/2023", "02.17.2023", "3 Apr 2023", "2022/23", "FY2023", "2023-Q1", "2023S2", "2009-10", "29/02/2023", "0023-01-01", "1/1/1900", "T4", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, declared := range append(sortedKeys(datePatterns), "") {
			d, p := Time{Date: declared}.date(s)
			if p != nil {
				continue
			}
			again, p := Time{Date: declared}.date(d.Format(time.DateOnly))
			if p != nil || !again.Equal(d) || d.Year() < 1900 || d.Year() > 2099 {
				t.Errorf("%s %q: read as %v, then as %v %v", declared, s, d, again, p)
			}
			if declared != "" {
				continue
			}
			dm, p1 := Time{Date: "DD/MM/YYYY"}.date(s)
			md, p2 := Time{Date: "MM/DD/YYYY"}.date(s)
			if p1 == nil && p2 == nil && !dm.Equal(md) {
				t.Errorf("%q: accepted as %v, although it may be %v or %v", s, d, dm, md)
			}
		}
		for _, tm := range []Time{{}, canada, unitedStates, mayToApril, {Keep: "year", FiscalStart: "10-01", FiscalNamed: "end"}} {
			for _, concept := range []string{"YEAR", "MONTH", "QUARTER", "TIME_PERIOD", "DATE"} {
				p := period{year: 2023}
				if prob, _ := tm.read(concept, s, &p); prob != nil {
					continue
				}
				freq, tp, _, prob := tm.sdmx(tm.keep(p), nil)
				if prob == nil && !reTimePeriod.MatchString(freq+" "+tp) {
					t.Errorf("%+v %s %q: %s %s", tm, concept, s, freq, tp)
				}
			}
		}
	})
}

// reTimePeriod is the form of FREQ and TIME_PERIOD together.
var reTimePeriod = regexp.MustCompile(`^(A (19|20)\d\d|A (18|19|20)\d\d-\d\d-01/P1Y|S (19|20)\d\d-S[12]|Q (18|19|20|21)\d\d-Q[1-4]|Q (18|19|20|21)\d\d-\d\d-01/P3M|M (18|19|20|21)\d\d-(0[1-9]|1[0-2]))$`)
