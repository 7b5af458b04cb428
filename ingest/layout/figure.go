package layout

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/record"
)

// figures emits one record for each value column of the row.
func (r *reader) figures() error {
	labels, base, extra := r.time, slices.Clone(r.cur), maps.Clone(r.extra)
	emitted := false
	for _, c := range r.values {
		if len(c.when) > 0 && !r.all(c.when) {
			continue
		}
		r.time, r.cur = labels, append(r.cur[:0], base...)
		clear(r.extra)
		maps.Copy(r.extra, extra)
		said := true
		for _, k := range sortedKeys(c.set) {
			said = r.say(c, k, c.set[k], c.set[k]) && said
		}
		if !said {
			continue
		}
		v, p := r.value(c)
		told := v.Status // by the cell itself
		if p == nil {
			v, p = r.whole(v)
		}
		if p != nil {
			r.fail(p.code, c.col, r.quote(c, r.text(c.col)), p.expected)
			continue
		}
		if !r.settle(r.cur, r.time, c.col) {
			continue
		}
		r.cur[cObsStatus] = string(statusOf(v, r.cur[cObsStatus]))
		if told == record.Suppressed {
			r.cur[cConfStatus] = "A"
		}
		received := r.received()
		if received != nil && !r.once() {
			r.fail("TIP-L022", c.col, "", "")
			continue
		}
		if r.l.Match.SDMX != nil && r.cur[cConfStatus] == "N" { // as of our export with --control none
			r.log.cell("TIP-L025", r.place(c.col), "N", "", nil)
		}
		emitted = true
		if r.opts.Builder == nil {
			continue
		}
		f := record.Figure{Sheet: r.sheet, RowNo: r.rowNo, Cell: record.CellName(r.rowNo, c.col), Raw: r.text(c.col),
			Breakdown: cmp.Or(r.extra["breakdown"], "total"), Role: cmp.Or(r.extra["role"], "figure"), AreaDetail: r.extra["AREA_DETAIL"],
			Concepts: r.cur, Value: v, UnitMult: intOr(r.number("UNIT_MULT"), 0), Decimals: intOr(r.number("DECIMALS"), decimalsOf(v.Number)), Received: received}
		if err := r.opts.Builder.Figure(&f); err != nil {
			return err
		}
	}
	if !emitted && r.failed == "" {
		r.fail("TIP-V003", 1, "", "")
	}
	return nil
}

// tellValues says what is wrong with the figures of a row that is refused for
// its labels already.
func (r *reader) tellValues() {
	for _, c := range r.values {
		if len(c.when) > 0 && !r.all(c.when) {
			continue
		}
		if _, p := r.value(c); p != nil {
			r.fail(p.code, c.col, r.quote(c, r.text(c.col)), p.expected)
		}
	}
}

// statusOf joins the status of the value with one that a label declared
// (provisional, break): a missing figure stays missing.
func statusOf(v record.Value, declared string) record.ObsStatus {
	if v.Status == record.Normal && declared != "" {
		return record.ObsStatus(declared)
	}
	return v.Status
}

// value reads the cell that holds the figure.
func (r *reader) value(c *column) (record.Value, *problem) {
	cell := r.cellAt(c.col)
	if cell == nil {
		return r.l.Values.number("")
	}
	switch cell.Kind {
	case sheet.Number:
		if v, ok := r.l.Values.symbol(cell.Text); ok { // 999 for not available
			return v, nil
		}
		return r.l.Values.accept(cell.Number)
	case sheet.Date:
		return record.Value{}, &problem{"TIP-V008", ""}
	case sheet.ErrorValue, sheet.NoValue, sheet.Bool:
		return record.Value{}, &problem{"TIP-V009", ""}
	}
	return r.l.Values.number(cell.Text)
}

