package audit

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"github.com/oas/tipstat/transform/record"
)

//go:embed texts.yaml
var textsYAML []byte

var loadTexts = sync.OnceValues(func() (map[string]map[string]string, error) {
	m := map[string]map[string]string{}
	if err := yaml.UnmarshalWithOptions(textsYAML, &m, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("texts.yaml: %w", err)
	}
	return m, nil
})

// words gives the texts in a language, {name} replaced by values in pairs.
func words(lang string) func(key string, pairs ...any) string {
	all, _ := loadTexts() // a test reads them
	return func(key string, pairs ...any) string {
		s := all[key][lang]
		for i := 0; i+1 < len(pairs); i += 2 {
			s = strings.ReplaceAll(s, fmt.Sprintf("{%s}", pairs[i]), fmt.Sprint(pairs[i+1]))
		}
		return s
	}
}

// Say gives one text of the report in a language.
func Say(lang, key string, pairs ...any) string { return words(lang)(key, pairs...) }

// WriteText writes the report for people: what was counted, and the tightest
// hidden cells that fail, or of all if none does, or all hidden cells.
func (r *Report) WriteText(w io.Writer, lang string, tightest int, all bool) error {
	say := words(lang)
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("%s\n%s\n", say("title"), say("internal"))
	line("%8d  %s", r.Cells, say("cells", "places", r.Places))
	line("%8d  %s", r.Hidden, say("hidden"))
	line("%8d  %s", r.ByVerdict[Exact], say("count_exact"))
	line("%8d  %s", r.ByVerdict[Narrowed], say("count_narrowed", "protection", number(r.Protection)))
	if r.Beyond > 0 {
		line("%8d  %s", r.Beyond, say("beyond"))
	}
	if n := r.ByVerdict[Mistaken]; n > 0 {
		line("%8d  %s", n, say("count_mistaken"))
	}
	if n := r.ByVerdict[Before]; n > 0 {
		line("%8d  %s", n, say("count_before"))
	}
	line("%8d  %s", r.ByVerdict[Safe], say("count_safe"))
	r.writeSets(line, say)
	if r.Relations > 0 {
		line("%8d  %s", r.Relations, say("relations", "contradicted", r.Contradicted))
	}
	if r.Weakened+r.Dropped > 0 {
		line("%8d  %s", r.Weakened, say("given_way", "dropped", r.Dropped))
	}
	if r.Twice > 0 {
		line("%8d  %s", r.Twice, say("twice"))
	}
	if len(r.Notes) > 0 {
		line("%8d  %s", len(r.Notes), say("notes"))
	}
	if all {
		for _, n := range r.Notes {
			line("          %s: %s", n.Place, n.Text)
		}
	}
	list := r.Failing()
	head := ""
	switch {
	case all:
		list = r.Findings
		head = say("shown_all", "count", len(list))
	case len(list) > 0:
		list = list[:min(tightest, len(list))]
		head = say("shown_failed", "shown", len(list), "count", r.Failed())
	default:
		list = r.Findings[:min(tightest, len(r.Findings))]
		head = say("shown_safe", "shown", len(list), "count", r.Hidden)
	}
	if len(list) > 0 {
		line("\n%s", head)
	}
	for _, f := range list {
		at := f.Places[0].String()
		if n := len(f.Places) - 1; n > 0 {
			at += " " + say("places", "count", n)
		}
		line("  %s\n      %s\n      %s %s; %s %s; %s %s: %s", at, f.Name(), say("told"), interval(f.Told, say), say("inferred"), interval(f.Bounds, say),
			say("width"), number(f.Width()), say(string(f.Verdict)))
		if f.Total != nil {
			line("      %s", say("by_total", "place", f.Total.String()))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (r *Report) writeSets(line func(string, ...any), say func(string, ...any) string) {
	if len(r.Sets) == 0 {
		return
	}
	line("\n%s", say("sets"))
	heads := []string{"over", "sum", "short", "partial", "contradictory", "one_hidden", "subtraction"}
	rows := [][]string{{}}
	for _, h := range heads {
		rows[0] = append(rows[0], say(h))
	}
	for _, c := range r.Sets {
		row := []string{c.Dimension}
		for _, n := range []int{c.Sums, c.Short, c.Partial, c.Contradictory, c.OneHidden, c.Subtraction} {
			row = append(row, strconv.Itoa(n))
		}
		rows = append(rows, row)
	}
	for _, row := range rows {
		text := fmt.Sprintf("  %-14s", row[0])
		for i, s := range row[1:] {
			text += fmt.Sprintf("%*s", max(8, len([]rune(rows[0][i+1]))+2), s)
		}
		line("%s", text)
	}
	line("")
}

// Name says what the cell counts, or which observation it is where that is not told.
func (f Finding) Name() string {
	if f.Key == (Key{}) && f.Obs > 0 {
		return fmt.Sprintf("obs_id %d", f.Obs)
	}
	return f.Key.String()
}

func number(x float64) string {
	if math.IsInf(x, 1) {
		return "∞"
	}
	return record.FormatNumber(math.Round(x*1e6) / 1e6)
}

func interval(b Bounds, say func(string, ...any) string) string {
	switch {
	case b.Lower == b.Upper:
		return number(b.Lower)
	case math.IsInf(b.Upper, 1) && b.Lower == 0:
		return say("nothing")
	case math.IsInf(b.Upper, 1):
		return "≥" + number(b.Lower)
	}
	return number(b.Lower) + "–" + number(b.Upper)
}

// columns are those of WriteCSV, before the dimensions.
var columns = []string{"file", "sheet", "cell", "places", "verdict", "told_lower", "told_upper", "inferred_lower", "inferred_upper", "width", "total", "from"}

// WriteCSV writes all findings, the tightest first; from names the observations that tell a
// count that nobody printed.
func (r *Report) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write(append(columns[:len(columns):len(columns)], Names[:]...)); err != nil {
		return err
	}
	bound := func(x float64) string {
		if math.IsInf(x, 1) {
			return ""
		}
		return number(x)
	}
	for _, f := range r.Findings {
		at := f.Places[0]
		rec := []string{at.File, at.Sheet, at.Cell, strconv.Itoa(len(f.Places)), string(f.Verdict), bound(f.Told.Lower), bound(f.Told.Upper),
			bound(f.Lower), bound(f.Upper), bound(f.Width()), "", f.from()}
		if f.Total != nil {
			rec[len(rec)-2] = f.Total.String()
		}
		rec = append(rec, f.Key[:]...)
		for i := range rec {
			rec[i] = record.Harmless(rec[i]) // names of files and sheets are others'
		}
		if err := out.Write(rec); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// from gives the observations that tell a count that nobody printed.
func (f Finding) from() string { return strings.Trim(fmt.Sprint(f.From), "[]") }

// findingJSON is a Finding as JSON has it; what has no bound has none there.
type findingJSON struct {
	Codes   map[string]string `json:"codes,omitempty"`
	Places  []record.Place    `json:"places"`
	Verdict Verdict           `json:"verdict"`
	Told    boundsJSON        `json:"told"`
	Found   boundsJSON        `json:"inferred"`
	Width   *float64          `json:"width,omitempty"`
	Total   *record.Place     `json:"total,omitempty"`
	From    []int64           `json:"from,omitempty"`
}

type boundsJSON struct {
	Lower float64  `json:"lower"`
	Upper *float64 `json:"upper,omitempty"`
}

// Document gives the report for JSON, in English.
func (r *Report) Document() any {
	finite := func(x float64) *float64 {
		if math.IsInf(x, 1) {
			return nil
		}
		x = math.Round(x*1e6) / 1e6
		return &x
	}
	list := []findingJSON{}
	for _, f := range r.Findings {
		j := findingJSON{Codes: map[string]string{}, Places: f.Places, Verdict: f.Verdict, Width: finite(f.Width()), Total: f.Total, From: f.From,
			Told: boundsJSON{f.Told.Lower, finite(f.Told.Upper)}, Found: boundsJSON{*finite(f.Lower), finite(f.Upper)}}
		for d, code := range f.Key {
			if code != "" {
				j.Codes[Names[d]] = code
			}
		}
		list = append(list, j)
	}
	return map[string]any{
		"notice": Say("en", "internal"), "protection": r.Protection, "cells": r.Cells, "places": r.Places, "hidden": r.Hidden,
		"exact": r.ByVerdict[Exact], "narrowed": r.ByVerdict[Narrowed], "safe": r.ByVerdict[Safe], "mistaken": r.ByVerdict[Mistaken], "before": r.ByVerdict[Before], "beyond": r.Beyond, "sets": r.Sets,
		"relations": r.Relations, "relations_contradicted": r.Contradicted, "told_twice": r.Twice, "weakened": r.Weakened, "dropped": r.Dropped,
		"notes": append([]Note{}, r.Notes...), "findings": list,
	}
}
