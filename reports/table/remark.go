package table

import (
	"context"
	"database/sql"
	"slices"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// remarks notes what those who sent the figures say of them, in their words: at
// the row where it is about all its figures, at the cells otherwise.
func (b *builder) remarks(ctx context.Context) error {
	at, ids, err := b.places()
	if err != nil {
		return err
	}
	said := map[int]map[string][]int{} // row → remark → columns
	order := map[int][]string{}
	err = b.r.each(ctx, "remarks", []any{sql.Named("ids", ids)}, func(scan func(...any) error) error {
		var id int64
		var lang, text string
		if err := scan(&id, &lang, &text); err != nil {
			return err
		}
		remark := b.w.word("note.remark", "row", b.v.label("CL_AREA", b.behind[id].text[colArea], b.p.Lang), "text", text, "lang", b.in(lang))
		for _, p := range at[id] {
			if said[p.row] == nil {
				said[p.row] = map[string][]int{}
			}
			if said[p.row][remark] == nil {
				order[p.row] = append(order[p.row], remark)
			}
			if !slices.Contains(said[p.row][remark], p.col) {
				said[p.row][remark] = append(said[p.row][remark], p.col)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i := range b.t.Rows {
		r := &b.t.Rows[i]
		shown := 0
		for _, c := range r.Cells {
			if len(c.ObsIDs) > 0 {
				shown++
			}
		}
		for _, remark := range order[i] {
			d, cols := b.draft("remark", remark), said[i][remark]
			if len(cols) == shown && shown > 1 {
				b.mark(&r.notes, d)
				continue
			}
			for _, col := range cols {
				b.mark(&r.Cells[col].notes, d)
			}
		}
	}
	return nil
}

// in says in which language a remark is, where it is not the table's own.
func (b *builder) in(lang string) string {
	tag, err := language.Parse(lang)
	if err != nil || lang == b.p.Lang {
		return ""
	}
	return b.w.word("note.language", "lang", display.Languages(numberTags[b.p.Lang]).Name(tag))
}
