package dataset_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/reports/dataset"
	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/record"
)

// catalogue holds the triples against what DCAT-AP asks of a catalogue, a data set and
// a distribution, each text in four languages.
func (e elsewhere) catalogue(t *testing.T, files int, states []string) {
	t.Helper()
	const dcat, dct, base = "http://www.w3.org/ns/dcat#", "http://purl.org/dc/terms/", "https://example.org/tip/"
	values := func(s, p string) (out []string) {
		for _, q := range e.DCAT {
			if q.S == s && q.P == p {
				out = append(out, q.O)
			}
		}
		return out
	}
	classes := map[string][]string{}
	langs := map[string][]string{} // of each text
	for _, q := range e.DCAT {
		if strings.HasSuffix(q.P, "#type") {
			classes[strings.TrimPrefix(q.O, dcat)] = append(classes[strings.TrimPrefix(q.O, dcat)], q.S)
		}
		if q.Lang != "" {
			langs[q.S+" "+q.P] = append(langs[q.S+" "+q.P], q.Lang)
		}
	}
	for text, got := range langs {
		slices.Sort(got)
		if d := cmp.Diff([]string{"en", "es", "fr", "pt"}, slices.Compact(got)); d != "" {
			t.Errorf("%s: languages %v", text, got)
		}
	}
	for class, asked := range map[string][]string{
		"Catalog":      {dct + "title", dct + "description", dct + "publisher", dcat + "dataset", dct + "language", dct + "modified"},
		"Dataset":      {dct + "title", dct + "description", dct + "publisher", dcat + "theme", dcat + "distribution", dct + "accessRights", dct + "rights", dct + "modified"},
		"Distribution": {dct + "title", dcat + "accessURL", dcat + "downloadURL", dcat + "mediaType", dcat + "byteSize", "http://spdx.org/rdf/terms#checksum", dct + "rights"},
	} {
		if len(classes[class]) == 0 {
			t.Errorf("no %s", class)
		}
		for _, s := range classes[class] {
			for _, p := range asked {
				if len(values(s, p)) == 0 {
					t.Errorf("%s has no %s", s, p)
				}
			}
		}
	}
	described := 0
	for _, s := range classes["Distribution"] {
		if url := values(s, dcat+"downloadURL")[0]; strings.HasPrefix(url, base) {
			described++
		}
	}
	if described < 16 || described > files {
		t.Errorf("%d files have a distribution, of %d", described, files)
	}
	figures := base + "dcat.jsonld#observation"
	if got := values(figures, dct+"spatial"); len(got) != len(states) {
		t.Errorf("spatial: %v; want %v", got, states)
	}
	if got := values(values(figures, dct+"temporal")[0], dcat+"startDate"); len(got) != 1 || got[0] != "2022" {
		t.Errorf("temporal: from %v", got)
	}
}

// csvw is what is read of observation.csv-metadata.json.
type csvw struct {
	Context []any  `json:"@context"`
	Type    string `json:"@type"`
	Tables  []struct {
		URL    string
		Schema struct {
			Columns []struct {
				Name, Titles string
				Title        []map[string]string `json:"dc:title"`
				Datatype     any
				Required     bool
			}
			PrimaryKey  string
			ForeignKeys []struct {
				Column    string `json:"columnReference"`
				Reference struct {
					Resource string
					Column   string `json:"columnReference"`
				}
			}
		} `json:"tableSchema"`
	}
}

