package table

import (
	"context"
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/oas/tipstat/transform/record"
)

//go:embed sql/*.sql
var queries embed.FS

// each runs one of the fixed selects and calls fn for every row.
func (r *Reader) each(ctx context.Context, name string, args []any, fn func(scan func(...any) error) error) error {
	b, err := queries.ReadFile("sql/" + name + ".sql")
	if err != nil {
		return err
	}
	err = r.ask(ctx, string(b), args, func([]string) error { return nil }, func(row []any) error {
		return fn(func(to ...any) error { return put(row, to) })
	})
	if err != nil {
		return fmt.Errorf("%s.sql: %w", name, err)
	}
	return nil
}

type codeKey struct{ list, code string }

// code is one entry of a code list.
type code struct {
	position int
	label    Text
}

// membership is one status of one State in the OAS, from valid_from on.
type membership struct{ status, from, to string }

// vocabulary is what the store knows of words: labels, members, rules.
type vocabulary struct {
	codes   map[codeKey]code
	members map[string][]membership // of the OAS
	groups  map[string][]string     // group of States → its States
	rules   map[string]Text
}

func (r *Reader) vocabulary(ctx context.Context) (*vocabulary, error) {
	v := &vocabulary{codes: map[codeKey]code{}, members: map[string][]membership{}, groups: map[string][]string{}, rules: map[string]Text{}}
	err := r.each(ctx, "vocabulary", nil, func(scan func(...any) error) error {
		var k codeKey
		var c code
		var parent string
		var l [4]string
		if err := scan(&k.list, &k.code, &parent, &c.position, &l[0], &l[1], &l[2], &l[3]); err != nil {
			return err
		}
		c.label = four(l)
		v.codes[k] = c
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = r.each(ctx, "area_group", nil, func(scan func(...any) error) error {
		var group, area string
		var m membership
		if err := scan(&group, &area, &m.status, &m.from, &m.to); err != nil {
			return err
		}
		if group == "OAS" {
			v.members[area] = append(v.members[area], m)
		}
		if !slices.Contains(v.groups[group], area) {
			v.groups[group] = append(v.groups[group], area)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = r.each(ctx, "comparability", nil, func(scan func(...any) error) error {
		var rule string
		var l [4]string
		if err := scan(&rule, &l[0], &l[1], &l[2], &l[3]); err != nil {
			return err
		}
		v.rules[rule] = four(l)
		return nil
	})
	return v, err
}

func four(l [4]string) Text {
	t := Text{}
	for i, lang := range record.Languages {
		t[lang] = l[i]
	}
	return t
}

// label gives the label of a code; the code itself where the list has none.
func (v *vocabulary) label(list, code, lang string) string {
	if c, ok := v.codes[codeKey{list, code}]; ok && c.label[lang] != "" {
		return c.label[lang]
	}
	return code
}

// position orders codes; what no list knows comes last.
func (v *vocabulary) position(list, code string) int {
	if c, ok := v.codes[codeKey{list, code}]; ok {
		return c.position
	}
	return 1 << 30
}

// rule gives the text of a rule of comparability; its id where there is none.
func (v *vocabulary) rule(id, lang string) string {
	if t := v.rules[id][lang]; t != "" {
		return t
	}
	return id
}

// status gives a State's status in the OAS on a day: of those that had begun,
// the one that began last.
func (v *vocabulary) status(area, day string) (membership, bool) {
	all := v.members[area]
	if len(all) == 0 {
		return membership{}, false
	}
	found := all[0]
	for _, m := range all {
		if m.from <= day { // a year alone ("2019") sorts before its days
			found = m
		}
	}
	return found, true
}

// membershipNote says what a reader must know of a State's membership; empty
// for a member that takes part.
func (v *vocabulary) membershipNote(w writer, area, day string) string {
	m, ok := v.status(area, day)
	if !ok || m.status == "member" {
		return ""
	}
	from := ""
	if m.from != "" {
		from = w.word("membership.from", "date", w.date(m.from))
		if len(m.from) == 4 || strings.HasSuffix(m.from, "-01-01") {
			from = w.word("membership.year", "date", m.from[:4])
		}
	}
	return w.word("membership."+m.status, "from", from)
}
