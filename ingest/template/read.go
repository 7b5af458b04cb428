package template

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

// Agency is who reports through the form, a code of CL_AGENCY.
const Agency = "NATIONAL"

// maxRows bounds the rows of one sheet of a form.
const maxRows = 10_000

// Filled is a form as it came back.
type Filled struct {
	Form    *Form
	Version string
	RefArea string
	Year    int
	Lang    string
	Records []string // ids of the sheets that it was given out with; none: it does not say
}

// Recognise tells whether a workbook is this form, by the properties of the
// document or by the hidden sheet, whichever is left. It is nil for another file.
// Findings say why a form can't be read.
func (f *Form) Recognise(ctx context.Context, wb *sheet.Workbook, file string, codes *codelist.Set) (*Filled, record.Findings, error) {
	said := map[string]string{}
	for k, v := range wb.Properties() {
		if strings.HasPrefix(k, "tipstat.") {
			said[k] = v
		}
	}
	var faults record.Findings
	for _, info := range wb.Sheets() {
		if info.Name != markSheet {
			continue
		}
		err := wb.Read(ctx, info.Index, func(r *sheet.Row) error {
			if len(r.Cells) < 2 || r.Cells[0].Col != 1 || !strings.HasPrefix(r.Cells[0].Text, "tipstat.") {
				return nil
			}
			key, value := r.Cells[0].Text, strings.TrimSpace(r.Cells[1].Text)
			if had, ok := said[key]; ok && had != value && key != "tipstat.lang" {
				at := record.NewFinding("TIP-T002", record.Place{File: file, Sheet: info.Name, Cell: r.Address(r.Cells[1])})
				at.Found, at.Expected = key+" = "+value, key+" = "+had
				faults = append(faults, at)
			}
			said[key] = value
			return nil
		})
		if err != nil {
			return nil, nil, err
		}
	}
	whole := record.Place{File: file}
	if said[Property] != f.ID {
		marked, err := f.marked(ctx, wb)
		if marked && said[Property] == "" {
			faults = append(faults, record.NewFinding("TIP-T016", whole))
		}
		return nil, faults, err
	}
	if major, _, _ := strings.Cut(said["tipstat.version"], "."); major != strings.Split(f.Version, ".")[0] {
		x := record.NewFinding("TIP-T001", whole)
		x.Found, x.Expected = cmp.Or(said["tipstat.version"], "?"), f.Version
		faults = append(faults, x)
	}
	areas, _ := codes.List("CL_AREA")
	_, known := areas.Code(said["tipstat.ref_area"])
	year, err := strconv.Atoi(said["tipstat.time_period"])
	if !known || err != nil || year < 1900 || year > 2200 {
		x := record.NewFinding("TIP-T002", whole)
		x.Found, x.Expected = said["tipstat.ref_area"]+" "+said["tipstat.time_period"], "HND 2025"
		faults = append(faults, x)
	}
	var records []string
	if s := said["tipstat.records"]; s != "" {
		records = strings.Split(s, ",")
	}
	return &Filled{Form: f, Records: records, Version: said["tipstat.version"], RefArea: said["tipstat.ref_area"], Year: year, Lang: said["tipstat.lang"]}, faults, nil
}

// ReadOptions are the options of Read. The zero value reads and keeps nothing.
type ReadOptions struct {
	File     string
	Builder  *record.Builder // for figures; nil: nothing is kept
	Cases    *record.Builder // for case rows
	Progress func(rows int64)
}

// OwnSheet tells whether a sheet is one of the form's own, hidden on purpose.
func OwnSheet(name string) bool { return name == markSheet || name == listSheet }

// Result is what reading a form gave.
type Result struct {
	Account  []record.RowAccount
	Findings record.Findings
	Notes    []record.Note
	AsOf     time.Time // the day on which the figures were known; zero: not said
}

// reader reads one form.
type reader struct {
	*Filled
	codes    *codelist.Set
	opts     ReadOptions
	choices  map[string]string // what may stand in place of a figure, in every language → status
	tables   map[string]*Table
	sheetOf  map[string]*Sheet
	seen     map[string]bool // tables
	answers  map[string]string
	said     []note
	frame    frame // of the sheet at hand
	framed   map[string]bool
	known    time.Time // day of the figures; zero: not said
	findings record.Findings
	rows     map[record.RowAccount]int64
	base     record.Concepts
	figures  []pending
	first    int // column of the codes of the sheet at hand
}

