package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/oas/tipstat/ingest/gate"
	"github.com/oas/tipstat/ingest/inbox"
	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

func (a *app) inspectCommand() *cobra.Command {
	var only string
	var cells bool
	cmd := &cobra.Command{
		Use: "inspect FILE", Short: "Show what the reader sees in a spreadsheet; nothing is stored", Args: oneFile,
		Long: `Reads the whole of an .xlsx, .ods or .csv file as ingestion does and tells, sheet
by sheet, what kinds of cells it holds and what a person who opens it may not
see: hidden sheets, rows and columns, comments, formulas without a value. What
cells and comments say is not shown, since it may be about persons.

With --cells every cell is printed, one JSON object a line: sheet, cell, kind,
text, raw (the value as the file holds it), number format, and whether a formula
gave it. That is the file's content: mind where it goes.

Exit code 3 if the file can't be read in full, or names persons (names, documents,
telephones, e-mail, addresses, dates of birth): then --cells prints nothing.`,
		Example: "  tipstat inspect trata_2024.xlsx\n  tipstat inspect --lang es trata_2024.ods\n  tipstat inspect --cells --sheet Datos trata_2024.xlsx > cells.jsonl",
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if err := a.readable(args...); err != nil {
				return err
			}
			f, err := os.Open(args[0])
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, f.Close()) }()
			info, err := f.Stat()
			if err != nil {
				return err
			}
			name := filepath.Base(args[0])
			v := &inspection{File: name, Bytes: info.Size(), only: only, Sheets: []sheetView{}, Findings: record.Findings{}}
			if cells {
				v.out = a.out
			}
			ctx, stop := context.WithTimeout(cmd.Context(), inbox.ReadTime)
			defer stop()
			err = v.read(ctx, f)
			var unreadable *sheet.Error
			refused := errors.As(err, &unreadable)
			switch {
			case refused:
				v.Findings = append(v.Findings, unreadable.Finding())
			case err != nil:
				return err
			}
			switch {
			case a.asJSON && !cells:
				err = a.json(v)
			default:
				if !cells && !refused {
					v.print(a.out)
				}
				a.findings(v.Findings)
				err = nil
			}
			if refused || v.private {
				err = errors.Join(err, errRefused)
			}
			return err
		},
	}
	cmd.Flags().StringVar(&only, "sheet", "", "this sheet only")
	cmd.Flags().BoolVar(&cells, "cells", false, "print every cell, one JSON object a line")
	return cmd
}

// oneFile is the check of a command that takes the name of one file.
func oneFile(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usagef("want the name of one file, have %d", len(args))
	}
	return nil
}

// inspection is what the reader sees in a file.
type inspection struct {
	File       string          `json:"file"`
	Bytes      int64           `json:"bytes"`
	Format     string          `json:"format,omitempty"`
	Sheets     []sheetView     `json:"sheets"`
	Names      []nameView      `json:"names,omitempty"`
	Properties []string        `json:"properties,omitempty"` // their names
	Findings   record.Findings `json:"findings"`

	only string
	out  io.Writer // where cells go; nil: nowhere
	// private tells that the file names persons.
	private bool
	// veiled are columns, by sheet, with too little for that in figures, but enough in rows
	// about persons; what the rows are is not known here.
	veiled map[[2]int]bool
}

type sheetView struct {
	Name          string         `json:"sheet"`
	Visibility    string         `json:"visibility"`
	Range         string         `json:"range,omitempty"` // the cells that are not empty
	Rows          int            `json:"rows"`
	Cells         map[string]int `json:"cells"` // kind → how many
	Formulas      int            `json:"formulas,omitempty"`
	NumbersAsText []string       `json:"numbers_as_text,omitempty"` // in a workbook; in csv all is text
	WithoutValue  []string       `json:"without_value,omitempty"`   // formulas that were saved without what they give
	Merged        []string       `json:"merged,omitempty"`
	HiddenRows    []string       `json:"hidden_rows,omitempty"`
	HiddenColumns []string       `json:"hidden_columns,omitempty"`
	Comments      []string       `json:"comments,omitempty"`
	Tables        []string       `json:"tables,omitempty"`

	box sheet.Range
}

type nameView struct {
	Name     string `json:"name"`
	Sheet    string `json:"sheet,omitempty"`
	RefersTo string `json:"refers_to"` // … where it is no reference: it may be a value
	Hidden   bool   `json:"hidden,omitempty"`
}

