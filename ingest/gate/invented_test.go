package gate_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// Everything here is invented: names are drawn at random from lists, numbers
// get the check digits that their States prescribe.

// tongue is what an invented file of one language is made of.
type tongue struct {
	given, surnames []string
	headings        map[string][]string // kind → headings
	innocent        []string            // headings of a table of cases
	values          [][]string          // under them
	free            string              // heading of free text
	dull            []string            // free text about nobody
	said            map[string]string   // kind → a text that holds %s
	document        func(*rand.Rand) string
	phone           func(*rand.Rand) string
	street          []string
}

func digits(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + r.IntN(10))
	}
	b[0] = byte('1' + r.IntN(9))
	return string(b)
}

func checkCPF(d string) string {
	for n := 10; n <= 11; n++ {
		sum := 0
		for i := range d {
			sum += int(d[i]-'0') * (n - i)
		}
		c := 11 - sum%11
		if c > 9 {
			c = 0
		}
		d += string(rune('0' + c))
	}
	return d
}

func inventedCPF(r *rand.Rand) string {
	d := checkCPF(digits(r, 9))
	return d[:3] + "." + d[3:6] + "." + d[6:9] + "-" + d[9:]
}

var tongues = map[string]tongue{
	"es": {
		given:    []string{"María", "José", "Yesenia", "Wilmer", "Rosa", "Carlos", "Daniela", "Miguel", "Keyla", "Luz"},
		surnames: []string{"Quispe", "Hernández", "Zelaya", "Mamani", "Rodríguez", "Banegas", "Huamán", "Castillo", "Pineda", "Torres"},
		headings: map[string][]string{"name": {"Nombre completo", "APELLIDOS Y NOMBRES", "nombre_victima"}, "document": {"DNI", "Cédula", "N° de documento", "Pasaporte"},
			"phone": {"Teléfono", "Celular"}, "e-mail": {"Correo electrónico"}, "address": {"Dirección", "Domicilio"}, "birth-date": {"Fecha de nacimiento", "F. Nac."}},
		innocent: []string{"Año", "Sexo", "Nacionalidad", "Municipio"}, values: [][]string{{"2022", "2023"}, {"Mujer", "Hombre"}, {"Hondureña", "Peruana", "Colombiana"}, {"San Pedro Sula", "Benito Juárez", "Villa El Salvador"}},
		free: "Observaciones", dull: []string{"Caso derivado a la fiscalía especializada en 2022.", "Sin novedad", "Rescatada en operativo conjunto con la policía nacional", "Ley 28950 (2007), art. 153"},
		said:     map[string]string{"name": "La víctima, llamada %s, fue trasladada al albergue", "document": "Se identificó con DNI %s ante la autoridad", "phone": "Contactar al tel. %s por la noche", "e-mail": "escribe desde %s a su familia", "address": "la menor vive en Calle %s con su tía", "birth-date": "dijo haber nacido el %s en la costa"},
		document: func(r *rand.Rand) string { return digits(r, 8) }, phone: func(r *rand.Rand) string { return "9" + digits(r, 8) }, street: []string{"Los Olivos", "Las Flores", "Grau"},
	},
	"pt": {
		given:    []string{"João", "Francisca", "Thiago", "Jucara", "Raimundo", "Beatriz", "Severino", "Luana"},
		surnames: []string{"da Silva", "Oliveira", "dos Santos", "Cavalcante", "Ferreira", "Souza", "Nascimento"},
		headings: map[string][]string{"name": {"Nome completo", "Nome da vítima", "Sobrenome"}, "document": {"CPF", "RG", "Passaporte"}, "phone": {"Telefone", "Celular"}, "e-mail": {"E-mail"}, "address": {"Endereço", "Logradouro"}, "birth-date": {"Data de nascimento", "Dt. Nasc."}},
		innocent: []string{"Ano", "Sexo", "UF", "Município"}, values: [][]string{{"2022", "2023"}, {"Feminino", "Masculino"}, {"SP", "CE"}, {"São Paulo", "Santo André", "Juazeiro do Norte"}},
		free: "Relato", dull: []string{"Encaminhada ao centro de referência em 2022.", "Sem novidade", "Lei 13.344/2016, art. 149-A"},
		said:     map[string]string{"name": "A vítima, chamada %s, foi levada ao abrigo", "document": "Apresentou o CPF %s na delegacia", "phone": "ligar para o telefone %s à noite", "e-mail": "escreve de %s à família", "address": "a menor mora na Rua %s com a tia", "birth-date": "declarou ter nascido em, nascida em %s no interior"},
		document: inventedCPF, phone: func(r *rand.Rand) string { return "(" + digits(r, 2) + ") 9" + digits(r, 4) + "-" + digits(r, 4) }, street: []string{"das Flores", "Sete de Setembro", "do Sol"},
	},
	"en": {
		given:    []string{"Shanice", "Winston", "Priya", "Devon", "Mary", "Keisha", "Anil", "Tanisha"},
		surnames: []string{"Campbell", "Persaud", "Ramkissoon", "Brown", "Grant", "Williams", "Reid"},
		headings: map[string][]string{"name": {"Full name", "Victim name", "prs_FirstName"}, "document": {"Passport number", "TRN", "SSN"}, "phone": {"Phone", "Mobile phone"}, "e-mail": {"Email"}, "address": {"Home address", "Street"}, "birth-date": {"Date of birth", "DOB"}},
		innocent: []string{"Year", "Sex", "Citizenship", "Parish"}, values: [][]string{{"2022", "2023"}, {"Female", "Male"}, {"Jamaican", "Guyanese"}, {"Saint Andrew", "Clarendon", "Saint Mary"}},
		free: "Remarks", dull: []string{"Referred to the shelter in 2022.", "Nothing to add", "Rescued in a joint operation with the police of the parish"},
		said:     map[string]string{"name": "The victim, named %s was taken to the shelter", "document": "showed passport %s at the border", "phone": "call phone %s at night", "e-mail": "writes from %s to her family", "address": "the child lives at %s with an aunt", "birth-date": "she was born on %s in the north"},
		document: func(r *rand.Rand) string { return "A" + digits(r, 7) }, phone: func(r *rand.Rand) string { return "876-" + digits(r, 3) + "-" + digits(r, 4) }, street: []string{"Hope Road", "King Street", "Church Lane"},
	},
	"fr": {
		given:    []string{"Jean-Baptiste", "Guerline", "Wilner", "Mirlande", "Marie", "Fritznel", "Nadège", "Roseline"},
		surnames: []string{"Pierre", "Dorvil", "Jean-Louis", "Desrosiers", "Saintil", "Exantus", "Tremblay"},
		headings: map[string][]string{"name": {"Nom et prénom", "Prénoms", "Nom de la victime"}, "document": {"Passeport", "NIF", "N° de carte d'identité"}, "phone": {"Téléphone"}, "e-mail": {"Courriel"}, "address": {"Adresse"}, "birth-date": {"Date de naissance", "Né(e) le"}},
		innocent: []string{"Année", "Sexe", "Nationalité", "Commune"}, values: [][]string{{"2022", "2023"}, {"Femme", "Homme"}, {"Haïtienne", "Dominicaine"}, {"Port-au-Prince", "Saint-Marc", "Jean-Rabel"}},
		free: "Remarques", dull: []string{"Orientée vers le centre d'accueil en 2022.", "Rien à signaler", "Secourue lors d'une opération conjointe de la police"},
		said:     map[string]string{"name": "La victime, nommée %s a été conduite au centre", "document": "a présenté son passeport %s à la frontière", "phone": "appeler au téléphone %s le soir", "e-mail": "elle écrit de %s à sa famille", "address": "la mineure habite rue %s chez sa tante", "birth-date": "elle est née le %s dans le nord"},
		document: func(r *rand.Rand) string { return "RD" + digits(r, 7) }, phone: func(r *rand.Rand) string { return "+509 " + digits(r, 4) + " " + digits(r, 4) }, street: []string{"des Miracles", "Capois", "du Quai"},
	},
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// invented makes one identifier of a kind.
func (t *tongue) invented(kind string, r *rand.Rand) string {
	switch kind {
	case "name":
		return pick(r, t.given) + " " + pick(r, t.surnames) + " " + pick(r, t.surnames)
	case "document":
		return t.document(r)
	case "phone":
		return t.phone(r)
	case "e-mail":
		return fmt.Sprintf("%s%d@correo.example", []string{"luz", "ana", "jo"}[r.IntN(3)], r.IntN(1000))
	case "address":
		if t.innocent[0] == "Year" {
			return fmt.Sprintf("%d %s", 1+r.IntN(200), pick(r, t.street))
		}
		return fmt.Sprintf("%s %d", pick(r, t.street), 1+r.IntN(900))
	default:
		return fmt.Sprintf("%02d/%02d/%d", 1+r.IntN(28), 1+r.IntN(12), 1970+r.IntN(40))
	}
}

// table makes a table of n cases with one more column.
func (t *tongue) table(n int, heading string, r *rand.Rand, cell func(i int) string) [][]string {
	rows := [][]string{append(append([]string{}, t.innocent...), heading)}
	for i := range n {
		var row []string
		for _, v := range t.values {
			row = append(row, pick(r, v))
		}
		rows = append(rows, append(row, cell(i)))
	}
	return rows
}

// formats write a table in each format.
var formats = map[string]func(testing.TB, [][]string) []byte{"csv": asCSV, "xlsx": asXLSX, "ods": asODS}

func asCSV(_ testing.TB, rows [][]string) []byte {
	var b strings.Builder
	for _, row := range rows {
		for i, c := range row {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(`"` + strings.ReplaceAll(c, `"`, `""`) + `"`)
		}
		b.WriteByte('\n')
	}
	return []byte(b.String())
}

func asXLSX(t testing.TB, rows [][]string) []byte {
	f := excelize.NewFile()
	for i, row := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asODS(t testing.TB, rows [][]string) []byte {
	var x bytes.Buffer
	x.WriteString(`<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:spreadsheet><table:table table:name="Datos">`)
	for _, row := range rows {
		x.WriteString("<table:table-row>")
		for _, c := range row {
			x.WriteString(`<table:table-cell office:value-type="string"><text:p>`)
			if err := xml.EscapeText(&x, []byte(c)); err != nil {
				t.Fatal(err)
			}
			x.WriteString("</text:p></table:table-cell>")
		}
		x.WriteString("</table:table-row>")
	}
	x.WriteString(`</table:table></office:spreadsheet></office:body></office:document-content>`)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range []struct{ name, text string }{
		{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
		{"META-INF/manifest.xml", `<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>`},
		{"content.xml", x.String()},
	} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(part.text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
