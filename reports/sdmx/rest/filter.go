package rest

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/oas/tipstat/reports/sdmx"
	"github.com/oas/tipstat/reports/table"
)

// parseFilter reads the value of c[ID]: commas mean OR, + means AND and binds closer;
// each value may have an operator before it, as ge:2020.
func parseFilter(c sdmx.Component, s string) (sdmx.Match, error) {
	var any [][]sdmx.Match
	for part := range strings.SplitSeq(s, ",") {
		var every []sdmx.Match
		for one := range strings.SplitSeq(part, "+") {
			m, err := parseTest(c, one)
			if err != nil {
				return nil, err
			}
			every = append(every, m)
		}
		any = append(any, every)
	}
	return func(v string) bool {
		return slices.ContainsFunc(any, func(every []sdmx.Match) bool {
			return !slices.ContainsFunc(every, func(m sdmx.Match) bool { return !m(v) })
		})
	}, nil
}

// parseTest reads one value with its operator. A component that has no value is not
// equal to any, and contains none.
func parseTest(c sdmx.Component, s string) (sdmx.Match, error) {
	operator, value := "eq", s
	if op, rest, ok := strings.Cut(s, ":"); ok {
		switch op {
		case "eq", "ne", "lt", "le", "gt", "ge", "co", "nc", "sw", "ew":
			operator, value = op, rest
		}
	}
	if value == "" {
		return nil, syntax("c[%s]: a value is empty", c.ID)
	}
	switch operator {
	case "co":
		return func(v string) bool { return strings.Contains(v, value) }, nil
	case "nc":
		return func(v string) bool { return !strings.Contains(v, value) }, nil
	case "sw":
		return func(v string) bool { return strings.HasPrefix(v, value) }, nil
	case "ew":
		return func(v string) bool { return strings.HasSuffix(v, value) }, nil
	}
	switch {
	case c.Role == sdmx.Time:
		return timeTest(c, operator, value)
	case c.Number:
		return numberTest(c, operator, value)
	}
	return func(v string) bool { return ordered(operator, v != "", strings.Compare(v, value)) }, nil
}

// ordered tells whether a comparison (below 0, 0, above 0) is what an operator wants.
func ordered(operator string, there bool, compared int) bool {
	switch operator {
	case "eq":
		return there && compared == 0
	case "ne":
		return !there || compared != 0
	case "lt":
		return there && compared < 0
	case "le":
		return there && compared <= 0
	case "gt":
		return there && compared > 0
	}
	return there && compared >= 0 // ge
}

func numberTest(c sdmx.Component, operator, value string) (sdmx.Match, error) {
	want, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsNaN(want) || math.IsInf(want, 0) {
		return nil, semantic("c[%s]: %q is no number", c.ID, value)
	}
	return func(v string) bool {
		got, err := strconv.ParseFloat(v, 64)
		return ordered(operator, err == nil, cmp.Compare(got, want))
	}, nil
}

// timeTest compares periods by their days: ge are those that begin with the value or
// later, le those that end with it or earlier, gt those that lie after it and lt those
// before it. Equal is what is written alike.
func timeTest(c sdmx.Component, operator, value string) (sdmx.Match, error) {
	from, after, ok := days(value)
	if !ok {
		return nil, semantic("c[%s]: %q is no period: want one such as 2020, 2020-Q1, 2020-01 or 2020-01-31", c.ID, value)
	}
	return func(v string) bool {
		begins, ends, ok := table.Span(v)
		switch operator {
		case "eq":
			return v == value
		case "ne":
			return v != value
		case "ge":
			return ok && !begins.Before(from)
		case "gt":
			return ok && !begins.Before(after)
		case "le":
			return ok && !ends.After(after)
		}
		return ok && !ends.After(from) // lt
	}, nil
}

// days gives the first day of a period or a date, and the day after the last.
func days(s string) (from, after time.Time, ok bool) {
	date, _, _ := strings.Cut(s, "T")
	if day, err := time.Parse(time.DateOnly, date); err == nil && !strings.Contains(s, "/") {
		return day, day.AddDate(0, 0, 1), true
	}
	return table.Span(s)
}
