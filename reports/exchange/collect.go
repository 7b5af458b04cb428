package exchange

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/oas/tipstat/reports/query"
	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/codelist"
)

// Export is what the store has of a form, and what it has not.
type Export struct {
	Form    *Form      `json:"-"`
	Columns []string   `json:"columns"`
	Rows    [][]string `json:"rows"`
	Missing []Missing  `json:"missing"` // parts of questions without any figure
	// Withheld are those of which a figure was reported, and none is told.
	Withheld []Missing `json:"withheld"`
	LeftOut  []LeftOut `json:"left_out"`
	Several  []Choice  `json:"several"`
	States   []string  `json:"-"`
	From     int       `json:"from"`
	To       int       `json:"to"`
	Updated  string    `json:"updated"` // YYYY-MM-DD, of the newest file behind a row
	// Working says that the figures have not passed disclosure control; empty: they have.
	Working string `json:"working,omitempty"`

	set  *codelist.Set
	lang string
	have map[string]bool     // State, year, question, category, cell: there is a row
	read map[string][]string // the same: what stands there instead of a figure
	kept map[string]bool     // the same: a figure is there and withheld

	parts map[string]int // how many parts a question has, by its label
}

// Missing is a part of a question that the store has no figure for, or none that
// may be told.
type Missing struct {
	Area     string `json:"area"`
	State    string `json:"state"`
	Year     int    `json:"year"`
	Question string `json:"question"`
	Category string `json:"category,omitempty"`
	Ask      string `json:"ask"`
	Label    string `json:"label"`
	Found    string `json:"found,omitempty"` // what stands there instead: nc, c, ≥7, …

	whole string // label of the question
	place int    // of the part in the form
}

// LeftOut is a figure that the form has no way to say.
type LeftOut struct {
	Area     string `json:"area"`
	Year     int    `json:"year"`
	Question string `json:"question"`
	Category string `json:"category"`
	Sex      string `json:"sex"`
	Age      string `json:"age"`
	Text     string `json:"text"`
}

// Choice says which of several series of a State answers a question.
type Choice struct {
	Area     string   `json:"area"`
	Year     int      `json:"year"`
	Question string   `json:"question"`
	Category string   `json:"category,omitempty"`
	Taken    string   `json:"taken"`
	Over     []string `json:"over"`
}

// figure is one figure that goes into the form.
type figure struct {
	q              *Question
	area           string
	year           int
	category       string
	sex, age       string
	cell           table.Cell
	row            table.Row
	file, received string
}

// Make collects what a form asks for. Lang is the language of labels.
func Make(ctx context.Context, db *sql.DB, set *codelist.Set, f *Form, p table.Params) (*Export, error) {
	e := &Export{Form: f, Columns: f.Columns, Rows: [][]string{}, Missing: []Missing{}, Withheld: []Missing{}, LeftOut: []LeftOut{}, Several: []Choice{}, set: set, lang: p.Lang,
		From: p.FromYear, To: p.ToYear, have: map[string]bool{}, read: map[string][]string{}, kept: map[string]bool{}, parts: map[string]int{}}
	if e.lang == "" {
		e.lang = "en"
	}
	if e.From == 0 {
		b, err := files.ReadFile("years.sql")
		if err != nil {
			return nil, err
		}
		if err := db.QueryRowContext(ctx, string(b)).Scan(&e.From, &e.To); err != nil {
			return nil, fmt.Errorf("years.sql: %w", err)
		}
	}
	// What the form says is in its own words; only labels for people are in the language.
	p.Lang, p.FromYear, p.ToYear = "en", max(1, e.From), max(1, e.To)
	if p.Control == nil {
		e.Working = p.Release()
	}
	for i := range f.Questions {
		if err := e.question(ctx, db, &f.Questions[i], p); err != nil {
			return nil, fmt.Errorf("question %s: %w", f.Questions[i].ID, err)
		}
	}
	if e.From > 0 {
		e.lacking()
	}
	return e, nil
}

// ask makes the question of reports/query that a form's question is.
func (f *Form) ask(q *Question) query.Question {
	out := query.Question{Measures: []string{q.Indicator}, Rows: []string{"REF_AREA", "TIME_PERIOD"}, Where: slices.Clone(q.Where)}
	if q.Category != "" {
		out.Columns = append(out.Columns, q.Category)
	}
	if q.Beside != "" {
		out.Columns = append(out.Columns, q.Beside)
	}
	if codes := slices.Sorted(maps.Keys(q.Categories)); len(codes) > 0 {
		out.Where = append(out.Where, q.Category+"="+strings.Join(codes, "+"))
	}
	if f.bySexAge(*q) {
		out.Columns = append(out.Columns, "SEX", "AGE")
		out.Where = append(out.Where, "SEX="+strings.Join(f.codesOf(*q, 0), "+"), "AGE="+strings.Join(f.codesOf(*q, 1), "+"))
	}
	return out
}

