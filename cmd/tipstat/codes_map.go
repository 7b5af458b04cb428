package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/oas/tipstat/transform/codelist"
)

func (a *app) codesMap() *cobra.Command {
	return &cobra.Command{
		Use: "map LIST SPELLING CODE", Short: "Add a spelling to the workspace's synonyms", Args: cobra.ExactArgs(3),
		Long: `Adds one row to vocabulary/synonyms/LIST.csv of the workspace, or gives the row that it
added for the spelling another code. Open the file to add the years between which the
meaning holds, and where you have it from; such a row only you change from then on.`,
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
			m, err := c.mapSpelling(set, list, spelling, code, "")
			switch {
			case err != nil:
				return err
			case m.file == "":
				a.tell("codes_stands", "spelling", strconv.Quote(spelling), "code", code)
			case m.old != "":
				a.tell("codes_replaced", "spelling", strconv.Quote(spelling), "code", code, "old", m.old, "file", m.file)
			default:
				a.tell("codes_added", "spelling", strconv.Quote(spelling), "code", code, "file", m.file)
			}
			if a.asJSON {
				return a.json(match{Text: spelling, Code: code, How: m.how})
			}
			return nil
		},
	}
}

// mapping is what was done of a spelling.
type mapping struct {
	how  string // by which it is found now
	file string // that was written; empty: it stood for the code already
	old  string // the code that it stood for
}

// mapSpelling adds a spelling to the workspace's synonyms, or gives the row that was added so
// another code. by is who says so, if it is not who works at the machine.
func (c *config) mapSpelling(set *codelist.Set, list, spelling, code, by string) (mapping, error) {
	l, ok := set.List(list)
	if !ok {
		return mapping{}, usagef("no code list %q: tipstat codes shows them", list)
	}
	if _, ok := l.Code(code); !ok && code != codelist.RefArea {
		return mapping{}, usagef("%s has no code %q: tipstat codes %s shows them", list, code, list)
	}
	if codelist.Normalise(spelling) == "" {
		return mapping{}, usagef("no letter or digit is in the spelling %q", spelling)
	}
	if c.Vocabulary == "" {
		return mapping{}, usagef("the workspace has no vocabulary folder: name one in %s", configName)
	}
	m, ok := set.Lookup(list, spelling, 0)
	name := filepath.Join(c.path(c.Vocabulary), "synonyms", list+".csv")
	done := mapping{how: codelist.BySynonym, file: name}
	old, place, added := set.Added(list, spelling)
	switch {
	case ok && m.Code == code && m.How != codelist.Repaired:
		return mapping{how: m.How}, nil
	case added && isMapped(old) && by == "": // another who confirms on the portal is told
		done.old = old.Code
	case added:
		return mapping{}, usagef("%q stands for %s already: edit that row, %s", spelling, old.Code, filepath.Join(c.path(c.Vocabulary), place))
	case ok && m.Code != code:
		return mapping{}, usagef("%q stands for %s already (%s): tipstat has it so, and a workspace adds to that", spelling, m.Code, m.How)
	}
	return done, c.writeSynonym(name, mappedRow(list, spelling, code, by))
}

// mappedOnPortal is the source of a row that was mapped there; its note is who confirmed it.
const mappedOnPortal = "portal"

// mappedRow is a row as codes map writes it, and the portal in the name of who confirmed it.
func mappedRow(list, spelling, code, by string) codelist.Synonym {
	y := codelist.Synonym{List: list, Spelling: spelling, Code: code, Source: "workspace"}
	if by != "" {
		y.Source, y.Note = mappedOnPortal, by
	}
	return y
}

// isMapped tells such a row. One that has more (years, another note or source) is a person's,
// which only they change.
func isMapped(y codelist.Synonym) bool {
	by := ""
	if y.Source == mappedOnPortal {
		by = y.Note
	}
	return y == mappedRow(y.List, y.Spelling, y.Code, by)
}

// writeSynonym puts a row into a synonyms file, in the place of the one that codes map wrote
// of this spelling, or else at the end; the other rows stay to the byte. Where the vocabulary
// can't be read with it, the file is put back as it was.
func (c *config) writeSynonym(name string, row codelist.Synonym) error {
	before, err := os.ReadFile(name)
	isNew := errors.Is(err, fs.ErrNotExist)
	if err != nil && !isNew {
		return err
	}
	from, to, err := mappedAt(before, row)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	b := bytes.NewBuffer(bytes.Clone(before[:from]))
	if from > 0 && before[from-1] != '\n' {
		b.WriteByte('\n')
	}
	w := csv.NewWriter(b)
	if len(before) == 0 {
		_ = w.Write([]string{"list", "spelling", "code", "valid_from", "valid_to", "source", "note"}) // a buffer takes all
	}
	_ = w.Write(columnsOf(row))
	w.Flush()
	b.Write(before[to:])
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

// mappedAt says where the row is that codes map wrote of a spelling: its first byte and that
// after it; the end, if there is none.
func mappedAt(b []byte, like codelist.Synonym) (from, to int, err error) {
	r := csv.NewReader(bytes.NewReader(b))
	for {
		from = int(r.InputOffset())
		row, err := r.Read()
		switch {
		case errors.Is(err, io.EOF):
			return len(b), len(b), nil
		case err != nil:
			return 0, 0, err
		case len(row) == len(columnsOf(like)) && codelist.Normalise(row[1]) == codelist.Normalise(like.Spelling) && isMapped(rowOf(row)) && row[0] == like.List:
			return from, int(r.InputOffset()), nil
		}
	}
}

func rowOf(c []string) codelist.Synonym {
	return codelist.Synonym{List: c[0], Spelling: c[1], Code: c[2], ValidFrom: c[3], ValidTo: c[4], Source: c[5], Note: c[6]}
}

func columnsOf(y codelist.Synonym) []string {
	return []string{y.List, y.Spelling, y.Code, y.ValidFrom, y.ValidTo, y.Source, y.Note}
}
