package template

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

// Options say for whom a form is written.
type Options struct {
	State   string // code of CL_AREA
	Year    int
	Lang    string
	Records []string // ids of sheets; empty: all that are not optional
	Last    *Last    // an earlier year's, for reference; may be nil
}

// FileName is what the form is called.
func (o Options) FileName() string { return fmt.Sprintf("tip-%s-%d-%s.xlsx", o.State, o.Year, o.Lang) }

// Names of the sheets that are not for people, and of the properties of the
// document: by them a form is recognised.
const (
	markSheet = "tipstat"
	listSheet = "tipstat-lists"
	Property  = "tipstat.template"
)

// Rows and columns of a table's frame on its sheet.
const (
	codeCol  = 1 // codes of the rows; marks of the tables
	labelCol = 2 // labels of the rows, or the first choice of an open row
)

// Marks in column A, after which the reader finds its way.
const (
	markTable   = "§" // and the id of the table
	markNote    = "note"
	markEmpty   = "?" // what empty cells mean
	markColumns = "#" // codes of the columns
	markOpen    = "+" // a row whose codes are chosen
	markLast    = "<" // and a year: a column of reference, which is not read
)

// Statuses are what may stand in place of a figure, as codes of CL_OBS_STATUS.
var Statuses = []record.ObsStatus{record.NotAvailable, record.NotApplicable, record.NotCollected, record.Suppressed}

// writer is a form in the making; err is the first error met.
type writer struct {
	form  *Form
	codes *codelist.Set
	opts  Options
	f     *excelize.File
	words map[string]string
	style styles
	last  *Last // nil: nothing to refer to
	err   error
}

// Write writes the form. The same options give the same bytes.
func (f *Form) Write(out io.Writer, codes *codelist.Set, opts Options) (err error) {
	all, err := texts()
	if err != nil {
		return err
	}
	words, ok := all[opts.Lang]
	if !ok {
		return fmt.Errorf("no language %q: want one of %v", opts.Lang, record.Languages)
	}
	areas, _ := codes.List("CL_AREA")
	state, ok := areas.Code(opts.State)
	if !ok {
		return fmt.Errorf("no State %q: want a code of CL_AREA, such as HND", opts.State)
	}
	for _, r := range opts.Records {
		if !slices.ContainsFunc(f.Sheets, func(s Sheet) bool { return s.ID == r }) {
			return fmt.Errorf("no record %q in the form", r)
		}
	}
	x := excelize.NewFile()
	defer func() { err = errors.Join(err, x.Close()) }()
	w := &writer{form: f, codes: codes, opts: opts, f: x, words: words}
	if !opts.Last.Empty() {
		w.last = opts.Last
	}
	w.do(x.SetSheetName("Sheet1", words["sheet.cover"]))
	w.makeStyles()
	w.listsSheet()
	w.cover(state.Name[opts.Lang])
	for _, s := range f.Chosen(opts.Records) {
		w.sheet(s)
	}
	w.definitions()
	w.notes()
	w.marks()
	w.properties()
	if w.err != nil {
		return w.err
	}
	_, err = x.WriteTo(out)
	return err
}

func (w *writer) do(err error) {
	if w.err == nil {
		w.err = err
	}
}

// put writes a text or a number; text is never a formula.
func (w *writer) put(sheet string, row, col int, v any, style int) {
	at := record.CellName(row, col)
	if v != nil {
		w.do(w.f.SetCellValue(sheet, at, v))
	}
	w.do(w.f.SetCellStyle(sheet, at, at, style))
}

func (w *writer) newSheet(name string) {
	_, err := w.f.NewSheet(name)
	w.do(err)
}

// label is the label of a code in the form's language.
func (w *writer) label(list, code string) string {
	l, ok := w.codes.List(list)
	if !ok {
		w.do(fmt.Errorf("no code list %s", list))
		return code
	}
	c, ok := l.Code(code)
	if !ok {
		w.do(fmt.Errorf("%s has no code %s", list, code))
	}
	return c.Name[w.opts.Lang]
}

func (w *writer) conceptLabel(concept, code string) string {
	list, _ := listOf(concept)
	return w.label(list, code)
}

