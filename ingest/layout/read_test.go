package layout_test

import (
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/ingest/layout"
	"github.com/oas/tipstat/transform/record"
)

func TestRead(t *testing.T) {
	const sets = `  - {header: Year, concept: YEAR}
  - header: Sex
    sets:
      Women: {SEX: F, breakdown: sex}
      Girls: {SEX: F, AGE: Y0T17}
      All: {}
      Men: {SEX: M, OBS_STATUS: P}
      Accused: {out_of_scope: accused}
  - {header: Value, value: true}
`
	const rules = `out_of_scope:
  - {rule: accused, why: {en: not a victim}}
  - {rule: early, when: {Year: [2001, 2002]}, why: {en: before the law}}
  - {rule: empty, when: {Value: {blank: true}, Sex: {not: [F]}}, why: {en: a heading}}
  - {rule: late, when: {Year: {matches: "^20[01]"}}, why: {en: long ago}}
`
	tests := []struct {
		name     string
		layout   string
		file     string
		pick     string // columns of the records
		records  []string
		findings []string
		accounts []string
	}{
		{
			name: "constants, list and value", layout: figures("", ""),
			file: "Year,Sex,Value\n2023,Female,12\n2023,masculino,0\n2022,Total,7\n",
			pick: "sheet row_no cell raw_text REF_AREA INDICATOR SEX AGE TIME_PERIOD FREQ OBS_VALUE OBS_STATUS SOURCE_AGENCY breakdown role",
			records: list(" 2 C2 12 HND VICTIMS_DETECTED F _T 2023 A 12 A SAMPLE total figure",
				" 3 C3 0 HND VICTIMS_DETECTED M _T 2023 A 0 A SAMPLE total figure",
				" 4 C4 7 HND VICTIMS_DETECTED _T _T 2022 A 7 A SAMPLE total figure"),
			accounts: list("3 observation"),
		},
		{
			name: "a constant year, month and breakdown", layout: replace(figures("", "  - {header: Sex, concept: SEX}\n  - {header: Value, value: true}\n"),
				"[Year, Sex, Value]", "[Sex, Value]", "VICTIMS_DETECTED}", `VICTIMS_DETECTED, YEAR: "2023", MONTH: "05", breakdown: sex, AREA_DETAIL: Colón}`),
			file: "Sex,Value\nF,1\nM,2\n", pick: "TIME_PERIOD breakdown SEX area_detail",
			records: list("2023-05 sex F Colón", "2023-05 sex M Colón"), accounts: list("2 observation"),
		},
		{
			name: "map before the list", layout: figures("", "  - {header: Year, concept: YEAR}\n  - {header: Sex, concept: SEX, map: {M: F, \"-1\": _U, \"1\": M}, blank: _Z}\n  - {header: Value, value: true}\n"),
			file: "Year,Sex,Value\n2023,m,1\n2023,-1,2\n2023,1,3\n2023,,4\n", pick: "SEX",
			records: list("F", "_U", "M", "_Z"), accounts: list("4 observation"),
		},
		{
			name: "a sign is no blank", layout: figures("", "  - {header: Year, concept: YEAR}\n  - {header: Sex, concept: SEX, map: {\"-\": _U}}\n  - {header: Value, value: true}\n"),
			file: "Year,Sex,Value\n2023,-,1\n2023,,2\n", pick: "SEX",
			records: list("_U"), findings: list(`TIP-V004 B3 → CL_SEX`), accounts: list("1 observation", "1 refused TIP-V004"),
		},
		{
			name: "else", layout: figures("", "  - {header: Year, concept: YEAR}\n  - {header: Sex, concept: SEX, else: _U}\n  - {header: Value, value: true}\n"),
			file: "Year,Sex,Value\n2023,whatever,1\n2023,,2\n", pick: "SEX", records: list("_U", "_U"), accounts: list("2 observation"),
		},
		{
			name: "sets", layout: figures(rules, sets),
			file: "Year,Sex,Value\n2023,Women,1\n2023,GIRLS,2\n2023,All,3\n2023,Men,4\n2023,Accused,5\n", pick: "SEX AGE breakdown OBS_STATUS OBS_VALUE",
			records:  list("F _T sex A 1", "F Y0T17 total A 2", "_T _T total A 3", "M _T total P 4"),
			accounts: list("4 observation", "1 out-of-scope accused"),
		},
		{
			name: "the first rule wins", layout: figures(rules, sets),
			file: "Year,Sex,Value\n2001,Women,1\n2001,Accused,1\n2002,All,\n2003,All,\n2003,F,1\n2023,Women,\n",
			pick: "SEX", findings: list(`TIP-L011 "early, empty, late"`),
			accounts: list("3 out-of-scope early", "2 out-of-scope empty", "1 out-of-scope late"),
		},
		{
			name: "what is out of scope can't be wrong", layout: figures(rules, sets),
			file: "Year,Sex,Value\nthe year,Accused,many\n", findings: list(`TIP-L011 "accused"`), accounts: list("1 out-of-scope accused"),
		},
		{
			name: "a text that no set lists", layout: figures(rules, sets),
			file:     "Year,Sex,Value\n2023,Women,1\n2023,Boys,1\n2023,Boys,1\n2023,,1\n",
			findings: list(`TIP-V004 B3 "Boys" → Sex ×2`, `TIP-V004 B5 → Sex`),
			accounts: list("1 observation", "3 refused TIP-V004"),
		},
		{
			name: "sets with else", layout: figures(rules, replace(sets, "    sets:", "    else: accused\n    sets:")),
			file:     "Year,Sex,Value\n2023,Women,1\n2023,Boys,1\n2023,,1\n",
			accounts: list("1 observation", "2 out-of-scope accused"),
		},
		{
			name: "refused labels", layout: figures("", "  - {header: Year, concept: YEAR}\n  - {header: Sex, concept: CITIZENSHIP, refuse: {Congolese: names-two-countries, \"\": names-no-country}}\n  - {header: Value, value: true}\n"),
			file: "Year,Sex,Value\n2023,Congolese,1\n2023,Honduras,2\n2023,congolese,3\n2023,,4\n", pick: "CITIZENSHIP OBS_VALUE",
			records:  list("HND 2"),
			findings: list(`TIP-V017 B2 "Congolese" → names-two-countries`, `TIP-V017 B4 "congolese" → names-two-countries`, `TIP-V017 B5 → names-no-country`),
			accounts: list("1 observation", "3 refused TIP-V017"),
		},
		{
			name: "the reporting State itself", layout: figures("", "  - {header: Year, concept: YEAR}\n  - {header: Sex, sets: {own: {CITIZENSHIP: \"=REF_AREA\"}, any: {}}}\n  - {header: Value, value: true}\n"),
			file: "Year,Sex,Value\n2023,own,1\n2023,any,2\n", pick: "CITIZENSHIP", records: list("HND", "_T"), accounts: list("2 observation"),
		},
		{
			name: "value columns with when", layout: figures("", "  - {header: Year, concept: YEAR}\n  - {header: Sex, when: {Sex: {not: [check]}}, concept: SEX}\n  - {header: Sex, when: {Sex: check}, sets: {check: {role: check}}}\n  - {header: Value, when: {Year: {not: [2020]}}, value: true}\n"),
			file: "Year,Sex,Value\n2023,F,1\n2023,check,2\n2020,F,3\n", pick: "SEX role",
			records: list("F figure", "_T check"), findings: list("TIP-V003 A4"), accounts: list("2 observation", "1 refused TIP-V003"),
		},
		{
			name: "fill down", layout: figures("", "  - {header: Year, concept: YEAR, fill: true}\n  - {header: Sex, concept: SEX}\n  - {header: Value, value: true}\n"),
			file: "Year,Sex,Value\n,F,0\n2022,F,1\n,M,2\n ,Total,3\n2023,F,4\n,M,5\n", pick: "TIME_PERIOD SEX",
			records:  list("2022 F", "2022 M", "2022 _T", "2023 F", "2023 M"),
			findings: list("TIP-V012 A2 → 2023"), accounts: list("5 observation", "1 refused TIP-V012"),
		},
		{
			name: "footer", layout: figures("footer: {Year: {matches: \"^(Note|Source)\"}}\n", ""),
			file: "Year,Sex,Value\n2023,F,1\n\nNotes,,\n2022,F,2\n(a) of which,,\n", pick: "TIME_PERIOD",
			records: list("2023"), accounts: list("1 observation", "3 out-of-scope footer"),
		},
		{
			name: "a second header", layout: figures("", ""),
			file: "Year,Sex,Value\n2023,F,1\n\nYear,Sex,Value\n2022,F,2\n Year ,Sex,Amount\n", pick: "TIME_PERIOD",
			records: list("2023", "2022"), findings: list("TIP-L005 A4", "TIP-L005 A6"), accounts: list("2 observation", "2 refused TIP-L005"),
		},
		{
			name: "half a header is a row", layout: figures("", ""),
			file:     "Year,Sex,Value\nYear,F,1\n",
			findings: list(`TIP-V012 A2 "Year" → 2023`), accounts: list("1 refused TIP-V012"),
		},
		{
			name: "rows of spaces are blank", layout: figures("", ""),
			file: "Year,Sex,Value\n , ,\u00a0\n2023,F,1\n,,\n,\u200b,\n", pick: "row_no", records: list("3"), accounts: list("1 observation"),
		},
		{
			name: "no rows", layout: figures("", ""), file: "Year,Sex,Value\n ,,\n", findings: list("TIP-L009"),
		},
		{
			name: "a column that is not read, and one that is missing", layout: figures("", "  - {header: Year, concept: YEAR}\n  - {header: Age, when: {Sex: F}, concept: AGE}\n  - {header: Age, when: {Sex: M}, concept: AGE}\n  - {header: Sex, concept: SEX}\n  - {header: Note, ignore: why, optional: true}\n  - {header: Value, value: true}\n"),
			file: "Year,Sex,Value,Remarks\n2023,F,1,x\n", pick: "SEX", records: list("F"),
			findings: list(`TIP-L002 A1 "test" → Age`, `TIP-L004 D1 "Remarks"`), accounts: list("1 observation"),
		},
		{
			name: "all faults of figures", layout: figures("", ""),
			file: "Year,Sex,Value\n2023,F,doce\n2023,F,\n2023,F,\"1,757\"\n2023,F,-3\n2023,F,<5\n2023,F,\"0,5\"\n2023,F,doce\n",
			findings: list(`TIP-V001 C2 "doce" ×2`, `TIP-V003 C3`, `TIP-V002 C4 "1,757" → 1757 | 1.757`, `TIP-V007 C5 "-3"`,
				`TIP-V005 C6 "<5"`, `TIP-V006 C7 "0,5"`),
			accounts: list("2 refused TIP-V001", "1 refused TIP-V002", "1 refused TIP-V003", "1 refused TIP-V005", "1 refused TIP-V006", "1 refused TIP-V007"),
		},
		{
			name: "censored, suppressed and missing", layout: figures("values: {censored_from: 1, blank: L, symbols: {X: Q, \"..\": O}}\n", ""),
			file: "Year,Sex,Value\n2023,F,<5\n2023,F,X\n2023,F,..\n2023,F,\n2023,F,0\n", pick: "OBS_VALUE LOWER_BOUND UPPER_BOUND OBS_STATUS CONF_STATUS raw_text",
			records:  list("? 1 4 Q A <5", "? ? ? Q A X", "? ? ? O F ..", "? ? ? L F ", "0 0 0 A F 0"),
			accounts: list("5 observation"),
		},
		{
			name: "months by number and by name", layout: figures("", "  - {header: Year, concept: YEAR}\n  - {header: Sex, concept: MONTH}\n  - {header: Value, value: true}\n"),
			file: "Year,Sex,Value\n2023,1,1\n2023,Marzo,1\n2023,décembre,1\n2023,13,1\n", pick: "FREQ TIME_PERIOD",
			records:  list("M 2023-01", "M 2023-03", "M 2023-12"),
			findings: list(`TIP-V004 B5 "13" → CL_MONTH`), accounts: list("3 observation", "1 refused TIP-V004"),
		},
		{
			name: "quarters", layout: figures("", "  - {header: Year, concept: YEAR}\n  - {header: Sex, concept: QUARTER}\n  - {header: Value, value: true}\n"),
			file: "Year,Sex,Value\n2023,T1,1\n2023,4e trimestre,1\n2023,T5,1\n", pick: "FREQ TIME_PERIOD", records: list("Q 2023-Q1", "Q 2023-Q4"),
			findings: list(`TIP-V012 B4 "T5" → Q1`), accounts: list("2 observation", "1 refused TIP-V012"),
		},
		{
			name: "fiscal years", layout: figures("time: {fiscal_start: 10-01, fiscal_named: end}\n", ""),
			file: "Year,Sex,Value\nFY2023,F,1\n", pick: "FREQ TIME_PERIOD PERIOD_AS_REPORTED",
			records: list("A 2022-10-01/P1Y FY2023 (2022-10-01/2023-09-30)"), accounts: list("1 observation"),
		},
		{
			name: "no indicator", layout: replace(figures("", ""), ", INDICATOR: VICTIMS_DETECTED", ""),
			file: "Year,Sex,Value\n2023,F,1\n", findings: list("TIP-V019 C2 → REF_AREA, INDICATOR"), accounts: list("1 refused TIP-V019"),
		},
		{
			name: "no period", layout: figures("", "  - {header: Sex, concept: SEX}\n  - {header: Year, ignore: not here}\n  - {header: Value, value: true}\n"),
			file: "Year,Sex,Value\n2023,F,1\n", findings: list("TIP-V019 C2 → TIME_PERIOD"), accounts: list("1 refused TIP-V019"),
		},
		{
			name: "damaged characters", layout: figures("", "  - {header: Year, concept: YEAR}\n  - {header: Sex, concept: CITIZENSHIP}\n  - {header: Value, value: true}\n"),
			file: "Year,Sex,Value\n2023,MÃ©xico,1\n", pick: "CITIZENSHIP", records: list("MEX"),
			findings: list(`TIP-V025 B2 "MÃ©xico" → MEX`), accounts: list("1 observation"),
		},
		{
			name: "a place of several parts", layout: figures("", "  - {header: Year, concept: YEAR}\n  - {header: Sex, concept: AREA_DETAIL}\n  - {header: Town, concept: AREA_DETAIL, optional: true}\n  - {header: Value, value: true}\n"),
			file: "Year,Sex,Town,Value\n2023,Cortés,Choloma,1\n2023,Cortés,,1\n2023,,,1\n", pick: "area_detail",
			records: list("Cortés / Choloma", "Cortés", ""), accounts: list("3 observation"),
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := read(t, parse(t, tt.layout), tt.file)
			if tt.pick != "" {
				same(t, "records", tt.records, g.pick(strings.Fields(tt.pick)...))
			}
			same(t, "findings", tt.findings, brief(g.Findings))
			same(t, "accounts", tt.accounts, g.accounts())
		})
	}
}

