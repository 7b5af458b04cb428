package table

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	colArea   = "REF_AREA"
	colYear   = "REF_YEAR"
	colAgency = "SOURCE_AGENCY"
	colLayout = "LAYOUT"
	colUnit   = "COUNTING_UNIT"
	colVictim = "VICTIM_STATUS"

	colOrigin, colDestination = "ORIGIN", "DESTINATION"
)

// observation is one row of a table's select. Every column is in text, by its
// name in capitals; the numbers are beside it.
type observation struct {
	text    map[string]string
	value   quantity
	id, seq int64
	year    int
	grade   string
	reasons []string
	other   []int64       // the observations that a derived figure needs beside this one
	parts   []observation // those that a derived figure is made from
}

// needed are the columns that a select of figures must give.
var needed = []string{"OBS_ID", "SUBMISSION_ID", "FREQ", colArea, "INDICATOR", "TIME_PERIOD", colYear, "OBS_VALUE", "LOWER_BOUND",
	"UPPER_BOUND", "UNIT_MULT", "OBS_STATUS", colUnit, colVictim, "IDENTIFIED_BY", "COVERAGE", "LEGAL_ARTICLE",
	"PERIOD_AS_REPORTED", colAgency, "COMMENT_OBS", "DERIVATION", "N_MISSING", "GRADE", "GRADE_REASONS", colLayout, "SEQ"}

// records runs a table's select and gives its rows as text by column, and the
// values as DuckDB gave them. Only the parameters that the select names are passed.
func (r *Reader) records(ctx context.Context, spec Spec, params map[string]any, want []string,
	fn func(text map[string]string, raw map[string]any) error) error {
	named := map[string]bool{}
	for _, m := range sqlParam.FindAllStringSubmatch(sqlComment.ReplaceAllString(spec.SQL, ""), -1) {
		named[m[1]] = true
	}
	var args []any
	for name, v := range params {
		if named[name] {
			args = append(args, sql.Named(name, v))
		}
	}
	slices.SortFunc(args, func(x, y any) int { return strings.Compare(x.(sql.NamedArg).Name, y.(sql.NamedArg).Name) })
	var names []string
	err := r.ask(ctx, spec.SQL, args, func(columns []string) error {
		for _, n := range columns {
			names = append(names, strings.ToUpper(n))
		}
		for _, n := range want {
			if !slices.Contains(names, n) {
				return fmt.Errorf("its select gives no column %s", n)
			}
		}
		return nil
	}, func(row []any) error {
		text, byName := make(map[string]string, len(names)), make(map[string]any, len(names))
		for i, n := range names {
			text[n], byName[n] = asText(row[i]), row[i]
		}
		return fn(text, byName)
	})
	if err != nil {
		return fmt.Errorf("table %s: %w", spec.ID, err)
	}
	return nil
}

// observations reads the figures of a table over all years.
func (b *builder) observations(ctx context.Context) ([]observation, error) {
	states, err := b.areas()
	if err != nil {
		return nil, err
	}
	spec := b.spec
	want := slices.Clone(needed)
	for _, c := range spec.Stub {
		want = append(want, strings.ToUpper(c.Column))
	}
	for _, l := range spec.Columns {
		want = append(want, strings.ToUpper(l.From))
	}
	if spec.Derive != nil {
		want = append(want, colOther)
	}
	params := map[string]any{"states": states, "from_year": 0, "to_year": 9999}
	maps.Copy(params, spec.Bind)
	var out []observation
	err = b.r.records(ctx, spec, params, want, func(text map[string]string, raw map[string]any) error {
		o := newObservation(text, raw)
		o.other = integers(asTexts(raw[colOther]))
		out = append(out, o)
		return nil
	})
	return out, err
}

func newObservation(text map[string]string, raw map[string]any) observation {
	o := observation{text: text, id: integer(raw["OBS_ID"]), seq: integer(raw["SEQ"]), year: int(integer(raw[colYear])), grade: text["GRADE"]}
	o.value = quantity{number: float(raw["OBS_VALUE"]), lower: float(raw["LOWER_BOUND"]), upper: float(raw["UPPER_BOUND"]),
		status: text["OBS_STATUS"], missing: integer(raw["N_MISSING"])}.scaled(int(integer(raw["UNIT_MULT"])))
	if l, ok := raw["GRADE_REASONS"].([]any); ok {
		for _, r := range l {
			o.reasons = append(o.reasons, asText(r))
		}
	} else if s := text["GRADE_REASONS"]; s != "" {
		o.reasons = strings.Split(s, ",")
	}
	return o
}

func asText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case time.Time:
		return v.Format("2006-01-02")
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

func integer(v any) int64 {
	switch v := v.(type) {
	case int64:
		return v
	case int32:
		return int64(v)
	case int16:
		return int64(v)
	case int:
		return int64(v)
	case float64:
		return int64(v)
	}
	return 0
}

func float(v any) *float64 {
	if f, ok := v.(float64); ok && !math.IsNaN(f) && !math.IsInf(f, 0) {
		return &f
	}
	return nil
}

// quantity is what is known of a figure.
type quantity struct {
	number, lower, upper *float64
	status               string
	missing              int64
}

func (q quantity) scaled(mult int) quantity {
	if mult == 0 {
		return q
	}
	by := math.Pow10(mult)
	for _, p := range []**float64{&q.number, &q.lower, &q.upper} {
		if *p != nil {
			f := **p * by
			*p = &f
		}
	}
	return q
}

// bounds gives the closed interval in which the figure lies; nil is unknown.
// Missing parts leave the upper end open; a sum of nothing but missing parts
// is no figure.
func (q quantity) bounds() (lower, upper *float64) {
	switch {
	case q.number != nil && q.missing == 0:
		return q.number, q.number
	case q.number != nil:
		lower = q.number
	default:
		lower, upper = q.lower, q.upper
	}
	if q.missing > 0 {
		upper = nil
		if lower != nil && *lower == 0 { // "at least none" says nothing
			lower = nil
		}
	}
	return lower, upper
}

// withheld tells whether the figure is there and not told: a table shows it as
// "c". It was reported, and whoever says that it was not is wrong.
func (q quantity) withheld() bool {
	lower, upper := q.bounds()
	return lower == nil && upper == nil && q.status == "Q"
}

// text writes the quantity as a table shows it, with the symbol to explain.
func (q quantity) text(w writer) (text, symbol string) {
	lower, upper := q.bounds()
	switch {
	case lower != nil && upper != nil && *lower == *upper:
		if *lower == 0 {
			return "-", "-"
		}
		return w.number(*lower), ""
	case lower != nil && upper != nil:
		return w.number(*lower) + "–" + w.number(*upper), "range"
	case lower != nil:
		return "≥" + w.number(*lower), "atleast"
	case upper != nil:
		return "≤" + w.number(*upper), "atmost"
	}
	switch q.status {
	case "M":
		return "...", "..."
	case "L":
		return "nc", "nc"
	case "Q":
		return "c", "c"
	}
	return "..", ".."
}

// apart tells whether two quantities can't be the same figure.
func apart(a, b quantity) bool {
	al, au := a.bounds()
	bl, bu := b.bounds()
	if (al == nil && au == nil) || (bl == nil && bu == nil) {
		return false
	}
	return (au != nil && bl != nil && *au < *bl) || (bu != nil && al != nil && *bu < *al)
}

// annual tells whether the observation covers a year.
func (o observation) annual() (span, bool) {
	s, ok := parsePeriod(o.text["TIME_PERIOD"])
	return s, ok && o.text["FREQ"] == "A" && s.months == 12
}
