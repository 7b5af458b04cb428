package sdmx

import (
	"io"
	"slices"
)

// types of XML Schema for the types of structure.csv.
var xsdTypes = map[string]string{"text": "xs:string", "number": "xs:double", "integer": "xs:integer"}

// WriteDataXSD writes the XML schema of the data, which SDMX-ML wants for each
// structure: a data message is valid by it and by the schemas of SDMX-ML 3.0. Those
// are imported by their namespaces: a validator is told where they lie.
func (e *Export) WriteDataXSD(w io.Writer) error { return ml30.writeXSD(w, e) }

func (m ml) writeXSD(w io.Writer, e *Export) error {
	d := e.design
	x := newWriter(w)
	x.put(`<?xml version="1.0" encoding="UTF-8"?>`, "\n<xs:schema")
	for _, a := range spaces("xs", "http://www.w3.org/2001/XMLSchema", "ss", m.data(), "com", m.common(), "t", e.namespace()) {
		x.attribute(a.Name.Local, a.Value)
	}
	x.attribute("targetNamespace", e.namespace())
	x.put(` elementFormDefault="qualified" attributeFormDefault="unqualified">`, "\n")
	for _, ns := range []string{m.data(), m.common()} {
		x.put(" <xs:import")
		x.attribute("namespace", ns)
		x.put("/>\n")
	}
	lists := map[string]bool{}
	for _, c := range d.components() {
		if c.Codelist != "" && !lists[c.Codelist] {
			lists[c.Codelist] = true
			e.enumeration(x, c.Codelist)
		}
	}
	if e.flat {
		m.flatTypes(x, e)
		return x.flush()
	}
	var series, obs []component
	for _, c := range d.components() {
		switch {
		case c.ID == d.Time:
		case c.Mandatory && contains(d.dimensions, c.ID):
			series = append(series, c)
		default:
			obs = append(obs, c)
		}
	}
	if e.older != nil { // of what is deleted there is the key alone
		for i := range obs {
			obs[i].Mandatory = false
		}
	}
	x.complexType("DataSetType", []string{
		`<xs:element name="DataProvider" type="com:DataProviderReferenceType" form="unqualified" minOccurs="0"/>`,
		m.many("Series"),
	}, []string{`<xs:attributeGroup ref="ss:SetAttributeGroup"/>`})
	x.complexType("SeriesType", []string{`<xs:element name="Obs" type="t:ObsType" form="unqualified" minOccurs="0" maxOccurs="unbounded"/>`},
		append(attributes(series), `<xs:attribute name="TIME_PERIOD" type="com:ObservationalTimePeriodType" use="prohibited"/>`))
	x.complexType("ObsType", nil, append(attributes(obs),
		`<xs:attribute name="TIME_PERIOD" type="com:ObservationalTimePeriodType" use="required"/>`,
		`<xs:attribute name="type" type="com:IDType" use="prohibited"/>`))
	x.put("</xs:schema>\n")
	return x.flush()
}

// many restricts what a data set holds to one kind of element, as strict validators want
// it: each particle has its counterpart in the type that is restricted.
func (m ml) many(name string) string {
	one := `<xs:element name="` + name + `" type="t:` + name + `Type" form="unqualified"`
	if m.loops {
		return `<xs:choice minOccurs="0" maxOccurs="unbounded">` + one + `/></xs:choice>`
	}
	return `<xs:choice minOccurs="0">` + one + ` maxOccurs="unbounded"/></xs:choice>`
}

// flatTypes are those of data without series: each observation has all components.
func (m ml) flatTypes(x *writer, e *Export) {
	d := e.design
	all := slices.DeleteFunc(d.components(), func(c component) bool { return c.ID == d.Time })
	x.complexType("DataSetType", []string{
		`<xs:element name="DataProvider" type="com:DataProviderReferenceType" form="unqualified" minOccurs="0"/>`,
		m.many("Obs"),
	}, []string{`<xs:attributeGroup ref="ss:SetAttributeGroup"/>`})
	x.complexType("ObsType", nil, append(attributes(all),
		`<xs:attribute name="TIME_PERIOD" type="com:ObservationalTimePeriodType" use="required"/>`,
		`<xs:attribute name="type" type="com:IDType" use="prohibited"/>`))
	x.put("</xs:schema>\n")
}

func contains(list []component, id string) bool {
	for _, c := range list {
		if c.ID == id {
			return true
		}
	}
	return false
}

// enumeration writes the codes of a list as a simple type.
func (e *Export) enumeration(x *writer, list string) {
	x.put(" <xs:simpleType")
	x.attribute("name", list)
	x.put(">\n  <xs:restriction base=\"xs:string\">\n")
	for _, l := range e.structures.Codelists {
		if l.ID != list {
			continue
		}
		for _, c := range l.Items {
			x.put("   <xs:enumeration")
			x.attribute("value", c.ID)
			x.put("/>\n")
		}
	}
	x.put("  </xs:restriction>\n </xs:simpleType>\n")
}

// complexType restricts a type of SDMX-ML to the elements and attributes of our data.
func (x *writer) complexType(name string, elements, attributes []string) {
	x.put(" <xs:complexType name=\"", name, "\">\n  <xs:complexContent>\n   <xs:restriction base=\"ss:", name, "\">\n    <xs:sequence>\n")
	for _, s := range append([]string{`<xs:element ref="com:Annotations" minOccurs="0"/>`}, elements...) {
		x.put("     ", s, "\n")
	}
	x.put("    </xs:sequence>\n")
	for _, s := range attributes {
		x.put("    ", s, "\n")
	}
	x.put("   </xs:restriction>\n  </xs:complexContent>\n </xs:complexType>\n")
}

func attributes(list []component) []string {
	var out []string
	for _, c := range list {
		kind, use := xsdTypes[c.kind], "optional"
		if c.Codelist != "" {
			kind = "t:" + c.Codelist
		}
		if c.Mandatory {
			use = "required"
		}
		out = append(out, `<xs:attribute name="`+c.ID+`" type="`+kind+`" use="`+use+`"/>`)
	}
	return out
}
