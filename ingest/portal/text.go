package portal

import (
	_ "embed"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/oas/tipstat/transform/record"
)

//go:embed texts.yaml
var textsYAML []byte

var texts = sync.OnceValues(func() (map[string]map[string]string, error) {
	m := map[string]map[string]string{}
	if err := yaml.UnmarshalWithOptions(textsYAML, &m, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("texts.yaml: %w", err)
	}
	return m, nil
})

// text gives a text of texts.yaml in a language, with names and values put in.
func text(lang, key string, put ...any) (string, error) {
	all, err := texts()
	if err != nil {
		return "", err
	}
	s := all[key][lang]
	if s == "" {
		return "", fmt.Errorf("texts.yaml: no %s in %q", key, lang)
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
func choices(r *http.Request, lang string) (all []choice) {
	for i, l := range record.Languages {
		q := r.URL.Query()
		q.Set("lang", l)
		all = append(all, choice{l, display.Self.Name(tags[i]), r.URL.Path + "?" + q.Encode(), l == lang})
	}
	return all
}
