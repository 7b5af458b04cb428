package main

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"time"

	"github.com/oas/tipstat/ingest/inbox"
	"github.com/oas/tipstat/reports"
	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/rules"
)

// The validation report of the European Statistical System: a list of
// validations, each an event, a rule, the data it looked at and its value (0:
// the rule does not hold), and of aggregations of them. Structure and JSON
// schema: ESSnet ValidatIntegration, validation report 1.0.1
// (github.com/data-cleaning/ValidatReport). Data are named by keys of file,
// sheet and cell. finding, which the schema leaves room for, is ours.
type (
	essEntry struct {
		ID        string        `json:"id"`
		Type      string        `json:"type"` // validation or aggregation
		Event     essEvent      `json:"event"`
		Rule      *essRule      `json:"rule,omitempty"`
		Aggregate *essAggregate `json:"aggregate,omitempty"`
		Data      essData       `json:"data"`
		Value     string        `json:"value"`
		Finding   *essFinding   `json:"finding,omitempty"`
	}
	essEvent struct {
		Time    string `json:"time"`
		Actor   string `json:"actor"`
		Agent   string `json:"agent"`
		Trigger string `json:"trigger"`
	}
	essRule struct {
		Language    string `json:"language"`
		Expression  string `json:"expression"`
		Severity    string `json:"severity"`
		Description string `json:"description"`
		Explanation string `json:"explanation,omitempty"`
	}
	essAggregate struct {
		Language    string `json:"language"`
		Expression  string `json:"expression"`
		Description string `json:"description"`
	}
	essData struct {
		Source      [][]string `json:"source"`
		Target      [][]string `json:"target"`
		Description string     `json:"description,omitempty"`
	}
	essFinding struct {
		Code        string   `json:"code"`
		Level       int      `json:"level"`
		Message     string   `json:"message"`
		Hint        string   `json:"hint"`
		Found       string   `json:"found,omitempty"`
		Expected    string   `json:"expected,omitempty"`
		Count       int      `json:"count"`
		Proposals   []string `json:"proposals,omitempty"`
		Explanation string   `json:"explanation,omitempty"`
	}
)

// essReport makes the report of files: of each what became of it, and its findings.
func (v *validation) essReport(receipts []*inbox.Receipt) []essEntry {
	event := essEvent{Time: v.now().UTC().Format(time.RFC3339), Actor: "tipstat", Agent: "tipstat " + version(), Trigger: "tipstat validate"}
	out := []essEntry{}
	for _, r := range receipts {
		id, lang := r.SHA256[:12], v.speaking(r.Lang).lang
		whole := [][]string{place(record.Place{File: r.File}, "")}
		out = append(out, essEntry{ID: id, Type: "aggregation", Event: event,
			Aggregate: &essAggregate{"tipstat", "outcome", "refused if a rule of severity error does not hold"},
			Data:      essData{Source: whole, Target: whole, Description: fmt.Sprintf("SHA-256 %s, layout %s, %d rows", r.SHA256, r.Layout, r.Rows)}, Value: r.Outcome})
		for i, f := range r.Findings {
			e := essEntry{ID: fmt.Sprintf("%s-%d", id, i+1), Type: "validation", Event: event, Value: "0",
				Rule: &essRule{Language: "tipstat", Expression: f.Code, Severity: string(f.Severity), Description: f.Title(lang)},
				Data: essData{Source: targets(f), Target: targets(f), Description: f.Message(lang)},
				Finding: &essFinding{f.Code, level(f.Code), f.Message(lang), f.Hint(lang),
					f.Found, f.Expected, f.Count, f.Proposals, f.Explanation}}
			if about, query, ok := rules.Source(f.Code); ok {
				e.Rule.Language, e.Rule.Expression, e.Rule.Explanation = "SQL (DuckDB)", query, about
			}
			if f.Context.Cell != "" {
				e.Data.Source = append(e.Data.Source, place(f.Context, f.Context.Cell))
			}
			out = append(out, e)
		}
	}
	return out
}

// targets are the cells that a finding is about.
func targets(f record.Finding) (all [][]string) {
	if f.Count <= 1 || len(f.Cells) == 0 {
		return [][]string{place(f.Subject, f.Subject.Cell)}
	}
	for _, c := range f.Cells {
		all = append(all, place(f.Subject, c))
	}
	return all
}

// level is the ESS validation level of a code.
func level(code string) int {
	types, _ := record.FindingTypes() // read before: findings were made of them
	for _, t := range types {
		if t.Code == code {
			return t.Level
		}
	}
	return 0
}

// findingsCSV writes one line for each finding. Text that a spreadsheet could
// take for a formula is preceded by an apostrophe, as in reports.
func (v *validation) findingsCSV(receipts []*inbox.Receipt) error {
	w := csv.NewWriter(v.out)
	lines := [][]string{{"code", "severity", "level", "file", "sheet", "cell", "message", "hint", "found", "expected", "count", "explanation"}}
	for _, r := range receipts {
		lang := v.speaking(r.Lang).lang
		for _, f := range r.Findings {
			lines = append(lines, []string{f.Code, string(f.Severity), strconv.Itoa(level(f.Code)), f.Subject.File, f.Subject.Sheet, f.Subject.Cell,
				f.Message(lang), f.Hint(lang), f.Found, f.Expected, strconv.Itoa(f.Count), f.Explanation})
		}
	}
	for _, line := range lines {
		for i := range line {
			line[i] = reports.Harmless(line[i])
		}
	}
	return w.WriteAll(lines)
}
