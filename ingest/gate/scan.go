package gate

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

// scan is one sheet at hand.
type scan struct {
	lx    *lexicon
	m     *marker
	codes *codelist.Set
	info  sheet.Info
	birth int // the kind of birth dates
	// review tells that it is the list of findings of a review workbook, in which
	// a ministry wrote explanations.
	review bool

	data   columns // the rows of a table
	narrow columns // rows of one or two cells since the last wide one
	around columns // such rows above the first wide one
	pairs  columns // what stands beside a contact
	heads  map[int]*heading
	wide   int // wide rows so far
	rows   int
	twos   int  // rows with two cells
	areas  int  // cells of the first column that name a State
	ofOne  bool // a label of an age stands beside one: the sheet may be of one person
}

// A row of a table has wideRow cells. Headings stand in the first headRows such
// rows, or, in a sheet that has none, in the first narrowHeads; a row of words
// alone may hold some further down, to lowHeads.
const (
	lowHeads    = 100
	wideRow     = 3
	headRows    = 3
	narrowHeads = 10
)

func (s *scan) row(r *sheet.Row) error {
	n := 0
	for i := range r.Cells {
		if strings.TrimSpace(r.Cells[i].Text) != "" {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	s.rows++
	into := s.data
	if n >= wideRow {
		switch {
		case s.wide == 0: // what stood above is no table, and no headings
			s.around, s.narrow = s.narrow, columns{}
			clear(s.heads)
		case len(s.narrow) > 0:
			s.data.merge(s.narrow)
			s.narrow = columns{}
		}
		s.wide++
	} else {
		if n == 2 {
			s.twos++
		}
		into = s.narrow
	}
	if n >= wideRow && (s.wide <= headRows || s.rows <= lowHeads && words(r)) || s.wide == 0 && s.rows <= narrowHeads {
		s.headings(r)
	}
	for i := range r.Cells {
		s.cell(into, r, i)
		if i > 0 && n <= wideRow+1 && s.rows <= labelRows {
			s.labelled(r, i)
		}
	}
	return nil
}

// words tells whether a row holds words alone.
func words(r *sheet.Row) bool {
	return !slices.ContainsFunc(r.Cells, func(c sheet.Cell) bool {
		return c.Text != "" && (c.Kind != sheet.Text || len(c.Text) > longestHeading || strings.ContainsAny(c.Text, "0123456789@"))
	})
}

// labelRows is how far down a sheet a cell may be the value of the label beside it.
const labelRows = 200

// labelled takes a cell that looks as the label on its left says: "DNI" and a
// number. In a table the heading says it, so that this is for what stands around.
func (s *scan) labelled(r *sheet.Row, i int) {
	label, c := &r.Cells[i-1], &r.Cells[i]
	if label.Kind != sheet.Text || len(label.Text) > longestHeading {
		return
	}
	n := normal(label.Text)
	s.ofOne = s.ofOne || slices.Contains(s.lx.Ages, n) && isAge(c.Text)
	for k := range s.lx.Kinds {
		kind := &s.lx.Kinds[k]
		if is, weak := s.lx.names(kind, n); is && !weak && kind.looks(s.lx, clean(c.Text)) && !s.lx.vocabulary(normal(c.Text)) {
			hit(s.pairs.at(c.Col).under, k, r.Number, c.Col, c.Text)
		}
	}
}

// cell takes one cell into the part of the sheet where its row stands.
func (s *scan) cell(into columns, r *sheet.Row, i int) {
	c := &r.Cells[i]
	text := c.Text
	var k mark
	switch c.Kind {
	case sheet.Number:
		if len(text) == 4 {
			k.year = yearOf(text)
		} else if len(text) >= 9 {
			k.bits = s.m.formed(text, s.lx.forms)
		}
	case sheet.Date:
		if len(text) >= 10 {
			k.date = yearOf(text[:4])
		}
	case sheet.Text:
		if text = strings.TrimSpace(text); text == "" {
			return
		}
		k = s.m.mark(text)
	default:
		return
	}
	if k.bits != 0 && s.besideContact(r, i) {
		into = s.pairs
	}
	col := into.at(c.Col)
	col.filled++
	if k.date > 0 {
		col.dates.add(r.Number, c.Col, text)
		col.born[k.date]++
	}
	if k.year > 0 {
		col.years[k.year]++
	}
	for b := 0; k.bits != 0; b, k.bits = b+1, k.bits>>1 {
		if k.bits&1 != 0 && !(s.lx.contents[b].Check == "person" && s.label(text)) {
			hit(col.contents, b, r.Number, c.Col, text)
		}
	}
	if h := s.heads[c.Col]; h != nil && h.row < r.Number {
		if h.says() {
			text = clean(text)
		}
		col.headed++
		if h.age && isAge(text) {
			col.ages++
		}
		if (h.who || h.name) && !s.label(text) {
			switch {
			case person(s.lx, text):
				col.persons.add(r.Number, c.Col, text)
			case agedLike(s.lx, text):
				col.aged.add(r.Number, c.Col, text)
			}
		}
		for _, kind := range h.strong {
			if s.lx.Kinds[kind].looks(s.lx, text) && !s.label(text) {
				hit(col.under, kind, r.Number, c.Col, text)
			}
		}
		for _, kind := range h.short {
			if len(digitsOf(text)) >= shortDigits && s.lx.Kinds[kind].looks(s.lx, text) {
				hit(col.under, kind, r.Number, c.Col, text)
			}
		}
		if h.who && whoLike(s.lx, text) && !s.label(text) {
			col.who.add(r.Number, c.Col, text)
		}
		if len(h.weak) > 0 && known(s.lx, text) && !s.label(text) {
			col.known.add(r.Number, c.Col, text)
		}
	}
	if i == 0 && c.Kind == sheet.Text && s.rows <= areaRows && s.area(text) {
		s.areas++
	}
}

// shortDigits is how many digits a number has under a heading of few letters.
const shortDigits = 8

// areaRows is how many rows are looked at to see whether each is a State.
const areaRows = 60

func (s *scan) area(text string) bool {
	_, ok := s.codes.Lookup("CL_AREA", text, 0)
	return ok
}

// states tells whether the rows are States, as in a treaty's status.
func (s *scan) states() bool { return s.areas*2 > min(s.rows, areaRows) }

func (s *scan) label(text string) bool { return label(s.codes, text) }

// label tells whether a text is a label of our code lists.
func label(codes *codelist.Set, text string) bool {
	return slices.ContainsFunc(codes.Lists(), func(list string) bool {
		_, ok := codes.Lookup(list, text, 0)
		return ok
	})
}

// besideContact tells whether a cell of a short row stands beside a word such as
// contact, and that word alone: "Oficina" and not "Oficina de Juticalpa".
func (s *scan) besideContact(r *sheet.Row, i int) bool {
	if len(r.Cells) > wideRow+1 {
		return false
	}
	return slices.ContainsFunc(r.Cells[:i], func(c sheet.Cell) bool {
		if c.Kind != sheet.Text || len(c.Text) > longestHeading {
			return false
		}
		words := strings.Fields(codelist.Normalise(c.Text))
		return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !s.lx.contact[w] && !s.lx.fillers[w] })
	})
}