func TestWide(t *testing.T) {
	wide := func(header, columns string) string {
		return replace(figures("", columns), "[Year, Sex, Value]", header)
	}
	tests := []struct {
		name, layout, file, pick string
		records, findings        []string
	}{
		{
			name: "codes", layout: wide("[Year]", "  - {header: Year, concept: YEAR}\n  - {pattern: '^Destination: (?P<DESTINATION>.+)$', value: true}\n"),
			file: "Year,Destination: Guatemala,Destination: Belice\n2023,1,2\n", pick: "cell DESTINATION TIME_PERIOD",
			records: list("B2 GTM 2023", "C2 BLZ 2023"),
		},
		{
			name: "two groups and the column's own map", layout: wide("[Year]", "  - {header: Year, concept: YEAR}\n  - {pattern: '^(?P<SEX>\\S+) (?P<AGE>\\S+)$', map: {Muchachas: F, menores: Y0T17}, value: true}\n"),
			file: "Year,Mujeres total,Muchachas menores\n2023,1,2\n", pick: "SEX AGE", records: list("F _T", "F Y0T17"),
		},
		{
			name: "no code", layout: wide("[Year]", "  - {header: Year, concept: YEAR}\n  - {pattern: '^D: (?P<DESTINATION>.+)$', value: true}\n"),
			file: "Year,D: Hondurass\n2023,1\n", findings: list(`TIP-V004 B1 "Hondurass" → CL_AREA`),
		},
		{
			name: "damaged heading", layout: wide("[Year]", "  - {header: Year, concept: YEAR}\n  - {pattern: '^D: (?P<DESTINATION>.+)$', value: true}\n"),
			file: "Year,D: MÃ©xico\n2023,1\n", pick: "DESTINATION", records: list("MEX"), findings: list(`TIP-V025 B1 "MÃ©xico" → MEX`),
		},
		{
			name: "years across", layout: replace(wide("[Sex]", "  - {header: Sex, concept: SEX}\n  - {pattern: '^(?P<YEAR>\\d{4}/\\d{2})$', value: true}\n"), "columns:", "time: {fiscal_start: 04-01, fiscal_named: start}\ncolumns:"),
			file: "Sex,2021/22,2022/23\nF,1,2\n", pick: "TIME_PERIOD PERIOD_AS_REPORTED", records: list("2021-04-01/P1Y 2021/22 (2021-04-01/2022-03-31)", "2022-04-01/P1Y 2022/23 (2022-04-01/2023-03-31)"),
		},
		{
			name: "a heading that is no year", layout: wide("[Sex]", "  - {header: Sex, concept: SEX}\n  - {pattern: '^Y(?P<YEAR>.+)$', value: true}\n"),
			file: "Sex,Y2023,Y2023p\nF,1,2\n", pick: "TIME_PERIOD", records: list("2023"), findings: list(`TIP-V012 C2 "2023p" → 2023`),
		},
		{
			name: "months across", layout: wide("[Year]", "  - {header: Year, concept: YEAR}\n  - {pattern: '^M: (?P<MONTH>.+)$', value: true}\n"),
			file: "Year,M: Enero,M: Mai\n2023,1,2\n", pick: "FREQ TIME_PERIOD", records: list("M 2023-01", "M 2023-05"),
		},
		{
			name: "quarters across", layout: wide("[Year]", "  - {header: Year, concept: YEAR}\n  - {pattern: '^T(?P<QUARTER>[1-4])$', value: true}\n"),
			file: "Year,T1,T2\n2023,1,2\n", pick: "FREQ TIME_PERIOD", records: list("Q 2023-Q1", "Q 2023-Q2"),
		},
		{
			name: "periods across", layout: wide("[Sex]", "  - {header: Sex, concept: SEX}\n  - {pattern: '^(?P<TIME_PERIOD>\\d{4}.*)$', value: true}\n"),
			file: "Sex,2023-Q1,2023-S2,2023\nF,1,2,3\n", pick: "FREQ TIME_PERIOD", records: list("Q 2023-Q1", "S 2023-S2", "A 2023"),
		},
		{
			name: "places across", layout: wide("[Year]", "  - {header: Year, concept: YEAR}\n  - {header: Dept, concept: AREA_DETAIL, optional: true}\n  - {pattern: '^In (?P<AREA_DETAIL>.+)$', value: true}\n"),
			file: "Year,Dept,In Tela,In Lima\n2023,Yoro,1,2\n", pick: "area_detail", records: list("Yoro / Tela", "Yoro / Lima"),
		},
		{
			name: "set", layout: wide("[Year]", "  - {header: Year, concept: YEAR}\n  - {header: Women, value: true, set: {SEX: F, breakdown: sex}}\n  - {header: Jan, value: true, set: {MONTH: \"01\", role: check}}\n"),
			file: "Year,Women,Jan\n2023,1,2\n", pick: "SEX TIME_PERIOD breakdown role", records: list("F 2023 sex figure", "_T 2023-01 total check"),
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := read(t, parse(t, tt.layout), tt.file)
			if tt.pick != "" {
				same(t, "records", tt.records, g.pick(strings.Fields(tt.pick)...))
			}
			same(t, "findings", tt.findings, brief(g.Findings))
		})
	}
}

