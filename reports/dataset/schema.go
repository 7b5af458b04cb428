package dataset

import (
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/oas/tipstat/transform/record"
)

// column is one column of a table.
type column struct {
	ID       string   `yaml:"id"`
	Type     string   `yaml:"type"` // text, number, integer, long or boolean
	Codelist string   `yaml:"codelist"`
	Required bool     `yaml:"required"`
	Values   []string `yaml:"values"` // that it may have, where there is no code list
	Title    text     `yaml:"title"`
	About    text     `yaml:"about"`
}

// columns gives the columns of the figures: those of the structure, and those beside it.
func columns() ([]column, error) {
	w, err := readWords()
	if err != nil {
		return nil, err
	}
	structure, err := record.Structure()
	if err != nil {
		return nil, err
	}
	var out []column
	for _, c := range structure {
		out = append(out, column{ID: c.ID, Type: c.Type, Codelist: c.Codelist, Title: c.Name, Required: c.Role == "dimension" || c.Default != ""})
	}
	return append(out, w.Columns...), nil
}

// lists gives the code lists that columns refer to, and those that these refer to.
func lists(all []column) []string {
	var out []string
	seen := map[string]bool{}
	for _, c := range all {
		if c.Codelist != "" && !seen[c.Codelist] {
			seen[c.Codelist] = true
			out = append(out, c.Codelist)
		}
	}
	return out
}

// parentList is the list to which the parents in a list belong.
func parentList(id string) string {
	if id == "CL_INDICATOR" {
		return recordList
	}
	return id
}

const recordList = "CL_RECORD"

// arrowType is the type of a column in Arrow, and by it in Parquet.
func (c column) arrowType() arrow.DataType {
	switch c.Type {
	case "number":
		return arrow.PrimitiveTypes.Float64
	case "integer":
		return arrow.PrimitiveTypes.Int32
	case "long":
		return arrow.PrimitiveTypes.Int64
	case "boolean":
		return arrow.FixedWidthTypes.Boolean
	default:
		return arrow.BinaryTypes.String
	}
}

// tableType is the type of a column as Table Schema and XML Schema name it.
func (c column) tableType() string {
	switch c.Type {
	case "number", "boolean":
		return c.Type
	case "integer", "long":
		return "integer"
	default:
		return "string"
	}
}

// about says what a column is, and which list its codes are of.
func (c column) about() text {
	if len(c.About) > 0 || c.Codelist == "" {
		return c.About
	}
	return each(same(c.Codelist))
}

// arrowSchema describes the columns with their titles in all languages.
func arrowSchema(all []column, said map[string]string) *arrow.Schema {
	var fields []arrow.Field
	for _, c := range all {
		var keys, values []string
		add := func(name string, t text) {
			for _, lang := range record.Languages {
				if t[lang] != "" {
					keys, values = append(keys, name+"."+lang), append(values, strings.TrimSpace(t[lang]))
				}
			}
		}
		add("title", c.Title)
		add("description", c.About)
		if c.Codelist != "" {
			keys, values = append(keys, "codelist"), append(values, c.Codelist)
		}
		fields = append(fields, arrow.Field{Name: c.ID, Type: c.arrowType(), Nullable: !c.Required, Metadata: arrow.NewMetadata(keys, values)})
	}
	md := arrow.MetadataFrom(said) // in the order of the keys
	return arrow.NewSchema(fields, &md)
}
