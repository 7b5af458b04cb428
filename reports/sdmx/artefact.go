package sdmx

import (
	"encoding/json"
	"encoding/xml"
	"slices"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/record"
)

// The artefacts of a structure message. One type serves both formats: SDMX-ML asks for
// its elements in the order of the fields; SDMX-JSON calls the same things by almost
// the same names.

// text is a text in several languages.
type text table.Text

// MarshalXML writes an element for each language.
func (t text) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	for _, lang := range record.Languages {
		s, ok := t[lang]
		if !ok {
			continue
		}
		el := xml.StartElement{Name: start.Name, Attr: []xml.Attr{{Name: xml.Name{Local: "xml:lang"}, Value: lang}}}
		if err := e.EncodeElement(s, el); err != nil {
			return err
		}
	}
	return nil
}

// link tells the urn in SDMX-JSON.
type link struct {
	Rel  string `json:"rel"`
	URN  string `json:"urn"`
	Type string `json:"type,omitempty"`
}

// identity is what every artefact has but its names.
type identity struct {
	ID    string `xml:"id,attr" json:"id"`
	URN   string `xml:"urn,attr,omitempty" json:"-"`
	Links []link `xml:"-" json:"links,omitempty"`
}

func identified(id, urn string) identity {
	return identity{ID: id, URN: urn, Links: []link{{Rel: "self", URN: urn}}}
}

// names are the names of an artefact, in four languages; Best is the one for those
// who take only one.
type names struct {
	Annotations  *annotations `xml:"com:Annotations,omitempty" json:"annotations,omitempty"`
	Best         string       `xml:"-" json:"name"`
	Names        text         `xml:"com:Name" json:"names"`
	BestDesc     string       `xml:"-" json:"description,omitempty"`
	Descriptions text         `xml:"com:Description,omitempty" json:"descriptions,omitempty"`
}

// annotations are notes on an artefact that SDMX has no place for.
type annotations []annotation

type annotation struct {
	ID    string `xml:"id,attr" json:"id"`
	Type  string `xml:"com:AnnotationType" json:"type"`
	Value string `xml:"com:AnnotationValue" json:"value"`
}

// MarshalXML writes the list in one element.
func (a annotations) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	return e.EncodeElement(struct {
		List []annotation `xml:"com:Annotation"`
	}{a}, start)
}

// maintained is an artefact of an agency.
type maintained struct {
	identity
	Agency  string `xml:"agencyID,attr" json:"agencyID"`
	Version string `xml:"version,attr,omitempty" json:"version,omitempty"`
	names
}

// item is an element of a scheme: a code, a concept, an agency, a provider, a category.
type item struct {
	identity
	names
	Parent string `xml:"str:Parent,omitempty" json:"parent,omitempty"`
}

// The schemes differ only in what their items are called.
type (
	agencyScheme struct {
		maintained
		Partial bool   `xml:"isPartial,attr" json:"isPartial"`
		Items   []item `xml:"str:Agency" json:"agencies,omitempty"`
	}
	providerScheme struct {
		maintained
		Partial bool   `xml:"isPartial,attr" json:"isPartial"`
		Items   []item `xml:"str:DataProvider" json:"dataProviders,omitempty"`
	}
	conceptScheme struct {
		maintained
		Partial bool   `xml:"isPartial,attr,omitempty" json:"isPartial,omitempty"`
		Items   []item `xml:"str:Concept" json:"concepts,omitempty"`
	}
	codelistArtefact struct {
		maintained
		Partial bool   `xml:"isPartial,attr,omitempty" json:"isPartial,omitempty"`
		Items   []item `xml:"str:Code" json:"codes,omitempty"`
	}
	categoryScheme struct {
		maintained
		Partial bool   `xml:"isPartial,attr,omitempty" json:"isPartial,omitempty"`
		Items   []item `xml:"str:Category" json:"categories,omitempty"`
	}
)

// representation says what values a component has: codes of a list, or a format.
type representation struct {
	Enumeration string  `xml:"str:Enumeration,omitempty" json:"enumeration,omitempty"`
	Format      *format `xml:"str:TextFormat" json:"format,omitempty"`
}

