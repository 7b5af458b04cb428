package rest

import (
	"context"
	"slices"

	"github.com/oas/tipstat/reports/sdmx"
)

// metadata answers /metadata/metadataset/{provider}/{id}/{version},
// /metadata/metadataflow/{agency}/{id}/{version}/{provider} and
// /metadata/structure/{type}/{agency}/{id}/{version} (metadata.md).
func metadata(_ context.Context, s *snapshot, q query) (answer, error) {
	detail, err := q.choice("detail", "full", "allstubs")
	if err != nil {
		return answer{}, err
	}
	wanted, err := s.reports(q.path)
	if err != nil {
		return answer{}, err
	}
	e, n := s.export.MetadataSets(detail == "allstubs", wanted)
	if n == 0 {
		return answer{}, nothing()
	}
	write := e.WriteMetadataJSON
	if q.media.format == "xml" {
		write = e.WriteMetadataXML
	}
	return answer{q.media, ignoring(write)}, nil
}

// reports reads which reports of reference metadata are asked for.
func (s *snapshot) reports(path []string) (func(sdmx.MetadataSet) bool, error) {
	by := at(path, 0, "")
	if most := map[string]int{"metadataset": 4, "metadataflow": 5, "structure": 5}[by]; most == 0 || len(path) > most {
		return nil, syntax("want metadataset/{provider}/{id}/{version}, metadataflow/{agency}/{id}/{version}/{provider} or structure/{type}/{agency}/{id}/{version}")
	}
	path = path[1:]
	switch by {
	case "metadataset":
		return reportsByName(at(path, 0, all), at(path, 1, all), at(path, 2, all))
	case "metadataflow":
		providers, err := list(at(path, 3, all))
		if err != nil {
			return nil, err
		}
		flows, err := s.find("metadataflow", at(path, 0, all), at(path, 1, all), at(path, 2, all))
		return func(m sdmx.MetadataSet) bool { return slices.Contains(flows, m.Flow) && among(providers, m.Agency) }, err
	}
	targets, err := s.find(at(path, 0, all), at(path, 1, all), at(path, 2, all), at(path, 3, "~"))
	return func(m sdmx.MetadataSet) bool {
		return slices.ContainsFunc(m.Targets, func(urn string) bool { return slices.Contains(targets, urn) })
	}, err
}

// reportsByName takes reports by who maintains them, their id and version.
func reportsByName(provider, id, version string) (func(sdmx.MetadataSet) bool, error) {
	providers, err := list(provider)
	if err != nil {
		return nil, err
	}
	ids, err := list(id)
	if err != nil {
		return nil, err
	}
	versions, err := parseVersions(version)
	return func(m sdmx.MetadataSet) bool {
		return among(providers, m.Agency) && among(ids, m.ID) && len(versions.choose([]string{m.Version})) > 0
	}, err
}
