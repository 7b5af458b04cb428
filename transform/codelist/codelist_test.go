package codelist

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func load(t testing.TB) *Set {
	t.Helper()
	s, err := Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestNormalise(t *testing.T) {
	for in, want := range map[string]string{
		"":                                    "",
		"  República\u00a0\u00a0Dominicana. ": "republica dominicana",
		"R.Dominicana":                        "r dominicana",
		"Côte d’Ivoire":                       "cote d ivoire",
		"ＰＥＲＵ":                                "peru",
		"Espan\u0303a":                        "espana",
		"HONDURE\ufffdO":                      "hondure\ufffdo",
		"<18":                                 "<18",
		"< 18 años":                           "<18 anos",
		"18 +":                                "18+",
		"≥ 60":                                ">=60",
		"0--8":                                "0 8",
		"Œuvre straße Łódź":                   "oeuvre strasse lodz",
		"\ufeffSoft\u00adhyphen":              "softhyphen",
		"...":                                 "",
	} {
		if got := Normalise(in); got != want {
			t.Errorf("Normalise(%q) = %q, want %q", in, got, want)
		}
		if got := Normalise(Normalise(in)); got != Normalise(in) {
			t.Errorf("Normalise of %q is not idempotent: %q", in, got)
		}
	}
}

func TestLookup(t *testing.T) {
	s := load(t)
	for _, c := range []struct {
		list, text string
		year       int
		code, how  string // code "" is unmapped
	}{
		{"CL_AREA", "PER", 0, "PER", ByCode},
		{"CL_AREA", "per", 0, "", ""},
		{"CL_AREA", " Perú ", 0, "PER", ByLabel},
		{"CL_AREA", "Hodruanian", 0, "HND", BySynonym},
		{"CL_AREA", "HONDURE\ufffdA", 0, "HND", Repaired},
		{"CL_AREA", "PER\ufffd", 0, "PER", Repaired},
		{"CL_AREA", "C\ufffdte d\ufffdIvoire", 0, "CIV", Repaired},
		{"CL_AREA", "Espa\ufffd\ufffda", 0, "ESP", Repaired},
		{"CL_AREA", "Espa?a", 0, "ESP", Repaired},
		{"CL_AREA", "Espa\ufffd", 0, "ESP", Repaired}, // the decoder swallowed the a
		{"CL_AREA", "CÃ´te d'Ivoire", 0, "CIV", Repaired},
		{"CL_AREA", "TÃ¼rkiye", 0, "TUR", Repaired},
		{"CL_AREA", "\ufffd\ufffd\ufffd\ufffd", 0, "", ""},
		{"CL_AREA", "Colo\ufffdbia", 0, "", ""}, // no spelling has a letter there that gets lost
		{"CL_AREA", "Nationals", 0, RefArea, BySynonym},
		{"CL_AREA", "Swaziland", 0, "SWZ", ""},
		{"CL_AREA", "Turchia", 0, "TUR", BySynonym}, // CLDR, Italian
		{"CL_AREA", "EU-28 others", 2018, "_O", BySynonym},
		{"CL_AREA", "EU-28 others", 2023, "", ""},
		// names that are near each other
		{"CL_AREA", "Guinea", 0, "GIN", ""}, {"CL_AREA", "Guinea-Bissau", 0, "GNB", ""},
		{"CL_AREA", "Guinea Ecuatorial", 0, "GNQ", ""}, {"CL_AREA", "Papua New Guinea", 0, "PNG", ""},
		{"CL_AREA", "Congo", 0, "COG", ""}, {"CL_AREA", "Congolese", 0, "", ""},
		{"CL_AREA", "Democratic Republic of the Congo", 0, "COD", ""},
		{"CL_AREA", "Dominica", 0, "DMA", ""}, {"CL_AREA", "Dominicana", 0, "DOM", ""}, {"CL_AREA", "Dominican", 0, "", ""},
		{"CL_AREA", "Niger", 0, "NER", ""}, {"CL_AREA", "Nigeria", 0, "NGA", ""},
		{"CL_AREA", "nigérien", 0, "NER", ""}, {"CL_AREA", "nigérian", 0, "NGA", ""},
		{"CL_AREA", "Samoa", 0, "WSM", ""}, {"CL_AREA", "American Samoa", 0, "ASM", ""},
		{"CL_AREA", "Korea", 0, "", ""}, {"CL_AREA", "America", 0, "", ""}, {"CL_AREA", "Norteamérica", 0, "", ""},
		{"CL_AREA", "Sudan", 0, "SDN", ""}, {"CL_AREA", "Sudán del Sur", 0, "SSD", ""},
		{"CL_AREA", "2 maliens", 0, "", ""}, {"CL_AREA", "N/A", 0, "", ""}, {"CL_AREA", "0", 0, "", ""}, {"CL_AREA", "", 0, "", ""},
		{"CL_SEX", "Mujeres", 0, "F", BySynonym}, {"CL_SEX", "Travesti", 0, "_O", BySynonym},
		{"CL_SEX", "H", 0, "", ""}, // hombre or nothing: see the package comment
		{"CL_AGE", "Adultos (18 y más)", 0, "Y_GE18", BySynonym},
		{"CL_AGE", "17 Years and Under", 0, "Y0T17", BySynonym},
		{"CL_AGE", "<18", 0, "Y0T17", BySynonym}, {"CL_AGE", "18+", 0, "Y_GE18", BySynonym}, {"CL_AGE", "18", 0, "", ""},
		{"CL_AGE", "9--17", 0, "Y9T17", BySynonym}, {"CL_AGE", "criança", 0, "", ""},
		{"CL_EXPLOITATION", "TRATA LABORAL", 0, "LABOUR", BySynonym},
		{"CL_EXPLOITATION", "Explotación laboral niñas, niños y adolescentes", 0, "LABOUR", BySynonym},
		{"CL_EXPLOITATION", "Venta de niños y otros delitos", 0, "", ""},
		{"CL_MONTH", "setiembre", 0, "09", BySynonym},
		{"CL_NONE", "x", 0, "", ""},
	} {
		m, ok := s.Lookup(c.list, c.text, c.year)
		if ok != (c.code != "") || m.Code != c.code || c.how != "" && m.How != c.how {
			t.Errorf("Lookup(%s, %q, %d) = %+v, %v; want %q by %s", c.list, c.text, c.year, m, ok, c.code, c.how)
		}
	}
}

// Every label must lead back to its own code, in every list and language.
func TestLabelsLeadToTheirCodes(t *testing.T) {
	s := load(t)
	for _, id := range s.Lists() {
		l, _ := s.List(id)
		for i, c := range l.Codes() {
			if c.Position != i+1 {
				t.Errorf("%s %s: position %d, want %d", id, c.ID, c.Position, i+1)
			}
			for _, lang := range languages {
				if m, ok := s.Lookup(id, c.Name[lang], 0); !ok || m.Code != c.ID {
					t.Errorf("%s %s: its label %q (%s) gives %+v, %v", id, c.ID, c.Name[lang], lang, m, ok)
				}
			}
		}
	}
}

// Names that CLDR gives to two areas are dropped; the list is short and known.
func TestDroppedNames(t *testing.T) {
	s := load(t)
	want := []string{"america del nord", "america do norte", "juzna afrika", "mikronesia", "mon", "norteamerica",
		"severna amerika", "sjeverna amerika", "микронезия", "северна америка"}
	var got []string
	for k := range s.spellingsOf(areaList).dropped {
		got = append(got, k)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("dropped names are %q, want %q", got, want)
	}
}

func TestCodesAreComplete(t *testing.T) {
	s := load(t)
	for id, want := range map[string]string{
		"CL_SEX":           "_T F M _O _U _Z _N",
		"CL_OBS_STATUS":    "A B D E F G H I J K L M N O P Q S U V W",
		"CL_CONF_STATUS":   "F N C D S A O T G M E",
		"CL_UNIT_MEASURE":  "NUMBER MONTH PER_100000_POP",
		"CL_RECORD":        "victims routes prosecutions measures treaties population",
		"CL_INSTRUMENT":    "UNTOC TIP_PROTOCOL SMUGGLING_PROTOCOL FIREARMS_PROTOCOL CIFTA",
		"CL_COUNTING_UNIT": "PERSON CASE INCIDENT OFFENCE REFERRAL ACTIVITY REQUEST AMOUNT _U _Z",
		"CL_VICTIM_STATUS": "IDENTIFIED PRESUMED DETECTED ASSISTED _U _Z",
		"CL_IDENTIFIED_BY": "POLICE PROSECUTION COURT NGO OTHER_GOVERNMENT HOTLINE MULTIPLE _U _Z",
		"CL_COVERAGE":      "NATIONAL PARTIAL _U",
		"CL_TREATY_ACTION": "SIGNATURE RATIFICATION ACCESSION ACCEPTANCE APPROVAL SUCCESSION CONSENT_U ENTRY_INTO_FORCE",
		"CL_MONTH":         "01 02 03 04 05 06 07 08 09 10 11 12",
	} {
		l, ok := s.List(id)
		if !ok {
			t.Errorf("no list %s", id)
			continue
		}
		var got []string
		for _, c := range l.Codes() {
			got = append(got, c.ID)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s has %s, want %s", id, strings.Join(got, " "), want)
		}
	}
	countries := 0
	areas, _ := s.List(areaList)
	for _, c := range areas.Codes() {
		if strings.HasPrefix(c.Source, "ISO 3166-1;") {
			countries++
		}
	}
	if countries != 249 {
		t.Errorf("%d countries of ISO 3166-1, want 249", countries)
	}
}

func TestGroups(t *testing.T) {
	s := load(t)
	states, parts := map[string]bool{}, map[string]int{}
	for _, g := range s.Groups() {
		if g.Group == "OAS" {
			states[g.RefArea] = true
		} else {
			parts[g.RefArea]++
		}
	}
	if len(states) != 35 || len(parts) != 35 {
		t.Errorf("%d States and %d in subregions, want 35 and 35", len(states), len(parts))
	}
	for a, n := range parts {
		if !states[a] || n != 1 {
			t.Errorf("%s stands in %d subregions", a, n)
		}
	}
}

func TestComparability(t *testing.T) {
	s := load(t)
	for _, r := range s.Comparability() {
		for _, lang := range languages {
			if !strings.HasSuffix(r.Text[lang], ".") {
				t.Errorf("%s: text in %s is not a sentence: %q", r.Rule, lang, r.Text[lang])
			}
		}
		for list, attr := range map[string]string{"CL_COUNTING_UNIT": "COUNTING_UNIT", "CL_VICTIM_STATUS": "VICTIM_STATUS",
			"CL_COVERAGE": "COVERAGE", "CL_OBS_STATUS": "OBS_STATUS", "CL_IDENTIFIED_BY": "IDENTIFIED_BY"} {
			l, _ := s.List(list)
			if _, ok := l.Code(r.Value); r.Attribute == attr && !ok {
				t.Errorf("%s: %s is not in %s", r.Rule, r.Value, list)
			}
		}
	}
}

func TestPropose(t *testing.T) {
	s := load(t)
	for text, want := range map[string]string{
		"Congolese": "COD COG", "2 maliens": "MLI", "97 albanian": "ALB", "Hondurras": "HND", "": "", "N/A": "", "0": "",
	} {
		n := max(1, len(strings.Fields(want)))
		for range 5 {
			if got := strings.Join(s.Propose(areaList, text, n), " "); got != want {
				t.Errorf("Propose(%q) = %q, want %q", text, got, want)
			}
		}
	}
}

const synHead = synonymHeader + "\n"

func TestOverlay(t *testing.T) {
	s, err := Load(fstest.MapFS{
		"codelists/CL_AGENCY.csv": {Data: []byte("\ufeff" + listHeader + "\nHND_X,,A,B,C,D,told by HND,\n")},
		"synonyms/mine.csv":       {Data: []byte(synHead + "CL_AREA,catracho,HND,,,Honduras,\nCL_AREA,Korea,KOR,,,Honduras,\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"Catracho": "HND", "Korea": "KOR"} {
		if m, ok := s.Lookup(areaList, text, 2024); !ok || m.Code != want {
			t.Errorf("Lookup(%q) = %+v, %v; want %s", text, m, ok, want)
		}
	}
	if l, _ := s.List("CL_AGENCY"); len(l.Codes()) < 2 {
		t.Error("overlay replaced CL_AGENCY")
	}
}

func TestLoadErrors(t *testing.T) {
	for name, c := range map[string]struct{ file, data, want string }{
		"conflict":   {"synonyms/x.csv", synHead + "CL_AREA,BARSIL,PER,,,me,\n", "synonyms/x.csv:2: \"BARSIL\" stands for PER, but for BRA at synonyms/CL_AREA.csv:"},
		"no code":    {"synonyms/x.csv", synHead + "CL_AREA,xyz,ZZZ,,,me,\n", "synonyms/x.csv:2: \"xyz\" stands for ZZZ, which is not in CL_AREA"},
		"no list":    {"synonyms/x.csv", synHead + "CL_X,xyz,ZZZ,,,me,\n", "synonyms/x.csv:2: no list CL_X"},
		"year":       {"synonyms/x.csv", synHead + "CL_AREA,xyz,PER,20x,,me,\n", "synonyms/x.csv:2: valid_from"},
		"years":      {"synonyms/x.csv", synHead + "CL_AREA,xyz,PER,2020,2019,me,\n", "lies after"},
		"no source":  {"synonyms/x.csv", synHead + "CL_AREA,xyz,PER,,,,\n", "has no source"},
		"a code":     {"synonyms/x.csv", synHead + "CL_AREA,PER,COL,,,me,\n", "is itself a code"},
		"no letter":  {"synonyms/x.csv", synHead + "CL_AREA,...,COL,,,me,\n", "no letter"},
		"header":     {"synonyms/x.csv", "list,spelling,code,a,b,c,d\n", "synonyms/x.csv:1: the header"},
		"fields":     {"synonyms/x.csv", synHead + "CL_AREA,PER\n", "synonyms/x.csv:2: wrong number of fields"},
		"empty":      {"synonyms/x.csv", "", "synonyms/x.csv:1: the file is empty"},
		"code twice": {"codelists/CL_SEX.csv", listHeader + "\nF,,a,b,c,d,me,\n", "codelists/CL_SEX.csv:2: code F stands in CL_SEX twice"},
		"no label":   {"codelists/CL_SEX.csv", listHeader + "\nX,,a,,c,d,me,\n", "has no label in es"},
		"ictip":      {"codelists/CL_SEX.csv", listHeader + "\nX,,a,b,c,d,me,9\n", "ictip"},
		"parent":     {"codelists/CL_SEX.csv", listHeader + "\nX,Y,a,b,c,d,me,\n", "has parent Y"},
		"group":      {"area_group.csv", groupHeader + "\nOAS,PER,member,2001-01-01,,me\n", "two statuses at a time"},
		"day":        {"area_group.csv", groupHeader + "\nOAS,PER,member,2001,,me\n", "is not a day"},
		"grade":      {"comparability.csv", ruleHeader + "\nx,*,COVERAGE,_U,A,a,b,c,d\n", "want B, C or D"},
	} {
		_, err := Load(fstest.MapFS{c.file: {Data: []byte(c.data)}})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error is %v, want %s", name, err, c.want)
		}
	}
}

// Two rows may give one spelling two codes in different years.
func TestValidity(t *testing.T) {
	s, err := Load(fstest.MapFS{"synonyms/x.csv": {Data: []byte(synHead +
		"CL_AREA,belgrado,YUG,,2003,me,\nCL_AREA,Belgrado,SCG,2004,2006,me,\nCL_AREA,belgrado,SRB,2007,,me,\n")}})
	if err != nil {
		t.Fatal(err)
	}
	for year, want := range map[int]string{2003: "YUG", 2005: "SCG", 2007: "SRB", 0: ""} {
		if m, ok := s.Lookup(areaList, "Belgrado", year); m.Code != want || ok != (want != "") {
			t.Errorf("%d: %+v, %v; want %s", year, m, ok, want)
		}
	}
}

func FuzzLookup(f *testing.F) {
	s := load(f)
	for _, x := range []string{"Perú", "PER\ufffd", "CÃ´te d'Ivoire", "≮ 18", "İstanbul", "ﬁ", "Ω", "\xff\xfe", "a\u0338b", "¹²³"} {
		f.Add(x)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once := Normalise(text)
		if twice := Normalise(once); twice != once {
			t.Errorf("Normalise(%q) = %q, and then %q", text, once, twice)
		}
		if m, ok := s.Lookup(areaList, text, 0); ok {
			l, _ := s.List(areaList)
			if _, known := l.Code(m.Code); !known && m.Code != RefArea {
				t.Errorf("Lookup(%q) gives %+v", text, m)
			}
		}
	})
}

func BenchmarkLookup(b *testing.B) {
	s := load(b)
	b.ReportAllocs()
	for b.Loop() {
		s.Lookup(areaList, "República Dominicana", 2020)
		s.Lookup(areaList, "Ecuador", 2020)
	}
}