// reference gives what a name refers to, unless it is a constant or a formula,
// which may say something about a person.
func reference(s string) string {
	if !strings.ContainsAny(s, "$#") || strings.ContainsAny(s, "\"(") {
		return record.Unquoted
	}
	return s
}

// plain takes out of a file's text what would steer a terminal.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// cellView is a line of --cells.
type cellView struct {
	Sheet   string `json:"sheet,omitempty"`
	Cell    string `json:"cell"`
	Kind    string `json:"kind"`
	Text    string `json:"text,omitempty"`
	Raw     string `json:"raw,omitempty"` // where it is not the text
	NumFmt  string `json:"num_fmt,omitempty"`
	Formula bool   `json:"formula,omitempty"`
	Hidden  bool   `json:"hidden,omitempty"` // its row, column or sheet is
}

func (v *inspection) read(ctx context.Context, f io.ReaderAt) (err error) {
	defer sheet.Caught(&err, v.File)
	wb, err := sheet.Open(ctx, f, v.Bytes, v.File, sheet.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, wb.Close()) }()
	v.Format = string(wb.Format())
	v.Properties = slices.Sorted(maps.Keys(wb.Properties()))
	for _, n := range wb.Notes() {
		f := record.NewFinding(n.Code, record.Place{File: v.File, Sheet: n.Sheet, Cell: n.Cell})
		f.Found = n.Found
		v.Findings = append(v.Findings, f)
	}
	seen, err := v.guard(ctx, wb)
	if err != nil {
		return err
	}
	if !seen.Named() {
		for _, n := range wb.Names() {
			v.Names = append(v.Names, nameView{n.Name, n.Sheet, reference(n.RefersTo), n.Hidden})
		}
	}
	found, names := false, []string{}
	for _, info := range wb.Sheets() {
		names = append(names, "'"+plain(seen.Shown(info))+"'")
		if v.only != "" && info.Name != v.only {
			continue
		}
		found = true
		s := sheetView{Name: info.Name, Visibility: info.Visibility, Cells: map[string]int{}}
		if err := v.sheet(ctx, wb, info.Index, &s); err != nil {
			return err
		}
		s.Name = seen.Shown(info)
		v.Sheets = append(v.Sheets, s)
	}
	if !found {
		return usagef("%s: no sheet '%s'; it has %s", v.File, v.only, strings.Join(names, ", "))
	}
	return nil
}

// guard looks for what names persons; no cell is printed of a file that holds it.
func (v *inspection) guard(ctx context.Context, wb *sheet.Workbook) (*gate.Report, error) {
	codes, err := codelist.Load(nil)
	if err != nil {
		return nil, err
	}
	seen, err := gate.Look(ctx, wb, codes)
	if err != nil {
		return nil, err
	}
	if named := seen.Refused(gate.Pass{}); len(named) > 0 {
		v.Findings = append(v.Findings, gate.Findings(v.File, named)...)
		v.out, v.private = nil, true
	}
	v.veiled = map[[2]int]bool{}
	for _, x := range seen.Suspicions {
		v.veiled[[2]int{x.Sheet, x.Col}] = true
	}
	return seen, nil
}

