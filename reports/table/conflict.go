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
	err = b.r.each(ctx, "conflicts", []any{sql.Named("ids", ids)}, func(scan func(...any) error) error {
		var id int64
		var derivation, over string
		q, err := scanQuantity(scan, []any{&id, &derivation, &over}, nil)
		if err != nil {
			return err
		}
		shown := b.behind[id]
		if !apart(shown.value, q) {
			return nil
		}
		key := "conflict.second"
		if derivation != shown.text["DERIVATION"] && (derivation == "sum-of-parts" || derivation == "rolled-up") {
			key = "conflict.parts"
			if c := b.p.Control; c != nil && c.Rounding != nil && !c.Rounding.KeepsSums() {
				return nil // parts that were rounded each by itself need not add up
			}
		}
		for _, p := range at[id] {
			c := b.t.Rows[p.row].Cells[p.col]
			column := b.columnName(p.col) + b.component(c, id)
			if k := key + sep + column; slices.Contains(told[p], k) || !c.Figure() {
				continue
			} else {
				told[p] = append(told[p], k)
			}
			all = append(all, conflict{p, b.w.word(key, "column", column, "shown", b.plain(c, shown.value), "other", b.plain(c, q), "over", b.over(over))})
		}
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
	revised := map[place][]*draft{}
	err = b.r.each(ctx, "revisions", []any{sql.Named("ids", ids)}, func(scan func(...any) error) error {
		var id int64
		var file, received string
		q, err := scanQuantity(scan, []any{&id}, []any{&file, &received})
		if err != nil {
			return err
		}
		for _, p := range at[id] {
			r := b.t.Rows[p.row]
			c := r.Cells[p.col]
			old := b.plain(c, q)
			if old == b.plain(c, b.behind[id].value) || (b.spec.Derive != nil && !c.Figure()) {
				continue
			}
			revised[p] = append(revised[p], &draft{kind: "revision", mark: "r", text: b.w.word("note.revised", "row", b.rowName(r),
				"column", b.columnName(p.col)+b.component(c, id), "old", old, "file", file, "date", b.w.date(received))})
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i := range b.t.Rows {
		for j := range b.t.Rows[i].Cells {
			for _, d := range revised[place{i, j}] {
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

// plain writes a figure behind a cell: as the cell would, or without the
// decimals of what is made from it.
func (b *builder) plain(c Cell, q quantity) string {
	w := b.w
	if b.spec.Derive != nil || len(c.ObsIDs) > 1 {
		w.decimals = 0
	}
	text, _ := q.text(w)
	return text
}
