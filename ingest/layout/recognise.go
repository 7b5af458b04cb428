package layout

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

// Found is a layout that fits one or more sheets of a file.
type Found struct {
	Layout *Layout
	Sheets []FoundSheet
	// Notes are findings that do not refuse: sheets that were not read.
	Notes record.Findings
}

// FoundSheet is a sheet that the layout reads.
type FoundSheet struct {
	Info      sheet.Info
	HeaderRow int // row number of the last header row
	fit       fit
}

// Recognise finds the layout of a file by its content. Without one, or with
// more than one, the findings say so: the layout that comes closest and the
// headings it misses, or the layouts that fit equally well. chosen names a
// layout that the user insists on; then only its header must fit.
func Recognise(ctx context.Context, wb *sheet.Workbook, file string, layouts []*Layout, chosen string) (*Found, record.Findings, error) {
	var heads []head
	kept := &budget{}
	review, reviewed := wb.Review()
	for _, info := range wb.Sheets() {
		if reviewed && info.Index == review.Index {
			continue // what we said of an earlier version
		}
		h, err := readHead(ctx, wb, info, headRows, kept)
		if err != nil {
			return nil, nil, err
		}
		heads = append(heads, h)
	}
	if chosen != "" {
		var only []*Layout
		for _, l := range layouts {
			if l.ID == chosen {
				only = append(only, l)
			}
		}
		layouts = only
	}
	var candidates []*Found
	for _, l := range layouts {
		f := &Found{Layout: l}
		for i := range heads {
			h := &heads[i]
			ft := l.bestFit(h)
			if len(ft.missing) == 0 && (chosen != "" || l.tells(h, ft)) {
				f.Sheets = append(f.Sheets, FoundSheet{Info: h.info, fit: ft,
					HeaderRow: h.rows[ft.at+max(1, l.Match.HeaderRows)-1].Number})
			}
		}
		if len(f.Sheets) > 0 {
			candidates = append(candidates, f)
		}
	}
	// A layout that asks for more headings knows the file better, and best one that
	// the file names.
	knows := func(f *Found) int {
		if f.Layout.Match.SDMX != nil {
			return math.MaxInt
		}
		return len(f.Layout.Match.Header)
	}
	slices.SortStableFunc(candidates, func(a, b *Found) int { return cmp.Compare(knows(b), knows(a)) })
	switch {
	case len(candidates) == 0:
		return nil, nearest(heads, file, layouts), nil
	case len(candidates) > 1 && knows(candidates[0]) == knows(candidates[1]):
		f := record.NewFinding("TIP-L003", record.Place{File: file})
		var ids []string
		for _, c := range candidates {
			if knows(c) == knows(candidates[0]) {
				ids = append(ids, c.Layout.ID)
			}
		}
		f.Found = strings.Join(ids, ", ")
		return nil, record.Findings{f}, nil
	}
	found := candidates[0]
	for i := range heads {
		read := slices.ContainsFunc(found.Sheets, func(s FoundSheet) bool { return s.Info.Index == heads[i].info.Index })
		if !read && len(heads[i].rows) > 0 {
			n := record.NewFinding("TIP-L007", record.Place{File: file, Sheet: heads[i].info.Name})
			n.Found, n.Expected = heads[i].info.Visibility, found.Layout.ID
			found.Notes = append(found.Notes, n)
		}
	}
	if reviewed { // told, so that nothing can hide behind the mark
		n := record.NewFinding("TIP-L007", record.Place{File: file, Sheet: review.Name})
		n.Found, n.Expected = review.Visibility, found.Layout.ID
		found.Notes = append(found.Notes, n)
	}
	var faults record.Findings
	for _, s := range found.Sheets {
		for _, t := range found.Layout.twice(s.fit.headings) {
			f := record.NewFinding("TIP-L006", record.Place{File: file, Sheet: s.Info.Name, Cell: record.CellName(s.HeaderRow, t.col)})
			f.Found = t.text
			faults = append(faults, f)
		}
	}
	if len(faults) > 0 {
		return nil, faults, nil
	}
	return found, nil, nil
}

