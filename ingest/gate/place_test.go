package gate_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/ingest/gate"
)

// TestInnocent holds columns against the gate that look like identifiers and
// are none.
func TestInnocent(t *testing.T) {
	set := codes(t)
	r := rand.New(rand.NewPCG(2, 6))
	from := func(texts ...string) func(int) string { return func(i int) string { return texts[i%len(texts)] } }
	for heading, cell := range map[string]func(int) string{
		"Municipio":             from("Benito Juárez", "Gustavo A. Madero", "Venustiano Carranza", "Miguel Hidalgo", "Álvaro Obregón", "Francisco Morazán"),
		"Departamento":          from("Artigas", "Flores", "Maldonado", "Rivera", "Rocha", "Soriano", "San José", "Río Negro", "Treinta y Tres"),
		"Distrito":              from("SAN MARTÍN DE PORRES", "JESÚS MARÍA", "VILLA MARÍA DEL TRIUNFO", "JOSÉ LUIS BUSTAMANTE Y RIVERO", "MARIANO MELGAR", "CORONEL GREGORIO ALBARRACÍN LANCHIPA"),
		"lugar":                 from("Presidente Prudente", "São José dos Campos", "Santana de Parnaíba", "Juazeiro do Norte"),
		"Parish":                from("Saint Thomas", "Saint Mary", "Clarendon", "Manchester", "Saint Ann", "Portland"),
		"Nombre del municipio":  from("Santa Rosa de Copán", "Juan Francisco Bulnes", "José Santos Guardiola"),
		"Country name":          from("Saint Kitts and Nevis", "Dominica", "Costa Rica", "El Salvador"),
		"Delito":                from("Trata de personas", "Tráfico ilícito de migrantes", "Proxenetismo", "Pornografía infantil"),
		"Institución":           from("Fiscalía General de la República", "Policía Nacional", "Instituto Nacional de las Mujeres"),
		"Nacionalidad":          from("Haitiana", "Venezolana", "Dominicana", "Rep. Dominicana"),
		"Condición":             from("Víctima directa", "Víctima indirecta", "Acusado"),
		"Grupo":                 from("Niña", "Niño", "Mujer", "Hombre", "Adolescente"),
		"ISO3":                  from("HND", "GTM", "PER"),
		"Población":             func(int) string { return fmt.Sprint(10_000_000 + r.IntN(900_000_000)) },
		"Presupuesto":           func(int) string { return fmt.Sprintf("%d.%03d.%03d", 1+r.IntN(999), r.IntN(1000), r.IntN(1000)) },
		"Amount":                func(int) string { return fmt.Sprintf("%d %03d %03d", 1+r.IntN(99), r.IntN(1000), r.IntN(1000)) },
		"Total":                 func(int) string { return fmt.Sprint(1e9 + float64(r.IntN(1e9))) },
		"nro_registro_interno":  func(int) string { return fmt.Sprint(2_584_554_505 + r.IntN(1e8)) },
		"Valor":                 func(int) string { return fmt.Sprint(10_000_000_000 + r.IntN(1e9)) },
		"Fecha de denuncia":     func(int) string { return fmt.Sprintf("%02d/%02d/%d", 1+r.IntN(28), 1+r.IntN(12), 2015+r.IntN(10)) },
		"Fecha de la sentencia": func(int) string { return fmt.Sprintf("%d-%02d-%02d", 2004+r.IntN(20), 1+r.IntN(12), 1+r.IntN(28)) },
		"Ratification":          func(int) string { return fmt.Sprintf("%d Aug %d", 1+r.IntN(28), 1950+r.IntN(70)) },
		"Período":               from("2019-2020", "2020-2021", "2021-2022"),
		"Ley":                   from("Ley 28950 (2007)", "Lei 13.344/2016", "Ley 26.364 (2008)", "Decreto 59-2012"),
		"Expediente":            func(int) string { return fmt.Sprintf("EXP-%05d-2023", r.IntN(99999)) },
		"Número de caso":        func(int) string { return fmt.Sprintf("C%07d", r.IntN(9999999)) },
		"NUC":                   func(int) string { return digits(r, 13) },
		"sha256": func(int) string {
			return fmt.Sprintf("%016x%016x%016x%016x", r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64())
		},
		"uuid": func(int) string {
			return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", r.Uint32(), r.IntN(65536), r.IntN(65536), r.IntN(65536), r.Uint64()&0xffffffffffff)
		},
		"Ubigeo":            func(int) string { return digits(r, 6) },
		"Coordenadas":       func(int) string { return fmt.Sprintf("-%d.%07d", r.IntN(80), r.IntN(9999999)) },
		"Tipo de documento": from("DNI", "Pasaporte", "Cédula de identidad", "Sin documento"),
		"Documento":         from("Sí", "No"),
		"Teléfono":          from("12", "15", "9"), // complaints by telephone
		"Dirección":         from("Dirección General de Migración", "Dirección de Trata"),
		"Nombre":            from("Reservado", "Anónimo", "N/A", "X"),
		"Medio":             from("Teléfono", "Correo electrónico", "WhatsApp", "Línea 145"),
		"Observaciones":     from("Se aplicó la Ley 30364 de 2015 en 12 345 678 casos revisados desde 2019", "Convenio con el Hospital Juan Pérez de la ciudad", "Operativo del 28/07/2022", "Rescate en Ciudad Juárez y San José"),
	} {
		rows := [][]string{{"Año", "Sexo", heading, "Casos"}}
		for i := range 60 {
			rows = append(rows, []string{fmt.Sprint(2015 + i%8), "Mujer", cell(i), fmt.Sprint(r.IntN(90))})
		}
		rep, ok := look(t, set, "f.csv", asCSV(t, rows))
		if !ok {
			t.Fatalf("%s: not read", heading)
		}
		for _, x := range rep.Suspicions {
			t.Errorf("%s: column %d taken for %s (%d cells)", heading, x.Col, x.Kind, x.Cells)
		}
	}
}

