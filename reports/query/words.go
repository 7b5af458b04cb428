package query

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/record"
)

// heading names a concept in the four languages.
func (b *builder) heading(concept string) table.Text {
	if t := b.Names[column(concept)]; t != nil {
		return t
	}
	return b.concepts[concept].Name
}

// label gives the label of a code in the four languages.
func (b *builder) label(list, code string) table.Text {
	t := table.Text{}
	l, _ := b.set.List(list)
	for _, lang := range record.Languages {
		t[lang] = code
		if c, ok := l.Code(code); ok {
			t[lang] = c.Name[lang]
		}
	}
	return t
}

// title says what is asked: the measures, by what, only for what.
func (b *builder) title() table.Text {
	t := table.Text{}
	for _, lang := range record.Languages {
		var measures, by, where []string
		for i, m := range b.measures {
			label := b.label("CL_INDICATOR", m)[lang]
			if i > 0 {
				label = small(label)
			}
			measures = append(measures, label)
		}
		for _, c := range slices.Concat(b.rows, b.columns) {
			name := b.heading(c)[lang]
			if c == measure {
				continue // it leads the title
			}
			if !slices.Contains(b.Capital, c) {
				name = small(name)
			}
			by = append(by, name)
		}
		for _, c := range b.named {
			if b.shows(c) {
				continue // the headings say it
			}
			var codes []string
			for _, code := range b.where[c] {
				codes = append(codes, b.label(b.concepts[c].Codelist, code)[lang])
			}
			where = append(where, fill(b.Equals[lang], "concept", b.heading(c)[lang], "codes", strings.Join(codes, ", ")))
		}
		t[lang] = fill(b.Title[lang], "measures", b.join(lang, measures), "by", b.join(lang, by))
		if len(where) > 0 {
			t[lang] = fill(b.Narrowed[lang], "title", t[lang], "where", strings.Join(where, b.Between[lang]))
		}
	}
	return t
}

// join writes a list as the language does: a, b and c.
func (b *builder) join(lang string, list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	last := len(list) - 1
	return strings.Join(list[:last], ", ") + " " + b.And[lang] + " " + list[last]
}

// small writes the first letter small.
func small(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[n:]
}

func fill(s string, pairs ...string) string {
	var args []string
	for i := 0; i+1 < len(pairs); i += 2 {
		args = append(args, "{"+pairs[i]+"}", pairs[i+1])
	}
	return strings.NewReplacer(args...).Replace(s)
}
