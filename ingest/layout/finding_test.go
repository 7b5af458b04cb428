package layout_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/oas/tipstat/transform/record"
)

// A value without a code refuses the file; the finding has its number, its
// first cells and the codes that may be meant.
func TestUnmappedValue(t *testing.T) {
	file := "Year,Sex,Value\n2023,F,1\n"
	for range 30 {
		file += "2023,Femalle,1\n"
	}
	g := read(t, parse(t, figures("", "")), file)
	if len(g.Findings) != 1 {
		t.Fatal(brief(g.Findings))
	}
	f := g.Findings[0]
	var cells []string
	for i := range 20 {
		cells = append(cells, fmt.Sprintf("B%d", i+3))
	}
	same(t, "finding", record.Finding{Code: "TIP-V004", Severity: record.Error, Subject: record.Place{File: "in.csv", Cell: "B3"},
		Found: "Femalle", Expected: "CL_SEX", Count: 30, Cells: cells, Proposals: list("F")}, f)
	if g.Findings.Err() == nil {
		t.Error("the file is not refused")
	}
}

// A column of free text read as a list of codes gets all its findings, and
// proposals for the first hundred only: each takes milliseconds.
func TestProposalsAreBounded(t *testing.T) {
	file := "Year,Sex,Value\n"
	for i := range 120 {
		file += fmt.Sprintf("2023,United States of Americ%c%c,1\n", 'a'+i/26, 'a'+i%26)
	}
	g := read(t, parse(t, figures("", "  - {header: Year, concept: YEAR}\n  - {header: Sex, concept: CITIZENSHIP}\n  - {header: Value, value: true}\n")), file)
	proposed := 0
	for _, f := range g.Findings {
		if len(f.Proposals) > 0 {
			proposed++
		}
	}
	same(t, "findings and proposals", list(120, 100), list(len(g.Findings), proposed))
}

// The reporting State can't be told by a word for itself.
func TestStateNamedByItself(t *testing.T) {
	l := parse(t, replace(figures("", "  - {header: Year, concept: YEAR}\n  - {header: Sex, concept: REF_AREA}\n  - {header: Value, value: true}\n"), "REF_AREA: HND, ", ""))
	g := read(t, l, "Year,Sex,Value\n2023,Own country,1\n2023,Honduras,2\n")
	same(t, "records", list("HND 2"), g.pick("REF_AREA", "OBS_VALUE"))
	same(t, "findings", list(`TIP-V004 B2 "Own country" → CL_AREA`), brief(g.Findings))

	own := parse(t, figures("", "  - {header: Year, concept: YEAR}\n  - {header: Sex, concept: CITIZENSHIP}\n  - {header: Value, value: true}\n"))
	same(t, "of citizens", list("HND"), read(t, own, "Year,Sex,Value\n2023,Own nationals,1\n").pick("CITIZENSHIP"))
}

// Refused labels do not refuse the file.
func TestRefusedLabelIsAWarning(t *testing.T) {
	g := read(t, parse(t, figures("", "  - {header: Year, concept: YEAR}\n  - {header: Sex, concept: SEX, refuse: {x: no-sex}}\n  - {header: Value, value: true}\n")), "Year,Sex,Value\n2023,x,1\n")
	same(t, "findings", list(`TIP-V017 B2 "x" → no-sex`), brief(g.Findings))
	if err := g.Findings.Err(); err != nil {
		t.Error(err)
	}
}

// What a file quotes is clipped.
func TestLongTextsAreClipped(t *testing.T) {
	g := read(t, parse(t, figures("", "")), "Year,Sex,Value,"+strings.Repeat("h", 500)+"\n2023,"+strings.Repeat("x", 5000)+",1,\n")
	for _, f := range g.Findings {
		if len([]rune(f.Found)) > 60 {
			t.Errorf("%s quotes %d characters", f.Code, len(f.Found))
		}
	}
}
