package rest

import (
	"context"
	"slices"
	"strings"

	"github.com/oas/tipstat/reports/sdmx"
)

// availability answers /availability/{context}/{agency}/{id}/{version}/{key}/{component}
// (availability.md).
func availability(ctx context.Context, s *snapshot, said query) (answer, error) {
	q, err := s.dataQuery(said)
	if err != nil {
		return answer{}, err
	}
	mode, err := said.choice("mode", "exact", "available")
	if err != nil {
		return answer{}, err
	}
	dimensions, err := s.dimensions(at(said.path, 5, all))
	if err != nil {
		return answer{}, err
	}
	selected, err := s.export.Select(ctx, q)
	if err != nil {
		return answer{}, err
	}
	if selected.Observations == 0 {
		return answer{}, nothing()
	}
	values := map[string][]string{}
	for _, id := range dimensions {
		from := selected
		if mode == "available" {
			// What could be asked for beside: as if this dimension were not filtered.
			q.Except = id
			if from, err = s.export.Select(ctx, q); err != nil {
				return answer{}, err
			}
		}
		values[id] = from.Values(id)
	}
	parts, err := s.referred(q.ByStructure, values, said.said["references"])
	if err != nil {
		return answer{}, err
	}
	return s.structureMessage(s.export.Structure(parts).Availability(selected, dimensions, values), said.media), nil
}

// dimensions reads the ids of those that are asked for.
func (s *snapshot) dimensions(said string) ([]string, error) {
	ids, err := list(said)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, c := range s.components {
		if (c.Role == sdmx.Dimension || c.Role == sdmx.Time) && among(ids, c.ID) {
			out = append(out, c.ID)
		}
	}
	if len(out) < len(ids) {
		return nil, semantic("%s: not all of them are dimensions", said)
	}
	return out, nil
}

// referred are the artefacts that references asks for beside the constraint; of schemes
// the items that it uses, and the parents of codes.
func (s *snapshot) referred(byStructure bool, values map[string][]string, references string) (map[string]sdmx.Part, error) {
	parts := map[string]sdmx.Part{}
	if references == "" {
		return parts, nil
	}
	kinds := map[string]bool{}
	for kind := range strings.SplitSeq(references, ",") {
		switch kind {
		case "none":
		case "all":
			for _, k := range []string{"codelist", "datastructure", "conceptscheme", "dataflow", "dataproviderscheme"} {
				kinds[k] = true
			}
		case "codelist", "valuelist", "datastructure", "conceptscheme", "dataflow", "dataproviderscheme":
			kinds[kind] = true
		default:
			return nil, syntax("references=%s: want none, all, codelist, valuelist, datastructure, conceptscheme, dataflow or dataproviderscheme", kind)
		}
	}
	if byStructure {
		delete(kinds, "dataflow") // the constraint is that of the structure
	}
	codes, constrained := map[string][]string{}, map[string]bool{}
	for _, c := range s.components {
		if list, asked := values[c.ID]; asked {
			constrained[c.ID] = true
			codes[c.Codelist] = append(codes[c.Codelist], list...)
		}
	}
	for urn, a := range s.artefacts {
		part := sdmx.Part{}
		switch a.Class {
		case "Codelist":
			used, ok := codes[a.ID]
			if !ok {
				continue
			}
			with := s.export.WithParents(a.ID, used)
			part.Items = func(id string) bool { return slices.Contains(with, id) }
		case "ConceptScheme":
			part.Items = func(id string) bool { return constrained[id] }
		case "DataProviderScheme":
			if list, asked := values["SOURCE_AGENCY"]; asked {
				part.Items = func(id string) bool { return slices.Contains(list, id) }
			}
		}
		if kinds[strings.ToLower(a.Class)] {
			parts[urn] = part
		}
	}
	return parts, nil
}
