package dataset

// csvwGroup is what stands beside the csv as "Metadata Vocabulary for Tabular Data"
// has it (W3C Recommendation, 17 December 2015): observation.csv-metadata.json is where
// section 5.1 lets a reader of observation.csv look for it.
type csvwGroup struct {
	Context     []any               `json:"@context"`
	Type        string              `json:"@type"`
	Title       []map[string]string `json:"dc:title"`
	Description []map[string]string `json:"dc:description"`
	Rights      []map[string]string `json:"dc:rights"`
	Publisher   []map[string]string `json:"dc:publisher"`
	License     *csvwLink           `json:"dc:license,omitempty"`
	Modified    csvwTyped           `json:"dc:modified"`
	Tables      []csvwTable         `json:"tables"`
}

type csvwLink struct {
	ID string `json:"@id"`
}

type csvwTyped struct {
	Value string `json:"@value"`
	Type  string `json:"@type"`
}

type csvwTable struct {
	URL    string              `json:"url"`
	Title  []map[string]string `json:"dc:title"`
	Schema csvwSchema          `json:"tableSchema"`
}

type csvwSchema struct {
	Columns     []csvwColumn     `json:"columns"`
	PrimaryKey  string           `json:"primaryKey"`
	ForeignKeys []csvwForeignKey `json:"foreignKeys,omitempty"`
}

// csvwColumn has in titles what stands in the header, which a validator compares, and in
// dc:title what people read.
type csvwColumn struct {
	Name        string              `json:"name"`
	Titles      string              `json:"titles"`
	Title       []map[string]string `json:"dc:title"`
	Description []map[string]string `json:"dc:description,omitempty"`
	Datatype    any                 `json:"datatype"`
	Required    bool                `json:"required,omitempty"`
}

type csvwForeignKey struct {
	Column    string        `json:"columnReference"`
	Reference csvwReference `json:"reference"`
}

type csvwReference struct {
	Resource string `json:"resource"`
	Column   string `json:"columnReference"`
}

func (s *Set) csvw() (any, error) {
	g := csvwGroup{Context: []any{"http://www.w3.org/ns/csvw", map[string]string{"@language": s.o.Params.Lang}}, Type: "TableGroup",
		Title: s.words.Title.tagged(), Description: s.description().tagged(), Rights: s.rights().tagged(), Publisher: s.words.Publisher.tagged(),
		Modified: csvwTyped{s.day(), "xsd:date"}}
	if s.o.Licence != nil {
		g.License = &csvwLink{s.o.Licence.Path}
	}
	where := map[string]string{} // of each list
	for _, f := range s.Files {
		where[f.list] = f.Path
	}
	for _, f := range s.Files {
		t := csvwTable{URL: f.Path, Title: s.words.Title.tagged(), Schema: csvwSchema{PrimaryKey: "obs_id"}}
		of := s.columns
		if f.list != "" {
			t.Title, t.Schema.PrimaryKey, of = s.words.Codelist.with("list", same(f.list)).tagged(), "code", s.words.ListColumns
		}
		for _, c := range of {
			t.Schema.Columns = append(t.Schema.Columns, csvwColumn{Name: c.ID, Titles: c.ID, Title: c.Title.tagged(), Description: c.about().tagged(), Datatype: c.datatype(), Required: c.Required})
			if c.Codelist != "" {
				t.Schema.ForeignKeys = append(t.Schema.ForeignKeys, csvwForeignKey{c.ID, csvwReference{where[c.Codelist], "code"}})
			}
		}
		g.Tables = append(g.Tables, t)
	}
	return g, nil
}

// datatype is a type of XML Schema; of a text with few values, one that allows only these.
func (c column) datatype() any {
	switch {
	case c.Type == "long":
		return "long"
	case c.Type == "integer":
		return "int"
	case len(c.Values) > 0:
		pattern := ""
		for i, v := range c.Values {
			if i > 0 {
				pattern += "|"
			}
			pattern += v
		}
		return map[string]string{"base": "string", "format": pattern}
	default:
		return c.tableType()
	}
}
