package gate_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/oas/tipstat/ingest/gate"
)

// said is a text that stands once among others: what it is taken for in rows
// about persons, and in a column of figures.
type said struct{ text, cases, figures string }

func testSaid(t *testing.T, texts []said) {
	t.Helper()
	set := codes(t)
	for _, c := range texts {
		rep, ok := look(t, set, "f.csv", asCSV(t, cases("Observaciones", once(c.text)...)))
		if !ok {
			t.Fatalf("%q: not read", c.text)
		}
		for _, as := range []struct {
			what, want string
			pass       gate.Pass
		}{{"rows about persons", c.cases, gate.Pass{Cases: true}}, {"figures", c.figures, gate.Pass{}}} {
			var want []string
			if as.want != "" {
				want = []string{as.want + " 3"}
			}
			if _, have := told(rep, as.pass); !slices.Equal(have, want) {
				t.Errorf("%q in %s: have %q, want %q", c.text, as.what, have, want)
			}
		}
	}
}

// TestSaidDocument: a count behind the word passport is no number of one.
func TestSaidDocument(t *testing.T) {
	testSaid(t, []said{
		{"Sin pasaporte: de 12000 personas", "", ""},
		{"SIN PASAPORTE: DE 12000 PERSONAS", "", ""},
		{"Con pasaporte: en 2023 12000 personas", "", ""},
		{"Sem passaporte: das 45000 vítimas", "", ""},
		{"without passport: of 12000 persons", "", ""},
		{"sans passeport : sur 12000 personnes", "", ""},
		{"viaja con pasaporte AB 123456", "document", "document"},
		{"viaja con pasaporte ab123456", "document", "document"},
		{"Pasaporte n.º G12345678", "document", "document"},
		{"con CURP GOMC900514MDFRRR09", "document", "document"},
		{"sin CURP, 12 personas del programa 2023", "", ""},
		{"passeport n° RD 1234567", "document", "document"},
	})
}

// TestSaidBirth: the month of a date of birth is one of the four languages.
func TestSaidBirth(t *testing.T) {
	testSaid(t, []said{
		{"born in Honduras 12, 2019", "", ""},
		{"nacidos en Honduras 12, 2019", "", ""},
		{"born on 12 of Honduras 2019", "", ""},
		{"nascida em Manaus 12, 2019", "", ""},
		{"born March 12th, 1998", "birth-date", "birth-date"},
		{"nacida el 12 de setiembre de 2001", "birth-date", "birth-date"},
		{"nascida em 3 de março de 2001", "birth-date", "birth-date"},
		{"née le 4 août 2001", "birth-date", "birth-date"},
		{"nacida el 12-ene-01", "birth-date", "birth-date"},
	})
}

// TestThings: what a column or a label calls the name of a thing is no person's,
// though houses and programmes bear names of persons; a victim's name there is.
func TestThings(t *testing.T) {
	testSaid(t, []said{
		{"Name of shelter: Mary Ward", "", ""},
		{"Nombre del albergue: Rosa Parks", "", ""},
		{"Nombre de la institución: Rosa Parks", "", ""},
		{"Nombre del proyecto: Juana Azurduy", "", ""},
		{"Nome do abrigo: Maria Silva", "", ""},
		{"Nom du refuge : Marie Dupont", "", ""},
		{"Nom du foyer : Marie Dupont", "", ""},
		{"Nom : Marie Dupont", "name", "name"},
		{"Nombre: Marisol Quispe", "name", "name"},
	})
	set := codes(t)
	persons := []string{"Mary Ward", "Rosa Parks", "Juana Manso", "Ana Frank"}
	for heading, want := range map[string][]string{
		"Name of shelter": nil, "Shelter name": nil, "Nombre del albergue": nil, "Nombre del programa": nil, "Nombre de la institución": nil, "Nombre del proyecto": nil,
		"Nome do abrigo": nil, "Nome da instituição": nil, "Nom du refuge": nil, "Nom du foyer": nil, "Nom du projet": nil, "Programa": nil,
		"Nombre": {"name 3"}, "Nombre de la víctima en el albergue": {"name 3"}, "Name": {"name 3"},
	} {
		rep, _ := look(t, set, "f.csv", asCSV(t, cases(heading, persons...)))
		for _, p := range []gate.Pass{{}, {Cases: true}} {
			if _, have := told(rep, p); !slices.Equal(have, want) {
				t.Errorf("%s (cases %v): have %q, want %q", heading, p.Cases, have, want)
			}
		}
	}
	for _, heading := range []string{"Mãe", "Apellidos (programa)"} { // Mae is a given name too, and a heading all the same
		rep, _ := look(t, set, "f.csv", asCSV(t, cases(heading, persons...)))
		if _, have := told(rep, gate.Pass{Cases: true}); !slices.Equal(have, []string{"name 3"}) {
			t.Errorf("%s: have %q", heading, have)
		}
	}
}

