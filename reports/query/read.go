package query

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/oas/tipstat/transform/codelist"
)

func (b *builder) readMeasures(q Question) error {
	for _, m := range q.Measures {
		code, err := b.code("CL_INDICATOR", m)
		if err != nil {
			return fmt.Errorf("--measure: %w", err)
		}
		if !slices.Contains(b.measures, code) {
			b.measures = append(b.measures, code)
		}
	}
	if len(b.measures) == 0 {
		return errors.New("--measure is missing: name one or several of tipstat codes CL_INDICATOR, such as VICTIMS_DETECTED")
	}
	return nil
}

// readPlaces settles what stands in the rows and what in the columns.
func (b *builder) readPlaces(q Question) error {
	for _, part := range []struct {
		flag  string
		names []string
		to    *[]string
	}{{"--rows", q.Rows, &b.rows}, {"--columns", q.Columns, &b.columns}} {
		for _, name := range part.names {
			c, err := b.concept(name)
			if err != nil {
				return fmt.Errorf("%s: %w", part.flag, err)
			}
			if b.shows(c) {
				return fmt.Errorf("%s: %s is named twice: a concept stands in the rows or in the columns", part.flag, c)
			}
			if part.to == &b.columns && c == area {
				return fmt.Errorf("--columns: %s stands in the rows, so that a State without figures has its row too", c)
			}
			if part.to == &b.columns && b.concepts[c].Role != "dimension" {
				return fmt.Errorf("--columns: %s tells series apart and stands in the rows: --rows %s,%s", c, area, c)
			}
			*part.to = append(*part.to, c)
		}
	}
	if i := slices.Index(b.rows, area); i > 0 {
		return fmt.Errorf("--rows: %s comes first, since each State has its rows", area)
	}
	if !b.shows(area) {
		b.rows = append([]string{area}, b.rows...)
	}
	if !b.shows(period) {
		b.columns = append(b.columns, period)
	}
	if len(b.measures) > 1 && !b.shows(measure) {
		b.columns = append(b.columns, measure)
	}
	if len(b.columns) == 0 { // all is in the rows: one column, with the measure as its heading
		b.columns = []string{measure}
	}
	return nil
}

func (b *builder) readWhere(q Question) error {
	for _, w := range q.Where {
		name, value, ok := strings.Cut(w, "=")
		if !ok || strings.TrimSpace(value) == "" {
			return fmt.Errorf("--where %s: want CONCEPT=CODE, such as AGE=Y0T17; several codes are joined by +", w)
		}
		c, err := b.concept(name)
		if err != nil {
			return fmt.Errorf("--where: %w", err)
		}
		if instead := map[string]string{area: "--states", period: "--years", measure: "--measure"}[c]; instead != "" {
			return fmt.Errorf("--where %s: use %s", w, instead)
		}
		for _, v := range strings.Split(value, "+") {
			code, err := b.code(b.concepts[c].Codelist, v)
			if err != nil {
				return fmt.Errorf("--where %s: %w", c, err)
			}
			if !slices.Contains(b.where[c], code) {
				b.where[c] = append(b.where[c], code)
			}
		}
		if !slices.Contains(b.named, c) {
			b.named = append(b.named, c)
		}
	}
	return nil
}

// checkTogether finds what can't stand in one table.
func (b *builder) checkTogether(Question) error {
	unit := b.unit(b.measures[0])
	for _, m := range b.measures[1:] {
		if u := b.unit(m); u != unit {
			return fmt.Errorf("--measure: %s is in %s and %s in %s: one table holds one unit; ask for them apart", b.measures[0], unit, m, u)
		}
	}
	for _, c := range b.named {
		if len(b.where[c]) > 1 && b.concepts[c].Role == "dimension" && !b.shows(c) {
			return fmt.Errorf("--where %s has several codes, whose figures would share a cell: put %s into --rows or --columns", c, c)
		}
	}
	return nil
}

// concept finds a concept by its name, in whatever letters.
func (b *builder) concept(name string) (string, error) {
	id := strings.ToUpper(strings.TrimSpace(name))
	if id == year {
		return period, nil
	}
	all := Concepts()
	if slices.Contains(all, id) {
		return id, nil
	}
	if _, ok := b.concepts[id]; ok {
		return "", fmt.Errorf("%s can't be asked for; want one of %s", id, strings.Join(all, ", "))
	}
	if near := codelist.Nearest(id, all, 1); len(near) > 0 {
		return "", fmt.Errorf("no concept %q; the nearest is %s", name, near[0])
	}
	return "", fmt.Errorf("no concept %q; want one of %s", name, strings.Join(all, ", "))
}

// code finds a code of a list, in whatever letters; labels are not taken, so
// that a question means the same in every language.
func (b *builder) code(list, text string) (string, error) {
	text = strings.TrimSpace(text)
	l, ok := b.set.List(list)
	if !ok {
		return "", fmt.Errorf("no code list %q", list)
	}
	for _, id := range []string{text, strings.ToUpper(text)} {
		if _, ok := l.Code(id); ok {
			return id, nil
		}
	}
	if near := b.set.Near(list, text, 3); len(near) > 0 {
		return "", fmt.Errorf("%q is not in %s; nearest: %s", text, list, strings.Join(near, ", "))
	}
	return "", fmt.Errorf("%q is not in %s; tipstat codes %s shows the codes", text, list, list)
}
