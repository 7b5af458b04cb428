package reports

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"

	tables "github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/oas/tipstat/reports/table"
)

// textWidth is the width that a text table keeps to: what is wider goes on in
// parts below, each with the stub again.
const textWidth = 160

// noteWidth is the width at which notes are broken.
const noteWidth = 110

// WriteText writes a table for a terminal or a mail.
func WriteText(w io.Writer, t *table.Table) error {
	out := bufio.NewWriter(w)
	for _, line := range []string{t.Title, t.Question, t.Paragraph, t.Measure} {
		if line != "" {
			fmt.Fprintln(out, plain(line))
		}
	}
	parts := textParts(t)
	for i, cols := range parts {
		fmt.Fprintln(out)
		if len(parts) > 1 {
			fmt.Fprintln(out, table.Word(t.Lang, "part", "n", fmt.Sprint(i+1), "total", fmt.Sprint(len(parts))))
		}
		fmt.Fprintln(out, textTable(t, cols))
	}
	section := func(head string, lines [][2]string) {
		if len(lines) == 0 {
			return
		}
		fmt.Fprintf(out, "\n%s\n", table.Word(t.Lang, head))
		width := 0
		for _, l := range lines {
			width = max(width, text.StringWidthWithoutEscSequences(l[0]))
		}
		for _, l := range lines {
			indent := "  "
			if width > 0 {
				indent += text.Pad(l[0], width, ' ') + "  "
			}
			fmt.Fprintln(out, hang(indent, plain(l[1])))
		}
	}
	var symbols, notes, sources [][2]string
	for _, s := range t.Symbols {
		symbols = append(symbols, [2]string{s.Symbol, s.Text})
	}
	for _, n := range t.Notes {
		notes = append(notes, [2]string{table.Superscript(nonEmpty(n.Mark)), n.Text})
	}
	for _, s := range t.Sources {
		sources = append(sources, [2]string{"", s.Text})
	}
	section("head.symbols", symbols)
	section("head.notes", notes)
	section("head.sources", sources)
	return out.Flush()
}

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// hang writes a paragraph whose lines after the first are indented like it.
func hang(indent, s string) string {
	lines := strings.Split(text.WrapSoft(s, max(20, noteWidth-len([]rune(indent)))), "\n")
	blank := strings.Repeat(" ", text.StringWidthWithoutEscSequences(indent))
	var b strings.Builder
	for i, l := range lines {
		if i > 0 {
			b.WriteString("\n" + blank)
		} else {
			b.WriteString(indent)
		}
		b.WriteString(strings.TrimRight(l, " "))
	}
	return b.String()
}

// plain keeps what could steer a terminal out of a line of text.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s)
}

// cellMarks is what follows a figure: its grade and its notes.
func cellMarks(c table.Cell) string {
	marks := table.Superscript(c.Marks)
	if c.Grade == "" {
		return marks
	}
	return c.Grade + marks
}

func stubText(r table.Row, i int) string {
	s := plain(r.Stub[i].Text)
	if i == 0 && len(r.Marks) > 0 {
		s += " " + table.Superscript(r.Marks)
	}
	return s
}

// heading gives the label of a column at one level; in a compact table the
// lowest level is its code (but Total and Unknown stay words).
func heading(t *table.Table, h table.Heading, level int) string {
	if t.Compact && level == len(h.Labels)-1 && !strings.HasPrefix(h.Codes[level], "_") {
		return plain(h.Codes[level])
	}
	return plain(h.Labels[level])
}

// textParts cuts the columns into parts that fit the width.
func textParts(t *table.Table) [][]int {
	width := func(s string) int { return text.StringWidthWithoutEscSequences(s) }
	stub := 0
	for i, h := range t.Stub {
		w := width(h.Labels[0])
		for _, r := range t.Rows {
			w = max(w, width(stubText(r, i)))
		}
		stub += w + 2
	}
	var parts [][]int
	used := 0
	for j := range t.Columns {
		w := 0
		for _, r := range t.Rows {
			w = max(w, width(r.Cells[j].Text)+1+width(cellMarks(r.Cells[j])))
		}
		w = min(max(w, width(heading(t, t.Columns[j], len(t.Columns[j].Labels)-1))), headWidth(t)) + 2
		if len(parts) == 0 || stub+used+w > textWidth {
			parts, used = append(parts, nil), 0
		}
		parts[len(parts)-1] = append(parts[len(parts)-1], j)
		used += w
	}
	if len(parts) == 0 {
		parts = [][]int{nil}
	}
	return parts
}

func headWidth(t *table.Table) int {
	if t.WideText {
		return 24
	}
	return 14
}

// wrap breaks a text at blanks and leaves none at the ends of its lines.
func wrap(s string, width int) string {
	if text.StringWidthWithoutEscSequences(s) <= width {
		return s
	}
	lines := strings.Split(text.WrapSoft(s, width), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimSpace(l)
	}
	return strings.Join(lines, "\n")
}

func textTable(t *table.Table, cols []int) string {
	w := tables.NewWriter()
	style := tables.StyleDefault
	style.Box = tables.BoxStyle{MiddleHorizontal: "-", PaddingRight: "  "}
	style.Options = tables.Options{SeparateHeader: true}
	style.Format = tables.FormatOptions{Header: text.FormatDefault, Row: text.FormatDefault, Footer: text.FormatDefault}
	w.SetStyle(style)
	var configs []tables.ColumnConfig
	for i := range t.Stub {
		configs = append(configs, tables.ColumnConfig{Number: i + 1, WidthMax: 48, WidthMaxEnforcer: wrap})
	}
	for n := range cols {
		align := text.AlignRight
		if t.WideText {
			align = text.AlignLeft
		}
		configs = append(configs, tables.ColumnConfig{Number: len(t.Stub) + n + 1, Align: align, AlignHeader: align,
			WidthMax: headWidth(t), WidthMaxEnforcer: wrap})
	}
	w.SetColumnConfigs(configs)
	for level := range t.Levels {
		row := tables.Row{}
		for _, h := range t.Stub {
			s := ""
			if level == len(t.Levels)-1 {
				s = h.Labels[0]
			}
			row = append(row, s)
		}
		last := ""
		for _, j := range cols {
			h := t.Columns[j]
			s := heading(t, h, level)
			if level == len(t.Levels)-1 && len(h.Marks) > 0 {
				s += " " + table.Superscript(h.Marks)
			}
			if level < len(t.Levels)-1 { // a group is named once
				if s == last {
					s = ""
				} else {
					last = s
				}
			}
			row = append(row, s)
		}
		w.AppendHeader(row)
	}
	pad := map[int]int{}
	for _, r := range t.Rows {
		for _, j := range cols {
			pad[j] = max(pad[j], text.StringWidthWithoutEscSequences(cellMarks(r.Cells[j])))
		}
	}
	for n, r := range t.Rows {
		if n > 0 && t.Rows[n-1].Kind != table.TotalRow && t.Rows[n-1].Kind != table.CoveredRow &&
			(r.Kind == table.TotalRow || r.Kind == table.CoveredRow) {
			w.AppendSeparator()
		}
		row := tables.Row{}
		for i := range r.Stub {
			row = append(row, stubText(r, i))
		}
		for _, j := range cols {
			s := r.Cells[j].Text
			if pad[j] > 0 {
				s += " " + text.Pad(cellMarks(r.Cells[j]), pad[j], ' ')
			}
			row = append(row, s)
		}
		w.AppendRow(row)
	}
	lines := strings.Split(w.Render(), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n")
}
