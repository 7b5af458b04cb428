package rest

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/oas/tipstat/reports/sdmx"
)

// classes of the information model by the types of structures.md; those of which there
// is never anything here have none.
var classes = map[string]string{
	"agencyscheme": "AgencyScheme", "categorisation": "Categorisation", "categoryscheme": "CategoryScheme", "codelist": "Codelist",
	"conceptscheme": "ConceptScheme", "dataflow": "Dataflow", "dataproviderscheme": "DataProviderScheme", "datastructure": "DataStructure",
	"metadataflow": "Metadataflow", "metadatastructure": "MetadataStructure", "provisionagreement": "ProvisionAgreement",
	"hierarchy": "", "hierarchyassociation": "", "valuelist": "", "metadataproviderscheme": "", "dataconsumerscheme": "", "organisationunitscheme": "",
	"reportingtaxonomy": "", "metadataprovisionagreement": "", "structuremap": "", "representationmap": "", "conceptschememap": "", "categoryschememap": "",
	"organisationschememap": "", "reportingtaxonomymap": "", "process": "", "dataconstraint": "", "metadataconstraint": "", "transformationscheme": "",
	"rulesetscheme": "", "userdefinedoperatorscheme": "", "customtypescheme": "", "namepersonalisationscheme": "", "vtlmappingscheme": "",
}

// details are the values of detail, the default first.
var details = []string{"full", "allstubs", "referencestubs", "allcompletestubs", "referencecompletestubs", "referencepartial", "raw"}

// structures answers /structure/{type}/{agency}/{id}/{version}/{item} (structures.md).
func structures(_ context.Context, s *snapshot, q query) (answer, error) {
	path := q.path
	detail, err := q.choice("detail", details...)
	if err != nil {
		return answer{}, err
	}
	found, err := s.find(at(path, 0, all), at(path, 1, all), at(path, 2, all), at(path, 3, "~"))
	if err != nil {
		return answer{}, err
	}
	parts := map[string]sdmx.Part{}
	var items []string
	if len(path) == 5 {
		if items, err = list(path[4]); err != nil {
			return answer{}, err
		}
	}
	stub := sdmx.Part{Stub: strings.HasPrefix(detail, "all"), Notes: detail == "allcompletestubs"}
	for _, urn := range found {
		part := stub
		if items != nil {
			has := s.artefacts[urn].Items
			if !slices.ContainsFunc(items, func(id string) bool { return slices.Contains(has, id) }) {
				continue
			}
			part.Items = func(id string) bool { return slices.Contains(items, id) }
		}
		parts[urn] = part
	}
	if len(parts) == 0 {
		return answer{}, nothing()
	}
	related, err := s.related(parts, q.said["references"])
	if err != nil {
		return answer{}, err
	}
	reference := sdmx.Part{Stub: stub.Stub || strings.HasSuffix(detail, "stubs"), Notes: strings.HasSuffix(detail, "completestubs")}
	for _, urn := range related {
		if _, matched := parts[urn]; !matched {
			parts[urn] = reference
		}
	}
	if detail == "referencepartial" {
		s.partial(parts, found)
	}
	return s.structureMessage(s.export.Structure(parts), q.media), nil
}

func (s *snapshot) structureMessage(e *sdmx.Export, m media) answer {
	switch {
	case m.format != "xml":
		return answer{m, ignoring(e.WriteStructureJSON)}
	case m.version == v21:
		return answer{m, ignoring(e.WriteStructureXML21)}
	}
	return answer{m, ignoring(e.WriteStructureXML)}
}

// find gives the urns of the artefacts that a path names, in order.
func (s *snapshot) find(kind, agency, id, version string) ([]string, error) {
	if _, known := classes[kind]; !known && kind != all {
		return nil, syntax("%q is no type of structure", kind)
	}
	agencies, err := list(agency)
	if err != nil {
		return nil, err
	}
	ids, err := list(id)
	if err != nil {
		return nil, err
	}
	wanted, err := parseVersions(version)
	if err != nil {
		return nil, err
	}
	type name struct{ class, agency, id string }
	there := map[name][]string{}
	for _, a := range s.artefacts {
		if (kind == all || a.Class == classes[kind]) && among(agencies, a.Agency) && among(ids, a.ID) {
			n := name{a.Class, a.Agency, a.ID}
			there[n] = append(there[n], a.Version)
		}
	}
	var out []string
	for urn, a := range s.artefacts {
		if slices.Contains(wanted.choose(there[name{a.Class, a.Agency, a.ID}]), a.Version) {
			out = append(out, urn)
		}
	}
	slices.Sort(out)
	return out, nil
}

