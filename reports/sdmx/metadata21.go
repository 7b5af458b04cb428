package sdmx

import "io"

// Reference metadata in SDMX 2.1 hang on a target of the metadata structure, which names
// the class of what they are about, and are answers of a report structure. 3.0 has
// neither: a metadataflow has targets, and the structure is one list of attributes.

type metadataStructure21 struct {
	maintained21
	Components *metadataComponents21 `xml:"str:MetadataStructureComponents,omitempty"`
}

type metadataComponents21 struct {
	Target struct {
		ID     string `xml:"id,attr"`
		Object struct {
			ID    string         `xml:"id,attr"`
			Class string         `xml:"objectType,attr"`
			Value representation `xml:"str:LocalRepresentation"`
		} `xml:"str:IdentifiableObjectTarget"`
	} `xml:"str:MetadataTarget"`
	Report struct {
		ID         string                `xml:"id,attr"`
		Attributes []metadataAttribute21 `xml:"str:MetadataAttribute"`
		Target     *reference            `xml:"str:MetadataTarget"`
	} `xml:"str:ReportStructure"`
}

type metadataAttribute21 struct {
	ID      string         `xml:"id,attr"`
	Min     int            `xml:"minOccurs,attr"`
	Max     int            `xml:"maxOccurs,attr"`
	Concept *reference     `xml:"str:ConceptIdentity"`
	Values  representation `xml:"str:LocalRepresentation"`
}

// The one metadata target, with the one object that it consists of, and the one report
// structure of our metadata structure.
const (
	metadataTarget  = "PROVISION_AGREEMENT"
	reportStructure = "REPORT"
)

// in21 gives the metadata structure with a target and a report structure. Its components
// bear no urns, which 2.1 makes of these too.
func (s metadataStructure) in21() metadataStructure21 {
	out := metadataStructure21{maintained21: s.maintained21()}
	if s.Components == nil { // a stub
		return out
	}
	c := &metadataComponents21{}
	out.Components = c
	c.Target.ID, c.Target.Object.ID, c.Target.Object.Class = metadataTarget, metadataTarget, "ProvisionAgreement"
	c.Target.Object.Value.Format = &format{Type: "IdentifiableReference"}
	c.Report.ID, c.Report.Target = reportStructure, within(metadataTarget)
	for _, a := range s.Components.List.Attributes {
		c.Report.Attributes = append(c.Report.Attributes, metadataAttribute21{a.ID, a.Min, a.Max, refer(a.Concept), a.Values})
	}
	return out
}

// metadataSet21 is a report of reference metadata on one object or more.
type metadataSet21 struct {
	Structure string     `xml:"structureRef,attr"`
	ID        string     `xml:"setID,attr"`
	Names     text       `xml:"com:Name"`
	Reports   []report21 `xml:"gen:Report"`
}

type report21 struct {
	ID     string `xml:"id,attr"`
	Target struct {
		ID     string `xml:"id,attr"`
		Object struct {
			ID        string     `xml:"id,attr"`
			Reference *reference `xml:"gen:ObjectReference"`
		} `xml:"gen:ReferenceValue"`
	} `xml:"gen:Target"`
	Attributes struct {
		Attributes []reported21 `xml:"gen:ReportedAttribute"`
	} `xml:"gen:AttributeSet"`
}

type reported21 struct {
	ID    string `xml:"id,attr"`
	Value string `xml:"value,attr,omitempty"`
	Text  text   `xml:"com:Text,omitempty"`
}

// WriteMetadataXML21 writes the reference metadata as SDMX-ML 2.1.
func (e *Export) WriteMetadataXML21(w io.Writer) error {
	var sets []metadataSet21
	for _, m := range e.metadata {
		set := metadataSet21{Structure: e.design.Metadata.Flow.ID, ID: m.ID, Names: m.Names}
		for _, urn := range m.Targets {
			r := report21{ID: reportStructure}
			r.Target.ID, r.Target.Object.ID, r.Target.Object.Reference = metadataTarget, metadataTarget, refer(urn)
			for _, a := range m.Attributes {
				r.Attributes.Attributes = append(r.Attributes.Attributes, reported21(a))
			}
			set.Reports = append(set.Reports, r)
		}
		sets = append(sets, set)
	}
	return ml21.writeMetadata(w, e, sets)
}
