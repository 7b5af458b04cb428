package main

import (
	"bytes"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"
)

// scriptFill writes cells into a workbook, as a person fills in a form: fill
// FORM.xlsx IN.cells OUT.xlsx.
func scriptFill(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 3, "fill FORM.xlsx IN.cells OUT.xlsx")
	f, err := excelize.OpenReader(bytes.NewReader([]byte(ts.ReadFile(args[0]))))
	ts.Check(err)
	defer func() { ts.Check(f.Close()) }()
	for _, line := range strings.Split(ts.ReadFile(args[1]), "\n") {
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		m := reCellLine.FindStringSubmatch(line)
		if m == nil {
			ts.Fatalf("want SHEET!CELL VALUE, have %q", line)
		}
		ts.Check(put(f, 0, m[1]+m[2], m[3], m[4]))
	}
	var buf bytes.Buffer
	ts.Check(f.Write(&buf))
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), buf.Bytes(), 0o644))
}
