package main

import (
	_ "embed"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"

	"github.com/goccy/go-yaml"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/rules"
)

// explainWords are the headings and sentences of explain in one language.
type explainWords struct {
	Level, Why, Says, Do, Checked, Example, Before, Unsaid, Splits, Add, Then, Good, Real, Told string
}

//go:embed explain.yaml
var explainYAML []byte

var explainTexts = sync.OnceValues(func() (map[string]explainWords, error) {
	m := map[string]explainWords{}
	if err := yaml.UnmarshalWithOptions(explainYAML, &m, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("explain.yaml: %w", err)
	}
	return m, nil
})

// explanation prints what explain says of one code.
type explanation struct {
	out  io.Writer
	lang string
	explainWords
}

// section prints a heading and what stands under it, indented.
func (e explanation) section(heading, text string) {
	fmt.Fprintln(e.out, heading)
	for line := range strings.Lines(text) {
		fmt.Fprintf(e.out, "  %s\n", strings.TrimRight(line, " \n"))
	}
}

func (e explanation) code(t record.FindingType) {
	x := t.Text[e.lang]
	fmt.Fprintf(e.out, "%s  %s  %s %d\n%s\n\n", t.Code, t.Severity.Name(e.lang), e.Level, t.Level, x.Title)
	e.section(e.Says, general(x.Message))
	e.section(e.Why, t.Why[e.lang])
	e.section(e.Do, general(x.Hint))
}

// rule prints what only a rule in SQL has: how it is checked, figures of which
// it speaks and of which it does not, and how often it does on published files.
func (e explanation) rule(code, check string, card rules.Card, told []rules.Told) error {
	e.section(e.Checked, check)
	bad, good := card.Bad[0], card.Good[0]
	if err := e.figures(e.Example, bad); err != nil {
		return err
	}
	var sentences strings.Builder
	for _, f := range bad.Finds {
		if f.Code == code {
			sentences.WriteString(said(f.Finding(""), e.lang) + "\n")
		}
	}
	e.section(e.Then, sentences.String())
	if err := e.figures(e.Good, good); err != nil {
		return err
	}
	var figures int64
	findings := 0
	for _, t := range told {
		figures, findings = figures+t.Figures, findings+t.Findings
	}
	number := func(n float64, decimals int) string { return table.Number(e.lang, n, decimals) }
	e.section(e.Real, strings.NewReplacer("{figures}", number(float64(figures), 0), "{files}", number(float64(len(told)), 0),
		"{findings}", number(float64(findings), 0), "{rate}", number(rules.PerThousand(findings, figures), 2), "{thousand}", number(1000, 0)).Replace(e.Told))
	return nil
}

// figures prints the small tables of an example under a heading.
func (e explanation) figures(heading string, x rules.Example) error {
	rows, err := rules.Rows(x.Figures)
	if err != nil {
		return err
	}
	notes := ""
	if all := rules.Unsaid(rows[0]); all != "" {
		notes += strings.Replace(e.Unsaid, "{concepts}", all, 1) + "\n"
	}
	if i := slices.Index(rows[0], "breakdown"); i >= 0 && slices.ContainsFunc(rows, func(r []string) bool { return r[i] == rules.ExampleSplit }) {
		notes += strings.NewReplacer("{table}", rules.ExampleSplit, "{dimensions}", strings.Join(rules.ExampleDimensions, ", ")).Replace(e.Splits) + "\n"
	}
	if x.Repeats == "add" {
		notes += e.Add + "\n"
	}
	e.section(heading, aligned(rows)+notes)
	if x.Before == "" {
		return nil
	}
	before, err := rules.Rows(x.Before)
	if err != nil {
		return err
	}
	e.section(e.Before, aligned(before))
	return nil
}

// aligned writes rows with their columns under each other.
func aligned(rows [][]string) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		fmt.Fprintln(w, strings.Join(r, "\t"))
	}
	w.Flush()
	return b.String()
}

// said is the sentence of a finding as it is told, after the cell that it is at.
func said(f record.Finding, lang string) string {
	if f.Subject.Sheet == rules.ExampleSheet {
		f.Subject.Sheet = ""
		if f.Context.Sheet == rules.ExampleSheet {
			f.Context.Sheet = ""
		}
	}
	if at := f.Subject.String(); at != "" {
		return at + ": " + f.Message(lang)
	}
	return f.Message(lang)
}

var reFilled = regexp.MustCompile(`\{[a-z]+\}`)

// general gives a text of a finding without what only a finding fills in.
func general(s string) string { return reFilled.ReplaceAllString(s, "…") }
