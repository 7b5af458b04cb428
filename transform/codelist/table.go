package codelist

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
)

// row is one data row of a CSV file, with the place for messages.
type row struct {
	fields []string
	place  string // file:line
}

// readTable reads a CSV file whose header must be exactly the one wanted.
func readTable(fsys fs.FS, name, header string) ([]row, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	want := strings.Split(header, ",")
	r.FieldsPerRecord = len(want)
	var out []row
	for first := true; ; first = false {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			if first {
				return nil, fmt.Errorf("%s:1: the file is empty; want the header %s", name, header)
			}
			return out, nil
		}
		if err != nil {
			var perr *csv.ParseError
			if errors.As(err, &perr) {
				return nil, fmt.Errorf("%s:%d: %w", name, perr.Line, perr.Err)
			}
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		line, _ := r.FieldPos(0)
		if first {
			fields[0] = strings.TrimPrefix(fields[0], "\uFEFF") // Excel writes one
			if !slices.Equal(fields, want) {
				return nil, fmt.Errorf("%s:%d: the header is %s; want %s", name, line, strings.Join(fields, ","), header)
			}
			continue
		}
		out = append(out, row{fields, fmt.Sprintf("%s:%d", name, line)})
	}
}