// question builds the table of one question, chooses a series for each State
// and year, and takes its figures.
func (e *Export) question(ctx context.Context, db *sql.DB, q *Question, p table.Params) error {
	spec, err := query.Spec(e.set, e.Form.ask(q))
	if err != nil {
		return err
	}
	spec.Total = nil
	t, err := table.Build(ctx, db, spec, p)
	if err != nil {
		return err
	}
	files := map[string]table.Source{}
	for _, s := range t.Sources {
		files[s.SubmissionID] = s
	}
	yearAt := slices.IndexFunc(t.Stub, func(h table.Heading) bool { return h.Codes[0] == "REF_YEAR" })
	type group struct {
		area string
		year int
	}
	rows := map[group][]int{}
	var order []group
	for i, r := range t.Rows {
		if !slices.Contains(e.States, r.Area) {
			e.States = append(e.States, r.Area)
		}
		var g group
		if g.area = r.Area; r.Kind != table.SeriesRow {
			continue
		}
		if _, err := fmt.Sscan(r.Stub[yearAt].Code, &g.year); err != nil {
			return fmt.Errorf("year %q: %w", r.Stub[yearAt].Code, err)
		}
		if rows[g] == nil {
			order = append(order, g)
		}
		rows[g] = append(rows[g], i)
	}
	slices.SortStableFunc(order, func(x, y group) int {
		if n := strings.Compare(x.area, y.area); n != 0 {
			return n
		}
		return x.year - y.year
	})
	for _, g := range order {
		for _, category := range e.categories(*q) {
			e.answer(q, t, rows[g], g.area, g.year, category, files)
		}
	}
	return nil
}

// answer takes the figures of the best of several rows; where none has any, it
// keeps what stands there instead. Category is one that is asked for by itself.
func (e *Export) answer(q *Question, t *table.Table, rows []int, area string, year int, category string, files map[string]table.Source) {
	places := slices.DeleteFunc(e.places(q, t, area), func(w wanted) bool { return category != "" && w.category != category })
	cols := make([]int, len(places))
	for i, w := range places {
		cols[i] = w.col
	}
	// A series is not passed over because the form can't say its figure.
	best, ok := t.Best(rows, cols, table.Cell.Figure)
	if !ok {
		for _, i := range rows {
			e.take(q, t, i, area, year, places, files)
		}
		return
	}
	e.take(q, t, best, area, year, places, files)
	c := Choice{Area: area, Year: year, Question: q.ID, Category: q.Categories[category], Taken: seriesName(t.Rows[best])}
	for _, i := range rows {
		if _, ok := t.Best([]int{i}, cols, table.Cell.Figure); ok && i != best {
			c.Over = append(c.Over, seriesName(t.Rows[i]))
		}
	}
	if len(c.Over) > 0 {
		e.Several = append(e.Several, c)
	}
}

func seriesName(r table.Row) string {
	return strings.Join([]string{r.SourceAgency, r.CountingUnit, r.VictimStatus}, " ")
}

// take takes the figures of one row.
func (e *Export) take(q *Question, t *table.Table, row int, area string, year int, places []wanted, files map[string]table.Source) {
	r := t.Rows[row]
	for _, want := range places {
		c := r.Cells[want.col]
		if c.Text == ".." && len(c.ObsIDs) == 0 {
			continue
		}
		key := e.key(area, year, q.ID, want.category, want.sex+" "+want.age)
		if e.have[key] {
			continue // own nationals come before those that are not told
		}
		if _, ok := e.Form.value(c); !ok {
			e.read[key] = append(e.read[key], c.Text)
			e.kept[key] = e.kept[key] || c.Withheld()
			if c.Figure() {
				e.LeftOut = append(e.LeftOut, LeftOut{area, year, q.ID, want.category, want.sex, want.age, c.Text})
			}
			continue
		}
		e.have[key] = true
		src := files[c.SubmissionID]
		e.Updated = max(e.Updated, src.Received)
		e.Rows = append(e.Rows, e.Form.row(e, figure{q: q, area: area, year: year, category: want.category, sex: want.sex, age: want.age,
			cell: c, row: r, file: src.File, received: src.Received}))
	}
}

// wanted is a column of the table that the form asks for.
type wanted struct {
	col                int
	category, sex, age string
}

// places finds the columns of a question, in the order of the form.
func (e *Export) places(q *Question, t *table.Table, area string) []wanted {
	var out []wanted
	for j, h := range t.Columns {
		w := wanted{col: j, sex: "_T", age: "_T"}
		ok := true
		for i, level := range t.Levels {
			code := h.Codes[i]
			switch level {
			case "SEX":
				w.sex = code
			case "AGE":
				w.age = code
			case q.Category:
				w.category = code
				ok = ok && (len(q.Categories) > 0 || code != "_T" && code != "_Z")
			case q.Beside:
				ok = ok && slices.Contains([]string{area, "_T", "_Z"}, code)
			}
		}
		if ok && slices.Contains(e.Form.Cells[q.Cells], w.sex+" "+w.age) {
			out = append(out, w)
		}
	}
	if q.Beside != "" {
		own := func(w wanted) int {
			if slices.Contains(t.Columns[w.col].Codes, area) {
				return 0
			}
			return 1
		}
		slices.SortStableFunc(out, func(x, y wanted) int { return own(x) - own(y) })
	}
	return out
}

func (e *Export) key(area string, year int, question, category, cell string) string {
	return fmt.Sprint(area, "|", year, "|", question, "|", category, "|", cell)
}
