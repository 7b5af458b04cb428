package gate_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/ingest/gate"
)

// TestSheetName: in a file of rows about persons a sheet called by a telephone, or by a
// name of which a word is known, refuses; by a name that nobody knows, where the
// sheet is of one person. Findings do not tell it.
func TestSheetName(t *testing.T) {
	set := codes(t)
	table := "A1=Fecha B1=Sexo C1=Casos A2=2022 B2=Mujer C2=3 A3=2023 B3=Hombre C3=4"
	form := "A1=Edad|B1=14|A2=Sexo|B2=Mujer"
	for _, c := range []struct{ name, cells, want string }{
		{"9988-7766", table, "phone 0"}, {"(11) 98765-4321", table, "phone 0"}, {"Marisol Quej", table, "name 0"}, {"Yuleisy_Quispe_Xajil", table, "name 0"}, {"Yuleisy Quispe", table, "name 0"},
		{"Yuleisy Quej", form, "name 0"}, {"Yuleisy-Quej", form, "name 0"},
		{"Yuleisy Quej", table, ""}, // as Nuevo Amanecer may be
		{"2019-2020", table, ""}, {"2023-01", table, ""}, {"Casos 2023", table, ""}, {"Base Datos", table, ""}, {"Casos Nuevos", table, ""}, {"Hoja Resumen", table, ""}, {"Primer Semestre", table, ""}, {"Costa Rica", table, ""}, {"El Salvador", table, ""}, {"Santa Rosa", table, ""},
		{"Víctimas Mujeres", table, ""}, {"Trata Sexual", table, ""}, {"Sheet1", table, ""}, {"San Pedro Sula", table, ""}, {"Datos", form, ""}, {"Ficha Víctima", form, ""}, {"Registro de Casos", form, ""}, {"Dominican Republic", table, ""}, {"New York", table, ""},
		{"Vítimas Atendidas", table, ""}, {"Plan Nacional", table, ""}, {"Notes", table, ""}, {"Trinidad y Tobago", table, ""},
	} {
		f := excelize.NewFile()
		if err := f.SetSheetName("Sheet1", c.name); err != nil {
			t.Fatal(err)
		}
		fill(t, f, c.name, c.cells)
		rep := lookXLSX(t, set, f)
		var want []string
		if c.want != "" {
			want = []string{c.want}
		}
		text, have := told(rep, gate.Pass{Cases: true})
		if !slices.Equal(have, want) {
			t.Errorf("%s in rows about persons: have %q, want %q", c.name, have, want)
		}
		if strings.Contains(text, c.name) {
			t.Errorf("%s: a finding tells the name of the sheet", c.name)
		}
		if _, have := told(rep, gate.Pass{}); len(have) > 0 {
			t.Errorf("%s in figures: have %q", c.name, have)
		}
	}
}
