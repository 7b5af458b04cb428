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

// stylesheet is what readStyles gathers.
type stylesheet struct {
	*scanner
	codes map[int]numFmt
	bytes int   // of all codes
	ids   []int // number format of each cell format
	cells bool  // cellXfs was seen
}

// readStyles gives the number format of each cell format (the s attribute).
func readStyles(s *scanner) ([]numFmt, error) {
	builtin, err := builtinFormats()
	if err != nil {
		return nil, err
	}
	if err := root(s, "styleSheet"); err != nil {
		return nil, err
	}
	st := &stylesheet{scanner: s, codes: map[int]numFmt{}}
	if err := s.inside(st.element); err != nil {
		return nil, err
	}
	var formats []numFmt
	for _, id := range st.ids {
		f, ok := st.codes[id]
		if !ok {
			f = builtin[id] // an id that nobody defines shows as General
		}
		formats = append(formats, f)
	}
	return formats, nil
}

// element reads one element of the style sheet. Newer Excel puts the number
// formats into mc:AlternateContent, whose branches say the same for our purpose.
func (st *stylesheet) element() error {
	switch {
	case st.is(nsCompat, "AlternateContent"), st.is(nsCompat, "Choice"), st.is(nsCompat, "Fallback"):
		return st.inside(st.element)
	case st.is(nsMain, "numFmts"):
		return st.inside(st.numFmt)
	case st.is(nsMain, "cellXfs"):
		if st.cells {
			return st.wrong("cellXfs stands twice")
		}
		st.cells = true
		return eachChild(st.scanner, "xf", st.xf)
	}
	return st.skip()
}

func (st *stylesheet) numFmt() error {
	switch {
	case st.is(nsCompat, "AlternateContent"), st.is(nsCompat, "Choice"), st.is(nsCompat, "Fallback"):
		return st.inside(st.numFmt)
	case !st.is(nsMain, "numFmt"):
		return st.skip()
	}
	id, ok := index(st.attr(nsNone, "numFmtId"))
	code := st.attr(nsNone, "formatCode")
	if st.bytes += len(code); !ok || len(code) > maxCode || len(st.codes) == maxFormats || st.bytes > maxCodes {
		return st.wrong("a number format is malformed")
	}
	f := numFmt{string(code), classify(string(code))}
	if strings.EqualFold(f.code, "General") {
		f.code = ""
	}
	// Of two formats with one id it can't be told which one is shown.
	if other, twice := st.codes[id]; twice && other.look != f.look {
		f.look = lookUnknown
	}
	st.codes[id] = f
	return st.skip()
}

func (st *stylesheet) xf() error {
	id := 0
	if v := st.attr(nsNone, "numFmtId"); v != nil {
		var ok bool
		if id, ok = index(v); !ok {
			return st.wrong("a cell format is malformed")
		}
	}
	if len(st.ids) == maxFormats {
		return st.wrong("too many cell formats")
	}
	st.ids = append(st.ids, id)
	return nil
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
