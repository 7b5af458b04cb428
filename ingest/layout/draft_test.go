package layout_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/oas/tipstat/ingest/layout"
	"github.com/oas/tipstat/ingest/sheet"
)

func draft(t *testing.T, name, file string) string {
	t.Helper()
	b, err := layout.Draft(context.Background(), open(t, name, []byte(file)), name, codes(t))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// fillIn does what the draft asks a person to do.
func fillIn(draft string) string {
	return replace(draft, "id: to-do", "id: hnd-test", "{en: TO DO}", "{en: Test}", "agency: TO_DO", "agency: SAMPLE",
		"REF_AREA: TO_DO", "REF_AREA: HND", "INDICATOR: TO_DO", "INDICATOR: VICTIMS_DETECTED")
}

// A draft with its TO DOs filled in reads the file that it was made from.
func TestDraft(t *testing.T) {
	file := "Registro de víctimas,,,,,,\nAño,Sexo,\"Grupo | edad\",Nacionalidad,\"Nombre \"\"corto\"\"\",Vacía,Cantidad\n"
	sexes, nations, ages := list("Mujer", "Hombre"), list("Honduras", "Guatemala", "El Salvador"), list("0-17", "18+")
	for i := range 24 {
		file += fmt.Sprintf("%d,%s,%s,%s,persona secreta %d,,%d\n", 2020+i%4, sexes[i%2], ages[i/2%2], nations[i%3], i, i)
	}
	d := draft(t, "hnd.csv", file)
	if strings.Contains(d, "secreta") || strings.Contains(d, "Guatemala") {
		t.Errorf("a value is quoted in:\n%s", d)
	}
	for _, want := range []string{
		`{header: "Año", concept: YEAR}`, `{header: "Sexo", concept: SEX}`, `{header: "Grupo edad", concept: AGE}`,
		`{header: "Nacionalidad", concept: CITIZENSHIP}`, `{header: "Nombre \"corto\"", ignore: TO DO} # 24 different values`,
		`{header: "Vacía", ignore: empty}`, `{header: "Cantidad", value: true}`, `header: ["Año", "Sexo", "Grupo edad", "Nacionalidad", "Cantidad"]`,
	} {
		if !strings.Contains(strings.ReplaceAll(d, "Grupo   edad", "Grupo edad"), want) {
			t.Errorf("no %s in:\n%s", want, d)
		}
	}
	if _, err := layout.Parse([]byte(d), "draft.yaml", codes(t)); err == nil {
		t.Error("a draft passes as a layout before a person has completed it")
	}
	g := read(t, parse(t, fillIn(d)), file)
	same(t, "findings", nil, brief(g.Findings))
	same(t, "accounts", list("24 observation"), g.accounts())
	same(t, "first record", "2020 F Y0T17 HND 0", g.pick("TIME_PERIOD", "SEX", "AGE", "CITIZENSHIP", "OBS_VALUE")[0])
}

// The names of a column and of a file can't change what the draft says.
func TestDraftOfStrangeNames(t *testing.T) {
	heading := "\"a: b # c\n{d}\t\u00a0\\e 'f' \u2028\""
	file := heading + ",Año,n\nx,2023,1\ny,2022,2\nz,2021,3\n"
	d := draft(t, "x.csv\nid: evil\r\u2028agency: EVIL", file)
	l := parse(t, fillIn(d))
	same(t, "id", "hnd-test", l.ID)
	same(t, "accounts", list("3 observation"), read(t, l, file).accounts())
}

func TestDraftGuesses(t *testing.T) {
	tests := []struct {
		name, heading string
		values        []string
		want          string
	}{
		{"years", "A", list("2021", "2022", "2023"), "concept: YEAR"},
		{"dates", "A", list("17/02/2023", "18/02/2023"), "concept: DATE"},
		{"months in figures", "Mes", list("1", "2", "12"), "concept: MONTH"},
		{"small counts are no months", "A", list("1", "2", "12"), "value: true"},
		{"months", "A", list("enero", "febrero", "marzo"), "concept: MONTH"},
		{"the reporting State", "Reporting country", list("Honduras", "Peru"), "concept: REF_AREA"},
		{"forms of exploitation", "A", list("Sexual exploitation", "Forced labour"), "concept: EXPLOITATION"},
		{"figures in two ways", "A", list("1.234", "1,757", "12", "<5"), "value: true"},
		{"words", "A", list("uno", "dos"), "ignore: TO DO"},
		{"nothing", "A", list("", ""), "ignore: empty"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file := tt.heading + ";Zz\n"
			for _, v := range tt.values {
				file += v + ";q\n"
			}
			d := draft(t, "in.csv", file)
			if want := fmt.Sprintf("{header: %q, %s}", tt.heading, tt.want); !strings.Contains(d, want) {
				t.Errorf("no %s in:\n%s", want, d)
			}
		})
	}
}