// headings takes the headings of a row that may hold some: the first of the
// table, and a further one that names a kind where nothing stood above, or two,
// or is of words alone.
func (s *scan) headings(r *sheet.Row) {
	named, ages := map[int]*heading{}, map[int]*heading{}
	free := s.wide == 1 || s.wide == 0
	for i := range r.Cells {
		c := &r.Cells[i]
		if c.Kind != sheet.Text || len(c.Text) > longestHeading || strings.TrimSpace(c.Text) == "" || s.m.mark(c.Text).bits != 0 && !slices.Contains(s.lx.Persons, normal(c.Text)) && !s.lx.alone(normal(c.Text)) {
			continue // an e-mail holds the word mail and is no heading; Mãe is one, and a given name; Nascimento, and a surname
		}
		h := &heading{row: r.Number, text: strings.Join(strings.Fields(c.Text), " "), norm: normal(c.Text)}
		for k := range s.lx.Kinds {
			switch is, weak := s.lx.names(&s.lx.Kinds[k], h.norm); {
			case s.lx.short(&s.lx.Kinds[k], h.norm):
				h.short = append(h.short, k)
			case is && weak:
				h.weak = append(h.weak, k)
			case is:
				h.strong = append(h.strong, k)
			}
		}
		h.who, h.name = s.lx.whose(h.norm), slices.Contains(s.lx.Kinds[s.lx.who].Named, s.lx.bare(h.norm))
		if h.age = slices.Contains(s.lx.Ages, h.norm); h.age {
			ages[c.Col] = h
		}
		above := s.heads[c.Col]
		if above == nil && free {
			s.heads[c.Col] = h
		}
		if h.says() && (above == nil || !above.says()) {
			named[c.Col] = h
			free = free || above == nil
		}
	}
	if free && s.wide > 0 || len(named) > 1 || len(named) > 0 && (s.wide == 0 || s.wide > headRows) {
		maps.Copy(ages, named)
		for col, h := range ages {
			s.heads[col] = h
			if c := s.data[col]; c != nil { // a table below another one
				c.headed, c.ages = 0, 0
			}
		}
	}
}

