package reports

import (
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/record"
)

// lineHeight is the height of a line of text in points.
const lineHeight = 13.5

// fits is how many characters of running text stand in a width of one, for
// the usual fonts and with something to spare.
const fits = 1.1

// titleWidth is how far the title runs over the columns.
const titleWidth = 110.0

// WriteXLSX writes a table as a workbook for reading and for print: a sheet
// with the table, figures as numbers with a narrow column of marks beside
// them, a sheet with symbols, notes and sources, and one with the chart. Text is written as text
// and never as a formula. The same table gives the same bytes.
func WriteXLSX(w io.Writer, t *table.Table) (err error) {
	f := excelize.NewFile()
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	b := &book{f: f, t: t, g: newGrid(t), styles: map[string]int{}}
	b.main, b.notes = table.Word(t.Lang, "sheet.table"), table.Word(t.Lang, "sheet.notes")
	b.do(f.SetSheetName("Sheet1", b.main))
	b.title()
	b.headings()
	b.body()
	b.page()
	b.notesSheet()
	b.chartSheet(table.Word(t.Lang, "sheet.chart"))
	b.properties()
	if b.err != nil {
		return fmt.Errorf("table %s as xlsx: %w", t.ID, b.err)
	}
	_, err = f.WriteTo(w)
	return err
}

// book is a workbook in the making; err is the first error met.
type book struct {
	f           *excelize.File
	t           *table.Table
	g           grid
	main, notes string
	styles      map[string]int
	err         error
}

func (b *book) do(err error) {
	if b.err == nil {
		b.err = err
	}
}

// text writes text into a cell; a shared string is never a formula.
func (b *book) text(sheet string, row, col int, s string, style int) {
	at := record.CellName(row, col)
	b.do(b.f.SetCellStr(sheet, at, plain(s)))
	b.do(b.f.SetCellStyle(sheet, at, at, style))
}

// look is what the styles of a report differ in.
type look struct {
	bold, italic, head, top, wrap, vertical bool
	size                                    float64
	align, format, valign                   string
	fill                                    bool
}

// style makes a style once.
func (b *book) style(l look) int {
	key := fmt.Sprintf("%+v", l)
	if id, ok := b.styles[key]; ok {
		return id
	}
	if l.size == 0 {
		l.size = 10
	}
	s := &excelize.Style{
		Font:      &excelize.Font{Family: "Calibri", Size: l.size, Bold: l.bold, Italic: l.italic},
		Alignment: &excelize.Alignment{Horizontal: l.align, Vertical: "top", WrapText: l.wrap},
	}
	if l.valign != "" {
		s.Alignment.Vertical = l.valign
	}
	if l.vertical {
		s.Alignment.TextRotation = 90
		s.Alignment.Vertical = "bottom"
	}
	if l.head {
		s.Border = []excelize.Border{{Type: "top", Color: "7F7F7F", Style: 1}, {Type: "bottom", Color: "7F7F7F", Style: 1}}
		s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E7EBF0"}}
	}
	if l.fill {
		s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"F6F7F9"}}
	}
	if l.top {
		s.Border = []excelize.Border{{Type: "top", Color: "7F7F7F", Style: 1}}
	}
	if l.format != "" {
		s.CustomNumFmt = &l.format
	}
	id, err := b.f.NewStyle(s)
	b.do(err)
	b.styles[key] = id
	return id
}

func (b *book) title() {
	t := b.t
	wide := 1 // the title runs over the columns that a page holds
	for wide < b.g.lastCol() && b.g.width(1, wide) < titleWidth {
		wide++
	}
	for i, l := range []struct {
		text string
		look look
		size float64 // of a character, against one of the usual size
	}{{t.Title, look{bold: true, size: 13, wrap: true}, 1.45}, {t.Question, look{italic: true, wrap: true}, 1},
		{t.Paragraph, look{wrap: true}, 1}, {t.Measure, look{wrap: true}, 1}} {
		b.text(b.main, i+1, 1, l.text, b.style(l.look))
		b.merge(i+1, 1, i+1, wide)
		b.do(b.f.SetRowHeight(b.main, i+1, min(409, lineHeight*l.size*float64(lines(l.text, b.g.width(1, wide)/l.size*fits))+1.5)))
	}
	for i, w := range b.g.widths {
		name := record.ColumnName(i + 1)
		b.do(b.f.SetColWidth(b.main, name, name, w))
	}
}

