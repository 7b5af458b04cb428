package microdata

import (
	"slices"
	"strings"
)

// Loss is the information that was lost, of the rows asked for. It is internal:
// how many rows are not in the file may be few.
type Loss struct {
	RowsIn       int          `json:"rows_in"`
	RowsOut      int          `json:"rows_out"`
	Dropped      int          `json:"rows_dropped"`   // fewer than k rows of their unit
	Elsewhere    int          `json:"rows_elsewhere"` // published under a wider State or period than was asked for
	Common       int          `json:"rows_common"`    // reported alike k times or more: all that CTDC's way, to drop the others, would keep
	Combinations int          `json:"combinations"`
	Smallest     int          `json:"smallest"`
	Penalty      float64      `json:"penalty"`        // mean of the columns' penalties
	Discern      int64        `json:"discernibility"` // squares of the combinations' sizes, and rows in for each row that is not out
	Columns      []ColumnLoss `json:"columns"`
	Alike        []Alike      `json:"alike"`
}

// ColumnLoss is what one column lost, of the rows that are published.
type ColumnLoss struct {
	Column   string  `json:"column"`
	Kept     int     `json:"kept"`     // as reported
	Coarser  int     `json:"coarser"`  // a code above
	Withheld int     `json:"withheld"` // nothing
	Share    float64 `json:"share_kept"`
	Penalty  float64 `json:"penalty"` // mean normalized certainty penalty: 0 nothing lost, 1 all
}

// Alike is rows that share one code of a sensitive column with all that are the
// same in the others: whoever knows that a person is among them knows the code.
// Rows whose code says nothing (unknown, total, withheld) are not counted.
type Alike struct {
	Column string `json:"column"`
	Sets   int    `json:"sets"`
	Rows   int    `json:"rows"`
}

// tally gathers what is published and what it lost.
type tally struct {
	policy Policy
	params Params
	names  []string
	axes   []*hierarchy
	out    []alike
	sum    Loss
}

// add counts the rows of one unit.
func (t *tally) add(unit []string, classes []class, groups []group) {
	if t.sum.Columns == nil {
		for _, c := range t.policy.Columns {
			t.sum.Columns = append(t.sum.Columns, ColumnLoss{Column: c.Column})
		}
	}
	for _, g := range groups {
		as := t.text(unit, g.codes)
		published := t.params.published(t.names, as)
		out := 0
		for _, c := range g.classes {
			t.count(unit, classes[c], g, published)
			out += classes[c].n
		}
		if published {
			t.out = append(t.out, alike{as, out})
		}
	}
	for _, c := range classes {
		if !t.params.published(t.names, t.text(unit, c.codes)) {
			continue
		}
		t.sum.RowsIn += c.n
		if len(groups) == 0 {
			t.sum.Dropped += c.n
		}
	}
}

// count counts the rows of a class that stands in a group.
func (t *tally) count(unit []string, c class, g group, published bool) {
	if !published {
		if t.params.published(t.names, t.text(unit, c.codes)) {
			t.sum.Elsewhere += c.n
		}
		return
	}
	t.sum.RowsOut += c.n
	if c.n >= t.policy.K {
		t.sum.Common += c.n
	}
	for j, axis := range t.axes {
		l := &t.sum.Columns[j]
		switch g.codes[j] {
		case c.codes[j]:
			l.Kept += c.n
		case 0:
			l.Withheld += c.n
		default:
			l.Coarser += c.n
		}
		l.Penalty += float64(c.n) * axis.penalty(c.codes[j], g.codes[j])
	}
}

func (t *tally) text(unit []string, codes []int32) []string {
	out := slices.Clone(unit)
	for j, axis := range t.axes {
		out = append(out, axis.codes[codes[j]])
	}
	return out
}

// loss is the sum of what was counted.
func (t *tally) loss(rows []Row) Loss {
	l := t.sum
	for i := range l.Columns {
		c := &l.Columns[i]
		c.Share = rounded(float64(c.Kept) / float64(l.RowsOut))
		c.Penalty = rounded(c.Penalty / float64(l.RowsOut))
		l.Penalty += c.Penalty / float64(len(l.Columns))
	}
	l.Penalty = rounded(l.Penalty)
	l.Combinations = len(rows)
	l.Smallest = rows[0].N
	for _, r := range rows {
		l.Smallest = min(l.Smallest, r.N)
		l.Discern += int64(r.N) * int64(r.N)
	}
	l.Discern += int64(l.Dropped+l.Elsewhere) * int64(l.RowsIn)
	l.Alike = []Alike{}
	for _, s := range t.policy.Sensitive {
		l.Alike = append(l.Alike, t.alike(s, rows))
	}
	return l
}

// rounded keeps four decimals, which are the same on every machine.
func rounded(x float64) float64 { return float64(millionths(x)/100) / 1e4 }

// alike finds the sets of rows that are the same but for a sensitive column, and
// the same there too.
func (t *tally) alike(column string, rows []Row) Alike {
	type set struct{ codes, rows, told int }
	a := Alike{Column: column}
	at := slices.Index(t.names, column)
	sets := map[string]*set{}
	for _, r := range rows {
		others := strings.Join(slices.Delete(slices.Clone(r.Codes), at, at+1), " ")
		s := sets[others]
		if s == nil {
			s = &set{}
			sets[others] = s
		}
		s.codes++
		s.rows += r.N
		if c := r.Codes[at]; c != Withheld && !strings.HasPrefix(c, "_") {
			s.told++
		}
	}
	for _, s := range sets {
		if s.codes == 1 && s.told == 1 {
			a.Sets++
			a.Rows += s.rows
		}
	}
	return a
}
