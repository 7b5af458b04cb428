package cube

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/record"
)

//go:embed texts.yaml
var textsYAML []byte

var texts = sync.OnceValues(func() (map[string]table.Text, error) {
	m := map[string]table.Text{}
	if err := yaml.UnmarshalWithOptions(textsYAML, &m, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("texts.yaml: %w", err)
	}
	return m, nil
})

// word gives a fixed word; a key that does not exist gives itself.
func word(lang, key string, pairs ...string) string {
	all, err := texts()
	if err != nil || all[key][lang] == "" {
		return key
	}
	var args []string
	for i := 0; i+1 < len(pairs); i += 2 {
		args = append(args, "{"+pairs[i]+"}", pairs[i+1])
	}
	return strings.NewReplacer(args...).Replace(all[key][lang])
}

// dimensionName names a concept: by the words here, or as the data structure
// does; a concept of neither is named by its id.
func dimensionName(lang, id string) string {
	if key := "dim." + id; word(lang, key) != key {
		return word(lang, key)
	}
	components, err := record.Structure()
	if err != nil {
		return id
	}
	for _, c := range components {
		if c.ID == id {
			return c.Name[lang]
		}
	}
	return id
}
