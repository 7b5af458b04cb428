package portal

import (
	"io/fs"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/oas/tipstat/ingest/portal/access"
	"github.com/oas/tipstat/transform/record"
)

// TestTexts: every text is there in four languages with the same names to put in, and every
// text is used.
func TestTexts(t *testing.T) {
	all, err := texts()
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	for _, glob := range []string{"html/*.html"} {
		names, err := fs.Glob(htmlFiles, glob)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			b, err := htmlFiles.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			code.Write(b)
		}
	}
	for _, name := range sources(t) {
		code.WriteString(name)
	}
	put := regexp.MustCompile(`\{[a-z]+\}`)
	for key, by := range all {
		want := strings.Join(put.FindAllString(by["en"], -1), " ")
		for _, lang := range record.Languages {
			if by[lang] == "" {
				t.Errorf("%s: no text in %s", key, lang)
			}
			if got := put.FindAllString(by[lang], -1); len(got) != len(put.FindAllString(by["en"], -1)) {
				t.Errorf("%s in %s: %v, want %s", key, lang, got, want)
			}
		}
		start, rest, _ := strings.Cut(key, "_")
		used := strings.Contains(code.String(), `"`+key+`"`) || strings.Contains(code.String(), `"`+start+`_"`) && strings.Contains(code.String(), `"`+rest+`"`) ||
			start == "format" || start == "view" || start == "filter" || start == "pack" || start == "outcome" || start == "role" || start == "standing" || start == "err" && strings.Contains(code.String(), `"`+rest+`"`)
		if !used {
			t.Errorf("%s is used nowhere", key)
		}
	}
	for _, m := range regexp.MustCompile(`\{\{t "([a-z_]+)"|text\([a-zA-Z.]+, "([a-z_]+)"[,)]|title\("[a-z]+", "([a-z_]+)"`).FindAllStringSubmatch(code.String(), -1) {
		if key := m[1] + m[2] + m[3]; all[key] == nil {
			t.Errorf("no text %s", key)
		}
	}
}

// TestRefusals: each refusal of access has a text of its own kind.
func TestRefusals(t *testing.T) {
	all, err := texts()
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range tellables {
		if all["err_"+x.text] == nil {
			t.Errorf("no text err_%s", x.text)
		}
	}
	for _, name := range access.Names() {
		found := false
		for _, r := range refusals {
			found = found || strings.HasPrefix(name, r.start)
			if all["err_"+r.text] == nil {
				t.Errorf("no text err_%s", r.text)
			}
		}
		for _, x := range tellables {
			if no := refusalOf(x.err); no != nil && no.Name == name {
				found = true
			}
		}
		if !found {
			t.Errorf("%s has no text", name)
		}
	}
}

func TestLang(t *testing.T) {
	for _, tt := range []struct{ query, cookie, accept, account, want string }{
		{"", "", "", "", "en"}, {"", "", "pt-BR,pt;q=0.9,en;q=0.8", "", "pt"}, {"", "", "es-419", "", "es"}, {"", "", "fr-HT", "es", "fr"},
		{"", "", "", "es", "es"}, {"", "fr", "es", "", "fr"}, {"pt", "fr", "es", "", "pt"}, {"xx", "yy", "de", "", "en"}, {"", "", "de,fr;q=0.5", "", "fr"},
		{"", "", "\x00;;q=9", "", "en"},
	} {
		r, err := http.NewRequest(http.MethodGet, "/?lang="+tt.query, nil)
		if err != nil {
			t.Fatal(err)
		}
		if tt.accept != "" {
			r.Header.Set("Accept-Language", tt.accept)
		}
		if tt.cookie != "" {
			r.AddCookie(&http.Cookie{Name: langCookie, Value: tt.cookie})
		}
		if got := langOf(r, tt.account); got != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
	}
}

// TestPagesParse reads all pages.
func TestPagesParse(t *testing.T) {
	pages, err := parse()
	if err != nil || len(pages) < 10 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
}
