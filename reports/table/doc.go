// Package table makes the one table model that every renderer of reports
// draws: a spec (tables/NAME.yaml, texts in four languages) and one SELECT
// (tables/NAME.sql) over the store become rows, columns, cells, marks, notes
// and sources. Adding a table needs no Go: put the two files into tables/, or
// into a folder of one's own that is handed to Load.
//
// What may be compared is computed here, by these rules:
//
//   - One row is one series: one State, one source agency, one layout, one
//     counting unit, one kind of victim. Two sources are never blended.
//   - Every OAS State has a row; one without figures is shown as "..".
//   - Five kinds of nothing stay apart: "-" is a true zero, ".." not
//     available, "..." not applicable, "nc" not collected, "c" suppressed.
//     What is censored is a range, what lacks parts is "≥".
//   - A regional total adds one series of each State, of the grades and the
//     counting unit that the spec names, bounds included; below the spec's
//     floor of States it is withheld.
//   - Only what covers a year stands in a year's column; parts of a year are
//     listed in the notes.
//
// The select of a table of figures gives one row for each figure. It must hold
// the columns named in the spec, and of the store: obs_id, submission_id,
// FREQ, REF_AREA, INDICATOR, TIME_PERIOD, REF_YEAR, OBS_VALUE, LOWER_BOUND,
// UPPER_BOUND, UNIT_MULT, OBS_STATUS, COUNTING_UNIT, VICTIM_STATUS,
// IDENTIFIED_BY, COVERAGE, LEGAL_ARTICLE, PERIOD_AS_REPORTED, SOURCE_AGENCY,
// COMMENT_OBS, derivation, n_missing, grade, grade_reasons (all of
// which SELECT o.* gives), and of the submission: layout, seq. Its parameters
// are $states (a JSON list of area codes), $from_year and $to_year.
//
// With derive, each figure is made from that of the row and from others, whose
// obs_id (one, or a list to be added up) stands in the column OTHER: ratio,
// share, change or sum. Bounds are carried through; the grade is the worst of
// all, the marks are those of each.
//
//	derive: {as: share, scale: 100} # OTHER is the rest: children, and here adults
//
// The select of a table of cells (kind: cells) gives whole rows: the columns of
// the stub and those that the spec lists under cells. A cell is a figure (the
// select gives obs_id, one or a list to be added up), the difference of two
// such, a number, a date, codes with their labels, or text. Where the first
// column of the stub is REF_AREA every State has its row, unless listed is set:
// a list of what happened, such as revisions. SUBMISSION_ID (one or a list)
// names the sources, and REF_YEAR, where there is one, is held to the years
// asked for. NULL is "..". Its parameters are $states, $from_year, $to_year,
// $as_of and $since.
//
// A total may be of groups of States (groups: codes of CL_AREA_GROUP), and may
// stand without the rows of the States (alone). A group's floor is at most
// more than half of its States, since a subregion may have few.
//
// The select of a table of treaty status (kind: treaties) gives one row for
// each action: REF_AREA, INSTRUMENT, ACTION, ACTION_DATE, submission_id,
// row_seq, sheet, cell, raw_text. Its parameters are $states and $as_of.
package table