// TestWhere tells what counts where: around a table, beside a contact, in a
// hidden sheet, in a comment, in the name of a sheet.
func TestWhere(t *testing.T) {
	set := codes(t)
	table := "A5=Año B5=Sexo C5=Casos A6=2022 B6=Mujer C6=3 A7=2023 B7=Hombre C7=4"
	for _, c := range []struct {
		name, cells         string
		figures, cases      []string
		comment, sheet, hid string
	}{
		{name: "an office's contact in a title", cells: "A1=Estadísticas de trata|A2=Contacto: trata@mp.example, tel. +504 2233-4455|" + table, cases: []string{"phone 1", "e-mail 1"}},
		{name: "below the table", cells: table + "|A9=Fuente: Ministerio Público, Sra. María López Torres|A10=trata@mp.example", cases: []string{"name 1", "e-mail 1"}},
		{name: "beside the word", cells: "A1=Contacto|B1=trata@mp.example|C1=(planta)|" + table, cases: []string{"e-mail 2"}},
		{name: "a document's number in a title", cells: "A1=Caso de la víctima con DNI 45678912|" + table, figures: []string{"document 1"}, cases: []string{"document 1"}},
		{name: "a label and a number", cells: "A1=DNI|B1=45678912|A2=Fecha de nacimiento|B2=12/03/2001|" + table, figures: []string{"document 2", "birth-date 2"}, cases: []string{"document 2", "birth-date 2"}},
		{name: "e-mail in a data column", cells: table + "|D6=ana@correo.example", figures: []string{"e-mail 4"}, cases: []string{"e-mail 4"}},
		{name: "a comment on a cell", cells: table, comment: "La víctima llamada Yesenia Zelaya", figures: []string{"name 3"}, cases: []string{"name 3"}},
		{name: "a hidden sheet", cells: table, hid: "A1=Apellidos|B1=Edad|C1=Sexo|A2=Quispe Mamani|B2=17|C2=F", figures: []string{"name 1"}, cases: []string{"name 1"}},
		{name: "the name of a sheet", cells: table, sheet: "Yesenia Zelaya Banegas", figures: []string{"name 0"}, cases: []string{"name 0"}},
		{name: "dates of birth under another heading", cells: "A1=Fecha|B1=Sexo|C1=Referencia" + born(), figures: []string{"birth-date 3"}, cases: []string{"birth-date 3"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := excelize.NewFile()
			name := "Sheet1"
			if c.sheet != "" {
				name = c.sheet
				if err := f.SetSheetName("Sheet1", name); err != nil {
					t.Fatal(err)
				}
			}
			fill(t, f, name, c.cells)
			if c.comment != "" {
				if err := f.AddComment(name, excelize.Comment{Cell: "C6", Author: "x", Text: c.comment}); err != nil {
					t.Fatal(err)
				}
			}
			if c.hid != "" {
				if _, err := f.NewSheet("Oculta"); err != nil {
					t.Fatal(err)
				}
				fill(t, f, "Oculta", c.hid)
				if err := f.SetSheetVisible("Oculta", false); err != nil {
					t.Fatal(err)
				}
			}
			rep := lookXLSX(t, set, f)
			for _, p := range []struct {
				pass gate.Pass
				want []string
			}{{gate.Pass{}, c.figures}, {gate.Pass{Cases: true}, c.cases}} {
				text, have := told(rep, p.pass)
				if diff := cmp.Diff(p.want, have); diff != "" {
					t.Errorf("cases %v: (-want +have)\n%s", p.pass.Cases, diff)
				}
				for _, secret := range []string{"Zelaya", "Quispe", "López", "45678912", "2233", "@"} {
					if strings.Contains(text, secret) {
						t.Errorf("a finding tells what the cell holds: %s", text)
					}
				}
			}
		})
	}
}

