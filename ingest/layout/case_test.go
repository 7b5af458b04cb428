package layout_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/oas/tipstat/ingest/layout"
	"github.com/oas/tipstat/transform/record"
)

const caseHeader = "Fecha de registro,Sexo,Edad,Nacionalidad,Forma de explotación,Condición,Delito"

func caseLayout(t *testing.T, oldnew ...string) *layout.Layout {
	t.Helper()
	b, err := os.ReadFile(samples + "/layouts/sample-cri-casos.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, replace(string(b), oldnew...))
}

func TestCases(t *testing.T) {
	const ok = "Víctima identificada,Trata de personas\n"
	tests := []struct {
		name     string
		rows     string
		records  []string
		findings []string
		accounts []string
	}{
		{"read", "17/02/2023,Mujer,30,Costarricense,Trabajos forzados," + ok, list("2023-02 F Y30T59 CRI LABOUR IDENTIFIED"), nil, list("1 observation")},
		{"no answer", "17/02/2023,No indica,999,Costarricense,Trabajos forzados," + ok, list("2023-02 _U _U CRI LABOUR IDENTIFIED"), nil, list("1 observation")},
		{"the bands' edges", "17/02/2023,Mujer,0,CRI,Trabajos forzados," + ok + "17/02/2023,Mujer,11,CRI,LABOUR," + ok + "17/02/2023,Mujer,12,CRI,LABOUR," + ok + "17/02/2023,Mujer,110,CRI,LABOUR," + ok,
			list("2023-02 F Y0T11 CRI LABOUR IDENTIFIED", "2023-02 F Y0T11 CRI LABOUR IDENTIFIED", "2023-02 F Y12T17 CRI LABOUR IDENTIFIED", "2023-02 F Y_GE60 CRI LABOUR IDENTIFIED"), nil, list("4 observation")},
		{"no age", "17/02/2023,Mujer,111,CRI,LABOUR," + ok + "17/02/2023,Mujer,-1,CRI,LABOUR," + ok + "17/02/2023,Mujer,30.5,CRI,LABOUR," + ok + "17/02/2023,Mujer,,CRI,LABOUR," + ok + "17/02/2023,Mujer,adulta,CRI,LABOUR," + ok,
			nil, list(`TIP-V013 C2 "…" → 0–110 ×5`), list("5 refused TIP-V013")},
		{"out of scope", "nunca,x,x,x,x,x,Hurto\n17/02/2023,x,x,x,x,Descartada,Trata de personas\n", nil, list(`TIP-L011 "not-trafficking, ruled-out"`), list("1 out-of-scope not-trafficking", "1 out-of-scope ruled-out")},
		{"texts without code are one finding, without proposals", "17/02/2023,Mujerr,30,CRI,LABOUR," + ok + "17/02/2023,Hombrre,30,CRI,LABOUR," + ok,
			nil, list(`TIP-V004 B2 "…" → CL_SEX ×2`), list("2 refused TIP-V004")},
		{"no date", "31/02/2023,Mujer,30,CRI,LABOUR," + ok + "02/17/2023,Mujer,30,CRI,LABOUR," + ok, nil, list(`TIP-V010 A2 "…" → DD/MM/YYYY ×2`), list("2 refused TIP-V010")},
		{"rows that repeat", strings.Repeat("17/02/2023,Mujer,30,CRI,LABOUR,"+ok, 3), list("2023-02 F Y30T59 CRI LABOUR IDENTIFIED", "2023-02 F Y30T59 CRI LABOUR IDENTIFIED", "2023-02 F Y30T59 CRI LABOUR IDENTIFIED"),
			list("TIP-V022 ×2"), list("3 observation")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := read(t, caseLayout(t), caseHeader+"\n"+tt.rows)
			same(t, "records", tt.records, g.pick("TIME_PERIOD", "SEX", "AGE", "CITIZENSHIP", "EXPLOITATION", "VICTIM_STATUS"))
			same(t, "findings", tt.findings, brief(g.Findings))
			same(t, "accounts", tt.accounts, g.accounts())
			for _, f := range g.Findings {
				if len(f.Proposals) > 0 {
					t.Errorf("%s proposes %q: that tells the text", f.Code, f.Proposals)
				}
			}
		})
	}
}

// An age below the lowest band is no total.
func TestAgeBelowTheBands(t *testing.T) {
	l := caseLayout(t, "Y0T11: 0, Y12T17: 12, ", "")
	g := read(t, l, caseHeader+"\n17/02/2023,Mujer,17,CRI,LABOUR,Víctima identificada,Trata de personas\n")
	same(t, "findings", list(`TIP-V013 C2 "…" → 18–110`), brief(g.Findings))
	same(t, "records", 0, len(g.records))
}

// A figure that stands for no answer keeps its sign: -9 is not the age of 9.
func TestMissingAgeKeepsItsSign(t *testing.T) {
	l := caseLayout(t, `["999"]`, `["-9", S/D]`)
	var file strings.Builder
	file.WriteString(caseHeader + "\n")
	for _, age := range []string{"9", "-9", "s/d", "−9"} {
		file.WriteString("17/02/2023,Mujer," + age + ",CRI,LABOUR,Víctima identificada,Trata de personas\n")
	}
	same(t, "ages", list("Y0T11", "_U", "_U", "_U"), read(t, l, file.String()).pick("AGE"))
}

