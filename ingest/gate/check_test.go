package gate

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

// TestChecks: numbers are examples of the offices that give them, or invented
// with a check digit worked out by hand; each fails with one digit changed.
func TestChecks(t *testing.T) {
	lx, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		check     string
		good, bad []string
	}{
		{"cpf", []string{"529.982.247-25", "111.444.777-35"}, []string{"529.982.247-26", "111.111.111-11"}},
		{"rut", []string{"12.345.678-5", "11.111.112-K", "30.686.957-4"}, []string{"12.345.678-9", "11.111.111-1"}},
		{"cuil", []string{"20-12345678-6"}, []string{"20-12345678-7", "99-12345678-6"}},
		{"pis", []string{"120.56412.54-5"}, []string{"120.56412.54-7"}},
		{"ci-uy", []string{"1.234.567-2"}, []string{"1.234.567-3"}},
		{"curp", []string{"HEGG560427MVZRRL04", "hegg560427mvzrrl04"}, []string{"HEGG560427MVZRRL05", "HEGG561327MVZRRL04"}},
		{"yymmdd", []string{"GOMC900101AB1"}, []string{"GOMC901301AB1"}},
		{"dui", []string{"00016297-5"}, []string{"00016297-4"}},
		{"luhn", []string{"046 454 286", "001-0000007-4"}, []string{"046 454 287"}},
		{"cedula-ec", []string{"1710034065"}, []string{"1710034066", "9910034065", "2584554505"}},
		{"ssn", []string{"123-45-6789"}, []string{"000-45-6789", "666-45-6789", "900-45-6789", "123-00-6789"}},
		{"dpi", []string{"2345 67899 0101"}, []string{"2345 67894 0101", "2345 67899 2301"}},
		{"venezuela", []string{"V-12345678"}, []string{"A-12345678"}},
		{"dni-hn", []string{"0801-1990-12345"}, []string{"0801-3990-12345"}},
		{"no-years", []string{"1-0234-0567"}, []string{"1-2019-2020"}},
		{"phone", []string{"2233-4455", "987 654 321", "+504 2233-4455", "(81) 99640-5151"}, []string{"2019-2020", "1 234 567", "12.345.678", "123456"}},
		{"long-number", []string{"A1234567", "45678912", "0801-1990-12345"}, []string{"28950-2007", "123456", "2019 2020"}},
		{"e-mail", []string{"a@b.example"}, []string{"a@b", "@", "a b"}},
		{"person", []string{"María López", "LÓPEZ PÉREZ, JUAN", "Jean-Baptiste Pierre", "Ana da Silva", "J. Hernández María"},
			[]string{"San José", "María", "Benito Juárez 12", "Víctima María López", "Hospital Juan Pérez", "Trata de personas", "", "Costa Rica", "Explotación sexual"}},
		{"given", []string{"María", "José Luis", "ANA"}, []string{"", "María López Xyz", "Lima"}},
		{"person-in-text", []string{"refiere Yesenia Zelaya que", "conoció a Juan de la Cruz ayer"}, []string{"el Hospital Juan Pérez", "en San Juan Flores", "juan pérez", "Calle José Díaz"}},
		{"known-name", []string{"María", "María de los Ángeles Xyz", "Zelaya Pineda"}, []string{"Directa", "Presidenta", "San José"}},
	} {
		for want, texts := range map[bool][]string{true: c.good, false: c.bad} {
			for _, s := range texts {
				if have := checks[c.check](lx, s); have != want {
					t.Errorf("%s %q: %v", c.check, s, have)
				}
			}
		}
	}
}

