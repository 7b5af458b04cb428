package layout

import (
	"cmp"
	"context"
	"hash/maphash"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

// Options of Read. The zero value reads and checks a file without keeping
// anything.
type Options struct {
	File    string          // the file's name, for places
	Builder *record.Builder // where records go; nil: nowhere
	// Progress is told the rows read so far, now and then; it may be nil.
	Progress func(rows int64)
}

// Result is what reading a file gave. Findings are in workbook order; one of
// severity error refuses the file.
type Result struct {
	Layout   *Layout
	Sheets   []SheetResult
	Account  []record.RowAccount
	Findings record.Findings
	Notes    []record.Note // remarks written into a form
	// LastAction is the day up to which a file is known to be true: the newest
	// date of a treaty file, or what the cover of a form says.
	LastAction time.Time
}

// SheetResult tells what was read of one sheet, for layout check.
type SheetResult struct {
	Name      string            `json:"sheet"`
	HeaderRow int               `json:"header_row"`
	Rows      int64             `json:"rows"`
	Columns   map[string]string `json:"columns"` // heading → what it carries
}

// Read turns the sheets that a layout fits into records. It returns an error
// only when the file cannot be read in full; everything else is a finding.
func Read(ctx context.Context, wb *sheet.Workbook, found *Found, codes *codelist.Set, opts Options) (*Result, error) {
	l := found.Layout
	res := &Result{Layout: l}
	log := newLog(l)
	log.findings = append(log.findings, found.Notes...)
	counts := map[record.RowAccount]int64{}
	var total int64
	for _, fs := range found.Sheets {
		r, err := newReader(l, codes, fs, opts, log)
		if err != nil {
			return nil, err
		}
		r.format = wb.Format()
		r.account = func(o record.Outcome, rule string) {
			counts[record.RowAccount{Sheet: fs.Info.Name, Outcome: o, Rule: rule}]++
		}
		err = wb.Read(ctx, fs.Info.Index, func(row *sheet.Row) error {
			total++
			if opts.Progress != nil && total%4096 == 0 {
				opts.Progress(total)
			}
			return r.row(row)
		})
		if err != nil {
			return nil, err
		}
		details, err := wb.Details(ctx, fs.Info.Index)
		if err != nil {
			return nil, err
		}
		r.around(details)
		r.finish()
		r.empty(counts)
		res.Sheets = append(res.Sheets, SheetResult{Name: fs.Info.Name, HeaderRow: fs.HeaderRow, Rows: r.rows, Columns: r.carried})
		if r.lastAction.After(res.LastAction) {
			res.LastAction = r.lastAction
		}
	}
	if opts.Builder != nil {
		if err := opts.Builder.Flush(); err != nil {
			return nil, err
		}
	}
	for key, n := range counts {
		key.Rows = n
		res.Account = append(res.Account, key)
	}
	slices.SortFunc(res.Account, func(a, b record.RowAccount) int {
		return cmp.Or(cmp.Compare(a.Sheet, b.Sheet), cmp.Compare(a.Outcome, b.Outcome), cmp.Compare(a.Rule, b.Rule))
	})
	res.Findings = log.list()
	return res, nil
}

// empty says that the sheet gave no row, or none in scope.
func (r *reader) empty(counts map[record.RowAccount]int64) {
	at := record.Place{File: r.file, Sheet: r.sheet}
	if r.rows == 0 {
		r.log.add(record.NewFinding("TIP-L009", at))
		return
	}
	var rules []string
	for key, n := range counts {
		switch {
		case key.Sheet != r.sheet || n == 0:
		case key.Outcome != record.OutOfScope:
			return
		default:
			rules = append(rules, key.Rule)
		}
	}
	slices.Sort(rules)
	f := record.NewFinding("TIP-L011", at)
	f.Found = strings.Join(rules, ", ")
	r.log.add(f)
}

// reader reads one sheet.
type reader struct {
	l     *Layout
	codes *codelist.Set
	opts  Options
	log   *log
	file  string
	sheet string
	fs    FoundSheet

	columns []*column // labels first those of time, then the others; without value columns
	values  []*column
	scopes  []*scope
	footer  []*condition
	asides  []*column // those of columns whose texts may set the row aside
	header  []heading // to see a second header
	headed  map[int]bool
	format  sheet.Format
	carried map[string]string
	filed   map[int]FiledYear
	months  map[int]map[int]record.Place // months seen of filed years
	filled  map[int]*sheet.Cell          // of columns filled down: the last cell that is not empty

	base       record.Concepts // the constants
	baseTime   period
	baseExtra  map[string]string
	inFoot     bool
	hidden     int64
	rows       int64
	account    func(record.Outcome, string)
	seen       map[uint64]bool // hashes of case rows
	again      int64
	seed       maphash.Seed
	lastAction time.Time
	sdmx       sdmxColumns

	// of the row at hand
	cells  []*sheet.Cell // by column
	rowNo  int
	cur    record.Concepts
	extra  map[string]string // breakdown, role, AREA_DETAIL
	time   period
	failed string // code of the finding that refuses the row
}

// scope is one compiled out_of_scope rule.
type scope struct {
	rule  string
	conds []*condition
}

func (r *reader) text(col int) string {
	if col <= 0 || col >= len(r.cells) || r.cells[col] == nil {
		return ""
	}
	return r.cells[col].Text
}

func (r *reader) all(conds []*condition) bool {
	for _, c := range conds {
		if c.col == 0 || !c.holds(r.text(c.col)) {
			return false
		}
	}
	return len(conds) > 0
}

func (r *reader) place(col int) record.Place {
	return record.Place{File: r.file, Sheet: r.sheet, Cell: record.CellName(r.rowNo, max(col, 1))}
}

// row reads one row of the sheet and accounts for it.
func (r *reader) row(row *sheet.Row) error {
	if row.Number <= r.fs.HeaderRow || len(row.Cells) == 0 {
		return nil
	}
	for i := range r.cells {
		r.cells[i] = nil
	}
	last := row.Cells[len(row.Cells)-1].Col
	for len(r.cells) <= last {
		r.cells = append(r.cells, nil)
	}
	blank := true
	r.unmark(row)
	for i := range row.Cells {
		c := &row.Cells[i]
		r.cells[c.Col] = c
		// A formula without a value is no blank, although it shows nothing.
		blank = blank && c.Kind == sheet.Text && trim(c.Text) == ""
	}
	if blank {
		return nil
	}
	r.fillDown()
	r.rows++
	r.rowNo = row.Number
	if row.Hidden {
		r.hidden++
		if r.hidden == 1 {
			f := record.NewFinding("TIP-L010", r.place(row.Cells[0].Col))
			r.log.addCounted(f, "hidden "+r.sheet)
		} else {
			r.log.count("hidden " + r.sheet)
		}
	}
	outcome, rule, err := r.read()
	if err != nil {
		return err
	}
	r.account(outcome, rule)
	return nil
}

// read decides what becomes of the row at hand and emits its records.
func (r *reader) read() (record.Outcome, string, error) {
	if r.isHeader() {
		f := record.NewFinding("TIP-L005", r.place(1))
		r.log.add(f)
		return record.Refused, f.Code, nil
	}
	if r.inFoot || r.all(r.footer) {
		r.inFoot = true
		return record.OutOfScope, "footer", nil
	}
	if !r.exchange() {
		return record.Refused, r.failed, nil
	}
	for _, s := range r.scopes {
		if r.all(s.conds) {
			return record.OutOfScope, s.rule, nil
		}
	}
	if rule := r.aside(); rule != "" {
		return record.OutOfScope, rule, nil
	}
	r.strays()
	r.cur = append(r.cur[:0], r.base...)
	clear(r.extra)
	maps.Copy(r.extra, r.baseExtra)
	r.time = r.baseTime
	r.failed = ""
	for _, c := range r.columns {
		if len(c.when) > 0 && !r.all(c.when) {
			continue
		}
		r.label(c)
	}
	if first := r.failed; first != "" {
		if first != refusedLabel && r.l.Kind() == record.KindFigure {
			r.tellValues() // all faults of a row at once
		}
		return record.Refused, first, nil
	}
	var err error
	switch r.l.Kind() {
	case record.KindTreaty:
		err = r.treatyRow()
	case record.KindCase:
		err = r.caseRow()
	default:
		err = r.figures()
	}
	if err != nil {
		return "", "", err
	}
	if r.failed != "" {
		return record.Refused, r.failed, nil
	}
	return record.Observed, "", nil
}

// settle completes the concepts of one record: period and =REF_AREA.
func (r *reader) settle(cs record.Concepts, p period, col int) bool {
	freq, tp, reported, prob := r.l.Time.sdmx(p, r.filed)
	if prob != nil {
		found := p.String()
		if p.year == 0 || r.l.Kind() == record.KindCase {
			found = ""
		}
		r.fail(prob.code, col, found, prob.expected)
		return false
	}
	if _, is := r.filed[p.year]; is && p.month != 0 {
		if r.months[p.year] == nil {
			r.months[p.year] = map[int]record.Place{}
		}
		if _, ok := r.months[p.year][p.month]; !ok {
			r.months[p.year][p.month] = r.place(col)
		}
	}
	said := cs[cFreq]
	if is, same := sameFreq(said, freq, tp); same {
		cs[cFreq] = is
	} else {
		r.fail("TIP-L024", col, said+" ("+tp+")", freq)
		return false
	}
	cs[cTimePeriod] = tp
	if reported != "" {
		cs[cPeriodAsReported] = reported
	}
	if cs[cRefArea] == "" || cs[cIndicator] == "" {
		r.fail("TIP-V019", col, "", "REF_AREA, INDICATOR")
		return false
	}
	for i, v := range cs {
		if v == codelist.RefArea {
			cs[i] = cs[cRefArea]
		}
	}
	return true
}

func (r *reader) fail(code string, col int, found, expected string) {
	r.failed = code
	r.log.cell(code, r.place(col), found, expected, nil)
}

// caseRow emits one case row.
func (r *reader) caseRow() error {
	if !r.settle(r.cur, r.l.Time.keep(r.time), 1) {
		return nil
	}
	var h maphash.Hash
	h.SetSeed(r.seed)
	for _, c := range r.cells {
		if c != nil {
			h.WriteString(c.Text)
		}
		h.WriteByte(0)
	}
	if k := h.Sum64(); r.seen[k] {
		r.again++
	} else {
		r.seen[k] = true
	}
	if r.opts.Builder == nil {
		return nil
	}
	return r.opts.Builder.Case(&record.Case{Sheet: r.sheet, RowNo: r.rowNo, Concepts: r.cur})
}

// finish says what only the whole sheet shows.
func (r *reader) finish() {
	if r.again > 0 {
		f := record.NewFinding("TIP-V022", record.Place{File: r.file, Sheet: r.sheet})
		f.Count = int(r.again)
		r.log.add(f)
	}
	for _, year := range sortedKeys(r.months) {
		filed := r.filed[year]
		for _, m := range sortedKeys(r.months[year]) {
			if m != filed.Month {
				f := record.NewFinding("TIP-V024", r.months[year][m])
				f.Found = time.Month(m).String()
				f.Context = r.months[year][filed.Month]
				f.Expected = r.l.ID
				r.log.add(f)
			}
		}
		if at, ok := r.months[year][filed.Month]; ok && len(r.months[year]) == 1 {
			f := record.NewFinding("TIP-V023", at)
			f.Found, f.Expected = period{year: year, month: filed.Month}.String(), r.l.ID
			r.log.add(f)
		}
	}
}
