package portal

import (
	"embed"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/oas/tipstat/transform/record"
)

//go:embed texts/*.yaml
var textFiles embed.FS

// texts are the words of the pages, by key and language: a file for each part of the portal.
var texts = sync.OnceValues(func() (map[string]map[string]string, error) {
	all := map[string]map[string]string{}
	names, err := fs.Glob(textFiles, "texts/*.yaml")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		b, err := textFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		m := map[string]map[string]string{}
		if err := yaml.UnmarshalWithOptions(b, &m, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for key, by := range m {
			if all[key] != nil {
				return nil, fmt.Errorf("%s: %s stands in another file too", name, key)
			}
			all[key] = by
		}
	}
	return all, nil
})

// text gives a text of the files in texts in a language, with names and values put in.
func text(lang, key string, put ...any) (string, error) {
	all, err := texts()
	if err != nil {
		return "", err
	}
	s := all[key][lang]
	if s == "" {
		return "", fmt.Errorf("texts: no %s in %q", key, lang)
	}
	for i := 0; i+1 < len(put); i += 2 {
		s = strings.ReplaceAll(s, fmt.Sprintf("{%v}", put[i]), fmt.Sprint(put[i+1]))
	}
	return s, nil
}

// langCookie keeps the language that was chosen by the switch.
const langCookie = "lang"

var tags = func() (all []language.Tag) {
	for _, l := range record.Languages {
		all = append(all, language.MustParse(l))
	}
	return all
}()

var matcher = language.NewMatcher(tags)

// langOf gives the language of a page: that of the switch, of the cookie, of the browser,
// of the account.
func langOf(r *http.Request, account string) string {
	if l := r.URL.Query().Get("lang"); slices.Contains(record.Languages, l) {
		return l
	}
	if c, err := r.Cookie(langCookie); err == nil && slices.Contains(record.Languages, c.Value) {
		return c.Value
	}
	accept := r.Header.Get("Accept-Language")
	if accept == "" && slices.Contains(record.Languages, account) {
		return account
	}
	wanted, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(wanted) == 0 {
		return record.Languages[0]
	}
	_, i, sure := matcher.Match(wanted...)
	if sure == language.No {
		i = 0
	}
	return record.Languages[i]
}

// choice is a language of the switch.
type choice struct {
	Code, Name, Href string
	Current          bool
}

// choices are the languages of the switch, each named in itself.
func choices(r *http.Request, lang string) (all []choice) { return choicesAt(r.URL, lang) }

// choicesAt are those of a page that is at another address than the one that was asked.
func choicesAt(at *url.URL, lang string) (all []choice) {
	for i, l := range record.Languages {
		q := at.Query()
		q.Set("lang", l)
		all = append(all, choice{l, display.Self.Name(tags[i]), at.Path + "?" + q.Encode(), l == lang})
	}
	return all
}
