package rest

import (
	"context"

	"github.com/oas/tipstat/reports/sdmx"
)

// schema answers /schema/{context}/{agency}/{id}/{version} (schema.md): the XML schema of
// the data, or their structure with its code lists and concepts.
func schema(ctx context.Context, s *snapshot, q query) (answer, error) {
	path := q.path
	if len(path) < 3 {
		return answer{}, syntax("a schema query has a context, an agency, an id and perhaps a version")
	}
	for _, segment := range path[:3] {
		if segment == all {
			return answer{}, syntax("a schema is that of one structure: * is not taken here")
		}
	}
	switch path[0] {
	case "metadatastructure", "metadataflow", "metadataprovisionagreement":
		return answer{}, missing("schemas of reference metadata are not implemented here: they are generic")
	}
	byStructure, err := s.context([]string{path[0], path[1], path[2], at(path, 3, "~")})
	if err != nil {
		return answer{}, err
	}
	deletion, err := q.choice("deletion", "false", "true")
	if err != nil {
		return answer{}, err
	}
	if _, said := q.said["asOf"]; said || deletion == "true" {
		return answer{}, missing("asOf and deletion are not implemented here")
	}
	flat, err := s.flat(q.params)
	if err != nil {
		return answer{}, err
	}
	if q.media.kind == "structure" {
		return s.structureMessage(s.export.Structure(s.described()), q.media), nil
	}
	e, err := s.export.Select(ctx, sdmx.Query{Flat: flat, ByStructure: byStructure})
	if err != nil {
		return answer{}, err
	}
	if q.media.version == v21 {
		return answer{q.media, ignoring(e.WriteDataXSD21)}, nil
	}
	return answer{q.media, ignoring(e.WriteDataXSD)}, nil
}

// described are the data structure and what it uses: code lists, concepts, agency.
func (s *snapshot) described() map[string]sdmx.Part {
	parts := map[string]sdmx.Part{}
	var structures []string
	for urn, a := range s.artefacts {
		if a.Class != "DataStructure" {
			continue
		}
		structures = append(structures, urn)
		parts[urn] = sdmx.Part{}
		for other := range s.children(urn) {
			parts[other] = sdmx.Part{}
		}
	}
	s.partial(parts, structures)
	return parts
}
