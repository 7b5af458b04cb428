package sdmx

import (
	"encoding/xml"
	"io"
	"regexp"
	"strings"
)

// The artefacts of the model (artefact.go) as SDMX-ML 2.1 writes them. What it says
// otherwise than 3.0: a reference is taken apart (SDMXCommonReferences.xsd), a text of an
// annotation that is of no language is its title, there is one measure, the primary one,
// what is stable is final, and reference metadata have targets and report structures.

// reference is one to an artefact, to an item or, within an artefact, to a part of it.
type reference struct {
	Ref ref `xml:"Ref"`
}

type ref struct {
	ID            string `xml:"id,attr"`
	Version       string `xml:"version,attr,omitempty"`
	Parent        string `xml:"maintainableParentID,attr,omitempty"` // the scheme of an item
	ParentVersion string `xml:"maintainableParentVersion,attr,omitempty"`
	Agency        string `xml:"agencyID,attr,omitempty"`
	Package       string `xml:"package,attr,omitempty"`
	Class         string `xml:"class,attr,omitempty"`
}

var reURN = regexp.MustCompile(`^urn:sdmx:org\.sdmx\.infomodel\.(\w+)\.(\w+)=([^:]+):([^(]+)\(([^)]+)\)(?:\.(.+))?$`)

// refer takes a urn apart; nil where nothing is referred to, as in a stub.
func refer(urn string) *reference {
	m := reURN.FindStringSubmatch(urn)
	if m == nil {
		return nil
	}
	r := ref{Package: m[1], Class: m[2], Agency: m[3], ID: m[4], Version: m[5]}
	if item := m[6]; item != "" {
		r.Parent, r.ParentVersion, r.ID, r.Version = r.ID, r.Version, item, ""
	}
	return &reference{r}
}

// within refers to what the same artefact holds.
func within(id string) *reference { return &reference{ref{ID: id}} }

type annotation21 struct {
	ID    string `xml:"id,attr"`
	Title string `xml:"com:AnnotationTitle"`
	Type  string `xml:"com:AnnotationType"`
}

type annotations21 struct {
	List []annotation21 `xml:"com:Annotation"`
}

func annotated(list *annotations) *annotations21 {
	if list == nil {
		return nil
	}
	out := &annotations21{}
	for _, a := range *list {
		out.List = append(out.List, annotation21{a.ID, a.Value, a.Type})
	}
	return out
}

// maintained21 is an artefact of an agency. Its own annotations take the place of those
// of the model, as encoding/xml takes the field that lies less deep.
type maintained21 struct {
	Annotations *annotations21 `xml:"com:Annotations,omitempty"`
	Final       bool           `xml:"isFinal,attr,omitempty"`
	maintained
}

// maintained21 makes an artefact. A version of three numbers is stable in SDMX 3.0, which
// is final in 2.1; organisation schemes are of version 1.0 and never final.
func (m maintained) maintained21() maintained21 {
	if m.Version == "" {
		m.Version = "1.0"
	}
	return maintained21{annotated(m.Annotations), strings.Count(m.Version, ".") == 2, m}
}

type scheme21 struct {
	maintained21
	Partial bool `xml:"isPartial,attr,omitempty"`
	Items   []item21
}

type item21 struct {
	XMLName     xml.Name
	Annotations *annotations21 `xml:"com:Annotations,omitempty"`
	item
	Parent *reference `xml:"str:Parent,omitempty"`
}

func scheme(m maintained, partial bool, class string, items []item) scheme21 {
	out := scheme21{maintained21: m.maintained21(), Partial: partial}
	for _, i := range items {
		it := item21{XMLName: element(class), Annotations: annotated(i.Annotations), item: i}
		if i.Parent != "" {
			it.Parent = within(i.Parent)
		}
		out.Items = append(out.Items, it)
	}
	return out
}

func element(class string) xml.Name { return xml.Name{Local: "str:" + class} }

// usage21 is a dataflow or a metadataflow.
type usage21 struct {
	maintained21
	Structure *reference `xml:"str:Structure,omitempty"`
}

type agreement21 struct {
	maintained21
	Usage    *reference `xml:"str:StructureUsage,omitempty"`
	Provider *reference `xml:"str:DataProvider,omitempty"`
}

type categorisation21 struct {
	maintained21
	Source *reference `xml:"str:Source,omitempty"`
	Target *reference `xml:"str:Target,omitempty"`
}

// structures21 are the artefacts of a message as SDMX-ML 2.1.
type structures21 struct{ structures }

// WriteStructureXML21 writes the structure message as SDMX-ML 2.1. Constraints, which
// Availability adds, are not in it.
func (e *Export) WriteStructureXML21(w io.Writer) error {
	return ml21.writeStructures(w, e, structures21{e.structures})
}

// MarshalXML writes the lists in the order that SDMXStructure.xsd 2.1 asks for.
func (s structures21) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	return writeLists(e, start, []list{
		{"OrganisationSchemes", []members{
			each("AgencyScheme", s.Agencies, func(a agencyScheme) scheme21 { return scheme(a.maintained, a.Partial, "Agency", a.Items) }),
			each("DataProviderScheme", s.Providers, func(a providerScheme) scheme21 { return scheme(a.maintained, a.Partial, "DataProvider", a.Items) }),
		}},
		{"Dataflows", []members{each("Dataflow", s.Dataflows, func(a dataflow) usage21 { return usage21{a.maintained21(), refer(a.Structure)} })}},
		{"Metadataflows", []members{each("Metadataflow", s.Metadataflows, func(a metadataflow) usage21 { return usage21{a.maintained21(), refer(a.Structure)} })}},
		{"CategorySchemes", []members{each("CategoryScheme", s.Categories, func(a categoryScheme) scheme21 { return scheme(a.maintained, a.Partial, "Category", a.Items) })}},
		{"Categorisations", []members{each("Categorisation", s.Categorisations, func(a categorisation) categorisation21 {
			return categorisation21{a.maintained21(), refer(a.Source), refer(a.Target)}
		})}},
		{"Codelists", []members{each("Codelist", s.Codelists, func(a codelistArtefact) scheme21 { return scheme(a.maintained, a.Partial, "Code", a.Items) })}},
		{"Concepts", []members{each("ConceptScheme", s.Concepts, func(a conceptScheme) scheme21 { return scheme(a.maintained, a.Partial, "Concept", a.Items) })}},
		{"MetadataStructures", []members{each("MetadataStructure", s.MetadataStructures, metadataStructure.in21)}},
		{"DataStructures", []members{each("DataStructure", s.DataStructures, dataStructure.in21)}},
		{"ProvisionAgreements", []members{each("ProvisionAgreement", s.Agreements, func(a provisionAgreement) agreement21 {
			return agreement21{a.maintained21(), refer(a.Dataflow), refer(a.Provider)}
		})}},
	})
}

// each makes artefacts of 2.1 of those of the model.
func each[T, U any](name string, all []T, to func(T) U) members {
	var out []U
	for _, a := range all {
		out = append(out, to(a))
	}
	return members{name, out, len(out)}
}
