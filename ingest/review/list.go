package review

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/record"
)

// columns of the list that a person reads, with their widths in characters.
var widths = [...]float64{5, 13, 22, 14, 11, 50, 50, 44}

const (
	markRow    = 5 // hidden: what the columns are, for Answers
	headRow    = 6
	colAnswer  = len(widths)
	colKey     = colAnswer + 1 // hidden
	lineHeight = 13.5
)

// list writes the first sheet: all findings with links to their cells, sheet by
// sheet, the errors of each first. Only the column of explanations is for
// writing.
func (m *marker) list() {
	w := word(m.r.lang)
	m.r.listName = m.free(w.Sheet)
	_, err := m.f.NewSheet(m.r.listName)
	m.do(err)
	if m.err != nil {
		return
	}
	m.first()
	counts := map[record.Severity]int{}
	for _, f := range m.r.findings {
		counts[f.Severity]++
	}
	for i, s := range []string{fmt.Sprintf(w.Title, m.r.name),
		fmt.Sprintf(w.Counts, counts[record.Error], counts[record.Warning], counts[record.Info]), w.Mend, w.Explain} {
		look := &excelize.Style{Font: &excelize.Font{Family: "Calibri", Size: 11}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}}
		if i == 0 {
			look.Font = &excelize.Font{Family: "Calibri", Size: 14, Bold: true}
		}
		m.text(i+1, 1, s, m.style(fmt.Sprint("title", i), look))
		m.do(m.f.MergeCell(m.r.listName, record.CellName(i+1, 1), record.CellName(i+1, len(widths))))
		m.do(m.f.SetRowHeight(m.r.listName, i+1, lineHeight*1.3*float64(lines(s, 200))+2))
	}
	for col, s := range []string{1: markList, 2: m.r.lang, colAnswer: markAnswer, colKey: markKey} {
		if s != "" {
			m.text(markRow, col, s, m.style("mark", &excelize.Style{}))
		}
	}
	m.do(m.f.SetRowVisible(m.r.listName, markRow, false))
	m.do(m.f.SetColVisible(m.r.listName, record.ColumnName(colKey), false))
	for i, width := range widths {
		name := record.ColumnName(i + 1)
		m.do(m.f.SetColWidth(m.r.listName, name, name, width))
		m.text(headRow, i+1, w.Headings[i], m.style("head", &excelize.Style{Font: &excelize.Font{Family: "Calibri", Size: 10, Bold: true},
			Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}, Border: border("bottom"),
			Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E7EBF0"}}}))
	}
	rows := m.r.listed()
	for i, f := range rows[:min(len(rows), maxListed)] {
		m.row(headRow+1+i, i+1, f)
	}
	last := headRow + min(len(rows), maxListed)
	if more := len(rows) - maxListed; more > 0 {
		last++
		m.text(last, 1, fmt.Sprintf(w.Beyond, more), m.style("beyond", &excelize.Style{Font: &excelize.Font{Family: "Calibri", Size: 10, Italic: true}}))
	}
	m.page(last)
}

// listed gives the findings in the order of the list.
func (r *review) listed() record.Findings {
	order := map[string]int{"": -1}
	for _, s := range r.wb.Sheets() {
		order[s.Name] = s.Index
	}
	if r.csvSheet != "" {
		order[""] = 0
	}
	all := slices.Clone(r.findings) // in the order of cells already
	slices.SortStableFunc(all, func(a, b record.Finding) int {
		if d := order[a.Subject.Sheet] - order[b.Subject.Sheet]; d != 0 {
			return d
		}
		return slices.Index(severities, a.Severity) - slices.Index(severities, b.Severity)
	})
	return all
}

// row writes one finding.
func (m *marker) row(row, n int, f record.Finding) {
	w := word(m.r.lang)
	cell := func(link bool, fill string) int {
		look := &excelize.Style{Font: &excelize.Font{Family: "Calibri", Size: 10}, Border: border("bottom"),
			Alignment: &excelize.Alignment{WrapText: true, Vertical: "top", Horizontal: "left"}}
		if link {
			look.Font.Color, look.Font.Underline = "1F4E9E", "single"
		}
		if fill != "" {
			look.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{fill}}
		}
		return m.style(fmt.Sprint("cell", link, fill), look)
	}
	m.do(m.f.SetCellInt(m.r.listName, record.CellName(row, 1), int64(n)))
	m.do(m.f.SetCellStyle(m.r.listName, record.CellName(row, 1), record.CellName(row, 1), cell(false, "")))
	name, at := f.Subject.Sheet, f.Subject.Cell
	places := m.r.places(f)
	if len(places) > 0 {
		name = places[0].sheet
		if f.Count > 1 && len(f.Cells) > 0 {
			at = fmt.Sprintf(w.Cells, f.Cells[0], f.Count)
		}
	}
	shown := name
	if info, ok := m.r.info(name); ok && info.Visibility != sheet.Visible {
		shown += " (" + w.Hidden + ")"
	}
	if shown == "" {
		shown = w.File
	}
	message, hint := f.Message(m.r.lang), f.Hint(m.r.lang)
	m.text(row, 2, f.Severity.Name(m.r.lang), cell(false, colours[f.Severity]))
	m.text(row, 3, shown, cell(false, ""))
	m.text(row, 4, at, cell(len(places) > 0, ""))
	m.text(row, 5, f.Code, cell(false, ""))
	m.text(row, 6, message, cell(false, ""))
	m.text(row, 7, hint, cell(false, ""))
	m.text(row, colKey, m.r.key(f).String(), m.style("mark", &excelize.Style{}))
	if f.Severity != record.Error { // an error can't be explained away
		m.text(row, colAnswer, f.Explanation, m.style("answer", &excelize.Style{Font: &excelize.Font{Family: "Calibri", Size: 10},
			Border: append(border("bottom"), border("left")[0], border("right")[0]), Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFFDF2"}},
			Alignment: &excelize.Alignment{WrapText: true, Vertical: "top", Horizontal: "left"}, Protection: &excelize.Protection{Locked: false}}))
	}
	if len(places) > 0 {
		m.do(m.f.SetCellHyperLink(m.r.listName, record.CellName(row, 4), quoted(name)+"!"+places[0].ref, "Location"))
	}
	height := 1
	for i, s := range []string{2: shown, 3: at, 5: message, 6: hint, 7: f.Explanation} {
		height = max(height, lines(s, widths[i]*1.05))
	}
	m.do(m.f.SetRowHeight(m.r.listName, row, min(409, lineHeight*float64(height)+3)))
}

