package sheet

import "strings"

// maxNames bounds the defined names of a workbook, and database ranges.
const maxNames = 50_000

// odsNames reads the names and database ranges of a document.
type odsNames struct {
	*scanner
	w     *Workbook
	o     *ods
	limit int64 // bytes of all of them
	n     int
	bytes int64
}

// keep takes an attribute of the element that just began.
func (d *odsNames) keep(local string) string {
	s := string(d.attr(nsTable, local))
	d.bytes += int64(len(s))
	return s
}

// full tells that one more would be too many.
func (d *odsNames) full() error {
	if d.n++; d.n > maxNames || d.bytes > d.limit {
		return d.wrong("too many names")
	}
	return nil
}

// beside reads an element that stands beside the tables.
func (d *odsNames) beside() error {
	switch {
	case d.is(nsTable, "named-expressions"):
		return d.names("")
	case d.is(nsTable, "database-ranges"):
		return d.inside(func() error {
			if !d.is(nsTable, "database-range") {
				return d.skip()
			}
			t := Table{Name: d.keep("name"), Header: string(d.attr(nsTable, "contains-header")) != "false"}
			// A range that was deleted is none: it is left out.
			if sheet, r, ok := odsArea(d.keep("target-range-address")); ok {
				t.Range = r
				key := strings.ToLower(sheet)
				d.o.ranges[key] = append(d.o.ranges[key], t)
			}
			if err := d.full(); err != nil {
				return err
			}
			return d.skip()
		})
	}
	return d.skip()
}

// table goes to the end of a table and reads the names in it.
func (d *odsNames) table(sheet string) error {
	return d.inside(func() error {
		if d.is(nsTable, "named-expressions") {
			return d.names(sheet)
		}
		return d.skip()
	})
}

func (d *odsNames) names(sheet string) error {
	return d.inside(func() error {
		n := Name{Name: d.keep("name"), Sheet: sheet}
		switch {
		case d.is(nsTable, "named-range"):
			n.RefersTo = d.keep("cell-range-address")
		case d.is(nsTable, "named-expression"):
			n.RefersTo = d.keep("expression")
		default:
			return d.skip()
		}
		if err := d.full(); err != nil {
			return err
		}
		d.w.names = append(d.w.names, n)
		return d.skip()
	})
}

// inside calls fn at each element inside the one that just began, and goes to
// its end; fn goes to the end of the element.
func (s *scanner) inside(fn func() error) error {
	for {
		switch t, err := s.next(); {
		case err != nil:
			return err
		case t == tokEnd:
			return nil
		case t == tokStart:
			if err := fn(); err != nil {
				return err
			}
		}
	}
}

// odsArea reads the address of a range: $Sheet1.$A$1:.$B$2, 'a b'.A1:'a b'.C9.
func odsArea(s string) (sheet string, r Range, ok bool) {
	quoted, dot, colon := false, -1, -1
	for i := range len(s) {
		switch c := s[i]; {
		case c == '\'':
			quoted = !quoted
		case quoted:
		case c == '.' && dot < 0:
			dot = i
		case c == ':' && colon < 0:
			colon = i
		}
	}
	first, last := s, s
	if colon >= 0 {
		first, last = s[:colon], s[colon+1:]
	}
	if quoted || dot < 0 || dot >= len(first) {
		return "", r, false
	}
	cell := func(a string) string { return strings.ReplaceAll(a[strings.LastIndexByte(a, '.')+1:], "$", "") }
	r, ok = area([]byte(cell(first) + ":" + cell(last)))
	sheet = strings.TrimPrefix(first[:dot], "$")
	if n := len(sheet); n > 1 && sheet[0] == '\'' && sheet[n-1] == '\'' {
		sheet = strings.ReplaceAll(sheet[1:n-1], "''", "'")
	}
	return sheet, r, ok
}
