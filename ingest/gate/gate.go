package gate

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

// Suspicion is a column, or a place around a table, that holds identifiers.
type Suspicion struct {
	Sheet   int    // index in the workbook; its name is in Name; -1: a name of cells
	Name    string // of the sheet
	Col     int    // 0: the name of the sheet
	Kind    string // id of identifiers.yaml
	Heading string // as a finding may quote it; empty: none, or it is not known for one
	Cells   int
	// Around tells that it stands above or below a table or beside the word
	// contact; Comment, that it stands in a comment.
	Around, Comment bool
	// Office tells that such a thing around a table is an office's.
	Office bool
	// Few tells that it is too little for a table of figures, which speaks of
	// officials too; it refuses rows about persons.
	Few bool

	head string // the heading as it stands
	told bool   // the form tells of such a thing itself
	kind int
	code string
	at   []string
	rows [2]int
}

func (x *Suspicion) take(h *hits) { x.Cells, x.at, x.rows = h.cells, h.at, [2]int{h.first, h.last} }

// tells tells whether a finding of a column tells all that one of around it would: in a
// sheet of one column the same cells are both.
func (x Suspicion) tells(o Suspicion) bool {
	return x.Col == o.Col && x.kind == o.kind && (!x.Few || o.Few) && x.rows[0] <= o.rows[0] && x.rows[1] >= o.rows[1]
}

// Report is what Look found, in the order of sheets and columns.
type Report struct {
	Suspicions []Suspicion
}

// Look goes over every cell, comment and name of a sheet of a workbook. Its
// error is the reader's.
func Look(ctx context.Context, wb *sheet.Workbook, codes *codelist.Set) (*Report, error) {
	lx, err := loaded()
	if err != nil {
		return nil, err
	}
	r := &Report{}
	m := newMarker(lx, codes)
	for _, n := range wb.Names() {
		if kind, is := m.title(codes, n.Name); is {
			k := &lx.Kinds[kind]
			r.Suspicions = append(r.Suspicions, Suspicion{Sheet: -1, Kind: k.ID, Cells: 1, kind: kind, code: k.Finding})
		}
	}
	list, reviewed := wb.Review()
	for _, info := range wb.Sheets() {
		s := &scan{lx: m.lexicon, review: reviewed && info.Index == list.Index, m: m, codes: codes, info: info, data: columns{}, narrow: columns{}, around: columns{}, pairs: columns{}, heads: map[int]*heading{},
			birth: slices.IndexFunc(lx.Kinds, func(k kind) bool { return k.Looks == "date" })}
		if err := wb.Read(ctx, info.Index, s.row); err != nil {
			return nil, err
		}
		d, err := wb.Details(ctx, info.Index)
		if err != nil {
			return nil, err
		}
		r.Suspicions = append(r.Suspicions, s.result(d)...)
	}
	return r, nil
}

// FileName tells whether the name of a file names a person. Every message would
// tell it, and the store keeps it.
func FileName(path string, codes *codelist.Set) (bool, error) {
	lx, err := loaded()
	if err != nil {
		return false, err
	}
	name := filepath.Base(path)
	name = strings.TrimSuffix(name, filepath.Ext(name))
	m := newMarker(lx, codes)
	_, is := m.title(codes, name)
	return is || m.caseOf(codes, name), nil
}

// Named tells whether a name that the workbook gives to cells names a person.
func (r *Report) Named() bool {
	return slices.ContainsFunc(r.Suspicions, func(x Suspicion) bool { return x.Sheet < 0 })
}

// Shown gives the name of a sheet as it may be told.
func (r *Report) Shown(info sheet.Info) string {
	if slices.ContainsFunc(r.Suspicions, func(x Suspicion) bool { return x.Sheet == info.Index && x.Col == 0 }) {
		return record.Unquoted
	}
	return info.Name
}

// Pass says what of a report may pass.
type Pass struct {
	// Dropped tells whether the layout drops a column of a sheet; nil: none.
	Dropped func(sheet, col int) bool
	// Cases tells that the file holds rows about persons.
	Cases bool
	// Form tells that it is the form that ministries fill in. It asks for an
	// office and publishes its notes, so that one name is enough there too; of
	// contacts it tells itself (TIP-T012).
	Form bool
}

// Refused gives what refuses the file.
func (r *Report) Refused(p Pass) (out []Suspicion) {
	for _, x := range r.Suspicions {
		dropped := p.Dropped != nil && x.Col > 0 && !x.Around && p.Dropped(x.Sheet, x.Col)
		office := x.Around && x.Office && (!p.Form || x.told)
		if !dropped && (p.Cases || (p.Form || !x.Few) && !office) {
			out = append(out, x)
		}
	}
	return out
}

// Perhaps tells whether a file that no layout knows may name persons: whether something
// would refuse it if its rows were about persons, an office's contact apart.
func (r *Report) Perhaps() bool {
	return slices.ContainsFunc(r.Suspicions, func(x Suspicion) bool { return !x.Around || !x.Office })
}

// Findings gives the findings of suspicions: where and what kind, never what.
func Findings(file string, of []Suspicion) (out record.Findings) {
	for _, x := range of {
		f := record.NewFinding(x.code, record.Place{File: file, Sheet: x.Name})
		if x.Col > 0 {
			f.Subject.Cell = span(x.rows[0], x.rows[1], x.Col)
		}
		f.Found, f.Expected, f.Count, f.Cells = cmp.Or(x.Heading, record.Unquoted), columnName(x.Col), x.Cells, x.at
		if f.Count == 1 {
			f.Cells = nil
		}
		out = append(out, f)
	}
	return out
}

// Column is a column under a heading by which a layout can drop it.
type Column struct {
	Sheet, Col int
	Heading    string // as it stands
}

// Droppable gives the columns that a layout has to drop so that the file
// passes; ok is false where that is not enough. What are too few for figures are
// among them, since the rows may be about persons.
func (r *Report) Droppable() (all []Column, ok bool) {
	for _, x := range r.Suspicions {
		if x.Around && x.Office || x.Few && (x.Heading == "" || x.Around || x.Comment) {
			continue
		}
		if x.Heading == "" || x.Around || x.Comment {
			return nil, false
		}
		c := Column{x.Sheet, x.Col, x.head}
		if !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	return all, true
}

func columnName(col int) string {
	if col == 0 {
		return "-"
	}
	return record.ColumnName(col)
}

func span(first, last, col int) string {
	if first == last {
		return record.CellName(first, col)
	}
	return fmt.Sprint(record.CellName(first, col), ":", record.CellName(last, col))
}