func (r *review) info(name string) (sheet.Info, bool) {
	all := r.wb.Sheets()
	i := slices.IndexFunc(all, func(s sheet.Info) bool { return s.Name == name && r.csvSheet == "" })
	if i < 0 {
		return sheet.Info{}, false
	}
	return all[i], true
}

// free gives a name that no sheet has.
func (m *marker) free(name string) string {
	for n := 1; ; n++ {
		s := name
		if n > 1 {
			s = fmt.Sprintf("%s %d", name, n)
		}
		if !slices.ContainsFunc(m.f.GetSheetList(), func(have string) bool { return strings.EqualFold(have, s) }) {
			return s
		}
	}
}

// first puts the list before all other sheets. Excelize's MoveSheet leaves
// names that are of one sheet at the number that the sheet had.
func (m *marker) first() {
	wb := m.f.WorkBook
	all := wb.Sheets.Sheet
	list := all[len(all)-1]
	copy(all[1:], all)
	all[0] = list
	if wb.DefinedNames != nil {
		for i := range wb.DefinedNames.DefinedName {
			if id := wb.DefinedNames.DefinedName[i].LocalSheetID; id != nil {
				moved := *id + 1
				wb.DefinedNames.DefinedName[i].LocalSheetID = &moved
			}
		}
	}
	if wb.BookViews != nil {
		for i := range wb.BookViews.WorkBookView {
			wb.BookViews.WorkBookView[i].ActiveTab, wb.BookViews.WorkBookView[i].FirstSheet = 0, 0
		}
	}
}

