package gate_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/ingest/gate"
)

// What a first user planted in files and the gate let pass. The persons are
// invented. Each stands once among twelve rows about persons, or in each of them.

// cases makes a table of twelve rows about persons with one more column.
func cases(heading string, cells ...string) [][]string {
	rows := [][]string{{"Fecha", "Sexo", heading}}
	for i := range 12 {
		rows = append(rows, []string{fmt.Sprintf("2023-%02d-05", 1+i%9), "Mujer", cells[i%len(cells)]})
	}
	return rows
}

func once(text string) []string {
	dull := []string{"Sin novedad", "Nothing to add", "Encaminhada ao abrigo", "Rien à signaler", "Rescatada en operativo"}
	return append(append(slices.Clone(dull), text), append(dull, dull[0])...)
}

// unlisted are names that no list has.
var unlisted = []string{"Xiadani Zempoalteca", "Yuritzi Tlapanco", "Nayeli Xochihua", "Itzayana Coyotl", "Quetzali Tlaxcalteca", "Xanat Cuauhtle", "Izel Papaqui", "Eréndira Tzintzun", "Zyanya Mixcoatl"}

func TestPlanted(t *testing.T) {
	set := codes(t)
	for _, c := range []struct {
		heading string
		cells   []string
		kind    string
	}{
		// One name in free text, and alone.
		{"Remarks", once("The girl, Kimberly Johnson, was found at the border"), "name"},
		{"Observações", once("A adolescente Letícia Albuquerque foi ouvida"), "name"},
		{"Remarques", once("Entendue hier, Nathalie Dupont est au centre"), "name"},
		{"Observaciones", once("Marisol Gutierrez"), "name"},
		{"Lista", once("María Quispe, Rosa Mamani y Juana Condori"), "name"},
		{"Xyz", once("Nombre: Marisol Gutierrez"), "name"},
		// Documents under headings as people shorten them, with the sign of a text before them, said in a text.
		{"Num. Pasap.", []string{"AB456781", "AB129876"}, "document"},
		{"Carné de extranjería", []string{"001234567", "009876543"}, "document"},
		{"CNH", []string{"12345678900", "98765432109"}, "document"},
		{"documento_identidad", []string{"'45678912", "'40123987"}, "document"},
		{"Observaciones", once("identificada con C.C. No. 1.032.456.789 de Bogotá"), "document"},
		{"Observaciones", once("cédula de ciudadanía 1032456789"), "document"},
		{"Xyz", once("Documento: 45678912"), "document"},
		// Telephones.
		{"Tel. casa", []string{"2233-4455", "2233-9988"}, "phone"},
		{"Observaciones", once("llamar al 987 654 321"), "phone"},
		{"Observaciones", once("wsp 9988-7766 de la madre"), "phone"},
		{"Relato", once("zap (11) 98765-4321"), "phone"},
		{"Remarks", once("reach her on 876-555-0142"), "phone"},
		{"Remarks", once("her number: 876-555-0142"), "phone"},
		{"Observaciones", once("marisol.g78 (arroba) correo.example"), "e-mail"},
		{"Observaciones", once("maria.lopez[arroba]correo.example"), "e-mail"},
		{"WhatsApp", []string{"9988-7766", "3344-5566"}, "phone"},
		{"Fono", []string{"22334455", "99887766"}, "phone"},
		{"Tlf.", []string{"987654321", "912345678"}, "phone"},
		{"GSM", []string{"50937012345", "50936054321"}, "phone"},
		{"Tfno", []string{"987654321", "912345678"}, "phone"},
		{"Fixo", []string{"1133445566", "1122334455"}, "phone"},
		{"Cell", []string{"8765550142", "8765550188"}, "phone"},
		{"Llamar a", []string{"987654321", "912345678"}, "phone"},
		// Documents under letters that mean other things too, and what else points to one person.
		{"Carné", []string{"45678912", "40123987"}, "document"},
		{"NIN", []string{"45678912345", "40123987654"}, "document"},
		{"INE", []string{"4567891234512", "4012398765498"}, "document"},
		{"CE", []string{"001234567", "009876543"}, "document"},
		{"TI", []string{"1032456789", "1099887766"}, "document"},
		{"Observaciones", once("<b>Ana</b> <i>López</i> Martínez"), "name"},
		{"Observaciones", once("Ana\u200bLópez\u200bMartínez"), "name"},
		{"NIF / NIE", []string{"X1234567L", "12345678Z"}, "document"},
		{"Alien number", []string{"200123456", "200654321"}, "document"},
		{"Carnet de conducir", []string{"45678912", "40123987"}, "document"},
		{"No. de expediente migratorio", []string{"4567891223", "4567890123"}, "document"},
		{"Visa No", []string{"45678912", "40123987"}, "document"},
		{"Partida de nacimiento", []string{"63-1234567", "64-7654321"}, "document"},
		{"Certidão", []string{"1234567890", "9876543210"}, "document"},
		{"Historia clínica", []string{"123456", "654321"}, "document"},
		{"HC", []string{"12345678", "87654321"}, "document"},
		{"Cuenta bancaria", []string{"0011-0661-0200123456", "0011-0662-0200654321"}, "document"},
		{"IBAN", []string{"FR7630006000011234", "FR7630006000019876"}, "document"},
		{"IMEI", []string{"356938035643809", "490154203237518"}, "document"},
		{"Observaciones", once("viaja con pasaporte AB123456"), "document"},
		{"D.N.I.", []string{"98765432", "45678912"}, "document"},
		{"R.U.T.", []string{"98765432", "45678912"}, "document"},
		{"C.P.F.", []string{"98765432100", "45678912300"}, "document"},
		{"C.C.", []string{"1032456789", "1099887766"}, "document"},
		{"Céd.", []string{"1032456789", "1099887766"}, "document"},
		{"Observaciones", once("CC 1.032.456.789"), "document"},
		{"Remarks", once("travels on passport no. C1234567"), "document"},
		// Names that no list has, under headings of persons.
		{"Víctima", unlisted, "name"},
		{"Nombre de la sobreviviente", []string{"Xiadani Zempoalteca", "Yuritzi Tlapanco"}, "name"},
		{"Survivor", unlisted, "name"},
		{"Plaignante", unlisted, "name"},
		{"Responsável", unlisted, "name"},
		{"Ap. paterno", []string{"Zempoalteca", "Tlapanco"}, "name"},
		{"Ap. Mat.", []string{"Zempoalteca", "Tlapanco"}, "name"},
		{"Known as", []string{"Xiadani", "Yuritzi"}, "name"},
		// Addresses.
		{"Remarques", once("elle habite au 12 rue Capois"), "address"},
		{"Barrio y calle", []string{"Calle 5 # 10-20 Centro", "Calle 7 # 1-20 Sur", "Calle 8 # 1-20"}, "address"},
		{"Lugar de residencia", []string{"Calle Los Olivos 345", "Jirón Puno 12", "Av. Brasil 450"}, "address"},
		{"Ref", []string{"Cl 45 # 12-34", "Kr 7 # 80-12", "Cll 4 No. 5-6"}, "address"},
		// Dates of birth with two digits of a year, without signs, as a number; of children of few years.
		{"F. de nac.", []string{"12/03/2001", "01/07/1999"}, "birth-date"},
		{"Fec_Nac", []string{"12-mar-01", "01-jul-99"}, "birth-date"},
		{"DOB", []string{"12/03/01", "01/07/99"}, "birth-date"},
		{"Date of birth", []string{"20010312", "19990701"}, "birth-date"},
		{"Fecha de nacimiento", []string{"12032001", "01071999"}, "birth-date"},
		{"Data de Nasc.", []string{"36962", "36342"}, "birth-date"},
		{"Observaciones", once("Fecha de nac.: 12.03.2001"), "birth-date"},
		{"Remarks", once("born March 12th, 1998"), "birth-date"},
		{"Observaciones", once("nació en marzo 12 de 1998"), "birth-date"},
		{"Date naiss.", []string{"12/03/2001", "01/07/1999"}, "birth-date"},
		{"Observações", once("nasc. 12/03/2004"), "birth-date"},
		{"F.N.", []string{"12/03/2001", "01/07/1999"}, "birth-date"},
		{"DDN", []string{"12/03/2001", "01/07/1999"}, "birth-date"},
		{"Nasc.", []string{"12/03/2001", "01/07/1999"}, "birth-date"},
		{"Nació", []string{"12/03/2001", "01/07/1999"}, "birth-date"},
		{"Relato", once("nascida aos 12 de março de 2001"), "birth-date"},
		{"Xyz", []string{"2006-03-12", "2007-04-01", "2008-09-30", "2009-01-02", "2010-05-05", "2011-08-09"}, "birth-date"},
	} {
		rows := cases(c.heading, c.cells...)
		rep, ok := look(t, set, "f.csv", asCSV(t, rows))
		if !ok {
			t.Fatalf("%s: not read", c.heading)
		}
		text, have := told(rep, gate.Pass{Cases: true})
		if !slices.Equal(have, []string{c.kind + " 3"}) {
			t.Errorf("%s %q: have %q, want %s", c.heading, c.cells, have, c.kind)
		}
		for _, cell := range c.cells {
			if strings.Contains(text, cell) && cell != "" {
				t.Errorf("%s: a finding tells what the cell holds", c.heading)
			}
		}
	}
}

