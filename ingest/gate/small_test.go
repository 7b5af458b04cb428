package gate_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/oas/tipstat/ingest/gate"
)

// figures is a table of figures with remarks in its fourth column.
func figures(remarks ...string) [][]string {
	rows := [][]string{{"Año", "Sexo", "Casos", "Observaciones"}}
	for i := range 12 {
		remark := ""
		if i >= 4 && i-4 < len(remarks) {
			remark = remarks[i-4]
		}
		rows = append(rows, []string{fmt.Sprint(2010 + i), "Mujer", "4", remark})
	}
	return rows
}

// TestTwoInAText: two persons in one remark of a file of figures, however they are listed.
func TestTwoInAText(t *testing.T) {
	set := codes(t)
	for text, found := range map[string]bool{
		"Yesenia Zelaya y Wilmer Pineda": true, "incluye a Yesenia Zelaya (14) y Keyla Torres (15)": true, "Zelaya Yesenia y Pineda Wilmer": true, "ZELAYA BANEGAS, YESENIA; TORRES, KEYLA": true, "Yesenia Zelaya / Keyla Torres": true,
		"Yesenia Z. y Keyla T.": true, "Juan A. Pérez, Rosa M. Quispe": true,
		"Yesenia Zelaya": false, "Hospital Juan Pérez y Escuela María López": false, "San José / Santa María": false, "casos de Benito Juárez y Gustavo Madero": false, "Hospital Rosa A. y Escuela Ana B.": false,
		"Ley A. y Ley B.": false, "Francisco Morazán: 12; Cortés: 8": false,
	} {
		rep, _ := look(t, set, "f.csv", asCSV(t, figures(text)))
		_, have := told(rep, gate.Pass{})
		if found && !slices.Equal(have, []string{"name 4"}) || !found && len(have) > 0 {
			t.Errorf("%q: have %q", text, have)
		}
	}
}

// TestSmallTable: a column of persons beside one of ages is a list of persons, in a file
// of its own and below a table of figures, whether their names are known or not.
func TestSmallTable(t *testing.T) {
	set := codes(t)
	for _, c := range []struct {
		heading, age string
		cells, ages  []string
		found        bool
	}{
		{"Víctima", "Edad", []string{"Yesenia Zelaya", "Keyla Torres"}, []string{"14", "15"}, true},
		{"Víctima", "Edad", []string{"Yesenia Zelaya"}, []string{"14"}, true},
		{"Víctima", "Edad", []string{"Yuleisy Quej", "Xiomaris Tzoc"}, []string{"14", "15"}, true},
		{"Víctima", "Edad", []string{"Yuleisy", "Xiomaris"}, []string{"14", "15"}, true},
		{"Nombre", "Edad", []string{"Yuleisy Quej", "Xiomaris Tzoc"}, []string{"14", "15"}, true},
		{"Vítima", "Idade", []string{"Jucicleide Xavante", "Ubirajara Terena"}, []string{"14", "15"}, true},
		{"Victim", "Age", []string{"Shantoya Boodram", "Kadeisha Ramlogan"}, []string{"14", "15"}, true},
		{"Victime", "Âge", []string{"Fabiola Zamoraine", "Woodline Estinvil"}, []string{"14", "15"}, true},

		{"Víctima", "Edad", []string{"Mujer Adulta", "Trata Interna", "Niña Indígena"}, []string{"24", "15", "12"}, false},
		{"Víctima", "Edad", []string{"Directa", "Indirecta"}, []string{"24", "15"}, false},
		{"Víctima", "Edad", []string{"Femenina", "Masculina"}, []string{"24", "15"}, false},
		{"Víctima", "Edad", []string{"Hondureña", "Haitiana", "Venezolana"}, []string{"24", "15", "17"}, false},
		{"Persona", "Edad", []string{"Madre", "Hermana", "Sra. Ministra"}, []string{"24", "15", "33"}, false},
		{"Nombre", "Grupo de edad", []string{"Nuevo Amanecer", "Rayo Azul"}, []string{"0-17", "18-29"}, false},
		{"Nombre", "Edad", []string{"Amanecer Azul", "Rayo Azul"}, []string{"0-17", "18+"}, false},
		{"Nombre del albergue", "Edad", []string{"Amanecer Azul", "Rayo Azul"}, []string{"14", "15"}, false},
		{"Victim", "Age", []string{"Sexual Exploitation", "Forced Labour"}, []string{"14", "15"}, false},
	} {
		for what, rows := range map[string][][]string{"alone": {{"No", c.heading, c.age, ""}}, "below": append(figures(), []string{"", "", "", ""}, []string{"No", c.heading, c.age, ""})} {
			for i := range c.cells {
				rows = append(rows, []string{fmt.Sprint(i + 1), c.cells[i], c.ages[i], ""})
			}
			rep, _ := look(t, set, "f.csv", asCSV(t, rows))
			_, have := told(rep, gate.Pass{})
			if c.found && !slices.Equal(have, []string{"name 2"}) || !c.found && len(have) > 0 {
				t.Errorf("%s %q %s: have %q", c.heading, c.cells, what, have)
			}
		}
	}
}

// TestShortHeadings: names under headings as people shorten them.
func TestShortHeadings(t *testing.T) {
	set := codes(t)
	for _, heading := range []string{"Primer ap.", "Segundo ap.", "1er ap.", "2do ap.", "1er. apellido", "Ap. paterno", "Ape_paterno", "ApePat", "Apell.", "1er. Nombre", "Primer nom.", "Nombre1", "Apellido1", "1st name", "Fname", "1º sobrenome", "Ult. nome"} {
		rep, _ := look(t, set, "f.csv", asCSV(t, cases(heading, "Quej", "Tzoc", "Zempoalteca")))
		if _, have := told(rep, gate.Pass{}); !slices.Equal(have, []string{"name 3"}) {
			t.Errorf("%s: have %q", heading, have)
		}
		rep, _ = look(t, set, "f.csv", asCSV(t, cases(heading, "Sí", "No")))
		if _, have := told(rep, gate.Pass{Cases: true}); len(have) > 0 {
			t.Errorf("%s: false alarm %q", heading, have)
		}
	}
	for heading, column := range map[string][]string{"Primer año": {"Enero", "Mayo"}, "2do trimestre": {"Alto", "Bajo"}, "Ap.": {"Sí", "No"}, "1er delito": {"Trata", "Secuestro"}} {
		rep, _ := look(t, set, "f.csv", asCSV(t, cases(heading, column...)))
		if _, have := told(rep, gate.Pass{Cases: true}); len(have) > 0 {
			t.Errorf("%s: false alarm %q", heading, have)
		}
	}
}
