package reports

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// TableCSV is the csv of a table read back: a line for each cell.
type TableCSV struct {
	Head  []string
	Lines [][]string // each as long as Head
	at    map[string]int
}

// csvColumns are columns that every table's csv has.
var csvColumns = []string{"table", "row_kind", "shown", "OBS_VALUE", "LOWER_BOUND", "UPPER_BOUND", "OBS_STATUS", "TIME_PERIOD", "obs_ids"}

// ReadCSV reads what WriteCSV wrote. An error says what was found and, where the
// file is another, what to do; further columns may be asked for.
func ReadCSV(r io.Reader, columns ...string) (*TableCSV, error) {
	in := csv.NewReader(r)
	head, err := in.Read()
	if err != nil {
		return nil, err
	}
	t := &TableCSV{Head: head, at: map[string]int{}}
	for i, h := range head {
		t.at[h] = i // of TIME_PERIOD the last: the one that is not of the stub
	}
	for _, c := range append(columns, csvColumns...) {
		if _, ok := t.at[c]; !ok {
			return nil, fmt.Errorf("no column %q: it is no table's csv as tipstat writes it; write it again with tipstat report --format csv", c)
		}
	}
	t.Lines, err = in.ReadAll()
	return t, err
}

// At gives the place of a column in Head and in each line.
func (t *TableCSV) At(column string) (int, bool) {
	i, ok := t.at[column]
	return i, ok
}

// Get gives what a line has in a column; nothing if there is no such column.
func (t *TableCSV) Get(line []string, column string) string {
	if i, ok := t.at[column]; ok {
		return line[i]
	}
	return ""
}

// Codes gives the places of the codes of stub and columns, in their order; the
// label of each stands behind it.
func (t *TableCSV) Codes() (places []int) {
	for i := 2; i < t.at["shown"]; i += 2 {
		places = append(places, i)
	}
	return places
}

// Number gives a figure of a line; nil where there is none.
func (t *TableCSV) Number(line []string, column string) (*float64, error) {
	s := t.Get(line, column)
	if s == "" {
		return nil, nil
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return nil, fmt.Errorf("%s is %q; want a number", column, s)
	}
	return &v, nil
}

// ObsIDs gives the observations behind a line.
func (t *TableCSV) ObsIDs(line []string) (ids []int64, err error) {
	for _, s := range strings.Fields(t.Get(line, "obs_ids")) {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil || n <= 0 {
			return nil, fmt.Errorf("obs_ids holds %q; want numbers", s)
		}
		ids = append(ids, n)
	}
	return ids, nil
}
