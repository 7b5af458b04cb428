package oracle_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/xuri/excelize/v2"
)

// wanted is testdata/cells.json: the cells that every writer is given.
type wanted struct {
	Sheets []wantedSheet
}

type wantedSheet struct {
	Name       string
	Hidden     bool
	Merged     []string
	HiddenRows []int
	Cells      []wantedCell
}

type wantedCell struct {
	At, Kind, Value string
	Text            string  // as ours gives it, where that isn't Value
	Serial          float64 // of a date
	Formula         string
}

func wantedCells(tb testing.TB) wanted {
	tb.Helper()
	b, err := os.ReadFile("testdata/cells.json")
	if err != nil {
		tb.Fatal(err)
	}
	var w wanted
	if err := json.Unmarshal(b, &w); err != nil {
		tb.Fatal(err)
	}
	return w
}

// says is what ours has to give of a cell: its kind and text, and of a number
// or a date the number. An empty text is no cell.
func (c wantedCell) says() string {
	t := c.Text
	if t == "" {
		t = c.Value
	}
	switch c.Kind {
	case "empty":
		return "nothing"
	case "percent", "number":
		n, _ := strconv.ParseFloat(t, 64)
		return "number " + t + " " + digits15(n)
	case "date", "datetime", "time":
		return "date " + t + " " + digits15(c.Serial)
	case "bool":
		return "bool " + t
	}
	return c.Kind + " " + t
}

func (v value) says() string {
	switch v.kind {
	case number, date:
		return string(v.kind) + " " + v.text + " " + digits15(v.num)
	}
	return string(v.kind) + " " + v.text
}

// writer is a program that writes the cells.
type writer struct {
	name    string
	format  string
	missing func() string
	write   func(t *testing.T, out string)
}

func (w writer) String() string { return w.name }

// unlike is a cell that a writer can't express, or writes in another way.
type unlike struct {
	Writers []string
	At      []string // addresses
	Gives   string   // as says gives it; "nothing" for no cell, empty for what it wants
	Why     string
}

func runProgram(t *testing.T, argv ...string) {
	t.Helper()
	if b, err := exec.CommandContext(t.Context(), argv[0], argv[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%.2000s", argv, err, b)
	}
}

const cellsFile = "testdata/cells.json"

func byPython(name string) writer {
	return writer{name, "xlsx", missingModule(name), func(t *testing.T, out string) {
		runProgram(t, python(), "testdata/writers/"+name+".py", cellsFile, out)
	}}
}

func byNode(name, module, script string, more ...string) writer {
	return writer{name, "xlsx", missingNode(module), func(t *testing.T, out string) {
		runProgram(t, append([]string{"node", "testdata/writers/" + script, cellsFile, out}, more...)...)
	}}
}

// byOffice has LibreOffice write what openpyxl wrote in a format of its own. Of
// "Strict" it has no filter.
func byOffice(format string) writer {
	return writer{"libreoffice " + format, format, func() string {
		if m := libreOffice.Missing(); m != "" {
			return m
		}
		return missingModule("xlsxwriter")()
	}, func(t *testing.T, out string) {
		from := filepath.Join(t.TempDir(), strings.TrimSuffix(filepath.Base(out), filepath.Ext(out))+".xlsx")
		runProgram(t, python(), "testdata/writers/xlsxwriter.py", cellsFile, from)
		convert(t, format, filepath.Dir(out), []string{from})
	}}
}

func byR() writer {
	return writer{"openxlsx", "xlsx", func() string {
		if exec.Command("Rscript", "-e", "library(openxlsx)").Run() != nil {
			return "Rscript with openxlsx is not there (Debian: r-cran-openxlsx)"
		}
		return ""
	}, func(t *testing.T, out string) {
		list := filepath.Join(t.TempDir(), "cells.tsv")
		if err := os.WriteFile(list, []byte(wantedCells(t).lines(t)), 0o600); err != nil {
			t.Fatal(err)
		}
		runProgram(t, "Rscript", "testdata/writers/openxlsx.R", list, out)
	}}
}

// lines writes the cells for R, as openxlsx.R says.
func (w wanted) lines(t *testing.T) string {
	var b strings.Builder
	escape := strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\t", `\t`)
	for _, s := range w.Sheets {
		shown := map[bool]string{true: "hidden", false: "visible"}[s.Hidden]
		fmt.Fprintf(&b, "%s\t\t\tsheet\t%s\t\t\n", s.Name, shown)
		for _, c := range s.Cells {
			col, row, err := excelize.CellNameToCoordinates(c.At)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "%s\t%d\t%d\t%s\t%s\t%v\t%s\n", s.Name, row, col, c.Kind, escape.Replace(c.Value), c.Serial, c.Formula)
		}
		for _, m := range s.Merged {
			from, to, _ := strings.Cut(m, ":")
			c1, r1, _ := excelize.CellNameToCoordinates(from)
			c2, r2, _ := excelize.CellNameToCoordinates(to)
			fmt.Fprintf(&b, "%s\t%d\t%d\tmerged\t%d\t%d\t\n", s.Name, r1, c1, r2, c2)
		}
		for _, r := range s.HiddenRows {
			fmt.Fprintf(&b, "%s\t%d\t1\thiddenRow\t\t\t\n", s.Name, r)
		}
	}
	return b.String()
}

