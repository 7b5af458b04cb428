package layout_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/oas/tipstat/ingest/layout"
	"github.com/oas/tipstat/transform/record"
)

// sdmxColumns are those of our dataflow, and sdmxLine is one observation.
const (
	sdmxColumns = "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,INDICATOR,SEX,AGE,EXPLOITATION,CITIZENSHIP,ORIGIN,TRANSIT,DESTINATION,COUNTING_UNIT,VICTIM_STATUS,UNIT_MEASURE,SOURCE_AGENCY,TIME_PERIOD," +
		"OBS_VALUE,OBS_STATUS,CONF_STATUS,LOWER_BOUND,UPPER_BOUND,UNIT_MULT,DECIMALS,IDENTIFIED_BY,COVERAGE,LEGAL_ARTICLE,PERIOD_AS_REPORTED,COMMENT_OBS,DERIVATION,COMPARABILITY,COMPARABILITY_REASONS\n"
	sdmxLine = "dataflow,OAS:TIP(1.0.0),I,A,PER,VICTIMS_DETECTED,F,_T,_T,_T,_T,_T,_T,PERSON,IDENTIFIED,NUMBER,SAMPLE,2023,12,A,F,,,0,0,POLICE,NATIONAL,,,,reported,A,\n"
)

// with gives the line with other texts: of each pair the first must stand in it.
func sdmxWith(t *testing.T, pairs ...string) string {
	t.Helper()
	line := sdmxLine
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(line, pairs[i]) {
			t.Fatalf("no %q in %s", pairs[i], line)
		}
		line = strings.Replace(line, pairs[i], pairs[i+1], 1)
	}
	return line
}

// TestSDMXRows reads rows of our dataflow.
func TestSDMXRows(t *testing.T) {
	const pick = "FREQ TIME_PERIOD OBS_VALUE LOWER_BOUND UPPER_BOUND OBS_STATUS CONF_STATUS UNIT_MULT DECIMALS derivation grade grade_reasons"
	for _, test := range []struct {
		name  string
		pairs []string
		want  string
	}{
		{"a figure", nil, "A 2023 12 12 12 A F 0 0 reported A "},
		{"a withheld one", []string{"2023,12,A,F", "2023,,Q,C", "reported,A", ","}, "A 2023 ? ? ? Q C 0 0   "},
		{"within bounds", []string{"12,A,F,,,", ",Q,A,0,4,"}, "A 2023 ? 0 4 Q A 0 0 reported A "},
		{"a lower bound", []string{"12,A,F,,,", ",O,F,7,,", "reported,A,", "summed,C,coverage-partial status-presumed"}, "A 2023 ? 7 ? O F 0 0 summed C coverage-partial status-presumed"},
		{"a figure and its bounds", []string{"12,A,F,,,", "12,E,F,10,14,"}, "A 2023 12 10 14 E F 0 0 reported A "},
		{"thousands, decimals", []string{"12,A,F,,,0,0", "1.25,P,N,,,3,2"}, "A 2023 1.25 1.25 1.25 P N 3 2 reported A "},
		{"a fiscal year", []string{"2023,", "2022-10-01/P1Y,"}, "A 2022-10-01/P1Y 12 12 12 A F 0 0 reported A "},
		{"nine months", []string{"I,A,PER", "I,I,PER", "2023,", "2023-01-01/P9M,"}, "I 2023-01-01/P9M 12 12 12 A F 0 0 reported A "},
		{"a quarter of another year", []string{"I,A,PER", "I,Q,PER", "2023,", "2023-02-01/P3M,"}, "Q 2023-02-01/P3M 12 12 12 A F 0 0 reported A "},
		{"three months", []string{"I,A,PER", "I,I,PER", "2023,", "2023-02-01/P3M,"}, "I 2023-02-01/P3M 12 12 12 A F 0 0 reported A "},
		{"a half year", []string{"I,A,PER", "R,S,PER", "2023,", "2023-S2,"}, "S 2023-S2 12 12 12 A F 0 0 reported A "},
		{"by its data structure", []string{"dataflow", "datastructure"}, "A 2023 12 12 12 A F 0 0 reported A "},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := readAll(t, builtin(t), "in.csv", []byte(sdmxColumns+sdmxWith(t, test.pairs...)))
			if err := g.Findings.Err(); err != nil {
				t.Fatalf("%v: %+v", err, g.Findings)
			}
			same(t, "record", list(test.want), g.pick(strings.Fields(pick)...))
		})
	}
}

// TestSDMXApostrophes: what our export puts before a text is taken off, once.
func TestSDMXApostrophes(t *testing.T) {
	for text, want := range map[string]string{"'=1+1": "=1+1", "''=1+1": "'=1+1", "'-a": "-a", "'quoted'": "'quoted'", "-5": "-5", "'": "'", "=1": "=1", "'@x": "@x"} {
		g := readAll(t, builtin(t), "in.csv", []byte(sdmxColumns+sdmxWith(t, "NATIONAL,,,,", "NATIONAL,,,"+text+",")))
		same(t, text, list(want), g.pick(strings.Fields("COMMENT_OBS")...))
	}
}

