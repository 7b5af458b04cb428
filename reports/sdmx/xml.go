package sdmx

import (
	"bufio"
	"context"
	"encoding/xml"
	"io"
	"slices"
	"strings"
)

// namespace of the elements of the data, which the schema describes (WriteDataXSD).
func (d *design) namespace() string {
	return d.urn("Dataflow", d.Dataflow.ID, "") + ":ObsLevelDim:" + d.Time
}

// WriteDataXML writes the data as SDMX-ML 3.0, structure-specific, series by series.
func (e *Export) WriteDataXML(ctx context.Context, w io.Writer) error {
	d := e.design
	type structure struct {
		ID        string `xml:"structureID,attr"`
		Namespace string `xml:"namespace,attr"`
		At        string `xml:"dimensionAtObservation,attr"`
		Usage     string `xml:"com:StructureUsage"`
	}
	head := struct {
		XMLName xml.Name `xml:"mes:Header"`
		header
		Structure structure `xml:"mes:Structure"`
		Action    string    `xml:"mes:DataSetAction,omitempty"` // where one holds for all
	}{header: e.header("DATA"), Structure: structure{d.Dataflow.ID, d.namespace(), d.Time, d.urn("Dataflow", d.Dataflow.ID, "")}}
	if all := e.actions(); len(all) == 1 {
		head.Action = all[0].name
	}
	x := newWriter(w)
	x.put(xml.Header, "<mes:StructureSpecificData")
	for _, a := range spaces("mes", messageNS, "com", commonNS, "ss", dataNS, "ns1", d.namespace(), "xsi", instanceNS) {
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
		if err := e.xmlDataSet(ctx, x, a); err != nil {
			return err
		}
	}
	x.put("</mes:StructureSpecificData>\n")
	return x.flush()
}

// xmlDataSet writes what is to be done with some observations.
func (e *Export) xmlDataSet(ctx context.Context, x *writer, a action) error {
	d := e.design
	x.put(" <mes:DataSet")
	x.attribute("ss:structureRef", d.Dataflow.ID)
	x.attribute("ss:action", a.name)
	x.attribute("xsi:type", "ns1:DataSetType")
	x.put(">\n")
	columns := d.components()
	var last observation
	err := e.acted(ctx, a, func(o observation) error {
		if last == nil || !d.sameSeries(last, o) {
			if last != nil {
				x.put("  </Series>\n")
			}
			x.put("  <Series")
			for i, c := range d.dimensions {
				if c.ID != d.Time {
					x.attribute(c.ID, o[i])
				}
			}
			x.put(">\n")
			last = slices.Clone(o)
		}
		x.put("   <Obs")
		for i, c := range columns {
			if o[i] != "" && (i >= len(d.dimensions) || c.ID == d.Time) {
				x.attribute(c.ID, o[i])
			}
		}
		x.put("/>\n")
		return x.err
	})
	if last != nil {
		x.put("  </Series>\n")
	}
	x.put(" </mes:DataSet>\n")
	return err
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