// pending is a figure that waits for the definitions, which may stand on a later
// sheet.
type pending struct {
	concepts record.Concepts
	fig      *record.Figure // or
	row      *record.Case
	sheet    string // id of the form's sheet
}

// Read reads the figures of a form. Findings of severity error refuse it.
func (fl *Filled) Read(ctx context.Context, wb *sheet.Workbook, codes *codelist.Set, opts ReadOptions) (*Result, error) {
	r := &reader{Filled: fl, codes: codes, opts: opts, tables: map[string]*Table{}, sheetOf: map[string]*Sheet{}, seen: map[string]bool{},
		answers: map[string]string{}, framed: map[string]bool{}, rows: map[record.RowAccount]int64{}, base: record.NewConcepts()}
	var err error
	if r.choices, err = choices(); err != nil {
		return nil, err
	}
	for i := range fl.Form.Sheets {
		s := &fl.Form.Sheets[i]
		for j := range s.Tables {
			r.tables[s.Tables[j].ID], r.sheetOf[s.Tables[j].ID] = &s.Tables[j], s
		}
	}
	for _, info := range wb.Sheets() {
		if OwnSheet(info.Name) {
			continue
		}
		rows, err := r.load(ctx, wb, info)
		if err != nil {
			return nil, err
		}
		r.sheet(info, rows)
		d, err := wb.Details(ctx, info.Index)
		if err != nil {
			return nil, err
		}
		r.around(info, rows, d)
	}
	r.missing()
	r.missingFrames()
	if len(r.figures) == 0 && r.findings.Err() == nil {
		r.find("TIP-T011", "", "", "")
	}
	r.defined()
	if err := r.emit(); err != nil {
		return nil, err
	}
	res := &Result{Findings: r.findings, Notes: r.notes(), AsOf: r.known}
	res.Findings.Sort()
	for a, n := range r.rows {
		a.Rows = n
		res.Account = append(res.Account, a)
	}
	slices.SortFunc(res.Account, func(a, b record.RowAccount) int {
		return cmp.Or(cmp.Compare(a.Sheet, b.Sheet), cmp.Compare(a.Outcome, b.Outcome), cmp.Compare(a.Rule, b.Rule))
	})
	return res, nil
}

// choices gives what the drop-downs offer in place of a figure, normalised, in
// all languages: a form may be filled in by somebody who translated it.
func choices() (map[string]string, error) {
	all, err := texts()
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, words := range all {
		for _, s := range Statuses {
			out[normal(words["status."+string(s)])] = string(s)
		}
		out[normal(words["value.zero"])] = "0"
	}
	return out, nil
}

