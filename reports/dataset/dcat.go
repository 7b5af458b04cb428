package dataset

import (
	"maps"
	"strconv"
	"time"

	"github.com/oas/tipstat/transform/record"
)

// node is a node of JSON-LD; its keys are written in alphabetical order.
type node map[string]any

// dcatContext names the vocabularies. Addresses are from the place of the file itself,
// wherever it is published, or from Options.BaseURL, for portals that read a copy of it.
var dcatContext = node{
	"dcat": "http://www.w3.org/ns/dcat#",
	"dct":  "http://purl.org/dc/terms/",
	"foaf": "http://xmlns.com/foaf/0.1/",
	"rdfs": "http://www.w3.org/2000/01/rdf-schema#",
	"skos": "http://www.w3.org/2004/02/skos/core#",
	"spdx": "http://spdx.org/rdf/terms#",
	"xsd":  "http://www.w3.org/2001/XMLSchema#",

	"dct:title": byLanguage, "dct:description": byLanguage, "dcat:keyword": byLanguage, "foaf:name": byLanguage, "rdfs:label": byLanguage, "skos:prefLabel": byLanguage,
}

// byLanguage lets a text stand as an object with a member for each language.
var byLanguage = node{"@container": "@language"}

// authority are vocabularies of the Publications Office of the EU, which DCAT-AP asks for.
const authority = "http://publications.europa.eu/resource/authority/"

// rightsID names the sentence on rights, which stands once and holds for all.
const rightsID = "#rights"

// languages as the authority names them.
var authorityLanguages = map[string]string{"en": "ENG", "es": "SPA", "pt": "POR", "fr": "FRA"}

func link(iri string) node         { return node{"@id": iri} }
func typed(value, of string) node  { return node{"@value": value, "@type": "xsd:" + of} }
func (s *Set) day() string         { return s.Updated.Format(time.DateOnly) }
func of(class string, n node) node { n["@type"] = class; return n }
func mediaType(f Format) node {
	return link("https://www.iana.org/assignments/media-types/" + mediaTypes[f])
}
func (s *Set) period() node {
	return of("dct:PeriodOfTime", node{"dcat:startDate": typed(strconv.Itoa(s.From), "gYear"), "dcat:endDate": typed(strconv.Itoa(s.To), "gYear")})
}

// catalogue is dcat.jsonld: Data Catalog Vocabulary, version 3 (W3C Recommendation, 22
// August 2024), with what DCAT-AP asks for: a catalogue of the figures and of the code lists.
func (s *Set) catalogue() (any, error) {
	publisher := of("foaf:Agent", node{"@id": s.words.Homepage, "foaf:name": s.words.Publisher, "foaf:homepage": link(s.words.Homepage)})
	figures := s.dataset("#observation", s.words.Title, s.description())
	maps.Copy(figures, node{"dct:identifier": "OAS:TIP(1.0.0)", "dct:temporal": s.period(), "dct:spatial": s.places(), "dcat:keyword": s.words.Keywords})
	lists := s.dataset("#codelists", s.words.Codelists, s.words.Codelists)
	var data, codes []node
	for _, f := range s.Files {
		if f.list == "" {
			data = append(data, s.distribution(f))
		} else {
			codes = append(codes, s.distribution(f))
		}
	}
	figures["dcat:distribution"], lists["dcat:distribution"] = data, codes
	figures["dct:requires"] = link("#codelists")
	for _, n := range []node{figures, lists} {
		n["dct:publisher"] = link(s.words.Homepage)
	}
	context := maps.Clone(dcatContext)
	if s.o.BaseURL != "" {
		context["@base"] = s.o.BaseURL
	}
	root := s.described(of("dcat:Catalog", node{
		"@context": context, "@id": "#catalog", "dct:title": s.words.Catalogue, "dct:description": s.rights(),
		"dct:publisher": publisher, "dcat:dataset": []node{figures, lists},
		"dct:rights": of("dct:RightsStatement", node{"@id": rightsID, "rdfs:label": s.rights()}), "dcat:themeTaxonomy": link(authority + "data-theme"), "foaf:homepage": link(s.words.Homepage),
	}))
	return root, nil
}

// described adds what a catalogue and its data sets both have.
func (s *Set) described(n node) node {
	var langs []node
	for _, l := range record.Languages {
		langs = append(langs, link(authority+"language/"+authorityLanguages[l]))
	}
	n["dct:language"], n["dct:modified"] = langs, typed(s.day(), "date")
	if s.o.Licence != nil {
		n["dct:license"] = link(s.o.Licence.Path)
	}
	return n
}

func (s *Set) dataset(id string, title, about text) node {
	access := "PUBLIC"
	if !s.released() {
		access = "NON_PUBLIC"
	}
	var themes []node
	for _, t := range s.words.Themes {
		themes = append(themes, link(t))
	}
	return s.described(of("dcat:Dataset", node{"@id": id, "dct:title": title, "dct:description": about.and(s.rights()), "dcat:theme": themes,
		"dct:rights": link(rightsID), "dct:accessRights": link(authority + "access-right/" + access), "foaf:page": link(PackageName)}))
}

// places are the States that have a row. Their codes are those of ISO 3166-1, as in the
// authority's list.
func (s *Set) places() []node {
	var out []node
	for _, area := range s.States {
		out = append(out, s.place(area))
	}
	return out
}

func (s *Set) place(area string) node {
	return of("dct:Location", node{"@id": authority + "country/" + area, "dct:identifier": area, "skos:prefLabel": s.name("CL_AREA", area)})
}

// distribution is one file. Of a data set in parts each part is one, since portals know
// no other way to name a file with its checksum.
func (s *Set) distribution(f File) node {
	n := of("dcat:Distribution", node{"@id": "#" + f.Path, "dct:title": s.words.Title, "dcat:mediaType": mediaType(s.Format),
		"dcat:downloadURL": link(f.Path), "dcat:accessURL": link(f.Path), "dcat:byteSize": typed(strconv.FormatInt(f.Bytes, 10), "nonNegativeInteger"),
		"dct:rights": link(rightsID), "dct:modified": typed(s.day(), "date"),
		"spdx:checksum": of("spdx:Checksum", node{"spdx:algorithm": link("spdx:checksumAlgorithm_sha256"), "spdx:checksumValue": typed(f.SHA256, "hexBinary")})})
	switch {
	case f.list != "":
		n["dct:title"], n["dcat:mediaType"] = s.words.Codelist.with("list", same(f.list)), mediaType(CSV)
	case f.area != "":
		record, area := s.name(recordList, f.record), s.name("CL_AREA", f.area)
		n["dct:title"] = s.words.Part.with("record", func(l string) string { return record[l] }).with("area", func(l string) string { return area[l] })
		n["dct:spatial"] = link(authority + "country/" + f.area)
	}
	if s.o.Licence != nil {
		n["dct:license"] = link(s.o.Licence.Path)
	}
	return n
}
