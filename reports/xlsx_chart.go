package reports

import (
	"fmt"
	"sort"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/record"
)

// chartSheet writes the table's chart as one of the spreadsheet's own, on a
// sheet with the figures that it draws: a program draws text as a zero, so
// that a chart over the table's cells would show ".." and "0–4" as nil. What
// is not known is an empty cell here. A map and flows have no such chart.
func (b *book) chartSheet(name string) {
	c := b.t.Chart
	if c == nil || c.Empty() || c.Kind == table.MapChart || c.Kind == table.SankeyChart {
		return
	}
	p, err := colours()
	b.do(err)
	_, err = b.f.NewSheet(name)
	b.do(err)
	const height = 24 // rows that the chart takes
	b.do(b.f.SetColWidth(name, "A", "A", 44))
	row := 0
	line := func(s string, l look) {
		row++
		b.text(name, row, 1, s, b.style(l))
	}
	line(c.Title, look{bold: true, size: 13})
	line(c.Unit, look{italic: true})
	row += height + 1
	head := row + 1
	line("", look{head: true})
	tall := 1
	for k, s := range c.Series {
		label := s.Label
		if label == "" {
			label = c.Unit
		}
		tall = max(tall, lines(label, 14)) // of the width of 16, bold
		b.text(name, head, k+2, label, b.style(look{bold: true, head: true, wrap: true, align: "center"}))
	}
	b.do(b.f.SetRowHeight(name, head, lineHeight*float64(tall)+1.5))
	format := "#,##0"
	if c.Decimals > 0 {
		format += "." + strings.Repeat("0", c.Decimals)
	}
	for i, k := range c.Categories {
		line(k.Label, look{wrap: true})
		b.do(b.f.SetRowHeight(name, row, lineHeight*float64(lines(k.Label, 44*fits))+1.5))
		for n, s := range c.Series {
			if v := s.Values[i]; v != nil {
				at := record.CellName(row, n+2)
				b.do(b.f.SetCellFloat(name, at, *v, -1, 64))
				b.do(b.f.SetCellStyle(name, at, at, b.style(look{format: format, align: "right"})))
			}
		}
	}
	end := row
	row++
	wide := max(6, 1+len(c.Series))
	b.do(b.f.SetColWidth(name, "B", record.ColumnName(wide), 16))
	for _, s := range append(append([]string{}, c.Notes...), c.Source) {
		line(s, look{size: 9, wrap: true})
		b.do(b.f.MergeCell(name, record.CellName(row, 1), record.CellName(row, wide)))
		b.do(b.f.SetRowHeight(name, row, lineHeight*float64(lines(s, 44+16*float64(wide-1)))+1.5))
	}
	b.do(b.f.AddChart(name, "A3", nativeChart(c, p, name, head, end, format)))
	if types := b.f.ContentTypes; types != nil { // excelize adds these in no order
		sort.Slice(types.Defaults, func(i, j int) bool { return types.Defaults[i].Extension < types.Defaults[j].Extension })
	}
	one, fit, landscape, size := 1, true, "landscape", 9
	b.do(b.f.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}))
	b.do(b.f.SetPageLayout(name, &excelize.PageLayoutOptions{Size: &size, Orientation: &landscape, FitToWidth: &one, FitToHeight: &one}))
	b.footer(name)
}

// nativeChart takes its series from the cells below the row head.
func nativeChart(c *table.Chart, p palette, sheet string, head, end int, format string) *excelize.Chart {
	quoted := "'" + strings.ReplaceAll(sheet, "'", "''") + "'"
	cells := func(col, from, to int) string {
		name := record.ColumnName(col)
		return fmt.Sprintf("%s!$%s$%d:$%s$%d", quoted, name, from, name, to)
	}
	dark := excelize.Font{Size: 9, Family: "Calibri", Color: "1A1A1A"}
	title := []excelize.RichTextRun{{Text: plain(c.Title), Font: &excelize.Font{Bold: true, Size: 12, Family: "Calibri", Color: "1A1A1A"}}}
	ch := &excelize.Chart{Type: excelize.Line, ShowBlanksAs: "gap", Dimension: excelize.ChartDimension{Width: 900, Height: 430},
		Title: excelize.ChartTitle{Paragraph: title}, Legend: excelize.ChartLegend{Position: "right"},
		XAxis:  excelize.ChartAxis{Font: dark},
		YAxis:  excelize.ChartAxis{MajorGridLines: true, Font: dark, NumFmt: excelize.ChartNumFmt{CustomNumFmt: format}},
		Format: excelize.GraphicOptions{AltText: plain(c.Description)}}
	switch c.Kind {
	case table.BarsChart, table.FunnelChart:
		ch.Type = excelize.Bar
	case table.StackedChart:
		ch.Type = excelize.BarStacked
	}
	if c.Kind != table.LinesChart {
		ch.XAxis.ReverseOrder = true // the first row stands above
		ch.YAxis.TickLabelPosition = excelize.ChartTickLabelHigh
	}
	if len(c.Series) == 1 && c.Kind != table.LinesChart {
		ch.Legend.Position = "none"
	}
	symbols := []string{"circle", "square", "triangle", "diamond"}
	dashes := []excelize.LineDashType{excelize.LineDashSolid, excelize.LineDashDash, excelize.LineDashSysDot}
	for n, s := range c.Series {
		name := record.ColumnName(n + 2)
		fill := excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{strings.TrimPrefix(p.of(n, s.Total && mixed(c)), "#")}}
		one := excelize.ChartSeries{Name: fmt.Sprintf("%s!$%s$%d", quoted, name, head), Categories: cells(1, head+1, end), Values: cells(n+2, head+1, end), Fill: fill}
		if c.Kind == table.LinesChart {
			one.Marker = excelize.ChartMarker{Symbol: symbols[n%len(symbols)], Size: 7, Fill: fill}
			one.Line = excelize.LineOptions{Width: 2, Dash: dashes[n%len(dashes)], Fill: fill}
		}
		ch.Series = append(ch.Series, one)
	}
	return ch
}