func normal(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// load reads a sheet whole: a form is small.
func (r *reader) load(ctx context.Context, wb *sheet.Workbook, info sheet.Info) (rows []sheet.Row, err error) {
	err = wb.Read(ctx, info.Index, func(row *sheet.Row) error {
		if len(rows) == maxRows {
			return &sheet.Error{Code: sheet.CodeRows, File: r.opts.File, Sheet: info.Name, Found: strconv.Itoa(maxRows + 1), Expected: strconv.Itoa(maxRows)}
		}
		kept := *row
		kept.Cells = slices.Clone(row.Cells)
		rows = append(rows, kept)
		return nil
	})
	return rows, err
}

func (r *reader) find(code, sheetName, cell, found string) *record.Finding {
	f := record.NewFinding(code, record.Place{File: r.opts.File, Sheet: sheetName, Cell: cell})
	f.Found = found
	r.findings = append(r.findings, f)
	return &r.findings[len(r.findings)-1]
}

// word is a text of the form in the language that it was written in.
func (r *reader) word(key string) string {
	all, err := texts()
	if err != nil {
		return key
	}
	words, ok := all[r.Lang]
	if !ok {
		words = all["en"]
	}
	return words[key]
}

// missing tells of tables that are gone while others of their sheet are there. A
// sheet may be left out as a whole: a form is given out for some records only.
func (r *reader) missing() {
	if len(r.seen) == 0 {
		r.find("TIP-T009", "", "", "∅ "+markTable)
	}
	for _, s := range r.Form.Sheets {
		some := slices.ContainsFunc(s.Tables, func(t Table) bool { return r.seen[t.ID] })
		if !some && slices.Contains(r.Records, s.ID) {
			r.find("TIP-T004", "", "", r.word("sheet."+s.ID))
		}
		for _, t := range s.Tables {
			if some && !r.seen[t.ID] && !older(r.Version, t.Since) {
				r.find("TIP-T004", "", "", r.word("title."+t.ID))
			}
		}
	}
}

// older tells whether a form's version is before another: it can't hold what
// came later.
func older(version, since string) bool {
	x, y := strings.Split(version, "."), strings.Split(since, ".")
	for i := range min(len(x), len(y)) {
		a, _ := strconv.Atoi(x[i])
		b, _ := strconv.Atoi(y[i])
		if a != b {
			return a < b
		}
	}
	return false
}

// missingFrames tells of the sheets beside those of tables that are gone.
func (r *reader) missingFrames() {
	if len(r.Records) == 0 {
		return // a form of a version that had no marks on its notes
	}
	for _, kind := range []string{frameCover, frameDefinitions, frameNotes} {
		if !r.framed[kind] {
			r.find("TIP-T014", "", "", r.word("sheet."+kind))
		}
	}
}

// defined puts the answers of the definitions into the figures, and tells of
// those that are missing.
func (r *reader) defined() {
	told := map[string]bool{}
	for _, p := range r.figures {
		s := p.sheet
		i := slices.IndexFunc(r.Form.Sheets, func(x Sheet) bool { return x.ID == s })
		for _, a := range r.Form.Sheets[i].Attributes {
			c, ok := record.ConceptOf(a)
			if !ok || p.concepts[c] != r.base[c] { // its table says it
				continue
			}
			key := s + "." + a
			if answer := r.answers[key]; answer != "" {
				p.concepts[c] = answer
				continue
			}
			if _, coded := listOf(a); coded {
				p.concepts[c] = "_U"
			}
			if !told[key] {
				told[key] = true
				r.find("TIP-T007", "", "", r.word("sheet."+s)+": "+r.word("attribute."+a))
			}
		}
		for _, concept := range []string{"TIME_PERIOD", "PERIOD_AS_REPORTED", "FREQ"} {
			c, _ := record.ConceptOf(concept)
			p.concepts[c] = r.period()[concept]
		}
	}
}

// period is the year of the form, from the month that the cover says.
func (r *reader) period() map[string]string {
	year := strconv.Itoa(r.Year)
	month, err := strconv.Atoi(r.answers["fiscal"])
	if err != nil || month == 1 {
		return map[string]string{"FREQ": "A", "TIME_PERIOD": year}
	}
	first := year + "-" + pad(month) + "-01"
	last := strconv.Itoa(r.Year+1) + "-" + pad(month-1)
	return map[string]string{"FREQ": "A", "TIME_PERIOD": first + "/P1Y", "PERIOD_AS_REPORTED": year + " (" + first + "/" + last + ")"}
}

func pad(month int) string {
	if month < 10 {
		return "0" + strconv.Itoa(month)
	}
	return strconv.Itoa(month)
}

func (r *reader) emit() error {
	for i, p := range r.figures {
		var err error
		switch {
		case p.row != nil && r.opts.Cases != nil:
			err = r.opts.Cases.Case(p.row)
		case p.fig != nil && r.opts.Builder != nil:
			err = r.opts.Builder.Figure(p.fig)
		}
		if err != nil {
			return err
		}
		if r.opts.Progress != nil && i%4096 == 0 {
			r.opts.Progress(int64(i))
		}
	}
	for _, b := range []*record.Builder{r.opts.Builder, r.opts.Cases} {
		if b == nil {
			continue
		}
		if err := b.Flush(); err != nil {
			return err
		}
	}
	return nil
}
