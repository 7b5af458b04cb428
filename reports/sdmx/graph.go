package sdmx

import (
	"slices"
	"strings"

	"github.com/oas/tipstat/transform/record"
)

// Artefact is one artefact of the structures, and what it refers to.
type Artefact struct {
	Class, Agency, ID, Version string // Class as in a urn: DataStructure
	URN                        string
	References                 []string // urns of artefacts, or of items of theirs
	Items                      []string // ids of what a scheme holds
}

// Part says how an artefact is given.
type Part struct {
	Stub  bool // id, agency, version and name alone
	Notes bool // with a stub: description and annotations too
	// Items are the items of a scheme that are given; nil: all. Fewer make it partial.
	Items func(id string) bool
}

// artefact is what all artefacts can: say who they are, and become less.
type artefact interface {
	self() *maintained
	references() []string
	scheme() (items *[]item, partial *bool) // nil where it holds no items
	strip()                                 // leaves what a stub has, and what the schemas want all the same
}

func (m *maintained) self() *maintained                   { return m }
func (m *maintained) references() []string                { return nil }
func (m *maintained) scheme() (items *[]item, part *bool) { return nil, nil }
func (m *maintained) strip()                              {}
func (s *agencyScheme) scheme() (*[]item, *bool)          { return &s.Items, &s.Partial }
func (s *providerScheme) scheme() (*[]item, *bool)        { return &s.Items, &s.Partial }
func (s *conceptScheme) scheme() (*[]item, *bool)         { return &s.Items, &s.Partial }
func (s *codelistArtefact) scheme() (*[]item, *bool)      { return &s.Items, &s.Partial }
func (s *categoryScheme) scheme() (*[]item, *bool)        { return &s.Items, &s.Partial }
func (s *dataflow) references() []string                  { return []string{s.Structure} }
func (s *dataflow) strip()                                { s.Structure = "" }
func (s *metadataflow) references() []string              { return []string{s.Structure} }
func (s *provisionAgreement) references() []string        { return []string{s.Dataflow, s.Provider} }
func (s *categorisation) references() []string            { return []string{s.Source, s.Target} }
func (s *categorisation) strip()                          { s.Source, s.Target = "", "" }
func (s *dataStructure) strip()                           { s.Components = nil }
func (s *metadataStructure) strip()                       { s.Components = nil }

func (s *dataStructure) references() []string {
	c := s.Components
	out := []string{c.Dimensions.Time.Concept}
	add := func(concept string, r representation) { out = append(out, concept, r.Enumeration) }
	for _, d := range c.Dimensions.Dimensions {
		add(d.Concept, d.Values)
	}
	for _, a := range c.Attributes.Attributes {
		add(a.Concept, a.Values)
	}
	for _, m := range c.Measures.Measures {
		add(m.Concept, m.Values)
	}
	return slices.DeleteFunc(out, func(urn string) bool { return urn == "" })
}

func (s *metadataStructure) references() []string {
	var out []string
	for _, a := range s.Components.List.Attributes {
		out = append(out, a.Concept)
	}
	return out
}

// pointers are the members of a list that one can change.
func pointers[T any, P interface {
	*T
	artefact
}](list []T) []artefact {
	out := make([]artefact, len(list))
	for i := range list {
		out[i] = P(&list[i])
	}
	return out
}

// all are the artefacts of the message, with their classes.
func (s *structures) all() map[string][]artefact {
	return map[string][]artefact{
		"AgencyScheme": pointers(s.Agencies), "Categorisation": pointers(s.Categorisations), "CategoryScheme": pointers(s.Categories),
		"Codelist": pointers(s.Codelists), "ConceptScheme": pointers(s.Concepts), "Dataflow": pointers(s.Dataflows),
		"DataProviderScheme": pointers(s.Providers), "DataStructure": pointers(s.DataStructures), "Metadataflow": pointers(s.Metadataflows),
		"MetadataStructure": pointers(s.MetadataStructures), "ProvisionAgreement": pointers(s.Agreements),
	}
}

// Artefacts are the artefacts of the structures, by their urns.
func (e *Export) Artefacts() map[string]Artefact {
	out := map[string]Artefact{}
	for class, list := range e.structures.all() {
		for _, a := range list {
			m := a.self()
			found := Artefact{Class: class, Agency: m.Agency, ID: m.ID, Version: m.Version, URN: m.URN, References: a.references()}
			if found.Version == "" { // organisation schemes have no version of their own
				found.Version = "1.0"
			}
			if items, _ := a.scheme(); items != nil {
				for _, i := range *items {
					found.Items = append(found.Items, i.ID)
				}
			}
			out[m.URN] = found
		}
	}
	return out
}

// Scheme gives the urn of the artefact that holds an item; that of an artefact is its own.
func Scheme(urn string) string {
	if i := strings.LastIndex(urn, ")."); i >= 0 {
		for item, scheme := range map[string]string{"base.Agency": "base.AgencyScheme", "base.DataProvider": "base.DataProviderScheme", "conceptscheme.Concept": "conceptscheme.ConceptScheme",
			"codelist.Code": "codelist.Codelist", "categoryscheme.Category": "categoryscheme.CategoryScheme"} {
			if after, ok := strings.CutPrefix(urn[:i+1], "urn:sdmx:org.sdmx.infomodel."+item+"="); ok {
				return "urn:sdmx:org.sdmx.infomodel." + scheme + "=" + after
			}
		}
	}
	return urn
}

