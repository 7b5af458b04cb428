package inbox

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oas/tipstat/ingest/layout"
	"github.com/oas/tipstat/transform/record"
)

// casesLayout drops what names persons.
const casesLayout = `
id: guarded
version: 1.0.0
title: {en: Cases}
agency: SAMPLE
record: victims
rows: case
match:
  header: [Fecha, Sexo]
drop: [Nombre completo, DNI]
constants: {REF_AREA: HND, INDICATOR: VICTIMS_DETECTED, COUNTING_UNIT: PERSON, VICTIM_STATUS: IDENTIFIED, COVERAGE: NATIONAL}
time: {keep: year}
columns:
  - {header: Fecha, concept: DATE}
  - {header: Sexo, concept: SEX}
`

// secrets stand in the files of this test and nowhere else, in no letter of what
// is stored or said.
var secrets = []string{"Yesenia", "Zelaya", "0801", "9988", "Banegas", "luz@"}

// guarded writes a file of case rows and gives an inbox that knows its layout.
func guarded(t *testing.T, extra string, cells ...string) (in *Inbox, path string) {
	t.Helper()
	in = open(t)
	l, err := layout.Parse([]byte(casesLayout), "guarded.yaml", in.Codes)
	if err != nil {
		t.Fatal(err)
	}
	in.Layouts = []*layout.Layout{l}
	var b strings.Builder
	fmt.Fprintf(&b, "Fecha,Sexo,Nombre completo,DNI%s\n", extra)
	for i := range 12 {
		fmt.Fprintf(&b, "2023-0%d-05,Mujer,Yesenia Zelaya Banegas,0801-1990-123%02d", 1+i%9, i)
		if extra != "" {
			b.WriteString("," + cells[i%len(cells)])
		}
		b.WriteString("\n")
	}
	path = filepath.Join(t.TempDir(), "casos.csv")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return in, path
}

// silent fails where a secret stands in the receipt, in a text of the store, or
// in a file of the originals.
func silent(t *testing.T, in *Inbox, r *Receipt) {
	t.Helper()
	said, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	all := []string{string(said), fmt.Sprintf("%+v", r)}
	for _, f := range r.Findings {
		for _, lang := range record.Languages {
			all = append(all, f.Message(lang), f.Hint(lang))
		}
	}
	rows, err := in.Store.DB().QueryContext(t.Context(), "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND data_type = 'VARCHAR'")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns := [][2]string{}
	for rows.Next() {
		var c [2]string
		if err := rows.Scan(&c[0], &c[1]); err != nil {
			t.Fatal(err)
		}
		columns = append(columns, c)
	}
	if err := rows.Err(); err != nil || len(columns) < 50 {
		t.Fatal(len(columns), err)
	}
	for _, c := range columns {
		for _, s := range secrets {
			var n int
			err := in.Store.DB().QueryRowContext(t.Context(), fmt.Sprintf("SELECT count(*) FROM %q WHERE contains(%q, ?)", c[0], c[1]), s).Scan(&n)
			if err != nil || n > 0 {
				t.Errorf("%s.%s: %q stands there %d times (%v)", c[0], c[1], s, n, err)
			}
		}
	}
	err = filepath.WalkDir(in.Originals, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil // no folder: nothing was kept
		}
		b, err := os.ReadFile(path)
		all = append(all, string(b))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range all {
		for _, s := range secrets {
			if strings.Contains(text, s) {
				t.Errorf("%q was told or kept", s)
			}
		}
	}
}

// TestDropped takes in a file whose layout drops what names persons: nothing of
// it is stored, told or kept.
func TestDropped(t *testing.T) {
	in, path := guarded(t, "")
	r := take(t, in, path, Options{})
	if r.Outcome != Accepted || r.Rows != 12 || !r.Private {
		t.Fatalf("%+v", r)
	}
	n := 0
	for _, f := range r.Findings {
		if f.Code == "TIP-P007" {
			n++
		}
	}
	if n != 2 {
		t.Errorf("%d columns told as dropped, want 2: %v", n, r.Findings)
	}
	if subs := history(t, in); len(subs) != 1 || subs[0].ColumnsDropped != 2 || subs[0].SHA256 != r.SHA256 {
		t.Errorf("%+v", subs)
	}
	silent(t, in, r)
	if again := take(t, in, path, Options{}); again.Outcome != Already {
		t.Errorf("the same bytes again: %s", again.Outcome)
	}
}

// TestGuarded refuses what the layout does not drop, in every way of reading.
func TestGuarded(t *testing.T) {
	for name, c := range map[string]struct {
		heading string
		cells   []string
		code    string
	}{
		"a mapped column":         {"Celular", []string{"9988-7766", "9988-1234", "9988-4321"}, "TIP-P003"},
		"free text":               {"Observaciones", []string{"", "", "escribir a luz@correo.example"}, "TIP-P004"},
		"one name in a text":      {"Observaciones", []string{"", "", "", "", "", "Rescatada con Yesenia Zelaya ayer", "", "", "", "", "", ""}, "TIP-P001"},
		"documents, no heading":   {"Xyz", []string{"0801-1991-00001"}, "TIP-P002"},
		"names, another heading":  {"Referencia", []string{"Yesenia Zelaya", "Keyla Zelaya", "Rosa Zelaya Banegas", "Luz Banegas"}, "TIP-P001"},
		"dates of birth, written": {"Fecha de nacimiento", []string{"12/03/2001", "1/7/1999"}, "TIP-P006"},
	} {
		t.Run(name, func(t *testing.T) {
			in, path := guarded(t, ","+c.heading, c.cells...)
			for way, read := range map[string]func() (*Receipt, error){
				"File":     func() (*Receipt, error) { return in.File(t.Context(), path, Options{}) },
				"Validate": func() (*Receipt, error) { return in.Validate(t.Context(), path, Options{}) },
				"Check":    func() (*Receipt, error) { return in.Check(t.Context(), path, Options{}) },
				"layout":   func() (*Receipt, error) { return in.File(t.Context(), path, Options{Layout: "guarded"}) },
			} {
				r, err := read()
				if err != nil {
					t.Fatal(err)
				}
				if r.Outcome != Refused || !r.Private || len(r.Findings) != 1 || r.Findings[0].Code != c.code || len(history(t, in)) != 0 {
					t.Errorf("%s: %s %v", way, r.Outcome, r.Findings)
				}
				silent(t, in, r)
			}
		})
	}
}

// TestUnknownGuarded: of a file that nothing knows, only the gate speaks.
func TestUnknownGuarded(t *testing.T) {
	in, path := guarded(t, "")
	in.Layouts = nil
	r := take(t, in, path, Options{})
	for _, f := range r.Findings {
		if f.Code[:5] != "TIP-P" {
			t.Errorf("%+v", f)
		}
	}
	if r.Outcome != Refused || len(r.Findings) != 2 {
		t.Errorf("%+v", r)
	}
	silent(t, in, r)
}
