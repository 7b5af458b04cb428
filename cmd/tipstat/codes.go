package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
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

func (a *app) codesMap() *cobra.Command {
	return &cobra.Command{
		Use: "map LIST SPELLING CODE", Short: "Add a spelling to the workspace's synonyms", Args: cobra.ExactArgs(3),
		Long: `Adds one row to vocabulary/synonyms/LIST.csv of the workspace. Open the file to add
the years between which the meaning holds, and where you have it from.`,
		Example:           `  tipstat codes map CL_AREA "Hodruanian" HND`,
		ValidArgsFunction: a.suggestLists,
		RunE: func(_ *cobra.Command, args []string) error {
			c, err := a.config()
			if err != nil {
				return err
			}
			set, err := c.vocabulary()
			if err != nil {
				return err
			}
			list, spelling, code := args[0], args[1], args[2]
			l, ok := set.List(list)
			if !ok {
				return usagef("no code list %q: tipstat codes shows them", list)
			}
			if _, ok := l.Code(code); !ok && code != codelist.RefArea {
				return usagef("%s has no code %q: tipstat codes %s shows them", list, code, list)
			}
			if codelist.Normalise(spelling) == "" {
				return usagef("no letter or digit is in the spelling %q", spelling)
			}
			if c.Vocabulary == "" {
				return usagef("the workspace has no vocabulary folder: name one in %s", configName)
			}
			m, ok := set.Lookup(list, spelling, 0)
			if ok && m.Code != code {
				return usagef("%q stands for %s already (%s)", spelling, m.Code, m.How)
			}
			if ok && m.How != codelist.Repaired {
				a.tell("codes_stands", "spelling", strconv.Quote(spelling), "code", code)
			} else {
				name := filepath.Join(c.path(c.Vocabulary), "synonyms", list+".csv")
				if err := c.addSynonym(name, list, spelling, code); err != nil {
					return err
				}
				m.How = codelist.BySynonym
				a.tell("codes_added", "spelling", strconv.Quote(spelling), "code", code, "file", name)
			}
			if a.asJSON {
				return a.json(match{Text: spelling, Code: code, How: m.How})
			}
			return nil
		},
	}
}

// addSynonym adds a row to a synonyms file; where the vocabulary can't be read
// with it, the file is put back as it was.
func (c *config) addSynonym(name, list, spelling, code string) error {
	before, err := os.ReadFile(name)
	isNew := errors.Is(err, fs.ErrNotExist)
	if err != nil && !isNew {
		return err
	}
	b := bytes.NewBuffer(bytes.Clone(before))
	if len(before) > 0 && before[len(before)-1] != '\n' {
		b.WriteByte('\n')
	}
	w := csv.NewWriter(b)
	if len(before) == 0 {
		_ = w.Write([]string{"list", "spelling", "code", "valid_from", "valid_to", "source", "note"}) // a buffer takes all
	}
	_ = w.Write([]string{list, spelling, code, "", "", "workspace", ""})
	w.Flush()
	if err := writeFile(name, b.Bytes()); err != nil {
		return err
	}
	_, bad := c.vocabulary()
	switch {
	case bad == nil:
		return nil
	case isNew:
		return errors.Join(usageError{err: bad}, os.Remove(name))
	}
	return errors.Join(usageError{err: bad}, writeFile(name, before))
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
