package sheet

import (
	"context"
	"strconv"
	"strings"
	"sync"
)

// ods is an open OpenDocument spreadsheet. All its sheets stand in one part,
// so that each reading goes through that part.
type ods struct {
	pack   *pack
	names  []string
	tables []int              // place among the tables of the file, by sheet
	ranges map[string][]Table // database ranges, by lower-case name of the sheet

	mu     sync.Mutex
	around map[int]Details // of the sheets read so far
}

const odsContent = "content.xml"

// odsAgain bounds what reading all sheets once has to unpack: 20 sheets in 50 MB, or 200 in 5.
const odsAgain = 1 << 30

func openODS(ctx context.Context, w *Workbook, p *pack) error {
	if err := readManifest(ctx, p); err != nil {
		return err
	}
	o := &ods{pack: p, ranges: map[string][]Table{}, around: map[int]Details{}}
	w.book = o
	err := p.scan(ctx, odsContent, func(s *scanner) error {
		hidden := map[string]bool{}
		seen, links := map[string]bool{}, false
		names := &odsNames{scanner: s, w: w, o: o, limit: p.limits.HeadBytes}
		return eachTable(s, hidden, names.beside, func(at int) error {
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
			return names.table(name)
		})
	})
	switch {
	case err != nil:
		return err
	case len(w.sheets) == 0:
		return &Error{Code: CodeNoSheet, Part: odsContent, Found: odsContent}
	}
	// Each sheet is read by going through the whole part again.
	if all := p.size(odsContent) * uint64(len(w.sheets)); all > odsAgain {
		return &Error{Code: CodeUnpacked, Part: odsContent, Found: strconv.FormatUint(all, 10), Expected: itoa(int64(odsAgain))}
	}
	if p.hasPrefix("basic/") || p.hasPrefix("scripts/") {
		w.note(NoteMacros, "", "")
	}
	if !p.has("meta.xml") {
		return nil
	}
	return p.scanHead(ctx, "meta.xml", func(s *scanner) error {
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
	return p.scanHead(ctx, name, func(s *scanner) error {
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

// eachTable calls fn at each table of the spreadsheet, and other at each other
// element beside them; both go to its end. The names of styles that hide a
// table are put into hidden before.
func eachTable(s *scanner, hidden map[string]bool, other func() error, fn func(at int) error) error {
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
				if style = string(s.attr(nsStyle, "name")); len(style) > maxName {
					return s.wrong("the name of a style is too long")
				}
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
				err = other()
			}
		}
		if err != nil {
			return err
		}
	}
}

func (o *ods) read(ctx context.Context, sheet int, fn func(*Row) error) error {
	t := &odsTable{limits: o.pack.limits, name: o.names[sheet], fn: fn, keep: arena{block: 16 << 10}, notes: comments{limits: o.pack.limits}}
	err := o.pack.scan(ctx, odsContent, func(s *scanner) error {
		t.scanner = s
		return eachTable(s, map[string]bool{}, s.skip, func(at int) error {
			if at != o.tables[sheet] {
				return s.skip()
			}
			return t.rows(false)
		})
	})
	if e, ok := err.(*Error); ok && e.Sheet == "" && !t.done {
		e.Sheet = t.name
		if e.Cell == "" {
			e.Cell = cellName(t.at, max(t.col, 1))
		}
	}
	if err != nil {
		return err
	}
	t.details.Comments = t.notes.list
	t.details.HiddenColumns = t.hidden.runs()
	t.details.sort()
	t.details.Tables = o.ranges[strings.ToLower(t.name)]
	o.mu.Lock()
	defer o.mu.Unlock()
	o.around[sheet] = t.details
	return nil
}

func (o *ods) details(ctx context.Context, sheet int) (Details, error) {
	for range 2 {
		o.mu.Lock()
		d, ok := o.around[sheet]
		o.mu.Unlock()
		if ok {
			return d.clone(), nil
		}
		if err := o.read(ctx, sheet, func(*Row) error { return nil }); err != nil {
			return Details{}, err
		}
	}
	return Details{}, nil
}