type format struct {
	Type         string `xml:"textType,attr" json:"dataType"`
	Multilingual *bool  `xml:"isMultiLingual,attr" json:"isMultiLingual,omitempty"`
}

// relationship of an attribute: it is the observation's.
type relationship struct {
	Observation struct{} `xml:"str:Observation" json:"observation"`
}

type dimension struct {
	identity
	Position int            `xml:"position,attr" json:"position"`
	Concept  string         `xml:"str:ConceptIdentity" json:"conceptIdentity"`
	Values   representation `xml:"str:LocalRepresentation" json:"localRepresentation"`
}

type timeDimension struct {
	identity
	Concept string         `xml:"str:ConceptIdentity" json:"conceptIdentity"`
	Values  representation `xml:"str:LocalRepresentation" json:"localRepresentation"`
}

type measure struct {
	identity
	Usage   string         `xml:"usage,attr" json:"usage"`
	Concept string         `xml:"str:ConceptIdentity" json:"conceptIdentity"`
	Values  representation `xml:"str:LocalRepresentation" json:"localRepresentation"`
}

type attribute struct {
	identity
	Usage        string         `xml:"usage,attr" json:"usage"`
	Concept      string         `xml:"str:ConceptIdentity" json:"conceptIdentity"`
	Values       representation `xml:"str:LocalRepresentation" json:"localRepresentation"`
	Relationship relationship   `xml:"str:AttributeRelationship" json:"attributeRelationship"`
}

type (
	dimensionList struct {
		identity
		Dimensions []dimension   `xml:"str:Dimension" json:"dimensions"`
		Time       timeDimension `xml:"str:TimeDimension" json:"timeDimension"`
	}
	attributeList struct {
		identity
		Attributes []attribute `xml:"str:Attribute" json:"attributes"`
	}
	measureList struct {
		identity
		Measures []measure `xml:"str:Measure" json:"measures"`
	}
)

// A stub of an artefact has no components, no structure and no items.
type dataStructure struct {
	maintained
	Components *dataComponents `xml:"str:DataStructureComponents" json:"dataStructureComponents,omitempty"`
}

type dataComponents struct {
	Dimensions dimensionList `xml:"str:DimensionList" json:"dimensionList"`
	Attributes attributeList `xml:"str:AttributeList" json:"attributeList"`
	Measures   measureList   `xml:"str:MeasureList" json:"measureList"`
}

type metadataAttribute struct {
	identity
	Min     int            `xml:"minOccurs,attr" json:"minOccurs"`
	Max     int            `xml:"maxOccurs,attr" json:"maxOccurs"`
	Concept string         `xml:"str:ConceptIdentity" json:"conceptIdentity"`
	Values  representation `xml:"str:LocalRepresentation" json:"localRepresentation"`
}

type metadataStructure struct {
	maintained
	Components *metadataComponents `xml:"str:MetadataStructureComponents" json:"metadataStructureComponents,omitempty"`
}

type metadataComponents struct {
	List struct {
		identity
		Attributes []metadataAttribute `xml:"str:MetadataAttribute" json:"metadataAttributes"`
	} `xml:"str:MetadataAttributeList" json:"metadataAttributeList"`
}

type dataflow struct {
	maintained
	Structure string `xml:"str:Structure,omitempty" json:"structure,omitempty"`
}

type metadataflow struct {
	maintained
	Structure string   `xml:"str:Structure,omitempty" json:"structure,omitempty"`
	Targets   []string `xml:"str:Target" json:"targets,omitempty"`
}

type provisionAgreement struct {
	maintained
	Dataflow string `xml:"str:Dataflow,omitempty" json:"dataflow,omitempty"`
	Provider string `xml:"str:DataProvider,omitempty" json:"dataProvider,omitempty"`
}

type categorisation struct {
	maintained
	Source string `xml:"str:Source,omitempty" json:"source,omitempty"`
	Target string `xml:"str:Target,omitempty" json:"target,omitempty"`
}

