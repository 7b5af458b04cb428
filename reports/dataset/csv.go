package dataset

import (
	"encoding/csv"
	"errors"
	"fmt"
	"path"
	"strconv"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/oas/tipstat/reports"
)

// csvSink writes one csv in UTF-8, its header the names of the columns; what is not
// there is empty. Text that a spreadsheet could take for a formula is preceded by an
// apostrophe.
type csvSink struct {
	to *folder
	f  *file
	w  *csv.Writer
}

func (s *csvSink) batch(_, _ string, b arrow.RecordBatch) (err error) {
	line := make([]string, b.NumCols())
	if s.f == nil {
		if s.f, err = s.to.create(csvName); err != nil {
			return err
		}
		s.w = csv.NewWriter(s.f)
		for i := range line {
			line[i] = b.ColumnName(i)
		}
		if err := s.w.Write(line); err != nil {
			return err
		}
	}
	for row := range int(b.NumRows()) {
		for i := range line {
			if line[i], err = written(b.Column(i), row); err != nil {
				return fmt.Errorf("%s: %w", b.ColumnName(i), err)
			}
		}
		if err := s.w.Write(line); err != nil {
			return err
		}
	}
	s.f.Rows += b.NumRows()
	return nil
}

// written gives a value as it stands in a csv.
func written(a arrow.Array, row int) (string, error) {
	if a.IsNull(row) {
		return "", nil
	}
	switch a := a.(type) {
	case *array.String:
		return reports.Harmless(a.Value(row)), nil
	case *array.Float64:
		return strconv.FormatFloat(a.Value(row), 'f', -1, 64), nil
	case *array.Int32:
		return strconv.Itoa(int(a.Value(row))), nil
	case *array.Int64:
		return strconv.FormatInt(a.Value(row), 10), nil
	case *array.Boolean:
		return strconv.FormatBool(a.Value(row)), nil
	}
	return "", fmt.Errorf("a column of %s", a.DataType())
}

func (s *csvSink) close() error {
	if s.f == nil {
		return nil
	}
	s.w.Flush()
	return errors.Join(s.w.Error(), s.f.close())
}

// codelists writes the lists that the columns refer to, each a csv with its labels.
func (s *Set) codelists(to *folder) error {
	for _, id := range lists(s.columns) {
		list, ok := s.codes.List(id)
		if !ok {
			return fmt.Errorf("no code list %s", id)
		}
		f, err := to.create(path.Join(listFolder, id+".csv"))
		if err != nil {
			return err
		}
		f.list = id
		w := csv.NewWriter(f)
		var head []string
		for _, c := range s.words.ListColumns {
			head = append(head, c.ID)
		}
		err = w.Write(head)
		for _, c := range list.Codes() {
			line := []string{c.ID, c.Parent, c.Name["en"], c.Name["es"], c.Name["pt"], c.Name["fr"], c.Source}
			for i := range line {
				line[i] = reports.Harmless(line[i])
			}
			err = errors.Join(err, w.Write(line))
			f.Rows++
		}
		w.Flush()
		if err := errors.Join(err, w.Error(), f.close()); err != nil {
			return err
		}
	}
	return nil
}
