package sheet

import (
	"context"
	"slices"
	"strings"
	"sync"
)

// ods is an open OpenDocument spreadsheet. All its sheets stand in one part,
// so that each reading goes through that part.
type ods struct {
	pack   *pack
	names  []string
	tables []int // place among the tables of the file, by sheet

	mu     sync.Mutex
	merged map[int][]Range
}

const odsContent = "content.xml"

func openODS(ctx context.Context, w *Workbook, p *pack) error {
	if err := readManifest(ctx, p); err != nil {
		return err
	}
	o := &ods{pack: p, merged: map[int][]Range{}}
	w.book = o
	err := p.scan(ctx, odsContent, func(s *scanner) error {
		hidden := map[string]bool{}
		seen, links := map[string]bool{}, false
		return eachTable(s, hidden, func(at int) error {
			name := string(s.attr(nsTable, "name"))
			// The values kept of another file stand in tables of their own.
			if strings.HasPrefix(name, "'file:") || strings.HasPrefix(name, "'http") {
				if !links {
					w.note(NoteLinks, "", "")
				}
				links = true
				return s.skip()
			}
			if key := strings.ToLower(name); name == "" || len(name) > 4*255 || seen[key] {
				return s.wrong("a sheet without a name, or two with one name")
			} else {
				seen[key] = true
			}
			if len(w.sheets) == p.limits.Sheets {
				return tooMuch(CodeSheets, len(w.sheets)+1, p.limits.Sheets)
			}
			shown := Visible
			if hidden[string(s.attr(nsTable, "style-name"))] {
				shown = Hidden
				w.note(NoteHidden, name, name)
			}
			w.sheets = append(w.sheets, Info{Index: len(w.sheets), Name: name, Visibility: shown})
			o.names, o.tables = append(o.names, name), append(o.tables, at)
			return s.skip()
		})
	})
	switch {
	case err != nil:
		return err
	case len(w.sheets) == 0:
		return &Error{Code: CodeNoSheet, Part: odsContent, Found: odsContent}
	}
	if p.hasPrefix("basic/") || p.hasPrefix("scripts/") {
		w.note(NoteMacros, "", "")
	}
	if !p.has("meta.xml") {
		return nil
	}
	return p.scan(ctx, "meta.xml", func(s *scanner) error {
		for {
			t, err := s.next()
			if err != nil || t == tokEOF {
				return err
			}
			if t == tokStart && s.is(nsMeta, "user-defined") {
				name := string(s.attr(nsMeta, "name"))
				text, err := s.content(nil, p.limits.CellBytes)
				if err != nil {
					return err
				}
				if len(w.props) == maxProperties {
					return s.wrong("too many properties")
				}
				w.props[name] = string(text)
			}
		}
	})
}

// readManifest refuses a file whose parts are encrypted.
func readManifest(ctx context.Context, p *pack) error {
	const name = "META-INF/manifest.xml"
	if !p.has(name) {
		return nil
	}
	return p.scan(ctx, name, func(s *scanner) error {
		for {
			t, err := s.next()
			if err != nil || t == tokEOF {
				return err
			}
			if t == tokStart && s.is(nsManifest, "encryption-data") {
				return &Error{Code: CodeEncrypted, Part: name, Expected: wanted}
			}
		}
	})
}

// eachTable calls fn at each table of the spreadsheet; fn goes to its end. The
// names of styles that hide a table are put into hidden before.
func eachTable(s *scanner, hidden map[string]bool, fn func(at int) error) error {
	at, style, found := 0, "", false
	for {
		t, err := s.next()
		if err != nil {
			return err
		}
		if t == tokEOF {
			if !found {
				return s.wrong("no spreadsheet in the document")
			}
			return nil
		}
		if t != tokStart {
			continue
		}
		switch s.depth() {
		case 1:
			if !s.is(nsOffice, "document-content") {
				return s.wrong("the root is not document-content")
			}
		case 2:
			if !s.is(nsOffice, "body") && !s.is(nsOffice, "automatic-styles") {
				err = s.skip()
			}
		case 3:
			switch {
			case s.is(nsOffice, "spreadsheet"):
				if found {
					return s.wrong("two spreadsheets in one document")
				}
				found = true
			case s.is(nsStyle, "style"):
				if len(hidden) > maxFormats {
					return s.wrong("too many styles")
				}
				style = string(s.attr(nsStyle, "name"))
			default:
				err = s.skip()
			}
		case 4:
			switch {
			case s.is(nsTable, "table"):
				err = fn(at)
				at++
			case s.is(nsStyle, "table-properties"):
				if string(s.attr(nsTable, "display")) == "false" {
					hidden[style] = true
				}
				err = s.skip()
			default:
				err = s.skip()
			}
		}
		if err != nil {
			return err
		}
	}
}

func (o *ods) read(ctx context.Context, sheet int, fn func(*Row) error) error {
	t := &odsTable{limits: o.pack.limits, name: o.names[sheet], fn: fn, keep: arena{block: 16 << 10}}
	err := o.pack.scan(ctx, odsContent, func(s *scanner) error {
		t.scanner = s
		return eachTable(s, map[string]bool{}, func(at int) error {
			if at != o.tables[sheet] {
				return s.skip()
			}
			return t.rows(false)
		})
	})
	if err == errStop {
		return t.stopped
	}
	if e, ok := err.(*Error); ok && e.Sheet == "" && !t.done {
		e.Sheet = t.name
		if e.Cell == "" {
			e.Cell = cellName(t.at, max(t.col, 1))
		}
	}
	if err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.merged[sheet] = t.merges
	return nil
}

func (o *ods) merges(ctx context.Context, sheet int) ([]Range, error) {
	o.mu.Lock()
	ranges, ok := o.merged[sheet]
	o.mu.Unlock()
	if !ok {
		if err := o.read(ctx, sheet, func(*Row) error { return nil }); err != nil {
			return nil, err
		}
		o.mu.Lock()
		ranges = o.merged[sheet]
		o.mu.Unlock()
	}
	return slices.Clone(ranges), nil
}
