package reports

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/oas/tipstat/reports/table"
)

// markup is every character by which text could become Markdown, HTML, an
// entity or a link.
var markup = strings.NewReplacer("\\", "\\\\", "`", "\\`", "*", "\\*", "_", "\\_", "{", "\\{", "}", "\\}", "[", "\\[", "]", "\\]",
	"<", "\\<", ">", "\\>", "#", "\\#", "|", "\\|", "&", "\\&", "~", "\\~", "$", "\\$", "@", "\\@", "://", "\\://", "www.", "www\\.")

// reBlock begins a list, or underlines a heading, at the head of a line.
var reBlock = regexp.MustCompile(`^(\s*\d*)([-+=.)])`)

// literal writes text so that Markdown shows it as it is.
func literal(s string) string { return markup.Replace(strings.TrimSpace(plain(s))) }

// line is literal at the head of a line.
func line(s string) string { return reBlock.ReplaceAllString(literal(s), `${1}\$2`) }

// WriteMarkdown writes a table in GitHub's Markdown. Its tables have one row
// of headings, so that levels are joined.
func WriteMarkdown(w io.Writer, t *table.Table) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "# %s\n", literal(t.Title))
	for _, s := range []string{t.Question, t.Paragraph, t.Measure} {
		if s != "" {
			fmt.Fprintf(out, "\n%s\n", line(s))
		}
	}
	var head, rule []string
	for _, h := range t.Stub {
		head, rule = append(head, literal(h.Labels[0])), append(rule, ":--")
	}
	for _, h := range t.Columns {
		var levels []string
		for i := range t.Levels {
			levels = append(levels, literal(heading(t, h, i)))
		}
		s := strings.Join(levels, " / ")
		if len(h.Marks) > 0 {
			s += " " + table.Superscript(h.Marks)
		}
		align := "--:"
		if t.WideText {
			align = ":--"
		}
		head, rule = append(head, s), append(rule, align)
	}
	row := func(cells []string) { fmt.Fprintf(out, "| %s |\n", strings.Join(cells, " | ")) }
	fmt.Fprintln(out)
	row(head)
	row(rule)
	for _, r := range t.Rows {
		var cells []string
		for i := range r.Stub {
			cells = append(cells, literal(stubText(r, i)))
		}
		for _, c := range r.Cells {
			cells = append(cells, strings.TrimSpace(literal(c.Text)+" "+cellMarks(c)))
		}
		if r.Kind == table.TotalRow {
			for i, c := range cells {
				if c != "" {
					cells[i] = "**" + c + "**"
				}
			}
		}
		row(cells)
	}
	section := func(key string, n int, item func(i int) string) {
		if n == 0 {
			return
		}
		fmt.Fprintf(out, "\n## %s\n\n", literal(table.Word(t.Lang, key)))
		for i := range n {
			fmt.Fprintf(out, "- %s\n", item(i))
		}
	}
	section("head.symbols", len(t.Symbols), func(i int) string {
		return "**" + literal(t.Symbols[i].Symbol) + "** " + literal(t.Symbols[i].Text)
	})
	section("head.notes", len(t.Notes), func(i int) string {
		if n := t.Notes[i]; n.Mark != "" {
			return table.Superscript([]string{n.Mark}) + " " + literal(n.Text)
		}
		return line(t.Notes[i].Text)
	})
	section("head.sources", len(t.Sources), func(i int) string { return line(t.Sources[i].Text) })
	return out.Flush()
}
