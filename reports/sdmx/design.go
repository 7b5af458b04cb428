package sdmx

import (
	_ "embed"
	"fmt"
	"slices"
	"sync"

	"github.com/goccy/go-yaml"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/record"
)

// named is an artefact that sdmx.yaml gives an id and a name.
type named struct {
	ID          string     `yaml:"id"`
	Name        table.Text `yaml:"name"`
	Description table.Text `yaml:"description"`
}

// design is what sdmx.yaml says.
type design struct {
	Agency        string      `yaml:"agency"`
	Version       string      `yaml:"version"`
	Dataflow      named       `yaml:"dataflow"`
	DataStructure named       `yaml:"datastructure"`
	Concepts      named       `yaml:"concepts"`
	DimensionIDs  []string    `yaml:"dimensions"`
	Time          string      `yaml:"time"`
	MeasureID     string      `yaml:"measure"`
	Attributes    []component `yaml:"attributes"`
	Codelists     []ownList   `yaml:"codelists"`
	Retired       table.Text  `yaml:"retired"`
	Categories    struct {
		ID     string     `yaml:"id"`
		Name   table.Text `yaml:"name"`
		Fields []field    `yaml:"fields"`
	} `yaml:"categories"`
	Agencies  named `yaml:"agencies"`
	Providers named `yaml:"providers"`
	Agreement named `yaml:"agreement"`
	Metadata  struct {
		Structure  named           `yaml:"structure"`
		Flow       named           `yaml:"flow"`
		Set        table.Text      `yaml:"set"`
		File       table.Text      `yaml:"file"`
		Reference  table.Text      `yaml:"reference"`
		Attributes []metaAttribute `yaml:"attributes"`
	} `yaml:"metadata"`

	dimensions []component // with the names of structure.csv
	measures   []component // one; none where a query leaves it out
}

// component is a dimension, the measure or an attribute of the data structure.
type component struct {
	ID        string     `yaml:"id"`
	Mandatory bool       `yaml:"mandatory"`
	Codelist  string     `yaml:"codelist"`
	Name      table.Text `yaml:"name"`
	kind      string     // of structure.csv: text, number or integer
}

// ownList names a code list; one with codes is not of transform/codelist.
type ownList struct {
	ID    string     `yaml:"id"`
	Name  table.Text `yaml:"name"`
	Codes []named    `yaml:"codes"`
}

// field is a field of the resolution.
type field struct {
	ID      string   `yaml:"id"`
	Records []string `yaml:"records"`
	Lists   []string `yaml:"lists"`
}

// metaAttribute is a heading of the reference metadata, and what answers it.
type metaAttribute struct {
	ID    string     `yaml:"id"`
	Fill  string     `yaml:"fill"`
	Of    []string   `yaml:"of"`
	Table string     `yaml:"table"`
	Name  table.Text `yaml:"name"`
}

//go:embed sdmx.yaml
var designYAML []byte

// loadDesign reads sdmx.yaml and fills in what structure.csv says of components.
var loadDesign = sync.OnceValues(func() (*design, error) {
	d := &design{}
	if err := yaml.UnmarshalWithOptions(designYAML, d, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("sdmx.yaml: %w", err)
	}
	all, err := record.Structure()
	if err != nil {
		return nil, err
	}
	describe := func(c component) (component, error) {
		i := slices.IndexFunc(all, func(r record.Component) bool { return r.ID == c.ID })
		switch {
		case i >= 0:
			c.Name, c.Codelist, c.kind = all[i].Name, all[i].Codelist, all[i].Type
		case c.Name == nil:
			return c, fmt.Errorf("sdmx.yaml: %s has no name and is not in structure.csv: give it one", c.ID)
		default:
			c.kind = "text"
		}
		return c, nil
	}
	for _, id := range d.DimensionIDs {
		c, err := describe(component{ID: id, Mandatory: true})
		if err != nil {
			return nil, err
		}
		d.dimensions = append(d.dimensions, c)
	}
	measure, err := describe(component{ID: d.MeasureID})
	if err != nil {
		return nil, err
	}
	d.measures = []component{measure}
	for i, c := range d.Attributes {
		if d.Attributes[i], err = describe(c); err != nil {
			return nil, err
		}
	}
	for i, m := range d.Metadata.Attributes {
		c, err := describe(component{ID: m.ID, Name: m.Name})
		if err != nil {
			return nil, err
		}
		d.Metadata.Attributes[i].Name = c.Name
	}
	return d, nil
})

// components are the columns of an observation in the order of SDMX-CSV:
// dimensions, measure, attributes.
func (d *design) components() []component {
	return slices.Concat(d.dimensions, d.measures, d.Attributes)
}

// series are the dimensions but time.
func (d *design) series() []component {
	return slices.DeleteFunc(slices.Clone(d.dimensions), func(c component) bool { return c.ID == d.Time })
}

// urn names an artefact of ours; item is empty for the artefact itself.
func (d *design) urn(class, id, item string) string { return urn(class, d.Agency, id, d.Version, item) }

// packages of the information model, by class.
var packages = map[string]string{
	"AgencyScheme": "base", "Agency": "base", "DataProviderScheme": "base", "DataProvider": "base",
	"ConceptScheme": "conceptscheme", "Concept": "conceptscheme", "Codelist": "codelist", "Code": "codelist",
	"DataStructure": "datastructure", "Dataflow": "datastructure", "DimensionDescriptor": "datastructure", "Dimension": "datastructure",
	"TimeDimension": "datastructure", "MeasureDescriptor": "datastructure", "Measure": "datastructure", "AttributeDescriptor": "datastructure", "DataAttribute": "datastructure",
	"MetadataStructure": "metadatastructure", "Metadataflow": "metadatastructure", "MetadataAttribute": "metadatastructure",
	"MetadataSet": "metadatastructure", "ProvisionAgreement": "registry", "DataConstraint": "registry",
	"CategoryScheme": "categoryscheme", "Category": "categoryscheme", "Categorisation": "categoryscheme",
}

func urn(class, agency, id, version, item string) string {
	s := "urn:sdmx:org.sdmx.infomodel." + packages[class] + "." + class + "=" + agency + ":" + id + "(" + version + ")"
	if item != "" {
		s += "." + item
	}
	return s
}
