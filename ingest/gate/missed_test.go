package gate_test

import (
	"slices"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/ingest/gate"
)

// TestMissed: what a second user planted, by writing it in another way; and what looks like
// it and is none. Each stands once, or in each of twelve rows about persons.
func TestMissed(t *testing.T) {
	set := codes(t)
	for _, c := range []struct {
		heading string
		cells   []string
		kind    string
	}{
		{"Referencia", once("ANA_LOPEZ_MARTINEZ"), "name"},
		{"Referencia", once("\u0410n\u0430 L\u043epez M\u0430rtinez"), "name"},
		{"Nombre completo", []string{"\u0410n\u0430 L\u043epez", "R\u043esa \u041cam\u0430ni"}, "name"},
		{"Observaciones", once("la recibió la Dra. Alvarez en la sede"), "name"},
		{"Observaciones", once("entrevista del Teniente Cruz"), "name"},
		{"Observaciones", once("Cabo Mendoza la acompañó"), "name"},
		{"Xyz", once("tel:0050498765432"), "phone"},
		{"Xyz", once("(504)98765432"), "phone"},
		{"Observaciones", once("nacida el 3-V-1998"), "birth-date"},
		{"Fecha de nacimiento", []string{"3-V-1998", "12-XI-2001"}, "birth-date"},
		{"Observaciones", once("ana . perez @ gmail . com"), "e-mail"},
		{"Correo", []string{"ana.perez@correo", "luz@mail"}, "e-mail"},
		{"Placa", []string{"PBA 1234", "HAA-5678"}, "mark"},
		{"Número de placa del vehículo", []string{"P123ABC", "P456DEF"}, "mark"},
		{"Huella dactilar", []string{"V1333I2222", "E4444V1234"}, "mark"},
		{"Note", once("24 Hope Road, Kingston 6"), "address"},
		{"Note", once("15 Main Street, Belmopan"), "address"},
		{"Note", once("Lot 12 Sheriff Street"), "address"},
		{"Remarque", once("14 rue Capois"), "address"},
		{"Lieu", once("14, rue Capois, Port-au-Prince"), "address"},
		{"Lieu", once("7, impasse Lavaud"), "address"},
		{"Lieu", once("14 boul. Jean-Jacques Dessalines"), "address"},
		{"Nota", once("calle 12 No. 345"), "address"},
		{"Nota", once("Carrera 7 # 32-16"), "address"},
		{"Nota", once("3a Avenida 5-55 zona 1"), "address"},
		{"Nota", once("Rua das Flores, 123"), "address"},

		{"Lugar", []string{"calle", "vía pública", "carretera", "Ruta 5"}, ""},
		{"Note", once("Section 7 Road Traffic Act"), ""},
		{"Note", once("found at Main Street police station"), ""},
		{"Remarque", once("3 victimes dans la rue"), ""},
		{"Nota", once("2 víctimas rescatadas en la avenida"), ""},
		{"Aeropuerto", []string{"Benito Juárez", "Jorge Chávez", "Simón Bolívar", "José María Córdova"}, ""},
		{"Observaciones", once("calle Teniente Cruz, frente al Hospital Dr. Juan Pérez"), ""},
		{"Observaciones", once("trasladada de Cabo Verde a Cabo Rojo"), ""},
		{"Indicador", []string{"VICTIMS_DETECTED", "TRATA_LABORAL", "CASOS_NUEVOS"}, ""},
		{"Expediente", []string{"FGR_TRATA_2023", "MP_HN_0012"}, ""},
		{"Huella", []string{"Sí", "No"}, ""},
		{"Placas", []string{"12", "7"}, ""},
		{"Monto", []string{"(123) 456", "(12) 300"}, ""},
		{"Observaciones", once("Reunión @ Hotel. La sesión siguió"), ""},
		{"Observaciones", once("Resolución 3-V-1998"), ""},
	} {
		rep, _ := look(t, set, "f.csv", asCSV(t, cases(c.heading, c.cells...)))
		_, have := told(rep, gate.Pass{Cases: true})
		var want []string
		if c.kind != "" {
			want = []string{c.kind + " 3"}
		}
		if !slices.Equal(have, want) {
			t.Errorf("%s, %q: have %q, want %q", c.heading, c.cells[min(5, len(c.cells)-1)], have, want)
		}
	}
}

// TestCellOnce: a cell in which one kind is recognised in two ways counts once.
func TestCellOnce(t *testing.T) {
	set := codes(t)
	f := excelize.NewFile()
	fill(t, f, "Sheet1", "A1=Fecha|B1=Sexo|C1=Notas|A2=2023-01-05|B2=Mujer|C2=dice el Teniente Cruz que Ana Lopez Martinez vino|A3=2023-02-05|B3=Mujer|C3=nada")
	for _, x := range gate.Findings("f", lookXLSX(t, set, f).Refused(gate.Pass{Cases: true})) {
		if x.Count != 1 || len(x.Cells) > 0 || x.Subject.Cell != "C2" {
			t.Errorf("%d cells, %q: %q", x.Count, x.Cells, x.Subject.Cell)
		}
	}
}

// TestHiddenOnce: a hidden sheet of one column of names gives one finding, whose cells are
// those of the column.
func TestHiddenOnce(t *testing.T) {
	set := codes(t)
	f := excelize.NewFile()
	fill(t, f, "Sheet1", "A1=Año B1=Sexo C1=Casos A2=2022 B2=Mujer C2=3 A3=2023 B3=Hombre C3=4")
	if _, err := f.NewSheet("Oculta"); err != nil {
		t.Fatal(err)
	}
	fill(t, f, "Oculta", "A1=Lista|A2=Ana Lopez|A3=Rosa Mamani|A4=Marisol Quispe|A5=Juana Condori")
	if err := f.SetSheetVisible("Oculta", false); err != nil {
		t.Fatal(err)
	}
	rep := lookXLSX(t, set, f)
	for _, p := range []gate.Pass{{}, {Cases: true}} {
		found := gate.Findings("f", rep.Refused(p))
		if len(found) != 1 || found[0].Count != 4 || found[0].Subject.Cell != "A2:A5" {
			t.Errorf("cases %t: %+v", p.Cases, found)
		}
	}
}
