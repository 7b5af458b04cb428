package sdmx

import (
	"fmt"
	"slices"

	"golang.org/x/text/language"

	"github.com/oas/tipstat/transform/codelist"
)

// agreement is what one agency sends of one State.
type agreement struct {
	Area, Agency string
}

// id of the agreement, and of what hangs on it.
func (a agreement) id(prefix string) string { return prefix + "_" + a.Area + "_" + a.Agency }

// code finds a code of a list, ours or that of transform/codelist.
func (e *Export) code(list, id string) (codelist.Code, bool) {
	if i := slices.IndexFunc(e.design.Codelists, func(l ownList) bool { return l.ID == list }); i >= 0 {
		for n, c := range e.design.Codelists[i].Codes {
			if c.ID == id {
				return codelist.Code{ID: id, Name: c.Name, Position: n + 1}, true
			}
		}
	}
	if l, ok := e.set.List(list); ok {
		if c, ok := l.Code(id); ok {
			return c, true
		}
	}
	if i := slices.Index(e.retired[list], id); i >= 0 {
		return codelist.Code{ID: id, Name: sayIn(e.design.Retired, map[string]text{"code": same(id)}), Position: afterAll + i}, true
	}
	return codelist.Code{}, false
}

// afterAll is a place behind all codes of a list.
const afterAll = 1 << 30

// label gives the names of a code; the code itself where its list lacks it.
func (e *Export) label(list, id string) text {
	if c, ok := e.code(list, id); ok {
		return text(c.Name)
	}
	return same(id)
}

// position is the place of a code in its list.
func (e *Export) position(list, id string) (int, bool) {
	c, ok := e.code(list, id)
	return c.Position, ok
}

func (e *Export) named(t text) names { return names{Best: t[e.lang], Names: t} }

// maintained makes an artefact of the design's agency.
func (e *Export) maintained(class, id string, t text) maintained {
	return maintained{identified(id, e.design.urn(class, id, "")), e.design.Agency, e.design.Version, e.named(t)}
}

// build makes the structure message.
func (e *Export) build() {
	d := e.design
	s := &e.structures
	s.Agencies, s.Providers = e.organisations()
	for _, l := range d.Codelists {
		s.Codelists = append(s.Codelists, e.codelist(l))
	}
	s.Concepts = []conceptScheme{e.concepts()}
	s.DataStructures = []dataStructure{e.dataStructure()}
	flow := e.maintained("Dataflow", d.Dataflow.ID, text(d.Dataflow.Name))
	flow.BestDesc, flow.Descriptions = d.Dataflow.Description[e.lang], text(d.Dataflow.Description)
	s.Dataflows = []dataflow{{flow, d.urn("DataStructure", d.DataStructure.ID, "")}}
	s.MetadataStructures = []metadataStructure{e.metadataStructure()}
	m := d.Metadata
	s.Metadataflows = []metadataflow{{e.maintained("Metadataflow", m.Flow.ID, text(m.Flow.Name)), d.urn("MetadataStructure", m.Structure.ID, ""),
		[]string{urn("ProvisionAgreement", d.Agency, "*", "*", "")}}}
	for _, a := range e.agreements {
		name := sayIn(d.Agreement.Name, map[string]text{"agency": e.label("CL_AGENCY", a.Agency), "state": e.label("CL_AREA", a.Area)})
		p := e.maintained("ProvisionAgreement", a.id(d.Dataflow.ID), name)
		// An agreement has no place for the part of the dataflow that it is about.
		p.Annotations = &annotations{{"REF_AREA", "KEY", a.Area}, {"SOURCE_AGENCY", "KEY", a.Agency}}
		s.Agreements = append(s.Agreements, provisionAgreement{p, d.urn("Dataflow", d.Dataflow.ID, ""), urn("DataProvider", d.Agency, "DATA_PROVIDERS", "1.0", a.Agency)})
	}
	s.Categories, s.Categorisations = e.categories()
}

