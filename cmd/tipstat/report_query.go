package main

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/oas/tipstat/reports/cube"
	"github.com/oas/tipstat/reports/query"
	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

func (a *app) queryCommand() *cobra.Command {
	var flags tableFlags
	var file fileFlags
	var q query.Question
	cmd := &cobra.Command{
		Use: "query", Short: "A table of your own: which measures, by what, for what", Args: cobra.NoArgs,
		Long: `Makes a table that is not in the catalogue, with the same notes, grades and formats.
Measures are codes of CL_INDICATOR; what rows and columns are made of are concepts of
the data structure (SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION,
TIME_PERIOD for years; in rows also COUNTING_UNIT, VICTIM_STATUS, IDENTIFIED_BY,
COVERAGE, SOURCE_AGENCY). What is not named is a total. Each State, source, counting
unit and kind of victim has a row of its own: they are never blended. Years stand in
the columns unless TIME_PERIOD is named elsewhere.`,
		Example: `  tipstat report query --measure VICTIMS_DETECTED --rows REF_AREA --columns SEX,TIME_PERIOD --states HND,GTM,MEX --years 2020-2024
  tipstat report query --measure VICTIMS_DETECTED --columns TIME_PERIOD --where AGE=Y0T17,EXPLOITATION=SEXUAL
  tipstat report query --measure VICTIMS_DETECTED --rows REF_AREA,TIME_PERIOD --columns EXPLOITATION --where EXPLOITATION=SEXUAL+LABOUR
  tipstat report query --measure PERSONS_PROSECUTED,PERSONS_CONVICTED --format xlsx --lang fr`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.writeReport(cmd.Context(), asked(&q), flags, file)
		},
	}
	flags.add(cmd)
	flags.addControl(cmd)
	flags.addTrial(cmd)
	file.add(cmd)
	a.addQuestion(cmd, &q, "")
	return cmd
}

// asked makes the table of a question.
func asked(q *query.Question) makerFinder {
	return func(c *config) (tableMaker, error) {
		set, err := c.vocabulary()
		if err != nil {
			return nil, err
		}
		s, err := query.Spec(set, *q)
		if err != nil {
			return nil, usageError{err: err}
		}
		return bySpec(s), nil
	}
}

// addQuestion adds the flags that a question is asked by; of says of what, where a
// command has others too.
func (a *app) addQuestion(cmd *cobra.Command, q *query.Question, of string) {
	cmd.Flags().StringSliceVar(&q.Measures, "measure", nil, of+"what is counted: codes of CL_INDICATOR")
	cmd.Flags().StringSliceVar(&q.Rows, "rows", nil, of+"concepts that rows are made of; REF_AREA, the State, leads")
	cmd.Flags().StringSliceVar(&q.Columns, "columns", nil, of+"concepts that columns are made of, outermost first (default: TIME_PERIOD)")
	cmd.Flags().StringSliceVar(&q.Where, "where", nil, of+"only these codes: AGE=Y0T17,EXPLOITATION=SEXUAL; several of one concept: SEX=F+M")
	suggest(cmd, "measure", a.suggestInList(func(string) string { return "CL_INDICATOR" }))
	suggest(cmd, "rows", suggestConcepts(func(record.Component) bool { return true }, ""))
	suggest(cmd, "columns", suggestConcepts(func(c record.Component) bool { return c.Role == "dimension" && c.ID != "REF_AREA" }, ""))
	suggest(cmd, "where", a.suggestWhere)
}

// languagesOf builds one table in further languages from the same store.
func languagesOf(ctx context.Context, m made, langs ...string) ([]*table.Table, error) {
	out := []*table.Table{m.t}
	for _, lang := range langs {
		if lang == m.t.Lang {
			continue
		}
		p := m.params
		p.Lang = lang
		t, err := m.maker(ctx, m.db, p)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

// writeCube writes a table as a cube: in its own language, and in more where
// the format holds several.
func writeCube(ctx context.Context, b *bytes.Buffer, m made, write func(io.Writer, *cube.Cube) error, langs ...string) error {
	tables, err := languagesOf(ctx, m, langs...)
	if err != nil {
		return err
	}
	c, err := cube.Make(tables)
	if err != nil {
		return err
	}
	return write(b, c)
}

// last parts what is typed of a comma-separated flag into what is finished and
// what is being typed.
func last(typed string) (before, now string) {
	i := strings.LastIndex(typed, ",")
	return typed[:i+1], typed[i+1:]
}

// suggestInList completes codes of a list; which one may hang on what is typed.
func (a *app) suggestInList(list func(typed string) string) suggestFunc {
	return func(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		before, _ := last(typed)
		return codesOf(a.vocabularyOrNone(), list(typed), before, a.lang), cobra.ShellCompDirectiveNoFileComp
	}
}

// vocabularyOrNone loads the code lists; nil where they can't be read.
func (a *app) vocabularyOrNone() *codelist.Set {
	set, err := a.vocabulary()
	if err != nil {
		return nil
	}
	return set
}

func codesOf(set *codelist.Set, list, before, lang string) []cobra.Completion {
	if set == nil {
		return nil
	}
	l, ok := set.List(list)
	if !ok {
		return nil
	}
	var out []cobra.Completion
	for _, c := range l.Codes() {
		out = append(out, before+c.ID+"\t"+c.Name[lang])
	}
	return out
}

// suggestConcepts completes concepts that are not named yet.
func suggestConcepts(fits func(record.Component) bool, after string) suggestFunc {
	return func(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		before, _ := last(typed)
		const still = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
		components, err := record.Structure()
		if err != nil {
			return nil, still
		}
		named := strings.Split(before, ",")
		var out []cobra.Completion
		for _, c := range components {
			if slices.Contains(query.Concepts(), c.ID) && fits(c) && !slices.Contains(named, c.ID) {
				out = append(out, before+c.ID+after+"\t"+c.Name["en"])
			}
		}
		return out, still
	}
}

// suggestWhere completes a concept and, after its =, a code of its list.
func (a *app) suggestWhere(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	before, now := last(typed)
	concept, _, ok := strings.Cut(now, "=")
	if !ok {
		return suggestConcepts(func(c record.Component) bool {
			return !slices.Contains([]string{"REF_AREA", "TIME_PERIOD", "INDICATOR"}, c.ID)
		}, "=")(cmd, args, typed)
	}
	components, _ := record.Structure() // an error completes nothing
	for _, c := range components {
		if c.ID == concept {
			return codesOf(a.vocabularyOrNone(), c.Codelist, before+concept+"=", a.lang), cobra.ShellCompDirectiveNoFileComp
		}
	}
	return nil, cobra.ShellCompDirectiveNoFileComp
}