func writers() []writer {
	return []writer{
		byPython("openpyxl"), byPython("xlsxwriter"),
		byNode("sheetjs", "xlsx", "sheetjs.mjs"), byNode("sheetjs sst", "xlsx", "sheetjs.mjs", "sst"), byNode("exceljs", "exceljs", "exceljs.mjs"),
		byR(), {"excelize", "xlsx", func() string { return "" }, writeExcelize}, byOffice("xlsx"), byOffice("ods"),
	}
}

// TestWriters: ours gives every cell that a program wrote, as it was meant; what
// a program writes otherwise stands in testdata/unlike.yaml.
func TestWriters(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("testdata/unlike.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var odd []unlike
	if err := yaml.Unmarshal(b, &odd); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var made []*sample
	for _, w := range writers() {
		t.Run(w.name, func(t *testing.T) {
			if m := w.missing(); m != "" {
				t.Skip(m)
			}
			out := filepath.Join(dir, strings.ReplaceAll(w.name, " ", "-")+"."+w.format)
			w.write(t, out)
			data, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			checkWritten(t, w.name, ours(t, w.name, data), odd)
			made = append(made, &sample{name: fmt.Sprint("w", len(made)), format: w.format, data: data, traits: map[string]bool{w.name: true, "written": true}})
		})
	}
	for _, u := range odd {
		if len(u.Why) < 10 {
			t.Errorf("%v %v: no reason", u.Writers, u.At)
		}
	}
	t.Run("by others", func(t *testing.T) { writtenByOthers(t, made) })
}

// checkWritten compares what ours gives with what was wanted.
func checkWritten(t *testing.T, by string, got book, odd []unlike) {
	if got.err != nil {
		t.Fatal(got.err)
	}
	w := wantedCells(t)
	if len(got.tabs) != len(w.Sheets) {
		t.Fatalf("%d sheets, want %d", len(got.tabs), len(w.Sheets))
	}
	used := map[string]bool{}
	cells := 0
	for i, s := range w.Sheets {
		g := got.tabs[i]
		if g.name != s.Name || g.hidden != s.Hidden {
			t.Errorf("sheet %q hidden %v, want %q %v", g.name, g.hidden, s.Name, s.Hidden)
		}
		have := map[string]string{}
		for _, c := range g.cells {
			at, _ := excelize.CoordinatesToCellName(c.col, c.row)
			have[at] = c.says()
			if c.hidden != slices.Contains(s.HiddenRows, c.row) {
				t.Errorf("%s: the row is hidden: %v", at, c.hidden)
			}
		}
		for _, c := range s.Cells {
			at, want, ruled := c.At, c.says(), ""
			if i > 0 {
				at = s.Name + "!" + at
			}
			for _, u := range odd {
				if slices.Contains(u.Writers, by) && slices.Contains(u.At, at) {
					ruled = u.Gives
				}
			}
			g := have[c.At]
			if g == "" {
				g = "nothing"
			}
			delete(have, c.At)
			cells++
			switch {
			case ruled == "" && g != want:
				t.Errorf("%s: %q, want %q", at, g, want)
			case ruled != "" && ruled == want:
				t.Errorf("%s: the rule says what is wanted anyhow", at)
			case ruled != "" && g != ruled:
				t.Errorf("%s: %q, want by the rule %q", at, g, ruled)
			}
			used[at] = true
		}
		for at, g := range have {
			t.Errorf("%s: %q, which was not written", at, g)
		}
	}
	for _, u := range odd {
		for _, at := range u.At {
			if slices.Contains(u.Writers, by) && !used[at] {
				t.Errorf("the rule for %s is of no use", at)
			}
		}
	}
	t.Logf("%d cells", cells)
}

// writtenByOthers has the other readers read what was written.
func writtenByOthers(t *testing.T, made []*sample) {
	readers := []Reader{openpyxl, sheetJS, exceljs, excelizeRows, libreOffice}
	need(t, readers...)
	l := newLedger("written")
	var xlsx, ods []*sample
	for _, s := range made {
		if s.format == "ods" {
			need(t, pandasODF)
			ods = append(ods, s)
		} else {
			xlsx = append(xlsx, s)
		}
	}
	o := run(t, l, xlsx, readers, nil, len(xlsx))
	votes := o.alone(t, l, xlsx)
	lo := newLedger("ods")
	lo.loose = true // TestODS needs them all
	o = run(t, lo, ods, []Reader{sheetJS, pandasODF, libreOffice}, nil, len(ods))
	t.Logf("%d files, cells by how many readers give them too: %v, of ods %v", len(made), votes, o.alone(t, lo, ods))
	lo.close(t, nil)
	l.close(t, []string{"openpyxl", "sheetjs", "exceljs", "excelize", "libreoffice", "most"})
}
