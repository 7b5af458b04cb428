package reports

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/record"
)

// WriteCSV writes a table long and tidy: one line for each cell, with codes
// and labels, value and bounds, status, grade, reasons and source. Figures are
// plain numbers with a point; what is not a figure is empty, and OBS_STATUS
// says of what kind. A table of rounded figures has a column ROUNDING too. It is UTF-8. Text that a spreadsheet could take for a
// formula is preceded by an apostrophe.
func WriteCSV(w io.Writer, t *table.Table) error {
	out := csv.NewWriter(w)
	head := []string{"table", "row_kind"}
	for _, h := range t.Stub {
		head = append(head, h.Codes[0], h.Codes[0]+"_label")
	}
	for _, l := range t.Levels {
		head = append(head, l, l+"_label")
	}
	head = append(head, "shown", "OBS_VALUE", "LOWER_BOUND", "UPPER_BOUND", "OBS_STATUS", "CONF_STATUS")
	if t.Rounding != nil {
		head = append(head, "ROUNDING")
	}
	head = append(head, "grade", "grade_reasons", "notes",
		"TIME_PERIOD", "PERIOD_AS_REPORTED", "derivation", "n_missing", "submission_id", "source_file", "source_sha256", "obs_ids")
	var beside []int // what tells series apart and the stub does not hold
	for i, a := range seriesAttributes {
		if !slices.ContainsFunc(t.Stub, func(h table.Heading) bool { return strings.EqualFold(h.Codes[0], a.column) }) && !t.WideText {
			beside = append(beside, i)
			head = append(head, a.column)
		}
	}
	if err := out.Write(head); err != nil {
		return err
	}
	files := map[string]table.Source{}
	for _, s := range t.Sources {
		files[s.SubmissionID] = s
	}
	notes := map[string][]string{}
	for _, n := range t.Notes {
		if n.Mark != "" {
			notes[n.Mark] = append(notes[n.Mark], n.Text)
		}
	}
	for _, r := range t.Rows {
		for j, c := range r.Cells {
			rec := []string{t.ID, string(r.Kind)}
			for _, l := range r.Stub {
				rec = append(rec, l.Code, l.Name)
			}
			for i := range t.Levels {
				rec = append(rec, t.Columns[j].Codes[i], t.Columns[j].Labels[i])
			}
			var ids []string
			for _, id := range c.ObsIDs {
				ids = append(ids, strconv.FormatInt(id, 10))
			}
			src := files[c.SubmissionID]
			rec = append(rec, shown(t, c), number(c.Value), number(c.Lower), number(c.Upper), c.Status, confStatus(t, c))
			if t.Rounding != nil {
				rec = append(rec, rounding(t, c))
			}
			rec = append(rec, c.Grade, strings.Join(c.Reasons, " "),
				csvNotes(notes, r.Marks, c.Marks), c.TimePeriod, c.PeriodAsReported, c.Derivation,
				strconv.FormatInt(c.Missing, 10), c.SubmissionID, src.File, src.SHA256, strings.Join(ids, " "))
			for _, i := range beside {
				rec = append(rec, seriesAttributes[i].of(r))
			}
			for i := range rec {
				rec[i] = Harmless(rec[i])
			}
			if err := out.Write(rec); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

// seriesAttributes tell one series from another.
var seriesAttributes = []struct {
	column string
	of     func(table.Row) string
}{
	{"SOURCE_AGENCY", func(r table.Row) string { return r.SourceAgency }},
	{"layout", func(r table.Row) string { return r.Layout }},
	{"COUNTING_UNIT", func(r table.Row) string { return r.CountingUnit }},
	{"VICTIM_STATUS", func(r table.Row) string { return r.VictimStatus }},
}

// confStatus is a code of CL_CONF_STATUS: what was withheld is C, for whatever
// reason; the rest is free, or not for publication.
func confStatus(t *table.Table, c table.Cell) string {
	switch {
	case c.Status == "Q":
		return "C"
	case t.Released:
		return "F"
	}
	return "N"
}

// rounding says of a cell that stands on rounded figures how they were rounded:
// SDMX has no status for it, and a rounded figure is free.
func rounding(t *table.Table, c table.Cell) string {
	if !c.Rounded {
		return ""
	}
	return t.Rounding.String()
}

// shown gives the words of a cell of words; a figure speaks by its number.
func shown(t *table.Table, c table.Cell) string {
	if t.WideText && c.Value == nil {
		return c.Text
	}
	return ""
}

func number(f *float64) string {
	if f == nil {
		return ""
	}
	return strconv.FormatFloat(*f, 'f', -1, 64)
}

// csvNotes gives the texts of a row's and a cell's numbered notes.
func csvNotes(notes map[string][]string, marks ...[]string) string {
	var list []string
	for _, ms := range marks {
		for _, m := range ms {
			if n := notes[m]; len(n) == 1 || (len(n) > 0 && m != "r") {
				list = append(list, n[0])
			} else {
				list = append(list, m)
			}
		}
	}
	return strings.Join(list, " | ")
}

// Harmless keeps a spreadsheet from taking text for a formula (record.Harmless), and
// writes it in one line without signs that can't be seen. Numbers stay.
func Harmless(s string) string { return record.Harmless(plain(s)) }