func TestKindsOfCells(t *testing.T) {
	l := parse(t, figures("values: {decimal: \",\", symbols: {\"999\": O}}\n", ""))
	day := time.Date(2023, 5, 17, 0, 0, 0, 0, time.UTC)
	rows := [][]any{{"Year", "Sex", "Value"},
		{2023, "F", 12}, {"2023", "F", "12"}, {2023, "F", 12.5}, {2023, "F", -3}, {2023, "F", day}, {2023, "F", true}, {2023, "F", fault},
		{2023, "F", nil}, {2023, "F", nil}, {2023, fault, 1}, {fault, "F", 1}, {2023, "F", 999}, {2023, "F", "288 (p)"}, {nil, nil, nil}, {day, "F", 1}}
	file := book(t, rows, func(f *excelize.File) {
		for _, c := range []string{"C9", "A15"} { // formulas without a stored value
			if err := f.SetCellFormula("Sheet1", c, "1+1"); err != nil {
				t.Fatal(err)
			}
		}
	})
	g := readAll(t, []*layout.Layout{l}, "in.xlsx", file)
	same(t, "records", list("2 12 A", "3 12 A", "13 ? O"), g.pick("row_no", "OBS_VALUE", "OBS_STATUS"))
	same(t, "findings", list(`TIP-V006 C4 "12.5"`, `TIP-V007 C5 "-3"`, `TIP-V008 C6 "2023-05-17"`, `TIP-V009 C7 "TRUE"`, `TIP-V009 C8 "#N/A"`,
		`TIP-V009 C9 "=…"`, `TIP-V003 C10 ×2`, `TIP-V009 B11 "#N/A"`, `TIP-V009 A12 "#N/A"`, `TIP-V001 C14 "288 (p)"`,
		`TIP-V009 A15 "=…"`, `TIP-V004 B15 → CL_SEX`, `TIP-V012 A16 "2023-05-17" → 2023`), brief(g.Findings))
	var n int64
	for _, a := range g.Account {
		n += a.Rows
	}
	same(t, "rows", 15, n) // the row of a formula without a value is no blank row
}

