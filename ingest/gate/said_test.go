package gate_test

import (
	"slices"
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