// TestSaidBorn: a full date behind a word or letters for birth, with the place between or not.
func TestSaidBorn(t *testing.T) {
	for _, text := range []string{"f.n. 12/03/1999", "f/n 12/03/1999", "F/N: 12-03-99", "F. Nac. 12/03/1999", "DOB 12/03/1999", "D.O.B. 12 March 1999", "DN 12/03/1999", "D.N. 12/03/1999", "née le 12/03/1999", "né(e) le 12/03/1999", "née: 12/03/1999",
		"nacida en Choloma el 12/03/2001", "born in Kingston on 12 March 2001", "née à Jacmel le 12 mars 2001", "nascida em Manaus no dia 12/03/2001"} {
		testSaid(t, []said{{text, "birth-date", "birth-date"}})
	}
	for _, text := range []string{"DN 12/2019", "Decreto DN 12-2019", "NE 12/03/2019", "nacida en Choloma en 2001", "born in Kingston, 12 cases in 2019", "née en Haïti en 1999", "nascidas no Brasil: 12 em 2019", "F/N 12", "Operativo del 12/03/2019"} {
		testSaid(t, []said{{text, "", ""}})
	}
}

// TestSaidAddress: a house and its number refuse rows about persons; a place does not.
func TestSaidAddress(t *testing.T) {
	for _, text := range []string{"vive en barrio Abajo, casa 12", "colonia Kennedy, bloque 4, casa 12", "Col. San José, casa 12", "Bo. El Centro, casa 12", "Colonia Kennedy, zona 3, casa 12", "caserío El Tablón, casa 3", "aldea El Tablón, casa s/n", "bairro Jardim América n. 12", "Bairro Centro, nº 12",
		"quartier Delmas, maison 12", "lote 5 manzana 12", "Mz. B Lt. 4", "Kennedy, bloque 4, casa 12", "CEP 01310-100", "CEP: 01310100"} {
		testSaid(t, []said{{text, "address", ""}})
	}
	for _, text := range []string{"barrio Abajo: 12 casos", "colonia Kennedy, 12 víctimas", "barrio 12 de Octubre", "Colonia 15 de Septiembre", "caserío 3 casos en 2022", "CEP 2019-2020", "CEP 12345 casos", "bairro conforme a Lei n. 13.344/2016", "barrio Abajo, comisaría n. 12", "barrio Abajo, expediente n.º 12",
		"Casa de acogida con 12 plazas", "operativo conjunto en 12 barrios", "albergue, casa 24 horas"} {
		testSaid(t, []said{{text, "", ""}})
	}
	set := codes(t)
	for heading, column := range map[string][]string{
		"Domicilio": {"Col. Kennedy, bloque 4, casa 12", "Barrio Abajo, casa 7"}, "Dir.": {"Col. Kennedy, casa 12", "Abajo 7"}, "CEP": {"01310-100", "01310100"}, "Colonia": {"Kennedy, bloque 4, casa 12", "Abajo, casa 3"}, "Barrio": {"Abajo, casa 12", "El Centro, casa 3"},
	} {
		rep, _ := look(t, set, "f.csv", asCSV(t, cases(heading, column...)))
		if _, have := told(rep, gate.Pass{Cases: true}); !slices.Equal(have, []string{"address 3"}) {
			t.Errorf("%s: have %q", heading, have)
		}
	}
	for heading, column := range map[string][]string{
		"Dir.": {"Dirección de Trata", "Norte"}, "CEP": {"Sí", "No"}, "Colonia": {"Kennedy", "15 de Septiembre"}, "Barrio": {"Abajo", "Barrio 12"}, "Domicilio": {"Urbano", "Rural"},
	} {
		rep, _ := look(t, set, "f.csv", asCSV(t, cases(heading, column...)))
		if _, have := told(rep, gate.Pass{Cases: true}); len(have) > 0 {
			t.Errorf("%s: false alarm %q", heading, have)
		}
	}
}