func TestHiddenRows(t *testing.T) {
	l := parse(t, figures("", ""))
	file := book(t, [][]any{{"Year", "Sex", "Value"}, {2023, "F", 1}, {2022, "F", 2}, {}, {2021, "F", 3}}, func(f *excelize.File) {
		for _, r := range []int{3, 4, 5} {
			if err := f.SetRowVisible("Sheet1", r, false); err != nil {
				t.Fatal(err)
			}
		}
	})
	g := readAll(t, []*layout.Layout{l}, "in.xlsx", file)
	same(t, "records", list("2", "3", "5"), g.pick("row_no"))
	same(t, "findings", list("TIP-L010 A3 ×2"), brief(g.Findings))
	same(t, "severity", record.Warning, g.Findings[0].Severity)
}

func TestFiledYears(t *testing.T) {
	l := parse(t, figures("time: {filed: [{year: 2023, month: 1}]}\n", "  - {header: Year, concept: YEAR}\n  - {header: Sex, concept: MONTH}\n  - {header: Value, value: true}\n"))
	filed := read(t, l, "Year,Sex,Value\n2022,1,1\n2022,2,1\n2023,1,10\n2023,1,20\n")
	same(t, "records", list("M 2022-01 ", "M 2022-02 ", "A 2023 2023-01", "A 2023 2023-01"), filed.pick("FREQ", "TIME_PERIOD", "PERIOD_AS_REPORTED"))
	same(t, "findings", list(`TIP-V023 C4 "2023-01" → test`), brief(filed.Findings))

	changed := read(t, l, "Year,Sex,Value\n2023,1,1\n2023,3,1\n2023,1,1\n2023,3,1\n")
	same(t, "findings", list(`TIP-V024 C3 "March" → test`), brief(changed.Findings))
	same(t, "the other end", "C2", changed.Findings[0].Context.Cell)
	if changed.Findings.Err() == nil {
		t.Error("a source that has changed is not refused")
	}
}