// organisations are the agency that maintains the artefacts, and those that sent
// figures. Both schemes have a fixed id and no version of their own (1.0).
func (e *Export) organisations() ([]agencyScheme, []providerScheme) {
	d := e.design
	scheme := func(class, agency, id string, name text) maintained {
		return maintained{identified(id, urn(class, agency, id, "1.0", "")), agency, "", e.named(name)}
	}
	member := func(class, agency, id, code string) item {
		return item{identity: identified(code, urn(class, agency, id, "1.0", code)), names: e.named(e.label("CL_AGENCY", code))}
	}
	agencies := agencyScheme{maintained: scheme("AgencyScheme", "SDMX", "AGENCIES", text(d.Agencies.Name)), Partial: true,
		Items: []item{member("Agency", "SDMX", "AGENCIES", d.Agency)}}
	providers := providerScheme{maintained: scheme("DataProviderScheme", d.Agency, "DATA_PROVIDERS", text(d.Providers.Name)), Partial: true}
	for _, a := range e.values["SOURCE_AGENCY"] {
		providers.Items = append(providers.Items, member("DataProvider", d.Agency, "DATA_PROVIDERS", a))
	}
	return []agencyScheme{agencies}, []providerScheme{providers}
}

// codelist makes a code list. Where a code comes from is an annotation. A parent of
// another list (indicators have their record) is said by a category.
func (e *Export) codelist(own ownList) codelistArtefact {
	d := e.design
	out := codelistArtefact{maintained: e.maintained("Codelist", own.ID, text(own.Name))}
	for _, c := range own.Codes {
		out.Items = append(out.Items, item{identity: identified(c.ID, d.urn("Code", own.ID, c.ID)), names: e.named(text(c.Name))})
	}
	list, ok := e.set.List(own.ID)
	if !ok {
		return out
	}
	for _, c := range list.Codes() {
		i := item{identity: identified(c.ID, d.urn("Code", own.ID, c.ID)), names: e.named(text(c.Name))}
		if _, ok := list.Code(c.Parent); ok {
			i.Parent = c.Parent
		}
		i.Annotations = &annotations{{"SOURCE", "SOURCE", c.Source}}
		if own.ID == "CL_AREA" {
			*i.Annotations = append(*i.Annotations, crossDomain(c.ID)...)
		}
		out.Items = append(out.Items, i)
	}
	return out
}

// crossDomain gives the codes of a country in the cross-domain list SDMX:CL_AREA(2.0), which
// has no alpha-3: ISO 3166-1 alpha-2, and M49 with three digits.
func crossDomain(area string) annotations {
	r, err := language.ParseRegion(area)
	if err != nil || !r.IsCountry() || r.ISO3() != area || r.M49() == 0 {
		return nil
	}
	return annotations{{"ALPHA2", "SDMX:CL_AREA(2.0)", r.String()}, {"M49", "SDMX:CL_AREA(2.0)", fmt.Sprintf("%03d", r.M49())}}
}

// concepts are those of the components, and of the headings of reference metadata
// that are none of them.
func (e *Export) concepts() conceptScheme {
	d := e.design
	out := conceptScheme{maintained: e.maintained("ConceptScheme", d.Concepts.ID, text(d.Concepts.Name))}
	add := func(id string, t map[string]string) {
		if !slices.ContainsFunc(out.Items, func(i item) bool { return i.ID == id }) {
			out.Items = append(out.Items, item{identity: identified(id, d.urn("Concept", d.Concepts.ID, id)), names: e.named(text(t))})
		}
	}
	for _, c := range d.components() {
		add(c.ID, c.Name)
	}
	for _, m := range d.Metadata.Attributes {
		add(m.ID, m.Name)
	}
	return out
}

func (d *design) concept(id string) string { return d.urn("Concept", d.Concepts.ID, id) }

// formats of SDMX for the types of structure.csv.
var formats = map[string]string{"text": "String", "number": "Double", "integer": "Integer"}

// values of a component: codes of its list, or a format.
func (d *design) values(c component) representation {
	switch {
	case c.ID == d.Time:
		return representation{Format: &format{Type: "ObservationalTimePeriod"}}
	case c.Codelist != "":
		return representation{Enumeration: d.urn("Codelist", c.Codelist, "")}
	}
	f := &format{Type: formats[c.kind]}
	if c.kind == "text" {
		f.Multilingual = new(bool) // as its sender wrote it
	}
	return representation{Format: f}
}

