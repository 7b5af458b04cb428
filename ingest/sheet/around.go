package sheet

import (
	"bytes"
	"context"
	"path"
)

// Bounds of what is kept of tables and names; Excel takes 255 characters each.
const (
	maxHeadings     = 1 << 16 // of all tables of a sheet
	maxHeadingBytes = 4 << 20
)

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
	notes, tables := comments{limits: x.pack.limits}, tables{}
	seen := map[string]bool{}
	for _, id := range sortedKeys(rels) {
		r := rels[id]
		if r.external || r.kind != "comments" && r.kind != "table" {
			continue
		}
		name, err := r.part(sh.part)
		switch {
		case err != nil:
		case seen[name]:
			err = &Error{Code: CodeStructure, Part: sh.part, Found: name}
		case r.kind == "comments":
			err = x.pack.scanHead(ctx, name, func(s *scanner) error { return readComments(s, &notes) })
		default:
			err = x.pack.scanHead(ctx, name, tables.read)
		}
		if e, ok := err.(*Error); ok {
			e.Sheet = sh.name
		}
		if err != nil {
			return err
		}
		seen[name] = true
	}
	d.Comments, d.Tables = notes.list, tables.list
	return nil
}

// readComments reads xl/comments1.xml.
func readComments(s *scanner, notes *comments) error {
	if err := root(s, "comments"); err != nil {
		return err
	}
	var text []byte
	var authors [][]byte
	for {
		t, err := s.next()
		switch {
		case err != nil:
			return err
		case t == tokEnd && s.depth() == 0:
			return nil
		case t == tokStart && s.depth() == 2 && s.is(nsMain, "authors"):
			all, err := readAuthors(s, notes.limits)
			if err != nil {
				return err
			}
			authors = all
			continue
		case t != tokStart || s.depth() != 2 || !s.is(nsMain, "commentList"):
			continue
		}
		err = eachInside(s, "comment", func() error {
			row, col, ok := address(s.attr(nsNone, "ref"))
			if !ok {
				return s.wrong("a comment without a cell")
			}
			var author []byte
			if i, ok := index(s.attr(nsNone, "authorId")); ok && i < len(authors) {
				author = authors[i]
			}
			for text = text[:0]; ; {
				t, err := s.next()
				switch {
				case err != nil:
					return err
				case t == tokEnd:
					return notes.add(row, col, withoutAuthor(unescape(text), author))
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

// readAuthors reads who wrote the comments, to keep it out of their texts.
func readAuthors(s *scanner, limits Limits) (all [][]byte, err error) {
	err = eachInside(s, "author", func() error {
		name, err := s.content(nil, limits.CellBytes)
		if len(all) == limits.Comments {
			return tooMuch(CodeComments, len(all)+1, limits.Comments)
		}
		all = append(all, unescape(name))
		return err
	})
	return all, err
}

// withoutAuthor takes "Name:" and the line's end off the front of a comment.
func withoutAuthor(text, author []byte) []byte {
	if len(author) == 0 {
		return text
	}
	rest, ok := bytes.CutPrefix(text, author)
	if rest, ok2 := bytes.CutPrefix(rest, []byte(":")); ok && ok2 {
		return bytes.TrimLeft(rest, " \n")
	}
	return text
}

// tables gathers the tables of a sheet.
type tables struct {
	list            []Table
	headings, bytes int
}

// keep takes a name or heading.
func (ts *tables) keep(b []byte) string {
	ts.bytes += len(b)
	return string(unescape(b))
}

// read reads xl/tables/table1.xml.
func (ts *tables) read(s *scanner) error {
	t := Table{}
	if err := root(s, "table"); err != nil {
		return err
	}
	name := s.attr(nsNone, "displayName")
	if name == nil {
		name = s.attr(nsNone, "name")
	}
	ok := false
	if t.Range, ok = area(s.attr(nsNone, "ref")); !ok {
		return s.wrong("a table without a range")
	}
	t.Header = string(s.attr(nsNone, "headerRowCount")) != "0"
	n := s.attr(nsNone, "totalsRowCount")
	t.Totals = n != nil && string(n) != "0"
	t.Name = ts.keep(name)
	for {
		tok, err := s.next()
		switch {
		case err != nil:
			return err
		case tok == tokEnd && s.depth() == 0:
			ts.list = append(ts.list, t)
			return nil
		case tok == tokStart && s.depth() == 2 && s.is(nsMain, "tableColumns"):
			err = eachChild(s, "tableColumn", func() error {
				t.Columns = append(t.Columns, ts.keep(s.attr(nsNone, "name")))
				if ts.headings++; ts.headings > maxHeadings || ts.bytes > maxHeadingBytes {
					return s.wrong("too many headings of tables")
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
	}
}

// readNames reads the defined names of the workbook.
func (x *xlsx) readNames(w *Workbook, s *scanner, scopes *[]int) error {
	return eachInside(s, "definedName", func() error {
		if len(w.names) == maxNames {
			return s.wrong("too many names")
		}
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
