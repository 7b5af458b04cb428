package changes

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/oas/tipstat/reports/table"
)

// change is one figure that moved, or several new ones of one State in one table.
type change struct {
	table         string
	f             figure // as it is now; of a withdrawn one as it was
	before, after string
	difference    string
	why           []string
	submissions   []string
	fresh         int // number of new figures that it stands for
}

// submission is a file that the store took in, or one that was read again.
type submission struct {
	seq                   int64
	id, agency, file, day string
	areas                 string // codes between spaces
	first                 int64  // of one read again: the place of its first reading
	again, reason         string // the day and why; no reason where it may tell a figure
}

// tells says whether the file has a figure or an action of a State.
func (s submission) tells(area string) bool { return slices.Contains(strings.Fields(s.areas), area) }

// touch is a State's figure that moved, with the observations behind it before and now.
type touch struct {
	state string
	ids   []int64
}

// comparison is one table before and now.
type comparison struct {
	*builder
	t           *table.Table
	before, now *data
	moved       []change
	fresh       map[string]*change // new figures, by State
	order       []string
	series      map[string][]string // the series of each State, where several need telling apart
	touched     map[string][]touch  // what moved of States, by column
}

// compare lists what moved between a table as published and as it is now.
func (b *builder) compare(t *table.Table, before, now *data) []change {
	c := &comparison{builder: b, t: t, before: before, now: now, fresh: map[string]*change{}, touched: map[string][]touch{}, series: map[string][]string{}}
	now.pair(before)
	for _, d := range []*data{before, now} {
		for _, k := range d.order {
			if f := d.by[k]; f.kind == string(table.SeriesRow) {
				c.series[f.area] = merged(c.series[f.area], f.rowCodes)
			}
		}
	}
	// Figures of States first, and those withdrawn too: a total says through
	// which of them it moved.
	for _, total := range []bool{false, true} {
		ofKind := func(f figure) bool {
			return (f.kind == string(table.TotalRow)) == total && f.kind != string(table.CoveredRow)
		}
		for _, k := range now.order {
			if f := now.by[k]; ofKind(f) {
				old, ok := before.by[k]
				c.figure(f, old, ok)
			}
		}
		for _, k := range before.order {
			f := before.by[k]
			if _, still := now.by[k]; !still && ofKind(f) && f.said() && c.asked(f) {
				gone := f
				gone.value, gone.lower, gone.upper, gone.state, gone.text, gone.grade, gone.ids, gone.status = nil, nil, nil, "", "..", "", nil, "O"
				c.moved = append(c.moved, c.withdrawn(f, gone))
			}
		}
	}
	for i, m := range c.moved {
		if len(c.series[m.f.area]) < 2 {
			c.moved[i].f.row = nil
		}
	}
	out := c.moved
	for _, k := range c.order {
		out = append(out, *c.fresh[k])
	}
	isTotal := func(m change) bool { return m.f.kind == string(table.TotalRow) }
	return append(slices.DeleteFunc(slices.Clone(out), isTotal), slices.DeleteFunc(slices.Clone(out), func(m change) bool { return !isTotal(m) })...)
}

// asked tells whether the table shows the year of a figure: one that is not
// asked for any more, or has made room for newer ones, is no figure withdrawn.
func (c *comparison) asked(f figure) bool {
	first := ""
	for _, n := range c.now.by {
		if n.year != "" && (first == "" || n.year < first) {
			first = n.year
		}
	}
	if c.years.FromYear > 0 {
		first = strconv.Itoa(c.years.FromYear)
	}
	return f.year == "" || f.year >= first && (c.years.ToYear == 0 || f.year <= strconv.Itoa(c.years.ToYear))
}

// onlyShown tells whether a figure is of a year that the last pack did not
// show, and nothing newer stands behind it.
func (c *comparison) onlyShown(f figure) bool {
	return len(f.ids) > 0 && len(c.newer(f, figure{})) == 0 && !slices.ContainsFunc(c.before.order, func(k string) bool { return c.before.by[k].year == f.year })
}

// figure holds one figure against what it was.
func (c *comparison) figure(now, old figure, was bool) {
	had, has := old.said(), now.said()
	switch {
	case !had && !has:
		return
	case !had && c.onlyShown(now):
		return
	case has && (!was || !had):
		c.touch(old, now)
		c.isNew(old, now)
		return
	case had && !has:
		c.moved = append(c.moved, c.withdrawn(old, now))
		return
	}
	same := now.state == old.state && (!now.known() && !old.known() || c.text(now) == c.text(old)) // as printed
	if same && now.grade == old.grade {
		return
	}
	c.touch(old, now)
	m := change{table: c.t.ID, f: now, before: c.text(old), after: c.text(now), difference: c.difference(old.value, now.value)}
	if now.grade != old.grade && (now.grade != "" || old.grade != "") {
		m.before, m.after = graded(m.before, old.grade), graded(m.after, now.grade)
	}
	if now.withheld() != old.withheld() { // by what stands beside it too: no file need be newer
		m.why = append(m.why, c.say(map[bool]string{true: "withheld", false: "released"}[now.withheld()]))
		for _, s := range c.newer(now, old) {
			m.say(c.sent(s), s)
		}
		m.why = append(m.why, now.remarks...)
	} else {
		c.cause(&m, old)
	}
	c.moved = append(c.moved, m)
}

