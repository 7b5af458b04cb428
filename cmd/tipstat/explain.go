package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/spf13/cobra"

	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/rules"
)

func (a *app) explainCommand() *cobra.Command {
	var query bool
	cmd := &cobra.Command{
		Use: "explain [CODE]", Short: "What a finding means, why it is told, and what to do", Args: cobra.MaximumNArgs(1),
		Long: `Says of the code of a finding what it is about, how grave it is, what it says, why
it matters, what to do, and shows an example with the sentence that it is told
in. Of a rule that holds figures against each other it also says how it is
checked, shows figures of which it says nothing, tells how often it speaks on
published files, and prints the query with --sql. Without a code all codes are
listed.`,
		Example:           "  tipstat explain TIP-V021\n  tipstat explain TIP-V021 --lang pt --sql\n  tipstat explain                     # all codes",
		ValidArgsFunction: a.suggestFindings(),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.codesFindings().RunE(cmd, nil)
			}
			if _, err := a.maybeConfig(); err != nil {
				return err
			}
			t, err := findingType(args[0])
			if err != nil {
				return err
			}
			about, sql, ofSQL := rules.Source(t.Code)
			if query && !ofSQL {
				return usagef("%s is no rule in SQL: it is found while the file is read", t.Code)
			}
			out := struct {
				record.FindingType
				About string       `json:"about,omitempty"`
				Query string       `json:"query,omitempty"`
				Card  *rules.Card  `json:"card,omitempty"`
				Told  []rules.Told `json:"told,omitempty"`
			}{FindingType: t, About: about, Query: sql}
			if ofSQL {
				card, err := rules.CardOf(t.Code)
				if err != nil {
					return err
				}
				out.Card = &card
				if out.Told, err = rules.OnRealFiles(t.Code); err != nil {
					return err
				}
			}
			if a.asJSON {
				return a.json(out)
			}
			words, err := explainTexts()
			if err != nil {
				return err
			}
			e := explanation{out: a.out, lang: a.lang, explainWords: words[a.lang]}
			e.code(t)
			if out.Card != nil {
				if err := e.rule(t.Code, cmp.Or(out.Card.Check[a.lang], about), *out.Card, out.Told); err != nil {
					return err
				}
			} else if f, ok := t.ExampleFinding(); ok {
				e.section(e.Example, said(f, a.lang))
			}
			if query {
				fmt.Fprintf(a.out, "\n%s\n", sql)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&query, "sql", false, "print the query of the rule")
	return cmd
}

// findingType finds what a code stands for, as a person may write it
// (tip-v021, V021), or names the nearest.
func findingType(code string) (record.FindingType, error) {
	types, err := record.FindingTypes()
	if err != nil {
		return record.FindingType{}, err
	}
	want := strings.ToUpper(strings.TrimSpace(code))
	if !strings.HasPrefix(want, "TIP-") {
		want = "TIP-" + want
	}
	for _, t := range types {
		if t.Code == want {
			return t, nil
		}
	}
	const shown = 3
	near := slices.Clone(types)
	slices.SortStableFunc(near, func(x, y record.FindingType) int {
		return cmp.Compare(levenshtein.ComputeDistance(x.Code, want), levenshtein.ComputeDistance(y.Code, want))
	})
	var names []string
	for _, t := range near[:min(shown, len(near))] {
		names = append(names, t.Code)
	}
	return record.FindingType{}, usagef("no finding %q; nearest: %s. tipstat explain lists all", code, strings.Join(names, ", "))
}
