package disclosure

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strconv"
)

// tree knows which codes stand below which.
type tree struct {
	parent map[string]string // list and code → code above it
}

// sumsOfPolicy stands for the code list of indicators that make others.
const sumsOfPolicy = "sums"

func readTree(ctx context.Context, db *sql.DB, p Policy) (t tree, err error) {
	t.parent = map[string]string{}
	for part, whole := range p.Wholes() {
		t.parent[sumsOfPolicy+"|"+part] = whole
	}
	rows, err := db.QueryContext(ctx, "SELECT list, code, parent FROM codelist WHERE list IN ('CL_SEX', 'CL_EXPLOITATION', 'CL_AREA', 'CL_VICTIM_STATUS')")
	if err != nil {
		return t, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var list, code, parent string
		if err := rows.Scan(&list, &code, &parent); err != nil {
			return t, err
		}
		t.parent[list+"|"+code] = parent
	}
	return t, rows.Err()
}

// parts gives the ways in which a total is made of others of a row: codes that
// stand below it, ages or periods that follow each other.
func (t tree) parts(d int, total string, row map[string]member) [][]string {
	if total == "_U" || total == "_Z" {
		return nil
	}
	switch d {
	case dimAge:
		return ages(total, row)
	case dimPeriod:
		return periods(total, row)
	}
	var below []string
	for code := range row {
		if parent, known := t.above(d, code); known && code != total && parent == total {
			below = append(below, code)
		}
	}
	if len(below) == 0 {
		return nil
	}
	slices.Sort(below)
	return [][]string{below}
}

// above gives the code that a code is a part of.
func (t tree) above(d int, code string) (parent string, known bool) {
	if code == "_T" || code == "_Z" {
		return "", false
	}
	parent, known = t.parent[codeLists[d]+"|"+code]
	if parent == "" {
		parent = "_T"
	}
	return parent, known
}

// siblings gives the cells of a row that are parts of one total, which need not be
// there, and are exact.
func (t tree) siblings(d int, row map[string]member) (list [][]int) {
	of := map[string][]string{}
	for code := range row {
		parent, known := t.above(d, code)
		if d == dimAge {
			parent, known = "", code != "_T" && code != "_Z" && !within(code, row)
		}
		if known {
			of[parent] = append(of[parent], code)
		}
	}
	for _, parent := range slices.Sorted(maps.Keys(of)) {
		var parts []int
		slices.Sort(of[parent])
		for _, code := range of[parent] {
			if m := row[code]; m.cell >= 0 {
				parts = append(parts, m.cell)
			}
		}
		if len(parts) == len(of[parent]) && len(parts) > 1 {
			list = append(list, parts)
		}
	}
	return list
}

// within tells whether a band of age lies within another of the row.
func within(code string, row map[string]member) bool {
	a, z, ok := band(code)
	for other := range row {
		if b, y, is := band(other); ok && is && other != code && other != "_T" && b <= a && y >= z {
			return true
		}
	}
	return false
}

var ageBand = regexp.MustCompile(`^Y(?:_GE(\d+)|(\d+)T(\d+)|(\d+))$`)

const oldest = 1000 // years: the end of an open band

// band gives the ages of a code, the end not included.
func band(code string) (from, end int, ok bool) {
	if code == "_T" {
		return 0, oldest, true
	}
	m := ageBand.FindStringSubmatch(code)
	if m == nil {
		return 0, 0, false
	}
	number := func(s string) int { n, _ := strconv.Atoi(s); return n } // digits, by the expression
	switch {
	case m[1] != "":
		return number(m[1]), oldest, true
	case m[4] != "":
		return number(m[4]), number(m[4]) + 1, true
	}
	return number(m[2]), number(m[3]) + 1, true
}

// ages finds the ways in which bands make up a total; of all ages those whose age is
// unknown are a part too.
func ages(total string, row map[string]member) [][]string {
	var rest []string
	if _, ok := row["_U"]; ok && total == "_T" {
		rest = []string{"_U"}
	}
	return fill(total, row, band, rest)
}

// periods finds the ways in which months, quarters and halves make up a year, or each
// other.
func periods(total string, row map[string]member) [][]string { return fill(total, row, months, nil) }

var period = regexp.MustCompile(`^(\d{4})(?:-(\d\d)|-Q([1-4])|-S([12]))?$`)

// months gives the months of a period, the end not included.
func months(code string) (from, end int, ok bool) {
	m := period.FindStringSubmatch(code)
	if m == nil {
		return 0, 0, false
	}
	number := func(s string) int { n, _ := strconv.Atoi(s); return n } // digits, by the expression
	switch from = 12 * number(m[1]); {
	case m[2] != "":
		return from + number(m[2]) - 1, from + number(m[2]), true
	case m[3] != "":
		return from + 3*number(m[3]) - 3, from + 3*number(m[3]), true
	case m[4] != "":
		return from + 6*number(m[4]) - 6, from + 6*number(m[4]), true
	}
	return from, from + 12, true
}

// maxWays bounds the ways in which a total is made up: what its own parts are made of
// is found with them.
const maxWays = 8

// fill finds codes that follow each other from the start of a total to its end, each
// followed by the rest.
func fill(total string, row map[string]member, span func(string) (from, end int, ok bool), rest []string) (ways [][]string) {
	from, end, ok := span(total)
	if !ok {
		return nil
	}
	var within []string
	for code := range row {
		if a, z, ok := span(code); ok && code != total && code != "_T" && a >= from && z <= end {
			within = append(within, code)
		}
	}
	slices.Sort(within)
	var follow func(at int, chain []string)
	follow = func(at int, chain []string) {
		if at == end {
			ways = append(ways, append(slices.Clone(chain), rest...))
			return
		}
		for _, code := range within {
			if a, z, _ := span(code); a == at && len(ways) < maxWays {
				follow(z, append(chain, code))
			}
		}
	}
	follow(from, nil)
	if len(ways) == 0 { // gaps: all that no other holds
		below := slices.DeleteFunc(slices.Clone(within), func(c string) bool {
			a, z, _ := span(c)
			return slices.ContainsFunc(within, func(o string) bool {
				b, y, _ := span(o)
				return o != c && b <= a && y >= z
			})
		})
		if len(below) > 0 {
			ways = append(ways, append(below, rest...))
		}
	}
	return ways
}
