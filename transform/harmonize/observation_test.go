package harmonize_test

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/oas/tipstat/transform/harmonize"
	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/store"
)

// observation is a row of the table observation.
type observation struct {
	id                               int64
	text                             map[string]string
	value, lower, upper              sql.NullFloat64
	refYear, cells, missing          int64
	preferred                        bool
	derivation, over, grade, reasons string
	from                             *harmonize.Provenance
}

// sources are the cells that Trace lists, without the file.
func (o observation) sources() []string {
	var out []string
	for _, c := range o.from.Cells {
		c.Place.File = ""
		out = append(out, c.Place.String())
	}
	return out
}

var shown = []string{"breakdown", "FREQ", "REF_AREA", "INDICATOR", "SEX", "AGE", "EXPLOITATION", "CITIZENSHIP", "ORIGIN", "TRANSIT", "DESTINATION",
	"TIME_PERIOD", "UNIT_MEASURE", "COUNTING_UNIT", "VICTIM_STATUS", "IDENTIFIED_BY", "COVERAGE", "LEGAL_ARTICLE", "PERIOD_AS_REPORTED",
	"OBS_STATUS", "CONF_STATUS", "COMMENT_OBS", "step"}

func observations(t *testing.T, s *store.Store, table, submission string) []observation {
	t.Helper()
	rows, err := s.DB().QueryContext(context.Background(), `SELECT obs_id, OBS_VALUE, LOWER_BOUND, UPPER_BOUND, REF_YEAR, n_cells, n_missing, preferred,
		derivation, summed_over, grade, array_to_string(grade_reasons, ' '), `+strings.Join(shown, ", ")+
		` FROM `+table+` WHERE submission_id = ? ORDER BY obs_id`, submission)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []observation
	for rows.Next() {
		o := observation{text: map[string]string{}}
		texts := make([]string, len(shown))
		dest := []any{&o.id, &o.value, &o.lower, &o.upper, &o.refYear, &o.cells, &o.missing, &o.preferred, &o.derivation, &o.over, &o.grade, &o.reasons}
		for i := range texts {
			dest = append(dest, &texts[i])
		}
		if err := rows.Scan(dest...); err != nil {
			t.Fatal(err)
		}
		for i, c := range shown {
			o.text[c] = texts[i]
		}
		out = append(out, o)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// tracedObservations gives the observations with their traces.
func tracedObservations(t *testing.T, s *store.Store, submission string) []observation {
	t.Helper()
	out := observations(t, s, "observation", submission)
	for i := range out {
		p, err := harmonize.Trace(context.Background(), s.DB(), out[i].id)
		if err != nil {
			t.Fatal(err)
		}
		out[i].from = p
	}
	return out
}

// quantity is the value as a person writes it: 12, 0..4, >=3 or nothing.
func (o observation) quantity() string {
	switch {
	case o.value.Valid:
		return record.FormatNumber(o.value.Float64)
	case o.lower.Valid && o.upper.Valid:
		return record.FormatNumber(o.lower.Float64) + ".." + record.FormatNumber(o.upper.Float64)
	case o.lower.Valid:
		return ">=" + record.FormatNumber(o.lower.Float64)
	}
	return "."
}

// key is what tells the observation from one with every default.
func (o observation) key() string {
	words := []string{o.text["TIME_PERIOD"]}
	if year := fmt.Sprint(o.refYear); year != words[0][:4] {
		words[0] += " (" + year + ")"
	}
	for _, c := range shown[:len(shown)-3] {
		v := o.text[c]
		skip := c == "TIME_PERIOD" || c == "OBS_STATUS" || c == "FREQ" && freqOf(o.text["TIME_PERIOD"]) == v || v == base[c] || v == "_T" || v == "" ||
			c == "breakdown" && (v == "total" || v == "cases") || v == "NUMBER"
		if !skip {
			words = append(words, c+"="+v)
		}
	}
	return strings.Join(words, " ")
}

// render writes the observations of a submission as a table.
func render(t *testing.T, os []observation) string {
	t.Helper()
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "period and key\tvalue\tstatus\tderivation\tover\tcells\tmissing\tgrade\tfrom")
	for _, o := range os {
		how := o.derivation
		if o.preferred {
			how = "*" + how
		}
		status := o.text["OBS_STATUS"]
		if c := o.text["COMMENT_OBS"]; c != "" {
			status += " " + c
		}
		if c := o.text["CONF_STATUS"]; c != "F" {
			status += " conf=" + c
		}
		over := o.over
		if over == "" {
			over = "-"
		}
		grade := strings.TrimSpace(o.grade + " " + o.reasons)
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\t%d\t%s\t%s\n", o.key(), o.quantity(), status, how, over, o.cells, o.missing, grade, strings.Join(o.sources(), " "))
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// interval is what cells say together: the known part below, the bound above
// when there is one, and whether that is an exact figure.
type interval struct {
	lower, upper float64
	known        int  // parts with a lower bound
	bounded      bool // every part has an upper bound
	exact        bool // every part is a figure
}

// recompute adds up the figures of cells as a person with a pencil would: the
// cells of one key are one figure when they agree, nothing when they differ, or
// added when the layout says so.
func (fx *fixture) recompute(t *testing.T, cells []string) interval {
	t.Helper()
	byKey := map[string][]record.Value{}
	var order []string
	for _, f := range fx.figures {
		if !slices.Contains(cells, place(f)) {
			continue
		}
		key := fmt.Sprint(f.Breakdown, f.Role, f.AreaDetail, keyed(f.Concepts))
		if byKey[key] == nil {
			order = append(order, key)
		}
		byKey[key] = append(byKey[key], f.Value)
	}
	sum := interval{bounded: true, exact: true}
	for _, key := range order {
		vs := byKey[key]
		if fx.repeats != "add" {
			if slices.ContainsFunc(vs, func(v record.Value) bool { return v.String() != vs[0].String() }) {
				vs = []record.Value{record.Missing(record.NotAvailable)}
			}
			vs = vs[:1]
		}
		for _, v := range vs {
			if v.Lower == v.Lower { //nolint:staticcheck // not NaN
				sum.known++
				sum.lower += v.Lower
				sum.upper += v.Upper
			} else {
				sum.bounded = false
			}
			sum.exact = sum.exact && v.IsExact()
		}
	}
	return sum
}

// keyed is the key of a figure within its breakdown and place.
func keyed(cs record.Concepts) string {
	var words []string
	for _, c := range []string{"FREQ", "REF_AREA", "INDICATOR", "SEX", "AGE", "EXPLOITATION", "CITIZENSHIP", "ORIGIN", "TRANSIT", "DESTINATION",
		"TIME_PERIOD", "UNIT_MEASURE", "COUNTING_UNIT", "VICTIM_STATUS"} {
		words = append(words, cs.Get(c))
	}
	return strings.Join(words, " ")
}

// place is the figure's cell as a trace shows it.
func place(f record.Figure) string { return record.Place{Sheet: f.Sheet, Cell: f.Cell}.String() }