// result judges the columns, what stands around, the comments and the name.
func (s *scan) result(d sheet.Details) (out []Suspicion) {
	switch {
	case s.review: // ingest/review refuses what an explanation may not hold
		s.around.merge(s.narrow)
		s.around.merge(s.data)
		clear(s.data)
	case s.wide > 0: // notes below the table
		s.around.merge(s.narrow)
	case s.table():
		s.data.merge(s.narrow)
	default: // a sheet of prose: what only few cells hold is around
		s.around.merge(s.narrow)
		for col, c := range s.narrow {
			for i, h := range c.contents {
				if h.cells >= 3 && float64(h.cells) >= 0.3*float64(c.filled) || s.lx.contents[i].Share > 0 {
					hs := *h
					s.data.at(col).contents[i], s.data.at(col).filled = &hs, c.filled
				}
			}
			s.data.at(col).under, s.data.at(col).known, s.data.at(col).filled = c.under, c.known, c.filled
		}
	}
	for _, col := range sortedKeys(s.data) {
		out = append(out, s.judge(col)...)
	}
	s.around.merge(s.pairs)
	columns := len(out)
	for _, col := range sortedKeys(s.around) {
		for _, x := range s.singles(s.around[col].contents, s.pairs.at(col).under, col, func(x *Suspicion) { x.Around = true }) {
			if !slices.ContainsFunc(out[:columns], func(o Suspicion) bool { return o.tells(x) }) {
				out = append(out, x)
			}
		}
	}
	out = append(out, s.comments(d)...)
	return append(out, s.title()...)
}

// table tells whether a sheet of narrow rows is a table of two columns.
func (s *scan) table() bool { return s.rows >= 5 && float64(s.twos) >= 0.8*float64(s.rows) }

// singles gives the contents of which one cell is enough.
func (s *scan) singles(contents, under map[int]*hits, col int, set func(*Suspicion)) (out []Suspicion) {
	enough, few := map[int]*hits{}, map[int]*hits{}
	for kind, h := range under {
		joinTo(enough, kind, h)
	}
	for _, i := range sortedKeys(contents) {
		switch c := s.lx.contents[i]; {
		case c.single():
			joinTo(enough, c.kind, contents[i])
		case c.Rows != nil && c.Rows.Cells == 1:
			joinTo(few, c.kind, contents[i])
		}
	}
	for kind := range s.lx.Kinds {
		h := cmp.Or(enough[kind], few[kind])
		if h == nil {
			continue
		}
		x := s.suspicion(col, kind, nil)
		x.take(h)
		x.Few = enough[kind] == nil
		x.Office = x.Office && !s.ofVictim(contents, kind)
		set(&x)
		out = append(out, x)
	}
	return out
}

// ofVictim tells whether a text calls someone a victim, who is nobody's office.
func (s *scan) ofVictim(contents map[int]*hits, kind int) bool {
	for i := range contents {
		if c := s.lx.contents[i]; c.kind == kind && c.Victim {
			return true
		}
	}
	return false
}

// comments judges comments: those over the headings are around the table. One
// name is enough, as of rows about persons: what is said of a cell is of few.
func (s *scan) comments(d sheet.Details) (out []Suspicion) {
	for _, c := range d.Comments {
		if c.FromReview() {
			continue
		}
		found := columns{}
		s.cell(found, &sheet.Row{Number: c.Row, Cells: []sheet.Cell{{Col: c.Col, Kind: sheet.Text, Text: c.Text}}}, 0)
		if found[c.Col] == nil {
			continue
		}
		out = append(out, s.singles(found[c.Col].contents, map[int]*hits{}, c.Col, func(x *Suspicion) {
			x.Comment, x.Few, x.Around = true, false, s.wide == 0 || s.heads[c.Col] != nil && c.Row <= s.heads[c.Col].row
		})...)
	}
	return out
}

func (s *scan) suspicion(col, kind int, h *heading) Suspicion {
	k := &s.lx.Kinds[kind]
	x := Suspicion{Sheet: s.info.Index, Name: s.info.Name, Col: col, Kind: k.ID, Office: k.Office, told: k.Told, kind: kind, code: k.Finding}
	if h == nil {
		h = s.heads[col]
	}
	if h != nil {
		if x.head = h.text; s.lx.quotable(h.text) {
			x.Heading = h.text
		}
	}
	if _, _, is := s.titled(); is {
		x.Name = record.Unquoted
	}
	return x
}
