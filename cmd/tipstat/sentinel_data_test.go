package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// sentinels are figures that stand nowhere but in the files of one workspace: whatever
// output tells one of them tells what the files said. By the number as digits: what it
// is a figure of, state and indicator first.
type sentinels map[string]string

// sentinelFile writes a file for testdata/sentinel.
type sentinelFile struct {
	rows [][]string
	told sentinels
	next int
}

// first and last day of the workspace: what the second file revises is two vintages.
const (
	sentinelFirst = "2024-10-01T12:00:00Z"
	sentinelLast  = "2025-02-01T12:00:00Z"
)

// personsTrained is a figure that is withheld from nobody.
const personsTrained = 440

// figure gives a number that was not given before, and is no multiple of 3 or 5, so
// that rounding can't leave it as it is.
func (f *sentinelFile) figure() int {
	f.next += 13
	for f.next%3 == 0 || f.next%5 == 0 {
		f.next++
	}
	return f.next
}

var sentinelHead = []string{"Reporting State", "Period", "Indicator", "Unit", "Measure", "Status", "Sex", "Age", "Form", "Citizenship", "Origin", "Transit", "Destination", "Province", "Split", "Figure"}

// row writes one line. Of says whose figure it is and of what: STATE PERIOD INDICATOR
// UNIT; more are heading=text.
func (f *sentinelFile) row(figure any, of, split string, more ...string) {
	at := map[string]string{"Split": split, "Figure": fmt.Sprint(figure)}
	for i, word := range strings.Fields(of) {
		at[sentinelHead[i]] = word
	}
	for _, m := range more {
		head, text, _ := strings.Cut(m, "=")
		at[head] = text
	}
	line := make([]string, len(sentinelHead))
	for i, h := range sentinelHead {
		line[i] = at[h]
	}
	f.rows = append(f.rows, line)
	if at["Indicator"] != "POPULATION" {
		f.told[at["Figure"]] = at["Reporting State"] + " " + at["Indicator"] + " " + strings.Join(line, ",")
	}
}

// parts writes figures that add up to a total, and gives it.
func (f *sentinelFile) parts(of, split string, more ...string) (total int) {
	for _, m := range more {
		n := f.figure()
		f.row(n, of, split, strings.Fields(m)...)
		total += n
	}
	return total
}

// state writes all kinds of figures of a State and a year, with or without totals.
func (f *sentinelFile) state(state, year string, totals bool) {
	victims := state + " " + year + " VICTIMS_DETECTED PERSON"
	who := "Status=IDENTIFIED"
	girls := f.parts(victims, "total", who+" Sex=F Age=Y0T17")
	women := f.parts(victims, "total", who+" Sex=F Age=Y_GE18")
	boys := f.parts(victims, "total", who+" Sex=M Age=Y0T17")
	men := 0
	if totals || year == "2022" {
		men = f.parts(victims, "total", who+" Sex=M Age=Y_GE18")
	} else { // then the sum of the others is a lower bound
		f.row("n.a.", victims, "total", who, "Sex=M", "Age=Y_GE18")
	}
	all := girls + women + boys + men
	if totals {
		f.row(girls+women, victims, "total", who, "Sex=F")
		f.row(boys+men, victims, "total", who, "Sex=M")
		f.row(girls+boys, victims, "total", who, "Age=Y0T17")
		f.row(women+men, victims, "total", who, "Age=Y_GE18")
		f.row(all, victims, "total", who)
	}
	some := f.parts(victims, "form", who+" Form=SEXUAL", who+" Form=LABOUR")
	f.row(all-some, victims, "form", who, "Form=OTHER")
	some = f.parts(victims, "citizenship", who+" Citizenship="+state, who+" Citizenship=VEN")
	f.row(all-some, victims, "citizenship", who, "Citizenship=COL")
	rate := f.figure()
	f.row(fmt.Sprintf("%d.%03d457", rate/1000, rate%1000), state+" "+year+" VICTIMS_DETECTED_RATE PERSON PER_100000_POP", "total", who)
	f.parts(state+" "+year+" OFFENCES_RECORDED OFFENCE", "total", "")
	for _, stage := range []string{"INVESTIGATED", "PROSECUTED", "CONVICTED", "SENTENCED_PRISON", "SENTENCED_OTHER"} {
		of := state + " " + year + " PERSONS_" + stage + " PERSON"
		f.row(f.parts(of, "total", "Sex=F", "Sex=M"), of, "total")
	}
	f.parts(state+" "+year+" VICTIMS_ASSISTED PERSON", "total", "Status=ASSISTED")
	f.parts(state+" "+year+" VICTIMS_REPATRIATED PERSON", "repatriation", who+" Citizenship="+state+" Destination=MEX", who+" Citizenship="+state+" Destination=USA")
	routes := state + " " + year + " ROUTE_VICTIMS PERSON"
	f.parts(routes, "routes", who+" Origin=HND Destination=GTM", who+" Origin=GTM Destination=HND", who+" Origin="+state+" Destination="+state, who+" Origin=HND Destination=GTM Transit=SLV")
	for _, measure := range []string{"EXTRADITIONS PERSON", "JOINT_INVESTIGATIONS CASE", "RESIDENCE_PERMITS PERSON"} {
		f.parts(state+" "+year+" "+measure, "total", "")
	}
	f.row(9_000_000, state+" "+year+" POPULATION PERSON", "total")
}

