package sdmx

import (
	"bufio"
	"context"
	"encoding/xml"
	"io"
	"slices"
	"strings"
)

// allDimensions is the dimension at the observation where there are no series.
const allDimensions = "AllDimensions"

// atObservation names the dimension that tells the observations of a series apart.
func (e *Export) atObservation() string {
	if e.flat {
		return allDimensions
	}
	return e.design.Time
}

// usage names what the data are of: the dataflow, or its structure if that was asked for.
func (e *Export) usage() (id, urn string) {
	d := e.design
	if e.byStructure {
		return d.DataStructure.ID, d.urn("DataStructure", d.DataStructure.ID, "")
	}
	return d.Dataflow.ID, d.urn("Dataflow", d.Dataflow.ID, "")
}

// namespace of the elements of the data, which the schema describes (WriteDataXSD).
func (e *Export) namespace() string {
	_, urn := e.usage()
	return urn + ":ObsLevelDim:" + e.atObservation()
}

// usedStructure says in the header what the data are of, or the reference metadata.
type usedStructure struct {
	ID        string `xml:"structureID,attr"`
	Namespace string `xml:"namespace,attr,omitempty"`
	At        string `xml:"dimensionAtObservation,attr,omitempty"`
	Usage     any    `xml:"com:StructureUsage,omitempty"` // as ml.refer refers
	Structure any    `xml:"com:Structure,omitempty"`
}

// WriteDataXML writes the data as SDMX-ML 3.0, structure-specific, series by series.
func (e *Export) WriteDataXML(ctx context.Context, w io.Writer) error {
	return ml30.writeSpecific(ctx, w, e)
}

// writeSpecific writes a message of structure-specific data.
func (m ml) writeSpecific(ctx context.Context, w io.Writer, e *Export) error {
	names := spaces("mes", m.message(), "com", m.common(), "ss", m.data(), "ns1", e.namespace(), "xsi", instanceNS)
	return m.writeData(ctx, w, e, "mes:StructureSpecificData", names, e.namespace(), func(x *writer, a action) error {
		id, _ := e.usage()
		x.put(" <mes:DataSet")
		x.attribute("ss:structureRef", id)
		if m.scope != "" {
			x.attribute("ss:dataScope", m.scope)
		}
		x.attribute("ss:action", a.name)
		x.attribute("xsi:type", "ns1:DataSetType")
		x.put(">\n")
		write := e.xmlSeries
		if e.flat {
			write = e.xmlFlat
		}
		err := write(ctx, x, a)
		x.put(" </mes:DataSet>\n")
		return err
	})
}

// writeData writes a message of data: its header, and a data set for each action.
func (m ml) writeData(ctx context.Context, w io.Writer, e *Export, root string, names []xml.Attr, namespace string, dataSet func(*writer, action) error) error {
	id, urn := e.usage()
	of := usedStructure{ID: id, Namespace: namespace, At: e.atObservation()}
	if e.byStructure {
		of.Structure = m.refer(urn)
	} else {
		of.Usage = m.refer(urn)
	}
	digest, err := e.dataContent(ctx)
	if err != nil {
		return err
	}
	head := struct {
		XMLName xml.Name `xml:"mes:Header"`
		header
		Structure usedStructure `xml:"mes:Structure"`
		Action    string        `xml:"mes:DataSetAction,omitempty"` // where one holds for all
	}{header: e.header("DATA", digest), Structure: of}
	if all := e.actions(); len(all) == 1 {
		head.Action = all[0].name
	}
	x := newWriter(w)
	x.put(xml.Header, "<", root)
	for _, a := range names {
		x.attribute(a.Name.Local, a.Value)
	}
	x.put(">\n")
	enc := xml.NewEncoder(x.b)
	enc.Indent(" ", " ")
	if err := enc.Encode(head); err != nil {
		return err
	}
	x.put("\n")
	for _, a := range e.actions() {
		if err := dataSet(x, a); err != nil {
			return err
		}
	}
	x.put("</", root, ">\n")
	return x.flush()
}

// layout is how a format writes a series, and an observation within it.
type layout struct {
	begin, obs func(observation)
	end        string
}

// series writes the observations of each series within it.
func (e *Export) series(ctx context.Context, x *writer, a action, l layout) error {
	d := e.design
	timed := contains(d.dimensions, d.Time) // else the keys of the series are all that is asked for
	var last observation
	err := e.acted(ctx, a, func(o observation) error {
		if last == nil || !d.sameSeries(last, o) {
			if last != nil {
				x.put(l.end)
			}
			l.begin(o)
			last = slices.Clone(o)
		}
		if timed {
			l.obs(o)
		}
		return x.err
	})
	if last != nil {
		x.put(l.end)
	}
	return err
}

// xmlSeries writes series as structure-specific data: a component is an XML attribute.
func (e *Export) xmlSeries(ctx context.Context, x *writer, a action) error {
	d := e.design
	columns := d.components()
	return e.series(ctx, x, a, layout{
		begin: func(o observation) {
			x.put("  <Series")
			for i, c := range d.dimensions {
				if c.ID != d.Time {
					x.attribute(c.ID, o[i])
				}
			}
			x.put(">\n")
		},
		obs: func(o observation) {
			x.put("   <Obs")
			for i, c := range columns {
				if o[i] != "" && (i >= len(d.dimensions) || c.ID == d.Time) {
					x.attribute(c.ID, o[i])
				}
			}
			x.put("/>\n")
		},
		end: "  </Series>\n",
	})
}

// xmlFlat writes each observation with its whole key.
func (e *Export) xmlFlat(ctx context.Context, x *writer, a action) error {
	columns := e.design.components()
	return e.acted(ctx, a, func(o observation) error {
		x.put("  <Obs")
		for i, c := range columns {
			if o[i] != "" {
				x.attribute(c.ID, o[i])
			}
		}
		x.put("/>\n")
		return x.err
	})
}

// writer keeps the first error, so that it need not be asked for at each step.
type writer struct {
	b   *bufio.Writer
	err error
}

func newWriter(w io.Writer) *writer { return &writer{b: bufio.NewWriter(w)} }

// flush ends the writing, and gives the first error.
func (x *writer) flush() error {
	if x.err != nil {
		return x.err
	}
	return x.b.Flush()
}

func (x *writer) put(parts ...string) {
	for _, s := range parts {
		if x.err == nil {
			_, x.err = x.b.WriteString(s)
		}
	}
}

func (x *writer) attribute(name, value string) {
	x.put(" ", name, `="`)
	switch {
	case x.err != nil:
	case strings.ContainsAny(value, "&<>\"'\t\n\r") || !plainText(value):
		x.err = xml.EscapeText(x.b, []byte(value))
	default:
		x.put(value)
	}
	x.put(`"`)
}

// plainText tells whether a text is ASCII that XML allows as it stands.
func plainText(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}
