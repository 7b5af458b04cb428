package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/record"
)

// Completion in a shell: what cannot be read (no workspace, a store in use)
// completes nothing, and nothing is printed about it.

type suggestFunc = cobra.CompletionFunc

// languages are those of --lang, with their own names.
var languages = []cobra.Completion{"en\tEnglish", "es\tespañol", "pt\tportuguês", "fr\tfrançais"}

// suggest completes the values of a flag.
func suggest(cmd *cobra.Command, flag string, f suggestFunc) {
	_ = cmd.RegisterFlagCompletionFunc(flag, f) // fails for a flag that is not there: the tests of completion would tell
}

// firstOnly completes the first argument alone.
func firstOnly(values func() []cobra.Completion) suggestFunc {
	return func(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return values(), cobra.ShellCompDirectiveNoFileComp
	}
}

// suggestTables completes the name of a table; list is a word of report.
func (a *app) suggestTables(list bool) suggestFunc {
	return firstOnly(func() []cobra.Completion {
		_, _ = a.maybeConfig() // for the language; English will do
		specs, err := table.Load(nil)
		if err != nil {
			return nil
		}
		var out []cobra.Completion
		for _, s := range specs {
			out = append(out, s.ID+"\t"+s.Title[a.lang])
		}
		if list {
			out = append(out, "list\tthe tables there are")
		}
		return out
	})
}

// suggestLayouts completes the id of a layout.
func (a *app) suggestLayouts(also cobra.ShellCompDirective) suggestFunc {
	return func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		in, err := a.maybeReader()
		if err != nil {
			return nil, also
		}
		var out []cobra.Completion
		for _, l := range in.Layouts {
			out = append(out, l.ID+"\t"+l.Name(a.lang))
		}
		return out, also
	}
}

// suggestLists completes the name of a code list and, after it, a code (map).
func (a *app) suggestLists(cmd *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var out []cobra.Completion
	set, err := a.vocabulary()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	switch {
	case len(args) == 0:
		out = set.Lists()
	case len(args) == 2 && cmd.Name() == "map":
		if l, ok := set.List(args[0]); ok {
			for _, c := range l.Codes() {
				out = append(out, c.ID+"\t"+c.Name[a.lang])
			}
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

// suggestFindings completes the code of a finding.
func (a *app) suggestFindings() suggestFunc {
	return firstOnly(func() []cobra.Completion {
		_, _ = a.maybeConfig() // for the language; English will do
		types, err := record.FindingTypes()
		if err != nil {
			return nil
		}
		var out []cobra.Completion
		for _, t := range types {
			out = append(out, t.Code+"\t"+t.Text[a.lang].Title)
		}
		return out
	})
}

// suggestSubmissions completes the id of a submission.
func (a *app) suggestSubmissions(cmd *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	const none = cobra.ShellCompDirectiveNoFileComp
	if len(args) > 0 {
		return nil, none
	}
	ctx := cmd.Context()
	if ctx == nil {
		ctx = context.Background()
	}
	_, st, err := a.openStore(ctx)
	if err != nil {
		return nil, none
	}
	defer func() { _ = st.Close() }() // only read
	subs, err := st.History(ctx)
	if err != nil {
		return nil, none
	}
	var out []cobra.Completion
	for _, s := range subs {
		out = append(out, s.ID+"\t"+s.FileName)
	}
	return out, none
}
