package table

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"github.com/oas/tipstat/transform/record"
)

// conflicts notes, once a row, where a source does not agree with itself: for
// a cell the first way in which its parts add up to something else, and the
// first other total. The findings of the submission list them all.
func (b *builder) conflicts(ctx context.Context) error {
	at, ids, err := b.places()
	if err != nil {
		return err
	}
	type conflict struct {
		place
		text string
	}
	var all []conflict
	told := map[place][]string{}
	err = each(ctx, b.db, "conflicts", []any{sql.Named("ids", ids)}, func(scan func(...any) error) error {
		var id int64
		var derivation, over string
		q, err := scanQuantity(scan, []any{&id, &derivation, &over}, nil)
		if err != nil {
			return err
		}
		p := at[id]
		c := b.t.Rows[p.row].Cells[p.col]
		if !c.Figure() || !apart(c.quantity(), q) {
			return nil
		}
		key := "conflict.second"
		if derivation != c.Derivation && (derivation == "sum-of-parts" || derivation == "rolled-up") {
			key = "conflict.parts"
		}
		if slices.Contains(told[p], key) {
			return nil
		}
		told[p] = append(told[p], key)
		other, _ := q.text(b.w)
		all = append(all, conflict{p, b.w.word(key, "column", b.columnName(p.col), "shown", c.Text, "other", other, "over", b.over(over))})
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortStableFunc(all, func(x, y conflict) int {
		if x.row != y.row {
			return x.row - y.row
		}
		return x.col - y.col
	})
	for i := 0; i < len(all); {
		j := i
		var list []string
		for ; j < len(all) && all[j].row == all[i].row; j++ {
			if !slices.Contains(list, all[j].text) {
				list = append(list, all[j].text)
			}
		}
		d := b.draft("conflict", b.w.word("note.conflict", "list", strings.Join(list, "; ")))
		for _, c := range all[i:j] {
			b.mark(&b.t.Rows[c.row].Cells[c.col].notes, d)
		}
		i = j
	}
	return nil
}

// over names the dimensions over which parts were added.
func (b *builder) over(columns string) string {
	components, err := record.Structure()
	if err != nil {
		return ""
	}
	var list []string
	for _, c := range components {
		if c.Role == "dimension" && c.ID != "TIME_PERIOD" && slices.Contains(strings.Split(columns, ","), c.ID) {
			list = append(list, c.Name[b.p.Lang])
		}
	}
	if len(list) == 0 {
		return ""
	}
	return " (" + strings.Join(list, ", ") + ")"
}

// revisions marks what an older file said otherwise.
func (b *builder) revisions(ctx context.Context) error {
	at, ids, err := b.places()
	if err != nil {
		return err
	}
	revised := map[place]*draft{}
	err = each(ctx, b.db, "revisions", []any{sql.Named("ids", ids)}, func(scan func(...any) error) error {
		var id int64
		var file, received string
		q, err := scanQuantity(scan, []any{&id}, []any{&file, &received})
		if err != nil {
			return err
		}
		p := at[id]
		old, _ := q.text(b.w)
		if old == b.t.Rows[p.row].Cells[p.col].Text {
			return nil
		}
		revised[p] = &draft{kind: "revision", mark: "r", text: b.w.word("note.revised", "row", b.rowName(b.t.Rows[p.row]),
			"column", b.columnName(p.col), "old", old, "file", file, "date", b.w.date(received))}
		return nil
	})
	if err != nil {
		return err
	}
	for i := range b.t.Rows {
		for j := range b.t.Rows[i].Cells {
			if d := revised[place{i, j}]; d != nil {
				b.symbols["r"] = true
				b.mark(&b.t.Rows[i].Cells[j].notes, d)
				b.lettered = append(b.lettered, d)
			}
		}
	}
	return nil
}

// scanQuantity reads a row whose columns are before, a quantity, after.
func scanQuantity(scan func(...any) error, before, after []any) (quantity, error) {
	var q quantity
	var n, l, u sql.NullFloat64
	var mult int
	dest := append(slices.Clone(before), &n, &l, &u, &q.status, &q.missing, &mult)
	if err := scan(append(dest, after...)...); err != nil {
		return q, err
	}
	for _, f := range []struct {
		from sql.NullFloat64
		to   **float64
	}{{n, &q.number}, {l, &q.lower}, {u, &q.upper}} {
		if f.from.Valid {
			v := f.from.Float64
			*f.to = &v
		}
	}
	return q.scaled(mult), nil
}

// quantity gives what a cell says as bounds.
func (c Cell) quantity() quantity { return quantity{lower: c.Lower, upper: c.Upper, status: c.Status} }
