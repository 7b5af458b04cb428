package table

// Best gives the one of several rows that answers for a State, as the regional
// total chooses it: the best grade among its usable cells, then the file
// received last, then the row that stands first. Only the columns cols count.
// false means that no row has a usable cell.
func (t *Table) Best(rows, cols []int, usable func(Cell) bool) (int, bool) {
	var found *addend
	for _, i := range rows {
		a, any := addend{row: i}, false
		for _, col := range cols {
			c := t.Rows[i].Cells[col]
			if !usable(c) {
				continue
			}
			if !any || c.Grade < a.grade {
				a.grade = c.Grade
			}
			a.seq, any = max(a.seq, c.seq), true
		}
		if any && (found == nil || a.better(*found)) {
			found = &a
		}
	}
	if found == nil {
		return 0, false
	}
	return found.row, true
}
