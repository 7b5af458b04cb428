package template

import (
	"context"
	"database/sql"
	_ "embed" // last.sql
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/oas/tipstat/transform/record"
)

// Last is what a State said in the form of an earlier year. It is shown in the
// next one for reference, and its definitions stand there until they change.
type Last struct {
	Year    int
	figures []map[string]string // by component; OBS_VALUE as it is shown
	answers map[string]string   // "victims.COVERAGE" → code, or the text of LEGAL_ARTICLE; "fiscal" → month
}

// Empty tells whether the store has no form of that year.
func (l *Last) Empty() bool { return l == nil || len(l.figures) == 0 }

//go:embed last.sql
var lastSQL string

// ReadLast reads the form of a year from a store.
func (f *Form) ReadLast(ctx context.Context, db *sql.DB, refArea string, year int) (l *Last, err error) {
	rows, err := db.QueryContext(ctx, lastSQL, f.ID, refArea, strconv.Itoa(year))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	names := []string{"breakdown", "INDICATOR", "SEX", "AGE", "EXPLOITATION", "CITIZENSHIP", "ORIGIN", "TRANSIT", "DESTINATION",
		"VICTIM_STATUS", "IDENTIFIED_BY", "COVERAGE", "LEGAL_ARTICLE", "TIME_PERIOD"}
	l = &Last{Year: year, answers: map[string]string{}}
	for rows.Next() {
		var value sql.NullFloat64
		texts := make([]string, len(names))
		var into []any
		for i := range texts {
			if names[i] == "VICTIM_STATUS" {
				into = append(into, &value)
			}
			into = append(into, &texts[i])
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		fig := map[string]string{}
		for i, name := range names {
			fig[name] = texts[i]
		}
		if value.Valid {
			fig["OBS_VALUE"] = record.FormatNumber(value.Float64)
		}
		l.figures = append(l.figures, fig)
		l.said(f, fig)
	}
	return l, rows.Err()
}

// said takes the definitions from a figure.
func (l *Last) said(f *Form, fig map[string]string) {
	for _, s := range f.Sheets {
		for _, t := range s.Tables {
			if t.ID != fig["breakdown"] {
				continue
			}
			for _, a := range s.Attributes {
				_, fixed := t.Concepts[a]
				if v := fig[a]; !fixed && v != "" && v != "_U" && v != "_Z" {
					l.answers[s.ID+"."+a] = v
				}
			}
		}
	}
	if p := fig["TIME_PERIOD"]; len(p) > 7 && p[4] == '-' {
		l.answers["fiscal"] = p[5:7]
	}
}

// total gives last year's figure of a row: its total where the table has one.
func (l *Last) total(t *Table, row map[string]string) (string, bool) {
	want := maps.Clone(row)
	if c := t.Columns; c.Total != "" {
		want[c.Concept] = c.Total
	}
	for _, fig := range l.figures {
		if fig["breakdown"] != t.ID || fig["OBS_VALUE"] == "" {
			continue
		}
		same := true
		for _, concept := range []string{"INDICATOR", "SEX", "AGE", "EXPLOITATION", "CITIZENSHIP", "ORIGIN", "TRANSIT", "DESTINATION"} {
			code := want[concept]
			if code == "" {
				code = t.Concepts[concept]
			}
			if code == "" {
				code = "_T"
			}
			same = same && fig[concept] == code
		}
		if same {
			return fig["OBS_VALUE"], true
		}
	}
	return "", false
}

// chosen gives the choices of the open rows of a table last year, the largest
// figure first.
func (l *Last) chosen(t *Table) (rows []map[string]string) {
	seen := map[string]bool{}
	for _, fig := range l.figures {
		if fig["breakdown"] != t.ID || fig["OBS_VALUE"] == "" {
			continue
		}
		row, key := map[string]string{}, []string{}
		whole := true
		for _, c := range t.Rows.Concepts {
			whole = whole && (fig[c] != "_T" || c == "TRANSIT")
			row[c] = fig[c]
			key = append(key, fig[c])
		}
		if k := strings.Join(key, " "); whole && !seen[k] {
			seen[k] = true
			rows = append(rows, row)
		}
	}
	slices.SortStableFunc(rows, func(a, b map[string]string) int {
		return l.number(t, b) - l.number(t, a)
	})
	return rows
}

func (l *Last) number(t *Table, row map[string]string) int {
	s, _ := l.total(t, row)
	n, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0
	}
	return int(n)
}
