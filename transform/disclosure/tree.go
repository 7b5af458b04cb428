package disclosure

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// tree knows which codes stand below which.
type tree struct {
	parent map[string]string // list and code → code above it
}

func readTree(ctx context.Context, db *sql.DB) (t tree, err error) {
	t.parent = map[string]string{}
	rows, err := db.QueryContext(ctx, "SELECT list, code, parent FROM codelist WHERE list IN ('CL_SEX', 'CL_EXPLOITATION', 'CL_AREA')")
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
// stand below it, ages that follow each other, months or quarters of a year.
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
		parent, known := t.parent[codeLists[d]+"|"+code]
		if parent == "" {
			parent = "_T"
		}
		if code != total && code != "_Z" && known && parent == total {
			below = append(below, code)
		}
	}
	if len(below) == 0 {
		return nil
	}
	slices.Sort(below)
	return [][]string{below}
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

// ages finds bands that follow each other from the first age of a total to its
// last; of all ages those whose age is unknown are a part too.
func ages(total string, row map[string]member) (ways [][]string) {
	from, end, ok := band(total)
	if !ok {
		return nil
	}
	var rest []string
	if _, ok := row["_U"]; ok && total == "_T" {
		rest = []string{"_U"}
	}
	codes := []string{}
	for code := range row {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	var follow func(at int, chain []string)
	follow = func(at int, chain []string) {
		if at == end {
			ways = append(ways, append(slices.Clone(chain), rest...))
			return
		}
		for _, code := range codes {
			if a, z, ok := band(code); ok && a == at && z <= end && code != total && code != "_T" && len(ways) < 8 {
				follow(z, append(chain, code))
			}
		}
	}
	follow(from, nil)
	if len(ways) == 0 { // gaps: all bands that no other holds
		if below := outermost(total, codes); len(below) > 0 {
			ways = append(ways, append(below, rest...))
		}
	}
	return ways
}

// outermost gives the bands within a total that lie in no other band within it.
func outermost(total string, codes []string) (list []string) {
	from, end, _ := band(total)
	for _, c := range codes {
		a, z, ok := band(c)
		if !ok || c == total || c == "_T" || a < from || z > end {
			continue
		}
		if !slices.ContainsFunc(codes, func(o string) bool {
			b, y, ok := band(o)
			return ok && o != c && o != total && o != "_T" && b >= from && y <= end && b <= a && y >= z
		}) {
			list = append(list, c)
		}
	}
	return list
}

// periods gives the months, quarters or halves of a year that a row has.
func periods(total string, row map[string]member) (ways [][]string) {
	if len(total) != 4 {
		return nil
	}
	kinds := map[string][]string{}
	for code := range row {
		rest, ok := strings.CutPrefix(code, total+"-")
		if !ok || strings.Contains(rest, "/") {
			continue
		}
		kinds[strings.TrimRight(rest, "0123456789")] = append(kinds[strings.TrimRight(rest, "0123456789")], code)
	}
	for _, kind := range []string{"", "Q", "S"} {
		if list := kinds[kind]; len(list) > 0 {
			slices.Sort(list)
			ways = append(ways, list)
		}
	}
	return ways
}