// born are rows of a date of a case and one of birth.
func born() string {
	var b strings.Builder
	for i := range 20 {
		fmt.Fprintf(&b, "|A%d=2023-0%d-11|B%d=Mujer|C%d=%d-05-1%d", i+2, 1+i%9, i+2, i+2, 1975+i*2, i%9)
	}
	return b.String()
}

// fill writes cells: "A1=text|B1=text", or parted by spaces where no text has one.
func fill(t *testing.T, f *excelize.File, sheet, cells string) {
	t.Helper()
	var all []string
	for part := range strings.SplitSeq(cells, "|") {
		if strings.Count(part, "=") > 1 {
			all = append(all, strings.Fields(part)...)
		} else {
			all = append(all, part)
		}
	}
	for _, c := range all {
		at, text, ok := strings.Cut(c, "=")
		if !ok {
			t.Fatalf("%q is no cell", c)
		}
		if err := f.SetCellStr(sheet, at, text); err != nil {
			t.Fatal(err)
		}
	}
}

// TestHeadingQuoted never quotes a heading of which no word is known, nor one
// that holds a name: the first row of a file without headings is a person.
func TestHeadingQuoted(t *testing.T) {
	set := codes(t)
	for heading, quoted := range map[string]bool{
		"Documento": true, "N° de DNI de la víctima": true, "Observaciones": true, "prs_IDNumber": true, "Referencia": true, "Nacionalidad": true,
		"Yesenia": false, "Nombre: Yesenia": false, "Documento de Yesenia": false, "0801-1990-12345": false, "luz@correo.example": false, "Víctima Zelaya": false, "": false,
	} {
		rows := [][]string{{"Sexo", "Lugar", heading}}
		for i := range 20 {
			rows = append(rows, []string{"F", "Lima", fmt.Sprintf("0801-19%02d-%05d", 60+i, i*311)})
		}
		rep, _ := look(t, set, "f.csv", asCSV(t, rows))
		text, have := told(rep, gate.Pass{})
		if !slices.Contains(have, "document 3") {
			t.Errorf("%q: %q", heading, have)
		}
		if strings.Contains(text, "0801") || heading != "" && strings.Contains(text, heading) != quoted {
			t.Errorf("%q: quoted or not: %s", heading, text)
		}
		if _, ok := rep.Droppable(); ok != quoted {
			t.Errorf("%q: droppable: %v", heading, ok)
		}
	}
}