// TestCSVW holds the csv against its metadata as a validator would (Metadata Vocabulary
// for Tabular Data; Model for Tabular Data, section 6.4): no validator can be had here.
func TestCSVW(t *testing.T) {
	db, set := fixture(t)
	dir, _ := written(t, db, set, dataset.Options{Format: dataset.CSV, Params: table.Params{Control: control}})
	b, err := os.ReadFile(filepath.Join(dir, "observation.csv-metadata.json"))
	if err != nil {
		t.Fatal(err)
	}
	var m csvw
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	if m.Context[0] != "http://www.w3.org/ns/csvw" || m.Type != "TableGroup" || len(m.Tables) != 16 || m.Tables[0].URL != "observation.csv" {
		t.Fatalf("%v, %s, %d tables", m.Context, m.Type, len(m.Tables))
	}
	reName := regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`) // a part of what the vocabulary lets a name be
	cells := map[string]map[string][]string{}               // by table and column
	for _, table := range m.Tables {
		f, err := os.Open(filepath.Join(dir, filepath.FromSlash(table.URL)))
		if err != nil {
			t.Fatal(err)
		}
		rows := csvRows(t, f)
		cells[table.URL] = map[string][]string{}
		if len(rows[0]) != len(table.Schema.Columns) {
			t.Fatalf("%s: %d columns; %d described", table.URL, len(rows[0]), len(table.Schema.Columns))
		}
		for i, c := range table.Schema.Columns {
			if rows[0][i] != c.Titles || !reName.MatchString(c.Name) || len(c.Title) != 4 {
				t.Errorf("%s: column %d is %s; described: %+v", table.URL, i, rows[0][i], c)
			}
			for n, row := range rows[1:] {
				if row[i] == "" && c.Required || row[i] != "" && !ofType(row[i], c.Datatype) {
					t.Errorf("%s: row %d: %s is %q; want %v, required: %v", table.URL, n, c.Name, row[i], c.Datatype, c.Required)
				}
				cells[table.URL][c.Name] = append(cells[table.URL][c.Name], row[i])
			}
		}
		keys := slices.Sorted(slices.Values(cells[table.URL][table.Schema.PrimaryKey]))
		if len(keys) == 0 || len(slices.Compact(keys)) != len(rows)-1 {
			t.Errorf("%s: %s is no key", table.URL, table.Schema.PrimaryKey)
		}
	}
	for _, table := range m.Tables {
		for _, k := range table.Schema.ForeignKeys {
			to := cells[k.Reference.Resource][k.Reference.Column]
			for _, code := range cells[table.URL][k.Column] {
				if code != "" && !slices.Contains(to, code) {
					t.Errorf("%s: %s %q is not in %s", table.URL, k.Column, code, k.Reference.Resource)
				}
			}
		}
	}
	if len(m.Tables[0].Schema.ForeignKeys) != 19 {
		t.Errorf("%d foreign keys", len(m.Tables[0].Schema.ForeignKeys))
	}
}

// ofType tells whether a text is of a type of XML Schema.
func ofType(s string, datatype any) bool {
	var err error
	switch d := datatype.(type) {
	case map[string]any:
		return regexp.MustCompile("^(" + d["format"].(string) + ")$").MatchString(s)
	case string:
		switch d {
		case "number":
			_, err = strconv.ParseFloat(s, 64)
		case "int":
			_, err = strconv.ParseInt(s, 10, 32)
		case "long":
			_, err = strconv.ParseInt(s, 10, 64)
		case "boolean":
			return s == "true" || s == "false"
		case "string":
		default:
			return false
		}
	}
	return err == nil
}

// TestLanguages: every text of dataset.yaml is there in four languages, and each column
// has a title in them.
func TestLanguages(t *testing.T) {
	db, set := fixture(t)
	dir, _ := written(t, db, set, dataset.Options{Format: dataset.Arrow, Params: table.Params{Control: control}, AsOf: "2025-06-30"})
	b, err := os.ReadFile(filepath.Join(dir, "datapackage.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all any
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	texts := 0
	var walk func(string, any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case []any:
			for i, x := range v {
				walk(path+"/"+strconv.Itoa(i), x)
			}
		case map[string]any:
			_, en := v["en"]
			for _, lang := range record.Languages {
				if s, _ := v[lang].(string); en && (s == "" || strings.ContainsAny(s, "{}")) {
					t.Errorf("%s: %s is %q", path, lang, s)
				}
			}
			if en {
				texts++
			}
			for k, x := range v {
				walk(path+"/"+k, x)
			}
		}
	}
	walk("", all)
	if texts < 100 {
		t.Errorf("only %d texts", texts)
	}
	for _, lang := range record.Languages {
		dir, _ := written(t, db, set, dataset.Options{Format: dataset.CSV, Params: table.Params{Control: control, Lang: lang}})
		if b := files(t, dir)["datapackage.json"]; strings.Contains(b, `"description": ""`) || !strings.Contains(b, `"`+map[string]string{"en": "victims", "es": "víctimas", "pt": "vítimas", "fr": "victimes"}[lang]+`"`) {
			t.Errorf("%s: a description is empty, or there are no keywords", lang)
		}
	}
}