// write writes the file into a folder.
func (f *sentinelFile) write(t *testing.T, name string) string {
	t.Helper()
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(append([][]string{sentinelHead}, f.rows...)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// sentinelWorkspace makes a workspace of four files: many figures of several States,
// newer ones of one of them, and a form with remarks that name a figure.
func sentinelWorkspace(t *testing.T) (dir string, all sentinels) {
	t.Helper()
	base := t.TempDir()
	dir = filepath.Join(base, "work")
	call := func(when string, args ...string) {
		t.Helper()
		if r := tipstatAt(t, when, args...); r.code != exitDone {
			t.Fatalf("%v: exit code %d\n%s", args, r.code, r.err)
		}
	}
	call(sentinelFirst, "init", dir)
	if err := os.CopyFS(filepath.Join(dir, "layouts"), os.DirFS("testdata/sentinel")); err != nil {
		t.Fatal(err)
	}
	f := &sentinelFile{told: sentinels{}, next: 71000}
	for _, state := range []string{"HND", "GTM", "SLV"} {
		for _, year := range []string{"2020", "2021", "2022", "2023"} {
			f.state(state, year, state != "SLV")
		}
	}
	f.parts("BRA 2022 VICTIMS_DETECTED PERSON", "total", "Province=SP Sex=F Status=PRESUMED", "Province=RJ Sex=F Status=PRESUMED", "Province=SP Sex=M Status=PRESUMED", "Province=RJ Sex=M Status=PRESUMED")
	for _, quarter := range []string{"Q1", "Q2", "Q3", "Q4"} {
		f.parts("CRI 2022-"+quarter+" VICTIMS_DETECTED PERSON", "total", "Status=IDENTIFIED")
	}
	for _, state := range strings.Fields("ARG BOL CHL COL ECU PAN PER PRY URY") { // enough for totals of the region
		f.parts(state+" 2022 VICTIMS_DETECTED PERSON", "total", "Status=IDENTIFIED")
		f.parts(state+" 2022 PERSONS_CONVICTED PERSON", "total", "")
	}
	g := &sentinelFile{told: sentinels{}, next: f.next}
	for _, year := range []string{"2022", "2023"} {
		g.state("HND", year, true)
	}
	call(sentinelFirst, "-w", dir, "ingest", f.write(t, filepath.Join(base, "first.csv")))
	call(sentinelLast, "-w", dir, "ingest", g.write(t, filepath.Join(base, "second.csv")))
	f.next = g.next
	call(sentinelFirst, "-w", dir, "ingest", f.form(t, filepath.Join(base, "form.xlsx"), "victims,measures"))
	g.next = f.next
	call(sentinelLast, "-w", dir, "ingest", g.form(t, filepath.Join(base, "again.xlsx"), "victims"))
	maps.Copy(f.told, g.told)
	return dir, f.told
}

// form is the form of a State. That with measures publishes how many persons it
// trained, and says of all its figures and of some what one of them was; that of
// victims alone is newer, and takes nothing of this back.
func (f *sentinelFile) form(t *testing.T, name, records string) string {
	t.Helper()
	if r := tipstat(t, "template", "--state", "JAM", "--period", "2023", "--lang", "en", "--records", records, "-o", name); r.code != exitDone {
		t.Fatalf("exit code %d\n%s", r.code, r.err)
	}
	book, err := excelize.OpenFile(name)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	set := func(at, text string, n int) {
		t.Helper()
		sheet, cell, _ := strings.Cut(at, "!")
		err := book.SetCellInt(sheet, cell, int64(n))
		if text != "" {
			err = book.SetCellStr(sheet, cell, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	girls := f.figure()
	for at, n := range map[string]int{"Victims!C7": girls, "Victims!C8": f.figure(), "Victims!D7": f.figure(), "Victims!D8": f.figure()} {
		set(at, "", n)
		f.told[fmt.Sprint(n)] = "JAM VICTIMS_DETECTED " + at
	}
	set("Victims!C4", "Zero", 0)
	if records != "victims" {
		said := fmt.Sprintf("Of the persons counted %d were counted twice.", girls)
		set("Measures!C4", "Not available", 0)
		set("Measures!C8", "", personsTrained)
		set("Notes!C5", said, 0)
		set("Notes!B6", "Victims of trafficking detected, by age and sex", 0)
		set("Notes!C6", "In another way: "+said, 0)
	}
	if err := book.Save(); err != nil {
		t.Fatal(err)
	}
	return name
}

// tipstatAt calls the program on a day.
func tipstatAt(t *testing.T, when string, args ...string) result {
	t.Helper()
	if _, err := time.Parse(time.RFC3339, when); err != nil {
		t.Fatal(err)
	}
	var out, errw bytes.Buffer
	code := at(when, strings.NewReader(""), &out, &errw).run(t.Context(), args)
	return result{code, out.String(), errw.String()}
}