func equal(x, y *float64) bool { return (x == nil) == (y == nil) && (x == nil || *x == *y) }

func graded(text, grade string) string {
	if grade == "" {
		return text
	}
	return text + " " + grade
}

// touch notes that a State's figure moved in a column.
func (c *comparison) touch(old, now figure) {
	if now.kind == string(table.SeriesRow) && now.area != "" {
		c.touched[now.columnCodes] = append(c.touched[now.columnCodes], touch{now.label, slices.Concat(old.ids, now.ids)})
	}
}

// through names the States whose figures moved and stood or stand in a total.
func (c *comparison) through(old, now figure) (states []string) {
	for _, t := range c.touched[now.columnCodes] {
		if slices.ContainsFunc(t.ids, func(id int64) bool { return slices.Contains(old.ids, id) || slices.Contains(now.ids, id) }) {
			states = merged(states, t.state)
		}
	}
	return states
}

// cause says why a figure moved, and who sent what moved it.
func (c *comparison) cause(m *change, old figure) {
	if m.f.kind == string(table.TotalRow) {
		if states := c.through(old, m.f); len(states) > 0 {
			m.why = append(m.why, c.say("through", "list", strings.Join(states, ", ")))
			return
		}
	}
	for _, s := range c.newer(m.f, old) {
		m.say(c.sent(s), s)
	}
	if len(m.why) == 0 {
		c.unexplained(m, old)
	}
	m.why = append(m.why, m.f.remarks...)
}

func (m *change) say(why string, s submission) {
	m.why, m.submissions = append(m.why, why), append(m.submissions, s.id)
}

// unexplained says what can be said of a figure behind which no file is newer.
// Where the same observations stand behind it, or nothing came since, the
// method changed. Otherwise it is worked out from others, such as a count of
// States or a difference: the newer files behind those of its row are named, or
// else all that tell of its State.
func (c *comparison) unexplained(m *change, old figure) {
	var files []submission
	own := len(m.f.ids) > 0 || m.f.state != ""
	if !own || !slices.Equal(m.f.ids, old.ids) || m.f.submission != old.submission {
		for _, k := range c.now.order {
			if f := c.now.by[k]; f.kind == m.f.kind && f.area == m.f.area && f.rowCodes == m.f.rowCodes && f.year == m.f.year {
				files = merged(files, c.newer(f, c.before.by[k])...)
			}
		}
		if len(files) == 0 {
			files = slices.DeleteFunc(slices.Clone(c.submissions), func(s submission) bool {
				return !c.since(s) || (m.f.kind == string(table.SeriesRow) && m.f.area != "" && !s.tells(m.f.area))
			})
		}
	}
	if len(files) == 0 {
		m.why = append(m.why, c.say("method", "before", c.p.Manifest.Tipstat, "now", c.version))
		return
	}
	var names []string
	for _, s := range files {
		names, m.submissions = append(names, c.sent(s)), append(m.submissions, s.id)
	}
	m.why = append(m.why, c.say("derived", "list", strings.Join(names, c.say("between"))))
}

// since tells whether a file came after the last pack.
func (c *comparison) since(s submission) bool { return s.seq > c.p.Manifest.Submission }

// newer lists the files behind a figure that came after the last pack.
func (c *comparison) newer(now, old figure) []submission {
	var out []submission
	for _, s := range c.submissions {
		behind := now.from(s.seq) || (now.submission == s.id && now.state != "")
		before := old.from(s.seq) || (old.submission == s.id && old.state != "")
		if behind && !before && c.since(s) {
			out = append(out, s)
		}
	}
	return out
}

// withdrawn is a figure that the tables do not show any more: since a newer
// file of the same State tells of it no longer, if there is one.
func (c *comparison) withdrawn(old, now figure) change {
	m := change{table: c.t.ID, f: now, before: c.text(old), after: c.text(now)}
	c.touch(old, now)
	if old.kind == string(table.TotalRow) {
		c.cause(&m, old)
		return m
	}
	for _, s := range c.submissions {
		if c.since(s) && s.tells(old.area) {
			m.say(c.say("withdrawn", "file", c.sent(s)), s)
		}
	}
	if len(m.why) == 0 {
		m.why = append(m.why, c.say("method", "before", c.p.Manifest.Tipstat, "now", c.version))
	}
	return m
}

// isNew counts the new figures of a State.
func (c *comparison) isNew(old, f figure) {
	m := change{table: c.t.ID, f: f}
	c.cause(&m, old)
	if c.fresh[f.area] == nil {
		c.fresh[f.area], c.order = &change{table: c.t.ID, f: f}, append(c.order, f.area)
		c.fresh[f.area].f.column = nil
	}
	one := c.fresh[f.area]
	one.fresh++
	one.f.column = merged(one.f.column, cmp.Or(f.year, f.column[0]))
	one.why, one.submissions = merged(one.why, m.why...), merged(one.submissions, m.submissions...)
}

// merged adds what a list does not have.
func merged[T comparable](list []T, more ...T) []T {
	for _, s := range more {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// submissionsOf reads which files the store took in, and of which States each tells.
func submissionsOf(ctx context.Context, db *sql.DB) (list []submission, err error) {
	rows, err := db.QueryContext(ctx, submissionSQL)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var s submission
		if err := rows.Scan(&s.seq, &s.id, &s.agency, &s.file, &s.day, &s.areas, &s.first, &s.again, &s.reason); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, rows.Err()
}
