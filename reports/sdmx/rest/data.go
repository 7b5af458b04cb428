package rest

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/oas/tipstat/reports/sdmx"
)

// data answers /data/{context}/{agency}/{id}/{version}/{key} (data.md).
func data(ctx context.Context, s *snapshot, said query) (answer, error) {
	q, err := s.dataQuery(said)
	if err != nil {
		return answer{}, err
	}
	if err := s.packaging(&q, said.params); err != nil {
		return answer{}, err
	}
	e, err := s.export.Select(ctx, q)
	switch {
	case err != nil:
		return answer{}, err
	case e.Observations == 0:
		return answer{}, nothing()
	}
	return answer{said.media, dataWriter(e, said.media)}, nil
}

// dataWriter chooses what writes a representation of dataMedia.
func dataWriter(e *sdmx.Export, m media) func(context.Context, io.Writer) error {
	switch m.format {
	case "xml":
		switch m.kind {
		case "structurespecificdata":
			return e.WriteDataXML21
		case "genericdata":
			return e.WriteGenericXML21
		}
		return e.WriteDataXML
	case "csv":
		if m.version == "1.0.0" {
			return e.WriteDataCSV1
		}
		return e.WriteDataCSV
	}
	return e.WriteDataJSON
}

// dataQuery reads what data and availability have in common: the context, the key and
// the filters.
func (s *snapshot) dataQuery(p query) (sdmx.Query, error) {
	var q sdmx.Query
	byStructure, err := s.context(p.path)
	if err != nil {
		return q, err
	}
	q.ByStructure = byStructure
	series := 0
	for _, c := range s.components {
		if c.Role == sdmx.Dimension {
			series++
		}
	}
	if q.Keys, err = parseKeys(at(p.path, 4, all), series); err != nil {
		return q, err
	}
	q.Filters = map[string]sdmx.Match{}
	for id, said := range p.filters {
		i := slices.IndexFunc(s.components, func(c sdmx.Component) bool { return c.ID == id })
		if i < 0 {
			return q, semantic("c[%s]: no such component", id)
		}
		if q.Filters[id], err = parseFilter(s.components[i], said); err != nil {
			return q, err
		}
	}
	since, err := p.moment("updatedAfter")
	if err != nil {
		return q, err
	}
	// What is known is when what is served became another: then all may have.
	if !since.IsZero() && !s.modified.After(since) {
		return q, nothing()
	}
	if _, said := p.said["reportingYearStartDay"]; said {
		return q, missing("reportingYearStartDay is not implemented here: periods are compared by their days")
	}
	return q, nil
}

// context finds what the data are asked of, the dataflow or its structure, and tells
// whether it is the structure.
func (s *snapshot) context(path []string) (byStructure bool, err error) {
	contexts, err := list(at(path, 0, all))
	if err != nil {
		return false, err
	}
	for _, c := range contexts {
		switch c {
		case "dataflow", "datastructure":
		case "provisionagreement":
			return false, missing("data by provision agreement are not implemented here: filter REF_AREA and SOURCE_AGENCY")
		default:
			return false, syntax("the context %q: want dataflow or datastructure", c)
		}
	}
	for _, class := range []string{"dataflow", "datastructure"} {
		if !among(contexts, class) {
			continue
		}
		found, err := s.find(class, at(path, 1, all), at(path, 2, all), at(path, 3, all))
		if err != nil {
			return false, err
		}
		if len(found) > 0 {
			return class == "datastructure", nil
		}
	}
	return false, faultf(http.StatusNotFound, "no such dataflow or data structure")
}

// packaging reads how the data are wanted.
func (s *snapshot) packaging(q *sdmx.Query, p params) error {
	numbers := []struct {
		name  string
		least int
		into  *int
	}{{"firstNObservations", 1, &q.First}, {"lastNObservations", 1, &q.Last}, {"offset", 0, &q.Offset}, {"limit", 1, &q.Limit}}
	for _, n := range numbers {
		var err error
		if *n.into, err = p.number(n.name, n.least); err != nil {
			return err
		}
	}
	var err error
	if q.Flat, err = s.flat(p); err != nil {
		return err
	}
	if q.Attributes, err = s.wanted(p, "attributes", sdmx.Attribute, map[string]bool{"all": true, "dsd": true, "obs": true, "series": false, "dataset": false, "msd": false, "none": false}); err != nil {
		return err
	}
	if q.Measures, err = s.wanted(p, "measures", sdmx.Measure, map[string]bool{"all": true, "none": false}); err != nil {
		return err
	}
	history, err := p.choice("includeHistory", "false", "true")
	if err != nil {
		return err
	}
	if history == "true" {
		return missing("includeHistory is not implemented here")
	}
	if _, said := p.said["asOf"]; said {
		return missing("asOf is not implemented here")
	}
	switch p.said["sort"] {
	case "", "*", "*:asc", "series_key", "series_key:asc": // as the data stand
	default:
		return missing("sort=%s is not implemented here: the order is that of the key (*)", p.said["sort"])
	}
	return nil
}

// flat reads dimensionAtObservation.
func (s *snapshot) flat(p params) (bool, error) {
	id, said := p.said["dimensionAtObservation"]
	i := slices.IndexFunc(s.components, func(c sdmx.Component) bool { return c.ID == id })
	switch {
	case !said:
		return false, nil
	case id == "AllDimensions":
		return true, nil
	case i >= 0 && s.components[i].Role == sdmx.Time:
		return false, nil
	case i >= 0 && s.components[i].Role == sdmx.Dimension:
		return false, missing("dimensionAtObservation=%s is not implemented here: there are TIME_PERIOD and AllDimensions", id)
	}
	return false, semantic("dimensionAtObservation=%s: no such dimension", id)
}

// wanted reads attributes or measures: keywords, each of which takes all or none, or ids. All
// are looked at, also where one takes all: an id that is wrong is told.
func (s *snapshot) wanted(p params, name string, role sdmx.Role, keywords map[string]bool) (func(string) bool, error) {
	said, ok := p.said[name]
	if !ok {
		return nil, nil
	}
	ids, whole := map[string]bool{}, false
	for one := range strings.SplitSeq(said, ",") {
		takesAll, keyword := keywords[one]
		known := slices.ContainsFunc(s.components, func(c sdmx.Component) bool { return c.ID == one && c.Role == role })
		switch {
		case keyword:
			whole = whole || takesAll
		case known:
			ids[one] = true
		default:
			return nil, semantic("%s=%s: no such component, nor keyword", name, one)
		}
	}
	if whole {
		return nil, nil
	}
	return func(id string) bool { return ids[id] }, nil
}

// ignoring makes a writer that heeds no context of one that needs none.
func ignoring(write func(io.Writer) error) func(context.Context, io.Writer) error {
	return func(_ context.Context, w io.Writer) error { return write(w) }
}