// headings writes the headings of the stub, merged over the levels, and those
// of the columns, merged over what they head.
func (b *book) headings() {
	t, g := b.t, b.g
	last := g.firstRow - 1
	for i, h := range t.Stub {
		for r := g.headRow; r <= last; r++ {
			b.text(b.main, r, i+1, "", b.style(look{bold: true, head: true, wrap: true, valign: "bottom"}))
		}
		b.merge(g.headRow, i+1, last, i+1)
		b.text(b.main, g.headRow, i+1, h.Labels[0], b.style(look{bold: true, head: true, wrap: true, valign: "bottom"}))
	}
	for level := range t.Levels {
		row, lowest := g.headRow+level, level == len(t.Levels)-1
		height := lineHeight
		for j := 0; j < len(t.Columns); {
			k := j
			for !lowest && k+1 < len(t.Columns) && sameHead(t.Columns[j], t.Columns[k+1], level) {
				k++
			}
			from, to := g.col(j), g.col(k)+g.step-1
			label := t.Columns[j].Labels[level]
			vertical := t.Compact && lowest
			st := b.style(look{bold: true, head: true, wrap: !vertical, align: "center", valign: "bottom", vertical: vertical})
			if lowest && len(t.Columns[j].Marks) > 0 {
				label += " " + table.Superscript(t.Columns[j].Marks)
			}
			for c := from; c <= to; c++ {
				b.text(b.main, row, c, "", st)
			}
			b.text(b.main, row, from, label, st)
			b.merge(row, from, row, to)
			if vertical {
				height = max(height, min(200, 7*float64(len([]rune(label)))+4))
			} else {
				height = max(height, lineHeight*float64(lines(label, g.width(from, to))))
			}
			j = k + 1
		}
		b.do(b.f.SetRowHeight(b.main, row, min(409, height+3)))
	}
}

// sameHead tells whether two columns share all headings down to a level.
func sameHead(x, y table.Heading, level int) bool {
	return strings.Join(x.Codes[:level+1], "\x1f") == strings.Join(y.Codes[:level+1], "\x1f")
}

func (b *book) merge(r1, c1, r2, c2 int) {
	if r1 != r2 || c1 != c2 {
		b.do(b.f.MergeCell(b.main, record.CellName(r1, c1), record.CellName(r2, c2)))
	}
}

func (b *book) body() {
	t, g := b.t, b.g
	area, band := "", false
	for i, r := range t.Rows {
		row := g.firstRow + i
		total := r.Kind == table.TotalRow || r.Kind == table.CoveredRow
		if r.Area != area { // States are told apart by a light band
			area, band = r.Area, !band
		}
		base := look{bold: r.Kind == table.TotalRow, top: total && (i == 0 || !isTotal(t.Rows[i-1])), fill: band && !total, wrap: true}
		height := 1
		for k := range r.Stub {
			s := stubText(r, k)
			l := base
			b.text(b.main, row, k+1, s, b.style(l))
			height = max(height, lines(s, g.widths[k]*fits))
		}
		for j, c := range r.Cells {
			l := base
			l.wrap, l.align = t.WideText, "right"
			if t.WideText {
				l.align = "left"
				height = max(height, lines(c.Text, g.width(g.col(j), g.col(j))*fits))
			}
			at := record.CellName(row, g.col(j))
			if c.Value != nil {
				l.format = numberFormat(t, r, *c.Value)
				b.do(b.f.SetCellFloat(b.main, at, *c.Value, -1, 64))
				b.do(b.f.SetCellStyle(b.main, at, at, b.style(l)))
			} else {
				b.text(b.main, row, g.col(j), c.Text, b.style(l))
			}
			if g.step == 2 {
				m := base
				m.align, m.size, m.bold, m.wrap = "left", 8, false, false
				b.text(b.main, row, g.col(j)+1, cellMarks(c), b.style(m))
			}
		}
		b.do(b.f.SetRowHeight(b.main, row, min(409, lineHeight*float64(height)+1.5)))
	}
	end := g.lastRow() + 1
	for c := 1; c <= g.lastCol(); c++ {
		b.text(b.main, end, c, "", b.style(look{top: true}))
	}
	b.text(b.main, end, 1, table.Word(t.Lang, "see.notes"), b.style(look{top: true, italic: true, size: 9}))
}

func isTotal(r table.Row) bool { return r.Kind == table.TotalRow || r.Kind == table.CoveredRow }

// numberFormat shows a true zero as "-", as the symbols explain; a number of
// States stays a number.
func numberFormat(t *table.Table, r table.Row, v float64) string {
	if r.Kind == table.CoveredRow {
		return "#,##0"
	}
	digits := ""
	if t.Decimals > 0 {
		digits = "." + strings.Repeat("0", t.Decimals)
	} else if v != float64(int64(v)) {
		digits = ".###"
	}
	return "#,##0" + digits + ";-#,##0" + digits + `;"-"`
}

// page sets what a printer and the screen need.
func (b *book) page() {
	g := b.g
	quoted := "'" + strings.ReplaceAll(b.main, "'", "''") + "'"
	fit := g.width(1, g.lastCol()) <= pageWidth
	tall := 0
	one, size, landscape := 1, 9, "landscape"
	layout := &excelize.PageLayoutOptions{Size: &size, Orientation: &landscape}
	if fit {
		layout.FitToWidth, layout.FitToHeight = &one, &tall
	} else {
		scale, order := uint(60), "overThenDown"
		layout.AdjustTo, layout.PageOrder = &scale, &order
		b.breaks()
	}
	b.do(b.f.SetSheetProps(b.main, &excelize.SheetPropsOptions{FitToPage: &fit}))
	b.do(b.f.SetPageLayout(b.main, layout))
	b.footer(b.main)
	b.do(b.f.SetPanes(b.main, &excelize.Panes{Freeze: true, XSplit: g.firstCol - 1, YSplit: g.firstRow - 1,
		TopLeftCell: record.CellName(g.firstRow, g.firstCol), ActivePane: "bottomRight"}))
	b.do(b.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", Scope: b.main,
		RefersTo: fmt.Sprintf("%s!$A$1:$%s$%d", quoted, record.ColumnName(g.lastCol()), g.lastRow()+1)}))
	b.do(b.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: b.main,
		RefersTo: fmt.Sprintf("%s!$A:$%s,%s!$%d:$%d", quoted, record.ColumnName(g.firstCol-1), quoted, g.headRow, g.firstRow-1)}))
}

