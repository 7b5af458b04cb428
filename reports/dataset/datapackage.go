package dataset

import (
	"maps"
	"strings"
	"time"
)

// dataPackage is datapackage.json: Data Package version 2 (datapackage.org), by $schema.
// For csv it names the profiles of version 1 too, which version 2 has done away with:
// libraries of version 1, such as datapackage of npm, take a table for one by them.
type dataPackage struct {
	Schema       string        `json:"$schema"`
	Profile      string        `json:"profile,omitempty"`
	Name         string        `json:"name"`
	Title        string        `json:"title"`
	Description  string        `json:"description"`
	Titles       text          `json:"titles"` // in all languages, which the standard has no place for
	Descriptions text          `json:"descriptions"`
	Rights       text          `json:"rights"`
	Publishable  bool          `json:"publishable"`
	Created      string        `json:"created"`
	AsOf         string        `json:"asOf,omitempty"`
	Keywords     []string      `json:"keywords"`
	Licenses     []Licence     `json:"licenses,omitempty"`
	Contributors []contributor `json:"contributors"`
	Sources      []source      `json:"sources"`
	Resources    []resource    `json:"resources"`
}

type contributor struct {
	Title string   `json:"title"`
	Path  string   `json:"path"`
	Role  string   `json:"role"` // version 1
	Roles []string `json:"roles"`
}

type source struct {
	Title string `json:"title"`
}

type resource struct {
	Profile   string      `json:"profile,omitempty"`
	Name      string      `json:"name"`
	Type      string      `json:"type"`
	Title     string      `json:"title"`
	Titles    text        `json:"titles"`
	Path      any         `json:"path"` // one, or those of all parts
	Format    string      `json:"format"`
	Mediatype string      `json:"mediatype"`
	Encoding  string      `json:"encoding,omitempty"`
	Dialect   *dialect    `json:"dialect,omitempty"`
	Bytes     int64       `json:"bytes,omitempty"`
	Hash      string      `json:"hash,omitempty"`
	Parts     []File      `json:"parts,omitempty"` // where there are several: the standard has one hash for all
	Schema    tableSchema `json:"schema"`
}

// dialect of csv, said in full: there are readers that guess the delimiter otherwise.
type dialect struct {
	Delimiter      string `json:"delimiter"`
	LineTerminator string `json:"lineTerminator"`
	QuoteChar      string `json:"quoteChar"`
	DoubleQuote    bool   `json:"doubleQuote"`
	Header         bool   `json:"header"`
}

var csvDialect = &dialect{",", "\n", `"`, true, true}

type tableSchema struct {
	Fields        []field      `json:"fields"`
	MissingValues []string     `json:"missingValues"`
	PrimaryKey    []string     `json:"primaryKey"`
	ForeignKeys   []foreignKey `json:"foreignKeys,omitempty"`
}

type field struct {
	Name        string       `json:"name"`
	Type        string       `json:"type"`
	Title       string       `json:"title"`
	Titles      text         `json:"titles"`
	Description string       `json:"description,omitempty"`
	Constraints *constraints `json:"constraints,omitempty"`
}

type constraints struct {
	Required bool     `json:"required,omitempty"`
	Unique   bool     `json:"unique,omitempty"`
	Enum     []string `json:"enum,omitempty"`
}

type foreignKey struct {
	Fields    []string  `json:"fields"`
	Reference reference `json:"reference"`
}

type reference struct {
	Resource string   `json:"resource"`
	Fields   []string `json:"fields"`
}

// mediaTypes as they are registered with IANA.
var mediaTypes = map[Format]string{Parquet: "application/vnd.apache.parquet", Arrow: "application/vnd.apache.arrow.file", CSV: "text/csv"}

func (s *Set) dataPackage() (any, error) {
	lang := s.o.Params.Lang
	p := dataPackage{
		Schema: "https://datapackage.org/profiles/2.0/datapackage.json", Name: "oas-tip-" + string(s.Format), Title: s.words.Title[lang],
		Description: s.description().and(s.rights())[lang], Titles: s.words.Title, Descriptions: s.description(), Rights: s.rights(), Publishable: s.released(),
		Created: s.Updated.Format(time.RFC3339), AsOf: s.o.AsOf, Keywords: s.words.Keywords[lang],
		Contributors: []contributor{{s.words.Publisher[lang], s.words.Homepage, "publisher", []string{"publisher"}}},
	}
	profile := ""
	if s.Format == CSV {
		p.Profile, profile = "tabular-data-package", "tabular-data-resource"
	}
	if s.o.Licence != nil {
		p.Licenses = []Licence{*s.o.Licence}
	}
	for _, a := range s.Agencies {
		p.Sources = append(p.Sources, source{s.name("CL_AGENCY", a)[lang]})
	}
	figures := resource{Profile: profile, Name: tableName, Type: "table", Title: s.words.Title[lang], Titles: s.words.Title,
		Format: string(s.Format), Mediatype: mediaTypes[s.Format], Schema: s.schema(s.columns, "obs_id")}
	for _, c := range s.columns {
		if c.Codelist != "" {
			figures.Schema.ForeignKeys = append(figures.Schema.ForeignKeys, foreignKey{[]string{c.ID}, reference{listName(c.Codelist), []string{"code"}}})
		}
	}
	var paths []string
	for _, f := range s.Files {
		if f.list == "" {
			figures.Parts, paths = append(figures.Parts, f), append(paths, f.Path)
		}
	}
	figures.Path = paths
	if s.Format != Parquet {
		f := figures.Parts[0]
		figures.Path, figures.Bytes, figures.Hash, figures.Parts = f.Path, f.Bytes, "sha256:"+f.SHA256, nil
	}
	if s.Format == CSV {
		figures.Encoding, figures.Dialect = "utf-8", csvDialect
	}
	p.Resources = append(p.Resources, figures)
	for _, f := range s.Files {
		if f.list != "" {
			p.Resources = append(p.Resources, s.listResource(f, profile))
		}
	}
	return p, nil
}

// listResource describes a code list.
func (s *Set) listResource(f File, profile string) resource {
	titles := s.words.Codelist.with("list", same(f.list))
	r := resource{Profile: profile, Name: listName(f.list), Type: "table", Title: titles[s.o.Params.Lang], Titles: titles, Path: f.Path, Format: "csv", Mediatype: mediaTypes[CSV],
		Encoding: "utf-8", Dialect: csvDialect, Bytes: f.Bytes, Hash: "sha256:" + f.SHA256, Schema: s.schema(s.words.ListColumns, "code")}
	above := "" // the standard's word for the table itself
	if parent := parentList(f.list); parent != f.list {
		above = listName(parent)
	}
	r.Schema.ForeignKeys = []foreignKey{{[]string{"parent"}, reference{above, []string{"code"}}}}
	return r
}

// listName is the name of a list among the resources: version 1 wants small letters.
func listName(id string) string { return strings.ToLower(id) }

func (s *Set) schema(all []column, key string) tableSchema {
	out := tableSchema{MissingValues: []string{""}, PrimaryKey: []string{key}}
	lang := s.o.Params.Lang
	for _, c := range all {
		f := field{Name: c.ID, Type: c.tableType(), Title: c.Title[lang], Titles: maps.Clone(c.Title), Description: c.about()[lang]}
		if c.Required || c.Values != nil {
			f.Constraints = &constraints{Required: c.Required, Unique: c.ID == key, Enum: c.Values}
		}
		out.Fields = append(out.Fields, f)
	}
	return out
}
