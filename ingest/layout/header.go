package layout

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

// headRows is how far into a sheet recognition looks: title rows above the
// header, the header, and enough rows for anchors and conditions.
const headRows = 400

// searchRows is how many of these may stand above the header.
const searchRows = 40

// head is the beginning of one sheet.
type head struct {
	info   sheet.Info
	rows   []sheet.Row
	merges []sheet.Range
	joined map[[2]int]joined // what headings gave
}

// joined are the headings of some rows, and the first of each spelling.
type joined struct {
	list  []heading
	first map[string]heading
}

// Bounds of what is kept of all sheets to recognise a file: a workbook may have a thousand
// sheets, and each of them rows of 16,384 cells. 400 rows of 300 columns, 25 times, fit.
const (
	headCells = 3_000_000
	headBytes = 128 << 20
)

// budget counts what is kept of the beginnings of sheets.
type budget struct{ cells, bytes int }

// take counts a row.
func (b *budget) take(r *sheet.Row) error {
	b.cells += len(r.Cells)
	for i := range r.Cells {
		b.bytes += len(r.Cells[i].Text) + len(r.Cells[i].Raw)
	}
	if b.cells > headCells || b.bytes > headBytes {
		return &sheet.Error{Code: sheet.CodeMemory, Expected: strconv.Itoa(headBytes>>20) + " MB", Cell: record.CellName(r.Number, r.Cells[0].Col)}
	}
	return nil
}

var errEnough = errors.New("enough rows")

func readHead(ctx context.Context, wb *sheet.Workbook, info sheet.Info, rows int, kept *budget) (head, error) {
	h := head{info: info, joined: map[[2]int]joined{}}
	err := wb.Read(ctx, info.Index, func(r *sheet.Row) error {
		if len(h.rows) == rows {
			return errEnough
		}
		if err := kept.take(r); err != nil {
			return err
		}
		row := *r
		row.Cells = append([]sheet.Cell(nil), r.Cells...)
		h.rows = append(h.rows, row)
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		if e, ok := err.(*sheet.Error); ok && e.Sheet == "" {
			e.Sheet = info.Name
		}
		return h, err
	}
	d, err := wb.Details(ctx, info.Index)
	h.merges = d.Merges
	return h, err
}

// heading is one column's heading: its text as found and the column.
type heading struct {
	col  int
	text string
	norm string
}

// headings joins n rows from h.rows[at] on into one heading a column. In rows
// above the last a heading spreads to the right over its merged cells; where
// the file has no merged cells (csv), over the blank cells that follow it.
func (h *head) headings(at, n int) []heading { return h.join(at, n).list }

// join is headings, which every layout asks for at every row: it is worked out once.
func (h *head) join(at, n int) joined {
	j, there := h.joined[[2]int{at, n}]
	if there || at+n > len(h.rows) {
		return j
	}
	j = joined{h.newHeadings(at, n), map[string]heading{}}
	for _, hd := range j.list {
		if _, ok := j.first[hd.norm]; !ok {
			j.first[hd.norm] = hd
		}
	}
	h.joined[[2]int{at, n}] = j
	return j
}

func (h *head) newHeadings(at, n int) []heading {
	parts := map[int][]string{}
	last := 0
	for i := range n {
		for _, c := range h.rows[at+i].Cells {
			last = max(last, c.Col)
		}
	}
	for i := range n {
		row := h.rows[at+i]
		texts := map[int]string{}
		for _, c := range row.Cells {
			texts[c.Col] = strings.Join(strings.Fields(c.Text), " ")
		}
		if i < n-1 {
			h.spread(row.Number, last, texts)
		}
		for col := 1; col <= last; col++ {
			if t := texts[col]; t != "" {
				parts[col] = append(parts[col], t)
			}
		}
	}
	var out []heading
	for col := 1; col <= last; col++ {
		if p := parts[col]; len(p) > 0 {
			text := strings.Join(p, " / ")
			out = append(out, heading{col, text, codelist.Normalise(text)})
		}
	}
	return out
}

func (h *head) spread(row, last int, texts map[int]string) {
	if len(h.merges) > 0 {
		for _, m := range h.merges {
			if m.FirstRow <= row && row <= m.LastRow {
				for col := m.FirstCol + 1; col <= min(m.LastCol, last); col++ {
					texts[col] = texts[m.FirstCol]
				}
			}
		}
		return
	}
	for col := 2; col <= last; col++ {
		if texts[col] == "" {
			texts[col] = texts[col-1]
		}
	}
}

// fit is how well a layout's header fits at a place.
type fit struct {
	at       int // index in head.rows
	headings []heading
	missing  []string // headings of the layout that were not found
}

// fitAt compares the layout's headings with those that stand at a row.
func (l *Layout) fitAt(h *head, at int) fit {
	j := h.join(at, max(1, l.Match.HeaderRows))
	f, first := fit{at: at, headings: j.list}, j.first
	for _, want := range l.Match.Header {
		found := false
		for _, s := range spellings(want) {
			if _, ok := first[s]; ok {
				found = true
				break
			}
		}
		if !found {
			f.missing = append(f.missing, want)
		}
	}
	return f
}

// twice gives the headings that stand in more than one column although the
// layout reads them.
func (l *Layout) twice(headings []heading) []heading {
	used := map[string]bool{}
	var patterns []*regexp.Regexp
	for _, c := range l.Columns {
		if c.Pattern != "" {
			patterns = append(patterns, regexp.MustCompile(c.Pattern)) // compiled once already, by check
			continue
		}
		for _, s := range spellings(c.Header) {
			used[s] = true
		}
	}
	seen := map[string]bool{}
	var out []heading
	for _, hd := range headings {
		if seen[hd.norm] && (used[hd.norm] || slices.ContainsFunc(patterns, func(re *regexp.Regexp) bool { return re.MatchString(hd.text) })) {
			out = append(out, hd)
		}
		seen[hd.norm] = true
	}
	return out
}

// bestFit finds the row of the sheet's beginning where the fewest headings
// are missing; the first of equals.
func (l *Layout) bestFit(h *head) fit {
	best := fit{at: -1, missing: l.Match.Header}
	for at := 0; at < min(len(h.rows), searchRows); at++ {
		if f := l.fitAt(h, at); len(f.missing) < len(best.missing) {
			best = f
			if len(f.missing) == 0 {
				break
			}
		}
	}
	return best
}

// place gives the place of a cell of this sheet.
func (h *head) place(file string, row, col int) record.Place {
	return record.Place{File: file, Sheet: h.info.Name, Cell: record.CellName(row, col)}
}

// isHeader tells whether the row repeats the header: more than half of its
// headings, each in its column.
func (r *reader) isHeader() bool {
	same, other := 0, 0
	for _, h := range r.header {
		if t := r.text(h.col); t == h.text || len(t) > len(h.text) && strings.Join(strings.Fields(t), " ") == h.text {
			same++
		} else if other++; other*2 >= len(r.header) {
			return false
		}
	}
	return same*2 > len(r.header)
}

// fillDown gives the empty cells of columns that say a label once for several
// rows the label above.
func (r *reader) fillDown() {
	for col, above := range r.filled {
		for len(r.cells) <= col {
			r.cells = append(r.cells, nil)
		}
		if c := r.cells[col]; c == nil || c.Kind == sheet.Text && trim(c.Text) == "" {
			r.cells[col] = above
			continue
		}
		c := *r.cells[col] // the row's own is reused for the next one
		r.filled[col] = &c
	}
}
