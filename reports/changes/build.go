package changes

import (
	"context"
	"database/sql"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"github.com/oas/tipstat/reports/table"
)

//go:embed changes.yaml
var changesYAML []byte

//go:embed changes.sql
var changesSQL string

//go:embed submissions.sql
var submissionSQL string

type texts struct {
	Spec  table.Spec            `yaml:"spec"`
	Words map[string]table.Text `yaml:"words"`
}

var load = sync.OnceValues(func() (texts, error) {
	var t texts
	if err := yaml.UnmarshalWithOptions(changesYAML, &t, yaml.Strict()); err != nil {
		return t, fmt.Errorf("changes.yaml: %w", err)
	}
	return t, nil
})

// builder holds what the comparisons of one pack share.
type builder struct {
	words       map[string]table.Text
	lang        string
	version     string
	decimals    int
	p           *Published
	submissions []submission
	years       table.Params // those asked for
}

func (b *builder) say(key string, pairs ...string) string {
	return table.Fill(b.words[key][b.lang], pairs...)
}

// sent says who sent a file, and when; the sources give the agency's name. Where the file was
// there at the last pack, nobody sent anything: what moved the figure is that we read it again.
func (b *builder) sent(s submission) string {
	if s.first > 0 && s.first <= b.p.Manifest.Submission {
		reason := s.reason
		if reason == "" {
			reason = b.say("no_reason")
		}
		return b.say("reread", "agency", s.agency, "file", s.file, "day", table.Date(b.lang, s.day), "again", table.Date(b.lang, s.again), "reason", reason)
	}
	return b.say("sent", "agency", s.agency, "file", s.file, "day", table.Date(b.lang, s.day))
}

// text writes a figure as tables do.
func (b *builder) text(f figure) string {
	if !f.known() && f.text != "" { // bounds are written anew: the last pack may be in another language
		return f.text
	}
	return table.FigureText(b.lang, b.decimals, f.value, f.lower, f.upper, f.status)
}

// difference writes by how much an exact figure moved.
func (b *builder) difference(x, y *float64) string {
	if x == nil || y == nil {
		return ""
	}
	d := *y - *x
	sign := ""
	if d > 0 {
		sign = "+"
	}
	if d == 0 {
		return "0"
	}
	return sign + table.Number(b.lang, d, b.decimals)
}

// Table says what moved between a pack and the tables as they are now, in the
// language of p. Version is that of tipstat. Same input, same table.
func Table(ctx context.Context, db *sql.DB, last *Published, now []*table.Table, p table.Params, version string) (*table.Table, error) {
	t, err := load()
	if err != nil {
		return nil, err
	}
	b := &builder{words: t.Words, lang: p.Lang, version: version, p: last, years: p}
	if b.submissions, err = submissionsOf(ctx, db); err != nil {
		return nil, err
	}
	spec := t.Spec
	spec.SQL, spec.Stub, spec.Notes = changesSQL, slices.Clone(spec.Stub), slices.Clone(spec.Notes)
	titles, areas := map[string]table.Text{}, map[string]table.Text{}
	lines, absent, labels := []map[string]any{}, []string{}, map[string]string{}
	for _, one := range now {
		titles[one.ID] = table.Text{p.Lang: one.Title}
		current, err := taken(one, labels)
		if err != nil {
			return nil, err
		}
		before, err := last.of(one, current, labels)
		if err != nil {
			return nil, err
		}
		if before == nil {
			absent = append(absent, one.Title)
			continue
		}
		b.decimals = one.Decimals
		for _, c := range b.compare(one, before, current) {
			areas[c.f.area] = table.Text{p.Lang: c.f.label}
			l := b.line(c)
			l["place"] = len(lines)
			lines = append(lines, l)
		}
	}
	list, err := json.Marshal(lines)
	if err != nil {
		return nil, err
	}
	spec.Bind = map[string]any{"changes": string(list)}
	spec.Stub[0].Words, spec.Stub[1].Words = titles, areas
	note := func(key string, pairs ...string) {
		spec.Notes = append(spec.Notes, table.Text{p.Lang: b.say(key, pairs...)})
	}
	m := last.Manifest
	meeting := ""
	if m.Meeting != "" {
		meeting = " (" + m.Meeting + ")"
	}
	key := "compared"
	if m.Received == "" {
		key = "compared_nothing"
	}
	note(key, "title", m.Title, "meeting", meeting, "day", table.Date(p.Lang, m.Received))
	if len(absent) > 0 {
		note("absent", "list", strings.Join(absent, b.say("between")))
	}
	p.Since = ""
	return table.Build(ctx, db, spec, p)
}

// line is a change as the select gives it.
func (b *builder) line(c change) map[string]any {
	series := strings.Join(append(append([]string{}, c.f.row...), c.f.column...), " · ")
	before, after := c.before, c.after
	if c.fresh > 0 {
		series = b.say("new", "list", strings.Join(c.f.column, ", "))
		after = b.say("count", "n", table.Number(b.lang, float64(c.fresh), 0))
	}
	return map[string]any{"TABLE": c.table, "REF_AREA": c.f.area, "SERIES": series, "BEFORE": before, "AFTER": after,
		"CHANGE": c.difference, "WHY": strings.Join(c.why, b.say("between")), "SUBMISSION_ID": c.submissions}
}
