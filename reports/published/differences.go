package published

import (
	"math"
	"slices"
	"strings"

	"github.com/oas/tipstat/transform/disclosure/audit"
)

// rowName gives the codes of a line's row, its column left out.
func (r *reader) rowName(rec []string) string {
	var codes []string
	for _, l := range r.levels {
		if l != "COLUMN" {
			codes = append(codes, rec[slices.Index(r.Head, l)])
		}
	}
	return strings.Join(codes, "|")
}

// ofRow takes a figure of a table whose rows hold several: known by its
// observation, or a difference of two others, for later.
func (r *reader) ofRow(rec []string, c audit.Cell, ids []int64, printed bool, line int) error {
	column := r.Get(rec, "COLUMN")
	if of := r.means.Cells[column]; len(of) != 1 {
		return nil
	}
	row := r.rowName(rec)
	if r.rows[row] == nil {
		r.rows[row] = map[string]audit.Ref{}
	}
	if !printed {
		return nil
	}
	c.Obs = r.anonymous(line)
	if len(ids) == 1 {
		c.Obs = ids[0]
	}
	r.p.Cells = append(r.p.Cells, c)
	own := audit.Ref{Obs: c.Obs}
	r.rows[row][column] = own
	if len(ids) > 1 {
		rel := audit.Sum(refs(ids), &own, 0, 0)
		rel.Place = c.Place
		r.p.Relations = append(r.p.Relations, rel)
	}
	return nil
}

// differences adds what is told of the difference of two figures of a row.
func (r *reader) differences(lines [][]string) error {
	for i, rec := range lines {
		of := r.means.Cells[r.Get(rec, "COLUMN")]
		if len(of) != 2 {
			continue
		}
		lower, err := r.number(rec, "LOWER_BOUND")
		if err != nil {
			return err
		}
		upper, err := r.number(rec, "UPPER_BOUND")
		if err != nil {
			return err
		}
		row := r.rows[r.rowName(rec)]
		a, okA := row[of[0]]
		b, okB := row[of[1]]
		if math.IsNaN(lower) || math.IsNaN(upper) || !okA || !okB {
			continue
		}
		rel := audit.Sum([]audit.Ref{a}, &b, 0, 0)
		rel.Lower, rel.Upper = lower, upper
		rel.Place = r.place(i)
		r.p.Relations = append(r.p.Relations, rel)
	}
	return nil
}
