package sdmx

import (
	"context"
	"io"
)

// WriteDataXML21 writes the data as SDMX-ML 2.1, structure-specific, series by series.
func (e *Export) WriteDataXML21(ctx context.Context, w io.Writer) error {
	return ml21.writeSpecific(ctx, w, e)
}

// WriteDataXSD21 writes the XML schema of the structure-specific data of SDMX-ML 2.1, as
// WriteDataXSD does for 3.0.
func (e *Export) WriteDataXSD21(w io.Writer) error { return ml21.writeXSD(w, e) }

// WriteDataCSV1 writes the data as SDMX-CSV 1.0: one observation a line. It has no
// actions: of what changed (Since) it would tell neither what is deleted nor what is new,
// so that ErrNoActions is given.
func (e *Export) WriteDataCSV1(ctx context.Context, w io.Writer) error {
	if e.older != nil {
		return ErrNoActions
	}
	d := e.design
	id := d.Agency + ":" + d.Dataflow.ID + "(" + d.Version + ")"
	return e.writeCSV(ctx, w, []string{"DATAFLOW"}, func(action) []string { return []string{id} })
}

// WriteGenericXML21 writes the data as SDMX-ML 2.1, generic, series by series, for
// receivers that can't be told the schema of the data (WriteDataXSD21).
func (e *Export) WriteGenericXML21(ctx context.Context, w io.Writer) error {
	m := ml21
	names := spaces("mes", m.message(), "gen", m.generic(), "com", m.common())
	return m.writeData(ctx, w, e, "mes:GenericData", names, "", func(x *writer, a action) error {
		id, _ := e.usage()
		x.put(" <mes:DataSet")
		x.attribute("structureRef", id)
		x.attribute("action", a.name)
		x.put(">\n")
		write := e.genericSeries
		if e.flat {
			write = e.genericFlat
		}
		err := write(ctx, x, a)
		x.put(" </mes:DataSet>\n")
		return err
	})
}

// genericSeries writes series, each component as an element that names it.
func (e *Export) genericSeries(ctx context.Context, x *writer, a action) error {
	d := e.design
	return e.series(ctx, x, a, layout{
		begin: func(o observation) {
			x.put("  <gen:Series>\n")
			x.values("   ", "SeriesKey", d.dimensions, o, d.Time)
		},
		obs: func(o observation) {
			x.put("   <gen:Obs>\n")
			for i, c := range d.dimensions {
				if c.ID == d.Time {
					x.value("    ", "ObsDimension", c.ID, o[i])
				}
			}
			x.said("    ", d, o)
			x.put("   </gen:Obs>\n")
		},
		end: "  </gen:Series>\n",
	})
}

// genericFlat writes each observation with its whole key.
func (e *Export) genericFlat(ctx context.Context, x *writer, a action) error {
	d := e.design
	return e.acted(ctx, a, func(o observation) error {
		x.put("  <gen:Obs>\n")
		x.values("   ", "ObsKey", d.dimensions, o, "")
		x.said("   ", d, o)
		x.put("  </gen:Obs>\n")
		return x.err
	})
}

// said writes what an observation has but its key.
func (x *writer) said(indent string, d *design, o observation) {
	o = o[len(d.dimensions):]
	for i := range d.measures {
		if o[i] != "" {
			x.value(indent, "ObsValue", "", o[i])
		}
	}
	x.values(indent, "Attributes", d.Attributes, o[len(d.measures):], "")
}

// values writes what is said of some components, but for one, in an element; nothing
// where nothing is said.
func (x *writer) values(indent, name string, components []component, o observation, but string) {
	begun := false
	for i, c := range components {
		if o[i] == "" || c.ID == but {
			continue
		}
		if !begun {
			x.put(indent, "<gen:", name, ">\n")
			begun = true
		}
		x.value(indent+" ", "Value", c.ID, o[i])
	}
	if begun {
		x.put(indent, "</gen:", name, ">\n")
	}
}

// value writes an element with the value of a component; that of ObsValue is known.
func (x *writer) value(indent, name, id, value string) {
	x.put(indent, "<gen:", name)
	if id != "" {
		x.attribute("id", id)
	}
	x.attribute("value", value)
	x.put("/>\n")
}