// listsSheet holds what drop-downs offer.
func (w *writer) listsSheet() {
	w.newSheet(listSheet)
	col := 0
	add := func(name string, values []any) {
		col++
		for i, v := range values {
			w.put(listSheet, i+1, col, v, w.style.list)
		}
		ref := fmt.Sprintf("'%s'!$%s$1:$%s$%d", listSheet, record.ColumnName(col), record.ColumnName(col), len(values))
		w.do(w.f.SetDefinedName(&excelize.DefinedName{Name: name, RefersTo: ref}))
	}
	var statuses, months []any
	for _, s := range Statuses {
		statuses = append(statuses, w.words["status."+string(s)])
	}
	for m := 1; m <= 12; m++ {
		months = append(months, w.label("CL_MONTH", fmt.Sprintf("%02d", m)))
	}
	add("tip_status", append([]any{0}, statuses...)) // a cell takes the figure, which adds up
	add("tip_empty", append([]any{w.words["value.zero"]}, statuses...))
	add("tip_month", months)
	add("tip_area", w.areas())
	for _, a := range []string{"VICTIM_STATUS", "IDENTIFIED_BY", "COVERAGE"} {
		var labels []any
		for _, c := range w.form.offered(w.codes, a) {
			labels = append(labels, c.Name[w.opts.Lang])
		}
		add("tip_"+a, labels)
	}
	var titles []any
	for _, s := range w.form.Chosen(w.opts.Records) {
		for _, t := range s.Tables {
			titles = append(titles, w.words["title."+t.ID])
			for _, concept := range slices.Sorted(maps.Keys(t.Rows.Choices)) {
				var labels []any
				for _, code := range t.Rows.Choices[concept] {
					labels = append(labels, w.conceptLabel(concept, code))
				}
				add("tip_"+t.ID+"_"+concept, labels)
			}
		}
	}
	add("tip_table", titles)
	w.do(w.f.SetSheetVisible(listSheet, false))
}

// areas gives the names of countries, sorted as the language sorts them.
func (w *writer) areas() (all []any) {
	var names []string
	l, _ := w.codes.List("CL_AREA")
	for _, c := range l.Codes() {
		if len(c.ID) == 3 && c.ID[0] != '_' {
			names = append(names, c.Name[w.opts.Lang])
		}
	}
	sortIn(w.opts.Lang, names)
	for _, name := range append(names, w.label("CL_AREA", "_U")) {
		all = append(all, name)
	}
	return all
}

// marks writes what the form is, for the program that reads it back: the
// properties of the document say the same and may be lost in other programs.
func (w *writer) marks() {
	w.newSheet(markSheet)
	for i, kv := range w.identity() {
		w.put(markSheet, i+1, 1, kv[0], w.style.list)
		w.put(markSheet, i+1, 2, kv[1], w.style.list)
		w.do(w.f.SetCustomProps(excelize.CustomProperty{Name: kv[0], Value: kv[1]}))
	}
	w.do(w.f.SetSheetVisible(markSheet, false))
}

func (w *writer) identity() [][2]string {
	return [][2]string{{Property, w.form.ID}, {"tipstat.version", w.form.Version}, {"tipstat.ref_area", w.opts.State},
		{"tipstat.time_period", strconv.Itoa(w.opts.Year)}, {"tipstat.lang", w.opts.Lang},
		{"tipstat.records", strings.Join(w.records(), ",")}}
}

// records are the sheets of tables that this form has.
func (w *writer) records() (ids []string) {
	for _, s := range w.form.Chosen(w.opts.Records) {
		ids = append(ids, s.ID)
	}
	return ids
}

func (w *writer) properties() {
	day := time.Date(2004, 6, 8, 0, 0, 0, 0, time.UTC).Format(time.RFC3339) // of the resolution: no clock in an artefact
	w.do(w.f.SetDocProps(&excelize.DocProperties{Title: w.words["cover.title"], Creator: "tipstat", Created: day, Modified: day, Language: w.opts.Lang, Identifier: w.form.ID + " " + w.form.Version}))
}
