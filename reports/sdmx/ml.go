package sdmx

// Version is a version of SDMX in which an export is written.
type Version string

// The versions.
const (
	Version30 Version = "3.0"
	Version21 Version = "2.1"
)

// ml is a version of SDMX-ML: where its names lie, and how it refers to artefacts. What
// both versions write alike is written by its methods.
type ml struct {
	space string               // what its namespaces begin with
	refer func(urn string) any // what stands in an element that refers
	scope string               // of structure-specific data (DataScopeType), where it must be said
	loops bool                 // a data set is a choice that repeats, not one of lists (DataSetType)
}

var (
	ml30 = ml{"http://www.sdmx.org/resources/sdmxml/schemas/v3_0/", func(urn string) any { return urn }, "", true}
	// No constraint is sent, so that what the data are valid by is the data structure.
	ml21 = ml{"http://www.sdmx.org/resources/sdmxml/schemas/v2_1/", func(urn string) any { return refer(urn) }, "DataStructure", false}
)

// The namespaces; instanceNS is that of XML Schema itself.
func (m ml) message() string   { return m.space + "message" }
func (m ml) structure() string { return m.space + "structure" }
func (m ml) common() string    { return m.space + "common" }
func (m ml) metadata() string  { return m.space + "metadata/generic" }
func (m ml) generic() string   { return m.space + "data/generic" }
func (m ml) data() string      { return m.space + "data/structurespecific" }

const instanceNS = "http://www.w3.org/2001/XMLSchema-instance"