// structures are the artefacts of a message. A list may be empty, and is then left out.
type structures struct {
	Agencies           []agencyScheme       `json:"agencySchemes,omitempty"`
	Categorisations    []categorisation     `json:"categorisations,omitempty"`
	Categories         []categoryScheme     `json:"categorySchemes,omitempty"`
	Codelists          []codelistArtefact   `json:"codelists,omitempty"`
	Concepts           []conceptScheme      `json:"conceptSchemes,omitempty"`
	Constraints        []dataConstraint     `json:"dataConstraints,omitempty"`
	Dataflows          []dataflow           `json:"dataflows,omitempty"`
	Providers          []providerScheme     `json:"dataProviderSchemes,omitempty"`
	DataStructures     []dataStructure      `json:"dataStructures,omitempty"`
	Metadataflows      []metadataflow       `json:"metadataflows,omitempty"`
	MetadataStructures []metadataStructure  `json:"metadataStructures,omitempty"`
	Agreements         []provisionAgreement `json:"provisionAgreements,omitempty"`
}

// MarshalXML writes the lists in the order that SDMXStructure.xsd asks for.
func (s structures) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	return writeLists(e, start, []list{
		{"AgencySchemes", []members{{"AgencyScheme", s.Agencies, len(s.Agencies)}}},
		{"Categorisations", []members{{"Categorisation", s.Categorisations, len(s.Categorisations)}}},
		{"CategorySchemes", []members{{"CategoryScheme", s.Categories, len(s.Categories)}}},
		{"Codelists", []members{{"Codelist", s.Codelists, len(s.Codelists)}}},
		{"ConceptSchemes", []members{{"ConceptScheme", s.Concepts, len(s.Concepts)}}},
		{"DataConstraints", []members{{"DataConstraint", s.Constraints, len(s.Constraints)}}},
		{"Dataflows", []members{{"Dataflow", s.Dataflows, len(s.Dataflows)}}},
		{"DataProviderSchemes", []members{{"DataProviderScheme", s.Providers, len(s.Providers)}}},
		{"DataStructures", []members{{"DataStructure", s.DataStructures, len(s.DataStructures)}}},
		{"Metadataflows", []members{{"Metadataflow", s.Metadataflows, len(s.Metadataflows)}}},
		{"MetadataStructures", []members{{"MetadataStructure", s.MetadataStructures, len(s.MetadataStructures)}}},
		{"ProvisionAgreements", []members{{"ProvisionAgreement", s.Agreements, len(s.Agreements)}}},
	})
}

// list is an element of a structure message that holds artefacts.
type list struct {
	name string
	of   []members
}

// members are the artefacts of one class in a list.
type members struct {
	name string
	all  any // a slice
	n    int
}

// writeLists writes each list that is not empty in an element of its own.
func writeLists(e *xml.Encoder, start xml.StartElement, lists []list) error {
	if err := e.EncodeToken(start); err != nil {
		return err
	}
	for _, l := range lists {
		l.of = slices.DeleteFunc(l.of, func(m members) bool { return m.n == 0 })
		if len(l.of) == 0 {
			continue
		}
		element := xml.StartElement{Name: xml.Name{Local: "str:" + l.name}}
		err := e.EncodeToken(element)
		for _, m := range l.of {
			if err == nil {
				err = e.EncodeElement(m.all, xml.StartElement{Name: xml.Name{Local: "str:" + m.name}})
			}
		}
		if err == nil {
			err = e.EncodeToken(element.End())
		}
		if err != nil {
			return err
		}
	}
	return e.EncodeToken(start.End())
}

// metadataSet is a report of reference metadata.
type metadataSet struct {
	maintained
	Flow       string     `xml:"gen:Metadataflow,omitempty" json:"metadataflow,omitempty"`
	Targets    []string   `xml:"gen:Target" json:"targets,omitempty"`
	Attributes []reported `xml:"gen:Attribute" json:"attributes,omitempty"`
}

// reported is the answer to one heading: a value, or a text in several languages.
type reported struct {
	ID    string `xml:"id,attr"`
	Value string `xml:"gen:Value,omitempty"`
	Text  text   `xml:"com:Text,omitempty"`
}

// MarshalJSON writes either in the place of the value.
func (r reported) MarshalJSON() ([]byte, error) {
	out := struct {
		ID    string `json:"id"`
		Value any    `json:"value"`
	}{r.ID, r.Value}
	if r.Text != nil {
		out.Value = r.Text
	}
	return json.Marshal(out)
}