func (v *inspection) sheet(ctx context.Context, wb *sheet.Workbook, index int, s *sheetView) error {
	var out *json.Encoder
	if v.out != nil {
		out = json.NewEncoder(v.out)
		out.SetEscapeHTML(false)
	}
	d, err := wb.Details(ctx, index)
	if err != nil {
		return err
	}
	var hidden []int
	err = wb.Read(ctx, index, func(r *sheet.Row) error {
		s.Rows++
		if r.Hidden {
			hidden = append(hidden, r.Number)
		}
		for _, c := range r.Cells {
			s.count(r, c, wb.Format())
			if out == nil {
				continue
			}
			line := cellView{Sheet: s.Name, Cell: r.Address(c), Kind: c.Kind.String(), Text: c.Text, NumFmt: c.NumFmt, Formula: c.Formula, Hidden: r.Hidden || d.HiddenColumn(c.Col) || s.Visibility != sheet.Visible}
			if c.Raw != c.Text {
				line.Raw = c.Raw
			}
			if v.veiled[[2]int{index, c.Col}] && c.Text != "" {
				line.Text, line.Raw = record.Unquoted, ""
			}
			if err := out.Encode(line); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if s.Rows > 0 {
		s.Range = rangeName(s.box)
	}
	for i := 0; i < len(hidden); {
		j := i
		for j+1 < len(hidden) && hidden[j+1] == hidden[j]+1 {
			j++
		}
		s.HiddenRows = append(s.HiddenRows, span(fmt.Sprint(hidden[i]), fmt.Sprint(hidden[j])))
		i = j + 1
	}
	for _, c := range d.HiddenColumns {
		s.HiddenColumns = append(s.HiddenColumns, span(record.ColumnName(c.First), record.ColumnName(c.Last)))
	}
	for _, m := range d.Merges {
		s.Merged = append(s.Merged, rangeName(m))
	}
	for _, c := range d.Comments {
		s.Comments = append(s.Comments, record.CellName(c.Row, c.Col))
	}
	for _, t := range d.Tables {
		s.Tables = append(s.Tables, strings.TrimSpace(t.Name+" "+rangeName(t.Range)))
	}
	return nil
}

func (s *sheetView) count(r *sheet.Row, c sheet.Cell, format sheet.Format) {
	if s.box.FirstCol == 0 {
		s.box = sheet.Range{FirstRow: r.Number, FirstCol: c.Col}
	}
	s.box.LastRow, s.box.FirstCol, s.box.LastCol = r.Number, min(s.box.FirstCol, c.Col), max(s.box.LastCol, c.Col)
	s.Cells[c.Kind.String()]++
	if c.Formula {
		s.Formulas++
	}
	if format != sheet.CSV && c.Kind == sheet.Text {
		if _, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(c.Text), ",", ".", 1), 64); err == nil {
			s.NumbersAsText = append(s.NumbersAsText, r.Address(c))
		}
	}
	if c.Kind == sheet.NoValue {
		s.WithoutValue = append(s.WithoutValue, r.Address(c))
	}
}

func rangeName(r sheet.Range) string {
	return span(record.CellName(r.FirstRow, r.FirstCol), record.CellName(r.LastRow, r.LastCol))
}

func span(first, last string) string {
	if first == last {
		return first
	}
	return first + ":" + last
}

func (v *inspection) print(w io.Writer) {
	fmt.Fprintf(w, "%s  %s\n", v.File, v.Format)
	for _, s := range v.Sheets {
		if s.Name != "" {
			fmt.Fprintf(w, "sheet '%s', %s\n", s.Name, s.Visibility)
		}
		rows := "rows"
		if s.Rows == 1 {
			rows = "row"
		}
		fmt.Fprintf(w, "  cells            %s", strings.TrimSpace(fmt.Sprintf("%s  %d %s", s.Range, s.Rows, rows)))
		for _, kind := range slices.Sorted(maps.Keys(s.Cells)) {
			fmt.Fprintf(w, "  %d %s", s.Cells[kind], kind)
		}
		fmt.Fprintln(w)
		if s.Formulas > 0 {
			fmt.Fprintf(w, "  formulas         %d\n", s.Formulas)
		}
		for _, list := range []struct {
			name string
			of   []string
		}{{"without value", s.WithoutValue}, {"numbers as text", s.NumbersAsText}, {"hidden rows", s.HiddenRows}, {"hidden columns", s.HiddenColumns}, {"merged", s.Merged}, {"comments", s.Comments}, {"tables", s.Tables}} {
			printList(w, list.name, list.of)
		}
	}
	for _, n := range v.Names {
		of := ""
		if n.Sheet != "" {
			of = " of '" + n.Sheet + "'"
		}
		if n.Hidden {
			of += " (hidden)"
		}
		fmt.Fprintf(w, "name %s%s = %s\n", plain(n.Name), plain(of), plain(n.RefersTo))
	}
	for _, p := range v.Properties {
		fmt.Fprintf(w, "property %s\n", plain(p))
	}
}

// printList prints the first of many, and how many there are.
func printList(w io.Writer, name string, of []string) {
	const shown = 20
	if len(of) == 0 {
		return
	}
	more := ""
	if n := len(of) - shown; n > 0 {
		more = fmt.Sprintf(" … and %d more", n)
	}
	fmt.Fprintf(w, "  %-15s  %s%s\n", name, plain(strings.Join(of[:min(len(of), shown)], ", ")), more)
}