// Reading twice gives the same, to the last finding.
func TestReadIsRepeatable(t *testing.T) {
	l := parse(t, figures("out_of_scope: [{rule: a, when: {Sex: [x, y], Year: [2020]}, why: {en: x}}]\n", ""))
	file := "Year,Sex,Value\n2023,boy,1\nYear,Sex,Amount\n2023,girl,x\n2020,x,1\n2021,y,<5\n2023,F,1\n"
	first := read(t, l, file)
	for range 20 {
		again := read(t, l, file)
		same(t, "findings", first.Findings, again.Findings)
		same(t, "accounts", first.Account, again.Account)
		same(t, "records", first.records, again.records)
	}
}

// The columns of a sheet are told with what they carry.
func TestWhatEachColumnCarries(t *testing.T) {
	g := read(t, parse(t, figures("", "  - {header: Year, concept: YEAR}\n  - {header: Sex, sets: {F: {SEX: F}}}\n  - {header: Note, ignore: remarks}\n  - {pattern: ^Value, value: true, set: {AGE: Y0T17}}\n")),
		"Year,Sex,Note,Value,Other\n2023,F,,1,\n")
	same(t, "columns", map[string]string{"Year": "YEAR", "Sex": "several concepts", "Note": "not read: remarks", "Value": "value AGE=Y0T17", "Other": ""}, g.Sheets[0].Columns)
}
