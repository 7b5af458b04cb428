package sheet

import (
	"context"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// xlsx is an open Office Open XML workbook.
type xlsx struct {
	pack     *pack
	sheets   []xlsxSheet
	from1904 bool
	strings  lazy[*stringTable]
	styles   lazy[[]numFmt]

	mu     sync.Mutex
	around map[int]Details // of the sheets read so far, what their own parts say
}

type xlsxSheet struct {
	name  string
	part  string
	cells bool // a worksheet, not a chart or a macro sheet
}

// lazy is a part that is read when it is first needed, and once if that went well.
type lazy[T any] struct {
	part string        // empty: the workbook has none
	turn chan struct{} // holds a token while somebody reads the part
	done bool
	v    T
}

func (l *lazy[T]) get(ctx context.Context, p *pack, read func(*scanner) (T, error)) (T, error) {
	var v T
	if l.part == "" {
		return v, nil
	}
	select {
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
	case <-ctx.Done():
		return v, canceled(ctx.Err())
	}
	if l.done {
		return l.v, nil
	}
	err := p.scan(ctx, l.part, func(s *scanner) (err error) {
		v, err = read(s)
		return err
	})
	if err == nil {
		l.v, l.done = v, true
	}
	return v, err
}

const (
	typeSheets = "application/vnd.openxmlformats-officedocument.spreadsheetml."
	typeMacro  = "application/vnd.ms-excel."
)

// bookTypes are the content types of a workbook that can be read.
var bookTypes = []string{
	typeSheets + "sheet.main+xml", typeSheets + "template.main+xml",
	typeMacro + "sheet.macroEnabled.main+xml", typeMacro + "template.macroEnabled.main+xml", typeMacro + "addin.macroEnabled.main+xml",
}

// openXLSX reads what leads to the sheets: content types, relationships and
// the workbook part.
func openXLSX(ctx context.Context, w *Workbook, p *pack) error {
	types, err := readTypes(ctx, p)
	if err != nil {
		return err
	}
	top, err := readRelations(ctx, p, "")
	if err != nil {
		return err
	}
	main := ""
	for _, r := range top {
		if r.kind == "officeDocument" && !r.external {
			if main != "" {
				return &Error{Code: CodeStructure, Part: "_rels/.rels", Found: "_rels/.rels"}
			}
			if main, err = r.part("_rels/.rels"); err != nil {
				return err
			}
		}
	}
	if main == "" {
		return &Error{Code: CodeOtherZip, Found: "zip", Expected: wanted}
	}
	kind := types.of(main)
	switch {
	case strings.HasPrefix(kind, typeMacro+"sheet.binary"):
		return &Error{Code: CodeBinary, Found: ".xlsb", Expected: wanted}
	case strings.Contains(kind, "wordprocessingml"), strings.Contains(kind, "ms-word"):
		return &Error{Code: CodeOtherZip, Found: "Word", Expected: wanted}
	case strings.Contains(kind, "presentationml"), strings.Contains(kind, "ms-powerpoint"):
		return &Error{Code: CodeOtherZip, Found: "PowerPoint", Expected: wanted}
	case !slices.Contains(bookTypes, kind):
		return &Error{Code: CodeStructure, Part: main, Found: main + " (" + printable(kind) + ")"}
	}
	rels, err := readRelations(ctx, p, main)
	if err != nil {
		return err
	}
	x := &xlsx{pack: p, around: map[int]Details{}}
	x.strings.turn, x.styles.turn = make(chan struct{}, 1), make(chan struct{}, 1)
	w.book = x
	macros, links := p.hasPrefix("xl/vbaproject"), false
	for _, id := range sortedKeys(rels) {
		r := rels[id]
		switch {
		case r.kind == "vbaProject":
			macros = true
		case r.kind == "externalLink":
			links = true
		case r.external, !p.has(r.target):
			// Some writers name strings or styles that they have not written;
			// a cell that needs them is refused.
		case r.kind == "sharedStrings" && x.strings.part == "":
			x.strings.part = r.target
			err = types.want(r.target, typeSheets+"sharedStrings+xml")
		case r.kind == "styles" && x.styles.part == "":
			x.styles.part = r.target
			err = types.want(r.target, typeSheets+"styles+xml")
		case r.kind == "sharedStrings", r.kind == "styles":
			err = &Error{Code: CodeStructure, Part: main, Found: r.target}
		}
		if err != nil {
			return err
		}
	}
	if err := p.scanHead(ctx, main, func(s *scanner) error { return x.readBook(w, s, main, rels, types) }); err != nil {
		return err
	}
	if len(w.sheets) == 0 {
		return &Error{Code: CodeNoSheet, Part: main, Found: main}
	}
	if macros {
		w.note(NoteMacros, "", "")
	}
	if links {
		w.note(NoteLinks, "", "")
	}
	for _, r := range top {
		if r.kind == "custom-properties" || r.kind == "customProperties" {
			if _, err := r.part("_rels/.rels"); err != nil {
				return err
			}
			if err := p.scanHead(ctx, r.target, func(s *scanner) error { return readProperties(s, w.props, p.limits) }); err != nil {
				return err
			}
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// readBook reads workbook.xml.
func (x *xlsx) readBook(w *Workbook, s *scanner, main string, rels map[string]relation, types contentTypes) error {
	if err := root(s, "workbook"); err != nil {
		return err
	}
	names := map[string]bool{}
	var scopes []int
	listed, described := false, false
	for {
		t, err := s.next()
		if err != nil {
			return err
		}
		if t == tokEnd && s.depth() == 0 {
			return w.scope(s, scopes)
		}
		if t != tokStart || s.depth() != 2 {
			continue
		}
		switch {
		case s.is(nsMain, "workbookPr"):
			if described {
				return s.wrong("workbookPr stands twice")
			}
			described = true
			if v := s.attr(nsNone, "date1904"); v != nil {
				ok := false
				if x.from1904, ok = boolean(v); !ok {
					return s.wrong("date1904 is not a boolean")
				}
				if x.from1904 {
					w.note(NoteDate1904, "", "")
				}
			}
		case s.is(nsMain, "sheets"):
			if listed {
				return s.wrong("sheets stands twice")
			}
			listed = true
			err = eachChild(s, "sheet", func() error { return x.addSheet(w, s, names, rels, types) })
		case s.is(nsMain, "definedNames"):
			err = x.readNames(w, s, &scopes)
		}
		if err != nil {
			return err
		}
	}
}

func (x *xlsx) addSheet(w *Workbook, s *scanner, names map[string]bool, rels map[string]relation, types contentTypes) error {
	if len(w.sheets) == x.pack.limits.Sheets {
		return tooMuch(CodeSheets, len(w.sheets)+1, x.pack.limits.Sheets)
	}
	name := string(unescape(s.attr(nsNone, "name")))
	key := strings.ToLower(name)
	if name == "" || len(name) > 4*255 || names[key] || strings.ContainsFunc(name, unicode.IsControl) {
		return s.wrong("a sheet without a name, with control characters in it, or two with one name")
	}
	names[key] = true
	shown := Visible
	switch v := string(s.attr(nsNone, "state")); v {
	case "", Visible:
	case Hidden, VeryHidden:
		shown = v
		w.note(NoteHidden, name, name)
	default:
		return s.wrong("the state of a sheet is not known")
	}
	r, ok := rels[string(s.attr(nsRel, "id"))]
	if !ok || r.external {
		return &Error{Code: CodeNoPart, Part: s.part, Sheet: name, Found: name}
	}
	if _, err := r.part(s.part); err != nil {
		return err
	}
	if !x.pack.has(r.target) {
		return &Error{Code: CodeNoPart, Part: s.part, Sheet: name, Found: r.target}
	}
	if slices.ContainsFunc(x.sheets, func(o xlsxSheet) bool { return strings.EqualFold(o.part, r.target) }) {
		return s.wrong("two sheets of one part")
	}
	sh := xlsxSheet{name: name, part: r.target, cells: r.kind == "worksheet"}
	switch r.kind {
	case "worksheet":
		if err := types.want(r.target, typeSheets+"worksheet+xml"); err != nil {
			return err
		}
	case "chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet":
		w.note(NoteNoCells, name, name)
	default:
		return s.wrong("a sheet of a kind that is not known")
	}
	w.sheets = append(w.sheets, Info{Index: len(w.sheets), Name: name, Visibility: shown})
	x.sheets = append(x.sheets, sh)
	return nil
}

const maxProperties = 10_000

// readProperties reads docProps/custom.xml.
func readProperties(s *scanner, props map[string]string, limits Limits) error {
	name := ""
	for {
		t, err := s.next()
		if err != nil || t == tokEOF {
			return err
		}
		if t != tokStart {
			continue
		}
		switch {
		case s.depth() == 2 && s.is(nsCustom, "property"):
			name = string(s.attr(nsNone, "name"))
		case s.depth() == 3 && s.ns == nsVT && string(s.local) != "vector" && string(s.local) != "array":
			text, err := s.content(nil, limits.CellBytes)
			if err != nil {
				return err
			}
			if len(props) == maxProperties {
				return s.wrong("too many properties")
			}
			props[name] = string(unescape(text))
		}
	}
}