// nearest says what came closest, with the headings it misses.
func nearest(heads []head, file string, layouts []*Layout) record.Findings {
	if f, is := otherFlow(heads, file, layouts); is {
		return record.Findings{f}
	}
	var best *Layout
	var bestFit fit
	var bestHead *head
	share := 0.5 // below half of the headings it is another kind of file
	var equal []string
	for _, l := range layouts {
		for i := range heads {
			f := l.bestFit(&heads[i])
			n := len(l.Match.Header)
			s := float64(n-len(f.missing)) / float64(n)
			if f.at < 0 || n-len(f.missing) < 2 || s < share {
				continue
			}
			if s == 1 && !slices.Contains(equal, l.ID) {
				equal = append(equal, l.ID)
			}
			if s > share || best == nil {
				share, best, bestFit, bestHead = s, l, f, &heads[i]
			}
		}
	}
	if len(equal) > 0 { // the header is known, the content is not
		f := record.NewFinding("TIP-L008", bestHead.place(file, bestHead.rows[bestFit.at].Number, bestFit.headings[0].col))
		f.Expected = strings.Join(equal, ", ")
		return record.Findings{f}
	}
	if best == nil {
		f := record.NewFinding("TIP-L001", record.Place{File: file})
		for i := range heads {
			if f.Found == "" && len(heads[i].rows) > 0 {
				// The row is not quoted: without a header it is a person's.
				first := heads[i].rows[0]
				f.Subject = heads[i].place(file, first.Number, first.Cells[0].Col)
				f.Found = strconv.Itoa(len(first.Cells))
			}
		}
		if f.Found == "" {
			f.Found = "0" // no cell in the whole file
		}
		return record.Findings{f}
	}
	var out record.Findings
	row := bestHead.rows[bestFit.at]
	at := bestHead.place(file, row.Number, row.Cells[0].Col)
	at.Cell += ":" + record.CellName(row.Number, row.Cells[len(row.Cells)-1].Col)
	for _, m := range bestFit.missing {
		f := record.NewFinding("TIP-L002", at)
		f.Expected = strings.ReplaceAll(m, "|", " / ")
		f.Found = best.ID
		out = append(out, f)
	}
	return out
}

// clip shortens a text for a message.
func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}

// tells checks what the header alone does not tell: conditions and anchors.
func (l *Layout) tells(h *head, f fit) bool {
	body := h.rows[min(len(h.rows), f.at+max(1, l.Match.HeaderRows)):]
	colOf := func(header string) int {
		for _, s := range spellings(header) {
			for _, hd := range f.headings {
				if hd.norm == s {
					return hd.col
				}
			}
		}
		return 0
	}
	if s := l.Match.SDMX; s != nil {
		at := findSDMX(f.headings)
		if len(body) == 0 || !s.names(textAt(&body[0], at.structure), textAt(&body[0], at.id)) {
			return false
		}
	}
	for _, want := range l.Match.Has {
		conds, err := want.compile()
		if err != nil {
			return false
		}
		met := slices.ContainsFunc(body, func(r sheet.Row) bool {
			for _, c := range conds {
				if col := colOf(c.header); col == 0 || !c.holds(textAt(&r, col)) {
					return false
				}
			}
			return true
		})
		if !met {
			return false
		}
	}
	n := 0
	for _, anchor := range l.Match.Anchors {
		if slices.ContainsFunc(body, func(r sheet.Row) bool {
			for i, want := range anchor {
				col := colOf(l.Match.Header[i])
				if col == 0 || !l.sameAnchor(textAt(&r, col), want) {
					return false
				}
			}
			return true
		}) {
			n++
		}
	}
	return n >= l.Match.Enough
}

func (l *Layout) sameAnchor(have, want string) bool {
	if codelist.Normalise(have) == codelist.Normalise(want) {
		return true
	}
	if l.Match.Tolerance == 0 || !strings.Contains(want, ".") {
		return false
	}
	a, err1 := parsePlain(strings.TrimSpace(have))
	b, err2 := parsePlain(want)
	return err1 == nil && err2 == nil && math.Abs(a-b) <= l.Match.Tolerance*math.Abs(b)
}
