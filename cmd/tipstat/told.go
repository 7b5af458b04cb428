package main

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

//go:embed told.yaml
var toldYAML []byte

var toldTexts = sync.OnceValues(func() (map[string]map[string]string, error) {
	m := map[string]map[string]string{}
	if err := yaml.UnmarshalWithOptions(toldYAML, &m, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("told.yaml: %w", err)
	}
	return m, nil
})

// word gives a text of told.yaml in the language at hand.
func (a *app) word(key string, pairs ...any) string { return word(a.lang, key, pairs...) }

// word gives a text of told.yaml in a language, or in English, with {name} replaced by the
// values that follow in pairs.
func word(lang, key string, pairs ...any) string {
	all, _ := toldTexts() // a test reads them
	s, ok := all[key][lang]
	if !ok {
		s = all[key]["en"]
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		s = strings.ReplaceAll(s, fmt.Sprintf("{%s}", pairs[i]), fmt.Sprint(pairs[i+1]))
	}
	return s
}

// tell says a text of told.yaml.
func (a *app) tell(key string, pairs ...any) { a.sayf("%s", plain(a.word(key, pairs...))) }
