package table

import (
	"slices"
	"strings"
)

// addend is one cell that may enter a total.
type addend struct {
	row   int
	grade string
	seq   int64
}

// totals makes the regional totals: of the table's States, or of each group of
// States that the spec names.
func (b *builder) totals() {
	rule := b.spec.Total
	if rule == nil || len(b.t.Columns) == 0 {
		return
	}
	var members []string
	for _, s := range b.states {
		if len(b.v.members[s]) > 0 {
			members = append(members, s)
		}
	}
	var made []Row
	if len(rule.Groups) == 0 {
		key := "total.all"
		if b.selected {
			key = "total.selected"
		}
		made = b.total(region{"_T", b.w.word(key), members, min(rule.MinStates, max(1, len(members)))})
	}
	for _, g := range rule.Groups {
		r := region{code: g, name: b.w.word("total.group", "group", b.v.label("CL_AREA_GROUP", g, b.p.Lang))}
		for _, s := range members {
			if slices.Contains(b.v.groups[g], s) {
				r.states = append(r.states, s)
			}
		}
		r.floor = min(rule.MinStates, max(1, len(r.states)), len(r.states)/2+1) // more than half: a subregion may have few States
		made = append(made, b.total(r)...)
	}
	if rule.Alone {
		b.alone(made)
		return
	}
	b.t.Rows = append(b.t.Rows, made...)
}

// region is what one total is of.
type region struct {
	code, name string
	states     []string
	floor      int // States below which it is withheld
}

// total makes one row for each group of rows that may be added (each year
// apart, where the year stands in the stub), and below it the number of States
// in it.
func (b *builder) total(of region) []Row {
	rule, states, floor := b.spec.Total, of.states, of.floor
	var groups []string
	seen := map[string]bool{}
	for _, r := range b.t.Rows {
		if r.Kind == SeriesRow && !seen[r.group] {
			seen[r.group] = true
			groups = append(groups, r.group)
		}
	}
	if len(groups) == 0 {
		groups = []string{""}
	}
	slices.Sort(groups)
	unit := b.v.label("CL_COUNTING_UNIT", rule.CountingUnit, b.p.Lang)
	key := "note.total"
	if rule.Alone {
		key = "note.total.alone"
	}
	d := b.draft("total", b.w.word(key, "grades", strings.Join(rule.Grades, ", "), "unit", unit, "floor", b.w.count(floor)))
	var made []Row
	for _, group := range groups {
		total := Row{Kind: TotalRow, CountingUnit: rule.CountingUnit, Cells: make([]Cell, len(b.t.Columns)), group: group}
		covered := Row{Kind: CoveredRow, Cells: make([]Cell, len(b.t.Columns)), group: group}
		b.totalStub(&total, &covered, group, of)
		whole, entered := b.bestRows(group, states), []string{}
		for col := range b.t.Columns {
			var chosen []int
			for _, s := range states {
				if i, ok := whole[s]; rule.Choose == "row" && ok && b.mayAdd(i, col) {
					chosen = append(chosen, i)
				} else if rule.Choose != "row" {
					chosen = append(chosen, b.best(group, s, col)...)
				}
			}
			for _, i := range chosen {
				if a := b.t.Rows[i].Area; !slices.Contains(entered, a) {
					entered = append(entered, a)
				}
			}
			n := float64(len(chosen))
			covered.Cells[col] = Cell{Text: b.w.count(len(chosen)), Value: &n, Lower: &n, Upper: &n, Status: "A"}
			total.Cells[col] = b.add(chosen, col)
			if len(chosen) < floor {
				total.Cells[col] = b.silence()
				b.mark(&total.Cells[col].notes, b.draft("total", b.w.word("note.withheld",
					"total", b.w.count(len(states)), "floor", b.w.count(floor))))
			}
		}
		b.mark(&total.notes, d)
		if rule.Alone && len(entered) > 0 { // no row of theirs says it
			b.sortByLabel("CL_AREA", entered)
			for i, s := range entered {
				entered[i] = b.v.label("CL_AREA", s, b.p.Lang)
			}
			b.mark(&covered.notes, b.draft("coverage", b.w.word("note.added", "list", strings.Join(entered, ", "))))
		}
		made = append(made, total, covered)
	}
	return made
}