// TestSDMXRefusals: each fault is a finding with its cell, what was found and what was expected.
func TestSDMXRefusals(t *testing.T) {
	for _, test := range []struct {
		name, file, want string
	}{
		{"another dataflow", strings.ReplaceAll(sdmxColumns+sdmxLine, "(1.0.0)", "(2.0.0)"), "TIP-L018 B2 dataflow OAS:TIP(2.0.0) | dataflow OAS:TIP(1.0.0)"},
		{"a provision agreement", sdmxColumns + sdmxWith(t, "dataflow,OAS:TIP", "dataprovision,OAS:PA"), "TIP-L018 B2 dataprovision OAS:PA(1.0.0) | dataflow OAS:TIP(1.0.0)"},
		{"a row of another", sdmxColumns + sdmxLine + sdmxWith(t, "TIP", "TOP", "2023", "2022"), "TIP-L019 B3 dataflow OAS:TOP(1.0.0) | dataflow OAS:TIP(1.0.0)"},
		{"a deletion", sdmxColumns + sdmxWith(t, ",I,", ",D,"), "TIP-L020 C2 D | I, R, A, M"},
		{"an unknown action", sdmxColumns + sdmxWith(t, ",I,", ",X,"), "TIP-L020 C2 X | I, R, A, M"},
		{"an addition", sdmxColumns + sdmxWith(t, ",I,", ",A,"), "TIP-L021 C2 A | "},
		{"a replacement of some", sdmxColumns + sdmxWith(t, ",I,", ",R,"), "TIP-L021 C2 R | "},
		{"not for publication", sdmxColumns + sdmxWith(t, "12,A,F", "12,A,N"), "TIP-L025 S2 N | "},
		{"a column is missing", strings.Replace(sdmxColumns, ",SEX", ",SEXE", 1) + sdmxLine, "TIP-L002 A1 oas-tip-sdmx | SEX; TIP-L004 G1 SEXE | "},
		{"one key twice", sdmxColumns + sdmxLine + sdmxWith(t, ",12,", ",13,"), "TIP-L022 S3  | "},
		{"bounds apart", sdmxColumns + sdmxWith(t, "F,,,", "F,5,4,"), "TIP-L023 S2 12 | "},
		{"outside its bounds", sdmxColumns + sdmxWith(t, "F,,,", "F,13,14,"), "TIP-L023 S2 12 | "},
		{"a month a year", sdmxColumns + sdmxWith(t, "2023", "2023-05"), "TIP-L024 S2 A (2023-05) | M"},
		{"no value and status A", sdmxColumns + sdmxWith(t, ",12,A,", ",,A,"), "TIP-V003 S2  | "},
		{"no code", sdmxColumns + sdmxWith(t, ",A,PER", ",A,XYZ"), "TIP-V004 E2 XYZ | CL_AREA"},
		{"an unknown derivation", sdmxColumns + sdmxWith(t, "reported", "guessed"), "TIP-V004 AE2 guessed | DERIVATION"},
		{"rules that are no ids", sdmxColumns + sdmxWith(t, "reported,A,", "reported,A,María Pérez"), "TIP-V004 AG2 … | COMPARABILITY_REASONS"},
		{"a bound that is no number", sdmxColumns + sdmxWith(t, "F,,,", "F,few,,"), "TIP-V001 V2 few | 0–1000000000000000"},
		{"decimals that are not whole", sdmxColumns + sdmxWith(t, "0,0,POLICE", "0,0.5,POLICE"), "TIP-V001 Y2 0.5 | 0–15"},
		{"a negative figure", sdmxColumns + sdmxWith(t, ",12,", ",-12,"), "TIP-V007 S2 -12 | "},
		{"no rows", sdmxColumns, "TIP-L009"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, f := range recogniseAndRead(t, builtin(t), test.file) {
				got = append(got, f.Code+" "+f.Subject.Cell+" "+f.Found+" | "+f.Expected)
			}
			if have := strings.Join(got, "; "); have != test.want && !(test.name == "no rows" && len(got) > 0) {
				t.Errorf("have %s\nwant %s", have, test.want)
			}
		})
	}
}

// recogniseAndRead gives all that is found in a file.
func recogniseAndRead(t *testing.T, ls []*layout.Layout, file string) record.Findings {
	t.Helper()
	wb := open(t, "in.csv", []byte(file))
	found, faults, err := layout.Recognise(t.Context(), wb, "in.csv", ls, "")
	if err != nil {
		t.Fatal(err)
	}
	if found == nil {
		return faults
	}
	res, err := layout.Read(t.Context(), wb, found, codes(t), layout.Options{File: "in.csv"})
	if err != nil {
		t.Fatal(err)
	}
	return res.Findings
}

