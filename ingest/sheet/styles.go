package sheet

import (
	_ "embed" // numfmt.csv
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

const (
	maxFormats = 1 << 16 // number formats and cell formats; Excel writes 250 and 65,490 at most
	maxCode    = 4096    // bytes of a format code; Excel takes 255 characters
	maxCodes   = 4 << 20 // bytes of all format codes
)

// numFmt is a number format: its code, empty for General, and what it makes of
// a number.
type numFmt struct {
	code string
	look look
}

// numfmt.csv has the formats that need no code in the file: ECMA-376 part 1,
// 18.8.30, with those of East Asian and Thai editions, whose
// code differs with the language and is left empty.
//
//go:embed numfmt.csv
var numFmtCSV string

var builtinFormats = sync.OnceValues(func() (map[int]numFmt, error) {
	rows, err := csv.NewReader(strings.NewReader(numFmtCSV)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("numfmt.csv: %w", err)
	}
	looks := map[string]look{"number": lookNumber, "date": lookDate, "time": lookTime}
	formats := map[int]numFmt{}
	for i, row := range rows[1:] {
		id, err := strconv.Atoi(row[0])
		l, ok := looks[row[1]]
		if err != nil || !ok {
			return nil, fmt.Errorf("numfmt.csv, line %d: want a number, and number, date or time", i+2)
		}
		formats[id] = numFmt{row[2], l}
	}
	return formats, nil
})

// readStyles gives the number format of each cell format (the s attribute).
func readStyles(s *scanner) ([]numFmt, error) {
	if err := root(s, "styleSheet"); err != nil {
		return nil, err
	}
	builtin, err := builtinFormats()
	if err != nil {
		return nil, err
	}
	var formats []numFmt
	codes := map[int]numFmt{}
	seen, size := false, 0
	for {
		t, err := s.next()
		if err != nil {
			return nil, err
		}
		if t == tokEnd && s.depth() == 0 {
			return formats, nil
		}
		if t != tokStart || s.depth() != 2 {
			continue
		}
		switch {
		case s.is(nsMain, "numFmts"):
			err = eachChild(s, "numFmt", func() error {
				id, ok := index(s.attr(nsNone, "numFmtId"))
				code := s.attr(nsNone, "formatCode")
				if size += len(code); !ok || len(code) > maxCode || len(codes) == maxFormats || size > maxCodes {
					return s.wrong("a number format is malformed")
				}
				f := numFmt{string(code), classify(string(code))}
				if f.code == "General" {
					f.code = ""
				}
				codes[id] = f
				return nil
			})
		case s.is(nsMain, "cellXfs"):
			if seen {
				return nil, s.wrong("cellXfs stands twice")
			}
			seen = true
			err = eachChild(s, "xf", func() error {
				id := 0
				if v := s.attr(nsNone, "numFmtId"); v != nil {
					var ok bool
					if id, ok = index(v); !ok {
						return s.wrong("a cell format is malformed")
					}
				}
				if len(formats) == maxFormats {
					return s.wrong("too many cell formats")
				}
				f, ok := codes[id]
				if !ok {
					f = builtin[id]
				}
				formats = append(formats, f)
				return nil
			})
		}
		if err != nil {
			return nil, err
		}
	}
}

// root goes to the root element, which must be the one named.
func root(s *scanner, local string) error {
	for {
		t, err := s.next()
		if err != nil {
			return err
		}
		if t != tokStart {
			continue
		}
		if !s.is(nsMain, local) {
			return s.wrong("the root is not " + local)
		}
		return nil
	}
}

// eachChild calls fn at each child of the element that just began, which must
// all be named local and in the main namespace, and goes to its end. What is
// inside the children is passed over; other namespaces and extensions too.
func eachChild(s *scanner, local string, fn func() error) error {
	return eachInside(s, local, func() error {
		if err := fn(); err != nil {
			return err
		}
		return s.skip()
	})
}
