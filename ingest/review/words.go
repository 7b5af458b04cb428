package review

import (
	_ "embed"
	"fmt"
	"sync"

	"github.com/goccy/go-yaml"
)

// words are the texts of the list in one language.
type words struct {
	Sheet, Title, Counts, Mend, Explain, Beyond, File, Cells, Hidden, Page string
	Headings                                                               [len(widths)]string
}

//go:embed words.yaml
var wordsYAML []byte

var texts = sync.OnceValues(func() (map[string]words, error) {
	m := map[string]words{}
	if err := yaml.UnmarshalWithOptions(wordsYAML, &m, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("words.yaml: %w", err)
	}
	return m, nil
})

// word gives the texts of a language, or those in English.
func word(lang string) words {
	all, _ := texts() // a test reads them
	if w, ok := all[lang]; ok {
		return w
	}
	return all["en"]
}