// names writes the hidden names by which the list is known.
func (m *marker) names() {
	m.do(m.f.SetDefinedName(&excelize.DefinedName{Name: sheet.ReviewName, RefersTo: quoted(m.r.listName) + "!$A$1"}))
	m.do(m.f.SetDefinedName(&excelize.DefinedName{Name: ofName, RefersTo: `"` + printOf(m.r.name, m.r.print, m.r.written()) + `"`}))
	if m.err != nil {
		return
	}
	all := m.f.WorkBook.DefinedNames.DefinedName
	for i := range all {
		if all[i].Name == sheet.ReviewName || all[i].Name == ofName {
			all[i].Hidden = true
		}
	}
	if m.r.csvSheet != "" { // the day of AG/RES. 2026: no clock in what is written
		const day = "2004-06-08T00:00:00Z"
		m.do(m.f.SetDocProps(&excelize.DocProperties{Creator: "tipstat", LastModifiedBy: "tipstat", Created: day, Modified: day}))
		m.do(m.f.SetAppProps(&excelize.AppProperties{Application: "tipstat"}))
	}
}

// page sets what the screen and a printer need.
func (m *marker) page(last int) {
	name, yes, one, tall, a4, landscape := m.r.listName, true, 1, 0, 9, "landscape"
	lastCol := record.ColumnName(len(widths))
	m.do(m.f.SetPanes(name, &excelize.Panes{Freeze: true, YSplit: headRow, TopLeftCell: record.CellName(headRow+1, 1), ActivePane: "bottomLeft"}))
	m.do(m.f.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &yes}))
	m.do(m.f.SetPageLayout(name, &excelize.PageLayoutOptions{Size: &a4, Orientation: &landscape, FitToWidth: &one, FitToHeight: &tall}))
	m.do(m.f.SetHeaderFooter(name, &excelize.HeaderFooterOptions{OddFooter: "&R&8" + word(m.r.lang).Page}))
	narrow, low := 0.4, 0.6
	m.do(m.f.SetPageMargins(name, &excelize.PageLayoutMarginsOptions{Left: &narrow, Right: &narrow, Top: &low, Bottom: &low}))
	m.do(m.f.ProtectSheet(name, &excelize.SheetProtectionOptions{SelectLockedCells: true, SelectUnlockedCells: true, FormatColumns: true, FormatRows: true}))
	m.do(m.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", Scope: name, RefersTo: fmt.Sprintf("%s!$A$1:$%s$%d", quoted(name), lastCol, last)}))
	m.do(m.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: name, RefersTo: fmt.Sprintf("%s!$%d:$%d", quoted(name), headRow, headRow)}))
}

// text writes text into a cell of the list; a shared string is never a formula.
func (m *marker) text(row, col int, s string, style int) {
	at := record.CellName(row, col)
	m.do(m.f.SetCellStr(m.r.listName, at, plain(s)))
	m.do(m.f.SetCellStyle(m.r.listName, at, at, style))
}

// style makes a style once.
func (m *marker) style(key string, s *excelize.Style) int {
	if id, ok := m.styles[key]; ok {
		return id
	}
	id, err := m.f.NewStyle(s)
	m.do(err)
	m.styles[key] = id
	return id
}

func border(side string) []excelize.Border {
	return []excelize.Border{{Type: side, Color: "BFBFBF", Style: 1}}
}

// quoted writes the name of a sheet as a reference does.
func quoted(name string) string { return "'" + strings.ReplaceAll(name, "'", "''") + "'" }

// plain takes out of a file's text what would steer a terminal or a reader's eye.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, s)
}