// TestStreetNumber: a house's number and the word of a street, as the four languages put them,
// refuse rows about persons, under whatever heading; one is no column of figures.
func TestStreetNumber(t *testing.T) {
	for _, text := range []string{"24 Hope Road, Kingston 6", "15 Main Street, Belmopan", "Lot 12 Sheriff Street", "she stayed at 7A Duke Street in town", "12 Palm Close", "3 5th Avenue", "24 HOPE ROAD", "9 Victoria St.",
		"14 rue Capois", "14, rue Capois, Port-au-Prince", "7, impasse Lavaud", "14 boul. Jean-Jacques Dessalines", "14 bis, rue de la Réunion", "12, route de Frères", "RUE CAPOIS 14", "logée au 33, avenue Christophe",
		"calle 12 No. 345", "Carrera 7 # 32-16", "Cra 7 32-16", "3a Avenida 5-55 zona 1", "13 calle 4-55, zona 10", "6ª Av. 7-21", "Calle Bolívar 345", "Av. Grau 1203, piso 2", "CALLE LOS OLIVOS 123", "Jr. Puno N° 123", "la casa de calle 9 de Julio 450", "c/ Mayor 12",
		"Rua das Flores, 123", "Rua Sete de Setembro, nº 45", "Av. Paulista 1578, apto 3", "Travessa do Sol 12"} {
		testSaid(t, []said{{text, "address", ""}})
	}
	for _, text := range []string{"Calle", "en situación de calle desde 2019", "EN CALLE DESDE LOS 12", "explotada en la calle con 2 menores", "Ruta 5", "Ruta 5 Norte", "Article 7 Road Traffic Act", "Section 12 Main Road Traffic Act", "Main Street police station", "12 Haitian Street Children", "4 Jamaican street vendors",
		"Operativo en Avenida Bolívar, 12 detenidas", "Operativo en Avenida Bolívar 2023", "Avenida Central: 12", "calle 12", "en 2019, rue Capois", "12 victimes, rue Capois", "Loi 14 rue", "Carrera 7", "carrera de Derecho 3", "3a avenida", "Lei 13.344/2016, rua", "rua ou praça, 12", "la route de Santo Domingo", "3 cases on Hope Road", "Artículo 12 Calle", "Kingston 6", "5 St. Andrew", "12 mujeres en calle", "2 avenidas"} {
		testSaid(t, []said{{text, "", ""}})
	}
	set := codes(t)
	for heading, cell := range map[string]string{"Lieu": "14, rue Capois, Port-au-Prince", "Note": "24 Hope Road, Kingston 6", "Lugar": "3a Avenida 5-55 zona 1", "Agency": "Main Street police station", "Lugar de captación": "Calle", "Norma": "Ruta 5", "Reference": "Article 7 Road Traffic Act"} {
		rep, _ := look(t, set, "f.csv", asCSV(t, cases(heading, once(cell)...)))
		_, have := told(rep, gate.Pass{Cases: true})
		if address := slices.Contains([]string{"Lieu", "Note", "Lugar"}, heading); address && !slices.Equal(have, []string{"address 3"}) || !address && len(have) > 0 {
			t.Errorf("%s, %q: have %q", heading, cell, have)
		}
	}
}

// TestInitials: initials of persons under a heading that announces them, or several in rows
// about persons; not those of bodies and countries.
func TestInitials(t *testing.T) {
	testSaid(t, []said{
		{"Iniciales: M.J.R.", "initials", "initials"},
		{"Iniciais = A. B. C.", "initials", "initials"},
		{"Initiales : J. P. M.", "initials", "initials"},
		{"la P.N.C. y el M.P.", "", ""},
		{"Iniciales de la institución: S.D.", "", ""},
	})
	set := codes(t)
	for _, c := range []struct {
		heading string
		cells   []string
		want    string
	}{
		{"Iniciales", []string{"H.J.C.", "R.P.J."}, "initials"},
		{"Initials", []string{"HJC", "RPJ"}, "initials"},
		{"Iniciais da vítima", []string{"H.J.C.", "R.P.J."}, "initials"},
		{"Víctima", []string{"H.J.C.", "R.P.J."}, "initials"},
		{"Nombre", []string{"H.J.C.", "R.P.J."}, "initials"},
		{"Institución", []string{"P.N.C.", "M.P."}, ""},
		{"Remitida por", []string{"P.N.C.", "M.P."}, ""},
		{"País", []string{"E.U.A.", "R.D."}, ""},
	} {
		rep, ok := look(t, set, "f.csv", asCSV(t, cases(c.heading, c.cells...)))
		if !ok {
			t.Fatalf("%s: not read", c.heading)
		}
		_, have := told(rep, gate.Pass{Cases: true})
		if got := slices.ContainsFunc(have, func(s string) bool { return strings.HasPrefix(s, "initials") }); got != (c.want != "") {
			t.Errorf("%s %q: have %q, want %q", c.heading, c.cells, have, c.want)
		}
	}
}

// TestBirthHeadings: a date under a heading of birth refuses in the four languages, in a file
// of one row too.
func TestBirthHeadings(t *testing.T) {
	set := codes(t)
	for _, heading := range []string{"Nacimiento", "Nacido el", "Nascimento", "Nascido em", "Birth", "Born on", "Naissance", "Né(e) le"} {
		rep, ok := look(t, set, "f.csv", asCSV(t, cases(heading, "03/06/1999")))
		if !ok {
			t.Fatalf("%s: not read", heading)
		}
		if _, have := told(rep, gate.Pass{Cases: true}); len(have) != 1 {
			t.Errorf("%s: have %q", heading, have)
		}
	}
}
