package main

import (
	"bufio"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

func (a *app) codesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "codes [LIST]", Short: "Code lists, and what a spelling stands for", Args: cobra.MaximumNArgs(1),
		Example: `  tipstat codes                                  # the lists
  tipstat codes CL_EXPLOITATION --lang pt        # one list
  tipstat codes find CL_AREA "R. Dominicana"     # what a spelling stands for
  tipstat codes find CL_AREA < spellings.txt     # one a line; what maps, what not, and what is nearest
  tipstat codes map CL_AREA "Hodruanian" HND     # add a spelling to the workspace
  tipstat codes findings                         # every code of a finding, and what it means`,
		ValidArgsFunction: a.suggestLists,
		RunE: func(_ *cobra.Command, args []string) error {
			set, err := a.vocabulary()
			if err != nil {
				return err
			}
			w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
			if len(args) == 0 {
				if a.asJSON {
					return a.json(set.Lists())
				}
				for _, id := range set.Lists() {
					l, _ := set.List(id)
					fmt.Fprintf(w, "%s\t%d codes\n", id, len(l.Codes()))
				}
				return w.Flush()
			}
			l, ok := set.List(args[0])
			if !ok {
				return usagef("no code list %q: tipstat codes shows them", args[0])
			}
			if a.asJSON {
				return a.json(l.Codes())
			}
			for _, c := range l.Codes() {
				fmt.Fprintf(w, "%s\t%s\t%s\n", c.ID, c.Parent, c.Name[a.lang])
			}
			return w.Flush()
		},
	}
	cmd.AddCommand(a.codesFind(), a.codesMap(), a.codesFindings())
	return cmd
}

func (a *app) vocabulary() (*codelist.Set, error) {
	c, err := a.maybeConfig()
	if err != nil {
		return nil, err
	}
	return c.vocabulary()
}

// match is what one spelling stands for.
type match struct {
	Text      string   `json:"text"`
	Code      string   `json:"code,omitempty"`
	How       string   `json:"how,omitempty"`
	Proposals []string `json:"proposals,omitempty"`
}

func (a *app) codesFind() *cobra.Command {
	return &cobra.Command{
		Use: "find LIST [TEXT...]", Short: "What spellings stand for, or what is nearest", Args: cobra.MinimumNArgs(1),
		Example: `  tipstat codes find CL_AREA "R. Dominicana" Peru
  tipstat codes find CL_EXPLOITATION < spellings.txt   # one a line`,
		ValidArgsFunction: a.suggestLists,
		RunE: func(_ *cobra.Command, args []string) error {
			set, err := a.vocabulary()
			if err != nil {
				return err
			}
			if _, ok := set.List(args[0]); !ok {
				return usagef("no code list %q: tipstat codes shows them", args[0])
			}
			texts := args[1:]
			if len(texts) == 0 {
				lines := bufio.NewScanner(a.in)
				for lines.Scan() {
					texts = append(texts, lines.Text())
				}
				if err := lines.Err(); err != nil {
					return fmt.Errorf("spellings on stdin: %w", err)
				}
			}
			out := []match{}
			mapped := 0
			for _, t := range texts {
				m := match{Text: t}
				if found, ok := set.Lookup(args[0], t, 0); ok {
					m.Code, m.How = found.Code, found.How
					mapped++
				} else {
					m.Proposals = set.Propose(args[0], t, 3)
				}
				out = append(out, m)
			}
			if a.asJSON {
				return a.json(out)
			}
			w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
			for _, m := range out {
				if m.Code != "" {
					fmt.Fprintf(w, "%s\t%s\t%s\n", m.Text, m.Code, m.How)
				} else {
					fmt.Fprintf(w, "%s\t?\tnearest: %s\n", m.Text, strings.Join(m.Proposals, ", "))
				}
			}
			if err := w.Flush(); err != nil {
				return err
			}
			a.tell("codes_mapped", "mapped", mapped, "texts", len(texts))
			return nil
		},
	}
}

func (a *app) codesFindings() *cobra.Command {
	return &cobra.Command{
		Use: "findings [CODE]", Short: "The codes of findings, what they mean and what to do", Args: cobra.MaximumNArgs(1),
		Example:           "  tipstat codes findings\n  tipstat codes findings TIP-V004 --lang es",
		ValidArgsFunction: a.suggestFindings(),
		RunE: func(_ *cobra.Command, args []string) error {
			if _, err := a.maybeConfig(); err != nil {
				return err
			}
			types, err := record.FindingTypes()
			if err != nil {
				return err
			}
			if len(args) == 1 {
				types = slices.DeleteFunc(slices.Clone(types), func(t record.FindingType) bool { return t.Code != args[0] })
			}
			if len(types) == 0 {
				return usagef("no finding %q: tipstat codes findings shows them", args[0])
			}
			if a.asJSON {
				return a.json(types)
			}
			for _, t := range types {
				x := t.Text[a.lang]
				fmt.Fprintf(a.out, "%s  %s  %s\n    %s\n    -> %s\n", t.Code, t.Severity, x.Title, x.Message, x.Hint)
			}
			return nil
		},
	}
}