// breaks ends pages between groups of columns, so that none is cut from its
// heading nor a figure from its marks.
func (b *book) breaks() {
	const page = 180.0 // characters on a landscape page at that scale, wider letters than Calibri's too
	t, g := b.t, b.g
	stub := g.width(1, len(t.Stub))
	used := stub
	for j := 0; j < len(t.Columns); {
		k := j + 1
		for len(t.Levels) > 1 && k < len(t.Columns) && sameHead(t.Columns[j], t.Columns[k], 0) && stub+g.width(g.col(j), g.col(k)+g.step-1) <= page {
			k++
		}
		width := g.width(g.col(j), g.col(k)-1)
		if used > stub && used+width > page {
			b.do(b.f.InsertPageBreak(b.main, record.CellName(1, g.col(j))))
			used = stub
		}
		used, j = used+width, k
	}
}

func (b *book) footer(sheet string) {
	title := strings.ReplaceAll(b.t.Title, "&", "&&")
	if len([]rune(title)) > 120 {
		title = string([]rune(title)[:120])
	}
	b.do(b.f.SetHeaderFooter(sheet, &excelize.HeaderFooterOptions{
		OddFooter: "&L&8" + title + "&R&8" + table.Word(b.t.Lang, "page") + " &P " + table.Word(b.t.Lang, "of") + " &N"}))
	narrow, low := 0.4, 0.6
	b.do(b.f.SetPageMargins(sheet, &excelize.PageLayoutMarginsOptions{Left: &narrow, Right: &narrow, Top: &low, Bottom: &low}))
}

// notesSheet writes symbols, notes and sources.
func (b *book) notesSheet() {
	const markCol, textCol = 10.0, 120.0
	_, err := b.f.NewSheet(b.notes)
	b.do(err)
	b.do(b.f.SetColWidth(b.notes, "A", "A", markCol))
	b.do(b.f.SetColWidth(b.notes, "B", "B", textCol))
	b.text(b.notes, 1, 1, b.t.Title, b.style(look{bold: true, size: 13}))
	row := 2
	put := func(mark, s string) {
		b.text(b.notes, row, 1, mark, b.style(look{align: "left"}))
		b.text(b.notes, row, 2, s, b.style(look{wrap: true}))
		b.do(b.f.SetRowHeight(b.notes, row, min(409, lineHeight*float64(lines(s, textCol*fits))+1.5)))
		row++
	}
	head := func(key string) {
		row++
		b.text(b.notes, row, 1, table.Word(b.t.Lang, key), b.style(look{bold: true}))
		row++
	}
	if len(b.t.Symbols) > 0 {
		head("head.symbols")
		for _, s := range b.t.Symbols {
			put(s.Symbol, s.Text)
		}
	}
	if len(b.t.Notes) > 0 {
		head("head.notes")
		for _, n := range b.t.Notes {
			if n.Kind != "codes" { // the sheet's headings are in words
				put(table.Superscript(nonEmpty(n.Mark)), n.Text)
			}
		}
	}
	if len(b.t.Sources) > 0 {
		head("head.sources")
		for _, s := range b.t.Sources {
			put("", s.Text)
		}
	}
	fit, one, tall, size, landscape := true, 1, 0, 9, "landscape"
	b.do(b.f.SetSheetProps(b.notes, &excelize.SheetPropsOptions{FitToPage: &fit}))
	b.do(b.f.SetPageLayout(b.notes, &excelize.PageLayoutOptions{Size: &size, Orientation: &landscape, FitToWidth: &one, FitToHeight: &tall}))
	b.footer(b.notes)
}

// properties sets what the file says of itself; its dates are those of the
// newest source, so that the same table gives the same bytes.
func (b *book) properties() {
	day := "2004-06-08" // of AG/RES. 2026, when there is no source
	if len(b.t.Sources) > 0 {
		day = ""
	}
	for _, s := range b.t.Sources {
		day = max(day, s.Received)
	}
	b.do(b.f.SetDocProps(&excelize.DocProperties{Creator: "tipstat", LastModifiedBy: "tipstat", Title: plain(b.t.Title),
		Subject: plain(b.t.Paragraph), Language: b.t.Lang, Created: day + "T00:00:00Z", Modified: day + "T00:00:00Z"}))
	b.do(b.f.SetAppProps(&excelize.AppProperties{Application: "tipstat"}))
}