func (b *builder) totalStub(total, covered *Row, group string, of region) {
	values := strings.Split(group, sep)
	for _, st := range b.spec.Stub {
		var l, n Label
		switch strings.ToUpper(st.Column) {
		case colArea:
			l = Label{Code: of.code, Text: of.name}
			n = Label{Code: of.code, Text: b.w.word("total.covered", "total", b.w.count(len(of.states)))}
			l.Name, n.Name = l.Text, n.Text
		case colUnit:
			l = Label{Code: b.spec.Total.CountingUnit, Text: b.v.label("CL_COUNTING_UNIT", b.spec.Total.CountingUnit, b.p.Lang)}
			l.Name = l.Text
		case colAgency, colLayout, colVictim:
		default:
			if len(values) > 0 {
				l = Label{Code: values[0], Name: b.v.label(st.Codelist, values[0], b.p.Lang)}
				l.Text = l.Name
				n, values = l, values[1:]
			}
		}
		total.Stub = append(total.Stub, l)
		covered.Stub = append(covered.Stub, n)
	}
}

// alone leaves the totals only, and below the table what explains them.
func (b *builder) alone(made []Row) {
	b.t.Rows, b.lettered = made, nil
	b.symbols, b.submissions = map[string]bool{}, map[string]bool{}
	for _, r := range made {
		for _, c := range r.Cells {
			b.symbols["grade"] = b.symbols["grade"] || c.Grade != ""
			b.symbols[".."] = b.symbols[".."] || c.Text == ".."
			b.symbols["range"] = b.symbols["range"] || (c.Lower != nil && c.Upper != nil && *c.Lower != *c.Upper)
			b.symbols["atleast"] = b.symbols["atleast"] || (c.Lower != nil && c.Upper == nil)
			for _, id := range c.ObsIDs {
				b.submissions[b.behind[id].text["SUBMISSION_ID"]] = true
			}
		}
	}
}

// mayAdd tells whether a cell may enter a total: the spec's counting unit, one
// of its grades, and a figure with at least its lower bound.
func (b *builder) mayAdd(row, col int) bool {
	r := b.t.Rows[row]
	c := r.Cells[col]
	return r.Kind == SeriesRow && r.CountingUnit == b.spec.Total.CountingUnit && c.Lower != nil && slices.Contains(b.spec.Total.Grades, c.Grade)
}

// better tells whether x goes before y: the better grade, then the newer
// file, then the row that stands first.
func (x addend) better(y addend) bool {
	if x.grade != y.grade {
		return x.grade < y.grade
	}
	if x.seq != y.seq {
		return x.seq > y.seq
	}
	return x.row < y.row
}

// best chooses the one row of a State that a column's total takes.
func (b *builder) best(group, state string, col int) []int {
	var found *addend
	for i, r := range b.t.Rows {
		if r.Area != state || r.group != group || !b.mayAdd(i, col) {
			continue
		}
		a := addend{i, r.Cells[col].Grade, r.Cells[col].seq}
		if found == nil || a.better(*found) {
			found = &a
		}
	}
	if found == nil {
		return nil
	}
	return []int{found.row}
}

// bestRows chooses the one row of each State that all columns' totals take.
func (b *builder) bestRows(group string, states []string) map[string]int {
	found := map[string]addend{}
	for i, r := range b.t.Rows {
		if r.group != group || !slices.Contains(states, r.Area) {
			continue
		}
		a, any := addend{row: i}, false
		for col := range r.Cells {
			if !b.mayAdd(i, col) {
				continue
			}
			c := r.Cells[col]
			if !any || c.Grade < a.grade {
				a.grade = c.Grade
			}
			a.seq, any = max(a.seq, c.seq), true
		}
		if old, ok := found[r.Area]; any && (!ok || a.better(old)) {
			found[r.Area] = a
		}
	}
	out := map[string]int{}
	for s, a := range found {
		out[s] = a.row
	}
	return out
}

// add sums one column over the chosen rows, bounds included. One open upper
// end leaves the sum's open.
func (b *builder) add(rows []int, col int) Cell {
	lower, upper, open := 0.0, 0.0, false
	c := Cell{Status: "A", Derivation: "total"}
	for _, i := range rows {
		from := b.t.Rows[i].Cells[col]
		lower += *from.Lower
		if from.Upper == nil {
			open = true
		} else {
			upper += *from.Upper
		}
		c.Grade = max(c.Grade, from.Grade)
		c.ObsIDs = append(c.ObsIDs, from.ObsIDs...)
	}
	q := quantity{lower: &lower, upper: &upper, status: "A"}
	if open {
		q.upper = nil
	}
	var symbol string
	c.Text, symbol = q.text(b.w)
	if symbol != "" && len(rows) > 0 {
		b.symbols[symbol] = true
	}
	c.Lower, c.Upper = q.bounds()
	if c.Upper != nil && *c.Lower == *c.Upper {
		c.Value = c.Lower
	}
	return c
}
