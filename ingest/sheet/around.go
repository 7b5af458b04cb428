package sheet

import (
	"context"
	"path"
)

// maxHeadings bounds the headings of all tables of a sheet; a table has no more
// columns than a sheet.
const maxHeadings = 1 << 16

// details reads what stands around the cells of a sheet: what its own part
// says, unless a read has seen it, and the parts of comments and tables.
func (x *xlsx) details(ctx context.Context, sheet int) (Details, error) {
	if !x.sheets[sheet].cells {
		return Details{}, nil
	}
	for range 2 {
		x.mu.Lock()
		d, ok := x.around[sheet]
		x.mu.Unlock()
		if ok {
			d = d.clone()
			err := x.related(ctx, sheet, &d)
			d.sort()
			return d, err
		}
		if err := x.read(ctx, sheet, nil); err != nil {
			return Details{}, err
		}
	}
	return Details{}, nil
}

// related reads the parts that the sheet's relationships name.
func (x *xlsx) related(ctx context.Context, sheet int, d *Details) error {
	sh := x.sheets[sheet]
	dir, file := path.Split(sh.part)
	if !x.pack.has(dir + "_rels/" + file + ".rels") {
		return nil
	}
	rels, err := readRelations(ctx, x.pack, sh.part)
	if err != nil {
		return err
	}
	notes, headings := comments{limits: x.pack.limits}, 0
	for _, id := range sortedKeys(rels) {
		r := rels[id]
		switch {
		case r.external:
		case r.kind == "comments":
			err = x.pack.scanHead(ctx, r.target, func(s *scanner) error { return readComments(s, &notes) })
		case r.kind == "table":
			err = x.pack.scanHead(ctx, r.target, func(s *scanner) error {
				t, err := readTable(s)
				if headings += len(t.Columns); headings > maxHeadings {
					return s.wrong("too many headings of tables")
				}
				d.Tables = append(d.Tables, t)
				return err
			})
		}
		if e, ok := err.(*Error); ok {
			e.Sheet = sh.name
		}
		if err != nil {
			return err
		}
	}
	d.Comments = notes.list
	return nil
}

// readComments reads xl/comments1.xml. The authors are passed over.
func readComments(s *scanner, notes *comments) error {
	if err := root(s, "comments"); err != nil {
		return err
	}
	var text []byte
	for {
		t, err := s.next()
		switch {
		case err != nil:
			return err
		case t == tokEnd && s.depth() == 0:
			return nil
		case t != tokStart || s.depth() != 2 || !s.is(nsMain, "commentList"):
			continue
		}
		err = eachInside(s, "comment", func() error {
			row, col, ok := address(s.attr(nsNone, "ref"))
			if !ok {
				return s.wrong("a comment without a cell")
			}
			for text = text[:0]; ; {
				t, err := s.next()
				switch {
				case err != nil:
					return err
				case t == tokEnd:
					return notes.add(row, col, unescape(text))
				case t == tokText:
				case s.is(nsMain, "text"):
					if text, err = richText(s, text, notes.limits.CellBytes); err != nil {
						return err
					}
				default:
					if err := s.skip(); err != nil {
						return err
					}
				}
			}
		})
		if err != nil {
			return err
		}
	}
}

// readTable reads xl/tables/table1.xml.
func readTable(s *scanner) (Table, error) {
	t := Table{Header: true}
	if err := root(s, "table"); err != nil {
		return t, err
	}
	name := s.attr(nsNone, "displayName")
	if name == nil {
		name = s.attr(nsNone, "name")
	}
	t.Name = string(unescape(name))
	ok := false
	if t.Range, ok = area(s.attr(nsNone, "ref")); !ok {
		return t, s.wrong("a table without a range")
	}
	t.Header = string(s.attr(nsNone, "headerRowCount")) != "0"
	if n := s.attr(nsNone, "totalsRowCount"); n != nil {
		t.Totals = string(n) != "0"
	}
	for {
		tok, err := s.next()
		switch {
		case err != nil:
			return t, err
		case tok == tokEnd && s.depth() == 0:
			return t, nil
		case tok == tokStart && s.depth() == 2 && s.is(nsMain, "tableColumns"):
			err = eachChild(s, "tableColumn", func() error {
				if len(t.Columns) == maxCol {
					return s.wrong("more headings than a sheet has columns")
				}
				t.Columns = append(t.Columns, string(unescape(s.attr(nsNone, "name"))))
				return nil
			})
			if err != nil {
				return t, err
			}
		}
	}
}

// readNames reads the defined names of the workbook.
func (x *xlsx) readNames(w *Workbook, s *scanner, scopes *[]int) error {
	return eachInside(s, "definedName", func() error {
		n := Name{Name: string(unescape(s.attr(nsNone, "name")))}
		scope := -1
		if v := s.attr(nsNone, "localSheetId"); v != nil {
			ok := false
			if scope, ok = index(v); !ok {
				return s.wrong("a name of a sheet that is not there")
			}
		}
		if v := s.attr(nsNone, "hidden"); v != nil {
			ok := false
			if n.Hidden, ok = boolean(v); !ok {
				return s.wrong("hidden is not a boolean")
			}
		}
		text, err := s.content(nil, x.pack.limits.CellBytes)
		if err != nil {
			return err
		}
		n.RefersTo = string(unescape(text))
		w.names, *scopes = append(w.names, n), append(*scopes, scope)
		return nil
	})
}

// scope gives the names their sheets, which stand elsewhere in the workbook.
func (w *Workbook) scope(s *scanner, scopes []int) error {
	for i, at := range scopes {
		if at >= len(w.sheets) {
			return s.wrong("a name of a sheet that is not there")
		}
		if at >= 0 {
			w.names[i].Sheet = w.sheets[at].Name
		}
	}
	return nil
}

// eachInside is eachChild for a fn that goes to the end of the child itself.
func eachInside(s *scanner, local string, fn func() error) error {
	for {
		t, err := s.next()
		switch {
		case err != nil:
			return err
		case t == tokEnd:
			return nil
		case t == tokText:
			if !blank(s.text) {
				return s.wrong("text where none may be")
			}
			continue
		case s.is(nsMain, local):
			err = fn()
		case s.ns == nsMain && string(s.local) != "extLst":
			return s.wrong("an element that is not expected")
		default:
			err = s.skip()
		}
		if err != nil {
			return err
		}
	}
}