// treatyRow emits the actions of one State.
func (r *reader) treatyRow() error {
	area := r.cur[cRefArea]
	if area == "" {
		r.fail("TIP-V019", 1, "", "REF_AREA")
		return nil
	}
	signed, any := false, false
	for _, c := range r.values {
		raw := clip(r.text(c.col), 60)
		if cell := r.cellAt(c.col); cell != nil && (cell.Kind == sheet.ErrorValue || cell.Kind == sheet.NoValue) {
			any = true
			r.fail("TIP-V009", c.col, raw, "")
			continue
		}
		text := strings.Join(strings.Fields(r.text(c.col)), " ")
		if text == "" {
			continue
		}
		any = true
		mark := ""
		if i := strings.LastIndexByte(text, ' '); i > 0 {
			if tail := text[i+1:]; strings.Trim(tail, "0123456789") != "" {
				mark, text = tail, strings.TrimSpace(text[:i])
			}
		}
		d, p := r.l.Time.date(text)
		if p != nil {
			r.fail(p.code, c.col, raw, p.expected)
			continue
		}
		action := c.Treaty.Action
		if mark != "" {
			a, ok := c.Treaty.Marks[mark]
			if !ok {
				r.fail("TIP-V015", c.col, clip(mark, 60), strings.Join(sortedKeys(c.Treaty.Marks), ", "))
				continue
			}
			action = a
		} else if c.Treaty.Unsigned != "" && !signed {
			action = c.Treaty.Unsigned
			r.log.cell("TIP-V016", r.place(c.col), raw, "", nil)
		}
		signed = signed || action == "SIGNATURE"
		if d.After(r.lastAction) {
			r.lastAction = d
		}
		if r.opts.Builder != nil {
			if err := r.opts.Builder.TreatyAction(&record.TreatyAction{Sheet: r.sheet, RowNo: r.rowNo, Cell: record.CellName(r.rowNo, c.col),
				Raw: r.text(c.col), RefArea: area, Instrument: r.l.Instrument, Action: action, Date: d}); err != nil {
				return err
			}
		}
	}
	if !any {
		col := 1
		if len(r.values) > 0 { // none: the column is missing, which was said before
			col = r.values[0].col
		}
		r.fail("TIP-V003", col, "", "")
	}
	return nil
}

// log gathers findings; the same fault in many cells is one finding with its
// count and its first cells.
type log struct {
	l        *Layout
	findings record.Findings
	at       map[string]int
	proposed int // findings that proposals were sought for
}

// cellsShown is how many cells of one finding are listed.
const cellsShown = 20

// proposedMost is for how many findings proposals are sought. It takes some
// milliseconds each; a file with more is read through the wrong column.
const proposedMost = 100

// findingsMost is how many findings of a file are told apart by what was found.
const findingsMost = 10_000

func newLog(l *Layout) *log { return &log{l: l, at: map[string]int{}} }

func (g *log) add(f record.Finding) { g.findings = append(g.findings, f) }

func (g *log) addCounted(f record.Finding, key string) {
	g.at[key] = len(g.findings)
	g.findings = append(g.findings, f)
}

func (g *log) count(key string) { g.findings[g.at[key]].Count++ }

// cell adds a finding about a cell; near is asked once for each finding, since
// it takes long.
func (g *log) cell(code string, at record.Place, found, expected string, near func() []string) {
	col := strings.TrimRight(at.Cell, "0123456789")
	if len(g.findings) >= findingsMost { // the rest of one code and column is one finding
		found, expected, near = record.Unquoted, "", nil
	}
	key := strings.Join([]string{code, at.Sheet, col, found, expected}, "\x00")
	i, ok := g.at[key]
	if !ok {
		f := record.NewFinding(code, at)
		f.Found, f.Expected = found, expected
		if near != nil && g.proposed < proposedMost {
			g.proposed++
			f.Proposals = near()
		}
		f.Cells = []string{at.Cell}
		g.addCounted(f, key)
		return
	}
	f := &g.findings[i]
	f.Count++
	if len(f.Cells) < cellsShown {
		f.Cells = append(f.Cells, at.Cell)
	}
}

func (g *log) list() record.Findings {
	g.findings.Sort()
	return g.findings
}