// In gives the Export for those who take one name of each thing, in a language (en,
// es, pt or fr).
func (e *Export) In(lang string) *Export {
	out := *e
	if slices.Contains(record.Languages, lang) {
		out.lang = lang
	}
	return &out
}

// Structure gives an Export whose structure message holds the parts, by their urns.
func (e *Export) Structure(parts map[string]Part) *Export {
	out := *e
	s := &out.structures
	s.Agencies = partsOf(e, s.Agencies, parts)
	s.Categorisations = partsOf(e, s.Categorisations, parts)
	s.Categories = partsOf(e, s.Categories, parts)
	s.Codelists = partsOf(e, s.Codelists, parts)
	s.Concepts = partsOf(e, s.Concepts, parts)
	s.Dataflows = partsOf(e, s.Dataflows, parts)
	s.Providers = partsOf(e, s.Providers, parts)
	s.DataStructures = partsOf(e, s.DataStructures, parts)
	s.Metadataflows = partsOf(e, s.Metadataflows, parts)
	s.MetadataStructures = partsOf(e, s.MetadataStructures, parts)
	s.Agreements = partsOf(e, s.Agreements, parts)
	return &out
}

// partsOf gives copies of the artefacts that are asked for: what many read at the same
// time is not changed.
func partsOf[T any, P interface {
	*T
	artefact
}](e *Export, list []T, parts map[string]Part) []T {
	var out []T
	for _, a := range list {
		m := P(&a).self()
		part, ok := parts[m.URN]
		if !ok {
			continue
		}
		m.names = m.in(e.lang)
		items, partial := P(&a).scheme()
		if items != nil {
			*items = e.items(*items, part.Items)
			*partial = *partial || part.Items != nil
		}
		if part.Stub {
			P(&a).strip()
			if items != nil {
				*items = nil
			}
			if !part.Notes {
				m.Annotations, m.BestDesc, m.Descriptions = nil, "", nil
			}
		}
		out = append(out, a)
	}
	return out
}

// in gives the names with those of a language for who takes one.
func (n names) in(lang string) names {
	n.Best = n.Names[lang]
	if n.Descriptions != nil {
		n.BestDesc = n.Descriptions[lang]
	}
	return n
}

func (e *Export) items(list []item, wanted func(string) bool) []item {
	var out []item
	for _, i := range list {
		if wanted == nil || wanted(i.ID) {
			i.names = i.in(e.lang)
			out = append(out, i)
		}
	}
	return out
}

// MetadataSet tells of a report what a query asks for.
type MetadataSet struct {
	ID, Agency, Version string
	Flow                string   // urn of its metadataflow
	Targets             []string // urns of what it is attached to
}

// MetadataSets gives an Export whose message of reference metadata holds the reports
// that are wanted, and their number; if asked for as stubs, as the REST API has them: who
// maintains each, its id, version and name. (So SDMX-ML 3.0 has them too. The schema of
// SDMX-JSON wants a flow, targets and answers of each.)
func (e *Export) MetadataSets(stubs bool, wanted func(MetadataSet) bool) (*Export, int) {
	out := *e
	out.metadata = []metadataSet{}
	for _, m := range e.metadata {
		if !wanted(MetadataSet{m.ID, m.Agency, m.Version, m.Flow, m.Targets}) {
			continue
		}
		m.names = m.in(e.lang)
		if stubs {
			m.Flow, m.Targets, m.Attributes = "", nil, nil
		}
		out.metadata = append(out.metadata, m)
	}
	return &out, len(out.metadata)
}

// Availability adds to an Export's structures what a selection of the data has in some
// dimensions: values by dimension, in their order, and how many series and observations.
func (e *Export) Availability(selected *Export, dimensions []string, available map[string][]string) *Export {
	out, d := *e, e.design
	id := "AVAILABLE_" + d.Dataflow.ID
	c := dataConstraint{maintained: e.maintained("DataConstraint", id, text(d.Dataflow.Name)), Role: "Actual"}
	c.Annotations = &annotations{counted("series_count", selected.Series), counted("obs_count", selected.Observations)}
	if _, urn := selected.usage(); selected.byStructure {
		c.Attachment.DataStructures = []string{urn}
	} else {
		c.Attachment.Dataflows = []string{urn}
	}
	r := region{Include: true}
	for _, id := range dimensions {
		v := keyValue{ID: id}
		switch list := available[id]; {
		case len(list) == 0:
			continue
		case id == d.Time:
			v.Time = spanOf(list)
		default:
			v.Values = list
		}
		r.Values = append(r.Values, v)
	}
	c.Regions = []region{r}
	out.structures.Constraints = []dataConstraint{c}
	return &out
}

// Agency is the id of who maintains the artefacts of every export.
func Agency() (string, error) {
	d, err := loadDesign()
	if err != nil {
		return "", err
	}
	return d.Agency, nil
}

// WithParents gives codes of a list with the codes above them.
func (e *Export) WithParents(list string, codes []string) []string {
	parent := map[string]string{}
	for _, l := range e.structures.Codelists {
		if l.ID == list {
			for _, i := range l.Items {
				parent[i.ID] = i.Parent
			}
		}
	}
	with := map[string]bool{"": true}
	var out []string
	for _, code := range codes {
		for ; !with[code]; code = parent[code] {
			with[code] = true
			out = append(out, code)
		}
	}
	return out
}