func usage(c component) string {
	if c.Mandatory {
		return "mandatory"
	}
	return "optional"
}

func (e *Export) dataStructure() dataStructure {
	d := e.design
	id := d.DataStructure.ID
	out := dataStructure{maintained: e.maintained("DataStructure", id, text(d.DataStructure.Name))}
	within := func(class, item string) identity { return identified(item, d.urn(class, id, item)) }
	c := &dataComponents{}
	out.Components = c
	c.Dimensions.identity = within("DimensionDescriptor", "DimensionDescriptor")
	c.Attributes.identity = within("AttributeDescriptor", "AttributeDescriptor")
	c.Measures.identity = within("MeasureDescriptor", "MeasureDescriptor")
	for i, dim := range d.series() {
		c.Dimensions.Dimensions = append(c.Dimensions.Dimensions, dimension{within("Dimension", dim.ID), i + 1, d.concept(dim.ID), d.values(dim)})
	}
	c.Dimensions.Time = timeDimension{within("TimeDimension", d.Time), d.concept(d.Time), d.values(component{ID: d.Time})}
	for _, a := range d.Attributes {
		c.Attributes.Attributes = append(c.Attributes.Attributes, attribute{within("DataAttribute", a.ID), usage(a), d.concept(a.ID), d.values(a), relationship{}})
	}
	for _, m := range d.measures {
		c.Measures.Measures = append(c.Measures.Measures, measure{within("Measure", m.ID), usage(m), d.concept(m.ID), d.values(m)})
	}
	return out
}

func (e *Export) metadataStructure() metadataStructure {
	d := e.design
	id := d.Metadata.Structure.ID
	out := metadataStructure{maintained: e.maintained("MetadataStructure", id, text(d.Metadata.Structure.Name))}
	out.Components = &metadataComponents{}
	list := &out.Components.List
	list.identity = identity{ID: "MetadataAttributeDescriptor"} // for which the schemas know no urn
	multilingual := true
	for _, m := range d.Metadata.Attributes {
		list.Attributes = append(list.Attributes, metadataAttribute{identified(m.ID, d.urn("MetadataAttribute", id, m.ID)), 0, 1, d.concept(m.ID),
			representation{Format: &format{Type: "String", Multilingual: &multilingual}}})
	}
	return out
}

// categories are the fields of the resolution, and what stands in each: the
// dataflow, the indicators, and lists of what has no figures.
func (e *Export) categories() ([]categoryScheme, []categorisation) {
	d := e.design
	scheme := categoryScheme{maintained: e.maintained("CategoryScheme", d.Categories.ID, text(d.Categories.Name))}
	var in []categorisation
	put := func(field, id, source string, t text) {
		in = append(in, categorisation{e.maintained("Categorisation", field+"_"+id, t), source, d.urn("Category", d.Categories.ID, field)})
	}
	indicators, ok := e.set.List("CL_INDICATOR")
	if !ok {
		indicators = &codelist.List{}
	}
	for _, f := range d.Categories.Fields {
		scheme.Items = append(scheme.Items, item{identity: identified(f.ID, d.urn("Category", d.Categories.ID, f.ID)), names: e.named(e.label("CL_RECORD", f.Records[0]))})
		figures := false
		for _, c := range indicators.Codes() {
			if slices.Contains(f.Records, c.Parent) {
				if !figures {
					put(f.ID, d.Dataflow.ID, d.urn("Dataflow", d.Dataflow.ID, ""), text(d.Dataflow.Name))
				}
				figures = true
				put(f.ID, c.ID, d.urn("Code", "CL_INDICATOR", c.ID), text(c.Name))
			}
		}
		for _, list := range f.Lists {
			i := slices.IndexFunc(d.Codelists, func(l ownList) bool { return l.ID == list })
			put(f.ID, list, d.urn("Codelist", list, ""), text(d.Codelists[i].Name))
		}
	}
	return []categoryScheme{scheme}, in
}