// TestIdentifiers reads the data: forms can be met, words are as they are
// compared, kinds have findings.
func TestIdentifiers(t *testing.T) {
	lx, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	form, ids := regexp.MustCompile(`^[9A .()/-]{5,24}$`), map[string]bool{}
	for _, k := range lx.Kinds {
		if f := record.NewFinding(k.Finding, record.Place{}); f.Message("fr") == "" || f.Severity != record.Error {
			t.Errorf("%s: finding %q", k.ID, k.Finding)
		}
		for _, list := range [][]string{k.Headings, k.Alone, k.Short, k.Named, k.Weak, k.Not} {
			for _, w := range list {
				if normal(w) != w {
					t.Errorf("%s: %q is never met: it is compared as %q", k.ID, w, normal(w))
				}
			}
		}
		for _, c := range k.Contents {
			if ids[c.ID] || c.Cells > enough {
				t.Errorf("%s: twice, or more than %d cells", c.ID, enough)
			}
			ids[c.ID] = true
			for _, f := range c.Forms {
				if !form.MatchString(f) || strings.Trim(f, "A") == "" {
					t.Errorf("%s: form %q", c.ID, f)
				}
			}
			for _, u := range c.Unless {
				if u != "elsewhere" && u != "codes" && u != "things" {
					t.Errorf("%s: unless %q", c.ID, u)
				}
			}
			if c.re != nil && c.check != nil && c.re.NumSubexp() == 0 {
				t.Errorf("%s: a pattern with a check needs a group", c.ID)
			}
		}
	}
	for _, w := range lx.Nothing { // of cells, not of headings
		if codelist.Normalise(w) != w {
			t.Errorf("%q is never met: it is compared as %q", w, codelist.Normalise(w))
		}
	}
	for _, list := range [][]string{lx.Persons, lx.Fillers, lx.Ages, lx.Counted, lx.Plain, lx.Regions, lx.Many, lx.Initials, lx.Things, lx.Elsewhere, lx.Headings, lx.Codes, lx.Born.Not, lx.Contact, lx.Places} {
		for _, w := range list {
			if normal(w) != w {
				t.Errorf("%q is never met: it is compared as %q", w, normal(w))
			}
		}
	}
	if len(lx.given) < 3000 || len(lx.surnames) < 1500 {
		t.Errorf("only %d given names and %d surnames", len(lx.given), len(lx.surnames))
	}
}

// TestMonths: patterns know every month by the labels of CL_MONTH.
func TestMonths(t *testing.T) {
	lx, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	set, err := codelist.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	months, ok := set.List("CL_MONTH")
	if !ok {
		t.Fatal("no CL_MONTH")
	}
	for _, c := range months.Codes() {
		for lang, name := range c.Name {
			if c.ID[0] != '_' && !slices.Contains(lx.Words["month"], strings.ToLower(name)) {
				t.Errorf("%s (%s) is lacking", name, lang)
			}
		}
	}
	for name := range lx.Words {
		if !strings.Contains(string(identifiersYAML), "{"+name+"}") {
			t.Errorf("no pattern names {%s}", name)
		}
	}
}

func TestDateYear(t *testing.T) {
	for s, want := range map[string]int{
		"2001-03-12": 2001, "12/03/2001": 2001, "12.3.2001": 2001, "12-03-2001 00:00": 2001, "12 de marzo de 2001": 2001, "March 12, 2001": 2001, "12 Mar 2001": 2001,
		"1er mars 2001": 2001, "25 Aug 2004 a": 2004, "2001-03-12T00:00:00": 2001,
		"2001": 0, "03/2001": 0, "marzo de 2001": 0, "2019-2020": 0, "12/03/01": 0, "": 0, "Ley 12 de 2001": 0, "45678912": 0,
	} {
		if have := dateYear(s); have != want {
			t.Errorf("%q: %d, want %d", s, have, want)
		}
	}
}

// FuzzMark: no text makes it panic, and the same text has the same mark.
func FuzzMark(f *testing.F) {
	for _, s := range []string{"", "DNI 45678912", "ＤＮＩ ４５６７８９１２", "529.982.247-25", "12.345.678-K", "María López", "la víctima, llamada Ana Ruiz, vive en Calle 5 # 10-20, tel. 9988-7766", "\xff\xfe9999-9999", "+504 2233-4455", "\u200b12345678\u200b", "١٢٣٤٥٦٧٨", "A-1", "HEGG560427MVZRRL04"} {
		f.Add(s)
	}
	lx, err := loaded()
	if err != nil {
		f.Fatal(err)
	}
	set, err := codelist.Load(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m := newMarker(lx, set)
		first := m.mark(s)
		if again := m.mark(s); again != first {
			t.Errorf("%q: %v, then %v", s, first, again)
		}
		lx.quotable(s)
		for _, look := range looks {
			look(lx, clean(s))
		}
	})
}