// TestInnocentRows: in rows about persons one name is enough, so that what is
// named after persons must be known for it.
func TestInnocentRows(t *testing.T) {
	set := codes(t)
	for heading, cells := range map[string][]string{
		"Tribunal": {"Juzgado Penal Benito Juárez", "Tribunal José Martí"}, "Unidad": {"Comisaría Alfonso Ugarte", "DIVINTRAP Miguel Grau"},
		"Ciudad": {"Juan Lacaze", "Fray Bentos", "José Pedro Varela"}, "Proyecto": {"Proyecto Rosa Luna", "Programa Santa Marta"},
		"Establecimiento": {"Hospital Arzobispo Loayza", "Hogar Santa Rosa", "Casa Ana Frank"}, "Ruta": {"San Pedro Sula - Tegucigalpa", "Santa Rosa - Ocotepeque"},
		"Observaciones": {"Cifras al 31/12/2022", "Convenio con el Instituto Simón Bolívar", "Operativo del 28/07/2022, 15 detenidos"}, "Norma": {"Ley Micaela", "Lei Maria da Penha", "Decreto Supremo 001-2016-IN"},
		"Expediente": {"0801-2020-1234", "123-456-7890", "EXP 2020-00123-0801"}, "Víctima": {"Mujeres", "Niñas", "Directa"}, "Titular": {"Persona Adulta", "Menor De Edad", "Trata Interna"}, "CE": {"12345", "23456"}, "TI": {"Sí", "No"}, "Oficio": {"OF-123-2022", "OF-456-2022", "OF-789-2023"}, "N.º de expediente": {"0801-2022-00123", "0801-2021-00456"}, "Fecha de la denuncia": {"2019-01-02", "2020-02-03", "2021-03-04", "2022-04-05", "2023-05-06"},
		"Línea": {"0800 12 345", "Línea 145"}, "Pasaporte": {"Sí", "No"}, "Delegacia": {"DEAM Maria da Penha", "1ª DP"}, "Edad": {"12-17", "18-29"},
	} {
		rep, _ := look(t, set, "f.csv", asCSV(t, cases(heading, cells...)))
		if _, have := told(rep, gate.Pass{Cases: true}); len(have) > 0 {
			t.Errorf("%s: false alarm %q", heading, have)
		}
	}
}

