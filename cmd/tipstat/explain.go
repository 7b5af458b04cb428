package main

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/spf13/cobra"

	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/rules"
)

// explainWords are the headings of explain.
var explainWords = map[string][4]string{
	"en": {"What it says", "What to do", "How it is checked", "ESS validation level"},
	"es": {"Qué dice", "Qué hacer", "Cómo se comprueba", "nivel de validación del SEE"},
	"pt": {"O que diz", "O que fazer", "Como se verifica", "nível de validação do SEE"},
	"fr": {"Ce qu'il dit", "Que faire", "Comment il est vérifié", "niveau de validation du SSE"},
}

func (a *app) explainCommand() *cobra.Command {
	var query bool
	cmd := &cobra.Command{
		Use: "explain [CODE]", Short: "What a finding means, why it is told, and what to do", Args: cobra.MaximumNArgs(1),
		Long: `Says of the code of a finding what it is about, how grave it is, what it says and
what to do. Of a rule that holds figures against each other it also says, in
English, how it is checked, and prints the query with --sql. Without a code all
codes are listed.`,
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
			if a.asJSON {
				out := struct {
					record.FindingType
					About string `json:"about,omitempty"`
					Query string `json:"query,omitempty"`
				}{t, about, sql}
				return a.json(out)
			}
			w, x := explainWords[a.lang], t.Text[a.lang]
			fmt.Fprintf(a.out, "%s  %s  %s %d\n%s\n\n%s\n  %s\n%s\n  %s\n", t.Code, t.Severity, w[3], t.Level, x.Title, w[0], general(x.Message), w[1], general(x.Hint))
			if ofSQL {
				fmt.Fprintf(a.out, "%s\n  %s\n", w[2], about)
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

var reFilled = regexp.MustCompile(`\{[a-z]+\}`)

// general gives a text of a finding without what only a finding fills in.
func general(s string) string { return reFilled.ReplaceAllString(s, "…") }

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