// A date with a time of day is a date: spreadsheets keep when a case was entered.
func TestDateCellWithTime(t *testing.T) {
	l := caseLayout(t)
	var header []any
	for h := range strings.SplitSeq(caseHeader, ",") {
		header = append(header, h)
	}
	file := book(t, [][]any{header, {date(2023, 5, 17, 13), "Mujer", 30, "CRI", "LABOUR", "Víctima identificada", "Trata de personas"}}, nil)
	same(t, "period", list("2023-05"), readAll(t, []*layout.Layout{l}, "in.xlsx", file).pick("TIME_PERIOD"))
}

// No text of a case row is ever told by a finding: not what can't be read,
// not what can, not in another spelling.
func TestFindingsNeverQuoteCaseRows(t *testing.T) {
	layouts := map[string]*layout.Layout{
		"dates declared":   caseLayout(t),
		"dates undeclared": caseLayout(t, "date: DD/MM/YYYY, ", ""),
		"years":            caseLayout(t, "concept: DATE", "concept: YEAR"),
		"periods":          caseLayout(t, "concept: DATE", "concept: TIME_PERIOD"),
		"no period":        caseLayout(t, "concept: DATE", "ignore: not read"),
		"quarters":         caseLayout(t, "concept: DATE", "concept: QUARTER"),
		"months":           caseLayout(t, "concept: DATE", "concept: MONTH", "VICTIMS_DETECTED, ", "VICTIMS_DETECTED, YEAR: \"2023\", "),
		"fiscal":           caseLayout(t, "{date: DD/MM/YYYY, keep: month}", "{fiscal_start: 10-01, fiscal_named: end}", "{header: Fecha de registro, concept: DATE}", "{header: Fecha de registro, concept: MONTH}\n  - {header: Año, concept: YEAR}"),
		"no State":         caseLayout(t, "REF_AREA: CRI, ", ""),
		"refused": caseLayout(t, "header: Nacionalidad, concept: CITIZENSHIP", "header: Nacionalidad, concept: CITIZENSHIP, refuse: {Costarricense: not-told}",
			"header: Sexo, concept: SEX", "header: Sexo, free: true, concept: SEX"),
		"no rules": caseLayout(t, "when: {Delito: {not: [Trata de personas]}}", "when: {Delito: [Hurto]}", "  - {header: Edad, concept: AGE", "  - {header: Edad, concept: SEX", ", years: {missing: [\"999\"], bands: {Y0T11: 0, Y12T17: 12, Y18T29: 18, Y30T59: 30, Y_GE60: 60}, max: 110}", ""),
	}
	good := [][]string{{"17/02/2023", "03/04/2023", "2023", "2023-05", "12"}, {"Mujer", "F", "MÃºjer"}, {"30", "999"}, {"Costarricense", "MÃ©xico"}, {"Trabajos forzados"}, {"Víctima identificada", "Presunta víctima"}, {"Trata de personas"}}
	rng := rand.New(rand.NewPCG(1, 2))
	for name, l := range layouts {
		t.Run(name, func(t *testing.T) {
			codesSeen := map[string]bool{}
			for range 40 {
				var secrets []string
				secret := func() string {
					s := fmt.Sprintf("canary%06d", rng.IntN(1e6))
					secrets = append(secrets, s)
					return []string{s, s + " Mujer", "<" + s, s + "/04/2023", "2023-" + s, "#" + s, strings.ToUpper(s)}[rng.IntN(7)]
				}
				file := caseHeader + ",Nombre,Año\n"
				for range 1 + rng.IntN(6) {
					var cells []string
					for _, g := range good {
						v := g[rng.IntN(len(g))]
						switch rng.IntN(8) {
						case 0:
							v = secret()
						case 1:
							v = ""
						}
						cells = append(cells, v)
					}
					file += strings.Join(cells, ",") + "," + secret() + "," + []string{"2023", "FY2023", "x"}[rng.IntN(3)] + "\n"
				}
				g := read(t, l, file)
				b, err := json.Marshal(g.Findings)
				if err != nil {
					t.Fatal(err)
				}
				said := strings.ToLower(string(b))
				for _, f := range g.Findings {
					codesSeen[f.Code] = true
					for _, lang := range record.Languages {
						said += "\n" + strings.ToLower(f.Message(lang)+f.Hint(lang))
					}
					if row := f.Subject.Cell; f.Found != "" && f.Found != record.Unquoted && row != "" && !strings.HasSuffix(row, "1") {
						t.Errorf("%s at %s quotes %q", f.Code, f.Subject.Cell, f.Found)
					}
				}
				for _, s := range append(secrets, "mujer", "m\u00c3", "costarricense", "03/04/2023", "2023-04-03", "2023-03-04", "trabajos forzados") {
					if strings.Contains(said, strings.ToLower(s)) {
						t.Errorf("%q is told by %s", s, said)
					}
				}
			}
			if len(codesSeen) < 3 {
				t.Errorf("the files were too good: only %v", codesSeen)
			}
		})
	}
}

// The two readings of a date are not told of a person's row, only the forms.
func TestAmbiguousDateOfCase(t *testing.T) {
	l := caseLayout(t, "date: DD/MM/YYYY, ", "")
	g := read(t, l, caseHeader+"\n03/04/2023,Mujer,30,CRI,LABOUR,Víctima identificada,Trata de personas\n05/06/2023,Mujer,30,CRI,LABOUR,Víctima identificada,Trata de personas\n")
	same(t, "findings", list(`TIP-V011 A2 "…" → DD/MM/YYYY | MM/DD/YYYY ×2`), brief(g.Findings))
}