// TestPlantedAround: below the top of a sheet, in a title, in names of cells.
func TestPlantedAround(t *testing.T) {
	set := codes(t)
	table := "A5=Año B5=Sexo C5=Casos A6=2022 B6=Mujer C6=3 A7=2023 B7=Hombre C7=4"
	low := "A1=Informe|B1=x|C1=y"
	for i := range 6 {
		low += fmt.Sprintf("|A%d=Año|B%d=2023|C%d=x", i+2, i+2, i+2)
	}
	low += "|A8=Fecha|B8=Sexo|C8=DNI"
	for i := range 9 {
		low += fmt.Sprintf("|A%d=2023-0%d-05|B%d=Mujer|C%d=%d", i+9, i+1, i+9, i+9, 45678900+31*i)
	}
	for _, c := range []struct {
		name, cells, comment, defined string
		want                          []string
	}{
		{name: "headings below the top", cells: low, want: []string{"document 3"}},
		{name: "a victim in a title of figures", cells: "A1=Ficha de la víctima Marisol Quispe|" + table, want: []string{"name 1"}},
		{name: "an official in a title of figures", cells: "A1=Elaborado por la Sra. Marisol Quispe|" + table},
		{name: "a short comment", cells: table, comment: "Incluye a Marisol Quispe", want: []string{"name 3"}},
		{name: "a name of cells", cells: table, defined: "Marisol_Quispe", want: []string{"name 0"}},
		{name: "an innocent name of cells", cells: table, defined: "Casos_2023"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := excelize.NewFile()
			fill(t, f, "Sheet1", c.cells)
			if c.comment != "" {
				if err := f.AddComment("Sheet1", excelize.Comment{Cell: "C6", Author: "x", Text: c.comment}); err != nil {
					t.Fatal(err)
				}
			}
			if c.defined != "" {
				if err := f.SetDefinedName(&excelize.DefinedName{Name: c.defined, RefersTo: "Sheet1!$A$1"}); err != nil {
					t.Fatal(err)
				}
			}
			rep := lookXLSX(t, set, f)
			text, have := told(rep, gate.Pass{})
			if !slices.Equal(have, c.want) || strings.Contains(text, "Quispe") || strings.Contains(text, "456789") {
				t.Errorf("have %q, want %q: %s", have, c.want, text)
			}
		})
	}
}

