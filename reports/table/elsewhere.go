package table

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/oas/tipstat/transform/record"
)

// elsewhere says in what other way the store holds figures of which the table
// has none: by country and without a total, say. A silence would look like one
// of the States.
func (b *builder) elsewhere(ctx context.Context) error {
	words := b.spec.SQL + fmt.Sprint(b.spec.Bind["indicator"])
	indicators := []string{}
	for k := range b.v.codes {
		if k.list == "CL_INDICATOR" && (strings.Contains(words, "'"+k.code+"'") || strings.Contains(words, `"`+k.code+`"`)) {
			indicators = append(indicators, k.code)
		}
	}
	slices.Sort(indicators)
	list, err := json.Marshal(indicators)
	if err != nil {
		return err
	}
	states, err := b.areas()
	if err != nil {
		return err
	}
	components, err := record.Structure()
	if err != nil {
		return err
	}
	args := []any{sql.Named("indicators", string(list)), sql.Named("states", states)}
	return b.r.each(ctx, "elsewhere", args, func(scan func(...any) error) error {
		var indicator, by string
		var n int
		if err := scan(&indicator, &by, &n); err != nil {
			return err
		}
		var names []string
		for _, id := range strings.Fields(by) {
			i := slices.IndexFunc(components, func(c record.Component) bool { return c.ID == id })
			names = append(names, components[i].Name[b.p.Lang]+" ("+id+")")
		}
		b.general = append(b.general, &draft{kind: "coverage", text: b.w.word("note.elsewhere", "indicator", b.v.label("CL_INDICATOR", indicator, b.p.Lang),
			"code", indicator, "n", b.w.count(n), "by", strings.Join(names, ", "), "rows", strings.ReplaceAll(by, " ", ","))})
		return nil
	})
}
