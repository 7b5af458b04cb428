package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const sdmxHead = "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,INDICATOR,SEX,AGE,EXPLOITATION,CITIZENSHIP,ORIGIN,TRANSIT,DESTINATION,COUNTING_UNIT,VICTIM_STATUS,UNIT_MEASURE,SOURCE_AGENCY,TIME_PERIOD," +
	"OBS_VALUE,OBS_STATUS,CONF_STATUS,LOWER_BOUND,UPPER_BOUND,UNIT_MULT,DECIMALS,IDENTIFIED_BY,COVERAGE,LEGAL_ARTICLE,PERIOD_AS_REPORTED,COMMENT_OBS,DERIVATION,COMPARABILITY,COMPARABILITY_REASONS\n"

// sdmxBack takes an export into an empty store and gives what it exports without control.
func sdmxBack(t *testing.T, file string) string {
	t.Helper()
	dir := t.TempDir()
	say(t, "init", filepath.Join(dir, "w"))
	say(t, "-w", filepath.Join(dir, "w"), "ingest", file)
	say(t, "-w", filepath.Join(dir, "w"), "export", "sdmx", "-o", filepath.Join(dir, "out"), "--control", "none", "--format", "csv")
	return filepath.Join(dir, "out", "data.csv")
}

// TestSDMXBackProtected: of a public export every withheld figure comes back as withheld,
// and every attribute of every observation; only that the receiver's export without
// control marks what is free as not for publication (N) is another word.
func TestSDMXBackProtected(t *testing.T) {
	for _, control := range []string{"", "controlled-rounding"} {
		t.Run("control "+control, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "out")
			args := []string{"-w", sampledWorkspace(t), "export", "sdmx", "-o", out}
			if control != "" {
				args = append(args, "--control", control)
			}
			say(t, args...)
			want := csvLines(t, filepath.Join(out, "data.csv"))
			conf, withheld := slices.Index(want[0], "CONF_STATUS"), 0
			for _, line := range want[1:] {
				switch line[conf] {
				case "F":
					line[conf] = "N"
				case "C":
					withheld++
				}
			}
			if control == "" && withheld < 100 {
				t.Errorf("only %d withheld figures", withheld)
			}
			for _, name := range []string{"data.csv", "data.xml"} {
				if d := cmp.Diff(want, csvLines(t, sdmxBack(t, filepath.Join(out, name)))); d != "" {
					t.Errorf("%s (-sent +back):\n%s", name, d)
				}
			}
		})
	}
}

// TestSDMXBackReal: the same of the figures of UNODC, without control.
func TestSDMXBackReal(t *testing.T) {
	dir := t.TempDir()
	w, out := glotipWorkspace(t), filepath.Join(dir, "out")
	say(t, "-w", w, "export", "sdmx", "-o", out, "--control", "none")
	want := csvLines(t, filepath.Join(out, "data.csv"))
	for _, name := range []string{"data.csv", "data.xml"} {
		if got := csvLines(t, sdmxBack(t, filepath.Join(out, name))); !slices.EqualFunc(want, got, slices.Equal) {
			t.Errorf("%s: %d lines sent, %d other lines back", name, len(want), len(got))
		}
	}
}

// TestSDMXBackTexts: free texts come back as they were, those too that look like formulas.
func TestSDMXBackTexts(t *testing.T) {
	var b strings.Builder
	b.WriteString(sdmxHead)
	for i, text := range []string{"'=1+1", "''=1+1", "'@x", "-5", `"a, ""b"""`, "'quoted'", "'-", "''''+1", "ñandú ≥ 5"} {
		b.WriteString("dataflow,OAS:TIP(1.0.0),I,A,PER,VICTIMS_DETECTED,_T,_T,_T,_T,_T,_T,_T,PERSON,IDENTIFIED,NUMBER,SAMPLE,201" + string(rune('0'+i)) +
			",12.5,E,N,10,14,3,1,POLICE,NATIONAL," + text + ",," + text + ",reported,B,obs-status-estimated\n")
	}
	file := filepath.Join(t.TempDir(), "texts.csv")
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(sdmxBack(t, file))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, []byte(b.String())) {
		t.Error(cmp.Diff(b.String(), string(got)))
	}
}

// TestSDMXBackUnsaid: only of a withheld figure may a message say neither how it came
// about nor how comparable it is, and nobody talks a figure into a better grade.
func TestSDMXBackUnsaid(t *testing.T) {
	const line = "dataflow,OAS:TIP(1.0.0),I,A,PER,VICTIMS_DETECTED,_T,_T,_T,_T,_T,_T,_T,PERSON,IDENTIFIED,NUMBER,SAMPLE,"
	file := filepath.Join(t.TempDir(), "unsaid.csv")
	if err := os.WriteFile(file, []byte(sdmxHead+
		line+"2020,,Q,C,,,0,0,POLICE,NATIONAL,,,,,,\n"+
		line+"2021,7,A,N,,,0,0,POLICE,PARTIAL,,,,,,\n"+
		line+"2022,8,A,N,,,0,0,POLICE,PARTIAL,,,,summed,A,\n"+
		line+"2023,9,A,N,,,0,0,POLICE,PARTIAL,,,,reported,D,a-rule-of-theirs\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range csvLines(t, sdmxBack(t, file))[1:] {
		got = append(got, strings.Join(l[len(l)-3:], ","))
	}
	want := []string{",,", "reported,C,coverage-partial", "summed,C,coverage-partial", "reported,D,a-rule-of-theirs coverage-partial"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