// TestForm: a name has no place in the form, not even an official's; of contacts
// around a table it tells itself.
func TestForm(t *testing.T) {
	set := codes(t)
	for text, want := range map[string][]string{
		"Elaborado por la Sra. Marisol Quispe": {"name 1"}, "Marisol Quispe fue trasladada": {"name 1"}, "vive en Calle Los Olivos 345": {"address 1"},
		"Pregunte a trata@mp.example": nil, "Ministerio Público, tel. 2233-4455": nil, "DNI 45678912": {"document 1"},
	} {
		rep, _ := look(t, set, "f.csv", asCSV(t, [][]string{{text}, {"Año", "Sexo", "Casos"}, {"2023", "Mujer", "4"}}))
		if _, have := told(rep, gate.Pass{Form: true}); !slices.Equal(have, want) {
			t.Errorf("%q: have %q, want %q", text, have, want)
		}
	}
}

func TestFileName(t *testing.T) {
	set := codes(t)
	for name, want := range map[string]bool{
		"Marisol Quispe.xlsx": true, "casos/marisol_quispe_rojas.csv": true, "Quispe-Mamani-Marisol 2023.ods": true, "caso_DNI_45678912.xlsx": true, "luz@correo.example.csv": true, "2023.Marisol.Quispe.csv": true,
		"trata_2024.xlsx": false, "hnd-victimas-2024-03.xlsx": false, "San José 2023.csv": false, "Santa Cruz.csv": false, "Costa Rica.xlsx": false, "El Salvador_2022.csv": false,
		"18-12-a.csv": false, "Indicator_16-2-2.csv": false, "data_glotip.xlsx": false, "informe 28950-2007.xlsx": false, "Trinidad and Tobago.csv": false, "San Vicente y las Granadinas.csv": false, "2024-01-31 20240131.csv": false,
		"victima - Informe Anual.xlsx": false, "Ficha de la víctima.xlsx": false, "Victim_Statistics_2023.csv": false, "víctima Yuleisy Quej.xlsx": true, "Caso víctima Y.Q.L..xlsx": true,
		"DNI45678912.csv": true, "caso Roodly Jean.csv": true, "María López víctima.csv": true, "Roodly_Jean_caso_12.csv": true, "San José caso.csv": false, "Costa Rica caso 3.csv": false, "Informe Nacional víctima.csv": false, "Caso 12 Roodly_Jean.xlsx": true, "ANA_LOPEZ_MARTINEZ.csv": true,
		"caso Costa Rica.csv": false, "Caso Campo Algodonero.xlsx": false, "caso San José.csv": false, "Casos Nuevos 2023.csv": false, "caso Ciudad Juárez.csv": false, "run20240131.csv": false, "Ficha Técnica Nacional.xlsx": false, "H1_2023_CASOS.csv": false,
	} {
		have, err := gate.FileName(name, set)
		if err != nil || have != want {
			t.Errorf("%s: %v (%v)", name, have, err)
		}
	}
}
