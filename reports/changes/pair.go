package changes

import (
	"cmp"
	"slices"
	"strconv"
)

// line is a row of a table's csv, by the codes of its columns.
type line struct {
	row     int
	layout  string
	figures map[string]figure
}

// lines are the rows of a table, by what they are of: the codes of the stub, and
// what else tells series apart, but for the layout of the file.
func (d *data) lines() map[string][]*line {
	out, last := map[string][]*line{}, map[int]*line{}
	for _, k := range d.order {
		f := d.by[k]
		if last[f.line] == nil {
			last[f.line] = &line{row: f.line, layout: f.layout, figures: map[string]figure{}}
			out[f.series] = append(out[f.series], last[f.line])
		}
		last[f.line].figures[f.columnCodes] = f
	}
	return out
}

// pair gives the figures of before the rows that they have now. Most have but one
// that it can be; of several (the csv does not hold all that parts a series) it
// is one of the same layout, then one of which more figures are the same.
func (d *data) pair(before *data) {
	type couple struct{ old, now *line }
	was, rows := map[int]int{}, map[int]bool{}
	old := before.lines()
	for series, now := range d.lines() {
		var list []couple
		for _, y := range now {
			for _, x := range old[series] {
				list = append(list, couple{x, y})
			}
		}
		slices.SortStableFunc(list, func(x, y couple) int {
			layout := func(c couple) int { return map[bool]int{c.old.layout == c.now.layout: 1}[true] }
			return cmp.Or(layout(y)-layout(x), y.now.same(y.old)-x.now.same(x.old))
		})
		for _, c := range list {
			if _, paired := was[c.old.row]; !paired && !rows[c.now.row] {
				was[c.old.row], rows[c.now.row] = c.now.row, true
			}
		}
	}
	by := map[string]figure{}
	for i, k := range before.order {
		f := before.by[k]
		if n, ok := was[f.line]; ok {
			f.line = n
		} else {
			f.line = -1 - f.line // no row of now
		}
		before.order[i] = f.key()
		by[f.key()] = f
	}
	before.by = by
}

func (f figure) key() string { return strconv.Itoa(f.line) + f.columnCodes }

// same counts the figures that two rows have in common.
func (l *line) same(other *line) (n int) {
	for k, f := range l.figures {
		if o, ok := other.figures[k]; ok && f.known() && equal(f.value, o.value) && equal(f.lower, o.lower) && equal(f.upper, o.upper) {
			n++
		}
	}
	return n
}
