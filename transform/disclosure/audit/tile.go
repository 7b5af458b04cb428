package audit

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// span is a half-open range of years of age, or of months.
type span struct{ from, to int }

const open = math.MaxInt32 // years of age without an end

var reBand = regexp.MustCompile(`^Y(?:(\d+)T(\d+)|_GE(\d+))$`)

// ages gives the years of age that a code of CL_AGE stands for.
func ages(code string) (span, bool) {
	m := reBand.FindStringSubmatch(code)
	if m == nil {
		return span{}, false
	}
	if m[3] != "" {
		from, err := strconv.Atoi(m[3])
		return span{from, open}, err == nil
	}
	from, err := strconv.Atoi(m[1])
	to, err2 := strconv.Atoi(m[2])
	return span{from, to + 1}, err == nil && err2 == nil
}

var rePeriod = regexp.MustCompile(`^(\d{4})(?:-(\d\d)|-Q([1-4])|-S([12])|-(\d\d)-01/P(\d+)([MY]))?$`)

// months gives the months that a period of SDMX stands for, counted from year 0.
func months(period string) (span, bool) {
	m := rePeriod.FindStringSubmatch(period)
	if m == nil {
		return span{}, false
	}
	n := func(i int) int { x, _ := strconv.Atoi(m[i]); return x } // digits, by the pattern
	year := 12 * n(1)
	switch {
	case m[2] != "":
		return span{year + n(2) - 1, year + n(2)}, n(2) >= 1 && n(2) <= int(time.December)
	case m[3] != "":
		return span{year + 3*n(3) - 3, year + 3*n(3)}, true
	case m[4] != "":
		return span{year + 6*n(4) - 6, year + 6*n(4)}, true
	case m[5] != "":
		length := n(6)
		if m[7] == "Y" {
			length *= 12
		}
		return span{year + n(5) - 1, year + n(5) - 1 + length}, length > 0
	}
	return span{year, year + 12}, true
}

// maxTilings bounds the ways in which bands are tried to fill what they part; no
// source so far has more than three.
const maxTilings = 32

// tilings gives the ways in which pieces fill a whole without gap or overlap, as
// positions in pieces. Where there is none, whole is false and the one way is the
// pieces from the first on that do not overlap.
func tilings(of span, pieces []span) (ways [][]int, whole bool) {
	order := make([]int, 0, len(pieces))
	for i, p := range pieces {
		if p.from >= of.from && p.to <= of.to {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(pieces[a].from, pieces[b].from), cmp.Compare(pieces[b].to, pieces[a].to)) // longest first
	})
	var fill func(at int, way []int)
	fill = func(at int, way []int) {
		if at == of.to {
			ways = append(ways, slices.Clone(way))
			return
		}
		for _, i := range order {
			if pieces[i].from == at && len(ways) < maxTilings {
				fill(pieces[i].to, append(way, i))
			}
		}
	}
	fill(of.from, nil)
	if len(ways) > 0 {
		return ways, true
	}
	var some []int
	at := of.from
	for _, i := range order {
		if pieces[i].from >= at {
			some, at = append(some, i), pieces[i].to
		}
	}
	if len(some) == 0 {
		return nil, false
	}
	return [][]int{some}, false
}