func TestDraftOfNothing(t *testing.T) {
	_, err := layout.Draft(context.Background(), open(t, "in.csv", []byte("only this\n")), "in.csv", codes(t))
	var e *sheet.Error
	if !errors.As(err, &e) || e.Code != "TIP-L017" || e.File != "in.csv" {
		t.Errorf("got %v", err)
	}
}

// A table with a column for each sex, signs for what is missing, and an
// identifier before the figures.
func TestDraftOfWideTable(t *testing.T) {
	file := "Fiscalía: víctimas\nCódigo,Departamento,Año,Mujeres,Hombres,Total\n"
	for i := range 30 {
		file += fmt.Sprintf("%02d,%s,%d,%s,%d,%d\n", i%3+1, list("Norte", "Centro", "Sur")[i%3], 2020+i/10,
			list("5", "n.d.", "<5", "12", "")[i%5], i, i+5)
	}
	file += ",,Total,90,80,170\n,,Nota: cifras preliminares sujetas a revisión,,,\n"
	d := draft(t, "wide.csv", file)
	for _, want := range []string{
		`{header: "Código", ignore: TO DO}`, `{header: "Mujeres", value: true, set: {SEX: F}}`, `{header: "Hombres", value: true, set: {SEX: M}}`,
		`{header: "Total", value: true} # figures, the total`, `# partitions: {total: [SEX]}`, `values: {symbols: {"n.d.": TO_DO}, blank: TO_DO} # TO DO: censored_from: 0 or 1`,
		"rows: figure", `{header: "Año", concept: YEAR}`, `when: {"Año": ["Total"]}`, `footer: {"Año": {matches: "^(Nota)"}}`, `#     "Centro": {} # 10 rows`,
	} {
		if !strings.Contains(d, want) {
			t.Errorf("no %s in:\n%s", want, d)
		}
	}
	filled := replace(fillIn(d), `"n.d.": TO_DO`, `"n.d.": O`, "blank: TO_DO}", "blank: L, censored_from: 1}")
	g := read(t, parse(t, filled), file)
	same(t, "findings", nil, brief(g.Findings))
	same(t, "accounts", list("30 observation", "1 out-of-scope footer", "1 out-of-scope no-year"), g.accounts())
}

// Of a file about persons a draft quotes no value, however often it repeats.
func TestDraftOfCases(t *testing.T) {
	file := "Nombres y apellidos,Fecha,Sexo,Edad,Motivo\n"
	for i := range 60 {
		file += fmt.Sprintf("Persona Secreta,%02d/03/2023,%s,%d,secreto\n", 1+i%28, list("F", "Mujer")[i%2], 10+i%40)
	}
	d := draft(t, "casos.csv", file)
	if strings.Contains(strings.ToLower(d), "secret") {
		t.Errorf("a value is quoted in:\n%s", d)
	}
	for _, want := range []string{
		"rows: case", `{header: "Nombres y apellidos", ignore: tells of a person}`, `{header: "Fecha", concept: DATE}`,
		`{header: "Edad", concept: AGE, years: {bands: {Y0T17: 0, Y_GE18: 18}, max: 110}}`,
	} {
		if !strings.Contains(d, want) {
			t.Errorf("no %s in:\n%s", want, d)
		}
	}
}
