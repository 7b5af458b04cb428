package sdmx

import (
	"context"
	"encoding/json"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/oas/tipstat/reports/table"
)

// jsonComponent describes a component in the data message; in the arrays of the data
// stand indexes of its values, or values where it has none.
type jsonComponent struct {
	ID           string         `json:"id"`
	Name         string         `json:"name"`
	Names        text           `json:"names"`
	KeyPosition  *int           `json:"keyPosition,omitempty"`
	Relationship *relationship  `json:"relationship,omitempty"`
	Format       map[string]any `json:"format,omitempty"`
	Values       []jsonValue    `json:"values,omitempty"`
}

// jsonValue is a code with its names, or a period.
type jsonValue struct {
	ID    string `json:"id,omitempty"`
	Value string `json:"value,omitempty"`
	Name  string `json:"name"`
	Names text   `json:"names,omitempty"`
	Start string `json:"start,omitempty"`
	End   string `json:"end,omitempty"`
}

// reID is what SDMX-JSON takes as an id; a range of time (2022-10-01/P1Y) is none.
var reID = regexp.MustCompile(`^[A-Za-z0-9_@$-]+$`)

// period is a value of the time dimension.
func period(p string) jsonValue {
	v := jsonValue{ID: p, Name: p}
	if !reID.MatchString(p) {
		v = jsonValue{Value: p, Name: p}
	}
	if from, after, ok := table.Span(p); ok {
		v.Start, v.End = from.Format(time.RFC3339), after.Add(-time.Second).Format(time.RFC3339)
	}
	return v
}

func (e *Export) jsonComponent(c component, values []string) jsonComponent {
	out := jsonComponent{ID: c.ID, Name: c.Name[e.lang], Names: text(c.Name)}
	if c.Codelist == "" && c.ID != e.design.Time {
		out.Format = map[string]any{"dataType": formats[c.kind]}
	}
	for _, v := range values {
		if c.ID == e.design.Time {
			out.Values = append(out.Values, period(v))
			continue
		}
		label := e.label(c.Codelist, v)
		out.Values = append(out.Values, jsonValue{ID: v, Name: label[e.lang], Names: label})
	}
	return out
}

// jsonStructure describes the data.
func (e *Export) jsonStructure() map[string]any {
	d := e.design
	series, time, measures, attributes := []jsonComponent{}, []jsonComponent{}, []jsonComponent{}, []jsonComponent{}
	var sets []int // all of them
	for i := range e.actions() {
		sets = append(sets, i)
	}
	for i, c := range d.dimensions {
		j := e.jsonComponent(c, e.values[c.ID])
		if j.KeyPosition = &i; c.ID == d.Time || e.flat {
			time = append(time, j)
		} else {
			series = append(series, j)
		}
	}
	for _, c := range d.measures {
		measures = append(measures, e.jsonComponent(c, nil))
	}
	for _, c := range d.Attributes {
		j := e.jsonComponent(c, e.values[c.ID])
		j.Relationship = &relationship{}
		attributes = append(attributes, j)
	}
	return map[string]any{
		"name": d.Dataflow.Name[e.lang], "names": d.Dataflow.Name, "dataSets": sets,
		"links":      []link{{Rel: "dataflow", URN: d.urn("Dataflow", d.Dataflow.ID, "")}, {Rel: "datastructure", URN: d.urn("DataStructure", d.DataStructure.ID, "")}},
		"dimensions": map[string]any{"dataSet": []any{}, "series": series, "observation": time},
		"measures":   map[string]any{"observation": measures},
		"attributes": map[string]any{"dataSet": []any{}, "dimensionGroup": []any{}, "series": []any{}, "observation": attributes},
	}
}

// WriteDataJSON writes the data as SDMX-JSON 2, series by series.
func (e *Export) WriteDataJSON(ctx context.Context, w io.Writer) error {
	digest, err := e.dataContent(ctx)
	if err != nil {
		return err
	}
	x := newWriter(w)
	x.put("{\n\"meta\": ")
	x.json(e.meta("DATA", dataSchema, digest))
	x.put(",\n\"data\": {\n\"structures\": [")
	x.json(e.jsonStructure())
	x.put("],\n\"dataSets\": [")
	index := map[string]map[string]string{}
	for id, list := range e.values {
		index[id] = map[string]string{}
		for i, v := range list {
			index[id][v] = strconv.Itoa(i)
		}
	}
	write := e.jsonSeries
	if e.flat {
		write = e.jsonFlat
	}
	for i, a := range e.actions() {
		if i > 0 {
			x.put(",\n")
		}
		x.put("{\"structure\": 0, \"action\": ")
		x.json(a.name)
		if err := write(ctx, x, a, index); err != nil {
			return err
		}
		x.put("\n}}")
	}
	x.put("]\n}\n}\n")
	return x.flush()
}

// jsonSeries writes the observations of each series under its key.
func (e *Export) jsonSeries(ctx context.Context, x *writer, a action, index map[string]map[string]string) error {
	d := e.design
	x.put(", \"series\": {")
	var last observation
	at := slices.IndexFunc(d.dimensions, func(c component) bool { return c.ID == d.Time })
	err := e.acted(ctx, a, func(o observation) error {
		sep := ",\n  "
		if last == nil || !d.sameSeries(last, o) {
			if sep = "\n  "; last != nil {
				x.put("\n }},")
			}
			x.put("\n \"", d.jsonKey(o, index, false), "\": {\"observations\": {")
			last = slices.Clone(o)
		}
		if at >= 0 { // else the keys of the series are all that is asked for
			x.put(sep, "\"", index[d.Time][o[at]], "\": [", d.jsonObservation(o, index), "]")
		}
		return x.err
	})
	if last != nil {
		x.put("\n }}")
	}
	return err
}

// jsonFlat writes each observation under its whole key.
func (e *Export) jsonFlat(ctx context.Context, x *writer, a action, index map[string]map[string]string) error {
	x.put(", \"observations\": {")
	sep := "\n "
	return e.acted(ctx, a, func(o observation) error {
		x.put(sep, "\"", e.design.jsonKey(o, index, true), "\": [", e.design.jsonObservation(o, index), "]")
		sep = ",\n "
		return x.err
	})
}

// jsonKey are the indexes of the dimensions of a series, or of an observation.
func (d *design) jsonKey(o observation, index map[string]map[string]string, whole bool) string {
	var key []string
	for i, c := range d.dimensions {
		if whole || c.ID != d.Time {
			key = append(key, index[c.ID][o[i]])
		}
	}
	return strings.Join(key, ":")
}

// jsonObservation is the value and the attributes; those not said at the end are left out.
func (d *design) jsonObservation(o observation, index map[string]map[string]string) string {
	columns := d.components()[len(d.dimensions):]
	out := make([]string, len(columns))
	said := len(d.measures)
	for i, c := range columns {
		s := o[len(d.dimensions)+i]
		switch {
		case s == "":
			out[i] = "null"
			continue
		case c.Codelist != "":
			s = index[c.ID][s]
		case c.kind == "text":
			b, _ := json.Marshal(s) // of a string it can't fail
			s = string(b)
		}
		out[i], said = s, i+1
	}
	return strings.Join(out[:said], ",")
}

// json writes a value.
func (x *writer) json(v any) {
	b, err := json.Marshal(v)
	if err != nil && x.err == nil {
		x.err = err
	}
	x.put(string(b))
}
