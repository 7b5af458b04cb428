package table

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestTexts(t *testing.T) {
	all, err := texts()
	if err != nil {
		t.Fatal(err)
	}
	for key, text := range all {
		if lang, missing := text.missing(); missing {
			t.Errorf("texts.yaml: %s has no text in %s", key, lang)
		}
		for lang, s := range text {
			if n, want := strings.Count(s, "{"), strings.Count(text["en"], "{"); n != want {
				t.Errorf("texts.yaml: %s has %d places in %s and %d in en", key, n, lang, want)
			}
			if key == "months" || key == "months.short" {
				if len(strings.Fields(s)) != 12 {
					t.Errorf("texts.yaml: %s has not 12 months in %s", key, lang)
				}
			}
		}
	}
	src, err := filepath.Glob("../*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("../*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(src, more...) {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range wordKeys(string(b)) {
			if _, ok := all[m]; !ok {
				t.Errorf("%s: no text %q in texts.yaml", name, m)
			}
		}
	}
}

// wordKeys finds the keys of fixed words in source.
func wordKeys(src string) []string {
	var out []string
	for _, call := range []string{"word(\"", "Word(t.Lang, \"", "Word(b.t.Lang, \"", "key := \"", "key = \""} {
		for rest := src; ; {
			i := strings.Index(rest, call)
			if i < 0 {
				break
			}
			rest = rest[i+len(call):]
			key, _, _ := strings.Cut(rest, "\"")
			if strings.Contains(key, ".") && !strings.HasSuffix(key, ".") {
				out = append(out, key)
			}
		}
	}
	return out
}

func TestLoad(t *testing.T) {
	specs, err := Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSortedFunc(specs, func(a, b Spec) int { return strings.Compare(a.ID, b.ID) }) || len(specs) < 40 {
		t.Errorf("%d specs, sorted by id?", len(specs))
	}
	y, err := builtin.ReadFile("tables/rates.yaml")
	if err != nil {
		t.Fatal(err)
	}
	q, err := builtin.ReadFile("tables/rates.sql")
	if err != nil {
		t.Fatal(err)
	}
	own := fstest.MapFS{"mine.yaml": {Data: []byte(strings.Replace(string(y), "id: rates", "id: mine", 1))}, "mine.sql": {Data: q},
		"rates.yaml": {Data: []byte(strings.Replace(string(y), "decimals: 2", "decimals: 1", 1))}, "rates.sql": {Data: q}}
	specs, err = Load(own)
	if err != nil {
		t.Fatal(err)
	}
	if i := slices.IndexFunc(specs, func(s Spec) bool { return s.ID == "mine" }); i < 0 {
		t.Error("a table of one's own is not loaded")
	}
	if i := slices.IndexFunc(specs, func(s Spec) bool { return s.ID == "rates" }); specs[i].Decimals != 1 {
		t.Error("a table of one's own does not take the place of the built-in one")
	}
	for _, c := range []struct{ what, yaml, sql, want string }{
		{"two statements", string(y), "-- x\nSELECT 1 ORDER BY 1; DROP TABLE observation", "want one statement"},
		{"no select", string(y), "-- x\nDELETE FROM observation", "want one SELECT"},
		{"no order", string(y), "-- x\nSELECT 1", "want ORDER BY"},
		{"unknown parameter", string(y), "-- x\nSELECT $state ORDER BY 1", "unknown parameter $state"},
		{"no head comment", string(y), "SELECT 1 ORDER BY 1", "head comment"},
		{"unknown key", "colour: red\n" + string(y), string(q), "colour"},
		{"other id", strings.Replace(string(y), "id: rates", "id: other", 1), string(q), `want "rates"`},
		{"no year", strings.Replace(string(y), "from: REF_YEAR", "from: SEX", 1), string(q), "years are not mixed"},
		{"no language", strings.Replace(string(y), "  fr: Victimes", "  de: Victimes", 1), string(q), `title has no text in "fr"`},
	} {
		_, err := Load(fstest.MapFS{"rates.yaml": {Data: []byte(c.yaml)}, "rates.sql": {Data: []byte(c.sql)}})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want %q", c.what, err, c.want)
		}
	}
}

// TestMissingColumn: a select that lacks a column is told so, not shown empty.
func TestMissingColumn(t *testing.T) {
	s := spec(t, "victims")
	s.SQL = "-- x\nSELECT obs_id FROM observation ORDER BY 1"
	if _, err := Build(context.Background(), fixture(t), s, Params{}); err == nil || !strings.Contains(err.Error(), "gives no column") {
		t.Errorf("error %v", err)
	}
}

func TestPeriodTexts(t *testing.T) {
	for _, c := range []struct{ period, en, es, fr string }{
		{"2023", "2023", "2023", "2023"}, {"2023-05", "May 2023", "mayo de 2023", "mai 2023"},
		{"2023-Q1", "January–March 2023", "enero–marzo de 2023", "janvier–mars 2023"},
		{"2023-S2", "July–December 2023", "julio–diciembre de 2023", "juillet–décembre 2023"},
		{"2022-04-01/P1Y", "April 2022 to March 2023", "abril de 2022 a marzo de 2023", "avril 2022 à mars 2023"},
		{"2025-01-01/P9M", "January–September 2025", "enero–septiembre de 2025", "janvier–septembre 2025"},
	} {
		s, ok := parsePeriod(c.period)
		got := []string{newWriter("en", 0).months(s), newWriter("es", 0).months(s), newWriter("fr", 0).months(s)}
		if !ok || !slices.Equal(got, []string{c.en, c.es, c.fr}) {
			t.Errorf("%s: %v, %v", c.period, got, ok)
		}
	}
	for _, bad := range []string{"", "23", "2023-13", "2023-Q5", "2023-S3", "2023-W01", "2023-04-15/P1Y", "2023-04-01/P0M", "2023-04-01/P1W", "abcd"} {
		if s, ok := parsePeriod(bad); ok {
			t.Errorf("%q is a period: %+v", bad, s)
		}
	}
}

func FuzzPeriod(f *testing.F) {
	for _, s := range []string{"2023", "2023-05", "2023-Q1", "2023-S2", "2022-04-01/P1Y", "2025-01-01/P9M", "/P", "2023-"} {
		f.Add(s)
	}
	w := newWriter("en", 0)
	f.Fuzz(func(t *testing.T, s string) {
		if p, ok := parsePeriod(s); ok && (p.months < 1 || w.months(p) == "") {
			t.Errorf("%q: %+v", s, p)
		}
	})
}

func ExampleLoad() {
	specs, err := Load(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range specs {
		if strings.HasPrefix(s.ID, "victims") {
			fmt.Println(s.ID, "-", s.Title["en"])
		}
	}
	// Output:
	// victims - Victims of trafficking in persons detected, by State and year
	// victims-assisted - Victims of trafficking in persons assisted, by State and year
	// victims-change - Victims of trafficking in persons detected: change on the year before
	// victims-exploitation - Victims of trafficking in persons detected, by form of exploitation
	// victims-repatriated - Victims of trafficking in persons repatriated, by State and year
	// victims-sex-age - Victims of trafficking in persons detected, by sex and age
	// victims-trend - Victims of trafficking in persons detected: trend over the years
}
