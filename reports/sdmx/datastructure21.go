package sdmx

import "strings"

type dataStructure21 struct {
	maintained21
	Components *dataComponents21 `xml:"str:DataStructureComponents,omitempty"`
}

type dataComponents21 struct {
	Dimensions struct {
		identity
		Dimensions []component21 `xml:"str:Dimension"`
		Time       component21   `xml:"str:TimeDimension"`
	} `xml:"str:DimensionList"`
	Attributes struct {
		identity
		Attributes []component21 `xml:"str:Attribute"`
	} `xml:"str:AttributeList"`
	Measures struct {
		identity
		Primary component21 `xml:"str:PrimaryMeasure"`
	} `xml:"str:MeasureList"`
}

// component21 is a dimension, the time dimension, an attribute or the primary measure.
type component21 struct {
	identity
	Position     int              `xml:"position,attr,omitempty"`
	Status       string           `xml:"assignmentStatus,attr,omitempty"`
	Concept      *reference       `xml:"str:ConceptIdentity"`
	Values       representation21 `xml:"str:LocalRepresentation"`
	Relationship *relationship21  `xml:"str:AttributeRelationship,omitempty"`
}

type representation21 struct {
	Format      *format    `xml:"str:TextFormat,omitempty"`
	Enumeration *reference `xml:"str:Enumeration,omitempty"`
}

// in21 leaves out whether a text is of several languages, which data can't be in 2.1
// (SimpleComponentTextFormatType of SDMXStructureBase.xsd).
func (r representation) in21() representation21 {
	out := representation21{Enumeration: refer(r.Enumeration)}
	if r.Format != nil {
		out.Format = &format{Type: r.Format.Type}
	}
	return out
}

// relationship21 of an attribute: it is the observation's.
type relationship21 struct {
	Measure *reference `xml:"str:PrimaryMeasure"`
}

// statuses are the words of UsageStatusType in 2.1.
var statuses = map[string]string{"mandatory": "Mandatory", "optional": "Conditional"}

// in21 gives the data structure with its one measure as the primary measure. Whether that
// must be said is not told in 2.1: it need not.
func (s dataStructure) in21() dataStructure21 {
	out := dataStructure21{maintained21: s.maintained21()}
	if s.Components == nil { // a stub
		return out
	}
	of, c := s.Components, &dataComponents21{}
	out.Components = c
	c.Dimensions.identity, c.Attributes.identity, c.Measures.identity = of.Dimensions.identity, of.Attributes.identity, of.Measures.identity
	for _, d := range of.Dimensions.Dimensions {
		c.Dimensions.Dimensions = append(c.Dimensions.Dimensions, component21{identity: d.identity, Position: d.Position, Concept: refer(d.Concept), Values: d.Values.in21()})
	}
	time := of.Dimensions.Time
	c.Dimensions.Time = component21{identity: time.identity, Position: len(of.Dimensions.Dimensions) + 1, Concept: refer(time.Concept), Values: time.Values.in21()}
	for _, m := range of.Measures.Measures {
		m.URN = strings.Replace(m.URN, ".Measure=", ".PrimaryMeasure=", 1)
		c.Measures.Primary = component21{identity: m.identity, Concept: refer(m.Concept), Values: m.Values.in21()}
	}
	for _, a := range of.Attributes.Attributes {
		c.Attributes.Attributes = append(c.Attributes.Attributes, component21{identity: a.identity, Status: statuses[a.Usage], Concept: refer(a.Concept),
			Values: a.Values.in21(), Relationship: &relationship21{within(c.Measures.Primary.ID)}})
	}
	return out
}