// related gives the artefacts that references asks for beside those that match.
func (s *snapshot) related(matched map[string]sdmx.Part, references string) ([]string, error) {
	if references == "" {
		return nil, nil
	}
	from := map[string]bool{}
	for urn := range matched {
		from[urn] = true
	}
	out := map[string]bool{}
	add := func(more map[string]bool) { maps.Copy(out, more) }
	kinds := strings.Split(references, ",")
	slices.Sort(kinds) // each once: a long list of them would take long
	for _, kind := range slices.Compact(kinds) {
		class, concrete := classes[kind]
		switch {
		case kind == "none":
		case kind == "children":
			add(s.step(from, s.children))
		case kind == "descendants":
			add(s.closure(from, s.children))
		case kind == "parents":
			add(s.step(from, s.parents))
		case kind == "ancestors":
			add(s.closure(from, s.parents))
		case kind == "parentsandsiblings":
			add(s.family(from))
		case kind == "all":
			add(s.family(from))
			add(s.closure(from, s.children))
		case concrete:
			near := s.family(from)
			for _, more := range []map[string]bool{s.closure(from, s.children), s.closure(from, s.parents)} {
				maps.Copy(near, more)
			}
			for urn := range near {
				if s.artefacts[urn].Class == class {
					out[urn] = true
				}
			}
		default:
			return nil, syntax("references=%s: want none, parents, parentsandsiblings, ancestors, children, descendants, all or a type of structure", kind)
		}
	}
	return slices.Sorted(maps.Keys(out)), nil
}

// link notes which artefacts refer to which, once for all queries.
func (s *snapshot) link() {
	s.below, s.above = map[string]map[string]bool{}, map[string]map[string]bool{}
	for urn, a := range s.artefacts {
		s.below[urn] = map[string]bool{}
		for _, r := range a.References {
			if scheme := sdmx.Scheme(r); s.artefacts[scheme].URN != "" {
				s.below[urn][scheme] = true
			}
		}
		for other, b := range s.artefacts {
			if b.Class == "AgencyScheme" && other != urn && slices.Contains(b.Items, a.Agency) {
				s.below[urn][other] = true
			}
		}
		for other := range s.below[urn] {
			if s.above[other] == nil {
				s.above[other] = map[string]bool{}
			}
			s.above[other][urn] = true
		}
	}
}

// children are the artefacts that one refers to; its agency is one of them.
func (s *snapshot) children(urn string) map[string]bool { return s.below[urn] }

// parents are the artefacts that refer to one.
func (s *snapshot) parents(urn string) map[string]bool { return s.above[urn] }

// family are the parents and what they refer to.
func (s *snapshot) family(from map[string]bool) map[string]bool {
	parents := s.step(from, s.parents)
	out := s.step(parents, s.children)
	maps.Copy(out, parents)
	return out
}

func (s *snapshot) step(from map[string]bool, next func(string) map[string]bool) map[string]bool {
	out := map[string]bool{}
	for urn := range from {
		maps.Copy(out, next(urn))
	}
	return out
}

// closure takes steps until they lead to nothing new.
func (s *snapshot) closure(from map[string]bool, next func(string) map[string]bool) map[string]bool {
	out := map[string]bool{}
	for len(from) > 0 {
		found := map[string]bool{}
		for urn := range s.step(from, next) {
			if !out[urn] {
				out[urn], found[urn] = true, true
			}
		}
		from = found
	}
	return out
}

// partial cuts the schemes among the references down to the items that the rest of the
// message refers to. Code lists stay whole: they are cut by constraints alone.
func (s *snapshot) partial(parts map[string]sdmx.Part, matched []string) {
	used := map[string]map[string]bool{}
	for urn := range parts {
		a := s.artefacts[urn]
		for _, r := range a.References {
			if scheme := sdmx.Scheme(r); scheme != r {
				use(used, scheme, r[strings.LastIndex(r, ").")+2:])
			}
		}
		for other, b := range s.artefacts {
			if b.Class == "AgencyScheme" {
				use(used, other, a.Agency)
			}
		}
	}
	for urn, part := range parts {
		switch s.artefacts[urn].Class {
		case "AgencyScheme", "CategoryScheme", "ConceptScheme", "DataProviderScheme":
			if !slices.Contains(matched, urn) {
				items := used[urn]
				part.Items = func(id string) bool { return items[id] }
				parts[urn] = part
			}
		}
	}
}

func use(used map[string]map[string]bool, scheme, item string) {
	if used[scheme] == nil {
		used[scheme] = map[string]bool{}
	}
	used[scheme][item] = true
}