// TestSDMXAsReported: a file that does not say how its figures came about is harmonised here.
func TestSDMXAsReported(t *testing.T) {
	cut := func(line string) string {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), ",")
		return strings.Join(fields[:len(fields)-3], ",") + "\n"
	}
	g := readAll(t, builtin(t), "in.csv", []byte(cut(sdmxColumns)+cut(sdmxLine)))
	same(t, "received", list("? ? ? SAMPLE"), g.pick(strings.Fields("derivation grade grade_reasons breakdown")...))
}

// crimTHB is a layout of another dataflow: what Eurostat's interface gives as SDMX-CSV
// 1.0 (DATAFLOW, LAST UPDATE) and 2.0. The file is made up; its form is real.
const crimTHB = `id: estat-thb
version: 1.0.0
title: {en: "Eurostat, victims of trafficking"}
agency: SAMPLE
record: victims
rows: figure
match: {sdmx: {dataflow: "ESTAT:CRIM_THB_SEX(1.0)"}}
constants: {INDICATOR: VICTIMS_DETECTED, COUNTING_UNIT: PERSON}
values: {decimal: ".", decimals: 2, blank: "=OBS_STATUS"}
columns:
  - {header: freq, concept: FREQ}
  - {header: sex, concept: SEX, map: {T: _T, UNK: _U}}
  - {header: unit, concept: UNIT_MEASURE, map: {NR: NUMBER}}
  - {header: geo, concept: REF_AREA, map: {XA: PER, XB: COL}}
  - {header: TIME_PERIOD, concept: TIME_PERIOD}
  - {header: OBS_VALUE, value: true}
  - {header: OBS_FLAG, concept: OBS_STATUS, map: {"": A, b: B, p: P, ":": O, c: Q}, optional: true}
  - {header: CONF_STATUS, ignore: always blank, optional: true}
`

func TestSDMXOfOthers(t *testing.T) {
	l := parse(t, crimTHB)
	want := list("A 2022 PER F 12 A", "A 2023 PER T-T 14 P", "A 2023 COL _U ? O")
	want[1] = "A 2023 PER _T 14 P"
	rows := "A,F,NR,XA,2022,12,,\nA,T,NR,XA,2023,14,p,\nA,UNK,NR,XB,2023,,:,\n"
	v1, v2 := "DATAFLOW,LAST UPDATE,freq,sex,unit,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS\n", "STRUCTURE,STRUCTURE_ID,freq,sex,unit,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS\n"
	for line := range strings.Lines(rows) {
		v1 += "ESTAT:CRIM_THB_SEX(1.0),15/03/24 23:00:00," + line
		v2 += "dataflow,ESTAT:CRIM_THB_SEX(1.0)," + line
	}
	for _, file := range []string{v1, v2} {
		g := readAll(t, append(builtin(t), l), "in.csv", []byte(file))
		same(t, "records", want, g.pick(strings.Fields("FREQ TIME_PERIOD REF_AREA SEX OBS_VALUE OBS_STATUS")...))
		if len(g.Findings) > 0 || slices.ContainsFunc(g.Account, func(a record.RowAccount) bool { return a.Outcome != record.Observed }) {
			t.Errorf("%+v, %+v", g.Findings, g.Account)
		}
	}
}

// TestSDMXLayouts: what a layout may not say.
func TestSDMXLayouts(t *testing.T) {
	for from, to := range map[string]string{
		"ESTAT:CRIM_THB_SEX(1.0)": "CRIM_THB_SEX", "sdmx: {dataflow: \"ESTAT:CRIM_THB_SEX(1.0)\"}": "sdmx: {dataflow: \"\"}", "INDICATOR: VICTIMS_DETECTED,": "INDICATOR: VICTIMS_DETECTED, UNIT_MULT: \"99\",",
		"rows: figure": "rows: case", "\"=OBS_STATUS\"": "\"=SEX\"",
	} {
		if _, err := layout.Parse([]byte(replace(crimTHB, from, to)), "test.yaml", codes(t)); err == nil {
			t.Errorf("%s instead of %s is taken", to, from)
		}
	}
}

// FuzzSDMXRows: no bytes make reading our dataflow panic, and rows are accounted for.
func FuzzSDMXRows(f *testing.F) {
	l := builtin(f)
	i := slices.IndexFunc(l, func(l *layout.Layout) bool { return l.ID == "oas-tip-sdmx" })
	f.Add([]byte(sdmxColumns + sdmxLine + sdmxLine))
	f.Add([]byte(strings.ReplaceAll(sdmxColumns+sdmxLine, "2023", "2023-02-01/P3M")))
	f.Add([]byte("DATAFLOW,TIME_PERIOD,OBS_VALUE\nOAS:TIP(1.0.0),2023,'=1\n"))
	f.Fuzz(func(t *testing.T, file []byte) { readAny(t, l[i], file) })
}
